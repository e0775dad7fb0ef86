// The transparency log: a stranger with node's own crypto can check all of it over HTTP, every new
// certificate carries what was published before it, and whatever is altered in the file is named.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { answerKeys, Learner } from '../crash/learner.mjs';
import { leafOf, openNote, rootOf, rootsOf, sha256 } from '../support/log.mjs';
import { headingOf, request, startServer, temporaryFolder, textOf, understory } from '../support/server.mjs';
import { zip } from '../support/zip.mjs';

let folder, data, early, s, vkey;
const at = (name) => join(folder.path, name);
const sql = (of, statement) => execFileSync('sqlite3', ['-bail', join(of, 'understory.db'), statement], { encoding: 'utf8' }).trim();
async function run(args, code = 0) {
  const done = await understory(args);
  assert.equal(done.code, code, `${args.join(' ')}: ${done.stderr}`);
  return done;
}
const checkpoint = async (of = data) => JSON.parse((await run(['log', 'checkpoint', '--json', '--data', of])).stdout);
const get = (path, more) => request(s, 'GET', path, more);
const signed = (note) => openNote(note, vkey);

const files = new Map(); // certificate.id → the file's bytes
const sizes = [];

async function complete(name) {
  await run(['person', 'add', '--name', name, '--email', `${name.toLowerCase()}@example.edu`, '--data', data]);
  const { link } = JSON.parse((await run(['person', 'link', `${name.toLowerCase()}@example.edu`, '--json', '--data', data])).stdout);
  const learner = new Learner(s, [link], answerKeys());
  await learner.signIn();
  assert.equal(await learner.check(true), true);
  await learner.keepCertificate();
}

before(async () => {
  folder = await temporaryFolder('log');
  data = at('data');
  early = at('early');
  await run(['demo', '--people', '30', '--data', data]);
  sizes.push((await checkpoint()).size);
  copyData(data, early);
  vkey = (await run(['log', 'key', '--data', data])).stdout.trim();
  s = await startServer({ data, args: ['--origin', `https://${vkey.split('/')[0]}`] }); // of the same site
  for (const name of ['Ines', 'Tomasz']) {
    await complete(name);
    sizes.push((await checkpoint()).size);
  }
  for (const row of sql(data, 'SELECT id, token FROM certificate ORDER BY id').split('\n')) {
    const [id, token] = row.split('|');
    files.set(Number(id), (await get(`/v/${token}/credential.json`)).body);
  }
});
after(async () => {
  await s?.stop();
  await folder?.remove();
});

test('each checkpoint is signed, and stands at its own address for ever', async () => {
  assert.deepEqual(sizes.slice(1), [sizes[0] + 1, sizes[0] + 2]);
  assert.equal(files.size, sizes[2]);
  for (const size of sizes) {
    const answer = await get(`/log/checkpoint/${size}`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'text/plain; charset=utf-8');
    assert.match(answer.headers['cache-control'], /public.*immutable/);
    assert.equal(signed(answer.text).size, size);
  }
  const last = await get('/log/checkpoint'), etag = last.headers.etag;
  assert.equal(signed(last.text).size, sizes[2]);
  assert.equal(last.headers['cache-control'], 'public, max-age=60');
  assert.equal((await get('/log/checkpoint', { headers: { 'If-None-Match': etag } })).status, 304);
  assert.equal((await checkpoint()).note, last.text, 'nothing new: the same again');
  assert.equal((await run(['log', 'checkpoint', '--data', data])).stdout, last.text);
});

test('every certificate stands in the log, under every checkpoint that covers it', async () => {
  for (const [id, bytes] of files) {
    const hex = sha256(bytes).toString('hex');
    for (const size of [undefined, ...sizes]) {
      const answer = await get(`/log/proof/${hex}${size ? `?size=${size}` : ''}`);
      if (size < id) {
        assert.equal(answer.status, 404);
        continue;
      }
      const { index, size: under, hashes, checkpoint: note, proof } = answer.json;
      assert.equal(index, id - 1);
      assert.equal(under, size ?? sizes[2]);
      assert.equal(rootOf(leafOf(bytes), index, under, hashes), signed(note).root);
      assert.equal(proof, `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes.map((h) => `${h}\n`).join('')}\n${note}`);
      assert.equal(answer.headers['cache-control'], size ? 'public, max-age=31536000, immutable' : 'public, max-age=60');
    }
  }
});

test('every checkpoint continues every earlier one', async () => {
  const root = async (size) => signed((await get(`/log/checkpoint/${size}`)).text).root;
  for (const from of sizes)
    for (const to of sizes.filter((n) => n >= from)) {
      const { json, headers } = await get(`/log/consistency/${from}/${to}`);
      assert.deepEqual([json.from, json.to], [from, to]);
      assert.equal(json.checkpoint, (await get(`/log/checkpoint/${to}`)).text);
      assert.equal(json.proof, `old ${from}\n${json.hashes.map((h) => `${h}\n`).join('')}\n${json.checkpoint}`, 'as a witness wants it');
      assert.deepEqual(rootsOf(await root(from), from, to, json.hashes), [await root(from), await root(to)]);
      assert.match(headers['cache-control'], /immutable/);
    }
});

test('a new certificate carries the checkpoint that was published before it', async () => {
  const evidence = [...files].map(([id, bytes]) => [id, JSON.parse(bytes).evidence]);
  for (const [id, found] of evidence) {
    if (id <= sizes[0]) {
      assert.equal(found, undefined, 'there was none yet');
      continue;
    }
    assert.equal(found.length, 1);
    const { id: address, type, genre, narrative } = found[0];
    assert.deepEqual([type, genre], [['Evidence'], 'tlog-checkpoint']);
    assert.ok(signed(narrative).size < id, 'it was issued after that');
    const path = new URL(address).pathname;
    assert.equal(path, `/log/checkpoint/${id - 1}`);
    assert.equal((await get(path)).text, narrative, 'byte for byte');
  }
  assert.equal(evidence.filter(([, found]) => found).length, 2);
});

test('a bundle shows that the log went on from the checkpoint in its certificate', async () => {
  const names = ['credential.json', 'did.json', 'status.json', 'log-proof.txt', 'log-consistency.txt', 'checkpoint.txt'];
  const token = sql(data, `SELECT token FROM certificate WHERE id = ${sizes[1]}`); // issued under the first checkpoint
  writeFileSync(at('bundle.zip'), (await get(`/v/${token}/bundle.zip`)).body);
  const script = 'import json,sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(json.dumps([z.comment.decode(), {n: z.read(n).decode() for n in z.namelist()}]))';
  const [comment, inside] = JSON.parse(execFileSync('python3', ['-c', script, at('bundle.zip')], { encoding: 'utf8' }));
  assert.deepEqual(Object.keys(inside), names);
  for (const name of names) assert.ok(comment.includes(`  ${name} `), `${name} is explained`);
  const { root: before } = signed(JSON.parse(inside['credential.json']).evidence[0].narrative), { root: now } = signed(inside['checkpoint.txt']);
  const [head, ...note] = inside['log-consistency.txt'].split('\n\n'), [old, ...hashes] = head.split('\n');
  assert.equal(old, `old ${sizes[0]}`);
  assert.equal(note.join('\n\n'), inside['checkpoint.txt']);
  assert.deepEqual(rootsOf(before, sizes[0], sizes[2], hashes), [before, now]);
  assert.equal(inside['log-consistency.txt'], (await get(`/log/consistency/${sizes[0]}/${sizes[2]}`)).json.proof, 'as the site serves it');

  writeFileSync(at('log.vkey'), vkey);
  writeFileSync(at('did.json'), inside['did.json']);
  await run(['trust', 'log', at('log.vkey'), '--data', at('pins')]);
  const told = async (bytes, outcome, words) => {
    writeFileSync(at('told.zip'), bytes);
    const of = (steps, name) => steps.find((step) => step.name === name);
    const report = JSON.parse((await understory(['verify', at('told.zip'), '--json', '--did', at('did.json'), '--data', at('pins')])).stdout);
    const { result } = await view('/verify', bytes), step = of(report.steps, 'consistency'), shown = of(result.steps, 'Log since then');
    assert.ok(of(report.steps, 'log').ok, of(report.steps, 'log').detail);
    assert.match(step.detail, words);
    for (const found of [step, shown]) assert.deepEqual([found.ok, found.open], outcome, found.detail);
    assert.doesNotMatch(shown.words, /\b(proof|hash|checkpoint)\b/);
    return { report, result };
  };
  const view = async (path, bytes) => (await request(s, 'POST', path, { files: [['with', 'file'], ['file', { filename: 'x', bytes }]], accept: 'application/json' })).json;
  const packed = (consistency) => zip(Object.entries({ ...inside, 'log-consistency.txt': consistency }).filter(([, bytes]) => bytes !== null)
    .map(([name, bytes]) => ({ name, bytes, deflate: true })));
  const whole = await told(readFileSync(at('bundle.zip')), [true, false], new RegExp(`with ${sizes[0]} certificates, as it stood when this one was issued`));
  assert.equal(whole.report.exit, 0);
  const without = await told(packed(null), [false, true], new RegExp(`/log/consistency/${sizes[0]}/${sizes[2]} has it`));
  assert.deepEqual([without.report.exit, without.result.verdict], [0, 'valid'], 'what is missing is no fault');
  for (const [text, words] of [
    [inside['log-consistency.txt'].replace(hashes[0], sha256('x').toString('base64')), /does not lead from the checkpoint in the certificate/],
    [(await get(`/log/consistency/${sizes[1]}/${sizes[2]}`)).json.proof, new RegExp(`goes on from ${sizes[1]} certificates`)],
    [(await get(`/log/consistency/${sizes[0]}/${sizes[1]}`)).json.proof, /another checkpoint than the inclusion proof/],
  ]) {
    const { report, result } = await told(packed(text), [false, false], words);
    assert.deepEqual([report.exit, result.word], [5, 'In doubt']);
    assert.match(report.words, /^In doubt/);
    assert.match(result.words, /may be younger than it says, or the file was changed on its way/);
  }
});

test('other sites may read all of it, and what is not there is not there', async () => {
  const hex = sha256(files.get(1)).toString('hex');
  for (const path of ['/log/checkpoint', `/log/checkpoint/${sizes[0]}`, `/log/proof/${hex}`, `/log/consistency/${sizes[0]}/${sizes[1]}`]) {
    const answer = await get(path), asked = await request(s, 'OPTIONS', path);
    assert.equal(answer.headers['access-control-allow-origin'], '*', path);
    assert.equal(asked.headers['access-control-allow-headers'], 'cache-control, pragma', path);
  }
  for (const path of ['/log/checkpoint/0', '/log/checkpoint/999999', '/log/checkpoint/01', '/log/checkpoint/x', `/log/proof/${'0'.repeat(64)}`,
    '/log/proof/1', `/log/proof/${hex}?size=1000000`, `/log/consistency/${sizes[1]}/${sizes[0]}`, '/log/consistency/0/1', '/log/consistency/1/140737488355329'])
    assert.equal((await get(path)).status, 404, path);
});

test('the page says in plain words what it is for, and names nobody', async () => {
  const page = await get('/log'), words = textOf(page.text), { json } = await get('/log', { accept: 'application/json' });
  assert.equal(page.status, 200);
  assert.equal(headingOf(page.text), 'Log of certificates');
  assert.match(words, new RegExp(`${sizes[2]} certificates under the latest seal`));
  assert.doesNotMatch(words.slice(0, words.indexOf('For your own tools')), /\b(hash|DID|proof|Merkle|Ed25519)\b/i);
  assert.equal(json.vkey, vkey);
  assert.equal(json.size, sizes[2]);
  assert.equal(signed(json.checkpoint).size, sizes[2]);
});

test('the audit proves the log while the server runs, also against a checkpoint that was kept', async () => {
  const kept = at('kept.txt');
  for (const size of sizes) {
    writeFileSync(kept, (await get(`/log/checkpoint/${size}`)).text);
    const done = await run(['audit', 'verify', '--checkpoint', kept, '--data', data]);
    assert.match(done.stdout, new RegExp(`The log of certificates holds with ${sizes[2]} of them`));
    assert.match(done.stdout, /It agrees with the checkpoint in .*kept\.txt/);
  }
  const missing = await run(['audit', 'verify', '--checkpoint', at('none.txt'), '--data', early], 1);
  assert.match(missing.stderr, /none\.txt/);
  for (const text of ['', 'x\n', Buffer.from([255, 254]), readFileSync(kept, 'utf8').replace(`\n${sizes[2]}\n`, '\n7\n')]) {
    writeFileSync(kept, text);
    await run(['audit', 'verify', '--checkpoint', kept, '--data', early], 1);
  }
  // An older copy in the place of today's data is sound in itself, and found out by what was kept.
  writeFileSync(kept, (await get('/log/checkpoint')).text);
  await run(['audit', 'verify', '--data', early]);
  const older = await run(['audit', 'verify', '--checkpoint', kept, '--data', early], 1);
  assert.match(older.stderr, new RegExp(`covers ${sizes[2]} certificates, and only ${sizes[0]} are here`));
});

/** What copies a folder need not keep its mode, and keys that others could read are not read. */
function copyData(from, to) {
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
  for (const folder of [to, join(to, 'keys')]) chmodSync(folder, 0o700);
}

test('a key of the log that is lost for good is followed by another, and both are named', async () => {
  const lost = at('lost');
  copyData(early, lost);
  const refused = await run(['log', 'new-key', '--lost', '--data', lost], 1);
  assert.match(refused.stderr, /the log's key is not missing here/);
  rmSync(join(lost, 'keys', 'log.key'));
  const waits = await run(['log', 'checkpoint', '--data', lost], 1);
  assert.match(waits.stderr, /log\.key, the log's key, is missing/);
  await run(['log', 'new-key', '--data', lost], 3);
  assert.match((await run(['log', 'new-key', '--lost', '--data', lost])).stdout, /A new key of the log was made/);
  const now = (await run(['log', 'key', '--data', lost])).stdout.trim();
  assert.notEqual(now, vkey);
  assert.equal(now.split('+')[0], vkey.split('+')[0]);
  await run(['audit', 'verify', '--data', lost]);
  assert.equal(sql(lost, "SELECT COUNT(*) FROM audit WHERE action = 'log-key.new' AND actor IS NULL"), '1');
  const later = await startServer({ data: lost, args: ['--origin', `https://${vkey.split('/')[0]}`] });
  try {
    const { body: bytes } = await request(later, 'GET', `/v/${sql(lost, 'SELECT token FROM certificate WHERE id = 1')}/bundle.zip`);
    const { result } = (await request(later, 'POST', '/verify', { files: [['with', 'file'], ['file', { filename: 'x', bytes }]], accept: 'application/json' })).json;
    assert.match(result.steps.find((step) => step.name === 'Public log').detail, /by a checkpoint that the pinned key signed/, 'the site knows what its former key signed');
  } finally {
    await later.stop();
  }
});

test('where nothing was issued yet, there is nothing to sign, and the page says so', async () => {
  const empty = await startServer();
  try {
    const none = await run(['log', 'checkpoint', '--data', empty.data], 1);
    assert.match(none.stderr, /no certificate was issued yet/);
    assert.match(textOf((await request(empty, 'GET', '/log')).text), /Nothing is entered yet/);
    for (const path of ['/log/checkpoint', '/log/checkpoint/1', `/log/proof/${'0'.repeat(64)}`, '/log/consistency/1/1'])
      assert.equal((await request(empty, 'GET', path)).status, 404, path);
    await run(['audit', 'verify', '--data', empty.data]);
  } finally {
    await empty.stop();
  }
});

test('whatever is altered, removed, reordered or forged in the file is named', async () => {
  const uuid = (id) => sql(early, `SELECT uuid FROM certificate WHERE id = ${id}`);
  const forged = at('forged');
  await run(['demo', '--people', '30', '--seed', '2', '--data', forged]);
  const foreign = await checkpoint(forged);
  const cases = [
    ["UPDATE certificate SET bytes = replace(bytes, 'OpenBadge', 'OpenBadgf') WHERE id = 3", new RegExp(`certificate ${uuid(3)}`)],
    ['UPDATE certificate SET (bytes, sha256) = (SELECT bytes, sha256 FROM certificate WHERE id = 4) WHERE id = 3',
      new RegExp(`certificate ${uuid(3)}: its identifier or its place in a status list was altered`)],
    ['DELETE FROM certificate WHERE id = 5', /certificate number 5 is missing: it was removed/],
    ['DELETE FROM certificate WHERE id = (SELECT MAX(id) FROM certificate)', new RegExp(`number ${sizes[0]} was removed`)],
    ['UPDATE certificate SET id = -1 WHERE id = 2; UPDATE certificate SET id = 2 WHERE id = 6; UPDATE certificate SET id = 6 WHERE id = -1',
      new RegExp(`certificate ${uuid(6)} stands at place 2, and the log has it at place 6: rows were reordered`)],
    ['UPDATE log_tile SET hashes = zeroblob(length(hashes))', /tile 0\/0 of the log was altered/],
    [`UPDATE log_checkpoint SET note = '${foreign.note}'`, new RegExp(`checkpoint ${sizes[0]} of the log was altered: it is not signed with the log's key`)],
    [`DELETE FROM log_checkpoint; DELETE FROM log_tile; DELETE FROM log_leaf; UPDATE log_key SET vkey = '${(await run(['log', 'key', '--data', forged])).stdout.trim()}'`,
      /log\.key is another key than the one that the log's checkpoints here are signed with/],
  ];
  for (const [i, [statement, says]] of cases.entries()) {
    const altered = at(`altered-${i}`);
    copyData(early, altered);
    sql(altered, statement);
    const { stderr } = await run(['audit', 'verify', '--data', altered], 1);
    assert.match(stderr, says, statement);
  }
});
