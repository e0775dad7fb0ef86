/* Cumulative completions by local day: the step curve beside a roster. */
#ifndef REPORT_CURVE_H
#define REPORT_CURVE_H
#include "base/arena.h"
#include "base/instant.h"
#include <stddef.h>

struct curve_point {
    instant day_start; /* of the local day */
    int64_t day;       /* days since 1970-01-01 in the site's calendar: the horizontal axis */
    int64_t done;      /* finished by the end of that day */
};

struct curve {
    struct curve_point *points; /* days on which somebody finished, in order */
    size_t count;
    int64_t last_day; /* the day of as_of, where the curve ends */
};

/* Completion instants as they come from a roster, in any order; then the curve of those until
 * as_of, by the days of zone z. All of it in the arena. */
struct curve_days;
struct curve_days *curve_days_create(struct arena *a);
void curve_days_add(struct curve_days *d, instant done_at);
void curve_make(struct curve_days *d, const struct zone *z, instant as_of, struct curve *out);

/* The last point of each month: a table that stays short. In the arena; returns the count. */
size_t curve_months(const struct curve *c, const struct zone *z, struct arena *a,
                    struct curve_point **out);

#endif
