/* What the database holds, in few numbers: for a backup's manifest and for starting with no
 * keys; and when it was last backed up. */
#ifndef LEARNING_HOLDINGS_H
#define LEARNING_HOLDINGS_H
#include "base/arena.h"
#include "base/hash.h"
#include "base/instant.h"
#include "db/db.h"

struct holdings {
    int64_t ledger_rows, audit_rows;
    uint8_t ledger_head[HASH_BYTES], audit_head[HASH_BYTES]; /* zeros when there is no row */
    const char **keys; /* publicKeyMultibase of every key that has signed a certificate here */
    int key_count;
};

/* Quick whatever the size. Strings in the arena. */
int holdings_read(struct db *db, struct arena *a, struct holdings *out, struct error *e);

/* ---- backups: rows of the audit ---- */

#define BACKUP_OF_DATA "backup"
#define BACKUP_OF_KEYS "backup-keys"

/* Inside a closure, after a backup was made and opened again. `detail`: how much is in it. */
int backup_note(struct conn *c, const char *what, const char *detail, instant at, struct error *e);
/* When the last one was made: 1, 0 when there is none, -1. */
int backup_last(struct conn *c, const char *what, instant *at, struct error *e);

#endif
