// Grants that were made before there were authors: the table was built anew, and every row is as it was.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceDir, temporaryFolder, understory } from '../support/server.mjs';

const before = `
INSERT INTO department (id, code, name, recorded_at) VALUES (3, 'surgery', 'Surgery', 1);
INSERT INTO person (id, uuid, name, sort_name, email, learner_type, recorded_at)
VALUES (4, '00000000-0000-4000-8000-000000000004', 'Ana Silva', 'silva, ana silva', 'ana@example.edu', 'faculty', 1);
INSERT INTO role_grant (id, person, role, department, valid_from, valid_to, recorded_at, superseded_by) VALUES
 (9, 4, 'chair', 3, 20, NULL, 21, NULL), (12, 4, 'evaluator', NULL, 30, 40, 31, 40), (40, 4, 'evaluator', NULL, 30, 35, 36, NULL),
 (41, 4, 'administrator', NULL, 50, NULL, 51, NULL);
`;
const all = 'SELECT id, person, role, department, valid_from, valid_to, recorded_at, superseded_by FROM role_grant ORDER BY id';

test('an earlier database keeps its grants, row by row, and takes authors from then on', async () => {
  const folder = await temporaryFolder('grants');
  try {
    const file = join(folder.path, 'understory.db');
    mkdirSync(folder.path, { recursive: true });
    const sql = (text) => execFileSync('sqlite3', [file], { input: text, encoding: 'utf8' });
    const schema = readFileSync(join(sourceDir, 'src/db/migrations/001.sqlite.sql'), 'utf8');
    sql(`PRAGMA application_id=${0x55534f59}; PRAGMA user_version=1; ${schema} ${before}`);
    const kept = sql(all);
    assert.equal(kept.trim().split('\n').length, 4);
    assert.throws(() => sql("INSERT INTO role_grant (person, role, valid_from, recorded_at) VALUES (4, 'author', 1, 1)"));

    const granted = await understory(['person', 'grant', 'ana@example.edu', 'author', '--json', '--data', folder.path]);
    assert.equal(granted.code, 0, granted.stderr);
    assert.equal(JSON.parse(granted.stdout).role, 'author');
    const rows = sql(all).trim().split('\n');
    assert.equal(rows.slice(0, 4).join('\n'), kept.trim());
    assert.match(rows[4], /^42\|4\|author\|\|/);
    assert.equal(sql('PRAGMA foreign_key_check; PRAGMA integrity_check').trim(), 'ok');
    assert.match(sql("SELECT sql FROM sqlite_schema WHERE name = 'role_grant'"), /superseded_by INTEGER REFERENCES "?role_grant"? \(id\)/);
    assert.match(sql("SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'role_grant'"), /role_grant_person/);
    assert.throws(() => sql("PRAGMA foreign_keys=ON; INSERT INTO role_grant (person, role, valid_from, recorded_at, superseded_by) VALUES (4, 'author', 1, 1, 999)"));
  } finally {
    await folder.remove();
  }
});
