/*
 * What changed under somebody's hands. For who has not finished a course: what took them along to a
 * newer publication since they were last there. For who has: corrections to be told of, and new
 * material to read. The reading is an enrolment of its own with a base publication (the one they
 * know); only lessons that are new or have changed since count. It never touches the completion or
 * its certificate.
 */
#ifndef LEARNING_UPDATE_H
#define LEARNING_UPDATE_H
#include "course/change.h"
#include "learning/study.h"

struct correction {
    const char *hash, *note; /* the publication that corrected, and what it says of it */
    instant at;
};

struct update {
    bool open;                /* begun and not finished */
    int to_read, read;        /* lessons that are new or have changed; of these, done */
    const char *note;         /* what the latest new material says of itself, or "" */
    struct progress progress; /* of the latest reading, open or finished; enrolment.id 0: none */
    struct correction *corrections; /* not put away yet, the newest first */
    int correction_count;
};

/* `en` is the course as it was finished. Quick when nothing was published since. In the arena. */
int update_load(struct conn *c, struct learning *l, const struct enrolment *en, struct arena *a,
                struct update *out, struct error *e);

/* Inside a closure. The reading that is open, or a new one of the newest publication.
 * ERROR_CONFLICT when the course is not finished, or nothing is new. */
int update_begin(struct conn *c, struct learning *l, int64_t person, const char *course, instant at,
                 struct rng *rng, struct enrolment *out, struct error *e);

/* Inside a closure: the corrections up to now have been seen. */
int corrections_put_away(struct conn *c, int64_t person, const char *course, instant at,
                         struct error *e);

/* ---- before the course is finished ---- */

struct moved {
    const char *hash, *note; /* the latest correction among them, else the latest typo */
    enum change_kind kind;
    instant at;
    int count; /* how many publications took them along since */
};

/* Of somebody under way: 1 when they were moved since they last opened or did anything of the
 * course, 0, or -1. Nothing is written: going on with the course is what ends it. */
int update_moved(struct conn *c, const struct progress *p, struct arena *a, struct moved *out,
                 struct error *e);

/* ---- for this room ---- */

/* Completes a progress of a reading from its visits. */
int update_progress(struct conn *c, struct learning *l, struct arena *a, struct progress *p,
                    struct error *e);
/* Inside a closure: is everything new read? Then the ledger says so ("updated"). */
int update_try(struct conn *c, struct learning *l, const struct enrolment *en, instant at,
               struct error *e);

#endif
