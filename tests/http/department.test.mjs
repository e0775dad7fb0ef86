// The chair's page: who is done, and nothing else; the same rows as page, JSON and CSV.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { startServer, temporaryFolder, understory } from '../support/server.mjs';
import { Person, csv, daysAgo } from './report.mjs';

let s, chair, surgeon, administrator;
const page = '/departments/medicine';
before(async () => {
  s = await startServer({ demo: true });
  chair = await Person.in(s, 'chair-medicine');
  surgeon = await Person.in(s, 'chair-surgery');
  administrator = await Person.in(s, 'administrator');
});
after(() => s?.stop());

const statuses = (view) => Object.fromEntries(view.rows.map((r) => [r.name, r.status]));

test('a chair sees each member once, by family name, with one of four words and two dates', async () => {
  const view = await chair.json(page);
  assert.deepEqual(view.rows.map((r) => r.name), ['Samuel Goldberg', 'Amara Okafor', 'Daniel Reyes']);
  assert.deepEqual(statuses(view), { 'Samuel Goldberg': 'not-started', 'Amara Okafor': 'done', 'Daniel Reyes': 'in-progress' });
  for (const row of view.rows) {
    assert.deepEqual(Object.keys(row).sort(), ['done', 'done_words', 'due', 'is_done', 'name', 'status', 'status_words']);
    assert.equal(row.due, '');
    assert.equal(/^\d{4}-\d\d-\d\d$/.test(row.done), row.status === 'done');
  }
  assert.deepEqual(view.counts, { people: 3, done: 1, in_progress: 1, not_started: 1, excused: 0 });
  assert.equal(view.sentence, '1 of 3 has finished.');
  assert.match(view.h1, /^Medicine as of \w{3} \d{1,2} \w{3} \d{4}$/);
});

test('somebody with two appointments is in both rosters, with the same row', async () => {
  const row = (view) => view.rows.find((r) => r.name === 'Daniel Reyes');
  assert.deepEqual(row(await surgeon.json('/departments/surgery')), row(await chair.json(page)));
});

test('a foreign department is refused, and so is one that does not exist', async () => {
  for (const path of ['/departments/surgery', '/departments/surgery/roster.csv', '/departments/no-such', '/departments/no-such/roster.csv'])
    for (const accept of ['text/html', 'application/json']) {
      const answer = await chair.ask(path, { accept });
      assert.equal(answer.status, 403, path);
      assert.doesNotMatch(await answer.text(), /Mei-Ling|Reyes/);
    }
  const coe = await Person.in(s, 'evaluator');
  assert.equal((await coe.ask('/departments/surgery')).status, 200);
  assert.equal((await coe.ask('/departments/no-such')).status, 404);
});

test('the page is one sentence, a form, a chart with its table, and the roster', async () => {
  const html = await chair.html(page);
  assert.ok(html.indexOf('1 of 3 has finished.') < html.indexOf('<form class="filters" method="get"'));
  assert.match(html, /<svg class="chart"[^>]*role="img" aria-labelledby="steps-title steps-description">\s*<title id="steps-title">/);
  assert.match(html, /<desc id="steps-description">[^<]*to 1 of 3 on /);
  assert.match(html, /<details>\s*<summary>The same as a table/);
  assert.match(html, /<td class="nowrap" role="cell" data-label="Status">/);
  assert.doesNotMatch(html, / style=|<style/);
});

test('filters show some of the rows and leave the sentence and the chart alone', async () => {
  const all = await chair.json(page);
  for (const status of ['not-started', 'in-progress', 'done', 'excused']) {
    const some = await chair.json(`${page}?course=humility&status=${status}`);
    assert.deepEqual(some.rows, all.rows.filter((r) => r.status === status));
    assert.equal(some.sentence, all.sentence);
    assert.deepEqual(some.figure, all.figure);
    assert.equal(some.filters.statuses.find((o) => o.selected).key, status);
  }
  assert.match(await chair.html(`${page}?status=excused`), /Nobody here has this status on that day/);
});

test('as of an earlier day it shows what had been earned by then', async () => {
  const before = await daysAgo(chair, page, 300), between = await daysAgo(chair, page, 20);
  assert.deepEqual(statuses(await chair.json(`${page}?as_of=${before}`)),
    { 'Samuel Goldberg': 'not-started', 'Amara Okafor': 'not-started', 'Daniel Reyes': 'not-started' });
  assert.equal((await chair.json(`${page}?as_of=${before}`)).figure, undefined);
  assert.equal(statuses(await chair.json(`${page}?as_of=${between}`))['Amara Okafor'], 'done');
  const done = (await chair.json(page)).rows.find((r) => r.status === 'done').done;
  assert.equal(statuses(await chair.json(`${page}?as_of=${done}`))['Amara Okafor'], 'done', 'the day itself counts whole');
  const earlier = new Date(Date.parse(done) - 86400000).toISOString().slice(0, 10);
  assert.notEqual(statuses(await chair.json(`${page}?as_of=${earlier}`))['Amara Okafor'], 'done');
});

test('a day to come, or none at all, comes back in the form with what to change', async () => {
  for (const [typed, message] of [['2999-01-01', /choose a day up to today/], ['2026-02-30', /enter a date/], ['%3Cscript%3E', /enter a date|longer/]]) {
    const answer = await chair.ask(`${page}?as_of=${typed}`, { accept: 'text/html' });
    const html = await answer.text();
    assert.equal(answer.status, 422);
    assert.match(html, message);
    assert.match(html, /class="error-summary"[^]*<p>Nothing you typed is lost\.<\/p>/);
    assert.ok(html.includes(`value="${decodeURIComponent(typed).replaceAll('<', '&lt;').replaceAll('>', '&gt;')}"`), 'what was typed is kept');
    assert.doesNotMatch(html, /Goldberg/);
    assert.equal((await chair.ask(`${page}/roster.csv?as_of=${typed}`)).status, 422);
  }
  assert.equal((await chair.ask(`${page}?course=none-such`)).status, 404);
  assert.equal((await chair.ask(`${page}?status=failed`)).status, 422);
  assert.match(await (await chair.ask(`${page}?status=failed`, { accept: 'text/html' })).text(), />Status: please choose one of the options shown</, 'errors begin with the words on the page');
  const saved = await chair.ask('/commitments?note=nothing', { accept: 'text/html' });
  assert.match(await saved.text(), /In the address, “note”: please choose/, 'or with where the value stands');
});

test('a page past the end leads to the last one, and what is no page to the first', async () => {
  const past = await chair.ask(`${page}?page=40&status=done`);
  assert.equal(past.status, 303);
  assert.match(past.headers.get('location'), /status=done.*&page=1$/);
  for (const none of ['0', '1001', 'x']) assert.equal((await chair.json(`${page}?page=${none}`)).pages.page, 1);
});

test('the file holds what is on screen, under a name that says which', async () => {
  for (const query of ['', '?status=done', '?status=excused', `?as_of=${await daysAgo(chair, page, 300)}`]) {
    const view = await chair.json(page + query), file = await csv(chair, view.csv_href);
    assert.equal(file.header, 'name,status,due_date,completion_date');
    assert.deepEqual(file.rows, view.rows.map((r) => ({ name: r.name, status: r.status_words, due_date: r.due, completion_date: r.done })));
    const filter = /status=(?!all)([a-z-]+)/.exec(view.csv_href);
    assert.equal(file.name, `roster-medicine-humility-${view.as_of}${filter ? `-${filter[1]}` : ''}.csv`);
  }
});

test('untaken and not passed look alike', async () => {
  const tried = await Person.in(s, 'mei'), reading = await Person.in(s, 'samuel');
  assert.equal((await tried.post('/courses/humility/begin')).status, 303);
  assert.equal((await reading.post('/courses/humility/begin')).status, 303);
  const attempt = (await tried.post('/courses/humility/check')).headers.get('location');
  assert.match(attempt, /^\/attempts\//);
  const handed = await tried.post(`${attempt}/submit`, { certificate_name: 'Mei-Ling Chen' });
  assert.equal(handed.headers.get('location'), `${attempt}/result`);
  const coe = await Person.in(s, 'administrator');
  const bare = (view, name) => JSON.stringify(view.rows.find((r) => r.name === name)).replace(name, '');
  assert.equal(bare(await coe.json('/departments/surgery'), 'Mei-Ling Chen'), bare(await coe.json(page), 'Samuel Goldberg'));
  const row = (html, name) => html.match(new RegExp(`<tr role="row"><th scope="row" role="rowheader">${name}.*?</tr>`))[0].replace(name, '');
  assert.equal(row(await coe.html('/departments/surgery'), 'Mei-Ling Chen'), row(await coe.html(page), 'Samuel Goldberg'));
});

test('the person reads the same row under "who sees what"', async () => {
  const amara = await Person.in(s, 'amara');
  const [mine] = (await amara.json('/account/who-sees-what')).chair.rows;
  const theirs = (await chair.json(page)).rows.find((r) => r.name === 'Amara Okafor');
  assert.equal(mine.name, theirs.name);
  assert.equal(mine.status, theirs.status_words);
  assert.equal(mine.completed, theirs.done_words);
});

test('any name comes through the page and the file exactly', async () => {
  const names = ['=HYPERLINK("https://evil.example")', '+1', '-1', '@x', 'O’Neil, "Søren"', "Robert'); DROP TABLE person", '<img src=x onerror=alert(1)>',
    '"><script>alert(1)</script>', '{{page.form_token}}', '张 伟', 'شيماء', '&lt;b&gt;'];
  for (const name of names) {
    const added = await understory(['person', 'add', '--name', name, '--department', 'medicine', '--title', 'Professor', '--data', s.data]);
    assert.equal(added.code, 0, added.stderr);
  }
  const view = await chair.json(page), file = await csv(chair, view.csv_href), html = await chair.html(page);
  for (const name of names) {
    assert.ok(view.rows.some((r) => r.name === name), name);
    assert.ok(file.rows.some((r) => r.name === name), name);
    const shown = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
    assert.ok(html.includes(`role="rowheader">${shown}</th>`), shown);
  }
});

test('each look and each file is in the audit, under ids only', async () => {
  const folder = await temporaryFolder('audit');
  const own = await startServer({ demo: true, data: folder.path });
  try {
    const one = await Person.in(own, 'chair-medicine');
    const { as_of } = await one.json(page);
    await one.html(`${page}?status=done`);
    await csv(one, `${page}/roster.csv?status=done`);
    assert.equal((await one.ask('/departments/surgery')).status, 403);
    const coe = await Person.in(own, 'evaluator');
    await coe.html('/outcomes');
    await csv(coe, '/outcomes/completion_by_department.csv');
    await csv(coe, '/outcomes/roster.csv');
    await own.stop();
    const rows = execFileSync('sqlite3', ['-readonly', join(folder.path, 'understory.db'),
      "SELECT action || ' ' || subject || ' ' || detail FROM audit WHERE action LIKE 'department.%' OR action LIKE 'outcomes.%' OR action LIKE 'export.%' ORDER BY seq"],
    { encoding: 'utf8' }).trim().split('\n');
    assert.deepEqual(rows, [
      `department.view medicine course=humility as_of=${as_of} status=all`,
      `department.view medicine course=humility as_of=${as_of} status=done`,
      `department.csv medicine course=humility as_of=${as_of} status=done`,
      `outcomes.view  as_of=${as_of}`,
      `export.completion_by_department humility course=humility as_of=${as_of}`,
      `export.roster humility course=humility as_of=${as_of}`,
    ]);
  } finally {
    await own.stop();
    await folder.remove();
  }
});

test('/departments leads a chair to the own one and lists all for the center', async () => {
  const answer = await chair.ask('/departments', { accept: 'text/html' });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get('location'), page);
  assert.deepEqual((await chair.json('/departments')).departments.map((d) => d.code), ['medicine']);
  assert.deepEqual((await administrator.json('/departments')).departments.map((d) => d.code), ['medicine', 'surgery']);
});
