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

/* What a block shows, by its kind: text_html, a lesson's piece as lesson_view.h has it, test_item,
 * reference, scene or decision. `base`: where the review's parts stand. */
int view_review_block(cJSON *item, struct request *rq, const struct publication *p,
                      const struct review_part *part, const struct course_block *block,
                      const char *base, struct error *e);

/* id, name, said_words, body, version, is_done, excerpt. */
void view_review_comment(cJSON *item, struct request *rq, const struct review_comment *said);

#endif
