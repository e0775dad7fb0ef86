/*
 * "Why not complete?": the lines of a course's completion rule with what each rests on. One list,
 * in one order, for the learner and for the center; the learner's lines say more.
 */
#ifndef PAGES_FINISHING_H
#define PAGES_FINISHING_H
#include "pages/study_view.h"

/* Before beginning, when nothing is done: the rule's own lines, up to a NULL. */
void finishing_rule(cJSON *list, const char **lines);
/* One's own: {text, is_done, state_words, evidence, result_href, detail, href, step_name}. */
void finishing_own(cJSON *list, struct request *rq, const struct progress *mine);
/* As an administrator sees it: {text, is_done, state_words, evidence}; the evidence is a day. No
 * score, no number of tries; a learning check not taken and one not passed are alike. */
void finishing_for_staff(cJSON *list, struct request *rq, const struct progress *p);
/* The same for a person and a course, by who asks on their behalf; nothing when not begun. */
int finishing_of(cJSON *list, struct request *rq, struct conn *c, int64_t person,
                 const char *course, struct error *e);

#endif
