// "Ask for an alternative": goes to the center, is answered there, and leaves no trace with a chair.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, request, view, textOf, sourceDir } from '../support/server.mjs';
import { session } from '../support/people.mjs';

const course = '/courses/humility';
const ask = `${course}/alternative`;
const roster = '/departments/medicine';

let s, daniel, samuel, chair, evaluator, administrator;
before(async () => {
  s = await startServer({ demo: true });
  [daniel, samuel, chair, evaluator, administrator] = await Promise.all(
    ['daniel', 'samuel', 'chair-medicine', 'evaluator', 'administrator'].map((who) => session(s, who)));
});
after(() => s?.stop());

const rows = (sql) => JSON.parse(execFileSync('sqlite3', ['-readonly', '-json', join(s.data, 'understory.db'), sql], { encoding: 'utf8' }) || '[]');
const open = async () => (await view(s, '/administration/alternatives', evaluator.cookie)).open;
const answer = (who, href, fields, seen = 0) => who.post(`${href}/answer`, [['seen', seen], ...Object.entries(fields)]);
const mine = async (who) => (await view(s, course, who.cookie)).alternative;
const send = (who, words) => who.post(ask, [['words', words]]);

/** All that the chair of medicine can be shown, without what differs from one request to the next. */
async function chairSees() {
  const seen = [];
  for (const path of ['/', '/departments', roster, `${roster}?status=not-started`, `${roster}?status=in-progress`, `${roster}?status=excused`,
    `${roster}/roster.csv?course=humility`, '/account/who-sees-what'])
    for (const accept of ['text/html', 'application/json', '*/*']) {
      const answer = await chair.get(path, accept);
      assert.ok(answer.status < 400, path);
      seen.push(`${path} ${accept} ${answer.text}`);
    }
  return seen.join('\n');
}

test('every course offers it, also to those who have not begun', async () => {
  const { text } = await samuel.get(course, 'text/html');
  assert.match(text, new RegExp(`<a href="${ask}">Ask for an alternative</a>`));
  assert.equal((await samuel.get(ask)).status, 200);
  assert.equal((await samuel.get('/courses/none-such/alternative')).status, 404);
  const empty = await samuel.post(ask, [['words', '']], 'application/json');
  assert.deepEqual([empty.status, empty.json.errors[0].field], [422, 'words']);
});

test('a chair is shown not one byte more or less while a request waits, is answered, or is taken back', async () => {
  const before = await chairSees();
  for (const who of [daniel, samuel]) assert.equal((await send(who, 'On paper, please.')).headers.location, ask);
  assert.equal(await chairSees(), before, 'waiting');
  const [first, second] = await open();
  await answer(evaluator, first.href, { outcome: 'another', answer: 'A printed copy is on its way.' });
  await answer(evaluator, second.href, { outcome: 'declined', answer: 'Not this one.' });
  assert.equal(await chairSees(), before, 'answered');
  await send(daniel, 'Once more');
  await daniel.post(`${ask}/withdraw`);
  assert.equal(await chairSees(), before, 'taken back');
  for (const path of ['/administration', '/administration/alternatives', first.href]) assert.equal((await chair.get(path)).status, 403, path);
});

test("nothing that makes a chair's page knows of requests, so none can cost it time or order", () => {
  const folder = join(sourceDir, 'src', 'report');
  for (const file of readdirSync(folder)) assert.doesNotMatch(readFileSync(join(folder, file), 'utf8'), /alternative|challenge/i, file);
  assert.doesNotMatch(readFileSync(join(sourceDir, 'src', 'pages', 'department.c'), 'utf8'), /alternative|challenge/i);
});

test('an open request shows its state, and only one can be open', async () => {
  await send(daniel, 'In spring, please.');
  const state = await mine(daniel);
  assert.deepEqual([state.outcome, state.is_open, state.may_ask, state.asked], ['open', true, false, 'In spring, please.']);
  assert.equal((await send(daniel, 'In spring, please.')).headers.location, ask, 'the button pressed twice');
  assert.equal((await open()).length, 1);
  const tasks = async (who) => (await view(s, '/', who.cookie)).learning.tasks;
  for (const who of [evaluator, administrator])
    assert.deepEqual(await tasks(who), [{ words: 'One request for an alternative waits for an answer', href: '/administration/alternatives' }]);
  for (const who of [daniel, chair]) assert.deepEqual(await tasks(who), []);
  const again = await send(daniel, 'And another');
  assert.equal(again.status, 409);
  assert.match(textOf(again.text), /You have asked already/);
  assert.match(textOf(again.text), /And another/, 'what was typed is not lost');
});

test('taken back, its words are on no page any more', async () => {
  const [{ href }] = await open();
  assert.equal((await view(s, href, evaluator.cookie)).asked, 'In spring, please.');
  assert.equal((await daniel.post(`${ask}/withdraw`)).headers.location, ask);
  for (const [who, path] of [[evaluator, href], [evaluator, '/administration/alternatives'], [daniel, ask], [daniel, course]])
    for (const accept of ['text/html', 'application/json']) assert.doesNotMatch((await who.get(path, accept)).text, /In spring/, path);
  assert.equal((await open()).length, 0);
  const twice = await daniel.post(`${ask}/withdraw`, [], 'text/html');
  assert.equal(twice.status, 404);
  assert.match(twice.text, /That is gone already[^]*No request of yours is waiting here\./);
  assert.ok(twice.text.includes(`<a class="button" href="${ask}">Go back`));
  const late = await answer(evaluator, href, { outcome: 'another', answer: 'Yes' });
  assert.equal(late.status, 409);
  assert.equal((await mine(daniel)).outcome, 'withdrawn');
});

test('excused: the learner is told and may go on; the chair sees that word and no more', async () => {
  const before = await view(s, roster, chair.cookie);
  await send(samuel, 'I have done it elsewhere.');
  const [{ href }] = await open();
  const shown = await view(s, href, evaluator.cookie);
  assert.deepEqual([shown.who_name, shown.course_name], ['Samuel Goldberg', (await view(s, course, samuel.cookie)).title]);
  for (const [until, status] of [['2001-01-01', 422], ['2199-02-30', 422], ['2199-12-04', 303]])
    assert.equal((await answer(evaluator, href, { outcome: 'excused', until, answer: 'Gladly.' })).status, status, until);

  const after = await view(s, roster, chair.cookie);
  assert.deepEqual(after.rows.map((r) => r.name), before.rows.map((r) => r.name), 'nobody moves in the list');
  const row = after.rows.find((r) => r.name === 'Samuel Goldberg');
  assert.deepEqual(row, { ...before.rows.find((r) => r.name === 'Samuel Goldberg'), status: 'excused', status_words: 'Excused' });
  assert.doesNotMatch((await chair.get(roster, 'text/html')).text, /2199|Gladly|elsewhere/);

  const page = await view(s, course, samuel.cookie);
  assert.equal(page.excused_words, 'You are excused until Wed 4 Dec 2199. You may still take the course.');
  assert.deepEqual([page.alternative.outcome, page.alternative.answer_words], ['excused', 'Gladly.']);
  assert.equal((await view(s, '/', samuel.cookie)).learning.available[0].excused_words, page.excused_words);
  const news = async () => (await view(s, '/', samuel.cookie)).learning.answered.some((a) => a.href === ask);
  assert.ok(await news());
  assert.equal((await samuel.get(ask)).status, 200);
  for (const until = Date.now() + 5000; await news(); ) assert.ok(Date.now() < until, 'what was read is news no longer');
  assert.equal((await samuel.post(`${course}/begin`)).status, 303, 'and may still begin');
  assert.equal((await view(s, '/', samuel.cookie)).learning.in_progress[0].excused_words, page.excused_words);
});

test('a new answer replaces the one before and ends its excuse; what was, is kept', async () => {
  const { answered } = await view(s, '/administration/alternatives', administrator.cookie);
  const { href } = answered.find((a) => a.outcome === 'excused');
  const stale = await answer(administrator, href, { outcome: 'declined', answer: 'No.' });
  assert.equal(stale.status, 409);
  const { form } = await view(s, href, administrator.cookie);
  assert.equal(form.until, '2199-12-04');
  await answer(administrator, href, { outcome: 'another', answer: 'A talk with us instead.' }, form.seen);
  const page = await view(s, course, samuel.cookie);
  assert.deepEqual([page.excused_words, page.alternative.outcome], ['', 'another']);
  assert.equal((await view(s, roster, chair.cookie)).rows.find((r) => r.name === 'Samuel Goldberg').status, 'in-progress');
  assert.equal(rows('SELECT COUNT(*) AS n FROM waiver')[0].n, 2, 'the waiver, and the fact that ended it');
  assert.equal(rows("SELECT COUNT(*) AS n FROM alternative_answer WHERE outcome IN ('excused', 'another') AND alternative = (SELECT MAX(id) FROM alternative)")[0].n, 2);
});

test('an excuse without an end, and one whose day has passed', async () => {
  await send(daniel, 'Not at all, please.');
  const [{ href }] = await open();
  await answer(evaluator, href, { outcome: 'excused', until: '', answer: 'Yes.' });
  assert.equal((await view(s, course, daniel.cookie)).excused_words, 'You are excused. You may still take the course.');
  const { form } = await view(s, href, evaluator.cookie);
  const today = (await view(s, roster, chair.cookie)).as_of;
  assert.equal((await answer(evaluator, href, { outcome: 'excused', until: today, answer: 'Today.' }, form.seen)).status, 303);
  assert.match((await view(s, course, daniel.cookie)).excused_words, /^You are excused until /);
  const [{ valid_to: end }] = rows('SELECT valid_to FROM waiver ORDER BY id DESC LIMIT 1');
  assert.ok(end > Date.now() * 1000 && end <= (Date.now() + 26 * 3600e3) * 1000, 'the whole of the last day');
});

test('asking, looking, answering and taking back are in the audit, with ids only', () => {
  const found = rows("SELECT action, subject, detail FROM audit WHERE action LIKE 'alternative.%'");
  for (const action of ['ask', 'withdraw', 'view', 'answer']) assert.ok(found.some((f) => f.action === `alternative.${action}`), action);
  for (const f of found) {
    assert.match(f.subject, /^[0-9a-f-]{36}$/);
    assert.match(f.detail, /^(excused|another|declined)?$/);
  }
});

test('without signing in there is nothing', async () => {
  for (const path of [ask, '/administration/alternatives']) assert.equal((await request(s, 'GET', path, { accept: 'application/json' })).status, 401);
});
