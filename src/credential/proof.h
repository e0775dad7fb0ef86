/*
 * One eddsa-rdfc-2022 proof (Data Integrity EdDSA Cryptosuites v1.0 §3.2): SHA-256 of the canonical
 * proof options, then SHA-256 of the canonical document, signed together with Ed25519.
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
 * (proofValue is left out). -1 when either cannot be written canonically. */
int proof_hash(const cJSON *document, enum node root, struct arena *a,
               uint8_t out[PROOF_HASH_BYTES], struct error *e);

/* Adds the proof to `document`. `secret` is libsodium's 64 bytes; `created` RFC 3339. */
int proof_add(cJSON *document, enum node root, const char *did, const char *key,
              const uint8_t *secret, const char *created, struct arena *a, struct error *e);

/* Is the document's proofValue `key`'s signature over it? */
bool proof_holds(const cJSON *document, enum node root, const uint8_t key[KEY_BYTES],
                 struct arena *a);

#endif
