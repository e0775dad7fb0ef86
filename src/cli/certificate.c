/* `understory certificate`: what was issued, taking one back, putting another in its place. */
#include "cli/certificate.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "report/directory.h"
#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: understory certificate list [SEARCH] [--page N]\n"
    "       understory certificate show WHICH\n"
    "       understory certificate revoke WHICH --reason TEXT\n"
    "       understory certificate supersede WHICH --reason TEXT\n"
    "\n"
    "WHICH is a certificate's code, its uuid, or its link. SEARCH is part of a name or an e-mail\n"
    "address. Works while the server runs and when it does not. Every form takes --json and the\n"
    "settings (--data FOLDER).\n"
    "\n"
    "  revoke     takes it back for good: its page, and every check with a fresh status list, say\n"
    "             so from this moment. The completion stays recorded. The holder reads the "
    "reason,\n"
    "             the public does not.\n"
    "  supersede  issues another under the present key and in the holder's present name, with the\n"
    "             same completion and date; the old one's page then says that it was superseded.\n"
    "\n"
    "Neither can be undone. Both are written to the audit.\n"
    "\n"
    "Examples:\n"
    "  understory certificate list okafor\n"
    "  understory certificate show 01H8X-2KQ9D-7M3NP-5R6TV-WXYZ12\n"
    "  understory certificate revoke https://train.example.edu/v/01H8X2KQ9D7M3NP5R6TVWXYZ12 \\\n"
    "                                --reason 'Given out to the wrong person'\n"
    "  understory certificate supersede 7b0d3c1e-8f0a-4c55-9f0e-3a8a6e2f9d11 \\\n"
    "                                --reason 'The name was mistyped' --json\n"
    "\n"
    "Exit: 0 done, 1 not done (the message says why), 2 usage.\n";

static void say_one(const cJSON *out)
{
    static const char *const lines[][2] = {
        {"state", "state"},         {"reason", "reason"},
        {"withdrawn", "withdrawn"}, {"name", "person"},
        {"course", "course"},       {"completed", "completed"},
        {"issued", "issued"},       {"valid_until", "valid until"},
        {"uuid", "uuid"},           {"code", "code"},
        {"link", "link"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *value = json_string(out, lines[i][0]);
        if (value)
            printf("%-12s %s\n", lines[i][1], value);
    }
    if (!json_bool_or(out, "shared", true))
        printf("%-12s %s\n", "link is", "switched off by its holder");
}

static void say_revoked(const cJSON *out)
{
    printf("Revoked the certificate %s of %s.\n", json_string_or(out, "uuid", ""),
           json_string_or(out, "name", ""));
}

static void say_superseded(const cJSON *out)
{
    printf("Issued %s to %s; %s is superseded.\n%s\n", json_string_or(out, "uuid", ""),
           json_string_or(out, "name", ""), json_string_or(out, "superseded", ""),
           json_string_or(out, "link", ""));
}

static void say_list(const cJSON *out)
{
    const cJSON *row;
    cJSON_ArrayForEach(row, json_get(out, "certificates"))
        printf("%s  %-10s  %.10s  %-32s  %s\n", json_string_or(row, "uuid", ""),
               json_string_or(row, "state", ""), json_string_or(row, "completed", ""),
               json_string_or(row, "name", ""), json_string_or(row, "course", ""));
    if (json_bool_or(out, "more", false))
        fprintf(stderr, "There are more; --page N shows the next ones.\n");
}

static const struct form {
    const char *name, *command, *argument;
    bool takes_reason, argument_needed;
    void (*say)(const cJSON *out);
} forms[] = {
    {"list", "certificate.list", "search", false, false, say_list},
    {"show", "certificate.show", "certificate", false, true, say_one},
    {"revoke", "certificate.revoke", "certificate", true, true, say_revoked},
    {"supersede", "certificate.supersede", "certificate", true, true, say_superseded},
};

static const struct form *find_form(const char *name)
{
    for (size_t i = 0; name && i < sizeof forms / sizeof *forms; i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

static int take(const struct command_line *line, const struct form *form, const char *reason,
                const char *page, int argc, char **argv, cJSON *in)
{
    int64_t number;
    const char *which = NULL;
    int result = command_argument(line, argc, argv, form->argument, &which);
    if (result)
        return result;
    if (form->argument_needed && !which)
        return command_usage(line, "say which certificate: its code, uuid or link");
    if (form->takes_reason && !reason)
        return command_usage(line, "say why: --reason TEXT");
    if (!form->takes_reason && reason)
        return command_usage(line, "%s takes no --reason", form->name);
    if (page && (form->argument_needed || !text_to_int64(page, 1, DIRECTORY_PAGES, &number)))
        return command_usage(line, "--page takes a whole number, with `certificate list`");
    json_put(in, form->argument, which);
    json_put(in, "reason", reason);
    if (page)
        json_put_int(in, "page", number);
    return 0;
}

int cmd_certificate(int argc, char **argv)
{
    const struct form *form = argc > 1 ? find_form(argv[1]) : NULL;
    const char *reason = NULL, *page = NULL;
    bool json = false;
    const struct command_option options[] = {
        {"reason", &reason, NULL}, {"page", &page, NULL}, {"json", NULL, &json}, {0}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    if (!form) {
        fputs(help, stderr);
        return EXIT_USAGE;
    }
    char name[32];
    snprintf(name, sizeof name, "certificate %s", form->name);
    struct command_line line;
    argc--;
    argv++;
    cJSON *in = cJSON_CreateObject();
    int result = command_begin_options(&line, name, options, &argc, argv);
    if (result == 0)
        result = take(&line, form, reason, page, argc, argv, in);
    if (result == 0)
        result = control_run(&line, form->command, in, json, form->say);
    cJSON_Delete(in);
    command_end(&line);
    return result;
}
