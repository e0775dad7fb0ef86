// Every page of the site, in every state that looks different: who opens which address, and what
// must have happened before. What is seen of all pages (axe, screenshots, JSON, stored text) walks
// this list, and a route that /api names and this list forgets is an error.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { forger } from './certificate-files.mjs';
import { request, understory, view } from './server.mjs';
import { addPerson, session } from './people.mjs';
import { answerKey } from './key.mjs';

const course = '/courses/humility';
const lesson = `${course}/a-confident-mistake`;
const key = answerKey();

/** Answers that are no pages: files, documents and probes. */
const notPages = [
  '/api',
  '/healthz',
  '/readyz',
  '/.well-known/did.json',
  '/status/{n}',
  '/log/checkpoint',
  '/log/checkpoint/{size}',
  '/log/proof/{hash}',
  '/log/consistency/{from}/{to}',
  '/v/{token}/credential.json',
  '/v/{token}/credential.jcs.json',
  '/v/{token}/certificate.pdf',
  '/v/{token}/certificate.png',
  '/v/{token}/bundle.zip',
  '/courses/{course}/v{hash}/media/{file}',
  '/departments/{department}/roster.csv',
  '/outcomes/completion_by_department.csv',
  '/outcomes/roster.csv',
  '/journal/download.md',
  '/journal/download.json',
  '/authoring/{draft}/download',
  '/authoring/{draft}/media/{name}',
  '/review/{token}/media/{name}',
];

/** Starts a learning check: its address. */
async function startCheck(person) {
  const answer = await person.post(`${course}/check`);
  assert.equal(answer.status, 303, answer.text);
  return answer.headers.location;
}

/** The same before the course. */
async function startBefore(person) {
  const answer = await person.post(`${course}/pre-test`);
  assert.equal(answer.status, 303, answer.text);
  return answer.headers.location;
}

async function itemsOf(s, person, attempt) {
  return (await view(s, `${attempt}?view=all`, person.cookie)).items.map((i) => i.item);
}

const give = (person, attempt, item, numbers, more = []) =>
  person.post(`${attempt}/answer`, [['item', item], ...numbers.map((n) => ['answer', n]), ...more], 'application/json');

async function handIn(person, attempt, name) {
  const answer = await person.post(`${attempt}/submit`, [['certificate_name', name]]);
  assert.equal(answer.status, 303, answer.text);
}

/** One challenge that was accepted, one that waits, one without a name. */
async function challenges(site) {
  const { s, people } = site, { samuel, evaluator } = people;
  const send = (fields) => samuel.post(`${course}/challenge`, fields);
  await send([['lesson', 'asking-well'], ['wrong', 'It says to ask twice.\nTwice is not enough.'], ['source', 'A review']]);
  const { open } = await view(s, '/administration/challenges', evaluator.cookie);
  site.answered = open[0].href;
  const fields = { seen: 0, verdict: 'accepted', answer: 'You are right.', said: 'Ask twice.', says: 'Ask three times.', corrected_on: '2026-01-15' };
  const answered = await evaluator.post(`${site.answered}/answer`, Object.entries(fields));
  assert.equal(answered.status, 303, answered.text);
  await send([['item', site.failedItems[0]], ['wrong', 'Two of these are right.']]);
  await send([['lesson', 'repair'], ['wrong', 'The example is worn out.'], ['anonymous', 'on']]);
  site.waiting = (await view(s, '/administration/challenges', evaluator.cookie)).open.find((c) => c.wrong_words.startsWith('Two')).href;
}

/** Requests for an alternative: Samuel's waits, one was answered with another way, Mei is excused, Nia took hers back. */
async function alternatives(site) {
  const { s, people } = site, { evaluator } = people;
  const ask = (who) => people[who].post(`${course}/alternative`, [['words', 'On paper, please.\nAnd in spring.']]);
  const first = async () => (await view(s, '/administration/alternatives', evaluator.cookie)).open[0].href;
  await ask('longest');
  site.another = await first();
  await evaluator.post(`${site.another}/answer`, [['seen', 0], ['outcome', 'another'], ['answer', 'Printed, and a talk in April.']]);
  await ask('mei');
  site.excused = await first();
  await evaluator.post(`${site.excused}/answer`, [['seen', 0], ['outcome', 'excused'], ['until', '2199-12-04'], ['answer', 'Of course.']]);
  await ask('nia');
  site.withdrawn = await first();
  await people.nia.post(`${course}/alternative/withdraw`);
  await ask('samuel');
  site.asked = await first();
}

/** Replaces a text in one of the files of a server's own courses; it must be there. */
export async function editCourse(s, path, from, to) {
  const file = join(s.courses, 'humility', path);
  const text = await readFile(file, 'utf8');
  assert.ok(text.includes(from), `${path} holds “${from}”`);
  await writeFile(file, text.replace(from, to));
}

/**
 * With courses of its own, the site has a history: a correction, new material that Amara has begun
 * to read, and a folder that differs once more.
 */
async function publishTwice(site) {
  const { s, people } = site;
  const publish = async (...more) => {
    const { code, stdout, stderr } = await understory(['publish', 'humility', '--data', s.data, ...more]);
    assert.equal(code, 0, stdout + stderr);
  };
  await editCourse(s, 'lessons/07-what-the-evidence-shows.md', '\n## ', '\nThe newest of them is from this year.\n\n## ');
  await publish('--kind', 'correction', '--note', 'Lesson 7 left out the newest study.');
  await editCourse(s, 'lessons/06-repair.md', '\n## ', '\nA repair can be heard, or not.\n\n## ');
  await publish('--kind', 'material', '--note', 'What to do when a repair is not heard.');
  await people.amara.post(`${course}/update`);
  await editCourse(s, 'lessons/02-where-competence-helped.md', 'It is well researched.', 'It is well-researched.');
  await editCourse(s, 'questions.md', 'Greene-Moton and Minkler count', 'Greene-Moton and Minkler counted');
  const { publications } = await view(s, `${course}/history`, people.daniel.cookie);
  site.changes = publications.filter((p) => p.changes_href).map((p) => p.changes_href);
}

/**
 * Brings a small demonstration to the states below. Gives {people: {key: session}, …}: mei has not
 * begun, daniel is midway, samuel has handed in once and is in the second learning check and in the
 * case, pia is before the course, nia came in by assessment, amara has finished; `longest` holds names that do not break.
 */
export async function fillSite(s) {
  const nia = await addPerson(s, 'Nia Novak', 'nia.novak@example.edu', ['--department', 'surgery']);
  const longest = await addPerson(s, `${'Wolfeschlegelsteinhausen'.repeat(4)} Keihanaikukauakahihuliheekahaunaele`.slice(0, 120), `${'a'.repeat(60)}@${'long-label-of-a-school.'.repeat(4)}example.edu`, [
    '--department', 'medicine', '--title', 'Associate Professor of Interdisciplinary Gastroenterohepatology',
    '--profession', 'Physician', '--discipline', 'Gastroenterohepatology',
  ]);
  const people = {};
  for (const who of ['mei', 'daniel', 'samuel', 'amara', 'chair-medicine', 'evaluator', 'administrator', 'author'])
    people[who] = await session(s, who);
  people.nia = await session(s, nia.uuid);
  people.pia = await session(s, (await addPerson(s, 'Pia Rossi', 'pia.rossi@example.edu', ['--department', 'surgery'])).uuid);
  people.longest = await session(s, longest.uuid);
  const site = { s, people, longest, nia, course, lesson };

  // Samuel: once not there yet, and in the middle of the second.
  const { samuel } = people;
  await samuel.post(`${course}/begin`);
  site.failed = await startCheck(samuel);
  site.failedItems = await itemsOf(s, samuel, site.failed);
  for (const item of site.failedItems.slice(0, 6)) await give(samuel, site.failed, item, key.get(item).wrong);
  await handIn(samuel, site.failed, 'Samuel Goldberg');
  site.open = await startCheck(samuel);
  site.openItems = await itemsOf(s, samuel, site.open);
  for (const item of site.openItems.slice(0, 3)) await give(samuel, site.open, item, key.get(item).key);
  site.conflict = [['item', site.openItems[0]], ['answer', key.get(site.openItems[0]).wrong[0]], ['op_id', 'pages-conflict-1']];
  await give(samuel, site.open, site.openItems[0], key.get(site.openItems[0]).key, [['op_id', 'pages-conflict-1']]);
  site.conflicts = site.openItems.slice(1, 3).flatMap((item) => [[`answer.${item}`, key.get(item).wrong[0]], [`was.${item}`, 'none']]);
  const courseView = await view(s, course, samuel.cookie);
  site.case = courseView.path.find((p) => p.kind === 'case').href;
  site.lessons = courseView.path.filter((p) => p.kind === 'lesson').map((p) => p.href);
  const { scene } = await view(s, site.case, samuel.cookie);
  await samuel.post(`${site.case}/choose`, [['scene', scene.id], ['choice', scene.choices[1].id]]);

  // He writes down what he thought, twice.
  site.reflectLesson = `${course}/where-competence-helped`;
  for (const [where, prompt, text] of [
    [site.reflectLesson, 'r1', 'We say “non-compliant” at rounds. I will say what happened instead:\nthe bus line was cut, and the clinic is two hours away.\n\nTuesday’s rounds.'],
    [`${course}/repair`, 'r2', '“Thank you for telling me. I got that wrong.”'],
  ]) {
    const saved = await samuel.post(`${where}/reflect`, [['prompt', prompt], ['base', '0'], ['text', text]]);
    assert.equal(saved.status, 303, saved.text);
  }
  const journal = await view(s, '/journal', samuel.cookie);
  site.entryDelete = journal.courses[0].lessons[0].entries[0].delete_href;

  // Pia and Nia look first at what they know: Pia is in the middle of it, Nia has handed it in.
  site.before = await startBefore(people.pia);
  await give(people.pia, site.before, (await itemsOf(s, people.pia, site.before))[0], ['1']);
  site.beforeDone = await startBefore(people.nia);
  const [known, unknown] = await itemsOf(s, people.nia, site.beforeDone);
  await give(people.nia, site.beforeDone, known, key.get(known).key);
  await give(people.nia, site.beforeDone, unknown, key.get(unknown).wrong);
  await people.nia.post(`${site.beforeDone}/submit`);
  for (const [title, provider, day, hours] of [
    ['Working with interpreters: a half-day workshop', 'University hospital, department of language services', '2026-02-03', '3.5'],
    ['Grand rounds', 'County medical society', '2025-10-14', '1'],
  ]) {
    const added = await samuel.post('/transcript/credits', [['title', title], ['provider', provider], ['earned_on', day], ['hours', hours]]);
    assert.equal(added.status, 303, added.text);
  }
  site.credit = (await view(s, '/transcript', samuel.cookie)).credits[0].href;

  // Mei looks at nothing. Nia passes first time; her name is not asked for again.
  site.passed = await startCheck(people.nia);
  for (const item of await itemsOf(s, people.nia, site.passed)) await give(people.nia, site.passed, item, key.get(item).key);
  await handIn(people.nia, site.passed, 'Nia Novak');

  // Samuel commits to two things; Amara did long ago, and is asked how it went.
  for (const [cue, act] of [['a new consult comes in', 'ask what worries the patient most before I look at the images'], ['rounds end on Friday', 'tell one learner one strength and one next step']]) {
    const saved = await samuel.post(`${course}/commit`, [['cue', cue], ['act', act]]);
    assert.equal(saved.status, 303, saved.text);
  }
  [site.commitment] = (await view(s, '/commitments', samuel.cookie)).mine;
  await samuel.post(site.commitment.check_href, [['outcome', 'partly']]);

  // Two questions have come back to Amara; one is answered. Nothing comes back to `longest`.
  site.followUp = (await view(s, '/', people.amara.cookie)).learning.waiting.questions.href;
  const { questions } = await view(s, site.followUp, people.amara.cookie);
  await people.amara.post(`${site.followUp}/answer`, [['item', questions[0].item], ['answer', key.get(questions[0].item).wrong[0]]]);
  site.followUpItem = questions[1].item;
  await people.longest.post('/account/follow-ups', [['to', 'off']]);

  // Nia's certificates: one was superseded, its successor revoked, and the third she does not share.
  const ofNia = async () => (await view(s, '/certificates', people.nia.cookie)).certificates[0];
  const act = (what) => people.administrator.post(`${site.niaAdmin}/${what}`, [['reason', 'The name was mistyped.']]);
  for (const [state, what] of [['superseded', 'reissue'], ['revoked', 'revoke'], ['again', 'reissue']]) {
    const one = await ofNia();
    site[`${state}Public`] = one.public_href;
    site.niaAdmin = one.href.replace('/certificates', '/administration/certificates');
    site[`${state}Admin`] = site.niaAdmin;
    site[`${state}Own`] = one.href;
    const done = await act(what);
    assert.equal(done.status, 303, done.text);
  }
  site.unshared = await ofNia();
  await people.nia.post(`${site.unshared.href}/share`, [['to', 'off']]);

  const sealed = await understory(['log', 'checkpoint', '--data', s.data]);
  assert.equal(sealed.code, 0, sealed.stderr);
  const { certificates } = await view(s, '/certificates', people.amara.cookie);
  const amaras = certificates.find((c) => c.title.includes('Cultural humility'));
  site.certificate = amaras.href;
  site.certificateAdmin = site.certificate.replace('/certificates', '/administration/certificates');
  site.public = amaras.public_href;
  const file = await request(s, 'GET', `${site.public}/credential.json`);
  site.credential = file.text;
  site.foreign = JSON.stringify(forger().sign(file.json, file.json.issuer.id));
  site.version = new URL(file.json.credentialSubject.achievement.id).pathname;
  await challenges(site);
  await alternatives(site);
  const found = await view(s, '/administration/people?q=okafor', people.administrator.cookie);
  site.person = found.people[0].href;
  site.personLongest = `/administration/people/${longest.uuid}`;
  site.personDeleted = `/administration/people/${(await addPerson(s, 'Lea Weber', 'lea.weber@example.edu')).uuid}`;
  const deleted = await people.administrator.post(`${site.personDeleted}/delete`, [['reason', 'Has left'], ['name', 'Lea Weber']]);
  assert.equal(deleted.status, 303, deleted.text);
  site.personOwn = (await view(s, '/administration/people?q=whitfield', people.administrator.cookie)).people[0].href;
  if (s.courses) await publishTwice(site);
  await fillDrafts(site);
  return site;
}

/**
 * A colleague has read the clean draft: said something of a paragraph, of one that has changed since,
 * and of a question; one of it is done. There is a newer link, and one that was withdrawn.
 */
async function fillReview(site, change) {
  const { s, people: { author } } = site;
  const link = async () => (await author.post(`${site.draft}/review`, [], 'application/json')).json.path;
  const say = async (part, words, name, comment) => {
    const path = `${site.review}${part}`, { blocks } = await view(s, path);
    const block = blocks.find((b) => b.about.startsWith(words)).id;
    const answer = await request(s, 'POST', path, { form: [['block', block], ['name', name], ['comment', comment]] });
    assert.equal(answer.status, 303, answer.text);
    return [answer.headers.location, block];
  };
  site.review = await link();
  await say('/lesson/begin-with-a-moment', 'Then say what', 'Dr. Vera Lind', 'Two ideas, really:\nwhat was seen, and what was thought.');
  await say('/questions', '', 'Dr. Vera Lind', 'The first reason reads like a threat.');
  await say('/case/a-first-visit', 'It is ten past', 'V. Lind', 'Ten past nine, and not yet late?');
  await change(site.draft, 'lessons/01-begin-with-a-moment.md', (t) => t.replace('Then say what you saw in it.', 'Say next what you saw in it.'));
  site.review = await link();
  [site.reviewSaid, site.reviewBlock] = await say('/lesson/begin-with-a-moment', 'Say how sure', `Prof. ${'Wolfeschlegelsteinhausen'.repeat(3)}`.slice(0, 80), `Which study?\n${'https://example.org/a-very-long-address-without-any-break'.repeat(3)}`);
  const { files } = await view(s, `${site.draft}/comments`, author.cookie);
  await author.post(`${site.draft}/comments`, [['comment', files.at(-1).comments[0].id], ['done', 'yes']]);
  for (const [name, role, version] of [['Dr. Vera Lind', 'Clinical ethicist, county hospital', 1], ['Prof. Emil Roth', 'Chair of the curriculum committee', 2]])
    await author.post(`${site.draft}/signoffs`, [['name', name], ['role', role], ['signed_on', '2026-01-15'], ['version', version]]);
  await request(s, 'POST', `${site.review}/sign`, { form: [['name', 'Nobody Known'], ['role', 'Passer-by'], ['stand_by', 'yes']] });
  const { signoffs } = (await view(s, site.draft, author.cookie)).review;
  await author.post(`${site.draft}/signoffs/answer`, [['signoff', signoffs[0].id], ['answer', 'decline']]);
  await link();
  const { review } = await view(s, site.draft, author.cookie);
  await author.post(`${site.draft}/review/withdraw`, [['link', review.links[0].id]]);
}

/** A clean draft, and one with errors in two files, an image, and a save that comes too late. */
async function fillDrafts(site) {
  const { s, people: { author } } = site;
  const begin = async (title, id) => (await author.post('/authoring/new', [['title', title], ['id', id]])).headers.location;
  const change = async (draft, path, make) => {
    const { text, base } = await view(s, `${draft}/edit?path=${path}`, author.cookie);
    await author.post(`${draft}/edit`, [['path', path], ['text', make(text)], ['base', base]]);
    return base;
  };
  site.draft = await begin('Asking well', 'asking-well');
  await change(site.draft, 'lessons/01-begin-with-a-moment.md', (t) => `${t}\n> [!TOOL first-question]\n> - [ ] Ask what worries them most.\n> - [ ] Say what you heard.\n`);
  site.draftErrors = await begin('Wer fragt, der führt: a course whose title is rather long for a single line', 'wer-fragt');
  const stale = await change(site.draftErrors, 'questions.md', (t) => t.replace('objective: A1', 'objective: A7').replace(/\n {2}> Dates can[^\n]*/, ''));
  await change(site.draftErrors, 'lessons/01-begin-with-a-moment.md', (t) => `${t}\n<b>raw</b> and a very long line ${'that goes on '.repeat(30)}\n`);
  site.draftConflict = [['path', 'questions.md'], ['text', '# Mine'], ['base', stale]];
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  await request(s, 'POST', `${site.draftErrors}/image`, { cookie: author.cookie, files: [['form_token', author.token], ['file', { filename: 'one.png', bytes: png }]] });
  await fillReview(site, change);
  await author.post(`${site.draft}/ready`, [['ready', 'yes']]);
  await sentDrafts(site, begin, change);
}

/** One that was sent, one that moved on since, and one that was published and changed afterwards. */
async function sentDrafts(site, begin, change) {
  const { people: { author, administrator } } = site;
  const adminOf = (draft) => draft.replace('/authoring', '/administration/drafts');
  const ready = (draft) => author.post(`${draft}/ready`, [['ready', 'yes']]);
  const first = 'lessons/01-begin-with-a-moment.md';
  site.draftSent = adminOf(site.draft);
  site.draftChanged = (await author.post('/authoring/copy', [['course', 'humility']])).headers.location;
  await change(site.draftChanged, 'lessons/06-repair.md', (t) => t.replace('\n## ', '\nSay it in one sentence.\n\n## '));
  await ready(site.draftChanged);
  await change(site.draftChanged, 'lessons/06-repair.md', (t) => `${t}\nAnd once more.\n`);
  site.draftChangedSent = adminOf(site.draftChanged);
  site.draftPublished = await begin('Asking late', 'asking-late');
  await ready(site.draftPublished);
  const { next_hash: hash } = await view(site.s, adminOf(site.draftPublished), administrator.cookie);
  const published = await administrator.post(`${adminOf(site.draftPublished)}/publish`, [['kind', 'first'], ['after', ''], ['hash', hash]]);
  assert.equal(published.status, 303, published.text);
  await change(site.draftPublished, first, (t) => `${t}\nAnd once more.\n`);
}

/** The list: {name, route, who, path, status, post}; who undefined: nobody signed in. */
export function pagesOf(site) {
  const get = (name, route, who, path = route, status = 200) => ({ name, route, who, path, status });
  const post = (name, who, path, fields, status) => ({ name, route: null, who, path, status, fields });
  const everyone = ['mei', 'daniel', 'samuel', 'nia', 'amara', 'chair-medicine', 'evaluator', 'administrator', 'longest'];
  const altered = site.credential.replace('Amara Okafor', 'Amara 0kafor');
  return [
    get('front', '/'),
    ...everyone.map((who) => get(`home-${who}`, '/', who)),
    get('sign-in', '/sign-in', undefined, `/sign-in?return_to=${site.lesson}`),
    get('sign-in-link', '/sign-in/link/{token}', undefined, new URL(site.s.links.mei).pathname),
    get('sign-in-link-gone', '/sign-in/link/{token}', undefined, `/sign-in/link/${'A'.repeat(43)}`, 404),
    post('sign-in-wrong', undefined, '/sign-in', [['email', 'nobody@example.edu'], ['password', 'not these words']], 401),
    post('sign-in-empty', undefined, '/sign-in', [['email', ''], ['password', '']], 422),

    get('courses-new', '/courses', 'mei'),
    get('courses-midway', '/courses', 'daniel'),
    get('courses-finished', '/courses', 'amara'),
    get('course-new', '/courses/{course}', 'mei', site.course),
    get('course-midway', '/courses/{course}', 'daniel', site.course),
    get('course-tried', '/courses/{course}', 'samuel', site.course),
    get('course-finished', '/courses/{course}', 'amara', site.course),
    get('course-by-assessment', '/courses/{course}', 'nia', site.course),
    get('course-version', '/courses/{course}/v{hash}', undefined, site.version),
    get('course-version-signed-in', '/courses/{course}/v{hash}', 'amara', site.version),
    ...site.lessons.slice(0, 2).map((path, i) => get(`lesson-version-${i + 1}`, '/courses/{course}/v{hash}/{lesson}', 'daniel', `${site.version}/${path.split('/').at(-1)}`)),
    get('history', '/courses/{course}/history', 'daniel', `${site.course}/history`),
    ...(site.changes ?? []).map((path, i) => get(`changes-${i + 1}`, '/courses/{course}/history/v{hash}', 'daniel', path)),
    get('changes-first', '/courses/{course}/history/v{hash}', 'daniel', `${site.course}/history/${site.version.split('/').at(-1)}`, 303),
    get('changes-none', '/courses/{course}/history/v{hash}', 'daniel', `${site.course}/history/v${'0'.repeat(64)}`, 404),
    ...site.lessons.map((path, i) => get(`lesson-${i + 1}`, '/courses/{course}/{lesson}', 'samuel', path)),
    get('lesson-answered', '/courses/{course}/{lesson}', 'amara', site.lesson),
    get('lesson-again', '/courses/{course}/{lesson}', 'amara', `${site.lesson}?again=q-humility-l01`),
    post('lesson-asking', 'samuel', `${site.lesson}/answer`, [['item', 'q-humility-l01']], 422),
    get('case-begin', '/courses/{course}/case/{case}', 'daniel', site.case),
    get('case-followed', '/courses/{course}/case/{case}', 'samuel', `${site.case}?followed=1`),
    get('case-midway', '/courses/{course}/case/{case}', 'samuel', site.case),
    get('case-moved-on', '/courses/{course}/case/{case}', 'samuel', `${site.case}?moved_on=1`),
    get('case-end', '/courses/{course}/case/{case}', 'amara', site.case),
    get('completed', '/courses/{course}/completed', 'amara', `${site.course}/completed`),
    get('completed-by-assessment', '/courses/{course}/completed', 'nia', `${site.course}/completed`),

    get('course-before', '/courses/{course}', 'pia', site.course),
    get('before-one', '/attempts/{attempt}', 'pia', `${site.before}?item=2&saved=1`),
    get('before-all', '/attempts/{attempt}', 'pia', `${site.before}?view=all`),
    get('before-review', '/attempts/{attempt}/review', 'pia', `${site.before}/review`),
    get('before-done', '/attempts/{attempt}/result', 'nia', `${site.beforeDone}/result`),
    get('check-new', '/courses/{course}/check', 'daniel', `${site.course}/check`),
    get('check-under-way', '/courses/{course}/check', 'samuel', `${site.course}/check`),
    get('check-passed', '/courses/{course}/check', 'amara', `${site.course}/check`),
    get('attempt-one', '/attempts/{attempt}', 'samuel', `${site.open}?item=4`),
    get('attempt-answered', '/attempts/{attempt}', 'samuel', `${site.open}?item=2&saved=1`),
    get('attempt-last', '/attempts/{attempt}', 'samuel', `${site.open}?item=8`),
    get('attempt-asking', '/attempts/{attempt}', 'samuel', `${site.open}?item=4&asking=1`),
    get('attempt-all', '/attempts/{attempt}', 'samuel', `${site.open}?view=all`),
    get('attempt-review', '/attempts/{attempt}/review', 'samuel', `${site.open}/review`),
    post('attempt-conflict', 'samuel', `${site.open}/answer`, site.conflict, 409),
    post('attempt-conflicts', 'samuel', `${site.open}/answers`, site.conflicts, 409),
    get('result-not-yet', '/attempts/{attempt}/result', 'samuel', `${site.failed}/result`),
    get('result-late', '/attempts/{attempt}/result', 'samuel', `${site.failed}/result?late=1`),
    get('result-passed', '/attempts/{attempt}/result', 'nia', `${site.passed}/result`),

    get('challenge-lesson', '/courses/{course}/challenge', 'samuel', `${site.course}/challenge?lesson=asking-well`),
    get('challenge-item', '/courses/{course}/challenge', 'samuel', `${site.course}/challenge?item=${site.failedItems[0]}`),
    get('challenge-sent', '/courses/{course}/challenge', 'samuel', `${site.course}/challenge?lesson=asking-well&sent=anonymous`),
    get('challenge-none', '/courses/{course}/challenge', 'samuel', `${site.course}/challenge`, 404),
    post('challenge-empty', 'samuel', `${site.course}/challenge`, [['lesson', 'asking-well'], ['source', 'A source'], ['anonymous', 'on']], 422),
    get('alternative-none', '/courses/{course}/alternative', 'amara', `${site.course}/alternative`),
    get('alternative-open', '/courses/{course}/alternative', 'samuel', `${site.course}/alternative`),
    get('alternative-another', '/courses/{course}/alternative', 'longest', `${site.course}/alternative`),
    get('alternative-excused', '/courses/{course}/alternative', 'mei', `${site.course}/alternative`),
    get('alternative-withdrawn', '/courses/{course}/alternative', 'nia', `${site.course}/alternative`),
    post('alternative-empty', 'amara', `${site.course}/alternative`, [['words', '']], 422),
    get('questions', '/account/questions', 'samuel'),
    get('questions-none', '/account/questions', 'mei'),
    get('corrections', '/corrections'),
    get('corrections-course', '/corrections', 'mei', '/corrections?course=humility'),
    get('corrections-none', '/corrections', undefined, '/corrections?course=none-such'),

    get('follow-up', '/follow-ups/{follow_up}', 'amara', site.followUp),
    get('follow-up-foreign', '/follow-ups/{follow_up}', 'samuel', site.followUp, 404),
    post('follow-up-asking', 'amara', `${site.followUp}/answer`, [['item', site.followUpItem]], 422),

    get('commitments', '/commitments', 'samuel'),
    get('commitments-due', '/commitments', 'amara', '/commitments?note=told'),
    get('commitments-none', '/commitments', 'mei'),
    get('commitment-delete', '/commitments/{commitment}/delete', 'samuel', site.commitment.delete_href),
    get('commitment-delete-foreign', '/commitments/{commitment}/delete', 'administrator', site.commitment.delete_href, 404),
    post('commitment-empty', 'samuel', `${site.course}/commit`, [['cue', 'rounds end'], ['act', '']], 422),
    post('commitment-changed-elsewhere', 'samuel', site.commitment.writing.action, [['base', '7'], ['cue', 'rounds end'], ['act', 'say thank you']], 409),
    get('plan', '/courses/{course}/plan', 'mei', `${site.course}/plan`),
    get('plan-mine', '/courses/{course}/plan', 'samuel', `${site.course}/plan?mine=on`),
    get('plan-mine-none', '/courses/{course}/plan', 'daniel', `${site.course}/plan?mine=on`),

    get('account', '/account', 'amara'),
    get('account-longest', '/account', 'longest'),
    get('account-saved', '/account', 'samuel', '/account?saved=follow-ups-on'),
    post('account-name-wrong', 'samuel', '/account/certificate-name', [['certificate_name', '…']], 422),
    post('account-password-wrong', 'samuel', '/account/password', [['new_password', 'short']], 422),
    get('who-sees-what', '/account/who-sees-what', 'amara'),
    get('who-sees-what-longest', '/account/who-sees-what', 'longest'),
    get('journal', '/journal', 'samuel'),
    get('journal-none', '/journal', 'mei'),
    get('journal-deleted', '/journal', 'samuel', '/journal?deleted=1'),
    get('journal-delete', '/journal/{entry}/delete', 'samuel', site.entryDelete),
    get('journal-delete-foreign', '/journal/{entry}/delete', 'administrator', site.entryDelete, 404),
    post('journal-too-long', 'samuel', `${site.reflectLesson}/reflect`, [['prompt', 'r1'], ['base', '0'], ['text', 'Too long. '.repeat(1200)]], 422),
    post('journal-changed-elsewhere', 'samuel', `${site.reflectLesson}/reflect`, [['prompt', 'r1'], ['base', '7'], ['text', 'From another window.']], 409),
    get('transcript', '/transcript', 'amara'),
    get('transcript-none', '/transcript', 'mei'),
    get('transcript-saved', '/transcript', 'samuel', '/transcript?saved=1'),
    get('transcript-credit', '/transcript/credits/{credit}', 'samuel', site.credit),
    get('transcript-credit-foreign', '/transcript/credits/{credit}', 'administrator', site.credit, 404),
    post('transcript-credit-wrong', 'samuel', '/transcript/credits', [['title', 'Interpreters in clinic'], ['provider', ''], ['earned_on', '2199-01-01'], ['hours', 'two']], 422),
    post('transcript-change-wrong', 'samuel', site.credit, [['title', ''], ['provider', 'The hospital'], ['earned_on', '2026-02-03'], ['hours', '0']], 422),
    get('facilitator', '/courses/{course}/facilitator', 'mei', `${site.course}/facilitator`),
    get('tool', '/courses/{course}/tools/{tool}', undefined, `${site.course}/tools/plan-check`),
    get('tool-signed-in', '/courses/{course}/tools/{tool}', 'daniel', `${site.course}/tools/plan-check`),
    get('tool-none', '/courses/{course}/tools/{tool}', undefined, `${site.course}/tools/none-such`, 404),
    get('lesson-tool', '/courses/{course}/{lesson}', 'amara', `${site.course}/four-commitments`),
    get('lesson-match', '/courses/{course}/{lesson}', 'amara', `${site.course}/asking-well`),
    get('certificates', '/certificates', 'amara'),
    get('certificates-none', '/certificates', 'mei'),
    get('certificate', '/certificates/{uuid}', 'amara', site.certificate),
    get('certificate-foreign', '/certificates/{uuid}', 'samuel', site.certificate, 404),
    get('certificates-earlier', '/certificates', 'nia'),
    get('certificate-superseded', '/certificates/{uuid}', 'nia', site.supersededOwn),
    get('certificate-revoked', '/certificates/{uuid}', 'nia', site.revokedOwn),
    get('certificate-unshared', '/certificates/{uuid}', 'nia', `${site.unshared.href}?saved=sharing-off`),
    post('certificate-name', 'amara', '/account/certificate-name', [['certificate_name', `Amara ${'Wolfeschlegelsteinhausen'.repeat(3)}`]], 200),
    get('public-certificate', '/v/{token}', undefined, site.public),
    get('public-superseded', '/v/{token}', undefined, site.supersededPublic),
    get('public-revoked', '/v/{token}', undefined, site.revokedPublic),
    get('public-unshared', '/v/{token}', undefined, site.unshared.public_href),
    get('public-none', '/v/{token}', undefined, `/v/${'0'.repeat(26)}`, 404),
    get('verify', '/verify'),
    get('log', '/log'),
    get('log-signed-in', '/log', 'amara'),
    post('verify-code', undefined, '/verify', [['code', site.public.split('/').at(-1)]], 303),
    post('verify-code-wrong', undefined, '/verify', [['code', 'abc']], 422),
    post('verify-file', undefined, '/verify', [['credential', site.credential]], 200),
    post('verify-file-altered', undefined, '/verify', [['credential', altered]], 200),
    post('verify-file-wrong', undefined, '/verify', [['credential', '{"not": "one"}']], 200),
    post('verify-foreign', undefined, '/verify', [['credential', site.foreign]], 200),
    post('verify-none', undefined, '/verify', [['credential', '<!doctype html>']], 200),
    post('verify-code-unknown', undefined, '/verify', [['code', '0'.repeat(26)]], 404),
    post('verify-text-empty', undefined, '/verify', [['with', 'text'], ['credential', '']], 422),
    post('verify-file-empty', undefined, '/verify', [['with', 'file']], 422),
    post('verify-empty', undefined, '/verify', [['code', '']], 422),
    get('help', '/help'),
    get('help-signed-in', '/help', 'amara'),
    get('accessibility', '/accessibility'),
    get('privacy', '/privacy'),

    get('departments', '/departments', 'evaluator'),
    get('departments-chair', '/departments', 'chair-medicine', '/departments', 303),
    get('department', '/departments/{department}', 'chair-medicine', '/departments/medicine'),
    get('department-filtered', '/departments/{department}', 'chair-medicine', '/departments/medicine?status=done'),
    get('department-nobody', '/departments/{department}', 'chair-medicine', '/departments/medicine?status=excused'),
    get('department-date-wrong', '/departments/{department}', 'chair-medicine', '/departments/medicine?as_of=2199-01-01', 422),
    get('department-foreign', '/departments/{department}', 'chair-medicine', '/departments/surgery', 403),
    get('department-learner', '/departments/{department}', 'mei', '/departments/medicine', 403),
    get('outcomes', '/outcomes', 'evaluator'),
    get('outcomes-course', '/outcomes', 'administrator', '/outcomes?course=humility'),
    get('administration', '/administration', 'administrator'),
    get('publishing', '/administration/courses', 'administrator'),
    get('publishing-course', '/administration/courses/{course}', 'administrator', '/administration/courses/humility'),
    get('publishing-none', '/administration/courses/{course}', 'administrator', '/administration/courses/none-such', 404),
    get('publishing-nothing', '/administration/courses/{course}/publish', 'administrator', '/administration/courses/humility/publish?kind=first', 422),
    ...(site.changes ? [
      get('publishing-confirm', '/administration/courses/{course}/publish', 'administrator', '/administration/courses/humility/publish?kind=typo&note=A%20comma.'),
      get('publishing-note', '/administration/courses/{course}/publish', 'administrator', '/administration/courses/humility/publish?kind=correction', 422),
      get('lesson-new-material', '/courses/{course}/{lesson}', 'amara', `${site.course}/repair`),
    ] : []),
    get('publishing-draft', '/administration/drafts/{draft}', 'administrator', site.draftSent),
    get('publishing-draft-changed', '/administration/drafts/{draft}', 'administrator', site.draftChangedSent),
    get('publishing-draft-none', '/administration/drafts/{draft}', 'administrator', site.draftErrors.replace('/authoring', '/administration/drafts'), 404),
    get('publishing-draft-confirm', '/administration/drafts/{draft}/publish', 'administrator', `${site.draftSent}/publish?kind=first`),
    get('publishing-from-draft', '/administration/courses/{course}', 'administrator', '/administration/courses/asking-late'),
    get('draft-published', '/authoring/{draft}', 'author', site.draftPublished),
    get('draft-sent', '/authoring/{draft}', 'administrator', site.draftChanged),
    post('publishing-late', 'administrator', '/administration/courses/humility/publish', [['kind', 'minor'], ['hash', 'another']], 409),
    get('administration-evaluator', '/administration', 'evaluator'),
    get('challenges', '/administration/challenges', 'evaluator'),
    get('challenge-waiting', '/administration/challenges/{challenge}', 'evaluator', site.waiting),
    get('challenge-answered', '/administration/challenges/{challenge}', 'administrator', site.answered),
    post('challenge-answer-wrong', 'evaluator', `${site.waiting}/answer`, [['seen', 0], ['verdict', 'accepted'], ['answer', 'Yes.']], 422),
    get('alternatives', '/administration/alternatives', 'evaluator'),
    get('alternative-asked', '/administration/alternatives/{alternative}', 'evaluator', site.asked),
    get('alternative-answered', '/administration/alternatives/{alternative}', 'evaluator', site.excused),
    get('alternative-taken-back', '/administration/alternatives/{alternative}', 'evaluator', site.withdrawn),
    post('alternative-answer-wrong', 'evaluator', `${site.asked}/answer`, [['seen', 0], ['outcome', 'excused'], ['until', '2001-01-01'], ['answer', 'Yes.']], 422),
    get('people', '/administration/people', 'administrator'),
    get('people-found', '/administration/people', 'administrator', '/administration/people?q=okafor'),
    get('people-none', '/administration/people', 'administrator', '/administration/people?q=zzz'),
    get('people-wrong', '/administration/people', 'administrator', `/administration/people?q=${'x'.repeat(300)}`, 422),
    get('person', '/administration/people/{person}', 'administrator', site.person),
    get('person-longest', '/administration/people/{person}', 'administrator', site.personLongest),
    get('person-deleted', '/administration/people/{person}', 'administrator', `${site.personDeleted}?done=deleted`),
    get('person-delete', '/administration/people/{person}/delete', 'administrator', `${site.person}/delete`),
    get('person-delete-longest', '/administration/people/{person}/delete', 'administrator', `${site.personLongest}/delete`),
    get('person-delete-own', '/administration/people/{person}/delete', 'administrator', `${site.personOwn}/delete`),
    post('person-delete-wrong', 'administrator', `${site.personLongest}/delete`, [['reason', 'Wolfeschlegelsteinhausen has left'], ['name', 'Wolf']], 422),
    get('person-none', '/administration/people/{person}', 'administrator', '/administration/people/none-such', 404),
    get('certificates-admin', '/administration/certificates', 'administrator'),
    get('certificates-admin-person', '/administration/certificates', 'administrator', `/administration/certificates?person=${site.nia.uuid}`),
    get('certificates-admin-none', '/administration/certificates', 'administrator', '/administration/certificates?q=zzz'),
    get('certificates-admin-wrong', '/administration/certificates', 'administrator', `/administration/certificates?q=${'x'.repeat(100)}`, 422),
    get('certificate-admin', '/administration/certificates/{certificate}', 'administrator', site.certificateAdmin),
    get('certificate-admin-superseded', '/administration/certificates/{certificate}', 'administrator', site.supersededAdmin),
    get('certificate-admin-revoked', '/administration/certificates/{certificate}', 'administrator', `${site.revokedAdmin}?done=revoked`),
    get('certificate-admin-none', '/administration/certificates/{certificate}', 'administrator', '/administration/certificates/none-such', 404),
    get('certificate-revoke', '/administration/certificates/{certificate}/revoke', 'administrator', `${site.certificateAdmin}/revoke`),
    post('certificate-revoke-wrong', 'administrator', `${site.certificateAdmin}/revoke`, [['reason', 'Too long. '.repeat(40)]], 422),
    get('certificate-reissue', '/administration/certificates/{certificate}/reissue', 'administrator', `${site.certificateAdmin}/reissue`),
    post('person-link', 'administrator', `${site.person}/link`, [], 200),

    get('authoring', '/authoring', 'author'),
    get('authoring-others', '/authoring', 'administrator'),
    get('authoring-guide', '/authoring/guide', 'author'),
    get('authoring-learner', '/authoring', 'mei', '/authoring', 403),
    post('authoring-new-wrong', 'author', '/authoring/new', [['title', 'Asking'], ['id', 'Not One']], 422),
    post('authoring-upload-none', 'author', '/authoring/upload', [], 422),
    get('draft', '/authoring/{draft}', 'author', site.draft),
    get('draft-errors', '/authoring/{draft}', 'author', site.draftErrors),
    get('draft-none', '/authoring/{draft}', 'author', '/authoring/none-such', 404),
    post('draft-add-wrong', 'author', `${site.draft}/add`, [['path', 'lessons/a.txt']], 422),
    get('draft-edit', '/authoring/{draft}/edit', 'author', `${site.draft}/edit?path=questions.md&saved=1`),
    get('draft-edit-errors', '/authoring/{draft}/edit', 'author', `${site.draftErrors}/edit?path=questions.md&line=32`),
    get('draft-edit-long', '/authoring/{draft}/edit', 'author', `${site.draftErrors}/edit?path=lessons/01-begin-with-a-moment.md`),
    get('draft-edit-image', '/authoring/{draft}/edit', 'author', `${site.draftErrors}/edit?path=media/one.png`),
    get('draft-edit-new', '/authoring/{draft}/edit', 'author', `${site.draft}/edit?path=lessons/09-new.md`),
    post('draft-conflict', 'author', `${site.draftErrors}/edit`, site.draftConflict, 409),
    post('draft-rename-wrong', 'author', `${site.draft}/rename`, [['path', 'questions.md'], ['to', 'q.md']], 422),
    get('walk', '/authoring/{draft}/walk', 'author', `${site.draft}/walk`),
    get('walk-errors', '/authoring/{draft}/walk', 'author', `${site.draftErrors}/walk`, 409),
    get('walk-lesson', '/authoring/{draft}/walk/{lesson}', 'author', `${site.draft}/walk/begin-with-a-moment`),
    get('walk-lesson-answered', '/authoring/{draft}/walk/{lesson}', 'author', `${site.draft}/walk/make-it-yours?item=q-asking-well-l02&answer=2`),
    post('walk-lesson-asking', 'author', `${site.draft}/walk/begin-with-a-moment/answer`, [['item', 'q-asking-well-l01']], 422),
    get('walk-tool', '/authoring/{draft}/walk/tools/{tool}', 'author', `${site.draft}/walk/tools/first-question`),
    get('walk-case', '/authoring/{draft}/walk/case/{case}', 'author', `${site.draft}/walk/case/a-first-visit`),
    get('walk-case-followed', '/authoring/{draft}/walk/case/{case}/{path}', 'author', `${site.draft}/walk/case/a-first-visit/1?followed=1`),
    get('walk-case-end', '/authoring/{draft}/walk/case/{case}/{path}', 'author', `${site.draft}/walk/case/a-first-visit/1.1`),
    get('walk-check', '/authoring/{draft}/walk/check', 'author', `${site.draft}/walk/check`),
    post('walk-check-result', 'author', `${site.draft}/walk/check`, [['answer.q-asking-well-01', '3'], ['answer.q-asking-well-02', '1']], 200),
    get('draft-history', '/authoring/{draft}/history', 'author', `${site.draftErrors}/history`),
    get('draft-delete', '/authoring/{draft}/delete', 'author', `${site.draft}/delete`),
    post('review-link', 'author', `${site.draft}/review`, [], 200),
    post('review-link-errors', 'author', `${site.draftErrors}/review`, [], 409),
    get('draft-comments', '/authoring/{draft}/comments', 'author', `${site.draft}/comments`),
    get('draft-comments-none', '/authoring/{draft}/comments', 'author', `${site.draftErrors}/comments`),
    get('review', '/review/{token}', undefined, site.review),
    get('review-none', '/review/{token}', undefined, `/review/${'A'.repeat(43)}`, 404),
    get('review-lesson', '/review/{token}/lesson/{lesson}', undefined, `${site.review}/lesson/make-it-yours`),
    get('review-lesson-said', '/review/{token}/lesson/{lesson}', undefined, site.reviewSaid.split('#')[0]),
    get('review-sign', '/review/{token}/sign', undefined, `${site.review}/sign`),
    get('review-sign-sent', '/review/{token}/sign', undefined, `${site.review}/sign?sent=1`),
    post('review-sign-wrong', undefined, `${site.review}/sign`, [['name', 'Dr. Vera Lind'], ['role', '']], 422),
    post('draft-signoff-wrong', 'author', `${site.draft}/signoffs`, [['name', 'Dr. Vera Lind'], ['role', ''], ['signed_on', '2199-01-01'], ['version', '1']], 422),
    post('review-comment-wrong', undefined, `${site.review}/lesson/begin-with-a-moment`, [['block', site.reviewBlock], ['name', ''], ['comment', 'Too long. '.repeat(300)]], 422),
    get('review-case', '/review/{token}/case/{case}', undefined, `${site.review}/case/a-first-visit`),
    get('review-questions', '/review/{token}/{part}', undefined, `${site.review}/questions`),
    get('review-references', '/review/{token}/{part}', undefined, `${site.review}/references`),
    get('review-guide', '/review/{token}/{part}', undefined, `${site.review}/facilitator`),
    get('review-part-none', '/review/{token}/{part}', undefined, `${site.review}/appendix`, 404),

    get('error-404', null, undefined, '/none-such', 404),
    get('error-404-signed-in', null, 'amara', '/none-such', 404),
    get('error-404-course', null, 'amara', '/courses/none-such', 404),
    get('error-405', null, 'amara', '/sign-out', 405),
    get('error-422', null, 'samuel', `${site.open}?view=sideways`, 422),
    post('error-401', undefined, '/account/certificate-name', [['certificate_name', 'Somebody']], 401),
    post('error-403-token', 'amara', '/account/certificate-name', [['form_token', 'x'], ['certificate_name', 'Somebody']], 403),
    post('error-422-post', 'amara', `${site.lesson}/answer`, [['item', 'none such']], 422),
  ];
}

/** The list names every page of the route table; else a page was built that nobody looks at. */
export async function assertComplete(site, pages) {
  const { json } = await request(site.s, 'GET', '/api');
  const routes = Object.entries(json.paths).filter(([, operations]) => operations.get).map(([path]) => path);
  const walked = new Set(pages.map((p) => p.route));
  assert.deepEqual(routes.filter((r) => !walked.has(r) && !notPages.includes(r)), [], 'pages that are not walked');
}

/** The server's answer for a page, over HTTP; what is posted is posted once, and its answer kept. */
export async function answerOf(site, page, accept = 'text/html') {
  const { s, people } = site;
  const person = people[page.who];
  if (!page.fields) return request(s, 'GET', page.path, { cookie: person?.cookie, accept });
  page.answers ??= {};
  const own = page.fields.some(([name]) => name === 'form_token');
  const form = person && !own ? [['form_token', person.token], ...page.fields] : page.fields;
  page.answers[accept] ??= request(s, 'POST', page.path, { cookie: person?.cookie, accept, form, headers: { Referer: `${s.base}/` } });
  return page.answers[accept];
}

/** The same in a browser: what is posted is shown as the server answered it. */
export async function openPage(site, browserPage, page) {
  const url = site.s.base + page.path;
  if (!page.fields) return browserPage.goto(url);
  const answer = await answerOf(site, page);
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !/^(set-cookie|content-length|transfer-encoding|connection|keep-alive)$/.test(name)));
  await browserPage.route(url, (route) => route.fulfill({ status: answer.status, headers, body: answer.body }), { times: 1 });
  return browserPage.goto(url);
}
