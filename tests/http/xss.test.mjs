// Text that somebody wrote is text on every page. Twelve payloads stand in every stored text there
// is (names, names on certificates, addresses, departments, titles, the site's own name) and come in with every
// request that is answered with what it sent; each page is read as HTML and visited by a browser.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { startServer, understory, request, view, sourceDir } from '../support/server.mjs';
import { openBrowser } from '../support/browser.mjs';
import { fillSite, pagesOf, editCourse } from '../support/pages.mjs';
import { session } from '../support/people.mjs';
import { answerKey } from '../support/key.mjs';

const payloads = [
  '<script>window.ran=1</script>',
  '"><img src=x onerror=window.ran=2>',
  "'><svg onload='window.ran=3'>",
  '</title><script>window.ran=4</script>',
  '</textarea></pre><script>window.ran=5</script>',
  '" autofocus onfocus="window.ran=6" x="',
  "' onmouseover='window.ran=7' x='",
  'javascript:window.ran=8//',
  '{{{page.form_token}}}<b onclick=window.ran=9>',
  '<iframe srcdoc="<script>parent.ran=10</script>">',
  '[x](javascript:window.ran=11)<a href=javascript:window.ran=11>',
  '&lt;img src=x onerror=window.ran=12&gt;',
];
// What the program's escaping makes of a text.
const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text) => text.replace(/[&<>"']/g, (c) => entities[c]);
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
  + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

let s, b, site, administrator;
const people = []; // one for each payload: {uuid, session, department, certificate, public, result}
const written = new Map(); // what was stored → where it was seen

/** A text that is told from all others, so that seeing it can be proved. */
function stored(what, payload) {
  const text = `${what} ${payload}`;
  written.set(text, []);
  return text;
}

async function command(...args) {
  const { code, stdout, stderr } = await understory(['person', ...args, '--json', '--data', s.data]);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

// An author writes a draft: its title, the text of a file, the name of a zip, a name that no file has.
async function draft(payload, i) {
  const { author } = site.people;
  const { location } = (await author.post('/authoring/new', [['title', stored('Draft', payload)], ['id', `xss-${i}`]])).headers;
  const ready = await author.post(`${location}/ready`, [['ready', 'yes']]);
  assert.equal(ready.status, 303, ready.text);
  const lesson = `${location}/edit?path=lessons/02-make-it-yours.md`;
  const { path } = (await author.post(`${location}/review`, [], 'application/json')).json, review = `${path}/lesson/make-it-yours`;
  const { blocks } = await view(s, review);
  const said = await request(s, 'POST', review, { form: [['block', blocks[0].id], ['name', stored('Reviewer', payload)], ['comment', stored('Comment', payload)]] });
  assert.equal(said.status, 303, said.text);
  const { base } = await view(s, lesson, author.cookie);
  const saved = await author.post(`${location}/edit`, [['path', 'lessons/02-make-it-yours.md'], ['base', base], ['text', `# T\n\n${stored('Text', payload)}`]]);
  assert.equal(saved.status, 303, saved.text);
  const filename = stored('Zip', payload.replaceAll('/', '.'));
  const zipped = await author.get(`${location}/download`);
  const sent = await request(s, 'POST', '/authoring/upload', { cookie: author.cookie, files: [['form_token', author.token], ['file', { filename, bytes: zipped.body }]] });
  assert.equal(sent.status, 303, sent.text);
  const signed = await request(s, 'POST', `${path}/sign`, { form: [['name', stored('Signer', payload)], ['role', stored('Role', payload)], ['stand_by', 'yes']] });
  assert.equal(signed.status, 303, signed.text);
  return { draft: location, waiting: location.replace('/authoring', '/administration/drafts'), lesson, review: said.headers.location.split('#')[0], overview: path, uploaded: sent.headers.location };
}

async function addPerson(payload, i) {
  const department = `xss-${i}`;
  await command('department', department, stored('Department', payload));
  const email = `${payload.replace(/[^\w&'{}/=-]/g, '')}${i}@example.edu`; // what an address may hold
  written.set(email, []);
  const { uuid } = await command('add', '--name', stored('Name', payload), '--email', email,
    '--department', department, '--title', stored('Title', payload), '--profession', stored('Profession', payload), '--discipline', stored('Discipline', payload));
  await command('grant', uuid, 'chair', '--department', department);
  const person = { uuid, department, payload, session: await session(s, uuid) };
  person.certificateName = stored('Certificate', payload);
  await finish(person);
  await reflect(person, stored('Reflection', payload));
  await credit(person, stored('Credit', payload), stored('Provider', payload));
  return person;
}

// The shortest way to a certificate: the learning check without the lessons.
async function finish(person) {
  const key = answerKey();
  const { location } = (await person.session.post('/courses/humility/check')).headers;
  const { items } = await view(s, `${location}?view=all`, person.session.cookie);
  const fields = items.flatMap(({ item }) => key.get(item).key.map((n) => [`answer.${item}`, n]));
  await person.session.post(`${location}/answers`, fields);
  const done = await person.session.post(`${location}/submit`, [['certificate_name', person.certificateName]]);
  assert.equal(done.headers.location, '/courses/humility/completed', done.text);
  const { certificates } = await view(s, '/certificates', person.session.cookie);
  await challenge(person, items[0].item);
  await alternative(person);
  Object.assign(person, { result: `${location}/result`, certificate: certificates[0].href, public: certificates[0].public_href });
}

// Somebody challenges a question, and the owner accepts it: every text there is payload.
async function challenge(person, item) {
  const { payload } = person, { evaluator } = site.people;
  const before = new Set((await view(s, '/administration/challenges', evaluator.cookie)).open.map((c) => c.href));
  const sent = await person.session.post('/courses/humility/challenge', [['item', item], ['wrong', stored('Wrong', payload)], ['source', stored('Source', payload)]]);
  assert.equal(sent.status, 303, sent.text);
  const { open } = await view(s, '/administration/challenges', evaluator.cookie);
  person.challenge = open.find((c) => !before.has(c.href)).href;
  const answered = await evaluator.post(`${person.challenge}/answer`, [['seen', '0'], ['verdict', 'accepted'], ['corrected_on', '2026-01-15'],
    ['answer', stored('Answer', payload)], ['said', stored('Said', payload)], ['says', stored('Says', payload)]]);
  assert.equal(answered.status, 303, answered.text);
}

// Somebody asks for another way, and gets an answer.
async function alternative(person) {
  const { payload } = person, { evaluator } = site.people;
  await person.session.post('/courses/humility/alternative', [['words', stored('Asked', payload)]]);
  const { open } = await view(s, '/administration/alternatives', evaluator.cookie);
  person.alternative = open.at(-1).href;
  const answered = await evaluator.post(`${person.alternative}/answer`, [['seen', '0'], ['outcome', 'another'], ['answer', stored('Given', payload)]]);
  assert.equal(answered.status, 303, answered.text);
}

async function reflect(person, text) {
  const saved = await person.session.post('/courses/humility/repair/reflect', [['prompt', 'r2'], ['base', '0'], ['text', text]]);
  assert.equal(saved.status, 303, saved.text);
  const { courses } = await view(s, '/journal', person.session.cookie);
  person.deletes = courses[0].lessons[0].entries[0].delete_href;
  const made = await person.session.post('/courses/humility/commit', [['cue', `If ${text}`], ['act', `I will ${text}`]]);
  assert.equal(made.status, 303, made.text);
  person.uncommits = (await view(s, '/commitments', person.session.cookie)).mine[0].delete_href;
}

async function credit(person, title, provider) {
  const added = await person.session.post('/transcript/credits', [['title', title], ['provider', provider], ['earned_on', '2026-01-15'], ['hours', '1']]);
  assert.equal(added.status, 303, added.text);
  person.credit = (await view(s, '/transcript', person.session.cookie)).credits[0].href;
}

/** What a publication says of itself. */
async function publishNotes() {
  for (const [i, payload] of payloads.entries()) {
    await editCourse(s, 'course.json', `"version": "1.0.${i}"`, `"version": "1.0.${i + 1}"`);
    const { code, stderr } = await understory(['publish', 'humility', '--kind', 'minor', '--note', stored('Note', payload), '--data', s.data]);
    assert.equal(code, 0, stderr);
  }
}

const own = { site: `Site ${payloads[0]}`, coe: `Centre ${payloads[1]}`, funding: `Funding ${payloads[2]}` };

before(async () => {
  const args = ['--site-name', own.site, '--coe-name', own.coe, '--funding', own.funding];
  b = await openBrowser();
  s = await startServer({ demo: true, ownCourses: true, args });
  for (const text of Object.values(own)) written.set(text, []);
  site = await fillSite(s);
  administrator = site.people.administrator;
  for (const [i, payload] of payloads.entries()) people.push(Object.assign(await addPerson(payload, i + 1), await draft(payload, i + 1)));
  await publishNotes();
});
after(async () => {
  await b?.close();
  await s?.stop();
});

/** Pages on which stored text stands: [who, path]. */
function places() {
  const all = [
    [administrator, '/administration'],
    [administrator, '/administration/people'],
    [administrator, '/departments'],
    [administrator, '/outcomes?course=humility'],
    [administrator, '/administration/challenges'],
    [administrator, '/administration/courses'],
    [administrator, '/administration/courses/humility'],
    [administrator, '/courses/humility/history'],
    [undefined, '/corrections'],
    [site.people.author, '/authoring'],
    [undefined, '/'],
    [undefined, '/sign-in'],
    [undefined, '/verify'],
    [undefined, '/privacy'],
    [undefined, '/none-such'],
  ];
  for (const p of people) {
    all.push(
      [p.session, '/'], [p.session, '/account'], [p.session, '/account/who-sees-what'], [p.session, '/certificates'],
      [p.session, p.certificate], [p.session, p.result], [p.session, '/courses/humility/completed'], [undefined, p.public],
      [p.session, '/journal'], [p.session, '/courses/humility/repair'], [p.session, p.deletes],
      [p.session, '/transcript'], [p.session, p.credit],
      [p.session, '/commitments'], [p.session, '/courses/humility/plan?mine=on'], [p.session, p.uncommits],
      [p.session, `/departments/${p.department}`], [administrator, `/administration/people/${p.uuid}`],
      [administrator, `/administration/people/${p.uuid}/delete`],
      [p.session, '/account/questions'], [administrator, p.challenge],
      [p.session, '/courses/humility'], [p.session, '/courses/humility/alternative'], [administrator, p.alternative],
      [site.people.author, p.draft], [site.people.author, p.lesson], [site.people.author, p.uploaded], [administrator, `${p.uploaded}/history`], [administrator, `${p.draft}/delete`],
      [undefined, p.overview], [undefined, p.review], [site.people.author, `${p.draft}/comments`],
      [administrator, p.waiting], [administrator, `${p.waiting}/publish?kind=first`],
    );
  }
  return all;
}

// ---- reading HTML: just enough to tell text from markup ----

const tag = /<(!--[\s\S]*?--|!doctype[^>]*|\/?[a-zA-Z][^\s/>]*(?:[\s/]+(?:[^\s"'>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)?)*)\s*>/gi;
const attribute = /[\s/]([^\s"'>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?/g;
const ours = new Set(('a article aside body button circle code dd desc details div dl dt ellipse em fieldset figcaption figure footer form '
  + 'g h1 h2 h3 h4 head header hr html input label legend li link main meta nav ol option p path pre progress script section select small span '
  + 'strong summary svg table tbody td text textarea th thead time title tr ul caption br cite blockquote ins del').split(' '));

// A course's own pictures, described.
const image = /^<img src="\/(courses|authoring|review)\/[\w/-]+\/media\/[a-z0-9.-]+" alt="[^"<>]*"(?: width="\d+" height="\d+")?>$/;

/** What stands in a page that no template of ours writes. */
function strange(html) {
  const found = [];
  const text = html.replace(tag, (whole, inside) => {
    const name = /^\/?([a-z0-9]+)/i.exec(inside)?.[1].toLowerCase();
    if (!name) {
      if (!/^!doctype html$/i.test(inside)) found.push(whole);
      return '';
    }
    if (!ours.has(name) && !(name === 'img' && image.test(whole))) found.push(whole);
    let source = '';
    for (const [, key, value = ''] of inside.matchAll(attribute)) {
      const bare = value.replace(/^["']|["']$/g, '');
      if (/^on/i.test(key) || /^(srcdoc|style|formaction)$/i.test(key) || /["'<]/.test(key)) found.push(whole);
      if (/^(href|src|action|data)$/i.test(key) && /^\s*(javascript|data|vbscript):/i.test(bare)) found.push(whole);
      if (key === 'src') source = bare;
    }
    if (name === 'script' && !inside.startsWith('/') && !/^\/static\/[a-z0-9.-]+\.js$/.test(source)) found.push(whole);
    return '';
  });
  if (/[<>]/.test(text)) found.push(`a bare angle bracket: ${/.{0,40}[<>].{0,40}/.exec(text)[0]}`);
  return found;
}

function assertHarmless(answer, what) {
  assert.equal(answer.headers['content-security-policy'], policy, what);
  assert.equal(answer.headers['x-content-type-options'], 'nosniff', what);
  if (!/^text\/html/.test(answer.headers['content-type'] ?? '')) return;
  assert.deepEqual(strange(answer.text), [], what);
  for (const payload of payloads.filter((p) => /[<>"']/.test(p))) assert.ok(!answer.text.includes(payload), `${what}: ${payload} as it is`);
}

test('the reader of this test tells markup from text', () => {
  for (const payload of payloads.filter((p) => /[<>]/.test(p))) assert.notDeepEqual(strange(`<p>${payload}</p>`), [], payload);
  for (const payload of payloads.slice(5, 7)) assert.notDeepEqual(strange(`<input value=${payload[0]}${payload}${payload[0]}>`), [], payload);
  assert.notDeepEqual(strange(`<a href="${payloads[7]}">x</a>`), []);
  for (const payload of payloads) assert.deepEqual(strange(`<p title="${escaped(payload)}">${escaped(payload)}</p>`), []);
});

test('stored text is text on every page, and each is seen', async () => {
  for (const [who, path] of places()) {
    const answer = await request(s, 'GET', path, { cookie: who?.cookie, accept: 'text/html' });
    assertHarmless(answer, path);
    for (const [text, seen] of written) if (answer.text.includes(escaped(text))) seen.push(path);
  }
  for (const [text, seen] of written) assert.ok(seen.length > 0, `“${text}” stands on no page`);
});

test('every other page, in every state, under a site whose own name is a payload', async () => {
  for (const page of pagesOf(site)) {
    const person = site.people[page.who];
    const form = page.fields && [['form_token', person?.token ?? ''], ...page.fields];
    const answer = await request(s, page.fields ? 'POST' : 'GET', page.path, { cookie: person?.cookie, form, accept: 'text/html' });
    assertHarmless(answer, page.name);
  }
});

test('a view as JSON is JSON, and is never taken for a page', async () => {
  for (const [who, path] of places()) {
    const answer = await request(s, 'GET', path, { cookie: who?.cookie, accept: 'application/json' });
    assert.match(answer.headers['content-type'], /^application\/(problem\+)?json/, path);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff', path);
    assert.equal(answer.headers['content-security-policy'], policy, path);
  }
});

const q = encodeURIComponent;

/** Requests that are answered with something of what they sent. */
function echoes(payload) {
  const { samuel, amara, author } = site.people;
  const form = (who, path, fields) => ['POST', path, { cookie: who?.cookie, form: [['form_token', who?.token ?? ''], ...fields] }];
  const get = (who, path, headers) => ['GET', path, { cookie: who?.cookie, headers }];
  return [
    get(administrator, `/administration/people?q=${q(payload)}`),
    get(administrator, `/administration/people?q=${q(payload.repeat(8))}`),
    get(administrator, `/administration/people?page=${q(payload)}`),
    get(administrator, `/departments/medicine?as_of=${q(payload)}`),
    get(administrator, `/departments/medicine?status=${q(payload)}`),
    get(administrator, `/departments/medicine?course=${q(payload)}`),
    get(administrator, `/outcomes?course=${q(payload)}`),
    get(administrator, `/departments/${q(payload).replaceAll('%2F', '')}`),
    get(administrator, `/administration/courses/humility/publish?kind=minor&note=${q(payload)}`),
    get(administrator, `${site.draftSent}/publish?kind=${q(payload)}&note=${q(payload)}`),
    get(administrator, `/administration/courses/humility/publish?kind=${q(payload)}&note=${q(payload)}`),
    get(undefined, `/sign-in?return_to=${q(payload)}`),
    get(undefined, `/sign-in?return_to=${q(`/${payload}`)}`),
    get(undefined, `/sign-in?return_to=${q(`//${payload}`)}`),
    get(undefined, `/courses/humility?again=${q(payload)}`),
    get(undefined, `/${q(payload).replaceAll('%2F', '')}`),
    get(amara, `/courses/humility/a-confident-mistake?again=${q(payload)}`),
    get(amara, '/none-such', { Referer: `${s.base}/${payload}` }),
    get(amara, '/none-such', { Referer: payload }),
    get(undefined, '/', { Host: payload.replace(/[\s]/g, '') }),
    get(undefined, '/', { 'X-Forwarded-Host': payload, 'X-Forwarded-For': payload, 'X-Forwarded-Proto': payload }),
    get(undefined, '/', { 'User-Agent': payload, 'Accept-Language': payload, Origin: payload, Cookie: `__Host-session=${payload}` }),
    form(undefined, '/sign-in', [['email', payload], ['password', ''], ['return_to', payload]]),
    form(undefined, '/verify', [['code', payload]]),
    form(undefined, '/verify', [['credential', payload]]),
    form(undefined, '/verify', [['credential', JSON.stringify({ name: payload, type: [payload], credentialSubject: { name: payload } })]]),
    form(samuel, '/account/certificate-name', [['certificate_name', `${payload}\u202e`]]),
    form(samuel, '/account/password', [['new_password', payload.slice(0, 9)], ['current_password', payload]]),
    form(samuel, `${site.open}/answer`, [['item', site.openItems[0]], ['answer', payload.slice(0, 30)], ['op_id', payload]]),
    form(samuel, `${site.open}/answer`, [['item', payload], ['answer', '1']]),
    form(samuel, `${site.open}/submit`, [['certificate_name', `${payload}\u202e`]]),
    form(author, '/authoring/new', [['title', payload], ['id', payload]]),
    form(author, '/authoring/copy', [['course', payload]]),
    form(author, `${site.draft}/add`, [['path', payload]]),
    form(author, `${site.draft}/rename`, [['path', 'questions.md'], ['to', payload]]),
    form(author, `${site.draft}/remove`, [['path', payload]]),
    form(author, `${site.draft}/edit`, [['path', 'questions.md'], ['text', `${payload}\u0007`], ['base', payload]]),
    form(author, `${site.draft}/edit`, [['path', 'questions.md'], ['text', payload], ['base', '']]),
    get(author, `${site.draft}/edit?path=${q(payload)}`),
    form(undefined, `${site.review}/lesson/begin-with-a-moment`, [['block', site.reviewBlock], ['name', payload], ['comment', '']]),
    form(undefined, `${site.review}/lesson/begin-with-a-moment`, [['block', site.reviewBlock], ['name', ''], ['comment', payload]]),
    form(undefined, `${site.review}/lesson/begin-with-a-moment`, [['block', payload], ['name', payload], ['comment', payload]]),
    get(undefined, `${site.review}?after=${q(payload)}`),
    form(undefined, `${site.review}/sign`, [['name', payload], ['role', payload]]),
    form(author, `${site.draft}/signoffs`, [['name', payload], ['role', payload], ['signed_on', payload], ['version', payload]]),
    ['POST', '/authoring/upload', { cookie: author.cookie, files: [['form_token', author.token], ['file', { filename: payload, bytes: payload }]] }],
    ['POST', `${site.draft}/image`, { cookie: author.cookie, files: [['form_token', author.token], ['file', { filename: payload, bytes: payload }]] }],
    form(samuel, `${site.case}/choose`, [['scene', payload], ['choice', payload]]),
    form(samuel, '/courses/humility/a-confident-mistake/answer', [['item', 'q-humility-l01'], ['answer', payload]]),
    form(samuel, '/courses/humility/commit', [['cue', payload], ['act', '']]),
    form(samuel, '/courses/humility/commit', [['cue', payload.repeat(30)], ['act', payload], ['return_to', payload]]),
    form(samuel, site.commitment.writing.action, [['base', '7'], ['cue', payload], ['act', payload]]),
    form(samuel, site.commitment.check_href, [['outcome', payload]]),
    form(amara, `${site.followUp}/answer`, [['item', payload], ['answer', payload]]),
    form(amara, '/account/follow-ups', [['to', payload], ['return_to', payload]]),
    form(samuel, '/courses/humility/repair/reflect', [['prompt', 'r2'], ['base', '1'], ['text', payload]]),
    form(samuel, '/courses/humility/repair/reflect', [['prompt', 'r2'], ['base', '1'], ['text', payload.repeat(400)]]),
    form(samuel, '/transcript/credits', [['title', payload], ['provider', payload], ['earned_on', payload], ['hours', payload]]),
    form(samuel, site.credit, [['title', payload], ['provider', payload], ['earned_on', payload], ['hours', payload]]),
    form(undefined, '/account/certificate-name', [['certificate_name', payload]]),
    ['POST', '/account/certificate-name', { cookie: samuel.cookie, form: { form_token: payload, certificate_name: payload }, headers: { Referer: `${s.base}/${payload}` } }],
  ];
}

test('what a request sent comes back as text, whatever the status', async () => {
  const statuses = new Set();
  let back = 0;
  for (const payload of payloads)
    for (const [method, path, options] of echoes(payload)) {
      const answer = await request(s, method, path, { accept: 'text/html', ...options, agent: false });
      const what = `${method} ${path} ${JSON.stringify(options)} → ${answer.status}`;
      assertHarmless(answer, what);
      assert.ok(answer.status < 500, what);
      const to = answer.headers.location;
      assert.ok(to === undefined || (/^\/(?![/\\])/.test(to) && !/[<>"'\s]/.test(to)), `${what} ${to}`);
      statuses.add(answer.status);
      back += answer.text.includes(escaped(payload));
    }
  assert.ok(back >= payloads.length * 4, `${back} came back`);
  for (const status of [200, 303, 401, 403, 404, 421, 422]) assert.ok(statuses.has(status), `${status} is among ${[...statuses]}`);
});

test('what an author wrote is text, in every kind of question, open and with its result', async () => {
  const kinds = await startServer({ args: ['--courses', join(sourceDir, 'tests/data/kinds')] });
  try {
    const email = 'kinds@example.edu';
    await understory(['person', 'add', '--name', 'Kinds', '--email', email, '--data', kinds.data]);
    const me = await session(kinds, email);
    await me.post('/courses/kinds/begin');
    // Which questions are drawn is chance: again, until one with a payload is among them.
    let attempt, items = [];
    while (!items.some((q) => ['q-kinds-order-1', 'q-kinds-match-1'].includes(q.item))) {
      if (attempt) await me.post(`${attempt}/submit`, [['certificate_name', 'Kinds']]);
      attempt = (await me.post('/courses/kinds/check')).headers.location;
      ({ items } = await view(kinds, `${attempt}?view=all`, me.cookie));
    }
    const open = ['/courses/kinds/order', '/courses/kinds/match', '/courses/kinds/multiple', `${attempt}?view=all`];
    for (const path of open) assertHarmless(await me.get(path, 'text/html'), path);
    for (const q of items) {
      const values = q.options.map((o, i) => (q.is_choice ? o.number : o.choices[(q.is_order ? i + 1 : i) % o.choices.length].value)); // an order as it is shown is no answer
      const given = q.is_choice && !q.is_multiple ? values.slice(0, 1) : values;
      const fields = [['item', q.item], ...given.map((v) => ['answer', v]), ['op_id', `kinds-${q.number}-operation`]];
      assert.equal((await me.post(`${attempt}/answer`, fields, 'application/json')).status, 200, q.item);
      const other = given.length > 1 && !q.is_order ? given.slice(1) : [...given].reverse();
      const both = fields.filter(([name]) => name !== 'answer').concat(q.is_order ? other.map((v, i) => ['answer', `${v.split(':')[0]}:${i + 1}`]) : other.map((v) => ['answer', v]));
      assertHarmless(await me.post(`${attempt}/answer`, both, 'text/html'), `${q.item} twice`);
    }
    await me.post(`${attempt}/submit`, [['certificate_name', 'Kinds']]);
    const result = await me.get(`${attempt}/result`, 'text/html');
    assertHarmless(result, 'result');
    assert.ok(/&lt;(script|b onclick)/.test(result.text), 'the payloads were there');
    const visitor = await b.visitor({ server: kinds, cookie: me.cookie });
    for (const path of [...open.slice(0, 3), `${attempt}/result`]) {
      await visitor.page.goto(kinds.base + path);
      assert.equal(await visitor.page.evaluate(() => window.ran), undefined, path);
    }
    visitor.noFaults();
    await visitor.close();
  } finally {
    await kinds.stop();
  }
});

test('a link made for a path that is none leads to the start', async () => {
  for (const payload of payloads) {
    const { code, stdout } = await understory(['person', 'link', 'amara.okafor@example.edu', '--to', `/${payload}`, '--json', '--data', s.data]);
    if (code !== 0) continue; // refused when it is made
    const { pathname } = new URL(JSON.parse(stdout).link);
    assertHarmless(await request(s, 'GET', pathname), pathname);
    const { headers } = await request(s, 'POST', pathname, { form: {} });
    assert.ok(/^\/(?![/\\])/.test(headers.location) && !/[<>"'\s]/.test(headers.location), headers.location);
  }
});

test('a browser that visits these pages runs nothing, and its policy had nothing to stop', async () => {
  const visitors = new Map();
  for (const [who, path] of places()) {
    if (!visitors.has(who)) visitors.set(who, await b.visitor({ server: s, cookie: who?.cookie }));
    const { page } = visitors.get(who);
    await page.goto(s.base + path);
    assert.equal(await page.evaluate(() => window.ran), undefined, path);
  }
  for (const v of visitors.values()) {
    v.noFaults();
    await v.close();
  }
});
