// Coming in: by a link that only its button spends, by a password, and by neither telling who is here.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer, request, newLink, signIn, formToken, cookieOf, view, textOf, whoIs } from '../support/server.mjs';

let s;
before(async () => (s = await startServer({ demo: true })));
after(() => s?.stop());

const password = 'four old words here';
const posted = (path, form, more = {}) => request(s, 'POST', path, { form, ...more });

async function setPassword(cookie, fields) {
  return posted('/account/password', { form_token: await formToken(s, cookie), ...fields }, { cookie });
}

test('opening a link changes nothing; its button spends it once and leads on', async () => {
  const { pathname } = new URL(await newLink(s, 'mei', '--to', '/courses/humility'));
  for (let i = 0; i < 3; i++) {
    const page = await request(s, 'GET', pathname);
    assert.equal(page.status, 200);
    assert.equal(page.headers['set-cookie'], undefined);
    assert.match(page.text, /<meta name="robots" content="noindex">/);
    assert.equal((page.text.match(/<button/g) ?? []).length, 1);
  }
  const spent = await posted(pathname, {});
  assert.equal(spent.status, 303);
  assert.equal(spent.headers.location, '/courses/humility');
  assert.match(spent.headers['set-cookie'][0], /^__Host-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
  for (const again of [await posted(pathname, {}), await request(s, 'GET', pathname)]) {
    assert.equal(again.status, 404);
    assert.match(textOf(again.text), /works once and for a limited time/);
    assert.equal(again.headers['set-cookie'], undefined);
  }
});

test('a used link, one never made and one cut short look alike', async () => {
  const { pathname } = new URL(await newLink(s, 'mei'));
  await posted(pathname, {});
  const pages = [];
  for (const path of [pathname, `/sign-in/link/${'A'.repeat(43)}`, pathname.slice(0, -4)])
    pages.push((await request(s, 'GET', path)).text);
  assert.equal(new Set(pages).size, 1);
});

test('on a shared computer the cookie ends with the browser', async () => {
  const answer = await posted(new URL(await newLink(s, 'mei')).pathname, { shared: '1' });
  assert.doesNotMatch(answer.headers['set-cookie'][0], /Max-Age/);
});

test('a password is set, signs in, leads to the step asked for, and changes only with the present one', async () => {
  const cookie = await signIn(s, 'amara');
  const short = await setPassword(cookie, { new_password: 'short' });
  assert.equal(short.status, 422);
  assert.match(short.text, /id="new_password-error">Use at least 12 characters/);
  assert.equal((await setPassword(cookie, { new_password: 'كلمةسرقصيرة' })).status, 422, 'eleven letters, 22 bytes');
  assert.match((await setPassword(cookie, { new_password: 'س'.repeat(257) })).text, /New password: please use at most 256 characters/);
  assert.equal((await setPassword(cookie, { new_password: password })).headers.location, '/account?saved=password');
  const entered = await posted('/sign-in', { email: ` ${whoIs(s, 'amara').toUpperCase()} `, password, return_to: '/certificates' });
  assert.equal(entered.status, 303);
  assert.equal(entered.headers.location, '/certificates');
  const mine = cookieOf(entered);
  assert.equal((await setPassword(mine, { new_password: 'four new words here' })).status, 422);
  const wrong = await setPassword(mine, { current_password: 'not the present one', new_password: 'four new words here' });
  assert.equal(wrong.status, 422);
  assert.match(wrong.text, /That is not your current password/);
  assert.doesNotMatch(wrong.text, /not the present one|four new words/);
});

test('unknown people and wrong passwords read the same, and what was typed stays', async () => {
  const known = await posted('/sign-in', { email: whoIs(s, 'daniel'), password: 'wrong', return_to: '/courses' });
  assert.match(known.text, /<p>Nothing you typed is lost, apart from passwords\.<\/p>/);
  const unknown = await posted('/sign-in', { email: 'nobody@example.edu', password: 'wrong', return_to: '/courses' });
  assert.equal(known.status, 401);
  assert.equal(unknown.status, 401);
  const plain = (answer, email) => answer.text.replaceAll(email, 'E');
  assert.equal(plain(known, whoIs(s, 'daniel')), plain(unknown, 'nobody@example.edu'));
  assert.match(unknown.text, /value="nobody@example.edu"/);
  assert.match(unknown.text, /name="return_to" value="\/courses"/);
  assert.doesNotMatch(unknown.text, /value="wrong"/);
});

test('after five wrong ones the form says to wait, for unknown people alike', async () => {
  for (const email of [whoIs(s, 'samuel'), 'stranger@example.edu']) {
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await posted('/sign-in', { email, password: 'wrong' })).status);
    assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429], email);
  }
});

test('return_to never leaves the site', async () => {
  for (const path of ['//evil.example', 'https://evil.example/', '/\\evil.example', 'javascript:1']) {
    const page = await request(s, 'GET', `/sign-in?return_to=${encodeURIComponent(path)}`);
    assert.match(page.text, /name="return_to" value="\/"/, path);
  }
});

test('signing out ends the session and clears what the browser kept', async () => {
  const cookie = await signIn(s, 'daniel');
  const out = await posted('/sign-out', { form_token: await formToken(s, cookie) }, { cookie });
  assert.equal(out.status, 303);
  assert.equal(out.headers['clear-site-data'], '"storage"');
  assert.match(out.headers['set-cookie'][0], /Max-Age=0/);
  assert.notEqual((await request(s, 'GET', '/account', { cookie })).status, 200);
});

test('a new password ends the sessions elsewhere and keeps this one', async () => {
  const [here, elsewhere, other] = [await signIn(s, 'samuel'), await signIn(s, 'samuel'), await signIn(s, 'mei')];
  const status = async (cookie) => (await request(s, 'GET', '/account', { cookie })).status;
  for (const cookie of [here, elsewhere, other]) assert.equal(await status(cookie), 200);
  assert.equal((await setPassword(here, { new_password: 'four other words here' })).status, 303);
  assert.deepEqual([await status(here), await status(elsewhere), await status(other)], [200, 303, 200]);
});

test('a failed sign-in leaves the session that was there; a new one ends it', async () => {
  const cookie = await signIn(s, 'mei');
  const status = async () => (await request(s, 'GET', '/account', { cookie })).status;
  assert.equal((await posted('/sign-in', { email: 'nobody@example.edu', password: 'wrong' }, { cookie })).status, 401);
  assert.equal((await posted(`/sign-in/link/${'A'.repeat(43)}`, {}, { cookie })).status, 404);
  assert.equal(await status(), 200);
  assert.equal((await posted(new URL(await newLink(s, 'samuel')).pathname, {}, { cookie })).status, 303);
  assert.equal(await status(), 303);
});

test('the name on certificates is checked, kept as typed, and stored', async () => {
  const cookie = await signIn(s, 'mei');
  const name = async (certificate_name) =>
    posted('/account/certificate-name', { form_token: await formToken(s, cookie), certificate_name }, { cookie });
  const refused = await name('12345');
  assert.equal(refused.status, 422);
  assert.match(refused.text, /has no letter/);
  assert.match(refused.text, /name="certificate_name"[^>]* value="12345"/);
  assert.equal((await name('Mei-Ling Vang, MD')).headers.location, '/account?saved=name');
  assert.equal((await view(s, '/account', cookie)).certificate_name, 'Mei-Ling Vang, MD');
});
