/*
 * The folder of signing keys: one JSON file for each Ed25519 key, DATA/keys/MULTIBASE.json,
 *
 *   {"format":1,"created":"2026-07-01T17:05:09Z","publicKeyMultibase":"z6Mk…",
 *    "state":"active","since":"2026-07-01T17:05:09.000000Z","secret":"BASE64URL of the 32-byte
 * seed"}
 *
 * with "sealed" (key_seal.h: under a passphrase) or "credential" (the name of a systemd credential
 * that holds the seed's text) in the place of "secret". Files without "since" are in their state
 * since they were created. The folder is 0700 and each file 0600, owned by who runs the server;
 * looser ones are refused, since a key that others could read proves nothing.
 *
 *   waiting      published in the did document, so that verifiers get to know it; does not sign yet
 *   active       published, and signs; of several (a rotation that was cut short) the one that is
 *                active since the latest signs, and the others only wait to be retired
 *   retired      published for ever, so that what it signed stays good; its secret is destroyed.
 *                The did document never says "expires" or "revoked" of it: verifiers would refuse
 *                its old signatures
 *   compromised  not published: nothing it signed counts any more; its secret is destroyed
 *
 *   waiting → active → retired → compromised, and from any state straight to a later one
 *
 * Each change is one file, replaced whole, so whatever is cut short leaves a folder that opens. In
 * a rotation the new key becomes active before the old one is retired: at every moment one signs.
 *
 * Secrets live in locked, guarded memory (sodium_malloc), read-only once loaded, and are wiped.
 */
#ifndef CREDENTIAL_KEYS_H
#define CREDENTIAL_KEYS_H
#include "base/error.h"
#include "base/instant.h"
#include "credential/did.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum key_state { KEY_WAITING, KEY_ACTIVE, KEY_RETIRED, KEY_COMPROMISED };
enum key_form { KEY_PLAIN, KEY_SEALED, KEY_CREDENTIAL };

#define KEY_ID_TEXT   64
#define KEY_LOCK_TEXT 464

struct signing_key {
    char id[KEY_ID_TEXT]; /* publicKeyMultibase */
    uint8_t public_key[KEY_BYTES];
    enum key_state state;
    enum key_form form; /* of the secret of a waiting or active key */
    instant created;
    instant since;              /* in this state */
    uint8_t *secret;            /* 64 bytes as libsodium signs with; NULL: destroyed, or locked */
    char locked[KEY_LOCK_TEXT]; /* why a waiting or active key has no secret here; "" */
};

struct key_ring {
    struct signing_key *keys; /* oldest first */
    size_t count;
};

/* What opens secrets that do not stand in their file; NULL: nothing does. */
struct key_unlock {
    const char *passphrase_file;   /* 0600, its first line; "" or NULL: the credential
                                      KEY_PASSPHRASE, when there is one */
    const char *credentials;       /* systemd's $CREDENTIALS_DIRECTORY, or NULL */
    const struct key_ring *opened; /* sealed keys that are open here are not opened again, which
                                      takes a second each; or NULL */
};
#define KEY_PASSPHRASE "signing-passphrase"

/* The passphrase, in memory for sodium_free. NULL with ERROR_NOT_FOUND: nobody gave one; another
 * error: it cannot be read safely, or is too short. */
char *key_passphrase(const struct key_unlock *unlock, struct error *e);

/* Reads every key of the folder; makes the folder when it is missing. A secret that cannot be
 * opened is no error: that key is locked. */
struct key_ring *key_ring_open(const char *folder, const struct key_unlock *unlock,
                               struct error *e);
void key_ring_free(struct key_ring *ring); /* wipes; NULL is fine */

/* The one that signs, be it locked; NULL: none. */
const struct signing_key *key_ring_active(const struct key_ring *ring);
const struct signing_key *key_ring_find(const struct key_ring *ring, const char *id);
/* The newest waiting key; NULL: none. */
const struct signing_key *key_ring_waiting(const struct key_ring *ring);

/* What is known of keys from elsewhere, in memory only: one is withdrawn, whatever its file says;
 * one whose file is not there stays published as a retired one (its id is its public half). */
void key_ring_compromise(struct key_ring *ring, const char *id, instant since);
void key_ring_publish(struct key_ring *ring, const char *id, instant since);

const char *key_state_name(enum key_state state); /* "waiting", … as in the file */
const char *key_form_name(enum key_form form);    /* "file", "passphrase", "credential" */

/* ---- making a key ---- */

/* A new key on its way into its file. */
struct key_new {
    char id[KEY_ID_TEXT];
    enum key_form form;
    char *seed;  /* base64url, in memory for sodium_free */
    char *value; /* what the file gets: the seed's text, it sealed, or a credential's name; likewise
                  */
};

/* `with`: the passphrase or the credential's name; NULL for a plain one. */
int key_generate(enum key_form form, const char *with, struct key_new *out, struct error *e);
void key_new_free(struct key_new *key); /* wipes */
/* Writes the file: complete and on disk, or not there. */
int key_write_new(const char *folder, const char *id, enum key_form form, const char *value,
                  enum key_state state, instant at, struct error *e);
/* Both, plain or, with a passphrase, sealed. `id` may be NULL. */
int key_create(const char *folder, enum key_state state, const char *passphrase, instant at,
               char id[KEY_ID_TEXT], struct error *e);

/* ---- changing one ---- */

/* Into a later state, from `at` on; a retired or compromised key's file holds no secret.
 * ERROR_CONFLICT for a state that is past: a withdrawn key cannot come back. */
int key_change(const char *folder, const char *id, enum key_state state, instant at,
               struct error *e);

#endif
