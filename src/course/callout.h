/* The callouts of a lesson: from a quote that begins with "[!WORD …]" to a piece. */
#ifndef COURSE_CALLOUT_H
#define COURSE_CALLOUT_H
#include "course/markdown.h"

struct lesson_draft {
    struct course_source *c;
    const struct source_file *file;
    struct lesson lesson;
    struct lesson_facts facts;
    struct list pieces;
    struct buf html; /* since the last callout */
};

/* Fills *piece; or sets *key for a KEY callout, which becomes part of the HTML. False when it was
 * reported instead. Takes the marker out of the quote in any case. */
bool callout_piece(struct lesson_draft *d, cmark_node *quote, const struct callout *callout,
                   struct piece *piece, bool *key);
void callout_key(struct course_source *c, cmark_node *quote, struct buf *html);

#endif
