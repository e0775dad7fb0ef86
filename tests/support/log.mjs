// What somebody else's tool does with the log: signed notes with node's Ed25519, and Merkle proofs
// straight from the recursive definitions of RFC 6962 section 2.1 (the program walks them another way).
import { createHash, createPublicKey, verify } from 'node:crypto';

export const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts.map((p) => Buffer.from(p)))).digest();
const node = (left, right) => sha256([1], left, right);
export const leafOf = (file) => sha256([0], sha256(file));

function split(n) {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The root that a leaf hash and its proof lead to; an error when the proof is too long or too short. */
export function rootOf(leaf, index, size, proof) {
  const path = proof.map((h) => Buffer.from(h, 'base64'));
  const up = (m, n) => {
    if (n === 1) return leaf;
    const k = split(n), last = path.pop();
    if (!last) throw new Error('the proof is too short');
    return m < k ? node(up(m, k), last) : node(last, up(m - k, n - k));
  };
  const root = up(index, size);
  if (path.length) throw new Error('the proof is too long');
  return root.toString('base64');
}

/** [old root, new root] that a consistency proof leads to, given the old root. */
export function rootsOf(oldRoot, from, to, proof) {
  const path = proof.map((h) => Buffer.from(h, 'base64'));
  const next = () => {
    if (!path.length) throw new Error('the proof is too short');
    return path.pop();
  };
  const sub = (m, n, whole) => {
    if (m === n) {
      const hash = whole ? Buffer.from(oldRoot, 'base64') : next();
      return [hash, hash];
    }
    const k = split(n), last = next();
    if (m <= k) {
      const [o, w] = sub(m, k, whole);
      return [o, node(w, last)];
    }
    const [o, w] = sub(m - k, n - k, false);
    return [node(last, o), node(last, w)];
  };
  const roots = sub(from, to, true).map((h) => h.toString('base64'));
  if (path.length) throw new Error('the proof is too long');
  return roots;
}

/** {origin, size, root} of a checkpoint that the key of `vkey` has signed; an error when it has not. */
export function openNote(note, vkey) {
  const [, name, id, key] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey);
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== 33 || bytes[0] !== 1) throw new Error('not an Ed25519 key');
  if (sha256(name, '\n', bytes).subarray(0, 4).toString('hex') !== id) throw new Error('not the key of that id');
  const end = note.lastIndexOf('\n\n') + 1, text = note.slice(0, end);
  const line = note.slice(end + 1).split('\n').find((l) => l.startsWith(`— ${name} `));
  const signature = Buffer.from(line.split(' ')[2], 'base64');
  if (signature.subarray(0, 4).toString('hex') !== id) throw new Error('signed by another key');
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), bytes.subarray(1)]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  if (!verify(null, Buffer.from(text), publicKey, signature.subarray(4))) throw new Error('the signature does not hold');
  const [origin, size, root, ...more] = text.slice(0, -1).split('\n');
  if (more.length) throw new Error('extension lines');
  return { origin, size: Number(size), root };
}
