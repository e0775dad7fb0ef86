// The same way with scripts switched off: links, forms and nothing else, from the link in an
// invitation to the certificate.
import { test, before } from 'node:test';
import assert from 'node:assert/strict';
import { signIn, view } from '../support/server.mjs';
import { placeOf, steps, stage } from '../support/browser.mjs';
import { answerKey, plain } from '../support/key.mjs';

const course = '/courses/humility';
const key = answerKey();
const step = steps(test);
let s, b, samuel, administrator;

stage({ demo: true }, async (both) => {
  ({ b, s } = both);
  administrator = await signIn(s, 'administrator');
  samuel = await b.visitor({ scripts: false, width: 360, height: 740 });
});

const button = (name) => samuel.page.getByRole('button', { name });
const link = (name) => samuel.page.getByRole('link', { name });
const heading = () => samuel.page.locator('h1').innerText();
const main = () => samuel.page.locator('main').innerText();

/** Presses what sends a form or follows a link, and waits for the page that comes. */
async function press(locator) {
  await Promise.all([samuel.page.waitForEvent('framenavigated'), samuel.page.waitForEvent('load'), locator.click()]);
}

step('scripts are off', async () => {
  await samuel.enter(s, 'samuel', `${course}/a-confident-mistake`);
  assert.equal(placeOf(samuel.page), course, 'a course not begun shows itself first');
  await samuel.page.locator('details.nav-small > summary').click();
  assert.ok(await samuel.page.locator('details.nav-small').getByRole('link', { name: 'My learning' }).isVisible());
  const offered = await samuel.page.locator('[data-print], [data-copy], [data-shows]').all();
  for (const e of offered) assert.ok(!(await e.isVisible()), 'what needs scripts is not offered');
  await press(button('Begin'));
});

step('seven lessons, each with its question as a form', async () => {
  for (let n = 1; n <= 7; n++) {
    const question = samuel.page.locator('form#question');
    const item = key.get(await question.locator('input[name=item]').inputValue());
    if (n === 1) {
      await press(question.getByRole('button', { name: 'Answer' }));
      assert.match(await question.innerText(), /Choose an answer first/);
    }
    await question.locator(`input[value="${item.key[0]}"]`).check();
    await press(question.getByRole('button', { name: 'Answer' }));
    const result = plain(await samuel.page.locator('section#question').innerText());
    for (const o of item.options) assert.ok(result.includes(plain(o.rationale)), o.text);
    assert.match(samuel.page.url(), /#question$/, 'the page comes back at the question');
    await press(samuel.page.locator('.lesson-foot .button'));
  }
  assert.equal(await heading(), 'The family meeting');
});

async function toTheEnd() {
  for (let i = 0; (await samuel.page.locator('button.choice').count()) && i < 12; i++) {
    await press(samuel.page.locator('button.choice').last());
    assert.match(await main(), /What followed/i);
    await press(link('Go on'));
  }
  assert.match(await main(), /The case is done/);
}

step('the case to an end, back from there to a decision, and to an end again', async () => {
  await toTheEnd();
  assert.match(await main(), /You could also have:/);
  await press(samuel.page.getByRole('button', { name: 'Go back to this decision' }).last());
  assert.ok((await samuel.page.locator('button.choice').count()) > 1);
  await toTheEnd();
  await press(samuel.page.locator('main .button.primary'));
});

const itemHere = () => samuel.page.locator('input[name=item]').inputValue();

async function answerOne(numbers) {
  for (const n of numbers) await samuel.page.locator(`ul.options input[value="${n}"]`).check();
  await press(button(/^Save and /));
}

step('the learning check, one question on a page', async () => {
  await press(button('Start'));
  await press(button('Save and go on'));
  assert.match(await main(), /Choose an answer, or leave this one for later/);
  for (let n = 1; n <= 8; n++) {
    assert.equal(await heading(), `Learning check, question ${n} of 8`);
    if (n === 3) {
      await press(link('Leave it for later'));
      continue;
    }
    await answerOne(key.get(await itemHere()).wrong);
    if (n < 8) assert.match(await samuel.page.locator('.status.saved').first().innerText(), new RegExp(`^Question ${n}: Saved \\d\\d:\\d\\d:\\d\\d$`));
  }
  assert.match(await main(), /One question has no answer yet/);
  await press(link('Question 3'));
  await answerOne(key.get(await itemHere()).key);
  await press(link('Review and hand in'));
  assert.match(await main(), /All 8 questions have an answer, and every answer is saved/);
});

step('a name that is missing is asked for, and nothing is handed in', async () => {
  const name = samuel.page.getByLabel('Name on your certificate');
  await name.fill('  ');
  await press(button('Hand in'));
  assert.match(await samuel.page.locator('.error-summary').innerText(), /Something needs a change/);
  await name.fill('Samuel Goldberg');
  await press(button('Hand in'));
  assert.match(await heading(), /: not there yet$/);
  assert.match(placeOf(samuel.page), /\/result$/);
});

step('tried again with all questions on one page, and passed', async () => {
  await press(button('Try again'));
  await press(link('All questions on one page'));
  const questions = samuel.page.locator('[data-item]');
  assert.equal(await questions.count(), 8);
  for (const question of await questions.all()) {
    const item = await question.getAttribute('data-item');
    for (const n of key.get(item).key) await question.locator(`ul.options input[value="${n}"]`).check();
  }
  await press(button('Save and review'));
  assert.match(await main(), /All 8 questions have an answer/);
  await press(link('Look over your answers'));
  assert.equal(await samuel.page.locator('.status.saved', { hasText: /^Saved \d\d:\d\d:\d\d$/ }).count(), 8);
  await press(button('Save and review'));
  const before = (await view(s, '/administration', administrator)).totals.certificates;
  const done = samuel.page.waitForURL((url) => /\/(completed|result)$/.test(url.pathname));
  await button('Hand in').dblclick();
  await done;
  assert.equal((await view(s, '/administration', administrator)).totals.certificates, before + 1);
});

step('the certificate, and its public page', async () => {
  await samuel.go(s, `${course}/completed`);
  assert.equal(await heading(), 'You have finished');
  await press(link('See your certificate'));
  assert.match(await samuel.page.locator('.paper').innerText(), /Samuel Goldberg/);
  await press(link('See its public page'));
  assert.equal(await heading(), 'Valid');
  samuel.noFaults();
});

step('signing out by the menu ends it', async () => {
  await samuel.go(s, '/');
  await samuel.page.locator('details.nav-small > summary').click();
  await press(samuel.page.locator('details.nav-small').getByRole('button', { name: 'Sign out' }));
  await samuel.go(s, course);
  assert.equal(await heading(), 'Sign in');
  samuel.noFaults();
});
