/* The log's last checkpoint in memory, and what is served from the database. */
#include "learning/tlog.h"
#include "base/memory.h"
#include "base/text.h"
#include "learning/sql.h"
#include "learning/tlog_internal.h"
#include "learning/tlog_tree.h"
#include <stdlib.h>
#include <string.h>

static int read_checkpoint(struct stmt *st, struct arena *a, struct tlog_checkpoint *out,
                           struct error *e)
{
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        *out = (struct tlog_checkpoint){
            .size = db_int(st, 0), .note = arena_strdup(a, db_text(st, 1)), .at = db_int(st, 2)};
    db_done(st);
    return step;
}

void tlog_keep_latest(struct tlog *t, const struct tlog_checkpoint *latest)
{
    char *note = memory_strdup(latest->note);
    pthread_mutex_lock(&t->mutex);
    char *before = t->note;
    t->note = note;
    t->size = latest->size;
    t->at = latest->at;
    pthread_mutex_unlock(&t->mutex);
    free(before);
}

void tlog_free(struct tlog *t)
{
    if (!t)
        return;
    tlog_growth_free(t->growth);
    log_key_free(t->signer);
    free(t->note);
    pthread_mutex_destroy(&t->publishing);
    pthread_mutex_destroy(&t->mutex);
    free(t);
}

const char *tlog_problem(const struct tlog *t)
{
    return t->signer ? NULL : t->problem;
}

const struct note_key *tlog_key(const struct tlog *t)
{
    return t->key_count > 0 ? t->keys : NULL;
}

const struct note_key *tlog_keys(const struct tlog *t, size_t *count)
{
    *count = t ? (size_t)t->key_count : 0;
    return t ? t->keys : NULL;
}

bool tlog_latest(struct tlog *t, struct arena *a, struct tlog_checkpoint *out)
{
    if (!t)
        return false;
    pthread_mutex_lock(&t->mutex);
    *out = (struct tlog_checkpoint){
        .size = t->size, .note = t->note ? arena_strdup(a, t->note) : NULL, .at = t->at};
    pthread_mutex_unlock(&t->mutex);
    return out->note != NULL;
}

/* ---- serving ---- */

int tlog_checkpoint_get(struct conn *c, int64_t size, struct arena *a, struct tlog_checkpoint *out,
                        struct error *e)
{
    struct stmt *st = size ? db_query(c, &sql_log_checkpoint_read, e, "i", size)
                           : db_query(c, &sql_log_checkpoint_last, e, "");
    int step = read_checkpoint(st, a, out, e);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND,
                         size ? "No checkpoint of this size was published."
                              : "No checkpoint was published yet.");
    return step == 1 ? 0 : -1;
}

int tlog_checkpoint_after(struct conn *c, int64_t size, struct arena *a,
                          struct tlog_checkpoint *out, struct error *e)
{
    return read_checkpoint(db_query(c, &sql_log_checkpoint_next, e, "i", size), a, out, e);
}

static int not_in_the_log(struct error *e)
{
    return error_set(e, ERROR_NOT_FOUND,
                     "No certificate with this hash is covered by that checkpoint. One that was "
                     "issued just now comes with the next.");
}

const struct tlog_inclusion *tlog_inclusion_get(struct conn *c, const uint8_t sha256[HASH_BYTES],
                                                int64_t size, struct arena *a, struct error *e)
{
    struct tlog_inclusion *out = arena_alloc(a, sizeof *out);
    struct merkle_nodes nodes = tiles_as_nodes(c, a);
    struct merkle_hash leaf = merkle_leaf(sha256), stored;
    if (tlog_checkpoint_get(c, size, a, &out->checkpoint, e))
        return NULL;
    int found =
        db_query_int(c, &sql_log_leaf_find, &out->index, e, "b", sha256, (size_t)HASH_BYTES);
    if (found < 0)
        return NULL;
    if (!found || out->index < 0 || out->index >= out->checkpoint.size) {
        not_in_the_log(e);
        return NULL;
    }
    if (nodes.read(nodes.from, 0, out->index, &stored, e))
        return NULL;
    if (!merkle_equal(&leaf, &stored)) {
        error_set(e, ERROR_INTERNAL,
                  "the log's leaves are not in order; `understory audit verify` "
                  "says more");
        return NULL;
    }
    return merkle_inclusion(&nodes, out->index, out->checkpoint.size, &out->proof, e) ? NULL : out;
}

const struct tlog_consistency *tlog_consistency_get(struct conn *c, int64_t from, int64_t to,
                                                    struct arena *a, struct error *e)
{
    struct tlog_checkpoint earlier;
    struct tlog_consistency *out = arena_alloc(a, sizeof *out);
    struct merkle_nodes nodes = tiles_as_nodes(c, a);
    if (tlog_checkpoint_get(c, from, a, &earlier, e) ||
        tlog_checkpoint_get(c, to, a, &out->checkpoint, e))
        return NULL;
    if (earlier.size > out->checkpoint.size) {
        error_set(e, ERROR_NOT_FOUND, "The earlier checkpoint comes first in the address.");
        return NULL;
    }
    return merkle_consistency(&nodes, earlier.size, out->checkpoint.size, &out->proof, e) ? NULL
                                                                                          : out;
}
