// Asked to stop under load, the server finishes what was begun: every request that reached it is
// answered in full, new connections are not taken, and then it ends.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../support/server.mjs';
import { Raw, send, wait } from '../support/raw.mjs';

const get = (s, path) => `GET ${path} HTTP/1.1\r\nHost: localhost:${s.port}\r\n\r\n`;
const post = (s, length, body) => `POST /bench/save HTTP/1.1\r\nHost: localhost:${s.port}\r\nSec-Fetch-Site: same-origin\r\n`
  + `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n\r\n${body}`;

// Requests one after the other, on one connection while the server keeps it, until it takes no more.
async function client(s, count, keep) {
  for (;;) {
    let raw;
    try {
      raw = await Raw.open(s.port, { timeout: 4000 });
    } catch { return; }
    for (let i = 0; i < keep; i++) {
      const save = count.sent % 3 === 0;
      count.sent++;
      raw.write(save ? post(s, 3, 'a=1') : get(s, '/bench/page'));
      const answer = await raw.response().catch((e) => { raw.error = e.message; });
      if (answer?.status === (save ? 204 : 200) && (save || answer.body.length === 8192)) count.answered++;
      else count.lost.push(`${answer?.status} ${raw.error}`);
      if (!answer || answer.headers.connection === 'close') break;
    }
    raw.end();
  }
}

test('stopping under load loses no request', async (t) => {
  const s = await startServer({ demo: false, args: ['--bench-routes', 'yes'] });
  t.after(() => s.stop());
  const count = { sent: 0, answered: 0, lost: [] };
  const clients = Array.from({ length: 24 }, (_, i) => client(s, count, i % 2 ? 1 : 1e9));
  const idle = await Raw.open(s.port);
  const slow = await Raw.open(s.port);
  slow.write(post(s, 3, 'a='));
  await wait(700);
  const before = count.sent;
  const stopped = s.stop();
  await wait(30);
  const start = Date.now();
  setTimeout(() => slow.write('1'), 1000);
  const last = await slow.response();
  assert.equal(last?.status, 204, 'a request begun before is finished');
  assert.equal(last.headers.connection, 'close');
  await stopped;
  assert.ok(Date.now() - start < 9000);
  await Promise.all(clients);
  assert.deepEqual(count.lost, []);
  assert.equal(count.sent, count.answered);
  assert.ok(before > 100, `${before} requests only`);
  assert.ok(await idle.closed());
  await assert.rejects(Raw.open(s.port));
});

test('while stopping, /readyz says so on a connection that was open', async (t) => {
  const s = await startServer({ demo: false, args: ['--bench-routes', 'yes'] });
  t.after(() => s.stop());
  assert.equal((await send(s.port, get(s, '/readyz'), { closed: false })).status, 200);
  const probes = [await Raw.open(s.port), await Raw.open(s.port)];
  const slow = await Raw.open(s.port);
  slow.write(post(s, 3, 'a='));
  await wait(100);
  const stopped = s.stop();
  // The stop may fall between an answer's 200 and its last header, which then closes that connection.
  let status;
  for (const end = Date.now() + 5000; status !== 503 && Date.now() < end; await wait(20)) {
    probes[0].write(get(s, '/readyz'));
    const answer = await probes[0].response();
    status = answer?.status;
    if (status !== 503 && answer?.headers.connection === 'close') probes.shift();
    if (!probes.length) break;
  }
  assert.equal(status, 503);
  slow.write('1');
  assert.equal((await slow.response())?.status, 204);
  await stopped;
});
