/* The pre-test on other pages: the course page offers it, the result of a passed check compares. */
#ifndef PAGES_PRETEST_VIEW_H
#define PAGES_PRETEST_VIEW_H
#include "learning/pretest.h"
#include "pages/study_view.h"

/* "pretest": {is_open, title, action, skip_action, open_href}, or false when it is not offered. */
int view_pretest_offer(cJSON *view, struct request *rq, const struct enrolment *en,
                       struct error *e);

/* "before_now": {words, items [{number, href, stem, before_words, now_words}]}; false unless `t`
 * was passed and there was a pre-test. */
int view_before_now(cJSON *view, struct request *rq, const struct attempt *t, struct error *e);

/* "result_href" of the check that was passed first, "before_now_href" to the comparison on it; ""
 * where there is none. */
int view_check_result(cJSON *view, struct request *rq, const struct progress *mine,
                      struct error *e);

/* The page that a pre-test ends on; it says nothing of what was right. */
int pretest_thanks(struct request *rq, const struct attempt *t, struct error *e);

#endif
