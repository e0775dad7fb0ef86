/*
 * Private writing (reflections, commitments): sealed with a key that stands outside the database,
 * DATA/keys/private.key (0600 in a 0700 folder; looser ones are refused).
 *
 * It protects from: somebody who has the database, its write-ahead log or a backup, but not the
 * keys, who reads nothing but how long each text is and when it was saved; and somebody who may
 * change the database, who cannot put one person's text, or another text of the same person, in
 * another's place, because each is sealed together with its purpose, its owner and its row. It does
 * not protect from who has both the database and the keys: root on the running server can read
 * everything, and so can who makes the server run another program. Old sealed bytes put back into
 * their own row are not noticed either.
 *
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03, libsodium) with a random nonce and a subkey of
 * the file's key (BLAKE2b, crypto_kdf):
 *
 *     version 1 · key id 8 · nonce 24 · ciphertext and tag      associated data:
 *     version, key id, purpose, owner's uuid, row's uuid
 *
 * Table private_key holds the ids of keys that sealed something, so that a missing key, or another
 * one in its place, is noticed instead of replaced. The newest of them seals. When it is lost for
 * good an operator begins anew: what it sealed is kept, steps aside for what is written from then
 * on, and opens again should the file be found and put beside the new one as private-NAME.key.
 */
#ifndef LEARNING_SECRET_H
#define LEARNING_SECRET_H
#include "base/arena.h"
#include "learning/learning.h"

#define SECRET_FILE  "private.key" /* in the folder of keys */
#define SECRET_OLDER "private-"    /* and what keys of before begin with */

struct secret;

/*
 * Opens the key. When there is no file: makes one if `make` and nothing here was ever sealed.
 * NULL with e: missing though something is sealed, another key than the one that sealed last, or
 * not readable safely (nor one of before); NULL without a message when there is none, none is
 * needed yet and `make` is false.
 */
struct secret *secret_open(const char *keys_folder, struct db *db, bool make, struct error *e);
void secret_free(struct secret *s); /* wipes; NULL is fine */

/* 1 when people began anew here, with the time since when new texts are sealed; 0, -1. */
int secret_began_anew(struct conn *c, instant *at, struct error *e);

struct secret_loss {
    bool is_missing;       /* its file is not there, and something was sealed with it */
    int64_t texts, people; /* then: what stays closed, and whose */
};
/* -1 with e also when the file is there but is another key, or cannot be read safely. */
int secret_lost(const char *keys_folder, struct db *db, struct secret_loss *out, struct error *e);
/*
 * Makes a new key in the place of a missing one, sets aside what the old one sealed, and writes it
 * to the audit. It seals from the next secret_open on. ERROR_CONFLICT when none is missing.
 */
int secret_begin_anew(const char *keys_folder, struct db *db, instant at, struct error *e);

/* Where a text stands. Uuids of a person and of the row that will hold it. */
struct secret_place {
    const char *purpose; /* "reflection": one word for each kind of text */
    const char *owner, *row;
};

/* Inside a closure: seals a text into the arena. ERROR_BUSY when there is no key now. */
int secret_seal(struct conn *c, const struct learning *l, const struct secret_place *place,
                const char *text, instant at, struct arena *a, const void **sealed, size_t *n,
                struct error *e);

/*
 * Opens a text into the arena. ERROR_BUSY when the key that sealed it is not here, ERROR_CONFLICT
 * when it was altered or belongs elsewhere; messages may be shown and never hold any of it.
 */
int secret_read(const struct learning *l, const struct secret_place *place, const void *sealed,
                size_t n, struct arena *a, const char **text, struct error *e);

struct secret_proof {
    int64_t texts, opened; /* all, and those opened; the rest were sealed with a key not here */
};

/* Opens every text there is. -1 with e at the first that its own key does not open. */
int secret_prove(struct conn *c, const struct learning *l, struct secret_proof *out,
                 struct error *e);

#endif
