// An author walks a draft as a learner does: the same pages, the same words, and no trace of it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { request, startServer, textOf, view } from '../support/server.mjs';
import { session } from '../support/people.mjs';
import { answerKey } from '../support/key.mjs';

let s, author, samuel, draft;
const key = answerKey();
before(async () => {
  s = await startServer({ demo: true });
  author = await session(s, 'author');
  samuel = await session(s, 'samuel');
  draft = (await author.post('/authoring/copy', [['course', 'humility']])).headers.location;
  await samuel.post('/courses/humility/begin');
});
after(() => s?.stop());

/** How many rows each table has; of those that change by themselves, when they were seen, none matters. */
function rows() {
  const sql = (text) => execFileSync('sqlite3', ['-readonly', join(s.data, 'understory.db'), text], { encoding: 'utf8' }).trim();
  const tables = sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'").split('\n');
  assert.ok(tables.includes('attempt_step') && tables.includes('ledger') && tables.includes('draft'));
  return Object.fromEntries(tables.map((t) => [t, sql(`SELECT COUNT(*) FROM ${t}`)]));
}

const page = (path) => author.get(path, 'text/html');

/** What a piece shows; images have the address of where they are read. */
const shown = (p) => [p.kind, p.text_html?.replace(/ src="[^"]*\/media\//g, ' src="media/'), p.question?.stem_html];

test('lessons are the learner’s own pages, under a banner', async () => {
  const { path } = await view(s, `${draft}/walk`, author.cookie);
  const lessons = path.filter((p) => /Lesson/.test(p.about));
  assert.equal(lessons.length, 7);
  for (const { href, name } of lessons) {
    const walked = await page(href);
    assert.match(textOf(walked.text), /Draft: nothing here is recorded\./);
    const mine = await view(s, href, author.cookie), theirs = await view(s, `/courses/humility/${href.split('/').at(-1)}`, samuel.cookie);
    assert.equal(mine.title, name);
    assert.deepEqual(mine.pieces.map(shown), theirs.pieces.map(shown));
    assert.deepEqual(mine.references, theirs.references);
    assert.doesNotMatch(walked.text, /data-active|\/challenge/, 'no clock runs and nothing is challenged');
  }
});

test('a question shows every reason, whatever was answered, and can be tried again', async () => {
  const [href] = (await view(s, `${draft}/walk`, author.cookie)).path.map((p) => p.href);
  const { item } = (await view(s, href, author.cookie)).pieces.find((p) => p.question).question;
  const it = key.get(item);
  for (const answer of [it.key[0], it.wrong[0]]) {
    const { headers } = await author.post(`${href}/answer`, [['item', item], ['answer', answer]]);
    const { question } = (await view(s, headers.location.split('#')[0], author.cookie)).pieces.find((p) => p.question);
    assert.equal(question.verdict, answer === it.key[0] ? 'right' : 'not-right');
    assert.ok(question.options.every((o) => o.rationale_html));
    assert.ok(!(await view(s, question.again_href.split('#')[0], author.cookie)).pieces.find((p) => p.question).question.is_answered);
  }
  const none = await author.post(`${href}/answer`, [['item', item]], 'text/html');
  assert.equal(none.status, 422);
  assert.equal((await author.post(`${href}/answer`, [['item', 'q-none'], ['answer', '1']])).status, 404);
  assert.equal((await author.get(`${href}?item=${item}&answer=99`)).status, 200, 'an address that says nonsense shows the question');
});

test('a case can be walked to every end and back, all in the address', async () => {
  const { href } = (await view(s, `${draft}/walk`, author.cookie)).path.find((p) => p.about === 'Case');
  const ends = new Set(), seen = new Set();
  const walk = async (path) => {
    const v = await view(s, path, author.cookie);
    if (v.scene.is_end) {
      ends.add(v.scene.id);
      assert.ok(v.next.href.startsWith(draft));
      return;
    }
    if (seen.has(v.scene.id)) return; // every choice of every scene once, not every way to it
    seen.add(v.scene.id);
    for (const { id } of v.scene.choices) {
      const { headers, status } = await author.post(`${v.href}/choose`, [['scene', v.scene.id], ['choice', id]]);
      assert.equal(status, 303);
      const followed = await view(s, headers.location, author.cookie);
      assert.ok(followed.has_followed && followed.latest.choice_html);
      await walk(followed.href);
    }
  };
  await walk(href);
  assert.ok(ends.size >= 2, [...ends].join());
  assert.equal((await author.get(`${href}/9.9`)).status, 404);
  assert.equal((await author.get(`${href}/1..`)).status, 404);
  const back = await author.post(`${href}/2/back`, [['keep', '0']]);
  assert.equal(back.headers.location, `${href}/start`);
});

test('the check shows every question it may draw, then every reason', async () => {
  const v = await view(s, `${draft}/walk/check`, author.cookie);
  const check = [...key.values()].filter((i) => i.use === 'check');
  assert.deepEqual(v.items.map((i) => i.item), check.map((i) => i.id));
  assert.doesNotMatch((await page(`${draft}/walk/check`)).text, /rationale/);
  const fields = check.flatMap((i) => i.key.map((n) => [`answer.${i.id}`, n]));
  const result = await author.post(`${draft}/walk/check`, fields, 'application/json');
  assert.equal(result.json.score_words, `${check.length} of ${check.length} right`);
  assert.ok(result.json.items.every((i) => i.options.every((o) => o.rationale_html)));
  const none = await author.post(`${draft}/walk/check`, [], 'application/json');
  assert.equal(none.json.score_words, `0 of ${check.length} right`);
});

test('a draft with errors waits until they are mended', async () => {
  const other = (await author.post('/authoring/new', [['title', 'T'], ['id', 't']])).headers.location;
  await author.post(`${other}/remove`, [['path', 'questions.md']]);
  for (const rest of ['', '/begin-with-a-moment', '/case/a-first-visit', '/check']) assert.equal((await author.get(`${other}/walk${rest}`)).status, 409);
  assert.match((await author.get(`${other}/walk`)).text, /<h1>This draft has errors<\/h1>/);
  assert.doesNotMatch((await page(other)).text, /Walk it/);
});

test('images of the draft are shown as they stand in it', async () => {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const other = (await author.post('/authoring/new', [['title', 'T'], ['id', 't']])).headers.location;
  await request(s, 'POST', `${other}/image`, { cookie: author.cookie, files: [['form_token', author.token], ['file', { filename: 'a.png', bytes: png }]] });
  const lesson = 'lessons/01-begin-with-a-moment.md';
  const { text, base } = await view(s, `${other}/edit?path=${lesson}`, author.cookie);
  await author.post(`${other}/edit`, [['path', lesson], ['base', base], ['text', `${text}\n![One dot](../media/a.png)\n`]]);
  const { text: html } = await page(`${other}/walk/begin-with-a-moment`);
  const [, src] = /<img src="([^"]+)" alt="One dot"/.exec(html);
  assert.equal(src, `${other}/media/a.png`);
  assert.deepEqual((await author.get(src)).body, png);
});

test('nothing of all this is recorded: no table has a row more', async () => {
  const counted = rows();
  const everything = [`${draft}/walk`, `${draft}/walk/check`];
  for (const { href } of (await view(s, `${draft}/walk`, author.cookie)).path) everything.push(href);
  for (const path of everything) assert.equal((await page(path)).status, 200, path);
  const [first] = (await view(s, `${draft}/walk`, author.cookie)).path;
  const { item } = (await view(s, first.href, author.cookie)).pieces.find((p) => p.question).question;
  await author.post(`${first.href}/answer`, [['item', item], ['answer', key.get(item).key[0]]]);
  await author.post(`${draft}/walk/check`, [...key.values()].filter((i) => i.use === 'check').map((i) => [`answer.${i.id}`, i.key[0]]));
  const { href } = (await view(s, `${draft}/walk`, author.cookie)).path.find((p) => p.about === 'Case');
  const { scene } = await view(s, href, author.cookie);
  await author.post(`${href}/start/choose`, [['scene', scene.id], ['choice', scene.choices[0].id]]);
  await author.post(`${href}/1/back`, [['keep', '0']]);
  await new Promise((resolve) => setTimeout(resolve, 300)); // what is queued has been written
  assert.deepEqual(rows(), counted);
});
