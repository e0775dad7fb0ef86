/*
 * Where each value of a JSON text stands: cJSON keeps no positions, so this walks the text beside
 * it. Paths read "objectives[0].verb"; the whole text is "".
 */
#ifndef COURSE_JSON_PLACES_H
#define COURSE_JSON_PLACES_H
#include "course/reader.h"

struct json_place {
    const char *path;
    int key_line, key_column; /* of the name; for elements of an array as the value */
    int line, column;         /* of the value */
};

/* Fills c->json_places. Reports names that stand twice in one object, every one of them, and blanks
 * the later ones out of `text` (a copy of the file), so that the rest can be parsed and judged too.
 * Stops quietly at a syntax error: the strict gate reports that. */
void json_places(struct course_source *c, const struct source_file *f, char *text, size_t n);

/* The place of a path, or of the nearest parent that has one. Never NULL. */
const struct json_place *json_place(const struct course_source *c, const char *path);

#endif
