/* `understory key`: its help and what it says on the terminal. */
#include "cli/key.h"
#include "base/json.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "cli/sealed.h"
#include "learning/secret.h"
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: understory key list [--json]\n"
    "       understory key new [--passphrase | --passphrase-file FILE | --credential NAME]\n"
    "                          [--lost] [--json]\n"
    "       understory key rotate [--json]\n"
    "       understory key retire ID [--json]\n"
    "       understory key compromise ID --reason TEXT [--yes] [--json]\n"
    "       understory key new private [--lost] [--json]\n"
    "\n"
    "The keys that sign certificates; each works while the server runs, and when it does not. ID "
    "is\n"
    "what list shows, or the beginning of it.\n"
    "\n"
    "  new         makes a key that waits: it is published at once, so that verifiers get to know\n"
    "              it, and signs when you rotate. Sealed where the server has a passphrase "
    "(setting\n"
    "              key_passphrase_file); --passphrase asks for one. --credential NAME writes the\n"
    "              private half to standard output, for systemd-creds, and keeps only its name.\n"
    "              --lost: also when the keys that signed here are missing for good.\n"
    "  rotate      the key that waits (or a new one) signs from now on; the one before is "
    "retired.\n"
    "              What it signed stays good for ever; its private half is destroyed.\n"
    "  retire      the same for one key: it signs no more.\n"
    "  compromise  somebody else may have the private half: it is taken out of the did document, "
    "and\n"
    "              every certificate it signed that is in the database and was not revoked is "
    "issued\n"
    "              anew under another key. Shows what it would do; --yes does it. Said again, it "
    "goes\n"
    "              on where it was cut short.\n"
    "\n"
    "new private is for the day on which " APP_KEYS "/" SECRET_FILE ", the key to reflections and\n"
    "commitments, is gone and in no backup. Shows how much stays closed without it; with --lost "
    "it\n"
    "makes a new key. What the old one sealed is kept: its owners see in their journal that it "
    "can't\n"
    "be opened at present, and may delete it. New writing is taken once the server was started "
    "again.\n"
    "Refused while the key is there. If the old file is found later, put it beside the new one "
    "as\n" APP_KEYS "/" SECRET_OLDER
    "found.key (mode 0600) and start the server again: what it sealed opens.\n"
    "\n"
    "Examples:\n"
    "  understory key new && sleep 600 && understory key rotate\n"
    "  understory key new --credential signing-2027 |\n"
    "    systemd-creds encrypt --name=signing-2027 - /etc/credstore.encrypted/signing-2027\n"
    "  understory key compromise z6MkvDqGT54c --reason 'The old server was stolen.'\n"
    "  understory key new private --lost --data /var/lib/understory\n"
    "\n"
    "Exit: 0 done, 1 not done, 2 usage, 3 only shown.\n";

struct wanted {
    const char *reason, *passphrase_file, *credential;
    bool passphrase, lost, yes, json;
};

/* Everything that is said goes to standard error when that carries a private half. */
static FILE *voice(const struct wanted *w)
{
    return w->credential ? stderr : stdout;
}

static int call(const struct command_line *line, const char *command, cJSON *in,
                const struct wanted *w, void (*say)(const cJSON *, FILE *))
{
    struct error e = {0};
    cJSON *out = cJSON_CreateObject();
    int result = EXIT_DONE;
    if (control_call(line, command, in, out, &e))
        result = command_fail(line, &e);
    else if (w->json)
        command_print_json(out);
    else
        say(out, voice(w));
    cJSON_Delete(in);
    cJSON_Delete(out);
    return result;
}

/* ---- list ---- */

static const char *words_of_form(const char *form)
{
    return strcmp(form, key_form_name(KEY_PLAIN)) == 0    ? "in its file"
           : strcmp(form, key_form_name(KEY_SEALED)) == 0 ? "in its file, under a passphrase"
           : *form                                        ? "a systemd credential"
                                                          : "destroyed";
}

static void say_key(const cJSON *key, FILE *f)
{
    const char *state = json_string_or(key, "state", ""),
               *locked = json_string_or(key, "locked", "");
    bool active = strcmp(state, key_state_name(KEY_ACTIVE)) == 0;
    bool waits = strcmp(state, key_state_name(KEY_WAITING)) == 0;
    fprintf(f, "%s\n  fingerprint   %s\n  state         %s since %.10s%s\n  private half  %s\n",
            json_string_or(key, "id", ""), json_string_or(key, "fingerprint", ""), state,
            json_string_or(key, "since", ""),
            !active ? (waits ? ", published, does not sign yet" : "")
            : json_bool_or(key, "signs", false)
                ? ", signs"
                : ", signs no more: `understory key rotate` retires it",
            words_of_form(json_string_or(key, "form", "")));
    if (*locked)
        fprintf(f, "  not usable    %s\n", locked);
    fprintf(f, "  certificates  %.0f\n", json_number_or(key, "certificates", 0));
}

static void say_list(const cJSON *out, FILE *f)
{
    const cJSON *key;
    cJSON_ArrayForEach(key, json_get(out, "keys")) say_key(key, f);
}

/* ---- new ---- */

static void say_new(const cJSON *out, FILE *f)
{
    const cJSON *key = json_get(out, "key");
    say_key(key, f);
    if (!json_bool_or(key, "signs", false))
        fprintf(f, "Published now. When verifiers have had some minutes to see it: understory key "
                   "rotate\n");
    fprintf(f, "Back the keys up now: understory backup --keys FILE\n");
}

/* A key that is made here, since its passphrase or its private half is not to leave this command:
 * the server gets what it may have. */
static int make_here(const struct command_line *line, const struct wanted *w, struct key_new *key,
                     struct error *e)
{
    if (w->credential)
        return key_generate(KEY_CREDENTIAL, w->credential, key, e);
    const char *passphrase = passphrase_read(w->passphrase_file, true, line->arena, e);
    return passphrase ? key_generate(KEY_SEALED, passphrase, key, e) : -1;
}

static int run_new(const struct command_line *line, const struct wanted *w)
{
    struct error e = {0};
    struct key_new key = {0};
    cJSON *in = cJSON_CreateObject();
    json_put_bool(in, "lost", w->lost);
    if (w->credential || w->passphrase || w->passphrase_file) {
        if (make_here(line, w, &key, &e)) {
            cJSON_Delete(in);
            return command_fail(line, &e);
        }
        json_put(in, "form", key_form_name(key.form));
        json_put(in, "id", key.id);
        json_put(in, "value", key.value);
    }
    int result = call(line, "key.new", in, w, say_new);
    if (result == EXIT_DONE && w->credential && (puts(key.seed) < 0 || fflush(stdout) != 0)) {
        fprintf(stderr, "understory key: error: the private half could not be written: retire %s\n",
                key.id);
        result = EXIT_NOT_DONE;
    }
    key_new_free(&key);
    return result;
}

/* ---- rotate, retire ---- */

static void say_rotated(const cJSON *out, FILE *f)
{
    const cJSON *id, *key = json_get(out, "key");
    cJSON_ArrayForEach(id, json_get(out, "retired")) fprintf(
        f, "%s is retired: what it signed stays good, and it signs no more.\n", id->valuestring);
    if (!key)
        return;
    fprintf(f, "%s signs%s.\n", json_string_or(key, "id", ""),
            json_bool_or(out, "finished", false) ? "; the rotation that was cut short is finished"
                                                 : "");
    if (json_bool_or(out, "made", false))
        fprintf(f,
                "It was made just now: a verifier that keeps our did.json may need five minutes to "
                "know it.\n");
    fprintf(f, "Back the keys up now: understory backup --keys FILE\n");
}

static int run_retire(const struct command_line *line, const char *id, const struct wanted *w)
{
    cJSON *in = cJSON_CreateObject();
    json_put(in, "key", id);
    return call(line, "key.retire", in, w, say_rotated);
}

/* ---- which of them ---- */

static int check(const struct command_line *line, const struct wanted *w)
{
    if (!!w->credential + w->passphrase + !!w->passphrase_file > 1)
        return command_usage(line, "say one of --passphrase, --passphrase-file and --credential");
    if (w->credential && w->json)
        return command_usage(line, "--credential writes the private half to standard output, so no "
                                   "--json");
    if (w->credential && isatty(STDOUT_FILENO))
        return command_usage(line,
                             "--credential writes the private half to standard output: send it "
                             "into systemd-creds, as in the examples");
    return 0;
}

static int run(const struct command_line *line, const struct wanted *w, int argc, char **argv)
{
    int words = argc - optind;
    const char *what = words > 0 ? argv[optind] : "", *of = words > 1 ? argv[optind + 1] : NULL;
    int wrong = check(line, w);
    if (wrong)
        return wrong;
    if (words == 1 && strcmp(what, "list") == 0)
        return call(line, "key.list", NULL, w, say_list);
    if (words == 1 && strcmp(what, "new") == 0)
        return run_new(line, w);
    if (words == 1 && strcmp(what, "rotate") == 0)
        return call(line, "key.rotate", NULL, w, say_rotated);
    if (words == 2 && strcmp(what, "new") == 0 && strcmp(of, "private") == 0)
        return key_private(line, w->lost, w->json);
    if (words == 2 && strcmp(what, "retire") == 0)
        return run_retire(line, of, w);
    if (words == 2 && strcmp(what, "compromise") == 0)
        return key_compromise(line, of, w->reason, w->yes, w->json);
    return command_usage(line, "say `key list`, `key new`, `key rotate`, `key retire ID`, `key "
                               "compromise ID` or `key new private`");
}

int cmd_key(int argc, char **argv)
{
    struct command_line line;
    struct wanted w = {0};
    const struct command_option options[] = {{"reason", &w.reason, NULL},
                                             {"passphrase", NULL, &w.passphrase},
                                             {"passphrase-file", &w.passphrase_file, NULL},
                                             {"credential", &w.credential, NULL},
                                             {"lost", NULL, &w.lost},
                                             {"yes", NULL, &w.yes},
                                             {"json", NULL, &w.json},
                                             {0}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    int result = command_begin_options(&line, "key", options, &argc, argv);
    if (result == 0)
        result = run(&line, &w, argc, argv);
    command_end(&line);
    return result;
}
