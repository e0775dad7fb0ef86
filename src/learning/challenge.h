/*
 * "Challenge this": a learner says what is wrong in a lesson or an item; the course's owner
 * answers; what was accepted stands in the public list of corrections.
 *
 * A challenge with a name shows its asker to the owner and the answer to its asker. One without
 * keeps nothing of who wrote it: no person, no audit row, no time but the site's day, and no place
 * in any order (rows are kept by random id).
 */
#ifndef LEARNING_CHALLENGE_H
#define LEARNING_CHALLENGE_H
#include "learning/study.h"

/* What is challenged: one lesson, or one item. */
struct challenge_part {
    const struct publication *publication;
    const struct lesson *lesson; /* NULL: an item */
    const struct item *item;     /* NULL: a lesson */
};

/*
 * The part of the learner's own publication with these ids; exactly one of them is not NULL. An
 * item of the learning check is found only once the learner has handed in a check that held it,
 * or answered it when it came back afterwards: before, its stem is none of the learner's business.
 * ERROR_NOT_FOUND.
 */
int challenge_find_part(struct conn *c, struct learning *l, const struct enrolment *en,
                        const char *lesson, const char *item, struct challenge_part *out,
                        struct error *e);

/* Inside a closure. person 0: anonymous. source may be "". The new one's uuid is written to `uuid`;
 * the same words once more, while they wait for an answer, are the one that is there. */
int challenge_add(struct conn *c, const struct challenge_part *part, int64_t person,
                  const char *wrong, const char *source, const struct zone *zone, instant at,
                  char uuid[37], struct error *e);

/* Inside a closure, when a person's account is deleted: up to `max` of their challenges become
 * anonymous ones, whose time tells the day only. Returns how many, or -1. */
int64_t challenges_forget_sender(struct conn *c, int64_t person, const struct zone *zone,
                                 int64_t max, struct error *e);

/* ---- the owner's answer ---- */

struct challenge_answer {
    int64_t id; /* 0: there is none yet */
    bool accepted;
    const char *words;
    const char *said, *says;  /* accepted: what the course said and what it says now */
    const char *corrected_on; /* accepted: since which day, "2026-12-04" */
    instant at;
};

struct challenge {
    const char *uuid;
    struct challenge_part part;
    int64_t person; /* 0: anonymous */
    const char *wrong, *source;
    instant at;
    struct challenge_answer answer; /* the one that counts */
};

/* Inside a closure. `seen` is the id of the answer that whoever answers has seen (0: none): another
 * one in the meantime is ERROR_CONFLICT. Earlier answers are kept. */
int challenge_answer(struct conn *c, const char *uuid, int64_t seen,
                     const struct challenge_answer *answer, int64_t actor, instant at,
                     struct error *e);

/* ---- lists; strings in the arena; each returns the count or -1 ---- */

#define CHALLENGES_PAGE 50

/* ERROR_NOT_FOUND when there is none. */
int challenge_get(struct conn *c, struct learning *l, const char *uuid, struct arena *a,
                  struct challenge *out, struct error *e);
/* Those without an answer, the oldest day first, at most CHALLENGES_PAGE. */
int challenges_open(struct conn *c, struct learning *l, struct arena *a, struct challenge **out,
                    struct error *e);
int64_t challenges_open_count(struct conn *c, struct error *e);
/* Those with one, the latest answer first; pages count from 1. */
int challenges_answered(struct conn *c, struct learning *l, int64_t page, struct arena *a,
                        struct challenge **out, bool *more, struct error *e);
/* One person's own, the latest first, at most CHALLENGES_PAGE. */
int challenges_of(struct conn *c, struct learning *l, int64_t person, struct arena *a,
                  struct challenge **out, struct error *e);
/* A course's corrections, the newest first; pages count from 1. */
int corrections_of(struct conn *c, struct learning *l, const char *course, int64_t page,
                   struct arena *a, struct challenge **out, bool *more, struct error *e);

#endif
