// A course is written in the browser: three ways to begin, the check's own words by file and line,
// an editor that loses nothing, versions that can be taken back, and uploads that trust nobody.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { multipart, request, sourceDir, startServer, temporaryFolder, textOf, understory, view } from '../support/server.mjs';
import { session } from '../support/people.mjs';
import { folderFiles, zip, zipFiles } from '../support/zip.mjs';

let s, author, administrator;
before(async () => {
  s = await startServer({ demo: true });
  author = await session(s, 'author');
  administrator = await session(s, 'administrator');
});
after(() => s?.stop());

const humility = () => folderFiles(join(sourceDir, 'courses/humility'));

const sendFiles = (who, path, fields, accept) =>
  request(s, 'POST', path, { cookie: who.cookie, accept, agent: false, files: [['form_token', who.token], ...fields] });
const upload = (bytes, filename = 'course.zip', who = author) => sendFiles(who, '/authoring/upload', [['file', { filename, bytes }]]);

async function begin(title = 'Asking well', id = 'asking-well', who = author) {
  const answer = await who.post('/authoring/new', [['title', title], ['id', id]]);
  assert.equal(answer.status, 303, answer.text);
  return answer.headers.location;
}

async function uploaded(bytes, filename) {
  const answer = await upload(bytes, filename);
  assert.equal(answer.status, 303, textOf(answer.text).slice(0, 600));
  return answer.headers.location;
}

const editor = (draft, path, who = author) => view(s, `${draft}/edit?path=${encodeURIComponent(path)}`, who.cookie);
const save = (draft, path, text, base, who = author, accept) =>
  who.post(`${draft}/edit`, [['path', path], ['text', text], ['base', base]], accept);

async function saveChanged(draft, path, change, who = author) {
  const { text, base } = await editor(draft, path, who);
  const answer = await save(draft, path, change(text), base, who);
  assert.equal(answer.status, 303, textOf(answer.text).slice(0, 400));
  return answer;
}

const lines = (problems) => problems.flatMap((f) => f.lines.map((l) => `${f.file}:${l.line}:${l.column}: ${l.severity}[${l.code}]: ${l.message}\n  hint: ${l.hint}`));

test('a new course is small, complete and without errors, in every title', async () => {
  for (const [title, id] of [['Asking well', 'asking-well'], ['“Quotes” and "quotes" \\ {{id}}', 'x'], ['界'.repeat(120), `a-${'b'.repeat(38)}`]]) {
    const draft = await begin(title, id);
    const v = await view(s, draft, author.cookie);
    assert.equal(v.title, title);
    assert.equal(v.draft.course, id);
    assert.deepEqual(v.problems, []);
    assert.deepEqual(v.files.map((f) => f.path), ['cases/a-first-visit.md', 'course.json', 'facilitator.md', 'lessons/01-begin-with-a-moment.md',
      'lessons/02-make-it-yours.md', 'questions.md', 'references.md']);
  }
  for (const [title, id, words] of [['', 'x', /Title: please fill this in/], ['A', 'humility', /There is a course with this short name\. Copy it below, or choose another/], ['A', 'Not An Id', /lower-case letters, digits/], ['A', 'b'.repeat(41), /at most 40/], ['界'.repeat(121), 'x', /120 characters/]]) {
    const answer = await author.post('/authoring/new', [['title', title], ['id', id]]);
    assert.equal(answer.status, 422);
    assert.match(textOf(answer.text), words);
  }
});

test('a published course is copied as it was frozen, and goes home again as the same bytes', async () => {
  const answer = await author.post('/authoring/copy', [['course', 'humility']]);
  assert.equal(answer.status, 303, answer.text);
  const draft = answer.headers.location;
  const zipped = await author.get(`${draft}/download`);
  assert.equal(zipped.status, 200);
  assert.equal(zipped.headers['content-type'], 'application/zip');
  assert.match(zipped.headers['content-disposition'], /filename="humility\.zip"/);
  assert.deepEqual((await author.get(`${draft}/download`)).body, zipped.body, 'the same files, the same zip');

  const folder = await temporaryFolder('zip');
  try {
    writeFileSync(join(folder.path, 'x.zip'), zipped.body);
    execFileSync('python3', ['-c', 'import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', join(folder.path, 'x.zip'), join(folder.path, 'humility')]);
    const order = (list) => [...list].sort(([a], [b]) => (a < b ? -1 : 1));
    assert.deepEqual(order(folderFiles(join(folder.path, 'humility'))), order(humility()));
  } finally {
    await folder.remove();
  }
  assert.equal((await author.post('/authoring/copy', [['course', 'none-such']])).status, 404);
});

test('the page says what `understory check` says, line by line', async () => {
  const files = humility().map(([path, bytes]) => {
    let text = bytes.toString();
    if (path === 'course.json') text = text.replace('"minutes": 40', '"minuets": 40');
    if (path === 'questions.md') text = text.replace('objective: H1', 'objective: H9').replace(/\n  > The question was closed[^\n]*/, '');
    if (path.startsWith('lessons/02')) text += '\nA line with <b>tags</b> and [@Nobody2001].\n\n![](../media/none.png)\n';
    if (path.startsWith('cases/')) text = text.replace('(#bedside)', '(#nowhere)');
    if (path === 'references.md') text += '\n## Twice1\n\n## Twice1\n';
    return [path, Buffer.from(text)];
  });
  files.push(['notes.txt', Buffer.from('mine')]);
  const folder = await temporaryFolder('check');
  try {
    for (const [path, bytes] of files) {
      const to = join(folder.path, 'courses/humility', path);
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, bytes);
    }
    execFileSync('cp', [join(sourceDir, 'courses/site.json'), join(folder.path, 'courses')]);
    const { stdout, stderr } = await understory(['check', 'courses/humility'], { cwd: folder.path });
    const said = `${stdout}${stderr}`.split('\n').reduce((all, line) => {
      if (line.startsWith('courses/humility/')) all.push(line.slice('courses/humility/'.length));
      else if (line.startsWith('  hint')) all[all.length - 1] += `\n${line}`;
      return all;
    }, []);
    assert.ok(said.filter((l) => / error\[/.test(l)).length >= 8, said.join('\n'));
    const draft = await uploaded(zipFiles(files, 'humility'));
    const v = await view(s, draft, author.cookie);
    assert.deepEqual(lines(v.problems), said.filter((l) => !l.startsWith('notes.txt')));
    assert.equal(v.draft.errors, said.filter((l) => / error\[/.test(l)).length);
    assert.match(v.draft.note, /left out, as no course holds it: notes\.txt/);
    // Each is quoted, and leads to its line.
    const wrong = v.problems.flatMap((f) => f.lines).find((l) => l.code === 'Q08');
    assert.equal(wrong.quote, 'objective: H9');
    assert.equal((await author.get(wrong.href)).status, 200);
    const html = (await author.get(draft, 'text/html')).text;
    assert.ok(textOf(html).includes('objective: H9'));
    // What cannot be read is not said to be reviewed.
    const unread = await uploaded(zipFiles(files.map(([path, bytes]) => [path, path === 'course.json' ? Buffer.from('{,') : bytes]), 'humility'));
    assert.equal((await view(s, unread, author.cookie)).review.is_pilot, true);
  } finally {
    await folder.remove();
  }
});

test('a save shows at once what the check says now', async () => {
  const draft = await begin();
  const answer = await saveChanged(draft, 'questions.md', (t) => t.replace('objective: A1', 'objective: A7'));
  const v = await view(s, answer.headers.location, author.cookie);
  assert.match(v.saved_words, /^Saved \d\d:\d\d:\d\d$/);
  assert.deepEqual(v.problems.map((f) => f.lines.map((l) => [l.code, l.line])), [[['Q08', 4]]]);
  assert.equal((await view(s, draft, author.cookie)).draft.errors, 1);
  await saveChanged(draft, 'questions.md', (t) => t.replace('objective: A7', 'objective: A1'));
  assert.equal((await view(s, draft, author.cookie)).draft.errors, 0);
  // The same text again is no new version.
  const before = (await view(s, `${draft}/history`, author.cookie)).versions.length;
  await saveChanged(draft, 'questions.md', (t) => t);
  assert.equal((await view(s, `${draft}/history`, author.cookie)).versions.length, before);
});

test('text comes back as it was typed: line ends, tags, a first empty line', async () => {
  const draft = await begin();
  const typed = '\n# T <textarea></textarea> &amp; "q"\r\n\r\nLast line without end';
  const { base } = await editor(draft, 'lessons/01-begin-with-a-moment.md');
  await save(draft, 'lessons/01-begin-with-a-moment.md', typed, base);
  const v = await editor(draft, 'lessons/01-begin-with-a-moment.md');
  assert.equal(v.text, '\n# T <textarea></textarea> &amp; "q"\n\nLast line without end\n');
  const { text } = await author.get(`${draft}/edit?path=lessons/01-begin-with-a-moment.md`, 'text/html');
  assert.ok(text.includes('<textarea class="code" id="field-text" name="text" rows="26" spellcheck="true" wrap="soft">\n\n# T &lt;textarea&gt;'), 'the first line end of a textarea is not its content');
});

test('what is too long or no text is said beside the field, and what was typed stands there', async () => {
  const draft = await begin();
  const path = 'lessons/01-begin-with-a-moment.md';
  const { base } = await editor(draft, path);
  const long = `${'A long line of text, again and again.\n'.repeat(7000)}the end`;
  const answer = await save(draft, path, long, base, author, 'text/html');
  assert.equal(answer.status, 422);
  assert.ok(answer.text.includes('the end</textarea>'));
  assert.match(textOf(answer.text), /Text: please keep to 256 KB of text/);
  assert.equal((await save(draft, path, 'a\u0007b', base)).status, 422);
  assert.equal((await editor(draft, path)).base, base, 'nothing was saved');
});

test('two people who save one file both keep their words', async () => {
  const draft = await begin();
  const path = 'lessons/02-make-it-yours.md';
  const mine = await editor(draft, path), theirs = await editor(draft, path, administrator);
  assert.equal((await save(draft, path, `${theirs.text}\nTheirs.\n`, theirs.base, administrator)).status, 303);
  const answer = await save(draft, path, `${mine.text}\nMine <b>too</b>.\n`, mine.base, author, 'application/json');
  assert.equal(answer.status, 409, answer.text);
  assert.equal(answer.json.mine, `${mine.text}\nMine <b>too</b>.\n`);
  assert.equal(answer.json.text, `${theirs.text}\nTheirs.\n`);
  const html = (await save(draft, path, 'Mine <b>too</b>.', mine.base, author, 'text/html')).text;
  assert.match(textOf(html), /While you were writing/);
  assert.equal((await editor(draft, path)).text, `${theirs.text}\nTheirs.\n`, 'not overwritten');
  // Other files do not stand in the way.
  await saveChanged(draft, 'facilitator.md', (t) => `${t}\nMore.\n`);
  // And having seen both, one may decide.
  assert.equal((await save(draft, path, answer.json.mine, answer.json.base)).status, 303);
  assert.equal((await editor(draft, path)).text, answer.json.mine);
});

test('saves from many at once are all kept', async () => {
  const draft = await begin();
  const people = [author, administrator];
  const names = Array.from({ length: 12 }, (_, i) => `cases/extra-${i}.md`);
  const answers = await Promise.all(names.map((path, i) => people[i % 2].post(`${draft}/add`, [['path', path]])));
  assert.deepEqual(answers.map((a) => a.status), names.map(() => 303));
  const { files, draft: d } = await view(s, draft, author.cookie);
  assert.deepEqual(files.map((f) => f.path).filter((p) => /extra/.test(p)).length, 12);
  assert.equal(d.version, 13);
});

test('files are added, renamed and removed by the format’s rules', async () => {
  const draft = await begin();
  const added = await author.post(`${draft}/add`, [['path', 'lessons/03-asking-again.md']]);
  assert.equal(added.status, 303, added.text);
  assert.equal((await view(s, added.headers.location, author.cookie)).text, '# Asking again\n');
  for (const bad of ['lessons/../course.json', '/etc/passwd', 'lessons/a.txt', 'x.md', 'lessons\\a.md', 'lessons//a.md', 'lessons/sub/a.md', '.hidden', 'media/a.png', `lessons/${'a'.repeat(200)}.md`]) {
    const answer = await author.post(`${draft}/add`, [['path', bad]]);
    assert.equal(answer.status, 422, `${bad} → ${answer.status}`);
  }
  assert.equal((await author.post(`${draft}/add`, [['path', 'questions.md']])).status, 422, 'it is there already');
  const moved = await author.post(`${draft}/rename`, [['path', 'lessons/03-asking-again.md'], ['to', 'lessons/00-first.md']]);
  assert.equal(moved.status, 303, moved.text);
  assert.equal((await author.post(`${draft}/rename`, [['path', 'lessons/00-first.md'], ['to', 'questions.md']])).status, 422);
  assert.equal((await author.post(`${draft}/rename`, [['path', 'lessons/none.md'], ['to', 'lessons/x.md']])).status, 404);
  assert.equal((await author.post(`${draft}/remove`, [['path', 'lessons/00-first.md']])).status, 303);
  const { files } = await view(s, draft, author.cookie);
  assert.ok(!files.some((f) => /first\.md$|again/.test(f.path)));
  assert.deepEqual((await view(s, `${draft}/history`, author.cookie)).versions.map((v) => v.note),
    ['Removed lessons/00-first.md', 'Renamed lessons/03-asking-again.md to lessons/00-first.md', 'Added lessons/03-asking-again.md', 'Started as a new course']);
});

test('images come in by name, are shown and replaced', async () => {
  const draft = await begin();
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const answer = await sendFiles(author, `${draft}/image`, [['file', { filename: 'Line Chart (2).PNG', bytes: png }]]);
  assert.equal(answer.status, 303, answer.text);
  assert.match(answer.headers.location, /path=media\/line-chart-2\.png/);
  const shown = await author.get(`${draft}/media/line-chart-2.png`);
  assert.equal(shown.headers['content-type'], 'image/png');
  assert.deepEqual(shown.body, png);
  const other = Buffer.concat([png, Buffer.from('x')]);
  await sendFiles(author, `${draft}/image`, [['file', { filename: 'whatever.png', bytes: other }], ['path', 'media/line-chart-2.png']]);
  assert.deepEqual((await author.get(`${draft}/media/line-chart-2.png`)).body, other);
  for (const [filename, bytes] of [['x.exe', png], ['x.png', Buffer.alloc((1 << 20) + 1)], ['', Buffer.alloc(0)]]) {
    const bad = await sendFiles(author, `${draft}/image`, [['file', { filename, bytes }]]);
    assert.equal(bad.status, 422, filename);
  }
  assert.equal((await author.get(`${draft}/media/none.png`)).status, 404);
});

test('every save is a version, and any of them can be brought back', async () => {
  const draft = await begin();
  const first = (await author.get(`${draft}/download`)).body;
  await saveChanged(draft, 'facilitator.md', (t) => `${t}\nOne more.\n`);
  await author.post(`${draft}/remove`, [['path', 'cases/a-first-visit.md']]);
  const { versions } = await view(s, `${draft}/history`, author.cookie);
  assert.deepEqual(versions.map((v) => v.number), [3, 2, 1]);
  assert.ok(versions[0].is_present);
  assert.equal((await administrator.post(`${draft}/restore`, [['version', '1']])).status, 303);
  assert.deepEqual((await author.get(`${draft}/download`)).body, first);
  const after = (await view(s, `${draft}/history`, author.cookie)).versions;
  assert.equal(after[0].note, 'Restored version 1');
  assert.equal(after[0].saved_by, 'Joan Whitfield');
  assert.equal((await author.post(`${draft}/restore`, [['version', '99']])).status, 404);
});

test('a zip of the folder takes the place of all files, if nothing came between', async () => {
  const draft = await begin();
  const bytes = zipFiles(humility());
  await saveChanged(draft, 'facilitator.md', (t) => `${t}\nMeanwhile.\n`);
  const late = await sendFiles(author, `${draft}/upload`, [['version', '1'], ['file', { filename: 'h.zip', bytes }]]);
  assert.equal(late.status, 409);
  assert.match(textOf(late.text), /Nothing was replaced/);
  const good = await sendFiles(author, `${draft}/upload`, [['version', '2'], ['file', { filename: 'h.zip', bytes }]]);
  assert.equal(good.status, 303, good.text);
  const v = await view(s, draft, author.cookie);
  assert.equal(v.draft.course, 'humility');
  assert.equal(v.draft.note, 'Uploaded h.zip');
});

test('what computers put into a zip is passed over, and one folder around it taken off', async () => {
  const files = humility();
  const around = [{ name: 'humility/' }, ...files.map(([path, bytes]) => ({ name: `humility/${path}`, bytes, deflate: true })),
    { name: 'humility/.DS_Store', bytes: 'x' }, { name: '__MACOSX/humility/._course.json', bytes: 'x' }, { name: 'humility/.git/config', bytes: 'x' },
    { name: 'humility/lessons/01.md~', bytes: 'x' }];
  const draft = await uploaded(zip(around));
  const v = await view(s, draft, author.cookie);
  assert.deepEqual(v.files.map((f) => f.path).sort(), files.map(([path]) => path).sort());
  assert.equal(v.draft.note, 'Uploaded course.zip');
});

test('hostile zips are refused by name, and nothing of them stands', async () => {
  const drafts = async () => (await view(s, '/authoring', author.cookie)).mine.length;
  const count = await drafts();
  const sound = { name: 'course.json', bytes: '{}' };
  const [kb, mb] = [1024, 1 << 20];
  const cases = [
    [Buffer.from('not a zip'), /no zip that can be read/],
    [Buffer.alloc(0), /holds no course/],
    [zip([]), /holds no course/],
    [zip([{ name: 'readme.txt', bytes: 'x' }]), /holds no course/],
    [zip([sound, { name: '../course.json', bytes: 'x' }]), /“\.\.\/course\.json”/],
    [zip([sound, { name: 'lessons/../../x.md', bytes: 'x' }]), /leads outside/],
    [zip([sound, { name: '/etc/passwd', bytes: 'x' }]), /“\/etc\/passwd”/],
    [zip([sound, { name: 'C:/x.md', bytes: 'x' }]), /path of one computer/],
    [zip([sound, { name: 'lessons\\01.md', bytes: 'x' }]), /path of one computer/],
    [zip([sound, { name: 'lessons//01.md', bytes: 'x' }]), /no name that can be kept/],
    [zip([sound, { name: 'lessons/link.md', bytes: '/etc/passwd', mode: 0o120777 }]), /“lessons\/link\.md” in the zip is a link/],
    [zip([sound, { name: 'lessons/pipe.md', bytes: '', mode: 0o010644 }]), /special file/],
    [zip([sound, { name: Buffer.from('lessons/\xff.md', 'latin1'), bytes: 'x', flags: 0 }]), /not UTF-8/],
    [zip([sound, { name: 'lessons/a\nb.md', bytes: 'x' }]), /not UTF-8 text/],
    [zip([sound, sound]), /“course\.json” stands in the zip twice/],
    [zip([sound, { name: 'lessons/01-bomb.md', bytes: Buffer.alloc(4 * mb), deflate: true }]), /“lessons\/01-bomb\.md” is larger than 256 KB/],
    [zip([sound, { name: 'lessons/01-liar.md', bytes: Buffer.alloc(4 * mb), deflate: true, claims: 10 }]), /“lessons\/01-liar\.md”/],
    [zip([sound, ...Array.from({ length: 9 }, (_, i) => ({ name: `media/${i}.png`, bytes: Buffer.alloc(mb - kb), deflate: true }))]), /larger than 8 MB/],
    [zip([sound, ...Array.from({ length: 1200 }, (_, i) => ({ name: `lessons/${i}.md` }))]), /at most 1000 files/],
    [zip(Array.from({ length: 4500 }, (_, i) => ({ name: `x${i}.txt` }))), /more than 4000 files/],
    [zip([sound, { name: 'lessons/01-locked.md', bytes: 'xxxxxxxxxxxxxx', flags: 0x801 }]), /“lessons\/01-locked\.md” in the zip (is under a password|cannot be read)/],
    [zip([{ ...sound, bytes: '{}' }]).fill(7, 41, 43), /damaged/],
  ];
  for (const [bytes, words] of cases) {
    const answer = await upload(bytes);
    assert.equal(answer.status, 422, `${words}: ${answer.status}`);
    assert.match(textOf(/id="file-error">(.*?)<\/p>/s.exec(answer.text)[1]), words);
  }
  // The file's own name is shown as text, and the folder it had on another computer is not.
  const named = await upload(Buffer.from('x'), 'C:\\Users\\me\\<b>.zip');
  assert.equal(named.status, 422);
  assert.ok(!named.text.includes('<b>.zip'));
  assert.equal(await drafts(), count, 'nothing was made');
});

test('uploads are bounded, and who may is asked before a byte is read', async () => {
  const big = Buffer.alloc((16 << 20) + 8192);
  const answer = await upload(big).catch((e) => ({ status: e.code }));
  assert.ok([413, 422, 'ECONNRESET', 'EPIPE'].includes(answer.status), `${answer.status}`);
  const form = multipart([['file', { filename: 'x.zip', bytes: Buffer.alloc(4 << 20) }]]);
  const headers = { 'Content-Type': 'multipart/form-data; boundary=----understory-5f1c3f9a2b', Expect: '100-continue' };
  const mei = await session(s, 'mei');
  for (const [cookie, status] of [[undefined, 401], [mei.cookie, 403]]) {
    const started = Date.now();
    const refused = await request(s, 'POST', '/authoring/upload', { cookie, accept: 'application/json', headers: { ...headers, 'Content-Length': form.length }, body: '', agent: false });
    assert.equal(refused.status, status);
    assert.ok(Date.now() - started < 5000, 'without waiting for the body');
  }
});

test('who was signed out while writing gets the text back; a large one is not read', async () => {
  const draft = await begin(), path = 'facilitator.md', { text, base } = await editor(draft, path);
  const put = (words, who = {}) => request(s, 'POST', `${draft}/edit`, { form: [['path', path], ['text', words], ['base', base]], accept: 'text/html', agent: false, ...who });
  const answer = await put(`${text}An hour’s <work>.\n`);
  assert.equal(answer.status, 401);
  assert.match(answer.text, /An hour’s &lt;work&gt;\.\s*<\/pre>/);
  const mei = await session(s, 'mei');
  assert.equal((await put('Mine', { cookie: mei.cookie })).status, 403);
  const large = await put('x'.repeat(70000)).catch((e) => ({ status: e.code, text: '' }));
  assert.ok([401, 'ECONNRESET', 'EPIPE'].includes(large.status), `${large.status}`);
  assert.ok(!large.text.includes('xxx'));
  assert.equal((await editor(draft, path)).text, text, 'nothing was saved');
});

test('the form token counts in a form with a file as in any other', async () => {
  const bytes = zipFiles(humility());
  const send = (fields, headers) => request(s, 'POST', '/authoring/upload', { cookie: author.cookie, files: fields, headers });
  const file = ['file', { filename: 'h.zip', bytes }];
  assert.equal((await send([file])).status, 403);
  assert.equal((await send([['form_token', 'x'.repeat(43)], file])).status, 403);
  assert.equal((await send([['form_token', administrator.token], file])).status, 403);
  assert.equal((await send([['form_token', { filename: 't', bytes: author.token }], file])).status, 403, 'a file is no token');
  assert.equal((await send([file, ['form_token', author.token]])).status, 303, 'it may stand behind the file');
  assert.equal((await send([file], { 'X-Form-Token': author.token })).status, 303);
  assert.equal((await send([['form_token', author.token], file], { 'Sec-Fetch-Site': 'cross-site' })).status, 403);
  assert.equal((await send([['form_token', author.token], file, file])).status, 422, 'one file');
});

test('forms with files that cannot be read are refused as a whole', async () => {
  const send = (type, body) => request(s, 'POST', '/authoring/upload', { cookie: author.cookie, headers: { 'Content-Type': type, 'X-Form-Token': author.token }, body, accept: 'application/json' });
  const type = 'multipart/form-data; boundary=b';
  const part = (head, data = 'x') => `--b\r\n${head}\r\n\r\n${data}\r\n`;
  const named = 'Content-Disposition: form-data; name="file"; filename="a.zip"';
  for (const [t, body] of [
    ['multipart/form-data', `${part(named)}--b--\r\n`],
    ['multipart/form-data; boundary=', `${part(named)}--b--\r\n`],
    [`multipart/form-data; boundary=${'b'.repeat(71)}`, `${part(named)}--b--\r\n`],
    ['multipart/form-data; boundary="b ', `${part(named)}--b--\r\n`],
    ['multipart/form-data; boundary=b; boundary=c', `${part(named)}--b--\r\n`],
    [type, part(named)],
    [type, `${part(named).slice(0, -4)}`],
    [type, `--b\r\n${named}\r\n`],
    [type, `--b${part(named)}--b--\r\n`],
    [type, `${part('Content-Type: text/plain')}--b--\r\n`],
    [type, `${part('Content-Disposition: attachment; name="file"')}--b--\r\n`],
    [type, `${part('Content-Disposition: form-data; name=""')}--b--\r\n`],
    [type, `${part(`${named}\r\n${named}`)}--b--\r\n`],
    [type, `${part(`${named}\r\nContent-Transfer-Encoding: base64`)}--b--\r\n`],
    [type, `${part(`${named}\r\nX: ${'y'.repeat(3000)}`)}--b--\r\n`],
    [type, `${part('Content-Disposition: form-data; name="note"', 'a\0b')}--b--\r\n`],
    [type, `${part('Content-Disposition: form-data; name="note"').repeat(17)}--b--\r\n`],
    [type, 'no parts at all'],
  ]) {
    const answer = await send(t, body);
    assert.equal(answer.status, 400, `${t} ${JSON.stringify(body.slice(0, 80))} → ${answer.status}`);
  }
  // A preamble, blanks behind a delimiter and an epilogue are allowed; what follows is judged as a zip.
  const fine = `before\r\n--b \t\r\n${named}\r\n\r\nx\r\n--b-- \r\nafter`;
  const answer = await send(type, fine);
  assert.equal(answer.status, 422);
  assert.equal((await request(s, 'POST', '/authoring/new', { cookie: author.cookie, files: [['form_token', author.token]] })).status, 415, 'other forms take no files');
});

test('sent to the administrator: this version, without errors, and no other', async () => {
  const draft = await begin();
  assert.equal((await author.post(`${draft}/ready`, [['ready', 'yes']])).status, 303);
  assert.ok((await view(s, draft, administrator.cookie)).draft.is_ready);
  assert.ok((await view(s, '/authoring', administrator.cookie)).others.find((d) => d.href === draft).is_ready);
  await saveChanged(draft, 'questions.md', (t) => t.replace('objective: A1', 'objective: A7'));
  assert.ok(!(await view(s, draft, author.cookie)).draft.is_ready);
  assert.equal((await author.post(`${draft}/ready`, [['ready', 'yes']])).status, 409, 'it has an error');
});

test('a role counts from the moment it is granted, for somebody who is signed in already', async () => {
  const samuel = await session(s, 'samuel');
  assert.equal((await samuel.get('/authoring')).status, 403);
  assert.equal((await samuel.get('/')).text.includes('href="/authoring"'), false);
  const granted = await understory(['person', 'grant', 'samuel.goldberg@example.edu', 'author', '--data', s.data]);
  assert.equal(granted.code, 0, granted.stderr);
  assert.equal((await samuel.get('/authoring')).status, 200);
  assert.ok((await samuel.get('/')).text.includes('href="/authoring"'));
});

test('deleting says what goes, and takes an owner or an administrator', async () => {
  const draft = await begin();
  const other = await understory(['person', 'grant', 'rosa.delgado@example.edu', 'author', '--data', s.data]);
  assert.equal(other.code, 0, other.stderr);
  const rosa = await session(s, 'evaluator');
  assert.equal((await view(s, `${draft}/delete`, rosa.cookie)).may, false);
  assert.equal((await rosa.post(`${draft}/delete`)).status, 403);
  const page = await view(s, `${draft}/delete`, author.cookie);
  assert.equal(page.version_words, '1 version');
  assert.equal((await author.get(draft)).status, 200, 'looking deletes nothing');
  assert.equal((await author.post(`${draft}/delete`)).status, 303);
  assert.equal((await author.get(draft)).status, 404);
});

test('a draft keeps its newest versions and lets the oldest go', async () => {
  const draft = await begin();
  const file = (n) => Buffer.alloc((1 << 20) - 1024, n);
  for (let i = 0; i < 72; i++)
    assert.equal((await sendFiles(author, `${draft}/image`, [['path', 'media/a.png'], ['file', { filename: 'a.png', bytes: file(i) }]])).status, 303);
  const sql = (text) => execFileSync('sqlite3', ['-readonly', join(s.data, 'understory.db'), text], { encoding: 'utf8' }).trim();
  const id = sql(`SELECT id FROM draft WHERE uuid = '${draft.split('/').at(-1)}'`);
  for (let tries = 0; tries < 50 && Number(sql(`SELECT SUM(LENGTH(bytes)) FROM draft_blob WHERE draft = ${id}`)) > 64 << 20; tries++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(Number(sql(`SELECT SUM(LENGTH(bytes)) FROM draft_blob WHERE draft = ${id}`)) <= 64 << 20);
  const { versions } = await view(s, `${draft}/history`, author.cookie);
  assert.equal(versions[0].number, 73);
  assert.ok(versions.length >= 55 && versions.length < 73, `${versions.length}`);
  assert.deepEqual((await author.get(`${draft}/media/a.png`)).body, file(71));
  assert.equal((await author.post(`${draft}/restore`, [['version', '1']])).status, 404);
});

test('neither names nor titles of drafts stand in the log or the audit', async () => {
  await begin('Secretive title', 'secretive');
  const dump = execFileSync('sqlite3', ['-readonly', join(s.data, 'understory.db'), 'SELECT * FROM audit'], { encoding: 'utf8' });
  for (const text of [s.log(), dump]) assert.doesNotMatch(text, /ecretive|Moreau|Asking well/);
});
