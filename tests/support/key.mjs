// What the author wrote in a course's item bank: which options are right, and every rationale.
// Tests read the source, since no page may give the key away before an answer.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceDir } from './server.mjs';

/** Letters and digits only: the same for Markdown and for the text drawn from it. */
export const plain = (text) => text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** Map of item id → {use, type, stem, options: [{right, text, rationale}], explanation, key, wrong}. */
export function answerKey(course = 'humility') {
  const source = readFileSync(join(sourceDir, 'courses', course, 'questions.md'), 'utf8');
  const items = new Map();
  let item, option, inStem;
  for (const line of source.split('\n')) {
    const [, id] = /^## (\S+)/.exec(line) ?? [];
    const [, entry] = item?.type === 'match' ? /^\| ([^|]+) \| [^|]+ \|$/.exec(line) ?? [] : [];
    const [, row, why] = item?.type === 'match' ? /^(\d)\. > (.*)/.exec(line) ?? [] : [];
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
      else if (entry !== '---') item.options.push({ right: true, text: entry, rationale: '' });
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
    // Not right in any part: one option that does not belong; of a match, every partner one row on.
    it.wrong = [numbers.find((o) => !o.right)?.n];
    if (it.type !== 'match') continue;
    it.key = it.key.map((n) => `${n}:${n}`);
    it.wrong = numbers.map(({ n }) => `${n}:${(n % numbers.length) + 1}`);
  }
  return items;
}
