// Signing out forgets what this device keeps, so it says first when answers have not reached the server.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { view, signIn, newLink } from '../support/server.mjs';
import { axeFindings, placeOf, stage } from '../support/browser.mjs';

let s, b, v, mine, cookie, attempt;

stage({ demo: true }, (both) => ({ b, s } = both));

const warning = () => v.page.getByRole('group', { name: /not reached the server/ });
const button = (name) => v.page.getByRole('button', { name, exact: true });
const kept = () => v.page.evaluate(() => Object.keys(localStorage));
const answersSaved = async () => (await view(s, attempt, cookie)).answered;

/** A learning check under way on a new device; then the server cannot be reached, and one question is answered. */
async function answerUnsent(who, options = {}) {
  v = await b.visitor(options);
  if (options.shared) {
    await v.page.goto(s.base + new URL(await newLink(s, who, '--to', '/courses/humility/check')).pathname);
    await v.page.getByLabel(/shared computer/).check();
    await v.page.getByRole('button', { name: /^Continue as/ }).click();
  } else {
    await v.enter(s, who, '/courses/humility/check');
  }
  await v.page.waitForURL('**/check');
  await v.page.locator('main form[action$="/check"] button, main a[href^="/attempts/"]').first().click();
  await v.page.waitForURL('**/attempts/*');
  attempt = placeOf(v.page).split('?')[0];
  cookie = await signIn(s, who);
  mine = await answersSaved();
  await v.page.route('**/answer', (route) => route.abort());
  await v.page.locator('ul.options input[value="1"]').check();
  await v.page.locator('[data-unsent]').waitFor();
}

async function openMenu() {
  const menu = v.page.locator('details[data-menu]:visible');
  if ((await menu.getAttribute('open')) === null) await menu.locator('summary').press('Enter');
}

async function askToSignOut() {
  await openMenu();
  await v.page.locator('details[data-menu][open]').getByRole('button', { name: 'Sign out' }).press('Enter');
}

/** Nothing said but what the browser says about an answer that did not leave. */
async function end() {
  v.faults.splice(0, v.faults.length, ...v.faults.filter((f) => !/ERR_FAILED/.test(f)));
  v.noFaults();
  await v.close();
}

test('from any page, wide and narrow: the warning names the answers, and staying sends them', async () => {
  for (const width of [1280, 320]) {
    await answerUnsent('samuel', { width, height: 640 });
    await v.go(s, '/account');
    await askToSignOut();
    assert.match(await warning().innerText(), /One answer has not reached the server/);
    assert.equal(await v.page.evaluate(() => document.activeElement.textContent), 'Stay and send them');
    assert.equal(placeOf(v.page), '/account');
    assert.deepEqual(await axeFindings(v.page), []);
    assert.ok(await v.page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
    await v.page.unroute('**/answer');
    await v.page.keyboard.press('Enter');
    await v.page.waitForURL(`**${attempt}`);
    for (const until = Date.now() + 10000; (await kept()).length; ) assert.ok(Date.now() < until, 'sent');
    assert.ok(await answersSaved() > 0);
    await askToSignOut();
    await v.page.getByRole('link', { name: 'Sign in', exact: true }).first().waitFor();
    await end();
  }
});

test('on the page itself, staying sends at once; the menu closes and the page goes on', async () => {
  await answerUnsent('mei');
  await askToSignOut();
  await warning().waitFor();
  await v.page.unroute('**/answer');
  await button('Stay and send them').click();
  await v.page.locator('[data-item] .saved').first().waitFor();
  assert.equal(await warning().count(), 0);
  assert.equal(await answersSaved(), mine + 1);
  assert.deepEqual(await kept(), []);
  await openMenu();
  await v.page.locator('details[data-menu][open]').getByRole('button', { name: 'Sign out' }).waitFor();
  await end();
});

test('signing out anyway forgets them, also on a shared computer, and asks no second time', async () => {
  for (const shared of [false, true]) {
    await answerUnsent('daniel', { shared });
    v.page.on('dialog', (dialog) => v.faults.push(`asked again: ${dialog.type()}`));
    await askToSignOut();
    await warning().waitFor();
    await button('Sign out anyway').press('Enter');
    await v.page.getByRole('link', { name: 'Sign in', exact: true }).first().waitFor();
    assert.deepEqual(await kept(), []);
    assert.equal(await answersSaved(), mine);
    await end();
  }
});
