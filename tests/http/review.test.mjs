// A colleague without an account reads one version of a draft and comments beside its paragraphs; the
// authors see each comment at its line, whatever version stands by then.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linksOf, request, startServer, temporaryFolder, textOf, understory, view } from '../support/server.mjs';
import { session } from '../support/people.mjs';
import { answerKey, plain } from '../support/key.mjs';

const start = Date.UTC(2026, 10, 22, 17, 5, 9);
let s, author, administrator, mei;
before(async () => {
  s = await startServer({ demo: true, env: { UNDERSTORY_NOW: '2026-11-22T17:05:09Z' } });
  author = await session(s, 'author');
  administrator = await session(s, 'administrator');
  mei = await session(s, 'mei');
});
after(() => s?.stop());

/** The server again, `days` after the beginning. */
async function onDay(days) {
  s.env.UNDERSTORY_NOW = new Date(start + days * 86400e3).toISOString().replace(/\.\d+/, '');
  await s.restart();
  [author, administrator, mei] = await Promise.all(['author', 'administrator', 'mei'].map((who) => session(s, who)));
}

const sql = (text) => execFileSync('sqlite3', ['-readonly', join(s.data, 'understory.db'), text], { encoding: 'utf8' }).trim();

async function begin(title = 'Asking well', id = 'asking-well') {
  const answer = await author.post('/authoring/new', [['title', title], ['id', id]]);
  assert.equal(answer.status, 303, answer.text);
  return answer.headers.location;
}

/** A new link's path. */
async function makeLink(draft, who = author) {
  const answer = await who.post(`${draft}/review`, [], 'application/json');
  assert.equal(answer.status, 200, answer.text);
  assert.equal(new URL(answer.json.link).pathname, answer.json.path);
  return answer.json.path;
}

const read = (path) => view(s, path);
const get = (path, accept = 'text/html') => request(s, 'GET', path, { accept });
const say = (path, block, name, comment, more = {}) =>
  request(s, 'POST', path, { form: [['block', block], ['name', name], ['comment', comment]], accept: 'text/html', ...more });

async function said(path, block, name, comment) {
  const answer = await say(path, block, name, comment);
  assert.equal(answer.status, 303, textOf(answer.text).slice(0, 500));
  return answer.headers.location;
}

async function save(draft, path, change) {
  const { text, base } = await view(s, `${draft}/edit?path=${encodeURIComponent(path)}`, author.cookie);
  assert.notEqual(change(text), text, 'something changes');
  const answer = await author.post(`${draft}/edit`, [['path', path], ['text', change(text)], ['base', base]]);
  assert.equal(answer.status, 303, answer.text);
}

const lessonOne = 'lessons/01-begin-with-a-moment.md';
const blockOf = (v, words) => {
  const found = v.blocks.filter((b) => b.about.includes(words) || b.text_html?.includes(words));
  assert.equal(found.length, 1, `one block with “${words}”`);
  return found[0];
};

test('the link is shown once, only its hash is kept, and the log does not tell it', async () => {
  const draft = await begin(), html = await author.post(`${draft}/review`, [], 'text/html');
  const [, path] = /<code>https?:\/\/[^/<]+(\/review\/[\w-]{43})<\/code>/.exec(html.text);
  assert.equal((await get(path)).status, 200);
  assert.match(textOf(html.text), /until Tue 22 Dec 2026/);
  const token = path.split('/')[2];
  for (const file of ['understory.db', 'understory.db-wal']) {
    const bytes = existsSync(join(s.data, file)) ? readFileSync(join(s.data, file)).toString('latin1') : '';
    assert.ok(!bytes.includes(token), `${file} holds no code`);
  }
  await new Promise((done) => setTimeout(done, 100));
  assert.ok(!s.log().includes(token));
  assert.match(s.log(), /GET \/review\/\{token\} 200/);
  const v = await view(s, draft, author.cookie);
  assert.ok(!JSON.stringify(v).includes(token));
  assert.deepEqual(v.review.links.map((k) => [k.version, k.comments, k.is_open, k.state_words]), [[1, 0, true, 'Until Tue 22 Dec 2026']]);
  assert.equal(sql("SELECT COUNT(*) FROM audit WHERE action = 'draft.review_link'"), '1');
});

test('who has the link reads all of it, without an account: lessons, scenes, questions with their reasons', async () => {
  const copied = (await author.post('/authoring/copy', [['course', 'humility']])).headers.location;
  const path = await makeLink(copied), first = await read(path);
  assert.equal(first.noindex, true);
  assert.deepEqual(first.path.map((p) => p.about).filter(Boolean), [...Array(7).fill('Lesson'), 'Case']);
  assert.deepEqual(first.path.slice(-3).map((p) => p.href.slice(path.length)), ['/questions', '/references', '/facilitator']);
  const walked = await view(s, `${copied}/walk/a-confident-mistake`, author.cookie);
  let shown = '', page = `${path}/lesson/a-confident-mistake`, parts = 0;
  for (; !page.endsWith('/sign') && parts < 20; parts++) {
    const html = await get(page);
    assert.equal(html.status, 200, page);
    assert.match(html.headers['cache-control'], /no-store/);
    assert.doesNotMatch(html.text, /data-active|form_token|\/challenge/);
    shown += ` ${plain(textOf(html.text))}`;
    page = (await read(page)).next.href;
  }
  assert.equal(parts, first.path.length, 'each part leads to the next');
  for (const piece of walked.pieces.filter((p) => p.text_html)) assert.ok(shown.includes(plain(textOf(piece.text_html).slice(0, 60))));
  for (const item of answerKey().values())
    for (const words of [...item.options.map((o) => o.rationale), item.explanation])
      assert.ok(shown.includes(plain(words.replace(/\[@[^\]]*\]/g, '').slice(0, 40))), `${item.id}: ${words}`);
  assert.doesNotMatch(shown, /\{(best|mixed|poor)\}/);
});

test('the walk’s words are the review’s words', async () => {
  const draft = await begin(), path = await makeLink(draft);
  const v = await read(`${path}/lesson/begin-with-a-moment`), walked = await view(s, `${draft}/walk/begin-with-a-moment`, author.cookie);
  const text = (list) => textOf(list.map((p) => p.text_html ?? '').join(' '));
  assert.equal(text(v.blocks), text(walked.pieces));
  assert.ok(v.blocks.find((b) => b.kind === 'text' && b.text_html.includes('callout key')));
  assert.deepEqual(v.references, walked.references);
  const { test_item: item } = v.blocks.find((b) => b.kind === 'question');
  assert.ok(item.options.some((o) => o.is_right) && item.options.every((o) => o.rationale_html));
  const scenes = await read(`${path}/case/a-first-visit`);
  assert.equal(scenes.blocks.filter((b) => b.scene).length, 5);
  assert.ok(scenes.blocks.filter((b) => b.decision).every((b) => b.decision.choices.every((c) => c.choice_html && c.consequence_html && c.leads_to)));
  for (const body of [JSON.stringify(scenes), (await get(`${path}/case/a-first-visit`)).text]) assert.doesNotMatch(body, /best|mixed|poor/);
});

test('a comment stands beside its paragraph with name and date, and with the author at its line', async () => {
  const draft = await begin(), path = await makeLink(draft), page = `${path}/lesson/begin-with-a-moment`;
  const block = blockOf(await read(page), 'Say how sure one can be');
  const to = await said(page, block.id, 'Dr. Vera Lind', 'Which study?\nI know of two.');
  assert.ok(to.endsWith(`#b-${block.id}`));
  const back = await read(to.split('#')[0]);
  assert.deepEqual(blockOf(back, 'Say how sure').comments.map((c) => [c.name, c.said_words, c.body, c.is_done]), [['Dr. Vera Lind', 'Sun 22 Nov 2026', 'Which study?\nI know of two.', false]]);
  // The name stays in the forms from page to page, and no address and no cookie holds it.
  assert.equal(back.reviewer, 'Dr. Vera Lind');
  assert.equal((await read(back.next.href)).reviewer, 'Dr. Vera Lind');
  assert.equal((await read(page)).reviewer, '');
  const lesson = await read(back.next.href), { case: opened } = lesson.blocks.find((b) => b.case);
  assert.equal((await read(opened.href)).reviewer, 'Dr. Vera Lind', 'also through the button that opens a case');
  assert.doesNotMatch(back.next.href, /Vera/);
  const html = await get(back.next.href);
  assert.ok(html.text.includes('value="Dr. Vera Lind"'));
  assert.equal(html.headers['set-cookie'], undefined);

  const v = await view(s, `${draft}/comments`, author.cookie);
  const source = (await view(s, `${draft}/edit?path=${lessonOne}`, author.cookie)).text.split('\n');
  const [comment] = v.files[0].comments;
  assert.equal(v.files[0].file, lessonOne);
  assert.match(source[comment.line - 1], /^Say how sure/);
  assert.ok(comment.edit_href.endsWith(`&line=${comment.line}`));
  assert.equal((await author.get(comment.edit_href)).status, 200);
  const onDraft = await view(s, draft, author.cookie);
  assert.equal(onDraft.review.comments_words, '1 comment, 1 open');
  assert.equal(onDraft.review.links[0].comments, 1);

  // Done, and open again.
  for (const [done, words] of [['yes', '1 comment, all done'], ['no', '1 comment, 1 open']]) {
    assert.equal((await author.post(`${draft}/comments`, [['comment', comment.id], ['done', done]])).status, 303);
    assert.equal((await view(s, draft, author.cookie)).review.comments_words, words);
    assert.equal(blockOf(await read(page), 'Say how sure').comments[0].is_done, done === 'yes');
  }
  assert.equal((await author.post(`${await begin()}/comments`, [['comment', comment.id], ['done', 'yes']])).status, 404, 'another draft’s');
});

test('what is said of a question in a lesson stands with the bank, too', async () => {
  const draft = await begin(), path = await makeLink(draft);
  const inLesson = (await read(`${path}/lesson/begin-with-a-moment`)).blocks.find((b) => b.kind === 'question');
  await said(`${path}/lesson/begin-with-a-moment`, inLesson.id, 'Ada', 'The second one is right, too.');
  const inBank = (await read(`${path}/questions`)).blocks.find((b) => b.has_comments);
  assert.equal(inBank.id, inLesson.id);
  const { files } = await view(s, `${draft}/comments`, author.cookie);
  assert.equal(files[0].file, 'questions.md');
  assert.equal(files.length, 1);
});

test('hostile words are words', async () => {
  const draft = await begin(), path = await makeLink(draft), page = `${path}/lesson/begin-with-a-moment`;
  const [block] = (await read(page)).blocks, evil = '<script>window.ran = 1</script>{{{page.form_token}}}"><img src=x onerror=alert(1)>';
  await said(page, block.id, evil.slice(0, 80), evil);
  for (const html of [(await get(page)).text, (await author.get(`${draft}/comments`, 'text/html')).text]) {
    assert.ok(html.includes('&lt;script&gt;window.ran = 1&lt;/script&gt;{{{page.form_token}}}&quot;&gt;&lt;img'));
    assert.doesNotMatch(html, /<script>|<img src=x/);
  }
  // Limits are said, and nothing typed is lost.
  for (const [name, comment, words] of [['', 'Well', /Your name: please fill this in/], ['Ada', '', /Comment: please fill this in/],
    ['Ada', 'é'.repeat(2001), /Comment: please use at most 2000 characters/], ['é'.repeat(81), 'Well', /Your name: please use at most 80/]]) {
    const answer = await say(page, block.id, name, comment);
    assert.equal(answer.status, 422);
    assert.match(textOf(answer.text), words);
    assert.ok(answer.text.includes(comment) && answer.text.includes(`value="${name}"`));
    assert.equal(answer.text.match(/<details open>/g).length, 1);
  }
  await said(page, block.id, 'é'.repeat(80), '界'.repeat(2000));
  assert.equal((await say(page, '0'.repeat(32), 'Ada', 'Where?')).status, 404);
  // The same words sent twice are one comment.
  await said(page, block.id, 'Ada', 'Once.');
  await said(page, block.id, 'Ada', 'Once.');
  assert.equal(sql("SELECT COUNT(*) FROM review_comment WHERE body = 'Once.'"), '1');
});

test('a comment stays with its paragraph over new versions; one whose paragraph changed says so', async () => {
  const draft = await begin(), path = await makeLink(draft), page = `${path}/lesson/begin-with-a-moment`, first = await read(page);
  await said(page, blockOf(first, 'Say how sure').id, 'Ada', 'Stays.');
  await said(page, blockOf(first, 'Then say what you saw').id, 'Ada', 'Goes.');
  // Text before it, and another number in the lesson's name, move it; its neighbor is written anew.
  await save(draft, lessonOne, (t) => t.replace('\nThen say what you saw in it.', '\nA new paragraph.\n\nThen say what surprised you in it.'));
  await author.post(`${draft}/rename`, [['path', lessonOne], ['to', 'lessons/00-begin-with-a-moment.md']]);
  const { files } = await view(s, `${draft}/comments`, author.cookie);
  assert.equal(files.length, 1);
  assert.equal(files[0].file, 'lessons/00-begin-with-a-moment.md');
  const source = (await view(s, `${draft}/edit?path=lessons/00-begin-with-a-moment.md`, author.cookie)).text.split('\n');
  assert.deepEqual(files[0].comments.map((c) => c.body), ['Stays.']);
  assert.match(source[files[0].comments[0].line - 1], /^Say how sure/);
  assert.deepEqual(files[0].gone.map((c) => c.body), ['Goes.']);
  assert.match(files[0].gone[0].excerpt, /^Then say what you saw in it\./);
  assert.match(textOf((await author.get(`${draft}/comments`, 'text/html')).text), /About a paragraph that has changed/);
  // The link shows what it was made for; a new one, the new version with what was said before.
  assert.deepEqual((await read(page)).blocks.flatMap((b) => b.comments.map((c) => c.body)), ['Goes.', 'Stays.']);
  const later = await read(`${await makeLink(draft)}/lesson/begin-with-a-moment`);
  assert.equal(later.review.version, 3);
  assert.deepEqual(later.blocks.flatMap((b) => b.comments.map((c) => c.body)), ['Stays.']);
  assert.deepEqual(later.gone.map((c) => c.body), ['Goes.']);
  // With errors the lines are still found.
  await save(draft, 'questions.md', (t) => t.replace('objective: A1', 'objective: A9'));
  assert.deepEqual((await view(s, `${draft}/comments`, author.cookie)).files[0].comments.map((c) => c.body), ['Stays.']);
  assert.equal((await author.post(`${draft}/review`, [], 'text/html')).status, 409);
  assert.match(textOf((await author.get(draft, 'text/html')).text), /Once the check finds no errors, you can make a link/);
  // A whole file may go.
  await save(draft, 'questions.md', (t) => t.replace('objective: A9', 'objective: A1'));
  await author.post(`${draft}/remove`, [['path', 'lessons/00-begin-with-a-moment.md']]);
  const gone = (await view(s, `${draft}/comments`, author.cookie)).files;
  assert.deepEqual(gone.map((f) => [f.file, f.gone.length]), [['Files that are gone', 2]]);
});

test('the same words twice in a file are two paragraphs', async () => {
  const draft = await begin();
  await save(draft, lessonOne, (t) => t.replace('## What is known\n', 'Again.\n\n## What is known\n\nAgain.\n'));
  const page = `${await makeLink(draft)}/lesson/begin-with-a-moment`;
  const twins = (await read(page)).blocks.filter((b) => b.about === 'Again.');
  assert.equal(new Set(twins.map((b) => b.id)).size, 2);
  await said(page, twins[1].id, 'Ada', 'The second.');
  assert.deepEqual((await read(page)).blocks.filter((b) => b.about === 'Again.').map((b) => b.comments.length), [0, 1]);
});

test('the forms are our own pages’ alone, and no other site learns the address', async () => {
  const path = await makeLink(await begin()), page = `${path}/lesson/begin-with-a-moment`, html = await get(page);
  // With no-referrer a browser without Sec-Fetch-Site would send “Origin: null”, and could not comment.
  assert.equal(html.headers['referrer-policy'], 'same-origin');
  assert.match(html.text, /<meta name="robots" content="noindex">/);
  for (const part of ['lesson/begin-with-a-moment', 'references'])
    for (const [tag] of (await get(`${path}/${part}`)).text.matchAll(/<a [^>]*href="https:[^>]*>/g)) assert.match(tag, /noreferrer/);
  const { id } = (await read(page)).blocks[0];
  const from = async (headers) => (await say(page, id, 'Ada', 'From where?', { headers: { 'Sec-Fetch-Site': null, ...headers } })).status;
  assert.equal(await from({ 'Sec-Fetch-Site': 'same-origin' }), 303);
  assert.equal(await from({ Origin: `http://127.0.0.1:${s.port}` }), 303);
  for (const headers of [{}, { Origin: 'null' }, { Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }]) assert.equal(await from(headers), 403);
  assert.ok(!linksOf(html.text).some((href) => href.startsWith('/sign-in?') && href.includes('review')), 'signing in does not hand the address on');
});

test('withdrawn, run out, unknown and of a deleted draft: one answer', async () => {
  const draft = await begin(), path = await makeLink(draft), other = await makeLink(draft), gone = await begin(), dead = await makeLink(gone);
  const page = `${path}/lesson/begin-with-a-moment`, { id } = (await read(page)).blocks[0];
  await said(`${dead}/lesson/begin-with-a-moment`, id, 'Ada', 'Before it was deleted.');
  const { links } = (await view(s, draft, author.cookie)).review;
  const withdraw = (where, link) => author.post(`${where}/review/withdraw`, [['link', link]]);
  assert.equal((await withdraw(gone, links[1].id)).status, 404, 'a link of another draft');
  assert.equal((await withdraw(draft, links[1].id)).status, 303);
  assert.equal((await author.post(`${gone}/delete`)).status, 303);
  assert.equal(sql(`SELECT (SELECT COUNT(*) FROM review_comment WHERE body LIKE 'Before it%'), (SELECT COUNT(*) FROM review_link k LEFT JOIN draft d ON d.id = k.draft WHERE d.id IS NULL)`), '0|0');
  assert.equal((await get(other)).status, 200, 'the other link is open');
  await onDay(29.9);
  assert.equal((await get(other)).status, 200);
  assert.match((await view(s, draft, author.cookie)).review.links[1].state_words, /^Withdrawn Sun 22 Nov 2026/);
  await onDay(30.01);
  const unknown = `/review/${'A'.repeat(43)}`;
  const bodies = [];
  for (const link of [path, other, dead, unknown])
    for (const rest of ['', '/lesson/begin-with-a-moment', '/media/x.png']) {
      const answer = await get(link + rest, 'application/json');
      assert.equal(answer.status, 404);
      bodies.push(JSON.stringify(answer.json));
    }
  assert.equal(new Set(bodies).size, 1, bodies.join('\n'));
  assert.equal((await say(`${other}/lesson/begin-with-a-moment`, id, 'Ada', 'Too late.')).status, 404);
  assert.match((await view(s, draft, author.cookie)).review.links[0].state_words, /^Ran out Tue 22 Dec 2026/);
  // Whoever guesses on is asked to wait; a right link is always answered.
  const open = await makeLink(draft);
  let status;
  for (let i = 0; i < 70 && status !== 429; i++) status = (await get(`/review/${'B'.repeat(40)}${100 + i}`)).status;
  assert.equal(status, 429);
  assert.equal((await get(open)).status, 200);
});

test('a flood is asked to wait, and a link takes 500 comments', async () => {
  const draft = await begin(), path = await makeLink(draft), page = `${path}/lesson/begin-with-a-moment`, { id } = (await read(page)).blocks[0];
  let answer, n = 0;
  for (; n < 60; n++) {
    answer = await say(page, id, 'Ada', `Comment ${n}`);
    if (answer.status !== 303) break;
  }
  assert.equal(answer.status, 429);
  assert.equal(n, 40);
  assert.match(textOf(answer.text), /Very many comments came through this link .* wait a little, then send it again/);
  assert.ok(answer.text.includes('Comment 40</textarea>'), 'what was typed is kept');
  const link = (await view(s, draft, author.cookie)).review.links[0].id;
  await s.restart();
  execFileSync('sqlite3', [join(s.data, 'understory.db'), `PRAGMA busy_timeout = 5000; WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 460)
    INSERT INTO review_comment (draft, link, file, block, line, excerpt, name, body, written_at) SELECT draft, link, file, block, line, excerpt, name, 'More ' || i, written_at FROM n, (SELECT * FROM review_comment WHERE link = ${link} LIMIT 1)`]);
  answer = await say(page, id, 'Ada', 'One too many');
  assert.equal(answer.status, 409);
  assert.match(textOf(answer.text), /This link holds 500 comments/);
  assert.ok(answer.text.includes('One too many</textarea>'));
  assert.equal((await view(s, draft, author.cookie)).review.links[0].comments, 500);
});

// ---- sign-offs ----

const sign = (path, name, role, more = [['stand_by', 'yes']]) => request(s, 'POST', `${path}/sign`, { form: [['name', name], ['role', role], ...more], accept: 'text/html' });
const answer = (draft, signoff, word, who = author) => who.post(`${draft}/signoffs/answer`, [['signoff', signoff], ['answer', word]], 'text/html');
const signoffsOf = async (draft) => (await view(s, draft, author.cookie)).review.signoffs;
const metadataOf = async (draft) => (await view(s, `${draft}/edit?path=course.json`, author.cookie)).text;

/** Marks the skeleton's reference as checked: without that, a sign-off cannot lift the pilot. */
const checkReference = (draft) => save(draft, 'references.md', (t) => t.replace('checked: unchecked', 'checked: 2026-11-20, Ines Moreau, against the paper'));

/** The draft's files in a folder, as an author takes them home. */
async function unpack(draft, folder) {
  const { body } = await author.get(`${draft}/download`);
  writeFileSync(join(folder, 'draft.zip'), body);
  execFileSync('python3', ['-c', 'import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', join(folder, 'draft.zip'), join(folder, 'courses/asking-in-time')]);
}

test('a confirmed sign-off names the reviewer in course.json and lifts the pilot, in the walk and when published', async () => {
  await onDay(0);
  const draft = await begin('Asking well', 'asking-in-time');
  await checkReference(draft);
  const path = await makeLink(draft), before = await metadataOf(draft);
  assert.match(textOf((await get(`${path}/lesson/make-it-yours`)).text), /version 2/);
  assert.equal((await sign(path, 'Dr. Vera Lind', '', [['stand_by', 'yes']])).status, 422);
  const empty = await request(s, 'POST', `${path}/sign`, { form: [], accept: 'application/json' });
  assert.deepEqual(empty.json.errors.map((e) => e.field), ['name', 'role', 'stand_by']);
  const unticked = await sign(path, 'Dr. Vera Lind', 'Ethicist', []);
  assert.equal(unticked.status, 422);
  assert.match(textOf(unticked.text), /Tick the box if you have read this version and stand by it/);
  assert.ok(unticked.text.includes('value="Dr. Vera Lind"'));
  assert.equal((await sign(path, 'Dr. Vera Lind', 'Clinical "ethicist", county hospital')).status, 303);
  assert.equal((await sign(path, 'Dr. Vera Lind', 'Clinical "ethicist", county hospital')).status, 303, 'twice is once');
  let [signoff, none] = await signoffsOf(draft);
  assert.equal(none, undefined);
  assert.deepEqual([signoff.version, signoff.signed_words, signoff.state_words, signoff.may_confirm], [2, 'Sun 22 Nov 2026', 'Waits for your answer', true]);
  assert.equal(await metadataOf(draft), before, 'nobody is named before an author confirms it');
  assert.equal((await view(s, `${draft}/walk`, author.cookie)).is_pilot, true);

  assert.equal((await answer(draft, signoff.id, 'confirm', mei)).status, 403);
  assert.equal((await answer(draft, signoff.id, 'confirm', administrator)).status, 303);
  const after = await metadataOf(draft), reviewer = '{"name":"Dr. Vera Lind","role":"Clinical \\"ethicist\\", county hospital","date":"2026-11-22"}';
  assert.equal(after, before.replace('"reviewers": []', `"reviewers": [\n    ${reviewer}\n  ]`).replace('"stage": "pilot"', '"stage": "released"'), 'nothing else moved');
  const v = await view(s, draft, author.cookie);
  assert.equal(v.draft.version, 3);
  assert.equal(v.draft.note, 'Confirmed the sign-off of version 2 by Dr. Vera Lind, Clinical "ethicist", county hospital; no longer a pilot');
  assert.equal(v.draft.errors, 0);
  assert.match(v.review.pilot_words, /^It is no pilot any more/);
  assert.equal((await view(s, `${draft}/walk`, author.cookie)).is_pilot, false);
  assert.doesNotMatch((await author.get(`${draft}/walk`, 'text/html')).text, /Pilot/);
  assert.equal((await answer(draft, signoff.id, 'confirm')).status, 409);
  assert.equal((await answer(draft, signoff.id, 'decline')).status, 409);

  // A second reviewer of the same version: that the first was named changes nothing for them.
  assert.equal((await sign(path, 'Prof. Emil Roth', 'Chair')).status, 303);
  [signoff] = await signoffsOf(draft);
  assert.equal((await answer(draft, signoff.id, 'confirm')).status, 303);
  const { reviewers, stage } = JSON.parse(await metadataOf(draft));
  assert.deepEqual([reviewers.map((r) => [r.name, r.date]), stage], [[['Dr. Vera Lind', '2026-11-22'], ['Prof. Emil Roth', '2026-11-22']], 'released']);

  // Outside, too: the command line finds nothing, and the published course is no pilot.
  const folder = await temporaryFolder('signed');
  try {
    await unpack(draft, folder.path);
    const { code, stdout, stderr } = await understory(['check', join(folder.path, 'courses/asking-in-time')]);
    assert.equal(code, 0, stdout + stderr);
    const published = await understory(['publish', join(folder.path, 'courses/asking-in-time'), '--data', s.data]);
    assert.equal(published.code, 0, published.stdout + published.stderr);
    const course = await mei.get('/courses/asking-in-time', 'text/html');
    assert.equal(course.status, 200);
    assert.doesNotMatch(textOf(course.text), /Pilot/);
  } finally {
    await folder.remove();
  }
  // Rows for proof hold no names.
  const audit = sql("SELECT action, subject, detail FROM audit WHERE action LIKE 'draft.signoff%'");
  assert.match(audit, /draft\.signoff_confirm/);
  assert.doesNotMatch(audit, /Lind|Roth|ethicist/);
});

test('a sign-off holds for what was read: after a change it is refused in plain words, and asked for anew', async () => {
  const draft = await begin();
  await checkReference(draft);
  const path = await makeLink(draft);
  await sign(path, 'Dr. Vera Lind', 'Ethicist');
  await save(draft, lessonOne, (t) => t.replace('Say how sure one can be.', 'Say how sure one is.'));
  await save(draft, 'course.json', (t) => t.replace('"minutes": 18', '"minutes": 19'));
  const [signoff] = await signoffsOf(draft), before = await metadataOf(draft);
  assert.equal(signoff.may_confirm, false);
  assert.match(signoff.changed_words, /The draft has changed since \(course\.json, lessons\/01-begin-with-a-moment\.md\)/);
  const refused = await answer(draft, signoff.id, 'confirm');
  assert.equal(refused.status, 409);
  assert.match(textOf(refused.text), /has changed since version 2 was signed \(course\.json, lessons\/01-begin-with-a-moment\.md\), .* ask for a new sign-off/);
  assert.equal(await metadataOf(draft), before);
  // The layout of course.json alone is no content.
  await save(draft, lessonOne, (t) => t.replace('Say how sure one is.', 'Say how sure one can be.'));
  await save(draft, 'course.json', (t) => t.replace('"minutes": 19', '"minutes":   18'));
  assert.equal((await signoffsOf(draft))[0].may_confirm, true);
  await save(draft, lessonOne, (t) => t.replace('Say how sure one can be.', 'Say how sure one is.'));
  const again = await makeLink(draft);
  await sign(again, 'Dr. Vera Lind', 'Ethicist');
  const [fresh, old] = await signoffsOf(draft);
  assert.equal(old.id, signoff.id);
  assert.equal((await answer(draft, fresh.id, 'confirm')).status, 303);
  assert.equal(JSON.parse(await metadataOf(draft)).reviewers.length, 1);
  await save(draft, lessonOne, (t) => t.replace('Say how sure one is.', 'Say how sure you are.'));
  assert.match((await signoffsOf(draft))[0].changed_words, /^The draft has changed since: lessons\/01/);
});

test('confirmed by one author and declined by another at the same instant: one wins, and nothing of the other is left', async () => {
  const draft = await begin(), won = new Set();
  for (let i = 0; i < 24; i++) {
    const path = await makeLink(draft), name = `Reviewer ${i}`;
    await sign(path, name, 'Ethicist');
    const [{ id }] = await signoffsOf(draft);
    const [yes, no] = await Promise.all([
      answer(draft, id, 'confirm'),
      new Promise((done) => setTimeout(done, i)).then(() => answer(draft, id, 'decline', administrator)),
    ]);
    assert.deepEqual([yes.status, no.status].sort(), [303, 409], `round ${i}`);
    const isNamed = (await metadataOf(draft)).includes(`"${name}"`), [{ state_words: state }] = await signoffsOf(draft);
    assert.equal(isNamed, yes.status === 303, `round ${i}: ${state}`);
    assert.match(state, isNamed ? /^Confirmed/ : /^Declined/);
    won.add(isNamed);
  }
  assert.ok(won.has(true), 'some were confirmed');
});

test('as long as a cited reference is unchecked, a reviewer is named and it stays a pilot', async () => {
  const draft = await begin(), path = await makeLink(draft);
  await sign(path, 'Dr. Vera Lind', 'Ethicist');
  const [signoff] = await signoffsOf(draft);
  assert.equal((await answer(draft, signoff.id, 'confirm')).status, 303);
  const v = await view(s, draft, author.cookie), { reviewers, stage } = JSON.parse(await metadataOf(draft));
  assert.deepEqual([reviewers.length, stage, v.draft.errors], [1, 'pilot', 0]);
  assert.match(v.draft.note, /still a pilot$/);
  assert.match(v.review.pilot_words, /still a pilot: it cites references that nobody has checked/);
});

test('an author records what was signed on paper, and declines what nobody knows', async () => {
  const draft = await begin();
  await checkReference(draft);
  const record = (fields, who = author) => who.post(`${draft}/signoffs`, Object.entries({ name: 'Prof. Emil Roth', role: 'Chair', signed_on: '2026-10-01', version: 2, ...fields }), 'text/html');
  assert.equal((await record({}, mei)).status, 403);
  for (const [fields, words] of [[{ name: '' }, /Reviewer's name: please fill this in/], [{ signed_on: '2199-01-01' }, /Signed on: please give a day that has been/], [{ name: 'é'.repeat(81) }, /at most 80/]]) {
    const wrong = await record(fields);
    assert.equal(wrong.status, 422);
    assert.match(textOf(wrong.text), words);
  }
  assert.equal((await record({ version: 9 })).status, 404);
  assert.equal((await record({})).status, 303);
  let [paper] = await signoffsOf(draft);
  assert.deepEqual([paper.is_on_paper, paper.signed_words, paper.version], [true, 'Thu 1 Oct 2026', 2]);
  assert.equal((await answer(draft, paper.id, 'confirm')).status, 303);
  assert.deepEqual(JSON.parse(await metadataOf(draft)).reviewers, [{ name: 'Prof. Emil Roth', role: 'Chair', date: '2026-10-01' }]);
  const path = await makeLink(draft);
  await sign(path, 'Nobody Known', 'Passer-by');
  const [unknown] = await signoffsOf(draft);
  assert.equal((await answer(await begin(), unknown.id, 'decline')).status, 404, 'another draft’s');
  assert.equal((await answer(draft, unknown.id, 'decline')).status, 303);
  assert.match((await signoffsOf(draft))[0].state_words, /^Declined/);
  assert.equal((await answer(draft, unknown.id, 'confirm')).status, 409);
  assert.equal(JSON.parse(await metadataOf(draft)).reviewers.length, 1);
  assert.equal((await author.post(`${draft}/delete`)).status, 303);
  assert.equal(sql("SELECT COUNT(*) FROM review_signoff WHERE name = 'Nobody Known'"), '0');
});

test('links and comments are authors’ business', async () => {
  const draft = await begin(), comments = `${draft}/comments`;
  assert.equal((await mei.get(comments)).status, 403);
  for (const [path, fields] of [[`${draft}/review`, []], [`${draft}/review/withdraw`, [['link', 1]]], [comments, [['comment', 1], ['done', 'yes']]]])
    assert.equal((await mei.post(path, fields)).status, 403, path);
  assert.equal((await administrator.get(comments)).status, 200);
  assert.equal((await get(comments, 'application/json')).status, 401);
});
