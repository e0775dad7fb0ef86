/*
 * The shelf: publications stored in the database (frozen bytes under their content hash) and, read
 * once and kept for the life of the process, in memory. Thread-safe; what it returns stays valid
 * until shelf_free.
 */
#ifndef COURSE_SHELF_H
#define COURSE_SHELF_H
#include "course/publication.h"
#include "db/db.h"

struct shelf;

struct shelf *shelf_create(struct db *db);
void shelf_free(struct shelf *s);

/* By row id; reads and parses the frozen bytes at first use. NULL with e when there is none. */
const struct publication *shelf_get(struct shelf *s, int64_t publication_id, struct error *e);
/* The newest publication of a course (what a new starter gets), or NULL: ERROR_NOT_FOUND. */
const struct publication *shelf_current(struct shelf *s, const char *course, struct error *e);
/* A publication of this course by content hash. */
const struct publication *shelf_by_hash(struct shelf *s, const char *course, const char *hash,
                                        struct error *e);
/* All courses' current publications, in the order of their first publication. Returns the count;
 * *list points into the shelf's snapshot and stays valid. */
int shelf_list(struct shelf *s, const struct publication *const **list);

/* Publishes what course_read returned: stores the bytes and makes it current. Nothing happens when
 * the current publication of the course already has this hash. `at` is the time of publishing. */
struct course_source;
int shelf_publish(struct shelf *s, const struct course_source *source, instant at, int64_t *id,
                  struct error *e);

/* Site blanks (courses/site.json): the text for a key, or "" when blank. */
const char *shelf_site(struct shelf *s, const char *key);
int shelf_load_site(struct shelf *s, const char *path, struct error *e);

#endif
