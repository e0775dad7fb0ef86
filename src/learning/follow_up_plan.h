/* What follow_up.c and follow_up_items.c share: finished courses, and the choice of questions. */
#ifndef LEARNING_FOLLOW_UP_PLAN_H
#define LEARNING_FOLLOW_UP_PLAN_H
#include "learning/follow_up.h"

struct finished {
    struct enrolment enrolment;
    instant done_at;
    /* What its questions are taken from: the course as it was finished, or read anew since, with
     * what was corrected after that. */
    const struct publication *known;
};

/* One due day of a finished course. */
struct planned {
    const struct finished *after; /* NULL: none */
    int day;
    instant due_at;
};

/* One that was offered. Instants are the latest of their kind, 0: never. */
struct offered {
    int64_t id, enrolment, seed;
    const char *uuid;
    int day, items, answers;
    instant answered_at, offered_at, put_off_at;
};

struct plan {
    struct finished *finished;
    int finished_count;
    bool any; /* an item that comes back */
    struct offered *offered;
    int offered_count;
    struct planned next; /* the first day that was not offered yet */
    bool off;
    instant on_at;
};

/* Everything of one person. In the arena. */
int plan_read(struct conn *c, struct learning *l, int64_t person, struct arena *a, struct plan *out,
              struct error *e);

/* The k-th item of what is known of a course, if it comes back; else NULL. One that the course did
 * not have when it was finished does not. */
const struct item *finished_item(const struct finished *f, int k);

/* The uuid and the seed of a day: the same whenever they are asked for. */
void planned_seed(const struct planned *p, char uuid[37], int64_t *seed);

/* What is to be offered at an instant: a day not offered yet (returns 1), one that was put off
 * (*again), or nothing (0). */
int plan_due(const struct plan *p, instant at, const struct offered **again);

/* The questions, in the order asked; out->count may be less than FOLLOW_UP_ITEMS. */
int plan_choose(struct conn *c, const struct plan *p, int64_t person, uint64_t seed,
                struct follow_up *out, struct error *e);

#endif
