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
let folder, server, judges, site;
const at = name => path.join(folder, name);

const command = async (...args) => JSON.parse((await run(UNDERSTORY, [...args, '--json', '--data', at('data'), '--origin', origin], {cwd: SOURCE_DIR})).stdout);

before(async () => {
  judges = [(await import('./verify-digitalbazaar.mjs')).judge, (await import('./verify-digitalcredentials.mjs')).judge];
  folder = mkdtempSync(path.join(tmpdir(), 'understory-sunset-'));
  await command('demo', '--small');
  server = http.createServer((request, answer) => {
    try {
      answer.end(readFileSync(path.join(site, request.url)));
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
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

// The verdict of both on the one certificate of a folder that is written now, who must agree.
async function judged(name) {
  site = at(name);
  await command('sunset', site);
  const [code] = readdirSync(path.join(site, 'v'), {withFileTypes: true}).filter(entry => entry.isDirectory());
  const credential = await load(`${origin}/v/${code.name}/credential.json`);
  assert.equal(credential.issuer.id, 'did:web:train.example.edu');
  const did = await load(`${origin}/.well-known/did.json`);
  const status = await load(credential.credentialStatus.statusListCredential);
  const given = await Promise.all(judges.map(judge => judge({credential, did, status})));
  assert.equal(given[0].verified, given[1].verified, JSON.stringify(given));
  return given[0];
}

test('both judges find all they need in the folder, and see whether it was revoked', async () => {
  assert.deepEqual(await judged('good'), {verified: true});
  const {certificates: [one]} = await command('certificate', 'list');
  await command('certificate', 'revoke', one.uuid, '--reason', 'Given out to the wrong person');
  assert.match((await judged('revoked')).error, /revoked/);
});
