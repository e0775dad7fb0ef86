/* A plan of publishing (learning/publishing.h) as the administrator's pages show it. */
#ifndef PAGES_PUBLISHING_VIEW_H
#define PAGES_PUBLISHING_VIEW_H
#include "learning/publishing.h"
#include "pages/view.h"

const char *publishing_href(struct arena *a, const char *course);
/* Where the plan is looked at: the course's page, or the draft's. */
const char *plan_href(struct arena *a, const struct publish_plan *plan);

/* "Review due in 12 days", when it is near or past; "" otherwise. */
const char *words_review(struct request *rq, const struct publication *p);
/* What a kind does, in a sentence with its numbers. */
const char *words_reach(struct arena *a, const struct publish_choice *it);

/* "Waits for the site’s reporting office in site.json"; "" when it waits for no blank. */
const char *words_blank(struct arena *a, const struct course_folder *folder);

/* What an author sent: {id, name, course, href, draft_href, version, owner, saved_by, sent_by,
 * sent_words, present_version, has_moved_on}. */
void view_draft_ready(cJSON *it, struct request *rq, const struct draft_ready *d);

/* id, href, folder, has_source, draft (or false), current_version, current_hash, next_version,
 * next_hash, version_words (what speaks against its number, or ""), is_first, is_unchanged,
 * blocked, unfinished, finished, review_words. */
void view_plan(cJSON *view, struct request *rq, const struct publish_plan *plan);
/* "problems": what stops it, by place; "has_problems". */
void view_plan_problems(cJSON *view, struct request *rq, const struct publish_plan *plan);
/* "changes" (pages/versions.h), has_changes, has_moved. */
void view_plan_differences(cJSON *view, struct request *rq, const struct publication_diff *d,
                           bool with_lines);
/* "choices": the kinds with their numbers, or why not; "may_publish". */
void view_plan_choices(cJSON *view, struct request *rq, const struct publish_plan *plan);
/* "publications": the course's records, each with its "writer" and "draft_href" when it was made
 * from a draft; "has_publications". 0, or -1 with e. */
int view_plan_history(cJSON *view, struct request *rq, const char *course, struct error *e);

#endif
