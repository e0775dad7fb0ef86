// Rules for the project's files: raw HTML in templates, machine paths, layout, size.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { files, lines, read, root } from './project.mjs';

test('only fields made by the course renderer are printed raw', () => {
  const wrong = [];
  let seen = 0;
  for (const path of files('web', '.mustache'))
    for (const [number, text] of lines(path))
      for (const m of text.matchAll(/\{\{\{\s*([^}]*?)\s*\}\}\}|\{\{\s*&\s*([^}]*?)\s*\}\}/g)) {
        seen++;
        if (!/(^|\.)\w*_html$/.test(m[1] ?? m[2]) && (m[1] ?? m[2]) !== 'html') wrong.push(`${path}:${number}: ${m[0]}`);
      }
  assert.ok(seen > 0, 'no template prints anything raw, so this test looks in the wrong place');
  assert.deepEqual(wrong, []);
});

test('templates carry no inline script, style or handler', () => {
  const wrong = [];
  for (const path of files('web', '.mustache'))
    for (const [number, text] of lines(path))
      if (/<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:|<script\b(?![^>]*\bsrc=)/i.test(text))
        wrong.push(`${path}:${number}: ${text.trim()}`);
  assert.deepEqual(wrong, []);
});

test("every form of a signed-in page carries the form token", () => {
  const wrong = [];
  const without = new Set(['web/templates/sign-in.mustache', 'web/templates/sign-in-link.mustache', 'web/templates/verify.mustache',
    'web/templates/part/review-form.mustache', 'web/templates/review-sign.mustache']);
  for (const path of files('web', '.mustache')) {
    if (without.has(path)) continue;
    for (const m of read(path).matchAll(/<form\b[^>]*\bmethod="post"[^>]*>([\s\S]*?)<\/form>/gi))
      if (!/name="form_token"/.test(m[1]) && !/\{\{>\s*part\/form-token\s*\}\}/.test(m[1])) wrong.push(`${path}: ${m[0].slice(0, 80)}`);
  }
  assert.deepEqual(wrong, []);
});

test('no file names a place that only one machine has', () => {
  const places = [/\/work\//, /\/home\/[a-z]/, /\/root\b/, /\/Users\//, /"resolved":/];
  const wrong = [];
  for (const path of files()) {
    if (path === 'tests/house/files.test.mjs' || path.startsWith('tests/fuzz/corpus/')) continue;
    const bytes = readFileSync(join(root, path));
    if (bytes.includes(0)) continue;
    for (const [number, text] of lines(path))
      for (const place of places) if (place.test(text)) wrong.push(`${path}:${number}: ${text.trim().slice(0, 100)}`);
  }
  assert.deepEqual(wrong, []);
});

test('C files are laid out by clang-format', () => {
  const list = files('.', '.c', '.h').filter((p) => p !== 'script/embed.c');
  assert.ok(list.length > 50);
  try {
    execFileSync('clang-format', ['--dry-run', '-Werror', ...list], { cwd: root, stdio: 'pipe' });
  } catch (e) {
    const where = [...new Set(String(e.stderr).split('\n').filter((l) => /error:/.test(l)).map((l) => l.split(':')[0]))];
    assert.fail(`run clang-format -i on: ${where.join(' ')}`);
  }
});

test('a C file is one idea: under 500 lines', () => {
  const long = files('src', '.c', '.h').filter((path) => read(path).split('\n').length > 500);
  assert.deepEqual(long, []);
});

test('every npm package that tests use is in packages.txt, and every one there is used', () => {
  const described = lines('third_party/packages.txt')
    .map(([, text]) => text.split(/\s+/))
    .filter(([name, set]) => name && !name.startsWith('#') && set === 'npm')
    .map(([name]) => name);
  const used = ['tests', 'tests/judges', 'tests/node'].flatMap((folder) => {
    const { dependencies, optionalDependencies } = JSON.parse(read(`${folder}/package.json`));
    return Object.entries({ ...dependencies, ...optionalDependencies });
  });
  assert.deepEqual([...new Set(used.map(([name]) => name))].sort(), described.sort());
  for (const [name, version] of used) assert.match(version, /^\d+\.\d+\.\d+$/, `${name} is not pinned exactly`);
});

test('scripts can be run', () => {
  for (const path of ['script/bootstrap', 'script/server', 'script/test', '.ci/run'])
    assert.ok(statSync(join(root, path)).mode & 0o111, `${path} is not executable`);
});
