/*
 * `understory publish` as a control command. In: "course" (an id in the settings' folder of
 * courses) or "path" (absolute), "kind", "note", "dry_run". Out: "course", "title", "current"
 * {version, hash, "draft": the one that it was made from} and "next" {version, hash}, "first",
 * "unchanged", "blocked", "problems" as in `check --json`, "changes", "kinds" with their numbers,
 * "published", "kind".
 */
#ifndef CLI_PUBLISH_H
#define CLI_PUBLISH_H
#include "cli/app.h"
#include <cjson/cJSON.h>

int publish_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);

#endif
