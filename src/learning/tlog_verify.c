/*
 * One walk over the certificates in order. The tree is built anew from their hashes; every node
 * that is stored is compared as it becomes complete, every checkpoint when the walk comes to its
 * size.
 *
 * When a stored hash differs, the row at fault is known only at the next checkpoint: if that holds,
 * the certificates are what was signed and the stored hash was altered; if not, it is the
 * certificate. So the first difference is kept until then.
 */
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "learning/sql.h"
#include "learning/tlog_internal.h"
#include "learning/tlog_tree.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct difference {
    bool any, in_index; /* in_index: the tile agrees, but the leaf is listed at another place */
    int tier;
    int64_t number, place; /* of the tile; of the leaf in the tree, from 0 */
    char uuid[40];
    int64_t listed_at; /* where the log lists this certificate's hash; -1: nowhere */
};

struct walk {
    struct conn *c;
    struct arena *arena; /* of one checkpoint */
    struct note_key keys[TLOG_KEYS_MAX];
    int key_count;
    int64_t published; /* the last checkpoint's size */
    struct merkle_edge edge;
    struct tile stored[TILE_TIERS];
    struct difference first;
    struct checkpoint next, kept; /* the next published one; the one that somebody kept */
    int64_t next_size, kept_size; /* INT64_MAX: there is none (any more) */
    int64_t good;                 /* the size of the last checkpoint that held */
    int64_t checkpoints;
    const char *uuid; /* of the certificate at hand */
    char *carried;    /* the checkpoint that certificates before it carried, which is good */
    bool failed;      /* e says why */
    struct error *e;
};

/* ---- checkpoints ---- */

static int open_note(struct walk *w, const char *note, struct checkpoint *out, struct error *e)
{
    struct error why = {0};
    size_t n = strlen(note);
    if (checkpoint_read(note, n, w->arena, out, e))
        return -1;
    if (checkpoint_open_any(note, n, w->keys, (size_t)w->key_count, w->arena, out, &why) == 0)
        return 0;
    return error_set(e, ERROR_FORBIDDEN, "it is not signed with the log's key");
}

static int next_checkpoint(struct walk *w, struct error *e)
{
    struct error why = {0};
    int64_t after = w->next_size;
    struct stmt *st = db_query(w->c, &sql_log_checkpoint_next, e, "i", after);
    int step = st ? db_step(st, e) : -1, result = step < 0 ? -1 : 0;
    w->next_size = INT64_MAX;
    arena_reset(w->arena);
    if (step == 1) {
        w->next_size = db_int(st, 0);
        w->checkpoints++;
        if (open_note(w, db_text(st, 1), &w->next, &why))
            result = error_set(e, ERROR_IO, "checkpoint %" PRId64 " of the log was altered: %s",
                               w->next_size, why.message);
        else if (w->next.size != w->next_size)
            result = error_set(e, ERROR_IO,
                               "checkpoint %" PRId64 " of the log was altered: it is signed for "
                               "size %" PRId64,
                               w->next_size, w->next.size);
    }
    db_done(st);
    return result;
}

static int blame_certificate(const struct difference *d, struct error *e)
{
    if (d->tier > 0) /* the tiles below agree with it: they were rewritten, too */
        return error_set(e, ERROR_IO,
                         "tile %d/%" PRId64 " of the log and the certificates up to %s at place "
                         "%" PRId64 " are not of one log: one of them was altered",
                         d->tier, d->number, d->uuid, d->place + 1);
    if (d->listed_at >= 0)
        return error_set(e, ERROR_IO,
                         "certificate %s stands at place %" PRId64 ", and the log has it at "
                         "place %" PRId64 ": rows were reordered, taken out or put in",
                         d->uuid, d->place + 1, d->listed_at + 1);
    return error_set(e, ERROR_IO,
                     "certificate %s at place %" PRId64
                     " is not the one that the log has there: it "
                     "was altered, or put in another's place",
                     d->uuid, d->place + 1);
}

static int blame_log(const struct difference *d, struct error *e)
{
    if (d->in_index)
        return error_set(e, ERROR_IO,
                         "row %" PRId64 " of the log's list of leaves was altered; certificate %s "
                         "is as it was signed for",
                         d->place, d->uuid);
    return error_set(e, ERROR_IO,
                     "tile %d/%" PRId64 " of the log was altered; the certificates are as they "
                     "were signed for",
                     d->tier, d->number);
}

static int compare_checkpoint(struct walk *w, struct error *e)
{
    struct merkle_hash root = merkle_edge_root(&w->edge);
    bool holds = merkle_equal(&root, &w->next.root);
    if (w->first.any)
        return holds ? blame_log(&w->first, e) : blame_certificate(&w->first, e);
    if (!holds)
        return error_set(e, ERROR_IO,
                         "checkpoint %" PRId64 " was signed for other certificates than those at "
                         "places %" PRId64 " to %" PRId64 ": one of them was altered, and so was "
                         "what the log stores of it",
                         w->next_size, w->good + 1, w->next_size);
    w->good = w->next_size;
    return 0;
}

static int compare_kept(const struct walk *w, struct error *e)
{
    struct merkle_hash root = merkle_edge_root(&w->edge);
    if (merkle_equal(&root, &w->kept.root))
        return 0;
    return error_set(e, ERROR_IO,
                     "the checkpoint that was kept contradicts the log of today: among the first "
                     "%" PRId64
                     " certificates, at least one was altered, taken out or put in after "
                     "it was signed",
                     w->kept_size);
}

/* All that is due at the present size. */
static int compare_at(struct walk *w, struct error *e)
{
    while (w->edge.size == w->next_size)
        if (compare_checkpoint(w, e) || next_checkpoint(w, e))
            return -1;
    return w->edge.size == w->kept_size ? compare_kept(w, e) : 0;
}

/* ---- leaves ---- */

static void note_difference(struct walk *w, int tier, int64_t place)
{
    if (w->first.any)
        return;
    w->first.any = true;
    w->first.tier = tier;
    w->first.number = w->stored[tier].number;
    w->first.place = place;
    w->first.listed_at = -1;
    snprintf(w->first.uuid, sizeof w->first.uuid, "%s", w->uuid);
}

static void completed(void *arg, int level, int64_t index, const struct merkle_hash *hash)
{
    struct walk *w = arg;
    int tier = level / TILE_LEVELS;
    if (level % TILE_LEVELS != 0 || (index + 1) << level > w->published || w->failed)
        return;
    struct tile *tile = &w->stored[tier];
    int64_t number = index / (int64_t)TILE_HASHES;
    size_t at = (size_t)index % TILE_HASHES;
    if (tile->number != number && tile_read(w->c, tier, number, tile, w->e)) {
        w->failed = true;
        return;
    }
    if (at >= tile->count || !merkle_equal(hash, &tile->hashes[at]))
        note_difference(w, tier, w->edge.size);
}

/* Where the log lists the leaf must be where it stands. */
static int compare_listed(struct walk *w, const void *sha256, struct error *e)
{
    int64_t place = w->edge.size - 1, listed = -1;
    if (place >= w->published)
        return 0;
    int found = db_query_int(w->c, &sql_log_leaf_find, &listed, e, "b", sha256, (size_t)HASH_BYTES);
    if (found < 0)
        return -1;
    if (w->first.any && w->first.place == place && w->first.tier == 0)
        w->first.listed_at = found ? listed : -1;
    else if (!w->first.any && (!found || listed != place)) {
        note_difference(w, 0, place);
        w->first.in_index = true;
    }
    return 0;
}

/*
 * The checkpoint inside a certificate must be one that was published, and before it. (Most carry
 * the same as the one before.)
 */
static int compare_carried(struct walk *w, const char *bytes, struct error *e)
{
    if (!strstr(bytes, "\"tlog-checkpoint\""))
        return 0;
    struct error none = {0};
    struct arena *a = arena_create();
    struct checkpoint says;
    struct tlog_checkpoint published = {0};
    cJSON *file = json_parse(bytes, strlen(bytes), e);
    const char *note =
        json_string_or(cJSON_GetArrayItem(json_get(file, "evidence"), 0), "narrative", "");
    int result = file ? 0 : -1;
    if (result == 0 && !text_equal(note, w->carried)) {
        if (checkpoint_read(note, strlen(note), a, &says, &none) || says.size < 1 ||
            tlog_checkpoint_get(w->c, says.size, a, &published, &none) ||
            strcmp(published.note, note) != 0)
            result = error_set(e, ERROR_IO,
                               "certificate %s carries a checkpoint of the log that was never "
                               "published",
                               w->uuid);
        else if (says.size > w->edge.size)
            result = error_set(e, ERROR_IO,
                               "certificate %s at place %" PRId64 " carries checkpoint %" PRId64
                               ", which was published after it",
                               w->uuid, w->edge.size + 1, says.size);
        free(w->carried);
        w->carried = memory_strdup(note);
    }
    cJSON_Delete(file);
    arena_free(a);
    return result;
}

static int take_leaf(struct walk *w, struct stmt *st, struct error *e)
{
    size_t n;
    const void *sha256 = db_blob(st, 2, &n);
    int64_t id = db_int(st, 0), expected = w->edge.size + 1;
    w->uuid = db_text(st, 1);
    if (id != expected)
        return error_set(e, ERROR_IO, "certificate number %" PRId64 " is missing: it was removed",
                         expected);
    if (n != HASH_BYTES)
        return error_set(e, ERROR_IO, "certificate %s: its hash was altered", w->uuid);
    if (compare_carried(w, db_text(st, 3), e))
        return -1;
    struct merkle_hash leaf = merkle_leaf(sha256);
    merkle_edge_append(&w->edge, &leaf, completed, w);
    return w->failed || compare_listed(w, sha256, e) || compare_at(w, e) ? -1 : 0;
}

static int walk(struct walk *w, struct error *e)
{
    w->e = e;
    struct stmt *st = db_query(w->c, &sql_log_leaves_all, e, "");
    int step = 0, result = st ? 0 : -1;
    while (result == 0 && (step = db_step(st, e)) == 1)
        result = take_leaf(w, st, e);
    db_done(st);
    if (result || step < 0)
        return -1;
    if (w->edge.size < w->published)
        return error_set(e, ERROR_IO,
                         "the log has %" PRId64 " certificates, and only %" PRId64 " are here: "
                         "number %" PRId64 " was removed",
                         w->published, w->edge.size, w->edge.size + 1);
    if (w->kept_size != INT64_MAX && w->kept_size > w->edge.size)
        return error_set(e, ERROR_IO,
                         "the checkpoint that was kept covers %" PRId64 " certificates, and only "
                         "%" PRId64 " are here: some were removed, or this is an older copy",
                         w->kept_size, w->edge.size);
    return 0;
}

/* ---- what there is to prove ---- */

static int read_keys(struct walk *w, const struct tlog *t, struct error *e)
{
    if (tlog_keys_read(w->c, w->keys, &w->key_count, e))
        return error_prefix(e, "the log");
    if (w->key_count == 0 && tlog_key(t)) /* nothing was published yet */
        w->keys[w->key_count++] = *tlog_key(t);
    /* The key file is not in the database, so whoever altered that could not alter this. */
    if (t->other_key)
        return error_set(e, ERROR_IO, "%s", t->problem);
    return 0;
}

static int read_kept(struct walk *w, const char *kept, struct error *e)
{
    struct error why = {0};
    w->kept_size = INT64_MAX;
    if (!kept)
        return 0;
    if (open_note(w, kept, &w->kept, &why))
        return error_set(e, ERROR_INVALID, "the checkpoint that was kept: %s", why.message);
    if (w->kept.size < 1)
        return error_set(e, ERROR_INVALID, "the checkpoint that was kept covers no certificate");
    w->kept_size = w->kept.size;
    return 0;
}

static int prove(struct walk *w, const struct tlog *t, const char *kept, struct error *e)
{
    struct error none = {0};
    struct tlog_checkpoint last = {0};
    if (tlog_checkpoint_get(w->c, 0, w->arena, &last, &none) && none.kind != ERROR_NOT_FOUND) {
        *e = none;
        return -1;
    }
    w->published = last.size;
    for (int tier = 0; tier < TILE_TIERS; tier++)
        w->stored[tier].number = -1;
    return read_keys(w, t, e) || read_kept(w, kept, e) || next_checkpoint(w, e) || walk(w, e) ? -1
                                                                                              : 0;
}

int tlog_verify(struct conn *c, const struct tlog *t, const char *kept, struct tlog_proof *out,
                struct error *e)
{
    struct walk *w = memory_array(1, sizeof *w);
    w->c = c;
    w->arena = arena_create();
    int result = prove(w, t, kept, e);
    *out = (struct tlog_proof){.size = w->published, .checkpoints = w->checkpoints};
    arena_free(w->arena);
    free(w->carried);
    free(w);
    return result;
}
