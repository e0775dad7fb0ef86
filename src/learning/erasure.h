/*
 * The deletion of an account. Whoever leaves takes along what says who they were, and what they
 * wrote and did for themselves; what others rely on stays, under a number in place of a name.
 *
 *   goes    name, addresses, staff number, password, sign-in links, sessions, the name for
 *           certificates, profile, titles; private writing, follow-ups, answers inside lessons,
 *           choices in cases, visits and minutes, what was not handed in, credits from elsewhere,
 *           requests for an alternative; who sent a challenge; certificates that were not made yet
 *   ends    appointments, roles, review links they gave out: at this instant, as facts
 *   stays   ledger and audit (ids only), completions, learning checks handed in (they prove the
 *           completions) and pre-tests, so that figures of the past stay as they are; certificates,
 *           as they were signed, with their links as the holder left them; drafts and publications
 *
 * The row of the person stays with FORMER_MEMBER for a name. First everything that others see or
 * somebody could sign in with goes in one closure; then the rest in pieces, each a short closure.
 * Cut short in between, nothing half-done can be seen, and the clock finishes it.
 */
#ifndef LEARNING_ERASURE_H
#define LEARNING_ERASURE_H
#include "learning/learning.h"
#include "learning/people.h"

#define FORMER_MEMBER      "Former member"
#define ERASURE_REASON_MAX 300 /* code points of the typed reason */
#define ERASURE_PIECE      500 /* rows deleted by one piece at most */
#define ERASURE_LEFT_MOST  24

/* What a deletion would meet. */
struct erasure_plan {
    int64_t completions, certificates;
    int64_t certificates_waiting; /* they will never be made */
    int64_t reflections, commitments, challenges;
    int64_t drafts;          /* owned; they stay, with nobody for an owner */
    bool last_administrator; /* then it is refused */
    struct {
        const char *role, *department; /* department NULL: of the whole site */
    } left[ERASURE_LEFT_MOST];         /* roles that nobody will have any more */
    int left_count;
};
/* Texts in the arena. */
int erasure_plan(struct conn *c, int64_t person, instant at, struct arena *a,
                 struct erasure_plan *out, struct error *e);

/*
 * Deletes the account and everything that goes with it, and signs the person out at once. Of one
 * that was deleted before, it deletes what is left. actor: a person, or AUDIT_COMMAND_LINE; reason:
 * a line of 1 to 300 code points without the person's name, for the audit.
 *
 * ERROR_INVALID on "reason"; ERROR_CONFLICT for the last administrator; ERROR_NOT_FOUND. After any
 * other error it may have begun: then nobody can sign in or read the name, and the clock goes on.
 */
int erasure_run(struct learning *l, int64_t person, int64_t actor, const char *reason,
                struct error *e);

/* For the clock: goes on with deletions that were cut short, and looks once more, some minutes
 * later, for what a request that was under way has written. */
int erasures_go_on(struct learning *l, struct error *e);

/* ---- inside closures ---- */

struct erasure {
    int64_t person, actor;
    const char *reason;
    instant at;
};
/* The first one. An account that is deleted already stays as it is. */
int erasure_begin(struct conn *c, const struct erasure *x, struct error *e);
/* Each further one: deletes up to ERASURE_PIECE rows. *rows 0: nothing was left. */
int erasure_piece(struct conn *c, int64_t person, const struct zone *zone, int64_t *rows,
                  struct error *e);

#endif
