/* "Waiting for you" on my learning: what comes back to a person, now and next. */
#ifndef PAGES_WAITING_H
#define PAGES_WAITING_H
#include "learning/study.h"
#include "pages/view.h"

/*
 * "waiting": {has_any, is_quiet, questions: {mode ("none", "waits", "open", "still", "off"), words,
 * is_open, is_off, name, about, href, later_href, label}, checks: commitments that ask how they
 * went, as in commitment_view.h, checks_words}. `likely` is the course whose finishing
 * would be the first to bring something back, or NULL. What is due counts as offered from now on.
 */
int view_waiting(cJSON *view, struct request *rq, const struct publication *likely,
                 struct error *e);

/* "7, 30, 60 and 120 days": when a course's questions come back. */
const char *words_days(struct arena *a, const int *days, int count);

#endif
