/*
 * One proof (Data Integrity EdDSA Cryptosuites v1.0): SHA-256 of the canonical proof options, then
 * SHA-256 of the canonical document, signed together with Ed25519. Canonical are, for
 * eddsa-rdfc-2022 (§3.2), the statements that the JSON makes (quads.h); for eddsa-jcs-2022 (§3.3),
 * the JSON itself by RFC 8785, the options with the document's @context in them.
 */
#ifndef CREDENTIAL_PROOF_H
#define CREDENTIAL_PROOF_H
#include "base/arena.h"
#include "base/error.h"
#include "credential/did.h"
#include "credential/terms.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

#define PROOF_HASH_BYTES      64
#define PROOF_SIGNATURE_BYTES 64

/* The 64 bytes that are signed, from a document of kind `root` with its proof object in place
 * (proofValue is left out), by the cryptosuite that the proof names. -1 when either cannot be
 * written canonically. */
int proof_hash(const cJSON *document, enum node root, struct arena *a,
               uint8_t out[PROOF_HASH_BYTES], struct error *e);

/* Adds the proof to `document`. `secret` is libsodium's 64 bytes; `created` RFC 3339. */
int proof_add(cJSON *document, enum node root, const char *did, const char *key,
              const uint8_t *secret, const char *created, struct arena *a, struct error *e);

/* The same with eddsa-jcs-2022, for a document that has a @context. */
int proof_add_jcs(cJSON *document, const char *did, const char *key, const uint8_t *secret,
                  const char *created, struct arena *a, struct error *e);

/* The multibase key that a document of good shape says it was signed with; in the document. */
const char *proof_key(const cJSON *document);

/* Is the document's proofValue `key`'s signature over it? */
bool proof_holds(const cJSON *document, enum node root, const uint8_t key[KEY_BYTES],
                 struct arena *a);

#endif
