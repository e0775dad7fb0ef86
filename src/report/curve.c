#include "report/curve.h"
#include "base/civil.h"
#include <stdlib.h>
#include <string.h>

struct curve_days {
    struct arena *arena;
    instant *at;
    size_t count, room;
};

struct curve_days *curve_days_create(struct arena *a)
{
    struct curve_days *d = arena_alloc(a, sizeof *d);
    d->arena = a;
    d->room = 64;
    d->at = arena_array(a, d->room, sizeof *d->at);
    return d;
}

void curve_days_add(struct curve_days *d, instant done_at)
{
    if (d->count == d->room) {
        instant *more = arena_array(d->arena, d->room * 2, sizeof *more);
        memcpy(more, d->at, d->count * sizeof *more);
        d->at = more;
        d->room *= 2;
    }
    d->at[d->count++] = done_at;
}

static int by_time(const void *a, const void *b)
{
    instant x = *(const instant *)a, y = *(const instant *)b;
    return (x > y) - (x < y);
}

static int64_t local_day(const struct zone *z, instant at, char date[11])
{
    int year, month, day;
    zone_date(z, at, date);
    return civil_read_date(date, &year, &month, &day) ? civil_days(year, month, day) : 0;
}

void curve_make(struct curve_days *d, const struct zone *z, instant as_of, struct curve *out)
{
    char date[11];
    memset(out, 0, sizeof *out);
    out->last_day = local_day(z, as_of, date);
    out->points = arena_array(d->arena, d->count ? d->count : 1, sizeof *out->points);
    qsort(d->at, d->count, sizeof *d->at, by_time);
    for (size_t i = 0; i < d->count; i++) {
        int64_t day = local_day(z, d->at[i], date);
        struct curve_point *last = out->count ? &out->points[out->count - 1] : NULL;
        if (!last || last->day != day) {
            last = &out->points[out->count++];
            last->day = day;
            if (!zone_day_start(z, date, &last->day_start))
                last->day_start = d->at[i];
        }
        last->done = (int64_t)i + 1;
    }
}

size_t curve_months(const struct curve *c, const struct zone *z, struct arena *a,
                    struct curve_point **out)
{
    char month[11], before[11] = "";
    struct curve_point *points = arena_array(a, c->count ? c->count : 1, sizeof *points);
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++) {
        zone_date(z, c->points[i].day_start, month);
        if (strncmp(month, before, 7) != 0)
            count++;
        points[count - 1] = c->points[i];
        memcpy(before, month, sizeof before);
    }
    *out = points;
    return count;
}
