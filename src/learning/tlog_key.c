/*
 * The log's keys. One signs, from DATA/keys/log.key; the public halves of all that ever signed
 * stand in the database, so that old checkpoints can be checked without any file. The newest row
 * must be the file's: another one would sign in a name that is not its own.
 */
#include "base/memory.h"
#include "learning/ledger.h"
#include "learning/sql.h"
#include "learning/tlog_internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* What the database knows. */
static int read_published(struct tlog *t, struct db *db, struct error *e)
{
    struct tlog_checkpoint latest;
    struct error none = {0};
    struct arena *a = arena_create();
    struct conn *c = db_read_begin(db, e);
    int result = c ? tlog_checkpoint_get(c, 0, a, &latest, &none) : -1;
    if (c && result == 0)
        tlog_keep_latest(t, &latest);
    else if (c && none.kind == ERROR_NOT_FOUND)
        result = 0;
    else if (c)
        *e = none;
    if (result == 0)
        result = tlog_keys_read(c, t->keys, &t->key_count, e);
    db_read_end(db, c);
    arena_free(a);
    return result;
}

static bool same_key(const struct note_key *a, const struct note_key *b)
{
    return strcmp(a->name, b->name) == 0 && bytes_equal(a->public_key, b->public_key, KEY_BYTES);
}

static int open_signer(struct tlog *t, const char *folder, const char *name, bool make,
                       struct error *e)
{
    bool first = make && t->key_count == 0;
    t->signer = log_key_open(folder, name, first, e);
    t->key_missing = !t->signer && e->kind == ERROR_NOT_FOUND && t->key_count > 0;
    if (t->key_missing)
        return error_set(e, ERROR_NOT_FOUND,
                         "%s/%s, the log's key, is missing: put it back from the backup of the "
                         "keys; if it is lost for good, see `understory log --help`",
                         folder, LOG_KEY_FILE);
    if (!t->signer || (first && strcmp(t->signer->key.name, name) != 0 &&
                       log_key_rename(folder, t->signer, name, e)))
        return -1;
    if (t->key_count == 0)
        t->keys[t->key_count++] = t->signer->key;
    t->other_key = !same_key(&t->keys[0], &t->signer->key);
    return t->other_key ? error_set(e, ERROR_CONFLICT,
                                    "%s/%s is another key than the one that the log's checkpoints "
                                    "here are signed with: put the right one back from the backup "
                                    "of the keys",
                                    folder, LOG_KEY_FILE)
                        : 0;
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
    bool known = read_published(t, db, &why) == 0;
    if (!known && why.kind != ERROR_INVALID) {
        *e = why;
        tlog_free(t);
        return NULL;
    }
    if (!known)
        t->key_count = 0;
    if (!known || open_signer(t, keys_folder, name, make, &why)) {
        log_key_free(t->signer);
        t->signer = NULL;
        snprintf(t->problem, sizeof t->problem, "%s", why.message);
    }
    return t;
}

/* ---- when the key is lost ---- */

struct renewal {
    const struct note_key *key;
    int64_t size; /* of the last checkpoint */
    instant at;
};

static int write_renewal(struct conn *c, void *arg, struct error *e)
{
    const struct renewal *r = arg;
    char detail[64];
    struct arena *a = arena_create();
    snprintf(detail, sizeof detail, "lost; size=%lld", (long long)r->size);
    int result = db_exec(c, &sql_log_key_note, e, "ti", note_vkey(a, r->key), r->size + 1) < 0 ||
                         audit_append(c, AUDIT_COMMAND_LINE, "log-key.new", "", detail, r->at, e)
                     ? -1
                     : 0;
    arena_free(a);
    return result;
}

int tlog_key_lost(const struct tlog *t, struct error *e)
{
    return t->key_missing ? 0
                          : error_set(e, ERROR_CONFLICT, "the log's key is not missing here: %s",
                                      t->signer ? "it is there" : t->problem);
}

int tlog_begin_anew(struct tlog *t, const char *keys_folder, struct db *db, instant at,
                    struct error *e)
{
    struct error why = {0};
    if (tlog_key_lost(t, e))
        return -1;
    struct log_signer *s = log_key_open(keys_folder, t->keys[0].name, false, &why);
    log_key_free(s);
    if (s || why.kind != ERROR_NOT_FOUND)
        return error_set(e, ERROR_CONFLICT,
                         "%s/%s is there again: start the server anew to take it up", keys_folder,
                         LOG_KEY_FILE);
    s = log_key_open(keys_folder, t->keys[0].name, true, e);
    if (!s)
        return -1;
    struct renewal r = {&s->key, t->size, at};
    int result = db_write(db, write_renewal, &r, e);
    log_key_free(s);
    if (result) { /* nothing was signed with it */
        char path[4096];
        if (snprintf(path, sizeof path, "%s/%s", keys_folder, LOG_KEY_FILE) < (int)sizeof path)
            unlink(path);
    }
    return result;
}
