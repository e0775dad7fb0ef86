/*
 * Commands that change the database, whether a server runs or not. While one runs it listens on
 * DATA/control.sock (0600; only the same user or root is answered), and the command runs inside it;
 * otherwise the command takes the data folder's lock and runs in its own process. Both run the same
 * function from one const table.
 *
 * On the wire: one line of JSON each way, at most 64 kB.
 *     {"command": "person.link", "in": {…}}      →  {"out": {…}}
 *                                                or {"error": {"kind", "field", "message"}}
 */
#ifndef CLI_CONTROL_H
#define CLI_CONTROL_H
#include "cli/app.h"
#include "cli/command.h"
#include <cjson/cJSON.h>

#define CONTROL_MAX_BYTES ((size_t)64 * 1024)

/* Fills `out` (an object), or returns -1 with e. */
typedef int (*control_fn)(struct app *app, const cJSON *in, cJSON *out, struct error *e);

struct control_command {
    const char *name;
    control_fn run;
    bool as_it_is; /* without a server: new courses are not published on the way */
};
extern const struct control_command control_commands[]; /* ends with a zeroed row */

/* Runs one command, in the server when it runs. `in` may be NULL. `out` is an empty object to fill.
 */
int control_call(const struct command_line *line, const char *command, const cJSON *in, cJSON *out,
                 struct error *e);

/* The same for a command of its own: prints the answer, as JSON or with `say`, or why there is
 * none. Returns the exit code. */
int control_run(const struct command_line *line, const char *command, const cJSON *in, bool json,
                void (*say)(const cJSON *out));

/* ---- the server's side: its own thread, one caller at a time ---- */

struct control;
struct control *control_start(struct app *app, struct error *e);
void control_stop(struct control *c); /* lets a running command finish; NULL is fine */

/* From the line that was received to the line to send, newline included; for control_start's thread
 * and for tests. */
void control_answer(struct app *app, const char *line, size_t n, struct buf *out);

#endif
