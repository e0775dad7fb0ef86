// A request that changes something is acted on only when it comes from our own page: thirty
// combinations of Sec-Fetch-Site, Origin and form token on every unsafe route that /api lists.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { request, startServer, signIn, textOf } from '../support/server.mjs';
import { send } from '../support/raw.mjs';

let s, api;
before(async () => {
  s = await startServer({ demo: true, args: ['--bench-routes', 'yes'] });
  api = await (await fetch(`http://localhost:${s.port}/api`)).json();
});
after(() => s.stop());

const sites = [undefined, 'same-origin', 'same-site', 'cross-site', 'none'];
const origins = () => [undefined, `http://localhost:${s.port}`, 'https://evil.example'];

function unsafeRoutes() {
  return Object.entries(api.paths).flatMap(([path, operations]) => Object.entries(operations)
    .filter(([, o]) => o['x-unsafe']).map(([verb, o]) => ({ path, verb: verb.toUpperCase(), ...o })));
}

const cookiePair = (cookie) => cookie.split(';')[0];

async function formToken(cookie) {
  const view = await (await fetch(`http://localhost:${s.port}/`, { headers: { cookie, accept: 'application/json' } })).json();
  assert.match(view.page.form_token, /^[A-Za-z0-9_-]{43}$/);
  return view.page.form_token;
}

function attempt(route, { site, origin, token, cookie, inHeader }) {
  const body = token && !inHeader ? `form_token=${encodeURIComponent(token)}` : '';
  const headers = {
    Host: `localhost:${s.port}`, Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': body.length, 'Sec-Fetch-Site': site, Origin: origin, Cookie: cookie, 'X-Form-Token': inHeader ? token : undefined,
  };
  const lines = Object.entries(headers).filter(([, v]) => v !== undefined).map(([k, v]) => `${k}: ${v}\r\n`).join('');
  const path = route.path.replaceAll(/\{[a-z_]+\}/g, 'none-such');
  return send(s.port, `${route.verb} ${path} HTTP/1.1\r\n${lines}\r\n${body}`, { closed: false });
}

const isSiteRefusal = (a) => a.status === 403 && /from another site/.test(a.text);
const isTokenRefusal = (a) => a.status === 403 && /another sign-in/.test(a.text);
const siteIsOurs = (site, origin) => site === 'same-origin' || (site === undefined && origin === `http://localhost:${s.port}`);

test('every unsafe route refuses what does not come from our page', async (t) => {
  const routes = unsafeRoutes();
  assert.ok(routes.length >= 2);
  for (const route of routes)
    await t.test(`${route.verb} ${route.path}`, async () => {
      const cookie = cookiePair(await signIn(s, 'amara'));
      const right = await formToken(cookie);
      const combinations = sites.flatMap((site) => origins().flatMap((origin) => [
        { site, origin, token: 'x'.repeat(43), good: false }, { site, origin, token: right, good: true }]));
      assert.equal(combinations.length, 30);
      // What is acted on comes last: it may sign this session out.
      combinations.sort((a, b) => (a.good && siteIsOurs(a.site, a.origin)) - (b.good && siteIsOurs(b.site, b.origin)));
      for (const c of combinations) {
        const answer = await attempt(route, { ...c, cookie });
        const what = `${JSON.stringify(c)} → ${answer.status} ${answer.text.slice(0, 160)}`;
        assert.equal(isSiteRefusal(answer), route['x-site-check'] && !siteIsOurs(c.site, c.origin), what);
        if (siteIsOurs(c.site, c.origin) && !c.good && route['x-form-token'])
          assert.equal(answer.status, 403, what);
        if (siteIsOurs(c.site, c.origin) && c.good)
          assert.ok(!isTokenRefusal(answer), what);
        assert.notEqual(answer.status, 500, what);
      }
    });
});

test('a form token belongs to one session', async () => {
  const route = unsafeRoutes().find((r) => r['x-form-token'] && r['x-access'] === 'signed-in');
  const [first, second] = [cookiePair(await signIn(s, 'amara')), cookiePair(await signIn(s, 'amara'))];
  const token = await formToken(first);
  assert.notEqual(token, await formToken(second));
  const other = await attempt(route, { site: 'same-origin', token, cookie: second });
  assert.ok(isTokenRefusal(other), other.text);
  const none = await attempt(route, { site: 'same-origin', cookie: first });
  assert.ok(isTokenRefusal(none), none.text);
});

test('a form from an older page says so kindly, keeps every word and can be sent again', async () => {
  const cookie = await signIn(s, 'amara');
  const post = (path, form, accept = 'text/html') => request(s, 'POST', path, { cookie, accept, form });
  const words = 'One line.\n\n“Two” <b>& three</b>';
  const stale = await post('/courses/humility/alternative', [['form_token', 'x'.repeat(43)], ['words', words]]);
  assert.equal(stale.status, 403);
  assert.match(stale.text, /<h1>This page had been open a while<\/h1>/);
  assert.doesNotMatch(textOf(stale.text), /another role|not open to you/);
  assert.match(textOf(stale.text), /nothing that you typed is lost.*You are signed in as Amara Okafor/);
  assert.match(stale.text, /<pre>One line\.\n\n“Two” &lt;b&gt;&amp; three&lt;\/b&gt;<\/pre>/);
  const [, action] = /<form method="post" action="([^"]+)">\n<input type="hidden" name="form_token"/.exec(stale.text.slice(stale.text.indexOf('<main')));
  const fields = [...stale.text.slice(stale.text.indexOf('<main')).matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name, value]) =>
    [name, value.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')]);
  assert.equal(action, '/courses/humility/alternative');
  assert.deepEqual(fields.slice(1), [['words', words]]);
  assert.equal((await post(action, fields)).status, 303, 'and is then taken');

  const secret = await post('/account/password', [['form_token', 'x'], ['new_password', 'four plain words']]);
  assert.equal(secret.status, 403);
  assert.ok(!secret.text.includes('four plain words') && !/Send it again<\/button>/.test(secret.text), 'a password is not shown back');
  const { json } = await post('/account/certificate-name', [['certificate_name', 'Somebody']], 'application/json');
  assert.match(json.type, /#stale-form$/);
  assert.equal((await request(s, 'GET', '/administration', { cookie, accept: 'application/json' })).json.title, 'That is not open to you');
});

test('scripts may send the token as a header', async () => {
  const route = unsafeRoutes().find((r) => r['x-form-token'] && r['x-access'] === 'signed-in' && !/sign-out/.test(r.path));
  const cookie = cookiePair(await signIn(s, 'amara'));
  const answer = await attempt(route, { site: 'same-origin', token: await formToken(cookie), inHeader: true, cookie });
  assert.ok(!isTokenRefusal(answer) && !isSiteRefusal(answer), answer.text);
});

test('with nobody signed in, unsafe routes answer 401 to programs', async () => {
  for (const route of unsafeRoutes().filter((r) => r['x-access'] !== 'public')) {
    const answer = await attempt(route, { site: 'same-origin', token: 'x'.repeat(43) });
    assert.equal(answer.status, 401, `${route.verb} ${route.path}`);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
  }
});

test('other origins that look like ours are refused', async () => {
  const route = { verb: 'POST', path: '/bench/save' };
  for (const origin of ['null', 'https://localhost.evil.example', `http://localhost:${s.port + 1}`, `http://127.0.0.1:${s.port}`,
    `http://localhost:${s.port}/`, `http://localhost:${s.port}, https://evil.example`, ''])
    assert.ok(isSiteRefusal(await attempt(route, { origin })), origin);
  for (const origin of [api.servers[0].url, `http://localhost:${s.port}`])
    assert.equal((await attempt(route, { origin })).status, 204, origin);
});
