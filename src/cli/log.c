/* `understory log`: the transparency log's checkpoint and key, for who keeps an eye on it. */
#include "cli/log.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "learning/tlog.h"
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: understory log checkpoint [--json] [--data FOLDER]\n"
    "       understory log key [--json] [--data FOLDER]\n"
    "\n"
    "checkpoint  adds to the log what was issued since its last checkpoint, and prints the\n"
    "            checkpoint that now covers every certificate: a short signed text. Whoever keeps\n"
    "            one can show later that no certificate was slipped in, taken out or dated back:\n"
    "            understory audit verify --checkpoint FILE\n"
    "key         prints the public key that checkpoints are checked with (a C2SP vkey)\n"
    "\n"
    "Works while the server runs and when it does not.\n"
    "\n"
    "Examples:\n"
    "  understory log checkpoint --data /var/lib/understory | mail -s 'Our log' "
    "auditor@example.org\n"
    "  understory log key > log.vkey\n"
    "\n"
    "Exit: 0 done, 1 not done, 2 usage.\n";

/* ---- inside the server when there is one ---- */

int log_checkpoint_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct tlog_checkpoint last;
    char at[21];
    int more;
    (void)in;
    do
        more = tlog_publish_piece(app->tlog, app->db, clock_now(app->clock), e);
    while (more == 1);
    if (more < 0)
        return -1;
    struct arena *a = arena_create();
    bool any = tlog_latest(app->tlog, a, &last);
    if (any) {
        instant_rfc3339(last.at, at);
        json_put_int(out, "size", last.size);
        json_put(out, "note", last.note);
        json_put(out, "published_at", at);
    }
    arena_free(a);
    return any ? 0
               : error_set(e, ERROR_NOT_FOUND,
                           "no certificate was issued yet, so there is nothing to sign");
}

int log_key_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    (void)in;
    const struct note_key *key = tlog_key(app->tlog);
    if (!key)
        return error_set(e, ERROR_NOT_FOUND, "the log has no key: %s", tlog_problem(app->tlog));
    struct arena *a = arena_create();
    json_put(out, "vkey", note_vkey(a, key));
    json_put(out, "name", key->name);
    arena_free(a);
    return 0;
}

/* ---- on the terminal ---- */

static int run(const struct command_line *line, const char *what, bool json)
{
    bool key = strcmp(what, "key") == 0;
    struct error e = {0};
    cJSON *out = cJSON_CreateObject();
    int result = EXIT_DONE;
    if (control_call(line, key ? "log.key" : "log.checkpoint", NULL, out, &e))
        result = command_fail(line, &e);
    else if (json)
        command_print_json(out);
    else if (key)
        printf("%s\n", json_string_or(out, "vkey", ""));
    else
        fputs(json_string_or(out, "note", ""), stdout);
    cJSON_Delete(out);
    return result;
}

int cmd_log(int argc, char **argv)
{
    struct command_line line;
    const char *what = NULL;
    bool json = false;
    const struct command_option options[] = {{"json", NULL, &json}, {0}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    int result = command_begin_options(&line, "log", options, &argc, argv);
    if (result == 0)
        result = command_argument(&line, argc, argv, "checkpoint or key", &what);
    if (result == 0 && (!what || (strcmp(what, "checkpoint") != 0 && strcmp(what, "key") != 0)))
        result = command_usage(&line, "say `log checkpoint` or `log key`");
    if (result == 0)
        result = run(&line, what, json);
    command_end(&line);
    return result;
}
