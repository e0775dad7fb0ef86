#include "pages/figure.h"
#include "base/buf.h"

static void view_number(cJSON *object, const char *name, double value)
{
    cJSON_AddNumberToObject(object, name, value);
}

/* A coordinate with one decimal, so that text and geometry are short and the same everywhere. */
static double unit(double x)
{
    return (double)(long)(x * 10 + 0.5) / 10;
}

/* ---- the step curve ---- */

#define STEPS_LEFT   36
#define STEPS_RIGHT  430
#define STEPS_TOP    14
#define STEPS_BOTTOM 160

struct plane {
    int64_t first_day, last_day, whole;
};

static double across(const struct plane *p, int64_t day)
{
    double part = (double)(day - p->first_day) / (double)(p->last_day - p->first_day);
    return unit(STEPS_LEFT + part * (STEPS_RIGHT - STEPS_LEFT));
}

static double up(const struct plane *p, int64_t done)
{
    double part = (double)done / (double)p->whole;
    return unit(STEPS_BOTTOM - part * (STEPS_BOTTOM - STEPS_TOP));
}

static const char *steps_path(struct request *rq, const struct curve *c, const struct plane *p,
                              bool closed)
{
    struct buf out;
    buf_init(&out, 1024 * 1024);
    buf_printf(&out, "M%g %d", across(p, c->points[0].day), STEPS_BOTTOM);
    for (size_t i = 0; i < c->count; i++)
        buf_printf(&out, "H%gV%g", across(p, c->points[i].day), up(p, c->points[i].done));
    buf_printf(&out, "H%d", STEPS_RIGHT);
    if (closed)
        buf_printf(&out, "V%dZ", STEPS_BOTTOM);
    const char *path = arena_strdup(rq->arena, out.data);
    buf_free(&out);
    return path;
}

void view_figure_steps(cJSON *view, struct request *rq, const struct curve *c, int64_t whole,
                       instant as_of)
{
    if (!c->count)
        return;
    const struct curve_point *first = &c->points[0], *last = &c->points[c->count - 1];
    struct plane p = {.first_day = first->day, .last_day = c->last_day, .whole = whole};
    if (p.last_day <= p.first_day)
        p.first_day = p.last_day - 1;
    const char *begin = words_date(rq, first->day_start), *end = words_date(rq, as_of);
    cJSON *figure = view_object(view, "figure");
    view_text(figure, "path", steps_path(rq, c, &p, false));
    view_text(figure, "area", steps_path(rq, c, &p, true));
    view_number(figure, "last_y", up(&p, last->done));
    view_int(figure, "last", last->done);
    view_bool(figure, "last_is_whole", last->done == whole);
    view_int(figure, "whole", whole);
    view_text(figure, "begin", begin);
    view_text(figure, "end", end);
    view_text(figure, "description",
              arena_printf(rq->arena,
                           "A step line of how many have finished: from %lld on %s to %lld of %lld "
                           "on %s.",
                           (long long)first->done, begin, (long long)last->done, (long long)whole,
                           end));
    struct site *site = rq->app;
    struct curve_point *months;
    size_t n = curve_months(c, site->zone, rq->arena, &months);
    cJSON *rows = view_list(figure, "rows");
    for (size_t i = 0; i < n; i++) {
        cJSON *row = view_item(rows);
        view_text(row, "date", words_date(rq, months[i].day_start));
        view_int(row, "finished", months[i].done);
    }
}

/* ---- the dot plot ---- */

#define DOTS_LEFT  10
#define DOTS_RIGHT 430
#define DOTS_ROW   52 /* more room below a line than between it and its name */
#define DOTS_TOP   8

static double at_share(double part)
{
    return unit(DOTS_LEFT + part * (DOTS_RIGHT - DOTS_LEFT));
}

void view_figure_dots(cJSON *view, struct request *rq, const struct completion *n, const char *id)
{
    int shown = 0;
    for (int i = 0; i < n->count; i++)
        shown += n->rows[i].rate.known;
    if (!shown)
        return;
    cJSON *figure = view_object(view, "figure");
    cJSON *dots = view_list(figure, "dots");
    int bottom = DOTS_TOP + shown * DOTS_ROW, y = DOTS_TOP;
    for (int i = 0; i < n->count; i++) {
        const struct completion_row *row = &n->rows[i];
        if (!row->rate.known)
            continue;
        cJSON *dot = view_item(dots);
        view_text(dot, "name", row->department_name);
        view_int(dot, "label_y", y + 13);
        view_int(dot, "y", y + 27);
        view_number(dot, "low_x", at_share(row->rate.low));
        view_number(dot, "x", at_share(row->rate.value));
        view_number(dot, "high_x", at_share(row->rate.high));
        y += DOTS_ROW;
    }
    view_text(figure, "id", id);
    view_int(figure, "bottom", bottom);
    view_int(figure, "tick_y", bottom + 18);
    view_int(figure, "height", bottom + 26);
    view_text(
        figure, "description",
        arena_printf(rq->arena,
                     "For each of %d departments a dot at the completion rate and a line over "
                     "its 95%% interval, from 0%% on the left to 100%% on the right. The "
                     "same numbers are in the table.",
                     shown));
}
