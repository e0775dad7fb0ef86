/*
 * How a course is written: courses/AUTHORING.md, which the build takes into the program, so that an
 * author without a terminal reads it on the site.
 */
#ifndef COURSE_GUIDE_H
#define COURSE_GUIDE_H
#include "base/arena.h"

/* As HTML without its title, safe to print raw. In the arena. */
const char *guide_html(struct arena *a);

#endif
