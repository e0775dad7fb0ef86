/*
 * Who is done: one department and one course, as of an instant. A row is name, one of four
 * statuses, the due date and the completion date, and there is no more to ask for: somebody who has
 * not taken the learning check and somebody who did not pass it look alike here, in content, order
 * and time.
 *
 * As of T means membership at T (by appointments valid then) and facts earned by T, as known now.
 * The status is the first that holds: done (earned by T), excused (a waiver valid at T), in
 * progress (begun by T), not started. Somebody with appointments in several departments is in the
 * roster of each; the center counts everybody once, by the primary appointment.
 *
 * The query goes from the department over its appointments to each person's status by key, so its
 * time depends on this department's size only.
 */
#ifndef REPORT_ROSTER_H
#define REPORT_ROSTER_H
#include "base/arena.h"
#include "base/instant.h"
#include "learning/learning.h"
#include "learning/people.h"

enum roster_status {
    ROSTER_NOT_STARTED,
    ROSTER_IN_PROGRESS,
    ROSTER_DONE,
    ROSTER_EXCUSED,
    ROSTER__COUNT
};

/* "not-started", "in-progress", "done", "excused": in addresses, JSON and file names. */
const char *roster_status_key(enum roster_status s);
/* "Not started", "In progress", "Done", "Excused". */
const char *roster_status_words(enum roster_status s);
/* From a key; false when it is none. */
bool roster_status_read(const char *key, enum roster_status *out);

struct roster_row {
    const char *name;
    enum roster_status status;
    instant due_at;  /* 0: there is no date */
    instant done_at; /* 0 unless done */
};

struct roster_counts {
    int64_t people;
    int64_t by_status[ROSTER__COUNT];
};

struct roster_query {
    int64_t department;
    const char *course;
    instant as_of;
    /* Only those the center counts: faculty whose primary appointment is here. */
    bool counted_only;
};

/* Called for each row, ordered by family name, then by when the person was recorded. The row's
 * strings live until the function returns. Not 0 stops the roster without an error. */
typedef int (*roster_fn)(const struct roster_row *row, void *arg);

/* Streams the roster in constant memory (but for sorting one department). `counts` may be NULL; it
 * is complete only when every row was taken. 0, or -1 with e. */
int roster_each(struct conn *c, const struct roster_query *q, roster_fn fn, void *arg,
                struct roster_counts *counts, struct error *e);

/* The row that each chair of this person's departments sees: through the same query, for one
 * person. 1 and the row (strings in the arena), 0 when no chair sees the person (no appointment),
 * -1. */
int roster_row_of(struct conn *c, struct learning *l, int64_t person, const char *course,
                  instant as_of, struct arena *a, struct roster_row *row, struct error *e);

/* ---- for the center ---- */

/* What evaluators and administrators see of one person and course: the status, with the department.
 */
struct coe_row {
    struct roster_row row;
    const char *department_code, *department_name;
};
/* Likewise: 1, 0 (not counted: no primary appointment at that instant, or not faculty), or -1. */
int coe_row_of(struct conn *c, struct learning *l, int64_t person, const char *course,
               instant as_of, struct arena *a, struct coe_row *row, struct error *e);

/* Everybody counted, one row for each person: departments by code, within each as roster_each. */
typedef int (*coe_fn)(const struct coe_row *row, void *arg);
int coe_roster_each(struct conn *c, const char *course, instant as_of, coe_fn fn, void *arg,
                    struct error *e);

/* Every department, by code. In the arena. Returns the count or -1. */
int roster_departments(struct conn *c, struct arena *a, struct department **out, struct error *e);

/* ---- as of ---- */

/* The instant that "as of 2026-11-22" means: the last one of that day in the site's zone, or `now`
 * when the day is not over. False when there is no such day or it is still to come. */
bool as_of_day(const struct zone *z, const char *date, instant now, instant *out);

#endif
