// The files of a certificate, made from their specifications, good ones and hostile ones; and a
// forger's signature (eddsa-jcs-2022, which needs no more than sorted JSON).
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { crc32 } from './zip.mjs';

// ---- PNG ----

const be32 = (n) => {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(n >>> 0);
  return b;
};
export function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(data)]);
  return Buffer.concat([be32(body.length - 4), body, be32(crc32(body))]);
}
export const baked = (text, { type = 'iTXt', keyword = 'openbadgecredential', head = '\0\0\0\0' } = {}) =>
  chunk(type, Buffer.concat([Buffer.from(`${keyword}\0${head}`, 'latin1'), Buffer.from(text)]));

/** A picture of one pixel with these chunks in it. */
export function png(...chunks) {
  const head = chunk('IHDR', Buffer.from('00000001000000010800000000', 'hex'));
  const pixel = chunk('IDAT', Buffer.from('789c6360000000020001', 'hex'));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), head, pixel, ...chunks, chunk('IEND', '')]);
}

// ---- PDF ----

/** A PDF of these objects (texts or bytes); the first is the catalog. */
export function pdf(objects) {
  const parts = [Buffer.from('%PDF-1.7\n')];
  const at = [];
  const length = () => parts.reduce((n, p) => n + p.length, 0);
  objects.forEach((object, i) => {
    at.push(length());
    parts.push(Buffer.from(`${i + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n'));
  });
  const table = length();
  const rows = at.map((n) => `${String(n).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(Buffer.from(`xref\n0 ${at.length + 1}\n0000000000 65535 f \n${rows}trailer << /Size ${at.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`));
  return Buffer.concat(parts);
}
export function stream(bytes, filter = '') {
  const data = Buffer.from(bytes);
  return Buffer.concat([Buffer.from(`<< /Length ${data.length} ${filter}>>\nstream\n`), data, Buffer.from('\nendstream')]);
}
export const attached = '<< /Type /Filespec /F (credential.json) /AFRelationship /Data /EF << /F 4 0 R >> >>';

/** One page-less PDF with a file attached as its data. */
export const pdfWith = (bytes) => pdf(['<< /Type /Catalog /Pages 2 0 R /AF [ 3 0 R ] >>', '<< /Type /Pages /Kids [] /Count 0 >>', attached, stream(bytes)]);

// ---- a forger ----

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
function base58(bytes) {
  let n = BigInt(`0x${bytes.toString('hex')}`), out = '';
  for (; n > 0n; n /= 58n) out = ALPHABET[Number(n % 58n)] + out;
  return '1'.repeat([...bytes].findIndex((b) => b !== 0)) + out;
}

/** RFC 8785 of JSON without numbers. */
export const jcs = (v) =>
  Array.isArray(v) ? `[${v.map(jcs).join(',')}]`
    : v && typeof v === 'object' ? `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${jcs(v[k])}`).join(',')}}`
      : JSON.stringify(v);

const sha256 = (text) => createHash('sha256').update(text).digest();

function fromBase58(text) {
  const n = [...text].reduce((sum, c) => sum * 58n + BigInt(ALPHABET.indexOf(c)), 0n), hex = n.toString(16);
  return Buffer.from('00'.repeat(text.match(/^1*/)[0].length) + hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}

/** Does the eddsa-jcs-2022 proof hold, with the key that it names? All that such a check takes. */
export function jcsHolds({ proof, ...document }) {
  const { proofValue, ...options } = proof;
  const raw = fromBase58(proof.verificationMethod.split('#z')[1]).subarray(2);
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  const hash = Buffer.concat([sha256(jcs(options)), sha256(jcs(document))]);
  return verify(null, hash, createPublicKey({ key: der, format: 'der', type: 'spki' }), fromBase58(proofValue.slice(1)));
}

/** Somebody with a key of their own, or with another's seed: {id (multibase), sign(document, did), didDocument(did)}. */
export function forger(seed) {
  const der = seed && Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = seed ? createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }) : generateKeyPairSync('ed25519').privateKey;
  const publicKey = createPublicKey(privateKey);
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const id = `z${base58(Buffer.concat([Buffer.from([0xed, 1]), raw]))}`;
  return {
    id,
    sign({ proof: _, ...document }, did) {
      const options = {
        type: 'DataIntegrityProof', cryptosuite: 'eddsa-jcs-2022', created: '2026-07-01T17:05:10Z',
        verificationMethod: `${did}#${id}`, proofPurpose: 'assertionMethod', '@context': document['@context'],
      };
      const hash = Buffer.concat([sha256(jcs(options)), sha256(jcs(document))]);
      return { ...document, proof: { ...options, proofValue: `z${base58(sign(null, hash, privateKey))}` } };
    },
    didDocument: (did) => ({
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: did,
      verificationMethod: [{ id: `${did}#${id}`, type: 'Multikey', controller: did, publicKeyMultibase: id }],
      assertionMethod: [`${did}#${id}`],
    }),
  };
}
