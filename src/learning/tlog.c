/* The log's key and its last checkpoint, and what is served from the database. */
#include "learning/tlog.h"
#include "base/memory.h"
#include "base/text.h"
#include "learning/sql.h"
#include "learning/tlog_internal.h"
#include "learning/tlog_tree.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

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

int tlog_keys_read(struct conn *c, struct note_key keys[TLOG_KEYS_MAX], int *count, struct error *e)
{
    *count = 0;
    struct stmt *st = db_query(c, &sql_log_keys, e, "");
    int step = 0, result = st ? 0 : -1;
    while (result == 0 && *count < TLOG_KEYS_MAX && (step = db_step(st, e)) == 1)
        result = note_vkey_read(db_text(st, 0), &keys[(*count)++], e)
                     ? error_prefix(e, "the log's key in the database")
                     : 0;
    db_done(st);
    return step < 0 ? -1 : result;
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

/* What the database knows: 1 when something was published, with the key of then. */
static int read_published(struct tlog *t, struct db *db, struct error *e)
{
    struct note_key keys[TLOG_KEYS_MAX];
    struct tlog_checkpoint latest;
    int count = 0, step = -1;
    struct arena *a = arena_create();
    struct conn *c = db_read_begin(db, e);
    if (c && tlog_keys_read(c, keys, &count, e) == 0)
        step = read_checkpoint(db_query(c, &sql_log_checkpoint_last, e, ""), a, &latest, e);
    db_read_end(db, c);
    if (step == 1)
        tlog_keep_latest(t, &latest);
    if (count > 0) {
        t->key = keys[0];
        t->has_key = true;
    }
    arena_free(a);
    return step;
}

static bool same_key(const struct note_key *a, const struct note_key *b)
{
    return strcmp(a->name, b->name) == 0 && bytes_equal(a->public_key, b->public_key, KEY_BYTES);
}

static int open_signer(struct tlog *t, const char *folder, const char *name, bool make,
                       struct error *e)
{
    bool first = make && !t->has_key;
    t->signer = log_key_open(folder, name, first, e);
    if (!t->signer)
        return e->kind == ERROR_NOT_FOUND && t->has_key
                   ? error_set(e, ERROR_NOT_FOUND,
                               "%s/%s, the log's key, is missing: put it back from the backup of "
                               "the keys",
                               folder, LOG_KEY_FILE)
                   : -1;
    if (first && strcmp(t->signer->key.name, name) != 0 &&
        log_key_rename(folder, t->signer, name, e))
        return -1;
    t->other_key = t->has_key && !same_key(&t->key, &t->signer->key);
    if (t->other_key)
        return error_set(e, ERROR_CONFLICT,
                         "%s/%s is another key than the one that the log's checkpoints here are "
                         "signed with: put the right one back from the backup of the keys",
                         folder, LOG_KEY_FILE);
    t->key = t->signer->key;
    t->has_key = true;
    return 0;
}

struct tlog *tlog_open(const char *keys_folder, struct db *db, const char *origin, bool make,
                       struct error *e)
{
    char name[NOTE_NAME_BYTES];
    struct error why = {0};
    struct tlog *t = memory_array(1, sizeof *t);
    pthread_mutex_init(&t->mutex, NULL);
    pthread_mutex_init(&t->publishing, NULL);
    const char *host = strstr(origin, "://");
    snprintf(name, sizeof name, "%s/log", host ? host + 3 : origin);
    if (read_published(t, db, e) < 0) {
        tlog_free(t);
        return NULL;
    }
    if (open_signer(t, keys_folder, name, make, &why)) {
        log_key_free(t->signer);
        t->signer = NULL;
        snprintf(t->problem, sizeof t->problem, "%s", why.message);
    }
    return t;
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
    return t->has_key ? &t->key : NULL;
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

const struct merkle_proof *tlog_consistency_get(struct conn *c, int64_t from, int64_t to,
                                                struct arena *a, struct error *e)
{
    struct tlog_checkpoint ends[2];
    struct merkle_proof *out = arena_alloc(a, sizeof *out);
    struct merkle_nodes nodes = tiles_as_nodes(c, a);
    if (tlog_checkpoint_get(c, from, a, &ends[0], e) || tlog_checkpoint_get(c, to, a, &ends[1], e))
        return NULL;
    if (ends[0].size > ends[1].size) {
        error_set(e, ERROR_NOT_FOUND, "The earlier checkpoint comes first in the address.");
        return NULL;
    }
    return merkle_consistency(&nodes, ends[0].size, ends[1].size, out, e) ? NULL : out;
}
