// What comes back after a course, over HTTP and across months: the server is started again at another
// time, and what stands on My learning is what is due then.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer, request, view, textOf } from '../support/server.mjs';
import { session } from '../support/people.mjs';
import { answerKey } from '../support/key.mjs';

const key = answerKey();
const start = Date.parse('2026-11-22T17:05:09Z');
const JSON_TYPE = 'application/json';
let s, me, missed;

/** The server goes on at noon (here) of day n after the course was finished. */
async function day(n) {
  s.env.UNDERSTORY_NOW = new Date(start + n * 86400e3 + 3600e3).toISOString().replace(/\.\d+/, '');
  await s.restart();
  me = await session(s, 'samuel');
}
const questions = async (who = me) => (await view(s, '/', who.cookie)).learning.waiting.questions;
const home = async (who = me) => textOf((await who.get('/', 'text/html')).text);
const words = (n) => {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: 'America/Los_Angeles', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
    .formatToParts(new Date(start + n * 86400e3));
  const of = (type) => parts.find((p) => p.type === type).value;
  return `${of('weekday')} ${of('day')} ${of('month')} ${of('year')}`;
};

/** What was offered is written behind the answer. */
async function offered(href) {
  for (const until = Date.now() + 5000; Date.now() < until; ) {
    const { status } = await me.get(href, JSON_TYPE);
    if (status === 200) return;
  }
  assert.fail(`${href} is not offered`);
}

before(async () => {
  s = await startServer({ demo: true, env: { UNDERSTORY_NOW: '2026-11-22T17:05:09Z' } });
  me = await session(s, 'samuel');
  const { location } = (await me.post('/courses/humility/check')).headers;
  const { items } = await view(s, `${location}?view=all`, me.cookie);
  for (const { item } of items)
    await me.post(`${location}/answer`, [['item', item], ...key.get(item).key.map((n) => ['answer', n])]);
  const { headers } = await me.post(`${location}/submit`, [['certificate_name', 'Samuel Goldberg']]);
  assert.equal(headers.location, '/courses/humility/completed');
});
after(() => s?.stop());

test('before a course is finished, the empty state says what will come and when', async () => {
  const mei = await session(s, 'mei');
  assert.equal((await questions(mei)).mode, 'none');
  assert.match(await home(mei), /Two questions come back here 7, 30, 60 and 120 days after you finish “Cultural humility/);
});

test('once it is finished, the day on which two questions come back stands there', async () => {
  const q = await questions();
  assert.deepEqual([q.mode, q.href, q.later_href], ['waits', '', '']);
  assert.ok((await home()).includes(`Two questions come back on ${words(7)}.`), await home());
});

test('on the day they stand on My learning, and show neither key nor rationale before the answer', async () => {
  await day(7);
  const q = await questions();
  assert.equal(q.mode, 'open');
  assert.match(await home(), /Waiting for you Two questions, from memory Answer now Not now After “Cultural humility[^”]*”\. Here since/);
  await offered(q.href);
  const page = await view(s, q.href, me.cookie);
  assert.equal(page.questions.length, 2);
  const names = JSON.stringify(page.questions.map((x) => [Object.keys(x), x.options.map((o) => Object.keys(o))]));
  assert.doesNotMatch(names, /is_key|is_right|rationale|explanation|verdict/);
  for (const x of page.questions) assert.equal(key.get(x.item).spaced, 'yes');
  const again = await view(s, q.href, me.cookie);
  assert.deepEqual(again.questions, page.questions, 'a reload shows the same two, in the same order');
});

test('nobody else sees them', async () => {
  const { href } = await questions();
  for (const who of ['amara', 'chair-medicine', 'evaluator', 'administrator']) {
    const other = await session(s, who);
    assert.equal((await other.get(href, JSON_TYPE)).status, 404, who);
    assert.equal((await other.post(`${href}/answer`, [['item', 'q-humility-01'], ['answer', 1]], JSON_TYPE)).status, 404);
    assert.equal((await other.post(`${href}/later`)).status, 404);
  }
});

test('an answer is saved with its result and every rationale, and the first stands', async () => {
  const { href } = await questions();
  const [first] = (await view(s, href, me.cookie)).questions;
  const it = key.get(first.item);
  missed = first.item;
  const asking = await me.post(`${href}/answer`, [['item', first.item]]);
  assert.equal(asking.status, 422);
  assert.match(asking.text, /class="error-summary"[^]*<a href="#field-question-1">Choose an answer first\.<\/a>[^]*id="field-question-1"/);
  const answered = await me.post(`${href}/answer`, [['item', first.item], ...it.wrong.map((n) => ['answer', n])]);
  assert.deepEqual([answered.status, answered.headers.location], [303, `${href}#question-1`]);
  const { questions: [shown, open], is_done: done } = await view(s, href, me.cookie);
  assert.equal(shown.verdict, 'not-right');
  assert.equal(shown.options.filter((o) => o.rationale_html).length, it.options.filter((o) => o.rationale).length);
  assert.deepEqual([open.is_answered, done], [false, false]);
  assert.equal((await me.get(shown.challenge_href, 'text/html')).status, 200, 'it can be challenged now');
  const other = [['item', first.item], ...it.key.map((n) => ['answer', n])];
  assert.equal((await me.post(`${href}/answer`, other, JSON_TYPE)).status, 409);
  assert.equal((await me.post(`${href}/answer`, other)).status, 303, 'a plain form is led to the answer that stands');
  assert.equal((await view(s, href, me.cookie)).questions[0].verdict, 'not-right');
  assert.match(await home(), /One question, from memory/);
});

test('the second answer ends it, and the next date is said', async () => {
  const { href } = await questions();
  const { item } = (await view(s, href, me.cookie)).questions[1];
  const done = await me.post(`${href}/answer`, [['item', item], ...key.get(item).key.map((n) => ['answer', n]), ['op_id', 'follow-up-op-1']], JSON_TYPE);
  assert.equal(done.status, 200, done.text);
  assert.equal(done.json.is_done, true);
  assert.equal(done.json.next_words, `The next two come on ${words(30)}.`);
  assert.ok((await home()).includes(`Two questions come back on ${words(30)}.`));
});

test('the one answered wrong comes once more in the next; "Not now" moves it by a week', async () => {
  await day(30);
  const { href, later_href: later } = await questions();
  await offered(href);
  const put = await me.post(later);
  assert.deepEqual([put.status, put.headers.location], [303, '/']);
  assert.ok((await home()).includes(`Two questions come back on ${words(37)}.`), await home());
  await day(38);
  assert.equal((await questions()).href, href, 'the same two are back');
  const { questions: two } = await view(s, href, me.cookie);
  assert.ok(two.some((q) => q.item === missed), 'once more');
});

test('after two that went by it is quiet, until it is switched on', async () => {
  await day(61); // the first went by when the next was due
  const second = (await questions()).href;
  await offered(second);
  await day(121);
  assert.equal((await questions()).mode, 'still');
  assert.match(await home(), /Two rounds of questions went by, so no more come for now\. Let them come back/);
  const on = await me.post('/account/follow-ups', [['to', 'on'], ['return_to', '/']]);
  assert.equal(on.headers.location, '/');
  assert.equal((await questions()).mode, 'open');
});

test('switching off on the account stops at once, and says so', async () => {
  const account = await me.get('/account', 'text/html');
  assert.match(textOf(account.text), /Switching this off stops both at once/);
  const off = await me.post('/account/follow-ups', [['to', 'off']]);
  assert.equal(off.headers.location, '/account?saved=follow-ups-off');
  assert.match(textOf((await me.get(off.headers.location, 'text/html')).text), /Switched off\. Nothing comes back to you any more\./);
  assert.deepEqual([(await questions()).mode, (await questions()).href], ['off', '']);
  assert.match(await home(), /you have switched it off\. Switch it on again/);
  assert.equal((await me.post('/account/follow-ups', [['to', 'sideways']])).status, 422);
  assert.equal((await request(s, 'GET', '/account/follow-ups', { cookie: me.cookie })).status, 405);
  await me.post('/account/follow-ups', [['to', 'on']]);
  assert.equal((await questions()).mode, 'open');
});

test('a chair and the center see nothing of it', async () => {
  for (const [who, path] of [['chair-medicine', '/departments/medicine'], ['evaluator', '/outcomes'], ['administrator', '/administration/people?q=goldberg']])
    assert.doesNotMatch((await (await session(s, who)).get(path, JSON_TYPE)).text, /follow|waiting|still/i, path);
});
