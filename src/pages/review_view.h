/*
 * What the pages of a review share: the parts of a course, one for each file that people read, and
 * the blocks of a part as a reviewer sees them.
 */
#ifndef PAGES_REVIEW_VIEW_H
#define PAGES_REVIEW_VIEW_H
#include "course/blocks.h"
#include "learning/review.h"
#include "pages/lesson_view.h"

struct review_part {
    const char *path; /* in the course: "lessons/03-asking-well.md" */
    const char *name; /* as people call it */
    const char *rest; /* where it stands below a review's own address: "/lesson/asking-well" */
    const char *kind; /* "Lesson", "Case", … */
    const struct lesson *lesson;         /* or NULL */
    const struct branching_case *a_case; /* or NULL */
};
/* The parts in the order in which they are read: lessons, cases, questions, references, guide. */
int review_parts(const struct course_source *c, struct arena *a, struct review_part **out);

/* One request of somebody who has a review link. */
struct review {
    struct request *rq;
    struct review_link link;
    struct course_source *source;
    const struct publication *p;
    const char *base; /* "/review/TOKEN" */
    struct review_part *parts;
    int part_count;
    struct review_comment *comments; /* of the draft, whichever link they came through */
    int comment_count;
    const struct review_comment *after; /* the reviewer's own latest, or NULL */
};
/* 0, then review_close, which gives `result` back; or -1 with e. */
int review_begin(struct review *r, struct request *rq, struct error *e);
int review_close(struct review *r, int result);
/* What the reviewer can change, or send again later, goes to the form's errors, and e is empty
 * again: the status to show the page with. 0: e stands and is the answer. */
int review_take_error(const struct review *r, struct error *e);
/* What links within the review carry on, so that the reviewer's name is kept: "?after=7", or "". */
const char *review_query(const struct review *r);
/* What stands at `rest` below the review's address; it keeps the reviewer's name. */
const char *review_href(const struct review *r, const char *rest);
/* "review": href, course_name, version, sent_by, until_words. "noindex". */
void view_review(cJSON *view, const struct review *r);
/* ERROR_TOO_MANY for who writes very fast: by link, as whoever has it may sit anywhere. */
int review_may_say(const struct review *r, struct error *e);

/* What a block shows, by its kind: text_html, a lesson's piece as lesson_view.h has it, test_item,
 * reference, scene or decision. */
int view_review_block(cJSON *item, const struct review *r, const struct review_part *part,
                      const struct course_block *block, struct error *e);

/* id, name, said_words, body, version, is_done, excerpt. */
void view_review_comment(cJSON *item, struct request *rq, const struct review_comment *said);

#endif
