// A tool is one sheet of paper, A4 or Letter, with its words and room to write, and nothing of the site around it.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDir, startServer } from '../support/server.mjs';
import { openBrowser } from '../support/browser.mjs';

const folder = join(buildDir, 'screenshots');
let s, b, visitor;
before(async () => {
  await mkdir(folder, { recursive: true });
  b = await openBrowser();
  s = await startServer({ demo: true });
  visitor = await b.visitor({ server: s });
  await visitor.go(s, '/courses/humility/tools/plan-check');
});
after(async () => {
  await b?.close();
  await s?.stop();
});

for (const [format, size] of [['A4', [596, 843]], ['Letter', [612, 792]]])
  test(`it prints on one sheet of ${format}`, async () => {
    const pdf = await visitor.page.pdf({ path: join(folder, `tool-${format}.pdf`), format });
    const sheets = [...pdf.toString('latin1').matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
    assert.deepEqual(sheets.map(([, width, height]) => [Math.round(width), Math.round(height)]), [size]);
  });

test('the paper has the words and no links of the site', async () => {
  await visitor.page.emulateMedia({ media: 'print' });
  const seen = (selector) => visitor.page.locator(selector).evaluateAll((all) => all.filter((e) => e.checkVisibility() && e.getClientRects().length > 0).map((e) => e.textContent.trim()));
  assert.deepEqual(await seen('h1'), ['Plan check']);
  assert.equal((await seen('td')).length, 8);
  for (const room of await visitor.page.locator('td:empty').all()) assert.ok((await room.boundingBox()).height > 60, 'room to write');
  assert.deepEqual(await seen('header nav a, .skip, .actions button, footer ul a'), []);
  await visitor.page.emulateMedia({ media: null });
});

test('the button prints, and nothing on the page complains', async () => {
  assert.ok(await visitor.page.locator('[data-print]').isVisible());
  visitor.noFaults();
});
