#include "learning/holdings.h"
#include "learning/chain.h"
#include "learning/ledger.h"
#include "learning/sql.h"

#define MAX_KEYS 1000

static int read_keys(struct conn *c, struct arena *a, struct holdings *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_keys_that_signed, e, "");
    if (!st)
        return -1;
    int step = 0;
    out->keys = arena_array(a, MAX_KEYS, sizeof *out->keys);
    while (out->key_count < MAX_KEYS && (step = db_step(st, e)) == 1)
        out->keys[out->key_count++] = arena_strdup(a, db_text(st, 0));
    db_done(st);
    return step < 0 ? -1 : 0;
}

int holdings_read(struct db *db, struct arena *a, struct holdings *out, struct error *e)
{
    *out = (struct holdings){0};
    struct conn *c = db_read_begin(db, e);
    if (!c)
        return -1;
    int result = chain_head(c, &sql_ledger_head, &out->ledger_rows, out->ledger_head, e) ||
                         chain_head(c, &sql_audit_head, &out->audit_rows, out->audit_head, e) ||
                         read_keys(c, a, out, e)
                     ? -1
                     : 0;
    db_read_end(db, c);
    return result;
}

int backup_note(struct conn *c, const char *what, const char *detail, instant at, struct error *e)
{
    return audit_append(c, AUDIT_COMMAND_LINE, "backup.made", what, detail, at, e);
}

int backup_last(struct conn *c, const char *what, instant *at, struct error *e)
{
    return db_query_int(c, &sql_backup_last, at, e, "t", what);
}
