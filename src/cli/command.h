/*
 * What commands share on the terminal: settings and the clock from the command line, and one way of
 * saying what went wrong. Output that is data goes to standard output, everything else to standard
 * error.
 *
 * Exit codes of every command: 0 done, 1 not done, 2 the command line is wrong (others where a
 * command's --help says so).
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H
#include "base/arena.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/settings.h"
#include <cjson/cJSON.h>
#include <stdbool.h>

enum { EXIT_DONE = 0, EXIT_NOT_DONE = 1, EXIT_USAGE = 2, EXIT_ONLY_SHOWN = 3 };

struct command_line {
    const char *name;    /* "person link" */
    struct arena *arena; /* holds the settings */
    struct settings settings;
    struct clock clock;
};

/*
 * Takes the settings' flags and --now TIME (or UNDERSTORY_NOW) out of argv; what is left is for
 * getopt_long. --now sets the clock's start; it goes on from there. 0, or the exit code after a
 * message. command_end frees; it is safe after a failed begin.
 */
int command_begin(struct command_line *c, const char *name, int *argc, char **argv);
void command_end(struct command_line *c);

/* An option of a command: its argument goes into *value, or it sets *flag. A table ends with {0}.
 */
struct command_option {
    const char *name;   /* "dry-run" */
    const char **value; /* NULL: it takes no argument */
    bool *flag;         /* NULL: it takes one */
};
#define COMMAND_OPTIONS 15 /* as many as one command may have */

/* command_begin, then the command's own options; from optind on stand its arguments. 0, or the exit
 * code after a message. */
int command_begin_options(struct command_line *c, const char *name,
                          const struct command_option *options, int *argc, char **argv);
/* The one argument that may stand there; *out stays as it is without it. `what` names it: "FILE".
 */
int command_argument(const struct command_line *c, int argc, char **argv, const char *what,
                     const char **out);
/* No argument is left? 0, or the exit code after a message. */
int command_no_more(const struct command_line *c, int argc, char **argv);

/* Prints "understory NAME: error: MESSAGE" and returns the exit code of e's kind. */
int command_fail(const struct command_line *c, const struct error *e);
/* The same for a wrong command line: exit code 2. */
int command_usage(const struct command_line *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints one JSON value and a newline on standard output. */
void command_print_json(const cJSON *value);

/* Does argv hold --help (before "--")? Then `help` is printed, and that is all that is asked. */
bool command_helped(int argc, char **argv, const char *help);

#endif
