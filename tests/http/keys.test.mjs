// The life of a signing key: it waits, signs, retires or is compromised, while certificates are made
// and checked; and the three places where its private half may stand.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answerKeys, Learner } from '../crash/learner.mjs';
import { forger } from '../support/certificate-files.mjs';
import { control, headingOf, request, signIn, startServer, temporaryFolder, textOf, understory, view } from '../support/server.mjs';

const DID = '/.well-known/did.json';
const right = answerKeys();
let folder, s, administrator;

before(async () => {
  folder = await temporaryFolder('keys');
  mkdirSync(at('credentials'), { mode: 0o700 });
  s = await startServer({ people: 60, env: { CREDENTIALS_DIRECTORY: at('credentials') } });
  administrator = await signIn(s, 'administrator@example.edu');
});
after(async () => {
  await s?.stop();
  await folder?.remove();
});

const at = (name) => join(folder.path, name);
const keyFile = (id) => join(s.data, 'keys', `${id}.json`);
const sql = (statement) => execFileSync('sqlite3', [join(s.data, 'understory.db'), statement], { encoding: 'utf8' }).trim();
const run = async (args, code = 0) => {
  const done = await understory([...args, '--data', s.data]);
  assert.equal(done.code, code, `${args.join(' ')}: ${done.stdout}${done.stderr}`);
  return done;
};
const key = (...args) => run(['key', ...args]);
const keyJson = async (...args) => JSON.parse((await key(...args, '--json')).stdout);
const list = async () => (await keyJson('list')).keys;
const signing = async () => (await list()).find((k) => k.signs);
const published = async () => (await request(s, 'GET', DID)).json.verificationMethod.map((m) => m.publicKeyMultibase);
const signing_words = async () => (await view(s, '/administration', administrator)).keys;

/** Somebody new who completes the course; gives their certificate's row of the list. */
let people = 0;
async function finish() {
  const email = `key-test-${++people}@example.edu`;
  await run(['person', 'add', '--name', 'New Person', '--email', email]);
  const { link } = JSON.parse((await run(['person', 'link', email, '--json'])).stdout);
  const learner = new Learner(s, [link], right);
  setTimeout(() => (learner.running = false), 60000).unref(); // or it would wait for ever for a server that ended
  await learner.signIn();
  assert.equal(await learner.check(true), true);
  return { ...(await view(s, '/certificates', learner.cookie)), cookie: learner.cookie };
}

test('a first key signs since the beginning, and the administration says which', async () => {
  const [only, ...more] = await list();
  assert.deepEqual(more, []);
  assert.equal(only.state, 'active');
  assert.ok(only.signs);
  assert.equal(String(only.certificates), sql('SELECT COUNT(*) FROM certificate'));
  assert.ok(only.certificates >= 7, 'enough for several pieces');
  const words = await signing_words();
  assert.equal(words.fingerprint, only.fingerprint);
  assert.match(words.since_words, /^[A-Z][a-z]{2} \d+ [A-Z][a-z]{2} \d{4}$/);
  const page = textOf((await request(s, 'GET', '/administration', { cookie: administrator })).text);
  assert.ok(page.includes(`Fingerprint ${only.fingerprint} , since ${words.since_words}`), page);
  assert.match((await key('list')).stdout, new RegExp(`${only.id}\n  fingerprint   ${only.fingerprint}\n  state         active since`));
});

test('a new key is published at once and does not sign before the keys are exchanged; the old one stays published', async () => {
  const [old] = await list();
  const made = (await keyJson('new')).key;
  assert.equal(made.state, 'waiting');
  assert.equal(statSync(keyFile(made.id)).mode & 0o777, 0o600);
  assert.deepEqual(await published(), [old.id, made.id]);
  assert.equal((await signing()).id, old.id);

  const done = await keyJson('rotate');
  assert.deepEqual([done.key.id, done.made, done.retired], [made.id, false, [old.id]]);
  assert.equal((await signing()).id, made.id);
  assert.deepEqual(await published(), [old.id, made.id]);
  assert.doesNotMatch((await request(s, 'GET', DID)).text, /expires|revoked/, 'verifiers would refuse what a retired key signed');
  assert.doesNotMatch(readFileSync(keyFile(old.id), 'utf8'), /secret/);
  const token = sql(`SELECT token FROM certificate WHERE key_id = '${old.id}' AND valid_until IS NULL LIMIT 1`);
  assert.equal((await view(s, `/v/${token}`)).verdict, 'valid');
  assert.equal(sql(`SELECT actor IS NULL, detail FROM audit WHERE action = 'key.rotate' AND subject = '${made.id}'`), `1|after=${old.id}`);
});

test('a rotation that was cut short signs with the newer key, and is finished by saying it again', async () => {
  const before = await signing();
  const { key: next } = await keyJson('new');
  await s.kill('SIGTERM');
  const file = JSON.parse(readFileSync(keyFile(next.id), 'utf8'));
  const since = new Date(Date.now() + 1000).toISOString().replace(/\.\d+/, '');
  writeFileSync(keyFile(next.id), JSON.stringify({ ...file, state: 'active', since }));
  await s.start();
  assert.equal((await signing()).id, next.id);
  const finished = await keyJson('rotate');
  assert.deepEqual([finished.finished, finished.key.id, finished.retired], [true, next.id, [before.id]]);
});

test('one key is retired; the one that signs only when another can', async () => {
  const before = await signing();
  assert.match((await run(['key', 'retire', before.id], 1)).stderr, /no other waits to: `understory key rotate`/);
  assert.match((await run(['key', 'retire', 'z6MkNobodyHasThis'], 1)).stderr, /there is no key whose id begins/);
  const unused = (await keyJson('new')).key;
  assert.deepEqual((await keyJson('retire', unused.id.slice(0, 16))).retired, [unused.id]);
  assert.ok((await published()).includes(unused.id));
  assert.match((await run(['key', 'retire', unused.id], 1)).stderr, /is retired already/);
  const next = (await keyJson('new')).key;
  assert.deepEqual((await keyJson('retire', before.id)).retired, [before.id]);
  assert.equal((await signing()).id, next.id);
});

test('a compromised key leaves the did document, and its good certificates are issued anew, however often that is cut short', async () => {
  const { certificates: [mine], cookie } = await finish();
  const [oldest] = await list();
  const bytes = (await request(s, 'GET', mine.credential_href)).text;
  const bad = JSON.parse(bytes).proof.verificationMethod.split('#')[1];
  for (const [name, text] of [['old.json', bytes], ['old-did.json', (await request(s, 'GET', DID)).text]]) writeFileSync(at(name), text);
  const token = sql(`SELECT token FROM certificate WHERE key_id = '${oldest.id}' LIMIT 1`);
  await run(['certificate', 'revoke', token, '--reason', 'Given out by mistake']);

  const shown = await run(['key', 'compromise', bad], 3);
  assert.match(shown.stdout, /make another key first/);
  assert.match(shown.stderr, /Nothing was changed/);
  assert.match((await run(['key', 'compromise', bad, '--yes'], 1)).stderr, /say why/);
  assert.equal((await signing()).id, bad);

  // The one that signs: another is made first.
  const done = await keyJson('compromise', bad, '--reason', 'The server was stolen.', '--yes');
  assert.equal(done.tally.reissued, 1);
  assert.equal((await signing()).id, done.successor);
  assert.notEqual(done.successor, bad);
  assert.ok(!(await published()).includes(bad));
  assert.doesNotMatch(readFileSync(keyFile(bad), 'utf8'), /secret/);
  const page = await request(s, 'GET', mine.public_href);
  assert.equal(page.status, 200);
  assert.equal(headingOf(page.text), 'Superseded');
  const { certificates } = await view(s, '/certificates', cookie);
  const anew = certificates.find((c) => c.public_href !== mine.public_href);
  assert.equal((await view(s, anew.public_href)).verdict, 'valid');
  assert.equal(anew.completed, mine.completed);

  // An older one with many certificates, broken off after one piece.
  const yes = { key: oldest.id, reason: 'The same disk.', yes: true };
  assert.ok((await control(s, 'key.compromise', yes)).out.done);
  const { out: piece } = await control(s, 'key.reissue', { key: oldest.id, milliseconds: 0 });
  assert.ok(piece.tally.reissued > 0);
  assert.equal(piece.tally.standing + piece.tally.reissued + piece.tally.revoked, oldest.certificates);
  await s.restart();
  const report = await run(['key', 'compromise', oldest.id, '--yes']);
  assert.match(report.stdout, new RegExp(`Issued anew: ${oldest.certificates - 1}\\. Left, since they were revoked: 1, or superseded before: 0\\.`));
  assert.match(report.stdout, /not in the database are worthless/);
  const again = await keyJson('compromise', oldest.id, '--yes');
  assert.deepEqual(again.tally, { certificates: oldest.certificates, standing: 0, revoked: 1, superseded: 0, reissued: oldest.certificates - 1, renewed: 0 });
  assert.equal(sql('SELECT COUNT(*) FROM (SELECT enrolment FROM certificate WHERE current = 1 GROUP BY enrolment HAVING COUNT(*) > 1)'), '0');
  assert.equal(sql("SELECT COUNT(*) FROM audit WHERE action = 'key.compromise'"), '2');
  await run(['audit', 'verify']);
});

test('an old file of a compromised key: not confirmed by the new did document, unknown by the old one', async () => {
  const path = new URL(JSON.parse(readFileSync(at('old.json'), 'utf8')).credentialStatus.statusListCredential).pathname;
  for (const [name, from] of [['new-did.json', DID], ['list.json', path]]) writeFileSync(at(name), (await request(s, 'GET', from)).text);
  const verify = (did) => understory(['verify', at('old.json'), '--did', at(did), '--status', at('list.json')]);
  assert.equal((await verify('new-did.json')).code, 6);
  assert.equal((await verify('old-did.json')).code, 5, 'the list is signed by a key that the old document does not know');
});

test('a compromised key that an older folder of keys brings back stays withdrawn', async () => {
  const next = (await keyJson('new')).key;
  const file = readFileSync(keyFile(next.id), 'utf8');
  await finish();
  const gone = await signing();
  await key('rotate');
  await key('compromise', next.id, '--reason', 'It was copied.', '--yes');
  await s.kill('SIGTERM');
  writeFileSync(keyFile(next.id), file.replace('waiting', 'active'));
  const lost = readFileSync(keyFile(gone.id));
  rmSync(keyFile(gone.id));
  await s.start();
  assert.match(s.log(), new RegExp(`${next.id} was compromised; the secret that came back is destroyed`));
  assert.match(s.log(), new RegExp(`the file of the signing key ${gone.id} is missing`));
  assert.doesNotMatch(readFileSync(keyFile(next.id), 'utf8'), /secret/);
  assert.ok(!(await published()).includes(next.id));
  assert.ok((await published()).includes(gone.id), 'and what a lost file’s key signed stays good');
  writeFileSync(keyFile(gone.id), lost, { mode: 0o600 });
});

test('keys that others could read are refused with the remedy; the running server goes on with those it has', async () => {
  const { id } = await signing();
  chmodSync(keyFile(id), 0o640);
  assert.match((await run(['key', 'new'], 1)).stderr, new RegExp(`chmod 600 .*${id}`));
  const { certificates: [mine, ...more] } = await finish();
  assert.deepEqual(more, []);
  const file = (await request(s, 'GET', mine.credential_href)).text;
  await s.restart();
  assert.match(s.log(), /no certificate can be made now: others may read the key file .*chmod 600/);
  const words = await signing_words();
  assert.deepEqual([words.signs, words.fingerprint], [false, undefined]);
  assert.match(words.reason_words, /^Others may read the key file .*chmod 600/);
  assert.equal((await request(s, 'GET', DID)).status, 503);
  assert.equal((await checked(file)).title, 'Issuer not confirmed');
  await run(['certificate', 'revoke', mine.code, '--reason', 'Given out by mistake']);
  assert.equal((await checked(file)).title, 'Revoked', 'that much the records know without a key');
  chmodSync(keyFile(id), 0o600);
  await s.restart();
  assert.equal((await signing()).id, id);
});

/** What the site's own page says of a file. */
const checked = async (bytes) => (await request(s, 'POST', '/verify', { files: [['with', 'file'], ['file', { filename: 'x', bytes }]], accept: 'application/json' })).json;

test('a key under a passphrase signs with it alone; without, completions go on and certificates wait', async () => {
  const { certificates: [mine] } = await finish(), file = (await request(s, 'GET', mine.credential_href)).text;
  writeFileSync(at('passphrase'), 'four plain words together\n', { mode: 0o600 });
  const sealed = (await keyJson('new', '--passphrase-file', at('passphrase'))).key;
  assert.equal(sealed.form, 'passphrase');
  assert.match(sealed.locked, /nobody gave the passphrase/);
  assert.doesNotMatch(readFileSync(keyFile(sealed.id), 'utf8'), /secret/);
  assert.match((await run(['key', 'rotate'], 1)).stderr, /cannot be used here: nobody gave the passphrase/);
  await s.kill('SIGTERM');
  assert.equal((await keyJson('rotate', '--key-passphrase-file', at('passphrase'))).key.id, sealed.id, 'without a server, too');

  writeFileSync(at('passphrase'), 'four other words together\n');
  s.settings.push('--key-passphrase-file', at('passphrase'));
  await s.start();
  assert.match(s.log(), /no certificate can be made now: it is sealed under another passphrase/);
  assert.match((await signing_words()).reason_words, /another passphrase/);
  const locked = await checked(file);
  assert.equal(locked.title, 'Valid', 'nothing can sign the list, and the records that it is made from are here');
  assert.match(locked.result.steps.find((step) => step.name === 'Not revoked').words, /^Not revoked, by the records of localhost:\d+, which cannot sign its list just now/);
  assert.equal((await view(s, mine.public_href)).verdict, 'valid');
  assert.equal((await checked(file.replace('"name":"', '"name":"X'))).title, 'Not genuine');
  await run(['certificate', 'revoke', mine.code, '--reason', 'Given out by mistake']);
  assert.equal((await checked(file)).title, 'Revoked');
  assert.equal((await view(s, mine.public_href)).verdict, 'revoked');
  const { certificates, waiting } = await finish();
  assert.deepEqual([certificates.length, waiting.length], [0, 1]);
  const behind = await finish();
  assert.ok((await published()).includes(sealed.id));

  // Of the first one's completion a row is damaged: it goes on waiting, and the other does not.
  const first = sql('SELECT MIN(enrolment) FROM certificate_pending');
  const reason = () => sql(`SELECT reason FROM certificate_pending WHERE enrolment = ${first}`);
  const why = reason();
  const done = sql(`SELECT done_publication FROM status_now s JOIN enrolment e ON e.person = s.person AND e.course = s.course WHERE e.id = ${first}`);
  const finishedUnder = (publication) => sql(`UPDATE status_now SET done_publication = ${publication}
      WHERE (person, course) = (SELECT person, course FROM enrolment WHERE id = ${first})`);
  const isWaiting = () => sql('SELECT COALESCE(group_concat(enrolment), \'\') FROM certificate_pending');
  const until = async (expected) => {
    for (const late = Date.now() + 20000; isWaiting() !== expected && Date.now() < late; ) await new Promise((r) => setTimeout(r, 20));
    assert.equal(isWaiting(), expected);
  };
  await s.kill('SIGTERM');
  finishedUnder(98765);
  writeFileSync(at('passphrase'), 'four plain words together\n');
  await s.start();
  await until(first);
  assert.equal(reason(), why);
  assert.match(s.log(), new RegExp(`the certificate that enrolment ${first} waits for: `));
  assert.equal((await view(s, '/certificates', behind.cookie)).certificates.length, 1);
  await s.kill('SIGTERM');
  finishedUnder(done);
  await s.start();
  await until('');
  assert.equal((await view(s, (await finish()).certificates[0].public_href)).verdict, 'valid');
  const next = (await keyJson('new')).key;
  assert.deepEqual([next.form, next.locked], ['passphrase', ''], 'where there is a passphrase, new keys are sealed under it');
  await key('retire', next.id);
});

test('a key that is a systemd credential: its private half is written once, to standard output', async () => {
  const made = await run(['key', 'new', '--credential', 'signing-next']);
  assert.match(made.stdout, /^[\w-]{43}\n$/);
  const id = /z6Mk\w+/.exec(made.stderr)[0];
  assert.equal(JSON.parse(readFileSync(keyFile(id), 'utf8')).credential, 'signing-next');
  for (const name of readdirSync(join(s.data, 'keys'))) assert.ok(!readFileSync(join(s.data, 'keys', name)).includes(made.stdout.trim()));
  assert.match((await run(['key', 'rotate'], 1)).stderr, /no systemd credential signing-next/);
  writeFileSync(join(at('credentials'), 'signing-next'), made.stdout, { mode: 0o400 });
  await s.restart();
  assert.equal((await keyJson('rotate')).key.id, id);
  assert.equal((await view(s, (await finish()).certificates[0].public_href)).verdict, 'valid');
  assert.match((await run(['key', 'rotate'], 1)).stderr, /only systemd can make/);
});

test('a backup of the keys carries every form, and the administration says when it has grown old', async () => {
  writeFileSync(at('backup-passphrase'), 'some other plain words\n', { mode: 0o600 });
  const passphrase = ['--passphrase-file', at('backup-passphrase')];
  const made = await run(['backup', at('data.tar'), '--keys', at('keys.sealed'), ...passphrase]);
  assert.match(made.stdout, /Of 1 the private half is a systemd credential/);
  assert.equal((await signing_words()).changed, false);
  const data = at('restored');
  const restored = await understory(['restore', at('data.tar'), '--keys', at('keys.sealed'), ...passphrase, '--data', data]);
  assert.equal(restored.code, 0, restored.stderr);
  assert.doesNotMatch(restored.stdout, /missing/);
  assert.deepEqual(readdirSync(join(data, 'keys')), readdirSync(join(s.data, 'keys')));
  for (const name of readdirSync(join(data, 'keys'))) assert.deepEqual(readFileSync(join(data, 'keys', name)), readFileSync(join(s.data, 'keys', name)));
  await key('new', '--credential', 'another');
  assert.equal((await signing_words()).changed, true);
});

test('when the signing keys are lost for good, another begins only when that is said, and the lost one stays published', async () => {
  const known = sql('SELECT id FROM signing_key WHERE compromised_at IS NULL').split('\n');
  await s.kill('SIGTERM');
  for (const name of readdirSync(join(s.data, 'keys'))) if (name.endsWith('.json')) rmSync(join(s.data, 'keys', name));
  const slipped = forger().id; // whoever can put one row into the database
  sql(`INSERT INTO signing_key (id, created_at) VALUES ('${slipped}', 1)`);
  await s.start();
  assert.match((await run(['key', 'new'], 1)).stderr, /the signing keys are missing/);
  assert.ok(!existsSync(keyFile(known[0])));
  const made = (await keyJson('new', '--lost')).key;
  assert.ok(made.signs);
  assert.deepEqual((await published()).sort(), [...known, made.id].sort());
  assert.match(s.log(), new RegExp(`names a signing key ${slipped} that has no file here and signed no certificate here; it is not published`));
  assert.equal((await view(s, (await finish()).certificates[0].public_href)).verdict, 'valid');
  await run(['audit', 'verify']);
});
