// Entries put in order with buttons, lines matched in selects: with the keyboard, by a reader who
// hears the page, on a phone, and without scripts.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { view, sourceDir, buildDir } from '../support/server.mjs';
import { newPerson } from '../support/people.mjs';
import { axeFindings, withoutScripts, stage } from '../support/browser.mjs';

const course = '/courses/kinds';
const folder = join(buildDir, 'screenshots-kinds');
let s, b;

stage({ args: ['--courses', join(sourceDir, 'tests/data/kinds')] }, async (both) => {
  ({ b, s } = both);
  mkdirSync(folder, { recursive: true });
});

/** Somebody who has begun, in a browser: {page, cookie, view, …}. */
async function learner(options = {}) {
  const me = await newPerson(s);
  await me.post(`${course}/begin`);
  return { ...me, ...(await b.visitor({ server: s, cookie: me.cookie, ...options })) };
}

/** An attempt that holds both an order and a match. */
async function startCheck(me) {
  for (;;) {
    const { headers } = await me.post(`${course}/check`);
    const attempt = headers.location;
    const { items } = await me.view(`${attempt}?view=all`);
    const found = (type) => items.find((q) => q.type === type);
    if (found('order') && found('match')) return { attempt, items, order: found('order'), match: found('match') };
    await me.post(`${attempt}/submit`, { certificate_name: 'Kinds Learner' });
  }
}

const questionOf = (lesson) => lesson.pieces.find((p) => p.kind === 'question').question;
const wordsOf = (page) => page.locator('[data-order] [data-words]').allInnerTexts();
const moveAny = (page) => page.getByRole('button', { name: /^Move down: / }).first().click();
const saved = (page) => page.waitForResponse((r) => r.url().endsWith('/answer') && r.ok());

test('an order is put right by keyboard: focus stays, the place is said, each move is saved', async () => {
  const me = await learner();
  const { attempt, order } = await startCheck(me);
  const { page } = me;
  await page.goto(`${s.base}${attempt}?item=${order.number}`);
  const before = await wordsOf(page);
  const itemNow = async () => (await me.view(`${attempt}?view=all`)).items[order.number - 1];
  const last = page.getByRole('button', { name: /^Move up: / }).last();
  await last.focus();
  let reply = saved(page);
  await page.keyboard.press('Enter');
  await reply;
  const moved = await wordsOf(page);
  assert.deepEqual(moved, [before[0], before[1], before[3], before[2]]);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), `Move up: ${before[3]}`);
  assert.equal(await page.locator('[data-order] + [role=status]').innerText(), `“${before[3]}” is now 3rd of 4.`);
  const text = (q) => q.options.map((o) => o.option_html.replace(/&(lt|gt|amp|quot);/g, (_, n) => ({ lt: '<', gt: '>', amp: '&', quot: '"' })[n]));
  assert.deepEqual(text(await itemNow()), moved, 'what is seen is what is saved');
  for (let i = 0; i < 2; i++) {
    reply = saved(page);
    await page.keyboard.press('Enter');
    await reply;
  }
  assert.deepEqual(await wordsOf(page), [before[3], before[0], before[1], before[2]]);
  const top = page.getByRole('button', { name: `Move up: ${before[3]}` });
  assert.equal(await top.getAttribute('aria-disabled'), 'true');
  await page.keyboard.press('Enter'); // nowhere to go, and the focus is not lost
  assert.ok(await top.evaluate((e) => e === document.activeElement));
  assert.match(await page.locator('[data-status]').innerText(), /^Saved /);
  await page.reload();
  assert.deepEqual(await wordsOf(page), [before[3], before[0], before[1], before[2]]);
  me.noFaults();
  await me.close();
});

test('an order that nobody moved is no answer, alone or on a page of many', async () => {
  const me = await learner();
  const { attempt, order } = await startCheck(me);
  const { page } = me;
  await page.goto(`${s.base}${attempt}?view=all`);
  await page.getByRole('button', { name: 'Save and review' }).click();
  await page.waitForURL(/review$/);
  assert.equal((await me.view(attempt)).answered, 0);
  await page.goto(`${s.base}${attempt}?item=${order.number}`);
  const shown = await wordsOf(page);
  await page.getByRole('button', { name: /^Save and / }).click();
  await page.waitForURL(/asking=1/);
  assert.match(await page.locator('.field-error').innerText(), /Put the entries in order, or leave this one for later/);
  assert.deepEqual(await wordsOf(page), shown);
  assert.equal((await me.view(attempt)).answered, 0);
  me.noFaults();
  await me.close();
});

test('a match is saved line by line, and is answered when no line is open', async () => {
  const me = await learner();
  const { attempt, match } = await startCheck(me);
  const { page } = me;
  await page.goto(`${s.base}${attempt}?item=${match.number}`);
  const selects = page.locator('[data-match] select');
  const n = await selects.count();
  for (let i = 0; i < n; i++) {
    const reply = saved(page);
    await selects.nth(i).selectOption({ index: 1 });
    assert.equal((await (await reply).json()).is_whole, i + 1 === n);
    const words = i + 1 === n ? 'Answered' : 'Answered in part';
    await page.waitForFunction(([k, w]) => document.querySelectorAll('.path > li .meta')[k].textContent === w, [match.number - 1, words]);
  }
  await page.reload();
  assert.deepEqual(await selects.evaluateAll((all) => all.map((e) => e.selectedIndex)), Array(n).fill(1));
  me.noFaults();
  await me.close();
});

test('in a lesson the question turns to its result in place, and can be tried again', async () => {
  const me = await learner({ width: 360, height: 740 });
  const { page } = me;
  await page.goto(`${s.base}${course}/order`);
  await page.getByRole('button', { name: 'Answer' }).click();
  assert.match(await page.locator('.field-error').innerText(), /Put the entries in order first/);
  await moveAny(page);
  await page.getByRole('button', { name: 'Answer' }).click();
  const result = page.locator('section[data-question]');
  await result.waitFor();
  assert.match(await result.innerText(), /of 4 in their right place/);
  await page.getByRole('link', { name: 'Try again' }).click();
  await page.locator('form[data-question]').waitFor();
  const before = await wordsOf(page);
  await page.getByRole('button', { name: /^Move down: / }).first().click();
  assert.deepEqual((await wordsOf(page)).slice(0, 2), [before[1], before[0]], 'buttons are there again');

  await page.goto(`${s.base}${course}/match`);
  await page.getByRole('button', { name: 'Answer' }).click();
  assert.equal(await page.locator('section[data-question]').count(), 0, 'the browser asks for every line');
  for (const select of await page.locator('[data-match] select').all()) await select.selectOption({ index: 1 });
  await page.getByRole('button', { name: 'Answer' }).click();
  await result.waitFor();
  assert.match(await result.innerText(), /1 of 3 pairs right/);
  me.noFaults();
  await me.close();
});

test('in a lesson an answer that could not be saved stands there, and the page says why', async () => {
  const me = await learner({ width: 360, height: 740 });
  const { page } = me;
  const answer = () => page.getByRole('button', { name: 'Answer' }).click();
  const isAnswered = async () => questionOf(await me.view(`${course}/multiple`)).is_answered;
  await page.goto(`${s.base}${course}/multiple`);
  await page.locator('ul.options input').first().check();
  await me.context.setOffline(true);
  await answer();
  await page.getByText('Not saved yet: the server can’t be reached.').waitFor();
  assert.equal(await page.locator('ul.options input').first().isChecked(), true);
  await me.context.setOffline(false);
  const cookies = await me.context.cookies();
  await me.context.clearCookies();
  await answer();
  await page.getByRole('heading', { name: 'Please sign in first' }).waitFor();
  assert.equal(await isAnswered(), false);
  await me.context.addCookies(cookies);
  await page.goto(`${s.base}${course}/multiple`);
  await page.locator('ul.options input').first().check();
  await page.evaluate(() => (document.querySelector('form[data-question] input[name=form_token]').value = 'of-an-older-page'));
  await answer();
  await page.waitForURL('**/answer');
  assert.match(await page.locator('main').innerText(), /Send it again/);
  await page.getByRole('button', { name: 'Send it again' }).click();
  await page.locator('section[data-question]').waitFor();
  assert.equal(await isAnswered(), true);
  me.faults.splice(0, me.faults.length, ...me.faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|status of (401|403)/.test(f)));
  me.noFaults();
  await me.close();
});

test('without scripts: places and partners in selects', async () => {
  const me = await learner({ scripts: false, width: 360, height: 740 });
  const { page } = me;
  await page.goto(`${s.base}${course}/order`);
  assert.equal(await page.getByRole('button', { name: /^Move/ }).count(), 0);
  for (const [i, entry] of (await page.locator('[data-order] select').all()).entries()) await entry.selectOption({ index: 4 - i });
  await page.getByRole('button', { name: 'Answer' }).click();
  assert.match(await page.locator('section[data-question]').innerText(), /of 4 in their right place/);
  const { attempt, order } = await startCheck(me);
  await page.goto(`${s.base}${attempt}?item=${order.number}`);
  const selects = page.locator('[data-order] select');
  for (const select of await selects.all()) await select.selectOption({ index: 1 });
  await page.getByRole('button', { name: /^Save and / }).click();
  assert.match(await page.locator('.field-error').innerText(), /Two entries have the same place/);
  assert.deepEqual(await selects.evaluateAll((all) => all.map((e) => e.selectedIndex)), [1, 1, 1, 1]);
  for (const [i, select] of (await selects.all()).entries()) await select.selectOption({ index: 4 - i });
  await page.getByRole('button', { name: /^Save and / }).click();
  assert.equal((await me.view(attempt)).answered, 1);
  me.noFaults();
  await me.close();
});

for (const width of [1280, 320])
  for (const scheme of ['light', 'dark'])
    test(`axe finds nothing, and nothing runs over the edge: ${width} px, ${scheme}`, async () => {
      const me = await learner({ width, height: 800, scheme });
      const { page } = me;
      const { attempt, order, match } = await startCheck(me);
      const look = async (name) => {
        assert.deepEqual(await axeFindings(page), [], name);
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth > 0), false, name);
        await page.screenshot({ path: join(folder, `${name}-${width}-${scheme}.png`), fullPage: true });
      };
      for (const [name, path] of [['order-lesson', `${course}/order`], ['match-lesson', `${course}/match`], ['order', `${attempt}?item=${order.number}`], ['match', `${attempt}?item=${match.number}`]]) {
        await page.goto(s.base + path);
        await look(name);
        await withoutScripts(page, () => page.goto(s.base + path));
        await look(`${name}-plain`);
      }
      await page.goto(`${s.base}${attempt}?item=${match.number}`);
      await page.locator('[data-match] select').first().selectOption({ index: 1 });
      await page.goto(`${s.base}${attempt}?item=${order.number}`);
      await page.getByRole('button', { name: /^Move up: / }).last().click();
      await page.locator('.status.saved').waitFor();
      await page.goto(`${s.base}${attempt}/review`);
      await look('review');
      await page.getByLabel('Name on your certificate').isVisible() && (await page.getByLabel('Name on your certificate').fill('Kinds Learner'));
      await page.getByRole('button', { name: 'Hand in' }).click();
      await page.waitForURL(/result$/);
      await look('result');
      assert.equal(await page.evaluate(() => window.ran), undefined);
      me.noFaults();
      await me.close();
    });
