// Checking certificates through both doors, the page and the command: five kinds of file, and everything
// that somebody might hand in to deceive.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { attached, baked, chunk, forger, jcsHolds, pdf, pdfWith, png, stream } from '../support/certificate-files.mjs';
import { buildDir, freePort, headingOf, request, signIn, startServer, temporaryFolder, textOf, understory, view } from '../support/server.mjs';
import { zip } from '../support/zip.mjs';

let s, folder, mine, certificate, signed, did, list, elsewhere;
const at = (name) => join(folder.path, name);

before(async () => {
  folder = await temporaryFolder('verify');
  s = await startServer({ demo: true, args: ['--origin', `https://localhost:${await freePort()}`] });
  [mine] = (await view(s, '/certificates', await signIn(s, 'amara'))).certificates;
  certificate = (await request(s, 'GET', mine.credential_href)).text;
  signed = JSON.parse(certificate);
  did = (await request(s, 'GET', '/.well-known/did.json')).text;
  list = (await request(s, 'GET', new URL(signed.credentialStatus.statusListCredential).pathname)).text;
  writeFileSync(at('did.json'), did);
  writeFileSync(at('list.json'), list);
  elsewhere = at('elsewhere'); // another issuer: localhost:8080
  mkdirSync(elsewhere);
  execFileSync(join(buildDir, 'tests', 'judge_issue'), [elsewhere, '2']);
});
after(async () => {
  await s?.stop();
  await folder?.remove();
});

let files = 0;
/** `understory verify` on bytes: {code, words, report}. */
async function command(bytes, ...args) {
  const path = at(`file-${files++}`);
  writeFileSync(path, bytes);
  const { code, stdout, stderr } = await understory(['verify', path, '--json', '--data', at('none'), ...args]);
  assert.ok(stdout, stderr);
  const report = JSON.parse(stdout);
  return { code, report, words: report.words };
}
const trusted = () => ['--did', at('did.json'), '--status', at('list.json')];

/** The page, given a file: its view. */
async function page(bytes, more = {}) {
  const answer = await request(s, 'POST', '/verify', { files: [['with', 'file'], ['file', { filename: 'x', bytes }]], accept: 'application/json', ...more });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

/** Refused by both doors as no good certificate, with words for a person. */
async function refused(bytes, words) {
  const answer = await command(bytes, ...trusted()), shown = await page(bytes);
  assert.equal(answer.code, 1, answer.words);
  assert.match(`${answer.words} ${answer.report.steps.map((step) => step.detail).join(' ')}`, words);
  assert.equal(shown.result.verdict, 'invalid');
  assert.match(`${shown.title}: ${shown.result.words} ${shown.result.steps.map((step) => `${step.words} ${step.detail}`).join(' ')}`, words);
  assert.equal(shown.result.has_claims, false, 'nothing unproven is repeated');
}

const bundle = (more = {}) => zip(Object.entries({ 'credential.json': certificate, 'did.json': did, 'status.json': list, ...more })
  .filter(([, bytes]) => bytes !== null).map(([name, bytes]) => ({ name, bytes, deflate: true })));

test('each kind of file is opened and valid, at both doors', async () => {
  for (const [kind, bytes] of [['json', certificate], ['png', png(baked(certificate))], ['pdf', pdfWith(certificate)], ['bundle', bundle()]]) {
    const answer = await command(bytes, ...trusted()), shown = await page(bytes);
    assert.equal(answer.code, 0, `${kind}: ${answer.words}`);
    assert.equal(answer.report.kind, kind);
    assert.equal(answer.report.steps[0].name, 'file');
    assert.equal(shown.title, 'Valid');
    assert.equal(shown.result.kind, kind);
    assert.ok(shown.result.steps.every((step) => step.ok && step.result === 'Holds'));
  }
  const offline = await command(bundle(), '--did', at('did.json'));
  assert.equal(offline.code, 0, 'a bundle brings its status list');
});

test('the files that a holder downloads are valid, and what the page makes of each is the same', async () => {
  for (const [kind, name] of [['pdf', 'certificate.pdf'], ['png', 'certificate.png'], ['bundle', 'bundle.zip'], ['jcs', 'credential.jcs.json']]) {
    const file = await request(s, 'GET', `${mine.public_href}/${name}`);
    assert.equal(file.status, 200, name);
    const answer = await command(file.body, ...trusted()), shown = await page(file.body);
    assert.equal(answer.code, 0, `${name}: ${answer.words}`);
    assert.equal(answer.report.kind, kind);
    assert.equal(answer.report.id, signed.id);
    assert.equal(shown.title, 'Valid', name);
    if (kind !== 'jcs') continue;
    assert.ok(jcsHolds(file.json), 'another program of thirty lines agrees');
    assert.ok(did.includes(file.json.proof.verificationMethod));
    assert.ok(!jcsHolds({ ...file.json, name: 'Other' }));
    await refused(file.text.replace('Amara', 'Amora'), /Not genuine/);
    await refused(file.text.replace('"name":"', '"n\\u0061me":"Other","name":"'), /twice/);
  }
});

test('a bundle’s place in the log is checked against an auditor’s checkpoint', async () => {
  const checkpoint = await understory(['log', 'checkpoint', '--data', s.data]), key = await understory(['log', 'key', '--data', s.data]);
  assert.equal(checkpoint.code, 0, checkpoint.stderr);
  writeFileSync(at('checkpoint.txt'), checkpoint.stdout);
  writeFileSync(at('log.vkey'), key.stdout);
  const proof = async (text) => (await request(s, 'GET', `/log/proof/${createHash('sha256').update(text).digest('hex')}`)).json.proof;
  const mineIn = bundle({ 'log-proof.txt': await proof(certificate) });
  const step = (report) => report.steps.find(({ name }) => name === 'log');
  const judge = async (bytes, ...more) => command(bytes, '--did', at('did.json'), ...more);
  const given = ['--checkpoint', at('checkpoint.txt')];
  const shown = await judge(mineIn, ...given);
  assert.equal(shown.code, 0, shown.words);
  assert.match(step(shown.report).detail, /stands in the log of localhost:\d+ as number \d+ of \d+/);
  const silent = await judge(mineIn);
  assert.equal(silent.code, 0);
  assert.ok(step(silent.report).open, 'what came along is no trust');
  const none = await judge(bundle(), ...given);
  assert.equal(none.code, 5);
  assert.match(step(none.report).detail, /no inclusion proof came along/);
  const pins = await understory(['trust', 'log', at('log.vkey'), '--data', at('pins')]);
  assert.equal(pins.code, 0, pins.stderr);
  assert.ok(step((await judge(mineIn, '--data', at('pins'))).report).ok, 'the pinned key vouches');
  const [signature] = checkpoint.stdout.trim().split(' ').slice(-1);
  writeFileSync(at('forged.txt'), checkpoint.stdout.replace(signature, `${signature.slice(0, -8)}AAAAAAA=`));
  assert.equal((await judge(mineIn, '--checkpoint', at('forged.txt'), '--data', at('pins'))).code, 5);
  const page1 = await page(mineIn);
  assert.equal(page1.title, 'Valid');
  assert.ok(page1.result.steps.find(({ name }) => name === 'Public log').ok, 'the site knows its own log');
});

test('any flipped bit of the signed file is refused', async (t) => {
  const seed = Number(process.env.UNDERSTORY_SEED ?? Date.now() % 1e9);
  t.diagnostic(`UNDERSTORY_SEED=${seed}`);
  let state = seed;
  const below = (n) => (state = (state * 1103515245 + 12345) % 2147483648) % n;
  const bytes = Buffer.from(certificate);
  for (let i = 0; i < 200; i++) {
    const changed = Buffer.from(bytes);
    const where = below(bytes.length), bit = below(8);
    changed[where] ^= 1 << bit;
    const file = i % 2 ? changed : png(baked(changed));
    assert.equal((await page(file)).result.verdict, 'invalid', `bit ${bit} of byte ${where}`);
    if (i % 25 === 0) assert.equal((await command(file, ...trusted())).code, 1);
  }
});

test('what was added to the certificate is refused, however it is written', async () => {
  const name = '"name":"', additions = [
    [name, '"nickname":"x","name":"', /Not (a certificate|genuine)/],
    [name, '"name":"Other","name":"', /twice/],
    [name, '"n\\u0061me":"Other","name":"', /twice/],
    ['context-3.0.3.json"', 'context-3.0.3.json","https://evil.example/c"', /Not (a certificate|genuine)/],
    ['"hashed":false', '"hashed":false,"salt":"x"', /Not (a certificate|genuine)/],
    ['"proof":{', '"proof":{"expires":"2030-01-01T00:00:00Z",', /Not (a certificate|genuine)/],
  ];
  for (const [from, to, words] of additions) {
    assert.ok(certificate.includes(from));
    await refused(certificate.replace(from, to), words);
  }
});

test('a foreign key under our own name is never ours, whatever did.json comes along', async () => {
  const thief = forger(), { id } = signed.issuer;
  const forged = JSON.stringify(thief.sign({ ...signed, name: 'Certificate of everything' }, id));
  const theirs = JSON.stringify(thief.didDocument(id));
  writeFileSync(at('theirs.json'), theirs);
  assert.equal((await command(forged, '--did', at('theirs.json'))).code, 5, 'the forger signs well: it is the key that is not ours');
  for (const bytes of [forged, png(baked(forged)), pdfWith(forged), bundle({ 'credential.json': forged, 'did.json': theirs })]) {
    const answer = await command(bytes, ...trusted());
    assert.equal(answer.code, 6, answer.words);
    assert.equal((await command(bytes)).code, 6);
    const shown = await page(bytes);
    assert.equal(shown.title, 'Issuer not confirmed');
    assert.match(shown.result.words, /not signed with a key of localhost:\d+ that is in force/);
  }
  const ours = bundle({ 'did.json': theirs });
  assert.equal((await command(ours)).code, 6);
  assert.match((await command(ours)).report.steps.find((step) => step.name === 'issuer key').detail, /no proof/);
  assert.equal((await command(ours, '--did', at('did.json'))).code, 0, 'what came along changes nothing');
  await refused(certificate.replaceAll(signed.proof.verificationMethod, `${id}#${thief.id}`), /Not genuine/);
});

test('a missing, stale or forged status list gives exit 5 and says “status unknown”', async () => {
  const forged = JSON.parse(list);
  forged.validUntil = '2099-01-01T00:00:00Z';
  writeFileSync(at('forged.json'), JSON.stringify(forged));
  const keys = ['--did', at('did.json')];
  for (const [what, bytes, args] of [
    ['missing', certificate, keys],
    ['missing from a bundle', bundle({ 'status.json': null }), keys],
    ['forged', certificate, [...keys, '--status', at('forged.json')]],
    ['forged in a bundle', bundle({ 'status.json': JSON.stringify(forged) }), keys],
    ['empty', bundle({ 'status.json': '' }), keys],
    ['stale', certificate, [...trusted(), '--at', '2099-01-01']],
    ['stale in a bundle', bundle(), [...keys, '--at', '2099-01-01']],
  ]) {
    const answer = await command(bytes, ...args);
    assert.equal(answer.code, 5, `${what}: ${answer.words}`);
    assert.match(answer.words, /status unknown/, what);
    assert.ok(answer.report.steps.find((step) => step.name === 'status').open, what);
  }
});

test('a clock that is a few minutes slow still takes what was signed just now', async () => {
  const issued = Date.parse(signed.validFrom), before = (minutes) => ['--at', new Date(issued - minutes * 60_000).toISOString().replace(/\.\d+Z/, 'Z')];
  assert.equal((await command(certificate, ...trusted(), ...before(6))).code, 4);
  const dates = (answer) => answer.report.steps.find((step) => step.name === 'dates').ok;
  assert.ok(dates(await command(certificate, ...trusted(), ...before(4))));
});

test('a picture with none, two, a packed or another system’s certificate is refused in its own words', async () => {
  await refused(png(), /No certificate found: .*screenshot/);
  await refused(png(baked(certificate), baked(certificate)), /more than one/);
  await refused(png(baked(certificate), baked('{}', { type: 'zTXt' })), /more than one/);
  await refused(png(chunk('zTXt', Buffer.concat([Buffer.from('openbadgecredential\0\0'), deflateSync(certificate)]))), /packed form/);
  await refused(png(baked('https://badges.example/1', { keyword: 'openbadges', type: 'tEXt' })), /Open Badges 1 or 2/);
  await refused(png(baked('eyJhbGciOiJSUzI1NiJ9.e30.x')), /signed token/);
});

test('a swapped attachment is what is judged, and the page names whom it is for', async () => {
  const other = readFileSync(join(elsewhere, 'certificate-0.json'), 'utf8');
  const altered = pdfWith(certificate.replace('Amara', 'Amora'));
  await refused(altered, /Not genuine/);
  assert.equal((await page(altered)).result.stopped, true, 'what was not looked at is said');
  const shown = await page(pdfWith(other));
  assert.equal(shown.title, 'Issuer not confirmed');
  assert.equal(shown.result.claims.find((claim) => claim.key === 'holder').lines[0], JSON.parse(other).credentialSubject.identifier[0].identityHash);
  await refused(pdf(['<< /AF [ 3 0 R 5 0 R ] >>', '<< >>', attached, stream(certificate), attached]), /more than one/);
  await refused(pdf(['<< /Type /Catalog >>', '<< >>', attached, stream(certificate)]), /No certificate found/);
  await refused(pdf(['<< /AF [ 3 0 R ] >>', '<< >>', attached, stream(deflateSync(Buffer.alloc(32 << 20)), '/Filter /FlateDecode ')]), /larger than any certificate/);
});

test('a bundle with other names, paths, a name twice, a bomb or too many files is refused', async () => {
  const only = (name) => zip([{ name, bytes: certificate }]);
  for (const name of ['certificate.json', '../credential.json', '/credential.json', 'a/credential.json', 'Credential.json', 'credential.json/'])
    await refused(only(name), /does not belong|damaged/);
  await refused(zip([{ name: 'credential.json', bytes: certificate }, { name: 'credential.json', bytes: '{}' }]), /twice|damaged/);
  await refused(zip([{ name: 'credential.json', bytes: Buffer.alloc(32 << 20, ' '), deflate: true }]), /larger than any/);
  await refused(zip([{ name: 'credential.json', bytes: Buffer.alloc(1 << 20, ' '), deflate: true, claims: 100 }]), /larger than any|damaged/);
  await refused(zip(Array.from({ length: 500 }, (_, i) => ({ name: `f${i}`, bytes: '' }))), /500 files/);
  await refused(zip([{ name: 'did.json', bytes: did }]), /holds no certificate/);
});

test('whatever was cut short is refused', async () => {
  for (const whole of [Buffer.from(certificate), png(baked(certificate)), pdfWith(certificate), bundle()])
    for (const part of [0.1, 0.5, 0.9, 1]) {
      const cut = whole.subarray(0, Math.floor(whole.length * part) - (part === 1 ? 12 : 0));
      assert.equal((await page(cut)).result.verdict, 'invalid');
      if (part === 0.5) assert.equal((await command(cut, ...trusted())).code, 1);
    }
});

test('another issuer’s certificate: not confirmed, until an administrator has pinned that issuer', async () => {
  const file = (name) => readFileSync(join(elsewhere, name));
  const theirs = (name) => zip([{ name: 'credential.json', bytes: file(name) }, { name: 'status.json', bytes: file('status.json') }]);
  const before = await page(theirs('certificate-0.json'));
  assert.equal(before.title, 'Issuer not confirmed');
  assert.match(before.result.words, /anybody can write that name. Ask localhost:8080 itself/);
  assert.deepEqual(before.result.steps.filter((step) => step.open).map((step) => step.name), ['The issuer', 'Not revoked']);
  const pin = await understory(['trust', 'add', join(elsewhere, 'did.json'), '--data', s.data]);
  assert.equal(pin.code, 0, pin.stderr);
  assert.equal((await page(theirs('certificate-0.json'))).title, 'Valid');
  assert.equal((await page(theirs('certificate-1.json'))).title, 'Revoked');
  const alone = await page(file('certificate-0.json'));
  assert.equal(alone.title, 'Status unknown');
  assert.match(alone.result.words, /whether it was revoked since could not be checked/);
});

test('whoever has stolen the key signs what was never issued: the site says that it is not in its records', async () => {
  const keys = join(s.data, 'keys'), file = readdirSync(keys).find((name) => name.startsWith('z6Mk'));
  const thief = forger(Buffer.from(JSON.parse(readFileSync(join(keys, file))).secret, 'base64url'));
  const renamed = structuredClone(signed), invented = structuredClone(signed);
  renamed.credentialSubject.identifier[0].identityHash = 'Somebody Else';
  invented.id = invented.id.replace(/.{12}$/, 'aaaaaaaaaaaa');
  for (const document of [renamed, invented]) {
    const answer = await page(JSON.stringify(thief.sign(document, signed.issuer.id)));
    assert.equal(answer.title, 'Not in our records');
    assert.equal(answer.result.verdict, 'status-unknown');
    assert.match(answer.result.words, /not among the certificates that were issued here/);
  }
  assert.match(s.log(), new RegExp(`${invented.id} was signed with the key ${thief.id} of this site and is not in its records`));
  assert.equal((await page(JSON.stringify(signed, null, 1))).title, 'Valid', 'however it is spaced');
  assert.equal((await page(JSON.stringify(thief.sign(signed, signed.issuer.id)))).title, 'Valid', 'and whichever suite says so');
});

test('the page tells what is wrong with what was sent, and a mistyped code what to compare', async () => {
  const post = (form) => request(s, 'POST', '/verify', { form });
  const none = await request(s, 'POST', '/verify', { files: [['with', 'file'], ['file', { filename: '', bytes: '' }]] });
  assert.equal(none.status, 422);
  assert.match(textOf(none.text), /Choose the certificate’s file first/);
  assert.match(textOf((await post({ with: 'text', credential: '' })).text), /Paste the text/);
  for (const code of ['ABCDE-FGH', 'ÄBCDÉ-FGH']) assert.match(textOf((await post({ code })).text), /26 letters and digits, and this has 8/);
  assert.match(textOf((await post({ code: 'UUUUU-UUUUU-UUUUU-UUUUU-UUUUUU' })).text), /no U/);
  const unknown = await post({ code: '0'.repeat(26) });
  assert.equal(unknown.status, 404);
  assert.match(textOf(unknown.text), /O and 0 count as the same here, and so do I, L and 1/);
  const large = await request(s, 'POST', '/verify', { files: [['file', { filename: 'x', bytes: Buffer.alloc((4 << 20) + 1) }]] });
  assert.equal(large.status, 422);
});

test('checked without JavaScript and without a trace: the answer shows each step in plain words', async () => {
  const answer = await request(s, 'POST', '/verify', { files: [['file', { filename: 'a.pdf', bytes: pdfWith(certificate) }]] });
  assert.equal(headingOf(answer.text), 'Valid');
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.equal(answer.headers['set-cookie'], undefined);
  const [visible] = answer.text.split('<summary>Technical details');
  for (const words of [/only the certificate inside is checked, not what the page shows/, /Every word is as it was signed/, /It was signed by localhost/, /Not revoked as of/])
    assert.match(textOf(visible), words);
  const main = textOf(visible.slice(visible.indexOf('<main')));
  assert.doesNotMatch(main, /\b(DID|hash|proof|did:web|eddsa|z6Mk\w+)\b/);
});
