// The branching case: it goes on on any device, every decision can be taken back, every ending seen;
// nothing that was chosen is lost, and nothing says how a choice was rated.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startServer, view, sourceDir } from '../support/server.mjs';
import { session } from '../support/people.mjs';

const course = '/courses/humility';
const href = `${course}/case/family-meeting`;

let s, daniel, mei, samuel;
before(async () => {
  s = await startServer({ demo: true });
  [daniel, mei, samuel] = await Promise.all(['daniel', 'mei', 'samuel'].map((who) => session(s, who)));
  for (const who of [mei, samuel]) await who.post(`${course}/begin`);
});
after(() => s?.stop());

const rows = (sql) => JSON.parse(execFileSync('sqlite3', ['-readonly', '-json', join(s.data, 'understory.db'), sql], { encoding: 'utf8' }) || '[]');
const at = (who) => view(s, href, who.cookie);
/** Chooses as the page `here` would: its place is sent along. */
const choose = (who, here, n, accept) => who.post(`${href}/choose`, [['run', here.run], ['made', here.made], ['scene', here.scene.id], ['choice', here.scene.choices[n].id]], accept);
const back = (who, here, keep, accept) => who.post(`${href}/back`, [['run', here.run], ['keep', keep]], accept);
const chosen = (here) => here.path.map((p) => p.choice_html);

async function walk(who, pick = () => 0) {
  let here = await at(who);
  for (let steps = 0; !here.scene.is_end; steps++) {
    assert.ok(steps < 30);
    assert.equal((await choose(who, here, pick(here.scene.choices))).headers.location, `${href}?followed=1`);
    here = await at(who);
  }
  return here;
}

test('what was chosen on one device stands on the other', async () => {
  const phone = await session(s, 'daniel');
  const here = await at(daniel);
  await choose(daniel, here, 1);
  assert.deepEqual({ ...(await at(phone)), page: 0 }, { ...(await at(daniel)), page: 0 });
  assert.deepEqual(chosen(await at(phone)), [here.scene.choices[1].choice_html]);
});

test('a path goes back to any of its decisions, and what was walked is kept', async () => {
  const end = await walk(mei);
  assert.ok(end.path.filter((p) => p.is_decision).length >= 2);
  for (const step of end.path.filter((p) => p.is_decision).reverse()) {
    const before = await at(mei);
    assert.equal((await back(mei, before, step.keep)).headers.location, href);
    const here = await at(mei);
    assert.deepEqual(chosen(here), chosen(end).slice(0, step.keep));
    assert.ok(here.scene.choices.some((c) => c.choice_html === step.choice_html), 'the same decision is open again');
    assert.deepEqual([here.run, here.is_done, here.scene.is_end], [before.run + 1, true, false]);
  }
  const kept = rows(`SELECT COUNT(*) AS n FROM case_step WHERE run = 1 AND scene <> '' AND enrolment = (SELECT MIN(enrolment) FROM case_step WHERE run > 1)`);
  assert.equal(kept[0].n, end.path.length);
  assert.equal(rows("SELECT COUNT(*) AS n FROM ledger WHERE kind = 'case' AND enrolment = (SELECT MIN(enrolment) FROM case_step WHERE run > 1)")[0].n, 1);
  await walk(mei);
  assert.equal(rows("SELECT COUNT(*) AS n FROM ledger WHERE kind = 'case' AND enrolment = (SELECT MIN(enrolment) FROM case_step WHERE run > 1)")[0].n, 1, 'done once is done');
});

test('by going back, every ending there is can be seen', async () => {
  const source = readFileSync(join(sourceDir, 'courses/humility/cases/family-meeting.md'), 'utf8');
  const endings = new Set([...source.matchAll(/^## (.*) \{end\}$/gm)].map((m) => m[1]));
  const seen = new Set(), tried = new Map();
  let here = await at(samuel);
  for (let steps = 0; steps < 500; steps++) {
    if (here.scene.is_end) {
      seen.add(here.scene.id);
      assert.equal(here.endings_words, seen.size < endings.size ? `You have seen ${seen.size} of ${endings.size} endings.` : 'You have seen every ending.');
      const open = here.path.filter((p, i) => p.is_decision && (tried.get(chosen(here).slice(0, i).join('|')) ?? 0) < p.others.length + 1);
      if (open.length === 0) break;
      await back(samuel, here, open.at(-1).keep);
    } else {
      const place = chosen(here).join('|'), n = tried.get(place) ?? 0;
      tried.set(place, n + 1);
      assert.equal((await choose(samuel, here, n % here.scene.choices.length)).status, 303);
    }
    here = await at(samuel);
  }
  assert.equal(seen.size, endings.size, [...seen].join(', '));
});

test('what else was open is said at the end and not before, and never how anything was rated', async () => {
  let here = await at(mei);
  await back(mei, here, 0);
  for (here = await at(mei); !here.scene.is_end; here = await at(mei)) {
    assert.ok(here.path.every((p) => p.others.length === 0 && !p.has_others));
    assert.equal(here.endings_words, '');
    await choose(mei, here, 0);
    const followed = await view(s, `${href}?followed=1`, mei.cookie);
    assert.ok(followed.latest.consequence_html);
  }
  for (const step of here.path.filter((p) => p.is_decision)) assert.ok(step.has_others && step.others.every((o) => o.choice_html !== step.choice_html));
  const html = (await mei.get(href, 'text/html')).text;
  assert.match(html, /You could also have/);
  for (const text of [html, JSON.stringify(here)]) assert.doesNotMatch(text, /\bpoor\b|\bmixed\b|\{best\}|\{good\}|rating|"best"|"good"/);
});

test('of two tabs that choose differently at one place one wins, and the other is told', async () => {
  await back(mei, await at(mei), 0);
  const here = await at(mei);
  const answers = await Promise.all([choose(mei, here, 0, 'application/json'), choose(mei, here, 1, 'application/json')]);
  assert.deepEqual(answers.map((a) => a.status).sort(), [303, 409]);
  const winner = answers.findIndex((a) => a.status === 303);
  assert.deepEqual(chosen(await at(mei)), [here.scene.choices[winner].choice_html]);
  assert.equal((await choose(mei, here, winner)).headers.location, `${href}?followed=1`, 'the same button twice');
  assert.equal((await choose(mei, here, 1 - winner)).headers.location, `${href}?moved_on=1`);
  assert.equal((await at(mei)).path.length, 1);
});

test('a tab that stands in a path taken back changes nothing', async () => {
  const stale = await walk(mei);
  await back(mei, stale, 0);
  const first = await at(mei);
  assert.equal((await back(mei, stale, 0)).headers.location, href, 'the same button twice');
  assert.equal((await at(mei)).run, first.run);
  await choose(mei, first, 0);
  const now = await at(mei);
  assert.equal((await back(mei, stale, 1)).headers.location, `${href}?moved_on=1`);
  assert.equal((await back(mei, stale, 1, 'application/json')).status, 409);
  assert.equal((await choose(mei, first, 1)).headers.location, `${href}?moved_on=1`);
  assert.deepEqual([(await at(mei)).run, chosen(await at(mei))], [now.run, chosen(now)]);
});

test('more choices than were made cannot be kept', async () => {
  const here = await at(mei);
  for (const keep of [here.made + 1, 999999]) assert.equal((await back(mei, here, keep, 'application/json')).status, 422);
  assert.equal((await mei.post(`${href}/back`, [], 'application/json')).status, 422);
  assert.equal((await mei.post(`${course}/case/none-such/back`, [['keep', 0]], 'application/json')).status, 404);
});
