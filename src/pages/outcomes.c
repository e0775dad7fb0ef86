/*
 * The center's figures. Internal: true counts, not for release.
 *
 *   GET /outcomes                                 every course in one table; of one course, a page
 *                                                 that could be printed as the report
 *   GET /outcomes/completion_by_department.csv    the same numbers
 *   GET /outcomes/roster.csv                      one row for each person counted
 */
#include "learning/ledger.h"
#include "pages/figure.h"
#include "pages/form.h"
#include "pages/report_view.h"
#include "report/roster.h"

static void audit_export(struct request *rq, const struct report_scope *scope, const char *action)
{
    audit_later(rq->learning, request_person_id(rq), action, scope->course->course,
                arena_printf(rq->arena, "course=%s as_of=%s", scope->course->course, scope->date));
}

static const char *file_href(struct request *rq, const char *file, const struct publication *course,
                             const struct report_scope *scope)
{
    return arena_printf(rq->arena, "/outcomes/%s?course=%s&as_of=%s", file, course->course,
                        scope->date);
}

/* ---- the page ---- */

static void put_counts(cJSON *row, struct request *rq, const struct completion_row *n)
{
    view_int(row, "eligible", n->eligible);
    view_int(row, "not_started", n->not_started);
    view_int(row, "in_progress", n->in_progress);
    view_int(row, "completed", n->completed);
    view_int(row, "exempt", n->exempt);
    view_int(row, "counted", n->eligible - n->exempt);
    view_bool(row, "has_rate", n->rate.known);
    if (n->rate.known) {
        cJSON_AddNumberToObject(row, "completion_rate", n->rate.value);
        cJSON_AddNumberToObject(row, "ci_low", n->rate.low);
        cJSON_AddNumberToObject(row, "ci_high", n->rate.high);
    }
    view_text(row, "rate_words", words_percent(rq->arena, n->rate.known, n->rate.value));
    view_text(row, "interval_words", words_interval(rq->arena, &n->rate));
}

static const char *sentence(struct request *rq, const struct completion_row *n)
{
    if (!n->eligible)
        return "Nobody held a faculty appointment on that day.";
    if (!n->rate.known)
        return "Everybody with a faculty appointment is excused.";
    return arena_printf(
        rq->arena, "%lld of %lld %s finished: %s (95%% interval %s).", (long long)n->completed,
        (long long)(n->eligible - n->exempt), n->completed == 1 ? "has" : "have",
        words_percent(rq->arena, true, n->rate.value), words_interval(rq->arena, &n->rate));
}

/* `whole`: the course's own page; otherwise its line in the table of all. */
static int put_course(cJSON *list, struct request *rq, const struct publication *course,
                      const struct report_scope *scope, bool whole, struct error *e)
{
    struct completion n;
    struct conn *c = request_reader(rq, e);
    if (!c || completion_by_department(c, course->course, scope->as_of, rq->arena, &n, e))
        return -1;
    cJSON *view = view_item(list);
    view_text(view, "id", course->course);
    view_text(view, "name", course->title);
    view_text(view, "href",
              arena_printf(rq->arena, "/outcomes?course=%s&as_of=%s", course->course, scope->date));
    view_text(view, "completed_words",
              arena_printf(rq->arena, "%lld of %lld", (long long)n.total.completed,
                           (long long)(n.total.eligible - n.total.exempt)));
    put_counts(view_object(view, "total"), rq, &n.total);
    if (!whole)
        return 0;
    view_text(view, "sentence", sentence(rq, &n.total));
    view_text(view, "completion_href",
              file_href(rq, "completion_by_department.csv", course, scope));
    view_text(view, "roster_href", file_href(rq, "roster.csv", course, scope));
    cJSON *rows = view_list(view, "rows");
    for (int i = 0; i < n.count; i++) {
        cJSON *row = view_item(rows);
        view_text(row, "department_code", n.rows[i].department_code);
        view_text(row, "department_name", n.rows[i].department_name);
        put_counts(row, rq, &n.rows[i]);
    }
    view_bool(view, "has_rows", n.count > 0);
    view_figure_dots(view, rq, &n, course->course);
    return 0;
}

static int put_courses(cJSON *view, struct request *rq, const struct report_scope *scope,
                       bool every, struct error *e)
{
    const struct publication *const *shelf;
    int n = shelf_list(rq->learning->shelf, &shelf);
    bool overview = every && n > 1;
    cJSON *list = view_list(view, "courses");
    for (int i = 0; i < n; i++)
        if ((every || shelf[i] == scope->course) &&
            put_course(list, rq, shelf[i], scope, !overview, e))
            return -1;
    view_bool(view, "is_overview", overview);
    return 0;
}

static int outcomes_page(struct request *rq, struct error *e)
{
    struct report_scope scope;
    if (report_scope_or_errors(rq, &scope, e))
        return -1;
    bool every = request_field(rq, "course") == NULL, good = !request_has_errors(rq);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Outcomes");
    view_text(view, "h1",
              good ? arena_printf(rq->arena, "Outcomes as of %s", scope.words) : "Outcomes");
    view_text(view, "notice", "Internal: do not distribute");
    view_as_of(view, &scope);
    view_filters(view, rq, &scope, every);
    view_bool(view, "offers_every_course", true);
    view_bool(view, "has_courses", scope.course != NULL);
    form_put_errors(rq, view);
    if (!good)
        return response_page_status(rq, 422, "outcomes", view);
    if (put_courses(view, rq, &scope, every, e)) {
        cJSON_Delete(view);
        return -1;
    }
    audit_later(rq->learning, request_person_id(rq), "outcomes.view",
                every ? "" : scope.course->course, arena_printf(rq->arena, "as_of=%s", scope.date));
    return response_page(rq, "outcomes", view);
}

/* ---- completion_by_department.csv ---- */

static int write_department(struct csv *csv, const struct report_scope *scope,
                            const struct completion_row *n)
{
    csv_text(csv, scope->date);
    csv_text(csv, n->department_code);
    csv_text(csv, n->department_name);
    csv_int(csv, n->eligible);
    csv_int(csv, n->not_started);
    csv_int(csv, n->in_progress);
    csv_int(csv, n->completed);
    csv_int(csv, n->exempt);
    csv_fraction(csv, n->rate.known, n->rate.value);
    csv_fraction(csv, n->rate.known, n->rate.low);
    csv_fraction(csv, n->rate.known, n->rate.high);
    return csv_line(csv);
}

static int completion_csv(struct request *rq, struct error *e)
{
    struct report_scope scope;
    struct completion n;
    struct csv csv;
    if (report_scope_for_file(rq, &scope, e))
        return -1;
    struct conn *c = request_reader(rq, e);
    if (!c || completion_by_department(c, scope.course->course, scope.as_of, rq->arena, &n, e) ||
        csv_begin(&csv, rq,
                  arena_printf(rq->arena, "internal-completion_by_department-%s-%s.csv",
                               scope.course->course, scope.date),
                  "report_date,department_code,department_name,eligible,not_started,in_progress,"
                  "completed,exempt,completion_rate,ci_low,ci_high",
                  e))
        return -1;
    audit_export(rq, &scope, "export.completion_by_department");
    for (int i = 0; i < n.count && !csv.broken; i++)
        write_department(&csv, &scope, &n.rows[i]);
    return csv_end(&csv, 0);
}

/* ---- roster.csv ---- */

static int write_person(const struct coe_row *row, void *arg)
{
    struct csv *csv = arg;
    csv_text(csv, row->row.name);
    csv_text(csv, row->department_code);
    csv_text(csv, row->department_name);
    csv_text(csv, roster_status_words(row->row.status));
    csv_date(csv, row->row.done_at);
    return csv_line(csv);
}

static int roster_csv(struct request *rq, struct error *e)
{
    struct report_scope scope;
    struct csv csv;
    if (report_scope_for_file(rq, &scope, e))
        return -1;
    struct conn *c = request_reader(rq, e);
    if (!c || csv_begin(&csv, rq,
                        arena_printf(rq->arena, "internal-roster-%s-%s.csv", scope.course->course,
                                     scope.date),
                        "name,department_code,department_name,status,completion_date", e))
        return -1;
    audit_export(rq, &scope, "export.roster");
    return csv_end(&csv,
                   coe_roster_each(c, scope.course->course, scope.as_of, write_person, &csv, e));
}

/* ---- routes ---- */

static const struct field fields[] = {REPORT_FIELDS};
#define FIELDS .fields = fields, .field_count = sizeof fields / sizeof *fields

const struct route outcomes_routes[] = {
    {METHOD_GET, "/outcomes", outcomes_page, .who = ACCESS_COE, FIELDS, .nav = "outcomes",
     .flags = ROUTE_TAKES_ERRORS, .summary = "How many have finished, by department"},
    {METHOD_GET, "/outcomes/completion_by_department.csv", completion_csv, .who = ACCESS_COE,
     FIELDS, .nav = "outcomes",
     .summary = "Completion by department with Wilson intervals (internal)"},
    {METHOD_GET, "/outcomes/roster.csv", roster_csv, .who = ACCESS_COE, FIELDS, .nav = "outcomes",
     .summary = "One row for each person counted (internal)"},
    {0},
};
