/*
 * The pre-test: what somebody knows before the course's first lesson. `pre_draw` items of the
 * learning check across objectives, the same that every check of this learner holds, so that before
 * and after compare the same items. Answered once, never needed, never a try. Neither key nor
 * rationale nor mark is shown until a check has been passed.
 *
 * It is loaded, answered and laid out as an attempt is: attempt_load and attempt_answer take its
 * uuid, too, and say so in attempt.pre.
 */
#ifndef LEARNING_PRETEST_H
#define LEARNING_PRETEST_H
#include "learning/attempt.h"

enum pretest_stage {
    PRETEST_NONE, /* the course has none, or it is no longer before: a lesson or case was
                     answered, a check begun, the course known from an earlier edition */
    PRETEST_OFFERED,
    PRETEST_OPEN,   /* begun, not handed in, and it is still before */
    PRETEST_DONE,   /* handed in */
    PRETEST_SKIPPED /* for good */
};

struct pretest_state {
    enum pretest_stage stage;
    int count;     /* questions */
    char uuid[37]; /* when open or done, else "" */
};

/* `en` with id 0 is a course not begun: only publication counts. */
int pretest_find(struct conn *c, const struct enrolment *en, int64_t person,
                 struct pretest_state *out, struct error *e);

/* Inside a closure. Begins the course where it was not; one under way is given back. ERROR_CONFLICT
 * when there is nothing to start: handed in, skipped, or no longer before. */
int pretest_start(struct conn *c, struct learning *l, int64_t person, const char *course,
                  instant at, struct rng *rng, char uuid[37], struct error *e);

/* Inside a closure: not wanted; never offered again. Twice is the same. */
int pretest_skip(struct conn *c, int64_t person, const char *course, instant at, struct error *e);

/* Inside a closure. Twice is the same. ERROR_NOT_FOUND when the uuid is no pre-test of this person;
 * ERROR_CONFLICT when it is no longer before. */
int pretest_submit(struct conn *c, const char *uuid, int64_t person, instant at, struct error *e);

/* The pre-test of an enrolment that was handed in: 1, 0 none, -1 with e. */
int pretest_handed_in(struct conn *c, struct learning *l, const struct enrolment *en,
                      struct arena *a, struct attempt *out, struct error *e);

/* ---- before and after ---- */

/* One learner: the items of the pre-test as they were answered there and in the first learning
 * check handed in. An item without an answer has mark 0. */
struct pretest_pair {
    int count;
    const struct item *items[ATTEMPT_MAX_ITEMS];
    int before[ATTEMPT_MAX_ITEMS], after[ATTEMPT_MAX_ITEMS]; /* thousandths */
    double x, y;                                             /* percent of the items' points */
};

/*
 * Every learner of a course who has handed in both: matched pairs, by person in no order that says
 * who. Left out is whose check no longer held the same items, word for word (`changed` counts them;
 * may be NULL). `each` returns non-zero to stop.
 */
int pretest_pairs(struct conn *c, struct learning *l, const char *course,
                  int (*each)(void *arg, const struct pretest_pair *pair), void *arg, int *changed,
                  struct error *e);

#endif
