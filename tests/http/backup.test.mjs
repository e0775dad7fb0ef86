// A backup made while people are answering can be restored, and what comes back has been proved.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answerKeys, Learner } from '../crash/learner.mjs';
import { request, signIn, startServer, temporaryFolder, understory, view } from '../support/server.mjs';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const passphrase = 'four plain words together';
let folder, original, backup, sealed, passphraseFile;

const at = (name) => join(folder.path, name);
const run = async (args, code = 0) => {
  const done = await understory(args);
  assert.equal(done.code, code, `${args.join(' ')}: ${done.stderr}`);
  return done;
};
const sql = (data, statement) =>
  execFileSync('sqlite3', [join(data, 'understory.db'), statement], { encoding: 'utf8' }).trim();

before(async () => {
  folder = await temporaryFolder('backup');
  original = at('original');
  backup = at('backup.tar');
  sealed = at('keys.sealed');
  passphraseFile = at('passphrase');
  writeFileSync(passphraseFile, `${passphrase}\n`);
  await run(['demo', '--people', '60', '--data', original]);
  writeFileSync(join(original, 'understory.conf'), 'site_name = Restored school\n');
  await run(['log', 'checkpoint', '--data', original]);
  await run(['backup', backup, '--keys', sealed, '--passphrase-file', passphraseFile, '--data', original]);
});
after(() => folder.remove());

test('a backup is one private tar file with a manifest, and holds no key', () => {
  assert.equal(statSync(backup).mode & 0o777, 0o600);
  assert.equal(statSync(sealed).mode & 0o777, 0o600);
  const names = execFileSync('tar', ['tf', backup], { encoding: 'utf8' }).trim().split('\n');
  assert.deepEqual(names, ['manifest.json', 'understory.db', 'understory.conf']);
  const bytes = readFileSync(backup);
  for (const file of readdirSync(join(original, 'keys'))) {
    const text = readFileSync(join(original, 'keys', file), 'utf8');
    const lines = { 'private.key': 1, 'log.key': 2 };
    const secret = file in lines ? text.split('\n')[lines[file]] : JSON.parse(text).secret;
    assert.ok(secret.length > 40);
    assert.ok(!bytes.includes(secret));
    assert.ok(!readFileSync(sealed).includes(secret));
  }
  assert.deepEqual(readdirSync(folder.path).filter((n) => /partial|database/.test(n)), []);
});

test('the administration says when each was last made, and kindly that there is none', async () => {
  const s = await startServer({ demo: true });
  try {
    const cookie = await signIn(s, 'administrator');
    const words = async () => (await view(s, '/administration', cookie)).backup;
    assert.deepEqual(await words(), { data_words: '', keys_words: '' });
    assert.match((await request(s, 'GET', '/administration', { cookie })).text, /None has been made yet/);
    await run(['backup', at('noted.tar'), '--data', s.data]);
    const made = await words();
    assert.match(made.data_words, /^[A-Z][a-z]{2} \d+ [A-Z][a-z]{2} \d{4}$/);
    assert.equal(made.keys_words, '');
    await run(['backup', at('noted.tar'), '--data', s.data], 1);
    await run(['backup', '--keys', at('noted.sealed'), '--passphrase-file', passphraseFile, '--data', s.data]);
    assert.equal((await words()).keys_words, made.data_words);
    assert.equal(sql(s.data, "SELECT group_concat(subject) FROM audit WHERE action = 'backup.made' AND actor IS NULL"), 'backup,backup-keys', 'what was not made is not noted');
    assert.equal((await view(s, '/administration', await signIn(s, 'evaluator'))).backup, undefined, 'it is the administrator’s worry');
    await run(['audit', 'verify', '--data', s.data]);
  } finally {
    await s.stop();
  }
});

test('nothing is overwritten', async () => {
  const before = readFileSync(backup);
  const again = await run(['backup', backup, '--data', original], 1);
  assert.match(again.stderr, /exists; name a new file/);
  const keys = await run(['backup', '--keys', sealed, '--passphrase-file', passphraseFile, '--data', original], 1);
  assert.match(keys.stderr, /keys\.sealed cannot be made: File exists/);
  assert.deepEqual(readFileSync(backup), before);
});

test('restore brings back everything, with the keys', async () => {
  const data = at('whole');
  const done = await run(['restore', backup, '--keys', sealed, '--passphrase-file', passphraseFile, '--data', data, '--json']);
  const out = JSON.parse(done.stdout);
  assert.deepEqual(out.missing_keys, []);
  assert.equal(String(out.ledger_rows), sql(original, 'SELECT COUNT(*) FROM ledger'));
  assert.equal(String(out.certificates), sql(original, 'SELECT COUNT(*) FROM certificate'));
  for (const table of ['person', 'enrolment', 'attempt_step', 'publication', 'certificate', 'ledger'])
    assert.equal(sql(data, `SELECT * FROM ${table}`), sql(original, `SELECT * FROM ${table}`), table);
  assert.deepEqual(readdirSync(join(data, 'keys')), readdirSync(join(original, 'keys')));
  assert.equal(statSync(data).mode & 0o777, 0o700);
  assert.equal(statSync(join(data, 'keys')).mode & 0o777, 0o700);

  const s = await startServer({ data });
  try {
    const home = await request(s, 'GET', '/sign-in');
    assert.match(home.text, /Restored school/);
  } finally {
    await s.stop();
  }
});

test('without the keys it names those that are missing, and no new key takes their place', async () => {
  const data = at('keyless');
  const done = await run(['restore', backup, '--data', data]);
  const key = sql(original, 'SELECT id FROM signing_key');
  assert.match(done.stdout, new RegExp(`A signing key is missing: ${key}`));
  assert.match(done.stdout, /The log of certificates holds with [1-9][0-9]* of them; checkpoints signed: 1\./);
  assert.match(done.stdout, /The log's key is missing/);

  const s = await startServer({ data });
  try {
    await run(['person', 'add', '--name', 'New Person', '--email', 'new@example.edu', '--data', data]);
    const link = JSON.parse((await run(['person', 'link', 'new@example.edu', '--json', '--data', data])).stdout).link;
    const l = new Learner(s, [link], answerKeys());
    await l.signIn();
    assert.equal(await l.check(true), true, 'a completion never depends on a certificate');
    const { certificates, waiting } = await view(s, '/certificates', l.cookie);
    assert.deepEqual(certificates, []);
    assert.equal(waiting.length, 1);
  } finally {
    await s.stop();
  }
  assert.ok(!existsSync(join(data, 'keys')) || readdirSync(join(data, 'keys')).length === 0);
  assert.equal(sql(data, 'SELECT COUNT(*) FROM certificate_pending'), '1');

  // With the keys back, the waiting certificate is made, with the day it was earned.
  execFileSync('cp', ['-a', join(original, 'keys'), data]);
  const again = await startServer({ data });
  try {
    for (let i = 0; i < 100 && sql(data, 'SELECT COUNT(*) FROM certificate_pending') !== '0'; i++) await wait(50);
    assert.equal(sql(data, 'SELECT COUNT(*) FROM certificate_pending'), '0');
    assert.equal(sql(data, `SELECT c.earned_at = n.done_at AND c.issued_at > c.earned_at FROM certificate c
                            JOIN status_now n ON n.enrolment = c.enrolment ORDER BY c.id DESC LIMIT 1`), '1');
  } finally {
    await again.stop();
  }
});

test('a used folder is refused', async () => {
  const data = at('used');
  mkdirSync(data);
  writeFileSync(join(data, 'something'), '');
  const refused = await run(['restore', backup, '--data', data], 2);
  assert.match(refused.stderr, /is in use; restore into a folder that is not there yet/);
  assert.deepEqual(readdirSync(data), ['something']);
});

test('a damaged backup is refused and leaves nothing behind', async () => {
  const good = readFileSync(backup);
  const data = at('damaged');
  const attempts = {
    'a changed byte in the database': (b) => (b[b.length - 200000] ^= 1),
    'a changed count in the manifest': (b) => (b[b.indexOf('"rows":') + 7] ^= 1),
    'a changed name': (b) => b.write('x', b.indexOf('understory.db', 1500)),
    'no manifest': (b) => b.fill(0, 0, 1024),
  };
  for (const [what, change] of Object.entries(attempts)) {
    const bytes = Buffer.from(good);
    change(bytes);
    writeFileSync(at('bad.tar'), bytes);
    const { stderr } = await run(['restore', at('bad.tar'), '--data', data], 1);
    assert.match(stderr, /backup|manifest|damaged/, what);
    assert.ok(!existsSync(data) && !existsSync(`${data}.partial`), what);
  }
  for (const length of [0, 100, 512, 5000, good.length - 1024 - 700, good.length - 1024]) {
    writeFileSync(at('bad.tar'), good.subarray(0, length));
    await run(['restore', at('bad.tar'), '--data', data], 1);
    assert.ok(!existsSync(data) && !existsSync(`${data}.partial`), `cut at ${length}`);
  }
});

test('an archive cannot write outside its folder', async () => {
  const inside = at('traversal');
  mkdirSync(inside);
  execFileSync('tar', ['xf', backup, '-C', inside]);
  writeFileSync(join(inside, 'evil'), 'evil');
  execFileSync('tar', ['--format=ustar', '-P', '--transform', 's,^evil$,../evil,', '-cf', at('evil.tar'), '-C', inside,
    'manifest.json', 'understory.db', 'evil']);
  const { stderr } = await run(['restore', at('evil.tar'), '--data', at('evil-data')], 1);
  assert.match(stderr, /what is \.\.\/evil\?/);
  assert.ok(!existsSync(at('evil')));
});

test('another passphrase, or an altered file of keys, opens nothing', async () => {
  writeFileSync(at('wrong'), 'four other words here\n');
  const args = ['--passphrase-file', at('wrong'), '--data', at('locked')];
  const wrong = await run(['restore', backup, '--keys', sealed, ...args], 1);
  assert.match(wrong.stderr, /another passphrase, or the file was altered/);
  const bytes = readFileSync(sealed);
  bytes[bytes.length - 5] ^= 1;
  writeFileSync(at('altered'), bytes);
  await run(['restore', backup, '--keys', at('altered'), '--passphrase-file', passphraseFile, '--data', at('locked')], 1);
  writeFileSync(at('noise'), randomBytes(500));
  const noise = await run(['restore', backup, '--keys', at('noise'), '--passphrase-file', passphraseFile, '--data', at('locked')], 1);
  assert.match(noise.stderr, /not a sealed file of keys/);
  writeFileSync(at('short'), 'short\n');
  const short = await run(['backup', '--keys', at('k2'), '--passphrase-file', at('short'), '--data', original], 1);
  assert.match(short.stderr, /12 to 1024/);
  assert.ok(!existsSync(at('locked')) && !existsSync(at('locked.partial')) && !existsSync(at('k2')));
});

test('restore proves the history: an altered row in a good archive is found', async () => {
  const data = at('altered-history');
  execFileSync('cp', ['-a', original, data]);
  const changes = {
    "UPDATE ledger SET earned_at = earned_at - 86400000000 WHERE seq = 5": /ledger row 5 was altered/,
    'DELETE FROM ledger WHERE seq = 7': /ledger row 7 is missing/,
    "UPDATE attempt_step SET answer = '4' WHERE id = 1 AND attempt = (SELECT MIN(a.id) FROM attempt a JOIN attempt_step s ON s.attempt = a.id WHERE a.passed = 1 AND s.id = 1 AND s.answer <> '4')":
      /the answers of attempt .* were altered/,
    "UPDATE certificate SET bytes = replace(bytes, 'Demonstration', 'Demonstratiom') WHERE id = 1": /certificate .*its bytes were altered/,
  };
  for (const [change, message] of Object.entries(changes)) {
    execFileSync('cp', [join(original, 'understory.db'), join(data, 'understory.db')]);
    sql(data, change);
    const verify = await run(['audit', 'verify', '--data', data], 1);
    assert.match(verify.stderr, message);
    await run(['backup', at('tampered.tar'), '--data', data]);
    const restore = await run(['restore', at('tampered.tar'), '--data', at('tampered')], 1);
    assert.match(restore.stderr, message);
    assert.ok(!existsSync(at('tampered')));
    execFileSync('rm', [at('tampered.tar')]);
  }
});

test('a backup made while learners are answering holds all that was acknowledged before it', async () => {
  const s = await startServer({ demo: true });
  try {
    const crowd = ['mei', 'samuel', 'chair-medicine'].map((who) => new Learner(s, [s.links[who]], answerKeys()));
    const work = crowd.map((l) => l.run());
    for (let round = 0; round < 4; round++) {
      await wait(400);
      const acknowledged = crowd.flatMap((l) => l.answers.map((a) => a.op));
      const file = at(`busy-${round}.tar`);
      const data = at(`busy-${round}`);
      await run(['backup', file, '--data', s.data]);
      await run(['restore', file, '--data', data]);
      const kept = new Set(sql(data, 'SELECT op_id FROM attempt_step WHERE op_id IS NOT NULL').split('\n'));
      for (const op of acknowledged) assert.ok(kept.has(op), `${op} was acknowledged before the backup`);
    }
    crowd.forEach((l) => (l.running = false));
    await Promise.all(work);
    for (const l of crowd) assert.ifError(l.failure);
    assert.ok(crowd.every((l) => l.answers.length > 0));
    const chair = await signIn(s, 'chair-surgery');
    assert.equal((await request(s, 'GET', '/', { cookie: chair })).status, 200);
  } finally {
    await s.stop();
  }
});
