/*
 * A year of learning, lived through the same domain calls that the site makes.
 *
 * Each learner has a generator of their own, so that what one does never depends on another, and is
 * a small machine that says what comes next and when. A priority queue by time runs them all, so
 * that the ledger grows in the order of time, as it would have.
 */
#ifndef CLI_DEMO_HISTORY_H
#define CLI_DEMO_HISTORY_H
#include "base/random.h"
#include "cli/demo_later.h"
#include "learning/study.h"

enum learner_kind {
    LEARNER_NEVER,     /* does not start */
    LEARNER_STOPS,     /* starts, then stops somewhere before the check */
    LEARNER_TESTS_OUT, /* takes the learning check first */
    LEARNER_DOES       /* does the whole course, in bursts */
};

enum learner_stage {
    STAGE_BEGIN,
    STAGE_BEFORE,
    STAGE_OPEN,
    STAGE_ANSWER,
    STAGE_CASE,
    STAGE_START,
    STAGE_ITEM,
    STAGE_SUBMIT
};

struct sitting; /* an attempt or a pre-test under way */

struct learner {
    int64_t person;
    struct rng rng;
    const char *certificate_name;
    enum learner_kind kind;
    instant next;    /* when the next thing is done; 0: nothing more */
    int pace_days;   /* mean days between two sittings */
    double skill;    /* chance of knowing an answer; grows with study */
    int stop_after;  /* LEARNER_STOPS: after this many lessons */
    bool one_course; /* does not go on to a second one, whatever the dice say */

    enum learner_stage stage;
    int course, lesson, case_index, scene, burst;
    instant opened; /* when the lesson at hand was */
    bool retried;   /* the question at hand was answered not right once */
    struct enrolment enrolment;
    struct sitting *sitting;
    struct later later;
};

struct history {
    struct learning *learning;
    struct learner *learners;
    size_t count;
    instant until; /* nothing is done at or after this */
    int64_t calls; /* domain calls made */
};

/* Runs everybody until nothing is left before `until`. `tick` (may be NULL) is called now and then.
 */
int history_run(struct history *h, void (*tick)(void *arg, instant at), void *arg, struct error *e);

#endif
