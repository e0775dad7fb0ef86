/* Handing in a learning check: marks, evidence, ledger, and on a pass the completion. */
#include "base/text.h"
#include "learning/attempt.h"
#include "learning/attempt_evidence.h"
#include "learning/certificate.h"
#include "learning/chain.h"
#include "learning/ledger.h"
#include "learning/people.h"
#include "learning/sql.h"
#include <stdio.h>
#include <string.h>

#define EVIDENCE_MAX (16 << 20) /* a hundred thousand answers: nobody is kept from handing in */

int attempt_evidence(struct conn *c, const char *uuid, char out[2 * HASH_BYTES + 1],
                     struct error *e)
{
    struct stmt *st = db_query(c, &sql_attempt_evidence, e, "t", uuid);
    if (!st)
        return -1;
    struct buf b;
    buf_init(&b, EVIDENCE_MAX);
    int step, rows = 0;
    while ((step = db_step(st, e)) == 1) {
        if (rows++ == 0) {
            chain_text(&b, db_text(st, 0));
            for (int i = 1; i <= 4; i++)
                chain_int(&b, db_int(st, i));
        }
        if (db_null(st, 5))
            break; /* handed in without an answer */
        chain_int(&b, db_int(st, 5));
        for (int i = 6; i <= 9; i++)
            chain_text(&b, db_text(st, i) ? db_text(st, i) : "");
        chain_int(&b, db_int(st, 10));
        chain_int(&b, db_int(st, 11));
    }
    db_done(st);
    int result = step < 0 ? -1 : 0;
    if (result == 0 && (rows == 0 || b.overflow))
        result = error_set(e, ERROR_INTERNAL, "attempt %s has no evidence", uuid);
    if (result == 0) {
        uint8_t hash[HASH_BYTES];
        hash_blake2b(b.data, b.length, hash);
        hash_hex(hash, out);
    }
    buf_free(&b);
    return result;
}

/* The name is asked for once, before the first submit; it is checked here, when it is set. */
static int confirm_name(struct conn *c, int64_t person, const char *name, instant at,
                        struct arena *a, struct error *e)
{
    struct person p;
    if (person_get(c, person, a, &p, e))
        return -1;
    if (name && !text_equal(name, p.certificate_name))
        return person_set_certificate_name(c, person, name, at, e);
    if (!p.certificate_name)
        return error_field(e, "certificate_name",
                           "Write your name as it should stand on your certificate.");
    return 0;
}

static int record(struct conn *c, const struct attempt *t, instant at, struct error *e)
{
    char evidence[2 * HASH_BYTES + 1];
    if (attempt_evidence(c, t->uuid, evidence, e))
        return -1;
    struct ledger_entry entry = {.person = t->person,
                                 .enrolment = t->enrolment.id,
                                 .kind = "attempt",
                                 .subject = t->uuid,
                                 .evidence = evidence,
                                 .earned_at = at,
                                 .recorded_at = at,
                                 .actor = t->person,
                                 .reason = t->passed ? "passed" : "not passed"};
    return ledger_append(c, &entry, e);
}

static int hand_in(struct conn *c, struct learning *l, struct attempt *t, instant at,
                   bool *completed_now, struct error *e)
{
    int64_t mark = 0;
    for (int i = 0; i < t->item_count; i++) {
        mark += t->items[i].mark;
        t->right_count += t->items[i].mark == 1000;
    }
    int needed = t->pass_marks < t->item_count ? t->pass_marks : t->item_count;
    t->passed = mark >= needed * 1000LL;
    if (db_exec(c, &sql_attempt_submit, e, "iiiii", t->id, at, mark, (int64_t)t->right_count,
                (int64_t)t->passed) < 0 ||
        record(c, t, at, e))
        return -1;
    /* The attempt keeps its publication; what finishing takes is where the learner stands now. */
    struct enrolment en;
    if (!t->passed)
        return 0;
    if (enrolment_get(c, l, t->enrolment.id, &en, e) ||
        completion_try(c, l, &en, at, completed_now, e))
        return -1;
    return *completed_now ? 0 : completion_renew(c, l, &en, at, completed_now, e);
}

int attempt_submit(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                   const char *certificate_name, instant at, bool *passed, bool *completed_now,
                   struct error *e)
{
    struct arena *a = arena_create();
    struct attempt t;
    *completed_now = false;
    int result = attempt_load(c, l, uuid, person, a, &t, e);
    if (result == 0 && t.pre)
        result = error_set(e, ERROR_NOT_FOUND, "There is no such learning check of yours.");
    if (result == 0 && t.submitted_at == 0) {
        result = confirm_name(c, person, certificate_name, at, a, e);
        if (result == 0)
            result = hand_in(c, l, &t, at, completed_now, e);
    }
    *passed = result == 0 && t.passed;
    arena_free(a);
    return result;
}
