/*
 * The transparency log of certificates. A leaf is the SHA-256 of a certificate's stored bytes; leaf
 * number N is the certificate with id N+1. Issuing writes nothing here. From time to time the clock
 * thread publishes a checkpoint: it adds the new leaves to the tree, kept as tiles of 256 hashes,
 * signs size and root, and from then on that checkpoint is served for ever and stands in every
 * certificate that is issued after it. So a certificate can be neither slipped in, taken out nor
 * dated back without contradicting what somebody already holds.
 *
 * The log has one key of its own (credential/log_key.h); what it is called and who may check it is
 * said by the vkey. Leaves are hashes: the log names nobody.
 */
#ifndef LEARNING_TLOG_H
#define LEARNING_TLOG_H
#include "base/arena.h"
#include "base/instant.h"
#include "credential/note.h"
#include "db/db.h"

struct tlog; /* the process's one; any thread may use it */

/* Reads the key and the last checkpoint. `origin` as in the settings: the log of
 * https://train.example.edu is train.example.edu/log, unless checkpoints were already published
 * under another name. With `make`, a log that has published nothing gets a key. A log without its
 * key still serves what it has; NULL with e only when the database cannot be read. */
struct tlog *tlog_open(const char *keys_folder, struct db *db, const char *origin, bool make,
                       struct error *e);
void tlog_free(struct tlog *t); /* NULL is fine */

/* Why it cannot publish, as a line for the operator; NULL when it can. */
const char *tlog_problem(const struct tlog *t);
/* What checks its checkpoints; NULL when there never was a key. */
const struct note_key *tlog_key(const struct tlog *t);
/* The same and every earlier one, the present first; what they signed stays good. None for NULL. */
const struct note_key *tlog_keys(const struct tlog *t, size_t *count);

/* 0 when something was published and the key was missing at the start; else ERROR_CONFLICT. */
int tlog_key_lost(const struct tlog *t, struct error *e);
/* A new key in the place of one that is lost for good: it signs from the next start on, under the
 * same name. What the old one signed stays good. */
int tlog_begin_anew(struct tlog *t, const char *keys_folder, struct db *db, instant at,
                    struct error *e);

struct tlog_checkpoint {
    int64_t size;
    const char *note; /* the signed note, exactly as published */
    instant at;       /* when */
};

/* The last published one, from memory. False when there is none yet, and for t NULL. */
bool tlog_latest(struct tlog *t, struct arena *a, struct tlog_checkpoint *out);

/*
 * One piece of publishing what was issued since: up to a few hundred leaves, whose reading and
 * hashing hold neither the writer nor, for long, a reader. 1 when there is more to do, 0 when the
 * last checkpoint covers every certificate, -1 with e (the next call begins again from the last
 * checkpoint, which changes nothing that stands). ERROR_BUSY with tlog_problem when there is no
 * key.
 */
int tlog_publish_piece(struct tlog *t, struct db *db, instant at, struct error *e);

/* ---- serving ---- */

/* By size, or the last one for 0. ERROR_NOT_FOUND. */
int tlog_checkpoint_get(struct conn *c, int64_t size, struct arena *a, struct tlog_checkpoint *out,
                        struct error *e);
/* The first one that is larger than `size`. 1, 0 when there is none, -1. */
int tlog_checkpoint_after(struct conn *c, int64_t size, struct arena *a,
                          struct tlog_checkpoint *out, struct error *e);

struct tlog_inclusion {
    int64_t index;
    struct merkle_proof proof;
    struct tlog_checkpoint checkpoint;
};
/* That a file with this SHA-256 stands under the checkpoint of `size` (0: the last one). NULL with
 * e, ERROR_NOT_FOUND when it does not, or not yet. In the arena. */
const struct tlog_inclusion *tlog_inclusion_get(struct conn *c, const uint8_t sha256[HASH_BYTES],
                                                int64_t size, struct arena *a, struct error *e);
struct tlog_consistency {
    struct merkle_proof proof;
    struct tlog_checkpoint checkpoint; /* the later one */
};
/* From one published checkpoint to a later one. NULL with e, ERROR_NOT_FOUND when one of them was
 * not published. In the arena. */
const struct tlog_consistency *tlog_consistency_get(struct conn *c, int64_t from, int64_t to,
                                                    struct arena *a, struct error *e);

/* ---- proving ---- */

struct tlog_proof {
    int64_t size, checkpoints; /* of the last checkpoint; how many there are */
};

/* Rebuilds the tree from the stored certificates and compares every tile, every published
 * checkpoint and its signature, and `kept` (may be NULL), a checkpoint that somebody has kept. 0,
 * or -1 with a message that names the first row that does not hold. Takes the memory of a few
 * tiles. */
int tlog_verify(struct conn *c, const struct tlog *t, const char *kept, struct tlog_proof *out,
                struct error *e);

#endif
