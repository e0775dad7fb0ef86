/* What the database holds, in few numbers: for a backup's manifest and for starting with no keys.
 */
#ifndef LEARNING_HOLDINGS_H
#define LEARNING_HOLDINGS_H
#include "base/arena.h"
#include "base/hash.h"
#include "db/db.h"

struct holdings {
    int64_t ledger_rows, audit_rows;
    uint8_t ledger_head[HASH_BYTES], audit_head[HASH_BYTES]; /* zeros when there is no row */
    const char **keys; /* publicKeyMultibase of every key that has signed a certificate here */
    int key_count;
};

/* Quick whatever the size. Strings in the arena. */
int holdings_read(struct db *db, struct arena *a, struct holdings *out, struct error *e);

#endif
