// Entries to be put in order and lines to be matched, through plain forms and as JSON: nothing gives
// the key away, nothing typed is lost, part of it right is part of the credit.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { startServer, view, textOf, sourceDir } from '../support/server.mjs';
import { newPerson } from '../support/people.mjs';

const course = '/courses/kinds';
const JSON_TYPE = 'application/json';
let s;
before(async () => (s = await startServer({ args: ['--courses', join(sourceDir, 'tests/data/kinds')] })));
after(() => s?.stop());

const learner = () => newPerson(s);
const isShown = (options, numbers) => options.map((o) => String(o.number)).join() === numbers.join();
const answers = (...values) => values.map((v) => ['answer', v]);
const questionOf = (lesson) => lesson.pieces.find((p) => p.kind === 'question').question;
const strip = (html) => textOf(html);

async function startCheck(me) {
  const { headers } = await me.post(`${course}/check`);
  return headers.location;
}

// What the author wrote, by words: tests look up numbers as a learner would, by what stands beside them.
const orders = {
  'q-kinds-l-order': ['Stop, and name what you did', 'Acknowledge what it did to the other person', 'Say what you will do differently', 'Come back to it <later> & ask "how" it went'],
  'q-kinds-order-1': ['<script>window.ran=2</script> one', '& two', '"three"', 'four'],
  'q-kinds-order-2': ['Winter', 'Spring', 'Summer', 'Autumn'],
};
const pairs = {
  'q-kinds-l-match': { 'A resident counts her interruptions': 'Self-critique', 'A clinic asks patients to set its agenda': 'Redressing power', 'A school changes its <promotion> rule': 'Accountability "<img src=x onerror=window.ran=1>"' },
  'q-kinds-match-1': { Hot: 'Cold', Open: '<b onclick=window.ran=3>Closed', Early: 'Late' },
  'q-kinds-match-2': { Paris: 'France', Rome: 'Italy', Oslo: 'Norway', Lima: 'Peru' },
};
const choices = { 'q-kinds-multiple-1': ['Two', 'Four'], 'q-kinds-truefalse-1': ['True'] };

/** The right answer, found by words in the question as it is shown. */
function rightAnswer(q) {
  const words = (o) => strip(o.option_html);
  if (q.type === 'order') return orders[q.item].map((w) => q.options.find((o) => words(o) === w).number).map(String);
  if (q.type === 'match') return q.options.map((o) => o.choices.find((c) => c.words === pairs[q.item][words(o)]).value);
  return q.options.filter((o) => choices[q.item].includes(words(o))).map((o) => String(o.number));
}

test('an order is shown in some other order, the same each time, and differs between learners', async () => {
  const seen = new Set();
  for (let i = 0; i < 8; i++) {
    const me = await learner();
    await me.post(`${course}/begin`);
    const first = questionOf(await me.view(`${course}/order`));
    const shown = first.options.map((o) => strip(o.option_html));
    assert.deepEqual([...shown].sort(), [...orders[first.item]].sort());
    assert.notDeepEqual(shown, orders[first.item]);
    assert.deepEqual(questionOf(await me.view(`${course}/order`)).options, first.options);
    seen.add(shown.join());
  }
  assert.ok(seen.size > 1);
});

test("a lesson's order: places that are missing or given twice are asked for, as they came", async () => {
  const me = await learner();
  await me.post(`${course}/begin`);
  const lesson = `${course}/order`;
  const { item, action, options } = questionOf(await me.view(lesson));
  const [a, b, c, d] = options.map((o) => o.number);
  const missing = await me.post(action, [['item', item], ...answers(`${a}:2`, '', `${c}:3`, '')]);
  assert.equal(missing.status, 422);
  assert.match(textOf(missing.text), /Give every entry its place/);
  for (const value of [`${a}:2`, `${c}:3`]) assert.ok(missing.text.includes(`<option value="${value}" selected>`), value);
  assert.equal(missing.text.match(/ selected>/g).length, 2);
  const twice = await me.post(action, [['item', item], ...answers(`${a}:2`, `${b}:2`, `${c}:3`, `${d}:4`)]);
  assert.match(textOf(twice.text), /Two entries have the same place/);
  assert.equal(twice.text.match(/ selected>/g).length, 4);
  assert.equal((await me.view(lesson)).is_done, false, 'neither was an answer');

  const right = rightAnswer(questionOf(await me.view(lesson)));
  const asShown = await me.post(action, [['item', item], ...answers(...options.map((o, i) => `${o.number}:${i + 1}`))]);
  assert.equal(asShown.status, 422, 'nothing was moved');
  assert.match(textOf(asShown.text), /Put the entries in order first/);
  assert.match(textOf((await me.post(action, [['item', item], ...answers('', '', '', '')])).text), /Put the entries in order first/);
  assert.equal((await me.view(lesson)).is_done, false);
  const inPlace = 'In its right place';
  let swapped = [right[1], right[0], right[2], right[3]], states = ['You put it 2nd', 'You put it 1st', inPlace, inPlace];
  if (isShown(options, swapped)) // one draw in 23: nothing would be moved
    [swapped, states] = [[right[0], right[1], right[3], right[2]], [inPlace, inPlace, 'You put it 4th', 'You put it 3rd']];
  const places = swapped.map((n, i) => `${n}:${i + 1}`).sort();
  assert.equal((await me.post(action, [['item', item], ...answers(...places)])).headers.location, `${lesson}#question`);
  const result = questionOf(await me.view(lesson));
  assert.deepEqual(result.options.map((o) => strip(o.option_html)), orders[item], 'the result stands in the right order');
  assert.deepEqual(result.options.map((o) => o.state_words), states);
  assert.ok(result.options.every((o) => o.rationale_html));
  assert.deepEqual([result.verdict, result.credit_words], ['partly', '2 of 4 in their right place: 0.5 of 1 point. This is the right order.']);
  assert.ok((await me.get(lesson)).text.includes(result.credit_words));
  assert.equal((await me.view(lesson)).is_done, true);
  await me.post(action, [['item', item], ...answers(...right)]);
  assert.equal(questionOf(await me.view(lesson)).verdict_words, 'That is right');
});

test("a lesson's match: every line takes a partner; the result names both, with the reason", async () => {
  const me = await learner();
  await me.post(`${course}/begin`);
  const lesson = `${course}/match`;
  const q = questionOf(await me.view(lesson));
  assert.deepEqual(q.columns, { left: 'Act', right: 'Commitment' });
  const right = rightAnswer(q);
  const part = await me.post(q.action, [['item', q.item], ...answers(right[0], '', '')]);
  assert.equal(part.status, 422);
  assert.ok(part.text.includes(`<option value="${right[0]}" selected>`));
  assert.equal((await me.post(q.action, [['item', q.item], ...answers(right[0])], JSON_TYPE)).status, 422);
  const wrong = [right[0], `2:${right[0].at(-1)}`, right[2]];
  await me.post(q.action, [['item', q.item], ...answers(...wrong)]);
  const result = questionOf(await me.view(lesson));
  assert.deepEqual(result.options.map((o) => o.is_right), [true, false, true]);
  assert.equal(result.options[1].state_words, 'You chose “Self-critique”');
  assert.equal(result.credit_words, '2 of 3 pairs right: 0.66 of 1 point.');
  assert.ok(result.options.every((o) => o.rationale_html && o.partner_html));
});

test('before an answer the hint says how credit is given, and nothing else', async () => {
  const me = await learner();
  await me.post(`${course}/begin`);
  for (const [lesson, words] of [['order', /in its right place earns part/], ['match', /Each right pair earns part/], ['multiple', /each wrong one takes as much away/]])
    assert.match(textOf((await me.get(`${course}/${lesson}`)).text), words);
});

test('until it is handed in, neither numbers nor order nor names give the key away', async () => {
  const rights = new Map();
  for (let i = 0; i < 24; i++) {
    const me = await learner();
    const attempt = await startCheck(me);
    const { items } = await me.view(`${attempt}?view=all`);
    assert.ok(!/goes|is_key|is_right|rationale|place_words|partner_html/.test(JSON.stringify(items)));
    for (const q of items.filter((x) => x.type === 'order' || x.type === 'match')) {
      const right = rightAnswer(q);
      rights.set(q.item, right.join());
      if (q.type === 'order') assert.notDeepEqual(q.options.map((o) => String(o.number)), right);
      const firsts = q.options.map((o) => o.choices[0].value);
      if (q.type === 'match') assert.equal(new Set(firsts.map((v) => v.split(':')[1])).size, 1, 'the same list for every line');
    }
  }
  assert.equal(rights.size, 4);
  // Numbers follow the words: an order whose words are in order would be 1,2,3,4, and these are not.
  for (const [item, right] of rights) if (/order/.test(item)) assert.notEqual(right, '1,2,3,4', item);
});

test('in the check a match can be saved in part, and says so until it is whole', async () => {
  const me = await learner();
  let attempt, q;
  for (attempt = await startCheck(me); !(q = (await me.view(`${attempt}?view=all`)).items.find((x) => x.type === 'match')); )
    await me.post(`${attempt}/submit`, [['certificate_name', 'Kinds Learner']]), (attempt = await startCheck(me));
  const right = rightAnswer(q);
  const save = (...values) => me.post(`${attempt}/answer`, [['item', q.item], ...answers(...values)], JSON_TYPE);
  const part = await save(right[0]);
  assert.deepEqual([part.status, part.json.answer, part.json.is_whole], [200, right[0], false]);
  let page = await me.view(`${attempt}?view=all`);
  assert.equal(page.answered, 0);
  assert.equal(page.map[q.number - 1].state_words, 'Answered in part');
  const review = await me.view(`${attempt}/review`);
  assert.equal(review.unanswered.find((u) => u.number === q.number).is_begun, true);
  const whole = await save(...right);
  assert.deepEqual([whole.json.answer, whole.json.is_whole], [right.join(), true]);
  page = await me.view(`${attempt}?view=all`);
  assert.equal(page.answered, 1);
  assert.deepEqual(page.items[q.number - 1].options.map((o) => o.choices.find((c) => c.is_chosen).value), right);
  for (const bad of [['9:1'], ['1:9'], ['1:1', '1:2'], ['1'], ['1:1:1'], ['<b>']]) {
    const refused = await save(...bad);
    assert.equal(refused.status, 422, bad.join());
    assert.equal(refused.json.errors[0].field, 'answer');
  }
});

test('a whole page of answers: what cannot be taken is asked for again, the rest is saved', async () => {
  const me = await learner();
  let attempt, items;
  for (;;) {
    attempt = await startCheck(me);
    ({ items } = await me.view(`${attempt}?view=all`));
    if (items.some((q) => q.type === 'order')) break;
    await me.post(`${attempt}/submit`, [['certificate_name', 'Kinds Learner']]);
  }
  const order = items.find((q) => q.type === 'order');
  const rest = items.filter((q) => q !== order);
  const given = order.options.map((o) => `${o.number}:1`);
  const fields = [...rest.flatMap((q) => rightAnswer(q).map((v) => [`answer.${q.item}`, v])), ...given.map((v) => [`answer.${order.item}`, v])];
  const asked = await me.post(`${attempt}/answers`, fields);
  assert.equal(asked.status, 422);
  assert.match(textOf(asked.text), /Two entries have the same place/);
  for (const value of given) assert.ok(asked.text.includes(`<option value="${value}" selected>`), value);
  const { unanswered, answered } = await me.view(`${attempt}/review`);
  assert.deepEqual([answered, unanswered.map((u) => u.number)], [items.length - 1, [order.number]]);
  const right = rightAnswer(order);
  const again = await me.post(`${attempt}/answers`, right.map((n, i) => [`answer.${order.item}`, `${n}:${i + 1}`]));
  assert.equal(again.headers.location, `${attempt}/review`);
  const shown = (await me.view(`${attempt}?view=all`)).items[order.number - 1];
  assert.deepEqual(shown.options.map((o) => String(o.number)), right, 'an order that was answered stands as it was given');
  const handed = await me.post(`${attempt}/submit`, [['certificate_name', 'Kinds Learner']]);
  assert.equal(handed.status, 303);
  const result = await me.view(`${attempt}/result`);
  assert.equal([result.score, result.is_passed].join(), '4,true');
  assert.ok(result.items.every((q) => q.options.every((o) => o.rationale_html)));
});

test('half of an order right is half a point, in the score as in the question', async () => {
  const me = await learner();
  for (;;) {
    const attempt = await startCheck(me);
    const { items } = await me.view(`${attempt}?view=all`);
    const order = items.find((q) => q.type === 'order' && !isShown(q.options, [1, 0, 2, 3].map((i) => rightAnswer(q)[i])));
    if (order) {
      for (const q of items) {
        const right = rightAnswer(q);
        const given = q === order ? [right[1], right[0], ...right.slice(2)] : right;
        assert.equal((await me.post(`${attempt}/answer`, [['item', q.item], ...answers(...given)])).status, 303);
      }
    }
    await me.post(`${attempt}/submit`, [['certificate_name', 'Kinds Learner']]);
    if (!order) continue;
    const result = await me.view(`${attempt}/result`);
    assert.equal(result.score, '3.5');
    assert.equal(result.right_count, 3);
    return;
  }
});

test('an order as it was shown is no answer, until another one was given', async () => {
  const me = await learner();
  let attempt, order;
  for (attempt = await startCheck(me); !(order = (await me.view(`${attempt}?view=all`)).items.find((x) => x.type === 'order')); )
    await me.post(`${attempt}/submit`, [['certificate_name', 'Kinds Learner']]), (attempt = await startCheck(me));
  const shown = order.options.map((o, i) => `${o.number}:${i + 1}`);
  const scripted = (values) => me.post(`${attempt}/answer`, [['item', order.item], ...answers(...values)], JSON_TYPE);
  const untouched = await scripted(shown);
  assert.deepEqual([untouched.status, untouched.json.errors[0].message], [422, 'Put the entries in order first.']);
  for (const [path, fields] of [['answer', [['item', order.item], ...answers(...shown)]], ['answers', shown.map((v) => [`answer.${order.item}`, v])]]) {
    const asked = await me.post(`${attempt}/${path}`, fields);
    assert.equal(asked.status, 422, path);
    assert.match(textOf(asked.text), /Put the entries in order first/);
  }
  assert.equal((await me.view(`${attempt}/review`)).answered, 0);
  assert.equal((await scripted(rightAnswer(order))).status, 200);
  assert.equal((await scripted(shown)).status, 200, 'put back by hand');
  assert.equal((await me.view(`${attempt}/review`)).answered, 1);
});

test('two answers under one operation id: both stand there in words', async () => {
  const me = await learner();
  const attempt = await startCheck(me);
  const { items } = await me.view(`${attempt}?view=all`);
  for (const q of items.filter((x) => x.type === 'order' || x.type === 'match')) {
    const right = rightAnswer(q);
    const other = q.type === 'order' ? [...right].reverse() : [right[0]];
    const send = (values, accept) => me.post(`${attempt}/answer`, [['item', q.item], ...answers(...values), ['op_id', `operation-${q.number}-1`]], accept);
    await send(right, JSON_TYPE);
    const { status, json } = await send(other, JSON_TYPE);
    assert.equal(status, 409);
    assert.match(json.saved.words, q.type === 'order' ? /^“.*”, then “/ : /^“.*” with “.*”; “/);
    const page = await send(other, 'text/html');
    assert.equal(page.status, 409);
    for (const part of other) assert.ok(page.text.includes(`name="answer" value="${part}"`), part);
  }
});
