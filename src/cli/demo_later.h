/*
 * What comes back to a learner of a demonstration after a course: questions and commitments, met
 * every now and then on My learning. A generator of its own keeps the rest of the history as it is.
 */
#ifndef CLI_DEMO_LATER_H
#define CLI_DEMO_LATER_H
#include "base/random.h"
#include "db/db.h"

struct history;
struct learner;

struct later {
    struct rng rng;
    instant next;  /* when My learning is opened for it next; 0: not any more */
    bool returns;  /* comes back at all */
    bool commits;  /* writes a commitment down when a course is finished */
    double memory; /* chance of knowing an answer */
};

/* Inside a closure: a course was finished at w->next. */
int later_begin(struct history *h, struct learner *w, struct conn *c, struct error *e);
/* Inside a closure, at w->later.next. */
int later_step(struct history *h, struct learner *w, struct conn *c, struct error *e);

#endif
