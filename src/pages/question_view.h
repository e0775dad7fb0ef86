/*
 * A question as pages show it: open (what may be chosen) or with its result (the right answer and
 * the rationale of every option). Whoever calls view_result has made sure that the person may see
 * it.
 */
#ifndef PAGES_QUESTION_VIEW_H
#define PAGES_QUESTION_VIEW_H
#include "course/publication.h"
#include "pages/view.h"

/*
 * item, type, stem_html; is_choice, is_order, is_match; is_multiple, input ("radio", "checkbox");
 * hint, which says how credit is given where there can be part of it; columns {left, right} for a
 * match, else false.
 */
void view_question(cJSON *question, const struct item *item);

/*
 * is_answered false, is_set (an order that was answered) and options: number, option_html,
 * is_chosen, and for order and match `choices`, the places or partners to choose from: value (as an
 * answer names it: "3:1"), words, is_chosen. An order that was answered stands in the order given;
 * `answer` may also be places as they came ("3:1,1:1"), to be put right. `layout` NULL is the
 * source's own, for choices only. No key, no rationale.
 */
void view_open_question(cJSON *question, struct arena *a, const struct item *item,
                        const struct item_layout *layout, const char *answer);

/* Of the page, for its error summary: "has_errors" and "errors", which name the question `id` and
 * what its answer lacks; none where `why` is NULL. */
void view_unanswered(cJSON *view, const char *id, const char *why);

/*
 * is_answered true; verdict ("right", "partly", "not-right"), verdict_words, credit_words ("" where
 * there is no part credit), explanation_html and the options: number, option_html, is_chosen,
 * is_right (a right choice; an entry in its place; a pair that is right), state_words,
 * rationale_html; place_words ("1st", of an order, which stands as it should), partner_html (of a
 * match), and choices is_key. `layout` as above.
 */
void view_result(cJSON *question, struct arena *a, const struct item *item,
                 const struct item_layout *layout, const char *answer);

/* An answer as a person reads it: "“Norms are clear” and “…”", "“A”, then “B”", "“A” with “B”"; "no
 * answer" for "". */
const char *answer_words(struct arena *a, const struct item *item, const char *answer);

/* Thousandths as points: "7", "6.5"; rounded down, so that nearly is never shown as enough. */
const char *words_points(struct arena *a, int64_t mark);

#endif
