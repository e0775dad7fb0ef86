/*
 * did:web names and the did document (did-core 1.0, did:web method, Multikey of Controlled
 * Identifiers 1.0). A did names one host and perhaps a port: did:web:localhost%3A8080.
 */
#ifndef CREDENTIAL_DID_H
#define CREDENTIAL_DID_H
#include "base/arena.h"
#include "base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEY_BYTES 32 /* an Ed25519 public key */

/* "https://HOST[:PORT]" in lower case, without a path, to its did. NULL and e otherwise. */
char *did_from_origin(struct arena *a, const char *origin, struct error *e);

/* did:web:HOST or did:web:HOST%3APORT to "HOST:PORT"; NULL for anything else, paths included. */
char *did_host(struct arena *a, const char *did);

/* publicKeyMultibase: "z" + base58btc(0xed 0x01 ‖ key). */
char *key_multibase(struct arena *a, const uint8_t key[KEY_BYTES]);
bool key_from_multibase(struct arena *a, const char *text, uint8_t key[KEY_BYTES]);

/* For people to compare: the first 16 bytes of the key's SHA-256, as eight groups of four hex
 * digits. */
char *key_fingerprint(struct arena *a, const uint8_t key[KEY_BYTES]);

/* A did document naming `count` keys (multibase), each good for assertions. */
char *did_document_write(struct arena *a, const char *did, const char *const *keys, size_t count);

/* What a did document says about a key. */
enum did_answer {
    DID_CONFIRMED,
    DID_UNREADABLE, /* not a did document */
    DID_OTHER,      /* another issuer's */
    DID_NOT_LISTED  /* this issuer's, and the key is not among those it signs certificates with */
};

/* Is `key` (multibase) one that `did` makes assertions with, by this document? It must be listed
 * as DID#KEY under verificationMethod (Multikey, controlled by the did, neither revoked nor
 * expired) and in assertionMethod. */
enum did_answer did_document_confirms(const char *text, size_t n, const char *did, const char *key,
                                      struct arena *a);

/* The document's own did and the keys it confirms, for pinning; NULL and e when it is none. */
struct did_keys {
    const char *did, *host;
    const char **keys; /* multibase */
    size_t count;
};
struct did_keys *did_document_read(const char *text, size_t n, struct arena *a, struct error *e);
/* did_document_confirms of a document that was read before: never DID_UNREADABLE. */
enum did_answer did_keys_confirm(const struct did_keys *keys, const char *did, const char *key);

#endif
