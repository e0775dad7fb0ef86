/*
 * The certificates of this site as an administrator looks for them: by a person's name or address,
 * or the latest. Nothing here reads what is signed, or how somebody answered.
 */
#ifndef REPORT_CERTIFICATE_SEARCH_H
#define REPORT_CERTIFICATE_SEARCH_H
#include "report/directory.h"

struct certificate_row {
    const char *uuid;
    const char *person;                        /* the name in the directory, not the signed one */
    const char *course;                        /* its title as it was completed */
    instant earned_at, issued_at, valid_until; /* valid_until 0: it does not expire */
    const char *withdrawn;                     /* "revoked", "superseded", or NULL */
    bool current;                              /* the latest of its completion */
};

/* Of one person (a number), of all people (0, query ""), or of those whom directory_search would
 * find for `query`, the latest first. `page` counts from 1, DIRECTORY_PAGE rows each, in the arena.
 * The count or -1. */
int certificate_search(struct conn *c, int64_t person, const char *query, int64_t page,
                       struct arena *a, struct certificate_row **out, bool *more, struct error *e);

#endif
