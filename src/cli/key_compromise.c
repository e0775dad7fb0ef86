/*
 * `understory key compromise`: what it does inside the server, and how the command goes on until
 * every good certificate has been issued anew.
 *
 *   a successor signs → the database and the audit say so → the file loses its secret → the did
 *   document is without it → certificates are issued anew, piece by piece
 *
 * Each step can be done again, so the same command goes on wherever it was cut short.
 */
#include "base/json.h"
#include "base/log.h"
#include "cli/control.h"
#include "cli/key.h"
#include "learning/signing_key.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PIECE_MS      1000
#define PIECE_MS_MOST 5000

/* ---- inside the server ---- */

static int put_tally(cJSON *out, struct app *app, const char *id, instant since, struct error *e)
{
    struct key_tally t;
    struct conn *c = db_read_begin(app->db, e);
    int result = c ? signing_key_tally(c, id, since, &t, e) : -1;
    db_read_end(app->db, c);
    if (result)
        return -1;
    cJSON *tally = json_object(out, "tally");
    json_put_int(tally, "certificates", t.certificates);
    json_put_int(tally, "standing", t.standing);
    json_put_int(tally, "revoked", t.revoked);
    json_put_int(tally, "superseded", t.superseded);
    json_put_int(tally, "reissued", t.reissued);
    json_put_int(tally, "renewed", t.renewed);
    return 0;
}

struct withdrawal {
    const char *id, *reason;
    instant at;
};

static int write_withdrawal(struct conn *c, void *arg, struct error *e)
{
    const struct withdrawal *w = arg;
    return signing_key_compromise(c, w->id, w->reason, w->at, e);
}

/* When this has run, so has every closure that may have signed with the key of before. */
static int write_nothing(struct conn *c, void *arg, struct error *e)
{
    (void)c;
    (void)arg;
    (void)e;
    return 0;
}

/* Another key signs from now on, when this one did. */
static int provide_successor(struct app *app, const struct issuer_key *key, struct arena *a,
                             struct error *e)
{
    char id[KEY_ID_TEXT];
    const struct issuer_key *keys, *next = NULL;
    size_t count = issuer_keys(app->issuer, a, &keys);
    if (!key->signs)
        return 0;
    /* Keys that waited in the same folder may have been read, too: a new one, unless only systemd
     * could make it. */
    if (strcmp(key->form, key_form_name(KEY_CREDENTIAL)) != 0)
        return key_make_next(app, key, KEY_ACTIVE, id, e);
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i].state, key_state_name(KEY_WAITING)) == 0 && !*keys[i].locked)
            next = &keys[i];
    if (!next)
        return key_make_next(app, key, KEY_ACTIVE, id, e);
    return key_change(app_path(a, app->settings, APP_KEYS), next->id, KEY_ACTIVE,
                      key_moment(app, key), e);
}

static int withdraw(struct app *app, const struct issuer_key *key, const char *reason,
                    struct arena *a, struct error *e)
{
    struct withdrawal w = {key->id, reason, clock_now(app->clock)};
    if (provide_successor(app, key, a, e) || db_write(app->db, write_withdrawal, &w, e) ||
        key_change(app_path(a, app->settings, APP_KEYS), key->id, KEY_COMPROMISED, w.at, e) ||
        app_load_keys(app, e) || db_write(app->db, write_nothing, NULL, e))
        return -1;
    if (strcmp(key->state, key_state_name(KEY_COMPROMISED)) != 0)
        log_line(LOG_WARNING, "control: the signing key %s was compromised and is withdrawn",
                 key->id);
    return 0;
}

static int compromise(struct app *app, const cJSON *in, cJSON *out, struct arena *a,
                      struct error *e)
{
    const struct issuer_key *all;
    size_t count;
    bool yes = json_bool_or(in, "yes", false);
    if (yes && app_load_keys(app, e)) /* what could go wrong with the folder, before all else */
        return -1;
    const struct issuer_key *key = key_find(app, json_string_or(in, "key", ""), a, &all, &count, e);
    if (!key)
        return -1;
    bool already = strcmp(key->state, key_state_name(KEY_COMPROMISED)) == 0;
    json_put_bool(out, "makes_key", key->signs);
    json_put_bool(out, "done", yes);
    if (key_put(json_object(out, "key"), app, key, e) ||
        put_tally(out, app, key->id, already ? key->since : INT64_MAX, e))
        return -1;
    if (!yes)
        return 0;
    if (!already && signing_key_check_reason(json_string(in, "reason"), e))
        return -1;
    if (withdraw(app, key, json_string(in, "reason"), a, e))
        return -1;
    json_put(out, "successor", issuer_key_id(app->issuer, a));
    return 0;
}

int key_compromise_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct arena *a = arena_create();
    int result = compromise(app, in, out, a, e);
    arena_free(a);
    return result;
}

static int reissue(struct app *app, const cJSON *in, cJSON *out, struct arena *a, struct error *e)
{
    const struct issuer_key *all;
    size_t count;
    const struct issuer_key *key = key_find(app, json_string_or(in, "key", ""), a, &all, &count, e);
    double ms = json_number_or(in, "milliseconds", 0), after = json_number_or(in, "after", 0);
    if (!key)
        return -1;
    if (strcmp(key->state, key_state_name(KEY_COMPROMISED)) != 0)
        return error_set(e, ERROR_CONFLICT, "the key %s was not compromised", key->id);
    if (!(ms >= 0 && ms <= PIECE_MS_MOST && after >= 0 && after < 9e15))
        return error_set(e, ERROR_INVALID, "\"milliseconds\" or \"after\" is out of range");
    struct key_reissue r = {.after = (int64_t)after};
    if (signing_key_reissue(&app->learning, key->id, (instant)(ms * 1000), a, &r, e))
        return -1;
    json_put_int(out, "after", r.after);
    json_put_int(out, "made", r.made);
    json_put_int(out, "waiting", r.waiting);
    cJSON *waits = json_array(out, "waits");
    for (int i = 0; i < r.wait_count; i++) {
        cJSON *wait = json_item(waits);
        json_put(wait, "certificate", r.waits[i].certificate);
        json_put(wait, "why", r.waits[i].why);
    }
    return put_tally(out, app, key->id, key->since, e);
}

int key_reissue_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct arena *a = arena_create();
    int result = reissue(app, in, out, a, e);
    arena_free(a);
    return result;
}

/* ---- on the terminal ---- */

static double number(const cJSON *out, const char *name)
{
    return json_number_or(json_get(out, "tally"), name, 0);
}

static void say_plan(const cJSON *out, const char *id)
{
    const cJSON *key = json_get(out, "key");
    printf("%s (fingerprint %s)\n"
           "is %s%s. To say that somebody else may have its private half would\n",
           id, json_string_or(key, "fingerprint", ""), json_string_or(key, "state", ""),
           json_bool_or(key, "signs", false) ? " and signs" : "");
    if (json_bool_or(out, "makes_key", false))
        printf("  make another key first, which signs from then on;\n");
    printf(
        "  take it out of the did document at once and destroy its private half;\n"
        "  issue anew under the present key, and supersede, certificates: %.0f;\n"
        "  leave as they are, since they were revoked: %.0f, or superseded before: %.0f.\n"
        "Whatever it signed that is not in the database is worthless from then on. A key that was\n"
        "withdrawn never comes back.\n",
        number(out, "standing"), number(out, "revoked"), number(out, "superseded"));
}

static void say_report(const cJSON *out, const cJSON *waits)
{
    const cJSON *wait;
    printf("%s is withdrawn; %s signs.\n", json_string_or(out, "key", ""),
           json_string_or(out, "successor", "no key"));
    printf("Issued anew: %.0f. Left, since they were revoked: %.0f, or superseded before: %.0f.\n",
           number(out, "reissued"), number(out, "revoked"), number(out, "superseded"));
    if (number(out, "renewed") > 0)
        printf("Superseded only, since a renewal had taken their place: %.0f.\n",
               number(out, "renewed"));
    if (number(out, "standing") > 0)
        printf("Not made now: %.0f. They wait, and are tried again every minute while the server "
               "runs:\n",
               number(out, "standing"));
    cJSON_ArrayForEach(wait, waits) printf("  %s: %s\n", json_string_or(wait, "certificate", ""),
                                           json_string_or(wait, "why", ""));
    printf("Files signed with it that are not in the database are worthless from now on.\n"
           "Back the keys up now: understory backup --keys FILE\n");
}

/* What happened is not lost when standard error is no terminal: only the progress is. */
static void say_progress(const cJSON *piece)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\rIssued anew: %.0f, to go: %.0f   ", number(piece, "reissued"),
                number(piece, "standing"));
}

/* Goes on until every certificate was tried once; fills the report. */
static int reissue_all(const struct command_line *line, const char *id, cJSON *report,
                       struct error *e)
{
    double after = 0;
    int result = 0;
    cJSON *waits = json_array(report, "waits");
    do {
        cJSON *in = cJSON_CreateObject(), *piece = cJSON_CreateObject();
        json_put(in, "key", id);
        json_put_int(in, "after", (int64_t)after);
        json_put_int(in, "milliseconds", PIECE_MS);
        result = control_call(line, "key.reissue", in, piece, e);
        after = json_number_or(piece, "after", 0);
        cJSON *wait;
        cJSON *more = cJSON_DetachItemFromObjectCaseSensitive(piece, "waits");
        while ((wait = cJSON_DetachItemFromArray(more, 0))) {
            if (cJSON_GetArraySize(waits) < REISSUE_WAITING_MOST)
                cJSON_AddItemToArray(waits, wait);
            else
                cJSON_Delete(wait);
        }
        cJSON_Delete(more);
        if (result == 0) {
            say_progress(piece);
            cJSON_DeleteItemFromObjectCaseSensitive(report, "tally");
            cJSON_AddItemToObject(report, "tally",
                                  cJSON_DetachItemFromObjectCaseSensitive(piece, "tally"));
        }
        cJSON_Delete(in);
        cJSON_Delete(piece);
    } while (result == 0 && after > 0);
    if (isatty(STDERR_FILENO))
        fputs("\n", stderr);
    return result ? -1 : 0;
}

static int carry_out(const struct command_line *line, const cJSON *done, bool json)
{
    struct error e = {0};
    const char *id = json_string_or(json_get(done, "key"), "id", "");
    cJSON *report = cJSON_CreateObject();
    json_put(report, "key", id);
    json_put(report, "successor", json_string(done, "successor"));
    int result = reissue_all(line, id, report, &e);
    if (result) {
        fprintf(
            stderr,
            "The key is withdrawn, but not every certificate was issued anew; say the same again "
            "to go on.\n");
        result = command_fail(line, &e);
    } else if (json) {
        command_print_json(report);
    } else {
        say_report(report, json_get(report, "waits"));
    }
    cJSON_Delete(report);
    return result;
}

int key_compromise(const struct command_line *line, const char *key, const char *reason, bool yes,
                   bool json)
{
    struct error e = {0};
    cJSON *in = cJSON_CreateObject(), *out = cJSON_CreateObject();
    int result;
    json_put(in, "key", key);
    json_put(in, "reason", reason);
    json_put_bool(in, "yes", yes);
    if (control_call(line, "key.compromise", in, out, &e)) {
        result = command_fail(line, &e);
    } else if (yes) {
        result = carry_out(line, out, json);
    } else {
        if (json)
            command_print_json(out);
        else
            say_plan(out, json_string_or(json_get(out, "key"), "id", ""));
        fputs("Nothing was changed; say --yes to do it.\n", stderr);
        result = EXIT_ONLY_SHOWN;
    }
    cJSON_Delete(in);
    cJSON_Delete(out);
    return result;
}
