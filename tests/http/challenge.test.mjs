// "Challenge this": on every lesson and question, with a name or without a trace of one; answered by
// the owner; what was accepted stands in public.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { startServer, request, view, textOf } from '../support/server.mjs';
import { session } from '../support/people.mjs';
import { answerKey } from '../support/key.mjs';

const course = '/courses/humility';
const lesson = `${course}/asking-well`;
const ask = `${course}/challenge`;
const key = answerKey();

let s, samuel, mei, evaluator, administrator;
before(async () => {
  s = await startServer({ demo: true });
  [samuel, mei, evaluator, administrator] = await Promise.all(['samuel', 'mei', 'evaluator', 'administrator'].map((who) => session(s, who)));
  for (const who of [samuel, mei]) await who.post(`${course}/begin`);
});
after(() => s?.stop());

const dump = () => execFileSync('sqlite3', ['-readonly', join(s.data, 'understory.db'), '.dump'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n');
const rows = (sql) => JSON.parse(execFileSync('sqlite3', ['-readonly', '-json', join(s.data, 'understory.db'), sql], { encoding: 'utf8' }) || '[]');
const change = (sql) => execFileSync('sqlite3', [join(s.data, 'understory.db'), `PRAGMA busy_timeout = 5000; ${sql}`]);
const send = (who, about, words, more = []) => who.post(ask, [...about, ['wrong', words], ...more]);
const linksTo = (html, text) => [...html.matchAll(/<a[^>]*href="([^"]*)"[^>]*>([^<]*)/g)].filter((m) => m[2].startsWith(text)).map((m) => m[1].replaceAll('&amp;', '&'));
const openOnes = async () => (await view(s, '/administration/challenges', evaluator.cookie)).open;
const one = async (words) => (await openOnes()).find((c) => c.wrong_words.startsWith(words)).href;
const answer = (who, href, fields, seen = 0) => who.post(`${href}/answer`, [['seen', seen], ...Object.entries(fields)]);
const accepted = { verdict: 'accepted', answer: 'You are right, thank you.', said: 'Ask twice.', says: 'Ask three times.', corrected_on: '2026-01-15' };

/** What was read is written behind the answer. */
async function noNews(who) {
  for (const until = Date.now() + 5000; Date.now() < until; ) if (!(await view(s, '/', who.cookie)).learning.has_answered) return;
  assert.fail('the answer is news still');
}

async function handIn(who, name) {
  const { location } = (await who.post(`${course}/check`)).headers;
  const { items } = await view(s, `${location}?view=all`, who.cookie);
  const page = await who.get(`${location}?view=all`, 'text/html');
  assert.doesNotMatch(page.text, /challenge/i, 'no link while the check is under way');
  const before = await who.get(`${ask}?item=${items[0].item}`);
  assert.equal(before.status, 404, 'nor a page that shows its question');
  await who.post(`${location}/answers`, items.map(({ item }) => [`answer.${item}`, key.get(item).wrong[0]]));
  await who.post(`${location}/submit`, [['certificate_name', name]]);
  return { result: `${location}/result`, items };
}

test('a link stands on every lesson, on its question, and on each question of a result', async () => {
  const { path } = await view(s, course, samuel.cookie);
  for (const { href } of path.filter((p) => p.kind === 'lesson')) {
    const { text } = await samuel.get(href, 'text/html');
    const { pieces } = await view(s, href, samuel.cookie);
    const found = [...linksTo(text, 'Challenge this lesson'), ...linksTo(text, 'Challenge this question')];
    const asked = pieces.filter((p) => p.kind === 'question').length;
    assert.ok(asked > 0, href);
    assert.equal(found.length, 1 + asked, href);
    for (const link of found) assert.equal((await samuel.get(link)).status, 200, link);
  }
  const { result, items } = await handIn(samuel, 'Samuel Goldberg');
  const { text } = await samuel.get(result, 'text/html');
  const found = linksTo(text, 'Challenge this question');
  assert.deepEqual(found, items.map(({ item }) => `${ask}?item=${item}`));
  for (const link of found) assert.equal((await samuel.get(link)).status, 200, link);
  assert.equal((await mei.get(found[0])).status, 404, 'not for somebody who has not seen it');
  for (const query of ['', '?lesson=none-such', '?item=q-humility-none']) assert.equal((await samuel.get(ask + query)).status, 404, query);
});

test('what is wrong must be said, and what was typed comes back', async () => {
  const { status, json } = await samuel.post(ask, [['lesson', 'asking-well'], ['wrong', ''], ['source', 'A source'], ['anonymous', 'on']], 'application/json');
  assert.equal(status, 422);
  assert.deepEqual([json.errors[0].field, json.typed.source, json.is_anonymous], ['wrong', 'A source', true]);
  const long = await samuel.post(ask, [['lesson', 'asking-well'], ['wrong', 'x'.repeat(4001)]], 'application/json');
  assert.equal(long.status, 422);
  assert.match(long.json.errors[0].message, /4000/);
  const arabic = await samuel.post(ask, [['lesson', 'asking-well'], ['wrong', 'ع'.repeat(4001)], ['source', '界'.repeat(1000)]], 'application/json');
  assert.deepEqual(arabic.json.errors.map((e) => e.message), ['What is wrong: please use at most 4000 characters']);
  assert.equal((await openOnes()).length, 0);
});

test('with a name: the owner sees who asked, and whoever asked sees the answer', async () => {
  const sent = await send(samuel, [['lesson', 'asking-well']], 'Named: twice is not enough.', [['source', 'A review of 2024']]);
  assert.equal(sent.headers.location, `${ask}?lesson=asking-well&sent=named`);
  assert.match((await view(s, sent.headers.location, samuel.cookie)).sent_words, /Your questions/);
  const href = await one('Named');
  const shown = await view(s, href, evaluator.cookie);
  assert.deepEqual([shown.challenged, shown.source, shown.who_name, shown.about.id], ['Named: twice is not enough.', 'A review of 2024', 'Samuel Goldberg', 'asking-well']);
  const [stored] = rows("SELECT k.part_hash, p.hash FROM challenge k JOIN publication p ON p.id = k.publication WHERE k.wrong LIKE 'Named%'");
  assert.match(stored.part_hash, /^[0-9a-f]{64}$/);
  assert.equal(shown.about.version_href, `${course}/v${stored.hash}`);

  for (const missing of ['said', 'says', 'corrected_on']) {
    const { status, json } = await evaluator.post(`${href}/answer`, [['seen', 0], ...Object.entries({ ...accepted, [missing]: '' })], 'application/json');
    assert.deepEqual([status, json.errors[0].field], [422, missing]);
  }
  assert.equal((await answer(evaluator, href, { ...accepted, corrected_on: '2199-01-01' })).status, 422);
  assert.match(textOf((await evaluator.get('/', 'text/html')).text), /One challenge waits for an answer/);
  assert.equal((await view(s, '/', samuel.cookie)).learning.has_answered, false);
  assert.equal((await answer(evaluator, href, accepted)).headers.location, href);

  change('UPDATE challenge_answer SET recorded_at = recorded_at - 400 * 86400000000'); // news until it is opened
  const { learning } = await view(s, '/', samuel.cookie);
  assert.equal(learning.answered[0].answered_words, 'Your question about the lesson “Asking well” was answered.');
  const { questions } = await view(s, '/account/questions', samuel.cookie);
  assert.deepEqual([questions.length, questions[0].answer_words, questions[0].is_accepted, questions[0].says], [1, accepted.answer, true, accepted.says]);
  assert.equal(learning.answered[0].href, `/account/questions#${questions[0].id}`);
  await noNews(samuel);
  assert.equal((await view(s, '/account/questions', mei.cookie)).has_questions, false);
  assert.equal((await openOnes()).length, 0);
});

test('sent twice, by a button pressed twice, it is one; after its answer it may be said again', async () => {
  for (const [who, words, more] of [[samuel, 'Pressed twice, with a name', []], [mei, 'Pressed twice, without', [['anonymous', 'on']]]]) {
    const press = () => send(who, [['lesson', 'repair']], words, more);
    for (const sent of await Promise.all([press(), press()])) assert.match(sent.headers.location, /&sent=/);
    assert.equal((await openOnes()).filter((c) => c.wrong_words === words).length, 1);
    await answer(evaluator, await one(words), { verdict: 'declined', answer: 'It stays.' });
    await press();
    assert.equal((await openOnes()).length, 1);
    await answer(evaluator, await one(words), { verdict: 'declined', answer: 'It stays, still.' });
  }
  await samuel.get('/account/questions');
  await noNews(samuel);
});

test('accepted ones are public, dated, and say nothing of who asked', async () => {
  const { status, json } = await request(s, 'GET', '/corrections', { accept: 'application/json' });
  assert.equal(status, 200);
  const [correction] = json.courses[0].corrections;
  assert.deepEqual(Object.keys(correction).sort(), ['corrected_on', 'corrected_words', 'said', 'says', 'where_words']);
  assert.deepEqual([correction.said, correction.says, correction.corrected_words, correction.where_words],
    ['Ask twice.', 'Ask three times.', 'Thu 15 Jan 2026', 'In the lesson “Asking well”']);
  const { text } = await request(s, 'GET', '/corrections');
  assert.doesNotMatch(text, /Goldberg|Named:|thank you/);
  assert.ok(linksTo((await request(s, 'GET', '/help')).text, 'Corrections').includes('/corrections'));
  assert.ok(linksTo((await samuel.get(course, 'text/html')).text, 'What was corrected').includes('/corrections?course=humility'));
});

test('the newest correction comes first, and each says where it stood', async () => {
  const item = [...key.values()].find((i) => i.use === 'lesson').id;
  await send(samuel, [['item', item]], 'Newer: this question');
  await answer(administrator, await one('Newer'), { ...accepted, said: 'B', says: 'C', corrected_on: '2026-02-01' });
  const { json } = await request(s, 'GET', '/corrections?course=humility', { accept: 'application/json' });
  assert.deepEqual(json.courses[0].corrections.map((c) => [c.corrected_on, c.where_words]),
    [['2026-02-01', 'In a question inside a lesson'], ['2026-01-15', 'In the lesson “Asking well”']]);
  assert.equal((await request(s, 'GET', '/corrections?course=none-such', { accept: 'application/json' })).json.has_courses, false);
});

test('declined ones are answered and not public; an answer can be replaced, and two at once are told', async () => {
  await send(samuel, [['lesson', 'repair']], 'Declined: I do not like it');
  const href = await one('Declined');
  await answer(evaluator, href, { verdict: 'declined', answer: 'It stays.' });
  const { questions } = await view(s, '/account/questions', samuel.cookie);
  const mine = questions.find((q) => q.challenged.startsWith('Declined'));
  assert.deepEqual([mine.answer_words, mine.is_accepted, mine.said], ['It stays.', false, '']);
  const late = await answer(administrator, href, accepted);
  assert.equal(late.status, 409);
  assert.match(textOf(late.text), /Somebody has answered this/);
  assert.match(textOf(late.text), /Ask three times/, 'what was typed is not lost');
  assert.equal((await view(s, href, evaluator.cookie)).answer_words, 'It stays.');
  const { form } = await view(s, href, administrator.cookie);
  await noNews(samuel);
  await answer(administrator, href, { ...accepted, says: 'Replaced.' }, form.seen);
  assert.equal((await view(s, '/', samuel.cookie)).learning.answered.length, 1, 'what is answered anew is news again');
  assert.equal((await view(s, href, evaluator.cookie)).is_accepted, true);
  assert.equal(rows(`SELECT COUNT(*) AS n FROM challenge_answer WHERE challenge = '${href.split('/').pop()}'`)[0].n, 2, 'the earlier one is kept');
});

test('without a name nothing is kept of who wrote it', async () => {
  const before = new Set(dump()), log = s.log().length;
  const sent = await send(mei, [['lesson', 'asking-well']], 'Nameless: this is dated.', [['anonymous', 'on']]);
  assert.equal(sent.headers.location, `${ask}?lesson=asking-well&sent=anonymous`);
  const added = dump().filter((line) => !before.has(line) && !/^INSERT INTO (session|active_minute) |'challenge.view'/.test(line));
  assert.equal(added.length, 1, added.join('\n'));
  assert.match(added[0], /^INSERT INTO challenge VALUES/);
  const [row] = rows("SELECT person, recorded_at, datetime(recorded_at / 1000000, 'unixepoch') AS utc FROM challenge WHERE wrong LIKE 'Nameless%'");
  assert.equal(row.person, null);
  assert.match(row.utc, /:00:00$/);
  const uuid = (await one('Nameless')).split('/').pop();
  assert.equal(rows(`SELECT COUNT(*) AS n FROM audit WHERE subject = '${uuid}'`)[0].n, 0);
  for (const until = Date.now() + 5000; !/challenge 303/.test(s.log().slice(log)) && Date.now() < until; ) await new Promise((r) => setTimeout(r, 20));
  const said = s.log().slice(log);
  assert.match(said, /POST \/courses\/\{course\}\/challenge 303/);
  assert.doesNotMatch(said, /asking-well|Nameless|mei/i);
  const shown = await view(s, await one('Nameless'), evaluator.cookie);
  assert.equal(shown.who_name, '');
  await answer(evaluator, await one('Nameless'), { verdict: 'declined', answer: 'Dated, yes.' });
  assert.equal((await view(s, '/account/questions', mei.cookie)).has_questions, false);
  assert.equal((await view(s, '/', mei.cookie)).learning.has_answered, false);
});

test('rows have no place that tells when they came', () => {
  const [{ sql }] = rows("SELECT sql FROM sqlite_schema WHERE name = 'challenge'");
  assert.match(sql, /uuid\s+TEXT PRIMARY KEY/);
  assert.match(sql, /WITHOUT ROWID/);
});

test('asking, looking and answering are in the audit, with ids only', () => {
  const found = rows("SELECT action, subject, detail FROM audit WHERE action LIKE 'challenge.%'");
  for (const action of ['challenge.add', 'challenge.view', 'challenge.answer']) assert.ok(found.some((f) => f.action === action), action);
  for (const f of found) {
    assert.match(f.subject, /^[0-9a-f-]{36}$/);
    assert.match(f.detail, /^(accepted|declined)?$/);
  }
});

test('only the center reads them', async () => {
  const chair = await session(s, 'chair-medicine');
  for (const who of [samuel, chair])
    for (const path of ['/administration', '/administration/challenges', '/administration/challenges/none-such'])
      assert.equal((await who.get(path)).status, 403, path);
  assert.equal((await evaluator.get('/administration/challenges/none-such')).status, 404);
  const overview = await view(s, '/administration', evaluator.cookie);
  assert.deepEqual([overview.is_administrator, overview.totals], [false, undefined]);
  assert.equal((await view(s, '/administration', administrator.cookie)).totals.people > 0, true);
});

test('a flood from one person is asked to wait, and others go on', async () => {
  let last;
  for (let i = 0; i < 25; i++) last = await send(samuel, [['lesson', 'asking-well']], `Flood ${i}`);
  assert.equal(last.status, 429);
  assert.match(textOf(last.text), /Flood 24/, 'what was typed is not lost');
  assert.equal((await send(mei, [['lesson', 'asking-well']], 'Somebody else')).status, 303);
});
