// "Why not complete?": one list, the same lines in the same order for the learner and the center; what
// each rests on; and nothing on the center's side that only the learner may see.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fillSite } from '../support/pages.mjs';
import { request, startServer, view } from '../support/server.mjs';

const day = /\w{3} \d{1,2} \w{3} \d{4}/;
let s, site;

before(async () => {
  s = await startServer({ demo: true });
  site = await fillSite(s);
});
after(() => s.stop());

const own = async (who) => (await view(s, site.course, site.people[who].cookie)).finishing;

/** The same person as an administrator sees them: [view, page]. */
async function seen(name) {
  const { cookie } = site.people.administrator;
  const { people } = await view(s, `/administration/people?q=${name}`, cookie);
  const { courses } = await view(s, people[0].href, cookie);
  const { text } = await request(s, 'GET', people[0].href, { cookie, accept: 'text/html' });
  return [courses.find((c) => c.id === 'humility').finishing, text];
}

test('each line that is done says what it rests on, with the way to it', async () => {
  const [lessons, story, check] = await own('amara');
  assert.match(lessons.evidence, new RegExp(`^The last one was answered ${day.source}\\.$`));
  assert.match(story.evidence, new RegExp(`^An end was reached ${day.source}\\.$`));
  assert.match(check.evidence, new RegExp(`^Passed on the (first|\\d+(st|nd|rd|th)) try, ${day.source}\\.$`));
  const result = await site.people.amara.get(check.result_href);
  assert.equal(result.status, 200);
  const { text } = await site.people.amara.get(site.course);
  for (const line of [lessons, story, check]) assert.ok(text.includes(line.evidence));
  assert.match(text, /See the result/);
});

test('a second try is called one', async () => {
  const { samuel } = site.people;
  const before = (await own('samuel')).at(-1);
  assert.equal(before.evidence, '');
  assert.equal(before.result_href, '');
  assert.match(before.detail, /under way/);
  const { answerKey } = await import('../support/key.mjs');
  const key = answerKey();
  for (const item of site.openItems)
    await samuel.post(`${site.open}/answer`, [['item', item], ...key.get(item).key.map((n) => ['answer', n])]);
  await samuel.post(`${site.open}/submit`, [['certificate_name', 'Samuel Goldberg']]);
  const check = (await own('samuel')).at(-1);
  assert.match(check.evidence, /^Passed on the 2nd try, /);
  assert.equal(check.result_href, `${site.open}/result`);
});

test('the center sees the same lines in the same order, without what is the learner’s alone', async () => {
  for (const [who, name] of [['amara', 'okafor'], ['daniel', 'reyes'], ['nia', 'nia.novak'], ['samuel', 'goldberg']]) {
    const mine = await own(who);
    const [theirs, page] = await seen(name);
    assert.equal(theirs.length, mine.length, who);
    for (const [i, line] of theirs.entries()) {
      assert.deepEqual(Object.keys(line).sort(), ['evidence', 'is_done', 'state_words', 'text'], who);
      assert.equal(line.text.split(':')[0], mine[i].text.split(':')[0], who);
      assert.equal(line.is_done, mine[i].is_done, who);
      assert.equal(line.state_words, mine[i].state_words, who);
      if (line.evidence) assert.match(line.evidence, new RegExp(`^${day.source}$`), who);
      assert.equal(Boolean(line.evidence), line.is_done, who);
      assert.ok(page.includes(`${line.text} · ${line.state_words}`), who);
    }
    assert.doesNotMatch(page, /\btry\b|So far|under way|\/attempts\/|Next is|is open|\d of 8/, who);
  }
});

test('a learning check not taken and one not passed look the same to the center', async () => {
  const { daniel, longest } = site.people;
  for (const person of [daniel, longest]) await person.post(`${site.course}/begin`);
  const tried = await longest.post(`${site.course}/check`);
  await longest.post(`${tried.headers.location}/submit`, [['certificate_name', 'Wolfe']]);
  const [never] = await seen('reyes');
  const [notYet] = await seen('wolfe');
  assert.match((await own('longest')).at(-1).detail, /So far \d of 8/);
  assert.deepEqual(never.at(-1), notYet.at(-1));
});

test('who sees what shows the learner the very lines', async () => {
  const { administrator } = await view(s, '/account/who-sees-what', site.people.amara.cookie);
  const [theirs] = await seen('okafor');
  assert.deepEqual(administrator.courses[0].finishing, theirs);
  const { text } = await site.people.amara.get('/account/who-sees-what');
  for (const line of theirs) assert.ok(text.includes(`${line.text} · ${line.state_words}`));
});

test('who has not begun has no lines, and chairs have none of anybody', async () => {
  const { cookie } = site.people.administrator;
  const { people } = await view(s, '/administration/people?q=mei', cookie);
  const { courses } = await view(s, people[0].href, cookie);
  assert.deepEqual(courses[0].finishing, []);
  const chair = site.people['chair-medicine'];
  assert.equal((await chair.get(people[0].href)).status, 403);
  const { text } = await chair.get('/departments/medicine', 'application/json');
  assert.doesNotMatch(text, /finishing|evidence/);
});
