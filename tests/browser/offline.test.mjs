// No answer is lost and none is overwritten unseen: the network goes away, the server dies or says that
// it cannot save, the session ends, a second tab is opened, two devices answer the same question. What
// each ends in is read from the database.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { understory, signIn, request, view } from '../support/server.mjs';
import { newPerson } from '../support/people.mjs';
import { addCookie, axeFindings, placeOf, stage } from '../support/browser.mjs';

const course = '/courses/humility';
let s, b;

stage({}, (both) => ({ b, s } = both));

const rows = (sql) => JSON.parse(execFileSync('sqlite3', ['-readonly', '-json', join(s.data, 'understory.db'), sql], { encoding: 'utf8' }) || '[]');
/** Every answer that an attempt was ever given, in the order of its arrival. */
const steps = (me) => rows(`SELECT v.item, s.answer, s.op_id FROM attempt_step s JOIN item_version v ON v.id = s.item_version JOIN attempt a ON a.id = s.attempt WHERE a.uuid = '${me.uuid}' ORDER BY s.id`);
const given = (me) => steps(me).map((r) => [r.item, r.answer]);

async function until(what, holds, ms = 15000) {
  for (const end = Date.now() + ms; ; await new Promise((r) => setTimeout(r, 50))) {
    if (await holds()) return;
    assert.ok(Date.now() < end, `not in time: ${what}`);
  }
}

/** Somebody in a learning check whose questions are all of the kind with one answer: a browser stands at all of them. */
async function learner(options = {}) {
  const person = await newPerson(s, { form: options.shared ? { shared: 'on' } : {} });
  const attempt = (await person.post(`${course}/check`)).headers.location;
  const { items } = await person.view(`${attempt}?view=all`);
  const me = { ...person, form: { form_token: person.token }, attempt, uuid: attempt.split('/').at(-1), items: items.filter((q) => q.type === 'single' || q.type === 'truefalse').map((q) => q.item) };
  me.visitor = await b.visitor({ server: s, cookie: me.cookie });
  me.page = me.visitor.page;
  await me.page.goto(`${s.base}${attempt}?view=all`);
  return me;
}

const questionOf = (page, item) => page.locator(`[data-item="${item}"]`);
const statusOf = (page, item) => questionOf(page, item).locator('[data-status]');
const choose = (page, item, n) => questionOf(page, item).locator(`ul.options input[value="${n}"]`).check();
const chosen = (page, item) => questionOf(page, item).locator('ul.options input:checked').evaluateAll((all) => all.map((e) => e.value));
const line = (page) => page.locator('[data-unsent]');
const waiting = (page) => page.evaluate(() => Object.values(localStorage).flatMap((v) => JSON.parse(v)));
const standing = async (me, item) => (await view(s, `${me.attempt}?view=all`, me.cookie)).items.find((q) => q.item === item).answer;

async function chooseSaved(page, item, n) {
  const reply = page.waitForResponse((r) => r.url().endsWith('/answer'));
  await choose(page, item, n);
  assert.equal((await reply).status(), 200);
  await statusOf(page, item).getByText(/^Saved /).waitFor();
}

/** Faults that are the test's own doing are no faults. */
async function end(me, own = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_EMPTY_RESPONSE|ERR_FAILED|status of (401|403|409|503|507)/) {
  for (const v of [me.visitor, me.other].filter(Boolean)) {
    v.faults.splice(0, v.faults.length, ...v.faults.filter((f) => !own.test(f)));
    v.noFaults();
    await v.close();
  }
}

test('the network is cut in the middle: the page says so, keeps the answers, and sends each once and in order', async () => {
  const me = await learner();
  const { page, items } = me;
  await chooseSaved(page, items[0], 1);
  await me.visitor.context.setOffline(true);
  await line(page).getByText('You are offline.').waitFor();
  assert.match(await line(page).innerText(), /Your answers are kept on this device and will be sent\./);
  assert.equal(await line(page).getAttribute('role'), 'status');
  await choose(page, items[1], 2);
  await choose(page, items[2], 1);
  await choose(page, items[1], 1); // thought over once more before anything left
  await statusOf(page, items[2]).getByText('Not saved yet; kept on this device.').waitFor();
  assert.match(await line(page).innerText(), /2 answers are kept on this device/);
  const kept = await waiting(page);
  assert.deepEqual(kept.map((e) => [e.item, e.answer, e.was]), [[items[2], '1', 'none'], [items[1], '1', 'none']]);
  assert.deepEqual(given(me), [[items[0], '1']]);
  assert.deepEqual(await axeFindings(page), []);
  await me.visitor.context.setOffline(false);
  for (const item of items.slice(1, 3)) await statusOf(page, item).getByText(/^Saved \d\d:\d\d:\d\d$/).waitFor();
  await until('the line goes away', async () => (await line(page).innerText()) === '');
  assert.deepEqual(given(me), [[items[0], '1'], [items[2], '1'], [items[1], '1']]);
  assert.deepEqual(steps(me).slice(1).map((r) => r.op_id), kept.map((e) => e.op), 'under the ids they waited with');
  assert.deepEqual(await waiting(page), []);
  await end(me);
});

test('a reply gets lost on its way: the answer is there once, and the page learns that it is', async () => {
  const me = await learner();
  const { page, items } = me;
  let lost = 0;
  await page.route('**/answer', async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch(); // it arrives
    return route.abort('connectionreset'); // and nobody hears of it
  });
  await choose(page, items[0], 2);
  await statusOf(page, items[0]).getByText(/^Saved /).waitFor();
  assert.ok(lost >= 2);
  assert.deepEqual(given(me), [[items[0], '2']]);
  await end(me);
});

test('the page is closed while the network is away: what waited is sent by the next one, over what was seen', async () => {
  const me = await learner();
  const { page, items } = me;
  await chooseSaved(page, items[0], 1);
  await page.route('**/answer', (route) => route.abort('internetdisconnected'));
  await choose(page, items[0], 2);
  await choose(page, items[1], 2);
  await statusOf(page, items[1]).getByText(/^Not saved yet/).waitFor();
  await page.goto('about:blank');
  await page.unroute('**/answer');
  // Meanwhile another device answers the first of them.
  await request(s, 'POST', `${me.attempt}/answer`, { cookie: me.cookie, form: { ...me.form, item: items[0], answer: '3' } });
  await page.goto(`${s.base}${me.attempt}?view=all`);
  await statusOf(page, items[1]).getByText(/^Saved /).waitFor();
  await questionOf(page, items[0]).getByRole('button', { name: 'Keep what was saved' }).waitFor();
  assert.deepEqual(given(me), [[items[0], '1'], [items[0], '3'], [items[1], '2']]);
  await page.goto(`${s.base}${me.attempt}/review`);
  await line(page).getByRole('link', { name: 'Choose which one stands' }).click();
  await questionOf(page, items[0]).getByRole('button', { name: 'Save what stands here' }).click();
  await statusOf(page, items[0]).getByText(/^Saved /).waitFor();
  assert.equal(await standing(me, items[0]), '2');
  assert.deepEqual(await waiting(page), []);
  await end(me);
});

test('the server is killed in the middle and comes back: all that was acknowledged is there, what waited arrives once', async () => {
  const me = await learner();
  const { page, items } = me;
  await chooseSaved(page, items[0], 1);
  await chooseSaved(page, items[1], 2);
  await s.kill('SIGKILL');
  await choose(page, items[2], 1);
  await choose(page, items[0], 2);
  await line(page).getByText('The server can’t be reached.').waitFor();
  assert.match(await line(page).innerText(), /2 answers are kept on this device and will be sent/);
  await s.start();
  for (const item of [items[2], items[0]]) await statusOf(page, item).getByText(/^Saved /).waitFor({ timeout: 40000 });
  assert.deepEqual(given(me), [[items[0], '1'], [items[1], '2'], [items[2], '1'], [items[0], '2']]);
  assert.deepEqual((await view(s, `${me.attempt}?view=all`, me.cookie)).items.filter((q) => q.answer).length, 3);
  await page.reload();
  assert.deepEqual(await chosen(page, items[0]), ['2']);
  await end(me);
});

for (const [status, words, retry] of [[503, 'The server is busy just now.', '1'], [507, 'The server has no room to save just now.', undefined]])
  test(`the server answers ${status}: the page says why, keeps the answer, and tries again`, async () => {
    const me = await learner();
    const { page, items } = me;
    let refusals = 2;
    await page.route('**/answer', (route) => {
      if (refusals-- <= 0) return route.continue();
      const headers = { 'Content-Type': 'application/problem+json', ...(retry && { 'Retry-After': retry }) };
      return route.fulfill({ status, headers, body: '{"status":503}' });
    });
    await choose(page, items[0], 1);
    await line(page).getByText(words).waitFor();
    assert.match(await line(page).innerText(), /One answer is kept on this device and will be sent/);
    await statusOf(page, items[0]).getByText(/^Saved /).waitFor();
    assert.deepEqual(given(me), [[items[0], '1']]);
    assert.equal(await line(page).innerText(), '');
    await end(me);
  });

test('the session has ended: the page says so and leads to signing in; the answer waits and then arrives', async () => {
  const me = await learner();
  const { page, items } = me;
  await request(s, 'POST', '/sign-out', { cookie: me.cookie, form: me.form });
  await choose(page, items[0], 2);
  await line(page).getByText('You have been signed out.').waitFor();
  const link = line(page).getByRole('link', { name: 'Sign in again' });
  assert.equal(await link.getAttribute('href'), `/sign-in?return_to=${encodeURIComponent(`${me.attempt}?view=all`)}`);
  assert.equal((await waiting(page)).length, 1);
  assert.deepEqual(given(me), []);
  await link.click();
  assert.match(placeOf(page), /^\/sign-in/);
  me.cookie = await signIn(s, me.email);
  await addCookie(me.visitor.context, s, me.cookie);
  await page.goto(`${s.base}${me.attempt}?view=all`);
  await statusOf(page, items[0]).getByText(/^Saved /).waitFor();
  assert.deepEqual(given(me), [[items[0], '2']]);
  await end(me);
});

test('signed out on another tab and in again there: the open page goes on by itself', async () => {
  const me = await learner();
  const { page, items } = me;
  await request(s, 'POST', '/sign-out', { cookie: me.cookie, form: me.form });
  await choose(page, items[0], 2);
  await line(page).getByText('You have been signed out.').waitFor();
  me.cookie = await signIn(s, me.email);
  await addCookie(me.visitor.context, s, me.cookie);
  await statusOf(page, items[0]).getByText(/^Saved /).waitFor(); // with the new session's token
  await chooseSaved(page, items[1], 1);
  assert.deepEqual(given(me), [[items[0], '2'], [items[1], '1']]);
  await end(me);
});

test('on a shared computer nothing is kept on the device: the page keeps it, and says so', async () => {
  const me = await learner({ shared: true });
  const { page, items } = me;
  assert.equal((await view(s, me.attempt, me.cookie)).outbox.keeps, false);
  await me.visitor.context.setOffline(true);
  await choose(page, items[0], 1);
  await statusOf(page, items[0]).getByText('Not saved yet. Please keep this page open.').waitFor();
  assert.match(await line(page).innerText(), /One answer is kept on this page only: please keep it open/);
  assert.deepEqual(await page.evaluate(() => [Object.keys(localStorage), Object.keys(sessionStorage)]), [[], []]);
  await me.visitor.context.setOffline(false);
  await statusOf(page, items[0]).getByText(/^Saved /).waitFor();
  assert.deepEqual(given(me), [[items[0], '1']]);
  await end(me);
});

test('two devices at one question: the later one is asked, whichever it chooses stands, and nothing is lost', async () => {
  for (const [button, stands] of [['Keep what was saved', '1'], ['Save what stands here', '2']]) {
    const me = await learner();
    const { page, items } = me;
    me.other = await b.visitor({ server: s, cookie: me.cookie, width: 360, height: 740 });
    const second = me.other.page;
    await second.goto(`${s.base}${me.attempt}?view=all`);
    await chooseSaved(page, items[0], 1);
    await choose(second, items[0], 2);
    await questionOf(second, items[0]).getByRole('button', { name: button }).waitFor();
    assert.equal(await standing(me, items[0]), '1', 'nothing was overwritten');
    assert.deepEqual(await axeFindings(second), []);
    assert.equal(await second.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await questionOf(second, items[0]).getByRole('button', { name: button }).click();
    await statusOf(second, items[0]).getByText(/^(Saved|What was saved stands)/).waitFor();
    assert.deepEqual(await chosen(second, items[0]), [stands]);
    assert.equal(await standing(me, items[0]), stands);
    assert.deepEqual(await waiting(second), []);
    // The first one has not seen that; its next choice asks, too, unless it is the same.
    if (stands === '2') {
      await choose(page, items[0], 3);
      await questionOf(page, items[0]).getByRole('button', { name: 'Keep what was saved' }).click();
      assert.deepEqual(await chosen(page, items[0]), ['2']);
      assert.deepEqual(given(me), [[items[0], '1'], [items[0], '2']]);
    }
    await end(me);
  }
});

test('two devices at the same moment: one is saved, the other is asked', async () => {
  for (let round = 0; round < 5; round++) {
    const me = await learner();
    const { page, items } = me;
    me.other = await b.visitor({ server: s, cookie: me.cookie });
    const second = me.other.page;
    await second.goto(`${s.base}${me.attempt}?view=all`);
    const answered = [page, second].map((p) => p.waitForResponse((r) => r.url().endsWith('/answer')));
    await Promise.all([choose(page, items[0], 1), choose(second, items[0], 2)]);
    const replies = await Promise.all(answered);
    assert.deepEqual(replies.map((r) => r.status()).sort(), [200, 409]);
    const won = replies[0].status() === 200 ? '1' : '2';
    assert.deepEqual(given(me), [[items[0], won]]);
    const { saved, yours } = await replies.find((r) => r.status() === 409).json();
    assert.deepEqual([saved.answer, yours.answer], [won, won === '1' ? '2' : '1']);
    await end(me);
  }
});

test('a second tab says so and can only be read; it can take over, and then the first one says so', async () => {
  const me = await learner();
  const { page, items } = me;
  const second = await me.visitor.context.newPage();
  await chooseSaved(page, items[0], 1);
  await second.goto(`${s.base}${me.attempt}?view=all`);
  const note = (p) => p.locator('[data-elsewhere]');
  await note(second).getByText('These questions are open in another tab. This one can only be read.').waitFor();
  assert.equal(await questionOf(second, items[1]).locator('input').nth(1).isDisabled(), true);
  assert.equal(await second.getByRole('button', { name: 'Save and review' }).isDisabled(), true);
  assert.equal(await note(page).innerText(), '', 'the first goes on');
  await chooseSaved(page, items[0], 2); // not seen by the second
  assert.deepEqual(await axeFindings(second), []);
  await second.getByRole('button', { name: 'Go on here instead' }).click();
  await note(page).getByText('You went on in another tab. This one can only be read.').waitFor();
  assert.equal(await questionOf(page, items[1]).locator('ul.options input').first().isDisabled(), true);
  await until('the second knows', async () => (await chosen(second, items[0])).join() === '2');
  assert.equal(await note(second).innerText(), '');
  await chooseSaved(second, items[0], 3);
  await chooseSaved(second, items[1], 1);
  assert.deepEqual(given(me), [[items[0], '1'], [items[0], '2'], [items[0], '3'], [items[1], '1']]);
  // And back.
  await page.getByRole('button', { name: 'Go on here instead' }).click();
  await note(second).getByText('You went on in another tab.').waitFor();
  await until('the first knows', async () => (await chosen(page, items[0])).join() === '3');
  await chooseSaved(page, items[1], 2);
  assert.equal(await standing(me, items[1]), '2');
  await second.close();
  await end(me);
});

test('what waited in the first tab when the second took over is sent by the second, once', async () => {
  const me = await learner();
  const { page, items } = me;
  await me.visitor.context.route('**/answer', (route) => route.abort('internetdisconnected'));
  await choose(page, items[0], 2);
  await statusOf(page, items[0]).getByText(/^Not saved yet/).waitFor();
  const second = await me.visitor.context.newPage();
  await second.goto(`${s.base}${me.attempt}?view=all`);
  await second.getByRole('button', { name: 'Go on here instead' }).click();
  await page.locator('[data-elsewhere]').getByText('You went on in another tab.').waitFor();
  await me.visitor.context.unroute('**/answer');
  await statusOf(second, items[0]).getByText(/^Saved /).waitFor({ timeout: 40000 });
  assert.deepEqual(given(me), [[items[0], '2']]);
  await second.close();
  await end(me);
});

test('walking through the questions of one tab never meets itself', async () => {
  const me = await learner();
  const { page } = me;
  for (let n = 1; n <= 4; n++) {
    await page.goto(`${s.base}${me.attempt}?item=${n}`);
    await page.waitForTimeout(900); // longer than a tab looks for another
    assert.equal(await page.locator('[data-elsewhere]').innerText(), '', `question ${n}`);
  }
  await page.goto(`${s.base}${me.attempt}/review`);
  await page.waitForTimeout(900);
  assert.equal(await page.locator('[data-elsewhere]').innerText(), '');
  assert.equal(await page.getByRole('button', { name: 'Hand in' }).isDisabled(), false);
  await end(me);
});
