/*
 * Mustache templates: the required modules of the specification v1.3 (comments, delimiters,
 * interpolation, inverted, partials, sections), rendered from a cJSON view. Parsed once at start;
 * a parsed set is read-only and may be used by any number of threads.
 *
 * A template's name is its path below the folder without ".mustache", e.g. "lesson" or
 * "part/header"; partials name each other the same way. {{name}} is escaped for HTML;
 * {{{name}}} and {{&name}} are not and are allowed by a test only for fields made by the course
 * renderer. Dotted names and {{.}} work. A section is left out, and its inverse shown, when the
 * value is absent, null, false, "" or the empty list; the number 0 is a value like any other.
 * Lists and objects as {{name}} show nothing; whole numbers show without a point, others by %.15g.
 * Rendering is bounded: partial depth 32, a million items and partials, output by the buf.
 */
#ifndef BASE_MUSTACHE_H
#define BASE_MUSTACHE_H
#include "base/buf.h"
#include "base/error.h"
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

struct templates;

struct templates *templates_create(void);
void templates_free(struct templates *t); /* NULL is fine */
/* Parses and adds one; the text is copied. -1 with name:line in the message. */
int templates_add(struct templates *t, const char *name, const char *text, size_t n,
                  struct error *e);
bool templates_has(const struct templates *t, const char *name);
/* A partial that does not exist renders as nothing (the specification); the named template must
 * exist. */
int templates_render(const struct templates *t, const char *name, const cJSON *view,
                     struct buf *out, struct error *e);

#endif
