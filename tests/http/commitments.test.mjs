// Commitments over HTTP and across months: only their owner reads them, they ask on their days, and
// what is deleted is gone.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { request, startServer, view, textOf, linksOf } from '../support/server.mjs';
import { session } from '../support/people.mjs';

const start = Date.parse('2026-11-22T17:05:09Z');
const JSON_TYPE = 'application/json';
const course = '/courses/humility';
const word = 'xylophonist';
let s, me;

async function day(n) {
  s.env.UNDERSTORY_NOW = new Date(start + n * 86400e3 + 3600e3).toISOString().replace(/\.\d+/, '');
  await s.restart();
  me = await session(s, 'daniel');
}
const waiting = async (who = me) => (await view(s, '/', who.cookie)).learning.waiting;
const mine = async (who = me) => (await view(s, '/commitments', who.cookie)).mine;
const page = async (path, who = me) => textOf((await who.get(path, 'text/html')).text);
const sql = (text) => execFileSync('sqlite3', ['-readonly', join(s.data, 'understory.db'), text], { encoding: 'utf8' }).trim();
/** What somebody has who takes the database and its log. */
const stolen = () => Buffer.concat(['understory.db', 'understory.db-wal'].map((f) => join(s.data, f)).filter(existsSync).map((f) => readFileSync(f)));
async function goneWithin(bytes, ms) {
  for (const until = Date.now() + ms; Date.now() < until; await new Promise((r) => setTimeout(r, 100)))
    if (!stolen().includes(bytes)) return true;
  return false;
}

before(async () => {
  s = await startServer({ demo: true, env: { UNDERSTORY_NOW: '2026-11-22T17:05:09Z' } });
  me = await session(s, 'daniel');
});
after(() => s?.stop());

test('in the lesson, on the course and when it is finished there is a place for one, with the words beside it', async () => {
  const amara = await session(s, 'amara');
  for (const [who, path] of [[me, `${course}/what-the-evidence-shows`], [me, course], [amara, `${course}/completed`]]) {
    const { text } = await who.get(path, 'text/html');
    assert.match(text, /<form class="private" method="post" action="\/courses\/humility\/commit">/, path);
    assert.match(textOf(text), /Only you can read this: colleagues, chairs and .* cannot see it\. It is not a report.*No patient details, please\. It could be disclosed/, path);
    assert.match(textOf(text), /Nothing needs to be typed/, path);
  }
  const mei = await session(s, 'mei');
  assert.doesNotMatch((await mei.get(course, 'text/html')).text, /humility\/commit/, 'not before it is begun');
  assert.equal((await mei.post(`${course}/commit`, [['cue', 'x'], ['act', 'y']])).status, 409);
});

test('it is saved by a plain form, several for a course, and shown to its owner', async () => {
  const lesson = `${course}/what-the-evidence-shows`;
  const back = `${lesson}#commit`;
  const saved = await me.post(`${course}/commit`, [['cue', 'a consult begins'], ['act', `ask the ${word} what worries them`], ['return_to', back]]);
  assert.deepEqual([saved.status, saved.headers.location], [303, back]);
  assert.match(await page(lesson), new RegExp(`If a consult begins, then I will ask the ${word} what worries them`));
  await me.post(`${course}/commit`, [['cue', 'a consult begins'], ['act', `ask the ${word} what worries them`]]);
  assert.equal((await mine()).length, 1, 'the same twice is one');
  const second = await me.post(`${course}/commit`, [['cue', 'rounds end'], ['act', 'name one strength']]);
  assert.equal(second.headers.location, '/commitments?note=saved');
  assert.deepEqual((await mine()).map((m) => m.cue), ['rounds end', 'a consult begins']);
  assert.match(await page('/'), /You will be asked about a commitment on Tue 22 Dec 2026\./);
});

test('what is missing is asked for, with what was typed', async () => {
  for (const [cue, act, says] of [['', 'do it', /Say when: after “If”/], ['rounds end', '', /Say what: after “I will”/], ['x'.repeat(700), 'do it', /If/]]) {
    const answer = await me.post(`${course}/commit`, [['cue', cue], ['act', act]]);
    assert.equal(answer.status, 422);
    assert.match(textOf(answer.text), says);
    assert.ok(answer.text.includes(`value="${cue || act}"`));
  }
  assert.equal((await mine()).length, 2);
});

test('it is changed, and another window overwrites nothing', async () => {
  const { writing } = (await mine())[0];
  const put = (base, cue) => me.post(writing.action, [['base', base], ['cue', cue], ['act', 'name one strength']]);
  assert.equal((await put(writing.base, 'rounds end on Friday')).status, 303);
  const changed = await put(writing.base, 'rounds begin');
  assert.equal(changed.status, 409);
  assert.match(textOf(changed.text), /What is saved now If rounds end on Friday, then I will name one strength What you just sent/);
  assert.equal((await mine())[0].cue, 'rounds end on Friday');
});

test('nobody else finds it, whoever asks', async () => {
  const [{ writing, check_href: check, later_href: later, delete_href: gone }] = await mine();
  for (const who of ['amara', 'chair-medicine', 'evaluator', 'administrator']) {
    const other = await session(s, who);
    assert.equal((await other.get(gone, JSON_TYPE)).status, 404);
    for (const [path, fields] of [[writing.action, [['base', '0'], ['cue', 'x'], ['act', 'y']]], [check, [['outcome', 'done']]], [later, []], [gone, []]])
      assert.equal((await other.post(path, fields, JSON_TYPE)).status, 404, `${who} ${path}`);
    for (const path of ['/', '/commitments', '/journal/download.json', `${course}/plan?mine=on`])
      assert.ok(!(await other.get(path, JSON_TYPE)).text.includes(word), `${who} ${path}`);
  }
  const administrator = await session(s, 'administrator');
  const { people } = await view(s, '/administration/people?q=reyes', administrator.cookie);
  for (const [who, path] of [['administrator', people[0].href], ['chair-surgery', '/departments/surgery'], ['evaluator', '/outcomes'], ['evaluator', '/outcomes/roster.csv?course=humility']])
    assert.doesNotMatch((await (await session(s, who)).get(path, JSON_TYPE)).text, new RegExp(`${word}|ommitment`), path);
});

test('who has the database reads nothing; the owner takes everything along', async () => {
  assert.ok(!stolen().includes(word));
  assert.ok(!stolen().includes('rounds end'));
  assert.ok(!s.log().includes(word));
  const text = await me.get('/journal/download.md');
  assert.match(text.text, new RegExp(`## What I committed to[\\s\\S]*If a consult begins, then I will ask the ${word}`));
  const { json } = await me.get('/journal/download.json');
  assert.deepEqual(json.commitments.map((c) => [c.if, c.answers.length]), [['a consult begins', 0], ['rounds end on Friday', 0]]);
});

test('the journal leads to the one download of everything private, also for who only commits', async () => {
  const { courses, has_download: download } = await view(s, '/journal', me.cookie);
  assert.deepEqual([courses, download], [[], true]);
  assert.match((await me.get('/journal')).text, /href="\/journal\/download\.md" download/);
  const nobody = await session(s, 'evaluator');
  assert.ok(!(await nobody.get('/journal')).text.includes('/journal/download'), 'there is nothing to take along');
  for (const file of ['md', 'json']) assert.notEqual((await request(s, 'GET', `/journal/download.${file}`)).status, 200);
});

test('after thirty days it asks on My learning; one click answers, one puts it off', async () => {
  await day(30);
  const { checks } = await waiting();
  assert.equal(checks.length, 2);
  assert.match(await page('/'), new RegExp(`Your commitment of Sun 22 Nov 2026 If a consult begins, then I will ask the ${word} what worries them Did it happen\\? Done Partly Not yet No longer`));
  assert.equal((await me.post(checks[0].later_href)).headers.location, '/');
  assert.equal((await waiting()).checks.length, 1);
  const told = await me.post(checks[1].check_href, [['outcome', 'partly'], ['return_to', '/']]);
  assert.equal(told.headers.location, '/');
  assert.match(await page('/'), /You will be asked about a commitment on Tue 29 Dec 2026\./);
  assert.equal((await me.post(checks[1].check_href, [['outcome', 'splendid']])).status, 422);
  const { json } = await me.get('/journal/download.json');
  assert.deepEqual(json.commitments.map((c) => c.answers.map((a) => a.outcome)), [[], ['partly']]);
  assert.match((await me.get('/journal/download.md')).text, /: Partly\.\n/, 'how it went is taken along');
});

test('what was put off is back after a week, and what was said is kept', async () => {
  await day(38);
  const { checks: [back] } = await waiting();
  assert.equal(back.cue, 'a consult begins');
  assert.equal((await me.post(back.check_href, [['outcome', 'not_yet']])).headers.location, '/commitments?note=told');
  await day(91);
  const { checks } = await waiting();
  assert.equal(checks.length, 2);
  for (const c of checks) await me.post(c.check_href, [['outcome', 'done']]);
  const [newest, first] = await mine();
  assert.deepEqual(first.history.map((h) => h.words.split(': ')[1]), ['Done', 'Not yet']);
  assert.deepEqual(newest.history.map((h) => h.words.split(': ')[1]), ['Done', 'Partly']);
  assert.deepEqual((await waiting()).checks, []);
  assert.equal(sql("SELECT group_concat(outcome || day, ' ') FROM (SELECT k.* FROM commitment_check k JOIN commitment m ON m.id = k.commitment JOIN person p ON p.id = m.person WHERE p.name = 'Daniel Reyes' AND kind = 'answered' ORDER BY k.id)"),
    'partly30 not_yet30 done90 done90', 'outcomes stand in clear, to be counted');
});

test('the action plan holds blank lines, and the own words only when they are asked for', async () => {
  const blank = await view(s, `${course}/plan`, me.cookie);
  assert.ok(blank.sheets.every((x) => x.is_blank));
  assert.ok(!JSON.stringify(blank).includes(word));
  assert.match(await page(`${course}/plan`), /Action plan.*If then I will.*After 30 days, on \w{3} \d+ \w{3} 2027: ☐ done ☐ partly ☐ not yet ☐ no longer/);
  const link = linksOf((await me.get(`${course}/plan`, 'text/html')).text).find((h) => h.includes('mine'));
  assert.equal(link, `${course}/plan?mine=on`);
  const text = await page(link);
  assert.match(text, new RegExp(`If a consult begins, then I will ask the ${word} what worries them`));
  assert.match(text, /After 90 days, on Sat 20 Feb 2027/);
});

test('deleting asks once, then takes everything along and says how long backups keep it', async () => {
  const { id, delete_href: href } = (await mine()).at(-1);
  const uuid = id.slice('commitment-'.length);
  const sealed = Buffer.from(sql(`SELECT hex(sealed) FROM commitment WHERE uuid = '${uuid}'`), 'hex');
  assert.ok(sealed.length > 60 && stolen().includes(sealed));
  assert.match(await page(href), /deleted for good, with everything you said about how it went/);
  assert.equal((await mine()).length, 2, 'looking deletes nothing');
  assert.equal((await me.post(href)).headers.location, '/commitments?note=deleted');
  assert.match(await page('/commitments?note=deleted'), /Deleted for good\. Backups may keep it, sealed, for up to 35 days\./);
  assert.equal((await me.get(href)).status, 404);
  const twice = await me.post(href, [], 'text/html');
  assert.equal(twice.status, 404);
  assert.match(twice.text, /That is gone already[^]*<a class="button" href="\/commitments">Go back/);
  assert.equal((await mine()).length, 1);
  assert.ok(await goneWithin(sealed, 10000));
  assert.equal(sql('SELECT COUNT(*) FROM commitment_check WHERE commitment NOT IN (SELECT id FROM commitment)'), '0');
});
