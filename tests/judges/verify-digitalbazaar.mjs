// Is this certificate good, by @digitalbazaar's verifier? Arguments: see offline.mjs.
// Without a status list its status is not judged.
import {pathToFileURL} from 'node:url';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {judgeWith, program} from './offline.mjs';

export const judge = judgeWith({vc, DataIntegrityProof, cryptosuite});

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await program(judge, process.argv.slice(2));
}
