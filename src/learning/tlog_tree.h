/* The stored tiles as the nodes of a tree. */
#ifndef LEARNING_TLOG_TREE_H
#define LEARNING_TLOG_TREE_H
#include "base/arena.h"
#include "credential/merkle.h"
#include "credential/note.h"
#include "db/db.h"

#define TILE_LEVELS 8 /* a tile holds 256 hashes, so every eighth level of the tree is stored */
#define TILE_HASHES ((size_t)1 << TILE_LEVELS)
#define TILE_TIERS  (MERKLE_LEVELS / TILE_LEVELS)

struct tile {
    int64_t number;
    size_t count; /* hashes that are there */
    struct merkle_hash hashes[TILE_HASHES];
};

/* Tile `number` of a tier; one that is not there has no hashes. */
int tile_read(struct conn *c, int tier, int64_t number, struct tile *out, struct error *e);

/* Nodes from the tiles, which are read as they are asked for, a few of them kept in the arena. A
 * node that the tiles do not hold is ERROR_INTERNAL. */
struct merkle_nodes tiles_as_nodes(struct conn *c, struct arena *a);

#endif
