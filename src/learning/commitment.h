/*
 * Commitments: "If … then I will …", what a person means to do, written down for their own eyes.
 * Writing one is never needed for anything. Texts are sealed (secret.h) and given to their owner
 * only: every function takes the owner and finds nothing of anybody else's. Saving again replaces;
 * no earlier wording is kept, and after a replacement or deletion the old bytes leave the disk
 * (commitment_forget). Outcomes are codes and stand in clear, so that they can be counted; they are
 * deleted with their commitment.
 *
 * On the days that the course names (30 and 90 after it was made) a commitment asks "Did it
 * happen?". A check is due from its day on until the owner has said how it went on or after that
 * day; the latest day due stands for those before it. How it went can be said at any time and
 * again; everything said is kept. After "no longer" nothing more is asked.
 *
 * A check stands on My learning when it is due and the page that lists it was opened (offered),
 * until it is answered, put off ("Not now": for seven days), or gone by: thirty days after it was
 * last offered, or when the next check of its commitment is due, whichever is sooner. It can be
 * answered after that, where the commitments are. After two in a row that have gone by, none is
 * offered; the row is counted among those offered since the person last said how one went, put one
 * off, made a commitment, finished a course or switched on what comes back (follow_up.h), so any of
 * these brings them back. What is switched off there is not offered here.
 */
#ifndef LEARNING_COMMITMENT_H
#define LEARNING_COMMITMENT_H
#include "base/arena.h"
#include "learning/learning.h"

#define COMMITMENT_MAX    300 /* code points of each part */
#define COMMITMENT_MOST   200 /* of one person */
#define COMMITMENT_PAUSE  (7 * INSTANT_DAY)
#define COMMITMENT_STANDS (30 * INSTANT_DAY)
#define COMMITMENT_QUIET  2 /* gone by in a row */

enum outcome { OUTCOME_DONE, OUTCOME_PARTLY, OUTCOME_NOT_YET, OUTCOME_NO_LONGER, OUTCOME__COUNT };
/* "done", "partly", "not_yet", "no_longer" */
const char *outcome_code(enum outcome o);
int outcome_read(const char *code, enum outcome *out); /* 0, or -1 */

struct commitment_answer {
    instant at;
    enum outcome outcome;
};

struct commitment {
    int64_t id;
    char uuid[37];
    const struct publication *publication; /* whose days count */
    instant made_at, saved_at;
    const char *cue, *act; /* "If CUE, then I will ACT"; NULL when it cannot be opened now */
    const char *closed;    /* why, as a sentence for its owner; NULL when it opened */
    struct commitment_answer *answers; /* oldest first */
    int answer_count;
    int due_day;     /* of the check that is due, 0: none */
    instant due_at;  /* its day */
    instant next_at; /* the day of the next one after now, 0: none */
    bool stands;     /* on My learning: due, not put off, not gone by (apart from quiet and off) */
    bool offered;    /* it stands already */
};

/* All of a person's, oldest first, as things are at `at`. The count, or -1. */
int commitment_list(struct conn *c, const struct learning *l, int64_t owner, instant at,
                    struct arena *a, struct commitment **out, struct error *e);
/* ERROR_NOT_FOUND, also for another person's. */
int commitment_get(struct conn *c, const struct learning *l, int64_t owner, const char *uuid,
                   instant at, struct arena *a, struct commitment *out, struct error *e);

struct commitment_waiting {
    struct commitment *due; /* those that stand on My learning */
    int count;
    bool any;        /* the person has made one */
    bool off, quiet; /* then count is 0 */
    instant next_at; /* when the next check comes, 0: none is planned */
};
int commitment_waiting(struct conn *c, const struct learning *l, int64_t owner, instant at,
                       struct arena *a, struct commitment_waiting *out, struct error *e);
/* Notes that what stands at `at` was listed for the person; queued, nobody waits. */
void commitment_listed(struct learning *l, int64_t owner, instant at);

/* ---- inside closures ---- */

/* The same as commitment_listed. */
int commitment_offer(struct conn *c, const struct learning *l, int64_t owner, instant at,
                     struct error *e);

struct commitment_save {
    int64_t owner;
    const struct publication *publication; /* of a new one */
    const char *uuid;                      /* NULL: a new one */
    const char *cue, *act;                 /* lines of 1 … COMMITMENT_MAX code points */
    instant base;                          /* saved_at of what the page showed */
    instant at;
    struct arena *arena;
};
/* Writes or replaces; a new one that says what another of the course says already is none. Fields
 * "cue" and "act". ERROR_CONFLICT when what stands there is not what the page showed. */
int commitment_write(struct conn *c, const struct learning *l, const struct commitment_save *s,
                     struct error *e);
/* ERROR_NOT_FOUND, also for another person's, here and below. */
int commitment_delete(struct conn *c, const struct learning *l, int64_t owner, const char *uuid,
                      struct error *e);
/* The same outcome again within a minute is the same click. */
int commitment_tell(struct conn *c, const struct learning *l, int64_t owner, const char *uuid,
                    enum outcome outcome, instant at, struct error *e);
/* Nothing to put off is fine. */
int commitment_put_off(struct conn *c, const struct learning *l, int64_t owner, const char *uuid,
                       instant at, struct error *e);

/* After the closure has returned: lets the writer clear what was replaced or deleted. */
static inline void commitment_forget(const struct learning *l)
{
    db_forget(l->db);
}

#endif
