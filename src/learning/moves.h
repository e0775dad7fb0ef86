/*
 * Which publication somebody stands on. Nobody's row is rewritten when a course is published: where
 * an enrolment stands is found from the one it began with, by following the publications that came
 * since.
 *
 *   a typo        takes along everybody who stands on the publication just before it
 *   a correction  takes along everybody who has not finished
 *   a minor or material change takes along nobody; but the reading of what is new, begun by
 *   somebody who had finished and still open, goes on to newer material
 *
 * Who has finished stays on what they finished, typos apart. An attempt always keeps the
 * publication it was started with.
 */
#ifndef LEARNING_MOVES_H
#define LEARNING_MOVES_H
#include "course/change.h"
#include "learning/learning.h"

struct standing {
    int64_t from;  /* publication of the enrolment, or the one it was finished under */
    bool finished; /* the course; of a delta: the reading of what is new */
    bool delta;    /* for somebody who had finished already */
};

/* The publication stood on. One short query, none when `from` is the newest (pass it as `newest`,
 * 0: not known). -1 with e. */
int64_t moves_follow(struct conn *c, const char *course, const struct standing *s, int64_t newest,
                     struct error *e);

/*
 * Is what was done of a lesson (of a case) under publication `from` still done under `to`? Yes when
 * it is word for word the same, or when it was changed by typos only. 1, 0, or -1 with e.
 */
int moves_lesson_stays(struct conn *c, struct learning *l, int64_t from,
                       const struct publication *to, const char *lesson, struct error *e);
int moves_case_stays(struct conn *c, struct learning *l, int64_t from, const struct publication *to,
                     const char *case_id, struct error *e);
/* The same of a case reached to an end, known by the hash of its source then ("" : not noted, so it
 * is the one of `begun_under`). */
int moves_case_done_stays(struct conn *c, struct learning *l, int64_t begun_under,
                          const struct publication *to, const char *case_id, const char *hash,
                          struct error *e);

/* What came after a publication. */
struct later {
    int64_t id;
    enum change_kind kind;
    instant at;
};
#define LATER_MAX 1000
/* The count (oldest first, in the arena), or -1. */
int moves_later(struct conn *c, const char *course, int64_t after, struct arena *a,
                struct later **out, struct error *e);
/* Those of them that took somebody along. */
int moves_taken(struct conn *c, const char *course, const struct standing *s, struct arena *a,
                struct later **out, struct error *e);

/* What somebody goes by who has finished and knows `p`: `p` itself, or the latest correction since
 * (with what was put right in it). Nobody's lessons or certificate move with it. NULL with e. */
const struct publication *moves_corrected(struct conn *c, struct learning *l,
                                          const struct publication *p, struct error *e);

#endif
