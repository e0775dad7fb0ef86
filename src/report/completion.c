#include "report/completion.h"
#include "report/roster.h"
#include "report/sql.h"
#include <stdlib.h>
#include <string.h>

/* Where in rows a department's counts are, ordered by id. */
struct place {
    int64_t department;
    int row;
};

static int by_department(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return (x->department > y->department) - (x->department < y->department);
}

static int load_departments(struct conn *c, struct arena *a, struct completion *out,
                            struct place **places, struct error *e)
{
    struct department *list;
    int n = roster_departments(c, a, &list, e);
    if (n < 0)
        return -1;
    out->rows = arena_array(a, (size_t)n + 1, sizeof *out->rows);
    out->count = n;
    *places = arena_array(a, (size_t)n + 1, sizeof **places);
    for (int i = 0; i < n; i++) {
        out->rows[i].department_code = list[i].code;
        out->rows[i].department_name = list[i].name;
        (*places)[i] = (struct place){list[i].id, i};
    }
    qsort(*places, (size_t)n, sizeof **places, by_department);
    return 0;
}

static void count_one(struct completion_row *row, enum roster_status status)
{
    row->eligible++;
    switch (status) {
    case ROSTER_DONE:
        row->completed++;
        break;
    case ROSTER_EXCUSED:
        row->exempt++;
        break;
    case ROSTER_IN_PROGRESS:
        row->in_progress++;
        break;
    default:
        row->not_started++;
    }
}

int completion_by_department(struct conn *c, const char *course, instant as_of, struct arena *a,
                             struct completion *out, struct error *e)
{
    struct place *places;
    memset(out, 0, sizeof *out);
    if (load_departments(c, a, out, &places, e))
        return -1;
    out->total.department_code = out->total.department_name = "";
    struct stmt *st = db_query(c, &sql_completion_statuses, e, "ti", course, as_of);
    if (!st)
        return -1;
    int step;
    while ((step = db_step(st, e)) == 1) {
        struct place key = {.department = db_int(st, 0)};
        const struct place *at =
            bsearch(&key, places, (size_t)out->count, sizeof *places, by_department);
        if (!at)
            continue; /* cannot be: a foreign key within one snapshot */
        enum roster_status status = (enum roster_status)db_int(st, 1);
        count_one(&out->rows[at->row], status);
        count_one(&out->total, status);
    }
    db_done(st);
    if (step < 0)
        return -1;
    for (int i = 0; i < out->count; i++)
        out->rows[i].rate =
            rate_wilson(out->rows[i].completed, out->rows[i].eligible - out->rows[i].exempt);
    out->total.rate = rate_wilson(out->total.completed, out->total.eligible - out->total.exempt);
    return 0;
}
