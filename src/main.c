/* understory: the command table, nothing else. */
#include "cli/commands.h"
#include "cli/version.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; returns the exit code */
    const char *summary;
} commands[] = {
    {"serve", cmd_serve, "run the server"},
    {"check", cmd_check, "read courses and show every problem"},
    {"publish", cmd_publish, "show what a course's folder would change, and publish it"},
    {"gift", cmd_gift, "questions from and for Moodle's GIFT format"},
    {"verify", cmd_verify, "is this certificate good?"},
    {"trust", cmd_trust, "pin an issuer's keys for verify"},
    {"backup", cmd_backup, "one file with everything but the keys; the keys sealed in another"},
    {"restore", cmd_restore, "a data folder from a backup, proved before it says done"},
    {"audit", cmd_audit, "prove the ledger, the audit, every certificate and their log"},
    {"certificate", cmd_certificate, "what was issued; revoke one, put another in its place"},
    {"key", cmd_key, "the keys that sign certificates: list, new, rotate, retire, compromise"},
    {"log", cmd_log, "the transparency log of certificates: its checkpoint, its key"},
    {"sunset", cmd_sunset, "the public site as a folder, for the day on which the server goes"},
    {"demo", cmd_demo, "fill an unused data folder with people and a year of learning"},
    {"person", cmd_person, "people, one-time sign-in links, appointments, grants"},
    {NULL, NULL, NULL},
};

static void usage(FILE *out)
{
    fputs("usage: understory COMMAND [OPTION…]\n\n", out);
    for (const struct command *c = commands; c->name; c++)
        fprintf(out, "  %-11s %s\n", c->name, c->summary);
    fputs("\n`understory COMMAND --help` explains one; `understory --version` says which source "
          "this is.\n",
          out);
}

int main(int argc, char **argv)
{
    if (sodium_init() < 0) {
        fputs("understory: error: the random number generator is not available\n", stderr);
        return 1;
    }
    commands_start();
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        usage(stdout);
        return 0;
    }
    if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
        printf("understory %s\n", version_line());
        return 0;
    }
    for (const struct command *c = commands; argc >= 2 && c->name; c++)
        if (strcmp(argv[1], c->name) == 0)
            return c->run(argc - 1, argv + 1);
    usage(stderr);
    return 2;
}
