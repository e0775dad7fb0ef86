/* The people of a demonstration: departments, appointments, grants, and each one's way of learning.
 */
#ifndef CLI_DEMO_PEOPLE_H
#define CLI_DEMO_PEOPLE_H
#include "cli/demo_history.h"

struct demo_plan {
    struct learning *learning;
    struct arena *arena;
    int people, departments;
    uint64_t seed;
    instant from, until;      /* the span of the histories */
    struct learner *learners; /* one for each of `people`, filled by demo_people_add */
    int64_t calls;
    const char *chair, *chair_department; /* e-mail address of the first chair */
};

/* About one department for each fifty people. */
int demo_department_count(int people);

/* Writes departments, people, appointments and grants. The same plan gives the same rows. */
int demo_people_add(struct demo_plan *p, struct error *e);

/* ---- the small one: nine people with names of their own ---- */

#define DEMO_SMALL 9
struct demo_small_person {
    const char *key;                 /* how tests call them */
    const char *name, *email, *role; /* role as in role_add, or "faculty" */
    const char *departments[2];
    const char *title;
    const char *what; /* for the table of links */
};
extern const struct demo_small_person demo_small_people[DEMO_SMALL];

/* Writes them; learners get a little history. p->people is DEMO_SMALL. */
int demo_small_add(struct demo_plan *p, struct error *e);

#endif
