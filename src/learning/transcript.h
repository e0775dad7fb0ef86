/*
 * The transcript: what a person completed here, and credits from elsewhere that they added by hand.
 * External credits are the person's own notes: verified by nobody, changed and deleted at will,
 * shown to nobody else.
 */
#ifndef LEARNING_TRANSCRIPT_H
#define LEARNING_TRANSCRIPT_H
#include "base/arena.h"
#include "learning/learning.h"

#define CREDITS_MOST     500
#define CREDIT_TEXT_MAX  200    /* code points of a title or a provider */
#define CREDIT_HOURS_MAX 100000 /* hundredths */

struct transcript_line {
    const struct publication *publication; /* as it was studied */
    instant earned_at;
    instant valid_until; /* 0: it does not expire */
    bool by_assessment;
    int64_t active_minutes;
    const char *certificate_uuid; /* NULL: none yet */
};

/* Completions, the newest first. The count, or -1. */
int transcript_lines(struct conn *c, const struct learning *l, int64_t person, struct arena *a,
                     struct transcript_line **out, struct error *e);

struct external_credit {
    const char *uuid, *title, *provider;
    const char *earned_on; /* 2026-12-04 */
    int64_t hours;         /* hundredths */
};

/* The newest first. The count, or -1. */
int external_credits(struct conn *c, int64_t person, struct arena *a, struct external_credit **out,
                     struct error *e);
/* ERROR_NOT_FOUND, also for another person's. */
int external_credit_get(struct conn *c, int64_t person, const char *uuid, struct arena *a,
                        struct external_credit *out, struct error *e);

/* "1.5" or "1,5" as hundredths; false unless it is 0.01 to 1000 with two decimals at most. */
bool credit_hours_read(const char *text, int64_t *out);
/* "1.5", "12": as short as can be. */
const char *credit_hours_words(struct arena *a, int64_t hours);

/* Inside closures. `today` is the local date: a credit's day is not later. The same credit added
 * twice is one. */
int external_credit_add(struct conn *c, int64_t person, const struct external_credit *credit,
                        const char *today, instant at, struct error *e);
/* ERROR_NOT_FOUND when it is not this person's, or gone. */
int external_credit_change(struct conn *c, int64_t person, const struct external_credit *credit,
                           const char *today, struct error *e);
int external_credit_delete(struct conn *c, int64_t person, const char *uuid, struct error *e);

#endif
