/*
 * What the study pages share: the enrolment behind a path, where a step leads, and the parts of
 * views that several of them show.
 */
#ifndef PAGES_STUDY_VIEW_H
#define PAGES_STUDY_VIEW_H
#include "learning/attempt.h"
#include "learning/study.h"
#include "pages/view.h"

/* The enrolment of the signed-in person in the path's {course}: 1, and the minute counts as active.
 * When not begun: 0, with the course's newest publication in out->publication and no id. -1 with e
 * (ERROR_NOT_FOUND: no such course). */
int study_enrolment(struct request *rq, struct enrolment *out, struct error *e);

/* The same, but after finishing the reading of what is new, when there is one: whose lessons are
 * read. */
int study_reading(struct request *rq, struct enrolment *out, struct error *e);

/* The course's page; where a step leads. */
const char *course_href(struct arena *a, const char *course);
const char *step_href(struct arena *a, const char *course, const struct step *step);
/* On a button: "Continue: Asking well, 4 min". Words come from the step's kind. */
const char *step_label(struct arena *a, const struct step *step);

/* "course": {id, title, href} */
void view_course(cJSON *view, struct request *rq, const struct publication *p);
/* "active_href": where part/activity tells that somebody is at work */
void view_activity(cJSON *view, struct request *rq, const struct publication *p);
/* "breadcrumb" to a page below the course's own: Courses › the course. */
void view_course_crumbs(cJSON *view, struct request *rq, const struct publication *p);
/* "progress": {done, of, words} — "5 of 9 parts done" */
void view_progress(cJSON *view, struct request *rq, const struct progress *p);
/* "validity_words": until when the certificate is good, "" when it does not expire; "renew_href":
 * where it is renewed, "" before it can be. */
void view_validity(cJSON *view, struct request *rq, const struct progress *p);
/* How long a course's certificate is good, in words; "" for one that does not expire. */
const char *words_good_for(struct arena *a, const struct publication *p);
/* Is this the time in which passing the check again makes a new certificate? */
bool may_renew(const struct progress *p, instant now);
/* "certificate": {href, verify_href} or "certificate_waits": why */
void view_certificate(cJSON *view, struct request *rq, const struct progress *p);
/* "pass_words": "7 of 8" */
void view_pass_mark(cJSON *view, struct request *rq, const struct publication *p);

/* The fields of an answer to one question. */
#define ANSWER_FIELDS                                                                              \
    {.name = "item", .type = FIELD_ID, .required = true, .summary = "Question"},                   \
    {                                                                                              \
        .name = "answer", .type = FIELD_LINE, .max = 32, .multiple = true,                         \
        .summary = "Numbers of the options chosen; an order's in the order given; pairs of a "     \
                   "match as option:partner"                                                       \
    }

/* Fields "answer" (repeated for several) joined with commas, those left open not counted; "" when
 * none was chosen. */
const char *answer_field(struct request *rq, const char *name);

#endif
