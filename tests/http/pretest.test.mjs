// What somebody knows before: offered, never needed, answered once, and silent about what was right
// until a learning check has been passed.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer, view, headingOf, textOf } from '../support/server.mjs';
import { newPerson } from '../support/people.mjs';
import { answerKey } from '../support/key.mjs';

const course = '/courses/humility';
const JSON_TYPE = 'application/json';
const key = answerKey();
let s;
before(async () => (s = await startServer()));
after(() => s?.stop());

async function learner() {
  const me = await newPerson(s);
  return {
    ...me,
    give: (attempt, item, numbers, more = [], accept = JSON_TYPE) => me.post(`${attempt}/answer`, [['item', item], ...numbers.map((n) => ['answer', n]), ...more], accept),
  };
}

async function start(me) {
  const { status, headers } = await me.post(`${course}/pre-test`);
  assert.equal(status, 303);
  return headers.location;
}
const itemsOf = async (me, attempt) => (await me.view(`${attempt}?view=all`)).items.map((q) => q.item);
const offer = async (me) => (await me.view(course)).pretest;

async function passCheck(me, right = () => true) {
  const attempt = (await me.post(`${course}/check`)).headers.location;
  for (const item of await itemsOf(me, attempt)) await me.give(attempt, item, right(item) ? key.get(item).key : key.get(item).wrong);
  await me.post(`${attempt}/submit`, [['certificate_name', 'Learner Name']]);
  return attempt;
}

test('it is offered before the course is begun and before its first lesson, and starting begins the course', async () => {
  const me = await learner();
  const page = await me.get(course);
  assert.match(textOf(page.text), /See what you know first: four questions/);
  const attempt = await start(me);
  assert.equal((await start(me)), attempt, 'starting twice goes on');
  assert.equal(headingOf((await me.get(attempt)).text), 'What you know first, question 1 of 4');
  assert.equal((await offer(me)).open_href, attempt);
  assert.match(textOf((await me.get('/')).text), /The questions before the course are still open; the first answer in a lesson closes them\./);
  assert.equal((await me.view('/')).learning.in_progress[0].pretest.open_href, attempt);
  const { progress, path, action } = await me.view(course);
  assert.equal(progress.done, 0);
  assert.equal(action.href, path[0].href, 'the first lesson is next all the same');
  assert.equal((await me.view(`${course}/check`)).has_tried, false);
});

test('one click leaves it out for good; so does a lesson, so does a check', async () => {
  const skips = await learner();
  assert.equal((await skips.post((await offer(skips)).skip_action)).headers.location, course);
  assert.equal(await offer(skips), false);
  await skips.post(`${course}/begin`);
  assert.equal(await offer(skips), false);
  assert.equal((await skips.post(`${course}/pre-test`)).headers.location, course, 'a page from before leads back');
  assert.equal((await skips.post(`${course}/pre-test`, [], JSON_TYPE)).status, 409);

  const reads = await learner();
  await reads.post(`${course}/begin`);
  await reads.get(`${course}/a-confident-mistake`);
  assert.notEqual(await offer(reads), false, 'looking at a lesson changes nothing');
  await reads.post(`${course}/a-confident-mistake/answer`, [['item', 'q-humility-l01'], ['answer', '1']]);
  assert.equal(await offer(reads), false);

  const checks = await learner();
  await checks.post(`${course}/check`);
  assert.equal(await offer(checks), false);
  assert.equal((await checks.post('/courses/none-such/pre-test/skip')).status, 404);
});

test('answers are saved as they are given, changed until handed in, and then stand', async () => {
  const me = await learner();
  const attempt = await start(me);
  const items = await itemsOf(me, attempt);
  assert.equal(new Set(items).size, 4);
  for (const item of items) assert.equal(key.get(item).use, 'check');
  const saved = await me.give(attempt, items[0], ['1'], [['op_id', 'pretest-op-0001']]);
  assert.deepEqual(Object.keys(saved.json).sort(), ['answer', 'is_whole', 'item', 'saved_at', 'saved_at_words']);
  assert.deepEqual((await me.give(attempt, items[0], ['1'], [['op_id', 'pretest-op-0001']])).json, saved.json);
  assert.equal((await me.give(attempt, items[0], ['2'], [['op_id', 'pretest-op-0001']])).status, 409);
  await me.give(attempt, items[0], ['2']);
  await me.post(`${attempt}/answers`, items.slice(1, 3).map((item) => [`answer.${item}`, '1']));
  const review = await me.view(`${attempt}/review`);
  assert.deepEqual([review.answered, review.asks_name, review.is_pre], [3, false, true]);
  const ours = (await me.get(`${attempt}/review`)).text.replace(/<ul class="rows">[^]*?<\/ul>/, ''); // without the questions' own words
  assert.ok(!/certificate|pass/i.test(textOf(ours).replace(/Certificates|Verify a certificate/g, '')));
  assert.equal((await me.post(`${attempt}/submit`)).headers.location, `${attempt}/result`);
  assert.equal((await me.post(`${attempt}/submit`)).headers.location, `${attempt}/result`, 'twice is the same');
  const thanks = await me.get(`${attempt}/result`);
  assert.equal(headingOf(thanks.text), 'Thank you');
  assert.match(textOf(thanks.text), /These four come back in your learning check\./);
  assert.equal((await me.give(attempt, items[3], ['1'])).status, 409);
  assert.equal((await me.give(attempt, items[3], ['1'], [], 'text/html')).headers.location, `${attempt}/result?late=1`);
  assert.equal((await me.get(attempt)).headers.location, `${attempt}/result`);
  assert.equal(await offer(me), false);
});

test('nobody else sees or answers it', async () => {
  const me = await learner(), other = await learner();
  const attempt = await start(me);
  const [item] = await itemsOf(me, attempt);
  for (const path of ['', '?view=all', '/review', '/result']) assert.equal((await other.get(attempt + path)).status, 404);
  assert.equal((await other.give(attempt, item, ['1'])).status, 404);
  assert.equal((await other.post(`${attempt}/submit`)).status, 404);
});

test('begun lessons close one that was left open; what was answered is kept', async () => {
  const me = await learner();
  const attempt = await start(me);
  const [item, second] = await itemsOf(me, attempt);
  await me.give(attempt, item, ['1']);
  await me.post(`${course}/a-confident-mistake/answer`, [['item', 'q-humility-l01'], ['answer', '1']]);
  assert.equal((await me.view('/')).learning.in_progress[0].pretest, false);
  assert.equal((await me.give(attempt, second, ['1'])).status, 409);
  assert.equal((await me.get(attempt)).headers.location, `${attempt}/result`);
  assert.equal((await me.post(`${attempt}/submit`)).headers.location, `${attempt}/result`);
  assert.equal(headingOf((await me.get(`${attempt}/result`)).text), 'These questions are closed');
});

const names = (value) => (value && typeof value === 'object' ? Object.entries(value).flatMap(([k, v]) => [k, ...names(v)]) : []);
const secret = /key|right|rationale|verdict|credit|mark|score|explanation/;

test('right and not right look alike until a check is passed: on every page, in JSON, in size and order', async () => {
  const both = [];
  for (const right of [true, false]) {
    const me = await learner();
    const attempt = await start(me);
    const items = await itemsOf(me, attempt);
    const replies = [];
    for (const item of items) {
      const chosen = right ? key.get(item).key : key.get(item).wrong;
      replies.push(Object.keys((await me.give(attempt, item, chosen)).json));
    }
    const open = await me.view(`${attempt}?view=all`);
    for (const page of [open, await me.view(`${attempt}/review`)]) assert.deepEqual(names(page).filter((n) => secret.test(n)), []);
    await me.post(`${attempt}/submit`);
    const after = [];
    for (const path of [`${attempt}/result`, course, '/', '/courses', `${course}/check`, '/account/who-sees-what']) {
      const json = JSON.stringify(await me.view(path)).replaceAll(attempt.split('/').at(-1), 'UUID');
      after.push(json.replace(/learner-\d+|Learner \d+|"form_token":"[^"]*"|\d\d:\d\d:\d\d/g, ''));
    }
    both.push({ replies, after });
    // A check that is not passed says nothing of before, either.
    const failed = await passCheck(me, () => false);
    assert.equal((await me.view(`${failed}/result`)).before_now, false);
  }
  assert.deepEqual(both[0], both[1]);
});

test('after a passed check its page says before and now, item by item', async () => {
  const me = await learner();
  const attempt = await start(me);
  const items = await itemsOf(me, attempt);
  await me.give(attempt, items[0], key.get(items[0]).key);
  await me.give(attempt, items[1], key.get(items[1]).wrong);
  await me.post(`${attempt}/submit`);
  const check = await passCheck(me);
  const inCheck = await me.view(`${check}/result`);
  for (const item of items) assert.ok(inCheck.items.some((q) => q.item === item), item);
  const { before_now } = inCheck;
  assert.equal(before_now.words, 'Before the course you had 1 of 4 points on these; now you have 4.');
  assert.equal(before_now.items.length, 4);
  const numberOf = (item) => inCheck.items.find((q) => q.item === item).number;
  const rowOf = (item) => before_now.items.find((r) => r.number === numberOf(item));
  assert.deepEqual(items.map((item) => rowOf(item).before_words), ['Right', 'Not right', 'No answer', 'No answer']);
  assert.deepEqual(items.map((item) => rowOf(item).now_words), Array(4).fill('Right'));
  assert.match((await me.get(`${check}/result`)).text, /id="before-now">Before and now/);
  const completed = await me.get(`${course}/completed`);
  assert.ok(completed.text.includes(`<a href="${check}/result">See the answers and the reasons</a>`), completed.text);
  assert.ok(completed.text.includes(`<a href="${check}/result#before-now">Before and now</a>`), completed.text);
  const without = await learner();
  assert.equal((await without.view(`${await passCheck(without)}/result`)).before_now, false);
});

test('every later check holds the same four', async () => {
  const me = await learner();
  const attempt = await start(me);
  const items = await itemsOf(me, attempt);
  await me.post(`${attempt}/submit`);
  for (let i = 0; i < 5; i++) {
    const check = (await me.post(`${course}/check`)).headers.location;
    const drawn = await itemsOf(me, check);
    for (const item of items) assert.ok(drawn.includes(item), item);
    await me.post(`${check}/submit`, [['certificate_name', 'Learner Name']]);
  }
});
