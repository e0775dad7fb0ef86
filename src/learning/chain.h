/* How a row of a hash chain becomes its hash; between this room's files only. */
#ifndef LEARNING_CHAIN_H
#define LEARNING_CHAIN_H
#include "base/buf.h"
#include "base/hash.h"

/* Each field is written as decimal length, ':', bytes, so no two rows have the same text. */
void chain_text(struct buf *b, const char *s);
void chain_int(struct buf *b, int64_t value);
/* BLAKE2b-256 of what was written since buf_clear, the previous row's hash first. */
void chain_start(struct buf *b, const uint8_t previous[HASH_BYTES]);
void chain_hash(const struct buf *b, uint8_t out[HASH_BYTES]);

#endif
