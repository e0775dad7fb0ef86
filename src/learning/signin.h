/*
 * Signing in: one-time links, passwords, sessions. Only hashes of tokens are stored. A GET on a
 * link changes nothing; only signin_link_spend does. Tokens are 32 random bytes in base64url (43
 * characters).
 */
#ifndef LEARNING_SIGNIN_H
#define LEARNING_SIGNIN_H
#include "learning/learning.h"
#include "learning/people.h"

#define TOKEN_TEXT 44 /* 43 characters and NUL */

/* A link for a person, good for `life` from `at`; `return_to` is a path on this site ("/" for
 * none). */
int signin_link_create(struct conn *c, int64_t person, const char *return_to, instant at,
                       instant life, char token[TOKEN_TEXT], struct error *e);
/* Inside a closure: forgets links, spent or not, whose time ended LINK_KEPT before `at`. */
#define LINK_KEPT (30 * INSTANT_DAY)
int signin_link_sweep(struct conn *c, instant at, struct error *e);
/* Is it good at `at`? 0 and the person's name for the page, or ERROR_NOT_FOUND (unknown, spent,
 * expired: not told apart). Reads only. */
int signin_link_look(struct conn *c, const char *token, instant at, struct arena *a,
                     const char **name, const char **return_to, struct error *e);

struct session {
    int64_t person;
    char person_uuid[37];
    char person_name[128];       /* "" when it is longer */
    bool has_roles;              /* was ever granted one; when not, there is nothing to look up */
    char form_token[TOKEN_TEXT]; /* what forms sent under it carry: a hash of its token, which only
                                    this browser has */
    bool shared;                 /* on a shared computer: 15 idle minutes */
    instant expires_at;
    instant seen_at;
    uint8_t token_hash[32];
};

/* Spends the link and opens a session in one write. */
int signin_link_spend(struct learning *l, const char *token, bool shared,
                      char session_token[TOKEN_TEXT], char return_to[256], struct error *e);
/*
 * E-mail and password. At most two password hashes run at once (64 MiB each); a third waits up to
 * two seconds, then ERROR_BUSY. An unknown address costs the same time and gives the same
 * ERROR_UNAUTHENTICATED as a wrong password. Five wrong ones for one address within 15 minutes:
 * ERROR_TOO_MANY, for unknown addresses alike.
 */
struct signin; /* the semaphore and the table of recent failures */
struct signin *signin_create(void);
void signin_free(struct signin *s); /* NULL is fine */
int signin_password(struct signin *s, struct learning *l, const char *email, const char *password,
                    bool shared, char session_token[TOKEN_TEXT], struct error *e);
/* Is this the present password behind an address? Costs, counts and refuses as signing in does;
 * opens nothing. For changing a password. */
int signin_check_password(struct signin *s, struct learning *l, const char *email,
                          const char *password, struct error *e);
/* Stores a hash of signin_hash_password and ends every other session of the person: whoever knew
 * the old password, or sits at a computer left behind, is out. Written to the audit. */
int signin_change_password(struct learning *l, int64_t person, const char *hash,
                           const struct session *present, struct error *e);
/* Argon2id string, 64 MiB; takes ~100 ms and one of the two places. Password: 12–256 code points.
 */
int signin_hash_password(struct signin *s, const char *password, char out[128], struct error *e);

/* The session behind a cookie's token at `at`. ERROR_UNAUTHENTICATED when there is none or it
 * ended. Reads only; when seen_at is more than a minute old the caller queues session_seen. */
int session_find(struct conn *c, const char *token, instant at, struct session *out,
                 struct error *e);
void session_seen(struct learning *l, const struct session *s,
                  instant at); /* queued, nobody waits */
/* Signing out: ends this one, at once and on disk. Ended already is fine. */
int session_end(struct learning *l, const struct session *s, struct error *e);
/* Inside a closure: forgets sessions that ended before `at`. */
int session_sweep(struct conn *c, instant at, struct error *e);

#endif
