/* Believable names for a demonstration: people, departments, titles. All composed from short lists
 * by a seeded generator; nobody real is meant. */
#ifndef CLI_DEMO_NAMES_H
#define CLI_DEMO_NAMES_H
#include "base/arena.h"
#include "base/random.h"

struct demo_name {
    const char *full, *family;
    const char *letters; /* of an e-mail address: "aokafor" */
};
struct demo_name demo_name_make(struct rng *r, struct arena *a);

struct demo_department {
    const char *code, *name, *discipline;
};
/* The department of this number (from 0): first the school's own, then those of other sites. */
struct demo_department demo_department_make(int number, struct arena *a);

const char *demo_profession(struct rng *r); /* mostly "Physician" */
const char *demo_title(struct rng *r);
const char *demo_setting(struct rng *r);

#endif
