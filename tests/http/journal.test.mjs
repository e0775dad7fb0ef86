// What people write for themselves is theirs: sealed on disk, shown to nobody else, gone when deleted.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { session } from '../support/people.mjs';
import { request, startServer, temporaryFolder, understory, view } from '../support/server.mjs';

const course = '/courses/humility';
const lesson = `${course}/where-competence-helped`;
const other = `${course}/repair`;
const json = 'application/json';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let s, samuel, mei, folder;

before(async () => {
  folder = await temporaryFolder('journal');
  s = await startServer({ demo: true });
  samuel = await session(s, 'samuel');
  mei = await session(s, 'mei');
  for (const person of [samuel, mei]) await person.post(`${course}/begin`);
});
after(async () => {
  await s.stop();
  await folder.remove();
});

const sql = (statement, data = s.data) => execFileSync('sqlite3', [join(data, 'understory.db'), statement], { encoding: 'utf8' }).trim();
/** As much as the journal takes: 10,000 characters, most of them of four bytes. */
const whole = `${'ع'.repeat(4999)}\n${'𠮷'.repeat(5000)}`;
const write = (person, where, prompt, text, base = '0', accept = 'text/html') =>
  person.post(`${where}/reflect`, [['prompt', prompt], ['base', base], ['text', text]], accept);
const journal = (person) => view(s, '/journal', person.cookie);
const entries = (j) => j.courses.flatMap((c) => c.lessons.flatMap((l) => l.entries));
const lessonPiece = async (person, where = lesson) => (await view(s, where, person.cookie)).pieces.find((p) => p.kind === 'reflect');

/** The bytes of the database and its log, as somebody who stole them has them. */
function stolen(data = s.data) {
  const files = readdirSync(data).filter((name) => name.startsWith('understory.db'));
  assert.ok(files.includes('understory.db'));
  return Buffer.concat(files.map((name) => readFileSync(join(data, name))));
}
const sealed = (uuid, data) => Buffer.from(sql(`SELECT hex(sealed) FROM reflection WHERE uuid = '${uuid}'`, data), 'hex');

async function goneWithin(bytes, ms) {
  for (const end = Date.now() + ms; stolen().includes(bytes) && Date.now() < end; ) await wait(50);
  return !stolen().includes(bytes);
}

test('writing is offered, never asked for', async () => {
  const { text } = await samuel.get(lesson);
  assert.match(text, /<details class="no-print">\s*<summary>Write it down, for your eyes only<\/summary>/);
  assert.match(text, /Nothing needs to be typed/);
  const empty = await write(samuel, lesson, 'r1', '  \n ');
  assert.equal(empty.status, 422);
  assert.match(empty.text, /nothing needs to be saved/);
  assert.deepEqual(entries(await journal(samuel)), []);
  assert.match((await samuel.get('/journal')).text, /Thinking is enough; writing is never needed to finish/);
});

test('beside every box stands who can read it, that it is no report, and what to leave out', async () => {
  for (const path of [lesson, other]) {
    const { text } = await samuel.get(path);
    const boxes = text.match(/<textarea\b[^>]*>/g);
    assert.equal(boxes.length, 1);
    const [, words] = /aria-describedby="([^" ]+)/.exec(boxes[0]);
    const [, said] = new RegExp(`id="${words}">([^<]*)<`).exec(text);
    assert.match(said, /colleagues, chairs and .* cannot see it/);
    assert.match(said, /It is not a report/);
    assert.match(said, /No patient details/);
    assert.match(said, /could be disclosed if the law requires/);
    assert.match(boxes[0], /autocomplete="off"/, 'nothing of it is kept by the browser');
  }
});

test('what is saved comes back, in the lesson and in the journal, with when', async () => {
  const text = 'I said “non-compliant”.\n\n<script>alert(1)</script> & the bus line was cut.';
  const saved = await write(samuel, lesson, 'r1', text);
  assert.equal(saved.status, 303);
  assert.equal(saved.headers.location, `${lesson}#reflect-r1`);
  const { writing } = await lessonPiece(samuel);
  assert.equal(writing.text, text);
  assert.match(writing.saved_words, /^Saved \d\d:\d\d:\d\d$/);
  const j = await journal(samuel);
  assert.equal(j.courses[0].lessons[0].title, (await view(s, lesson, samuel.cookie)).title);
  assert.equal(entries(j)[0].writing.text, text);
  assert.match(entries(j)[0].prompt_html, /Which custom of our profession/);
  const page = await samuel.get('/journal');
  assert.ok(page.text.includes('&lt;script&gt;alert(1)&lt;/script&gt; &amp; the bus line'));
  assert.ok(!page.text.includes('<script>alert'));
});

test('saving again replaces; what was changed elsewhere is not overwritten unseen', async () => {
  const before = await lessonPiece(samuel);
  const first = await write(samuel, lesson, 'r1', 'Second wording.', before.writing.base, json);
  assert.equal(first.status, 200);
  assert.match(first.json.saved_words, /^Saved \d\d:\d\d:\d\d$/);
  assert.notEqual(first.json.base, before.writing.base);
  const stale = await write(samuel, lesson, 'r1', 'From an older window.', before.writing.base);
  assert.equal(stale.status, 409);
  assert.match(stale.text, /changed in another window/);
  assert.match(stale.text, /Second wording\./);
  assert.match(stale.text, /From an older window\./);
  assert.equal((await lessonPiece(samuel)).writing.text, 'Second wording.');
  const twice = await write(samuel, lesson, 'r1', 'Second wording.', before.writing.base, json);
  assert.equal(twice.status, 200, 'the same sent twice is no conflict');
  const [, base] = /name="base" value="(\d+)"/.exec(stale.text);
  assert.equal((await write(samuel, lesson, 'r1', 'From an older window.', base)).status, 303, 'and having seen both, it may be');
  assert.equal(sql('SELECT COUNT(*) FROM reflection'), '1');
});

test('a text that is too long comes back whole, and nothing of it is saved', async () => {
  const text = 'Too long. '.repeat(1100).trim();
  const refused = await write(samuel, other, 'r2', text);
  assert.equal(refused.status, 422);
  assert.ok(refused.text.includes(text));
  assert.match(refused.text, /at most 10000 characters/);
  // As many characters as it says, of any script; a browser sends a line end as two bytes, which count once.
  assert.equal((await write(samuel, other, 'r2', 'ع'.repeat(10001))).status, 422);
  assert.equal((await write(samuel, other, 'r2', whole.replace('\n', '\r\n'))).status, 303);
  assert.equal((await lessonPiece(samuel, other)).writing.text, whole);
});

test('only prompts that the lesson has are taken, and only from who has begun', async () => {
  assert.equal((await write(samuel, lesson, 'r9', 'x')).status, 404);
  assert.equal((await write(samuel, `${course}/none-such`, 'r1', 'x')).status, 404);
  const chair = await session(s, 'chair-surgery');
  assert.equal((await write(chair, lesson, 'r1', 'x')).status, 409);
});

test('nobody else finds it: not a colleague, a chair, an evaluator or an administrator', async () => {
  const [entry] = entries(await journal(samuel));
  for (const who of ['mei', 'chair-medicine', 'evaluator', 'administrator']) {
    const person = await session(s, who);
    for (const accept of ['text/html', json]) {
      assert.equal((await person.get(entry.delete_href, accept)).status, 404, who);
      assert.equal((await person.post(entry.delete_href, [], accept)).status, 404, who);
      assert.equal((await person.post(entry.writing.action, [['base', entry.writing.base], ['text', 'mine now']], accept)).status, 404, who);
    }
    assert.deepEqual(entries(await journal(person)), [], who);
    for (const file of ['md', 'json']) {
      const { text } = await person.get(`/journal/download.${file}`);
      assert.ok(!text.includes('older window'), who);
    }
  }
  assert.equal((await request(s, 'GET', '/journal', { accept: json })).status, 401);
  assert.equal(entries(await journal(samuel))[0].writing.text, entry.writing.text);
});

test('no page, export, log or audit row of others holds a word of it', async () => {
  const word = 'quetzalcoatlus';
  const base = (await lessonPiece(samuel)).writing.base;
  await write(samuel, lesson, 'r1', `I thought of a ${word}.`, base);
  const administrator = await session(s, 'administrator');
  const evaluator = await session(s, 'evaluator');
  const { people } = await view(s, '/administration/people?q=samuel', administrator.cookie);
  for (const [person, path] of [
    [administrator, people[0].href], [administrator, '/administration'], [evaluator, '/outcomes'],
    [evaluator, '/outcomes/roster.csv?course=humility'], [evaluator, '/departments/medicine'], [evaluator, '/departments/medicine/roster.csv'],
  ])
    for (const accept of ['text/html', json]) {
      const { status, text } = await person.get(path, accept);
      assert.ok(status < 400, `${path}: ${status}`);
      assert.ok(!text.includes(word), path);
    }
  assert.ok(!s.log().includes(word));
  assert.ok(!sql('SELECT group_concat(action || subject || detail) FROM audit').includes(word));
  assert.ok(!stolen().includes(word));
});

test('who has the database reads nothing', async () => {
  const bytes = stolen();
  for (const { writing } of entries(await journal(samuel)))
    for (const part of [writing.text, writing.text.slice(0, 12), Buffer.from(writing.text).toString('base64').slice(0, 12), Buffer.from(writing.text, 'utf16le').subarray(0, 24)])
      assert.ok(!bytes.includes(part), String(part).slice(0, 40));
  assert.ok(bytes.includes('where-competence-helped'), 'the test looks at the right bytes');
});

test('an earlier wording leaves the disk soon after it was replaced', async () => {
  const [entry] = entries(await journal(samuel));
  const uuid = entry.id.slice('entry-'.length);
  const old = sealed(uuid);
  assert.ok(old.length > 40 && stolen().includes(old));
  const saved = await samuel.post(entry.writing.action, [['base', entry.writing.base], ['text', 'From the journal.']]);
  assert.equal(saved.headers.location, `/journal#${entry.id}`);
  assert.ok(await goneWithin(old, 10000));
  assert.ok(stolen().includes(sealed(uuid)));
});

test('deleting asks once, then deletes for good and says how long backups keep it', async () => {
  const [entry] = entries(await journal(samuel));
  const bytes = sealed(entry.id.slice('entry-'.length));
  const asks = await samuel.get(entry.delete_href);
  assert.match(asks.text, /deleted for good/);
  assert.match(asks.text, /Backups may keep it, sealed, for up to 35 days/);
  assert.equal(entries(await journal(samuel)).length, 2, 'looking deletes nothing');
  const done = await samuel.post(entry.delete_href);
  assert.equal(done.headers.location, '/journal?deleted=1');
  assert.match((await samuel.get('/journal?deleted=1')).text, /Deleted for good\. Backups may keep it, sealed, for up to 35 days\./);
  assert.equal(entries(await journal(samuel)).length, 1);
  assert.equal((await samuel.get(entry.delete_href)).status, 404);
  // The second of two quick clicks; somebody who never had it hears the same.
  const never = entry.delete_href.replace(/[0-9a-f]{8}/, '00000000');
  for (const answer of [await samuel.post(entry.delete_href, [], 'text/html'), await mei.post(entry.delete_href, [], 'text/html'), await samuel.post(never, [], 'text/html')]) {
    assert.equal(answer.status, 404);
    assert.match(answer.text, /<h1[^>]*>That is gone already<\/h1>[^]*Your journal does not hold this text any more\.[^]*<a class="button" href="\/journal">Go back/);
  }
  assert.ok(await goneWithin(bytes, 10000));
  assert.equal((await lessonPiece(samuel)).writing.is_saved, false);
});

test('nothing deleted lingers, however many texts stand beside it', async () => {
  const uuids = [];
  for (let i = 0; i < 6; i++) {
    const base = (await lessonPiece(mei)).writing.base;
    const text = `${i} `.repeat(100 * (i + 1));
    await write(mei, lesson, 'r1', text, base);
    uuids.push(sealed(sql('SELECT uuid FROM reflection ORDER BY id DESC LIMIT 1')));
  }
  const [entry] = entries(await journal(mei));
  await mei.post(entry.delete_href);
  for (const bytes of uuids) assert.ok(await goneWithin(bytes.subarray(33, 97), 10000));
});

test('everything one wrote can be taken along, as text and as JSON', async () => {
  await write(samuel, lesson, 'r1', 'Line one.\nLine two.');
  const md = await samuel.get('/journal/download.md');
  assert.equal(md.status, 200);
  assert.match(md.headers['content-type'], /^text\/markdown/);
  assert.match(md.headers['content-disposition'], /attachment; filename="journal\.md"/);
  assert.match(md.text, /^# What I wrote/);
  assert.match(md.text, /> Think ahead to your next clinic/);
  assert.ok(md.text.includes('\nLine one.\nLine two.\n'));
  const all = (await samuel.get('/journal/download.json')).json;
  assert.deepEqual(all.entries.map((n) => n.text).sort(), ['Line one.\nLine two.', whole].sort());
  assert.ok(!/[<>]/.test(all.entries[0].prompt));
});

test('rows that were swapped do not open, and say so without a word of either', async () => {
  const data = join(folder.path, 'swapped');
  await write(mei, lesson, 'r1', 'Mei wrote this.');
  await s.kill('SIGTERM');
  execFileSync('cp', ['-a', s.data, data]);
  const swap = (a, b) => sql(`BEGIN; CREATE TEMP TABLE t AS SELECT uuid, sealed FROM reflection;
    UPDATE reflection SET sealed = (SELECT sealed FROM t WHERE uuid = '${b}') WHERE uuid = '${a}';
    UPDATE reflection SET sealed = (SELECT sealed FROM t WHERE uuid = '${a}') WHERE uuid = '${b}'; COMMIT`, data);
  const [mine] = sql("SELECT r.uuid FROM reflection r JOIN person p ON p.id = r.person WHERE p.name LIKE 'Mei%'", data).split('\n');
  const theirs = sql("SELECT r.uuid FROM reflection r JOIN person p ON p.id = r.person WHERE p.name LIKE 'Samuel%' ORDER BY r.id", data).split('\n');
  assert.equal(theirs.length, 2);
  for (const [a, b] of [[mine, theirs[0]], theirs]) {
    swap(a, b);
    const t = await startServer({ data });
    try {
      const { text } = await request(t, 'GET', '/journal', { cookie: samuel.cookie });
      assert.match(text, /This text was altered and cannot be opened/);
      assert.ok(!text.includes('Mei wrote this'));
    } finally {
      await t.stop();
    }
    const verify = await understory(['audit', 'verify', '--data', data]);
    assert.equal(verify.code, 1);
    assert.match(verify.stderr, /reflection [0-9a-f-]{36} was altered/);
    swap(a, b);
  }
  assert.match((await understory(['audit', 'verify', '--data', data])).stdout, /Private writing opens with its key: 4 of 4 texts/);
  await s.start();
});

test('restore opens what was written, or says that the key is missing', async () => {
  const passphrase = join(folder.path, 'passphrase');
  const [tar, keys] = ['backup.tar', 'keys.sealed'].map((n) => join(folder.path, n));
  writeFileSync(passphrase, 'four plain words together\n');
  const made = await understory(['backup', tar, '--keys', keys, '--passphrase-file', passphrase, '--data', s.data]);
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /keys, sealed: 3/);
  const whole = await understory(['restore', tar, '--keys', keys, '--passphrase-file', passphrase, '--data', join(folder.path, 'whole')]);
  assert.equal(whole.code, 0, whole.stderr);
  assert.match(whole.stdout, /Private writing opens with its key: 4 of 4 texts, read by nobody/);
  assert.ok(existsSync(join(folder.path, 'whole', 'keys', 'private.key')));
  const without = await understory(['restore', tar, '--data', join(folder.path, 'without')]);
  assert.equal(without.code, 0, without.stderr);
  assert.match(without.stdout, /4 of 4 texts cannot be opened, because the key that sealed them is not/);
  assert.ok(!existsSync(join(folder.path, 'without', 'keys', 'private.key')), 'no new key takes its place');
});

test('without the key, and with another one, the site says so, keeps everything and takes nothing', async () => {
  const key = join(s.data, 'keys', 'private.key');
  const kept = sql('SELECT hex(sealed) FROM reflection ORDER BY id');
  for (const state of ['missing', 'another', 'readable by others']) {
    await s.kill('SIGTERM');
    renameSync(key, `${key}.away`);
    if (state === 'another') writeFileSync(key, `understory-private-key 1\n${'A'.repeat(43)}\n`, { mode: 0o600 });
    if (state === 'readable by others') writeFileSync(key, readFileSync(`${key}.away`), { mode: 0o644 });
    await s.start();
    assert.match(s.log(), /private writing is closed/, state);
    const page = await samuel.get('/journal');
    assert.equal(page.status, 200);
    assert.match(page.text, /Closed for now/, state);
    assert.match(page.text, /kept, sealed/, state);
    assert.ok(!page.text.includes('Line one'), state);
    const { writing } = await lessonPiece(samuel);
    assert.match(writing.closed, /closed for now/, state);
    const refused = await write(samuel, lesson, 'r1', 'Words that must not be lost.', writing.base);
    assert.equal(refused.status, 503, state);
    assert.match(refused.text, /Words that must not be lost\./, state);
    assert.match(refused.text, /Private writing is closed for now/, state);
    const { progress } = await view(s, course, samuel.cookie);
    assert.equal(progress.done, 0, 'and completes nothing');
    rmSync(key, { force: true });
    renameSync(`${key}.away`, key);
  }
  await s.restart();
  assert.equal(sql('SELECT hex(sealed) FROM reflection ORDER BY id'), kept);
  assert.ok((await samuel.get('/journal')).text.includes('Line one.'));
});

test('when the key is lost for good, people begin anew and nothing is deleted', async () => {
  const key = join(s.data, 'keys', 'private.key');
  const found = join(s.data, 'keys', 'private-found.key');
  const command = (...more) => understory(['key', 'new', 'private', '--data', s.data, ...more]);
  const kept = sql('SELECT hex(sealed) FROM reflection ORDER BY id');
  await samuel.post(`${course}/commit`, [['cue', 'I open a chart'], ['act', 'ask one question first']]);

  assert.equal((await command('--lost')).code, 1, 'the key is there');
  renameSync(key, `${key}.away`);
  const held = await command('--lost');
  assert.equal(held.code, 1);
  assert.match(held.stderr, /the running server still holds the key/);
  await s.restart();

  const shown = await command();
  assert.equal(shown.code, 3);
  assert.match(shown.stdout, /5 texts of 3 people were sealed with the key that is missing/);
  assert.match(shown.stderr, /Nothing was changed; say --lost/);
  assert.ok(!existsSync(key), 'showing makes nothing');
  const audits = () => sql("SELECT COUNT(*) FROM audit WHERE action = 'private-key.new' AND actor IS NULL");
  assert.equal(audits(), '0');

  const made = await command('--lost');
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stdout, /kept, sealed and set aside/);
  assert.match(made.stdout, /once\nthe server was started again/);
  assert.equal(audits(), '1');
  assert.equal((await command('--lost')).code, 1, 'and not twice');
  await s.restart();
  assert.equal(sql('SELECT hex(sealed) FROM reflection ORDER BY id'), kept);

  const page = await samuel.get('/journal');
  assert.match(page.text, /2 texts that you saved before .+ can&#39;t be opened at present: the key that kept them private was lost/);
  assert.match(page.text, /Nothing was deleted: they are kept, sealed/);
  assert.ok(!page.text.includes('Closed for now'));
  assert.match((await samuel.get('/commitments')).text, /One text that you saved before .+ can&#39;t be opened at present/);
  assert.equal((await view(s, '/journal', (await session(s, 'chair-surgery')).cookie)).lost_words, '', 'only its owners are told');

  const { writing } = await lessonPiece(samuel);
  assert.equal(writing.closed, '');
  assert.equal(writing.is_saved, false);
  assert.equal((await write(samuel, lesson, 'r1', 'Written anew.')).status, 303);
  assert.equal((await lessonPiece(samuel)).writing.text, 'Written anew.');
  const all = entries(await journal(samuel));
  assert.deepEqual(all.map((n) => [n.is_aside, n.writing.text.length]), [[true, 0], [true, 0], [false, 13]]);
  const edit = await samuel.post(all[0].writing.action, [['base', all[0].writing.base], ['text', 'Over it.']]);
  assert.equal(edit.status, 409, 'what was set aside is not overwritten');
  assert.match((await understory(['audit', 'verify', '--data', s.data])).stdout, /5 of 6 texts cannot be opened/);

  await s.kill('SIGTERM');
  renameSync(`${key}.away`, found);
  await s.start();
  const again = await journal(samuel);
  assert.equal(again.lost_words, '');
  assert.deepEqual(entries(again).map((n) => n.writing.text).sort(), ['Line one.\nLine two.', 'Written anew.', whole].sort());
  const old = entries(again).find((n) => n.writing.text.startsWith('Line one'));
  assert.equal((await samuel.post(old.delete_href)).status, 303, 'and may be deleted like any other');
  assert.match((await understory(['audit', 'verify', '--data', s.data])).stdout, /opens with its key: 5 of 5 texts/);
});
