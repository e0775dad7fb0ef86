/*
 * understory gift: questions from and for Moodle's GIFT. Needs no settings and no database, so that
 * an author can run it anywhere.
 */
#include "course/gift.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/files.h"
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { GIFT_FINE = 0, GIFT_ERRORS = 1, GIFT_FAILED = 2 };

#define FILE_MAX ((size_t)8 << 20)

static const char help[] =
    "usage: understory gift import FILE [OPTION…]\n"
    "       understory gift export COURSE [--out FILE]\n"
    "\n"
    "import turns questions in Moodle's GIFT format into the text of a questions.md. Every "
    "question\n"
    "that cannot be taken and every answer without a rationale is reported as\n"
    "FILE:LINE:COLUMN: error[CODE]: MESSAGE; the rest is written all the same.\n"
    "export writes a course's item bank as GIFT. COURSE is a course's folder, or its name in "
    "courses/.\n"
    "\n"
    "      --course ID     for the ids of questions whose title is none (q-ID-01)\n"
    "      --objective ID  the objective of questions that name none\n"
    "      --use USE       lesson or check (the default)\n"
    "      --out FILE      write to FILE, which must not be there yet; the default is the "
    "terminal\n"
    "  -h, --help          show this help\n"
    "\n"
    "Exit status: 0 fine, 1 errors were reported or something was left out, 2 wrong usage or a "
    "file\n"
    "that cannot be read or written.\n"
    "\n"
    "Examples:\n"
    "  understory gift import bank.gift --course evaluate --objective E1 --out questions.md\n"
    "  understory gift export courses/humility --out humility.gift\n"
    "  understory gift export humility | less\n";

struct gift {
    struct arena *arena;
    struct gift_options options;
    const char *what, *path, *out;
};

static int fail(const char *message)
{
    fprintf(stderr, "understory gift: error: %s\n", message);
    return GIFT_FAILED;
}

static int write_out(const struct gift *g, const struct buf *b)
{
    FILE *f = g->out ? fopen(g->out, "wx") : stdout;
    if (!f)
        return fail(arena_printf(g->arena, "%s: %s%s", g->out, strerror(errno),
                                 errno == EEXIST ? "; name another file" : ""));
    bool good = fwrite(b->data ? b->data : "", 1, b->length, f) == b->length;
    good = (g->out ? fclose(f) : fflush(f)) == 0 && good;
    return good ? GIFT_FINE
                : fail(arena_printf(g->arena, "%s: %s", g->out ? g->out : "standard output",
                                    strerror(errno)));
}

static int do_import(const struct gift *g)
{
    struct error e = {0};
    struct buf bytes, out;
    int items, result;
    buf_init(&bytes, FILE_MAX);
    buf_init(&out, FILE_MAX * 4);
    if (file_read(g->path, &bytes, &e)) {
        buf_free(&bytes);
        return fail(e.message);
    }
    struct course_source *c =
        gift_import(g->path, bytes.data ? bytes.data : "", bytes.length, &g->options, &out, &items);
    const struct diagnostic *list;
    int n = course_diagnostics(c, &list), errors = course_errors(c);
    for (int i = 0; i < n; i++)
        diagnostic_print(stderr, &list[i]);
    result = write_out(g, &out);
    if (result == GIFT_FINE)
        fprintf(stderr, "%d item%s, %d error%s\n", items, items == 1 ? "" : "s", errors,
                errors == 1 ? "" : "s");
    course_free(c);
    buf_free(&bytes);
    buf_free(&out);
    return result ? result : errors ? GIFT_ERRORS : GIFT_FINE;
}

static const char *course_folder(const struct gift *g)
{
    struct stat st;
    if (stat(g->path, &st) == 0 || strchr(g->path, '/'))
        return g->path;
    return arena_printf(g->arena, "courses/%s", g->path);
}

static void say_counts(const struct gift_export_counts *n)
{
    fprintf(stderr, "%d item%s written\n", n->written, n->written == 1 ? "" : "s");
    if (n->orders)
        fprintf(stderr, "%d of type order left out: GIFT has no such kind\n", n->orders);
    if (n->broken)
        fprintf(stderr, "%d with errors left out: see understory check\n", n->broken);
}

static int do_export(const struct gift *g)
{
    struct error e = {0};
    struct course_source *c = course_read(course_folder(g), 0, &e);
    if (!c)
        return fail(e.message);
    struct gift_export_counts n;
    struct buf out;
    buf_init(&out, FILE_MAX);
    gift_export(c, &out, &n);
    int result = write_out(g, &out);
    if (result == GIFT_FINE)
        say_counts(&n);
    course_free(c);
    buf_free(&out);
    return result ? result : n.orders || n.broken ? GIFT_ERRORS : GIFT_FINE;
}

static int read_arguments(struct gift *g, int argc, char **argv)
{
    enum { OPT_COURSE = 256, OPT_OBJECTIVE, OPT_USE, OPT_OUT };
    static const struct option options[] = {
        {"course", required_argument, NULL, OPT_COURSE},
        {"objective", required_argument, NULL, OPT_OBJECTIVE},
        {"use", required_argument, NULL, OPT_USE},
        {"out", required_argument, NULL, OPT_OUT},
        {"help", no_argument, NULL, 'h'},
        {0},
    };
    for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (option) {
        case OPT_COURSE:
            g->options.course = optarg;
            break;
        case OPT_OBJECTIVE:
            g->options.objective = optarg;
            break;
        case OPT_USE:
            g->options.use = optarg;
            break;
        case OPT_OUT:
            g->out = optarg;
            break;
        case 'h':
            fputs(help, stdout);
            return 0;
        default:
            return GIFT_FAILED;
        }
    }
    if (argc - optind != 2)
        return fail("name what to do and with what: import FILE, or export COURSE");
    g->what = argv[optind];
    g->path = argv[optind + 1];
    return -1;
}

static bool is_word(const char *s)
{
    return !s || (*s && !s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                     "0123456789-")]);
}

static int run(struct gift *g)
{
    if (g->options.use && strcmp(g->options.use, "lesson") != 0 &&
        strcmp(g->options.use, "check") != 0)
        return fail("--use is lesson or check");
    if (!is_word(g->options.course) || !is_word(g->options.objective))
        return fail("--course and --objective take letters, digits and '-'");
    if (strcmp(g->what, "import") == 0)
        return do_import(g);
    if (strcmp(g->what, "export") == 0)
        return do_export(g);
    return fail("name what to do and with what: import FILE, or export COURSE");
}

int cmd_gift(int argc, char **argv)
{
    struct gift g = {.arena = arena_create()};
    argv[0] = arena_printf(g.arena, "understory gift"); /* getopt_long's messages begin so */
    optind = 1;
    int result = read_arguments(&g, argc, argv);
    if (result < 0)
        result = run(&g);
    arena_free(g.arena);
    return result;
}
