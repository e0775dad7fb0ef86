// Other people's verifiers judge fresh certificates: they and `understory verify` must agree, on the
// good ones and on every altered one.
import assert from 'node:assert/strict';
import {execFile, execFileSync} from 'node:child_process';
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {notDone} from '../support/not-done.mjs';

const {UNDERSTORY, BUILD_DIR} = process.env;
const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const COUNT = 10; // certificate 1 is revoked, 8 has expired
const EXPIRED = 8;

let folder, did, status, judges, offline;
const certificates = [];
const file = name => path.join(folder, name);
const read = name => JSON.parse(readFileSync(file(name), 'utf8'));

before(async () => {
  if (!existsSync(path.join(here, 'node_modules'))) {
    throw new Error('the judges are not installed: run `npm ci` in tests/judges');
  }
  offline = await import('./offline.mjs');
  judges = {
    digitalbazaar: (await import('./verify-digitalbazaar.mjs')).judge,
    digitalcredentials: (await import('./verify-digitalcredentials.mjs')).judge,
  };
  folder = mkdtempSync(path.join(tmpdir(), 'understory-judges-'));
  execFileSync(path.join(BUILD_DIR, 'tests', 'judge_issue'), [folder, String(COUNT)]);
  did = read('did.json');
  status = read('status.json');
  for (let i = 0; i < COUNT; i++) {
    certificates.push(read(`certificate-${i}.json`));
  }
});

after(() => folder && rmSync(folder, {recursive: true}));

// The exit code of `understory verify` and its report.
function understory(name, ...args) {
  return new Promise((resolve, reject) => {
    execFile(UNDERSTORY, ['verify', file(name), '--json', '--data', file('data'), ...args],
      (error, stdout, stderr) => {
        if (error && typeof error.code !== 'number') {
          return reject(error);
        }
        resolve({code: error?.code ?? 0, stderr, report: stdout ? JSON.parse(stdout) : null});
      });
  });
}

/** For each credential null, or why the third judge refuses it. */
function pyld(document, credentials) {
  const input = JSON.stringify({contexts: offline.knownContexts, did: document, credentials});
  return JSON.parse(execFileSync('/usr/bin/python3', [path.join(here, 'verify-pyld.py')], {input, encoding: 'utf8', maxBuffer: 1 << 26}));
}

const trusted = () => ['--did', file('did.json'), '--status', file('status.json')];

// Every leaf and member of a certificate, by path.
function* places(value, at = []) {
  for (const [key, child] of Object.entries(value)) {
    const here = [...at, key];
    yield {at: here, child};
    if (child && typeof child === 'object') {
      yield* places(child, here);
    }
  }
}

function changed(document, at, change) {
  const copy = structuredClone(document);
  const parent = at.slice(0, -1).reduce((node, key) => node[key], copy);
  change(parent, at.at(-1));
  return copy;
}

function otherCharacter(c) {
  return /[0-8]/.test(c) ? String(Number(c) + 1) : c === '9' ? '8' : c === 'a' ? 'b' : 'a';
}

// The text with its first, middle or last character replaced by another.
function alterations(text) {
  const points = [...text];
  const where = new Set([0, points.length >> 1, points.length - 1]);
  return [...where].map(i => points.with(i, otherCharacter(points[i])).join(''));
}

async function nobodyAccepts(document, what) {
  for (const [name, judge] of Object.entries(judges)) {
    const result = await judge({credential: document, did, status});
    assert.equal(result.verified, false, `@${name} accepts ${what}`);
  }
  writeFileSync(file('altered.json'), JSON.stringify(document));
  const {code} = await understory('altered.json', ...trusted());
  assert.equal(code, 1, `understory verify exits ${code} for ${what}`);
}

test('the Open Badges context that the judges use is the official one', t => {
  const official = path.join(process.env.VECTORS_DIR ?? '', 'ob3', 'context-3.0.3.json');
  if (!existsSync(official)) return notDone(t, `no published vectors: ${official}`);
  assert.deepEqual(offline.openBadgesContext, JSON.parse(readFileSync(official, 'utf8')));
});

test('every fresh certificate is good for both judges and for us; those revoked and expired are not', async () => {
  for (const [i, credential] of certificates.entries()) {
    const revoked = i === 1, expired = i === EXPIRED;
    for (const [name, judge] of Object.entries(judges)) {
      const result = await judge({credential, did, status});
      if (expired) {
        assert.equal(result.verified, false, `@${name} accepts an expired certificate`);
        assert.match(result.error, /expired|after "validUntil"/i);
      } else {
        assert.deepEqual(result, revoked ? {verified: false, error: 'revoked'} : {verified: true},
          `@${name}, certificate ${i}`);
      }
    }
    const {code, report} = await understory(`certificate-${i}.json`, ...trusted());
    assert.equal(code, revoked ? 3 : expired ? 4 : 0);
    assert.equal(report.holder, credential.credentialSubject.identifier[0].identityHash);
    assert.match(report.title, /^Demonstration: /);
  }
});

test('a retired key still stands behind what it signed, beside the one that signs now', () => {
  const keys = certificates.map(c => c.proof.verificationMethod);
  assert.equal(new Set(keys).size, 2);
  assert.notEqual(keys[0], status.proof.verificationMethod);
  assert.deepEqual(new Set(did.assertionMethod), new Set(keys));
});

test('the status list alone is good for both judges', async () => {
  for (const [name, judge] of Object.entries(judges)) {
    assert.deepEqual(await judge({credential: status, did}), {verified: true}, `@${name}`);
  }
});

// Another's key in our name: everything as ours but the key, which our did document does not have.
test('a foreign key under our issuer id is refused by all', async () => {
  const foreign = mkdtempSync(path.join(tmpdir(), 'understory-foreign-'));
  try {
    execFileSync(path.join(BUILD_DIR, 'tests', 'judge_issue'), [foreign, '1']);
    const credential = JSON.parse(readFileSync(path.join(foreign, 'certificate-0.json'), 'utf8'));
    const theirs = JSON.parse(readFileSync(path.join(foreign, 'did.json'), 'utf8'));
    assert.equal(theirs.id, did.id);
    for (const [name, judge] of Object.entries(judges)) {
      assert.equal((await judge({credential, did, status})).verified, false, `@${name}`);
    }
    const [refused] = pyld(did, [credential]);
    assert.match(refused, /not the issuer's/);
    assert.deepEqual(pyld(theirs, [credential]), [null]);
    writeFileSync(file('foreign.json'), JSON.stringify(credential));
    assert.equal((await understory('foreign.json', ...trusted())).code, 6);
  } finally {
    rmSync(foreign, {recursive: true});
  }
});

// A member that no context defines it drops without a word, so it says nothing of those.
test('PyLD agrees: what was issued is signed, revoked and expired or not, and nothing that was changed is', () => {
  const altered = [], what = [];
  for (const n of [0, 5])
    for (const {at, child} of places(certificates[n]))
      if (typeof child === 'string' && at[0] !== '@context') {
        altered.push(changed(certificates[n], at, (node, key) => { node[key] = alterations(child)[0]; }));
        what.push(`certificate ${n} with another ${at.join('.')}`);
      }
  assert.ok(altered.length > 60);
  const answers = pyld(did, [...certificates, status, ...altered]);
  assert.deepEqual(answers.slice(0, COUNT + 1), Array(COUNT + 1).fill(null));
  for (const [i, answer] of answers.slice(COUNT + 1).entries())
    assert.ok(answer, `PyLD accepts ${what[i]}`);
});

test('the programs print one line and say it with their exit code', () => {
  for (const name of ['digitalbazaar', 'digitalcredentials']) {
    const program = path.join(here, `verify-${name}.mjs`);
    const run = (...args) => execFileSync(process.execPath, [program, ...args], {encoding: 'utf8'});
    const args = [file('did.json'), file('status.json')];
    assert.deepEqual(JSON.parse(run(file('certificate-0.json'), ...args)), {verified: true});
    assert.throws(() => run(file('certificate-1.json'), ...args), {status: 1});
    assert.throws(() => run(), {status: 2});
  }
});

test('a change to any signed value is refused by both judges and by us', async t => {
  let count = 0;
  for (const n of [0, 5]) { // without and with evidence and an end date
    for (const {at, child} of places(certificates[n])) {
      const values = typeof child === 'string' ? alterations(child) :
        typeof child === 'boolean' ? [!child] : [];
      for (const value of values) {
        const altered = changed(certificates[n], at, (node, key) => {
          node[key] = value;
        });
        await nobodyAccepts(altered, `certificate ${n} with ${at.join('.')} = ${value}`);
        count++;
      }
    }
  }
  t.diagnostic(`${count} altered certificates`);
  assert.ok(count > 150);
});

test('a certificate without any one of its members is refused by both judges and by us', async () => {
  for (const {at} of places(certificates[5])) {
    const altered = changed(certificates[5], at, (node, key) => {
      if (Array.isArray(node)) {
        node.splice(Number(key), 1);
      } else {
        delete node[key];
      }
    });
    await nobodyAccepts(altered, `a certificate without ${at.join('.')}`);
  }
});

test('a member that no context defines is refused by both judges and by us', async () => {
  const additions = [[], ['issuer'], ['credentialSubject'], ['credentialSubject', 'achievement']];
  for (const at of additions) {
    const altered = structuredClone(certificates[0]);
    at.reduce((node, key) => node[key], altered).nickname = 'x';
    await nobodyAccepts(altered, `a certificate with ${[...at, 'nickname'].join('.')}`);
  }
});

test('the exit code says what is missing', async () => {
  const [, didArgument] = trusted();
  assert.equal((await understory('certificate-0.json')).code, 6);
  assert.equal((await understory('certificate-0.json', '--did', didArgument)).code, 5);
  assert.equal((await understory('certificate-0.json', ...trusted(), '--at', '2026-06-30')).code, 4);
  assert.equal((await understory('certificate-0.json', ...trusted(), '--at', 'today')).code, 2);
  assert.equal((await understory('none.json')).code, 2);
  for (const [start, words] of [['%PDF-1.7\n', /PDF is damaged/], ['\x89PNG\r\n', /picture is damaged/],
    ['PK\x03\x04', /zip is damaged/], ['\xff\xd8\xff\xe0', /photograph/]]) {
    writeFileSync(file('other'), start, 'latin1');
    const {code, report} = await understory('other');
    assert.equal(code, 1);
    assert.match(report.words, words);
  }
});

test('a pinned did document is trusted, by its host', async () => {
  const trust = (...args) =>
    execFileSync(UNDERSTORY, ['trust', ...args, '--data', file('data')], {encoding: 'utf8'});
  const before = await understory('certificate-0.json', '--status', file('status.json'));
  assert.equal(before.code, 6);
  assert.match(trust('add', file('did.json')), /localhost:8080[^]*fingerprint/);
  assert.ok(existsSync(path.join(folder, 'data', 'trust', 'localhost%3A8080.json')));
  const pins = JSON.parse(trust('list', '--json'));
  assert.equal(pins[0].keys[0].fingerprint, before.report.fingerprint);
  const result = await understory('certificate-0.json', '--status', file('status.json'));
  assert.equal(result.code, 0);
  writeFileSync(file('bad.json'), '{"id":"did:web:x"}');
  assert.throws(() => trust('add', file('bad.json')), {status: 1});
});
