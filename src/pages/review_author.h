/* The part of a draft's page that is about reviews. */
#ifndef PAGES_REVIEW_AUTHOR_H
#define PAGES_REVIEW_AUTHOR_H
#include "pages/draft_view.h"

/* "review": where a link is made, the links, how many comments, the sign-offs. `pilot`: is the
 * draft one as it stands? 0, or -1 with e. */
int view_draft_review(cJSON *view, struct request *rq, const struct draft *d, bool pilot,
                      struct error *e);
/* Its sign-offs. 0, or -1 with e. */
int view_signoffs(cJSON *review, struct request *rq, const struct draft *d, bool pilot,
                  struct error *e);

#endif
