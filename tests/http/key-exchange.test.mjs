// Keys are exchanged, and one is compromised, while certificates are made with them and others read the
// did document, the status list and the public pages, and while the server is at commands that take long.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answerKeys, Learner } from '../crash/learner.mjs';
import { control, newLink, request, signIn, startServer, understory, view } from '../support/server.mjs';

const right = answerKeys();
let s, mine;
before(async () => {
  s = await startServer({ demo: true });
  [mine] = (await view(s, '/certificates', await signIn(s, 'amara'))).certificates;
});
after(() => s?.stop());

const sql = (statement) => execFileSync('sqlite3', [join(s.data, 'understory.db'), statement], { encoding: 'utf8' }).trim();
async function run(...args) {
  const done = await understory([...args, '--data', s.data]);
  assert.equal(done.code, 0, done.stderr);
  return done.stdout;
}
const key = async (...args) => JSON.parse(await run('key', ...args, '--json'));

async function finish(who) {
  const learner = new Learner(s, [await newLink(s, who)], right);
  await learner.signIn();
  assert.equal(await learner.check(true), true);
  return (await view(s, '/certificates', learner.cookie)).certificates[0].public_href;
}

/** Asks for all that the keys sign until `busy` is over; every answer is whole. */
async function read(busy) {
  let over = false;
  busy.finally(() => (over = true)).catch(() => {});
  const list = new URL(JSON.parse((await request(s, 'GET', mine.credential_href)).text).credentialStatus.statusListCredential).pathname;
  while (!over)
    for (const path of ['/.well-known/did.json', list, mine.public_href, mine.credential_href]) assert.equal((await request(s, 'GET', path)).status, 200, path);
}

const count = () => Number(sql('SELECT COUNT(*) FROM certificate WHERE current = 1'));

test('each certificate is good, whichever key signed it, and the key that its row names signed it', async () => {
  const before = count();
  const work = Promise.all(['mei', 'samuel', 'chair-medicine'].map(finish));
  const reading = [read(work), read(work)];
  for (let i = 0; i < 3; i++) await key('rotate');
  const made = await work;
  await Promise.all(reading);
  for (const href of made) assert.equal((await view(s, href)).verdict, 'valid');
  const { keys } = await key('list');
  assert.equal(keys.filter((k) => k.state === 'retired').length, 3);
  assert.equal(keys.reduce((n, k) => n + k.certificates, 0), before + 3);
  for (const row of sql("SELECT key_id || ' ' || substr(bytes, instr(bytes, '#z6Mk') + 1, 48) FROM certificate").split('\n')) {
    const [named, signed] = row.split(' ');
    assert.equal(named, signed);
  }
});

test('when a key is compromised meanwhile, no certificate of it is left standing', async () => {
  const before = count();
  const bad = (await key('list')).keys.find((k) => k.signs).id;
  const work = Promise.all(['daniel', 'chair-surgery', 'evaluator'].map(finish));
  const reading = [read(work), read(work)];
  const report = await key('compromise', bad, '--reason', 'The disk was copied.', '--yes');
  await work;
  await Promise.all(reading);
  assert.equal(report.tally.standing, 0);
  assert.equal(sql(`SELECT COUNT(*) FROM certificate c LEFT JOIN certificate_revocation r ON r.certificate = c.id
                    WHERE c.key_id = '${bad}' AND r.certificate IS NULL`), '0');
  assert.equal(count(), before + 3);
  for (const token of sql('SELECT token FROM certificate WHERE current = 1').split('\n'))
    assert.equal((await view(s, `/v/${token}`)).verdict, 'valid');
  await run('audit', 'verify');
});

test('one backup at a time; it is finished before the server ends', { timeout: 120000 }, async () => {
  const settings = join(s.data, 'understory.conf');
  execFileSync('mkfifo', [settings]); // whoever reads it waits for somebody to write
  const backups = [1, 2].map((n) => control(s, 'backup', { path: join(s.data, `backup-${n}.tar`) }));
  const refused = await Promise.race(backups);
  assert.match(refused.error.message, /at another "backup" already; say this again when it is done/);
  assert.ok((await control(s, 'key.rotate', {})).out.key.signs);
  const ended = s.kill('SIGTERM');
  writeFileSync(settings, '');
  const made = (await Promise.all(backups)).find((b) => b !== refused);
  await ended;
  rmSync(settings);
  assert.ok(made.out.bytes > 0);
  assert.match(execFileSync('tar', ['tf', made.out.file], { encoding: 'utf8' }), /understory\.db/);
});

/* A proof that never ends: one table of what it reads is a view that goes on for ever. */
const endless = `ALTER TABLE certificate_file RENAME TO kept;
  CREATE VIEW certificate_file AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
    SELECT i AS certificate, 'pdf' AS kind, x'' AS bytes, x'' AS sha256, 0 AS made_at FROM n WHERE i < 0;`;

test('while an audit verify goes on, keys are exchanged and a certificate is revoked; a stop does not wait for it', { timeout: 120000 }, async () => {
  sql(endless);
  await s.start();
  const proofs = [1, 2].map(() => understory(['audit', 'verify', '--data', s.data]));
  let third;
  do third = await understory(['log', 'checkpoint', '--data', s.data]);
  while (third.code === 0);
  assert.match(third.stderr, /at 2 long commands already.*say this again when one of them is done/, 'both are under way');

  const { signs } = (await key('list')).keys.find((k) => k.signs);
  assert.ok(signs);
  const bad = (await key('rotate')).retired[0];
  const token = sql('SELECT token FROM certificate WHERE current = 1 LIMIT 1');
  assert.match(await run('certificate', 'revoke', token, '--reason', 'Given by mistake'), /revoked/i);
  assert.equal((await key('compromise', bad, '--reason', 'The disk was copied.', '--yes')).tally.standing, 0);
  assert.equal((await view(s, `/v/${token}`)).verdict, 'revoked');

  await s.kill('SIGTERM');
  for (const { code, stderr } of await Promise.all(proofs)) {
    assert.equal(code, 1);
    assert.match(stderr, /The server is stopping; please try again/);
  }
});
