/* `understory person`: adding people, one-time links, grants, appointments, deleting an account. */
#include "cli/person.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/control.h"
#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char help[] =
    "usage: understory person add --name NAME [--email ADDRESS] [--department CODE [--title "
    "TITLE]]\n"
    "                             [--staff-number ID] [--profession TEXT] [--discipline TEXT]\n"
    "       understory person link WHO [--hours N] [--to PATH]\n"
    "       understory person grant WHO chair|evaluator|administrator|author [--department CODE]\n"
    "       understory person appoint WHO --department CODE [--title TITLE] [--primary]\n"
    "       understory person delete WHO --reason TEXT [--yes]\n"
    "       understory person department CODE NAME\n"
    "       understory person list [SEARCH]\n"
    "\n"
    "WHO is an e-mail address or a uuid from `person list`. Works while the server runs and when "
    "it\n"
    "does not. Every form takes --json and the settings (--data FOLDER).\n"
    "\n"
    "  delete   deletes the account for good: name, addresses, password and what the person wrote\n"
    "           go, appointments and roles end. Completions (under a number) and certificates "
    "stay.\n"
    "           It first says exactly what goes and what stays, and is done when the name is "
    "typed,\n"
    "           or at once with --yes. The audit keeps the reason; leave the name out of it. Said\n"
    "           again with the uuid, it finishes what was cut short.\n"
    "\n"
    "Examples:\n"
    "  understory person department internal-medicine 'Internal Medicine'\n"
    "  understory person add --name 'Amara Okafor' --email amara@example.edu \\\n"
    "                        --department internal-medicine --title 'Assistant Professor'\n"
    "  understory person link amara@example.edu\n"
    "  understory person grant chair@example.edu chair --department internal-medicine\n"
    "  understory person grant writer@example.edu author\n"
    "  understory person delete amara@example.edu --reason 'Has left; asked for it by letter'\n"
    "\n"
    "Exit: 0 done, 1 not done (the message says why), 2 usage, 3 delete only showed.\n";

/* The options of all forms: each becomes a member of the control command's input. */
static const struct option options[] = {{"name", required_argument, NULL, 'n'},
                                        {"email", required_argument, NULL, 'e'},
                                        {"department", required_argument, NULL, 'd'},
                                        {"title", required_argument, NULL, 't'},
                                        {"staff-number", required_argument, NULL, 'x'},
                                        {"family-name", required_argument, NULL, 'f'},
                                        {"learner-type", required_argument, NULL, 'l'},
                                        {"profession", required_argument, NULL, 'p'},
                                        {"discipline", required_argument, NULL, 'i'},
                                        {"hours", required_argument, NULL, 'o'},
                                        {"to", required_argument, NULL, 'r'},
                                        {"primary", no_argument, NULL, 'P'},
                                        {"reason", required_argument, NULL, 'w'},
                                        {"yes", no_argument, NULL, 'y'},
                                        {"json", no_argument, NULL, 'j'},
                                        {"page", required_argument, NULL, 'g'},
                                        {0}};

static const struct {
    int option;
    const char *member;
} members[] = {{'n', "name"},         {'e', "email"},       {'d', "department"},
               {'t', "title"},        {'x', "external_id"}, {'f', "family_name"},
               {'l', "learner_type"}, {'p', "profession"},  {'i', "discipline"},
               {'r', "return_to"},    {'w', "reason"}};

struct form {
    const char *name;              /* as typed */
    const char *command;           /* the control command */
    const char *arguments[2];      /* members that the plain arguments become */
    void (*say)(const cJSON *out); /* NULL: person_delete */
};

static void say_added(const cJSON *out)
{
    printf("Added %s, uuid %s.\n", json_string_or(out, "name", ""),
           json_string_or(out, "uuid", ""));
}

static void say_link(const cJSON *out)
{
    printf("%s\n", json_string_or(out, "link", ""));
    fprintf(stderr, "For %s, once, until %s.\n", json_string_or(out, "name", ""),
            json_string_or(out, "expires_at", ""));
}

static void say_granted(const cJSON *out)
{
    const char *department = json_string(out, "department");
    printf("%s is now %s%s%s.\n", json_string_or(out, "name", ""), json_string_or(out, "role", ""),
           department ? " of " : "", department ? department : "");
}

static void say_appointed(const cJSON *out)
{
    printf("%s now has an appointment in %s.\n", json_string_or(out, "name", ""),
           json_string_or(out, "department", ""));
}

static void say_department(const cJSON *out)
{
    printf("Added the department %s (%s).\n", json_string_or(out, "name", ""),
           json_string_or(out, "code", ""));
}

static void say_list(const cJSON *out)
{
    const cJSON *person;
    cJSON_ArrayForEach(person, json_get(out, "people"))
        printf("%s  %-32s  %-40s  %s\n", json_string_or(person, "uuid", ""),
               json_string_or(person, "name", ""), json_string_or(person, "email", "-"),
               json_string_or(person, "department", "-"));
    if (json_bool_or(out, "more", false))
        fprintf(stderr, "There are more; --page N shows the next ones.\n");
}

static const struct form forms[] = {
    {"add", "person.add", {NULL, NULL}, say_added},
    {"link", "person.link", {"person", NULL}, say_link},
    {"grant", "person.grant", {"person", "role"}, say_granted},
    {"appoint", "person.appoint", {"person", NULL}, say_appointed},
    {"delete", "person.delete", {"person", NULL}, NULL},
    {"department", "department.add", {"code", "name"}, say_department},
    {"list", "person.list", {"search", NULL}, say_list},
};

static const struct form *find_form(const char *name)
{
    for (size_t i = 0; name && i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(forms[i].name, name) == 0)
            return &forms[i];
    return NULL;
}

static int take_number(const struct command_line *line, cJSON *in, const char *member,
                       const char *text)
{
    int64_t value;
    if (!text_to_int64(text, 1, 1000000, &value))
        return command_usage(line, "--%s takes a whole number, not \"%s\"", member, text);
    json_put_int(in, member, value);
    return 0;
}

static int take_option(const struct command_line *line, int option, cJSON *in, bool *json)
{
    if (option == '?')
        return EXIT_USAGE;
    if (option == 'j')
        *json = true;
    else if (option == 'P')
        json_put_bool(in, "primary", true);
    else if (option == 'y')
        json_put_bool(in, "yes", true);
    else if (option == 'o')
        return take_number(line, in, "hours", optarg);
    else if (option == 'g')
        return take_number(line, in, "page", optarg);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (members[i].option == option)
            json_put(in, members[i].member, optarg);
    return 0;
}

static int take_arguments(const struct command_line *line, const struct form *form, int argc,
                          char **argv, cJSON *in)
{
    for (int i = 0; i < 2 && form->arguments[i]; i++) {
        if (optind < argc)
            json_put(in, form->arguments[i], argv[optind++]);
        else if (strcmp(form->name, "list") != 0)
            return command_usage(line, "say which %s", form->arguments[i]);
    }
    return command_no_more(line, argc, argv);
}

int cmd_person(int argc, char **argv)
{
    const struct form *form = argc > 1 ? find_form(argv[1]) : NULL;
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    if (!form) {
        fputs(help, stderr);
        return EXIT_USAGE;
    }
    char name[32];
    snprintf(name, sizeof name, "person %s", form->name);
    struct command_line line;
    argc--;
    argv++;
    int option, result = command_begin(&line, name, &argc, argv);
    cJSON *in = cJSON_CreateObject();
    bool json = false;
    while (result == 0 && (option = getopt_long(argc, argv, "", options, NULL)) != -1)
        result = take_option(&line, option, in, &json);
    if (result == 0)
        result = take_arguments(&line, form, argc, argv, in);
    if (result == 0)
        result = form->say ? control_run(&line, form->command, in, json, form->say)
                           : person_delete(&line, in, json);
    cJSON_Delete(in);
    command_end(&line);
    return result;
}
