/*
 * Completion and its certificate, in one transaction. A completion never depends on a certificate:
 * when one cannot be made, certificate_pending says why and certificate_issue_pending makes it
 * later with awardedDate = when it was earned. One certificate for each enrolment, whatever is
 * clicked twice.
 */
#ifndef LEARNING_CERTIFICATE_H
#define LEARNING_CERTIFICATE_H
#include "learning/study.h"

/* Inside a closure: does the enrolment now meet its course's rule? Then the ledger's "completed"
 * row, the projection and the certificate. Harmless when already completed. */
int completion_try(struct conn *c, struct learning *l, const struct enrolment *en, instant at,
                   bool *completed_now, struct error *e);

struct certificate {
    int64_t id, person;
    const char *uuid, *token;
    const char *course;
    const struct publication *publication;
    instant earned_at, issued_at;
    bool by_assessment;
    const char *bytes; /* the signed credential, exactly as served */
    int64_t status_list, status_index;
};

/* By the public link's token (any case, '-' and spaces skipped). ERROR_NOT_FOUND. */
int certificate_by_token(struct conn *c, struct learning *l, const char *token, struct arena *a,
                         struct certificate *out, struct error *e);
/* A person's certificates, newest first. Returns the count or -1. */
int certificate_list(struct conn *c, struct learning *l, int64_t person, struct arena *a,
                     struct certificate **out, struct error *e);
/* Inside a closure: tries up to `max` of those that wait, the enrolments after *after (0: from the
 * first), and moves *after on; 0 when it came to the end. What cannot be made yet goes on waiting
 * and is in nobody's way. Returns how many were made, or -1. */
int certificate_issue_pending(struct conn *c, struct learning *l, int max, int64_t *after,
                              instant at, struct error *e);

/* The signed status list N as served: signed anew when older than a day. ERROR_NOT_FOUND;
 * ERROR_BUSY while there is no key to sign with. In the arena. */
struct status_cache;
struct status_cache *status_cache_create(void);
void status_cache_free(struct status_cache *s);
int status_list_get(struct status_cache *s, struct conn *c, struct learning *l, int64_t list,
                    instant at, struct arena *a, const char **json, struct error *e);

/* Checks each stored certificate's bytes against its hash and signature. 0 and the count, or -1
 * naming the first that does not hold. */
int certificate_verify_all(struct conn *c, struct learning *l, int64_t *count, struct error *e);

#endif
