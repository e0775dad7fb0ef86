/*
 * A certificate and the public log (note.h): did it stand there when it says it was made, and is
 * the log of that day the beginning of the later one? The checkpoint in the certificate says
 * "issued after this"; the inclusion proof of a bundle says "issued before that"; its consistency
 * proof says that between the two nothing was changed. Nothing is believed for having come along:
 * a checkpoint counts when the caller gave it (an auditor's copy) or the log's pinned key signed
 * it.
 */
#ifndef CREDENTIAL_VERIFY_LOG_H
#define CREDENTIAL_VERIFY_LOG_H
#include "base/arena.h"
#include "credential/note.h"
#include "credential/verify.h"
#include <cjson/cJSON.h>

#define VERIFY_LOG_STEPS 2

/* Fills "log" (its place) and "consistency" (the log since then), about a certificate of good shape
 * and signature. Returns how many: none when nothing was given and nothing came along, the first
 * alone when nothing came along. */
int verify_log(const struct verify_input *in, const cJSON *document, const char *host,
               struct arena *a, struct verify_step out[VERIFY_LOG_STEPS]);

/* The checkpoint that a certificate carries; false when it has none that can be read. */
bool credential_checkpoint(const char *credential, size_t n, struct arena *a,
                           struct checkpoint *out);

#endif
