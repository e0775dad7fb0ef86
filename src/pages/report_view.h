/*
 * What the report pages share: which course and which day are meant (fields "course" and "as_of"),
 * the form of filters on top, and CSV files as they are streamed.
 */
#ifndef PAGES_REPORT_VIEW_H
#define PAGES_REPORT_VIEW_H
#include "base/buf.h"
#include "http/response.h"
#include "pages/view.h"
#include "report/rates.h"

struct report_scope {
    const struct publication *course; /* its current publication; NULL: none is published yet */
    instant as_of;
    const char *date;  /* 2026-11-22 */
    const char *words; /* Sun 22 Nov 2026 */
};

#define REPORT_FIELDS                                                                              \
    {.name = "course", .type = FIELD_ID, .summary = "Course", .label = "Course"},                  \
    {                                                                                              \
        .name = "as_of", .type = FIELD_DATE, .summary = "As of", .label = "As of"                  \
    }

/* Absent fields mean the first course and today. ERROR_NOT_FOUND for an unknown course;
 * ERROR_INVALID for a day still to come. */
int report_scope_read(struct request *rq, struct report_scope *out, struct error *e);
/* For a page that shows its form again: what is wrong with the day goes to the form, and the scope
 * is today's. -1 only for what is not the form's. */
int report_scope_or_errors(struct request *rq, struct report_scope *out, struct error *e);
/* For a file: without any course there is none (ERROR_NOT_FOUND). */
int report_scope_for_file(struct request *rq, struct report_scope *out, struct error *e);

/* "filters": {action, courses [{id, name, selected}], as_of, as_of_max}; none is selected when
 * every course is shown. */
cJSON *view_filters(cJSON *view, struct request *rq, const struct report_scope *scope,
                    bool every_course);
/* "as_of", "as_of_words" */
void view_as_of(cJSON *view, const struct report_scope *scope);

/* "71.2 %", and "57.7 % to 81.7 %"; "–" when not known. */
const char *words_percent(struct arena *a, bool known, double part);
const char *words_interval(struct arena *a, const struct rate *r);

/* ---- CSV: UTF-8, RFC 4180, CR LF, empty for missing; every text exactly as it is ---- */

struct csv {
    struct request *rq;
    struct buf line;
    bool begun;  /* of this line */
    bool broken; /* the reader has gone */
};
int csv_begin(struct csv *csv, struct request *rq, const char *filename, const char *header,
              struct error *e);
void csv_text(struct csv *csv, const char *s); /* NULL is missing */
void csv_int(struct csv *csv, int64_t value);
void csv_fraction(struct csv *csv, bool known, double value); /* six decimals */
void csv_date(struct csv *csv, instant at);                   /* 0 is missing */
int csv_line(struct csv *csv); /* ends the line; not 0 when the reader has gone */
/* `result` is that of the rows: when not 0 the file is left visibly unfinished. */
int csv_end(struct csv *csv, int result);

#endif
