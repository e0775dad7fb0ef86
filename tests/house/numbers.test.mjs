// Numbers stand beside their sources. The whole list is written to numbers.txt in the build folder, for a reader.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { coursesIn, lineOf, numbersList, numbersOf } from './numbers.mjs';
import { root } from './project.mjs';

test('each percentage and decimal of a lesson, an item or a reason has its source in its paragraph or item', () => {
  const courses = coursesIn(join(root, 'courses'));
  assert.ok(courses.some(([, found]) => found.length > 100), 'hardly a number was found, so this test looks in the wrong place');
  const build = process.env.BUILD_DIR ?? join(root, 'build/test');
  mkdirSync(build, { recursive: true });
  writeFileSync(join(build, 'numbers.txt'), numbersList(courses));
  assert.deepEqual(courses.flatMap(([name, found]) => found.filter((n) => n.missing).map((n) => lineOf(`courses/${name}`, n))), []);
});

/** What is found in a course of these files: "file:line number group keys". */
function read(files) {
  const folder = mkdtempSync(join(tmpdir(), 'understory-numbers-'));
  try {
    for (const [path, lines] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${lines.join('\n')}\n`);
    }
    return numbersOf(folder).filter((n) => n.digits).map((n) => [`${n.file.replace(/.*\//, '')}:${n.line}`, n.number, n.missing ? 'missing' : n.group, ...n.keys].join(' '));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const lesson = (...lines) => read({ 'lessons/a.md': ['# A', '', 'A scene.', '', '## B', '', ...lines] });

test('a number takes the source of its sentence, else of its paragraph, which ends at the empty line', () => {
  assert.deepEqual(lesson('It was 12% in', '2010. Later it was 14.5 [@B].', '', 'And 7 percent, or 0.3, or 9.'),
    ['a.md:7 12% sourced B', 'a.md:8 2010 sourced B', 'a.md:8 14.5 sourced B', 'a.md:10 7 percent missing', 'a.md:10 0.3 missing', 'a.md:10 9 bare']);
  assert.deepEqual(lesson('Of 1,018 it was 12% [@A]. Of 20 it was 3.5% [@B; @C].'),
    ['a.md:7 1,018 sourced A', 'a.md:7 12% sourced A', 'a.md:7 20 sourced B C', 'a.md:7 3.5% sourced B C']);
});

test('a table, a list and a figure take the source of the paragraph next to them, a tool its own', () => {
  assert.deepEqual(lesson('As counted [@A]:', '', '| 1.5 |', '| --- |', '| 2.5 |', '', '![It rose to 4.5%.](../media/a.svg)', '', 'In words, 4.5% [@B].'),
    ['a.md:9 1.5 sourced A', 'a.md:11 2.5 sourced A', 'a.md:13 4.5% sourced B', 'a.md:15 4.5% sourced B']);
  assert.deepEqual(lesson('Known [@A].', '', '> [!TOOL card-2]', '> Below 5.5%:', '>', '> | 6.5 |', '> |---|'), ['a.md:10 5.5% missing', 'a.md:12 6.5 missing']);
});

test('an item takes its refs, in the stem, the options and the reasons; without them each is missing', () => {
  const item = (refs) => ['# Questions', '', '## q-x-01', 'objective: X1', 'use: check', 'type: single', ...refs, '', 'Is it 12%?', '', '- [x] 1.5', '  > Of 30.', '- [ ] 2', '  > No.', '', '> In 2.5%.'];
  assert.deepEqual(read({ 'questions.md': item(['refs: A, B']) }),
    ['questions.md:9 12% sourced A B', 'questions.md:11 1.5 sourced A B', 'questions.md:12 30 sourced A B', 'questions.md:13 2 sourced A B', 'questions.md:16 2.5% sourced A B']);
  assert.deepEqual(read({ 'questions.md': item([]) }),
    ['questions.md:8 12% missing', 'questions.md:10 1.5 missing', 'questions.md:11 30 bare', 'questions.md:12 2 bare', 'questions.md:15 2.5% missing']);
});

test('what a story makes up is kept apart, and a percentage in a lesson is never a story', () => {
  assert.deepEqual(read({
    'lessons/a.md': ['# A', '', 'Ms. Ito, 58, has 3.4 in bed 9 at 7:40, and 12%.', '', '## B', '', 'Her 3.4 again, and 3.5.', '', '1. Lesson 2 comes at 9 a.m.'],
    'cases/c.md': ['# C', '', '## start', '', 'He reads 93%. In the study 12% did [@A].', '', 'Nothing known: 88 percent.'],
    'facilitator.md': ['# F', '', '| Minutes | |', '|---|---|', '| 0-5 | Begin |'],
  }), ['a.md:3 58 story', 'a.md:3 3.4 story', 'a.md:3 9 story', 'a.md:3 7:40 story', 'a.md:3 12% missing', 'a.md:7 3.4 story', 'a.md:7 3.5 missing', 'a.md:9 1 story', 'a.md:9 2 story', 'a.md:9 9 story',
    'c.md:5 93% sourced A', 'c.md:5 12% sourced A', 'c.md:7 88 percent story', 'facilitator.md:5 0 story', 'facilitator.md:5 5 story']);
});

test('marks are no numbers: dates of what may change, names of items, citations, addresses', () => {
  assert.deepEqual(lesson('> [!VOLATILE as-of=2026-11-22 review-by=2027-05-22]', '> A rule [@Law2025].', '', '> [!CHECK q-a-l01]', '', 'See [this](https://example.org/4.5) and HbA1c and COVID-19.'), ['a.md:12 19 story']);
});
