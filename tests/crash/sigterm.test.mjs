// Stopping politely: SIGTERM while requests are under way fails none of them, a second SIGTERM does
// no harm, and what was saved is there afterwards.
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { request, signIn, startServer, understory } from '../support/server.mjs';
import { answerKeys, Learner } from './learner.mjs';

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends GETs one after the other until the server takes no more; every one sent must be answered. */
async function visitor(s, cookie, path, result) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (;;) {
    try {
      const { status, headers } = await request(s, 'GET', path, { cookie, agent });
      result.statuses.set(status, (result.statuses.get(status) ?? 0) + 1);
      if (headers.connection === 'close') break; // told that this was the last one
    } catch (e) {
      // Nothing was promised on a connection that could not be made; everything else is a failure.
      if (e.code !== 'ECONNREFUSED') result.failures.push(`${path}: ${e.code ?? e.message}`);
      break;
    }
  }
  agent.destroy();
}

test('SIGTERM under load fails no request', async (t) => {
  const s = await startServer({ demo: true });
  try {
    for (let round = 0; round < (process.env.UNDERSTORY_LONG ? 20 : 4); round++) {
      const cookie = await signIn(s, 'daniel');
      const chair = await signIn(s, 'chair-medicine');
      const result = { statuses: new Map(), failures: [] };
      const paths = [
        [cookie, '/'],
        [cookie, '/courses/humility'],
        [chair, '/departments/medicine'],
        [null, '/sign-in'],
      ];
      const crowd = [...paths, ...paths, ...paths].map(([who, path]) => visitor(s, who, path, result));
      await wait(300 + 200 * Math.random());
      const { child } = s;
      const gone = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
      child.kill('SIGTERM');
      await wait(20);
      child.kill('SIGTERM');
      await Promise.all(crowd);
      assert.deepEqual(await gone, { code: 0, signal: null });
      assert.deepEqual(result.failures, []);
      assert.deepEqual([...result.statuses.keys()], [200]);
      t.diagnostic(`round ${round + 1}: ${result.statuses.get(200)} requests, all answered`);
      await s.start();
    }
  } finally {
    await s.stop();
  }
});

test('answers saved up to the moment of stopping are there afterwards', async () => {
  const s = await startServer({ demo: true });
  try {
    const l = new Learner(s, [s.links.mei], answerKeys());
    const work = l.run();
    await wait(400);
    await s.kill('SIGTERM');
    l.running = false;
    await work;
    assert.ifError(l.failure);
    assert.ok(l.answers.length > 0);
    await s.start();
    const verified = await understory(['audit', 'verify', '--data', s.data]);
    assert.equal(verified.code, 0, verified.stderr);
  } finally {
    await s.stop();
  }
});

test('while stopping, the probe says so', async () => {
  const s = await startServer({ demo: true });
  try {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    assert.equal((await request(s, 'GET', '/readyz', { agent })).status, 200);
    s.child.kill('SIGTERM');
    // The signal takes a moment to reach the main thread; then "ready" is never said again.
    const probe = () => request(s, 'GET', '/readyz', { agent }).catch((e) => ({ status: e.code }));
    let answer = await probe();
    for (const until = Date.now() + 5000; answer.status === 200 && Date.now() < until; answer = await probe())
      await wait(5);
    assert.ok([503, 'ECONNREFUSED', 'ECONNRESET'].includes(answer.status), String(answer.status));
    assert.notEqual((await probe()).status, 200);
    agent.destroy();
  } finally {
    await s.stop();
  }
});
