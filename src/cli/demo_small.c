/* The small demonstration: nine people whom documentation and tests call by name. */
#include "cli/demo_people.h"
#include "learning/people.h"
#include <string.h>

const struct demo_small_person demo_small_people[DEMO_SMALL] = {
    {"amara",
     "Amara Okafor",
     "amara.okafor@example.edu",
     "faculty",
     {"medicine", NULL},
     "Assistant Professor",
     "has finished the course"},
    {"daniel",
     "Daniel Reyes",
     "daniel.reyes@example.edu",
     "faculty",
     {"surgery", "medicine"},
     "Associate Professor",
     "is midway; appointments in both departments"},
    {"mei",
     "Mei-Ling Chen",
     "mei-ling.chen@example.edu",
     "faculty",
     {"surgery", NULL},
     "Assistant Professor",
     "is new"},
    {"samuel",
     "Samuel Goldberg",
     "samuel.goldberg@example.edu",
     "faculty",
     {"medicine", NULL},
     "Professor",
     "is new"},
    {"chair-medicine",
     "Priya Raman",
     "priya.raman@example.edu",
     "chair",
     {"medicine", NULL},
     NULL,
     "chairs Medicine"},
    {"chair-surgery",
     "Thomas Lindqvist",
     "thomas.lindqvist@example.edu",
     "chair",
     {"surgery", NULL},
     NULL,
     "chairs Surgery"},
    {"evaluator",
     "Rosa Delgado",
     "rosa.delgado@example.edu",
     "evaluator",
     {NULL, NULL},
     NULL,
     "evaluates for the center"},
    {"administrator",
     "Joan Whitfield",
     "joan.whitfield@example.edu",
     "administrator",
     {NULL, NULL},
     NULL,
     "administers the site"},
    {"author",
     "Ines Moreau",
     "ines.moreau@example.edu",
     "author",
     {NULL, NULL},
     NULL,
     "writes courses"},
};

#define FINISHER 0
#define MIDWAY   1

static int64_t department_of(const char *code)
{
    return strcmp(code, "medicine") == 0 ? 1 : 2;
}

static int add_departments(struct conn *c, struct demo_plan *p, struct error *e)
{
    int64_t id;
    p->calls += 2;
    return department_add(c, "medicine", "Medicine", p->from, &id, e) ||
                   department_add(c, "surgery", "Surgery", p->from, &id, e)
               ? -1
               : 0;
}

/* Chairs and the office are not faculty of the roster: they have a grant and no appointment. */
static int add_one(struct conn *c, struct demo_plan *p, int number, struct error *e)
{
    const struct demo_small_person *s = &demo_small_people[number];
    struct new_person n = {.name = s->name, .email = s->email};
    struct learner *w = &p->learners[number];
    struct rng r;
    rng_seed(&r, p->seed * 31 + (uint64_t)number);
    if (s->title)
        n.profession = "Physician";
    p->calls++;
    if (person_add(c, &n, p->from, &r, &w->person, e))
        return -1;
    for (int i = 0; s->title && i < 2 && s->departments[i]; i++) {
        p->calls++;
        if (appointment_add(c, w->person, department_of(s->departments[i]), s->title, false,
                            p->from - 1000 * INSTANT_DAY, p->from, e))
            return -1;
    }
    if (s->title)
        return 0;
    p->calls++;
    int64_t department = s->departments[0] ? department_of(s->departments[0]) : 0;
    return role_add(c, w->person, s->role, department, p->from, p->from, e);
}

static void make_learner(struct demo_plan *p, int number, enum learner_kind kind, int days_ago)
{
    struct learner *w = &p->learners[number];
    rng_seed(&w->rng, p->seed * 131 + (uint64_t)number);
    w->certificate_name = demo_small_people[number].name;
    w->kind = kind;
    w->skill = 1; /* so that one attempt is enough, whatever the course asks */
    w->pace_days = 1;
    w->stop_after = 3;
    w->one_course = true;
    w->next = p->until - days_ago * INSTANT_DAY;
    w->later.commits = true; /* and has not been back since */
    rng_seed(&w->later.rng, p->seed * 137 + (uint64_t)number);
}

static int add_all(struct conn *c, void *arg, struct error *e)
{
    struct demo_plan *p = arg;
    p->calls = 0;
    if (add_departments(c, p, e))
        return -1;
    for (int i = 0; i < DEMO_SMALL; i++)
        if (add_one(c, p, i, e))
            return -1;
    return 0;
}

int demo_small_add(struct demo_plan *p, struct error *e)
{
    if (db_write(p->learning->db, add_all, p, e))
        return -1;
    make_learner(p, FINISHER, LEARNER_DOES, 60);
    make_learner(p, MIDWAY, LEARNER_STOPS, 9);
    return 0;
}
