// A password manager knows whose password it keeps, which one is asked for and which is new: where a
// form leaves that open, Chromium says so.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { signIn, whoIs } from '../support/server.mjs';
import { stage } from '../support/browser.mjs';

let s, b, v, said;

stage({ demo: true }, async (both) => {
  ({ b, s } = both);
  v = await b.visitor({ server: s, cookie: await signIn(s, 'amara') });
  const log = await v.context.newCDPSession(v.page);
  await log.send('DOM.enable'); // Chromium looks at forms only when somebody does
  await log.send('Log.enable');
  log.on('Log.entryAdded', ({ entry }) => said.push(entry.text));
});

/** The page's password forms as a manager fills them: [[autocomplete, value, seen], …] in order. */
async function look(path) {
  said = [];
  await v.go(s, path);
  await v.page.waitForTimeout(1500); // it looks once the page has been quiet for a second
  return v.page.locator('form:has(input[type=password]) input[autocomplete]').evaluateAll((inputs) =>
    inputs.map((i) => [i.autocomplete, i.value, i.checkVisibility()]));
}

test('setting a password, changing it and signing in with it', async () => {
  const address = whoIs(s, 'amara');
  assert.deepEqual(await look('/account'), [['username', address, false], ['new-password', '', true]]);
  assert.deepEqual(said, []);

  await v.page.getByLabel('New password', { exact: true }).fill('four new words here');
  await v.page.getByRole('button', { name: 'Set the password' }).click();
  await v.page.getByRole('heading', { name: 'Change your password' }).waitFor();
  assert.deepEqual(await look('/account'), [['username', address, false], ['current-password', '', true], ['new-password', '', true]]);
  assert.deepEqual(said, []);

  await v.context.clearCookies();
  assert.deepEqual(await look('/sign-in'), [['username', '', true], ['current-password', '', true]]);
  assert.deepEqual(said, []);
  v.noFaults();
});
