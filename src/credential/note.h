/*
 * Checkpoints of the transparency log as signed notes (C2SP signed-note, tlog-checkpoint,
 * tlog-witness and tlog-proof, version 1), with Ed25519 keys:
 *
 *   train.example.edu/log            the origin; the key's name is the same
 *   20852163                         how many leaves
 *   CsUYapGGPo4dkMgIAUqom/Xa…        the root over them, base64
 *                                    an empty line; the signature covers what stands above it
 *   — train.example.edu/log Az3gr…   base64(key id ‖ signature)
 *
 * key id = the first four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key). A reader needs the key
 * in one line, the "vkey": NAME+key id in hex+base64(0x01 ‖ public key).
 *
 * Reading is strict: UTF-8 without control characters, one way to write a number, no extension
 * lines, 1 to 16 signatures. Signatures by keys that are not known (of witnesses, say) are passed
 * over, as the specification wants; one by the known key that does not hold refuses the note.
 */
#ifndef CREDENTIAL_NOTE_H
#define CREDENTIAL_NOTE_H
#include "base/arena.h"
#include "base/error.h"
#include "credential/did.h"
#include "credential/merkle.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOTE_MAX_BYTES  16000 /* as long as a narrative may be in a certificate */
#define NOTE_NAME_BYTES 128   /* with its NUL */
#define NOTE_SECRET     64    /* bytes of a secret key, as libsodium signs with */

struct note_key {
    char name[NOTE_NAME_BYTES]; /* ASCII without spaces or '+' */
    uint8_t public_key[KEY_BYTES];
};

bool note_name_is_good(const char *name);
char *note_vkey(struct arena *a, const struct note_key *key);
/* ERROR_INVALID when it is not the vkey of an Ed25519 key. */
int note_vkey_read(const char *text, struct note_key *out, struct error *e);

struct checkpoint {
    const char *origin;
    int64_t size;
    struct merkle_hash root;
};

/* The whole note. The origin is the key's name. In the arena. */
char *checkpoint_sign(struct arena *a, const struct note_key *key,
                      const uint8_t secret[NOTE_SECRET], int64_t size,
                      const struct merkle_hash *root);

/* What a note says, whoever signed it. ERROR_INVALID when it is not a checkpoint. */
int checkpoint_read(const char *note, size_t n, struct arena *a, struct checkpoint *out,
                    struct error *e);

/* The same for a note that `key` has signed and whose origin is the key's name; ERROR_FORBIDDEN
 * when it is a checkpoint, but not one of this key's. */
int checkpoint_open(const char *note, size_t n, const struct note_key *key, struct arena *a,
                    struct checkpoint *out, struct error *e);

/* The same when any of the keys will do: a log whose key was lost goes on under another. */
int checkpoint_open_any(const char *note, size_t n, const struct note_key *keys, size_t count,
                        struct arena *a, struct checkpoint *out, struct error *e);

/* That a leaf stands in the log, with the checkpoint that covers it, as one text:
 * "c2sp.org/tlog-proof@v1", "index N", a base64 hash on each line, an empty line, the checkpoint.
 * At most LOG_PROOF_MAX_BYTES. */
#define LOG_PROOF_MAX_BYTES (NOTE_MAX_BYTES + 50 * MERKLE_PROOF_MAX)

char *log_proof_write(struct arena *a, int64_t index, const struct merkle_proof *proof,
                      const char *checkpoint);

struct log_proof {
    int64_t index;
    struct merkle_proof proof;
    const char *note; /* the checkpoint, inside the text that was read */
    size_t note_length;
};

/* ERROR_INVALID when the text is not of that form. Nothing of it is proved by that. */
int log_proof_read(const char *text, size_t n, struct arena *a, struct log_proof *out,
                   struct error *e);

/* That the tree of a later checkpoint begins with the one of `old` leaves: "old N", a base64 hash
 * on each line, an empty line, the later checkpoint. It is what C2SP tlog-witness has sent to a
 * witness, to which it can be handed as it is. At most LOG_PROOF_MAX_BYTES. */
char *log_consistency_write(struct arena *a, int64_t old, const struct merkle_proof *proof,
                            const char *checkpoint);

struct log_consistency {
    int64_t old;
    struct merkle_proof proof;
    const char *note; /* the later checkpoint, inside the text that was read */
    size_t note_length;
};

/* As log_proof_read. */
int log_consistency_read(const char *text, size_t n, struct arena *a, struct log_consistency *out,
                         struct error *e);

/* Does the proof hold for the file with this SHA-256 under a checkpoint signed by `key`? 0 and the
 * checkpoint, or -1: ERROR_INVALID, ERROR_FORBIDDEN as above. */
int log_proof_check(const char *text, size_t n, const uint8_t sha256[HASH_BYTES],
                    const struct note_key *key, struct arena *a, struct checkpoint *out,
                    struct error *e);

#endif
