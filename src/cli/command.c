#include "cli/command.h"
#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void commands_start(void)
{
    json_start();
}

/* Takes "--now TIME" or "--now=TIME" out of argv; NULL when it is not there. */
static const char *take_now(int *argc, char **argv)
{
    for (int i = 1; i < *argc && strcmp(argv[i], "--") != 0; i++) {
        int taken = strcmp(argv[i], "--now") == 0 && i + 1 < *argc ? 2
                    : text_starts(argv[i], "--now=")               ? 1
                                                                   : 0;
        if (!taken)
            continue;
        const char *value = taken == 2 ? argv[i + 1] : argv[i] + strlen("--now=");
        memmove(&argv[i], &argv[i + taken], (size_t)(*argc - i - taken + 1) * sizeof *argv);
        *argc -= taken;
        return value;
    }
    return getenv("UNDERSTORY_NOW");
}

int command_begin(struct command_line *c, const char *name, int *argc, char **argv)
{
    *c = (struct command_line){.name = name, .arena = arena_create()};
    struct error e = {0};
    clock_system(&c->clock);
    const char *now = take_now(argc, argv);
    instant at;
    if (now && !instant_parse(now, &at))
        return command_usage(c, "--now takes a time like 2026-07-01T17:05:09Z, not \"%s\"", now);
    if (now)
        c->clock.offset = at - clock_now(&c->clock);
    if (settings_load(&c->settings, c->arena, argc, argv, &e))
        return command_fail(c, &e);
    argv[0] = arena_printf(c->arena, "understory %s", name); /* getopt_long's messages begin so */
    optind = 0;                                              /* GNU: begin a new scan */
    return 0;
}

static int take_options(const struct command_option *options, int argc, char **argv)
{
    struct option names[COMMAND_OPTIONS + 1] = {{0}};
    for (int i = 0; i < COMMAND_OPTIONS && options[i].name; i++)
        names[i] = (struct option){options[i].name,
                                   options[i].value ? required_argument : no_argument, NULL, 0};
    int option, at = 0;
    while ((option = getopt_long(argc, argv, "", names, &at)) != -1) {
        if (option == '?')
            return EXIT_USAGE;
        if (options[at].value)
            *options[at].value = optarg;
        else
            *options[at].flag = true;
    }
    return 0;
}

int command_begin_options(struct command_line *c, const char *name,
                          const struct command_option *options, int *argc, char **argv)
{
    int result = command_begin(c, name, argc, argv);
    return result ? result : take_options(options, *argc, argv);
}

int command_argument(const struct command_line *c, int argc, char **argv, const char *what,
                     const char **out)
{
    if (optind < argc)
        *out = argv[optind++];
    return optind < argc ? command_usage(c, "one %s at a time; what is \"%s\"?", what, argv[optind])
                         : 0;
}

int command_no_more(const struct command_line *c, int argc, char **argv)
{
    return optind < argc ? command_usage(c, "there is nothing to do with \"%s\"", argv[optind]) : 0;
}

void command_end(struct command_line *c)
{
    arena_free(c->arena);
    c->arena = NULL;
}

int command_fail(const struct command_line *c, const struct error *e)
{
    fprintf(stderr, "understory %s: error: %s\n", c->name, e->message);
    return e->kind == ERROR_USAGE ? EXIT_USAGE : EXIT_NOT_DONE;
}

int command_usage(const struct command_line *c, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    fprintf(stderr, "understory %s: error: ", c->name);
    vfprintf(stderr, format, ap);
    fprintf(stderr, "\nSee `understory %s --help`.\n", c->name);
    va_end(ap);
    return EXIT_USAGE;
}

void command_print_json(const cJSON *value)
{
    struct buf b;
    buf_init(&b, (size_t)64 * 1024 * 1024);
    json_print(value, &b);
    buf_putc(&b, '\n');
    fwrite(b.data, 1, b.length, stdout);
    fflush(stdout);
    buf_free(&b);
}

bool command_helped(int argc, char **argv, const char *help)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            return true;
        }
    return false;
}
