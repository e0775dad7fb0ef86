// The folder that `understory sunset` leaves: other people's verifiers read a certificate, the issuer's
// keys and the status list from a web server that only hands out files, and agree with `understory verify`.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import http from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {after, before, test} from 'node:test';
import {promisify} from 'node:util';

const {UNDERSTORY, SOURCE_DIR} = process.env;
const run = promisify(execFile);
const origin = 'https://train.example.edu';
let folder, server, judges;
const at = name => path.join(folder, name);
const certificates = []; // one good, one revoked

const command = async (...args) => JSON.parse((await run(UNDERSTORY, [...args, '--json', '--data', at('data'), '--origin', origin], {cwd: SOURCE_DIR})).stdout);

before(async () => {
  judges = [(await import('./verify-digitalbazaar.mjs')).judge, (await import('./verify-digitalcredentials.mjs')).judge];
  folder = mkdtempSync(path.join(tmpdir(), 'understory-sunset-'));
  await command('demo', '--small');
  const {certificates: [first]} = await command('certificate', 'list');
  await command('certificate', 'revoke', first.uuid, '--reason', 'Given out to the wrong person');
  await command('sunset', at('site'));
  server = http.createServer((request, answer) => {
    try {
      answer.end(readFileSync(path.join(at('site'), request.url)));
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  for (const code of readdirSync(at('site/v'), {withFileTypes: true}).filter(entry => entry.isDirectory())) {
    certificates.push(await load(`${origin}/v/${code.name}/credential.json`));
  }
  assert.equal(certificates.length, 2);
});

after(() => {
  server?.closeAllConnections();
  server?.close();
  return folder && rmSync(folder, {recursive: true});
});

// What an address of the issuer gives, now that its files lie elsewhere.
async function load(address) {
  assert.ok(address.startsWith(`${origin}/`), address);
  const answer = await fetch(`http://127.0.0.1:${server.address().port}${address.slice(origin.length)}`);
  assert.equal(answer.status, 200, address);
  return JSON.parse(await answer.text());
}

test('both judges find all they need in the folder, and see which one was revoked', async () => {
  const verdicts = [];
  for (const credential of certificates) {
    assert.equal(credential.issuer.id, 'did:web:train.example.edu');
    const did = await load(`${origin}/.well-known/did.json`);
    const status = await load(credential.credentialStatus.statusListCredential);
    const given = await Promise.all(judges.map(judge => judge({credential, did, status})));
    assert.equal(given[0].verified, given[1].verified, JSON.stringify(given));
    verdicts.push(given[0]);
  }
  assert.deepEqual(verdicts.map(verdict => verdict.verified).sort(), [false, true]);
  assert.match(verdicts.find(verdict => !verdict.verified).error, /revoked/);
});
