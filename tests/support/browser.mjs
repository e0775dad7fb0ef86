// A real browser for tests: Debian's Chromium with an empty profile, and what a page says that
// nobody asked for (console errors, violations of the content policy, exceptions, dialogs) kept as faults.
//
//   const b = await openBrowser();
//   const mei = await b.visitor({ width: 360, height: 740 });
//   await mei.enter(s, 'mei', '/courses/humility');
//   await mei.page.getByRole('button', { name: 'Begin' }).click();
//   mei.noFaults();
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { newLink, startServer } from './server.mjs';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * One Chromium for a test file. visitor() is one device: its own cookies and storage, one page.
 *   scripts   false: as plain HTML
 *   width, height, scheme ('light', 'dark')
 *   cookie    a Cookie header as signIn gives it, with `server`
 */
export async function openBrowser() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: flags,
  });
  return {
    browser,
    visitor: (options = {}) => openVisitor(browser, options),
    close: () => browser.close(),
  };
}

/**
 * Before the first test of a file opens a browser and starts a server (startServer's options), and hands
 * `begin` both, as {b, s}; closes both after the last.
 */
export function stage(options, begin) {
  let b, s;
  before(async () => {
    b = await openBrowser();
    s = await startServer(options);
    await begin({ b, s });
  });
  after(async () => {
    await b?.close();
    await s?.stop();
  });
}

async function openVisitor(browser, options) {
  const { scripts = true, width = 1280, height = 800, scheme = 'light', server, cookie } = options;
  const context = await browser.newContext({
    javaScriptEnabled: scripts,
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    locale: 'en-US',
  });
  context.setDefaultTimeout(20000);
  if (cookie) await addCookie(context, server, cookie);
  const page = await context.newPage();
  const faults = watch(page);
  return {
    context,
    page,
    faults,
    noFaults: () => assert.deepEqual(faults.splice(0), []),
    go: (s, path) => page.goto(new URL(path, s.base).href),
    enter: (s, who, to) => enter(page, s, who, to),
    close: () => context.close(),
  };
}

/** A session that was opened over HTTP, as the browser keeps it. */
export async function addCookie(context, server, cookie) {
  const url = server.base.replace('http:', 'https:');
  const cookies = cookie.split('; ').map((pair) => {
    const at = pair.indexOf('=');
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    return { name, value, url, secure: true, httpOnly: true, sameSite: 'Lax' };
  });
  await context.addCookies(cookies);
}

// The document's own status is no fault: error pages are pages. Everything else that fails is.
function watch(page) {
  const faults = [];
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const { url } = message.location();
    const isDocument = url === page.url() || url.startsWith(`${page.url()}#`);
    if (/^Failed to load resource/.test(message.text()) && isDocument) return;
    faults.push(`${message.type()} on ${page.url()}: ${message.text()} (${url})`);
  });
  page.on('pageerror', (error) => faults.push(`exception on ${page.url()}: ${error.message}`));
  page.on('crash', () => faults.push(`crash on ${page.url()}`));
  page.on('dialog', (dialog) => {
    if (dialog.type() === 'beforeunload') return dialog.accept();
    faults.push(`${dialog.type()} on ${page.url()}: ${dialog.message()}`);
    return dialog.dismiss();
  });
  return faults;
}

/** Comes in by a new one-time link and its button, and stands on the page asked for. */
async function enter(page, s, who, to) {
  const link = new URL(await newLink(s, who, ...(to ? ['--to', to] : [])));
  await page.goto(s.base + link.pathname);
  await Promise.all([page.waitForURL((url) => !url.pathname.startsWith('/sign-in')), page.getByRole('button', { name: /^Continue as / }).click()]);
}

/** The path, query and fragment that the page stands on. */
export function placeOf(page) {
  const url = new URL(page.url());
  return url.pathname + url.search + url.hash;
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const axeOptions = {
  runOnly: {
    type: 'tag',
    values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  },
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
};

/** What axe-core finds on the page: ["rule: where: why"]. */
export async function axeFindings(page) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  return page.evaluate(async (options) => {
    const result = await globalThis.axe.run(document, options);
    const one = (v, n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary.replaceAll('\n', ' ')}`;
    return result.violations.flatMap((v) => v.nodes.map((n) => one(v, n)));
  }, axeOptions);
}

/**
 * Loads pages as a browser with scripts off does, and can be looked into afterwards: scripts are
 * allowed again only once the page stands.
 */
export async function withoutScripts(page, load) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setScriptExecutionDisabled', { value: true });
  await load();
  await session.send('Emulation.setScriptExecutionDisabled', { value: false });
  await session.detach();
}

/** Tests that go on where the one before ended: once one is not done, the later ones say so and stop. */
export function steps(test) {
  let broken;
  return (name, run) =>
    test(name, async (t) => {
      if (broken) return t.skip(`“${broken}” was not done`);
      broken = name;
      await run(t);
      broken = undefined;
      return undefined;
    });
}
