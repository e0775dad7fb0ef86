/*
 * Words that a learner writes to a course's owner ("Challenge this", "Ask for an alternative"):
 * what is said beside the box, how many may come, and how both are named on pages.
 */
#ifndef PAGES_LETTERS_H
#define PAGES_LETTERS_H
#include "learning/alternative.h"
#include "learning/answer_read.h"
#include "learning/challenge.h"
#include "pages/view.h"

#define LETTER_MAX  4000                /* code points of one box */
#define LETTER_BODY ((size_t)64 * 1024) /* a form with one of them */

/* "caution": {report}: the site's reporting office, "" when that is blank. For part/caution-owner.
 */
void view_caution(cJSON *view, struct request *rq);
/* May the signed-in person send another? Else ERROR_TOO_MANY. */
int letter_take(struct request *rq, struct error *e);

/* /courses/humility/challenge?lesson=asking-well; kind is "lesson" or "item" */
const char *challenge_href(struct arena *a, const char *course, const char *kind, const char *id);
/* "the lesson “Asking well”", "the question “Why would …”" (cut to a line). */
const char *challenge_part_words(struct arena *a, const struct challenge_part *part);
/* Of an answer: answer_words, answered_words (the day), is_accepted, said, says, corrected_words.
 */
void view_challenge_answer(cJSON *item, struct request *rq, const struct challenge_answer *a);
/* Answers of the last two weeks to what the person sent, until they are read: "answered":
 * [{answered_words, href}], "has_answered", for My learning. 0, or -1 with e. */
int view_answered(cJSON *view, struct request *rq, struct error *e);
/* The page that is shown holds this answer, so it is news no longer. 0, or -1 with e. */
int letter_was_read(struct request *rq, const char *place, instant at, struct error *e);
/* Where the answer to a request about a course stands. */
const char *alternative_place(struct arena *a, const char *course);

/* /courses/humility/alternative */
const char *alternative_href(struct arena *a, const char *course);
/* "Excused", "Another way", "Declined", "Taken back", "Waiting for an answer". */
const char *alternative_outcome_words(enum alternative_outcome o);
/*
 * "alternative" of the signed-in person and a course: href, outcome ("none" or a key), is_open,
 * has_answer, may_ask, asked, asked_words (the day), outcome_words, answered_words, answer_words.
 * 0, or -1 with e.
 */
int view_alternative(cJSON *view, struct request *rq, const char *course, struct error *e);
/* "You are excused until …", "" when the person is not, NULL with e. */
const char *words_excused(struct request *rq, const char *course, struct error *e);
/* Adds "excused_words" to each item of a list, by the course that its "id" is. 0, or -1 with e. */
int view_excused(cJSON *list, struct request *rq, struct error *e);

/* A day as "2026-12-04" in words; as it is when it is none. */
const char *words_day(struct request *rq, const char *date);
/* The first n code points, with an ellipsis when there are more; line breaks become spaces. */
const char *words_cut(struct arena *a, const char *text, size_t n);

#endif
