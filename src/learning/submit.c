/* Handing in a learning check: marks, evidence, ledger, and on a pass the completion. */
#include "base/text.h"
#include "learning/answer_memory.h"
#include "learning/attempt.h"
#include "learning/attempt_evidence.h"
#include "learning/attempt_sheet.h"
#include "learning/certificate.h"
#include "learning/chain.h"
#include "learning/ledger.h"
#include "learning/people.h"
#include "learning/sql.h"
#include <stdlib.h>
#include <string.h>

#define EVIDENCE_MAX                                                                               \
    (16 << 20) /* a hundred thousand answers: from before there was a most of them */

/* What an attempt was, and what came of it. */
struct outcome {
    const char *form;
    instant submitted_at;
    int64_t mark, right_count, passed;
};

static int compare_steps(const void *left, const void *right)
{
    const struct attempt_step *a = left, *b = right;
    return a->id != b->id ? (a->id > b->id) - (a->id < b->id) : strcmp(a->item, b->item);
}

/* A plain form's own operation id is none: only the learner's are evidence. */
static void put_step(struct buf *b, const struct attempt_step *s)
{
    chain_int(b, s->id);
    chain_text(b, *s->op_id == '=' ? "" : s->op_id);
    chain_text(b, s->item);
    chain_text(b, s->item_hash);
    chain_text(b, s->answer);
    chain_int(b, s->mark);
    chain_int(b, s->at);
}

/* The steps are put in the order in which they were given. */
static int hash_evidence(const char *uuid, const struct outcome *o,
                         const struct attempt_steps *steps, char out[2 * HASH_BYTES + 1],
                         struct error *e)
{
    struct buf b;
    uint8_t hash[HASH_BYTES];
    buf_init(&b, EVIDENCE_MAX);
    chain_text(&b, o->form);
    chain_int(&b, o->submitted_at);
    chain_int(&b, o->mark);
    chain_int(&b, o->right_count);
    chain_int(&b, o->passed);
    if (steps->count > 1)
        qsort(steps->list, steps->count, sizeof *steps->list, compare_steps);
    for (size_t i = 0; i < steps->count; i++)
        put_step(&b, &steps->list[i]);
    bool overflow = b.overflow;
    hash_blake2b(b.data, b.length, hash);
    hash_hex(hash, out);
    buf_free(&b);
    return overflow ? error_set(e, ERROR_INTERNAL, "attempt %s has too much evidence", uuid) : 0;
}

static int read_outcome(struct conn *c, const char *uuid, struct arena *a, int64_t *attempt,
                        struct outcome *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_attempt_result, e, "t", uuid);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        *attempt = db_int(st, 0);
        *out = (struct outcome){arena_strdup(a, db_text(st, 1)), db_int(st, 2), db_int(st, 3),
                                db_int(st, 4), db_int(st, 5)};
    }
    db_done(st);
    if (step == 0)
        error_set(e, ERROR_INTERNAL, "attempt %s has no evidence", uuid);
    return step == 1 ? 0 : -1;
}

int attempt_evidence(struct conn *c, const char *uuid, char out[2 * HASH_BYTES + 1],
                     struct error *e)
{
    struct arena *a = arena_create();
    struct outcome outcome;
    struct attempt_steps steps = {0};
    int64_t attempt;
    int result = read_outcome(c, uuid, a, &attempt, &outcome, e) ||
                         attempt_read_steps(c, attempt, a, &steps, e) ||
                         hash_evidence(uuid, &outcome, &steps, out, e)
                     ? -1
                     : 0;
    arena_free(a);
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

static int record(struct conn *c, const struct attempt *t, const char *evidence, instant at,
                  struct error *e)
{
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

static int hand_in(struct conn *c, struct learning *l, struct attempt *t,
                   const struct attempt_steps *steps, instant at, bool *completed_now,
                   struct error *e)
{
    char evidence[2 * HASH_BYTES + 1];
    int64_t mark = 0;
    for (int i = 0; i < t->item_count; i++) {
        mark += t->items[i].mark;
        t->right_count += t->items[i].mark == 1000;
    }
    int needed = t->pass_marks < t->item_count ? t->pass_marks : t->item_count;
    t->passed = mark >= needed * 1000LL;
    struct outcome o = {steps->form, at, mark, t->right_count, t->passed};
    if (db_exec(c, &sql_attempt_submit, e, "iiiii", t->id, at, mark, o.right_count, o.passed) < 0 ||
        hash_evidence(t->uuid, &o, steps, evidence, e) || record(c, t, evidence, at, e))
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
    struct attempt_steps steps;
    *completed_now = false;
    answer_memory_forget(l->answers, uuid);
    int found = attempt_load_steps(c, l, uuid, person, a, &t, &steps, e);
    int result = found == 1 ? 0 : -1;
    if (found == 0)
        error_set(e, ERROR_NOT_FOUND, "There is no such learning check of yours.");
    if (result == 0 && t.submitted_at == 0) {
        result = confirm_name(c, person, certificate_name, at, a, e);
        if (result == 0)
            result = hand_in(c, l, &t, &steps, at, completed_now, e);
    }
    *passed = result == 0 && t.passed;
    arena_free(a);
    return result;
}
