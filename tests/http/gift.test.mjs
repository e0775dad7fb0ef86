// understory gift, through the command line: what is written, what is said, how it ends.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { understory, temporaryFolder, sourceDir } from '../support/server.mjs';

let folder;
const at = (name) => join(folder.path, name);
before(async () => (folder = await temporaryFolder('gift')));
after(() => folder?.remove());

const order = '\n## q-humility-order\nobjective: H1\nuse: check\ntype: order\n\nIn which order?\n\n1. a\n   > One.\n2. b\n   > Two.\n3. c\n   > Three.\n';

test('a bank that is exported and imported is the same file, byte for byte', async () => {
  const out = await understory(['gift', 'export', 'humility', '--out', at('bank.gift')]);
  assert.deepEqual([out.code, out.stdout, out.stderr], [0, '', '20 items written\n']);
  const back = await understory(['gift', 'import', at('bank.gift'), '--out', at('questions.md')]);
  assert.deepEqual([back.code, back.stderr], [0, '20 items, 0 errors\n']);
  assert.equal(await readFile(at('questions.md'), 'utf8'), await readFile(join(sourceDir, 'courses/humility/questions.md'), 'utf8'));
});

test('a course takes what was imported, and check finds nothing wrong', async () => {
  await cp(join(sourceDir, 'courses/humility'), at('humility'), { recursive: true });
  await cp(at('questions.md'), at('humility/questions.md'));
  const checked = await understory(['check', at('humility')]);
  assert.equal(checked.code, 0, checked.stdout);
});

test('what is missing is said with its line, and the rest is written', async () => {
  await writeFile(at('some.gift'), 'Which?\n{=Kings # Yes.\n ~Po}\n\nHow many? {#3}\n\nSo it is. {TRUE#No.#Yes.}\n');
  const { code, stdout, stderr } = await understory(['gift', 'import', at('some.gift'), '--course', 'rivers', '--objective', 'A1', '--use', 'lesson']);
  assert.equal(code, 1);
  assert.match(stdout, /## q-rivers-01\nobjective: A1\nuse: lesson\ntype: single\n\nWhich\?\n\n- \[x\] Kings\n {2}> Yes\.\n- \[ \] Po\n/);
  assert.match(stdout, /## q-rivers-02\n[^]*type: truefalse/);
  const lines = stderr.split('\n').filter((l) => l.includes('error['));
  assert.deepEqual(lines.map((l) => l.slice(at('some.gift').length)), [
    ':3:2: error[G01]: answer without a rationale', ':5:12: error[G02]: a numerical question']);
  assert.equal(stderr.split('\n').filter((l) => l.startsWith('  hint: ')).length, 2);
  assert.match(stderr, /2 items, 2 errors\n$/);
});

test('an order is left out of an export, and that is said', async () => {
  await writeFile(at('humility/questions.md'), (await readFile(at('questions.md'), 'utf8')) + order);
  const { code, stdout, stderr } = await understory(['gift', 'export', at('humility')]);
  assert.equal(code, 1);
  assert.match(stderr, /20 items written\n1 of type order left out/);
  assert.doesNotMatch(stdout, /q-humility-order/);
});

test('a file that is there is not written over, and wrong usage ends with 2', async () => {
  for (const args of [['gift', 'export', 'humility', '--out', at('bank.gift')], ['gift', 'import', at('none.gift')], ['gift', 'export', 'none-such'],
    ['gift'], ['gift', 'import'], ['gift', 'turn', 'x'], ['gift', 'import', at('bank.gift'), '--use', 'home'], ['gift', 'import', at('bank.gift'), '--course', 'a b']]) {
    const { code, stdout, stderr } = await understory(args);
    assert.deepEqual([code, stdout], [2, ''], args.join(' '));
    assert.match(stderr, /^understory gift: error: .+\n$/, args.join(' '));
  }
  const { code, stdout } = await understory(['gift', '--help']);
  assert.equal(code, 0);
  assert.match(stdout, /usage: understory gift import FILE/);
});
