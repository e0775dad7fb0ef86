/* What may stand in the audit about a deletion; for this room only. */
#ifndef LEARNING_ERASURE_REASON_H
#define LEARNING_ERASURE_REASON_H
#include "db/db.h"

/* A line of 1 to ERASURE_REASON_MAX code points that holds no word of the person's names, and
 * neither the address nor the staff number: the audit keeps it for good. ERROR_INVALID on "reason".
 */
int erasure_check_reason(struct conn *c, int64_t person, const char *reason, struct error *e);

#endif
