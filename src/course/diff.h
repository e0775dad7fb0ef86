/*
 * Two publications of one course compared: lesson by lesson, item by item, and case, reference,
 * image and metadata likewise. From this follow which kinds of change are allowed, and what a
 * learner has to read again.
 */
#ifndef COURSE_DIFF_H
#define COURSE_DIFF_H
#include "base/arena.h"
#include "base/error.h"
#include "course/change.h"
#include "course/lines.h"
#include "course/publication.h"

enum thing_kind {
    THING_METADATA, /* course.json */
    THING_LESSON,
    THING_ITEM,
    THING_CASE,
    THING_REFERENCE,
    THING_GUIDE, /* facilitator.md */
    THING_MEDIA,
    THING__COUNT
};
enum thing_change { THING_UNCHANGED, THING_CHANGED, THING_ADDED, THING_REMOVED };

struct difference {
    enum thing_kind kind;
    const char *id, *title; /* an item's title is its stem, a lesson's its heading */
    enum thing_change change;
    bool for_check; /* an item of the learning check: its text holds a key that must not get out */
    /* What of it a typo must not touch has changed, in words ("its right answer"); NULL: words only
     */
    const char *beyond_words;
    const struct line *lines; /* of its source, when it was changed; NULL for references, images */
    int line_count, lines_added, lines_removed;
};

struct publication_diff {
    const struct publication *before, *after;
    struct difference *list; /* in the order of `after`; what went stands behind its kind */
    int count, changed;      /* changed: those that are not unchanged */
    bool lessons_moved;      /* the same lessons in another order */
    int lessons_to_read;     /* lessons that are new or changed */
};

const char *thing_kind_name(enum thing_kind kind);       /* "lesson" */
const char *thing_kind_words(enum thing_kind kind);      /* "Lesson" */
const char *thing_change_name(enum thing_change change); /* "changed" */

/* In the arena; publications must outlive it. */
struct publication_diff *publication_diff(struct arena *a, const struct publication *before,
                                          const struct publication *after);

/* May this change be called by this kind? 0, or -1 with a message that names the first thing that
 * speaks against it and says what to choose. */
int change_allowed(const struct publication_diff *d, enum change_kind kind, struct error *e);

/* Is a lesson (its text and the questions in it), a case, word for word the same in both? */
bool lesson_same(const struct publication *a, const struct publication *b, const char *id);
bool case_same(const struct publication *a, const struct publication *b, const char *id);

#endif
