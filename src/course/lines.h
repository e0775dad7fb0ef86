/*
 * Two texts compared line by line, for people to read: what went, what came, and two lines around
 * each. Not for merging.
 */
#ifndef COURSE_LINES_H
#define COURSE_LINES_H
#include "base/arena.h"

enum line_mark { LINE_SAME, LINE_REMOVED, LINE_ADDED, LINE_GAP };

struct line {
    enum line_mark mark;
    const char *text; /* without its end; "" for a gap: lines that are the same and not shown */
};

/* All in the arena. Equal texts give 0 lines. Of texts that differ in more than some thousand
 * lines, everything is said to have gone and come. */
int lines_compare(struct arena *a, const char *before, const char *after, const struct line **out);

#endif
