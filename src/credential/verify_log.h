/*
 * A certificate and the public log (note.h): did it stand there when it says it was made? The
 * checkpoint in the certificate says "issued after this"; the inclusion proof of a bundle says
 * "issued before that". Neither is believed for having come along: a checkpoint counts when the
 * caller gave it (an auditor's copy) or the log's pinned key signed it.
 */
#ifndef CREDENTIAL_VERIFY_LOG_H
#define CREDENTIAL_VERIFY_LOG_H
#include "base/arena.h"
#include "credential/verify.h"
#include <cjson/cJSON.h>

/* Fills a step "log" about a certificate of good shape and signature. False: nothing was given and
 * nothing came along, so there is nothing to say. */
bool verify_log(const struct verify_input *in, const cJSON *document, const char *host,
                struct arena *a, struct verify_step *out);

#endif
