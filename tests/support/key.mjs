// What the author wrote in a course's item bank: which options are right, and every rationale.
// Tests read the source, since no page may give the key away before an answer.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceDir } from './server.mjs';

/** Letters and digits only: the same for Markdown and for the text drawn from it. */
export const plain = (text) => text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** The number of each text: its place, from 1, among them all in the order of their bytes. */
const byText = (texts) => {
  const sorted = [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return texts.map((text) => sorted.indexOf(text) + 1);
};

/** Map of item id → {use, type, stem, options: [{right, text, rationale}], explanation, key, wrong}. */
export function answerKey(course = 'humility') {
  const source = readFileSync(join(sourceDir, 'courses', course, 'questions.md'), 'utf8');
  const items = new Map();
  let item, option, inStem;
  for (const line of source.split('\n')) {
    const [, id] = /^## (\S+)/.exec(line) ?? [];
    const [, entry, partner] = item?.type === 'match' ? /^\| ([^|]+) \| ([^|]+) \|$/.exec(line) ?? [] : [];
    const [, row, why] = item?.type === 'match' ? /^(\d)\. > (.*)/.exec(line) ?? [] : [];
    const [, placed] = item?.type === 'order' ? /^\d\. (.*)/.exec(line) ?? [] : [];
    const [, mark, text] = /^- \[([x ])\] (.*)/.exec(line) ?? [];
    const [, name, value] = /^(objective|use|type|spaced|refs): (.*)/.exec(line) ?? [];
    if (id) {
      item = { id, options: [], stem: '', explanation: '' };
      items.set(id, item);
      option = null;
      inStem = true;
    } else if (!item) continue;
    else if (row) item.options[row - 1].rationale = why;
    else if (entry) {
      if (inStem) inStem = false; // the table's head
      else if (entry !== '---') item.options.push({ right: true, text: entry, partner, rationale: '' });
    } else if (placed) {
      option = { right: true, text: placed, rationale: '' };
      item.options.push(option);
      inStem = false;
    } else if (mark) {
      option = { right: mark === 'x', text, rationale: '' };
      item.options.push(option);
      inStem = false;
    } else if (/^ {2,}> ?/.test(line)) option.rationale += `${line.replace(/^ +> ?/, '')} `;
    else if (/^> ?/.test(line)) item.explanation += `${line.replace(/^> ?/, '')} `;
    else if (option && /^ {2,}\S/.test(line)) option.text += ` ${line.trim()}`;
    else if (inStem && name) item[name] = value;
    else if (inStem) item.stem += `${line} `;
  }
  for (const it of items.values()) {
    const numbers = it.options.map((o, i) => ({ n: i + 1, right: o.right }));
    it.key = numbers.filter((o) => o.right).map((o) => o.n);
    // Not right in any part: one option that does not belong; of a match or an
    // order, every partner or entry one place on. Their numbers follow the text, as in the publication.
    it.wrong = [numbers.find((o) => !o.right)?.n];
    if (it.type !== 'match' && it.type !== 'order') continue;
    const ranks = byText(it.options.map((o) => o.partner ?? o.text)), moved = [...ranks.slice(1), ranks[0]];
    const answer = (numbered) => numbered.map((n, i) => (it.type === 'match' ? `${i + 1}:${n}` : n));
    [it.key, it.wrong] = [answer(ranks), answer(moved)];
  }
  return items;
}
