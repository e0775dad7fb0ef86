/* Connections: how each is opened and hardened, and how SQLite's codes become our errors. */
#include "db/internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Some of what a full disk or a spent quota refuses comes as an I/O error (growing the WAL's index,
 * an fsync that allocates). It is none: the server goes on reading and waits for room. */
static bool is_out_of_room(struct conn *c, int code)
{
    if ((code & 0xff) == SQLITE_FULL)
        return true;
    int why = (code & 0xff) == SQLITE_IOERR && c->handle ? sqlite3_system_errno(c->handle) : 0;
    return why == ENOSPC || why == EDQUOT;
}

int conn_error(struct conn *c, int code, const char *what, struct error *e)
{
    int extended = c->handle ? sqlite3_extended_errcode(c->handle) : code;
    const char *text = c->handle ? sqlite3_errmsg(c->handle) : sqlite3_errstr(code);
    if (is_out_of_room(c, extended))
        return error_set(e, ERROR_FULL,
                         "The disk is full. Nothing was saved; what was saved before is safe.");
    switch (extended & 0xff) {
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
        return error_set(e, ERROR_IO, "%s: %s", what, text);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_set(e, ERROR_BUSY, "%s: %s", what, text);
    case SQLITE_INTERRUPT:
        return error_set(e, ERROR_BUSY, "The server is stopping; please try again in a moment.");
    case SQLITE_CONSTRAINT:
        return error_set(e, ERROR_CONFLICT, "%s: %s", what, text);
    default:
        return error_set(e, ERROR_INTERNAL, "%s: %s", what, text);
    }
}

bool db_is_unique_violation(const struct error *e)
{
    return e->kind == ERROR_CONFLICT && strstr(e->message, "UNIQUE constraint failed") != NULL;
}

int conn_exec(struct conn *c, const char *sql, struct error *e)
{
    int code = sqlite3_exec(c->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : conn_error(c, code, sql, e);
}

/* Readers must never write or checkpoint: two writing connections can corrupt this SQLite's WAL. */
static int harden(struct conn *c, bool writer, struct error *e)
{
    sqlite3_extended_result_codes(c->handle, 1);
    sqlite3_busy_timeout(c->handle, BUSY_TIMEOUT_MS);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_limit(c->handle, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200);
    sqlite3_limit(c->handle, SQLITE_LIMIT_ATTACHED, writer ? 0 : 1); /* VACUUM INTO needs one */
    if (conn_exec(c, "PRAGMA foreign_keys=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;", e))
        return -1;
    if (!writer)
        return conn_exec(
            c, "PRAGMA cache_size=-512; PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0;", e);
    return conn_exec(c,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8192;"
                     "PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=8000; PRAGMA "
                     "journal_size_limit=67108864;",
                     e);
}

struct conn *conn_open(const char *path, bool writer, struct error *e)
{
    struct conn *c = calloc(1, sizeof *c);
    if (!c) {
        error_set(e, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    int flags = writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    int code = sqlite3_open_v2(path, &c->handle,
                               flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
    if (code != SQLITE_OK) {
        conn_error(c, code, path, e);
        goto err0;
    }
    if (harden(c, writer, e)) {
        error_prefix(e, "%s", path);
        goto err0;
    }
    return c;
err0:
    conn_close(c);
    return NULL;
}

void conn_close(struct conn *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
        if (c->cache[i]) {
            sqlite3_finalize(c->cache[i]->handle);
            free(c->cache[i]);
        }
    }
    sqlite3_close(c->handle);
    free(c);
}
