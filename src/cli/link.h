/* Where a one-time sign-in link leads. */
#ifndef CLI_LINK_H
#define CLI_LINK_H
#include "base/arena.h"
#include "base/settings.h"

/* ORIGIN/sign-in/link/TOKEN; in a trial, where no proxy gives TLS, http and the listening address.
 * `port` 0: the one in settings.listen. */
const char *link_address(struct arena *a, const struct settings *s, int port, const char *token);

#endif
