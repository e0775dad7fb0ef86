// A certificate to its holder, to whoever has its link, and to whoever has its file; and who sees what.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer, request, signIn, view, textOf, headingOf } from '../support/server.mjs';

let s, amara, mine, bytes;
before(async () => {
  s = await startServer({ demo: true });
  amara = await signIn(s, 'amara');
  [mine] = (await view(s, '/certificates', amara)).certificates;
  bytes = (await request(s, 'GET', mine.credential_href)).text;
});
after(() => s?.stop());

const verify = (form, more = {}) => request(s, 'POST', '/verify', { form, ...more });

test('the holder sees the paper with the signed words, and nobody else does', async () => {
  const page = await request(s, 'GET', mine.href, { cookie: amara });
  const signed = JSON.parse(bytes);
  assert.equal(page.status, 200);
  for (const words of [signed.name, signed.credentialSubject.identifier[0].identityHash, mine.code, mine.completed])
    assert.ok(textOf(page.text).includes(words), words);
  assert.match(textOf(page.text), /does not certify competence/);
  assert.equal((await request(s, 'GET', mine.href, { cookie: await signIn(s, 'daniel') })).status, 404);
  assert.equal((await request(s, 'GET', mine.href, { cookie: await signIn(s, 'administrator') })).status, 404);
});

test('LinkedIn and wallets: links that the holder may follow, from the own page and the public one', async () => {
  const page = await view(s, mine.href, amara), form = new URL(page.linkedin_href), signed = JSON.parse(bytes);
  const day = new Date(signed.awardedDate).toLocaleDateString('en-CA', { timeZone: 'America/Los_Angeles' }).split('-').map(Number);
  assert.equal(form.origin + form.pathname, 'https://www.linkedin.com/profile/add');
  assert.deepEqual(Object.fromEntries(form.searchParams), {
    startTask: 'CERTIFICATION_NAME', name: signed.name, organizationName: signed.issuer.name, issueYear: `${day[0]}`,
    issueMonth: `${day[1]}`, certUrl: mine.public_url, certId: mine.code,
  });
  const html = (await request(s, 'GET', mine.href, { cookie: amara })).text;
  assert.match(html, /<a href="https:\/\/www\.linkedin\.com[^"]*" rel="noopener">/);
  assert.equal(page.credential_url, `${mine.public_url}/credential.json`);
  assert.ok(html.includes(`data-copy="${page.credential_url}"`));
  assert.equal((await request(s, 'GET', mine.credential_href)).headers['access-control-allow-origin'], '*', 'a wallet may read it');
  const open = (await request(s, 'GET', mine.public_href)).text;
  assert.match(open, /<a href="https:\/\/www\.linkedin\.com[^"]*" rel="noopener">/);
  assert.ok(open.includes(page.credential_url));
});

test('whoever has the link reads one word and every signed claim, without an account or a trace', async () => {
  const page = await request(s, 'GET', mine.public_href);
  assert.equal(page.status, 200);
  assert.equal(headingOf(page.text), 'Valid');
  assert.equal(page.headers['referrer-policy'], 'no-referrer');
  assert.match(page.text, /<meta name="robots" content="noindex">/);
  const json = (await request(s, 'GET', mine.public_href, { accept: 'application/json' })).json;
  assert.equal(json.verdict, 'valid');
  assert.ok(json.steps.every((step) => step.ok));
  const shown = json.signed.map((line) => line.value);
  const leaves = (v) => (typeof v === 'object' ? Object.values(v).flatMap(leaves) : [String(v)]);
  for (const value of leaves({ ...JSON.parse(bytes), proof: {} })) assert.ok(shown.includes(value), value);
});

test('the code works in small letters and in groups', async () => {
  const token = mine.public_href.slice(3);
  for (const code of [mine.code, mine.code.toLowerCase(), mine.public_url, ` ${token} `]) {
    const answer = await verify({ code });
    assert.equal(answer.status, 303, code);
    assert.equal(answer.headers.location, mine.public_href);
  }
  const typed = await verify({ code: 'ABC' });
  assert.equal(typed.status, 422);
  assert.match(typed.text, /name="code"[^>]* value="ABC"/);
});

const mistyped = (code) => code.slice(0, -1) + (code.endsWith('0') ? '1' : '0');

test('a code with another letter at its end is not known here, and stands there to be compared', async () => {
  const code = mistyped(mine.code), link = mistyped(mine.public_url);
  const page = await verify({ code }), other = await verify({ code: link });
  assert.equal(page.status, 404);
  assert.equal(headingOf(page.text), 'Not known here');
  assert.match(textOf(page.text), /Compare each letter with the page you were given/);
  assert.match(page.text, new RegExp(`name="code"[^>]* value="${code}"`));
  assert.equal(page.text.replaceAll(code, 'T'), other.text.replaceAll(link, 'T'));
});

test('the file that was issued is valid; with one letter changed it is not genuine', async () => {
  const good = await verify({ credential: bytes });
  assert.equal(headingOf(good.text), 'Valid');
  assert.equal(good.headers['cache-control'], 'no-store');
  const name = JSON.parse(bytes).credentialSubject.identifier[0].identityHash;
  const altered = await verify({ credential: bytes.replace(name, `${name}x`) });
  assert.equal(headingOf(altered.text), 'Not genuine');
  assert.match(altered.text, /<p class="lead">It was changed, or its signature is not real\.<\/p>/, 'said once');
  assert.doesNotMatch(altered.text, /What is signed/);
  assert.equal(headingOf((await verify({ credential: '{}' })).text), 'Not genuine');
  for (const credential of ['hello', '['.repeat(1600), bytes.slice(0, bytes.length / 2), bytes.slice(0, -1)]) {
    const half = await verify({ credential });
    assert.equal(headingOf(half.text), 'Cannot be read');
    assert.match(textOf(half.text), /This file is not complete, or not a certificate file\. Download it again/);
  }
  assert.equal((await verify({})).status, 422);
});

test('keys, status list and credential are readable from other sites, with a validator', async () => {
  const did = (await request(s, 'GET', '/.well-known/did.json')).json;
  assert.equal(JSON.parse(bytes).issuer.id, did.id);
  const list = new URL(JSON.parse(bytes).credentialStatus.statusListCredential).pathname;
  for (const path of ['/.well-known/did.json', list, mine.credential_href]) {
    const answer = await request(s, 'GET', path);
    assert.equal(answer.headers['access-control-allow-origin'], '*', path);
    assert.equal(answer.headers['cache-control'], 'public, max-age=300', path);
    const asked = await request(s, 'OPTIONS', path);
    assert.equal(asked.status, 204);
    assert.equal(asked.headers['access-control-allow-headers'], 'cache-control, pragma');
    const again = await request(s, 'GET', path, { headers: { 'If-None-Match': answer.headers.etag } });
    assert.equal(again.status, 304, path);
  }
  assert.equal((await request(s, 'GET', '/status/999')).status, 404);
});

test('what the holder reads of the chair’s view is the chair’s own row', async () => {
  const { rows } = await view(s, '/departments/medicine', await signIn(s, 'chair-medicine'));
  for (const who of ['amara', 'daniel']) {
    const cookie = await signIn(s, who);
    const seen = await view(s, '/account/who-sees-what', cookie);
    const { name } = await view(s, '/account', cookie);
    const row = rows.find((r) => r.name === name), [own] = seen.chair.rows;
    assert.deepEqual([own.name, own.status, own.due, own.completed], [row.name, row.status_words, row.due, row.done_words]);
    assert.equal(seen.coe.rows[0].status, row.status_words);
  }
});

test('links that lead nowhere look alike, and after many of them one waits; a right one is answered', async () => {
  const page = async (path) => request(s, 'GET', path);
  const wrong = await page('/v/00000000000000000000000000'), short = await page('/v/abc');
  assert.equal(wrong.status, 404);
  assert.equal(wrong.text.replaceAll(/00000000000000000000000000/g, 'T'), short.text.replaceAll(/\babc\b/g, 'T'));
  let last;
  for (let i = 0; i < 70; i++) last = await page(`/v/0000000000000000000000${1000 + i}`);
  assert.equal(last.status, 429);
  assert.equal((await verify({ code: mistyped(mine.code) })).status, 429, 'however they are tried');
  assert.equal((await page(mine.public_href)).status, 200);
});

test('while the keys are missing certificates are shown all the same, and what they sign is late rather than gone', async () => {
  const list = new URL(JSON.parse(bytes).credentialStatus.statusListCredential).pathname;
  const keys = join(s.data, 'keys');
  await rename(keys, `${keys}-away`);
  await s.restart();
  for (const path of [list, '/.well-known/did.json']) {
    const answer = await request(s, 'GET', path);
    assert.equal(answer.status, 503, path);
    assert.ok(answer.headers['retry-after'], path);
  }
  assert.equal((await request(s, 'GET', '/status/4711')).status, 404);
  for (const path of ['/certificates', mine.href]) assert.equal((await request(s, 'GET', path, { cookie: amara })).status, 200, path);
  assert.equal((await view(s, mine.public_href)).verdict, 'key-unconfirmed');
  await rm(keys, { recursive: true, force: true }); // the server made a new one for private writing
  await rename(`${keys}-away`, keys);
  await s.restart();
  assert.equal((await request(s, 'GET', list)).status, 200);
  assert.equal((await view(s, mine.public_href)).verdict, 'valid');
});
