// The module with the keyboard alone: Tab, Enter, Space and arrows from the sign-in link to the
// certificate. At every stop the focus is seen: an outline that stands out, on something that is in view.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { newLink } from '../support/server.mjs';
import { placeOf, steps, stage } from '../support/browser.mjs';
import { answerKey } from '../support/key.mjs';

const course = '/courses/humility';
const key = answerKey();
const step = steps(test);
let s, b, mei, page, stops = 0;

stage({ demo: true }, async (both) => {
  ({ b, s } = both);
  mei = await b.visitor({ width: 1280, height: 800 });
  page = mei.page;
});

// In the page: why the focus cannot be seen where it is, or "".
function focusFault() {
  const e = document.activeElement;
  if (!e || e === document.body) return '';
  const channels = (css) => (css.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => {
    const linear = [r, g, b].map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const paperOf = (node) => {
    for (let n = node; n; n = n.parentElement) {
      const c = channels(getComputedStyle(n).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const name = `${e.localName} “${(e.innerText || e.ariaLabel || e.name || e.id).slice(0, 40)}”`;
  // A radio button or checkbox inside its label may show the focus on the label.
  const marked = [e, e.closest('label'), e.closest('.option')].filter(Boolean)
    .find((n) => getComputedStyle(n).outlineStyle !== 'none' && parseFloat(getComputedStyle(n).outlineWidth) >= 2);
  if (!e.matches(':focus-visible')) return `${name}: the focus is not shown`;
  if (!marked) return `${name}: no outline`;
  const [light, dark] = [luminance(channels(getComputedStyle(marked).outlineColor)), luminance(paperOf(marked.parentElement))].sort((a, b) => b - a);
  if ((light + 0.05) / (dark + 0.05) < 3) return `${name}: the outline is too faint`;
  const box = marked.getBoundingClientRect();
  if (box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth) return `${name}: out of view`;
  const [x, y] = [(Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2];
  const top = document.elementFromPoint(x, y);
  // The middle of a link that breaks over two lines may lie beside it.
  const covered = top && !marked.contains(top) && !top.contains(marked);
  return covered ? `${name}: covered by ${top.localName}.${top.className}` : '';
}

async function press(name) {
  await page.keyboard.press(name);
  const fault = await page.evaluate(focusFault);
  stops++;
  assert.equal(fault, '', placeOf(page));
}

/** Tab by Tab until the focus is on it. */
async function tabTo(locator, by = 'Tab') {
  const target = await locator.elementHandle();
  for (let i = 0; i < 150; i++) {
    if (await target.evaluate((e) => e === document.activeElement)) return;
    await press(by);
  }
  assert.fail(`no Tab reaches ${locator} on ${placeOf(page)}`);
}

/** Enter on what leads to another page. */
async function enter(locator) {
  await tabTo(locator);
  await Promise.all([page.waitForEvent('framenavigated'), page.waitForEvent('load'), page.keyboard.press('Enter')]);
}

const button = (name) => page.getByRole('button', { name });
const link = (name) => page.getByRole('link', { name });
const heading = () => page.locator('h1').innerText();

/** Chooses by Space and arrows; `saved` waits for each choice to be saved. */
async function choose(question, numbers, saved = false) {
  const inputs = question.locator('ul.options input');
  const values = await inputs.evaluateAll((all) => all.map((e) => Number(e.value)));
  const many = (await inputs.first().getAttribute('type')) === 'checkbox';
  const wait = () => (saved ? page.waitForResponse((r) => r.url().endsWith('/answer') && r.ok()) : undefined);
  if (many) {
    for (const n of values.filter((v) => numbers.includes(v))) {
      await tabTo(question.locator(`ul.options input[value="${n}"]`));
      const done = wait();
      await press('Space');
      await done;
    }
    return;
  }
  await tabTo(inputs.first());
  for (let at = 0; at <= values.indexOf(numbers[0]); at++) {
    const done = wait();
    await press(at === 0 ? 'Space' : 'ArrowDown');
    await done;
  }
  assert.ok(await question.locator(`ul.options input[value="${numbers[0]}"]`).isChecked());
}

step('the button of the sign-in link', async () => {
  await mei.go(s, new URL(await newLink(s, 'mei')).pathname);
  await tabTo(page.getByLabel('This is a shared computer'));
  await enter(button('Continue as Mei-Ling Chen'));
  assert.equal(await heading(), 'My learning');
});

step('the skip link is the first stop, is seen, and leads past the header', async () => {
  await press('Tab');
  const skip = link('Skip to the content');
  assert.ok(await skip.evaluate((e) => e === document.activeElement));
  await page.keyboard.press('Enter');
  await press('Tab');
  assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)));
});

step('the menu opens with Enter, closes with Escape, and gives the focus back', async () => {
  const summary = page.locator('details.nav-wide > summary');
  await tabTo(summary, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await tabTo(page.locator('details.nav-wide').getByRole('link', { name: 'Certificates' }));
  await page.keyboard.press('Escape');
  assert.ok(await summary.evaluate((e) => e === document.activeElement));
  assert.ok(!(await page.locator('details.nav-wide > div').isVisible()));
});

step('begin, and seven lessons', async () => {
  await enter(link(/^Look at the course, /));
  await enter(button('Begin'));
  for (let n = 1; n <= 7; n++) {
    const form = page.locator('form#question');
    const item = key.get(await form.locator('input[name=item]').inputValue());
    await choose(form, item.key);
    await tabTo(form.getByRole('button', { name: 'Answer' }));
    await page.keyboard.press('Enter');
    const result = page.locator('section#question');
    await result.waitFor();
    assert.equal(await page.evaluate(focusFault), '', 'the result shows that it has the focus');
    assert.ok(await result.evaluate((e) => e === document.activeElement));
    if (n === 1) {
      await tabTo(result.getByRole('link', { name: 'Try again' }));
      await page.keyboard.press('Enter');
      await form.waitFor();
      await choose(form, item.key);
      await page.keyboard.press('Enter'); // sends the form
      await result.waitFor();
    }
    await enter(page.locator('.lesson-foot .button'));
  }
  assert.equal(await heading(), 'The family meeting');
});

step('a choice in the case is taken back', async () => {
  const choices = await page.locator('button.choice').allInnerTexts();
  await enter(page.locator('button.choice').first());
  await enter(button('Go back to this decision'));
  assert.deepEqual(await page.locator('button.choice').allInnerTexts(), choices);
});

step('the case to an end', async () => {
  for (let i = 0; (await page.locator('button.choice').count()) && i < 12; i++) {
    await enter(page.locator('button.choice').nth(1));
    await enter(link('Go on'));
  }
  await enter(page.locator('main .button.primary'));
});

step('the learning check: one question on a page, then all, and the review', async () => {
  await enter(button('Start'));
  const first = await page.locator('[data-item]').getAttribute('data-item');
  await choose(page.locator('[data-item]'), key.get(first).key, true);
  assert.match(await page.locator('[data-status]').innerText(), /^Saved \d\d:\d\d:\d\d$/);
  await enter(button('Save and go on'));
  await enter(link('All questions on one page'));
  const items = await page.locator('[data-item]').evaluateAll((all) => all.map((e) => e.dataset.item));
  for (const item of items.filter((i) => i !== first)) await choose(page.locator(`[data-item="${item}"]`), key.get(item).key, true);
  await enter(button('Save and review'));
  assert.match(await page.locator('main').innerText(), /All 8 questions have an answer/);
});

step('an error summary takes the focus, and its link leads to the field', async () => {
  const name = page.getByLabel('Name on your certificate');
  await tabTo(name);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('   ');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  const summary = page.locator('.error-summary');
  assert.ok(await summary.evaluate((e) => e === document.activeElement));
  assert.equal(await page.evaluate(focusFault), '');
  await tabTo(summary.getByRole('link').first());
  await page.keyboard.press('Enter');
  assert.ok(await name.evaluate((e) => e === document.activeElement));
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Mei-Ling Chen');
  await enter(button('Hand in'));
  assert.equal(placeOf(page), `${course}/completed`);
});

step('the certificate and its public page; every stop showed the focus', async () => {
  await enter(link('See your certificate'));
  assert.match(await page.locator('.paper').innerText(), /Mei-Ling Chen/);
  await enter(link('See its public page'));
  assert.equal(await heading(), 'Valid');
  await tabTo(page.getByText('What was checked, step by step'));
  await page.keyboard.press('Enter');
  assert.ok(await page.locator('details .steps').isVisible());
  assert.ok(stops > 200, `${stops} stops`);
  mei.noFaults();
});

step('on a phone: the menu and signing out', async () => {
  await page.setViewportSize({ width: 320, height: 640 });
  await enter(page.locator('.site-name'));
  await tabTo(page.locator('details.nav-small > summary'));
  await page.keyboard.press('Enter');
  await enter(page.locator('details.nav-small').getByRole('button', { name: 'Sign out' }));
  assert.equal(await page.locator('main').getByRole('link', { name: 'Sign in' }).count(), 1);
  mei.noFaults();
});
