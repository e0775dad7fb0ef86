/*
 * "Ask for an alternative": a learner asks the center for another way through a course, without
 * saying why; the center excuses (a waiver), offers another way, or declines in words. Chairs learn
 * nothing of it: their roster reads the waiver alone. Requests and answers are append-only.
 */
#ifndef LEARNING_ALTERNATIVE_H
#define LEARNING_ALTERNATIVE_H
#include "learning/learning.h"

enum alternative_outcome {
    ALTERNATIVE_OPEN,
    ALTERNATIVE_EXCUSED,
    ALTERNATIVE_ANOTHER,
    ALTERNATIVE_DECLINED,
    ALTERNATIVE_WITHDRAWN, /* by the person who asked */
    ALTERNATIVE__COUNT
};
/* "open", "excused", "another", "declined", "withdrawn". */
const char *alternative_outcome_key(enum alternative_outcome o);
/* From a key that an answer may have (all but open and withdrawn); false when it is none. */
bool alternative_outcome_read(const char *key, enum alternative_outcome *out);

struct alternative {
    const char *uuid, *course, *words;
    int64_t person;
    instant at;
    int64_t answer; /* id of the answer that counts; 0: open */
    enum alternative_outcome outcome;
    const char *answer_words; /* "" when open or withdrawn */
    instant answered_at;
    instant until; /* of an excuse: when it ends; 0: without an end, or no excuse */
};

/* Inside a closure. ERROR_CONFLICT while the person's last request for this course is open; the
 * same words once more are that request. */
int alternative_ask(struct conn *c, int64_t person, const char *course, const char *words,
                    instant at, char uuid[37], struct error *e);
/* Inside a closure: the person takes the open request for this course back. ERROR_NOT_FOUND when
 * there is none. */
int alternative_withdraw(struct conn *c, int64_t person, const char *course, instant at,
                         struct error *e);

struct alternative_answer {
    enum alternative_outcome outcome; /* excused, another or declined */
    const char *words;
    instant until; /* of an excuse; 0: without an end */
};
/* Inside a closure. `seen` is the answer that whoever answers has seen (0: none): another one in
 * the meantime is ERROR_CONFLICT. A new answer takes the place of the one before, whose excuse ends
 * at this instant. */
int alternative_give(struct conn *c, const char *uuid, int64_t seen,
                     const struct alternative_answer *answer, int64_t actor, instant at,
                     struct error *e);

/* ---- reading; strings in the arena ---- */

#define ALTERNATIVES_PAGE 50

/* ERROR_NOT_FOUND when there is none. */
int alternative_get(struct conn *c, const char *uuid, struct arena *a, struct alternative *out,
                    struct error *e);
/* The person's last request for a course: 1, 0 when there is none, -1. */
int alternative_latest(struct conn *c, int64_t person, const char *course, struct arena *a,
                       struct alternative *out, struct error *e);
/* A person's own, the latest first, at most ALTERNATIVES_PAGE. The count or -1, as below. */
int alternatives_of(struct conn *c, int64_t person, struct arena *a, struct alternative **out,
                    struct error *e);
/* Those without an answer, the oldest first. */
int alternatives_open(struct conn *c, struct arena *a, struct alternative **out, struct error *e);
int64_t alternatives_open_count(struct conn *c, struct error *e);
/* Those with one, the latest answer first; pages count from 1. */
int alternatives_answered(struct conn *c, int64_t page, struct arena *a, struct alternative **out,
                          bool *more, struct error *e);

#endif
