/*
 * A new course to begin with: small, complete and without errors, from the files in skeleton/,
 * which say as they go along how a course is written.
 */
#ifndef COURSE_SKELETON_H
#define COURSE_SKELETON_H
#include "base/error.h"
#include "course/source.h"

/* ERROR_INVALID on "id" (an id as the format has it) or "title" (a line of 1–120 characters).
 * `owner` is written in as owner and author. In the arena, sorted by path. */
int skeleton_make(const char *id, const char *title, const char *owner, instant today,
                  struct arena *a, struct course_file **files, int *count, struct error *e);

/* What a new text file of this path begins with: "lessons/03-asking-well.md" gives
 * "# Asking well\n". */
const char *skeleton_begin(const char *path, struct arena *a);

#endif
