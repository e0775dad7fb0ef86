/*
 * Every chair's roster is the statement roster_rows and take_row below; the one-person form only
 * narrows its range of person ids. So what a person is shown of it is what the chair is shown.
 */
#include "report/roster.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/sql.h"
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *key, *words;
} statuses[ROSTER__COUNT] = {
    [ROSTER_NOT_STARTED] = {"not-started", "Not started"},
    [ROSTER_IN_PROGRESS] = {"in-progress", "In progress"},
    [ROSTER_DONE] = {"done", "Done"},
    [ROSTER_EXCUSED] = {"excused", "Excused"},
};

const char *roster_status_key(enum roster_status s)
{
    return statuses[s].key;
}

const char *roster_status_words(enum roster_status s)
{
    return statuses[s].words;
}

bool roster_status_read(const char *key, enum roster_status *out)
{
    for (int i = 0; i < ROSTER__COUNT; i++) {
        if (text_equal(statuses[i].key, key)) {
            *out = (enum roster_status)i;
            return true;
        }
    }
    return false;
}

/* ---- one department ---- */

static void take_row(struct stmt *st, struct roster_row *row)
{
    row->name = db_text(st, 0);
    row->status = (enum roster_status)db_int(st, 1);
    row->due_at = 0; /* a requirement's date will stand here */
    row->done_at = db_int(st, 2);
}

struct person_range {
    int64_t first, last;
};
static const struct person_range everybody = {0, INT64_MAX};

static int each_in(struct conn *c, const struct roster_query *q, struct person_range people,
                   roster_fn fn, void *arg, struct roster_counts *counts, struct error *e)
{
    struct stmt *st = db_query(c, &sql_roster_rows, e, "itiiii", q->department, q->course, q->as_of,
                               people.first, people.last, (int64_t)q->counted_only);
    if (!st)
        return -1;
    int step;
    while ((step = db_step(st, e)) == 1) {
        struct roster_row row;
        take_row(st, &row);
        if (counts) {
            counts->people++;
            counts->by_status[row.status]++;
        }
        if (fn(&row, arg))
            break;
    }
    db_done(st);
    return step < 0 ? -1 : 0;
}

int roster_each(struct conn *c, const struct roster_query *q, roster_fn fn, void *arg,
                struct roster_counts *counts, struct error *e)
{
    if (counts)
        memset(counts, 0, sizeof *counts);
    return each_in(c, q, everybody, fn, arg, counts, e);
}

/* ---- one person ---- */

struct one {
    struct arena *arena;
    struct roster_row *row;
    bool found;
};

static int keep_row(const struct roster_row *row, void *arg)
{
    struct one *one = arg;
    *one->row = *row;
    one->row->name = arena_strdup(one->arena, row->name);
    one->found = true;
    return 0;
}

/* The first department (primary first) in whose roster the person is; `primary` only that. */
static int first_department(struct conn *c, int64_t person, instant as_of, bool primary,
                            struct arena *a, struct department *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_roster_departments_of, e, "ii", person, as_of);
    if (!st)
        return -1;
    int step = db_step(st, e);
    if (step == 1 && primary && !db_int(st, 3))
        step = 0;
    if (step == 1)
        *out = (struct department){.id = db_int(st, 0),
                                   .code = arena_strdup(a, db_text(st, 1)),
                                   .name = arena_strdup(a, db_text(st, 2))};
    db_done(st);
    return step;
}

static int row_of(struct conn *c, int64_t person, const char *course, instant as_of, bool counted,
                  struct arena *a, struct department *department, struct roster_row *row,
                  struct error *e)
{
    int found = first_department(c, person, as_of, counted, a, department, e);
    if (found != 1)
        return found;
    struct one one = {.arena = a, .row = row};
    struct roster_query q = {department->id, course, as_of, counted};
    if (each_in(c, &q, (struct person_range){person, person}, keep_row, &one, NULL, e))
        return -1;
    return one.found;
}

int roster_row_of(struct conn *c, struct learning *l, int64_t person, const char *course,
                  instant as_of, struct arena *a, struct roster_row *row, struct error *e)
{
    (void)l; /* a requirement's date will need the site's zone */
    struct department department;
    return row_of(c, person, course, as_of, false, a, &department, row, e);
}

int coe_row_of(struct conn *c, struct learning *l, int64_t person, const char *course,
               instant as_of, struct arena *a, struct coe_row *row, struct error *e)
{
    (void)l;
    struct department department;
    int found = row_of(c, person, course, as_of, true, a, &department, &row->row, e);
    if (found == 1) {
        row->department_code = department.code;
        row->department_name = department.name;
    }
    return found;
}

/* ---- everybody ---- */

int roster_departments(struct conn *c, struct arena *a, struct department **out, struct error *e)
{
    int room = 64, count = 0, step;
    struct department *list = arena_array(a, (size_t)room, sizeof *list);
    struct stmt *st = db_query(c, &sql_roster_departments, e, "");
    if (!st)
        return -1;
    while ((step = db_step(st, e)) == 1) {
        if (count == room) {
            struct department *more = arena_array(a, (size_t)room * 2, sizeof *more);
            memcpy(more, list, (size_t)room * sizeof *more);
            list = more;
            room *= 2;
        }
        list[count++] = (struct department){.id = db_int(st, 0),
                                            .code = arena_strdup(a, db_text(st, 1)),
                                            .name = arena_strdup(a, db_text(st, 2))};
    }
    db_done(st);
    *out = list;
    return step < 0 ? -1 : count;
}

/* One of everybody, and what the order is by: the department's place, then the name as it sorts,
 * of which the first bytes decide nearly always. */
struct listed {
    int department;
    uint64_t begins; /* with the first eight bytes of sort_name, as a number */
    const char *sort_name, *name;
    int64_t id, done_at;
    enum roster_status status;
};

static uint64_t first_bytes(const char *s)
{
    uint64_t bytes = 0;
    for (int i = 0; i < 8; i++)
        bytes = bytes << 8 | (*s ? (unsigned char)*s++ : 0);
    return bytes;
}

static int compare_listed(const void *left, const void *right)
{
    const struct listed *a = left, *b = right;
    if (a->department != b->department)
        return a->department < b->department ? -1 : 1;
    if (a->begins != b->begins)
        return a->begins < b->begins ? -1 : 1;
    int order = strcmp(a->sort_name, b->sort_name);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

/* The place of a department in the list, or -1; many rows are of the same one as the row before. */
static int place_of(const struct department *list, int count, int64_t id, int last)
{
    if (last < count && list[last].id == id)
        return last;
    for (int i = 0; i < count; i++)
        if (list[i].id == id)
            return i;
    return -1;
}

struct everybody {
    struct department *departments;
    int department_count;
    struct listed *list;
    size_t count, room;
};

static int read_everybody(struct conn *c, const char *course, instant as_of, struct arena *a,
                          struct everybody *all, struct error *e)
{
    all->department_count = roster_departments(c, a, &all->departments, e);
    struct stmt *st = all->department_count < 0
                          ? NULL
                          : db_query(c, &sql_roster_everybody, e, "ti", course, as_of);
    int step = st ? 1 : -1;
    int department = 0;
    while (step == 1 && (step = db_step(st, e)) == 1) {
        struct roster_row row;
        take_row(st, &row);
        department = place_of(all->departments, all->department_count, db_int(st, 5), department);
        if (department < 0) {
            step = error_set(e, ERROR_INTERNAL, "an appointment is to a department without a row");
            break;
        }
        if (all->count == all->room)
            all->list = memory_grow(all->list, (all->room = all->room ? 2 * all->room : 256) *
                                                   sizeof *all->list);
        const char *sort_name = arena_strdup(a, db_text(st, 3));
        all->list[all->count++] = (struct listed){.department = department,
                                                  .begins = first_bytes(sort_name),
                                                  .sort_name = sort_name,
                                                  .name = arena_strdup(a, row.name),
                                                  .id = db_int(st, 4),
                                                  .done_at = row.done_at,
                                                  .status = row.status};
    }
    db_done(st);
    return step;
}

int coe_roster_each(struct conn *c, const char *course, instant as_of, coe_fn fn, void *arg,
                    struct error *e)
{
    struct arena *a = arena_create();
    struct everybody all = {0};
    int result = read_everybody(c, course, as_of, a, &all, e);
    if (all.count > 1)
        qsort(all.list, all.count, sizeof *all.list, compare_listed);
    for (size_t i = 0; result == 0 && i < all.count; i++) {
        const struct listed *one = &all.list[i];
        struct coe_row row = {
            .row = {.name = one->name, .status = one->status, .done_at = one->done_at},
            .department_code = all.departments[one->department].code,
            .department_name = all.departments[one->department].name};
        if (fn(&row, arg))
            break;
    }
    free(all.list);
    arena_free(a);
    memory_give_back(); /* everybody took some 150 bytes each */
    return result;
}

/* ---- as of ---- */

bool as_of_day(const struct zone *z, const char *date, instant now, instant *out)
{
    instant start, end;
    char next[11];
    if (!zone_day_start(z, date, &start) || start > now)
        return false;
    /* A local day has 22 to 26 hours, so 36 hours after its start the next day is on. */
    zone_date(z, start + 36 * INSTANT_HOUR, next);
    if (!zone_day_start(z, next, &end))
        return false;
    *out = end - 1 < now ? end - 1 : now;
    return true;
}
