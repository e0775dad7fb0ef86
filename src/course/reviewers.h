/*
 * Who has reviewed a course, as its course.json says, and what a review is of. A reviewer signs the
 * course's content: every file, and of course.json all but "reviewers" and "stage", which a review
 * changes.
 */
#ifndef COURSE_REVIEWERS_H
#define COURSE_REVIEWERS_H
#include "course/source.h"

struct course_reviewer {
    const char *name, *role, *date; /* "2026-12-04" */
};

/* course.json with one reviewer more, once however often, and with `release` out of pilot; the rest
 * of the text stays byte for byte. ERROR_CONFLICT when the text cannot be changed so: it says why.
 */
int course_json_review(const char *json, size_t n, const struct course_reviewer *r, bool release,
                       struct buf *out, struct error *e);

/* The files whose content differs: "course.json, lessons/02-b.md and 3 more", or "". Each list is
 * sorted by path. */
const char *course_content_differs(const struct course_file *a, int a_count,
                                   const struct course_file *b, int b_count, struct arena *arena);

#endif
