// A newcomer makes a course without a terminal: started, broken and mended, walked, taken home as a zip,
// reviewed by a colleague without an account, signed off, sent, published and read. Once with scripts,
// once as links and forms on a phone.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { placeOf, steps, stage } from '../support/browser.mjs';

let s, b;
stage({ demo: true }, (both) => ({ b, s } = both));

const rationale = '  > It may be needed later. A reader who has not yet met the trouble does not know what it is for.\n';
const question = (id) => `
## q-${id}-04
objective: A1
use: check
type: truefalse

True or false: a question asks for one thing.

- [x] True
  > Two things in one question leave open which of them was answered.
- [ ] False
  > A second thing deserves a question of its own.
`;
const comment = 'Say which moment, please.\nA reader may not have one at hand.';
const twoDaysAgo = new Date(Date.now() - 2 * 86400e3).toISOString().slice(0, 10);
/** Everything that a learner leaves behind. */
const learned = () =>
  execFileSync('sqlite3', ['-readonly', join(s.data, 'understory.db'), 'SELECT (SELECT COUNT(*) FROM enrolment), (SELECT COUNT(*) FROM attempt), (SELECT COUNT(*) FROM ledger)'], { encoding: 'utf8' }).trim();

const modes = [
  { how: 'with scripts', scripts: true, width: 1280, height: 800, title: 'Asking well', id: 'asking-well' },
  { how: 'without scripts', scripts: false, width: 360, height: 740, title: 'Asking again', id: 'asking-again' },
];

for (const { how, title, id, ...device } of modes) {
  const run = steps(test);
  const step = (name, body) => run(`${how}: ${name}`, body);
  let author, colleague, draft, link, zip;

  const main = (who) => who.page.locator('main').innerText();
  const heading = (who) => who.page.locator('h1').innerText();
  const role = (who, kind, name) => who.page.locator('main').getByRole(kind, { name });
  /** Presses what leads to another page or sends a form, and waits for the page that comes. */
  async function press(who, locator) {
    await Promise.all([who.page.waitForEvent('framenavigated'), who.page.waitForEvent('load'), locator.click()]);
    const wide = await who.page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= device.width, `${placeOf(who.page)}: ${wide} px wide`);
  }
  const follow = (who, name) => press(who, role(who, 'link', name).first());
  const send = (who, name) => press(who, role(who, 'button', name).first());
  const open = (who, words) => who.page.locator('summary', { hasText: words }).first().click();
  async function nav(who, name) {
    const bar = who.page.locator('header');
    if (device.width < 600) await bar.locator('details.nav-small > summary').click();
    await press(who, bar.getByRole('link', { name, exact: true }).locator('visible=true'));
  }
  const text = () => author.page.getByLabel('Text', { exact: true });
  async function edit(change) {
    const words = await text().inputValue();
    assert.notEqual(change(words), words, 'something changes');
    await text().fill(change(words));
    await send(author, 'Save and check');
    assert.match(await author.page.locator('[data-status]').innerText(), /^Saved \d\d:\d\d:\d\d$/);
  }
  const toDraft = () => press(author, author.page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link', { name: title, exact: true }));

  step('a course is begun by its title and short name', async () => {
    author = await b.visitor(device);
    await author.enter(s, 'author');
    await nav(author, 'Authoring');
    await author.page.getByLabel('Title').fill(title);
    await author.page.getByLabel('Short name').fill(title);
    await send(author, 'Start the course');
    assert.match(await author.page.locator('.error-summary').innerText(), /lower-case letters, digits/);
    assert.equal(await author.page.getByLabel('Title').inputValue(), title, 'nothing typed is lost');
    await author.page.getByLabel('Short name').fill(id);
    await send(author, 'Start the course');
    assert.equal(await heading(author), title);
    assert.match(await author.page.locator('.lead').innerText(), /no errors/i);
    draft = placeOf(author.page);
  });

  step('a rationale is removed: the check names the line, and its link leads there', async () => {
    await follow(author, 'questions.md');
    await edit((t) => t.replace(rationale, ''));
    assert.match(await main(author), /Line 11 · Error/);
    await toDraft();
    assert.match(await main(author), /What the check says[\s\S]*questions\.md[\s\S]*Line 11 · Error[\s\S]*A definition of the term, with its history/);
    await follow(author, 'Line 11');
    if (device.scripts) {
      const selected = await text().evaluate((e) => (e === document.activeElement ? e.value.slice(e.selectionStart, e.selectionEnd) : ''));
      assert.match(selected, /A definition of the term/);
    }
    assert.ok((await main(author)).includes('- [ ] A definition of the term, with its history'));
    await edit((t) => t.replace('with its history\n', `with its history\n${rationale}`));
    assert.match(await main(author), /The check finds nothing to mend in this file\./);
  });

  step('a question is added, and the reference is checked', async () => {
    await edit((t) => t + question(id));
    assert.match(await main(author), /The check finds nothing to mend in this file\./);
    await toDraft();
    await follow(author, 'references.md');
    await edit((t) => t.replace('checked: unchecked', `checked: ${twoDaysAgo}, Ines Moreau, against the paper`));
    await toDraft();
    assert.match(await author.page.locator('.lead').innerText(), /no errors/i);
  });

  step('signed out while writing: what was typed comes back', async () => {
    await follow(author, 'facilitator.md');
    const place = placeOf(author.page), typed = `${await text().inputValue()}\nA sentence that took an hour.\n`;
    await text().fill(typed);
    await author.context.clearCookies();
    await send(author, 'Save and check');
    assert.equal(await heading(author), 'Please sign in first');
    assert.equal(await author.page.locator('.field', { hasText: 'Text' }).locator('pre').innerText(), typed.trimEnd());
    await follow(author, 'Sign in');
    await author.enter(s, 'author', place);
    assert.equal(placeOf(author.page), place);
    await edit(() => typed);
    await toDraft();
  });

  step('the draft is walked as a learner, and nothing is recorded', async () => {
    const before = learned();
    await follow(author, 'Walk it as a learner');
    await follow(author, 'Begin with a moment');
    const banner = () => author.page.getByText('Draft: nothing here is recorded.').isVisible();
    assert.ok(await banner());
    await author.page.locator('form#question').getByLabel('A definition of the term, with its history').check();
    if (device.scripts) await author.page.locator('form#question').getByRole('button', { name: 'Answer' }).click();
    else await send(author, 'Answer');
    await author.page.locator('section#question').waitFor();
    assert.match(await author.page.locator('section#question').innerText(), /Not the answer we were after[\s\S]*It may be needed later/);
    await follow(author, /^Next: Make it yours/);
    await follow(author, /^Open “A first visit”/);
    while (await author.page.locator('button.choice').count()) {
      await press(author, author.page.locator('button.choice').first());
      assert.match(await main(author), /What followed/i);
      await follow(author, 'Go on');
    }
    assert.match(await main(author), /The way you took/);
    assert.ok(await banner());
    await follow(author, 'Next: the learning check');
    assert.equal(await author.page.locator('main .question').count(), 4, 'the added question is among them');
    for (const q of await author.page.locator('main .question').all()) await q.locator('input').first().check();
    await send(author, 'Show the reasons');
    assert.match(await main(author), /\d of 4 right[\s\S]*Two things in one question/);
    assert.ok(await banner());
    await nav(author, 'My learning');
    assert.ok(!(await main(author)).includes(title));
    assert.equal(learned(), before);
  });

  step('the draft is taken home as a zip, and the zip makes a second draft', async () => {
    await author.go(s, draft);
    const [download] = await Promise.all([author.page.waitForEvent('download'), role(author, 'link', 'Download as a zip').click()]);
    assert.equal(download.suggestedFilename(), `${id}.zip`);
    zip = await download.path();
    await nav(author, 'Authoring');
    await author.page.getByLabel('Zip', { exact: true }).setInputFiles({ name: `${id}.zip`, mimeType: 'application/zip', buffer: await readFile(zip) });
    await send(author, 'Upload');
    assert.equal(await heading(author), title);
    assert.notEqual(placeOf(author.page), draft);
    assert.match(await author.page.locator('.lead').innerText(), /no errors/i);
    const [again] = await Promise.all([author.page.waitForEvent('download'), role(author, 'link', 'Download as a zip').click()]);
    assert.deepEqual(await readFile(await again.path()), await readFile(zip));
    // Two drafts of one name stand in the list; the newcomer is done with the second.
    await follow(author, 'Delete this draft');
    await send(author, /^Delete/);
    assert.match(await main(author), /The draft is deleted\./);
    await follow(author, title);
    assert.equal(placeOf(author.page), draft);
  });

  step('a colleague without an account comments beside a paragraph', async () => {
    await send(author, 'Make a review link');
    link = await author.page.locator('.copy-line code').innerText();
    assert.equal(await role(author, 'button', 'Copy the link').isVisible(), device.scripts);
    await follow(author, 'Back to the draft');
    colleague = await b.visitor(device);
    await colleague.page.goto(link);
    await follow(colleague, 'Begin with a moment');
    await open(colleague, 'Comment on “Open with one moment');
    const box = colleague.page.locator('.review-block', { hasText: 'Open with one moment' });
    await box.getByLabel('Your name').fill('Dr. Vera Lind');
    await box.getByLabel('Comment', { exact: true }).fill(comment);
    await press(colleague, box.getByRole('button', { name: 'Send the comment' }));
    assert.match(await box.innerText(), /Dr\. Vera Lind[\s\S]*A reader may not have one at hand\./);
    assert.match(await main(colleague), /Your comment stands below/);
    await follow(colleague, /^Next: /);
    assert.doesNotMatch(await main(colleague), /Your comment stands below/);
  });

  step('the author sees the comment at its line, and closes it', async () => {
    await nav(author, 'Authoring');
    await follow(author, '1 open comment');
    assert.equal(placeOf(author.page), `${draft}#review`);
    await follow(author, /^1 comment/);
    assert.match(await main(author), /Line 3 “Open with one moment[\s\S]*Dr\. Vera Lind[\s\S]*A reader may not have one at hand\./);
    await send(author, /^Mark as done/);
    assert.match(await main(author), /Done[\s\S]*Open it again/);
  });

  step('the colleague offers a sign-off, and the author confirms it', async () => {
    for (let i = 0; i < 10 && !colleague.page.url().includes('/sign'); i++) await follow(colleague, /^Next: /);
    assert.equal(await colleague.page.getByLabel('Your name').inputValue(), 'Dr. Vera Lind');
    await colleague.page.getByLabel('Your role').fill('Clinical ethicist');
    await colleague.page.getByLabel('I have read this version').check();
    await send(colleague, 'Give my sign-off');
    assert.match(await main(colleague), /Thank you\. Your sign-off is with the draft’s authors/);
    colleague.noFaults();
    await nav(author, 'Authoring');
    await follow(author, '1 sign-off to answer');
    assert.match(await main(author), /Dr\. Vera Lind, Clinical ethicist[\s\S]*Waits for your answer/);
    await send(author, 'Confirm the sign-off by Dr. Vera Lind');
    assert.match(await main(author), /no pilot any more[\s\S]*Confirmed .* by Ines Moreau/);
  });

  step('it is sent, and the administrator publishes it', async () => {
    await send(author, 'Send it: ready to publish');
    assert.equal(placeOf(author.page), `${draft}#ready`);
    assert.match(await main(author), /Ready to publish, sent to the administrator/);
    const administrator = await b.visitor(device);
    await administrator.enter(s, 'administrator');
    await nav(administrator, 'Administration');
    await follow(administrator, '1 waiting to be published');
    await follow(administrator, title);
    await administrator.page.getByLabel(/^First/).check();
    await send(administrator, 'See what it will do');
    await send(administrator, /^Publish version 0\.1\.0/);
    administrator.noFaults();
    await administrator.close();
    await author.page.reload();
    assert.match(await main(author), /was published on .* as version 0\.1\.0 of the course\. That is what stands above\./);
    author.noFaults();
  });

  step('a learner finds it on the courses page and reads its first lesson', async () => {
    const mei = await b.visitor(device);
    await mei.enter(s, 'mei');
    await nav(mei, 'Courses');
    await follow(mei, title);
    assert.ok(!/Pilot/.test(await main(mei)));
    await send(mei, 'Begin');
    assert.equal(await heading(mei), 'Begin with a moment');
    assert.match(await main(mei), /Open with one moment that your readers know/);
    await mei.page.locator('form#question').waitFor();
    mei.noFaults();
    await mei.close();
  });
}
