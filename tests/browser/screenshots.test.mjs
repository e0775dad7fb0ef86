// Pictures of every page in every state, at 1280 px in light and at 360 px in dark (with --long each in
// both), for people to look at: BUILD_DIR/screenshots/NAME-WIDTH-SCHEME.png, and screenshot.png for docs/. A page that is blank,
// without its style sheet or wider than the screen is an error; how it looks is for the person who looks.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDir } from '../support/server.mjs';
import { stage } from '../support/browser.mjs';
import { fillSite, pagesOf, openPage } from '../support/pages.mjs';

const folder = join(buildDir, 'screenshots');
let s, b, site, pages;

stage({ demo: true, ownCourses: true }, async (both) => {
  ({ b, s } = both);
  site = await fillSite(s);
  pages = pagesOf(site).filter((p) => p.status !== 303);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
});

/** Chromium on a busy machine now and then cannot draw; then it is asked once more. */
async function picture(page, path) {
  const options = { path, fullPage: true, animations: 'disabled' };
  await page.screenshot(options).catch((e) => {
    if (!/Unable to capture screenshot/.test(e.message)) throw e;
    return page.screenshot(options);
  });
}

const schemes = (width) => (process.env.UNDERSTORY_LONG ? ['light', 'dark'] : width === 360 ? ['dark'] : ['light']);

/** One page as it stands. */
async function take(visitor, page, width) {
  await openPage(site, visitor.page, page);
  await visitor.page.evaluate(() => document.fonts.ready);
  for (const scheme of schemes(width)) {
    await visitor.page.emulateMedia({ colorScheme: scheme });
    const path = join(folder, `${page.name}-${width}-${scheme}.png`);
    await picture(visitor.page, path);
    assert.ok((await stat(path)).size > 5000, `${path} is blank`);
  }
  const seen = await visitor.page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    styled: getComputedStyle(document.body).margin === '0px',
  }));
  assert.ok(seen.width <= width, `${page.name} is ${seen.width} px wide`);
  assert.ok(seen.styled, `${page.name} has its style sheet`);
}

for (const [width, height] of [[1280, 800], [360, 740]])
  test(`every page at ${width} px`, async () => {
    const visitors = {};
    for (const page of pages) {
      visitors[page.who] ??= await b.visitor({ width, height, server: s, cookie: site.people[page.who]?.cookie });
      await take(visitors[page.who], page, width);
    }
    for (const v of Object.values(visitors)) {
      v.noFaults();
      await v.close();
    }
  });

test('the picture of the README: a course on its way', async () => {
  const daniel = await b.visitor({ width: 1280, height: 840, server: s, cookie: site.people.daniel.cookie });
  await daniel.go(s, site.course);
  const path = join(folder, 'screenshot.png');
  await daniel.page.screenshot({ path, animations: 'disabled' });
  const { size } = await stat(path);
  assert.ok(size > 20000 && size < 200000, `${size} bytes`);
  daniel.noFaults();
  await daniel.close();
});
