// A course written in the browser is published by an administrator, as it was sent: the same kinds of
// change, the same numbers, the writer's name; and the folder of courses cannot undo it by itself.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer, request, temporaryFolder, textOf, understory, view } from '../support/server.mjs';
import { editCourse } from '../support/pages.mjs';
import { session } from '../support/people.mjs';

const JSON_TYPE = 'application/json';
const course = '/courses/humility';
const second = 'lessons/02-where-competence-helped.md';

/** A demonstration with courses in a folder of its own, an author, an administrator and a learner. */
async function site(t) {
  const s = await startServer({ demo: true, ownCourses: true });
  t.after(() => s.stop());
  const [author, boss, mid, evaluator] = [await session(s, 'author'), await session(s, 'administrator'), await session(s, 'mei'), await session(s, 'evaluator')];
  return { s, author, boss, mid, evaluator, see: (who, path) => view(s, path, who.cookie) };
}

const sql = (s, text) => execFileSync('sqlite3', ['-readonly', join(s.data, 'understory.db'), text], { encoding: 'utf8' }).trim();
const begin = async (author, path, fields) => {
  const answer = await author.post(`/authoring/${path}`, fields);
  assert.equal(answer.status, 303, answer.text);
  return answer.headers.location;
};
async function change(x, draft, path, from, to) {
  const { text, base } = await x.see(x.author, `${draft}/edit?path=${encodeURIComponent(path)}`);
  assert.ok(text.includes(from), `${path} holds “${from}”`);
  const answer = await x.author.post(`${draft}/edit`, [['path', path], ['text', text.replace(from, to)], ['base', base]]);
  assert.equal(answer.status, 303, textOf(answer.text).slice(0, 400));
}
const send = async (x, draft, ready = 'yes') => assert.equal((await x.author.post(`${draft}/ready`, [['ready', ready]])).status, 303);
const adminOf = (draft) => draft.replace('/authoring/', '/administration/drafts/');

/** What an administrator does: look, choose, confirm. Gives the answer to the last. */
async function publish(x, draft, kind, note = '') {
  const confirm = await x.see(x.boss, `${adminOf(draft)}/publish?kind=${kind}&note=${encodeURIComponent(note)}`);
  return x.boss.post(`${adminOf(draft)}/publish`, [['kind', kind], ['note', note], ['after', confirm.current_hash], ['hash', confirm.next_hash]], JSON_TYPE);
}
async function published(x, draft, kind, note) {
  const answer = await publish(x, draft, kind, note);
  assert.equal(answer.status, 303, answer.text);
  return answer.headers.location;
}

test('a new course is sent, seen with its writer, published, and stands on the courses page', async (t) => {
  const x = await site(t);
  const draft = await begin(x.author, 'new', [['title', 'Asking well'], ['id', 'asking-well']]);
  assert.equal((await x.boss.get(adminOf(draft))).status, 404, 'nothing was sent yet');
  const { drafts, courses } = await x.see(x.boss, '/administration/courses');
  assert.deepEqual(drafts, []);
  const climate = courses.find((c) => c.id === 'climate'), waits = 'Waits for the site’s reporting office in site.json';
  assert.notEqual(climate.name, 'climate');
  assert.equal(climate.folder_words, waits);
  for (const [who, href] of [[x.boss, climate.href], [x.evaluator, '']])
    assert.deepEqual((await x.see(who, '/administration')).courses_waiting, [{ id: 'climate', name: climate.name, href, waits_words: waits }]);
  await send(x, draft);
  const [waiting] = (await x.see(x.boss, '/administration/courses')).drafts;
  assert.deepEqual([waiting.name, waiting.course, waiting.version, waiting.owner, waiting.has_moved_on], ['Asking well', 'asking-well', 1, 'Ines Moreau', false]);
  const tasks = async (who) => (await x.see(who, '/')).learning.tasks.map((it) => `${it.words} ${it.href}`);
  assert.deepEqual(await tasks(x.boss), ['One draft of a course waits to be published /administration/courses']);
  for (const who of [x.evaluator, x.author, x.mid]) assert.deepEqual(await tasks(who), []);
  const page = await x.see(x.boss, waiting.href);
  assert.deepEqual([page.is_first, page.may_publish, page.draft.saved_by, page.choices.map((c) => c.kind)], [true, true, 'Ines Moreau', ['first']]);
  assert.match(textOf((await x.boss.get(waiting.href)).text), /Written by Ines Moreau; this version was saved by/);
  assert.equal((await x.mid.get('/courses/asking-well')).status, 404);
  const confirm = await x.boss.get(`${waiting.href}/publish?kind=first`);
  assert.match(textOf(confirm.text), /Everybody may begin it from now on\..*never publishes over what stands/s);

  const back = await published(x, draft, 'first');
  assert.equal(back, '/administration/courses/asking-well?published=1');
  assert.match(textOf((await x.boss.get(back)).text), /Published\. Version 0\.1\.0 is the current one\./);
  const standing = await x.see(x.boss, back);
  assert.deepEqual([standing.has_source, standing.may_publish, standing.publications[0].writer, standing.publications[0].draft_href], [false, false, 'Ines Moreau', draft]);
  assert.ok((await x.see(x.mid, '/courses')).courses.some((c) => c.id === 'asking-well'));
  assert.equal((await x.mid.post('/courses/asking-well/begin')).status, 303);
  assert.equal((await x.boss.get(waiting.href)).status, 404, 'it waits no longer');
  const mine = await x.see(x.author, draft);
  assert.deepEqual([mine.published.draft_version, mine.published.is_current, mine.published.is_head, mine.sent, mine.may_send], [1, true, true, false, false]);
  assert.equal((await x.author.get(mine.published.href)).status, 200);
  assert.match(textOf((await x.author.get(draft)).text), /Version 1 was published on .* as version 0\.1\.0 of the course \. That is what stands above\./);
  const uuid = draft.split('/').at(-1);
  assert.equal(sql(x.s, "SELECT detail FROM audit WHERE action = 'course.publish' AND subject = 'asking-well'"), `first draft=${uuid} version=1`);

  // The draft may go; what was published from it, and by whom it was written, stays.
  assert.equal((await x.author.post(`${draft}/delete`)).status, 303);
  const { publications: [last] } = await x.see(x.boss, back);
  assert.deepEqual([last.writer, last.draft_href], ['Ines Moreau', '']);
  assert.equal((await x.mid.get('/courses/asking-well')).status, 200);
});

test('only administrators see and publish what was sent', async (t) => {
  const x = await site(t);
  const draft = await begin(x.author, 'new', [['title', 'Asking well'], ['id', 'asking-well']]);
  await send(x, draft);
  for (const who of [x.author, x.evaluator, x.mid]) {
    assert.equal((await who.get(adminOf(draft))).status, 403);
    assert.equal((await who.get(`${adminOf(draft)}/publish?kind=first`)).status, 403);
    assert.equal((await who.post(`${adminOf(draft)}/publish`, [['kind', 'first'], ['hash', 'x']])).status, 403);
  }
  assert.equal((await request(x.s, 'GET', adminOf(draft))).status, 303, 'signed out: sign in first');
  assert.equal((await x.see(x.author, draft)).sent.publish_href, '');
  assert.equal((await x.see(x.boss, draft)).sent.publish_href, adminOf(draft));
});

test('each kind of change is offered with its numbers, or refused with its reason', async (t) => {
  const x = await site(t);
  await x.mid.post(`${course}/begin`);
  const draft = await begin(x.author, 'copy', [['course', 'humility']]);
  await send(x, draft);
  const same = await x.see(x.boss, adminOf(draft));
  assert.deepEqual([same.is_unchanged, same.may_publish], [true, false]);
  await change(x, draft, second, '18 US medical-school', '19 US medical-school');
  await change(x, draft, 'questions.md', '- [x] True\n', '- [ ] True\n');
  await change(x, draft, 'questions.md', '- [ ] False\n', '- [x] False\n');
  await send(x, draft);
  const shown = await x.see(x.boss, adminOf(draft));
  assert.match(shown.version_words, /^Version 1\.0\.0 is the number of the published one, too; change "version" in course\.json/);
  assert.equal(same.version_words, '', 'nothing is to be told apart');
  const of = (kind) => shown.choices.find((c) => c.kind === kind);
  assert.ok(shown.changes.some((c) => c.id === 'where-competence-helped' && c.lines.some((l) => l.is_added && /19 US/.test(l.text))));
  assert.equal(of('typo').is_allowed, false);
  assert.match(of('typo').why_not, /q-humility-l02.*right answer/);
  assert.equal(of('correction').move, shown.unfinished);
  assert.deepEqual([of('correction').told, of('material').offered, of('minor').stay], [shown.finished, shown.finished, shown.unfinished]);
  const refused = await x.boss.get(`${adminOf(draft)}/publish?kind=typo`, JSON_TYPE);
  assert.deepEqual([refused.status, refused.json.errors[0].field], [422, 'kind']);
  assert.equal((await x.boss.get(`${adminOf(draft)}/publish?kind=correction`, JSON_TYPE)).json.errors[0].field, 'note');
  await published(x, draft, 'correction', 'Nineteen programs, and one answer was the other one.');
  assert.match((await x.mid.get(`${course}/where-competence-helped`)).text, /19 US/, 'who has not finished moves');

  await change(x, draft, second, 'It is well researched.', 'It is well-researched.');
  await send(x, draft);
  await published(x, draft, 'typo');
  await change(x, draft, 'lessons/06-repair.md', '\n## ', '\nA repair can be heard, or not.\n\n## ');
  await send(x, draft);
  await published(x, draft, 'material', 'When a repair is not heard.');
  await change(x, draft, second, 'It is well-researched.', 'It is researched well.');
  await send(x, draft);
  await published(x, draft, 'minor');
  const { publications } = await x.see(x.boss, '/administration/courses/humility');
  assert.deepEqual(publications.map((p) => [p.kind, p.writer]), [['minor', 'Ines Moreau'], ['material', 'Ines Moreau'], ['typo', 'Ines Moreau'], ['correction', 'Ines Moreau'], ['first', '']]);
  assert.match((await x.mid.get(`${course}/where-competence-helped`)).text, /well-researched/, 'and stays for the other two');
});

test('what was sent is what is published, though the draft has moved on; taken back, nothing is', async (t) => {
  const x = await site(t);
  const draft = await begin(x.author, 'copy', [['course', 'humility']]);
  await change(x, draft, second, '18 US medical-school', '19 US medical-school');
  await send(x, draft);
  await change(x, draft, second, '19 US medical-school', '77 US medical-school');
  const page = await x.see(x.author, draft);
  assert.deepEqual([page.sent.version, page.sent.is_head, page.may_send], [2, false, true]);
  const shown = await x.see(x.boss, adminOf(draft));
  assert.deepEqual([shown.draft.version, shown.draft.present_version, shown.draft.has_moved_on], [2, 3, true]);
  assert.match(textOf((await x.boss.get(adminOf(draft))).text), /The draft is at version 3 by now\. What is shown and published here is version 2/);

  const confirm = await x.see(x.boss, `${adminOf(draft)}/publish?kind=minor`);
  const form = [['kind', 'minor'], ['after', confirm.current_hash], ['hash', confirm.next_hash]];
  await send(x, draft); // the newer one, while the administrator looks at the older
  assert.equal((await x.boss.post(`${adminOf(draft)}/publish`, form, JSON_TYPE)).status, 409);
  await send(x, draft, 'no');
  assert.equal((await x.boss.post(`${adminOf(draft)}/publish`, form, JSON_TYPE)).status, 404);
  assert.equal((await x.see(x.boss, '/administration/courses/humility')).publications.length, 1);

  await send(x, draft);
  await change(x, draft, second, '77 US medical-school', '78 US medical-school');
  await send(x, draft, 'no');
  assert.equal((await x.see(x.author, draft)).sent, false, 'an older one can be taken back, too');
  await x.author.post(`${draft}/restore`, [['version', 2]]);
  await send(x, draft);
  await change(x, draft, second, '19 US medical-school', '79 US medical-school');
  await published(x, draft, 'minor');
  await x.mid.post(`${course}/begin`);
  assert.match((await x.mid.get(`${course}/where-competence-helped`)).text, /19 US/);
  const { published: out, may_send: may } = await x.see(x.author, draft);
  assert.deepEqual([out.is_current, out.is_head, may], [true, false, true]);
});

test('errors by the day’s check, and another course’s items, stop a draft as they stop a folder', async (t) => {
  const x = await site(t);
  const draft = await begin(x.author, 'copy', [['course', 'humility']]);
  await change(x, draft, 'course.json', '"id": "humility"', '"id": "humble"');
  await send(x, draft);
  const shown = await x.see(x.boss, adminOf(draft));
  assert.equal(shown.may_publish, false);
  assert.match(shown.blocked, /is also one of humility/);
  assert.equal((await x.boss.post(`${adminOf(draft)}/publish`, [['kind', 'first'], ['hash', shown.next_hash]], JSON_TYPE)).status, 422);
  assert.equal((await x.mid.get('/courses/humble')).status, 404);
  // A version that was in order when it was sent, and no longer is.
  const dated = await begin(x.author, 'copy', [['course', 'humility']]);
  await change(x, dated, second, '\n## What the idea gave us', '\n> [!VOLATILE as-of=2026-11-22 review-by=2027-05-22]\n> The law.\n\n## What the idea gave us');
  await send(x, dated);
  assert.equal((await x.see(x.boss, adminOf(dated))).may_publish, true);
  await x.s.kill('SIGTERM');
  x.s.env.UNDERSTORY_NOW = '2027-06-01T12:00:00Z';
  await x.s.start();
  const late = await view(x.s, adminOf(dated), (await session(x.s, 'administrator')).cookie);
  assert.equal(late.may_publish, false);
  assert.match(late.problems[0].place, /^lessons\/02-where-competence-helped\.md:/);
});

test('neither a restart with an older folder nor a restore undoes what was published from a draft', async (t) => {
  const x = await site(t);
  const { s } = x;
  const fresh = await begin(x.author, 'new', [['title', 'Asking well'], ['id', 'asking-well']]);
  await send(x, fresh);
  await published(x, fresh, 'first');
  const draft = await begin(x.author, 'copy', [['course', 'humility']]);
  await change(x, draft, second, '18 US medical-school', '19 US medical-school');
  await send(x, draft);
  await published(x, draft, 'correction', 'Nineteen programs.');
  const { current_hash: hash } = await x.see(x.boss, '/administration/courses/humility');
  assert.deepEqual((await x.see(x.boss, '/administration/courses')).courses.map((c) => [c.id, c.folder_words]).filter(([, words]) => !/^(Same as published|Waits for .*)$/.test(words)), [['humility', 'An earlier version'], ['asking-well', 'No folder']]);

  await s.kill('SIGTERM');
  await s.start();
  const after = await x.see(x.boss, '/administration/courses/humility');
  assert.deepEqual([after.current_hash, after.publications.length], [hash, 2]);
  assert.match(after.blocked, /published before/);
  for (const until = Date.now() + 20000; !/course humility: its folder holds an earlier version/.test(s.log()); await new Promise((r) => setTimeout(r, 20)))
    assert.ok(Date.now() < until, s.log());
  assert.equal((await x.mid.get('/courses/asking-well')).status, 200);

  // A folder that is older and has been edited: still nothing, until the operator publishes it.
  await editCourse(s, second, 'It is well researched.', 'It is well-researched.');
  await s.kill('SIGTERM');
  await s.start();
  assert.equal((await x.see(x.boss, '/administration/courses/humility')).current_hash, hash);
  const said = await understory(['publish', 'humility', '--data', s.data, '--dry-run']);
  assert.match(said.stdout, /published: 1\.0\.0, [0-9a-f]{12}, from a draft;/);
  // A folder with the id of a course that came from a draft is not published at the start, either.
  execFileSync('cp', ['-r', join(s.courses, 'humility'), join(s.courses, 'asking-well')]);
  const meta = join(s.courses, 'asking-well', 'course.json');
  await writeFile(meta, (await readFile(meta, 'utf8')).replace('"id": "humility"', '"id": "asking-well"'));
  await s.kill('SIGTERM');
  await s.start();
  assert.equal((await x.see(x.mid, '/courses/asking-well')).title, 'Asking well');
  execFileSync('rm', ['-r', join(s.courses, 'asking-well')]);
  assert.equal((await understory(['check', s.courses])).code, 0);

  const folder = await temporaryFolder('publish-draft');
  t.after(() => folder.remove());
  const file = join(folder.path, 'backup.tar');
  assert.equal((await understory(['backup', file, '--data', s.data])).code, 0);
  const data = join(folder.path, 'restored');
  const restored = await understory(['restore', file, '--data', data]);
  assert.equal(restored.code, 0, restored.stderr);
  const again = await startServer({ data, args: ['--courses', s.courses] });
  t.after(() => again.stop());
  assert.equal(sql(again, "SELECT hash FROM publication WHERE course = 'humility' ORDER BY id DESC LIMIT 1"), hash);
  assert.equal(sql(again, 'SELECT COUNT(*) FROM publication_draft'), '2');
  const text = await request(again, 'GET', `${course}/v${hash}`, { accept: JSON_TYPE });
  assert.equal(text.status, 200);
});
