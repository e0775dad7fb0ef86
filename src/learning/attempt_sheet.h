/*
 * Answers are kept in the same way for learning checks and for pre-tests, in tables of their own.
 * Between this room's files only.
 */
#ifndef LEARNING_ATTEMPT_SHEET_H
#define LEARNING_ATTEMPT_SHEET_H
#include "learning/attempt.h"

/* Statements with the same parameters and columns for both kinds. */
struct sheet {
    bool pre;
    const struct sql *by_uuid, *for_answer, *steps, *step_insert;
};
extern const struct sheet sheet_of_checks, sheet_of_pretests;

/* Reads the form into t->items and puts the standing answers there: with t->id, t->enrolment. */
int sheet_fill(struct conn *c, const struct sheet *s, const char *form, struct arena *a,
               struct attempt *t, struct error *e);

/* All that was answered in a learning check, in no order; nothing of a pre-test. What was asked is
 * what was written down with the answer: that is the evidence. */
struct attempt_step {
    int64_t id;
    const char *op_id, *item, *item_hash, *answer;
    int64_t mark;
    instant at;
};
struct attempt_steps {
    const char *form; /* attempt_load_steps puts it there */
    struct attempt_step *list;
    size_t count, room;
};
int attempt_read_steps(struct conn *c, int64_t attempt, struct arena *a, struct attempt_steps *out,
                       struct error *e);
/* 1 loaded, 0 no such check of this person, -1 with e. */
int attempt_load_steps(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                       struct arena *a, struct attempt *out, struct attempt_steps *steps,
                       struct error *e);

/* Sets *at to when the latest answer of a learning check was given, if that is later. */
int attempt_last_answer(struct conn *c, int64_t attempt, instant *at, struct error *e);

#endif
