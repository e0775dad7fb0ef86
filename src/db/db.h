/*
 * The database behind a narrow door (SQLite now; the queries stay inside the dialect it shares with
 * PostgreSQL >= 15).
 *
 * Reading: db_read_begin borrows one of a small pool of read-only connections and opens a snapshot;
 * everything read until db_read_end is of one moment.
 *
 * Writing: db_write hands a closure to the one writer thread, which runs many closures in one
 * transaction, commits it to disk (synchronous=FULL), and only then wakes the callers. So when
 * db_write returns 0 the change is on disk; when it does not, nothing of the closure is. A closure
 * touches only the connection it is given and its own argument, must be able to run again from the
 * start (its argument's results are written last or reset first), since another one's failure may
 * take back what it did, and holds the writer under 50 ms.
 *
 * Statements are constants made from .sql files at build time, named sql_NAME, with parameters $1,
 * $2, … bound by number (SQLite itself numbers by first appearance; a map made at prepare corrects
 * that). Prepared statements are cached per connection, so a statement is free to use again at once
 * after db_done.
 */
#ifndef DB_DB_H
#define DB_DB_H
#include "base/error.h"
#include "base/instant.h"
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sql {
    const char *name;
    const char *file;
    const char *text;
    const char *scan; /* why a full scan is right here, or NULL: none allowed (checked by a test) */
};

struct db;   /* one database file: its writer thread and its readers */
struct conn; /* one connection, used by one thread at a time */
struct stmt; /* one prepared statement of a connection */

struct db_options {
    const char *path; /* the database file */
    int readers;      /* pooled read-only connections */
};

/* Opens or creates the file, runs missing migrations, starts the writer. The caller holds the data
 * folder's lock. NULL with e: not ours (application_id), newer than this program, damaged, I/O. */
struct db *db_open(const struct db_options *options, struct error *e);
/* Finishes what is queued, stops the writer, checkpoints, closes. NULL is fine. */
void db_close(struct db *db);

/* How many migrations there are: the schema of every database that this program has open. */
int db_schema_version(void);

/* ---- reading ---- */

/* Borrows a reader and opens a snapshot; waits at most two seconds for one, then ERROR_BUSY. */
struct conn *db_read_begin(struct db *db, struct error *e);
void db_read_end(struct db *db, struct conn *c); /* NULL is fine */
/* For reading that takes long: once *stop is true, what is under way on this reader ends soon with
 * ERROR_BUSY. Until db_read_end. */
void db_read_unless(struct conn *c, atomic_bool *stop);

/* ---- writing ---- */

/* 0 with the change committed; -1 and e with nothing of it kept. `fn` returns 0, or -1 with e. */
typedef int (*db_write_fn)(struct conn *c, void *arg, struct error *e);
int db_write(struct db *db, db_write_fn fn, void *arg, struct error *e);

/* Queues a closure that nobody waits for (visits, "who saw" rows): copies `size` bytes of arg,
 * which must hold no pointers. Dropped with a log line when 10,000 are waiting. */
void db_write_later(struct db *db, db_write_fn fn, const void *arg, size_t size);

/*
 * After a text that must not linger was replaced or deleted: the writer soon copies the write-ahead
 * log into the file and cuts it to nothing, so that the old bytes are gone from both (what was
 * deleted is overwritten with zeros; the blocks a file system has freed are beyond us). Nobody
 * waits for it; it happens at most once a second, and is tried again while a reader is in the way.
 */
void db_forget(struct db *db);

/* True once the writer met an I/O error: nothing is acknowledged any more and the server must stop.
 */
bool db_failed(const struct db *db);

/* ---- statements ---- */

/*
 * Prepares (or takes from the cache), binds and returns a statement to step. `types` has one letter
 * for each of $1, $2, …:  i int64_t · d double · t const char * (NULL binds NULL) · b const void *,
 * size_t (NULL binds NULL) · n (no argument) NULL.  NULL with e on error.
 *
 *     struct stmt *st = db_query(c, &sql_person_by_id, e, "i", (int64_t)id);
 *     while (db_step(st, e) == 1) … db_int(st, 0) …
 *     db_done(st);
 */
struct stmt *db_query(struct conn *c, const struct sql *sql, struct error *e, const char *types,
                      ...);
int db_step(struct stmt *st, struct error *e); /* 1 a row, 0 no more, -1 error */
void db_done(struct stmt *st);                 /* resets it for the next use; NULL is fine */

/* db_query and db_step to the end, for statements without rows. Returns rows changed, or -1. */
int64_t db_exec(struct conn *c, const struct sql *sql, struct error *e, const char *types, ...);
/* The first column of the first row: 1 found, 0 no row, -1 error. */
int db_query_int(struct conn *c, const struct sql *sql, int64_t *out, struct error *e,
                 const char *types, ...);

/* After db_step gave 1. Columns count from 0; a NULL reads as 0. */
bool db_null(struct stmt *st, int column);
int64_t db_int(struct stmt *st, int column);
double db_double(struct stmt *st, int column);
const char *db_text(struct stmt *st, int column); /* NULL for NULL; valid until the next step */
const void *db_blob(struct stmt *st, int column, size_t *n); /* likewise */
/* How often something that closures wrote was taken back, all of it or in part. What a closure
 * remembers for later ones is good as long as this stays. Inside closures only. */
uint64_t db_undone(const struct conn *c);
int64_t db_last_id(struct conn *c); /* rowid of the last INSERT on this connection */
bool db_is_unique_violation(const struct error *e); /* the last db_ error was a UNIQUE constraint */

/* ---- the whole file ---- */

/* A consistent copy of the database as one new file, while the server runs. Runs in the calling
 * thread on a reader. Refuses to overwrite. */
int db_backup(struct db *db, const char *path, struct error *e);
/* PRAGMA integrity_check and foreign_key_check over the whole file. */
int db_check(struct db *db, struct error *e);
/* Asks the engine how it would run a statement; calls `row` with each plan line. For the plan test.
 */
int db_explain(struct conn *c, const struct sql *sql, void (*row)(void *, const char *), void *arg,
               struct error *e);

#endif
