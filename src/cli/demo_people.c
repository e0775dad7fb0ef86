#include "cli/demo_people.h"
#include "cli/demo_names.h"
#include "learning/people.h"

#define CHUNK_US        20000
#define PEOPLE_TO_A_ONE 50 /* department */
#define YEAR            (365 * INSTANT_DAY)

int demo_department_count(int people)
{
    int count = (people + PEOPLE_TO_A_ONE / 2) / PEOPLE_TO_A_ONE;
    return count < 2 ? 2 : count;
}

/* A generator that belongs to one thing: neighbours share nothing. */
static struct rng rng_for(uint64_t seed, uint64_t kind, uint64_t number)
{
    struct rng r;
    rng_seed(&r, seed * 0x9E3779B97F4A7C15u + kind * 0xD1B54A32D192ED03u + number);
    return r;
}

static instant within(struct rng *r, instant span)
{
    return (instant)(rng_unit(r) * (double)span);
}

/* ---- how somebody learns ---- */

/* More than half begin after one of three announcements, the others when they come to it. */
static instant begins(struct rng *r, const struct demo_plan *p)
{
    instant span = p->until - p->from;
    static const double waves[] = {0.04, 0.36, 0.70};
    if (rng_below(r, 100) >= 58)
        return p->from + within(r, span);
    double late = rng_unit(r);
    return p->from + (instant)((waves[rng_below(r, 3)] + late * late * 0.22) * (double)span);
}

static int lessons_of_first(struct learning *l)
{
    const struct publication *const *list;
    return shelf_list(l->shelf, &list) > 0 ? list[0]->lesson_count : 1;
}

static void make_learner(struct demo_plan *p, struct learner *w, struct rng *r, instant joined)
{
    uint32_t at = rng_below(r, 100);
    w->kind = at < 17   ? LEARNER_NEVER
              : at < 36 ? LEARNER_STOPS
              : at < 44 ? LEARNER_TESTS_OUT
                        : LEARNER_DOES;
    w->skill = w->kind == LEARNER_TESTS_OUT ? 0.86 + 0.13 * rng_unit(r) : 0.52 + 0.38 * rng_unit(r);
    w->pace_days = 1 + (int)rng_below(r, 9);
    w->stop_after = 1 + (int)rng_below(r, (uint32_t)lessons_of_first(p->learning));
    w->stage = STAGE_BEGIN;
    instant start = begins(r, p);
    if (start < joined + INSTANT_DAY)
        start = joined + INSTANT_DAY + within(r, 60 * INSTANT_DAY);
    w->next = w->kind == LEARNER_NEVER ? 0 : start;
    w->rng = *r;
}

static void make_later(struct learner *w, struct rng r)
{
    w->later.returns = rng_below(&r, 100) < 60;
    w->later.commits = rng_below(&r, 100) < 35;
    w->later.memory = 0.55 + 0.4 * rng_unit(&r);
    w->later.rng = r;
}

/* ---- writing in chunks ---- */

struct chunk {
    struct demo_plan *plan;
    int from, to, at; /* numbers still to write; `at` is set anew at each run */
    int (*one)(struct conn *c, struct demo_plan *p, int number, struct error *e);
};

static int run_chunk(struct conn *c, void *arg, struct error *e)
{
    struct chunk *k = arg;
    int64_t until = clock_monotonic_us() + CHUNK_US;
    for (k->at = k->from; k->at < k->to && clock_monotonic_us() < until; k->at++)
        if (k->one(c, k->plan, k->at, e))
            return -1;
    return 0;
}

static int in_chunks(struct demo_plan *p, int count,
                     int (*one)(struct conn *, struct demo_plan *, int, struct error *),
                     struct error *e)
{
    struct chunk k = {.plan = p, .to = count, .one = one};
    while (k.from < count) {
        if (db_write(p->learning->db, run_chunk, &k, e))
            return -1;
        k.from = k.at;
    }
    return 0;
}

/* ---- the rows ---- */

static int64_t department_id(int number)
{
    return number + 1; /* an unused database numbers from 1 */
}

static int add_department(struct conn *c, struct demo_plan *p, int number, struct error *e)
{
    struct demo_department d = demo_department_make(number, p->arena);
    int64_t id;
    p->calls++;
    if (department_add(c, d.code, d.name, p->from - 60 * INSTANT_DAY, &id, e))
        return -1;
    return id == department_id(number) ? 0 : error_set(e, ERROR_CONFLICT, "the folder is in use");
}

static int appoint(struct conn *c, struct demo_plan *p, int64_t person, int department,
                   const char *title, instant since, instant joined, struct error *e)
{
    p->calls++;
    return appointment_add(c, person, department_id(department), title, false, since, joined, e);
}

/* The first of each department is its chair; the others choose, larger departments more often. */
static int add_appointments(struct conn *c, struct demo_plan *p, int number, struct rng *r,
                            int64_t person, instant joined, struct error *e)
{
    bool chair = number < p->departments;
    double u = rng_unit(r);
    int first =
        chair ? number : (int)(u * u * 0.55 * p->departments + rng_unit(r) * 0.45 * p->departments);
    instant since = joined - within(r, 12 * YEAR);
    const char *title = chair ? "Professor and Chair" : demo_title(r);
    if (appoint(c, p, person, first, title, since, joined, e))
        return -1;
    if (rng_below(r, 10) == 0) {
        int second = (first + 1 + (int)rng_below(r, (uint32_t)p->departments - 1)) % p->departments;
        if (appoint(c, p, person, second, demo_title(r), since + within(r, YEAR), joined, e))
            return -1;
    }
    p->calls += chair;
    return chair ? role_add(c, person, "chair", department_id(first), since, joined, e) : 0;
}

static int add_person(struct conn *c, struct demo_plan *p, int number, struct error *e)
{
    struct rng r = rng_for(p->seed, 1, (uint64_t)number);
    struct demo_name name = demo_name_make(&r, p->arena);
    bool physician;
    instant joined = p->from - 30 * INSTANT_DAY;
    if (rng_below(&r, 100) < 6 && number >= p->departments)
        joined = p->from + within(&r, (p->until - p->from) * 3 / 4);
    struct new_person n = {
        .name = name.full,
        .family_name = name.family,
        .email = arena_printf(p->arena, "%s%d@example.edu", name.letters, number + 1),
        .external_id = arena_printf(p->arena, "F%06d", number + 1),
        .profession = demo_profession(&r),
        .setting = demo_setting(&r),
    };
    physician = n.profession[0] == 'P' && n.profession[2] == 'y' && n.profession[9] == 0;
    struct learner *w = &p->learners[number];
    p->calls++;
    if (person_add(c, &n, joined, &r, &w->person, e) ||
        add_appointments(c, p, number, &r, w->person, joined, e))
        return -1;
    w->certificate_name = physician && rng_below(&r, 3) == 0
                              ? arena_printf(p->arena, "%s, MD", name.full)
                              : name.full;
    if (number == 0) {
        p->chair = n.email;
        p->chair_department = demo_department_make(0, p->arena).code;
    }
    make_learner(p, w, &r, joined);
    make_later(w, rng_for(p->seed, 4, (uint64_t)number));
    return 0;
}

static int add_office(struct conn *c, struct demo_plan *p, int number, struct error *e)
{
    static const struct {
        const char *name, *email, *role;
    } office[] = {{"Rosa Delgado", "evaluator@example.edu", "evaluator"},
                  {"Joan Whitfield", "administrator@example.edu", "administrator"}};
    struct rng r = rng_for(p->seed, 2, (uint64_t)number);
    instant at = p->from - 60 * INSTANT_DAY;
    struct new_person n = {.name = office[number].name, .email = office[number].email};
    int64_t id;
    p->calls += 2;
    return person_add(c, &n, at, &r, &id, e) || role_add(c, id, office[number].role, 0, at, at, e)
               ? -1
               : 0;
}

/* About one in eighty is excused for a while; those do not begin. */
static int add_waiver(struct conn *c, struct demo_plan *p, int number, struct error *e)
{
    struct rng r = rng_for(p->seed, 3, (uint64_t)number);
    static const char *const reasons[] = {"Leave of absence", "Sabbatical", "Completed elsewhere"};
    const struct publication *const *list;
    if (number < p->departments || rng_below(&r, 80) != 0 ||
        shelf_list(p->learning->shelf, &list) == 0)
        return 0;
    struct learner *w = &p->learners[number];
    instant at = p->from + within(&r, p->until - p->from);
    w->next = 0;
    p->calls++;
    int64_t administrator = p->people + 2;
    return waiver_add(c, w->person, list[0]->course, reasons[rng_below(&r, 3)], administrator, at,
                      0, at, e);
}

int demo_people_add(struct demo_plan *p, struct error *e)
{
    return in_chunks(p, p->departments, add_department, e) ||
                   in_chunks(p, p->people, add_person, e) || in_chunks(p, 2, add_office, e) ||
                   in_chunks(p, p->people, add_waiver, e)
               ? -1
               : 0;
}
