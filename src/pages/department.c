/*
 * The chair's pages.
 *
 *   GET /departments                            the departments that one may look at
 *   GET /departments/{department}               the roster of one course as of a day
 *   GET /departments/{department}/roster.csv    what is on that screen, as a file
 *
 * A row is what report/roster.h gives out and nothing else; page, JSON and file come from the same
 * callback. Both ways of looking are written to the audit.
 */
#include "base/text.h"
#include "learning/ledger.h"
#include "pages/figure.h"
#include "pages/form.h"
#include "pages/report_view.h"
#include "report/roster.h"

#define PAGE_ROWS 1000 /* on one page; more are paged */

/* ---- the list ---- */

static int departments_of(struct request *rq, const struct department **list, int *n,
                          struct error *e)
{
    const struct roles *roles = request_roles(rq);
    if (!roles->evaluator && !roles->administrator) {
        *list = roles->chair_of;
        *n = roles->chair_count;
        return 0;
    }
    struct department *all = NULL;
    struct conn *c = request_reader(rq, e);
    *n = c ? roster_departments(c, rq->arena, &all, e) : -1;
    *list = all;
    return *n < 0 ? -1 : 0;
}

static const char *department_href(struct request *rq, const char *code)
{
    return arena_printf(rq->arena, "/departments/%s", code);
}

static int list_page(struct request *rq, struct error *e)
{
    const struct department *list;
    int n;
    if (departments_of(rq, &list, &n, e))
        return -1;
    if (n == 1 && !rq->wants_json)
        return response_redirect(rq, department_href(rq, list[0].code));
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Departments");
    cJSON *rows = view_list(view, "departments");
    view_bool(view, "has_departments", n > 0);
    for (int i = 0; i < n; i++) {
        cJSON *row = view_item(rows);
        view_text(row, "code", list[i].code);
        view_text(row, "name", list[i].name);
        view_text(row, "href", department_href(rq, list[i].code));
    }
    return response_page(rq, "departments", view);
}

/* ---- what was asked for ---- */

struct ask {
    struct department department;
    struct report_scope scope;
    bool one_status;
    enum roster_status status;
    const char *status_key; /* "all" or a status's */
};

static int read_ask(struct request *rq, struct ask *ask, bool file, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    if (!c || department_find(c, request_param(rq, "department"), rq->arena, &ask->department, e))
        return -1;
    ask->status_key = request_field_or(rq, "status", "all");
    ask->one_status = roster_status_read(ask->status_key, &ask->status);
    return file ? report_scope_for_file(rq, &ask->scope, e)
                : report_scope_or_errors(rq, &ask->scope, e);
}

static void audit_ask(struct request *rq, const struct ask *ask, const char *action)
{
    audit_later(rq->learning, request_person_id(rq), action, ask->department.code,
                arena_printf(rq->arena, "course=%s as_of=%s status=%s", ask->scope.course->course,
                             ask->scope.date, ask->status_key));
}

static int each_row(struct request *rq, const struct ask *ask, roster_fn fn, void *arg,
                    struct roster_counts *counts, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    struct roster_query q = {.department = ask->department.id,
                             .course = ask->scope.course->course,
                             .as_of = ask->scope.as_of};
    return c ? roster_each(c, &q, fn, arg, counts, e) : -1;
}

static const char *query_of(struct request *rq, const struct ask *ask)
{
    return arena_printf(rq->arena, "course=%s&as_of=%s&status=%s", ask->scope.course->course,
                        ask->scope.date, ask->status_key);
}

/* ---- the page ---- */

struct page_rows {
    struct request *rq;
    const struct ask *ask;
    cJSON *rows;
    struct curve_days *days;
    int64_t first, matching; /* first: index of this page's first row among those that match */
};

static int put_row(const struct roster_row *row, void *arg)
{
    struct page_rows *p = arg;
    if (row->done_at)
        curve_days_add(p->days, row->done_at);
    if (p->ask->one_status && row->status != p->ask->status)
        return 0;
    int64_t at = p->matching++ - p->first;
    if (at < 0 || at >= PAGE_ROWS)
        return 0;
    struct site *site = p->rq->app;
    char *date = NULL;
    if (row->done_at) {
        date = arena_alloc(p->rq->arena, 11);
        zone_date(site->zone, row->done_at, date);
    }
    cJSON *item = view_item(p->rows);
    view_text(item, "name", arena_strdup(p->rq->arena, row->name));
    view_text(item, "status", roster_status_key(row->status));
    view_text(item, "status_words", roster_status_words(row->status));
    view_bool(item, "is_done", row->status == ROSTER_DONE);
    view_text(item, "due", "");
    view_text(item, "done", date ? date : "");
    view_text(item, "done_words", date ? words_date(p->rq, row->done_at) : "");
    return 0;
}

static const char *sentence(struct request *rq, const struct roster_counts *n)
{
    long long people = (long long)n->people, done = (long long)n->by_status[ROSTER_DONE];
    long long excused = (long long)n->by_status[ROSTER_EXCUSED];
    if (!people)
        return "Nobody held an appointment here on that day.";
    const char *finished = arena_printf(rq->arena, "%lld of %lld %s finished", done, people,
                                        done == 1 ? "has" : "have");
    if (!excused)
        return arena_printf(rq->arena, "%s.", finished);
    return arena_printf(rq->arena, "%s; %lld %s excused.", finished, excused,
                        excused == 1 ? "is" : "are");
}

static void put_counts(cJSON *view, const struct roster_counts *n)
{
    cJSON *counts = view_object(view, "counts");
    view_int(counts, "people", n->people);
    view_int(counts, "done", n->by_status[ROSTER_DONE]);
    view_int(counts, "in_progress", n->by_status[ROSTER_IN_PROGRESS]);
    view_int(counts, "not_started", n->by_status[ROSTER_NOT_STARTED]);
    view_int(counts, "excused", n->by_status[ROSTER_EXCUSED]);
}

static int64_t pages_of(int64_t matching)
{
    return matching ? (matching + PAGE_ROWS - 1) / PAGE_ROWS : 1;
}

static const char *page_href(struct request *rq, const struct ask *ask, int64_t page)
{
    return arena_printf(rq->arena, "%s?%s&page=%lld", rq->path, query_of(rq, ask), (long long)page);
}

static void put_pages(cJSON *view, struct request *rq, const struct ask *ask, int64_t page,
                      int64_t matching)
{
    int64_t pages = pages_of(matching);
    view_int(view, "matching", matching);
    view_bool(view, "has_pages", pages > 1);
    cJSON *out = view_object(view, "pages");
    view_int(out, "page", page);
    view_int(out, "of", pages);
    view_text(out, "previous_href", page > 1 ? page_href(rq, ask, page - 1) : "");
    view_text(out, "next_href", page < pages ? page_href(rq, ask, page + 1) : "");
}

static void put_statuses(cJSON *filters, const struct ask *ask)
{
    cJSON *list = view_list(filters, "statuses");
    for (int i = -1; i < ROSTER__COUNT; i++) {
        bool all = i < 0;
        cJSON *item = view_item(list);
        view_text(item, "key", all ? "all" : roster_status_key((enum roster_status)i));
        view_text(item, "label", all ? "Everybody" : roster_status_words((enum roster_status)i));
        view_bool(item, "selected",
                  all ? !ask->one_status : ask->one_status && (int)ask->status == i);
    }
}

/* *last: the page that there is instead of one past the end, else 0. */
static int put_roster(cJSON *view, struct request *rq, const struct ask *ask, int64_t *last,
                      struct error *e)
{
    int64_t page = request_integer_or(rq, "page", 1);
    struct roster_counts counts;
    struct curve curve;
    struct page_rows p = {.rq = rq,
                          .ask = ask,
                          .rows = view_list(view, "rows"),
                          .days = curve_days_create(rq->arena),
                          .first = (page - 1) * PAGE_ROWS};
    if (each_row(rq, ask, put_row, &p, &counts, e))
        return -1;
    struct site *site = rq->app;
    curve_make(p.days, site->zone, ask->scope.as_of, &curve);
    view_bool(view, "has_rows", cJSON_GetArraySize(p.rows) > 0);
    view_text(view, "sentence", sentence(rq, &counts));
    put_counts(view, &counts);
    view_figure_steps(view, rq, &curve, counts.people, ask->scope.as_of);
    put_pages(view, rq, ask, page, p.matching);
    *last = page > pages_of(p.matching) ? pages_of(p.matching) : 0;
    view_text(view, "csv_href",
              arena_printf(rq->arena, "/departments/%s/roster.csv?%s", ask->department.code,
                           query_of(rq, ask)));
    return 0;
}

static int department_page(struct request *rq, struct error *e)
{
    struct ask ask = {0};
    if (read_ask(rq, &ask, false, e))
        return -1;
    bool good = !request_has_errors(rq) && ask.scope.course;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", ask.department.name);
    view_text(view, "h1",
              good ? arena_printf(rq->arena, "%s as of %s", ask.department.name, ask.scope.words)
                   : ask.department.name);
    cJSON *department = view_object(view, "department");
    view_text(department, "code", ask.department.code);
    view_text(department, "name", ask.department.name);
    if (ask.scope.course) {
        cJSON *course = view_object(view, "course");
        view_text(course, "id", ask.scope.course->course);
        view_text(course, "name", ask.scope.course->title);
    }
    view_as_of(view, &ask.scope);
    put_statuses(view_filters(view, rq, &ask.scope, false), &ask);
    view_bool(view, "has_roster", good);
    form_put_errors(rq, view);
    if (request_has_errors(rq))
        return response_page_status(rq, 422, "department", view);
    if (good) {
        int64_t last;
        int result = put_roster(view, rq, &ask, &last, e);
        if (result || last) {
            cJSON_Delete(view);
            return result ? -1 : response_redirect(rq, page_href(rq, &ask, last));
        }
        audit_ask(rq, &ask, "department.view");
    }
    return response_page(rq, "department", view);
}

/* ---- the file ---- */

struct file_rows {
    struct csv csv;
    const struct ask *ask;
};

static int write_row(const struct roster_row *row, void *arg)
{
    struct file_rows *f = arg;
    if (f->ask->one_status && row->status != f->ask->status)
        return 0;
    csv_text(&f->csv, row->name);
    csv_text(&f->csv, roster_status_words(row->status));
    csv_date(&f->csv, row->due_at);
    csv_date(&f->csv, row->done_at);
    return csv_line(&f->csv);
}

static int department_csv(struct request *rq, struct error *e)
{
    struct ask ask = {0};
    struct file_rows f = {.ask = &ask};
    if (read_ask(rq, &ask, true, e))
        return -1;
    const char *name = arena_printf(
        rq->arena, "roster-%s-%s-%s%s%s.csv", ask.department.code, ask.scope.course->course,
        ask.scope.date, ask.one_status ? "-" : "", ask.one_status ? ask.status_key : "");
    if (csv_begin(&f.csv, rq, name, "name,status,due_date,completion_date", e))
        return -1;
    audit_ask(rq, &ask, "department.csv");
    return csv_end(&f.csv, each_row(rq, &ask, write_row, &f, NULL, e));
}

/* ---- routes ---- */

#define STATUS_FIELD                                                                               \
    {                                                                                              \
        .name = "status", .type = FIELD_ENUM,                                                      \
        .choices = "all|not-started|in-progress|done|excused", .summary = "Status",                \
        .label = "Status"                                                                          \
    }

static const struct field page_fields[] = {
    REPORT_FIELDS,
    STATUS_FIELD,
    {.name = "page", .type = FIELD_INTEGER, .low = 1, .high = 1000, .summary = "Page"},
};
static const struct field file_fields[] = {REPORT_FIELDS, STATUS_FIELD};

const struct route department_routes[] = {
    {METHOD_GET, "/departments", list_page, .who = ACCESS_CHAIR, .nav = "department",
     .summary = "The departments that you may look at"},
    {METHOD_GET, "/departments/{department}", department_page, .who = ACCESS_CHAIR,
     .fields = page_fields, .field_count = sizeof page_fields / sizeof *page_fields,
     .nav = "department", .flags = ROUTE_TAKES_ERRORS,
     .summary = "Who of a department has finished a course, as of a day"},
    {METHOD_GET, "/departments/{department}/roster.csv", department_csv, .who = ACCESS_CHAIR,
     .fields = file_fields, .field_count = sizeof file_fields / sizeof *file_fields,
     .nav = "department", .summary = "The same roster as a CSV file"},
    {0},
};
