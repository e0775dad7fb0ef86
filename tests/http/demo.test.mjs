// `understory demo`: the same seed gives the same institution, never the same secrets.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { request, signIn, startServer, temporaryFolder, understory, view } from '../support/server.mjs';

const now = '2026-11-22T17:05:09Z';
let folder;
before(async () => (folder = await temporaryFolder('demo')));
after(() => folder.remove());

function query(data, sql) {
  const out = execFileSync('sqlite3', ['-readonly', '-json', join(data, 'understory.db'), sql], {
    encoding: 'utf8',
    maxBuffer: 512 * 1024 * 1024,
  });
  return out.trim() ? JSON.parse(out) : [];
}

async function demo(name, ...args) {
  const data = join(folder.path, name);
  const made = await understory(['demo', '--json', '--data', data, '--now', now, ...args]);
  assert.equal(made.code, 0, made.stderr);
  return { data, ...JSON.parse(made.stdout) };
}

/** Everything but keys, tokens, salts, status indexes and certificate numbers. */
function history(data) {
  return {
    departments: query(data, 'SELECT * FROM department ORDER BY id'),
    people: query(data, 'SELECT * FROM person ORDER BY id'),
    appointments: query(data, 'SELECT * FROM appointment ORDER BY id'),
    grants: query(data, 'SELECT * FROM role_grant ORDER BY id'),
    waivers: query(data, 'SELECT * FROM waiver ORDER BY id'),
    enrolments: query(data, 'SELECT * FROM enrolment ORDER BY id'),
    visits: query(data, 'SELECT * FROM lesson_visit ORDER BY enrolment, lesson'),
    practice: query(data, 'SELECT * FROM practice_step ORDER BY id'),
    cases: query(data, 'SELECT * FROM case_step ORDER BY id'),
    attempts: query(data, 'SELECT * FROM attempt ORDER BY id'),
    steps: query(data, 'SELECT * FROM attempt_step ORDER BY attempt, id'),
    statuses: query(data, 'SELECT * FROM status_now ORDER BY person, course'),
    followUps: query(data, 'SELECT * FROM follow_up ORDER BY id'),
    followUpItems: query(data, 'SELECT * FROM follow_up_item ORDER BY follow_up, place'),
    followUpSteps: query(data, 'SELECT * FROM follow_up_step ORDER BY id'),
    followUpEvents: query(data, 'SELECT * FROM follow_up_event ORDER BY id'),
    commitments: query(data, 'SELECT id, person, course, publication, length(sealed), made_at, saved_at FROM commitment ORDER BY id'),
    commitmentChecks: query(data, 'SELECT * FROM commitment_check ORDER BY id'),
    ledger: query(data, `SELECT seq, person, enrolment, kind,
      CASE WHEN kind = 'certificate' THEN '' ELSE subject END AS subject,
      CASE WHEN kind = 'certificate' THEN '' ELSE evidence END AS evidence,
      earned_at, recorded_at, actor, reason FROM ledger ORDER BY seq`),
  };
}

test('the same seed gives the same people and histories, another seed others', async () => {
  const one = await demo('one', '--people', '120', '--seed', '5');
  const two = await demo('two', '--people', '120', '--seed', '5');
  const other = await demo('other', '--people', '120', '--seed', '6');
  const [a, b, c] = [one, two, other].map((d) => history(d.data));
  for (const table of Object.keys(a)) {
    assert.deepEqual(a[table], b[table], table);
    assert.ok(a[table].length > 0, `${table} is empty`);
  }
  assert.notDeepEqual(a.people, c.people);
  assert.notDeepEqual(a.steps, c.steps);

  const secrets = (d) => query(d.data, 'SELECT uuid, token, key_id, bytes FROM certificate ORDER BY id');
  const [p, q] = [secrets(one), secrets(two)];
  assert.equal(p.length, q.length);
  for (let i = 0; i < p.length; i++)
    for (const name of ['uuid', 'token', 'key_id', 'bytes']) assert.notEqual(p[i][name], q[i][name]);
  const indexes = (d) => JSON.stringify(query(d.data, 'SELECT status_index FROM certificate ORDER BY id'));
  assert.notEqual(indexes(one), indexes(two));
});

test('the histories are believable', async () => {
  const { data, people_count: count, ledger_rows: rows, calls } = await demo('year', '--people', '400');
  assert.equal(count, 402);
  assert.ok(calls > 5000);
  const one = (sql) => Object.values(query(data, sql)[0])[0];

  const begun = one("SELECT COUNT(*) FROM status_now WHERE course = 'humility'") / 400;
  const done = one("SELECT COUNT(*) FROM status_now WHERE course = 'humility' AND done_at IS NOT NULL") / 400;
  assert.ok(begun > 0.6 && begun < 0.95, `${begun} have begun`);
  assert.ok(done > 0.4 && done < begun - 0.05, `${done} are done`);
  assert.ok(one('SELECT COUNT(*) FROM status_now WHERE by_assessment = 1') > 3, 'some test out');
  assert.ok(one('SELECT COUNT(*) FROM attempt WHERE passed = 0') > 10, 'some need another attempt');
  const mean = (which) => one(`SELECT AVG(a.right_count) FROM attempt a JOIN enrolment e ON e.id = a.enrolment
                               WHERE a.submitted_at IS NOT NULL AND e.course = 'humility' AND a.number ${which}`);
  assert.ok(mean('> 1') > mean('= 1'), 'later attempts go better');
  const days = one(`SELECT AVG(done_at - started_at) / 86400e6 FROM status_now WHERE done_at IS NOT NULL AND by_assessment = 0`);
  assert.ok(days > 3 && days < 120, `${days} days from start to finish`);
  const two = one('SELECT COUNT(*) FROM (SELECT person FROM appointment GROUP BY person HAVING COUNT(*) = 2)') / 400;
  assert.ok(two > 0.05 && two < 0.16, `${two} have two appointments`);
  const departments = one('SELECT COUNT(*) FROM department');
  assert.ok(departments >= 6 && departments <= 10);
  assert.equal(one("SELECT COUNT(*) FROM role_grant WHERE role = 'chair'"), departments);
  const names = one('SELECT COUNT(DISTINCT name) FROM person');
  assert.ok(names > 340, `${names} different names`);

  assert.equal(one('SELECT COUNT(*) FROM ledger'), rows);
  assert.equal(one(`SELECT COUNT(*) FROM (SELECT earned_at < LAG(earned_at) OVER (ORDER BY seq) AS back FROM ledger)
                    WHERE back = 1`), 0, 'the ledger is in the order of time');
  assert.ok(one('SELECT MAX(recorded_at) FROM ledger') < Date.parse(now) * 1000);
  assert.ok(one('SELECT MIN(recorded_at) FROM ledger') > (Date.parse(now) - 370 * 86400e3) * 1000);
  const proved = await understory(['audit', 'verify', '--data', data]);
  assert.equal(proved.code, 0, proved.stderr);
});

test('the small one: nine people with links of their own', async () => {
  const s = await startServer({ demo: true });
  try {
    assert.deepEqual(Object.keys(s.links), ['amara', 'daniel', 'mei', 'samuel', 'chair-medicine', 'chair-surgery', 'evaluator', 'administrator', 'author']);
    assert.deepEqual(s.people.filter((p) => p.departments.length === 2).map((p) => p.key), ['daniel']);
    for (const link of Object.values(s.links)) {
      const { pathname, port } = new URL(link);
      assert.equal(port, String(s.port));
      assert.equal((await request(s, 'POST', pathname, { form: {} })).status, 303);
      assert.equal((await request(s, 'POST', pathname, { form: {} })).status, 404, 'a link works once');
    }
    const certificates = async (who) => (await view(s, '/certificates', await signIn(s, who))).certificates.length;
    assert.equal(await certificates('amara'), 1);
    assert.equal(await certificates('daniel'), 0);
    const medicine = await view(s, '/departments/medicine', await signIn(s, 'chair-medicine'));
    assert.match(JSON.stringify(medicine), /Amara Okafor[\s\S]*Daniel Reyes|Daniel Reyes[\s\S]*Amara Okafor/);
  } finally {
    await s.stop();
  }
});

test('new links for a small demonstration', async () => {
  const { data, people } = await demo('small', '--small');
  const again = await understory(['demo', '--links', '--json', '--data', data]);
  assert.equal(again.code, 0, again.stderr);
  const fresh = JSON.parse(again.stdout).people;
  assert.deepEqual(fresh.map((p) => p.key), people.map((p) => p.key));
  assert.notEqual(fresh[0].link, people[0].link);
  const table = await understory(['demo', '--links', '--data', data]);
  assert.match(table.stdout, /Amara Okafor\s+has finished/);
  const mistyped = await understory(['demo', '--links', '--data', `${data}-not`]);
  assert.match(mistyped.stderr, /small-not\/understory\.db is not there/);
  assert.deepEqual([mistyped.code, existsSync(`${data}-not`)], [1, false]);
});

test('a used folder is refused and left alone', async () => {
  const { data } = await demo('used', '--people', '3');
  const before = history(data);
  for (const args of [['--people', '5'], ['--small']]) {
    const again = await understory(['demo', '--data', data, ...args]);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /has 5 people already; a demonstration is made in an unused folder only/);
  }
  assert.deepEqual(history(data), before);
});

test('wrong command lines say what is wrong', async () => {
  const data = join(folder.path, 'none');
  const cases = [
    [['--people', '0'], /"0" is not a number that --people can take/],
    [['--people', 'many'], /"many"/],
    [['--people', '5', '--small'], /say one of/],
    [[], /say one of/],
    [['--people', '5', 'more'], /nothing to do with "more"/],
    [['--people', '5', '--now', 'yesterday'], /--now takes a time/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await understory(['demo', '--data', data, ...args]);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, message);
  }
});

test('a data folder that cannot be made is named', async () => {
  mkdirSync(join(folder.path, 'file-parent'));
  const { code, stderr } = await understory(['demo', '--small', '--data', join(folder.path, 'file-parent', 'missing', 'deeper')]);
  assert.equal(code, 1);
  assert.match(stderr, /missing\/deeper cannot be made: No such file or directory/);
});
