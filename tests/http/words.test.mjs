// Words on screen, on every page there is: dates have one form.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { startServer, textOf } from '../support/server.mjs';
import { fillSite, pagesOf, answerOf } from '../support/pages.mjs';

let s;
const texts = []; // [name of the page, what a reader sees]

before(async () => {
  s = await startServer({ demo: true, ownCourses: true });
  const site = await fillSite(s);
  for (const page of pagesOf(site)) {
    const { text } = await answerOf(site, page);
    // What is signed is shown as it was signed, letter by letter.
    texts.push([page.name, textOf(text.replace(/<(pre|code|textarea)\b[\s\S]*?<\/\1>|<dl class="facts signed"[\s\S]*?<\/dl>/g, ' '))]);
  }
});
after(() => s?.stop());

test('every date is like Fri 4 Dec 2026', () => {
  const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
  const house = new RegExp(`\\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [1-9]\\d? ${month} \\d{4}\\b`, 'g');
  const date = new RegExp(`\\b\\d{4}-\\d\\d-\\d\\d\\b|\\b\\d{1,2}\\.? ${month}[a-z]* \\d{4}\\b|\\b${month}[a-z]* \\d{1,2},? \\d{4}\\b|\\b\\d{1,2}/\\d{1,2}/\\d{2,4}\\b`, 'g');
  let seen = 0;
  const others = texts.flatMap(([name, text]) => {
    seen += text.match(house)?.length ?? 0;
    return (text.replace(house, ' ').match(date) ?? []).map((found) => `${name}: ${found}`);
  });
  assert.ok(seen > 30, `${seen} dates`);
  assert.deepEqual(others, []);
});
