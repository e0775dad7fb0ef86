/*
 * Publishing, in pieces. The tree's edge and the last tile of each tier are in memory between the
 * pieces; a piece reads the next certificates' hashes on a reader, hashes them here, and writes
 * what became new in one short closure. The last piece writes the checkpoint, and with it all
 * becomes visible: nobody reads tiles beyond the last checkpoint, and beginning again writes the
 * same ones.
 */
#include "base/memory.h"
#include "learning/sql.h"
#include "learning/tlog_internal.h"
#include "learning/tlog_tree.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 256 /* leaves: two or three milliseconds of the writer */

/* Tiles that a piece can touch: the leaves' ones, and in each tier above one that ends and one that
 * begins. */
#define PIECE_TILES (PIECE / (int)TILE_HASHES + 1 + 2 * (TILE_TIERS - 1))

struct written {
    int tier;
    const struct tile *tile; /* a full one in the arena, or the last one of its tier */
};

struct growth {
    int64_t from; /* the last checkpoint's size */
    struct merkle_edge edge;
    struct tile last[TILE_TIERS];
    bool changed[TILE_TIERS];

    /* the piece at hand */
    struct arena *arena;
    uint8_t leaves[PIECE][HASH_BYTES];
    int count;
    struct written tiles[PIECE_TILES];
    int tile_count;
    const struct tlog_checkpoint *checkpoint; /* with the last piece */
    const char *vkey;
};

void tlog_growth_free(struct growth *g)
{
    if (!g)
        return;
    arena_free(g->arena);
    free(g);
}

/* ---- from the last checkpoint on ---- */

static int load_last_tiles(struct growth *g, struct conn *c, struct error *e)
{
    for (int tier = 0; tier < TILE_TIERS; tier++) {
        int64_t hashes = g->from >> (TILE_LEVELS * tier);
        size_t count = (size_t)hashes % TILE_HASHES;
        if (tile_read(c, tier, hashes / (int64_t)TILE_HASHES, &g->last[tier], e))
            return -1;
        if (g->last[tier].count < count)
            return error_set(e, ERROR_INTERNAL, "tile %d/%" PRId64 " of the log is not whole", tier,
                             g->last[tier].number);
        g->last[tier].count = count;
    }
    return 0;
}

/* The tiles must lead to what was published, or the next checkpoint would contradict it. */
static int load(struct growth *g, const struct tlog *t, struct conn *c, struct error *e)
{
    struct tlog_checkpoint last;
    struct checkpoint says;
    struct error none = {0};
    if (tlog_checkpoint_get(c, 0, g->arena, &last, &none)) {
        if (none.kind == ERROR_NOT_FOUND)
            return load_last_tiles(g, c, e);
        *e = none;
        return -1;
    }
    g->from = last.size;
    struct merkle_nodes nodes = tiles_as_nodes(c, g->arena);
    if (checkpoint_open_any(last.note, strlen(last.note), t->keys, (size_t)t->key_count, g->arena,
                            &says, e) ||
        merkle_edge_load(&nodes, g->from, &g->edge, e))
        return -1;
    struct merkle_hash root = merkle_edge_root(&g->edge);
    if (says.size != g->from || !merkle_equal(&root, &says.root))
        return error_set(e, ERROR_INTERNAL, "the log's tiles do not lead to its last checkpoint");
    return load_last_tiles(g, c, e);
}

static struct growth *begin(const struct tlog *t, struct db *db, struct error *e)
{
    struct growth *g = memory_array(1, sizeof *g);
    g->arena = arena_create();
    struct conn *c = db_read_begin(db, e);
    int result = c ? load(g, t, c, e) : -1;
    db_read_end(db, c);
    if (result == 0)
        return g;
    if (e->kind == ERROR_INTERNAL || e->kind == ERROR_FORBIDDEN)
        error_prefix(e, "nothing is published until `understory audit verify` has been looked at");
    tlog_growth_free(g);
    return NULL;
}

/* ---- one piece ---- */

static int read_leaves(struct growth *g, struct db *db, struct error *e)
{
    struct conn *c = db_read_begin(db, e);
    struct stmt *st =
        c ? db_query(c, &sql_log_leaves_after, e, "ii", g->edge.size, (int64_t)PIECE) : NULL;
    int step = 0, result = st ? 0 : -1;
    g->count = 0;
    while (result == 0 && g->count < PIECE && (step = db_step(st, e)) == 1) {
        size_t n;
        const void *sha256 = db_blob(st, 1, &n);
        int64_t expected = g->edge.size + g->count + 1;
        if (db_int(st, 0) != expected || n != HASH_BYTES)
            result = error_set(e, ERROR_INTERNAL, "certificate number %" PRId64 " is not there",
                               expected);
        else
            memcpy(g->leaves[g->count++], sha256, HASH_BYTES);
    }
    db_done(st);
    db_read_end(db, c);
    return step < 0 ? -1 : result;
}

static void completed(void *arg, int level, int64_t index, const struct merkle_hash *hash)
{
    struct growth *g = arg;
    int tier = level / TILE_LEVELS;
    if (level % TILE_LEVELS != 0)
        return;
    struct tile *tile = &g->last[tier];
    tile->number = index / (int64_t)TILE_HASHES;
    tile->hashes[tile->count++] = *hash;
    g->changed[tier] = true;
    if (tile->count < TILE_HASHES)
        return;
    g->tiles[g->tile_count++] = (struct written){tier, arena_memdup(g->arena, tile, sizeof *tile)};
    tile->count = 0;
    g->changed[tier] = false;
}

static int write_piece(struct conn *c, void *arg, struct error *e)
{
    const struct growth *g = arg;
    int64_t first = g->edge.size - g->count;
    for (int i = 0; i < g->tile_count; i++) {
        const struct tile *tile = g->tiles[i].tile;
        if (db_exec(c, &sql_log_tile_write, e, "iib", (int64_t)g->tiles[i].tier, tile->number,
                    (const void *)tile->hashes, tile->count * HASH_BYTES) < 0)
            return -1;
    }
    for (int i = 0; i < g->count; i++)
        if (db_exec(c, &sql_log_leaf_write, e, "bi", (const void *)g->leaves[i], (size_t)HASH_BYTES,
                    first + i) < 0)
            return -1;
    const struct tlog_checkpoint *p = g->checkpoint;
    if (!p)
        return 0;
    return db_exec(c, &sql_log_key_note, e, "ti", g->vkey, p->size) < 0 ||
                   db_exec(c, &sql_log_checkpoint_write, e, "iti", p->size, p->note, p->at) < 0
               ? -1
               : 0;
}

/* 1 more is to come, 0 done, -1. */
static int publish(struct tlog *t, struct growth *g, struct db *db, instant at, struct error *e)
{
    arena_reset(g->arena);
    g->tile_count = 0;
    if (read_leaves(g, db, e))
        return -1;
    bool last = g->count < PIECE;
    if (last && g->edge.size + g->count == g->from)
        return 0;
    for (int i = 0; i < g->count; i++) {
        struct merkle_hash leaf = merkle_leaf(g->leaves[i]);
        merkle_edge_append(&g->edge, &leaf, completed, g);
    }
    for (int tier = 0; tier < TILE_TIERS; tier++) {
        if (g->changed[tier])
            g->tiles[g->tile_count++] = (struct written){tier, &g->last[tier]};
        g->changed[tier] = false;
    }
    struct merkle_hash root = merkle_edge_root(&g->edge);
    struct tlog_checkpoint made = {.size = g->edge.size, .at = at};
    if (last)
        made.note = checkpoint_sign(g->arena, tlog_key(t), t->signer->secret, made.size, &root);
    g->vkey = note_vkey(g->arena, tlog_key(t));
    g->checkpoint = last ? &made : NULL;
    int result = db_write(db, write_piece, g, e);
    g->checkpoint = NULL;
    if (result)
        return -1;
    if (last)
        tlog_keep_latest(t, &made);
    return !last;
}

int tlog_publish_piece(struct tlog *t, struct db *db, instant at, struct error *e)
{
    if (!t->signer)
        return error_set(e, ERROR_BUSY, "%s", t->problem);
    pthread_mutex_lock(&t->publishing);
    if (!t->growth)
        t->growth = begin(t, db, e);
    int result = t->growth ? publish(t, t->growth, db, at, e) : -1;
    if (result <= 0) {
        tlog_growth_free(t->growth);
        t->growth = NULL;
    }
    pthread_mutex_unlock(&t->publishing);
    return result;
}
