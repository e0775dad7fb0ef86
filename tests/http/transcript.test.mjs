// Time on task and the transcript: counted once a minute, by the server's clock, for the learner alone;
// credits from elsewhere are one's own, and marked so.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { session } from '../support/people.mjs';
import { request, startServer, textOf, view } from '../support/server.mjs';

const course = '/courses/humility';
const lesson = `${course}/a-confident-mistake`;
const json = 'application/json';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let s, mei, amara;

before(async () => {
  s = await startServer({ demo: true });
  mei = await session(s, 'mei');
  amara = await session(s, 'amara');
  await mei.post(`${course}/begin`);
});
after(() => s.stop());

const sql = (statement) => execFileSync('sqlite3', [join(s.data, 'understory.db'), statement], { encoding: 'utf8' }).trim();
const minutesOf = (name) =>
  Number(sql(`SELECT COUNT(*) FROM active_minute m JOIN enrolment e ON e.id = m.enrolment JOIN person p ON p.id = e.person WHERE p.name LIKE '${name}%'`));

/** Minutes are queued; nobody waits for them but this test. */
async function becomes(name, minutes) {
  for (const end = Date.now() + 5000; minutesOf(name) !== minutes && Date.now() < end; ) await wait(20);
  assert.equal(minutesOf(name), minutes);
}

/** The same server, its clock at another time. */
async function at(time) {
  await s.kill('SIGTERM');
  s.settings = [...s.settings.filter((_, i, all) => all[i] !== '--now' && all[i - 1] !== '--now'), '--now', time];
  await s.start();
}

test('a minute counts once, however much is read, answered and pointed at in it', async () => {
  const start = new Date(Date.now() + 60000);
  start.setUTCSeconds(2, 0);
  const minute = (n) => new Date(start.getTime() + n * 60000).toISOString().replace('.000', '');
  await at(minute(0));
  sql('DELETE FROM active_minute');
  await mei.get(course);
  await becomes('Mei', 1);
  await mei.get(lesson);
  await mei.get(`${course}/repair`);
  assert.equal((await mei.post(`${course}/active`, [], json)).status, 204);
  assert.equal((await mei.post(`${lesson}/answer`, [['item', 'q-humility-l01'], ['answer', '1']])).status, 303);
  await wait(200);
  assert.equal(minutesOf('Mei'), 1);
  await at(minute(1));
  assert.equal((await mei.post(`${course}/active`, [], json)).status, 204);
  await becomes('Mei', 2);
  await at(minute(5));
  const started = await mei.post(`${course}/check`);
  await mei.get(started.headers.location);
  await becomes('Mei', 3);
  assert.match((await mei.get(course)).text, /3 active minutes so far/);
  assert.match(textOf((await mei.get(course)).text), /an estimate, lower without JavaScript\. Only you see them/);
});

test('no client says which minute it was', async () => {
  const before = sql('SELECT MAX(minute) FROM active_minute');
  await mei.post(`${course}/active`, [['minute', '1'], ['at', '2030-01-01T00:00:00Z'], ['minutes', '500']], json);
  await wait(200);
  assert.ok(Number(sql('SELECT MAX(minute) FROM active_minute')) <= Number(before) + 2);
  assert.equal(sql('SELECT COUNT(*) FROM active_minute WHERE minute < 1000'), '0');
  const refused = await request(s, 'POST', `${course}/active`, { cookie: mei.cookie, form: { form_token: 'x' } });
  assert.equal(refused.status, 403);
  const chair = await session(s, 'chair-surgery');
  assert.equal((await chair.post(`${course}/active`, [], json)).status, 409, 'who has not begun has no minutes');
});

test('nobody else sees minutes', async () => {
  for (const [who, paths] of [
    ['chair-medicine', ['/departments/medicine', '/departments/medicine/roster.csv']],
    ['evaluator', ['/outcomes', '/outcomes/roster.csv?course=humility']],
    ['administrator', ['/administration', (await view(s, '/administration/people?q=mei', (await session(s, 'administrator')).cookie)).people[0].href]],
  ]) {
    const person = await session(s, who);
    for (const path of paths)
      for (const accept of ['text/html', json]) {
        const { text, status } = await person.get(path, accept);
        assert.ok(status < 400, path);
        assert.doesNotMatch(text, /active.minute/i, path);
      }
  }
  assert.match((await mei.get('/account/who-sees-what')).text, /your scores, your active minutes/);
});

test('everything completed, with how, how long and its certificate', async () => {
  const t = await view(s, '/transcript', amara.cookie);
  const line = t.completed.find((l) => l.title.includes('Cultural humility'));
  assert.ok(line);
  assert.match(line.earned, /^\w{3} \d+ \w{3} \d{4}$/);
  assert.match(line.how, /^(Designed for \d+ minutes|By assessment)$/);
  assert.match(line.certificate_href, /^\/certificates\//);
  assert.equal((await amara.get(line.certificate_href)).status, 200);
  assert.equal(t.holder, 'Amara Okafor');
  assert.match((await mei.get('/transcript')).text, /Each course you complete will stand here/);
});

test('a demonstration has plausible minutes', async () => {
  const other = await startServer({ people: 60 });
  try {
    const list = execFileSync('sqlite3', [join(other.data, 'understory.db'), `SELECT COUNT(m.minute) FROM status_now s LEFT JOIN active_minute m ON m.enrolment = s.enrolment
      WHERE s.done_at IS NOT NULL AND s.by_assessment = 0 GROUP BY s.person, s.course`], { encoding: 'utf8' }).trim().split('\n').map(Number);
    assert.ok(list.length > 10);
    for (const n of list) assert.ok(n >= 10 && n <= 180, `${n} minutes`);
  } finally {
    await other.stop();
  }
});

const credit = (more = {}) => Object.entries({ title: 'Grand rounds', provider: 'County society', earned_on: '2026-01-15', hours: '1,5', ...more });

test('a credit from elsewhere is added, changed and deleted, and always marked', async () => {
  const added = await amara.post('/transcript/credits', credit());
  assert.equal(added.headers.location, '/transcript?saved=1#credits');
  assert.equal((await amara.post('/transcript/credits', credit())).status, 303);
  const [one, ...more] = (await view(s, '/transcript', amara.cookie)).credits;
  assert.deepEqual(more, [], 'the button pressed twice');
  assert.deepEqual([one.title, one.provider, one.earned, one.hours], ['Grand rounds', 'County society', 'Thu 15 Jan 2026', '1.5 hours']);
  assert.match((await amara.get('/transcript')).text, /Added by you; not verified/);
  const changed = await amara.post(one.href, credit({ title: 'Grand rounds, spring', hours: '2' }));
  assert.equal(changed.status, 303);
  const [now] = (await view(s, '/transcript', amara.cookie)).credits;
  assert.deepEqual([now.title, now.hours, now.href], ['Grand rounds, spring', '2 hours', one.href]);
  assert.equal((await amara.post(`${one.href}/delete`)).status, 303);
  assert.deepEqual((await view(s, '/transcript', amara.cookie)).credits, []);
  const twice = await amara.post(`${one.href}/delete`, [], 'text/html');
  assert.equal(twice.status, 404);
  assert.match(twice.text, /That is gone already[^]*<a class="button" href="\/transcript">Go back/);
});

test('what cannot be taken comes back as it was typed, each field with its reason', async () => {
  for (const [more, says] of [
    [{ title: '' }, /Title/],
    [{ provider: 'x'.repeat(201) }, /Provider: please use at most 200/],
    [{ earned_on: '2199-01-01' }, /Date: this day is still to come/],
    [{ earned_on: '2026-02-30' }, /Date/],
    [{ earned_on: '1890-01-01' }, /from 1950 on/],
    ...['0', '-1', '1.234', '1e3', '2000', '1.', '.5', ' ', '99999999999999999999'].map((hours) => [{ hours }, /Hours/]),
  ]) {
    const refused = await amara.post('/transcript/credits', credit({ title: 'Kept as typed', ...more }));
    assert.equal(refused.status, 422, JSON.stringify(more));
    assert.match(refused.text, says, JSON.stringify(more));
    assert.ok(refused.text.includes(more.title === '' ? 'County society' : 'Kept as typed'));
  }
  assert.deepEqual((await view(s, '/transcript', amara.cookie)).credits, []);
});

test("another person's credit is not found, whoever asks", async () => {
  await amara.post('/transcript/credits', credit());
  const [{ href }] = (await view(s, '/transcript', amara.cookie)).credits;
  for (const who of ['mei', 'chair-medicine', 'evaluator', 'administrator']) {
    const person = await session(s, who);
    assert.equal((await person.get(href)).status, 404, who);
    assert.equal((await person.post(href, credit({ title: 'Mine' }))).status, 404, who);
    assert.equal((await person.post(`${href}/delete`)).status, 404, who);
    assert.deepEqual((await view(s, '/transcript', person.cookie)).credits, [], who);
  }
  assert.equal((await view(s, '/transcript', amara.cookie)).credits[0].title, 'Grand rounds');
});

test('the discussion guide is there for everybody signed in', async () => {
  const person = await session(s, 'chair-surgery');
  const { text, status } = await person.get(`${course}/facilitator`);
  assert.equal(status, 200);
  assert.match(text, /Discussion guide/);
  assert.match(text, /Six to twelve people/);
  assert.equal((await person.get('/courses/none-such/facilitator')).status, 404);
  assert.equal((await request(s, 'GET', `${course}/facilitator`, { accept: json })).status, 401);
});

