// Studying, through plain forms: nothing is lost, nothing is given away before its time.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceDir, startServer, request, view, headingOf, textOf } from '../support/server.mjs';
import { newPerson } from '../support/people.mjs';
import { answerKey } from '../support/key.mjs';

let s;
before(async () => (s = await startServer()));
after(() => s?.stop());

const learner = () => newPerson(s);
const JSON_TYPE = 'application/json';
const course = '/courses/humility';
const names = (value) => (value && typeof value === 'object' ? Object.entries(value).flatMap(([k, v]) => [k, ...names(v)]) : []);
const questionOf = (lesson) => lesson.pieces.find((p) => p.kind === 'question').question;

async function startCheck(me) {
  const started = await me.post(`${course}/check`);
  assert.equal(started.status, 303);
  return started.headers.location;
}

/** Answers everything with what `keys` knows, hands in, and learns the right answers from the result. */
async function takeCheck(me, keys, form) {
  const attempt = await startCheck(me);
  for (const q of (await me.view(`${attempt}?view=all`)).items)
    assert.equal((await me.post(`${attempt}/answer`, { item: q.item, answer: keys[q.item] ?? ['1'] })).status, 303);
  const handed = await me.post(`${attempt}/submit`, form);
  assert.equal(handed.status, 303);
  const result = await me.view(`${attempt}/result`);
  for (const q of result.items) keys[q.item] = q.options.filter((o) => o.is_key).map((o) => String(o.number));
  return { result, location: handed.headers.location };
}

test('courses stand in the order of the curriculum, those that it does not name last', async () => {
  const { curriculum } = JSON.parse(await readFile(join(sourceDir, 'courses', 'site.json'), 'utf8'));
  const order = curriculum.split(', ');
  const place = (id) => (order.includes(id) ? order.indexOf(id) : order.length);
  const me = await learner();
  const ids = (await me.view('/courses')).courses.map((c) => c.href.split('/')[2]);
  assert.deepEqual(ids, [...ids].sort((a, b) => place(a) - place(b)));
  assert.equal(ids[0], order[0]);
});

test('a lesson sends somebody who has not begun to the course, and beginning leads to the first one', async () => {
  const me = await learner();
  assert.equal((await me.get(`${course}/asking-well`)).headers.location, course);
  const begun = await me.post(`${course}/begin`);
  const first = (await me.view(course)).path[0];
  assert.equal(begun.headers.location, first.href);
  assert.equal((await me.post(`${course}/begin`)).headers.location, first.href, 'beginning twice is the same');
});

test('going on leads to where somebody last was: an open check, or what was read since', async () => {
  const me = await learner();
  await me.post(`${course}/begin`);
  const next = async () => (await me.view('/')).learning.next.href;
  const [first, second, third] = (await me.view(course)).path.map((p) => p.href);
  const attempt = await startCheck(me);
  assert.equal(await next(), attempt, 'an open check comes before lessons that are not done');
  const [q] = (await me.view(`${attempt}?view=all`)).items;
  await me.post(`${attempt}/answer`, { item: q.item, answer: 1 });
  const { action, test_out_href } = await me.view(course);
  assert.deepEqual([action.href, action.label, test_out_href], [attempt, 'Continue the learning check', '']);
  assert.equal((await me.view(course)).path.find((p) => p.is_next).kind, 'check');

  await me.get(third);
  await me.post(`${third}/answer`, { item: questionOf(await me.view(third)).item, answer: 1 });
  assert.equal(await next(), first, 'the lesson read since is done, so the first one not done is next');
  await me.get(second);
  for (const until = Date.now() + 5000; (await next()) !== second; ) // visits are written behind the answer
    assert.ok(Date.now() < until, 'a lesson open since');
  assert.equal((await me.view(course)).test_out_label, 'Go on with the learning check you began');
  await me.post(`${attempt}/answer`, { item: q.item, answer: 2 });
  assert.equal(await next(), attempt, 'and back');
});

test("a lesson's question shows neither key nor rationale until it is answered, and can be tried again", async () => {
  const me = await learner();
  await me.post(`${course}/begin`);
  const lesson = `${course}/asking-well`;
  const open = questionOf(await me.view(lesson));
  for (const secret of ['is_key', 'rationale_html', 'verdict']) assert.ok(!names(open).includes(secret), secret);
  const nothing = await me.post(open.action, { item: open.item });
  assert.equal(nothing.status, 422);
  assert.match(textOf(nothing.text), /Choose an answer first/);
  assert.match(nothing.text, /class="error-summary"[^]*<a href="#field-question">Choose an answer first\.<\/a>[^]*<h1>[^]*<fieldset class="has-error" id="field-question"/);
  assert.doesNotMatch((await me.get(lesson)).text, /error-summary/);
  const answered = await me.post(open.action, { item: open.item, answer: 1 });
  assert.equal(answered.headers.location, `${lesson}#question`);
  const done = await me.view(lesson);
  assert.equal(done.is_done, true, 'any answer makes the lesson done');
  const result = questionOf(done);
  assert.ok(result.options.every((o) => o.rationale_html));
  assert.equal(result.options.filter((o) => o.is_chosen).length, 1);
  assert.equal(questionOf(await me.view(`${lesson}?again=${open.item}`)).is_answered, false);
});

test('the case shows what followed before it goes on, never a rating, and a stale page changes nothing', async () => {
  const me = await learner();
  await me.post(`${course}/begin`);
  const href = `${course}/case/family-meeting`;
  let here = await me.view(href);
  const start = here.scene;
  for (let steps = 0; !here.scene.is_end; steps++) {
    assert.ok(steps < 20, 'the first choices lead to an end');
    assert.ok(!/rating|"poor"|"best"|"mixed"/.test(JSON.stringify(here)));
    const chosen = here.scene.choices[0];
    const moved = await me.post(`${href}/choose`, { scene: here.scene.id, choice: chosen.id });
    assert.equal(moved.headers.location, `${href}?followed=1`);
    const followed = await me.view(moved.headers.location);
    assert.equal(followed.latest.choice_html, chosen.choice_html);
    assert.ok(followed.latest.consequence_html);
    here = await me.view(href);
  }
  const stale = await me.post(`${href}/choose`, { scene: start.id, choice: start.choices[1].id });
  assert.equal(stale.headers.location, `${href}?moved_on=1`);
  assert.equal((await me.post(`${href}/choose`, { scene: start.id, choice: start.choices[1].id }, JSON_TYPE)).status, 409);
  assert.deepEqual((await me.view(href)).path, here.path);
  await me.post(`${href}/back`, { keep: 0 });
  const again = await me.view(href);
  assert.deepEqual([again.scene.id, again.path.length, again.is_done], [start.id, 0, true]);
});

test('until it is handed in, a learning check gives away no key, no rationale and no mark', async () => {
  const me = await learner();
  const attempt = await startCheck(me);
  for (const path of [`${attempt}?view=all`, `${attempt}?item=1`, `${attempt}/review`]) {
    const found = names(await me.view(path)).filter((n) => /key|rationale|mark|verdict|right|explanation/.test(n));
    assert.deepEqual(found, [], path);
    assert.ok(!/class="[^"]*(is-right|rationale)/.test((await me.get(path)).text), path);
  }
  assert.equal((await me.get(`${attempt}/result`)).headers.location, attempt);
});

test('an operation id saves once; other bytes under it are shown beside the first, to choose from', async () => {
  const me = await learner();
  const attempt = await startCheck(me);
  const [q] = (await me.view(`${attempt}?view=all`)).items;
  const send = (answer, accept = JSON_TYPE) => me.post(`${attempt}/answer`, { item: q.item, answer, op_id: 'operation-0001' }, accept);
  const first = await send('1');
  assert.match(first.json.saved_at_words, /^Saved \d\d:\d\d:\d\d$/);
  assert.deepEqual((await send('1')).json, first.json);
  const other = await send('2');
  assert.equal(other.status, 409);
  assert.deepEqual([other.json.saved.answer, other.json.yours.answer], ['1', '2']);
  assert.match(other.json.saved.words, /\S/);
  const page = await send('2', 'text/html');
  assert.equal(page.status, 409);
  assert.equal(headingOf(page.text), 'Two answers to one question');
  assert.equal((await me.view(`${attempt}?view=all`)).items[0].answer, '1');
});

test('an answer given elsewhere since a form was shown is not overwritten: both stand there, to choose from', async () => {
  const me = await learner();
  const attempt = await startCheck(me);
  const [q, r] = (await me.view(`${attempt}?view=all`)).items.filter((x) => x.type === 'single');
  const stands = async (x) => (await me.view(`${attempt}?view=all`)).items.find((y) => y.item === x.item).answer;
  const shown = (await me.get(`${attempt}?item=${q.number}`)).text;
  assert.match(shown, /<input type="hidden" name="was" value="none">/);
  assert.equal((await me.post(`${attempt}/answer`, { item: q.item, answer: 1, was: 'none' })).status, 303);
  const stale = await me.post(`${attempt}/answer`, { item: q.item, answer: 2, was: 'none' });
  assert.equal(stale.status, 409);
  assert.equal(headingOf(stale.text), 'Two answers to one question');
  assert.match(stale.text, /<input type="hidden" name="was" value="1">/);
  assert.equal(await stands(q), '1');
  assert.equal((await me.post(`${attempt}/answer`, { item: q.item, answer: 1, was: 'none' })).status, 303, 'the same answer is no question');
  assert.equal((await me.post(`${attempt}/answer`, { item: q.item, answer: 2, was: 1 })).status, 303, 'chosen, over what was seen');
  assert.equal(await stands(q), '2');
  assert.equal((await me.post(`${attempt}/answer`, { item: q.item, answer: 3 })).status, 303, 'a form that says nothing of it sets a value');
  assert.equal(await stands(q), '3');

  // A whole page: what was not touched says nothing, what was is asked, the rest is saved.
  const touched = await me.post(`${attempt}/answers`, { [`answer.${q.item}`]: 1, [`was.${q.item}`]: 2, [`answer.${r.item}`]: 1, [`was.${r.item}`]: 'none' });
  assert.equal(touched.status, 409);
  assert.deepEqual([await stands(q), await stands(r)], ['3', '1']);
  assert.match(touched.text, new RegExp(`name="answer.${q.item}" value="3" checked`));
  assert.ok(!touched.text.includes(`answer.${r.item}`));
  const untouched = await me.post(`${attempt}/answers`, { [`answer.${q.item}`]: 1, [`was.${q.item}`]: 1, [`answer.${r.item}`]: 1, [`was.${r.item}`]: 1 });
  assert.equal(untouched.headers.location, `${attempt}/review`);
  assert.equal(await stands(q), '3');
  const chosen = await me.post(`${attempt}/answers`, { [`answer.${q.item}`]: 1, [`was.${q.item}`]: 3 });
  assert.equal(chosen.headers.location, `${attempt}/review`);
  assert.equal(await stands(q), '1');
});

test('an address that names no question shows the first open one', async () => {
  const me = await learner();
  const attempt = await startCheck(me);
  const [q] = (await me.view(`${attempt}?view=all`)).items;
  await me.post(`${attempt}/answer`, { item: q.item, answer: 1 });
  for (const item of ['99', '41', '9', '0', '-3', 'x', '2.5', '9'.repeat(60)])
    assert.deepEqual((await me.view(`${attempt}?item=${item}`)).items.map((i) => i.number), [2], item);
  assert.equal((await me.view(`${attempt}?item=3&saved=999`)).saved_note, '');
});

test('plain forms save one answer or a whole page, and say when', async () => {
  const me = await learner();
  const attempt = await startCheck(me);
  const { items } = await me.view(`${attempt}?view=all`);
  const saved = await me.post(`${attempt}/answer`, { item: items[0].item, answer: 1 });
  assert.equal(saved.headers.location, `${attempt}?item=2&saved=1`);
  assert.match((await me.view(saved.headers.location)).saved_note, /^Question 1: Saved \d\d:\d\d:\d\d$/);
  const none = await me.post(`${attempt}/answer`, { item: items[1].item });
  assert.equal(none.headers.location, `${attempt}?item=2&asking=1`);
  const all = await me.post(`${attempt}/answers`, { [`answer.${items[1].item}`]: 1, [`answer.${items[2].item}`]: 1 });
  assert.equal(all.headers.location, `${attempt}/review`);
  const review = await me.view(`${attempt}/review`);
  assert.equal(review.answered, 3);
  assert.deepEqual(review.unanswered.map((u) => u.number), items.slice(3).map((i) => i.number));
});

test('the name is asked for before the first handing in, and comes back as typed when it cannot stand', async () => {
  const me = await learner();
  const attempt = await startCheck(me);
  assert.equal((await me.view(`${attempt}/review`)).asks_name, true);
  const wrong = await me.post(`${attempt}/submit`, { certificate_name: '12345' }, JSON_TYPE);
  assert.equal(wrong.status, 422);
  assert.equal(wrong.json.certificate_name, '12345');
  assert.equal(wrong.json.errors[0].field, 'certificate_name');
  assert.equal((await me.post(`${attempt}/submit`, { certificate_name: 'Learner Name' })).headers.location, `${attempt}/result`);
  const late = await me.post(`${attempt}/answer`, { item: 'q-humility-01', answer: 1 });
  assert.equal(late.headers.location, `${attempt}/result?late=1`);
});

test('trying again until it is passed completes the course once, with a certificate', async () => {
  const me = await learner();
  const keys = {};
  let taken = await takeCheck(me, keys, { certificate_name: 'Learner Name' });
  for (let tries = 0; !taken.result.is_passed; tries++) {
    assert.ok(tries < 5);
    taken = await takeCheck(me, keys);
  }
  assert.equal(taken.location, `${course}/completed`);
  const completed = await me.view(`${course}/completed`);
  assert.equal(completed.by_assessment, true);
  const page = await me.view(course);
  assert.deepEqual([page.action.label, page.action.href], ['See your certificate', completed.certificate.href]);
  assert.deepEqual([page.completed_href, page.test_out_href, page.progress], [`${course}/completed`, '', false]);
  assert.deepEqual([(await me.get(completed.result_href)).status, completed.before_now_href], [200, '']);
  assert.equal((await me.get(completed.certificate.href)).status, 200);
  assert.equal((await request(s, 'GET', completed.certificate.verify_href)).status, 200);
  assert.equal((await me.view('/')).learning.done.length, 1);
  const { what_next: rest } = completed, other = rest[0].href.split('/').at(-1);
  assert.ok(!rest.some((c) => c.href === course));
  const key = answerKey(other), attempt = (await me.post(`/courses/${other}/check`)).headers.location;
  for (const q of (await me.view(`${attempt}?view=all`)).items) await me.post(`${attempt}/answer`, { item: q.item, answer: key.get(q.item).key });
  await me.post(`${attempt}/submit`);
  assert.deepEqual((await me.view(`${course}/completed`)).what_next, rest.slice(1), 'what is finished is not next');
  const again = await takeCheck(me, keys);
  assert.match(again.location, /\/result$/, 'passing again completes nothing again');
  assert.equal((await me.view(`${course}/completed`)).certificate.href, completed.certificate.href);
});

test("somebody else's attempt does not exist", async () => {
  const [one, other] = [await learner(), await learner()];
  const attempt = await startCheck(one);
  for (const path of ['', '/review', '/result']) assert.equal((await other.get(attempt + path)).status, 404);
  assert.equal((await other.post(`${attempt}/answer`, { item: 'q-humility-01', answer: 1 }, JSON_TYPE)).status, 404);
  assert.equal((await other.post(`${attempt}/submit`)).status, 404);
});

test('a frozen version is public, at the address that certificates name', async () => {
  const me = await learner();
  const keys = {};
  let taken;
  do taken = await takeCheck(me, keys, { certificate_name: 'Learner Name' });
  while (!taken.result.is_passed);
  const { certificate } = await me.view(`${course}/completed`);
  const page = await request(s, 'GET', certificate.verify_href, { accept: JSON_TYPE });
  const hash = /\/courses\/humility\/v([0-9a-f]{64})/.exec(JSON.stringify(page.json))?.[1];
  assert.ok(hash, 'the public page names the version');
  const version = await request(s, 'GET', `${course}/v${hash}`);
  assert.equal(version.status, 200);
  assert.match(version.text, /id="criteria"/);
  assert.equal((await request(s, 'GET', `${course}/v${'0'.repeat(64)}`)).status, 404);
});
