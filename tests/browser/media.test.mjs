// A course with images: frozen with it, shown where the lesson has them, served to who is signed in
// under an address that holds the content hash, and harmless whatever an SVG holds.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, crc32 } from 'node:zlib';
import { startServer, signIn, request, view, formToken, temporaryFolder, understory, sourceDir } from '../support/server.mjs';
import { openBrowser, axeFindings } from '../support/browser.mjs';

const course = '/courses/humility', lesson = `${course}/asking-well`;
const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><style>path{stroke:#1f5f93}</style>'
  + '<script>document.documentElement.setAttribute("data-ran", "1")</script><path d="M0 20 40 0" onclick="alert(1)"/></svg>';

/** A grey PNG of any width. */
function png(width) {
  const chunk = (type, data) => {
    const bytes = Buffer.concat([Buffer.from(type), data]), out = Buffer.alloc(bytes.length + 8);
    out.writeUInt32BE(data.length);
    bytes.copy(out, 4);
    out.writeUInt32BE(crc32(bytes), bytes.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(8, 4);
  head[8] = 8;
  const rows = Buffer.alloc((width + 1) * 8, 128);
  for (let y = 0; y < 8; y++) rows[y * (width + 1)] = 0;
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

const files = {
  'curve.png': [png(1600), 'image/png'],
  'way.svg': [Buffer.from(svg), 'image/svg+xml'],
  'room.jpg': [Buffer.from('ffd8ffe000104a464946', 'hex'), 'image/jpeg'],
  'hall.webp': [Buffer.from('RIFF....WEBP'), 'image/webp'],
};
let folder, s, b, cookie, urls;

before(async () => {
  folder = await temporaryFolder('media');
  const courses = join(folder.path, 'courses'), own = join(courses, 'humility');
  cpSync(join(sourceDir, 'courses'), courses, { recursive: true });
  mkdirSync(join(own, 'media'), { recursive: true });
  for (const [name, [bytes]] of Object.entries(files)) writeFileSync(join(own, 'media', name), bytes);
  const path = join(own, 'lessons', '04-asking-well.md');
  const images = Object.keys(files).map((name) => `![A picture: ${name}](../media/${name})`).join('\n\n');
  writeFileSync(path, `${readFileSync(path, 'utf8').trimEnd()}\n\n${images}\n`);
  assert.equal((await understory(['check', own])).code, 0);
  b = await openBrowser();
  s = await startServer({ args: ['--courses', courses] });
  const added = await understory(['person', 'add', '--name', 'Ada Okafor', '--email', 'ada@example.edu', '--data', s.data]);
  assert.equal(added.code, 0, added.stderr);
  cookie = await signIn(s, 'ada@example.edu');
  await request(s, 'POST', `${course}/begin`, { cookie, form: { form_token: await formToken(s, cookie) } });
  const html = (await view(s, lesson, cookie)).pieces.map((p) => p.text_html ?? '').join('');
  urls = Object.fromEntries([...html.matchAll(/<img src="([^"]*)" alt="A picture: ([^"]*)"[^>]*>/g)].map((m) => [m[2], m[1]]));
});
after(async () => {
  await b?.close();
  await s?.stop();
  await folder?.remove();
});

test('each image is served as it was frozen, with its type, and kept for ever by the browser that may see it', async () => {
  assert.deepEqual(Object.keys(urls), Object.keys(files));
  for (const [name, [bytes, type]] of Object.entries(files)) {
    assert.match(urls[name], new RegExp(`^${course}/v[0-9a-f]{64}/media/${name}$`));
    const answer = await request(s, 'GET', urls[name], { cookie });
    assert.equal(answer.status, 200);
    assert.ok(answer.body.equals(bytes), name);
    assert.equal(answer.headers['content-type'], type);
    assert.equal(answer.headers['cache-control'], 'private, max-age=31536000, immutable');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    const policy = answer.headers['content-security-policy'];
    assert.match(policy, /^default-src 'none'/);
    assert.equal(/sandbox/.test(policy), type === 'image/svg+xml', policy);
    const head = await request(s, 'HEAD', urls[name], { cookie });
    assert.equal(Number(head.headers['content-length']), bytes.length);
  }
  writeFileSync(join(folder.path, 'courses', 'humility', 'media', 'curve.png'), 'changed');
  assert.ok((await request(s, 'GET', urls['curve.png'], { cookie })).body.equals(files['curve.png'][0]), 'the folder no longer counts');
});

test('not without signing in, not of another version or course, and nothing else of the course', async () => {
  const out = await request(s, 'GET', urls['curve.png']);
  assert.equal(out.status, 303);
  assert.match(out.headers.location, /^\/sign-in\?/);
  assert.equal((await request(s, 'GET', urls['curve.png'], { accept: 'application/json' })).status, 401);
  const none = [
    urls['curve.png'].replace(/v[0-9a-f]{64}/, `v${'0'.repeat(64)}`),
    urls['curve.png'].replace('humility', 'another'),
    urls['curve.png'].replace('curve.png', 'none.png'),
    urls['curve.png'].replace('media/curve.png', 'media/questions.md'),
  ];
  for (const path of none) {
    const answer = await request(s, 'GET', path, { cookie });
    assert.equal(answer.status, 404, path);
    assert.match(answer.headers['cache-control'], /no-store/);
  }
});

test('who comes back to a lesson stands where the reading stopped, below an image that comes late', async () => {
  const tall = `${course}/a-confident-mistake`, v = await b.visitor({ width: 320, height: 640, server: s, cookie });
  await v.go(s, tall);
  const below = v.page.locator('.reading > :has(img) + *').first();
  const place = () => below.evaluate((e) => Math.round(e.getBoundingClientRect().top));
  await below.evaluate((e) => scrollTo({ top: e.getBoundingClientRect().top + scrollY - 40, behavior: 'instant' }));
  const stopped = await place();
  await v.page.waitForFunction(() => sessionStorage.getItem(`place:${location.pathname}`) === String(Math.round(scrollY)));
  await v.go(s, course);
  await v.page.route('**/media/**', async (route) => setTimeout(() => route.continue(), 300));
  await v.go(s, tall);
  assert.equal(await place(), stopped);
  await v.close();
});

test('its place is kept before it has come, so that nothing below it jumps', async () => {
  for (const [width, height] of [[1280, 800], [360, 740]]) {
    const v = await b.visitor({ width, height, server: s, cookie });
    let come;
    const held = new Promise((resolve) => { come = resolve; });
    await v.page.route('**/media/**', async (route) => { await held; await route.continue(); });
    await v.page.goto(new URL(`${course}/a-confident-mistake`, s.base).href, { waitUntil: 'domcontentloaded' });
    const image = v.page.locator('.reading img').first();
    const place = () => image.evaluate((e) => { const { width: w, height: h } = e.getBoundingClientRect(); return [w, h, document.documentElement.scrollHeight]; });
    assert.equal(await image.evaluate((e) => e.naturalWidth), 0);
    const kept = await place();
    assert.ok(kept[1] > 300 && kept[1] <= 0.86 * height, `${kept}`);
    come();
    await v.page.waitForFunction((e) => e.complete && e.naturalWidth > 0, await image.elementHandle());
    assert.deepEqual(await place(), kept);
    await v.close();
  }
});

test('in a lesson it stays within the page, and an SVG opened by itself runs nothing', async () => {
  const v = await b.visitor({ width: 320, height: 640, server: s, cookie });
  await v.go(s, lesson);
  const image = v.page.getByRole('img', { name: 'A picture: curve.png' });
  await image.scrollIntoViewIfNeeded();
  await v.page.waitForFunction((e) => e.complete && e.naturalWidth === 1600, await image.elementHandle());
  const drawing = v.page.getByRole('img', { name: 'A picture: way.svg' });
  await drawing.scrollIntoViewIfNeeded();
  await v.page.waitForFunction((e) => e.complete && e.naturalWidth > 0, await drawing.elementHandle());
  assert.ok(await v.page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
  assert.deepEqual(await axeFindings(v.page), []);
  v.noFaults();
  await v.go(s, urls['way.svg']);
  assert.equal(await v.page.evaluate(() => document.documentElement.getAttribute('data-ran')), null);
  await v.close();
});
