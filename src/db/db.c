/* One database file: opening, the pool of readers, whole-file work. */
#include "db/internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define READER_WAIT_SECONDS 2
#define STEPS_BETWEEN_LOOKS 1000 /* of the engine: a millisecond or less */

struct db {
    char *path;
    struct conn *write_conn;
    struct writer *writer;
    pthread_mutex_t mutex;
    pthread_cond_t freed;
    struct conn *idle;
};

struct db *db_open(const struct db_options *options, struct error *e)
{
    struct db *db = calloc(1, sizeof *db);
    if (!db) {
        error_set(e, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    /* Nobody asks SQLite what memory it holds, and counting it takes one lock for all connections
     * at each piece. Refused, and without harm, when SQLite has begun already. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&db->mutex, NULL);
    pthread_cond_init(&db->freed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    db->path = strdup(options->path);
    db->write_conn = conn_open(options->path, true, e);
    if (!db->write_conn)
        goto err0;
    if (migrate(db->write_conn, e)) {
        error_prefix(e, "%s", options->path);
        goto err0;
    }
    for (int i = 0; i < options->readers; i++) {
        struct conn *c = conn_open(options->path, false, e);
        if (!c)
            goto err0;
        c->next = db->idle;
        db->idle = c;
    }
    db->writer = writer_start(db->write_conn, e);
    if (!db->writer)
        goto err0;
    return db;
err0:
    db_close(db);
    return NULL;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    writer_stop(db->writer);
    while (db->idle) {
        struct conn *next = db->idle->next;
        conn_close(db->idle);
        db->idle = next;
    }
    conn_close(db->write_conn); /* the last connection checkpoints and removes the WAL */
    pthread_mutex_destroy(&db->mutex);
    pthread_cond_destroy(&db->freed);
    free(db->path);
    free(db);
}

static struct conn *borrow(struct db *db)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += READER_WAIT_SECONDS;
    pthread_mutex_lock(&db->mutex);
    int wait = 0;
    while (!db->idle && wait != ETIMEDOUT)
        wait = pthread_cond_timedwait(&db->freed, &db->mutex, &until);
    struct conn *c = db->idle;
    if (c)
        db->idle = c->next;
    pthread_mutex_unlock(&db->mutex);
    return c;
}

static void give_back(struct db *db, struct conn *c)
{
    pthread_mutex_lock(&db->mutex);
    c->next = db->idle;
    db->idle = c;
    pthread_cond_signal(&db->freed);
    pthread_mutex_unlock(&db->mutex);
}

static const struct sql sql_begin = {"begin", "db.c", "BEGIN", NULL};
static const struct sql sql_end = {"end", "db.c", "ROLLBACK", NULL};

struct conn *db_read_begin(struct db *db, struct error *e)
{
    struct conn *c = borrow(db);
    if (!c) {
        error_set(e, ERROR_BUSY,
                  "Many people are here at once. Please try again in a few seconds.");
        return NULL;
    }
    if (db_exec(c, &sql_begin, e, "") < 0) {
        give_back(db, c);
        return NULL;
    }
    return c;
}

static int is_to_stop(void *stop)
{
    return atomic_load((atomic_bool *)stop);
}

void db_read_unless(struct conn *c, atomic_bool *stop)
{
    sqlite3_progress_handler(c->handle, STEPS_BETWEEN_LOOKS, is_to_stop, stop);
}

void db_read_end(struct db *db, struct conn *c)
{
    if (!c)
        return;
    struct error ignored = {0};
    sqlite3_progress_handler(c->handle, 0, NULL, NULL);
    db_exec(c, &sql_end, &ignored, "");
    give_back(db, c);
}

int db_write(struct db *db, db_write_fn fn, void *arg, struct error *e)
{
    return writer_run(db->writer, fn, arg, e);
}

void db_write_later(struct db *db, db_write_fn fn, const void *arg, size_t size)
{
    writer_later(db->writer, fn, arg, size);
}

void db_forget(struct db *db)
{
    writer_forget(db->writer);
}

bool db_failed(const struct db *db)
{
    return writer_failed(db->writer);
}

/* VACUUM INTO from a reader of its own: one snapshot, compact, and the pool stays free. */
int db_backup(struct db *db, const char *path, struct error *e)
{
    if (access(path, F_OK) == 0)
        return error_set(e, ERROR_CONFLICT, "%s exists; name a new file", path);
    struct conn *c = conn_open(db->path, false, e);
    if (!c)
        return -1;
    sqlite3_exec(c->handle, "PRAGMA query_only=OFF", NULL, NULL, NULL);
    char *sql = sqlite3_mprintf("VACUUM INTO %Q", path);
    int code = sqlite3_exec(c->handle, sql, NULL, NULL, NULL);
    int result = code == SQLITE_OK ? 0 : conn_error(c, code, path, e);
    sqlite3_free(sql);
    conn_close(c);
    return result;
}

static int check_rows(struct conn *c, const char *sql, const char *good, struct error *e)
{
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(c->handle, sql, -1, &st, NULL);
    int result = code == SQLITE_OK ? 0 : conn_error(c, code, sql, e);
    while (result == 0 && sqlite3_step(st) == SQLITE_ROW) {
        const char *text = (const char *)sqlite3_column_text(st, 0);
        if (!text || !good || strcmp(text, good) != 0)
            result = error_set(e, ERROR_IO, "%s: %s", sql, text ? text : "a row has no name");
    }
    sqlite3_finalize(st);
    return result;
}

int db_check(struct db *db, struct error *e)
{
    struct conn *c = conn_open(db->path, false, e);
    if (!c)
        return -1;
    int result = check_rows(c, "PRAGMA integrity_check", "ok", e);
    if (result == 0)
        result = check_rows(c, "PRAGMA foreign_key_check", NULL, e);
    conn_close(c);
    return result;
}
