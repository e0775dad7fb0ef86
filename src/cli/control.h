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

/*
 * The server answers several callers side by side, so that what takes long holds up nothing that an
 * operator does in an emergency. What writes to the database is in order by itself (one writer);
 * what changes files takes turns. Commands that may take minutes are few at a time and never wait
 * for one another: beyond that, ERROR_BUSY says what to do.
 */
#define CONTROL_AT_ONCE      6 /* callers; more wait in the socket's queue */
#define CONTROL_LONG_AT_ONCE 2 /* of these: each may hold one of the pool's readers */

enum control_turn {
    CONTROL_FREE,   /* beside all others */
    CONTROL_KEYS,   /* one after the other: the folder of keys */
    CONTROL_BACKUP, /* the files beside a backup, and a folder of the site's last day */
    CONTROL_SUNSET,
    CONTROL_TURNS
};

struct control_command {
    const char *name;
    control_fn run;
    bool as_it_is; /* without a server: new courses are not published on the way */
    enum control_turn turn;
    bool is_long;
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

/* ---- the server's side: threads of its own ---- */

struct control;
struct control *control_start(struct app *app, struct error *e);
/* Sets app->stopping and lets the commands under way finish; what waits for its turn is told to try
 * again. NULL is fine. */
void control_stop(struct control *c);

#endif
