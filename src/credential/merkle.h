/*
 * The Merkle tree of the transparency log: hashes of RFC 6962 §2.1, proofs and how they are checked
 * from RFC 9162 §2.1.3 and §2.1.4. Nothing here reads a database or knows what a leaf is.
 *
 * Whoever keeps the tree shows it as complete nodes: node (level, index) is the root over the
 * leaves index·2^level up to (index+1)·2^level. Every root and proof is put together from at most a
 * few dozen of those. Sizes and indexes are from 0 to MERKLE_SIZE_MAX; a proof has at most
 * MERKLE_PROOF_MAX hashes, so an array of that many on the stack always suffices.
 */
#ifndef CREDENTIAL_MERKLE_H
#define CREDENTIAL_MERKLE_H
#include "base/error.h"
#include "base/hash.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MERKLE_LEVELS    48
#define MERKLE_SIZE_MAX  (INT64_C(1) << (MERKLE_LEVELS - 1))
#define MERKLE_PROOF_MAX (2 * MERKLE_LEVELS)

struct merkle_hash {
    uint8_t bytes[HASH_BYTES];
};

/* SHA-256(0x00 ‖ data); the data of a leaf is the SHA-256 of a file's bytes. */
struct merkle_hash merkle_leaf(const uint8_t data[HASH_BYTES]);
/* SHA-256(0x01 ‖ left ‖ right) */
struct merkle_hash merkle_node(const struct merkle_hash *left, const struct merkle_hash *right);
bool merkle_equal(const struct merkle_hash *a, const struct merkle_hash *b);

/* Complete nodes. `read` answers 0, or -1 with e, which then is the caller's answer too. It is only
 * asked for nodes that are complete in the size that was named. */
struct merkle_nodes {
    int (*read)(void *from, int level, int64_t index, struct merkle_hash *out, struct error *e);
    void *from;
};

/* The root over the first `size` leaves; of none, SHA-256 of nothing. */
int merkle_root(const struct merkle_nodes *nodes, int64_t size, struct merkle_hash *out,
                struct error *e);

struct merkle_proof {
    struct merkle_hash hashes[MERKLE_PROOF_MAX];
    size_t count;
};

/* That leaf `index` stands in the tree of `size`: 0 <= index < size. */
int merkle_inclusion(const struct merkle_nodes *nodes, int64_t index, int64_t size,
                     struct merkle_proof *out, struct error *e);
/* That the tree of `from` leaves begins the tree of `to` leaves: 1 <= from <= to. */
int merkle_consistency(const struct merkle_nodes *nodes, int64_t from, int64_t to,
                       struct merkle_proof *out, struct error *e);

/* Do they hold? False for any number or count that cannot be, too. */
bool merkle_inclusion_holds(const struct merkle_hash *leaf, int64_t index, int64_t size,
                            const struct merkle_hash *proof, size_t count,
                            const struct merkle_hash *root);
bool merkle_consistency_holds(int64_t from, const struct merkle_hash *from_root, int64_t to,
                              const struct merkle_hash *to_root, const struct merkle_hash *proof,
                              size_t count);

/* A tree that only grows: what is needed of it to go on, and no more. Zeroed, it is empty. */
struct merkle_edge {
    int64_t size;
    struct merkle_hash peaks[MERKLE_LEVELS]; /* [level], where that bit of size is set */
};

/* The edge of the tree of `size`. */
int merkle_edge_load(const struct merkle_nodes *nodes, int64_t size, struct merkle_edge *out,
                     struct error *e);
/* Adds one leaf hash. `completed` (may be NULL) is told every node that became complete, the leaf
 * first. */
typedef void merkle_completed(void *arg, int level, int64_t index, const struct merkle_hash *hash);
void merkle_edge_append(struct merkle_edge *edge, const struct merkle_hash *leaf,
                        merkle_completed *completed, void *arg);
struct merkle_hash merkle_edge_root(const struct merkle_edge *edge);

#endif
