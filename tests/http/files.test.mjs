// The files of a certificate: what a holder downloads, judged by other people's readers of PDF, PNG
// and QR codes (poppler, qpdf, zbar).
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { deflateSync } from 'node:zlib';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from '../support/zip.mjs';
import { buildDir, sourceDir, startServer, request, signIn, formToken, view, textOf, temporaryFolder, understory } from '../support/server.mjs';

const run = promisify(execFile);
const most = 120_000; // bytes of a PDF

// Line by line as they would be typed; a title of its own behind a tab.
const names = [
  'Amara Okafor',
  'Zoë Nguyễn-O’Brien',
  'Nguyễn Thị Bích Ngọc',
  'Nguye\u0302\u0303n Thi\u0323 Ngo\u0323c', // the same letters, each accent by itself
  'محمد بن عبد الله الفارسي',
  'الدكتورة لمياء لا آل خليفة', // a letter pair that is always joined, alone
  'د. أحمد Smith الخطيب',
  'Smith د. أحمد (أ.ب.) 3',
  'Dr. שָׂרָה כהן־לוי',
  'می\u200cخواهم نام', // a joiner's opposite inside a word
  'ޝާހިދު',
  '李小龍',
  '山田 太郎さくら',
  '김민준',
  'अनुष्का क्षत्रिय श्री',
  'क्\u200dष Test', // a half letter, asked for by a joiner
  'প্রিয়াঙ্কা চট্টোপাধ্যায়',
  'தமிழ்ச்செல்வி சுப்பிரமணியம்',
  'สมชาย ใจดี น้ำเพชร',
  'ზურაბ ჯაფარიძე',
  'Հայկ Սարգսյան',
  'ሰላማዊት ተስፋዬ',
  'Ηλέκτρα Παπαδοπούλου',
  'Александр Щербаков',
  '<script>alert(1)</script> Ann & <b>Bo</b>',
  '{{name}} {{{raw}}} %s %n Bo',
  'Back\\slash "Quoted" O\'Neil (née) [x]',
  'Officer Flaffig fjord ffl ſt',
  'Ma\u0301ria d\u0323e\u0327 x\u030c\u0301',
  'A'.repeat(120),
  'Maximilian Alexander Bartholomew Christopher Montgomery-Featherstonehaugh von und zu Hohenlohe-Langenburg-Schillingsfürs\tStructure in the room: from social history to structural assessment, mentoring across difference, the minority tax, and a plan that sticks: module completed',
  '李'.repeat(120),
  'محمد عبد '.repeat(13).trim(),
  '𠮷野家 Kun',
  'Ann 😀',
  'Bo 👩🏽‍⚕️',
  'Zoe ❤ Max',
];

let s, amara, mine, bytes, folder;
before(async () => {
  folder = await temporaryFolder('files');
  const logo = await keep('logo.png', picture(60, 30));
  s = await startServer({ demo: true, args: ['--logo', logo, '--signatory', 'Dr. Maya Whitfield', '--signatory-role', 'Director'] });
  amara = await signIn(s, 'amara');
  [mine] = (await view(s, '/certificates', amara)).certificates;
  bytes = (await request(s, 'GET', mine.credential_href)).body;
});
after(async () => {
  await s?.stop();
  await folder?.remove();
});

async function printAll() {
  const LSAN_OPTIONS = `suppressions=${join(sourceDir, 'tests', 'support', 'lsan-cairo.txt')}:print_suppressions=0`;
  const child = run(join(buildDir, 'tests', 'judge_print'), [folder.path], { env: { ...process.env, LSAN_OPTIONS } });
  child.child.stdin.end(names.map((n) => `${n}\n`).join(''));
  await child;
  return names.map((line, n) => ({ name: line.split('\t')[0], title: line.split('\t')[1], at: (ending) => join(folder.path, `${n}.${ending}`) }));
}

const file = (name) => `/v/${mine.public_href.slice(3)}/${name}`;
const keep = async (name, content) => {
  await writeFile(join(folder.path, name), content);
  return join(folder.path, name);
};
const out = async (program, ...args) => (await run(program, args, { maxBuffer: 1 << 24, encoding: 'utf8' })).stdout;

/** Marks of direction that a reader of right-to-left text puts around it, and where lines break. */
const bare = (text) => text.replace(/[\u202a-\u202e\u200e\u200f\u2066-\u2069]/g, '').replace(/\s+/g, '');

/** The record that hangs in a PDF. */
async function attached(pdf) {
  await run('pdfdetach', ['-save', '1', '-o', `${pdf}.json`, pdf]);
  return readFile(`${pdf}.json`);
}

/** The chunks of a PNG, each with its CRC checked. */
function chunks(png) {
  const list = [];
  assert.equal(png.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  for (let at = 8; at < png.length; ) {
    const n = png.readUInt32BE(at), type = png.toString('latin1', at + 4, at + 8);
    assert.equal(crc32(png.subarray(at + 4, at + 8 + n)), png.readUInt32BE(at + 8 + n), type);
    list.push({ type, data: png.subarray(at + 8, at + 8 + n) });
    at += 12 + n;
  }
  return list;
}

/** A red picture. */
function picture(width, height) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]), n = Buffer.alloc(4), crc = Buffer.alloc(4);
    n.writeUInt32BE(data.length);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([n, body, crc]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // eight bits of red, green and blue
  const row = Buffer.concat([Buffer.from([0]), ...Array(width).fill(Buffer.from([200, 0, 0]))]);
  const rows = deflateSync(Buffer.concat(Array(height).fill(row)));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** The one baked record. */
function baked(png) {
  const texts = chunks(png).filter((c) => /^[tzi][ET]Xt$/.test(c.type));
  assert.equal(texts.length, 1);
  assert.equal(texts[0].type, 'iTXt');
  const head = Buffer.from('openbadgecredential\0\0\0\0\0', 'latin1');
  assert.deepEqual(texts[0].data.subarray(0, head.length), head, 'its keyword, not compressed');
  return texts[0].data.subarray(head.length);
}

async function qr(pdf) {
  await run('pdftoppm', ['-r', '150', '-gray', '-f', '1', '-l', '1', '-singlefile', pdf, pdf]);
  return (await out('zbarimg', '-q', '--raw', `${pdf}.pgm`)).trim();
}

test('both papers are tagged, have a language, a title and a QR code that leads to the public page', async () => {
  for (const [paper, size] of [['letter', '612 x 792 pts (letter)'], ['a4', '595.276 x 841.89 pts (A4)']]) {
    const answer = await request(s, 'GET', file(`certificate.pdf?paper=${paper}`));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'application/pdf');
    const [, course] = JSON.parse(bytes).credentialSubject.achievement.id.match(/\/courses\/([^/]+)\//);
    assert.equal(answer.headers['content-disposition'], `attachment; filename="certificate-${course}.pdf"`);
    const pdf = await keep(`${paper}.pdf`, answer.body);
    const info = await out('pdfinfo', pdf), structure = await out('pdfinfo', '-struct', pdf);
    assert.match(info, /^Tagged: +yes$/m);
    assert.match(info, new RegExp(`^Title: +${mine.title}$`, 'm'));
    assert.ok(info.includes(`Page size:       ${size}`), info);
    assert.match(info, /^Pages: +1$/m);
    assert.match(await out('pdfinfo', '-meta', pdf), /<dc:language><rdf:Bag><rdf:li>en</);
    for (const element of ['Document', 'H1', 'H2', 'P', 'Figure', 'Link']) assert.match(structure, new RegExp(`^ *${element}`, 'm'));
    const json = JSON.parse(await out('qpdf', '--json', '--json-key=qpdf', pdf));
    const objects = Object.values(json.qpdf[1]).map((o) => o.value ?? o.stream?.dict);
    const catalogue = objects.find((o) => o?.['/Type'] === '/Catalog');
    assert.equal(catalogue['/Lang'], 'u:en');
    assert.equal(catalogue['/MarkInfo']['/Marked'], true);
    assert.ok(objects.some((o) => o?.['/S'] === '/Figure' && o['/Alt'] === `u:QR code of ${mine.public_url}`));
    assert.ok(objects.some((o) => o?.['/S'] === '/Figure' && /^u:Logo of /.test(o['/Alt'])));
    assert.match(await out('pdfimages', '-list', pdf), /image +60 +30/);
    assert.ok(objects.some((o) => o?.['/S'] === '/H2' && o['/ActualText'] === `u:${mine.holder}`), 'read aloud as it was typed');
    assert.ok(objects.some((o) => o?.['/AFRelationship'] === '/Data'));
    assert.equal(await qr(pdf), mine.public_url);
    const text = await out('pdftotext', pdf, '-');
    for (const words of ['Dr. Maya Whitfield', 'Director', mine.holder, mine.title, mine.code, 'A demonstration from a site on trial: it certifies nothing']) assert.ok(text.includes(words), words);
  }
  const plain = await request(s, 'GET', file('certificate.pdf'));
  assert.deepEqual(plain.body, await readFile(join(folder.path, 'letter.pdf')), 'the site’s own paper');
  assert.equal((await request(s, 'GET', file('certificate.pdf?paper=b5'))).status, 422);
});

test('what was signed comes back out of PDF and picture byte for byte, and verifies', async () => {
  const pdf = await keep('mine.pdf', (await request(s, 'GET', file('certificate.pdf'))).body);
  const picture = await request(s, 'GET', file('certificate.png'));
  assert.equal(picture.headers['content-type'], 'image/png');
  assert.ok(picture.body.length < 200_000);
  assert.deepEqual(await attached(pdf), bytes);
  assert.deepEqual(baked(picture.body), bytes);
  const twin = await request(s, 'GET', file('credential.jcs.json'));
  assert.deepEqual({ ...twin.json, proof: 0 }, { ...JSON.parse(bytes), proof: 0 });
  assert.equal(twin.json.proof.cryptosuite, 'eddsa-jcs-2022');
  const bundle = await keep('mine.zip', (await request(s, 'GET', file('bundle.zip'))).body);
  const did = await keep('did.json', (await request(s, 'GET', '/.well-known/did.json')).body);
  const list = new URL(JSON.parse(bytes).credentialStatus.statusListCredential).pathname;
  const status = await keep('status.json', (await request(s, 'GET', list)).body);
  const inside = [await keep('pdf.json', await attached(pdf)), await keep('png.json', baked(picture.body))];
  const whole = [pdf, await keep('mine.png', picture.body), bundle, await keep('mine.jcs.json', twin.body)];
  for (const path of [...inside, ...whole]) {
    const { code, stdout, stderr } = await understory(['verify', path, '--did', did, '--status', status]);
    assert.equal(code, 0, `${path}: ${stdout}${stderr}`);
  }
});

test('the bundle holds what checking offline takes, says so, and is good with the issuer’s keys alone', async () => {
  const { code, stdout } = await understory(['log', 'checkpoint', '--json', '--data', s.data]);
  assert.equal(code, 0);
  const answer = await request(s, 'GET', file('bundle.zip')), again = await request(s, 'GET', file('bundle.zip'));
  assert.equal(answer.headers['content-type'], 'application/zip');
  assert.deepEqual(answer.body, again.body, 'the same until something in it changes');
  const zip = await keep('offline.zip', answer.body);
  const script = 'import json,sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps([z.comment.decode(), {n: z.read(n).decode() for n in z.namelist()}]))';
  const [comment, files] = JSON.parse(await out('python3', '-c', script, zip));
  assert.deepEqual(Object.keys(files), ['credential.json', 'did.json', 'status.json', 'log-proof.txt', 'checkpoint.txt'],
    'and no log-consistency.txt: it was issued before the log’s first checkpoint (log.test.mjs has one that was not)');
  for (const name of Object.keys(files)) assert.ok(comment.includes(`  ${name} `), `${name} is explained`);
  assert.equal(files['credential.json'], bytes.toString());
  assert.equal(files['did.json'], (await request(s, 'GET', '/.well-known/did.json')).text);
  assert.ok(files['log-proof.txt'].endsWith(files['checkpoint.txt']));
  assert.equal(files['checkpoint.txt'].split('\n')[1], String(JSON.parse(stdout).size));
  const verify = await understory(['verify', zip, '--did', await keep('did.json', files['did.json'])]);
  assert.equal(verify.code, 0, verify.stdout + verify.stderr);
  assert.equal((await understory(['verify', zip])).code, 6, 'the keys that come along are no proof of themselves');
});

test('everybody gets the same bytes, at once or later; a client that has them is told so', async () => {
  for (const name of ['certificate.png', 'certificate.pdf?paper=a4']) {
    const answers = await Promise.all(Array.from({ length: 6 }, () => request(s, 'GET', file(name))));
    for (const answer of answers) assert.deepEqual(answer.body, answers[0].body);
    const again = await request(s, 'GET', file(name), { headers: { 'If-None-Match': answers[0].headers.etag } });
    assert.equal(again.status, 304);
  }
});

test('a stored file that was altered is named by the audit; one that was lost is made again alike, once', async () => {
  const database = join(s.data, 'understory.db'), stored = await readFile(join(folder.path, 'a4.pdf'));
  const audit = () => understory(['audit', 'verify', '--json', '--data', s.data]);
  const before = JSON.parse((await audit()).stdout).certificate_files;
  assert.ok(before >= 3);
  await s.kill('SIGTERM');
  const hello = createHash('sha256').update('hello').digest('hex');
  for (const [as, words] of [["bytes = x'00'", /its stored pdf-a4 was altered/], [`bytes = CAST('hello' AS BLOB), sha256 = x'${hello}'`, /its stored pdf-a4 does not hold it/]]) {
    await out('sqlite3', database, `UPDATE certificate_file SET ${as} WHERE kind = 'pdf-a4'`);
    const { code, stderr } = await audit();
    assert.equal(code, 1);
    assert.match(stderr, words);
  }
  await out('sqlite3', database, "DELETE FROM certificate_file WHERE kind = 'pdf-a4'");
  await s.start();
  const atOnce = await Promise.all(Array.from({ length: 6 }, () => request(s, 'GET', file('certificate.pdf?paper=a4'))));
  for (const answer of atOnce) assert.deepEqual(answer.body, stored);
  assert.equal(JSON.parse((await audit()).stdout).certificate_files, before);
});

test('the pages offer every file, and a link that is switched off gives them to the holder alone', async () => {
  const offered = ['certificate.pdf', `certificate.pdf?paper=a4`, 'certificate.png', 'credential.json', 'bundle.zip', 'credential.jcs.json'];
  for (const [path, cookie] of [[mine.href, amara], [mine.public_href, undefined]]) {
    const { text } = await request(s, 'GET', path, { cookie });
    for (const name of offered) assert.ok(text.includes(`href="${file(name)}"`), `${name} on ${path}`);
  }
  const share = async (to) => request(s, 'POST', `${mine.href}/share`, { cookie: amara, form: { form_token: await formToken(s, amara), to } });
  assert.equal((await share('off')).status, 303);
  for (const name of offered) {
    assert.equal((await request(s, 'GET', file(name))).status, 403, name);
    const own = await request(s, 'GET', file(name), { cookie: amara });
    assert.equal(own.status, 200, name);
    assert.equal(own.headers['cache-control'], 'private, no-store', name);
  }
  assert.equal((await share('on')).status, 303);
});

test('a code that is not known gets no file, whatever file is asked for', async () => {
  const answers = [];
  for (const name of ['certificate.pdf', 'certificate.png', 'bundle.zip', 'credential.jcs.json', 'credential.json'])
    answers.push(await request(s, 'GET', `/v/${'0'.repeat(26)}/${name}`));
  for (const answer of answers) {
    assert.equal(answer.status, 404);
    assert.equal(textOf(answer.text), textOf(answers[0].text));
  }
});

test('a name that cannot be printed is refused where it is set, and the letter is named', async () => {
  const mei = await signIn(s, 'mei');
  const set = async (certificate_name) =>
    request(s, 'POST', '/account/certificate-name', { cookie: mei, form: { form_token: await formToken(s, mei), certificate_name } });
  const refused = await set('Mei 😀');
  assert.equal(refused.status, 422);
  assert.match(textOf(refused.text), /The certificate cannot be printed with “😀” \(U\+1F600\)/);
  assert.match(refused.text, /value="Mei 😀"/, 'what was typed stays');
  assert.equal((await set('梅 Mei')).status, 303);
});

test('a logo that is no picture stops the start with a word', async () => {
  const data = ['--data', join(folder.path, 'x'), '--listen', '127.0.0.1:1'];
  const text = await keep('logo.txt', 'no picture');
  const half = await keep('half.png', picture(60, 30).subarray(0, 60)), large = await keep('large.png', picture(2001, 1));
  for (const [path, words] of [[text, /is not a PNG picture/], ['none.png', /cannot be opened/], [large, /2001 by 1 pixels/], [half, /cannot be read/]]) {
    const { code, stderr } = await understory(['serve', ...data, '--logo', path]);
    assert.ok(code > 0, path);
    assert.match(stderr, /logo: /);
    assert.match(stderr, words);
  }
  assert.match((await understory(['serve', ...data, '--paper', 'b5'])).stderr, /paper: write letter or a4/);
});

test('every name comes out of the PDF as it was typed, or is refused with a word about the letter', async () => {
  const made = await printAll();
  const checks = made.map(async ({ name, title, at }) => {
    if (existsSync(at('refused'))) {
      assert.match(name, /\p{Extended_Pictographic}/u, `${name} was refused`);
      const emoji = name.match(/\p{Extended_Pictographic}/u)[0];
      const said = await readFile(at('refused'), 'utf8');
      assert.ok(said.includes(`“${emoji}” (U+${emoji.codePointAt(0).toString(16).toUpperCase()})`), said);
      return;
    }
    const [text, check] = await Promise.all([out('pdftotext', at('pdf'), '-'), out('qpdf', '--check', at('pdf'))]);
    assert.ok(bare(text).includes(bare(name)), `${name} reads ${text.slice(0, 400)}`);
    if (title) {
      assert.ok(bare(text).includes(bare(title)), title);
      assert.ok((await out('pdfinfo', '-struct-text', at('pdf'))).includes(`"${title}"`), 'one element, with the space where a line breaks');
    }
    assert.match(text, /does not certify competence/);
    assert.match(check, /No syntax or stream encoding errors found/);
    const pdf = await readFile(at('pdf'));
    assert.ok(pdf.length <= most, `${name}: ${pdf.length} bytes`);
    assert.deepEqual(await attached(at('pdf')), await readFile(at('json')), name);
    if (existsSync(at('png'))) assert.deepEqual(baked(await readFile(at('png'))), await readFile(at('json')), name);
  });
  await Promise.all(checks);
  const count = (ending) => made.filter(({ at }) => existsSync(at(ending))).length;
  assert.equal(count('refused'), 3, 'colour pictures are no letters');
  assert.ok(count('png') > 4);
});
