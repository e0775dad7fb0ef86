// Static files: named after their content, kept for ever, compressed, with a validator.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { startServer } from '../support/server.mjs';
import { newPerson } from '../support/people.mjs';
import { send } from '../support/raw.mjs';

let s, urls;
before(async () => {
  s = await startServer({ demo: false, args: ['--bench-routes', 'yes'] });
  const page = await (await fetch(`http://localhost:${s.port}/nowhere`)).text();
  urls = [...page.matchAll(/\/static\/[\w./-]+/g)].map((m) => m[0]);
});
after(() => s.stop());

const get = (path, extra = '') => send(s.port, `GET ${path} HTTP/1.1\r\nHost: localhost:${s.port}\r\n${extra}\r\n`, { closed: false });

/** The scripts of a learning check's page. */
async function moduleUrls() {
  const me = await newPerson(s);
  const page = await me.get((await me.post('/courses/humility/check')).headers.location);
  return [...page.text.matchAll(/<script type="module" src="([^"]+)"/g)].map((m) => m[1]);
}

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml', png: 'image/png' };

test('every file a page names is there, immutable, of the right type and hardened', async () => {
  assert.ok(urls.some((u) => u.endsWith('.css')));
  for (const url of urls) {
    const answer = await get(url);
    assert.equal(answer.status, 200, url);
    assert.match(url, /\.[0-9a-f]{16}\.\w+$/);
    assert.equal(answer.headers['content-type'], types[url.split('.').pop()]);
    assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.match(answer.headers['content-security-policy'], /default-src 'none'/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.equal(answer.headers.vary, 'Accept-Encoding');
  }
});

test('a module finds the modules it imports under their own hashed names', async () => {
  const seen = new Set();
  const follow = async (url) => {
    if (seen.has(url)) return;
    seen.add(url);
    const { status, body } = await get(url);
    assert.equal(status, 200, url);
    const imports = [...body.toString().matchAll(/\bfrom "([^"]*)"/g)].map((m) => m[1]);
    for (const next of imports) {
      assert.match(next, /^\/static\/[\w-]+\.[0-9a-f]{16}\.js$/, url);
      await follow(next);
    }
  };
  const scripts = await moduleUrls();
  const attempt = scripts.find((u) => /\/attempt\./.test(u));
  await follow(attempt);
  assert.deepEqual([...seen].map((u) => u.split('/').at(-1).split('.')[0]).sort(), ['attempt', 'claim', 'outbox']);
});

test('gzip when asked for, the same bytes inside', async () => {
  const css = urls.find((u) => /\/site\..*\.css$/.test(u));
  const plain = await get(css), packed = await get(css, 'Accept-Encoding: br, gzip;q=0.8\r\n');
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.ok(packed.body.length < plain.body.length);
  assert.deepEqual(gunzipSync(packed.body), plain.body);
  assert.equal((await get(css, 'Accept-Encoding: gzip;q=0\r\n')).headers['content-encoding'], undefined);
});

test('a validator, and 304 for who has it', async () => {
  const { headers } = await get(urls[0]);
  for (const condition of [headers.etag, `"other", ${headers.etag}`, `W/${headers.etag}`, '*']) {
    const answer = await get(urls[0], `If-None-Match: ${condition}\r\n`);
    assert.equal(answer.status, 304);
    assert.equal(answer.body.length, 0);
    assert.equal(answer.headers.etag, headers.etag);
  }
  assert.equal((await get(urls[0], 'If-None-Match: "other"\r\n')).status, 200);
});

test('only whole, hashed names', async () => {
  for (const path of ['/static/site.css', '/static', '/static/', urls[0].replace(/[0-9a-f]{16}/, '0'.repeat(16)), `${urls[0]}/`,
    urls[0].toUpperCase(), '/static/part/top.mustache', '/templates/part/top.mustache'])
    assert.equal((await get(path)).status, 404, path);
});

test('HEAD has the length and no body; POST is refused', async () => {
  const head = await send(s.port, `HEAD ${urls[0]} HTTP/1.1\r\nHost: localhost:${s.port}\r\n\r\n`, { head: true, closed: false });
  assert.equal(head.status, 200);
  assert.equal(Number(head.headers['content-length']), (await get(urls[0])).body.length);
  assert.equal(head.extra, '');
  const post = await send(s.port, `POST ${urls[0]} HTTP/1.1\r\nHost: localhost:${s.port}\r\nContent-Length: 0\r\n\r\n`, { closed: false });
  assert.equal(post.status, 405);
});

test('the answers to two loads of one file are the same bytes', async () => {
  const hash = async () => createHash('sha256').update((await get(urls[0])).body).digest('hex');
  assert.equal(await hash(), await hash());
});
