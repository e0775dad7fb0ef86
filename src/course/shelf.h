/*
 * The shelf: publications stored in the database (frozen bytes under their content hash) and, read
 * once and kept for the life of the process, in memory. Thread-safe; what it returns stays valid
 * until shelf_free.
 */
#ifndef COURSE_SHELF_H
#define COURSE_SHELF_H
#include "course/change.h"
#include "course/publication.h"
#include "db/db.h"

struct shelf;

struct shelf *shelf_create(struct db *db); /* db must outlive it */
void shelf_free(struct shelf *s);          /* and every publication it gave; NULL is fine */

/* By row id; reads and parses the frozen bytes at first use. NULL with e when there is none. */
const struct publication *shelf_get(struct shelf *s, int64_t publication_id, struct error *e);
/* The newest publication of a course (what a new starter gets), or NULL: ERROR_NOT_FOUND. */
const struct publication *shelf_current(struct shelf *s, const char *course, struct error *e);
/* A publication of this course by content hash. */
const struct publication *shelf_by_hash(struct shelf *s, const char *course, const char *hash,
                                        struct error *e);
/* All courses' current publications, in the order of site.json's "curriculum", then of
 * their first publication. Returns the count; *list points into the shelf's snapshot and stays
 * valid. */
int shelf_list(struct shelf *s, const struct publication *const **list);

/* The files that a publication was frozen from, in the arena. */
struct arena;
struct course_file;
int shelf_files(struct shelf *s, int64_t publication_id, struct arena *a,
                struct course_file **files, int *count, struct error *e);

/* Publishes what course_read returned: stores the bytes and makes it current. Nothing happens when
 * the current publication of the course already has this hash. The first publication of a course is
 * always CHANGE_FIRST; whether a later one may be called by its kind, the caller has found out
 * (course/diff.h). ERROR_CONFLICT when another publication than `after` is the current one now. */
struct publish_as {
    enum change_kind kind;
    const char *note; /* for learners: what changed; "" for none */
    int64_t by;       /* person; 0: the command line */
    instant at;
    int64_t after; /* the publication it was compared with, 0: there is none; -1: whichever it is */
    /* What has to be on disk together with the publication: runs in the same closure once its row
     * is there, and not when nothing is published. NULL: nothing. */
    int (*with)(struct conn *c, void *arg, int64_t publication, struct error *e);
    void *with_arg;
};
struct course_source;
int shelf_publish_as(struct shelf *s, const struct course_source *source,
                     const struct publish_as *as, int64_t *id, struct error *e);

/* What stops the source from being published now: errors, a review date that has passed, a blank
 * that the site has to fill, an item that another course has. 0, or -1 naming the first. */
int shelf_may_publish(struct shelf *s, const struct course_source *source, struct error *e);

/* One row of a course's history. Strings in the arena. */
struct publication_record {
    int64_t id;
    const char *hash, *version, *title;
    enum change_kind kind;
    const char *note;
    instant at;
    int64_t by;
};
/* All publications of a course, the newest first. The count, 0 when there are none, or -1. */
struct arena;
int publication_history(struct conn *c, const char *course, struct arena *a,
                        struct publication_record **out, struct error *e);

/* Site blanks (courses/site.json): the text for a key, or "" when blank; valid until shelf_free. */
const char *shelf_site(struct shelf *s, const char *key);
/* Reads them anew. -1 with e: what was read before stays. */
int shelf_load_site(struct shelf *s, const char *path, struct error *e);

#endif
