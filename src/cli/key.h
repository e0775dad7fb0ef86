/*
 * `understory key` as control commands. {key} in and out is
 *     {"id", "fingerprint", "state", "form", "created", "since", "signs", "locked", "certificates"}
 * with the names in credential/keys.h; "locked" says why its secret cannot be used here, or is "".
 * A key is named by its id or by the beginning of it.
 */
#ifndef CLI_KEY_H
#define CLI_KEY_H
#include "cli/app.h"
#include "cli/command.h"
#include <cjson/cJSON.h>

/* Out: "keys": [{key}…], oldest first. */
int key_list_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);

/* In: "lost" (a promise: without it none is made while those that signed here are missing); "form",
 * "id" and "value" of a key that the caller has made, or none of them: then it is made here, sealed
 * where the server has a passphrase. Out: "key": it waits, or signs when no other does. */
int key_new_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);

/* Out: "key" (which signs now), "retired": [id…], "made" (it was not there before), "finished" (a
 * rotation that was cut short; nothing new has begun). */
int key_rotate_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);

/* In: "key". Out as of rotate, when it was the one that signs; else "retired". */
int key_retire_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);

/* In: "key", "reason", "yes" (else it only shows). Out: "key", "done", "makes_key" (its successor
 * has to be made, or was), "successor" (its id, when done) and "tally" {"certificates", "standing",
 * "revoked", "superseded", "reissued", "renewed"}. */
int key_compromise_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);

/* In: "key", compromised; "after" (from the last answer, else 0); "milliseconds" to work for. Out:
 * "after" (0: all were tried), "made", "waiting", "waits": [{"certificate", "why"}…] and "tally".
 */
int key_reissue_command(struct app *app, const cJSON *in, cJSON *out, struct error *e);

/* `key new private`. In: "lost" (a promise: without it, nothing is done). Out: "missing", "texts"
 * and "people" (what stays closed), "made", "restart" (this server takes the new key up when it is
 * started again). */
int key_new_private(struct app *app, const cJSON *in, cJSON *out, struct error *e);

/* ---- between the files of this command ---- */

int key_private(const struct command_line *line, bool lost, bool json); /* the exit code */
/* Does it and goes on until everything was tried; the exit code. */
int key_compromise(const struct command_line *line, const char *key, const char *reason, bool yes,
                   bool json);

/* The key that is meant; the others, too, in *all. ERROR_NOT_FOUND. In the arena. */
const struct issuer_key *key_find(struct app *app, const char *named, struct arena *a,
                                  const struct issuer_key **all, size_t *count, struct error *e);
int key_put(cJSON *out, struct app *app, const struct issuer_key *key, struct error *e);
/* Makes a key that is to follow `before` (NULL: none), as safe as that one. */
int key_make_next(struct app *app, const struct issuer_key *before, enum key_state state,
                  char id[KEY_ID_TEXT], struct error *e);
/* A moment at which a key that begins then is later than `before`. */
instant key_moment(struct app *app, const struct issuer_key *before);

#endif
