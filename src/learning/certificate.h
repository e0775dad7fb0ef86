/*
 * Completion and its certificate, in one transaction. A completion never depends on a certificate:
 * when one cannot be made, certificate_pending says why and certificate_issue_pending makes it
 * later with awardedDate = when it was earned. One present certificate for each enrolment, whatever
 * is clicked twice; a changed name or a new key makes another, and the one before is superseded.
 * What was issued is never changed and never deleted, only withdrawn (for good).
 */
#ifndef LEARNING_CERTIFICATE_H
#define LEARNING_CERTIFICATE_H
#include "learning/study.h"

/* Inside a closure: does the enrolment now meet its course's rule? Then the ledger's "completed"
 * row, the projection and the certificate. Harmless when already completed. */
int completion_try(struct conn *c, struct learning *l, const struct enrolment *en, instant at,
                   bool *completed_now, struct error *e);

#define RENEW_EARLY (60 * INSTANT_DAY)
/* From when on one that is good until then may be renewed: RENEW_EARLY before, and of one that is
 * good for a few months only, in the second half of its time. */
instant certificate_renews_from(const struct publication *p, instant valid_until);

/* Inside a closure, after a learning check was passed once more: a completion whose certificate has
 * expired, or will soon, is renewed. The ledger says so, and the new certificate carries this day;
 * the completion keeps its own, and the one before is good as long as it says. Harmless when
 * nothing is to be renewed. */
int completion_renew(struct conn *c, struct learning *l, const struct enrolment *en, instant at,
                     bool *renewed, struct error *e);

enum certificate_state {
    CERTIFICATE_STANDS, /* or has expired: that is computed from valid_until at an instant */
    CERTIFICATE_REVOKED,
    CERTIFICATE_SUPERSEDED
};

struct certificate {
    int64_t id, person, enrolment;
    const char *uuid, *token;
    const char *course;
    const struct publication *publication; /* as it was completed */
    instant earned_at, issued_at;
    instant valid_until; /* 0: it does not expire */
    bool by_assessment;
    bool current;      /* the latest of its enrolment */
    bool shared;       /* may be seen by whoever has its link */
    const char *bytes; /* the signed credential, exactly as served */
    int64_t status_list, status_index;
    enum certificate_state state;
    instant state_at;         /* since when; 0 while it stands */
    const char *state_reason; /* for administrators' eyes; "" while it stands */
};

/* By the public link's token (any case, '-' and spaces skipped). ERROR_NOT_FOUND. */
int certificate_by_token(struct conn *c, struct learning *l, const char *token, struct arena *a,
                         struct certificate *out, struct error *e);
int certificate_by_uuid(struct conn *c, struct learning *l, const char *uuid, struct arena *a,
                        struct certificate *out, struct error *e);
/* By whatever somebody has of it: the code (grouped or not), the uuid, or a link that holds one. */
int certificate_find(struct conn *c, struct learning *l, const char *text, struct arena *a,
                     struct certificate *out, struct error *e);
int certificate_get(struct conn *c, struct learning *l, int64_t id, struct arena *a,
                    struct certificate *out, struct error *e);
/* A person's certificates, also those that were replaced, newest first. The count or -1. */
int certificate_list(struct conn *c, struct learning *l, int64_t person, struct arena *a,
                     struct certificate **out, struct error *e);
/* Inside a closure: tries up to `max` of those that wait, the enrolments after *after (0: from the
 * first), and moves *after on; 0 when it came to the end. What cannot be made yet goes on waiting
 * and is in nobody's way. Returns how many were made; -1 when what is stored of one, *after, cannot
 * be read or written: tried by itself it goes on waiting for the reason it had, and those behind it
 * can be tried. */
int certificate_issue_pending(struct conn *c, struct learning *l, int max, int64_t *after,
                              instant at, struct error *e);

/* ---- what happens to one afterwards; inside closures ---- */

#define CERTIFICATE_REASON_MAX 300 /* code points of a typed reason */

/* Withdraws one for good: its bit is set in the status list, the ledger and the audit say so. A
 * line of 1 to 300 code points says why ("reason"); actor: a person, or AUDIT_COMMAND_LINE.
 * ERROR_INVALID on "reason"; ERROR_CONFLICT when it was revoked or superseded already. */
int certificate_revoke(struct conn *c, struct learning *l, int64_t id, const char *reason,
                       int64_t actor, instant at, struct error *e);

/*
 * Issues one anew under the present key and in the holder's present name on certificates (of an
 * account that was deleted: in the name that it carries): the same
 * publication, date and validity; a new address, code and status index. The old one is superseded
 * (one that was revoked stays so). *made is the new one's id.
 *
 * Nothing was written when it refuses, so that the caller may go on with others: ERROR_CONFLICT it
 * is no longer the present one; ERROR_BUSY there is no key; ERROR_INVALID on "certificate_name" the
 * name cannot stand on a certificate, or is not confirmed.
 */
int certificate_reissue(struct conn *c, struct learning *l, int64_t id, const char *reason,
                        int64_t actor, instant at, int64_t *made, struct error *e);

/* One that was followed by a renewal and still stands: superseded without another in its place.
 * ERROR_CONFLICT when it is the present one, or withdrawn already. */
int certificate_supersede_older(struct conn *c, struct learning *l, int64_t id, const char *reason,
                                int64_t actor, instant at, struct error *e);

/* In whose name it was signed, from the signed bytes; NULL when they do not say. In the arena. */
const char *certificate_holder(const struct certificate *it, struct arena *a);
/* How many of a person's certificates that stand carry another name than `name`. -1 on error. */
int certificates_in_another_name(struct conn *c, struct learning *l, int64_t person,
                                 const char *name, struct error *e);
/* Those issued anew in the person's present name (and what a renewal followed superseded), at most
 * `max` of them; each as a whole or not at all. *left: how many remain. The same refusals as
 * certificate_reissue. The first piece belongs in the closure that sets the name, at the same
 * moment: by that it is known later that the others were to follow. */
int certificates_rename(struct conn *c, struct learning *l, int64_t person, int max, instant at,
                        int *left, struct error *e);
/* Who wanted theirs issued anew in the name that they have now, and has one that stands from before
 * that: most likely the server was stopped between two pieces. Whoever changed the name without
 * replacing anything is not among them. The first `max` persons with a number above `after`;
 * returns how many, or -1. */
int certificates_half_renamed(struct conn *c, int64_t after, int max, int64_t *persons,
                              struct error *e);

/* The holder's choice whether its link shows anything. Of another person: ERROR_NOT_FOUND. */
int certificate_share(struct conn *c, int64_t id, int64_t person, bool shared, struct error *e);

/* Checks each stored certificate's bytes against its hash and signature, and that a key of this
 * site's made that. 0 and the count, or -1 naming the first that does not hold. */
int certificate_verify_all(struct conn *c, struct learning *l, int64_t *count, struct error *e);

#endif
