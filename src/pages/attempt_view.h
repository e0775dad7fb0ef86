/* Between attempt_page.c (starting, the questions), attempt_answer.c (saving) and attempt_finish.c
 * (review, handing in, result). */
#ifndef PAGES_ATTEMPT_VIEW_H
#define PAGES_ATTEMPT_VIEW_H
#include "pages/study_view.h"

/* The signed-in person's attempt in the path's {attempt}; ERROR_NOT_FOUND for anybody else's. The
 * minute counts as active. */
int attempt_open(struct request *rq, struct attempt *out, struct error *e);
const char *attempt_href(struct arena *a, const char *uuid, const char *rest); /* "/review" */
/* title, id, is_pre, course, breadcrumb; answered, count, answered_words; outbox {person, keeps} */
void view_attempt(cJSON *view, struct request *rq, const struct attempt *t, const char *title);

/* What a form's answers lack, by the question's place: words to stand beside it (or NULL), and the
 * answer as it came. */
struct attempt_asking {
    const char *words[ATTEMPT_MAX_ITEMS];
    const char *given[ATTEMPT_MAX_ITEMS];
};
/* The questions: the one at place `at` from 0, or all for -1. `asking` may be NULL. */
int attempt_show(struct request *rq, const struct attempt *t, int at,
                 const struct attempt_asking *asking, int status);

int attempt_answer_save(struct request *rq, struct error *e);
int attempt_answers_save(struct request *rq, struct error *e);
int attempt_review_page(struct request *rq, struct error *e);
int attempt_hand_in(struct request *rq, struct error *e);
int attempt_result_page(struct request *rq, struct error *e);

#endif
