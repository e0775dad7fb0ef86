/*
 * Local time. A GTimeZone does not change after it is made, and looking up an interval only reads
 * it, so threads may share one. g_time_zone_new_identifier takes more than IANA identifiers (rules
 * such as "AAA5", offsets, a path); those are refused before it sees them.
 */
#include "base/civil.h"
#include "base/memory.h"
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct zone {
    GTimeZone *zone;
};

static bool is_identifier(const char *s)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static const char others[] = "0123456789_+-/";
    size_t n = strlen(s);
    if (n == 0 || n > 64 || !strchr(letters, s[0]))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!strchr(letters, s[i]) && !strchr(others, s[i]))
            return false;
    return strchr(s, '/') || !strpbrk(s, "0123456789"); /* "AAA5" is a rule, "Etc/GMT+5" a zone */
}

struct zone *zone_create(const char *identifier, struct error *e)
{
    GTimeZone *zone = is_identifier(identifier) ? g_time_zone_new_identifier(identifier) : NULL;
    if (!zone) {
        error_set(e, ERROR_INVALID,
                  "\"%.64s\" is not a time zone: write its IANA name, such as America/Los_Angeles",
                  identifier);
        return NULL;
    }
    struct zone *z = memory_alloc(sizeof *z);
    z->zone = zone;
    return z;
}

void zone_free(struct zone *z)
{
    if (!z)
        return;
    g_time_zone_unref(z->zone);
    free(z);
}

static int64_t whole_seconds(instant at)
{
    return at / INSTANT_SECOND - (at % INSTANT_SECOND < 0);
}

static int interval_at(const struct zone *z, int64_t seconds)
{
    return g_time_zone_find_interval(z->zone, G_TIME_TYPE_UNIVERSAL, seconds);
}

/* Seconds east of Greenwich. */
static int64_t offset_at(const struct zone *z, int64_t seconds)
{
    return g_time_zone_get_offset(z->zone, interval_at(z, seconds));
}

static struct civil local_civil(const struct zone *z, instant at)
{
    return civil_from_instant(at + offset_at(z, whole_seconds(at)) * INSTANT_SECOND);
}

void zone_date(const struct zone *z, instant at, char out[11])
{
    struct civil c = local_civil(z, at);
    char text[28];
    instant_rfc3339_us(civil_days(c.year, c.month, c.day) * INSTANT_DAY, text);
    memcpy(out, text, 10);
    out[10] = '\0';
}

void zone_date_words(const struct zone *z, instant at, char out[24])
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c = local_civil(z, at);
    snprintf(out, 24, "%s %d %s %d", days[c.weekday], c.day, months[c.month - 1], c.year);
}

void zone_time(const struct zone *z, instant at, char out[9])
{
    char text[28];
    instant_rfc3339_us(at + offset_at(z, whole_seconds(at)) * INSTANT_SECOND, text);
    memcpy(out, text + 11, 8);
    out[8] = '\0';
}

void zone_abbreviation(const struct zone *z, instant at, char out[16])
{
    snprintf(out, 16, "%s",
             g_time_zone_get_abbreviation(z->zone, interval_at(z, whole_seconds(at))));
}

/* The first second at which the offset is that of `high`; there is one change between the two. */
static int64_t change_between(const struct zone *z, int64_t low, int64_t high)
{
    int64_t after = offset_at(z, high);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (offset_at(z, middle) == after)
            high = middle;
        else
            low = middle;
    }
    return high;
}

/*
 * Offsets lie between -12 and +14 hours, so what was in force before and after local midnight is
 * known 15 hours to either side. Midnight may come twice (the first counts), or be skipped by a
 * change to summer time: then the day begins with the change.
 */
bool zone_day_start(const struct zone *z, const char *date, instant *out)
{
    instant midnight;
    if (!instant_parse_date(date, &midnight))
        return false;
    int64_t local = midnight / INSTANT_SECOND;
    int64_t low = local - 15 * 3600, high = local + 15 * 3600;
    int64_t before = offset_at(z, low), after = offset_at(z, high);
    int64_t first = local - (before > after ? before : after);
    int64_t second = local - (before > after ? after : before);
    if (first + offset_at(z, first) == local)
        *out = first * INSTANT_SECOND;
    else if (second + offset_at(z, second) == local)
        *out = second * INSTANT_SECOND;
    else
        *out = change_between(z, low, high) * INSTANT_SECOND;
    char found[11];
    zone_date(z, *out, found);
    return strcmp(found, date) == 0;
}
