/* Instants as text by arithmetic (civil.c): gmtime is not asked, so locale and TZ cannot matter. */
#include "base/instant.h"
#include "base/civil.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

static instant system_now(const struct clock *self)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (instant)t.tv_sec * INSTANT_SECOND + t.tv_nsec / 1000 + self->offset;
}

static instant fixed_now(const struct clock *self)
{
    return self->offset;
}

void clock_system(struct clock *c)
{
    c->now = system_now;
    c->offset = 0;
}

void clock_fixed(struct clock *c, instant at)
{
    c->now = fixed_now;
    c->offset = at;
}

int64_t clock_monotonic_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * INSTANT_SECOND + t.tv_nsec / 1000;
}

void instant_rfc3339(instant at, char out[21])
{
    char whole[28];
    instant_rfc3339_us(at, whole);
    memcpy(out, whole, 19);
    memcpy(out + 19, "Z", 2);
}

static void put_digits(char *out, int value, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
}

void instant_rfc3339_us(instant at, char out[28])
{
    struct civil c = civil_from_instant(at);
    memcpy(out, "yyyy-mm-ddThh:mm:ss.uuuuuuZ", 28);
    put_digits(out, c.year, 4);
    put_digits(out + 5, c.month, 2);
    put_digits(out + 8, c.day, 2);
    put_digits(out + 11, c.hour, 2);
    put_digits(out + 14, c.minute, 2);
    put_digits(out + 17, c.second, 2);
    put_digits(out + 20, c.microsecond, 6);
}

/* Two digits up to `most`, or -1. */
static int two_digits(const char *s, int most)
{
    if (s[0] < '0' || s[0] > '9' || s[1] < '0' || s[1] > '9')
        return -1;
    int value = (s[0] - '0') * 10 + (s[1] - '0');
    return value <= most ? value : -1;
}

/* "hh:mm:ss" at s, in seconds, or -1. A leap second (:60) is refused: instants have none. */
static int read_time(const char *s)
{
    int hour = two_digits(s, 23);
    if (hour < 0 || s[2] != ':')
        return -1;
    int minute = two_digits(s + 3, 59);
    if (minute < 0 || s[5] != ':')
        return -1;
    int second = two_digits(s + 6, 59);
    return second < 0 ? -1 : hour * 3600 + minute * 60 + second;
}

/* "Z" or "±hh:mm", to the end of s. */
static bool read_offset(const char *s, instant *offset)
{
    *offset = 0;
    if ((s[0] == 'Z' || s[0] == 'z') && s[1] == '\0')
        return true;
    if (s[0] != '+' && s[0] != '-')
        return false;
    int hour = two_digits(s + 1, 23);
    if (hour < 0 || s[3] != ':')
        return false;
    int minute = two_digits(s + 4, 59);
    if (minute < 0 || s[6] != '\0')
        return false;
    *offset = (hour * 60 + minute) * INSTANT_MINUTE * (s[0] == '-' ? -1 : 1);
    return true;
}

bool instant_parse(const char *s, instant *out)
{
    int year, month, day;
    if (!civil_read_date(s, &year, &month, &day) || (s[10] != 'T' && s[10] != 't'))
        return false;
    int seconds = read_time(s + 11);
    if (seconds < 0)
        return false;
    const char *p = s + 19;
    instant fraction = 0, unit = INSTANT_SECOND;
    if (*p == '.') {
        for (p++; *p >= '0' && *p <= '9' && unit > 1; p++) {
            unit /= 10;
            fraction += (*p - '0') * unit;
        }
        if (unit == INSTANT_SECOND)
            return false;
    }
    instant offset;
    if (!read_offset(p, &offset))
        return false;
    *out =
        civil_days(year, month, day) * INSTANT_DAY + seconds * INSTANT_SECOND + fraction - offset;
    return true;
}

bool instant_parse_date(const char *s, instant *out)
{
    int year, month, day;
    if (!civil_read_date(s, &year, &month, &day) || s[10] != '\0')
        return false;
    *out = civil_days(year, month, day) * INSTANT_DAY;
    return true;
}

instant instant_add_months(instant at, int months)
{
    struct civil c = civil_from_instant(at);
    instant in_day = at - civil_days(c.year, c.month, c.day) * INSTANT_DAY;
    int month = c.month - 1 + months, year = c.year + month / 12, day = c.day;
    month = month % 12 + 1;
    while (!civil_day_exists(year, month, day))
        day--;
    return civil_days(year, month, day) * INSTANT_DAY + in_day;
}
