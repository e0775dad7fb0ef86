// A certificate after it was issued: revoked, superseded, expired by its list, kept to oneself; to
// whoever has its link, to its holder, to an administrator, and to `understory verify`.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { startServer, request, signIn, view, textOf, headingOf, understory, temporaryFolder } from '../support/server.mjs';
import { editCourse } from '../support/pages.mjs';
import { session } from '../support/people.mjs';
import { answerKey } from '../support/key.mjs';

const start = Date.parse('2026-11-22T17:05:09Z');
const at = (days) => new Date(start + days * 86400e3).toISOString().replace(/\.\d+/, '');
let s, folder, admin, amara, mine;
before(async () => {
  s = await startServer({ demo: true, ownCourses: true, env: { UNDERSTORY_NOW: at(0) } });
  folder = await temporaryFolder('status');
  admin = await session(s, 'administrator');
  amara = await session(s, 'amara');
  [mine] = (await view(s, '/certificates', amara.cookie)).certificates;
});
after(async () => {
  await s?.stop();
  await folder?.remove();
});

const cli = async (...args) => {
  const done = await understory(['certificate', ...args, '--json', '--data', s.data], { env: s.env });
  return { ...done, out: done.code === 0 ? JSON.parse(done.stdout) : null };
};

/** One more person with a certificate, by testing out. */
async function graduate(name) {
  const email = `${name.toLowerCase().replace(/\W+/g, '.')}@example.edu`;
  const added = await understory(['person', 'add', '--name', name, '--email', email, '--json', '--data', s.data], { env: s.env });
  assert.equal(added.code, 0, added.stderr);
  const { uuid } = JSON.parse(added.stdout), person = await session(s, uuid);
  await passCheck(person, name);
  return { uuid, ...person, ...(await view(s, '/certificates', person.cookie)).certificates[0] };
}

async function passCheck(person, name) {
  const key = answerKey(), attempt = (await person.post('/courses/humility/check')).headers.location;
  for (const { item } of (await view(s, `${attempt}?view=all`, person.cookie)).items)
    await person.post(`${attempt}/answer`, [['item', item], ...key.get(item).key.map((n) => ['answer', n])], 'application/json');
  const done = await person.post(`${attempt}/submit`, [['certificate_name', name]]);
  assert.equal(done.headers.location, '/courses/humility/completed');
}

const fileOf = async (certificate, cookie) => (await request(s, 'GET', certificate.credential_href, { cookie })).text;
const listOf = (bytes) => new URL(JSON.parse(bytes).credentialStatus.statusListCredential).pathname;
const adminHref = (certificate) => `/administration/certificates/${certificate.href.split('/').at(-1)}`;

/** An hour later, since the server's clock goes on from its start. */
async function verify(bytes, { did, status, when = at(1 / 24) }) {
  const path = (name) => join(folder.path, name);
  await Promise.all([writeFile(path('c.json'), bytes), writeFile(path('did.json'), did), writeFile(path('list.json'), status)]);
  return understory(['verify', path('c.json'), '--did', path('did.json'), '--status', path('list.json'), '--at', when]);
}

const published = async (bytes) => ({
  did: (await request(s, 'GET', '/.well-known/did.json')).text,
  status: (await request(s, 'GET', listOf(bytes))).text,
});

function bits(list) {
  const bytes = gunzipSync(Buffer.from(JSON.parse(list).credentialSubject.encodedList.slice(1), 'base64url'));
  return { bytes, has: (i) => (bytes[i >> 3] & (0x80 >> (i & 7))) !== 0, count: bytes.reduce((n, b) => n + b.toString(2).replaceAll('0', '').length, 0) };
}

/** Every file that hangs on a certificate's link: none of them is given out. */
async function givesNoFile(certificate, secret) {
  const files = Object.keys((await request(s, 'GET', '/api')).json.paths).filter((path) => path.startsWith('/v/{token}/'));
  assert.ok(files.length >= 4, files.join(' '));
  for (const path of files) {
    const answer = await request(s, 'GET', path.replace('/v/{token}', certificate.public_href));
    assert.equal(answer.status, 403, path);
    assert.doesNotMatch(answer.text, secret);
  }
}

test('an administrator finds a certificate by its holder, its code, its link and its identifier', async () => {
  const find = (q) => admin.get(`/administration/certificates?q=${encodeURIComponent(q)}`);
  assert.match(textOf((await find('okafor')).text), /Okafor/);
  for (const q of [mine.code, mine.public_url, mine.public_url.toLowerCase(), mine.href.split('/').at(-1)])
    assert.equal((await find(q)).headers.location, adminHref(mine), q);
  assert.match(textOf((await find('zzz')).text), /None is found/);
});

test('what is typed is not lost, and nothing is done before the reason is given', async () => {
  const page = await admin.get(`${adminHref(mine)}/revoke`);
  assert.match(textOf(page.text), /This is final/);
  const long = 'x'.repeat(301);
  for (const [reason, words] of [['', /Reason/], [long, /at most 300/]]) {
    const again = await admin.post(`${adminHref(mine)}/revoke`, [['reason', reason]]);
    assert.equal(again.status, 422);
    assert.match(textOf(again.text), words);
    assert.ok(again.text.includes(`value="${reason}"`));
  }
  assert.equal((await view(s, mine.public_href)).verdict, 'valid');
});

test('revoked: the page, the bit and verify say so at once, and for good', async () => {
  const who = await graduate('Rosa Field'), bytes = await fileOf(who);
  const before = await published(bytes);
  assert.equal((await verify(bytes, before)).code, 0);
  const done = await admin.post(`${adminHref(who)}/revoke`, [['reason', 'Given out to the wrong person']]);
  assert.equal(done.headers.location, `${adminHref(who)}?done=revoked`);
  const after = await published(bytes), index = Number(JSON.parse(bytes).credentialStatus.statusListIndex);
  assert.equal(bits(before.status).has(index), false);
  assert.equal(bits(after.status).has(index), true);
  assert.equal(bits(after.status).count, bits(before.status).count + 1);
  const verdict = await verify(bytes, after);
  assert.equal(verdict.code, 3, verdict.stdout);
  const page = await request(s, 'GET', who.public_href);
  assert.equal(page.status, 200);
  assert.equal(headingOf(page.text), 'Revoked');
  assert.doesNotMatch(page.text, /wrong person/);
  assert.match(textOf((await who.get('/certificates')).text), /Revoked\..*gave this reason: Given out to the wrong person\./);
  assert.equal((await admin.post(`${adminHref(who)}/revoke`, [['reason', 'Again']])).status, 409);
  assert.equal((await request(s, 'GET', who.credential_href)).text, bytes, 'the file stays: its check says what it is worth');
});

test('superseded: the old page shows its status and not a word more, also as JSON; its files are not given out', async () => {
  const who = await graduate('Iris Brook'), bytes = await fileOf(who);
  const { code, out } = await cli('supersede', who.code, '--reason', 'The name was mistyped');
  assert.equal(code, 0);
  const page = await request(s, 'GET', who.public_href);
  assert.equal(page.status, 200);
  assert.equal(headingOf(page.text), 'Superseded');
  const json = await view(s, who.public_href);
  assert.equal(json.verdict, 'superseded');
  for (const text of [page.text, JSON.stringify(json)]) {
    assert.doesNotMatch(text, /Brook|mistyped|humility|Humility/);
    for (const secret of [out.code, out.uuid, who.href.split('/').at(-1)]) assert.ok(!text.includes(secret), secret);
  }
  await givesNoFile(who, /Brook/);
  assert.equal((await verify(bytes, await published(bytes))).code, 3);
  const pasted = await request(s, 'POST', '/verify', { form: { credential: bytes } });
  assert.equal(headingOf(pasted.text), 'Superseded');
  assert.ok(!pasted.text.includes(out.code) && !pasted.text.includes(out.uuid));
  const own = await view(s, '/certificates', who.cookie);
  assert.equal(own.certificates.length, 1);
  assert.equal(own.certificates[0].state, 'valid');
  assert.equal(own.earlier[0].state, 'superseded');
  const fresh = await fileOf(own.certificates[0]);
  assert.equal(JSON.parse(fresh).awardedDate, JSON.parse(bytes).awardedDate);
  assert.equal((await verify(fresh, await published(fresh))).code, 0);
  assert.equal((await cli('supersede', who.code, '--reason', 'Again')).code, 1, 'once is enough');
});

test('a new name replaces what was issued, after a page that says so', async () => {
  const who = await graduate('Lena Stone');
  const change = (more = []) => who.post('/account/certificate-name', [['certificate_name', 'Lena Rivers'], ...more]);
  const asked = await change();
  assert.equal(asked.status, 200);
  assert.match(textOf(asked.text), /One certificate carries another name/);
  assert.equal((await view(s, who.public_href)).verdict, 'valid', 'asking changes nothing');
  const done = await change([['replace', 'on']]);
  assert.equal(done.headers.location, '/account?saved=name-replaced');
  const { certificates, earlier } = await view(s, '/certificates', who.cookie);
  assert.equal(certificates[0].holder, 'Lena Rivers');
  assert.equal(earlier.length, 1);
  assert.equal((await view(s, who.public_href)).verdict, 'superseded');
  assert.equal((await view(s, certificates[0].public_href)).verdict, 'valid');
  assert.equal((await change()).headers.location, '/account?saved=name', 'nothing is left to replace');
});

test('a name that is changed on and on fills neither list nor log', async () => {
  const who = await graduate('Iris Dale'), answers = [];
  for (let i = 0; i < 11; i++) answers.push(await who.post('/account/certificate-name', [['certificate_name', `Iris Dale ${'I'.repeat(i + 1)}`], ['replace', 'on']]));
  assert.deepEqual(answers.map((answer) => answer.status), [...Array(10).fill(303), 429]);
  assert.match(textOf(answers[10].text), /changed many times within a day/);
  const { certificates, earlier } = await view(s, '/certificates', who.cookie);
  assert.deepEqual([certificates[0].holder, earlier.length], [`Iris Dale ${'I'.repeat(10)}`, 10]);
});

test('kept to oneself: the link says so and nothing else, the holder still has the files, and it can be switched on again', async () => {
  const who = await graduate('Noor Vale'), bytes = await fileOf(who);
  const share = (to, person = who) => person.post(`${who.href}/share`, [['to', to]]);
  assert.equal((await share('off', amara)).status, 404, 'only the holder');
  const back = (await share('off')).headers.location;
  assert.match((await who.get(back.split('#')[0])).text, /<h2 id="sharing">Share it<\/h2>\s*<p class="status saved" role="status">/, 'said where the page opens');
  const page = await request(s, 'GET', who.public_href);
  assert.equal(page.status, 200);
  assert.equal(headingOf(page.text), 'Not shared');
  assert.doesNotMatch(page.text + JSON.stringify(await view(s, who.public_href)), /Vale|umility/);
  await givesNoFile(who, /Vale/);
  assert.equal(await fileOf(who, who.cookie), bytes);
  assert.equal((await verify(bytes, await published(bytes))).code, 0, 'a file that was given out is as good as before');
  const { out } = await cli('supersede', who.code, '--reason', 'A new key');
  assert.equal(out.shared, false, 'the one that takes its place is not shared either');
  const [fresh] = (await view(s, '/certificates', who.cookie)).certificates;
  await who.post(`${fresh.href}/share`, [['to', 'on']]);
  assert.equal((await view(s, fresh.public_href)).verdict, 'valid');
});

test('the command line shows, lists, revokes with a reason, and says what is missing', async () => {
  const who = await graduate('Vito Lane');
  assert.equal((await cli('revoke', who.code)).code, 2);
  assert.equal((await cli('show')).code, 2);
  const unknown = await cli('show', '00000000000000000000000000');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /no certificate here has the code/);
  const { out } = await cli('show', who.public_url);
  assert.deepEqual([out.state, out.current, out.shared, out.name], ['valid', true, true, 'Vito Lane']);
  assert.equal((await cli('list', 'lane')).out.certificates[0].uuid, out.uuid);
  const revoked = await cli('revoke', out.uuid, '--reason', 'Somebody else sat the check');
  assert.deepEqual([revoked.out.state, revoked.out.reason], ['revoked', 'Somebody else sat the check']);
  assert.equal((await view(s, who.public_href)).verdict, 'revoked');
  const { code, stdout } = await understory(['audit', 'verify', '--data', s.data], { env: s.env });
  assert.equal(code, 0, stdout);
});

test('ten thousand guessed codes find nothing, and are slowed after a few; whoever has a right one is not', async () => {
  const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const guess = () => `0${Array.from({ length: 25 }, () => digits[Math.floor(Math.random() * 32)]).join('')}`;
  const seen = { 404: 0, 429: 0 };
  for (let round = 0; round < 200; round++) {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) =>
      request(s, 'HEAD', `/v/${guess()}${['', '/credential.json'][i % 2]}`)));
    for (const { status } of answers) seen[status] = (seen[status] ?? 0) + 1;
  }
  assert.deepEqual(Object.keys(seen), ['404', '429'], JSON.stringify(seen));
  assert.equal(seen[404] + seen[429], 10000);
  assert.ok(seen[404] <= 60, `${seen[404]} were looked up`);
  const waits = await request(s, 'GET', `/v/${guess()}`);
  assert.ok(Number(waits.headers['retry-after']) > 0);
  assert.equal((await view(s, mine.public_href)).verdict, 'valid');
});

/** The server once more, so many days after the start. */
async function travel(days) {
  s.env.UNDERSTORY_NOW = at(days);
  await s.restart();
}

test('a list holds for seven days, and is signed anew every day', async () => {
  const bytes = await fileOf(mine);
  const first = await published(bytes);
  assert.equal((await verify(bytes, { ...first, when: at(6.9) })).code, 0);
  const late = await verify(bytes, { ...first, when: at(7.1) });
  assert.equal(late.code, 5, late.stdout);
  assert.match(late.stdout, /not revoked as of 2026-11-22; present status unknown/);
  await travel(8);
  const second = await published(bytes);
  assert.notEqual(JSON.parse(second.status).validFrom, JSON.parse(first.status).validFrom);
  assert.equal(bits(second.status).count, bits(first.status).count);
  assert.equal((await verify(bytes, { ...second, when: at(8.1) })).code, 0);
});

test('neither a new edition of the course nor another department changes a letter of what was signed', async () => {
  const bytes = await fileOf(mine), run = (...args) => understory([...args, '--data', s.data], { env: s.env });
  await editCourse(s, 'course.json', '"certificate_title": "', '"certificate_title": "Another title: ');
  for (const args of [
    ['publish', 'humility', '--courses', s.courses, '--kind', 'minor', '--note', 'Another title.'],
    ['person', 'appoint', s.people.find((p) => p.key === 'amara').email, '--department', 'surgery', '--primary'],
  ]) {
    const done = await run(...args);
    assert.equal(done.code, 0, done.stdout + done.stderr);
  }
  assert.equal(await fileOf(mine), bytes);
  assert.equal((await view(s, mine.public_href)).verdict, 'valid');
});

test('a certificate that expires says so for good, and passing the learning check again renews it', async () => {
  await editCourse(s, 'course.json', '"test_out"', '"valid_months": 12,\n  "test_out"');
  const done = await understory(['publish', 'humility', '--data', s.data, '--courses', s.courses, '--kind', 'minor', '--note', 'A year.'], { env: s.env });
  assert.equal(done.code, 0, done.stdout + done.stderr);
  const who = await graduate('Olga Winter'), bytes = await fileOf(who);
  assert.equal(JSON.parse(bytes).validUntil.slice(0, 10), '2027-11-30');
  assert.match(textOf((await who.get('/courses/humility')).text), /good for 12 months/);
  await travel(400);
  const again = { ...who, ...(await session(s, who.uuid)) };
  const page = await request(s, 'GET', who.public_href);
  assert.equal(page.status, 200);
  assert.equal(headingOf(page.text), 'Expired');
  assert.equal((await verify(bytes, { ...(await published(bytes)), when: at(400.1) })).code, 4);
  assert.match(textOf((await again.get('/transcript')).text), /Mon 30 Nov 2026 ?Was good until Tue 30 Nov 2027/);
  assert.deepEqual((await view(s, '/courses/humility', again.cookie)).action, { method: 'get', is_post: false, label: 'Renew your certificate', href: '/courses/humility/check' });
  assert.match((await view(s, who.href, again.cookie)).state_words, /passing the learning check again gives you a new one\.$/);
  const [course] = (await view(s, '/', again.cookie)).learning.done;
  assert.match(course.validity_words, /was good until Tue 30 Nov 2027\. To renew it, pass the learning check again/);
  assert.match(textOf((await again.get(course.renew_href)).text), /To renew your certificate/);

  // Without a key the new one waits, and its holder reads so.
  const keys = join(s.data, 'keys'), follows = /A new one is being made, since you passed the learning check again\. The site has no signing key yet\. It will carry that day, whenever it is made\./;
  await rename(keys, `${keys}.away`);
  await s.restart();
  await passCheck(again, 'Olga Winter');
  const waits = (await again.get('/certificates')).text;
  assert.match(textOf(waits), /Expired\. It was good until Tue 30 Nov 2027\. What you completed stays on your transcript\. A new one is being made/);
  assert.match(textOf(waits), follows);
  assert.doesNotMatch(waits, /Renew it|gives you a new one/);
  assert.match(textOf((await again.get(who.href)).text), follows);
  for (const path of ['/', '/courses/humility/completed'])
    assert.match(textOf((await again.get(path)).text), /A new certificate is being made, with the day on which you passed the learning check again\. The site has no signing key yet\./);
  await rm(keys, { recursive: true, force: true });
  await rename(`${keys}.away`, keys);
  await s.restart();
  for (const end = Date.now() + 10000; follows.test(textOf((await again.get('/certificates')).text)) && Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 50));
  const { certificates, earlier } = await view(s, '/certificates', again.cookie);
  assert.deepEqual([certificates[0].state, earlier[0].state], ['valid', 'expired']);
  assert.match(earlier[0].state_words, /a newer one is among your certificates\.$/);
  assert.equal((await view(s, '/courses/humility', again.cookie)).action.href, certificates[0].href);
  assert.equal((await view(s, certificates[0].public_href)).verdict, 'valid');
  assert.equal((await view(s, who.public_href)).verdict, 'expired', 'what the first one says stays as it is');
  assert.match((await view(s, '/', again.cookie)).learning.done[0].finished_words, /Finished Mon 30 Nov 2026/);
});

// ---- the deletion of an account ----

const json = 'application/json';
const sql = (statement) => execFileSync('sqlite3', [join(s.data, 'understory.db'), statement], { encoding: 'utf8', maxBuffer: 1 << 28 }).trim();
const person = (...args) => understory(['person', ...args, '--data', s.data], { env: s.env });
const okay = (done) => (assert.equal(done.code, 0, done.stdout + done.stderr), done);
const gone = (uuid) => admin.get(`/administration/people/${uuid}`);

/** How often the words stand in the database and its log, as somebody who stole them has them. */
function stolen(words) {
  const text = Buffer.concat(readdirSync(s.data).filter((n) => n.startsWith('understory.db')).map((n) => readFileSync(join(s.data, n)))).toString('latin1');
  return text.split(words).length - 1;
}
async function lessThanWithin(words, most, ms = 5000) {
  for (const end = Date.now() + ms; stolen(words) > most && Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 50));
  return stolen(words) <= most;
}

/** What somebody leaves behind who has only begun. */
async function leaveTraces(who, name) {
  const course = '/courses/humility', posts = [
    [`${course}/begin`, []],
    ['/account/password', [['new_password', 'four plain words, then']]],
    [`${course}/repair/reflect`, [['prompt', 'r2'], ['base', '0'], ['text', `For ${name} alone.`]]],
    [`${course}/commit`, [['cue', 'a visit begins'], ['act', `think of ${name}`]]],
    [`${course}/challenge`, [['lesson', 'repair'], ['wrong', 'The example is worn out.']]],
    [`${course}/alternative`, [['words', `On paper for ${name}, please.`]]],
    ['/transcript/credits', [['title', `A talk by ${name}`], ['provider', 'Elsewhere'], ['earned_on', '2026-01-02'], ['hours', '1']]],
    [`${course}/check`, []],
  ];
  for (const [path, form] of posts) {
    const answer = await who.post(path, form);
    assert.equal(answer.status, 303, `${path}: ${answer.text}`);
  }
}

/** The centre's figures and lists, and the chair's page, as of a day on which the person was a member. */
async function pastOf(day) {
  const get = async (path) => (await admin.get(`${path}&as_of=${day}`)).text;
  return {
    figures: await get('/outcomes/completion_by_department.csv?course=humility'),
    roster: await get('/outcomes/roster.csv?course=humility'),
    chairs: await get('/departments/medicine/roster.csv?course=humility'),
  };
}

test('the deletion of an account takes the person and leaves the certificate, the past and its proof', async () => {
  const name = 'Xenia Quimby-Voss', who = await graduate(name), email = 'xenia.quimby.voss@example.edu';
  okay(await person('department', 'ethics', 'Ethics'));
  okay(await person('appoint', who.uuid, '--department', 'medicine', '--title', 'Quimby Professor'));
  okay(await person('grant', who.uuid, 'chair', '--department', 'ethics'));
  await travel(430);
  admin = await session(s, 'administrator');
  const here = await session(s, who.uuid), day = at(410).slice(0, 10);
  await here.post('/courses/humility/repair/reflect', [['prompt', 'r2'], ['base', '0'], ['text', 'For me alone.']]);
  const [sealed] = sql(`SELECT hex(sealed) FROM reflection r JOIN person p ON p.id = r.person WHERE p.uuid = '${who.uuid}'`).split('\n');
  const pdf = who.credential_href.replace('credential.json', 'certificate.pdf');
  const sha = (bytes) => createHash('sha256').update(bytes).digest('hex');
  const seen = async () => {
    const { checked, ...page } = await view(s, who.public_href);
    assert.match(checked, /2028/);
    return { bytes: await fileOf(who), page, pdf: sha((await request(s, 'GET', pdf)).body) };
  };
  const before = await seen(), past = await pastOf(day), bytes = before.bytes;
  assert.match(past.roster, /Quimby-Voss/);
  assert.match(past.chairs, /Quimby-Voss/);

  const plan = await person('delete', email, '--json');
  assert.equal(plan.code, 3, plan.stderr);
  assert.deepEqual(
    (({ goes, stays, left, done }) => ({ goes, stays, left, done }))(JSON.parse(plan.stdout)),
    { goes: { journal: 1, commitments: 0, challenges: 0, certificates_waiting: 0 }, stays: { completions: 1, certificates: 1, drafts: 0 }, left: [{ role: 'chair', department: 'Ethics' }], done: false },
  );
  const refused = await person('delete', email, '--yes', '--reason', 'Quimby has left');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /leave out “quimby”/);
  assert.equal((await here.get('/account')).status, 200, 'nothing was done yet');
  const done = okay(await person('delete', email, '--yes', '--reason', 'Has left; asked for it by letter.'));
  assert.match(done.stdout, new RegExp(`Deleted the account ${who.uuid}\\. Its certificates \\(1\\) and completions \\(1\\) stand`));
  assert.doesNotMatch(done.stdout, /Quimby/);
  assert.match(done.stdout, /up to 35 days/);

  // The person: out at once, on no list, with no way back.
  assert.equal((await here.get('/account', json)).status, 401);
  assert.equal((await here.get('/account')).status, 303);
  assert.equal((await request(s, 'GET', '/', { cookie: here.cookie })).status, 200, 'the front page, as for anybody');
  assert.match((await person('link', who.uuid)).stderr, /was deleted/);
  assert.match((await person('grant', email, 'author')).stderr, /nobody here has/);
  assert.equal((await admin.post(`/administration/people/${who.uuid}/link`)).status, 404);
  assert.match(textOf((await admin.get('/administration/people?q=quimby')).text), /Nobody is found/);
  assert.match(textOf((await admin.get('/administration/people?q=former')).text), /Nobody is found/);
  const page = (await gone(who.uuid)).text;
  assert.match(textOf(page), /Former member.*This account was deleted on/);
  assert.doesNotMatch(page, /Quimby|Make a sign-in link/);

  // The certificate: the same to everybody, and to be found by its code.
  assert.deepEqual(await seen(), before);
  const now = { ...(await published(bytes)), when: at(430.1) };
  assert.equal((await verify(bytes, now)).code, 0);
  const index = Number(JSON.parse(bytes).credentialStatus.statusListIndex);
  assert.equal(bits(now.status).has(index), false);
  assert.equal((await admin.get(`/administration/certificates?q=${who.code}`)).headers.location, adminHref(who));
  assert.match(textOf((await admin.get(adminHref(who))).text), /In the name of Xenia Quimby-Voss Person Former member/);
  assert.match(textOf((await admin.get(`${adminHref(who)}/reissue`)).text), /in the name “Xenia Quimby-Voss”.*The account was deleted, so its holder can’t find the new one here/);

  // The past counts as it did; today does not count any more.
  const after = await pastOf(day);
  assert.equal(after.figures, past.figures);
  const lines = (text) => text.replaceAll(/^"?(Xenia Quimby-Voss|Former member)/gm, '-').replaceAll(/,(Xenia Quimby-Voss|Former member)/g, ',-').split('\r\n').sort();
  for (const list of ['roster', 'chairs']) {
    assert.doesNotMatch(after[list], /Quimby/);
    assert.match(after[list], /Former member/);
    assert.deepEqual(lines(after[list]), lines(past[list]));
  }
  assert.match(textOf((await admin.get(`/departments/medicine?as_of=${day}`)).text), /Former member/);
  assert.doesNotMatch((await pastOf(at(430).slice(0, 10))).roster, /Former member|Quimby/);
  assert.equal(sql(`SELECT COUNT(*) FROM appointment a JOIN person p ON p.id = a.person WHERE p.uuid = '${who.uuid}' AND a.superseded_by IS NULL AND a.valid_to IS NULL`), '0');

  // The proof, and the bytes.
  assert.match(okay(await understory(['audit', 'verify', '--data', s.data], { env: s.env })).stdout, /Everything holds/);
  assert.equal(sql(`SELECT detail FROM audit WHERE action = 'person.delete' AND subject = '${who.uuid}'`), 'Has left; asked for it by letter.');
  assert.ok(await lessThanWithin('quimby', 0), 'address and order of names are gone');
  assert.ok(await lessThanWithin('Quimby Professor', 0));
  assert.ok(await lessThanWithin(Buffer.from(sealed, 'hex').toString('latin1'), 0), 'and what was written in private');
  const signed = Buffer.from(sql("SELECT hex(bytes) FROM certificate UNION ALL SELECT hex(bytes) FROM certificate_file").replaceAll('\n', ''), 'hex').toString('latin1');
  assert.ok(await lessThanWithin('Quimby', signed.split('Quimby').length - 1), 'the name is in the certificate alone');

  // Said again it finds nothing more; a certificate can still be issued anew, in the name it carries.
  okay(await person('delete', who.uuid, '--yes'));
  const { out } = await cli('supersede', who.code, '--reason', 'A defect in the paper');
  assert.equal(JSON.parse(await fileOf({ credential_href: `/v/${out.code}/credential.json` })).credentialSubject.identifier[0].identityHash, name);
});

test('an administrator deletes an account by its page, and of whoever has no certificate nothing is left', async () => {
  const name = 'Yorick Zwanziger';
  const { uuid } = JSON.parse(okay(await person('add', '--name', name, '--email', 'y.zwanziger@example.edu', '--staff-number', 'zw-20-ziger', '--department', 'surgery', '--json')).stdout);
  const who = await session(s, uuid), path = `/administration/people/${uuid}/delete`;
  await leaveTraces(who, name);
  await who.post('/account/certificate-name', [['certificate_name', name]]);
  const challenge = sql(`SELECT k.uuid FROM challenge k JOIN person p ON p.id = k.person WHERE p.uuid = '${uuid}'`);

  const link = (await admin.post(`/administration/people/${uuid}/link`, [], json)).json.path;
  assert.equal((await request(s, 'GET', link)).status, 200);
  const page = textOf((await admin.get(path)).text);
  assert.match(page, /This is for good.*What goes.*y\.zwanziger@example\.edu.*one entry in the journal, one commitment.*What stays.*up to 35 days/);
  for (const [form, words] of [
    [[['reason', ''], ['name', name]], /Reason/],
    [[['reason', 'Zwanziger left'], ['name', name]], /leave out “zwanziger”/],
    [[['reason', 'Has left'], ['name', 'Yorick']], /Type the name as it stands here/],
  ]) {
    const again = await admin.post(path, form);
    assert.equal(again.status, 422);
    assert.match(textOf(again.text), words);
    assert.equal((await who.get('/account')).status, 200);
  }
  const done = await admin.post(path, [['reason', 'Has left'], ['name', name]]);
  assert.equal(done.status, 303, done.text);
  assert.match(textOf((await admin.get(done.headers.location)).text), /Deleted\. Nobody can sign in with it any more\./);
  assert.equal((await who.get('/account', json)).status, 401);
  assert.equal((await request(s, 'POST', '/sign-in', { form: { email: 'y.zwanziger@example.edu', password: 'four plain words, then' } })).status, 401);
  assert.equal((await request(s, 'GET', link)).status, 404);
  assert.equal((await request(s, 'POST', link)).status, 404);
  assert.equal((await admin.get(path)).headers.location, `/administration/people/${uuid}`);
  assert.equal((await admin.post(path, [['reason', 'Once more'], ['name', name]])).status, 303, 'sent twice it is done once');
  assert.equal(sql(`SELECT COUNT(*) FROM audit WHERE action = 'person.delete' AND subject = '${uuid}'`), '1');

  const tables = sql("SELECT m.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'person'").split('\n');
  const left = tables.filter((t) => t !== 'erasure_due' && sql(`SELECT COUNT(*) FROM ${t} WHERE person = (SELECT id FROM person WHERE uuid = '${uuid}')`) !== '0');
  assert.deepEqual(left.sort(), ['appointment', 'enrolment', 'ledger', 'status_now'], 'only what others count, under a number');
  const asked = await admin.get(`/administration/challenges/${challenge}`);
  assert.match(textOf(asked.text), /The example is worn out/);
  assert.equal(sql(`SELECT person IS NULL FROM challenge WHERE uuid = '${challenge}'`), '1');
  for (const words of ['Zwanziger', 'zwanziger', 'zw-20-ziger', 'Yorick']) assert.ok(await lessThanWithin(words, 0), words);
});

test('nobody deletes their own account by its page, and the last administrator stays', async () => {
  const own = `/administration/people/${s.people.find((p) => p.key === 'administrator').uuid ?? sql("SELECT p.uuid FROM person p JOIN role_grant g ON g.person = p.id WHERE g.role = 'administrator'")}/delete`;
  assert.match(textOf((await admin.get(own)).text), /This is your own account/);
  assert.equal((await admin.post(own, [['reason', 'Tired'], ['name', s.people.find((p) => p.key === 'administrator').name]])).status, 409);
  const refused = await person('delete', own.split('/')[3], '--yes', '--reason', 'Retired');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /only administrator/);
  assert.equal((await admin.get('/administration')).status, 200);
});
