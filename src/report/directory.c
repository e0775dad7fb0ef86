#include "report/directory.h"
#include "base/text.h"
#include "report/sql.h"
#include <string.h>

#define WORDS 3

/* A part of a name as a LIKE pattern; "%" for NULL. */
static const char *pattern(struct arena *a, const char *word, size_t n)
{
    char *out = arena_alloc(a, 2 * n + 3), *to = out;
    *to++ = '%';
    for (size_t i = 0; i < n; i++) {
        if (strchr("%_\\", word[i]))
            *to++ = '\\';
        *to++ = word[i];
    }
    if (n)
        *to++ = '%';
    return out;
}

int directory_query_read(struct arena *a, const char *query, struct directory_query *out,
                         struct error *e)
{
    char *text = text_lower_ascii(a, text_trim(a, query));
    size_t length = strlen(text);
    if (text_code_points(text) > DIRECTORY_QUERY)
        return error_field(e, "q", "Search for at most %d characters.", DIRECTORY_QUERY);
    *out = (struct directory_query){{"%", "%", "%"}, pattern(a, text, length)};
    size_t at_word = 0;
    for (char *p = text; *p && at_word < WORDS;) {
        p += strspn(p, " ,");
        size_t n = at_word == WORDS - 1 ? strlen(p) : strcspn(p, " ,");
        if (n)
            out->words[at_word++] = pattern(a, p, n);
        p += n;
    }
    return 0;
}

int directory_search(struct conn *c, const char *query, int64_t page, instant at, struct arena *a,
                     struct directory_person **out, bool *more, struct error *e)
{
    struct directory_query q;
    if (directory_query_read(a, query, &q, e))
        return -1;
    struct stmt *st =
        db_query(c, &sql_directory_search, e, "ttttiii", q.words[0], q.words[1], q.words[2],
                 q.email, at, (int64_t)DIRECTORY_PAGE + 1, (page - 1) * DIRECTORY_PAGE);
    if (!st)
        return -1;
    struct directory_person *rows = arena_array(a, DIRECTORY_PAGE, sizeof *rows);
    int count = 0, step;
    *more = false;
    while ((step = db_step(st, e)) == 1) {
        if (count == DIRECTORY_PAGE) {
            *more = true;
            break;
        }
        rows[count++] = (struct directory_person){.uuid = arena_strdup(a, db_text(st, 0)),
                                                  .name = arena_strdup(a, db_text(st, 1)),
                                                  .email = arena_strdup(a, db_text(st, 2)),
                                                  .department = arena_strdup(a, db_text(st, 3))};
    }
    db_done(st);
    *out = rows;
    return step < 0 ? -1 : count;
}

int directory_find(struct conn *c, const char *uuid, int64_t *id, struct error *e)
{
    int found = db_query_int(c, &sql_directory_person, id, e, "t", uuid);
    if (found == 0)
        return error_set(e, ERROR_NOT_FOUND, "There is no such person.");
    return found == 1 ? 0 : -1;
}

int directory_appointments(struct conn *c, int64_t person, struct arena *a,
                           struct directory_fact *out, int max, struct error *e)
{
    struct stmt *st = db_query(c, &sql_directory_appointments, e, "i", person);
    if (!st)
        return -1;
    int count = 0, step = 0;
    while (count < max && (step = db_step(st, e)) == 1)
        out[count++] = (struct directory_fact){.department_code = arena_strdup(a, db_text(st, 0)),
                                               .department_name = arena_strdup(a, db_text(st, 1)),
                                               .what = arena_strdup(a, db_text(st, 2)),
                                               .primary = db_int(st, 3) != 0,
                                               .from = db_int(st, 4),
                                               .to = db_int(st, 5)};
    db_done(st);
    return step < 0 ? -1 : count;
}

int directory_grants(struct conn *c, int64_t person, struct arena *a, struct directory_fact *out,
                     int max, struct error *e)
{
    struct stmt *st = db_query(c, &sql_directory_grants, e, "i", person);
    if (!st)
        return -1;
    int count = 0, step = 0;
    while (count < max && (step = db_step(st, e)) == 1)
        out[count++] = (struct directory_fact){.what = arena_strdup(a, db_text(st, 0)),
                                               .department_code = arena_strdup(a, db_text(st, 1)),
                                               .department_name = arena_strdup(a, db_text(st, 2)),
                                               .from = db_int(st, 3),
                                               .to = db_int(st, 4)};
    db_done(st);
    return step < 0 ? -1 : count;
}

int directory_status(struct conn *c, int64_t person, const char *course, instant as_of,
                     struct roster_row *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_directory_status, e, "iti", person, course, as_of);
    if (!st)
        return -1;
    int step = db_step(st, e);
    if (step == 1)
        *out = (struct roster_row){.status = (enum roster_status)db_int(st, 0),
                                   .done_at = db_int(st, 1)};
    db_done(st);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND, "There is no such person.");
    return step == 1 ? 0 : -1;
}

int directory_totals(struct conn *c, struct directory_totals *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_directory_totals, e, "");
    if (!st)
        return -1;
    int step = db_step(st, e);
    if (step == 1)
        *out = (struct directory_totals){.people = db_int(st, 0),
                                         .departments = db_int(st, 1),
                                         .enrolments = db_int(st, 2),
                                         .certificates = db_int(st, 3),
                                         .certificates_waiting = db_int(st, 4)};
    db_done(st);
    return step < 0 ? -1 : 0;
}
