/*
 * What a site has to say on its last day, counted, so that who writes it down piece by piece can
 * tell whether anything of it changed meanwhile.
 */
#ifndef LEARNING_SUNSET_H
#define LEARNING_SUNSET_H
#include "db/db.h"

struct sunset_state {
    int64_t certificates; /* their ids are 1 … this */
    int64_t withdrawn;    /* revoked or superseded */
    int64_t shared;       /* not a count: another number when a link was switched on or off */
    int64_t waiting;      /* completions whose certificate could not be made yet */
};

/* In one snapshot. 0, or -1 with e. */
int sunset_state_read(struct conn *c, struct sunset_state *out, struct error *e);

#endif
