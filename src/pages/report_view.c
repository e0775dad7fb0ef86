#include "pages/report_view.h"
#include "base/text.h"
#include "report/roster.h"

static const struct zone *zone_of(const struct request *rq)
{
    return ((const struct site *)rq->app)->zone;
}

/* ---- which course, which day ---- */

static void set_today(struct request *rq, struct report_scope *out)
{
    char *date = arena_alloc(rq->arena, 11);
    zone_date(zone_of(rq), rq->now, date);
    out->as_of = rq->now;
    out->date = date;
    out->words = words_date(rq, rq->now);
}

static int set_course(struct request *rq, struct report_scope *out, struct error *e)
{
    const char *id = request_field(rq, "course");
    const struct publication *const *list;
    int n = shelf_list(rq->learning->shelf, &list);
    out->course = NULL;
    for (int i = 0; i < n && !out->course; i++)
        if (!id || text_equal(list[i]->course, id))
            out->course = list[i];
    if (id && !out->course)
        return error_set(e, ERROR_NOT_FOUND, "There is no course “%s” here.", id);
    return 0;
}

int report_scope_read(struct request *rq, struct report_scope *out, struct error *e)
{
    const char *date = request_field(rq, "as_of");
    set_today(rq, out);
    if (set_course(rq, out, e))
        return -1;
    if (!date)
        return 0;
    if (!as_of_day(zone_of(rq), date, rq->now, &out->as_of)) {
        out->as_of = rq->now;
        return error_field(e, "as_of", "As of: please choose a day up to today.");
    }
    out->date = date;
    out->words = words_date(rq, out->as_of);
    return 0;
}

int report_scope_or_errors(struct request *rq, struct report_scope *out, struct error *e)
{
    struct error wrong = {0};
    if (report_scope_read(rq, out, &wrong) == 0)
        return 0;
    if (wrong.kind != ERROR_INVALID) {
        *e = wrong;
        return -1;
    }
    request_add_error(rq, &wrong);
    return 0;
}

int report_scope_for_file(struct request *rq, struct report_scope *out, struct error *e)
{
    if (report_scope_read(rq, out, e))
        return -1;
    if (!out->course)
        return error_set(e, ERROR_NOT_FOUND, "No course is published yet.");
    return 0;
}

cJSON *view_filters(cJSON *view, struct request *rq, const struct report_scope *scope,
                    bool every_course)
{
    const struct publication *const *list;
    int n = shelf_list(rq->learning->shelf, &list);
    char *today = arena_alloc(rq->arena, 11);
    zone_date(zone_of(rq), rq->now, today);
    cJSON *filters = view_object(view, "filters");
    view_text(filters, "action", rq->path);
    view_text(filters, "as_of", scope->date);
    view_text(filters, "as_of_max", today);
    cJSON *courses = view_list(filters, "courses");
    for (int i = 0; i < n; i++) {
        cJSON *course = view_item(courses);
        view_text(course, "id", list[i]->course);
        view_text(course, "name", list[i]->title);
        view_bool(course, "selected", !every_course && list[i] == scope->course);
    }
    return filters;
}

void view_as_of(cJSON *view, const struct report_scope *scope)
{
    view_text(view, "as_of", scope->date);
    view_text(view, "as_of_words", scope->words);
}

const char *words_percent(struct arena *a, bool known, double part)
{
    return known ? arena_printf(a, "%.1f%%", 100 * part) : "–";
}

const char *words_interval(struct arena *a, const struct rate *r)
{
    return r->known ? arena_printf(a, "%.1f%% to %.1f%%", 100 * r->low, 100 * r->high) : "–";
}

/* ---- CSV ---- */

int csv_begin(struct csv *csv, struct request *rq, const char *filename, const char *header,
              struct error *e)
{
    if (response_stream_begin(rq, "text/csv; charset=utf-8; header=present", filename, e))
        return -1;
    *csv = (struct csv){.rq = rq};
    buf_init(&csv->line, 64 * 1024);
    buf_puts(&csv->line, header);
    csv_line(csv);
    return 0;
}

static void separate(struct csv *csv)
{
    if (csv->begun)
        buf_putc(&csv->line, ',');
    csv->begun = true;
}

void csv_text(struct csv *csv, const char *s)
{
    separate(csv);
    if (s)
        text_put_csv(&csv->line, s);
}

void csv_int(struct csv *csv, int64_t value)
{
    separate(csv);
    buf_printf(&csv->line, "%lld", (long long)value);
}

void csv_fraction(struct csv *csv, bool known, double value)
{
    separate(csv);
    if (known)
        buf_printf(&csv->line, "%.6f", value);
}

void csv_date(struct csv *csv, instant at)
{
    char date[11];
    separate(csv);
    if (!at)
        return;
    zone_date(zone_of(csv->rq), at, date);
    buf_puts(&csv->line, date);
}

int csv_line(struct csv *csv)
{
    buf_puts(&csv->line, "\r\n");
    if (response_stream_write(csv->rq, csv->line.data, csv->line.length))
        csv->broken = true;
    buf_clear(&csv->line);
    csv->begun = false;
    return csv->broken;
}

int csv_end(struct csv *csv, int result)
{
    buf_free(&csv->line);
    if (result)
        return -1;
    return response_stream_end(csv->rq);
}
