// Every row of the route table × every role × own and foreign department: generated from /api, so a
// new route is tested by being there.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../support/server.mjs';
import { Person } from './report.mjs';

let s, api, certificate;
const people = {};
before(async () => {
  s = await startServer({ demo: true });
  api = await (await fetch(`http://localhost:${s.port}/api`)).json();
  for (const name of ['mei', 'chair-medicine', 'chair-surgery', 'evaluator', 'administrator', 'author'])
    people[name] = await Person.in(s, name);
  // An open review link: with codes that lead nowhere, whoever asks for every row would be taken for a guesser.
  const begun = await people.author.post('/authoring/new', { title: 'Matrix', id: 'matrix' });
  const link = await people.author.post(`${begun.headers.get('location')}/review`);
  [, known.token] = /\/review\/([\w-]{43})</.exec(await link.text());
  // Likewise a certificate's own code.
  [{ public_href: certificate }] = (await (await Person.in(s, 'amara')).json('/certificates')).certificates;
});
after(() => s?.stop());

// Who each role is, and what it may: decided here from the access word alone.
const roles = {
  anonymous: {},
  faculty: { who: 'mei' },
  'chair of the department': { who: 'chair-medicine', chairs: ['medicine'] },
  'chair of another department': { who: 'chair-surgery', chairs: ['surgery'] },
  evaluator: { who: 'evaluator', coe: true },
  author: { who: 'author', author: true },
  administrator: { who: 'administrator', coe: true, author: true, administrator: true },
};

function may(role, access, department) {
  switch (access) {
    case 'public': return true;
    case 'signed-in': return Boolean(role.who);
    case 'chair': return Boolean(role.coe || (role.chairs && (department === undefined || role.chairs.includes(department))));
    case 'evaluator': return Boolean(role.coe);
    case 'author': return Boolean(role.author);
    case 'administrator': return Boolean(role.administrator);
    default: throw new Error(`unknown access ${access}`);
  }
}

// Values for {parameters}: the department under test; else what is in the demonstration, else nothing.
const known = { course: 'humility', hash: '0'.repeat(64) };
function routes() {
  return Object.entries(api.paths).flatMap(([pattern, operations]) => Object.entries(operations).flatMap(([verb, o]) => {
    const places = pattern.includes('{department}') ? ['medicine', 'surgery', 'none-such'] : [undefined];
    return places.map((department) => ({
      verb: verb.toUpperCase(), pattern, department, access: o['x-access'], unsafe: o['x-unsafe'],
      path: pattern.replace('/v/{token}', certificate).replaceAll(/\{([a-z_]+)\}/g, (_, name) => (name === 'department' ? department : known[name] ?? 'none-such')),
    }));
  }));
}

function ask(role, route, accept) {
  const headers = { accept };
  if (role.who) headers.cookie = people[role.who].cookie;
  return fetch(`http://localhost:${s.port}${route.path}`, { method: route.verb, headers, redirect: 'manual' });
}

const isSignIn = (answer) => /^\/sign-in(\?|$)/.test(answer.headers.get('location') ?? '');

async function check(role, route, accept) {
  const answer = await ask(role, route, accept), body = await answer.text();
  const what = `${route.verb} ${route.path} as ${accept} → ${answer.status} ${answer.headers.get('location') ?? ''} ${body.slice(0, 120)}`;
  if (route.unsafe) {
    // Without word of where it comes from, nothing unsafe is acted on, whoever asks.
    assert.ok(answer.status === 403 || answer.status === 401, what);
  } else if (may(role, route.access, route.department)) {
    assert.ok([200, 303, 404].includes(answer.status), what);
    assert.ok(!(answer.status === 303 && isSignIn(answer)) || !role.who, what);
  } else if (role.who) {
    assert.equal(answer.status, 403, what);
    assert.doesNotMatch(body, /Okafor|Reyes|Goldberg/, what);
  } else if (accept === 'text/html') {
    assert.equal(answer.status, 303, what);
    assert.ok(isSignIn(answer), what);
  } else {
    assert.equal(answer.status, 401, what);
  }
}

test('every route answers every role by its access and by nothing else', async (t) => {
  const all = routes();
  assert.ok(all.length >= 30, `${all.length} rows`);
  for (const access of ['public', 'signed-in', 'chair', 'evaluator', 'administrator'])
    assert.ok(all.some((r) => r.access === access), `a row for ${access}`);
  for (const [name, role] of Object.entries(roles))
    await t.test(name, async (u) => {
      for (const route of all)
        await u.test(`${route.verb} ${route.path}`, async () => {
          await check(role, route, 'application/json');
          await check(role, route, 'text/html');
        });
    });
});

// The unsafe rows again, as our own page would send them: access, not the site check, decides.
test('unsafe routes with a right token still ask for the role', async (t) => {
  const unsafe = routes().filter((r) => r.unsafe && !['public', 'signed-in'].includes(r.access));
  assert.ok(unsafe.length > 0);
  for (const [name, role] of Object.entries(roles).filter(([, r]) => r.who))
    for (const route of unsafe)
      await t.test(`${name}: ${route.verb} ${route.path}`, async () => {
        const answer = await people[role.who].post(route.path);
        if (may(role, route.access, route.department)) assert.ok([200, 303, 404, 422].includes(answer.status), `${answer.status}`);
        else assert.equal(answer.status, 403);
      });
});

test('the rows a chair and the center may see stay closed to faculty in every form', async () => {
  for (const path of ['/departments/medicine', '/departments/medicine/roster.csv', '/outcomes', '/outcomes/roster.csv',
    '/outcomes/completion_by_department.csv', '/administration', '/administration/people'])
    for (const method of ['GET', 'HEAD'])
      assert.equal((await people.mei.ask(path, { method })).status, 403, `${method} ${path}`);
});
