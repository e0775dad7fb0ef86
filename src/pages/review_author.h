/* The part of a draft's page that is about reviews. */
#ifndef PAGES_REVIEW_AUTHOR_H
#define PAGES_REVIEW_AUTHOR_H
#include "pages/draft_view.h"

/* "review": where a link is made, the links, how many comments. 0, or -1 with e. */
int view_draft_review(cJSON *view, struct request *rq, const struct draft *d, struct error *e);

#endif
