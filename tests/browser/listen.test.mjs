// Listening to a lesson, and what the page tells of somebody at work. The voice is a stand-in that says
// what it was asked to say, since a browser without sound has none.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { stage } from '../support/browser.mjs';

const lesson = '/courses/humility/where-competence-helped';
let s, b;

stage({ demo: true }, (both) => ({ b, s } = both));

/** speechSynthesis with one voice: what it says lies in `said`; `goOn()` ends what it is saying. */
function voice() {
  let words = null;
  const said = [];
  const stand = {
    said,
    cancelled: 0,
    speak(u) { words = u; said.push(u.text); },
    cancel() { words = null; stand.cancelled++; },
    getVoices: () => [{ name: 'Voice', lang: 'en-US' }],
    addEventListener() {},
    goOn() { const u = words; words = null; u.onend(); },
    isSpeaking: () => words !== null,
  };
  Object.defineProperty(window, 'speechSynthesis', { value: stand });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
}

async function open(path, options, prepare) {
  const daniel = await b.visitor(options);
  await daniel.enter(s, 'daniel', '/');
  if (prepare) await daniel.page.addInitScript(prepare);
  await daniel.go(s, path);
  return daniel;
}

const said = (page) => page.evaluate(() => window.speechSynthesis.said);
const button = (page, name) => page.getByRole('button', { name, exact: true });

test('a lesson is read from its heading to its end, passage by passage, and no question', async () => {
  const daniel = await open(lesson, {}, voice);
  const { page } = daniel;
  await button(page, 'Listen').focus();
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('.is-spoken').innerText(), await page.locator('h1').innerText());
  for (let i = 0; i < 300 && (await page.evaluate(() => window.speechSynthesis.isSpeaking())); i++) {
    assert.equal(await page.locator('.is-spoken').count(), 1);
    await page.evaluate(() => window.speechSynthesis.goOn());
  }
  const all = await said(page);
  assert.ok(all.length > 20 && all.every((text) => text.length <= 240));
  const whole = all.join(' ');
  const paragraphs = await page.locator('article.reading > p').allInnerTexts();
  for (const text of paragraphs) assert.ok(whole.replace(/\s/g, '').includes(text.replace(/\s/g, '')), text);
  assert.match(whole, /Who is studied\?; The patient’s group/, 'a table is read by rows');
  const question = page.locator('.question');
  for (const text of [...(await question.locator('legend, .stem').allInnerTexts()), ...(await question.locator('.option').allInnerTexts())])
    assert.ok(!whole.includes(text.split('\n').at(-1)) || /^(True|False)$/.test(text.trim()), text);
  assert.doesNotMatch(whole, /Only you can read this|Choose one\.|Next:/);
  assert.equal(await page.locator('.is-spoken').count(), 0);
  assert.equal(await button(page, 'Stop').count(), 0);
  daniel.noFaults();
  await daniel.close();
});

test('it pauses, goes on where it was, stops, and falls silent when the page is left', async () => {
  const daniel = await open(lesson, {}, voice);
  const { page } = daniel;
  await button(page, 'Listen').click();
  await page.evaluate(() => window.speechSynthesis.goOn());
  await page.evaluate(() => window.speechSynthesis.goOn());
  const before = await said(page);
  await button(page, 'Pause').click();
  assert.equal(await page.evaluate(() => window.speechSynthesis.isSpeaking()), false);
  await button(page, 'Go on').click();
  assert.equal((await said(page)).at(-1), before.at(-1));
  await button(page, 'Stop').click();
  assert.equal(await page.evaluate(() => window.speechSynthesis.isSpeaking()), false);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Listen');
  await button(page, 'Listen').click();
  assert.equal((await said(page)).at(-1), before[0]);
  const [cancelled, after] = await page.evaluate(() => {
    const count = window.speechSynthesis.cancelled;
    dispatchEvent(new PageTransitionEvent('pagehide'));
    return [count, window.speechSynthesis.cancelled];
  });
  assert.ok(after > cancelled);
  daniel.noFaults();
  await daniel.close();
});

test('without scripts or without a voice there is no button', async () => {
  const none = () => Object.defineProperty(window, 'speechSynthesis', { value: undefined });
  const mute = () => Object.defineProperty(window, 'speechSynthesis', { value: { cancel() {}, getVoices: () => [], addEventListener() {} } });
  for (const [options, prepare] of [[{ scripts: false }], [{}, none], [{}, mute]]) {
    const daniel = await open(lesson, options, prepare);
    assert.equal(await daniel.page.locator('[data-listen]').isVisible(), false);
    daniel.noFaults();
    await daniel.close();
  }
});

test('somebody who scrolls, types or points is noticed once a minute, and only while the page is seen', async () => {
  const daniel = await b.visitor();
  await daniel.enter(s, 'daniel', '/');
  const { page } = daniel;
  await page.clock.install({ time: new Date('2026-11-25T10:00:10Z') });
  const posts = [];
  page.on('request', (r) => r.method() === 'POST' && posts.push(new URL(r.url()).pathname + (r.postData() ?? '')));
  await daniel.go(s, lesson);
  await page.mouse.move(100, 100);
  await page.mouse.wheel(0, 200);
  assert.deepEqual(posts, [], 'opening the page counted already');
  const minute = async () => page.clock.fastForward(60000);
  await minute();
  await Promise.all([page.waitForResponse((r) => r.url().endsWith('/active') && r.status() === 204), page.mouse.move(120, 120)]);
  await page.mouse.move(140, 140);
  await page.keyboard.press('Shift');
  assert.deepEqual(posts, ['/courses/humility/active'], 'and nothing is said of what was done');
  await minute();
  await page.evaluate(() => Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true }));
  await page.mouse.move(160, 160);
  await page.evaluate(() => delete document.visibilityState);
  assert.equal(posts.length, 1);
  await Promise.all([page.waitForResponse((r) => r.url().endsWith('/active')), page.keyboard.press('Shift')]);
  assert.equal(posts.length, 2);
  daniel.noFaults();
  await daniel.close();
});
