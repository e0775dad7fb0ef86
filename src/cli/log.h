/*
 * `understory log` as control commands. log.checkpoint: publishes what no checkpoint covers yet;
 * out: "size", "note", "published_at". log.key: out: "vkey", "name".
 */
#ifndef CLI_LOG_H
#define CLI_LOG_H
#include "cli/app.h"
#include <cjson/cJSON.h>

int log_checkpoint_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);
int log_key_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);

#endif
