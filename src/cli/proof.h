/* Proving what the database holds: the file itself, both hash chains, every certificate. */
#ifndef CLI_PROOF_H
#define CLI_PROOF_H
#include "cli/app.h"
#include <cjson/cJSON.h>

/* 0 and the counts in `out` ("ledger_rows", "audit_rows", "certificates"), or -1 with the first
 * thing that does not hold. The time grows with what there is: minutes for millions of rows. */
int proof_of_history(struct app *app, cJSON *out, struct error *e);

#endif
