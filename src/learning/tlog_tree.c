#include "learning/tlog_tree.h"
#include "learning/sql.h"
#include <inttypes.h>
#include <string.h>

int tile_read(struct conn *c, int tier, int64_t number, struct tile *out, struct error *e)
{
    out->number = number;
    out->count = 0;
    struct stmt *st = db_query(c, &sql_log_tile_read, e, "ii", (int64_t)tier, number);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        size_t n;
        const void *bytes = db_blob(st, 0, &n);
        out->count = n / HASH_BYTES < TILE_HASHES ? n / HASH_BYTES : TILE_HASHES;
        memcpy(out->hashes, bytes, out->count * HASH_BYTES);
    }
    db_done(st);
    return step < 0 ? -1 : 0;
}

#define KEPT 4 /* a proof goes through the tiles of one tier after the other */

struct tiles {
    struct conn *c;
    struct {
        int tier;
        bool is_there;
        struct tile tile;
    } kept[KEPT];
    int next;
};

static const struct tile *find(struct tiles *t, int tier, int64_t number, struct error *e)
{
    for (int i = 0; i < KEPT; i++)
        if (t->kept[i].is_there && t->kept[i].tier == tier && t->kept[i].tile.number == number)
            return &t->kept[i].tile;
    int i = t->next++ % KEPT;
    t->kept[i].tier = tier;
    t->kept[i].is_there = tile_read(t->c, tier, number, &t->kept[i].tile, e) == 0;
    return t->kept[i].is_there ? &t->kept[i].tile : NULL;
}

static int read_node(void *from, int level, int64_t index, struct merkle_hash *out, struct error *e)
{
    int tier = level / TILE_LEVELS, above = level % TILE_LEVELS;
    int64_t first = index << above;
    size_t count = (size_t)1 << above, at = (size_t)first % TILE_HASHES;
    const struct tile *tile = find(from, tier, first / (int64_t)TILE_HASHES, e);
    if (!tile)
        return -1;
    if (tile->count < at + count)
        return error_set(e, ERROR_INTERNAL,
                         "tile %d/%" PRId64 " of the log is not whole; `understory audit verify` "
                         "says more",
                         tier, tile->number);
    struct merkle_edge edge = {0};
    for (size_t i = 0; i < count; i++)
        merkle_edge_append(&edge, &tile->hashes[at + i], NULL, NULL);
    *out = merkle_edge_root(&edge);
    return 0;
}

struct merkle_nodes tiles_as_nodes(struct conn *c, struct arena *a)
{
    struct tiles *t = arena_alloc(a, sizeof *t);
    t->c = c;
    return (struct merkle_nodes){.read = read_node, .from = t};
}
