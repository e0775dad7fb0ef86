/*
 * Sessions seen lately, in memory, so that a request of somebody at work needs no look-up. Exact,
 * because only this process writes sessions: ending one forgets it here in the same call, and so
 * does granting its person a role (a name does not change while sessions last). Bounded: a newer
 * session may push an older one out, which then is read from the database again.
 */
#ifndef LEARNING_SESSION_CACHE_H
#define LEARNING_SESSION_CACHE_H
#include "learning/signin.h"

struct session_cache;
struct session_cache *session_cache_create(void);
void session_cache_free(struct session_cache *s); /* NULL is fine */

/* Is the cookie's token that of a session remembered and good at `at`? When not, *epoch is for
 * session_remember. `s` NULL: nothing is ever remembered. Fills out->token_hash in any case. */
bool session_recall(struct session_cache *s, const char *token, instant at, struct session *out,
                    uint64_t *epoch);
/* Remembers what session_find read on a snapshot begun after session_recall gave `epoch`; not when
 * a session was ended or a role granted in between, since it might be this one's. */
void session_remember(struct session_cache *s, const struct session *found, uint64_t epoch);
/* One was ended; all of a person's but one were; one was seen again at `at`. `s` NULL: nothing. */
void session_forget(struct session_cache *s, const uint8_t token_hash[32]);
void session_forget_others(struct session_cache *s, int64_t person, const uint8_t kept_hash[32]);
void session_forget_person(struct session_cache *s, int64_t person);
void session_note_seen(struct session_cache *s, const uint8_t token_hash[32], instant at);

#endif
