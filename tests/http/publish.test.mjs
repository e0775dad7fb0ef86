// Publishing: what each kind of change does to somebody midway, to somebody who has finished and to
// somebody new; what must not change; and that the numbers shown before are what happens.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer, request, view, understory, textOf } from '../support/server.mjs';
import { newPerson } from '../support/people.mjs';
import { answerKey } from '../support/key.mjs';
import { editCourse as edit } from '../support/pages.mjs';

const JSON_TYPE = 'application/json';
const course = '/courses/humility';
const admin = '/administration/courses/humility';
const key = answerKey();

/** A server whose courses stand in a folder of its own, to be edited. */
const ownServer = () => startServer({ ownCourses: true });

const publish = (s, ...more) => understory(['publish', 'humility', '--data', s.data, '--json', ...more]);
async function published(s, ...more) {
  const { code, stdout, stderr } = await publish(s, ...more);
  assert.equal(code, 0, stderr + stdout);
  return JSON.parse(stdout);
}
const kindOf = (plan, kind) => plan.kinds.find((k) => k.kind === kind);

const person = (s, ...roles) => newPerson(s, { roles });

async function read(me, path) {
  const question = (await me.view(path)).pieces.find((p) => p.kind === 'question').question;
  const answer = await me.post(`${path}/answer`, { item: question.item, answer: 1 });
  assert.equal(answer.status, 303, answer.text);
}
const lessons = async (me) => (await me.view(course)).path.filter((p) => p.kind === 'lesson');
const doneOf = async (me) => (await lessons(me)).filter((l) => l.is_done).map((l) => l.href);

/** Begins and reads the first three lessons. */
async function midway(s) {
  const me = await person(s);
  await me.post(`${course}/begin`);
  for (const { href } of (await lessons(me)).slice(0, 3)) await read(me, href);
  return me;
}

async function startCheck(me) {
  const started = await me.post(`${course}/check`);
  assert.equal(started.status, 303);
  return started.headers.location;
}
async function answerAll(me, attempt) {
  for (const { item } of (await me.view(`${attempt}?view=all`)).items)
    assert.equal((await me.post(`${attempt}/answer`, { item, answer: key.get(item).key })).status, 303);
}
async function finished(s) {
  const me = await person(s);
  const attempt = await startCheck(me);
  await answerAll(me, attempt);
  const handed = await me.post(`${attempt}/submit`, { certificate_name: 'Finished Learner' });
  assert.equal(handed.headers.location, `${course}/completed`);
  const { certificate } = await me.view(`${course}/completed`);
  me.credential = async () => (await request(s, 'GET', `${certificate.verify_href}/credential.json`)).text;
  return me;
}
const doneCourse = async (me) => (await me.view('/')).learning.done[0];
const second = 'lessons/02-where-competence-helped.md';

test('files that are published already publish nothing, and without a kind a change is only shown', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const same = await published(s);
  assert.deepEqual([same.unchanged, same.published], [true, false]);
  await edit(s, second, 'It is well researched.', 'It is very well researched.');
  const shown = await publish(s);
  assert.equal(shown.code, 3, 'changed, and only shown');
  const plan = JSON.parse(shown.stdout);
  assert.deepEqual(plan.changes.map((c) => [c.thing, c.id, c.change, c.lines_added, c.lines_removed]),
    [['lesson', 'where-competence-helped', 'changed', 1, 1]]);
  assert.equal((await publish(s, '--dry-run', '--kind', 'typo')).code, 0);
  assert.equal((await published(s, '--dry-run')).published, false);
  assert.equal((await publish(s, '--kind', 'correction')).code, 1, 'a correction says what changed');
  assert.equal((await publish(s, '--kind', 'grand')).code, 1);
  assert.equal((await understory(['publish', '--data', s.data])).code, 2);
  assert.equal((await understory(['publish', 'none-such', '--data', s.data])).code, 1);
});

test('a typo takes along everybody on the version before, with all that is done', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const [mid, fin] = [await midway(s), await finished(s)];
  const before = await doneOf(mid);
  const certificate = await fin.credential();
  await edit(s, second, 'It is well researched.', 'It is well-researched.');
  await edit(s, 'questions.md', 'what did the course do to the nurse’s reasoning?', 'what did that course do to the nurse’s reasoning?');
  const said = kindOf(await published(s, '--dry-run'), 'typo');
  assert.deepEqual([said.move, said.stay], [2, 0]);
  assert.equal((await published(s, '--kind', 'typo')).published, true);

  const [, { href }] = await lessons(mid);
  for (const me of [mid, fin]) assert.match((await me.get(href)).text, /well-researched/);
  assert.deepEqual(await doneOf(mid), before);
  const first = (await mid.view((await lessons(mid))[0].href)).pieces.find((p) => p.kind === 'question').question;
  assert.equal(first.is_answered, true, 'and the answer stands');
  assert.equal((await doneCourse(fin)).correction, false);
  assert.equal(await fin.credential(), certificate, 'the certificate is the same, byte for byte');
});

test('a typo that touches an id, a key, an option or their order is refused, and names what', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const key01 = /## (q-humility-01)\n/.exec(await readFile(join(s.courses, 'humility', 'questions.md'), 'utf8'));
  assert.ok(key01);
  await edit(s, 'questions.md', '- [x] True\n', '- [ ] True\n');
  await edit(s, 'questions.md', '- [ ] False\n', '- [x] False\n');
  const refused = await publish(s, '--kind', 'typo');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /q-humility-l02.*right answer/);
  const plan = JSON.parse((await publish(s)).stdout);
  assert.deepEqual([kindOf(plan, 'typo').allowed, kindOf(plan, 'correction').allowed], [false, true]);
  assert.equal((await published(s, '--kind', 'correction', '--note', 'The answer was the other one.')).published, true);
});

test('a correction moves who has not finished, keeps what is unchanged done, and tells finishers until they put it away', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const [mid, fin] = [await midway(s), await finished(s)];
  const certificate = await fin.credential();
  await edit(s, second, '18 US medical-school', '19 US medical-school');
  const said = kindOf(await published(s, '--dry-run'), 'correction');
  assert.deepEqual([said.move, said.told, said.stay], [1, 1, 0]);
  await published(s, '--kind', 'correction', '--note', 'Lesson 2 named the wrong number of programs.');

  const path = await lessons(mid);
  assert.deepEqual(path.slice(0, 3).map((l) => l.state_words), ['Done', 'Next · Corrected since you read it', 'Done']);
  assert.equal((await mid.view(path[1].href)).pieces.find((p) => p.kind === 'question').question.is_answered, false);
  assert.match((await mid.get(path[1].href)).text, /19 US/);
  await read(mid, path[1].href);
  assert.deepEqual((await lessons(mid)).slice(0, 3).map((l) => l.is_done), [true, true, true]);

  assert.match((await fin.get(path[1].href)).text, /18 US/, 'who has finished stays');
  const { correction } = await doneCourse(fin);
  assert.match(correction.note, /wrong number/);
  assert.match(textOf((await fin.get('/')).text), /Something was corrected in a course you finished/);
  assert.match(textOf((await fin.get(correction.href)).text), /19 US medical-school/);
  assert.equal((await fin.post(correction.put_away_href)).status, 303);
  assert.equal((await doneCourse(fin)).correction, false);
  await published(s);
  await edit(s, second, '19 US medical-school', '20 US medical-school');
  await published(s, '--kind', 'correction', '--note', 'Twenty, after all.');
  assert.match((await doneCourse(fin)).correction.note, /Twenty/, 'a later one is told again');
  assert.equal(await fin.credential(), certificate);
  assert.equal((await doneCourse(await finished(s))).correction, false, 'who finished after it has nothing to be told');
});

test('a small change is for who begins from now on', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const [mid, fin] = [await midway(s), await finished(s)];
  await edit(s, second, '18 US medical-school', 'eighteen US medical-school');
  const said = kindOf(await published(s, '--dry-run'), 'minor');
  assert.deepEqual([said.move, said.told, said.offered, said.stay], [0, 0, 0, 1]);
  await published(s, '--kind', 'minor');
  const [, { href }] = await lessons(mid);
  for (const me of [mid, fin]) assert.match((await me.get(href)).text, /18 US/);
  const fresh = await midway(s);
  assert.match((await fresh.get(href)).text, /eighteen US/);
  assert.deepEqual([(await doneCourse(fin)).update, (await doneCourse(fin)).correction], [false, false]);
});

test('new material is offered to who has finished: the changed lessons, to their end, and nothing twice', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const [mid, fin, evaluator] = [await midway(s), await finished(s), await person(s, 'administrator')];
  const certificate = await fin.credential();
  const done = (await doneCourse(fin)).finished_words;
  await edit(s, second, 'It is well researched.', 'It is well researched, and newer studies have come since.');
  await edit(s, 'lessons/06-repair.md', '\n## ', '\nA repair can be heard, or not.\n\n## ');
  const said = kindOf(await published(s, '--dry-run'), 'material');
  assert.deepEqual([said.offered, said.move, said.stay], [1, 0, 1]);
  assert.equal((await publish(s, '--kind', 'material')).code, 1, 'new material says what is new');
  await published(s, '--kind', 'material', '--note', 'Newer studies, and when a repair is not heard.');

  const path = await lessons(mid);
  assert.doesNotMatch((await mid.get(path[1].href)).text, /newer studies/, 'who is midway stays');
  assert.equal((await mid.post(`${course}/update`)).status, 409);
  const { update } = await doneCourse(fin);
  assert.equal(update.words, 'Updated since you finished: 2 lessons');
  assert.equal(update.note, 'Newer studies, and when a repair is not heard.');
  for (const page of ['/', course]) assert.match((await fin.get(page)).text, /Newer studies, and when a repair is not heard\./);
  const begun = await fin.post(update.href);
  assert.equal(begun.headers.location, path[1].href);
  assert.equal((await fin.post(update.href)).headers.location, path[1].href, 'twice is the same');
  assert.match((await fin.get(path[1].href)).text, /Changed since you finished.*newer studies/s);
  assert.doesNotMatch((await fin.get(path[0].href)).text, /since you finished/);
  assert.deepEqual((await lessons(fin)).map((l) => l.state_words), ['Done', 'Next · New or changed', 'Done', 'Done', 'Done', 'New or changed', 'Done']);
  await read(fin, path[1].href);
  assert.equal((await doneCourse(fin)).update.read_words, '1 of 2 read');
  assert.equal((await fin.view(path[1].href)).next.href, path[5].href);
  await read(fin, path[5].href);
  assert.equal((await doneCourse(fin)).update, false);
  assert.equal((await fin.view(path[5].href)).next.href, course);

  assert.equal((await doneCourse(fin)).finished_words, done, 'finished is when it was finished');
  assert.equal(await fin.credential(), certificate);
  assert.equal((await fin.view('/certificates')).certificates.length, 1);
  const { totals } = await evaluator.view('/administration');
  assert.deepEqual([totals.enrolments, totals.certificates], [2, 1], 'the reading counts nowhere');
  assert.equal((await understory(['audit', 'verify', '--data', s.data])).code, 0);
  const again = kindOf(await published(s, '--dry-run'), 'material');
  assert.equal(again, undefined, 'nothing differs now');
  await edit(s, 'lessons/06-repair.md', 'A repair can be heard, or not.', 'A repair may be heard, or not.');
  assert.equal(kindOf(await published(s, '--dry-run'), 'material').offered, 1, 'and may be offered what is new again');
});

test('a learning check under way keeps its questions and their keys, whatever is published', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const me = await person(s);
  const attempt = await startCheck(me);
  const before = (await me.view(`${attempt}?view=all`)).items;
  const victim = before.find(({ item }) => key.get(item).type === 'single');
  const text = await readFile(join(s.courses, 'humility', 'questions.md'), 'utf8');
  const at = text.indexOf(`## ${victim.item}\n`), to = text.indexOf('\n## ', at + 1);
  const block = text.slice(at, to < 0 ? undefined : to);
  const turned = block.replace('- [x]', '- [?]').replace('- [ ]', '- [x]').replace('- [?]', '- [ ]');
  await writeFile(join(s.courses, 'humility', 'questions.md'), text.replace(block, turned));
  await published(s, '--kind', 'correction', '--note', 'One answer was the other one.');
  assert.deepEqual((await me.view(`${attempt}?view=all`)).items, before);
  await answerAll(me, attempt);
  await me.post(`${attempt}/submit`, { certificate_name: 'Pinned Learner' });
  const result = await me.view(`${attempt}/result`);
  assert.deepEqual([result.is_passed, result.right_count], [true, before.length], 'by the keys it was begun with');
  assert.equal((await me.view(course)).state, 'finished');
});

test('errors, blanks and dates that have passed stop a new publication; what is published goes on', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const boss = await person(s, 'administrator');
  await edit(s, second, '# Where', '<b>raw</b>\n\n# Where');
  const refused = await publish(s, '--kind', 'minor');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /02-where-competence-helped\.md:1:1: error\[M01\]/);
  const page = await boss.view(admin);
  assert.match(page.problems[0].place, /02-where-competence-helped\.md:1:1$/);
  assert.equal(page.may_publish, false);
  assert.equal((await boss.get(`${course}`)).status, 200);
  await edit(s, second, '<b>raw</b>\n\n# Where', '# Where');
  await edit(s, 'course.json', '"version"', '"site_required": ["reporting_office"],\n  "version"');
  const blank = await publish(s, '--kind', 'minor');
  assert.deepEqual([blank.code, /"reporting_office" in site\.json is blank/.test(blank.stderr)], [1, true]);
  assert.match((await boss.view(admin)).blocked, /reporting_office/);
  const site = join(s.courses, 'site.json');
  await writeFile(site, (await readFile(site, 'utf8')).replace('"reporting_office": ""', '"reporting_office": "Room 1"'));
  assert.equal((await published(s, '--kind', 'minor')).published, true, 'filled while the server runs');
});

test('an administrator sees what it will do, confirms exactly that, and is in the audit', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const [boss, mid] = [await person(s, 'administrator'), await midway(s)];
  assert.equal((await mid.get(admin)).status, 403);
  const [first] = (await boss.view('/administration/courses')).courses;
  assert.deepEqual([first.differs, first.unfinished, first.folder_words], [false, 1, 'Same as published']);
  await edit(s, second, '18 US medical-school', '19 US medical-school');
  assert.equal((await boss.view('/administration/courses')).courses[0].differs, true);
  const shown = await boss.view(admin);
  assert.deepEqual(shown.changes.map((c) => c.id), ['where-competence-helped']);
  assert.ok(shown.changes[0].lines.some((l) => l.is_added && /19 US/.test(l.text)));
  assert.equal(shown.choices.find((c) => c.kind === 'correction').move, 1);

  const missing = await boss.get(`${admin}/publish?kind=correction`, JSON_TYPE);
  assert.equal(missing.status, 422);
  assert.equal(missing.json.errors[0].field, 'note');
  assert.equal((await boss.get(`${admin}/publish?note=`, JSON_TYPE)).json.errors[0].field, 'kind');
  const confirm = await boss.view(`${admin}/publish?kind=correction&note=Nineteen%20programs.`);
  assert.match(confirm.reach_words, /^Moves 1 who have not finished/);
  assert.equal((await boss.view(admin)).publications.length, 1, 'looking publishes nothing');
  const form = { kind: 'correction', note: 'Nineteen programs.', after: confirm.current_hash, hash: confirm.next_hash };

  await edit(s, second, '19 US medical-school', '20 US medical-school');
  const late = await boss.post(`${admin}/publish`, form, JSON_TYPE);
  assert.equal(late.status, 409, 'the folder is another by now');
  await edit(s, second, '20 US medical-school', '19 US medical-school');
  assert.equal((await boss.post(`${admin}/publish`, form)).status, 303);
  assert.equal((await boss.post(`${admin}/publish`, form, JSON_TYPE)).status, 409, 'once');
  const { publications } = await boss.view(admin);
  assert.deepEqual(publications.map((p) => [p.kind, p.note]), [['correction', 'Nineteen programs.'], ['first', '']]);
  assert.match((await mid.get((await lessons(mid))[1].href)).text, /19 US/);
  const audit = execFileSync('sqlite3', ['-readonly', join(s.data, 'understory.db'),
    "SELECT detail, actor IS NOT NULL FROM audit WHERE action = 'course.publish' AND subject = 'humility'"], { encoding: 'utf8' });
  assert.equal(audit, 'first|0\ncorrection|1\n');
});

test('to undo, the earlier content is published again under a new version', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const mid = await midway(s);
  const before = await doneOf(mid);
  await edit(s, second, '18 US medical-school', '19 US medical-school');
  await published(s, '--kind', 'correction', '--note', 'Nineteen.');
  await edit(s, second, '19 US medical-school', '18 US medical-school');
  const twin = await publish(s, '--kind', 'correction', '--note', 'Eighteen after all.');
  assert.equal(twin.code, 1);
  assert.match(twin.stderr, /"version"/);
  await edit(s, 'course.json', '"1.0.0"', '"1.0.1"');
  await published(s, '--kind', 'correction', '--note', 'Eighteen after all.');
  assert.deepEqual(await doneOf(mid), before, 'what was done of the earlier content is done');
});

test('a version stays readable for ever, without keys; a statement past its date folds', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const mid = await midway(s);
  await edit(s, second, '\n## What the idea gave us', '\n> [!VOLATILE as-of=2026-11-22 review-by=2027-05-22]\n> The law of the day is such.\n\n## What the idea gave us');
  await published(s, '--kind', 'correction', '--note', 'The law of the day.');
  await edit(s, second, 'The law of the day is such.', 'The law of the day is another.');
  await published(s, '--kind', 'correction', '--note', 'Another law.');
  const { publications } = await mid.view(`${course}/history`);
  assert.deepEqual(publications.map((p) => [p.kind, p.is_current, p.is_yours]), [['correction', true, true], ['correction', false, false], ['first', false, false]]);
  const [newest, middle, first] = publications;
  const stood = await mid.view(`${middle.version_href}/where-competence-helped`);
  assert.match(JSON.stringify(stood.pieces), /law of the day is such/);
  assert.doesNotMatch(JSON.stringify(stood), /is_key|rationale/);
  assert.equal(stood.pieces.find((p) => p.kind === 'question').frozen_question.options.length, 2);
  assert.equal((await request(s, 'GET', `${middle.version_href}/where-competence-helped`)).status, 303, 'lessons are for people who are signed in');
  const open = await request(s, 'GET', first.version_href, { accept: JSON_TYPE });
  assert.deepEqual([open.status, open.json.lessons], [200, []]);
  const changes = await mid.view(`${newest.changes_href}?from=${first.hash}`);
  assert.deepEqual(changes.changes.map((c) => [c.thing, c.id]), [['lesson', 'where-competence-helped']]);
  assert.ok(changes.changes[0].lines.some((l) => l.is_added && /is another/.test(l.text)));
  assert.equal((await mid.get(`${course}/history/v${'0'.repeat(64)}`)).status, 404);

  const href = `${course}/where-competence-helped`;
  const begun = async () => { // somebody new: sessions have ended half a year on
    const me = await person(s);
    await me.post(`${course}/begin`);
    return me;
  };
  const volatile = async () => (await (await begun()).view(href)).pieces.find((p) => p.kind === 'volatile').volatile;
  assert.equal((await volatile()).is_folded, false);
  s.env.UNDERSTORY_NOW = '2027-05-01T12:00:00Z';
  await s.restart();
  assert.equal((await volatile()).is_folded, false);
  for (const until = Date.now() + 5000; !/where-competence-helped: a statement is to be reviewed by 2027-05-22/.test(s.log()); await new Promise((r) => setTimeout(r, 20)))
    assert.ok(Date.now() < until, 'the owner is told a month before');
  const boss = await person(s, 'administrator');
  assert.match((await boss.view('/administration/courses')).courses[0].review_words, /^Review due in 21 days: “Where “competence” helped/);
  s.env.UNDERSTORY_NOW = '2027-05-23T12:00:00Z';
  await s.restart();
  const box = await volatile();
  assert.deepEqual([box.is_folded, Boolean(box.ask)], [true, true]);
  assert.match(textOf((await (await begun()).get(href)).text), /Under review This was due for checking by .*Ask /);
  await edit(s, second, 'It is well researched.', 'It is well-researched.');
  const refused = await publish(s, '--kind', 'typo');
  assert.equal(refused.code, 1, 'a date that has passed stops a new publication');
  assert.match(refused.stderr, /where-competence-helped\.md:\d+:\d+/);
});

test('what changed in the learning check is said in numbers; its text stays in', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const me = await person(s);
  const item = [...key.values()].find((i) => i.use === 'check' && i.type === 'single');
  const { rationale } = item.options[0];
  await edit(s, 'questions.md', rationale.trim(), `${rationale.trim()} Quite.`);
  await published(s, '--kind', 'minor');
  const [{ changes_href: href }] = (await me.view(`${course}/history`)).publications;
  const page = await me.get(href);
  assert.match(page.text, /Questions of the learning check: 1 changed, 0 new, 0 gone/);
  assert.ok(!page.text.includes('Quite'), 'no rationale');
});

test('a publication and its row of the audit stand together or not at all', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const sql = (text) => execFileSync('sqlite3', [join(s.data, 'understory.db'), text], { encoding: 'utf8' }).trim();
  await s.kill('SIGTERM');
  const rows = () => sql("SELECT (SELECT COUNT(*) FROM publication), (SELECT COUNT(*) FROM audit WHERE action = 'course.publish')");
  const [first, ...more] = rows().split('|').map(Number);
  assert.deepEqual(more, [first], 'those that the server made at its start are in it, too');
  sql('ALTER TABLE audit RENAME TO audit_away');
  await edit(s, second, '18 US medical-school', '19 US medical-school');
  assert.equal((await publish(s, '--kind', 'minor', '--courses', s.courses)).code, 1);
  sql('ALTER TABLE audit_away RENAME TO audit');
  assert.equal(rows(), `${first}|${first}`);
  await published(s, '--kind', 'minor', '--courses', s.courses);
  assert.equal(rows(), `${first + 1}|${first + 1}`);
  assert.equal((await understory(['audit', 'verify', '--data', s.data])).code, 0);
});

test('who is moved on the way reads in one line what changed and what stays, until they go on', async (t) => {
  const s = await ownServer();
  t.after(() => s.stop());
  const [mid, fin, fresh] = [await midway(s), await finished(s), await person(s)];
  const line = async (me) => [(await me.view('/')).learning.in_progress[0]?.moved ?? false, (await me.view(course)).moved];
  assert.deepEqual(await line(mid), [false, false]);
  await edit(s, second, 'It is well researched.', 'It is well-researched.');
  await published(s, '--kind', 'typo');
  const [home, page] = await line(mid);
  assert.deepEqual(home, page);
  assert.match(home.words, /^Typing mistakes were put right on \w{3} \d/);
  assert.deepEqual([home.kept_words, home.more_href], ['What you have done stays done.', '']);
  assert.match(textOf((await mid.get(home.href)).text), /well-researched/);

  await edit(s, second, '18 US medical-school', '19 US medical-school');
  await published(s, '--kind', 'correction', '--note', 'Lesson 2 named the wrong number of programs.');
  await edit(s, 'lessons/07-what-the-evidence-shows.md', '\n## ', '\nThe newest of them is from this year.\n\n## ');
  await published(s, '--kind', 'minor');
  const [told] = await line(mid);
  assert.match(told.words, /^Corrected on .*: Lesson 2 named the wrong number of programs\.$/);
  assert.match(told.kept_words, /^What did not change stays done; “Where “?competence.* waits to be read again\.$/);
  assert.equal(told.more_href, `${course}/history`);
  for (const path of ['/', course])
    assert.match(textOf((await mid.get(path)).text), /Corrected on .* waits to be read again\. See what changed/);
  assert.ok((await line(mid))[0], 'looking at the two pages does not end it');
  assert.deepEqual(await line(fin), [false, false], 'who has finished is told another way');
  assert.equal((await doneCourse(fin)).correction.note, 'Lesson 2 named the wrong number of programs.');
  await fresh.post(`${course}/begin`);
  assert.deepEqual(await line(fresh), [false, false], 'who begins later was not moved');

  const [first] = await lessons(mid);
  assert.equal((await mid.get(first.href)).status, 200);
  for (let i = 0; i < 40 && (await line(mid))[0]; i++) await new Promise((resolve) => setTimeout(resolve, 50)); // a visit is written a moment later
  assert.deepEqual(await line(mid), [false, false], 'gone on: it is gone');
  await edit(s, 'lessons/04-asking-well.md', '\n## ', '\nOne sentence more.\n\n## ');
  await published(s, '--kind', 'correction', '--note', 'Lesson 4 was too short.');
  assert.equal((await line(mid))[0].kept_words, (await line(mid))[1].kept_words);
  assert.match((await line(mid))[0].words, /Lesson 4 was too short/);
  assert.equal((await line(mid))[0].more_href, '', 'and only what came since');
});
