/*
 * Words in running text: percentages without a source, labels for people, promises of credit,
 * negative stems that are easily misread. All of them are warnings: an author may know better.
 */
#ifndef COURSE_PROSE_H
#define COURSE_PROSE_H
#include "course/reader.h"

enum { PROSE_PERCENT = 1, PROSE_LABELS = 2, PROSE_CREDIT = 4 };

/* One top-level block. A citation anywhere in it covers its percentages. */
void prose_check(struct course_source *c, const struct source_file *f, cmark_node *block,
                 unsigned what);
/* A short text without a place of its own, such as a title in course.json. */
bool prose_promises_credit(const char *text);
/* The question (the last sentence) says not, except or least without any mark on the word. `stem`
 * is in canonical form. */
bool prose_negative_stem(const char *stem);

#endif
