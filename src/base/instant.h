/*
 * Time. An instant is microseconds since 1970-01-01T00:00:00Z, without leap seconds. Everything
 * that needs "now" is given a struct clock, so that tests and demonstrations can run any year.
 * Zones are GLib's, by IANA identifier; the process's own TZ is never touched.
 */
#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H
#include "base/error.h"
#include <stdbool.h>
#include <stdint.h>

typedef int64_t instant;

#define INSTANT_SECOND ((instant)1000000)
#define INSTANT_MINUTE (60 * INSTANT_SECOND)
#define INSTANT_HOUR   (60 * INSTANT_MINUTE)
#define INSTANT_DAY    (24 * INSTANT_HOUR)

struct clock {
    instant (*now)(const struct clock *self);
    _Atomic int64_t
        offset; /* microseconds added to the system's time, or the time itself when fixed */
};
void clock_system(struct clock *c);            /* the system's time */
void clock_fixed(struct clock *c, instant at); /* stands still at `at`; set c->offset to move it */
static inline instant clock_now(const struct clock *c)
{
    return c->now(c);
}
int64_t clock_monotonic_us(void); /* for durations only */

/* RFC 3339 in UTC to the second, "2026-07-01T17:05:09Z" (21 bytes with NUL). Rounds down. */
void instant_rfc3339(instant at, char out[21]);
/* With six decimals, "2026-07-01T17:05:09.000123Z" (28 bytes with NUL). */
void instant_rfc3339_us(instant at, char out[28]);
/* Reads RFC 3339 with zone Z or an offset, 0 to 6 decimals; false when it is not. */
bool instant_parse(const char *s, instant *out);
/* Reads "2026-07-01" as that day's start in UTC; false when there is no such day. */
bool instant_parse_date(const char *s, instant *out);

/* The same time of day so many months later, in UTC; the month's last day when it is shorter. */
instant instant_add_months(instant at, int months);

struct zone;
struct zone *zone_create(const char *identifier,
                         struct error *e); /* NULL and a message when unknown */
void zone_free(struct zone *z);
/* Local parts in zone z. Threads may share a zone. Each `out` is NUL-terminated. */
void zone_date(const struct zone *z, instant at, char out[11]);         /* 2026-12-04 */
void zone_date_words(const struct zone *z, instant at, char out[24]);   /* Fri 4 Dec 2026 */
void zone_time(const struct zone *z, instant at, char out[9]);          /* 14:02:11 */
void zone_abbreviation(const struct zone *z, instant at, char out[16]); /* PST */
/* The instant at which the local day "2026-12-04" begins in z; false when there is no such day. */
bool zone_day_start(const struct zone *z, const char *date, instant *out);

#endif
