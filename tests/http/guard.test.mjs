// What a lenient parser would let through is refused before anything else, with a 4xx and, where it
// is doubtful where the next request begins, a closed connection; and the server lives on.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../support/server.mjs';
import { Raw, send, wait } from '../support/raw.mjs';

let s;
before(async () => { s = await startServer({ demo: false, args: ['--bench-routes', 'yes'] }); });
after(() => s.stop());

const host = () => `Host: localhost:${s.port}\r\n`;
const get = (target, extra = '') => `GET ${target} HTTP/1.1\r\n${host()}${extra}\r\n`;
const post = (extra, body = '') =>
  `POST /bench/save HTTP/1.1\r\n${host()}Sec-Fetch-Site: same-origin\r\n${extra}\r\n${body}`;
const form = 'Content-Type: application/x-www-form-urlencoded\r\n';
const json = 'Content-Type: application/json\r\n';
const sized = (type, body) => post(`${type}Content-Length: ${Buffer.byteLength(body, 'latin1')}\r\n`, body);

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
  + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

function isHardened(answer) {
  assert.equal(answer.headers['content-security-policy'], policy);
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  assert.ok(answer.headers['referrer-policy']);
  assert.ok(answer.headers['cache-control']);
  assert.equal(answer.headers.server, undefined);
}

async function lives() {
  const answer = await send(s.port, get('/healthz'), { closed: false });
  assert.equal(answer.status, 200);
  process.kill(s.pid, 0);
}

async function refused(bytes, status, { closes = true } = {}) {
  const answer = await send(s.port, bytes, { closed: closes });
  const statuses = Array.isArray(status) ? status : [status];
  assert.ok(statuses.includes(answer.status), `${answer.status}, not ${statuses}: ${answer.text.slice(0, 200)}`);
  isHardened(answer);
  if (closes) {
    assert.ok(answer.closed, 'the connection stays open');
    assert.equal(answer.extra, '', 'the rest was read as another request');
  }
  await lives();
}

const smuggled = 'GET /bench/page HTTP/1.1\r\nHost: x\r\n\r\n';

test('a plain request is answered, kept alive, and answered again', async () => {
  const raw = await Raw.open(s.port);
  for (let i = 0; i < 3; i++) {
    raw.write(get('/bench/page'));
    const answer = await raw.response();
    assert.equal(answer.status, 200);
    isHardened(answer);
  }
  raw.write(sized(form, 'a=1'));
  assert.equal((await raw.response()).status, 204);
  raw.end();
});

test('pipelined requests are answered in order', async () => {
  const raw = await Raw.open(s.port);
  raw.write(get('/healthz') + sized(form, 'a=1') + get('/nowhere'));
  assert.deepEqual([(await raw.response()).status, (await raw.response()).status, (await raw.response()).status],
    [200, 204, 404]);
  raw.end();
});

const framing = {
  'two different lengths': ['Content-Length: 3\r\nContent-Length: 40\r\n', 400],
  'the same length twice': ['Content-Length: 3\r\nContent-Length: 3\r\n', 400],
  'a length of 5abc': ['Content-Length: 5abc\r\n', 400],
  'a length of +5': ['Content-Length: +5\r\n', 400],
  'a length of -5': ['Content-Length: -5\r\n', [400, 411]],
  'a length of 0x5': ['Content-Length: 0x5\r\n', 400],
  'an empty length': ['Content-Length: \r\n', [400, 411]],
  'a list of lengths': ['Content-Length: 3, 3\r\n', 400],
  'a length of twenty digits': ['Content-Length: 99999999999999999999\r\n', 400],
  'chunked coding': ['Transfer-Encoding: chunked\r\n', 411],
  'a coding of its own': ['Transfer-Encoding: x-ours\r\n', [400, 411]],
  'a coding and a length': ['Transfer-Encoding: chunked\r\nContent-Length: 3\r\n', 400],
  'a length and a coding': ['Content-Length: 3\r\nTransfer-Encoding: chunked\r\n', 400],
  'no length at all': ['', 411],
};
for (const [name, [headers, status]] of Object.entries(framing))
  test(`framing: ${name} is refused and the connection closed`, () =>
    refused(post(form + headers, `a=1${smuggled}`), status));

test('framing: a body on a GET is refused', () =>
  refused(get('/bench/page', 'Content-Length: 3\r\n') + `a=1${smuggled}`, 400));

test('a length of one gigabyte is refused at once', async () => {
  const start = Date.now();
  await refused(post(`${form}Content-Length: 1073741824\r\n`, 'a=1'), 413);
  assert.ok(Date.now() - start < 2500);
});

const hosts = {
  'no Host': ['', 400],
  'an empty Host': ['Host: \r\n', 400],
  'two Hosts': ['Host: localhost\r\nHost: localhost\r\n', 400],
  'another Host': ['Host: evil.example\r\n', 421],
  'loopback with another port': ['Host: localhost:1\r\n', 421],
  'a Host that begins like ours': ['Host: localhost.evil.example\r\n', 421],
};
for (const [name, [headers, status]] of Object.entries(hosts))
  test(`host: ${name} is refused`, () => refused(`GET /bench/page HTTP/1.1\r\n${headers}\r\n`, status));

test('headers: 64 are too many, 60 are not', async () => {
  const many = (n) => Array.from({ length: n }, (_, i) => `X-Filler-${i}: 1\r\n`).join('');
  await refused(get('/bench/page', many(63)), 431);
  await refused(get('/bench/page', many(64)), 431);
  await refused(get('/bench/page', many(200)), 431);
  await refused(`GET /bench/page HTTP/1.1\r\n${many(80)}${host()}Content-Length: 5\r\n\r\n`, [411, 400, 431]);
  assert.equal((await send(s.port, get('/bench/page', many(59)), { closed: false })).status, 200);
});

test('headers: a name with a space, a control character in a value', async () => {
  await refused(get('/bench/page', 'X-Bad : 1\r\n'), 400);
  await refused(get('/bench/page', 'X-Bad: a\x01b\r\n'), 400);
  await refused(post(`${form}Content-Length : 3\r\n`, 'a=1'), [400, 411]);
});

test('headers: more than the buffer takes', () =>
  refused(get('/bench/page', `X-Long: ${'a'.repeat(20000)}\r\n`), [400, 413, 431]));

const paths = {
  '/bench/page%00': 400, '/%00': 400, '/bench%2Fpage': 400, '/bench%2fpage': 400, '/bench/%2e%2e/bench/page': 400,
  '/bench/%2E%2E': 400, '/bench/../bench/page': 400, '/./bench/page': 400, '/bench/page%5C': 400, '/bench\\page': 400,
  '/%C3%28': 400, '/%ff': 400, '/\xff': 400, '/%c0%af': 400, '/%ed%a0%80': 400, '/%zz': 400, '/%4': 400, '/%': 400,
  '/a%0d%0aX: 1': 400, '/%1b': 400, 'bench/page': 400, '/é': 400,
};
for (const [path, status] of Object.entries(paths))
  test(`path: ${JSON.stringify(path)} is refused`, () => refused(get(path), status));

for (const path of ['/bench/page/', '//bench/page', '/bench//page', '/bench/pages', '/bench/pag', '/Bench/page',
  '/%62ench/page', '/bench/page;x', '/bench/page%20', '/%C3%A9', '/static/', '/static/style.css'])
  test(`path: ${path} is no other name for a page`, async () => {
    const answer = await send(s.port, Buffer.from(get(path), 'utf8'), { closed: false });
    assert.equal(answer.status, 404);
    isHardened(answer);
  });

for (const target of ['*', 'http://localhost/bench/page', 'http://evil.example/bench/page'])
  test(`path: ${target} is not an address here; the connection ends`, async () => {
    const raw = await Raw.open(s.port);
    raw.write(get(target) + smuggled);
    const answer = await raw.response({ timeout: 3000 });
    assert.ok(answer === null || answer.status === 400);
    assert.ok(await raw.closed());
    await lives();
  });

test('path: too long, and a query too long', async () => {
  await refused(get(`/${'a'.repeat(1100)}`), 414);
  await refused(get(`/bench/page?${'a'.repeat(4200)}`), 414);
  assert.equal((await send(s.port, get(`/bench/page?${'a'.repeat(4000)}`), { closed: false })).status, 200);
});

test('methods: 405 names what is allowed; HEAD follows from GET; no CORS where none is given', async () => {
  const wrong = await send(s.port, sized(form, 'a=1').replace('/bench/save', '/bench/page'));
  assert.equal(wrong.status, 405);
  assert.equal(wrong.headers.allow, 'GET, HEAD');
  assert.equal((await send(s.port, get('/bench/save'), { closed: false })).headers.allow, 'POST');
  const head = await send(s.port, get('/bench/page').replace('GET', 'HEAD'), { head: true, closed: false });
  assert.equal(head.status, 200);
  assert.equal(head.headers['content-length'], '8192');
  assert.equal(head.extra, '');
  const options = await send(s.port, get('/bench/page', 'Origin: https://evil.example\r\n').replace('GET', 'OPTIONS'), { closed: false });
  assert.equal(options.status, 405);
  assert.equal(options.headers['access-control-allow-origin'], undefined);
  for (const method of ['TRACE', 'CONNECT', 'BREW', 'get'])
    await refused(get('/bench/page').replace('GET', method), [400, 405, 501], { closes: false });
});

test('websocket and HTTP/2 upgrades are not taken', async () => {
  const answer = await send(s.port, get('/bench/page', 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'), { closed: false });
  assert.equal(answer.status, 200);
  await refused('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400, 405, 501, 505]);
});

test('bodies: only forms and JSON', async () => {
  await refused(sized('Content-Type: text/plain\r\n', 'a=1'), 415);
  await refused(sized('Content-Type: multipart/form-data; boundary=x\r\n', '--x--'), 415);
  await refused(sized('', 'a=1'), 415);
  await refused(post(`${form}Content-Length: 5000\r\n`, 'a'.repeat(5000)), 413);
});

test('bodies: JSON passes the strict gate or is refused', async () => {
  for (const body of ['['.repeat(1600), '{"a":1,"a":2}', '{"a":1}x', '{"a":1e400}', '{"a":01}', '{"a":"\\u0000"}',
    '{"a":"\xff"}', '\xef\xbb\xbf{}', '{"a":"\x01"}', '{"a":"\\ud800"}', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`, '{"a":1,}'])
    await refused(sized(json, body), 400, { closes: false });
  assert.equal((await send(s.port, sized(json, '{"a":[1,2,{"b":"\\u00fc"}]}'), { closed: false })).status, 204);
});

test('bodies: forms are decoded strictly', async () => {
  for (const body of ['a=1%00&b=2', 'a=1\x00&b=2', 'a%00=1', 'a=%ff', 'a=%zz', 'a=%4', 'a=\xff\xfe', 'a=%ed%a0%80',
    Array.from({ length: 401 }, (_, i) => `f${i}=1`).join('&')])
    await refused(sized(form, body), 400, { closes: false });
});

test('bodies: "Expect: 100-continue" is answered before the body, other expectations are refused', async () => {
  const raw = await Raw.open(s.port);
  raw.write(post(`${form}Expect: 100-continue\r\nContent-Length: 3\r\n`));
  assert.equal((await raw.response()).status, 100);
  raw.write('a=1');
  assert.equal((await raw.response()).status, 204);
  raw.end();
  await refused(post(`${form}Expect: magic\r\nContent-Length: 3\r\n`, 'a=1'), 417);
});

test('two session cookies are refused', () =>
  refused(get('/bench/page', `Cookie: __Host-session=${'a'.repeat(43)}; __Host-session=${'b'.repeat(43)}\r\n`), 400, { closes: false }));

// What others feel. A busy machine makes any one request slow; a worker that is kept from them costs
// each of them seconds, until somebody is let go.
async function othersFeelNothing(n = 20) {
  const times = [];
  for (let i = 0; i < n; i++) {
    const start = performance.now();
    assert.equal((await send(s.port, get('/bench/page', 'Connection: close\r\n'), { closed: false })).status, 200);
    times.push(Math.round(performance.now() - start));
    await wait(20);
  }
  times.sort((a, b) => a - b);
  assert.ok(times[n / 2] < 300 && times[n - 1] < 2500, `${n} requests took ${times} ms`);
}

const openMany = (n) => Promise.all(Array.from({ length: n }, () => Raw.open(s.port)));

test('40 idle connections and 10 trickled bodies cost others nothing; the trickle ends with 408', async () => {
  const idle = await openMany(40);
  const start = Date.now();
  const slow = await openMany(10);
  for (const raw of slow) {
    raw.write(post(`${form}Content-Length: 100\r\n`));
    raw.trickle('a');
  }
  await othersFeelNothing();
  const answers = await Promise.all(slow.map((raw) => raw.response({ timeout: 12000 })));
  assert.deepEqual([...new Set(answers.map((a) => a?.status))], [408]);
  assert.ok(Date.now() - start < 11500);
  for (const raw of [...idle, ...slow]) raw.end();
  await lives();
});

test('trickled heads are let go', async () => {
  const slow = await openMany(10);
  for (const raw of slow) raw.trickle('G');
  await othersFeelNothing();
  const closed = await Promise.all(slow.map((raw) => raw.closed(12000)));
  assert.ok(closed.every(Boolean), 'a connection stays open');
  await lives();
});

test('a refused request is let go, however slowly its body comes', async () => {
  const page = (method, path, extra = '') => post(`${form}${extra}Content-Length: 4000\r\n`).replace('POST /bench/save', `${method} ${path}`);
  const requests = {
    'two session cookies': [page('POST', '/bench/save', `Cookie: __Host-session=${'a'.repeat(43)}; __Host-session=${'b'.repeat(43)}\r\n`), 400],
    'no such page': [page('POST', '/nowhere'), 404],
    'no such file': [page('POST', '/static/nothing.css'), 404],
    'another method': [page('DELETE', '/bench/save'), 405],
    'from another site': [page('POST', '/bench/save').replace('same-origin', 'cross-site'), 403],
    'larger than the page takes': [page('POST', '/bench/save').replace('4000', '5000'), 413],
  };
  await Promise.all(Object.entries(requests).map(async ([name, [bytes, status]]) => {
    const raw = await Raw.open(s.port);
    raw.write(bytes);
    raw.trickle('a');
    const answer = await raw.response();
    assert.equal(answer?.status, status, name);
    assert.equal(answer.headers.connection, 'close', name);
    assert.ok(await raw.closed(3000), `${name}: the connection stays open`);
  }));
  await lives();
});

test('after an answer that could not be sent whole nothing more is sent', async () => {
  const raw = await Raw.open(s.port);
  raw.pause();
  raw.write(get('/bench/page').repeat(2500));
  await wait(10000); // what the system holds for us is full, and the server's patience is over
  raw.resume();
  let whole = 0;
  for (let answer; (answer = await raw.response());) {
    assert.equal(answer.status, 200);
    assert.equal(answer.body.length, 8192);
    assert.ok(!answer.text.includes('HTTP/1.1'), 'another answer follows one that was cut');
    whole++;
  }
  assert.ok(raw.ended && whole > 0 && whole < 2500, `${whole} answers`);
  assert.ok(raw.unread.lastIndexOf('HTTP/1.1') <= 0, 'another answer follows the one that was cut');
  await lives();
});

test('clients that go away in the middle leave nothing behind', async () => {
  for (let i = 0; i < 50; i++) {
    const raw = await Raw.open(s.port);
    raw.write([get('/bench/page'), post(`${form}Content-Length: 100\r\n`, 'a=1'), 'GET /be', get('/api')][i % 4]);
    raw.end();
  }
  await lives();
});
