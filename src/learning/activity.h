/*
 * Time on task as active minutes: a minute counts when the learner opened a page of the course,
 * answered or chose something, or (with scripts) scrolled, typed or pointed while a page of it was
 * visible. An estimate, lower without scripts, and no measure of effort: it is shown to the learner
 * alone and nothing depends on it.
 *
 * A minute is one row, however often it is noted. Minutes are noted by the server's clock only, as
 * they happen. A small table in memory holds back what was noted a moment ago, so that reading
 * costs one write a minute at most; nobody waits for it.
 */
#ifndef LEARNING_ACTIVITY_H
#define LEARNING_ACTIVITY_H
#include "learning/learning.h"

struct activity;
struct activity *activity_create(void);
void activity_free(struct activity *a); /* NULL is fine */

/* The learner of an enrolment is at work at `at`; queued. */
void activity_note(const struct learning *l, int64_t enrolment, instant at);
/* Inside a closure: every minute from `from` until `to`, both included; at most a day's. */
int activity_add(struct conn *c, int64_t enrolment, instant from, instant to, struct error *e);

/* Active minutes of a person in a course, in whichever version, the one of `now` included: who asks
 * is there. -1 with e. */
int64_t activity_minutes(struct conn *c, int64_t person, const char *course, instant now,
                         struct error *e);

#endif
