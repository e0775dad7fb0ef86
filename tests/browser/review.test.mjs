// A colleague reviews a draft in a real browser, by keyboard alone, at 320 px and without scripts; and no
// other site is told the address.
import { test, after } from 'node:test';
import assert from 'node:assert/strict';
import { view } from '../support/server.mjs';
import { stage } from '../support/browser.mjs';
import { session } from '../support/people.mjs';

let s, b, reader, author, draft, path;
stage({ demo: true }, async (both) => {
  ({ b, s } = both);
  author = await session(s, 'author');
  draft = (await author.post('/authoring/new', [['title', 'Asking well'], ['id', 'asking-well']])).headers.location;
  ({ path } = (await author.post(`${draft}/review`, [], 'application/json')).json);
  reader = await b.visitor({ scripts: false, width: 320, height: 640, server: s });
});

/** Tab until what has the focus is called so. */
async function tabTo(name) {
  for (let i = 0; i < 200; i++) {
    await reader.page.keyboard.press('Tab');
    const focused = reader.page.locator(':focus');
    const text = (await focused.count()) ? await focused.evaluate((e) => e.labels?.[0]?.textContent ?? e.textContent) : '';
    if (text.includes(name)) return focused;
  }
  return assert.fail(`nothing called “${name}” takes the focus`);
}

async function press(key) {
  await Promise.all([reader.page.waitForEvent('load'), reader.page.keyboard.press(key)]);
}

test('from the link to a comment and a sign-off, with the keyboard', async () => {
  const { page } = reader;
  await page.goto(s.base + path);
  await tabTo('Begin with a moment');
  await press('Enter');
  await tabTo('Comment on “Say how sure one can be.');
  assert.equal(await page.getByRole('button', { name: 'Send the comment' }).count(), 0, 'closed until it is opened');
  await page.keyboard.press('Enter');
  await tabTo('Your name');
  await page.keyboard.type('Dr. Vera Lind');
  await tabTo('Comment');
  await page.keyboard.type('Which study?');
  await tabTo('Send the comment');
  await press('Enter');
  assert.match(page.url(), /\/lesson\/begin-with-a-moment\?after=\d+#b-[0-9a-f]{32}$/);
  assert.match(await page.locator('.review-block:has-text("Say how sure")').innerText(), /Dr\. Vera Lind, .*2026\s+Which study\?/s);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 320);
  // The name is there already, on this page and on the way to the end.
  for (let i = 0; i < 6; i++) {
    await tabTo('Next: ');
    await press('Enter');
  }
  assert.equal(await page.getByLabel('Your name').inputValue(), 'Dr. Vera Lind');
  await page.getByLabel('Your role').fill('Clinical ethicist');
  await tabTo('I have read this version');
  await page.keyboard.press('Space');
  await tabTo('Give my sign-off');
  await press('Enter');
  assert.match(await page.locator('main').innerText(), /Thank you\. Your sign-off is with the draft’s authors/);
  const { review } = await view(s, draft, author.cookie);
  assert.deepEqual([review.comments, review.signoffs.map((x) => [x.name, x.role])], [1, [['Dr. Vera Lind', 'Clinical ethicist']]]);
});

test('a link that leads away says nothing of where it was followed', async () => {
  const { page } = reader;
  const { text, base } = await view(s, `${draft}/edit?path=references.md`, author.cookie);
  await author.post(`${draft}/edit`, [['path', 'references.md'], ['base', base], ['text', text.replace('checked: unchecked', 'url: https://away.example/paper\n\nchecked: unchecked')]]);
  const { path: newer } = (await author.post(`${draft}/review`, [], 'application/json')).json;
  await page.goto(`${s.base}${newer}/references`);
  let told;
  await page.route('https://away.example/**', (route) => {
    told = route.request().headers();
    return route.fulfill({ status: 200, body: 'away' });
  });
  await page.locator('a[href^="https://away.example"]').click();
  await page.waitForURL('https://away.example/**');
  assert.ok(told);
  assert.equal(told.referer, undefined);
});
