/* `understory demo`: a believable institution in an unused data folder. */
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/app.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/demo_people.h"
#include "cli/link.h"
#include "learning/holdings.h"
#include "learning/people.h"
#include "learning/signin.h"
#include "report/directory.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MONTH      (instant)(INSTANT_DAY * 30.4375)
#define LINK_LIFE  (7 * INSTANT_DAY)
#define MOST       1000000
#define SMALL_SEED 1

static const char help[] =
    "usage: understory demo --people N [--seed S] [--months M] [--json] [--data FOLDER]\n"
    "       understory demo --small [--json] [--data FOLDER]\n"
    "       understory demo --links [--json] [--data FOLDER]\n"
    "\n"
    "Fills an unused data folder with departments, people and a year of learning, through the "
    "same\n"
    "calls that the site makes. The same seed on the same day gives the same people and "
    "histories;\n"
    "keys, tokens and certificate numbers are always new.\n"
    "\n"
    "  --people N    that many faculty (1 to 1,000,000), about 50 to a department\n"
    "  --seed S      another number, other people (default 1)\n"
    "  --months M    how far back the histories go (1 to 120, default 12)\n"
    "  --small       four faculty in two departments, two chairs, an evaluator, an administrator\n"
    "                and an author, and a one-time sign-in link for each\n"
    "  --links       new links for the people of a small demonstration\n"
    "\n"
    "Examples:\n"
    "  understory demo --small --data data && understory serve --data data\n"
    "  understory demo --people 10000 --seed 7 --data /tmp/large --json\n"
    "\n"
    "Exit: 0 done, 1 not done, 2 usage or somebody is in the folder already.\n";

struct demo {
    const struct command_line *line;
    struct app *app;
    struct demo_plan plan;
    int months;
    bool small, links, json;
    cJSON *out;
    int64_t started; /* monotonic */
};

/* ---- links ---- */

struct links {
    struct demo *demo;
    const char *address[DEMO_SMALL];
    instant at;
};

static int make_links(struct conn *c, void *arg, struct error *e)
{
    struct links *k = arg;
    struct arena *a = k->demo->plan.arena;
    for (int i = 0; i < DEMO_SMALL; i++) {
        char token[TOKEN_TEXT];
        struct person p;
        if (person_find_email(c, demo_small_people[i].email, a, &p, e))
            return e->kind == ERROR_NOT_FOUND
                       ? error_set(e, ERROR_NOT_FOUND,
                                   "%s is not here: this is not a small demonstration",
                                   demo_small_people[i].name)
                       : -1;
        if (signin_link_create(c, p.id, "/", k->at, LINK_LIFE, token, e))
            return -1;
        k->address[i] = link_address(a, &k->demo->line->settings, 0, token);
    }
    return 0;
}

static void put_links(struct demo *d, const struct links *k)
{
    cJSON *people = json_array(d->out, "people");
    for (int i = 0; i < DEMO_SMALL; i++) {
        const struct demo_small_person *s = &demo_small_people[i];
        cJSON *row = json_item(people);
        json_put(row, "key", s->key);
        json_put(row, "name", s->name);
        json_put(row, "email", s->email);
        json_put(row, "role", s->role);
        cJSON *departments = json_array(row, "departments");
        for (int j = 0; j < 2 && s->departments[j]; j++)
            cJSON_AddItemToArray(departments, cJSON_CreateString(s->departments[j]));
        json_put(row, "link", k->address[i]);
    }
}

static void print_links(const struct links *k)
{
    printf("One-time sign-in links (each works once, for seven days):\n\n");
    for (int i = 0; i < DEMO_SMALL; i++)
        printf("  %-17s %s\n  %-17s %s\n\n", demo_small_people[i].name, demo_small_people[i].what,
               "", k->address[i]);
    fflush(stdout);
}

static int links(struct demo *d, struct error *e)
{
    struct links k = {.demo = d, .at = clock_now(&d->line->clock)};
    if (db_write(d->app->db, make_links, &k, e))
        return -1;
    put_links(d, &k);
    if (!d->json)
        print_links(&k);
    return 0;
}

/* ---- making ---- */

static int refuse_used(struct demo *d, struct error *e)
{
    struct conn *c = db_read_begin(d->app->db, e);
    if (!c)
        return -1;
    int64_t people = people_count(c, e);
    db_read_end(d->app->db, c);
    if (people > 0)
        return error_set(
            e, ERROR_USAGE,
            "%s has %lld people already; a demonstration is made in an unused folder only",
            d->line->settings.data, (long long)people);
    return people < 0 ? -1 : 0;
}

static void show_progress(void *arg, instant at)
{
    char day[21];
    (void)arg;
    instant_rfc3339(at, day);
    fprintf(stderr, "\r%.10s", day);
}

static int live(struct demo *d, struct error *e)
{
    struct history h = {.learning = &d->app->learning,
                        .learners = d->plan.learners,
                        .count = (size_t)d->plan.people,
                        .until = d->plan.until};
    bool terminal = isatty(STDERR_FILENO) && !d->small;
    int result = history_run(&h, terminal ? show_progress : NULL, d, e);
    if (terminal)
        fputs("\r          \r", stderr);
    d->plan.calls += h.calls;
    return result;
}

static int put_totals(struct demo *d, struct error *e)
{
    struct holdings held;
    struct directory_totals totals;
    if (holdings_read(d->app->db, d->plan.arena, &held, e))
        return -1;
    struct conn *c = db_read_begin(d->app->db, e);
    int result = c ? directory_totals(c, &totals, e) : -1;
    db_read_end(d->app->db, c);
    if (result)
        return -1;
    double seconds = (double)(clock_monotonic_us() - d->started) / 1e6;
    json_put_int(d->out, "people_count", totals.people);
    json_put_int(d->out, "departments", totals.departments);
    json_put_int(d->out, "enrolments", totals.enrolments);
    json_put_int(d->out, "certificates", totals.certificates);
    json_put_int(d->out, "ledger_rows", held.ledger_rows);
    json_put_int(d->out, "calls", d->plan.calls);
    cJSON_AddNumberToObject(d->out, "seconds", seconds);
    json_put(d->out, "chair", d->plan.chair);
    json_put(d->out, "chair_department", d->plan.chair_department);
    if (!d->small) {
        json_put(d->out, "evaluator", "evaluator@example.edu");
        json_put(d->out, "administrator", "administrator@example.edu");
    }
    if (!d->json)
        fprintf(stderr,
                "Made %lld people in %lld departments: %lld have begun, %lld hold a certificate, "
                "%lld facts in the ledger (%lld calls in %.1f s).\n",
                (long long)totals.people, (long long)totals.departments,
                (long long)totals.enrolments, (long long)totals.certificates,
                (long long)held.ledger_rows, (long long)d->plan.calls, seconds);
    return 0;
}

static int make(struct demo *d, struct error *e)
{
    d->started = clock_monotonic_us();
    if (refuse_used(d, e))
        return -1;
    struct demo_plan *p = &d->plan;
    p->learning = &d->app->learning;
    p->learners = memory_array((size_t)p->people, sizeof *p->learners);
    p->departments = d->small ? 2 : demo_department_count(p->people);
    int result = d->small ? demo_small_add(p, e) : demo_people_add(p, e);
    if (result == 0)
        result = live(d, e);
    free(p->learners);
    if (result)
        return error_prefix(e, "the demonstration is not whole; remove the data folder");
    if (put_totals(d, e))
        return -1;
    return d->small ? links(d, e) : 0;
}

/* Courses are published as of before the histories begin, so the clock stands there. */
static int run(struct demo *d)
{
    struct error e = {0};
    struct clock clock;
    instant now = clock_now(&d->line->clock);
    d->plan.until = now - now % INSTANT_DAY; /* the same all day long */
    d->plan.from = d->plan.until - d->months * MONTH;
    clock_fixed(&clock, d->plan.from - 90 * INSTANT_DAY);
    d->plan.arena = arena_create();
    const char *database = app_path(d->plan.arena, &d->line->settings, APP_DATABASE);
    int result = -1;
    if (d->links && access(database, F_OK) != 0) /* a mistyped folder is not made */
        error_set(&e, ERROR_NOT_FOUND, "%s is not there; name a demonstration's data folder",
                  database);
    else
        d->app = app_open(&d->line->settings, d->links ? &d->line->clock : &clock, APP_PUBLISH, &e);
    if (d->app)
        result = d->links ? links(d, &e) : make(d, &e);
    app_close(d->app);
    arena_free(d->plan.arena);
    if (result)
        return command_fail(d->line, &e);
    if (d->json)
        command_print_json(d->out);
    return EXIT_DONE;
}

static const struct option options[] = {{"people", required_argument, NULL, 'p'},
                                        {"seed", required_argument, NULL, 's'},
                                        {"months", required_argument, NULL, 'm'},
                                        {"small", no_argument, NULL, 'S'},
                                        {"links", no_argument, NULL, 'l'},
                                        {"json", no_argument, NULL, 'j'},
                                        {0}};

static int take_option(struct demo *d, int option)
{
    int64_t value = 1;
    if (option == '?')
        return EXIT_USAGE;
    int64_t most = option == 'p' ? MOST : option == 'm' ? 120 : INT64_MAX;
    if (optarg && !text_to_int64(optarg, option == 's' ? 0 : 1, most, &value))
        return command_usage(d->line, "\"%s\" is not a number that --%s can take", optarg,
                             option == 'p'   ? "people"
                             : option == 's' ? "seed"
                                             : "months");
    switch (option) {
    case 'p':
        d->plan.people = (int)value;
        break;
    case 's':
        d->plan.seed = (uint64_t)value;
        break;
    case 'm':
        d->months = (int)value;
        break;
    case 'S':
        d->small = true;
        break;
    case 'l':
        d->links = true;
        break;
    default:
        d->json = true;
    }
    return 0;
}

static int check_options(struct demo *d, int argc, char **argv)
{
    if (command_no_more(d->line, argc, argv))
        return EXIT_USAGE;
    if ((d->plan.people > 0) + d->small + d->links != 1)
        return command_usage(d->line, "say one of --people N, --small and --links");
    if (d->small) {
        d->plan.people = DEMO_SMALL;
        d->plan.seed = SMALL_SEED;
    }
    return 0;
}

int cmd_demo(int argc, char **argv)
{
    struct command_line line;
    struct demo d = {.line = &line, .months = 12, .plan = {.seed = 1}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    int option, result = command_begin(&line, "demo", &argc, argv);
    d.out = cJSON_CreateObject();
    while (result == 0 && (option = getopt_long(argc, argv, "", options, NULL)) != -1)
        result = take_option(&d, option);
    if (result == 0)
        result = check_options(&d, argc, argv);
    if (result == 0)
        result = run(&d);
    cJSON_Delete(d.out);
    command_end(&line);
    return result;
}
