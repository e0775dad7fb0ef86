/*
 * The folder of signing keys: one JSON file for each Ed25519 key, DATA/keys/MULTIBASE.json,
 *
 *   {"format":1,"created":"2026-07-01T17:05:09Z","publicKeyMultibase":"z6Mk…",
 *    "state":"active","secret":"BASE64URL of the 32-byte seed"}
 *
 * The folder is 0700 and each file 0600, owned by who runs the server; looser ones are refused,
 * since a key that others could read proves nothing. An active key signs; a retired key's secret
 * is destroyed and its public half stays in the did document for ever; a compromised key leaves it.
 * Of several active keys (a rotation that was cut short) the newest signs.
 *
 * Secrets live in locked, guarded memory (sodium_malloc), read-only once loaded, and are wiped.
 */
#ifndef CREDENTIAL_KEYS_H
#define CREDENTIAL_KEYS_H
#include "base/error.h"
#include "base/instant.h"
#include "credential/did.h"
#include <stddef.h>
#include <stdint.h>

enum key_state { KEY_ACTIVE, KEY_RETIRED, KEY_COMPROMISED };

struct signing_key {
    char id[64]; /* publicKeyMultibase */
    uint8_t public_key[KEY_BYTES];
    enum key_state state;
    instant created;
    uint8_t *secret; /* 64 bytes as libsodium signs with; NULL unless active */
};

struct key_ring {
    struct signing_key *keys; /* oldest first */
    size_t count;
};

/* Reads every key of the folder; makes the folder when it is missing. */
struct key_ring *key_ring_open(const char *folder, struct error *e);
void key_ring_free(struct key_ring *ring);                              /* wipes; NULL is fine */
const struct signing_key *key_ring_active(const struct key_ring *ring); /* NULL: none */

/* Makes a key and writes its file: complete and on disk, or not there. */
int key_create(const char *folder, instant now, struct error *e);

/* Retires a key or marks it compromised: its file is replaced by one without the secret. */
int key_withdraw(const char *folder, const char *id, enum key_state state, struct error *e);

#endif
