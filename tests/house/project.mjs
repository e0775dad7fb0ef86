// The project's own files, for the tests of the house's rules.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root =
  process.env.SOURCE_DIR ?? dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const notOurs = new Set(['.git', 'build', 'node_modules', 'data', '.cache']);

/** Paths below the root that end in one of `endings` (all files without endings). */
export function files(folder = '.', ...endings) {
  const found = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      // "data" is the trial's data folder at the root and the tests' own data elsewhere
      if (!notOurs.has(entry.name) || (entry.name === 'data' && folder !== '.')) found.push(...files(path, ...endings));
    } else if (entry.name === '.git') {
      continue; // a second working tree's way to its repository
    } else if (endings.length === 0 || endings.some((e) => entry.name.endsWith(e))) {
      found.push(path);
    }
  }
  return found.sort();
}

export const read = (path) => readFileSync(join(root, path), 'utf8');

/** [line number, text] of each line. */
export const lines = (path) => read(path).split('\n').map((text, i) => [i + 1, text]);

