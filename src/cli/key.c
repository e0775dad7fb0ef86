/* `understory key`: a new key to private writing in the place of one that is lost. */
#include "cli/key.h"
#include "base/json.h"
#include "base/log.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "learning/secret.h"
#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum { EXIT_ONLY_SHOWN = 3 };

static const char help[] =
    "usage: understory key new private [--lost] [--json] [--data FOLDER]\n"
    "\n"
    "For the day on which " APP_KEYS "/" SECRET_FILE
    ", the key to reflections and commitments, is gone and in\n"
    "no backup. Shows how much stays closed without it; with --lost it makes a new key. What the "
    "old\n"
    "one sealed is kept: its owners see in their journal that it can't be opened at present, and "
    "may\n"
    "delete it. New writing is taken once the server was started again. Refused while the key is\n"
    "there.\n"
    "\n"
    "If the old file is found later, put it beside the new one as " APP_KEYS "/" SECRET_OLDER
    "found.key (mode\n"
    "0600) and start the server again: what it sealed opens.\n"
    "\n"
    "Examples:\n"
    "  understory key new private\n"
    "  understory key new private --lost --data /var/lib/understory\n"
    "\n"
    "Exit: 0 done, 1 not done, 2 usage, 3 only shown.\n";

/* ---- inside the server when there is one ---- */

int key_new_private(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct secret_loss loss;
    struct arena *a = arena_create();
    const char *keys = app_path(a, app->settings, APP_KEYS);
    bool wanted = json_bool_or(in, "lost", false);
    int result = secret_lost(keys, app->db, &loss, e);
    if (result == 0 && !loss.is_missing)
        result = error_set(e, ERROR_CONFLICT,
                           "%s/%s is there, or nothing was ever sealed: nothing is lost", keys,
                           SECRET_FILE);
    else if (result == 0 && app->secret)
        result = error_set(e, ERROR_CONFLICT,
                           "%s/%s is gone, but the running server still holds the key: people can "
                           "read and download what they wrote until it stops. Put the file back "
                           "from the backup of the keys; if there is none, let people download "
                           "first, stop the server, and say this again",
                           keys, SECRET_FILE);
    else if (result == 0 && wanted)
        result = secret_begin_anew(keys, app->db, clock_now(app->clock), e);
    arena_free(a);
    if (result)
        return -1;
    json_put_bool(out, "missing", loss.is_missing);
    json_put_int(out, "texts", loss.texts);
    json_put_int(out, "people", loss.people);
    json_put_bool(out, "made", wanted);
    json_put_bool(out, "restart", wanted && app->port != 0);
    if (wanted)
        log_line(LOG_WARNING, "control: a new key to private writing was made; what the lost one "
                              "sealed is kept and set aside");
    return 0;
}

/* ---- on the terminal ---- */

static void say(const struct command_line *line, const cJSON *out)
{
    printf("%.0f texts of %.0f people were sealed with the key that is missing (%s/%s/%s).\n",
           json_number_or(out, "texts", 0), json_number_or(out, "people", 0), line->settings.data,
           APP_KEYS, SECRET_FILE);
    if (!json_bool_or(out, "made", false)) {
        printf(
            "Look for it first: in a backup of the keys (`understory restore FILE --keys FILE2` "
            "into another\nfolder gives it back), and on the old machine. While it may be found, "
            "wait: nothing is lost yet.\n");
        return;
    }
    printf("A new key was made. Those texts are kept, sealed and set aside; new ones are taken%s.\n"
           "Back the new key up now: understory backup --keys FILE\n",
           json_bool_or(out, "restart", false) ? " once\nthe server was started again"
                                               : " from the next start on");
}

static int run(const struct command_line *line, bool lost, bool json)
{
    struct error e = {0};
    cJSON *in = cJSON_CreateObject(), *out = cJSON_CreateObject();
    int result = EXIT_DONE;
    json_put_bool(in, "lost", lost);
    if (control_call(line, "key.new-private", in, out, &e)) {
        result = command_fail(line, &e);
    } else {
        if (json)
            command_print_json(out);
        else
            say(line, out);
        if (!lost) {
            fputs("Nothing was changed; say --lost when the key is lost for good.\n", stderr);
            result = EXIT_ONLY_SHOWN;
        }
    }
    cJSON_Delete(in);
    cJSON_Delete(out);
    return result;
}

int cmd_key(int argc, char **argv)
{
    struct command_line line;
    bool lost = false, json = false;
    const struct command_option options[] = {{"lost", NULL, &lost}, {"json", NULL, &json}, {0}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    int result = command_begin_options(&line, "key", options, &argc, argv);
    if (result == 0 && (argc - optind != 2 || strcmp(argv[optind], "new") != 0 ||
                        strcmp(argv[optind + 1], "private") != 0))
        result = command_usage(&line, "say `key new private`");
    if (result == 0)
        result = run(&line, lost, json);
    command_end(&line);
    return result;
}
