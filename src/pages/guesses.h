/*
 * Wrong guesses at public links, counted by address in a table of fixed size. A code has 128 random
 * bits, so the limit guards the server rather than the codes: whoever guesses on is asked to wait.
 * A right code is always answered, so that many people behind one address are never locked out by
 * one of them. Any thread may call.
 */
#ifndef PAGES_GUESSES_H
#define PAGES_GUESSES_H
#include "base/instant.h"
#include <stdbool.h>

#define GUESSES_MAX    60 /* wrong ones from one address within the window */
#define GUESSES_WINDOW (10 * INSTANT_MINUTE)

struct guesses;
struct guesses *guesses_create(void);
void guesses_free(struct guesses *g); /* NULL is fine */

/* Notes a wrong guess. False when this address has made too many. */
bool guesses_wrong(struct guesses *g, const char *address, instant at);

#endif
