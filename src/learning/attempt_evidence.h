/* What a ledger row about an attempt rests on; between this room's files only. */
#ifndef LEARNING_ATTEMPT_EVIDENCE_H
#define LEARNING_ATTEMPT_EVIDENCE_H
#include "base/hash.h"
#include "db/db.h"

/* Hex BLAKE2b-256 over the attempt's form, its steps in order and its result. */
int attempt_evidence(struct conn *c, const char *uuid, char out[2 * HASH_BYTES + 1],
                     struct error *e);

#endif
