// Opening a data folder brings its database up to date: every migration that is missing, in order, once.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { temporaryFolder, understory } from '../support/server.mjs';

const migrations = join(process.env.SOURCE_DIR, 'src/db/migrations');
const numbers = readdirSync(migrations).map((n) => Number.parseInt(n, 10)).sort((a, b) => a - b);
const file = (n) => readFileSync(join(migrations, `${String(n).padStart(3, '0')}.sqlite.sql`), 'utf8');
const application = 0x55534f59;
const table = 'CREATE TABLE schema_migration (number INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT;';
let folder;

before(async () => (folder = await temporaryFolder('migrations')));
after(() => folder.remove());

const sql = (data, input) => execFileSync('sqlite3', ['-bail', join(data, 'understory.db')], { input, encoding: 'utf8' }).trim();
const make = (name, input) => {
  const data = join(folder.path, name);
  mkdirSync(data, { mode: 0o700 });
  sql(data, `${input}; PRAGMA application_id = ${application};`);
  return data;
};
const open = (data) => understory(['person', 'list', '--json', '--data', data]);
const schema = (data) =>
  sql(data, "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name;");

async function isWhole(data) {
  const done = await open(data);
  assert.equal(done.code, 0, done.stderr);
  assert.deepEqual(sql(data, 'SELECT number FROM schema_migration ORDER BY number;').split('\n').map(Number), numbers);
  assert.equal(sql(data, 'PRAGMA user_version;'), String(numbers.length));
}

test('a new database has them all', async () => {
  const data = join(folder.path, 'new');
  await isWhole(data);
  await isWhole(data);
});

test('a file that knew only the number of its last one keeps what it has and gets the rest', async () => {
  const data = make('old', `${file(1)}; PRAGMA user_version = 1; INSERT INTO department VALUES (1, 'MED', 'Medicine', 0)`);
  await isWhole(data);
  assert.equal(sql(data, 'SELECT name FROM department;'), 'Medicine');
});

test('one that comes after others with higher numbers is applied all the same', async () => {
  for (const late of numbers.filter((n) => n > 1)) {
    const before = numbers.filter((n) => n < late);
    const made = [...file(late).matchAll(/CREATE TABLE (\w+)/g)].map((m) => m[1]);
    const buildsOn = (n) => made.some((name) => new RegExp(`ON ${name} `).test(file(n)));
    const independent = numbers.filter((n) => n > late && !/ALTER TABLE/.test(file(n)) && !buildsOn(n));
    const there = [...before, ...independent];
    const data = make(`without-${late}`, `${table} ${there.map((n) => `${file(n)};
      INSERT INTO schema_migration VALUES (${n}, 0);`).join('\n')} PRAGMA user_version = ${there.length}`);
    await isWhole(data);
    assert.equal(schema(data), schema(join(folder.path, 'new')));
  }
});

test('a database of a newer program is refused and left as it is', async () => {
  const data = join(folder.path, 'newer');
  await isWhole(data);
  sql(data, 'INSERT INTO schema_migration VALUES (998, 0);');
  const refused = await open(data);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /written by a newer version \(schema \d+, this program knows \d+\); install the newer program/);
  assert.equal(sql(data, 'SELECT MAX(number) FROM schema_migration;'), '998');
});
