/* A person's commitments as rows say they are, between commitment.c and commitment_check.c. */
#ifndef LEARNING_COMMITMENT_CHECK_H
#define LEARNING_COMMITMENT_CHECK_H
#include "learning/commitment.h"

/* What was noted of one check. Instants are the latest of their kind, 0: never. */
struct noted {
    int64_t commitment;
    int day;
    instant offered_at, put_off_at;
};

struct notes {
    struct noted *list; /* in the order in which they were first offered */
    int count;
    instant sign_at; /* the person last said how one went, put one off or made one */
};

/* Reads what was noted, into `notes` and each commitment's answers. */
int checks_read(struct conn *c, int64_t owner, struct arena *a, struct commitment *list, int count,
                struct notes *out, struct error *e);
/* Fills in due_day, due_at, next_at, stands and offered. */
void checks_judge(struct commitment *m, const struct notes *notes, instant at);
/* Were the last two offered since `since` let go by? */
bool checks_quiet(const struct commitment *list, int count, const struct notes *notes,
                  instant since, instant at);

#endif
