/* Answers that people of a demonstration give. */
#ifndef CLI_DEMO_ANSWER_H
#define CLI_DEMO_ANSWER_H
#include "base/random.h"
#include "course/publication.h"

/* An answer with `right` deciding; a wrong one is one that could be given to what was shown. */
void demo_answer(struct rng *r, const struct item *item, const struct item_layout *shown,
                 bool right, char out[ANSWER_ROOM]);

#endif
