/* What pages with commitments share: one commitment, the form for its words, the box in a course.
 */
#ifndef PAGES_COMMITMENT_VIEW_H
#define PAGES_COMMITMENT_VIEW_H
#include "learning/commitment.h"
#include "pages/view.h"

/* Where the words may be written: what stands there (NULL: a new one) and where its form leads. */
struct commit_place {
    const char *id;        /* of the element on the page: "commit" */
    const char *action;    /* path that takes the form */
    const char *return_to; /* where to go then, or "" */
    const char *cue, *act; /* what was typed and could not be saved, or NULL */
};

/*
 * "writing": {id, action, return_to, cue, act, base, label, closed} for part/commit-form. `closed`
 * is a sentence when nothing can be opened or taken now, else "".
 */
void view_commit_form(cJSON *object, struct request *rq, const struct commit_place *place,
                      const struct commitment *m);

/* id, course, course_href, cue, act, closed, made_words, is_due, due_words, next_words, check_href,
 * later_href, delete_href and history: [{words}], the latest first. */
void view_commitment(cJSON *item, struct request *rq, const struct commitment *m);

/* "commit": {mine: [{cue, act, closed}], has_mine, days_words, plan_href, writing} — the box in a
 * lesson, on the course and when it is finished. */
int view_commit_box(cJSON *object, struct request *rq, const struct publication *p,
                    const char *return_to, struct error *e);

/* "Done", "Partly", "Not yet", "No longer" */
const char *outcome_words(enum outcome o);

#endif
