/*
 * A question as pages show it: open (what may be chosen) or with its result (the right answer and
 * the rationale of every option). Whoever calls view_result has made sure that the person may see
 * it.
 */
#ifndef PAGES_QUESTION_VIEW_H
#define PAGES_QUESTION_VIEW_H
#include "course/publication.h"
#include "pages/view.h"

/* item, stem_html, is_multiple, input ("radio", "checkbox"), hint. */
void view_question(cJSON *question, const struct item *item);
/* is_answered false; options: number, option_html, is_chosen. `order`: source option numbers in the
 * order shown, NULL for the source's own. No key, no rationale. */
void view_open_question(cJSON *question, const struct item *item, const int *order,
                        const char *answer);
/* is_answered true; verdict ("right", "partly", "not-right"), verdict_words, explanation_html and
 * the options with is_key, state_words and rationale_html. */
void view_result(cJSON *question, const struct item *item, const char *answer);
/* The same in the order in which the options were shown. */
void view_result_ordered(cJSON *question, const struct item *item, const int *order,
                         const char *answer);

#endif
