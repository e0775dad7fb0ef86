// The tests' own client by hand must not wait for ever, and must not keep a failed test from ending.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Raw, send } from '../support/raw.mjs';
import { root } from './project.mjs';

const sockets = new Set();
const mute = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('data', (d) => { if (d.includes('half')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'); });
  socket.on('data', (d) => { if (d.includes('cut')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut'); });
});
before(async () => { mute.listen(0, '127.0.0.1'); await once(mute, 'listening'); });
after(() => { for (const socket of sockets) socket.destroy(); mute.close(); });

test('a wait for an answer ends and says what is missing', async () => {
  const { port } = mute.address();
  await assert.rejects(send(port, 'nothing', { timeout: 100 }), /the head of an answer did not come in 100 ms; so far: ""/);
  await assert.rejects(send(port, 'half', { timeout: 100 }), /the body of an answer did not come in 100 ms; so far: "HTTP.*half"/);
  assert.equal((await send(port, 'cut', { timeout: 100 })).status, 0);
  const raw = await Raw.open(port);
  assert.equal(await raw.closed(100), false);
  raw.end();
});

test('a test that fails with open connections ends at once', async () => {
  const script = `
    import { test } from 'node:test';
    import { Raw } from ${JSON.stringify(join(root, 'tests/support/raw.mjs'))};
    test('fails', async () => {
      const [a, b] = [await Raw.open(${mute.address().port}), await Raw.open(${mute.address().port})];
      a.trickle('a');
      b.response({ timeout: 1000 }).catch(() => {});
      throw new Error('as it should');
    });`;
  const start = Date.now();
  const { NODE_TEST_CONTEXT, ...env } = process.env; // its report is not part of ours
  const failed = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env, timeout: 20000 })
    .then(() => assert.fail('the test passed'), (e) => e);
  assert.match(failed.stdout, /as it should/);
  assert.equal(failed.killed, false, `it went on for ${Date.now() - start} ms`);
  assert.equal(failed.code, 1);
});
