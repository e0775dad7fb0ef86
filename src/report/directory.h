/*
 * The administrator's directory: finding people, and one person's appointments and grants. Status
 * for a course comes from roster.h like everybody else's. Nothing here reads answers or marks.
 */
#ifndef REPORT_DIRECTORY_H
#define REPORT_DIRECTORY_H
#include "base/arena.h"
#include "base/instant.h"
#include "db/db.h"
#include "report/roster.h"

#define DIRECTORY_PAGE  50  /* people on one page of a search */
#define DIRECTORY_QUERY 48  /* code points of a search text */
#define DIRECTORY_PAGES 200 /* further on, looking for a name is quicker for everybody */

struct directory_person {
    const char *uuid, *name;
    const char *email, *department; /* NULL when there is none */
};

/* People whose name holds every word of `query` (up to three), or whose address holds it; all when
 * it is "". `page` counts from 1. Rows in the arena, at most DIRECTORY_PAGE; *more tells whether
 * there is a next page. Returns the count or -1. */
int directory_search(struct conn *c, const char *query, int64_t page, instant at, struct arena *a,
                     struct directory_person **out, bool *more, struct error *e);

/* What is typed to look for people, as LIKE patterns: every word of a name, or an address. */
struct directory_query {
    const char *words[3], *email;
};
/* ERROR_INVALID on "q" when it is longer than DIRECTORY_QUERY. */
int directory_query_read(struct arena *a, const char *query, struct directory_query *out,
                         struct error *e);

/* The person's id by uuid; ERROR_NOT_FOUND. */
int directory_find(struct conn *c, const char *uuid, int64_t *id, struct error *e);

/* A span of an appointment or a grant. */
struct directory_fact {
    const char *what;            /* title of the appointment, or the role */
    const char *department_code; /* NULL: no department */
    const char *department_name;
    bool primary;
    instant from, to; /* to 0: still valid */
};
/* What stands now of a person's history, newest first, at most `max`. In the arena. Count or -1. */
int directory_appointments(struct conn *c, int64_t person, struct arena *a,
                           struct directory_fact *out, int max, struct error *e);
int directory_grants(struct conn *c, int64_t person, struct arena *a, struct directory_fact *out,
                     int max, struct error *e);

/* Status and completion for somebody with or without an appointment; by the roster's rule. The row
 * has no name. ERROR_NOT_FOUND when there is no such person. */
int directory_status(struct conn *c, int64_t person, const char *course, instant as_of,
                     struct roster_row *out, struct error *e);

/* The whole site in numbers. */
struct directory_totals {
    int64_t people, departments, enrolments, certificates, certificates_waiting;
};
int directory_totals(struct conn *c, struct directory_totals *out, struct error *e);

#endif
