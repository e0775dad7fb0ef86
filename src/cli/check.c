/*
 * understory check: reads courses and says everything that is wrong with them, in one run. Needs no
 * settings and no database, so that an author can run it anywhere.
 */
#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "course/list.h"
#include "course/source.h"
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CHECK_FINE = 0, CHECK_ERRORS = 1, CHECK_FAILED = 2 };

static const char help[] =
    "usage: understory check [OPTION…] [PATH…]\n"
    "\n"
    "Reads course folders and reports every problem in one run, as\n"
    "FILE:LINE:COLUMN: error[CODE]: MESSAGE and a line with a hint.\n"
    "PATH is a course or a folder of courses; the default is courses.\n"
    "\n"
    "      --strict      warnings count as errors\n"
    "      --json        one JSON document, for editors\n"
    "      --today DATE  judge review dates as of DATE, such as 2026-11-22\n"
    "      --codes       list every code with its meaning, and do nothing else\n"
    "  -h, --help        show this help\n"
    "\n"
    "Exit status: 0 no errors, 1 errors, 2 wrong usage or a PATH that cannot be read.\n"
    "\n"
    "Examples:\n"
    "  understory check                         all courses\n"
    "  understory check courses/humility        one course\n"
    "  understory check --strict --today 2027-06-01 courses\n"
    "  understory check --json courses | jq '.diagnostics[].code'\n";

struct check {
    struct arena *arena;
    struct list paths;   /* const char *: course folders */
    struct list courses; /* struct course_source * */
    struct list found;   /* struct diagnostic, of all courses, none twice */
    instant today;
    bool strict, json, codes, failed;
    int lessons, items, count[3]; /* by severity */
};

static void fail(struct check *k, const char *message)
{
    fprintf(stderr, "understory check: error: %s\n", message);
    k->failed = true;
}

/* ---- which courses ---- */

static bool exists(struct arena *a, const char *folder, const char *name)
{
    struct stat st;
    return stat(arena_printf(a, "%s/%s", folder, name), &st) == 0;
}

static bool is_course(struct arena *a, const char *folder)
{
    return exists(a, folder, "course.json") || exists(a, folder, "questions.md") ||
           exists(a, folder, "lessons");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_path(struct check *k, const char *path)
{
    *(const char **)list_add(k->arena, &k->paths, sizeof path) = path;
}

static void add_folder(struct check *k, const char *path)
{
    DIR *dir = opendir(path);
    if (!dir) {
        fail(k, arena_printf(k->arena, "%s: %s", path, strerror(errno)));
        return;
    }
    int before = k->paths.count;
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *folder = arena_printf(k->arena, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && is_course(k->arena, folder))
            add_path(k, folder);
    }
    closedir(dir);
    if (k->paths.count == before)
        fail(k, arena_printf(k->arena, "%s: no course in this folder", path));
    else
        qsort((const char **)k->paths.data + before, (size_t)(k->paths.count - before),
              sizeof(char *), by_name);
}

static void add_argument(struct check *k, const char *argument)
{
    char *path = arena_strdup(k->arena, argument);
    for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
        path[n - 1] = 0;
    if (is_course(k->arena, path))
        add_path(k, path);
    else
        add_folder(k, path);
}

/* ---- reading ---- */

static bool same(const struct diagnostic *a, const struct diagnostic *b)
{
    return a->line == b->line && a->column == b->column && strcmp(a->code, b->code) == 0 &&
           strcmp(a->file, b->file) == 0 && strcmp(a->message, b->message) == 0;
}

/* Several courses may say the same of a file they share (site.json). */
static void gather(struct check *k, const struct course_source *course)
{
    const struct diagnostic *list;
    int count = course_diagnostics(course, &list), before = k->found.count;
    for (int i = 0; i < count; i++) {
        bool known = false;
        for (int m = 0; m < before && !known; m++)
            known = same(LIST_AT(&k->found, struct diagnostic, m), &list[i]);
        if (known)
            continue;
        struct diagnostic *d = list_add(k->arena, &k->found, sizeof *d);
        *d = list[i];
        if (k->strict && d->severity == SEVERITY_WARNING)
            d->severity = SEVERITY_ERROR;
        k->count[d->severity]++;
    }
}

static void read_courses(struct check *k)
{
    for (int i = 0; i < k->paths.count; i++) {
        struct error e = {0};
        struct course_source *course =
            course_read(*LIST_AT(&k->paths, const char *, i), k->today, &e);
        if (course)
            *(struct course_source **)list_add(k->arena, &k->courses, sizeof course) = course;
        else
            fail(k, e.message);
    }
    struct course_source **courses = k->courses.data;
    course_check_together(courses, k->courses.count);
    for (int i = 0; i < k->courses.count; i++) {
        int lessons, items;
        course_counts(courses[i], &lessons, &items);
        k->lessons += lessons;
        k->items += items;
        gather(k, courses[i]);
    }
}

/* ---- output ---- */

/* "no errors, ", "1 error, ", "2 errors, " */
static void print_count(int n, const char *what, const char *behind)
{
    if (n == 0)
        printf("no %ss%s", what, behind);
    else
        printf("%d %s%s%s", n, what, n == 1 ? "" : "s", behind);
}

static void print_plain(const struct check *k)
{
    for (int i = 0; i < k->found.count; i++) {
        diagnostic_print(stdout, LIST_AT(&k->found, struct diagnostic, i));
    }
    print_count(k->courses.count, "course", ", ");
    print_count(k->lessons, "lesson", ", ");
    print_count(k->items, "item", ": ");
    print_count(k->count[SEVERITY_ERROR], "error", ", ");
    print_count(k->count[SEVERITY_WARNING], "warning", ", ");
    print_count(k->count[SEVERITY_NOTE], "note", "\n");
}

static void print_document(cJSON *root)
{
    struct buf out;
    buf_init(&out, (size_t)64 << 20);
    json_print(root, &out);
    puts(out.data ? out.data : "{}");
    buf_free(&out);
    cJSON_Delete(root);
}

static void print_json(const struct check *k)
{
    cJSON *root = cJSON_CreateObject();
    cJSON *list = json_array(root, "diagnostics");
    for (int i = 0; i < k->found.count; i++) {
        const struct diagnostic *d = LIST_AT(&k->found, struct diagnostic, i);
        cJSON *one = json_item(list);
        json_put(one, "file", d->file);
        json_put_int(one, "line", d->line);
        json_put_int(one, "column", d->column);
        json_put(one, "severity", severity_name(d->severity));
        json_put(one, "code", d->code);
        json_put(one, "message", d->message);
        json_put(one, "hint", d->hint);
    }
    cJSON *summary = json_object(root, "summary");
    json_put_int(summary, "courses", k->courses.count);
    json_put_int(summary, "lessons", k->lessons);
    json_put_int(summary, "items", k->items);
    json_put_int(summary, "errors", k->count[SEVERITY_ERROR]);
    json_put_int(summary, "warnings", k->count[SEVERITY_WARNING]);
    json_put_int(summary, "notes", k->count[SEVERITY_NOTE]);
    print_document(root);
}

static void print_codes(bool json)
{
    int count;
    const struct diagnostic_code *codes = diagnostic_codes(&count);
    cJSON *root = json ? cJSON_CreateObject() : NULL;
    cJSON *list = json ? json_array(root, "codes") : NULL;
    for (int i = 0; i < count; i++) {
        if (!json) {
            printf("%s  %-7s  %s\n              hint: %s\n", codes[i].code,
                   severity_name(codes[i].severity), codes[i].meaning, codes[i].hint);
            continue;
        }
        cJSON *one = json_item(list);
        json_put(one, "code", codes[i].code);
        json_put(one, "severity", severity_name(codes[i].severity));
        json_put(one, "meaning", codes[i].meaning);
        json_put(one, "hint", codes[i].hint);
    }
    if (json)
        print_document(root);
}

/* ---- the command ---- */

static int usage_error(const char *message, const char *what)
{
    fprintf(stderr, "understory check: error: %s%s\nSee `understory check --help`.\n", message,
            what);
    return CHECK_FAILED;
}

/* 0 to go on, otherwise the exit status plus one. */
static int read_options(struct check *k, int argc, char **argv)
{
    static const struct option options[] = {
        {"strict", no_argument, NULL, 's'},      {"json", no_argument, NULL, 'j'},
        {"today", required_argument, NULL, 't'}, {"codes", no_argument, NULL, 'c'},
        {"help", no_argument, NULL, 'h'},        {NULL, 0, NULL, 0}};
    optind = 0;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, ":h", options, NULL)) != -1;) {
        switch (option) {
        case 's':
            k->strict = true;
            break;
        case 'j':
            k->json = true;
            break;
        case 'c':
            k->codes = true;
            break;
        case 't':
            if (!instant_parse_date(optarg, &k->today))
                return 1 + usage_error("--today takes a date such as 2026-11-22, not ", optarg);
            break;
        case 'h':
            fputs(help, stdout);
            return 1 + CHECK_FINE;
        case ':':
            return 1 + usage_error("a value is missing after ", argv[optind - 1]);
        default:
            return 1 + usage_error("unknown option ", argv[optind - 1]);
        }
    }
    return 0;
}

int cmd_check(int argc, char **argv)
{
    struct clock clock;
    clock_system(&clock);
    struct check k = {.arena = arena_create(), .today = clock_now(&clock)};
    int status = read_options(&k, argc, argv);
    if (status > 0) {
        status--;
        goto out;
    }
    if (k.codes) {
        print_codes(k.json);
        goto out;
    }
    for (int i = optind; i < argc; i++)
        add_argument(&k, argv[i]);
    if (optind == argc)
        add_argument(&k, "courses");
    read_courses(&k);
    if (k.json)
        print_json(&k);
    else if (k.courses.count > 0)
        print_plain(&k);
    status = k.failed ? CHECK_FAILED : k.count[SEVERITY_ERROR] > 0 ? CHECK_ERRORS : CHECK_FINE;
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fail(&k, "cannot write the output");
        status = CHECK_FAILED;
    }
out:
    for (int i = 0; i < k.courses.count; i++)
        course_free(*LIST_AT(&k.courses, struct course_source *, i));
    arena_free(k.arena);
    return status;
}
