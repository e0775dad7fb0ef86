// Nothing that was acknowledged is lost: learners work over HTTP while the server is killed at random
// moments, a hundred times; then every acknowledged answer, handing in and certificate is looked up
// in the database, and the ledger's chain is walked.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer, understory } from '../support/server.mjs';
import { answerKeys, Learner } from './learner.mjs';

const seconds = process.env.UNDERSTORY_LONG ? 600 : 60;
const leastKills = process.env.UNDERSTORY_SLOW ? 30 : process.env.UNDERSTORY_LONG ? 800 : 100;
const people = 48;
const learners = 6;

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function query(data, sql) {
  const out = execFileSync('sqlite3', ['-readonly', '-json', join(data, 'understory.db'), sql], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  return out.trim() ? JSON.parse(out) : [];
}

/** New people with a link each, made through the running server. */
async function recruit(s) {
  const links = [];
  const common = ['--json', '--data', s.data];
  await understory(['person', 'department', 'medicine', 'Medicine', ...common]);
  for (let i = 0; i < people; i += 8)
    await Promise.all(
      Array.from({ length: 8 }, async (_, k) => {
        const email = `learner${i + k}@example.edu`;
        const added = await understory(['person', 'add', '--name', 'Crash Learner', '--email', email,
          '--department', 'medicine', ...common]);
        assert.equal(added.code, 0, added.stderr);
        const link = await understory(['person', 'link', email, ...common]);
        links.push(JSON.parse(link.stdout).link);
      }),
    );
  return links;
}

async function killAndRestart(s, until) {
  let kills = 0;
  const latest = Date.now() + 5 * seconds * 1000;
  while (Date.now() < until || (kills < leastKills && Date.now() < latest)) {
    await wait(Math.random() * Math.random() * 700);
    await s.kill('SIGKILL');
    kills++;
    await s.start();
  }
  return kills;
}

test(`${leastKills} kills in ${seconds} s lose nothing that was acknowledged`, { timeout: 9 * seconds * 1000 }, async (t) => {
  const s = await startServer();
  try {
    const links = await recruit(s);
    const keys = answerKeys();
    const share = people / learners;
    const crowd = Array.from({ length: learners }, (_, i) => new Learner(s, links.slice(i * share, (i + 1) * share), keys));
    const work = crowd.map((l) => l.run());
    const kills = await killAndRestart(s, Date.now() + seconds * 1000);
    crowd.forEach((l) => (l.running = false));
    await Promise.all(work);
    for (const l of crowd) assert.ifError(l.failure);
    await s.kill('SIGKILL'); // once more, so that the database is looked at as a crash leaves it
    await s.start();
    await s.kill('SIGTERM');

    const sum = (f) => crowd.reduce((n, l) => n + f(l), 0);
    t.diagnostic(`${kills} kills, ${sum((l) => l.requests)} answered requests, ${sum((l) => l.unclear)} cut off; ` +
      `${sum((l) => l.answers.length)} answers, ${sum((l) => l.submitted.length)} handed in, ` +
      `${sum((l) => l.certificates.size)} certificates acknowledged`);
    assert.ok(kills >= leastKills, `only ${kills} kills`);
    assert.ok(sum((l) => l.answers.length) > kills, 'the learners hardly got to work');
    assert.ok(sum((l) => l.certificates.size) > 0, 'nobody finished');
    assert.ok(sum((l) => l.unclear) > 0, 'no request was ever cut off');

    await compare(s, crowd);
    const verified = await understory(['audit', 'verify', '--json', '--data', s.data]);
    assert.equal(verified.code, 0, verified.stderr);
    assert.ok(JSON.parse(verified.stdout).ledger_rows > 0);
    assert.deepEqual(query(s.data, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
  } finally {
    await s.kill('SIGKILL');
    await s.stop();
  }
});

async function compare(s, crowd) {
  const steps = new Map();
  for (const row of query(s.data, `SELECT a.uuid, s.op_id, v.item, s.answer FROM attempt_step s
                                   JOIN item_version v ON v.id = s.item_version JOIN attempt a ON a.id = s.attempt`)) {
    assert.ok(!steps.has(row.op_id), `operation ${row.op_id} was saved twice`);
    steps.set(row.op_id, row);
  }
  const submitted = new Set(query(s.data, 'SELECT uuid FROM attempt WHERE submitted_at IS NOT NULL').map((r) => r.uuid));
  const certificates = new Map(query(s.data, 'SELECT token, bytes FROM certificate').map((r) => [r.token, r.bytes]));
  for (const l of crowd) {
    for (const { attempt, op, item, answer } of l.answers) {
      const row = steps.get(op);
      assert.ok(row, `the acknowledged answer ${op} to ${item} is gone`);
      assert.deepEqual([row.uuid, row.item, row.answer], [attempt, item, answer]);
    }
    for (const { attempt } of l.submitted) assert.ok(submitted.has(attempt), `attempt ${attempt} is not handed in any more`);
    for (const [token, sha256] of l.certificates) {
      assert.ok(certificates.has(token), `certificate ${token} is gone`);
      assert.equal(createHash('sha256').update(certificates.get(token)).digest('hex'), sha256);
    }
  }
  const twice = query(s.data, 'SELECT enrolment FROM certificate GROUP BY enrolment HAVING COUNT(*) > 1');
  assert.deepEqual(twice, []);
  const bare = query(s.data, `SELECT n.person FROM status_now n LEFT JOIN certificate c ON c.enrolment = n.enrolment
    WHERE n.done_at IS NOT NULL AND c.id IS NULL
      AND n.enrolment NOT IN (SELECT enrolment FROM certificate_pending)`);
  assert.deepEqual(bare, [], 'a completion has neither a certificate nor a reason why not');
}
