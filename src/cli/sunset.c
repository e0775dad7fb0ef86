/* `understory sunset`: the public site as a folder that any web server can host. */
#include "cli/sunset.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "cli/files.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PIECE_MS 2000

static const char help[] =
    "usage: understory sunset DIR [--years N] [--files] [--rehearse] [--json] [--data FOLDER]\n"
    "\n"
    "For the day on which the server goes: writes everything public into DIR (new or empty), for\n"
    "any web server that hands out files. Certificates then verify from that folder alone.\n"
    "\n"
    "  /v/CODE               each certificate's page, as the site showed it on this day, with its\n"
    "                        credential.json and credential.jcs.json; of superseded ones and of\n"
    "                        those whose holder switched the link off, only that\n"
    "  /.well-known/did.json the keys that count; keys.json tells the history of each\n"
    "  /status/N             the status lists, signed once more, for long\n"
    "  /courses/ID/vHASH     the courses as they were published\n"
    "  /log                  the log of certificates: checkpoints, a proof for each certificate\n"
    "  /verify               how to check a certificate with what is there\n"
    "  README.txt, server/   for whoever hosts it; settings for nginx and Apache\n"
    "\n"
    "  --years N   how long the status lists are valid (10; at most 30). They can't be taken\n"
    "              back: whoever has one can show it until it ends, whatever is revoked later. So\n"
    "              this is for the last day, not for a copy\n"
    "  --rehearse  the same with lists that are valid for seven days, as always\n"
    "  --files     PDF and picture of each certificate, too, made where they are not stored yet\n"
    "              (some 60 to 150 ms for each certificate, and 250 kB both there and in the\n"
    "              database). Without it, those that somebody has asked for before are copied\n"
    "\n"
    "Changes nothing in the data but a line in the audit and a last checkpoint of the log. It\n"
    "works while the server runs, which then writes the folder as its own user, and when it does\n"
    "not; stop it first on the last day. Refused while no key can sign. DIR is called DIR.part\n"
    "until it is whole. A certificate takes some 30 kB and 2 ms.\n"
    "\n"
    "Examples:\n"
    "  understory sunset /tmp/rehearsal --rehearse --data /var/lib/understory\n"
    "  understory sunset /srv/www/train.example.edu --files --data /var/lib/understory\n"
    "\n"
    "Exit: 0 done, 1 not done (the message says why), 2 usage.\n";

struct wanted {
    const char *folder;
    int64_t years; /* 0: a rehearsal */
    bool files, json;
};

struct run {
    const struct command_line *line;
    const struct wanted *w;
    cJSON *begun; /* begin's answer */
    double unprinted;
};

static void say_progress(const char *what, double done, double all)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%s: %.0f of %.0f   %s", what, done, all, done >= all ? "\n" : "");
}

static cJSON *input(const struct run *r)
{
    cJSON *in = cJSON_CreateObject();
    json_put(in, "folder", r->w->folder);
    json_put_bool(in, "files", r->w->files);
    json_put_int(in, "milliseconds", PIECE_MS);
    json_put_int(in, "years", r->w->years);
    json_put(in, "at", json_string(r->begun, "at"));
    json_put(in, "state", json_string(r->begun, "state"));
    return in;
}

/* One command after the other until it has come to `last`. */
static int walk(struct run *r, const char *command, const char *what, double last, struct error *e)
{
    double after = 0;
    int result = 0;
    while (result == 0 && after < last) {
        cJSON *in = input(r), *out = cJSON_CreateObject();
        json_put_int(in, "after", (int64_t)after);
        json_put_int(in, "last", (int64_t)last);
        result = control_call(r->line, command, in, out, e);
        after = json_number_or(out, "after", last);
        r->unprinted += json_number_or(out, "unprinted", 0);
        cJSON_Delete(in);
        cJSON_Delete(out);
        if (result == 0)
            say_progress(what, after, last);
    }
    return result;
}

static int write_all(struct run *r, cJSON *out, struct error *e)
{
    cJSON *in = input(r);
    int result = control_call(r->line, "sunset.begin", in, r->begun, e);
    cJSON_Delete(in);
    if (result ||
        walk(r, "sunset.certificates", "Certificates", json_number_or(r->begun, "certificates", 0),
             e) ||
        walk(r, "sunset.checkpoints", "The log", json_number_or(r->begun, "checkpoint", 0), e))
        return -1;
    in = input(r);
    result = control_call(r->line, "sunset.finish", in, out, e);
    cJSON_Delete(in);
    return result;
}

static void say(const struct run *r, const cJSON *out)
{
    const char *problem = json_string(r->begun, "log_problem");
    double waiting = json_number_or(r->begun, "waiting", 0);
    printf("%s: certificates: %.0f; status lists: %.0f, valid until %.10s%s.\n",
           json_string_or(out, "folder", ""), json_number_or(r->begun, "certificates", 0),
           json_number_or(out, "lists", 0), json_string_or(out, "until", ""),
           r->w->years ? "" : " (a rehearsal: not for publishing)");
    if (problem)
        printf("The log of certificates ends at %.0f, so later ones have no proof: %s\n",
               json_number_or(r->begun, "checkpoint", 0), problem);
    if (waiting > 0)
        printf("Completions still wait for their certificate: %.0f. They are not in it.\n",
               waiting);
    if (r->unprinted > 0)
        printf("PDFs and pictures that could not be made, since the fonts lack a letter: %.0f\n",
               r->unprinted);
    printf("Read README.txt there before you publish it.\n");
}

static void put_report(const struct run *r, cJSON *out)
{
    static const char *const names[] = {"at", "certificates", "waiting", "checkpoint",
                                        "log_problem"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cJSON *value = cJSON_DetachItemFromObjectCaseSensitive(r->begun, names[i]);
        if (value)
            cJSON_AddItemToObject(out, names[i], value);
    }
    json_put_int(out, "unprinted", (int64_t)r->unprinted);
    json_put_bool(out, "rehearsal", r->w->years == 0);
}

static int carry_out(const struct command_line *line, const struct wanted *w)
{
    struct error e = {0};
    struct run r = {.line = line, .w = w, .begun = cJSON_CreateObject()};
    cJSON *out = cJSON_CreateObject();
    int result = EXIT_DONE;
    if (write_all(&r, out, &e)) {
        result = command_fail(line, &e);
        if (json_string(r.begun, "at"))
            fprintf(stderr, "What was written until then stands in %s.part, and is not whole.\n",
                    w->folder);
    } else if (w->json) {
        put_report(&r, out);
        command_print_json(out);
    } else {
        say(&r, out);
    }
    cJSON_Delete(out);
    cJSON_Delete(r.begun);
    return result;
}

static int read_years(const struct command_line *line, const char *text, bool rehearse,
                      int64_t *years)
{
    *years = rehearse ? 0 : SUNSET_YEARS;
    if (!text)
        return 0;
    if (rehearse)
        return command_usage(line, "a rehearsal's lists are valid for seven days; leave --years");
    return text_to_int64(text, 1, SUNSET_YEARS_MOST, years)
               ? 0
               : command_usage(line, "--years takes a whole number from 1 to %d",
                               SUNSET_YEARS_MOST);
}

/* "DIR" without slashes at its end, so that DIR.part lies beside it. */
static const char *clean(struct arena *a, const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    return path_absolute(a, arena_strndup(a, path, n));
}

int cmd_sunset(int argc, char **argv)
{
    struct command_line line;
    struct wanted w = {0};
    const char *years = NULL;
    bool rehearse = false;
    const struct command_option options[] = {{"years", &years, NULL},
                                             {"files", NULL, &w.files},
                                             {"rehearse", NULL, &rehearse},
                                             {"json", NULL, &w.json},
                                             {0}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    int result = command_begin_options(&line, "sunset", options, &argc, argv);
    if (result == 0)
        result = command_argument(&line, argc, argv, "DIR", &w.folder);
    if (result == 0 && !w.folder)
        result = command_usage(&line, "say which DIR to write");
    if (result == 0)
        result = read_years(&line, years, rehearse, &w.years);
    if (result == 0) {
        w.folder = clean(line.arena, w.folder);
        result = carry_out(&line, &w);
    }
    command_end(&line);
    return result;
}
