// Accessible, as far as a program can tell: axe-core finds nothing on any page of the site, in any
// state: wide in light and in dark and at 320 px (which is 1280 px at 400 %), with and without
// scripts (wide without them with --long only). No page scrolls sideways, breaks the content policy or
// says anything on the console, and each is titled.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { axeFindings, withoutScripts, stage } from '../support/browser.mjs';
import { fillSite, pagesOf, openPage, assertComplete } from '../support/pages.mjs';

let s, b, site, pages;

stage({ demo: true, ownCourses: true }, async (both) => {
  ({ b, s } = both);
  site = await fillSite(s);
  pages = pagesOf(site).filter((p) => p.status !== 303);
});

test('the list of pages names every page of the route table', async () => {
  await assertComplete(site, pages);
});

const modes = {
  '1280 px, light and dark': { width: 1280, then: 'dark' },
  ...(process.env.UNDERSTORY_LONG ? { '1280 px, without scripts': { width: 1280, plain: true } } : {}),
  '320 px': { width: 320, height: 640 },
  '320 px, dark, without scripts': { width: 320, height: 640, scheme: 'dark', plain: true },
};

/** What is wrong with a page as it stands, in words. */
async function faultsOf(visitor, page, mode) {
  const { page: tab, faults } = visitor;
  const load = () => openPage(site, tab, page);
  await (mode.plain ? withoutScripts(tab, load) : load());
  const found = await axeFindings(tab);
  if (mode.then) {
    await tab.emulateMedia({ colorScheme: mode.then });
    found.push(...(await axeFindings(tab)).map((f) => `${mode.then}: ${f}`));
    await tab.emulateMedia({ colorScheme: 'light' });
  }
  const seen = await tab.evaluate(() => {
    const root = document.documentElement;
    const wide = [...document.querySelectorAll('body *')].filter((e) => {
      const box = e.getBoundingClientRect();
      return box.width && box.right > innerWidth + 1 && !e.closest('.table-wrap, pre, .visually-hidden, thead');
    });
    return {
      overflow: root.scrollWidth > root.clientWidth ? [`scrolls sideways: ${root.scrollWidth} px`] : [],
      cut: wide.slice(0, 3).map((e) => `${e.localName}.${e.className} reaches out of the page`),
      title: document.title,
      h1: [...document.querySelectorAll('h1')].map((e) => e.textContent.replace(/\s+/g, ' ').trim()),
    };
  });
  if (seen.title !== `${seen.h1} – Faculty learning`) found.push(`title “${seen.title}”, h1 “${seen.h1}”`);
  return [...found, ...seen.overflow, ...seen.cut, ...faults.splice(0)];
}

/** Walks its share of the pages, one device for each person; what is wrong goes into `wrong`. */
async function walk(mode, share, wrong) {
  const visitors = {};
  for (const page of share) {
    visitors[page.who] ??= await b.visitor({ ...mode, server: s, cookie: site.people[page.who]?.cookie });
    for (const fault of await faultsOf(visitors[page.who], page, mode)) wrong.push(`${page.name}: ${fault}`);
  }
  await Promise.all(Object.values(visitors).map((v) => v.close()));
}

for (const [name, mode] of Object.entries(modes))
  test(name, async () => {
    const wrong = [];
    const half = (rest) => pages.filter((_, i) => i % 2 === rest);
    await Promise.all([walk(mode, half(0), wrong), walk(mode, half(1), wrong)]);
    assert.deepEqual(wrong, []);
  });
