// The disk gives out: nothing acknowledged is lost, nothing lost is acknowledged. A full disk refuses
// writes and goes on reading, and is well again when there is room; a broken one ends the server.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer, signIn, request, view, formToken, understory, textOf, temporaryFolder } from '../support/server.mjs';
import { notDone } from '../support/not-done.mjs';

const run = promisify(execFile);
const JSON_TYPE = 'application/json';
const words = 'Somebody Long '.repeat(8).trim();

/** A test that mounts: root may; anybody else does it as root of a namespace of their own, where the system has that. */
const mounting = (name, how) => test(name, async (t) => {
  const namespace = process.getuid() !== 0 && (await run('unshare', ['-Urm', 'true']).then(() => true, () => false));
  if (!namespace) return how(t);
  const { NODE_TEST_CONTEXT, ...env } = process.env; // its report is not part of ours
  const { stdout } = await run('unshare', ['-Urm', process.execPath, '--test', `--test-name-pattern=${name}`, fileURLToPath(import.meta.url)], { env });
  const left = /NOT DONE HERE: .*/.exec(stdout);
  if (left) notDone(t, left[0]);
  return undefined;
});

/** A file system of its own, so small that it can be filled; null where we may not make one. */
async function smallDisk(t, size) {
  const folder = await temporaryFolder('disk');
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'understory-test', folder.path]);
  } catch (e) {
    await folder.remove();
    notDone(t, `a small disk takes the right to mount one: ${String(e.stderr ?? e.message).trim()}`);
    return null;
  }
  t.after(async () => {
    await run('umount', ['--lazy', folder.path]);
    await folder.remove();
  });
  return folder.path;
}

/** Takes all the room that is left, to the byte. */
async function fill(path) {
  const file = await open(path, 'w');
  for (const size of [65536, 4096, 512, 1])
    for (let more = true; more; )
      try {
        more = (await file.write(Buffer.alloc(size))).bytesWritten === size;
      } catch (e) {
        if (e.code !== 'ENOSPC') throw e;
        more = false;
      }
  await file.close();
}

/** Somebody in the middle of a learning check; `save` keeps what was acknowledged. */
async function learner(s, who) {
  const cookie = await signIn(s, who);
  const token = await formToken(s, cookie);
  const post = (path, form, accept) => request(s, 'POST', path, { cookie, accept, form: { form_token: token, ...form } });
  const started = await post('/courses/humility/check', {});
  assert.equal(started.status, 303);
  const attempt = started.headers.location;
  const items = (await view(s, `${attempt}?view=all`, cookie)).items.map((q) => q.item);
  const saved = new Map();
  let operations = 0;
  const save = async () => {
    const item = items[operations % items.length], answer = String(1 + (operations >> 3) % 2);
    const op_id = `operation-${who}-${++operations}`;
    const given = await post(`${attempt}/answer`, { item, answer, op_id }, JSON_TYPE);
    if (given.status === 200) saved.set(op_id, { item, answer });
    return given;
  };
  return { cookie, post, attempt, items, saved, save };
}

/** What the file holds of the acknowledged operations. The server has stopped. */
async function kept(data) {
  const { stdout } = await run('sqlite3', ['-json', join(data, 'understory.db'), 'SELECT op_id, item, answer FROM attempt_step JOIN item_version v ON v.id = item_version']);
  return new Map(JSON.parse(stdout || '[]').map((r) => [r.op_id, { item: r.item, answer: r.answer }]));
}

async function nothingIsLost(s, people) {
  const rows = await kept(s.data);
  for (const me of people)
    for (const [op, given] of me.saved) assert.deepEqual(rows.get(op), given, `${op} was acknowledged`);
  const proof = await understory(['audit', 'verify', '--data', s.data]);
  assert.equal(proof.code, 0, proof.stderr);
}

mounting('a full disk refuses writes with words, goes on reading, and takes writes again when there is room', async (t) => {
  const disk = await smallDisk(t, '12m');
  if (!disk) return;
  const s = await startServer({ data: disk, demo: true });
  t.after(() => s.stop());
  const me = await learner(s, 'daniel'), other = await learner(s, 'samuel');
  const [certificate] = (await view(s, '/certificates', await signIn(s, 'amara'))).certificates;
  for (let i = 0; i < 10; i++) assert.equal((await me.save()).status, 200);
  const filler = join(disk, 'filler');
  await fill(filler);

  let refused;
  for (let i = 0; i < 5000 && !refused; i++) {
    const given = await me.save();
    if (given.status !== 200) refused = given;
  }
  assert.equal(refused?.status, 507);
  assert.equal(refused.headers['content-type'], 'application/problem+json');
  assert.match(refused.json.detail, /disk is full/i);
  assert.match(refused.json.kept, /saved before is still saved/);

  await t.test('the page says what is kept and gives back what was typed', async () => {
    const page = await me.post('/account/certificate-name', { certificate_name: words }, 'text/html');
    assert.equal(page.status, 507);
    assert.match(textOf(page.text), /disk is full.*Everything saved before is still saved and can be read.*What you just sent was not saved/);
    assert.ok(page.text.includes(words), 'what was typed is shown');
    assert.equal(page.headers['cache-control'], 'private, no-store');
    const handIn = await me.post(`${me.attempt}/submit`, { certificate_name: 'Daniel Reyes' });
    assert.equal(handIn.status, 507);
    assert.equal((await me.post('/courses/humility/asking-well/answer', { item: 'q-humility-l01', answer: '1' })).status, 507);
  });

  await t.test('reading goes on', async () => {
    for (const path of ['/', '/courses/humility/asking-well', `${me.attempt}?view=all`, `${me.attempt}/review`, '/certificates'])
      assert.equal((await request(s, 'GET', path, { cookie: me.cookie })).status, 200, path);
    assert.equal((await view(s, me.attempt, me.cookie)).answered, me.items.length);
    const pdf = await request(s, 'GET', certificate.pdf_href);
    assert.equal(pdf.status, 200, 'printed and given out, though it cannot be stored');
    assert.equal(pdf.headers['content-type'], 'application/pdf');
    assert.equal((await request(s, 'GET', '/readyz')).status, 200, 'a full disk is no reason to take the site away');
  });

  await t.test('of many at once each is told the truth', async () => {
    for (let round = 0; round < 10; round++) {
      const given = await Promise.all(Array.from({ length: 16 }, (_, i) => (i % 2 ? me : other).save()));
      for (const g of given) assert.ok([200, 507].includes(g.status), String(g.status));
    }
  });

  await t.test('the log tells the administrator', () => assert.match(s.log(), /\/attempts\/\{attempt\}\/answer: The disk is full/));

  await rm(filler);
  assert.equal((await me.save()).status, 200, 'well again without a restart');
  assert.equal((await other.save()).status, 200);
  assert.equal((await me.post(`${me.attempt}/submit`, { certificate_name: 'Daniel Reyes' })).status, 303);
  assert.ok(me.saved.size > 10);
  await s.kill('SIGTERM');
  await nothingIsLost(s, [me, other]);
});

test('a disk that gives errors ends the server, and it had acknowledged nothing that is lost', async (t) => {
  const s = await startServer({ demo: true });
  t.after(() => s.stop());
  const me = await learner(s, 'daniel');
  const ended = new Promise((resolve) => s.child.once('exit', (code, signal) => resolve(signal ?? code)));
  for (let i = 0; i < 5; i++) assert.equal((await me.save()).status, 200);
  const wal = await stat(join(s.data, 'understory.db-wal'));
  /* Past this limit of a file's size every write fails with an error that is no full disk. */
  await run('prlimit', ['--pid', String(s.pid), `--fsize=${wal.size + 40000}`]);

  const failed = [];
  while (!failed.length) {
    const given = await Promise.all(Array.from({ length: 8 }, () => me.save().catch((e) => ({ status: e.code }))));
    failed.push(...given.filter((g) => g.status !== 200));
  }
  assert.ok(failed.some((g) => g.status === 503), `refused with ${failed.map((g) => g.status)}`);
  for (const g of failed.filter((f) => f.json)) assert.doesNotMatch(JSON.stringify(g.json), /disk I\/O|sql|step_insert/i);
  assert.equal(await ended, 1);
  assert.match(s.log(), /the disk gave an error: nothing more is saved/);

  await s.start();
  assert.equal((await me.save()).status, 200);
  await s.kill('SIGTERM');
  await nothingIsLost(s, [me]);
});
