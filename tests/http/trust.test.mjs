// Asking an issuer's own host: `trust add HOST` and `verify --online`, over real TLS with an authority
// made for the test, and everything that must be refused.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { freePort, request, signIn, startServer, temporaryFolder, understory, view } from '../support/server.mjs';
import { zip } from '../support/zip.mjs';

const run = promisify(execFile);
const DID = '/.well-known/did.json';
let folder, s, tls, plain, host, certificate, list, fingerprint;
let asked = [], unsafe = [], answers = {};
const at = (name) => join(folder.path, name);

async function authority(name) {
  const subject = ['-subj', `/CN=${name}`];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await run('openssl', ['req', '-x509', ...made, ...subject, '-days', '2', '-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)]);
}

async function hostCertificate(ca) {
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await run('openssl', ['req', '-new', ...made, '-subj', '/CN=localhost', '-keyout', at('host.key'), '-out', at('host.csr')]);
  writeFileSync(at('host.ext'), 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n');
  const signer = ['-CA', at(`${ca}.pem`), '-CAkey', at(`${ca}.key`), '-CAcreateserial', '-days', '2', '-extfile', at('host.ext')];
  await run('openssl', ['x509', '-req', '-in', at('host.csr'), ...signer, '-out', at('host.pem')]);
}

const listen = (server, port) => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));

// What answers[path] does, or else what the trial server answers itself.
async function serve(incoming, answer) {
  asked.push({ path: incoming.url, headers: incoming.headers });
  if (answers[incoming.url]) return answers[incoming.url](answer);
  const { status, headers, body } = await request(s, 'GET', incoming.url);
  answer.writeHead(status, { 'Content-Type': headers['content-type'], 'Content-Length': body.length });
  answer.end(body);
}

before(async () => {
  folder = await temporaryFolder('trust');
  await authority('ours');
  await authority('another');
  await hostCertificate('ours');
  host = `localhost:${await freePort()}`;
  tls = https.createServer({ key: readFileSync(at('host.key')), cert: readFileSync(at('host.pem')) }, serve);
  await listen(tls, Number(host.split(':')[1]));
  plain = http.createServer((incoming, answer) => {
    unsafe.push(incoming.url);
    answer.end(readFileSync(at('did.json')));
  });
  plain.on('connect', (incoming, socket) => {
    unsafe.push(incoming.url);
    socket.destroy();
  });
  await listen(plain, 0);
  s = await startServer({ demo: true, args: ['--origin', `https://${host}`] });
  const [mine] = (await view(s, '/certificates', await signIn(s, 'amara'))).certificates;
  certificate = (await request(s, 'GET', mine.credential_href)).text;
  writeFileSync(at('certificate.json'), certificate);
  writeFileSync(at('did.json'), (await request(s, 'GET', DID)).text);
  list = new URL(JSON.parse(certificate).credentialStatus.statusListCredential).pathname;
  fingerprint = (await online()).report.fingerprint;
});

after(async () => {
  for (const server of [tls, plain]) {
    server?.closeAllConnections?.();
    server?.close();
  }
  await s?.stop();
  await folder?.remove();
});

beforeEach(() => {
  asked = [];
  unsafe = [];
  answers = {};
});

const settings = (env) => ({ env: { SSL_CERT_FILE: at('ours.pem'), ...env }, cwd: folder.path });
let pins = 0;

/** `trust add WHAT` into a new folder of pins: the answer, and what is pinned then. */
async function add(what, env) {
  const data = at(`pins-${pins++}`);
  const answer = await understory(['trust', 'add', what, '--data', data], settings(env));
  const { stdout } = await understory(['trust', 'list', '--json', '--data', data], settings());
  return { ...answer, data, pinned: JSON.parse(stdout) };
}

async function online({ file = at('certificate.json'), env, more = [] } = {}) {
  const answer = await understory(['verify', file, '--online', '--json', '--data', at('none'), ...more], settings(env));
  const report = answer.stdout ? JSON.parse(answer.stdout) : null;
  return { ...answer, report, detail: (name) => report.steps.find((step) => step.name === name).detail };
}

async function refused(what, words, code, env) {
  const answer = await add(what, env);
  assert.equal(answer.code, code, answer.stderr);
  assert.match(answer.stderr, words);
  assert.deepEqual(answer.pinned, []);
}

const paths = () => asked.map(({ path }) => path);
const redirect = (to) => (answer) => answer.writeHead(302, { Location: to }).end();
const large = (bytes, length) => (answer) => {
  answer.writeHead(200, length ? { 'Content-Length': bytes } : {});
  answer.end(' '.repeat(bytes));
};

test('a host is asked once, shown by its fingerprint, and believed from then on', async () => {
  const answer = await add(host.toUpperCase());
  assert.equal(answer.code, 0, answer.stderr);
  assert.ok(answer.stdout.includes(`Trusting ${host}`) && answer.stdout.includes(fingerprint), answer.stdout);
  assert.deepEqual(paths(), [DID]);
  assert.equal(asked[0].headers['user-agent'], 'understory');
  assert.deepEqual(answer.pinned.map((pin) => pin.host), [host]);
  const fromFile = await add(at('did.json'));
  assert.deepEqual(answer.pinned, fromFile.pinned);
  writeFileSync(at('list.json'), (await request(s, 'GET', list)).text);
  const offline = ['verify', at('certificate.json'), '--status', at('list.json'), '--data', answer.data];
  assert.equal((await understory(offline, settings())).code, 0);
  assert.deepEqual(paths(), [DID]);
});

test('online, a certificate is judged by its host’s keys and its own status list, and nothing else is fetched', async () => {
  const answer = await online();
  assert.equal(answer.code, 0, answer.stdout);
  assert.equal(answer.report.verdict, 'valid');
  assert.deepEqual(paths(), [DID, list]);
  asked = [];
  assert.equal((await online({ more: ['--did', at('did.json')] })).code, 0);
  assert.deepEqual(paths(), [list]);
});

test('a pin wins: a key must be pinned, and its host must still list it', async () => {
  const { data } = await add(at('did.json'));
  const text = readFileSync(at('did.json'), 'utf8');
  const other = text.replaceAll(JSON.parse(certificate).proof.verificationMethod.split('#')[1], 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK');
  const withPin = (pinned) => online({ more: ['--data', pinned] });
  asked = [];
  const same = await withPin(data);
  assert.equal(same.code, 0, same.stdout);
  assert.deepEqual(paths(), [DID, list]);

  for (const lost of [other, text.replaceAll('did:web:', 'did:web:x'), 'no document']) {
    asked = [];
    answers[DID] = (answer) => answer.end(lost);
    const answer = await withPin(data);
    assert.equal(answer.code, 6, answer.stdout);
    assert.match(answer.detail('issuer key'), /^the key .* is pinned here for localhost:\d+, but localhost:\d+ does not list it any more/);
    assert.ok(answer.detail('issuer key').includes(fingerprint));
    assert.deepEqual(paths(), [DID], 'and nothing else is asked');
  }

  answers = {};
  writeFileSync(at('other.json'), other);
  const { data: stale, pinned } = await add(at('other.json'));
  assert.equal(pinned.length, 1);
  asked = [];
  const unknown = await withPin(stale);
  assert.equal(unknown.code, 6);
  assert.match(unknown.detail('issuer key'), /a pin wins: compare the fingerprint .* `understory trust add localhost:\d+`$/);
  assert.deepEqual(paths(), [DID]);

  answers[DID] = (answer) => answer.writeHead(503).end();
  assert.equal((await withPin(data)).code, 0, 'a host that gives no document takes nothing from the pin');
});

test('a file that was changed sends us nowhere', async () => {
  writeFileSync(at('changed.json'), certificate.replace('"name":"', '"name":"X'));
  assert.equal((await online({ file: at('changed.json') })).code, 1);
  assert.deepEqual(asked, []);
});

test('a host whose certificate is another authority’s is not believed', async () => {
  for (const env of [{ SSL_CERT_FILE: at('another.pem') }, { SSL_CERT_FILE: '' }]) {
    await refused(host, /TLS certificate is not .*SSL_CERT_FILE|install ca-certificates/, 6, env);
    const answer = await online({ env });
    assert.equal(answer.code, 6);
    assert.match(answer.detail('issuer key'), /TLS certificate is not|install ca-certificates/);
  }
  await refused(host.replace('localhost', '127.0.0.1'), /TLS certificate is not for this host/, 6);
  await refused(host, /SSL_CERT_FILE to a file that can be read/, 6, { SSL_CERT_FILE: at('absent.pem') });
  assert.deepEqual(asked, []);
});

test('a host that does not answer: its keys stay unproven', async () => {
  await refused(`localhost:${await freePort()}`, /nothing answers there/, 6);
  answers[DID] = (answer) => answer.writeHead(503).end();
  await refused(host, /answers 503; try again later/, 6);
  const answer = await online();
  assert.equal(answer.code, 6);
  assert.match(answer.detail('issuer key'), /answers 503/);
  assert.deepEqual(paths(), [DID, DID]);
});

test('the did document of another id is refused', async () => {
  const text = readFileSync(at('did.json'), 'utf8');
  const own = `did:web:${host.replace(':', '%3A')}`;
  assert.ok(text.includes(own));
  for (const other of ['did:web:localhost', 'did:web:train.example.edu']) {
    answers[DID] = (answer) => answer.end(text.replaceAll(own, other));
    await refused(host, new RegExp(`it is the document of ${other}, and this host's is ${own}`), 1);
    assert.equal((await online()).code, 6);
  }
  for (const none of ['hello', '{}', '', text.replace('{', '{"id":"x",')]) {
    answers[DID] = (answer) => answer.end(none);
    await refused(host, /did\.json was refused: /, 1);
    assert.equal((await online()).code, 6);
  }
  assert.ok(!paths().includes(list));
});

test('no redirect is followed, not even to the same host', async () => {
  for (const to of [`https://${host}/elsewhere.json`, `http://127.0.0.1:${plain.address().port}/did.json`]) {
    answers = { [DID]: redirect(to) };
    await refused(host, /it is a redirect, and none is followed/, 6);
    assert.equal((await online()).code, 6);
    answers = { [list]: redirect(to) };
    const answer = await online();
    assert.equal(answer.code, 5);
    assert.match(answer.detail('status'), /it is a redirect/);
  }
  assert.ok(!paths().includes('/elsewhere.json'));
  assert.deepEqual(unsafe, []);
});

test('an answer over the limit is refused, whether or not it says its length', async () => {
  for (const length of [true, false]) {
    answers = { [DID]: large(64 * 1024 + 1, length) };
    await refused(host, /it is larger than 64 KiB/, 6);
    assert.equal((await online()).code, 6);
    answers = { [list]: large(1024 * 1024 + 1, length) };
    const answer = await online();
    assert.equal(answer.code, 5);
    assert.match(answer.detail('status'), /it is larger than 1024 KiB/);
  }
  const text = readFileSync(at('did.json'), 'utf8');
  answers = { [DID]: (answer) => answer.end(text.padEnd(64 * 1024)) };
  assert.equal((await add(host)).code, 0);
});

test('without its status list a genuine certificate’s status is unknown', async () => {
  const { text } = await request(s, 'GET', list);
  answers[list] = (answer) => answer.writeHead(404).end();
  const missing = await online();
  assert.equal(missing.code, 5);
  assert.match(missing.detail('status'), /answers 404; try again later/);
  answers[list] = (answer) => answer.destroy();
  assert.equal((await online()).code, 5);
  answers[list] = (answer) => answer.end(text.replace('"validUntil":"2', '"validUntil":"3'));
  const changed = await online();
  assert.equal(changed.code, 5);
  assert.match(changed.detail('status'), /changed after signing/);
});

test('a host that answers with rubbish or less takes nothing from the list in a bundle', async () => {
  const did = ['--did', at('did.json')], { text } = await request(s, 'GET', list);
  const bundle = (status) => {
    writeFileSync(at('bundle.zip'), zip([{ name: 'credential.json', bytes: certificate }, { name: 'status.json', bytes: status }]));
    return at('bundle.zip');
  };
  for (const [answer, words] of [
    ['{}', /^not revoked as of .*; the list that localhost:\d+ gives out now tells less: the status list/],
    [`[${'[],'.repeat(90000)}0]`, /tells less: .*more than 100 values/],
    [text.replace('"validUntil":"2', '"validUntil":"3'), /tells less: .*changed after signing/],
  ]) {
    answers[list] = (reply) => reply.end(answer);
    const kept = await online({ file: bundle(text), more: did });
    assert.equal(kept.code, 0, kept.stdout);
    assert.match(kept.detail('status'), words);
    const none = await online({ file: bundle('rubbish'), more: did });
    assert.equal(none.code, 5, 'neither is good');
  }
  answers = {};
  assert.doesNotMatch((await online({ file: bundle('rubbish'), more: did })).detail('status'), /less/, 'the host’s own is good');
  answers[list] = (reply) => reply.writeHead(404).end();
  assert.equal((await online({ file: bundle(text), more: did })).code, 0);
  const late = await online({ file: bundle(text), more: [...did, '--at', new Date(Date.now() + 30 * 86400e3).toISOString().slice(0, 10)] });
  assert.equal(late.code, 5);
  assert.match(late.detail('status'), /^not revoked as of .*too old to say more; .*answers 404/);
});

test('plain http is never spoken, and no proxy is', async () => {
  const port = plain.address().port;
  await refused(`localhost:${port}`, /only https is ever asked/, 6);
  const proxy = `http://127.0.0.1:${port}`;
  const env = { https_proxy: proxy, HTTPS_PROXY: proxy, ALL_PROXY: proxy, all_proxy: proxy, no_proxy: '', NO_PROXY: '' };
  assert.equal((await add(host, env)).code, 0);
  assert.equal((await online({ env })).code, 0);
  assert.deepEqual(unsafe, []);
});

test('a revocation is final, whatever the host says of it later', async () => {
  const { text } = await request(s, 'GET', list);
  const done = await understory(['certificate', 'revoke', JSON.parse(certificate).id, '--reason', 'Issued in error', '--data', s.data]);
  assert.equal(done.code, 0, done.stderr);
  writeFileSync(at('bundle.zip'), zip([{ name: 'credential.json', bytes: certificate }, { name: 'status.json', bytes: (await request(s, 'GET', list)).body }]));
  answers[list] = (reply) => reply.end(text);
  const answer = await online({ file: at('bundle.zip') });
  assert.equal(answer.code, 3, answer.stdout);
  assert.match(answer.detail('status'), /^revoked, .* tells less: not revoked as of/);
});

test('what is no host is not asked', async () => {
  for (const name of [`https://${host}`, `http://${host}`, 'localhost:', 'localhost:0', 'localhost:65536', 'user@localhost', 'a b', '-x.example', '[::1]', '%6c'])
    assert.equal((await understory(['trust', 'add', '--data', at('none'), '--', name], settings())).code, 2, name);
  assert.match((await understory(['trust', 'add', `https://${host}`, '--data', at('none')], settings())).stderr, /write a host without https:/);
  for (const name of ['absent.json', './localhost']) await refused(name, /cannot read/, 1);
  assert.deepEqual(asked, []);
});
