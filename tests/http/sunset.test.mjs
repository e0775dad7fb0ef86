// The site's last day: `understory sunset` writes it down, the server goes, and a web server that knows
// nothing of us hands out the files. Everything that a certificate names is there, everything verifies
// from the folder alone, years later, and no page says more than it did on the site.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, headingOf, request, sourceDir, startServer, temporaryFolder, textOf, understory, view } from '../support/server.mjs';
import { session } from '../support/people.mjs';
import { answerKey } from '../support/key.mjs';

const run = promisify(execFile);
let s, folder, origin, base, out, web;
const people = {}; // by what became of their certificate
const issued = 7; // one each, and a second one for two of them

const at = (name) => join(folder.path, name);
const years = (n) => new Date(Date.now() + n * 365.25 * 86400e3).toISOString().replace(/\.\d+/, '');

const LSAN_OPTIONS = `suppressions=${join(sourceDir, 'tests', 'support', 'lsan-cairo.txt')}:print_suppressions=0`;
const cli = (...args) => understory([...args, '--json', '--data', s.data, '--origin', origin], { env: { LSAN_OPTIONS } });
async function command(...args) {
  const done = await cli(...args);
  assert.equal(done.code, 0, done.stderr);
  return JSON.parse(done.stdout);
}

/** One more person with a certificate, by testing out. */
async function graduate(name) {
  const email = `${name.toLowerCase().replace(' ', '.')}@example.edu`;
  const { uuid } = await command('person', 'add', '--name', name, '--email', email);
  const person = await session(s, uuid), key = answerKey();
  const attempt = (await person.post('/courses/humility/check')).headers.location;
  for (const { item } of (await view(s, `${attempt}?view=all`, person.cookie)).items)
    await person.post(`${attempt}/answer`, [['item', item], ...key.get(item).key.map((n) => ['answer', n])], 'application/json');
  assert.equal((await person.post(`${attempt}/submit`, [['certificate_name', name]])).status, 303);
  return remember({ ...person, name });
}

/** What is known of a certificate while the site is there. */
async function remember(person) {
  const [mine] = (await view(s, '/certificates', person.cookie)).certificates;
  const bytes = (await request(s, 'GET', mine.credential_href)).text;
  return { ...person, ...mine, bytes, credential: JSON.parse(bytes) };
}

// Ten lines that know nothing of us: a file, or the index.html of a folder.
async function hostFolder() {
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-addext', 'subjectAltName=DNS:localhost'];
  await run('openssl', ['req', '-x509', ...made, '-subj', '/CN=localhost', '-days', '2', '-keyout', at('tls.key'), '-out', at('tls.pem')]);
  web = https.createServer({ key: readFileSync(at('tls.key')), cert: readFileSync(at('tls.pem')) }, async (incoming, answer) => {
    const path = join(out, new URL(incoming.url, origin).pathname);
    try {
      answer.end(await readFile((await stat(path)).isDirectory() ? join(path, 'index.html') : path));
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise((resolve) => web.listen(Number(new URL(origin).port), '127.0.0.1', resolve));
}

/** GET an absolute address of the site that is gone. */
function get(address) {
  return new Promise((resolve, reject) => {
    https.get(new URL(address, origin), { rejectUnauthorized: false, agent: false }, (answer) => {
      const chunks = [];
      answer.on('data', (d) => chunks.push(d)).on('end', () => resolve({ status: answer.statusCode, text: String(Buffer.concat(chunks)) }));
    }).on('error', reject);
  });
}

before(async () => {
  folder = await temporaryFolder('sunset');
  origin = `https://localhost:${await freePort()}`;
  base = at('site');
  out = base;
  s = await startServer({ demo: true, args: ['--origin', origin] });
  people.good = await remember({ ...(await session(s, 'amara')), name: 'Amara Okafor' });
  people.revoked = await graduate('Rosa Field');
  await command('certificate', 'revoke', people.revoked.code, '--reason', 'Given out to the wrong person');
  people.superseded = await graduate('Iris Brook');
  await command('certificate', 'supersede', people.superseded.code, '--reason', 'The day was mistyped');
  people.private = await graduate('Hana Quiet');
  await people.private.post(`${people.private.href}/share`, [['to', 'off']]);
  people.before = await graduate('Lena Stone');
  await people.before.post('/account/certificate-name', [['certificate_name', 'Lena Rivers'], ['replace', 'on']]);
  people.after = await remember({ ...people.before, name: 'Lena Rivers' });
  for (const person of Object.values(people)) {
    person.page = await request(s, 'GET', person.public_href);
    person.achievement = await request(s, 'GET', new URL(person.credential.credentialSubject.achievement.id).pathname);
  }
  await request(s, 'GET', `${people.good.public_href}/certificate.pdf`); // stored from now on
});

after(async () => {
  web?.closeAllConnections?.();
  web?.close();
  await s?.stop();
  await folder?.remove();
});

test('a rehearsal while the server runs: lists valid for a week, every page says so', async () => {
  const report = await command('sunset', at('rehearsal'), '--rehearse');
  assert.equal(report.rehearsal, true);
  const list = JSON.parse(await readFile(at('rehearsal/status/1')));
  assert.equal(Date.parse(list.validUntil) - Date.parse(list.validFrom), 7 * 86400e3);
  assert.match(textOf(await readFile(at('rehearsal/index.html'), 'utf8')), /A rehearsal/);
  assert.match(await readFile(at('rehearsal/README.txt'), 'utf8'), /AS A REHEARSAL/);
  assert.equal((await request(s, 'GET', people.good.public_href)).status, 200, 'the site goes on');
  const page = (person) => readFile(join(at('rehearsal'), person.public_href, 'index.html'), 'utf8');
  assert.match(await page(people.good), /certificate\.pdf"/, 'somebody asked for it, so it is stored and offered');
  assert.doesNotMatch(await page(people.after), /certificate\.(pdf|png)"|bundle\.zip/, 'nobody did');
});

test('never over something, never half of one', async () => {
  const again = await cli('sunset', at('rehearsal'));
  assert.equal(again.code, 1);
  assert.match(again.stderr, /holds something/);
  await mkdir(at('cut.part'));
  const cut = await cli('sunset', at('cut'));
  assert.equal(cut.code, 1);
  assert.match(cut.stderr, /cut off/);
  assert.ok(!existsSync(at('cut')));
  const nothing = await understory(['sunset', at('x'), '--data', at('mistyped')]);
  assert.equal(nothing.code, 1);
  assert.match(nothing.stderr, /no certificate was ever issued in .*mistyped/);
  assert.ok(!existsSync(at('x')) && !existsSync(at('x.part')));
  assert.equal((await cli('sunset')).code, 2);
  for (const bad of ['0', '31', 'ten']) assert.equal((await cli('sunset', at('x'), '--years', bad)).code, 2, bad);
  assert.equal((await cli('sunset', at('x'), '--years', '2', '--rehearse')).code, 2);
});

/** One line to the running server, as the command itself sends it. */
function control(command, input) {
  return new Promise((resolve, reject) => {
    const socket = connect(join(s.data, 'control.sock')).on('error', reject);
    let text = '';
    socket.on('data', (d) => (text += d)).on('end', () => resolve(JSON.parse(text)));
    socket.write(`${JSON.stringify({ command, in: input })}\n`);
  });
}

test('what changes while the folder is written is not half in it', async () => {
  const begun = (await control('sunset.begin', { folder: at('torn') })).out;
  assert.equal(begun.certificates, issued);
  await people.private.post(`${people.private.href}/share`, [['to', 'on']]);
  const { error } = await control('sunset.finish', { folder: at('torn'), at: begun.at, state: begun.state, years: 10 });
  await people.private.post(`${people.private.href}/share`, [['to', 'off']]);
  assert.equal(error.kind, 'conflict');
  assert.match(error.message, /switched on or off while the folder was written/);
  assert.ok(!existsSync(at('torn')) && !existsSync(at('torn.part/status')), 'no list was signed');
});

test('the last day: the server is stopped, the folder is written, the data goes', async () => {
  await s.kill('SIGTERM');
  await mkdir(base); // an empty folder will do
  const report = await command('sunset', base, '--files');
  assert.equal(report.unprinted, 0);
  assert.equal(report.folder, base);
  assert.equal(report.certificates, issued);
  assert.equal(report.checkpoint, issued);
  assert.equal(report.waiting, 0);
  assert.equal(report.until.slice(0, 4), String(Number(report.at.slice(0, 4)) + 10));
  assert.ok(!existsSync(`${base}.part`));
  assert.ok(await command('audit', 'verify'));
  const audit = execFileSync('sqlite3', ['-readonly', join(s.data, 'understory.db'), "SELECT action, detail FROM audit WHERE action LIKE 'sunset%' ORDER BY seq"], { encoding: 'utf8' });
  assert.match(audit, new RegExp(`^sunset\\.rehearse\\|until=.*\nsunset\\|until=${report.until}\n$`));
  await hostFolder();
});

test('without a key that can sign nothing is written', async () => {
  const locked = at('locked');
  const made = await understory(['demo', '--small', '--data', locked, '--origin', origin]);
  assert.equal(made.code, 0, made.stderr);
  for (const name of await readdir(join(locked, 'keys'))) if (name.startsWith('z6Mk')) await rm(join(locked, 'keys', name));
  const refused = await understory(['sunset', at('no-key'), '--data', locked, '--origin', origin]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /no key can sign/);
  assert.ok(!existsSync(at('no-key')) && !existsSync(at('no-key.part')));
});

test('a certificate that no font can print holds up nobody, and is there without its paper', async () => {
  const data = at('unprintable'), site = at('unprinted');
  const made = await understory(['demo', '--small', '--data', data, '--origin', origin, '--coe-name', 'Center 🎓']);
  assert.equal(made.code, 0, made.stderr);
  const done = await understory(['sunset', site, '--rehearse', '--files', '--data', data, '--origin', origin]);
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /could not be made, since the fonts lack a letter: 2/);
  for (const code of (await readdir(join(site, 'v'))).filter((name) => name.length === 26)) {
    const files = await readdir(join(site, 'v', code));
    assert.ok(files.includes('credential.json') && !files.includes('certificate.pdf') && !files.includes('certificate.png'), files);
  }
});

test('every address that a certificate names answers with the right bytes', async () => {
  for (const person of [people.good, people.after]) {
    const { credential } = person;
    assert.equal((await get(`${origin}${person.credential_href}`)).text, person.bytes);
    const did = JSON.parse((await get('/.well-known/did.json')).text);
    assert.equal(did.id, credential.issuer.id);
    assert.ok(did.assertionMethod.includes(credential.proof.verificationMethod));
    const list = JSON.parse((await get(credential.credentialStatus.statusListCredential)).text);
    assert.equal(list.id, credential.credentialStatus.statusListCredential);
    assert.ok(Date.parse(list.validUntil) > Date.parse(years(9)));
    const achievement = await get(credential.credentialSubject.achievement.id);
    assert.equal(headingOf(achievement.text), headingOf(person.achievement.text));
    assert.ok(textOf(achievement.text).includes(credential.credentialSubject.achievement.id.split('/v').at(-1)));
    for (const { id, narrative } of credential.evidence ?? []) assert.equal((await get(id)).text, narrative);
  }
  assert.ok(people.after.credential.evidence, 'one of them carries a checkpoint');
});

test('every certificate has its proof in the log', async () => {
  const { text: last } = await get('/log/checkpoint');
  for (const person of Object.values(people)) {
    const proof = JSON.parse((await get(`/log/proof/${createHash('sha256').update(person.bytes).digest('hex')}`)).text);
    assert.equal(proof.size, issued);
    assert.equal(proof.checkpoint, last);
    assert.equal((await get(`/log/checkpoint/${proof.size}`)).text, last);
  }
  const sizes = (await readdir(join(base, 'log/checkpoint'))).filter((name) => /^\d+$/.test(name));
  for (const size of sizes) assert.equal(JSON.parse((await get(`/log/consistency/${size}/${issued}`)).text).to, issued);
});

async function verify(bytes, ...more) {
  await writeFile(at('certificate'), bytes);
  return understory(['verify', at('certificate'), '--data', at('nothing'), ...more], { env: { SSL_CERT_FILE: at('tls.pem') } });
}

test('years later, with the files of the folder alone, and by asking the host that only has them', async () => {
  const codes = { good: 0, after: 0, private: 0, revoked: 3, superseded: 3, before: 3 };
  for (const [which, code] of Object.entries(codes)) {
    const files = ['--did', join(base, '.well-known/did.json'), '--status', join(base, 'status/1'), '--at', years(5)];
    const offline = await verify(people[which].bytes, ...files);
    assert.equal(offline.code, code, `${which}: ${offline.stdout}`);
  }
  for (const which of ['good', 'revoked']) {
    const online = await verify(people[which].bytes, '--online', '--at', years(5));
    assert.equal(online.code, codes[which], online.stdout + online.stderr);
  }
  const late = await verify(people.good.bytes, '--did', join(base, '.well-known/did.json'), '--status', join(base, 'status/1'), '--at', years(11));
  assert.equal(late.code, 5, late.stdout);
  for (const file of ['certificate.pdf', 'certificate.png', 'credential.jcs.json']) {
    const copy = await verify(await readFile(join(base, people.after.public_href, file)), '--online');
    assert.equal(copy.code, 0, copy.stdout + copy.stderr);
  }
});

test('each page says what it said, and nobody is named who was not', async () => {
  const words = { good: 'Valid', after: 'Valid', revoked: 'Revoked', superseded: 'Superseded', before: 'Superseded', private: 'Not shared' };
  for (const [which, word] of Object.entries(words)) {
    const { status, text } = await get(people[which].public_href);
    assert.equal(status, 200);
    assert.equal(headingOf(text), word, which);
    assert.equal(text.includes(people[which].name), people[which].page.text.includes(people[which].name), which);
    assert.match(text, /<meta name="robots" content="noindex">/);
  }
  const facts = (html) => html.match(/<dl class="facts">[^]*?<\/dl>/)[0];
  assert.equal(facts((await get(people.good.public_href)).text), facts(people.good.page.text));
  for (const file of ['certificate.pdf', 'certificate.png', 'credential.json', 'credential.jcs.json'])
    assert.ok((await get(people.after.public_href)).text.includes(`${people.after.public_href}/${file}"`), file);
  for (const which of ['superseded', 'before', 'private']) {
    assert.deepEqual(await readdir(join(base, people[which].public_href)), ['index.html'], which);
    assert.equal((await get(people[which].credential_href)).status, 404);
  }
  for (const entry of await readdir(base, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name), text = await readFile(path, 'latin1');
    for (const hidden of ['Hana Quiet', 'Lena Stone', 'mistyped', 'wrong person']) assert.ok(!text.includes(hidden), path);
    if (!path.includes('/v/')) for (const shown of ['Amara', 'Rosa Field', 'Lena Rivers', '@example.edu']) assert.ok(!text.includes(shown), path);
  }
});

test('pages need neither script nor form, and each of their links leads somewhere', async () => {
  const seen = new Set(), waiting = ['/', people.good.public_href, people.revoked.public_href, people.private.public_href, new URL(people.good.credential.credentialSubject.achievement.id).pathname];
  while (waiting.length) {
    const address = waiting.pop();
    if (seen.has(address)) continue;
    seen.add(address);
    const { status, text } = await get(address);
    assert.equal(status, 200, address);
    if (!text.startsWith('<!doctype html>')) continue;
    assert.doesNotMatch(text, /<script|<form|<button|style=|sign-in/, address);
    assert.match(text, /Content-Security-Policy/);
    for (const [, href] of text.matchAll(/(?:href|src)="(\/[^"#]*)/g)) waiting.push(href);
  }
  assert.ok(seen.has('/verify') && seen.has('/log') && seen.has('/.well-known/did.json') && seen.has('/keys.json'));
  assert.equal(headingOf((await get('/v')).text), 'Nothing is listed here');
});

test('the history of the keys, and what to tell the web server, lie beside', async () => {
  const { keys } = JSON.parse((await get('/keys.json')).text);
  assert.equal(keys.length, 1);
  assert.equal(keys[0].state, 'active');
  assert.match(keys[0].words, /^Signed since/);
  const readme = await readFile(join(base, 'README.txt'), 'utf8');
  for (const word of [origin, 'application/json', 'Access-Control-Allow-Origin', 'understory verify']) assert.ok(readme.includes(word), word);
  assert.match(await readFile(join(base, 'server/nginx.conf'), 'utf8'), /try_files/);
  assert.match(await readFile(join(base, 'server/apache.conf'), 'utf8'), /%\{REQUEST_METHOD\}/);
});
