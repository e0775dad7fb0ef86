/*
 * Numbered migrations, embedded at build and applied in the order of their numbers. Table
 * schema_migration holds the number of each one that was applied, so one that arrives later under a
 * lower number is applied, too. user_version is how many that are. The whole catching-up is one
 * transaction, so a half-migrated file cannot exist.
 */
#include "base/embedded.h"
#include "db/internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct embedded_file db_migrations_files[];
extern const size_t db_migrations_files_count;

static int64_t number_of(const struct embedded_file *f)
{
    return strtol(f->path, NULL, 10);
}

static int query_int(struct conn *c, const char *sql, int64_t *out, struct error *e)
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

static int note(struct conn *c, int64_t number, struct error *e)
{
    char sql[128];
    snprintf(sql, sizeof sql,
             "INSERT INTO schema_migration VALUES (%lld, strftime('%%s', 'now') * 1000000)",
             (long long)number);
    return conn_exec(c, sql, e);
}

/* Databases of the first days only counted: what they count are the first ones. */
static int make_table(struct conn *c, int64_t counted, struct error *e)
{
    if (conn_exec(c,
                  "CREATE TABLE schema_migration (number INTEGER PRIMARY KEY, "
                  "applied_at INTEGER NOT NULL) STRICT",
                  e))
        return -1;
    for (int64_t i = 0; i < counted; i++)
        if (note(c, number_of(&db_migrations_files[i]), e))
            return -1;
    return 0;
}

static int is_applied(struct conn *c, int64_t number, int64_t *out, struct error *e)
{
    char sql[96];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM schema_migration WHERE number = %lld",
             (long long)number);
    return query_int(c, sql, out, e);
}

static int apply_missing(struct conn *c, struct error *e)
{
    for (size_t i = 0; i < db_migrations_files_count; i++) {
        const struct embedded_file *f = &db_migrations_files[i];
        int64_t applied = 0;
        if (is_applied(c, number_of(f), &applied, e))
            return -1;
        if (!applied && (conn_exec(c, (const char *)f->data, e) || note(c, number_of(f), e)))
            return error_prefix(e, "migration %s", f->path);
    }
    return 0;
}

static int catch_up(struct conn *c, bool has_table, int64_t counted, struct error *e)
{
    char sql[128];
    snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%zu; COMMIT",
             APPLICATION_ID, db_migrations_files_count);
    if (conn_exec(c, "BEGIN IMMEDIATE", e))
        return -1;
    if ((has_table || make_table(c, counted, e) == 0) && apply_missing(c, e) == 0 &&
        conn_exec(c, sql, e) == 0)
        return 0;
    sqlite3_exec(c->handle, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

int db_schema_version(void)
{
    return (int)db_migrations_files_count;
}

/* How many were applied that this program knows, and how many in all. */
static int count_applied(struct conn *c, int64_t *known, int64_t *all, struct error *e)
{
    *known = 0;
    for (size_t i = 0; i < db_migrations_files_count; i++) {
        int64_t applied = 0;
        if (is_applied(c, number_of(&db_migrations_files[i]), &applied, e))
            return -1;
        *known += applied;
    }
    return query_int(c, "SELECT COUNT(*) FROM schema_migration", all, e);
}

int migrate(struct conn *c, struct error *e)
{
    int64_t application = 0, version = 0, tables = 0, has_table = 0, known = 0, all = 0;
    if (query_int(c, "PRAGMA application_id", &application, e) ||
        query_int(c, "PRAGMA user_version", &version, e) ||
        query_int(c, "SELECT COUNT(*) FROM sqlite_schema", &tables, e) ||
        query_int(c, "SELECT COUNT(*) FROM sqlite_schema WHERE name = 'schema_migration'",
                  &has_table, e))
        return -1;
    if (application != APPLICATION_ID && (application != 0 || tables != 0))
        return error_set(e, ERROR_INVALID,
                         "this file is a database of another program; name another data folder");
    if (has_table && count_applied(c, &known, &all, e))
        return -1;
    int64_t count = (int64_t)db_migrations_files_count;
    if (all > known || version > count)
        return error_set(
            e, ERROR_INVALID,
            "this database was written by a newer version (schema %lld, this program knows %lld); "
            "install the newer program",
            (long long)(version > count ? version : all), (long long)count);
    return known == count ? 0 : catch_up(c, has_table != 0, version, e);
}
