/* How a row of a hash chain becomes its hash, and where a chain ends; between this room's files
 * only. */
#ifndef LEARNING_CHAIN_H
#define LEARNING_CHAIN_H
#include "base/buf.h"
#include "base/hash.h"
#include "db/db.h"

/* Each field is written as decimal length, ':', bytes, so no two rows have the same text. */
void chain_text(struct buf *b, const char *s);
void chain_int(struct buf *b, int64_t value);
/* BLAKE2b-256 of what was written since buf_clear, the previous row's hash first. */
void chain_start(struct buf *b, const uint8_t previous[HASH_BYTES]);
void chain_hash(const struct buf *b, uint8_t out[HASH_BYTES]);

/* A chain's last row, which `sql` reads: its number (rows are numbered from 1 without gaps) and its
 * hash; zeros before the first. */
int chain_head(struct conn *c, const struct sql *sql, int64_t *seq, uint8_t hash[HASH_BYTES],
               struct error *e);

#endif
