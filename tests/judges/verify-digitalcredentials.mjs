// Is this certificate good, by @digitalcredentials's verifier? Arguments: see offline.mjs.
// Without a status list its status is not judged.
import {pathToFileURL} from 'node:url';
import {DataIntegrityProof} from '@digitalcredentials/data-integrity';
import {cryptosuite} from '@digitalcredentials/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalcredentials/vc';
import {offlineLoader, program, reason, statusChecker} from './offline.mjs';

export async function judge({credential, did, status}) {
  try {
    const documentLoader = offlineLoader({did, status});
    const verify = (document, checkStatus) => vc.verifyCredential({
      credential: document, suite: new DataIntegrityProof({cryptosuite}), documentLoader, checkStatus,
    });
    const checker = status ?
      statusChecker({verifyList: verify, status, documentLoader}) :
      async () => ({verified: true});
    const result = await verify(credential, checker);
    if (result.verified) {
      return {verified: true};
    }
    return {verified: false, error: reason(result.statusResult?.error ?? result.error ?? result)};
  } catch (error) {
    return {verified: false, error: reason(error)};
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await program(judge, process.argv.slice(2));
}
