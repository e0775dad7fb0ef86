// One resource, two representations: every page asked for as JSON gives the same answer with the
// same facts, holds no secret and, before a learning check is handed in, neither key nor reason. /api
// describes it all as OpenAPI 3.1.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer, request, headingOf, textOf } from '../support/server.mjs';
import { fillSite, pagesOf, answerOf, assertComplete } from '../support/pages.mjs';
import { answerKey, plain } from '../support/key.mjs';

let s, site, pages, api;

before(async () => {
  s = await startServer({ demo: true, ownCourses: true });
  site = await fillSite(s);
  pages = pagesOf(site);
  api = (await request(s, 'GET', '/api')).json;
});
after(() => s?.stop());

/** Every member of a JSON document: [path, name, value]. */
function* members(value, path = '') {
  if (value === null || typeof value !== 'object') return;
  for (const [name, inner] of Object.entries(value)) {
    yield [`${path}.${name}`, name, inner];
    yield* members(inner, `${path}.${name}`);
  }
}

test('each page of the route table is asked for', () => assertComplete(site, pages));

test('as JSON a page has the status, the place and the title of the page', async () => {
  for (const page of pages) {
    const [html, json] = [await answerOf(site, page), await answerOf(site, page, 'application/json')];
    assert.equal(html.status, page.status, `${page.name}: ${html.text.slice(0, 200)}`);
    // Whoever has one department is led there; a program gets the list of one.
    if (page.name === 'departments-chair') {
      assert.equal(json.status, 200);
      continue;
    }
    assert.equal(json.status, html.status, page.name);
    assert.equal(json.headers.location, html.headers.location, page.name);
    assert.match(json.headers.vary ?? '', /Accept/i, `${page.name} varies`);
    if (html.status === 303) continue;
    assert.ok(json.json, `${page.name} is JSON`);
    // A form that comes back with what is missing is a problem to a program.
    const isProblem = /problem\+json/.test(json.headers['content-type']);
    if (!isProblem || json.json.title === headingOf(html.text))
      assert.equal(json.json.h1 ?? json.json.title, headingOf(html.text), page.name);
    assert.ok(!isProblem || json.json.errors?.length > 0 || json.json.title === headingOf(html.text), page.name);
    if (isProblem && !page.fields) assertProblem(json.json, html, page);
  }
});

// RFC 9457: the same words as on the page.
function assertProblem(problem, html, page) {
  const text = textOf(html.text);
  assert.equal(problem.status, page.status, page.name);
  for (const member of ['type', 'title', 'detail', 'kept', 'to_do']) assert.ok(problem[member], `${page.name}: ${member}`);
  for (const member of ['title', 'detail', 'kept', 'to_do']) assert.ok(text.includes(problem[member]), `${page.name}: “${problem[member]}”`);
}

// Names of members whose value is text made for the reader's eye.
const isShown = (name) => /(^|_)(words|name|greeting|sentence|summary|label)$/.test(name);
// Said to programs, in an attribute, or only in another state of the page.
const notShown = /^\.(page|outbox|breadcrumb)\b|\.(course|lesson|owner)\.(name|label)$|^\.(path\.\d+|latest|progress)\.words$|^\.(state|answered|verdict)_words$|^\.next\.label$|\.claims_words$|^\.active_words$/;

test('what a view says in words stands on the page', async () => {
  let compared = 0;
  for (const page of pages.filter((p) => p.status === 200)) {
    const text = plain(textOf((await answerOf(site, page)).text));
    const { json } = await answerOf(site, page, 'application/json');
    const words = [...members(json)].filter(([path, name, value]) => typeof value === 'string' && value && isShown(name) && !notShown.test(path));
    // One table for all courses; each one's departments stand on its own page.
    const isElsewhere = (path) => json.is_overview && /^\.courses\.\d+\.(sentence$|rows\.|figure\.)/.test(path);
    const missing = words.filter(([path, , value]) => !isElsewhere(path) && !text.includes(plain(value)));
    compared += words.length;
    assert.deepEqual(missing.map(([path, , value]) => `${path} “${value}”`), [], page.name);
  }
  assert.ok(compared > 200, `${compared} compared`);
});

const secretName = /password|passphrase|secret|token_hash|session|cipher|private|seed|salt|external_id|rating/i;

test('no view holds a secret', async () => {
  const [cookies, hashes] = [Object.values(site.people).map((p) => p.cookie.split('=')[1]), /\$argon2|\$2[aby]\$|z3u2|-----BEGIN/];
  for (const page of pages) {
    const { text, json } = await answerOf(site, page, 'application/json');
    for (const [path, name, value] of members(json ?? {})) {
      const harmless = typeof value === 'boolean' || /^\.(errors|wrong|typed|has_password)\b/.test(path);
      assert.ok(!secretName.test(name) || harmless, `${page.name}${path}`);
    }
    for (const bytes of [text, (await answerOf(site, page)).text]) {
      assert.doesNotMatch(bytes, hashes, page.name);
      for (const cookie of cookies) assert.ok(!bytes.includes(cookie), `${page.name} shows a session`);
    }
  }
});

const unanswered = ['attempt-one', 'attempt-answered', 'attempt-last', 'attempt-asking', 'attempt-all', 'attempt-review', 'attempt-conflict',
  'check-under-way', 'lesson-1', 'lesson-again', 'lesson-asking'];
const telling = /^(is_key|key|is_right|right|correct|verdict|verdict_words|state_words|rationale|rationale_html|explanation|explanation_html|mark|score)$/;

test('before handing in, neither key nor reason is in any view', async () => {
  const key = answerKey();
  const reasons = [...key.values()].flatMap((item) => [...item.options.map((o) => o.rationale), item.explanation]).map(plain);
  for (const page of pages.filter((p) => unanswered.includes(p.name))) {
    const { json, text } = await answerOf(site, page, 'application/json');
    const html = await answerOf(site, page);
    for (const [path, name, value] of members(json))
      assert.ok(!telling.test(name) || value === '' || /^\.(map|references)\b/.test(path), `${page.name}${path}`);
    for (const shown of [plain(textOf(html.text)), plain(JSON.parse(text) && text)])
      for (const reason of reasons) assert.ok(!shown.includes(reason), `${page.name}: ${reason}`);
    assert.doesNotMatch(html.text, /is-right|is-key|data-right/, page.name);
  }
});

test('an answer to a question of the learning check tells nothing but that it is saved', async () => {
  const { samuel } = site.people;
  const fields = [['item', site.openItems[4]], ['answer', '1'], ['op_id', 'json-test-0001']];
  const { json } = await samuel.post(`${site.open}/answer`, fields, 'application/json');
  assert.deepEqual(Object.keys(json).sort(), ['answer', 'is_whole', 'item', 'saved_at', 'saved_at_words']);
});

test('after handing in, the result as JSON has every reason', async () => {
  const { json } = await answerOf(site, pages.find((p) => p.name === 'result-passed'), 'application/json');
  assert.equal(json.items.length, 8);
  for (const item of json.items) for (const option of item.options) assert.ok(option.rationale_html.length > 10);
});

test('a case tells what followed, and never how a choice was rated', async () => {
  for (const name of ['case-begin', 'case-midway', 'case-followed', 'case-end'])
    for (const accept of ['text/html', 'application/json']) {
      const { text } = await answerOf(site, pages.find((p) => p.name === name), accept);
      assert.doesNotMatch(text, /\{(best|good|mixed|poor)\}|"(best|good|mixed|poor)"|rating/, name);
    }
});

test('a chair’s view holds a name, a status and two dates of each person, and nothing more', async () => {
  const { json } = await answerOf(site, pages.find((p) => p.name === 'department'), 'application/json');
  assert.ok(json.rows.length >= 3);
  for (const row of json.rows) {
    const allowed = ['name', 'status', 'status_words', 'is_done', 'done', 'done_words', 'due', 'due_words'];
    assert.deepEqual(Object.keys(row).filter((name) => !allowed.includes(name)), []);
  }
});

// ---- /api ----

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

function assertSchema(schema, what) {
  assert.equal(typeof schema, 'object', what);
  const types = ['string', 'integer', 'number', 'boolean', 'array', 'object', undefined];
  assert.ok(types.includes(schema.type), `${what}: ${schema.type}`);
  if (schema.type === 'array') assertSchema(schema.items, `${what}[]`);
  if (schema.enum) assert.ok(Array.isArray(schema.enum) && schema.enum.length > 0, what);
  if (schema.pattern) assert.ok(new RegExp(schema.pattern, 'u'), what);
  if (schema.required) for (const name of schema.required) assert.ok(name in schema.properties, `${what}: ${name}`);
  for (const [name, inner] of Object.entries(schema.properties ?? {})) assertSchema(inner, `${what}.${name}`);
}

function assertOperation(path, method, operation) {
  const what = `${method.toUpperCase()} ${path}`;
  assert.ok(methods.includes(method), what);
  assert.ok(operation.summary?.length > 3, what);
  const named = [...path.matchAll(/\{([^}]+)\}/g)].map((m) => m[1]);
  const inPath = operation.parameters.filter((p) => p.in === 'path');
  assert.deepEqual(inPath.map((p) => p.name), named, what);
  for (const p of operation.parameters) {
    assert.ok(['path', 'query', 'header', 'cookie'].includes(p.in), what);
    assert.ok(p.in !== 'path' || p.required === true, what);
    assertSchema(p.schema, `${what} ${p.name}`);
  }
  const keys = operation.parameters.map((p) => `${p.in} ${p.name}`);
  assert.equal(new Set(keys).size, keys.length, `${what}: a parameter twice`);
  const statuses = Object.entries(operation.responses);
  assert.ok(statuses.length > 0, what);
  for (const [status, r] of statuses) assert.ok(/^([1-5]\d\d|[1-5]XX|default)$/.test(status) && r.description, `${what} ${status}`);
  for (const body of Object.values(operation.requestBody?.content ?? {})) assertSchema(body.schema, `${what} body`);
  assert.equal(Boolean(operation.requestBody), operation['x-unsafe'], what);
}

test('/api is an OpenAPI 3.1 document', () => {
  assert.match(api.openapi, /^3\.1\.\d+$/);
  assert.ok(api.info.title && api.info.version);
  assert.ok(new URL(api.servers[0].url));
  assert.ok(Object.keys(api.paths).length > 35);
  const shapes = new Set();
  for (const [path, operations] of Object.entries(api.paths)) {
    assert.match(path, /^\//);
    const shape = path.replaceAll(/\{[^}]+\}/g, '{}');
    assert.ok(!shapes.has(shape), `${path}: the same template twice`);
    shapes.add(shape);
    for (const [method, operation] of Object.entries(operations)) assertOperation(path, method, operation);
  }
});
