/* Handing in a learning check: marks, evidence, ledger, and on a pass the completion. */
#include "base/memory.h"
#include "base/text.h"
#include "learning/attempt.h"
#include "learning/attempt_evidence.h"
#include "learning/certificate.h"
#include "learning/chain.h"
#include "learning/ledger.h"
#include "learning/people.h"
#include "learning/sql.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVIDENCE_MAX                                                                               \
    (16 << 20) /* a hundred thousand answers: from before there was a most of them */

static int put_result(struct conn *c, const char *uuid, struct buf *b, int64_t *attempt,
                      struct error *e)
{
    struct stmt *st = db_query(c, &sql_attempt_result, e, "t", uuid);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        *attempt = db_int(st, 0);
        chain_text(b, db_text(st, 1));
        for (int i = 2; i <= 5; i++)
            chain_int(b, db_int(st, i));
    }
    db_done(st);
    if (step == 0)
        error_set(e, ERROR_INTERNAL, "attempt %s has no evidence", uuid);
    return step == 1 ? 0 : -1;
}

/* A step's text, and what they are put in order by. */
struct given {
    int64_t id;
    const char *item, *text;
    size_t length;
};

static int compare_given(const void *left, const void *right)
{
    const struct given *a = left, *b = right;
    return a->id != b->id ? (a->id > b->id) - (a->id < b->id) : strcmp(a->item, b->item);
}

/* A plain form's own operation id is none: only the learner's are evidence. */
static void read_given(struct stmt *st, struct arena *a, struct buf *text, struct given *out)
{
    const char *op_id = db_text(st, 1);
    buf_clear(text);
    chain_int(text, db_int(st, 0));
    chain_text(text, *op_id == '=' ? "" : op_id);
    for (int i = 2; i <= 4; i++)
        chain_text(text, db_text(st, i));
    chain_int(text, db_int(st, 5));
    chain_int(text, db_int(st, 6));
    *out = (struct given){.id = db_int(st, 0),
                          .item = arena_strdup(a, db_text(st, 2)),
                          .text = arena_strndup(a, text->data, text->length),
                          .length = text->length};
}

/* In the order in which they were given; there are few, so that sorting them here costs least. */
static int put_steps(struct conn *c, int64_t attempt, struct buf *b, struct error *e)
{
    struct arena *a = arena_create();
    struct given *given = NULL;
    size_t count = 0, room = 0;
    struct buf text;
    buf_init(&text, EVIDENCE_MAX);
    struct stmt *st = db_query(c, &sql_attempt_evidence, e, "i", attempt);
    int step = st ? 1 : -1;
    while (step == 1 && (step = db_step(st, e)) == 1) {
        if (count == room)
            given = memory_grow(given, (room = room ? 2 * room : 32) * sizeof *given);
        read_given(st, a, &text, &given[count++]);
    }
    db_done(st);
    if (count > 1)
        qsort(given, count, sizeof *given, compare_given);
    for (size_t i = 0; step == 0 && i < count; i++)
        buf_append(b, given[i].text, given[i].length);
    buf_free(&text);
    free(given);
    arena_free(a);
    return step;
}

int attempt_evidence(struct conn *c, const char *uuid, char out[2 * HASH_BYTES + 1],
                     struct error *e)
{
    struct buf b;
    buf_init(&b, EVIDENCE_MAX);
    int64_t attempt;
    int result = put_result(c, uuid, &b, &attempt, e) || put_steps(c, attempt, &b, e) ? -1 : 0;
    if (result == 0 && b.overflow)
        result = error_set(e, ERROR_INTERNAL, "attempt %s has too much evidence", uuid);
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
