/* `understory log`: the transparency log's checkpoint and key, for who keeps an eye on it. */
#include "cli/log.h"
#include "base/json.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "credential/log_key.h"
#include "learning/tlog.h"
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: understory log checkpoint [--json] [--data FOLDER]\n"
    "       understory log key [--json] [--data FOLDER]\n"
    "       understory log new-key [--lost] [--json] [--data FOLDER]\n"
    "\n"
    "checkpoint  adds to the log what was issued since its last checkpoint, and prints the\n"
    "            checkpoint that now covers every certificate: a short signed text. Whoever keeps\n"
    "            one can show later that no certificate was slipped in, taken out or dated back:\n"
    "            understory audit verify --checkpoint FILE\n"
    "key         prints the public key that checkpoints are checked with (a C2SP vkey)\n"
    "new-key     for the day on which " APP_KEYS "/" LOG_KEY_FILE " is gone and in no backup; with "
    "--lost\n"
    "            it makes a new one, which signs once the server was started again. What the old\n"
    "            one signed stays good. Refused while the key is there.\n"
    "\n"
    "Works while the server runs and when it does not.\n"
    "\n"
    "Examples:\n"
    "  understory log checkpoint --data /var/lib/understory | mail -s 'Our log' "
    "auditor@example.org\n"
    "  understory log key > log.vkey\n"
    "\n"
    "Exit: 0 done, 1 not done, 2 usage, 3 new-key without --lost: only shown.\n";

/* ---- inside the server when there is one ---- */

int log_checkpoint_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct tlog_checkpoint last;
    char at[21];
    int more;
    (void)in;
    do
        more = tlog_publish_piece(app->tlog, app->db, clock_now(app->clock), e);
    while (more == 1 && !atomic_load(&app->stopping));
    if (more == 1)
        return error_set(e, ERROR_BUSY, "the server is stopping; say this again in a moment");
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

int log_new_key_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    bool wanted = json_bool_or(in, "lost", false);
    struct arena *a = arena_create();
    const char *keys = app_path(a, app->settings, APP_KEYS);
    int result = wanted ? tlog_begin_anew(app->tlog, keys, app->db, clock_now(app->clock), e)
                        : tlog_key_lost(app->tlog, e);
    arena_free(a);
    if (result)
        return -1;
    json_put_bool(out, "made", wanted);
    json_put_bool(out, "restart", wanted && app->port != 0);
    if (wanted)
        log_line(LOG_WARNING, "control: a new key of the log was made; what the lost one signed "
                              "stays good");
    return 0;
}

/* ---- on the terminal ---- */

static int say_new_key(const cJSON *out, bool json)
{
    bool made = json_bool_or(out, "made", false);
    if (json)
        command_print_json(out);
    else if (made)
        printf("A new key of the log was made; it signs %s. Back it up now: understory backup "
               "--keys FILE\nTell whoever checks the log its new public key: understory log key\n",
               json_bool_or(out, "restart", false) ? "once the server was started again"
                                                   : "from the next start on");
    if (made)
        return EXIT_DONE;
    fputs("The log's key is missing. Look for it first, in a backup of the keys and on the old "
          "machine:\nuntil then certificates are issued as ever. Nothing was changed; say --lost "
          "when it is lost for good.\n",
          stderr);
    return EXIT_ONLY_SHOWN;
}

enum form { FORM_CHECKPOINT, FORM_KEY, FORM_NEW_KEY, FORM_UNKNOWN };

static const struct {
    const char *name, *command;
} forms[] = {{"checkpoint", "log.checkpoint"}, {"key", "log.key"}, {"new-key", "log.new-key"}};

static enum form form_of(const char *name)
{
    int i = 0;
    while (i < FORM_UNKNOWN && strcmp(forms[i].name, name) != 0)
        i++;
    return (enum form)i;
}

static int run(const struct command_line *line, enum form form, bool lost, bool json)
{
    struct error e = {0};
    cJSON *in = cJSON_CreateObject(), *out = cJSON_CreateObject();
    int result = EXIT_DONE;
    json_put_bool(in, "lost", lost);
    if (control_call(line, forms[form].command, in, out, &e))
        result = command_fail(line, &e);
    else if (form == FORM_NEW_KEY)
        result = say_new_key(out, json);
    else if (json)
        command_print_json(out);
    else if (form == FORM_KEY)
        printf("%s\n", json_string_or(out, "vkey", ""));
    else
        fputs(json_string_or(out, "note", ""), stdout);
    cJSON_Delete(in);
    cJSON_Delete(out);
    return result;
}

int cmd_log(int argc, char **argv)
{
    struct command_line line;
    const char *what = "";
    bool json = false, lost = false;
    const struct command_option options[] = {{"lost", NULL, &lost}, {"json", NULL, &json}, {0}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    int result = command_begin_options(&line, "log", options, &argc, argv);
    if (result == 0)
        result = command_argument(&line, argc, argv, "checkpoint, key or new-key", &what);
    enum form form = form_of(what);
    if (result == 0 && (form == FORM_UNKNOWN || (lost && form != FORM_NEW_KEY)))
        result = command_usage(&line, "say `log checkpoint`, `log key` or `log new-key`");
    if (result == 0)
        result = run(&line, form, lost, json);
    command_end(&line);
    return result;
}
