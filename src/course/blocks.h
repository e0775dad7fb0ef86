/*
 * A course's text in blocks, as a reviewer goes through it: each paragraph, list or table of a
 * lesson, of a case's story or of the facilitator's guide; each question; each reference. A block
 * is named by its file and its own text, so the same words keep their name wherever they move in
 * the file and in every later version. A lesson's number in its file's name does not count.
 */
#ifndef COURSE_BLOCKS_H
#define COURSE_BLOCKS_H
#include "course/source.h"

#define BLOCK_ID 33 /* 32 hex digits and NUL */

enum block_kind {
    BLOCK_TEXT,      /* html */
    BLOCK_PIECE,     /* index: of the lesson's pieces (a callout) */
    BLOCK_ITEM,      /* index: of the publication's items; in a lesson, too: its own question */
    BLOCK_REFERENCE, /* index: of the publication's references */
    BLOCK_SCENE,     /* index: of the case's scenes; its heading */
    BLOCK_CHOICES    /* index: of the case's scenes; what can be chosen there */
};

struct course_block {
    enum block_kind kind;
    const char *id;   /* "" for a rule: nobody has anything to say about it */
    const char *file; /* where it is written: a lesson's question in "questions.md" */
    int line;         /* where it begins there */
    const char *text; /* plain, in one line; "" for a rule */
    const char *html; /* of BLOCK_TEXT, else "" */
    int index;        /* -1: of a course with errors, where it could not be told */
};

/* The blocks of one Markdown file of a course, without its title. Strings are the
 * source's. The count; 0 for files that nobody reads (course.json, media). */
int course_blocks(struct course_source *c, const char *path, const struct course_block **out);

/* What a file is called whatever number its lesson has: "lessons/03-asking-well.md" gives
 * "lessons/asking-well.md". */
const char *course_file_name(struct arena *a, const char *path);

#endif
