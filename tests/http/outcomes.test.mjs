// The center's figures: page, JSON and file agree with each other and with the reference interval.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../support/server.mjs';
import { Person, csv, daysAgo } from './report.mjs';

let s, evaluator;
before(async () => {
  s = await startServer({ demo: true });
  evaluator = await Person.in(s, 'evaluator');
});
after(() => s?.stop());

const COLUMNS = ['report_date', 'department_code', 'department_name', 'eligible', 'not_started', 'in_progress', 'completed', 'exempt', 'completion_rate', 'ci_low', 'ci_high'];

// Wilson (1927), straight from the formula.
function wilson(x, n, z = 1.959963984540054) {
  const p = x / n, centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const half = z / (1 + z * z / n) * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return [centre - half, centre + half];
}

const close = (a, b, what) => assert.ok(Math.abs(a - b) < 1e-6, `${what}: ${a} and ${b}`);

test('completion_by_department.csv has exactly its columns and counts everybody once', async () => {
  const { as_of } = await evaluator.json('/outcomes');
  const file = await csv(evaluator, '/outcomes/completion_by_department.csv?course=humility');
  assert.equal(file.header, COLUMNS.join(','));
  assert.equal(file.name, `internal-completion_by_department-humility-${as_of}.csv`);
  assert.deepEqual(file.rows.map((r) => COLUMNS.slice(0, 8).map((c) => r[c]).join()), [
    `${as_of},medicine,Medicine,2,1,0,1,0`, // Amara and Samuel
    `${as_of},surgery,Surgery,2,1,1,0,0`, // Daniel, whose primary appointment is here, and Mei-Ling
  ]);
  for (const row of file.rows) {
    const n = row.eligible - row.exempt, [low, high] = wilson(Number(row.completed), n);
    close(Number(row.completion_rate), row.completed / n, 'rate');
    close(Number(row.ci_low), Math.max(0, low), 'low');
    close(Number(row.ci_high), Math.min(1, high), 'high');
  }
});

test('with nobody to count, cells are empty', async () => {
  const day = await daysAgo(evaluator, '/outcomes', 5000);
  const file = await csv(evaluator, `/outcomes/completion_by_department.csv?course=humility&as_of=${day}`);
  assert.equal(file.rows.length, 2);
  for (const row of file.rows)
    assert.equal(COLUMNS.map((c) => row[c]).join(), `${day},${row.department_code},${row.department_name},0,0,0,0,0,,,`);
  const view = await evaluator.json(`/outcomes?course=humility&as_of=${day}`);
  assert.equal(view.courses[0].sentence, 'Nobody held a faculty appointment on that day.');
  assert.equal(view.courses[0].figure, undefined);
  for (const query of ['', 'course=humility&']) assert.doesNotMatch(await evaluator.html(`/outcomes?${query}as_of=${day}`), /NaN|inf\b/);
});

test('page, JSON and file hold the same numbers; the drawing too', async () => {
  const view = await evaluator.json('/outcomes?course=humility'), [course] = view.courses;
  const file = await csv(evaluator, course.completion_href);
  for (const [i, row] of course.rows.entries()) {
    for (const c of COLUMNS.slice(1, 8)) assert.equal(String(row[c]), file.rows[i][c]);
    for (const c of COLUMNS.slice(8)) assert.equal(row[c].toFixed(6), file.rows[i][c]);
    const dot = course.figure.dots[i];
    assert.equal(dot.name, row.department_name);
    for (const [x, part] of [[dot.low_x, row.ci_low], [dot.x, row.completion_rate], [dot.high_x, row.ci_high]])
      assert.ok(Math.abs(x - (10 + 420 * part)) <= 0.051);
  }
  const html = await evaluator.html('/outcomes?course=humility');
  assert.match(html, /Internal: do not distribute/);
  assert.match(html, /<title id="humility-title">[^<]+<\/title>\s*<desc id="humility-description">[^<]+<\/desc>/);
  for (const row of course.rows) assert.ok(html.includes(row.rate_words) && html.includes(row.interval_words));
});

test('every course stands in one short table, and leads to its own page', async () => {
  const { courses } = await evaluator.json('/outcomes'), html = await evaluator.html('/outcomes');
  assert.ok(courses.length > 1);
  for (const course of courses) {
    assert.ok(html.includes(`<a href="${course.href.replace('&', '&amp;')}">`), course.name);
    const [alone, ...more] = (await evaluator.json(course.href)).courses;
    assert.deepEqual(more, []);
    for (const [member, value] of Object.entries(course)) assert.deepEqual(alone[member], value, member);
  }
  assert.match(html, />1 of 4</);
  assert.equal(html.match(/<table/g).length, 1);
});

test('the list of people has one row for each person counted', async () => {
  const file = await csv(evaluator, '/outcomes/roster.csv?course=humility');
  assert.equal(file.header, 'name,department_code,department_name,status,completion_date');
  assert.match(file.name, /^internal-roster-humility-\d{4}-\d\d-\d\d\.csv$/);
  assert.deepEqual(file.rows.map((r) => [r.name, r.department_code, r.status]), [
    ['Samuel Goldberg', 'medicine', 'Not started'], ['Amara Okafor', 'medicine', 'Done'],
    ['Mei-Ling Chen', 'surgery', 'Not started'], ['Daniel Reyes', 'surgery', 'In progress'],
  ]);
  for (const row of file.rows) assert.equal(row.completion_date !== '', row.status === 'Done');
});

test('unknown courses and days to come get an answer that says so', async () => {
  for (const path of ['/outcomes', '/outcomes/completion_by_department.csv', '/outcomes/roster.csv']) {
    assert.equal((await evaluator.ask(`${path}?course=none-such`)).status, 404);
    assert.equal((await evaluator.ask(`${path}?as_of=2999-01-01`)).status, 422);
    assert.equal((await evaluator.ask(`${path}?as_of=yesterday`)).status, 422);
  }
});

test('an administrator finds people and gives one a way in that works once', async () => {
  const administrator = await Person.in(s, 'administrator');
  const found = await administrator.json('/administration/people?q=okaf');
  assert.deepEqual(found.people.map((p) => p.name), ['Amara Okafor']);
  assert.deepEqual(found.breadcrumb.items.map((i) => i.href), ['/administration']);
  assert.deepEqual((await administrator.json('/administration/people?q=%25')).people, []);
  assert.equal((await administrator.ask(`/administration/people?q=${'x'.repeat(49)}`)).status, 422);
  assert.equal((await administrator.ask('/administration/people?q=okaf&page=7')).headers.get('location'), '/administration/people?q=okaf');
  assert.equal((await administrator.json('/administration/people?q=okaf&page=99999')).pages.page, 1);
  const view = await administrator.json(found.people[0].href);
  assert.equal(view.courses[0].status, 'done');
  assert.doesNotMatch(JSON.stringify(view), /answer|mark|attempt|visit/);
  assert.equal((await administrator.ask('/administration/people/none-such')).status, 404);
  const made = await administrator.post(`${found.people[0].href}/link`);
  assert.equal(made.status, 200);
  const [, path] = /<code>https?:\/\/[^/]+(\/sign-in\/link\/[A-Za-z0-9_-]{43})<\/code>/.exec(await made.text());
  const spend = () => fetch(`http://localhost:${s.port}${path}`, { method: 'POST', redirect: 'manual', body: new URLSearchParams(), headers: { 'sec-fetch-site': 'same-origin' } });
  assert.equal((await spend()).status, 303);
  assert.notEqual((await spend()).status, 303);
});
