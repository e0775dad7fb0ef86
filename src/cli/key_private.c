/* `understory key new private`: a key to private writing in the place of one that is lost. */
#include "base/json.h"
#include "base/log.h"
#include "cli/control.h"
#include "cli/key.h"
#include "learning/secret.h"
#include <stdio.h>
#include <string.h>

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

int key_private(const struct command_line *line, bool lost, bool json)
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
