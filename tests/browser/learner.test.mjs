// The whole way in a real browser: from the link in an invitation to a certificate that a stranger
// can check, with the browser closed on the way and the rest done on other devices.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { newLink, signIn, view } from '../support/server.mjs';
import { placeOf, steps, stage } from '../support/browser.mjs';
import { answerKey, plain } from '../support/key.mjs';

const course = '/courses/humility';
const key = answerKey();
const step = steps(test);
let s, b, mei, administrator, ofTheDemonstration;

stage({ demo: true }, async (both) => {
  ({ b, s } = both);
  administrator = await signIn(s, 'administrator');
  ofTheDemonstration = await certificates();
});

const byRole = (role, name, more) => mei.page.getByRole(role, { name, ...more });
const heading = () => mei.page.locator('h1').innerText();
const certificates = async () => (await view(s, '/administration', administrator)).totals.certificates;

/** Clicks what leads to another page, and waits for that page. */
async function follow(locator) {
  const from = mei.page.url();
  await locator.click();
  await mei.page.waitForURL((url) => url.href !== from);
}

/** Another device: whatever the earlier one kept is gone; a new link, and one button on my learning. */
async function onAnotherDevice(options = {}) {
  mei.noFaults();
  await mei.close();
  mei = await b.visitor(options);
  await mei.enter(s, 'mei');
  assert.equal(placeOf(mei.page), '/');
  return mei.page.locator('main .button.primary');
}

step('opening a one-time link changes nothing; its button signs in, once', async () => {
  const path = new URL(await newLink(s, 'mei')).pathname;
  const scanner = await b.visitor();
  for (let i = 0; i < 2; i++) {
    await scanner.go(s, path);
    assert.equal(await scanner.page.locator('h1').innerText(), 'One step to sign in');
    assert.deepEqual(await scanner.context.cookies(), []);
  }
  mei = await b.visitor();
  await mei.go(s, path);
  await follow(byRole('button', 'Continue as Mei-Ling Chen'));
  assert.equal(placeOf(mei.page), '/');
  assert.equal(await heading(), 'My learning');
  await scanner.page.reload();
  assert.equal(await scanner.page.locator('h1').innerText(), 'This sign-in link can’t be used');
  assert.equal(await scanner.page.getByRole('button', { name: /Continue as/ }).count(), 0);
  scanner.noFaults();
  await scanner.close();
});

step('the course says what it offers before it is begun', async () => {
  await follow(byRole('link', /^Look at the course, 40 min/));
  const text = await mei.page.locator('main').innerText();
  for (const words of ['About 40 minutes', 'Learning check: 7 of 8 to pass, no timer', 'Compose a three-part repair after a misstep'])
    assert.ok(text.includes(words), words);
  assert.equal(await mei.page.locator('.path > li').count(), 9);
  assert.match(text, /draft for local review/);
  await follow(byRole('button', 'Begin'));
});

/** Answers the question of the lesson that is open, in place. */
async function answerHere(item, numbers) {
  const form = mei.page.locator('form#question');
  for (const n of numbers) await form.locator(`input[value="${n}"]`).check();
  const place = mei.page.url();
  await form.getByRole('button', { name: 'Answer' }).click();
  const result = mei.page.locator('section#question');
  await result.waitFor();
  assert.equal(mei.page.url(), place, 'the answer turns to its result in place');
  assert.equal(await result.evaluate((e) => e === document.activeElement), true, 'the result has the focus');
  await mei.page.waitForFunction(() => {
    const { top } = document.querySelector('section#question [role=status]').getBoundingClientRect();
    return top >= 0 && top < innerHeight;
  }, undefined, { timeout: 5000 }); // the verdict is in sight, however tall the card
  const text = plain(await result.innerText());
  for (const o of item.options) assert.ok(text.includes(plain(o.rationale)), `rationale of “${o.text}”`);
  assert.ok(text.includes(plain(item.explanation)));
  return result.getByRole('status').innerText();
}

async function study(number) {
  const id = await mei.page.locator('#question input[name=item]').inputValue();
  assert.equal(id, `q-humility-l0${number}`);
  const item = key.get(id);
  const before = plain(await mei.page.locator('#question').innerText());
  for (const o of item.options) assert.ok(!before.includes(plain(o.rationale)), 'no rationale before the answer');
  if (number === 1) {
    assert.equal(await answerHere(item, item.wrong), 'Not the answer we were after');
    await byRole('link', 'Try again').click();
    await mei.page.locator('form#question').waitFor();
  }
  assert.equal(await answerHere(item, item.key), 'That is right');
}

step('lessons one to three, each with its question', async () => {
  for (const n of [1, 2, 3]) {
    assert.match(await mei.page.locator('.lesson-head').innerText(), new RegExp(`Lesson ${n} of 7`));
    await study(n);
    await follow(mei.page.locator('.lesson-foot .button'));
  }
  assert.equal(await heading(), 'Asking well');
});

step('the browser is closed; a phone goes on with lesson four', async () => {
  const button = await onAnotherDevice({ width: 360, height: 740 });
  assert.match(await button.innerText(), /^Continue: Asking well, \d+ min$/);
  assert.match(await mei.page.locator('main').innerText(), /3 of 9 done/);
  await follow(button);
  assert.equal(await heading(), 'Asking well');
  for (const n of [4, 5, 6, 7]) {
    await study(n);
    await follow(mei.page.locator('.lesson-foot .button'));
  }
  assert.equal(await heading(), 'The family meeting');
});

step('an address inside the course, opened signed out, comes back after signing in', async () => {
  const lesson = `${course}/a-confident-mistake`;
  await mei.go(s, '/account');
  await mei.page.getByLabel('New password', { exact: true }).fill('four unrelated words here');
  await byRole('button', 'Set the password').click();
  await mei.page.locator('.status.saved').waitFor();
  mei.noFaults();
  await mei.close();
  mei = await b.visitor();
  await mei.go(s, lesson);
  assert.equal(await heading(), 'Sign in');
  await mei.page.getByLabel('E-mail address').fill('mei-ling.chen@example.edu');
  await mei.page.getByLabel('Password', { exact: true }).fill('not the right words');
  await byRole('button', 'Sign in').click();
  await mei.page.locator('.error-summary').waitFor();
  assert.equal(await mei.page.getByLabel('E-mail address').inputValue(), 'mei-ling.chen@example.edu');
  await mei.page.getByLabel('Password', { exact: true }).fill('four unrelated words here');
  await byRole('button', 'Sign in').click();
  await mei.page.waitForURL((url) => url.pathname === lesson);
});

async function choose(n) {
  const choice = mei.page.locator('button.choice').nth(n);
  const words = plain(await choice.innerText());
  await follow(choice);
  assert.match(await mei.page.locator('.consequence').innerText(), /What followed/i);
  assert.ok(plain(await mei.page.locator('.consequence').innerText()).includes(words));
  return words;
}

step('the case: what followed is shown first, and a closed browser keeps the path', async () => {
  await follow(await onAnotherDevice());
  assert.equal(await heading(), 'The family meeting');
  const taken = [];
  taken.push(await choose(1));
  await follow(byRole('link', 'Go on'));
  taken.push(await choose(1));
  const button = await onAnotherDevice({ scheme: 'dark' });
  assert.match(await button.innerText(), /^Continue: The family meeting/);
  await follow(button);
  const trail = await mei.page.locator('.trail > li').evaluateAll((list) =>
    list.map((li) => [...li.childNodes].filter((n) => n.nodeName !== 'FORM').map((n) => n.textContent).join('')));
  assert.deepEqual(trail.map(plain), taken);
  for (let steps = 0; (await mei.page.locator('button.choice').count()) && steps < 12; steps++) {
    taken.push(await choose(0));
    await follow(byRole('link', 'Go on'));
  }
  assert.equal(await mei.page.getByRole('region', { name: 'Where it ended' }).count(), 1);
  assert.equal(await mei.page.locator('.rows > li').count(), taken.length);
  const html = await mei.page.content();
  for (const rating of ['{best}', '{good}', '{mixed}', '{poor}']) assert.ok(!html.includes(rating));
});

const itemsHere = () => mei.page.locator('[data-item]').evaluateAll((all) => all.map((e) => e.dataset.item));
const orderOf = (item) =>
  mei.page.locator(`[data-item="${item}"] ul.options input`).evaluateAll((all) => all.map((e) => e.value));
const chosenOf = (item) =>
  mei.page.locator(`[data-item="${item}"] ul.options input:checked`).evaluateAll((all) => all.map((e) => Number(e.value)).sort());

/** Chooses what is not chosen yet, and waits until the server's own words say that it is saved. */
async function give(item, numbers) {
  const question = mei.page.locator(`[data-item="${item}"]`);
  const already = await chosenOf(item);
  let reply;
  for (const n of numbers.filter((n) => !already.includes(n))) {
    const saved = mei.page.waitForResponse((r) => r.url().endsWith('/answer') && r.request().method() === 'POST');
    await question.locator(`ul.options input[value="${n}"]`).check();
    reply = await (await saved).json();
  }
  if (!reply) return;
  assert.equal(reply.answer, numbers.join(','));
  assert.match(reply.saved_at_words, /^Saved \d\d:\d\d:\d\d$/);
  const status = question.getByRole('status');
  await mei.page.waitForFunction(([e, words]) => e.textContent === words, [await status.elementHandle(), reply.saved_at_words]);
}

const seen = new Map(); // item → its options' order in the first learning check
let drawn;

step('the learning check: an answer is saved as it is given, and a reload shows the same', async () => {
  await follow(mei.page.locator('main .button.primary'));
  assert.equal(placeOf(mei.page), `${course}/check`);
  assert.match(await mei.page.locator('main').innerText(), /Eight questions .* 7 of 8 is a pass/s);
  await follow(byRole('button', 'Start'));
  assert.equal(await heading(), 'Learning check, question 1 of 8');
  const [first] = await itemsHere();
  await give(first, key.get(first).wrong);
  seen.set(first, await orderOf(first));
  assert.equal(await mei.page.locator('[data-answered]').innerText(), '1 of 8 answered');
  await mei.go(s, `${placeOf(mei.page).split('?')[0]}?item=1`);
  assert.deepEqual(await itemsHere(), [first]);
  assert.deepEqual(await orderOf(first), seen.get(first));
  assert.deepEqual(await chosenOf(first), key.get(first).wrong);
  await follow(byRole('button', 'Save and go on'));
  const [second] = await itemsHere();
  await give(second, key.get(second).wrong);
  seen.set(second, await orderOf(second));
});

step('closed in the middle and the server restarted: another device stands at question three', async () => {
  await s.restart();
  const button = await onAnotherDevice({ width: 360, height: 740 });
  assert.equal(await button.innerText(), 'Continue the learning check');
  await follow(button);
  assert.equal(await heading(), 'Learning check, question 3 of 8');
  const back = mei.page.getByRole('link', { name: 'Back', exact: true });
  for (const [item, order] of [...seen].reverse()) {
    await follow(back);
    assert.deepEqual(await itemsHere(), [item]);
    assert.deepEqual(await orderOf(item), order);
    assert.deepEqual(await chosenOf(item), key.get(item).wrong);
  }
});

step('all questions on one page; the review names the one without an answer', async () => {
  await follow(byRole('link', 'All questions on one page'));
  drawn = await itemsHere();
  assert.equal(new Set(drawn).size, 8);
  for (const item of seen.keys()) assert.deepEqual(await orderOf(item), seen.get(item));
  for (const item of drawn.slice(2, 7)) await give(item, key.get(item).key);
  const text = plain(await mei.page.content());
  for (const item of drawn)
    for (const o of key.get(item).options) assert.ok(!text.includes(plain(o.rationale)), 'no rationale before handing in');
  await follow(byRole('button', 'Save and review'));
  assert.equal(await mei.page.locator('main h2').first().innerText(), 'One question has no answer yet');
  assert.deepEqual(await mei.page.locator('.rows a').allInnerTexts(), ['Question 8']);
});

step('the name on the certificate is confirmed before the first handing in', async () => {
  const name = mei.page.getByLabel('Name on your certificate');
  assert.equal(await name.inputValue(), 'Mei-Ling Chen');
  await name.fill('   ');
  await byRole('button', 'Hand in').click();
  const summary = mei.page.locator('.error-summary');
  await summary.waitFor();
  assert.equal(await summary.evaluate((e) => e === document.activeElement), true);
  await name.fill('Mei-Ling Chen, MD');
  await follow(byRole('button', 'Hand in'));
});

async function resultShowsEveryRationale() {
  const text = plain(await mei.page.locator('main').innerText());
  for (const item of drawn)
    for (const o of key.get(item).options) assert.ok(text.includes(plain(o.rationale)), `${item}: ${o.text}`);
}

step('five of eight is not there yet; the result says why, option by option', async () => {
  assert.equal(await heading(), 'Five of eight: not there yet');
  await resultShowsEveryRationale();
  assert.equal(await mei.page.locator('section.question').count(), 8);
  assert.ok((await mei.page.locator('main ul').first().locator('a').count()) > 0, 'lessons to revisit');
  assert.equal(await certificates(), ofTheDemonstration, 'only the demonstration’s own');
  await mei.go(s, '/');
  await follow(byRole('link', 'Try the learning check again'));
  await follow(byRole('button', 'Try again'));
  assert.equal(await heading(), 'Learning check, question 1 of 8');
});

step('an answer given while the network is away waits, and is saved when it is back', async () => {
  const [item] = await itemsHere();
  const status = mei.page.locator('[data-item]').getByRole('status');
  await mei.context.setOffline(true);
  await mei.page.locator(`ul.options input[value="${key.get(item).key[0]}"]`).check();
  await mei.page.getByText('Not saved yet; kept on this device.').waitFor();
  assert.ok(await mei.page.locator('[data-unsent]').isVisible());
  await mei.context.setOffline(false);
  await mei.page.waitForFunction((e) => /^Saved \d\d:\d\d:\d\d$/.test(e.textContent), await status.elementHandle());
  assert.ok(!(await mei.page.locator('[data-unsent]').isVisible()));
  assert.deepEqual(await mei.page.evaluate(() => Object.keys(localStorage)), []);
  mei.faults.splice(0); // the browser says that the network was away
});

// In the page: the same form two times at once; where each leads.
const handInTwice = ({ url, body }) => {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const send = async () => new URL((await fetch(url, { method: 'POST', body, headers })).url).pathname;
  return Promise.all([send(), send()]);
};

step('all answers right, handed in with a double click: one completion, one certificate', async () => {
  await follow(byRole('link', 'All questions on one page'));
  drawn = await itemsHere();
  for (const item of drawn) await give(item, key.get(item).key);
  await follow(byRole('button', 'Save and review'));
  const text = await mei.page.locator('main').innerText();
  assert.match(text, /All 8 questions have an answer, and every answer is saved/);
  assert.match(text, /Your certificate will carry the name Mei-Ling Chen, MD/);
  const submit = await mei.page.locator('form[data-hand-in]').evaluate((f) => ({ url: f.action, body: new URLSearchParams(new FormData(f)).toString() }));
  let sent = 0;
  mei.page.on('request', (r) => (sent += r.url().endsWith('/submit') && r.method() === 'POST'));
  await byRole('button', 'Hand in').dblclick();
  await mei.page.waitForURL((url) => /\/(completed|result)$/.test(url.pathname));
  assert.ok(sent >= 1);
  // And twice more at once, as a slow network sends it.
  const again = await mei.page.evaluate(handInTwice, submit);
  for (const path of again) assert.match(path, /\/(completed|result)$/);
  assert.equal(await certificates(), ofTheDemonstration + 1);
});

step('the moment of completion leads to the certificate', async () => {
  await mei.go(s, '/');
  assert.match(await mei.page.locator('main').innerText(), /Finished \w{3} \d+ \w{3} \d{4}/);
  assert.equal(await mei.page.locator(`main .button.primary[href^="${course}"]`).count(), 0, 'nothing of it is left to do');
  await mei.go(s, `${course}/completed`);
  assert.equal(await heading(), 'You have finished');
  await onAnotherDevice({ width: 360, height: 740 });
  await follow(byRole('link', 'Your certificate', { exact: true }));
  const paper = await mei.page.locator('.paper').innerText();
  assert.match(paper, /Mei-Ling Chen, MD/);
  assert.match(paper, /Cultural humility: module completed/);
  await mei.go(s, '/certificates');
  assert.equal(await mei.page.locator('.rows > li').count(), 1);
});

step('a stranger reads every signed claim on its public page', async () => {
  const path = new URL(await byRole('link', 'Public page').getAttribute('href'), s.base).pathname;
  const stranger = await b.visitor();
  await stranger.go(s, path);
  assert.equal(await stranger.page.locator('h1').innerText(), 'Valid');
  const signed = await (await stranger.context.request.get(`${s.base}${path}/credential.json`)).json();
  await stranger.page.getByText('What was checked, step by step').click();
  const text = await stranger.page.locator('main').innerText();
  const values = [];
  JSON.stringify(signed, (name, value) => {
    if (name === 'proof' || name === '@context') return undefined;
    if (typeof value === 'string') values.push(value);
    return value;
  });
  assert.ok(values.length > 10);
  const words = plain(text);
  for (const value of values) assert.ok(words.includes(plain(value)), `claim “${value}”`);
  assert.match(text, /Mei-Ling Chen, MD/);
  const file = { name: 'certificate.json', text: JSON.stringify(signed) }, word = () => stranger.page.locator('h1.verdict').innerText();
  await stranger.go(s, '/verify');
  await stranger.page.getByLabel('The certificate’s file').setInputFiles({ name: file.name, mimeType: 'application/json', buffer: Buffer.from(file.text) });
  await stranger.page.getByRole('button', { name: 'Check the file' }).click();
  assert.equal(await word(), 'Valid', 'its file, chosen');
  await stranger.go(s, '/verify');
  const dropped = await stranger.page.evaluateHandle(({ name, text: words }) => {
    const data = new DataTransfer();
    data.items.add(new File([words.replace('Mei-Ling', 'Mei-Lin')], name));
    return data;
  }, file);
  await Promise.all([stranger.page.waitForURL('**/verify'), stranger.page.dispatchEvent('form[data-drop]', 'drop', { dataTransfer: dropped })]);
  await stranger.page.getByRole('heading', { name: 'Not genuine' }).waitFor();
  stranger.noFaults();
  await stranger.close();
  mei.noFaults();
});
