/* From claims to an unsigned credential: what may be signed, and the members in their one order. */
#ifndef CREDENTIAL_CLAIMS_H
#define CREDENTIAL_CLAIMS_H
#include "credential/issuer.h"
#include <cjson/cJSON.h>

struct issuer_identity {
    const char *did, *origin, *name;
    bool trial; /* its certificates are demonstrations and say so in their title */
};

/* 0, or -1 ERROR_INVALID naming the claim that cannot be signed. */
int claims_check(const struct claims *c, struct error *e);

bool claims_time_can_be_written(instant at); /* the years 1970 to 9998 */

/* The credential without its proof; the caller deletes it. Claims have passed claims_check. */
cJSON *claims_document(const struct issuer_identity *i, const struct claims *c, struct arena *a);

#endif
