/*
 * `understory key new private` as a control command. In: "lost" (a promise: without it, nothing is
 * done). Out: "missing", "texts" and "people" (what stays closed), "made", "restart" (this server
 * takes the new key up when it is started again).
 */
#ifndef CLI_KEY_H
#define CLI_KEY_H
#include "cli/app.h"
#include <cjson/cJSON.h>

int key_new_private(struct app *app, const cJSON *in, cJSON *out, struct error *e);

#endif
