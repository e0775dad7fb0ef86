// Every number that a course states, beside its source, for a reader who compares the two.
//
//   node tests/house/numbers.mjs [FOLDER OF COURSES]    prints the list; ends with 1 when a source is missing
//
// A number is read in its paragraph. A table, a list and a figure belong to the paragraphs right before and after
// them; an item's stem, options and reasons belong to the item, and its refs: stand for all of them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const small = 'two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety';
const inWords = new RegExp(`\\b(?:(?:${tens.replaceAll(' ', '|')})(?:-\\w+)?|${small.replaceAll(' ', '|')}|hundreds?|thousands?|millions?|half|halves|thirds?|quarters?|twice|doubled?)\\b`, 'gi');
const inDigits = /\d{1,2}:\d\d(?!\d)|\d+(?:,\d{3})*(?:\.\d+)?(?:[ \u00a0]?%|[ \u00a0]per ?cent(?:age points?)?\b)?/g;

/* ---- a file as paragraphs, each line with its number ---- */

/** What is no text of the reader's, as blanks, so that places stay where they are. */
const blank = (text, pattern) => text.replace(pattern, (m) => ' '.repeat(m.length));
const marker = /^[\s>]*\[![A-Z]+[^\]]*\]/;
const withoutMarks = (line) =>
  [marker, /\[@[^\]]*\]/g, /\]\([^)]*\)/g, /https?:\S+/g, /`[^`]*`/g].reduce(blank, line);

const kindOf = (text) => (/^(?:> ?)*\|/.test(text) ? 'table' : /^(?:> ?)*(?:[*-] |\d+\. )/.test(text) ? 'list' : /^!\[[^\]]*\]\([^)]*\)$/.test(text.trim()) ? 'figure' : /^>/.test(text) ? 'quote' : 'text');

/** "2010. None was" goes on with the line before it: a list in the middle of a paragraph would begin with 1. */
const isYear = (text) => /^(?:> ?)*\d+\. /.test(text) && !/^(?:> ?)*1\. /.test(text);

/** Paragraphs: {kind, lines: [{number, text}], keys}. A quote with all its blank lines is one. */
function paragraphs(lines, first = 1) {
  const all = [];
  let open = null;
  lines.forEach((text, i) => {
    const number = first + i;
    if (/^#+ /.test(text)) {
      open = null;
      all.push({ kind: 'heading', lines: [{ number, text: text.replace(/\{\w+\}$/, '') }] });
    } else if (!text.trim()) {
      if (open && !(open.kind === 'list' && /^(?: {2,}\S|[*-] |\d+\. )/.test(lines[i + 1] ?? ''))) open = null;
    } else {
      const kind = open?.kind === 'list' && /^\s/.test(text) ? 'list' : open?.kind === 'quote' && /^>/.test(text) ? 'quote'
        : open?.kind === 'text' && isYear(text) ? 'text' : kindOf(text);
      if (!open || (kind !== open.kind && !(open.kind === 'list' && kind === 'text') && !(open.kind === 'text' && kind === 'figure'))) all.push((open = { kind, lines: [] }));
      open.lines.push({ number, text });
    }
  });
  for (const p of all) p.keys = keysIn(p.lines.map((l) => l.text).join(' '));
  return all;
}

const keysIn = (text) => [...new Set([...text.matchAll(/\[@([^\]]+)\]/g)].flatMap((m) => m[1].split(';').map((k) => k.trim().replace(/^@/, ''))))];

/** Sentences of a paragraph with the lines they begin in; a table's row and a list's entry are one each. */
function sentences(p) {
  const parts = [];
  let text = '', from = [];
  const end = () => {
    if (text.trim()) parts.push({ text, from });
    text = '';
    from = [];
  };
  for (const line of p.lines) {
    const inner = line.text.replace(/^[\s>]+/, '');
    const own = p.kind === 'table' || (kindOf(inner) === 'list' && !(p.kind === 'text' && isYear(inner))) || kindOf(inner) === 'table' || !inner || (p.kind === 'list' && /^\s*> /.test(line.text));
    if (own) end();
    for (const [i, ch] of [...line.text.replace(/^\s*(?:> ?)+/, (m) => ' '.repeat(m.length)), ' '].entries()) {
      text += ch;
      from.push({ number: line.number, column: i });
      if (ch === ' ' && /[.?!][”")*]*(?: \[@[^\]]*\]\.?)? $/.test(text) && !/^\s*\d+\. $|\b(?:Dr|Mr|Ms|Mrs|vs|St|Prof|e\.g|i\.e|al|[A-Z])\. $/.test(text)) end();
    }
  }
  end();
  return parts;
}

/* ---- what is no claim ---- */

const asides = [
  ['a list’s own number', (before, n, after) => /^\s*$/.test(before) && /^\. /.test(after)],
  ['a time of day', (before, n, after) => n.includes(':') || /^ ?(?:[ap]\.?m\b|o’clock)/.test(after)],
  ['an age', (before, n, after) => /^-(?:year|month|week|day)-old/.test(after) || (/^\d\d?$/.test(n) && /\p{L},? (?:is )?$/u.test(before) && /^,/.test(after) && (/, $/.test(before) || /is $/.test(before)))],
  ['a part of a name', (before, n) => /\p{L}-$/u.test(before) && !/^\d{4}$/.test(n)],
  ['a place, or a part of this course', (before) => /\b(?:lesson|module|case|bed|room|row|step|item|page|question|ward|version|level|figure|option)s?(?: \d+(?:,| and| to))? $/i.test(before)],
];

const asideOf = (before, n, after) => (/%|per ?cent/.test(n) ? '' : asides.find(([, is]) => is(before, n, after))?.[0] ?? '');

/* ---- one course ---- */

/** {file, line, number, digits, sentence, keys, from, strict, aside} of every number in these paragraphs. */
function read(found, file, all, { strict, story, refs = [] }) {
  all.forEach((p, i) => {
    const near = ['table', 'list', 'figure'].includes(p.kind)
      ? [...new Set([all[i - 1], all[i + 1]].filter((q) => q && q.kind !== 'heading').flatMap((q) => q.keys))] : [];
    const scene = story === 'opening' ? /^> ?\[!(?:COMMIT|REFLECT|CASE)/.test(p.lines[0].text) || !all.slice(0, i).some((q) => q.kind === 'heading' && /^## /.test(q.lines[0].text)) : Boolean(story);
    for (const { text, from } of sentences(p)) {
      const plain = withoutMarks(text), own = keysIn(text);
      const keys = own.length ? own : p.keys.length ? p.keys : refs.length ? refs : near;
      const where = own.length ? 'sentence' : p.keys.length ? 'paragraph' : refs.length ? 'refs' : near.length ? 'next to it' : '';
      const says = text.replace(marker, '').replace(/\s+/g, ' ').replace(/^[\s|*-]+(?:\[[ x]\] )?/, '').trim();
      const listed = new Set();
      const add = (m, digits) => {
        const before = plain.slice(0, m.index), after = plain.slice(m.index + m[0].length), exact = digits && /%|per ?cent|\.\d/.test(m[0]);
        const place = from[[...text.slice(0, m.index)].length] ?? from[0], aside = p.kind === 'heading' ? 'a heading' : digits ? asideOf(before, m[0], after) : '';
        if (listed.has(m[0])) return;
        listed.add(m[0]);
        found.push({ file, line: place.number, number: m[0], digits, exact, sentence: says, keys, where, strict, scene, aside });
      };
      for (const m of plain.matchAll(inDigits))
        if (!/[\p{L}_]$/u.test(plain.slice(0, m.index)) && !/^(?!(?:st|nd|rd|th|s|x)\b)[\p{L}_]/u.test(plain.slice(m.index + m[0].length))) add(m, true);
      for (const m of plain.matchAll(inWords)) add(m, false);
    }
  });
}

/** The items of questions.md: {refs, lines, first}. */
function items(text) {
  const all = [];
  text.split('\n').forEach((line, i) => {
    if (/^## /.test(line)) all.push({ refs: [], lines: [], first: i + 2, fields: true });
    else if (all.length) {
      const it = all.at(-1), field = it.fields && /^(\w+): *(.*)$/.exec(line);
      if (field?.[1] === 'refs') it.refs = field[2].split(/[, ]+/).filter(Boolean);
      if (!field && line.trim()) it.fields = false;
      it.lines.push(field ? '' : line);
    }
  });
  return all;
}

export function numbersOf(folder) {
  const found = [];
  const text = (path) => readFileSync(join(folder, path), 'utf8');
  const names = (sub) => (existsSync(join(folder, sub)) ? readdirSync(join(folder, sub)).filter((n) => n.endsWith('.md')).sort().map((n) => `${sub}/${n}`) : []);
  for (const path of names('lessons')) read(found, path, paragraphs(text(path).split('\n')), { strict: true, story: 'opening' });
  for (const path of names('cases')) read(found, path, paragraphs(text(path).split('\n')), { story: true });
  if (existsSync(join(folder, 'questions.md')))
    for (const it of items(text('questions.md'))) read(found, 'questions.md', paragraphs(it.lines, it.first), { strict: true, refs: it.refs });
  if (existsSync(join(folder, 'facilitator.md'))) read(found, 'facilitator.md', paragraphs(text('facilitator.md').split('\n')), { story: true });
  // A number of a scene that an item or a later paragraph comes back to is still the scene's.
  const scenes = new Set(found.filter((n) => n.exact && n.scene && !n.keys.length).map((n) => n.number));
  for (const n of found) {
    const percent = /%|per ?cent/.test(n.number);
    const told = !n.keys.length && !(percent && n.strict) && (n.scene || (n.exact && scenes.has(n.number)));
    n.group = n.aside || told ? 'story' : !n.digits ? 'words' : n.keys.length ? 'sourced' : 'bare';
    n.missing = n.group === 'bare' && n.strict && n.exact;
  }
  return found;
}

/* ---- the list ---- */

const groups = [
  ['bare', 'No source near. Those marked “!” need one.'],
  ['sourced', 'With a source: compare each with it.'],
  ['words', 'In words.'],
  ['story', 'In stories: ages, times, rooms, counts of the course itself, and what a scene makes up.'],
];

export const lineOf = (name, n) => `${name}/${n.file}:${n.line}: ${n.missing ? '! ' : ''}${n.number}${n.keys.length ? ` [${n.keys.join(', ')}]` : ''}${n.where && n.where !== 'sentence' ? ` (${n.where})` : ''} | ${n.sentence}`;

export function numbersList(courses) {
  const out = ['Every number of the courses beside its source. A key without a remark stands in the same sentence; otherwise',
    'in the same paragraph, in the refs of the item, or next to the table, list or figure.', ''];
  for (const [name, found] of courses) {
    out.push(`==== ${name}: ${found.length} numbers`, '');
    for (const [group, heading] of groups) {
      const mine = found.filter((n) => n.group === group);
      if (mine.length) out.push(`---- ${name}. ${heading}`, ...mine.map((n) => lineOf(name, n)), '');
    }
  }
  return out.join('\n');
}

/** [name, numbers] of each course in a folder of courses. */
export const coursesIn = (folder) =>
  readdirSync(folder).filter((name) => existsSync(join(folder, name, 'course.json'))).sort().map((name) => [name, numbersOf(join(folder, name))]);

if (process.argv[1] && basename(process.argv[1]) === 'numbers.mjs') {
  const courses = coursesIn(process.argv[2] ?? join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'courses'));
  const missing = courses.flatMap(([name, found]) => found.filter((n) => n.missing).map((n) => lineOf(name, n)));
  process.stdout.write(`${numbersList(courses)}\n`);
  for (const line of missing) process.stderr.write(`${line}\n`);
  process.exitCode = missing.length ? 1 : 0;
}
