#include "learning/ledger.h"
#include "base/encode.h"
#include "base/log.h"
#include "learning/attempt_evidence.h"
#include "learning/chain.h"
#include "learning/sql.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ROW_MAX 4096

void chain_text(struct buf *b, const char *s)
{
    size_t n = strlen(s);
    buf_int(b, (int64_t)n);
    buf_putc(b, ':');
    buf_append(b, s, n);
}

void chain_int(struct buf *b, int64_t value)
{
    int length = value < 0 ? 2 : 1; /* a sign and the first digit */
    for (int64_t rest = value / 10; rest; rest /= 10)
        length++;
    buf_int(b, length);
    buf_putc(b, ':');
    buf_int(b, value);
}

void chain_start(struct buf *b, const uint8_t previous[HASH_BYTES])
{
    buf_clear(b);
    buf_append(b, previous, HASH_BYTES);
}

void chain_hash(const struct buf *b, uint8_t out[HASH_BYTES])
{
    hash_blake2b(b->data, b->length, out);
}

static void put_entry(struct buf *b, int64_t seq, const struct ledger_entry *r)
{
    chain_int(b, seq);
    chain_int(b, r->person);
    chain_int(b, r->enrolment);
    chain_text(b, r->kind);
    chain_text(b, r->subject);
    chain_text(b, r->evidence);
    chain_int(b, r->earned_at);
    chain_int(b, r->recorded_at);
    chain_int(b, r->actor);
    chain_text(b, r->reason);
}

/* actor: NULL for the command line. */
static void put_audit(struct buf *b, int64_t seq, instant at, const int64_t *actor,
                      const char *action, const char *subject, const char *detail)
{
    chain_int(b, seq);
    chain_int(b, at);
    if (actor)
        chain_int(b, *actor);
    else
        chain_text(b, "");
    chain_text(b, action);
    chain_text(b, subject);
    chain_text(b, detail);
}

int chain_head(struct conn *c, const struct sql *sql, int64_t *seq, uint8_t hash[HASH_BYTES],
               struct error *e)
{
    *seq = 0;
    memset(hash, 0, HASH_BYTES);
    struct stmt *st = db_query(c, sql, e, "");
    if (!st)
        return -1;
    int step = db_step(st, e);
    if (step == 1) {
        size_t n;
        const void *p = db_blob(st, 1, &n);
        *seq = db_int(st, 0);
        if (n == HASH_BYTES)
            memcpy(hash, p, n);
    }
    db_done(st);
    return step < 0 ? -1 : 0;
}

int ledger_append(struct conn *c, const struct ledger_entry *r, struct error *e)
{
    int64_t seq;
    uint8_t previous[HASH_BYTES], hash[HASH_BYTES];
    if (chain_head(c, &sql_ledger_head, &seq, previous, e))
        return -1;
    struct buf b;
    buf_init(&b, ROW_MAX);
    chain_start(&b, previous);
    put_entry(&b, ++seq, r);
    chain_hash(&b, hash);
    bool overflow = b.overflow;
    buf_free(&b);
    if (overflow)
        return error_set(e, ERROR_INTERNAL, "a ledger row is longer than %d bytes", ROW_MAX);
    return db_exec(c, &sql_ledger_insert, e, "iiitttiiitbb", seq, r->person, r->enrolment, r->kind,
                   r->subject, r->evidence, r->earned_at, r->recorded_at, r->actor, r->reason,
                   previous, sizeof previous, hash, sizeof hash) < 0
               ? -1
               : 0;
}

int audit_append(struct conn *c, int64_t actor, const char *action, const char *subject,
                 const char *detail, instant at, struct error *e)
{
    int64_t seq;
    uint8_t previous[HASH_BYTES], hash[HASH_BYTES];
    if (chain_head(c, &sql_audit_head, &seq, previous, e))
        return -1;
    struct buf b;
    buf_init(&b, ROW_MAX);
    chain_start(&b, previous);
    put_audit(&b, ++seq, at, actor == AUDIT_COMMAND_LINE ? NULL : &actor, action, subject, detail);
    chain_hash(&b, hash);
    bool overflow = b.overflow;
    buf_free(&b);
    if (overflow)
        return error_set(e, ERROR_INTERNAL, "an audit row is longer than %d bytes", ROW_MAX);
    return db_exec(c, &sql_audit_insert, e, "iiitttbb", seq, at, actor, action, subject, detail,
                   previous, sizeof previous, hash, sizeof hash) < 0
               ? -1
               : 0;
}

struct audit_row {
    int64_t actor;
    instant at;
    char action[64], subject[64], detail[128];
};

static int audit_write(struct conn *c, void *arg, struct error *e)
{
    struct audit_row *r = arg;
    return audit_append(c, r->actor, r->action, r->subject, r->detail, r->at, e);
}

void audit_later(struct learning *l, int64_t actor, const char *action, const char *subject,
                 const char *detail)
{
    struct audit_row r = {.actor = actor, .at = clock_now(l->clock)};
    snprintf(r.action, sizeof r.action, "%s", action);
    snprintf(r.subject, sizeof r.subject, "%s", subject);
    snprintf(r.detail, sizeof r.detail, "%s", detail);
    db_write_later(l->db, audit_write, &r, sizeof r);
}

/* ---- proving ---- */

/* Compares one row's stored hashes (the last two columns) with what they must be; moves `head` on.
 */
static bool link_holds(struct stmt *st, int column, const struct buf *b, uint8_t head[HASH_BYTES])
{
    uint8_t hash[HASH_BYTES];
    size_t previous_n, hash_n;
    chain_hash(b, hash);
    const void *previous = db_blob(st, column, &previous_n);
    bool holds = previous_n == HASH_BYTES && memcmp(previous, head, HASH_BYTES) == 0;
    const void *stored = db_blob(st, column + 1, &hash_n);
    holds = holds && hash_n == HASH_BYTES && memcmp(stored, hash, HASH_BYTES) == 0;
    memcpy(head, hash, HASH_BYTES);
    return holds;
}

static struct ledger_entry read_entry(struct stmt *st)
{
    return (struct ledger_entry){
        .person = db_int(st, 1),
        .enrolment = db_int(st, 2),
        .kind = db_text(st, 3),
        .subject = db_text(st, 4),
        .evidence = db_text(st, 5),
        .earned_at = db_int(st, 6),
        .recorded_at = db_int(st, 7),
        .actor = db_int(st, 8),
        .reason = db_text(st, 9),
    };
}

static int check_evidence(struct conn *c, int64_t seq, const struct ledger_entry *r,
                          struct error *e)
{
    if (strcmp(r->kind, "attempt") != 0)
        return 0;
    char evidence[2 * HASH_BYTES + 1];
    if (attempt_evidence(c, r->subject, evidence, e))
        return -1;
    if (strcmp(evidence, r->evidence) != 0)
        return error_set(e, ERROR_IO,
                         "ledger row %" PRId64 ": the answers of attempt %s were altered", seq,
                         r->subject);
    return 0;
}

int ledger_verify(struct conn *c, int64_t *rows, struct error *e)
{
    uint8_t head[HASH_BYTES] = {0};
    struct buf b;
    buf_init(&b, ROW_MAX);
    *rows = 0;
    struct stmt *st = db_query(c, &sql_ledger_walk, e, "");
    int step = st ? 0 : -1, result = st ? 0 : -1;
    while (result == 0 && (step = db_step(st, e)) == 1) {
        int64_t seq = db_int(st, 0);
        struct ledger_entry r = read_entry(st);
        chain_start(&b, head);
        put_entry(&b, seq, &r);
        if (seq != *rows + 1)
            result = error_set(e, ERROR_IO, "ledger row %" PRId64 " is missing", *rows + 1);
        else if (!link_holds(st, 10, &b, head))
            result = error_set(e, ERROR_IO, "ledger row %" PRId64 " was altered", seq);
        else
            result = check_evidence(c, seq, &r, e);
        ++*rows;
    }
    db_done(st);
    buf_free(&b);
    return step < 0 ? -1 : result;
}

int audit_verify(struct conn *c, int64_t *rows, struct error *e)
{
    uint8_t head[HASH_BYTES] = {0};
    struct buf b;
    buf_init(&b, ROW_MAX);
    *rows = 0;
    struct stmt *st = db_query(c, &sql_audit_walk, e, "");
    int step = st ? 0 : -1, result = st ? 0 : -1;
    while (result == 0 && (step = db_step(st, e)) == 1) {
        int64_t seq = db_int(st, 0), actor = db_int(st, 2);
        chain_start(&b, head);
        put_audit(&b, seq, db_int(st, 1), db_null(st, 2) ? NULL : &actor, db_text(st, 3),
                  db_text(st, 4), db_text(st, 5));
        if (seq != ++*rows)
            result = error_set(e, ERROR_IO, "audit row %" PRId64 " is missing", *rows);
        else if (!link_holds(st, 6, &b, head))
            result = error_set(e, ERROR_IO, "audit row %" PRId64 " was altered", seq);
    }
    db_done(st);
    buf_free(&b);
    return step < 0 ? -1 : result;
}
