/* Shared by the files of this room only. */
#ifndef DB_INTERNAL_H
#define DB_INTERNAL_H
#include "db/db.h"
#include <pthread.h>
#include <sqlite3.h>

#define STATEMENT_SLOTS  512 /* power of two; more statements than this are not cached */
#define STATEMENT_PARAMS 32
#define BUSY_TIMEOUT_MS  5000
#define APPLICATION_ID   0x55534f59 /* "USOY" */

struct stmt {
    sqlite3_stmt *handle;
    const struct sql *sql;
    struct conn *conn;
    unsigned char at[STATEMENT_PARAMS + 1]; /* $n is SQLite's parameter at[n] */
    int params;
    bool cached, busy;
};

struct conn {
    sqlite3 *handle;
    struct stmt *cache[STATEMENT_SLOTS]; /* open addressing by the address of the struct sql */
    struct conn *next;                   /* in the pool's free list */
    uint64_t undone;                     /* the writer's: see db_undone */
};

/* Opened and hardened; without `writer` read-only. NULL with e. */
struct conn *conn_open(const char *path, bool writer, struct error *e);
void conn_close(struct conn *c);                                 /* with its statements */
int conn_exec(struct conn *c, const char *sql, struct error *e); /* statements without rows */
/* Fills e from the connection's last result code; returns -1. */
int conn_error(struct conn *c, int code, const char *what, struct error *e);

/* Applies the migrations that are missing, in one transaction. -1 with e also for a database
 * that is not ours or newer than this program. */
int migrate(struct conn *c, struct error *e);

struct job;
struct writer;
/* The thread behind db_write, db_write_later, db_forget and db_failed (db.h); c stays the
 * caller's. */
struct writer *writer_start(struct conn *c, struct error *e);
void writer_stop(struct writer *w); /* finishes the queue; does not close the connection */
int writer_run(struct writer *w, db_write_fn fn, void *arg, struct error *e);
void writer_later(struct writer *w, db_write_fn fn, const void *arg, size_t size);
void writer_forget(struct writer *w);
bool writer_failed(const struct writer *w);

#endif
