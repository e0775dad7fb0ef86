// The guide for authors is true: the course that it writes is whole, its deliberate mistake gives the line that it
// prints, and what it has written is a lesson that somebody reads.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { request, sourceDir, startServer, temporaryFolder, textOf, understory, view } from '../support/server.mjs';
import { newPerson } from '../support/people.mjs';
import { folderFiles, zipFiles } from '../support/zip.mjs';

const guide = readFileSync(join(sourceDir, 'courses/AUTHORING.md'), 'utf8');
const today = ['--today', '2026-11-22'];
let folder, s;

/** [path, text] of each fenced block with a file's name above it. */
const blocks = [...guide.matchAll(/^`(courses\/[^`]+)`\n\n```\w*\n([^]*?)^```$/gm)].map(([, path, text]) => [path, text]);
const block = (above) => {
  const at = guide.indexOf(above);
  assert.ok(at >= 0, `the guide no longer says: ${above}`);
  return /^```\w*\n([^]*?)^```$/m.exec(guide.slice(at))[1];
};
const check = () => understory(['check', '--strict', ...today, 'courses'], { cwd: folder.path });

before(async () => {
  folder = await temporaryFolder('guide');
  for (const [path, text] of blocks) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), text);
  }
  s = await startServer({ args: ['--courses', join(folder.path, 'courses')] });
});
after(async () => {
  await s?.stop();
  await folder?.remove();
});

test('the course is whole, and the checker says so in the words that the guide gives', async () => {
  assert.deepEqual(blocks.map(([path]) => path.replace('courses/handoff/', '')), ['course.json', 'lessons/01-a-word-that-travels.md',
    'lessons/02-when-it-reaches-you.md', 'cases/ten-to-seven.md', 'questions.md', 'references.md', 'facilitator.md']);
  const { code, stdout, stderr } = await check();
  assert.deepEqual([code, stderr], [0, '']);
  assert.ok(guide.includes(`\n> ${stdout.trim()}\n`), stdout);
});

test('the deliberate mistake gives the two lines that the guide prints, and nothing else', async () => {
  const path = join(folder.path, 'courses/handoff/questions.md'), text = readFileSync(path, 'utf8');
  const line = block('Take this line out of');
  assert.equal(text.split(line).length, 2, 'the line stands there once');
  writeFileSync(path, text.replace(line, ''));
  try {
    const { code, stdout } = await check();
    assert.equal(code, 1);
    assert.equal(stdout, `${block('The checker says:')}1 course, 2 lessons, 5 items: 1 error, no warnings, no notes\n`);
  } finally {
    writeFileSync(path, text);
  }
});

test('a learner reads the first lesson, and answering its question marks it done', async () => {
  const { cookie, token } = await newPerson(s);
  const post = (path, form = []) => request(s, 'POST', path, { cookie, form: [['form_token', token], ...form] });
  assert.equal((await post('/courses/handoff/begin')).status, 303);
  const [lesson] = (await view(s, '/courses/handoff', cookie)).path.filter((p) => p.kind === 'lesson');
  const page = await request(s, 'GET', lesson.href, { cookie });
  assert.equal(page.status, 200);
  const text = textOf(page.text);
  for (const words of ['A word that travels', 'Hand over what was seen and heard', 'Sun 2022', 'The word on my tongue', 'Each word was written about somebody'])
    assert.ok(text.includes(words), `the lesson shows “${words}”`);
  const { question } = (await view(s, lesson.href, cookie)).pieces.find((p) => p.kind === 'question');
  const pairs = { '“Difficult”': 'Asked three times about a scan', '“Noncompliant”': 'Took two of the four doses', '“Poor historian”': 'Was asked without an interpreter' };
  const answers = question.options.map((o) => o.choices.find((c) => c.words === pairs[textOf(o.option_html)]).value);
  const answer = await post(`${lesson.href}/answer`, [['item', question.item], ...answers.map((v) => ['answer', v])]);
  assert.equal(answer.status, 303, answer.text);
  assert.deepEqual((await view(s, '/courses/handoff', cookie)).path.filter((p) => p.kind === 'lesson').map((p) => p.is_done), [true, false]);
});

test('an author reads the guide on the site, with every heading and every text of its course', async () => {
  const author = await newPerson(s, { roles: ['author'] });
  const { status, text } = await request(s, 'GET', '/authoring/guide', { cookie: author.cookie, accept: 'text/html' });
  assert.equal(status, 200);
  const words = textOf(text), plain = (t) => textOf(t.replaceAll('`', ''));
  for (const [, heading] of guide.replace(/^```[^]*?^```$/gm, '').matchAll(/^##+ (.+)$/gm)) assert.ok(words.includes(plain(heading)), heading);
  const shown = [...text.matchAll(/<pre tabindex="0"><code>([^]*?)<\/code><\/pre>/g)].map((m) => textOf(m[1]));
  for (const [path, typed] of blocks) assert.ok(shown.includes(typed.replace(/\s+/g, ' ').trim()), path);
  for (const [, anchor] of text.matchAll(/href="#([^"]+)"/g)) assert.ok(text.includes(`id="${anchor}"`), anchor);
  const learner = await newPerson(s);
  assert.equal((await request(s, 'GET', '/authoring/guide', { cookie: learner.cookie })).status, 403);
  assert.match((await request(s, 'GET', '/authoring', { cookie: author.cookie, accept: 'text/html' })).text, /<a href="\/authoring\/guide">How a course is written<\/a>/);
});

test('its folder as a zip becomes a draft without errors', async () => {
  const { cookie, token } = await newPerson(s, { roles: ['author'] });
  const bytes = zipFiles(folderFiles(join(folder.path, 'courses/handoff')), 'handoff');
  const sent = await request(s, 'POST', '/authoring/upload', { cookie, agent: false, files: [['form_token', token], ['file', { filename: 'handoff.zip', bytes }]] });
  assert.equal(sent.status, 303, textOf(sent.text));
  const { draft, problems } = await view(s, sent.headers.location, cookie);
  assert.deepEqual([draft.course, draft.errors, problems], ['handoff', 0, []]);
});

test('the guide names every callout, every kind of question and every key that the reader of courses knows', () => {
  const words = (file, pattern) => [...readFileSync(join(sourceDir, 'src/course', file), 'utf8').matchAll(pattern)].map((m) => m[1]);
  const callouts = words('callout.c', /^ {4}\{"([A-Z]+)", PIECE_/gm), keys = words('metadata.c', /^ {4}\{"(\w+)", KEY_/gm);
  assert.ok(callouts.length >= 8 && keys.length >= 25);
  const section = (from, to) => guide.slice(guide.indexOf(`\n## ${from}`), guide.indexOf(`\n## ${to}`));
  for (const word of callouts) assert.ok(section('Everything a lesson', 'Every kind').includes(`| \`> [!${word}`), word);
  for (const key of keys) if (!['status', 'provider', 'statement', 'type', 'amount', 'note'].includes(key)) assert.ok(new RegExp(`[\`"]${key}[\`"]`).test(section('course.json', 'How we write')), key);
  for (const type of ['single', 'multiple', 'truefalse', 'order', 'match']) assert.ok(section('Every kind', 'Cases').includes(`* **${type}**`), type);
});
