/*
 * Numbered migrations, embedded at build. user_version holds the number of the last one; the whole
 * catching-up is one transaction, so a half-migrated file cannot exist.
 */
#include "base/embedded.h"
#include "db/internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct embedded_file db_migrations_files[];
extern const size_t db_migrations_files_count;

static int pragma_int(struct conn *c, const char *sql, int64_t *out, struct error *e)
{
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(c->handle, sql, -1, &st, NULL);
    if (code == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
        *out = sqlite3_column_int64(st, 0);
    else
        code = conn_error(c, code, sql, e);
    sqlite3_finalize(st);
    return code == SQLITE_OK ? 0 : -1;
}

static int apply(struct conn *c, int64_t from, struct error *e)
{
    if (conn_exec(c, "BEGIN IMMEDIATE", e))
        return -1;
    for (size_t i = (size_t)from; i < db_migrations_files_count; i++) {
        const struct embedded_file *f = &db_migrations_files[i];
        if (conn_exec(c, (const char *)f->data, e)) {
            error_prefix(e, "migration %s", f->path);
            goto err0;
        }
    }
    char sql[128];
    snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%zu; COMMIT",
             APPLICATION_ID, db_migrations_files_count);
    if (conn_exec(c, sql, e) == 0)
        return 0;
err0:
    sqlite3_exec(c->handle, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

int db_schema_version(void)
{
    return (int)db_migrations_files_count;
}

int migrate(struct conn *c, struct error *e)
{
    int64_t application = 0, version = 0, tables = 0;
    if (pragma_int(c, "PRAGMA application_id", &application, e) ||
        pragma_int(c, "PRAGMA user_version", &version, e) ||
        pragma_int(c, "SELECT COUNT(*) FROM sqlite_schema", &tables, e))
        return -1;
    if (application != APPLICATION_ID && (application != 0 || tables != 0))
        return error_set(e, ERROR_INVALID,
                         "this file is a database of another program; name another data folder");
    if (version > (int64_t)db_migrations_files_count)
        return error_set(
            e, ERROR_INVALID,
            "this database was written by a newer version (schema %lld, this program knows %zu); "
            "install the newer program",
            (long long)version, db_migrations_files_count);
    return version == (int64_t)db_migrations_files_count ? 0 : apply(c, version, e);
}
