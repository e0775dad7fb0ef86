/*
 * Statements: prepared once for each connection, found again by the address of their struct sql.
 * SQLite numbers $1, $2 by first appearance, so a map from our n to its number is made at prepare;
 * a statement whose parameters have gaps or other names is refused there.
 */
#include "db/internal.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static int map_parameters(struct stmt *st, struct error *e)
{
    int count = sqlite3_bind_parameter_count(st->handle);
    if (count > STATEMENT_PARAMS)
        return error_set(e, ERROR_INTERNAL, "%s: more than %d parameters", st->sql->name,
                         STATEMENT_PARAMS);
    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(st->handle, i);
        char *end = NULL;
        long n = name && name[0] == '$' ? strtol(name + 1, &end, 10) : 0;
        if (n < 1 || n > count || *end || st->at[n])
            return error_set(e, ERROR_INTERNAL, "%s: parameter %s: use $1 … $%d without gaps",
                             st->sql->name, name ? name : "?", count);
        st->at[n] = (unsigned char)i;
    }
    st->params = count;
    return 0;
}

static struct stmt *prepare(struct conn *c, const struct sql *sql, bool cached, struct error *e)
{
    struct stmt *st = calloc(1, sizeof *st);
    if (!st) {
        error_set(e, ERROR_INTERNAL, "out of memory");
        return NULL;
    }
    st->sql = sql;
    st->conn = c;
    st->cached = cached;
    const char *tail = NULL;
    int code =
        sqlite3_prepare_v3(c->handle, sql->text, -1, SQLITE_PREPARE_PERSISTENT, &st->handle, &tail);
    if (code != SQLITE_OK) {
        conn_error(c, code, sql->name, e);
        goto err0;
    }
    if (tail && strspn(tail, " \n\t;") != strlen(tail)) {
        error_set(e, ERROR_INTERNAL, "%s: more than one statement", sql->name);
        goto err0;
    }
    if (map_parameters(st, e))
        goto err0;
    return st;
err0:
    sqlite3_finalize(st->handle);
    free(st);
    return NULL;
}

static struct stmt *find(struct conn *c, const struct sql *sql, struct error *e)
{
    size_t slot = ((uintptr_t)sql >> 5) * 2654435761u;
    for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
        struct stmt **at = &c->cache[(slot + i) % STATEMENT_SLOTS];
        if (*at && (*at)->sql != sql)
            continue;
        if (*at && (*at)->busy)
            break; /* in use further up the stack: a second copy, freed by db_done */
        if (!*at)
            *at = prepare(c, sql, true, e);
        return *at;
    }
    return prepare(c, sql, false, e);
}

/* `keep`: SQLITE_STATIC when the caller's bytes outlast the statement's run, else SQLITE_TRANSIENT.
 */
static int bind(struct stmt *st, sqlite3_destructor_type keep, const char *types, va_list ap,
                struct error *e)
{
    int n = 0;
    for (const char *t = types; *t; t++) {
        if (++n > st->params)
            return error_set(e, ERROR_INTERNAL, "%s takes %d parameters", st->sql->name,
                             st->params);
        int at = st->at[n], code = SQLITE_OK;
        if (*t == 'i') {
            code = sqlite3_bind_int64(st->handle, at, va_arg(ap, int64_t));
        } else if (*t == 'd') {
            code = sqlite3_bind_double(st->handle, at, va_arg(ap, double));
        } else if (*t == 't') {
            const char *s = va_arg(ap, const char *);
            code = sqlite3_bind_text(st->handle, at, s, -1, keep);
        } else if (*t == 'b') {
            const void *p = va_arg(ap, const void *);
            size_t size = va_arg(ap, size_t);
            code = p ? sqlite3_bind_blob64(st->handle, at, p, size, keep)
                     : sqlite3_bind_null(st->handle, at);
        } else {
            code = sqlite3_bind_null(st->handle, at);
        }
        if (code != SQLITE_OK)
            return conn_error(st->conn, code, st->sql->name, e);
    }
    if (n != st->params)
        return error_set(e, ERROR_INTERNAL, "%s takes %d parameters, got %d", st->sql->name,
                         st->params, n);
    return 0;
}

static struct stmt *query(struct conn *c, const struct sql *sql, sqlite3_destructor_type keep,
                          struct error *e, const char *types, va_list ap)
{
    struct stmt *st = find(c, sql, e);
    if (!st)
        return NULL;
    st->busy = true;
    if (bind(st, keep, types, ap, e)) {
        db_done(st);
        return NULL;
    }
    return st;
}

struct stmt *db_query(struct conn *c, const struct sql *sql, struct error *e, const char *types,
                      ...)
{
    va_list ap;
    va_start(ap, types);
    struct stmt *st = query(c, sql, SQLITE_TRANSIENT, e, types, ap);
    va_end(ap);
    return st;
}

int db_step(struct stmt *st, struct error *e)
{
    int code = sqlite3_step(st->handle);
    if (code == SQLITE_ROW)
        return 1;
    if (code == SQLITE_DONE)
        return 0;
    return conn_error(st->conn, code, st->sql->name, e);
}

void db_done(struct stmt *st)
{
    if (!st)
        return;
    sqlite3_reset(st->handle);
    st->busy = false;
    if (st->cached) {
        sqlite3_clear_bindings(st->handle);
        return;
    }
    sqlite3_finalize(st->handle);
    free(st);
}

int64_t db_exec(struct conn *c, const struct sql *sql, struct error *e, const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    struct stmt *st = query(c, sql, SQLITE_STATIC, e, types, ap);
    va_end(ap);
    if (!st)
        return -1;
    int step;
    while ((step = db_step(st, e)) == 1)
        ;
    db_done(st);
    return step < 0 ? -1 : sqlite3_changes64(c->handle);
}

int db_query_int(struct conn *c, const struct sql *sql, int64_t *out, struct error *e,
                 const char *types, ...)
{
    va_list ap;
    va_start(ap, types);
    struct stmt *st = query(c, sql, SQLITE_STATIC, e, types, ap);
    va_end(ap);
    if (!st)
        return -1;
    int step = db_step(st, e);
    if (step == 1)
        *out = db_int(st, 0);
    db_done(st);
    return step;
}

bool db_null(struct stmt *st, int column)
{
    return sqlite3_column_type(st->handle, column) == SQLITE_NULL;
}

int64_t db_int(struct stmt *st, int column)
{
    return sqlite3_column_int64(st->handle, column);
}

double db_double(struct stmt *st, int column)
{
    return sqlite3_column_double(st->handle, column);
}

const char *db_text(struct stmt *st, int column)
{
    return (const char *)sqlite3_column_text(st->handle, column);
}

const void *db_blob(struct stmt *st, int column, size_t *n)
{
    const void *p = sqlite3_column_blob(st->handle, column);
    *n = (size_t)sqlite3_column_bytes(st->handle, column);
    return p;
}

uint64_t db_undone(const struct conn *c)
{
    return c->undone;
}

int64_t db_last_id(struct conn *c)
{
    return sqlite3_last_insert_rowid(c->handle);
}

int db_explain(struct conn *c, const struct sql *sql, void (*row)(void *, const char *), void *arg,
               struct error *e)
{
    struct stmt *check = prepare(c, sql, false, e); /* also proves the parameters */
    if (!check)
        return -1;
    db_done(check);
    char *text = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql->text);
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v2(c->handle, text, -1, &handle, NULL);
    sqlite3_free(text);
    if (code != SQLITE_OK)
        return conn_error(c, code, sql->name, e);
    while (sqlite3_step(handle) == SQLITE_ROW)
        row(arg, (const char *)sqlite3_column_text(handle, 3));
    sqlite3_finalize(handle);
    return 0;
}
