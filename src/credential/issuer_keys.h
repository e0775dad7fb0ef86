/* The issuer's insides, between issuer_keys.c (who it is, its present keys) and issuer.c (signing).
 */
#ifndef CREDENTIAL_ISSUER_KEYS_H
#define CREDENTIAL_ISSUER_KEYS_H
#include "credential/claims.h"
#include "credential/issuer.h"
#include "credential/keys.h"

/* One ring and what follows from it; never changed once made. */
struct snapshot {
    struct key_ring *ring;         /* NULL: the keys cannot be read */
    const struct signing_key *key; /* has its secret; NULL: none can sign */
    char *document;                /* NULL without a ring */
    char *reason;                  /* why none can sign, or "" */
    int users;                     /* guarded by the mutex; the issuer itself is one */
};

struct current;

struct issuer {
    struct arena *arena; /* the strings below */
    struct issuer_identity identity;
    struct current *current;
};

/* The present keys, to sign with: theirs until issuer_let_go. NULL with e when there is none. */
struct snapshot *issuer_hold_to_sign(const struct issuer *i, struct error *e);
void issuer_let_go(const struct issuer *i, struct snapshot *s);

#endif
