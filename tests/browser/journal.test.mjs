// Writing for oneself in a real browser: saved in place, never kept by the browser, and without scripts.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { stage } from '../support/browser.mjs';

const course = '/courses/humility';
const lesson = `${course}/where-competence-helped`;
const words = 'I will ask before I assume.';
let s, b;

stage({ demo: true }, (both) => ({ b, s } = both));

async function open(options) {
  const daniel = await b.visitor(options);
  await daniel.enter(s, 'daniel', lesson);
  await daniel.go(s, lesson);
  return daniel;
}

const box = (page) => page.getByLabel('Your words');
const status = (page) => page.locator('form.private [data-status]');
const stored = (page) => page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));

test('saved in place, with when; what could not be saved stays in its box and nowhere else', async () => {
  const daniel = await open();
  const { page } = daniel;
  const summary = page.getByText('Write it down, for your eyes only');
  assert.equal(await box(page).isVisible(), false, 'nothing asks for it');
  await summary.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.type(words);
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Not saved: the server can’t be reached').waitFor();
  assert.equal(await box(page).inputValue(), words);
  assert.ok(!(await stored(page)).includes('assume'));
  daniel.faults.splice(0); // the browser says that it is offline
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('form.private .status.saved').waitFor();
  assert.match(await status(page).innerText(), /^Saved \d\d:\d\d:\d\d$/);
  await page.reload();
  assert.equal(await box(page).inputValue(), words);
  assert.ok(!(await stored(page)).includes('assume'));
  daniel.noFaults();
  await daniel.close();
});

test('in the journal what is shown changes with what is saved, and is deleted after one question', async () => {
  const daniel = await b.visitor();
  await daniel.enter(s, 'daniel', '/journal');
  const { page } = daniel;
  assert.equal(await page.locator('.written').innerText(), words);
  await page.getByText('Edit', { exact: false }).first().click();
  await box(page).fill('I asked, and was wrong.');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('form.private .status.saved').waitFor();
  assert.equal(await page.locator('.written').innerText(), 'I asked, and was wrong.');
  await page.getByRole('link', { name: /^Delete/ }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await page.getByText('Deleted for good.').waitFor();
  assert.equal(await page.locator('.written').count(), 0);
  daniel.noFaults();
  await daniel.close();
});

test('other words stay, too, when nobody answers; and a button pressed twice sends them once', async () => {
  const daniel = await open();
  const { page } = daniel;
  let posts = 0;
  page.on('request', (r) => (posts += r.method() === 'POST' && !r.url().endsWith('/active')));
  for (const [path, fields, button, then] of [
    [`${course}/challenge?lesson=repair`, { 'What is wrong': 'It took me an hour to write this.' }, 'Send', /sent=named/],
    [`${course}/alternative`, { 'What would work better for you': 'A talk about it, please.' }, 'Send', /alternative$/],
    [course, { 'If …': 'a round begins', 'then I will …': 'ask one more question' }, 'Save it', /#commit$/],
  ]) {
    await daniel.go(s, path);
    if (path === course) await page.getByText('Write it down, for your eyes only').click();
    for (const [name, text] of Object.entries(fields)) await page.getByLabel(name).last().fill(text);
    await page.context().setOffline(true);
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('alert').getByText('Not sent: the server can’t be reached. What you typed stands here').waitFor();
    for (const [name, text] of Object.entries(fields)) assert.equal(await page.getByLabel(name).last().inputValue(), text);
    await page.context().setOffline(false);
    posts = 0;
    await page.getByRole('button', { name: button }).dblclick();
    await page.waitForURL(then);
    await page.getByText(Object.values(fields)[0]).first().waitFor({ state: path.includes('challenge') ? 'detached' : 'attached' });
    assert.equal(posts, 1, path);
  }
  const asked = page.waitForEvent('dialog');
  await page.getByText('Write down another').click();
  await page.getByLabel('If …').last().fill('a round ends');
  await daniel.go(s, '/courses');
  assert.equal((await asked).type(), 'beforeunload', 'a commitment is not left behind unasked');
  daniel.faults.splice(0); // the browser says that it was offline
  await daniel.close();
});

test('without scripts: the same, by keyboard', async () => {
  const daniel = await open({ scripts: false, width: 360, height: 740 });
  const { page } = daniel;
  await page.getByText('Write it down, for your eyes only').click();
  await box(page).fill(words);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.locator('form.private .status.saved').waitFor();
  assert.equal(new URL(page.url()).hash, '#reflect-r1');
  assert.equal(await box(page).inputValue(), words);
  daniel.noFaults();
  await daniel.close();
});
