/* Proving what the database holds: both hash chains, every certificate, their log, all private
 * writing. */
#ifndef CLI_PROOF_H
#define CLI_PROOF_H
#include "cli/app.h"
#include <cjson/cJSON.h>

/* 0 and the counts in `out` ("ledger_rows", "audit_rows", "certificates", "certificate_files",
 * "log_size" and "log_checkpoints", "private_texts", "private_texts_opened": fewer when their key
 * is missing), or -1 with the first thing that does not hold. kept: a checkpoint of the log that
 * somebody kept, or NULL. The time grows with what there is: minutes for millions of rows;
 * ERROR_BUSY when the server is asked to stop meanwhile. */
int proof_of_history(struct app *app, const char *kept, cJSON *out, struct error *e);
/* On standard output: how far the log goes. */
void proof_say_log(const cJSON *out);
/* On standard output: what came of the private writing. */
void proof_say_private(const cJSON *out);

#endif
