/*
 * What the database knows of signing keys: which ones signed certificates here, and which were
 * compromised. The second stands here and not in the folder of keys alone, because an older backup
 * of that folder may come back.
 *
 * A row of this table alone is nobody's word: whoever can put one in would have the site publish a
 * key of theirs, or destroy one of its own. So a key counts as compromised when the audit says so;
 * and one whose file is not there is published only for a certificate that it signed and that
 * the ledger knows. That much a restored database brings along by itself.
 *
 * Every certificate in the database is one that we issued, so those of a compromised key that were
 * not revoked are good: they are issued anew under the present key, and the old ones are
 * superseded (one that was renewed is only superseded). A forger's are in nobody's database.
 */
#ifndef LEARNING_SIGNING_KEY_H
#define LEARNING_SIGNING_KEY_H
#include "base/arena.h"
#include "learning/learning.h"

/* One line of 1 to 300 code points, for administrators' eyes? ERROR_INVALID on "reason". */
int signing_key_check_reason(const char *why, struct error *e);
/* Inside a closure: from `at` on nothing that the key signed counts, and the audit has a row. When
 * it is so already, nothing is written and `why` not asked for. */
int signing_key_compromise(struct conn *c, const char *id, const char *why, instant at,
                           struct error *e);

struct known_key {
    const char *id;
    instant first_at;       /* its first signature */
    instant compromised_at; /* 0: it was not */
    bool unheard_of;        /* its row says so, but not the audit: so it was not */
};
/* Those that signed a certificate here or were compromised. Returns how many, or -1. In the arena.
 */
int signing_keys_known(struct conn *c, struct arena *a, struct known_key **out, struct error *e);

/* Did it sign a certificate that is stored here and that the ledger knows, in the name of `did`? 1,
 * 0, or -1. */
int signing_key_signed_here(struct conn *c, const char *did, const char *id, struct error *e);

struct key_tally {
    int64_t certificates; /* the sum of the others */
    int64_t standing, revoked;
    int64_t superseded; /* before `since` */
    int64_t reissued;   /* superseded at `since` or later */
    int64_t renewed;    /* the same, but a renewal had taken its place already */
};
/* What became of the certificates a key signed. */
int signing_key_tally(struct conn *c, const char *id, instant since, struct key_tally *out,
                      struct error *e);

#define REISSUE_WAITING_MOST 20

struct key_reissue {
    int64_t after; /* in: the certificate to go on after; out: likewise, 0 when there are no more */
    int64_t made;  /* how many this piece issued anew */
    int64_t waiting; /* how many cannot be made now */
    struct {
        const char *certificate, *why; /* uuid, words */
    } waits[REISSUE_WAITING_MOST];     /* the first of them; in the arena */
    int wait_count;
};

/* Not inside a closure: issues a compromised key's certificates anew for about `budget`
 * microseconds, a few in each closure, and none twice, however often it is begun or broken off. */
int signing_key_reissue(struct learning *l, const char *id, instant budget, struct arena *a,
                        struct key_reissue *out, struct error *e);

#endif
