/*
 * How often something may be done within a while, counted by a name (an address, a person) in a
 * table of fixed size that is kept in memory only: names are hashed under a key of this process, so
 * nothing can be read back from it. A limit here guards the server, not a secret. Any thread may
 * call.
 */
#ifndef PAGES_ALLOWANCE_H
#define PAGES_ALLOWANCE_H
#include "base/instant.h"
#include <stdbool.h>

/*
 * Wrong guesses at public links, by address. A code has 128 random bits: whoever guesses on is
 * asked to wait. A right code is always answered, so that many people behind one address are never
 * locked out by one of them.
 */
#define GUESSES_MAX    60
#define GUESSES_WINDOW (10 * INSTANT_MINUTE)
/* What is written to a course's owner, by person and by address (a whole campus may share one). */
#define LETTERS_MAX         20
#define LETTERS_MAX_ADDRESS 200
#define LETTERS_WINDOW      INSTANT_HOUR
/* Comments on a draft, by review link. */
#define COMMENTS_MAX    40
#define COMMENTS_WINDOW (10 * INSTANT_MINUTE)
/* Changed names that replace certificates, by person: each makes new ones, which are kept for ever.
 */
#define RENAMINGS_MAX    10
#define RENAMINGS_WINDOW INSTANT_DAY

struct allowance;
struct allowance *allowance_create(int max, instant window);
void allowance_free(struct allowance *a); /* NULL is fine */

/* Takes one. False when this name has used up what it may. */
bool allowance_take(struct allowance *a, const char *name, instant at);

/* The same by a client's address. Of IPv6 its first 64 bits count: the rest is one customer's own
 * to choose from. */
bool allowance_take_address(struct allowance *a, const char *address, instant at);

#endif
