// Zip files for tests, good ones and hostile ones: every field of the format can be a lie.
import { deflateRawSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});

export function crc32(bytes) {
  let c = 0xffffffff;
  for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function record(signature, fields) {
  const parts = [Buffer.from(signature, 'latin1')];
  for (const [size, value] of fields) {
    const b = Buffer.alloc(size);
    b.writeUIntLE(value, 0, size);
    parts.push(b);
  }
  return Buffer.concat(parts);
}

/**
 * Entries: {name (text or bytes), bytes, deflate, mode (of Unix), claims (size in the headers),
 * flags}. Names are marked as UTF-8.
 */
export function zip(entries) {
  const local = [], central = [];
  let at = 0;
  for (const { name, bytes = '', deflate = false, mode, claims, flags = 0x800 } of entries) {
    const raw = Buffer.from(name), data = Buffer.from(bytes), packed = deflate ? deflateRawSync(data) : data;
    const crc = crc32(data), size = claims ?? data.length, method = deflate ? 8 : 0;
    const common = [[2, 20], [2, flags], [2, method], [2, 0], [2, 33], [4, crc], [4, packed.length], [4, size], [2, raw.length], [2, 0]];
    const head = record('PK\x03\x04', common);
    local.push(head, raw, packed);
    const made = mode === undefined ? 20 : (3 << 8) | 20;
    central.push(record('PK\x01\x02', [[2, made], ...common, [2, 0], [2, 0], [2, 0], [4, mode === undefined ? 0 : (mode << 16) >>> 0], [4, at]]), raw);
    at += head.length + raw.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = record('PK\x05\x06', [[2, 0], [2, 0], [2, entries.length], [2, entries.length], [4, directory.length], [4, at], [2, 0]]);
  return Buffer.concat([...local, directory, end]);
}

/** All files of a folder as [path, text] pairs. */
export function folderFiles(folder, below = '') {
  return readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below ? `${below}/${entry.name}` : entry.name;
    return entry.isDirectory() ? folderFiles(folder, path) : [[path, readFileSync(join(folder, path))]];
  });
}

/** A zip of [path, bytes] pairs within one folder, as a computer's own menu makes it. */
export function zipFiles(files, top = '') {
  return zip(files.map(([path, bytes]) => ({ name: top ? `${top}/${path}` : path, bytes, deflate: true })));
}
