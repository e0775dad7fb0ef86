// What is made to be printed. A tool is one sheet of paper, A4 or Letter, with its words and room to write, and
// nothing of the site around it; so are transcript, action plan and discussion guide, on as many as they take.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDir } from '../support/server.mjs';
import { stage } from '../support/browser.mjs';
import { session } from '../support/people.mjs';

const folder = join(buildDir, 'screenshots');
let s, b, visitor;
stage({ demo: true }, async (both) => {
  ({ b, s } = both);
  await mkdir(folder, { recursive: true });
  visitor = await b.visitor({ server: s });
  await visitor.go(s, '/courses/humility/tools/plan-check');
});

for (const [format, size] of [['A4', [596, 843]], ['Letter', [612, 792]]])
  test(`it prints on one sheet of ${format}`, async () => {
    const pdf = await visitor.page.pdf({ path: join(folder, `tool-${format}.pdf`), format });
    const sheets = [...pdf.toString('latin1').matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)];
    assert.deepEqual(sheets.map(([, width, height]) => [Math.round(width), Math.round(height)]), [size]);
  });

/** What stands on paper of a page. */
const onPaper = (who, selector) => who.page.locator(selector).evaluateAll((all) => all.filter((e) => e.checkVisibility() && e.getClientRects().length > 0).map((e) => e.innerText.trim()));
const ofTheSite = 'header nav a, .skip, .breadcrumb a, button, summary, input, footer ul a';

test('the paper has the words and no links of the site', async () => {
  await visitor.page.emulateMedia({ media: 'print' });
  assert.deepEqual(await onPaper(visitor, 'h1'), ['Plan check']);
  assert.equal((await onPaper(visitor, 'td')).length, 8);
  for (const room of await visitor.page.locator('td:empty').all()) assert.ok((await room.boundingBox()).height > 60, 'room to write');
  assert.deepEqual(await onPaper(visitor, ofTheSite), []);
  await visitor.page.emulateMedia({ media: null });
});

test('transcript, action plan and discussion guide are paper, too', async () => {
  const { cookie, post } = await session(s, 'amara');
  await post('/transcript/credits', [['title', 'Grand rounds'], ['provider', 'County society'], ['earned_on', '2026-01-15'], ['hours', '1.5']]);
  const amara = await b.visitor({ server: s, cookie });
  await amara.page.emulateMedia({ media: 'print' });
  const paper = async (path) => {
    await amara.go(s, path);
    assert.deepEqual(await onPaper(amara, ofTheSite), [], path);
    return (await onPaper(amara, 'main')).join().replace(/\s+/g, ' ');
  };
  const transcript = await paper('/transcript');
  assert.match(transcript, /Amara Okafor, as of .* Cultural humility.* \w{3} \d+ \w{3} \d{4} .*From elsewhere Added by you; not verified\. .*Grand rounds County society Thu 15 Jan 2026 1\.5 hours Not verified/);
  assert.doesNotMatch(transcript, /Only you see|Change|Certificate/);
  assert.match(await paper('/courses/humility/plan?mine=on'), /If I write a letter of recommendation, then I will .* After 30 days, on .* ☐ done/);
  assert.ok((await amara.page.locator('p.line').first().boundingBox()).height > 35, 'room to write');
  assert.match(await paper('/courses/humility/facilitator'), /Discussion guide/);
  amara.noFaults();
  await amara.close();
});

test('the button prints, and nothing on the page complains', async () => {
  assert.ok(await visitor.page.locator('[data-print]').isVisible());
  visitor.noFaults();
});
