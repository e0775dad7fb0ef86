/*
 * `understory log` as control commands. log.checkpoint: publishes what no checkpoint covers yet;
 * out: "size", "note", "published_at". log.key: out: "vkey", "name". log.new-key: in: "lost" (a
 * promise: without it, nothing is done); out: "made", "restart" (this server takes it up when
 * started again).
 */
#ifndef CLI_LOG_H
#define CLI_LOG_H
#include "cli/app.h"
#include <cjson/cJSON.h>

int log_checkpoint_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);
int log_new_key_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);
int log_key_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);

#endif
