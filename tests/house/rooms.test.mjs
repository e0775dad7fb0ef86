// The house has floors: a room uses rooms on lower floors only, and some things live in one room.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { files, lines, read, root } from './project.mjs';

const floors = {
  base: 0,
  db: 1,
  course: 2,
  credential: 2,
  learning: 3,
  report: 4,
  http: 5,
  pages: 6,
  cli: 7,
};
const top = 8; // main.c

const sources = files('src', '.c', '.h');
const roomOf = (path) => path.split('/')[1];
const floorOf = (path) => (path === 'src/main.c' ? top : floors[roomOf(path)]);

function includes() {
  const found = [];
  for (const path of sources)
    for (const [number, text] of lines(path)) {
      const m = /^\s*#\s*include\s*["<]([^">]+)[">]/.exec(text);
      if (m) found.push({ path, number, name: m[1] });
    }
  return found;
}

test('every folder of src is a room with a floor', () => {
  const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((d) => d.isDirectory());
  for (const { name } of rooms) assert.ok(name in floors, `src/${name} has no floor in this test`);
});

test('a room includes from itself and from lower floors only', () => {
  const wrong = [];
  for (const { path, number, name } of includes()) {
    const room = name.includes('/') ? name.split('/')[0] : null;
    if (!(room in floors)) continue;
    const same = roomOf(path) === room;
    if (!same && floors[room] >= floorOf(path)) wrong.push(`${path}:${number}: ${name}`);
  }
  assert.deepEqual(wrong, []);
});

test('main.c knows the commands and nothing below them', () => {
  const used = includes().filter((i) => i.path === 'src/main.c' && i.name.includes('/'));
  assert.ok(used.length > 0);
  for (const { name } of used) assert.match(name, /^cli\//);
});

test("a room's SQL is used by that room alone", () => {
  for (const { path, number, name } of includes())
    if (name.endsWith('/sql.h')) assert.equal(name.split('/')[0], roomOf(path), `${path}:${number}`);
});

test('a library lives in one room, and zips in the two that read and write them', () => {
  const homes = { 'sqlite3.h': 'db', 'civetweb.h': 'http', 'curl/curl.h': 'cli', 'cmark-gfm.h': 'course', 'zip.h': 'course credential' };
  const seen = new Set();
  for (const { path, number, name } of includes()) {
    if (!(name in homes)) continue;
    seen.add(name);
    assert.ok(homes[name].split(' ').includes(roomOf(path)), `${path}:${number} includes ${name}`);
  }
  assert.deepEqual([...seen].sort(), Object.keys(homes).sort());
});

test('no C file outside db holds SQL', () => {
  const sql =
    /"\s*(SELECT\s+[\w*(]|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(TABLE|INDEX)\s|PRAGMA\s|ALTER\s+TABLE\s)/i;
  const wrong = [];
  for (const path of sources)
    if (path.endsWith('.c') && roomOf(path) !== 'db')
      for (const [number, text] of lines(path)) if (sql.test(text)) wrong.push(`${path}:${number}: ${text.trim()}`);
  assert.deepEqual(wrong, []);
});

test('every room with statements is in the test that prepares them', () => {
  const tested = read('tests/unit/test_sql.c');
  const rooms = new Set(files('src', '.sql').filter((p) => !p.includes('/migrations/')).map(roomOf));
  assert.ok(rooms.size > 0);
  for (const room of rooms) assert.match(tested, new RegExp(`sql_all_${room}\\b`));
});

test('every room says what lives there and what may not', () => {
  for (const room of readdirSync(join(root, 'src'), { withFileTypes: true }).filter((d) => d.isDirectory())) {
    const path = `src/${room.name}/README.md`;
    assert.ok(existsSync(join(root, path)), `${path} is missing`);
    assert.match(read(path), /^May not/m, path);
  }
});

test('every file of a room is named in its README, and every name there is a file', () => {
  for (const room of Object.keys(floors)) {
    const here = new Set(readdirSync(join(root, 'src', room)).map((name) => name.replace(/\.(c|h|sql)$/, '')));
    const named = new Set([...read(`src/${room}/README.md`).matchAll(/`([a-z_]+)`/g)].map(([, name]) => name));
    const files = sources.filter((path) => roomOf(path) === room).map((path) => path.split('/')[2].replace(/\.[ch]$/, ''));
    assert.deepEqual(files.filter((name) => !named.has(name)), [], `src/${room}/README.md does not say what these are`);
    assert.deepEqual([...named].filter((name) => !here.has(name)), [], `src/${room}/README.md`);
  }
});

test('domain rooms know nothing of HTTP or HTML templates', () => {
  for (const { path, number, name } of includes())
    if (['db', 'credential', 'learning', 'report'].includes(roomOf(path)))
      assert.notEqual(name, 'base/mustache.h', `${path}:${number}`);
});
