/*
 * Making one certificate, inside a closure: for this room only (completion.c makes the first of an
 * enrolment, certificate_change.c those that follow it).
 */
#ifndef LEARNING_ISSUE_H
#define LEARNING_ISSUE_H
#include "learning/learning.h"

struct issue {
    int64_t person, enrolment;
    const struct publication *publication; /* as it was completed */
    bool by_assessment;
    instant earned_at, issued_at;
    instant valid_until; /* 0: it does not expire */
    bool not_shared;     /* its link shows nothing, as that of the one before */
    bool renewed;        /* earned again, by passing the learning check once more */
    int64_t actor;       /* in the ledger: a person */
    const char *reason;  /* likewise: why another one is made, "" for the first */
    /* made by issue_place and issue_sign */
    int64_t list, index;
    char uuid[37], subject[37], token[27];
    const char *json, *key; /* in the arena; the key that signed */
    /* made by issue_store */
    int64_t id;
};

/* Can one be made now in this name (NULL: not confirmed)? 0, or -1 and why not: ERROR_BUSY,
 * ERROR_INVALID on "certificate_name". */
int issue_hindrance(struct learning *l, const char *name, struct error *e);

/* Until when a certificate of what was earned then is good; 0: it does not expire. */
instant issue_valid_until(const struct publication *p, instant earned_at);

/* Takes a random place in a status list that no certificate has had. */
int issue_place(struct conn *c, struct issue *x, struct error *e);
/* Draws uuid and token and signs. ERROR_INVALID: what is to be signed cannot be. */
int issue_sign(struct learning *l, struct issue *x, const char *name, struct arena *a,
               struct error *e);

/* The row, the ledger; it is the enrolment's present one from now on, so there must be no other.
 * What waits for the enrolment (a renewal, say) goes on waiting. */
int issue_store(struct conn *c, struct issue *x, struct error *e);

#endif
