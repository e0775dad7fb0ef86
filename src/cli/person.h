/* What the files of `understory person` share. */
#ifndef CLI_PERSON_H
#define CLI_PERSON_H
#include "cli/app.h"
#include "cli/command.h"
#include "learning/people.h"
#include <cjson/cJSON.h>

/* By an e-mail address or the uuid that `person list` shows, also one whose account was deleted.
 * ERROR_NOT_FOUND says what to do. */
int person_named(struct conn *c, const char *who, struct arena *a, struct person *out,
                 struct error *e);

/*
 * The control command. In: "person", "reason", "yes" (else it only shows). Out: "uuid", "name"
 * (while it is known), "email", "done", "deleted_at" (was, or is now), "backup_days",
 * "last_administrator", "goes" {"journal", "commitments", "challenges", "certificates_waiting"},
 * "stays" {"completions", "certificates", "drafts"} and "left": [{"role", "department"}…], roles
 * that nobody will have.
 */
int person_delete_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);

enum { PERSON_ONLY_SHOWN = 3 }; /* an exit code */

/* `understory person delete`: shows, asks for the name unless "yes" stands in `in`, does it. The
 * exit code. */
int person_delete(const struct command_line *line, const cJSON *in, bool json);

#endif
