// What comes back to My learning over a quarter of a year, on a phone, by keyboard and without scripts:
// questions from memory, commitments that ask how they went, and the answer to a challenge. The server
// is started again on each day.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { view } from '../support/server.mjs';
import { placeOf, steps, stage } from '../support/browser.mjs';
import { session } from '../support/people.mjs';
import { answerKey, plain } from '../support/key.mjs';

const start = Date.parse('2026-11-22T17:05:09Z');
const key = new Map(['humility', 'measure'].flatMap((course) => [...answerKey(course)]));
const step = steps(test);
let s, b, samuel, page, missed;

/** The date `n` days after the beginning, as pages write it. */
const date = (n) => {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: 'America/Los_Angeles', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }).formatToParts(new Date(start + n * 86400e3));
  const of = (type) => parts.find((p) => p.type === type).value;
  return `${of('weekday')} ${of('day')} ${of('month')} ${of('year')}`;
};

/** My learning, `n` days after the beginning, each day some minutes later than the one before. */
async function onDay(n, device = {}) {
  samuel?.noFaults();
  await samuel?.close();
  s.env.UNDERSTORY_NOW = new Date(start + n * (86400e3 + 60e3)).toISOString().replace(/\.\d+/, '');
  await s.restart();
  samuel = await b.visitor({ scripts: false, width: 360, height: 740, ...device });
  page = samuel.page;
  await samuel.enter(s, 'samuel');
  assert.equal(placeOf(page), '/');
}

const main = () => page.locator('main').innerText();
const button = (name) => page.locator('main').getByRole('button', { name }).first();
const link = (name) => page.locator('main').getByRole('link', { name }).first();

/** Tab by Tab until the focus is on it, and is shown. */
async function tabTo(locator) {
  const target = await locator.elementHandle();
  for (let i = 0; i < 150; i++) {
    if (await target.evaluate((e) => e === document.activeElement)) return assert.ok(await target.evaluate((e) => e.matches(':focus-visible')));
    await page.keyboard.press('Tab');
  }
  return assert.fail(`no Tab reaches ${locator} on ${placeOf(page)}`);
}

/** Enter on what leads to another page or sends a form; no page is wider than the phone. */
async function enter(locator) {
  await tabTo(locator);
  await Promise.all([page.waitForEvent('framenavigated'), page.waitForEvent('load'), page.keyboard.press('Enter')]);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 360, `${placeOf(page)}: ${wide} px wide`);
}

async function type(field, words) {
  await tabTo(field);
  await page.keyboard.type(words);
}

/** Chooses in a question that is open: options by Space and arrows, partners in their lists. */
async function choose(form, answers) {
  const inputs = form.locator('ul.options input'), lists = form.locator('ul.options select');
  for (let i = 0; i < (await lists.count()); i++) {
    await tabTo(lists.nth(i));
    await lists.nth(i).selectOption(String(answers[i]));
  }
  if ((await inputs.count()) === 0) return;
  const many = (await inputs.first().getAttribute('type')) === 'checkbox';
  for (const n of many ? answers : answers.slice(0, 1)) {
    const wanted = form.locator(`ul.options input[value="${n}"]`);
    await tabTo(many ? wanted : inputs.first());
    await page.keyboard.press('Space');
    while (!many && !(await wanted.isChecked())) await page.keyboard.press('ArrowDown');
  }
}

const open = () => page.locator('form.question');
const itemOf = async (form) => key.get(await form.locator('input[name=item]').inputValue());

/** Finishes a course by its check, on the present day. */
async function finish(course) {
  const me = await session(s, 'samuel');
  const { location } = (await me.post(`/courses/${course}/check`)).headers;
  const { items } = await view(s, `${location}?view=all`, me.cookie);
  for (const { item } of items) await me.post(`${location}/answer`, [['item', item], ...key.get(item).key.map((n) => ['answer', n])]);
  const { headers } = await me.post(`${location}/submit`, [['certificate_name', 'Samuel Goldberg']]);
  assert.equal(headers.location, `/courses/${course}/completed`);
}

stage({ demo: true, env: { UNDERSTORY_NOW: '2026-11-22T17:05:09Z' } }, (both) => ({ b, s } = both));

step('the day a course is finished: one commitment, and My learning says what will come', async () => {
  await onDay(0);
  await finish('humility');
  await samuel.go(s, '/courses/humility/completed');
  await tabTo(page.locator('summary', { hasText: 'Write it down, for your eyes only' }));
  await page.keyboard.press('Enter');
  await type(page.getByLabel('If …'), 'a consult begins');
  await type(page.getByLabel('then I will …'), 'ask what worries them');
  await enter(page.locator('form.private').getByRole('button'));
  assert.match(await main(), /If a consult begins, then I will ask what worries them/);
  await enter(page.getByRole('link', { name: 'Faculty learning' }));
  assert.ok((await main()).includes(`Two questions come back on ${date(7)}.`));
  assert.ok((await main()).includes(`You will be asked about a commitment on ${date(30)}.`));
});

step('day 7: two questions wait; “Not now” is one press, and they are back in a week', async () => {
  await onDay(7);
  assert.match(await main(), /Waiting for you\s+Two questions, from memory/);
  await enter(button('Not now'));
  assert.equal(placeOf(page), '/');
  assert.ok((await main()).includes(`Two questions come back on ${date(14)}.`));
  await onDay(13);
  assert.equal(await link('Answer now').count(), 0);
});

step('day 14: answers show every reason; one of them is not right', async () => {
  await onDay(14);
  await enter(link('Answer now'));
  assert.equal(await open().count(), 2);
  const it = await itemOf(open().first());
  missed = it.id;
  assert.ok(!plain(await main()).includes(plain(it.options[0].rationale)), 'no reason before the answer');
  await enter(open().first().getByRole('button', { name: 'Answer' }));
  assert.match(await main(), /Choose an answer first/);
  await choose(open().first(), it.wrong);
  await enter(open().first().getByRole('button', { name: 'Answer' }));
  const result = page.locator('section.question').first();
  assert.match(await result.innerText(), /Not the answer we were after/);
  for (const o of it.options) assert.ok(plain(await result.innerText()).includes(plain(o.rationale)), o.text);
  assert.match(placeOf(page), /#question-1$/, 'the page comes back at the question');
  await choose(open(), (await itemOf(open())).key);
  await enter(open().getByRole('button', { name: 'Answer' }));
  assert.ok((await main()).includes(`That was all for today. The next two come on ${date(30)}.`));
  await enter(link('Back to My learning'));
  assert.equal(placeOf(page), '/');
});

step('day 30, with scripts: the missed one is back once more, and the result takes the focus', async () => {
  await onDay(25);
  await finish('measure');
  await onDay(30, { scripts: true });
  await enter(link('Answer now'));
  const items = await open().locator('input[name=item]').evaluateAll((all) => all.map((e) => e.value));
  assert.ok(items.includes(missed), 'once more');
  for (const item of items) {
    const form = open().filter({ has: page.locator(`input[name=item][value="${item}"]`) }), id = await form.getAttribute('id');
    await choose(form, key.get(item).key);
    await tabTo(form.getByRole('button', { name: 'Answer' }));
    await page.keyboard.press('Enter');
    const result = page.locator(`section#${id}`);
    await result.waitFor();
    assert.match(await result.innerText(), /That is right/);
    assert.ok(await result.evaluate((e) => e === document.activeElement), 'the result has the focus');
  }
});

step('the commitment asks after 30 days, and one press answers', async () => {
  await samuel.go(s, '/');
  assert.match(await main(), /Your commitment of Sun 22 Nov 2026\s+If a consult begins, then I will ask what worries them\s+Did it happen\?/i);
  for (const name of ['Done', 'Partly', 'Not yet', 'No longer']) assert.equal(await button(name).count(), 1, name);
  await enter(button('Partly'));
  assert.equal(placeOf(page), '/');
  assert.ok((await main()).includes(`You will be asked about a commitment on ${date(90)}.`));
});

step('at most two a week, whatever was finished; what was right does not come again', async () => {
  await onDay(33); // the second course's first two were due on day 32
  assert.ok((await main()).includes(`Two questions come back on ${date(37)}.`), await main());
  await onDay(37);
  await enter(link('Answer now'));
  assert.equal(await open().count(), 2);
  assert.equal(await open().locator(`input[value="${missed}"]`).count(), 0, 'once more was once');
});

step('two that went by, and it is quiet until somebody wants them again', async () => {
  await onDay(55);
  assert.match(await main(), /Two questions, from memory/);
  await onDay(63);
  assert.match(await main(), /Two rounds of questions went by, so no more come for now\./);
  assert.equal(await link('Answer now').count(), 0);
  await enter(button('Let them come back'));
  assert.equal(placeOf(page), '/');
  assert.match(await main(), /Two questions, from memory/);
});

step('a challenge is sent with a name; its answer is news until it is read', async () => {
  await samuel.go(s, '/courses/humility/asking-well');
  await enter(link('Challenge this lesson'));
  await type(page.getByLabel('What is wrong'), 'Twice is not always enough.');
  await enter(button('Send'));
  assert.match(await main(), /Thank you[\s\S]*“Your questions”/i);
  const center = await session(s, 'evaluator');
  const [{ href }] = (await view(s, '/administration/challenges', center.cookie)).open;
  assert.equal((await center.post(`${href}/answer`, [['seen', 0], ['verdict', 'declined'], ['answer', 'Once more, then: twice is a beginning.']])).status, 303);
  await samuel.go(s, '/');
  assert.match(await main(), /Your question about the lesson “Asking well” was answered\./);
  await enter(link('Read the answer'));
  assert.match(placeOf(page), /^\/account\/questions#/);
  assert.match(await main(), /Twice is not always enough\.[\s\S]*Once more, then: twice is a beginning\./);
  for (const until = Date.now() + 5000; ; ) {
    await samuel.go(s, '/'); // what was read is written behind the answer
    if (!(await main()).includes('was answered')) break;
    assert.ok(Date.now() < until, 'the notice goes after reading');
  }
});

step('switched off on the account, nothing comes and My learning says so; on again, it does', async () => {
  await samuel.go(s, '/account');
  await enter(button('Switch it off'));
  assert.match(await main(), /Switched off\. Nothing comes back to you any more\./);
  await onDay(90);
  assert.match(await main(), /Nothing comes back: you have switched it off\./);
  assert.doesNotMatch(await main(), /Did it happen|from memory/);
  await enter(link('Switch it on again'));
  await enter(button('Switch it on again'));
  await samuel.go(s, '/');
  assert.match(await main(), /Two questions, from memory[\s\S]*Did it happen\?/i);
});

step('after 90 days it asks once more, and all its answers are kept', async () => {
  await enter(button('Done'));
  assert.doesNotMatch(await main(), /Did it happen/i);
  await samuel.go(s, '/commitments');
  assert.match(await main(), new RegExp(`${date(90)}: Done\\s+${date(30)}: Partly`));
  samuel.noFaults();
});
