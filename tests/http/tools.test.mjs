// A tool of a course is one page to print: open to anybody, linked from wherever it is of use.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { request, startServer, textOf, understory, view, linksOf } from '../support/server.mjs';
import { editCourse } from '../support/pages.mjs';
import { session } from '../support/people.mjs';

const course = '/courses/humility';
const tool = `${course}/tools/plan-check`;
let s, mei, daniel;
before(async () => {
  s = await startServer({ demo: true, ownCourses: true });
  [mei, daniel] = [await session(s, 'mei'), await session(s, 'daniel')];
});
after(() => s?.stop());

test('whoever holds the sheet may look it up, without an account', async () => {
  const page = await request(s, 'GET', tool);
  assert.equal(page.status, 200);
  assert.match(textOf(page.text), /Plan check .*: who has never been asked what they need\?/);
  assert.match(page.text, /<table>/);
  assert.deepEqual(linksOf(page.text).filter((href) => /^\/courses\/(?!humility\/tools)/.test(href)), [], 'it leads nowhere that asks for an account');
  const json = await view(s, tool);
  assert.deepEqual(Object.keys(json).sort(), ['course', 'has_references', 'has_unchecked', 'lesson', 'page', 'references', 'title', 'tool_html', 'version']);
  assert.deepEqual([json.title, json.lesson, json.references.map((r) => r.key)], ['Plan check', 'Four commitments', ['Tervalon1998']]);
  assert.match(page.text, /id="ref-Tervalon1998"/, 'what it cites stands on the page');
});

test('no other name, and no other course', async () => {
  for (const path of [`${course}/tools/none-such`, '/courses/none-such/tools/plan-check'])
    assert.equal((await request(s, 'GET', path)).status, 404, path);
});

test('the lesson, the course, the guide and the plan lead to it; an old version only shows it', async () => {
  const { version_href: version } = (await view(s, `${course}/history`, daniel.cookie)).publications[0];
  for (const [path, leads] of [
    [`${course}/four-commitments`, true], [course, true], [`${course}/facilitator`, true], [`${course}/plan`, true], [`${version}/four-commitments`, false],
  ]) {
    const { status, text } = await daniel.get(path);
    assert.equal(status, 200, path);
    assert.equal(linksOf(text).includes(tool), leads, path);
    if (path.endsWith('four-commitments')) assert.match(text, /: who has never been asked what they need\?<\/td>/);
  }
  const { tools } = await view(s, course, mei.cookie);
  assert.deepEqual(tools, [{ name: 'Plan check', lesson: 'Four commitments', href: tool }]);
});

test('who studies a version prints its tool; everybody else the current one', async () => {
  await editCourse(s, 'lessons/03-four-commitments.md', 'The problem and the plan, in a line each:', 'In a line each, the problem and the plan:');
  const { code, stderr } = await understory(['publish', 'humility', '--kind', 'minor', '--data', s.data]);
  assert.equal(code, 0, stderr);
  assert.match((await daniel.get(tool)).text, /The problem and the plan, in a line each/);
  assert.match((await request(s, 'GET', tool)).text, /In a line each, the problem and the plan/);
  assert.match((await mei.get(tool)).text, /In a line each, the problem and the plan/);
});

test('an author walks the tools of a draft, and nobody else does', async () => {
  const author = await session(s, 'author');
  const draft = (await author.post('/authoring/copy', [['course', 'humility']])).headers.location;
  const { tools } = await view(s, `${draft}/walk`, author.cookie);
  assert.deepEqual(tools.map((t) => t.href), [`${draft}/walk/tools/plan-check`]);
  const page = await author.get(tools[0].href);
  assert.match(textOf(page.text), /Draft: nothing here is recorded\..*Plan check/);
  assert.ok(linksOf((await author.get(`${draft}/walk/four-commitments`)).text).includes(tools[0].href));
  assert.equal((await author.get(`${draft}/walk/tools/none-such`)).status, 404);
  assert.equal((await mei.get(tools[0].href)).status, 403);
  assert.equal((await request(s, 'GET', tools[0].href, { accept: 'application/json' })).status, 401);
});
