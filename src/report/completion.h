/*
 * How many have finished, by department. Counted are the eligible: faculty who hold an appointment
 * at the instant, each once, in the department of the primary one. completed, exempt, in_progress
 * and not_started are the statuses of roster.h and add up to eligible. Completion rate is completed
 * / (eligible − exempt), with the Wilson 95 % interval.
 */
#ifndef REPORT_COMPLETION_H
#define REPORT_COMPLETION_H
#include "base/arena.h"
#include "base/instant.h"
#include "db/db.h"
#include "report/rates.h"

struct completion_row {
    const char *department_code, *department_name; /* "" in the total */
    int64_t eligible, not_started, in_progress, completed, exempt;
    struct rate rate;
};

struct completion {
    struct completion_row *rows; /* every department, by code */
    int count;
    struct completion_row total;
};

/* One pass over the appointments; memory for the departments only. In the arena. */
int completion_by_department(struct conn *c, const char *course, instant as_of, struct arena *a,
                             struct completion *out, struct error *e);

#endif
