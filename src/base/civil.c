/*
 * Years are counted from March, so that the leap day is the last of its year, in eras of 400 years
 * (146,097 days) from 0000-03-01; the method is Howard Hinnant's "chrono-compatible low-level date
 * algorithms".
 */
#include "base/civil.h"

#define EARLIEST (INT64_C(-62135596800) * INSTANT_SECOND)     /* 0001-01-01T00:00:00 */
#define LATEST   (INT64_C(253402300800) * INSTANT_SECOND - 1) /* 9999-12-31T23:59:59.999999 */
#define EPOCH    719468                                       /* days from 0000-03-01 to 1970 */

int64_t civil_days(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - EPOCH;
}

struct civil civil_from_instant(instant at)
{
    at = at < EARLIEST ? EARLIEST : at > LATEST ? LATEST : at;
    int64_t in_day = at % INSTANT_DAY, days = at / INSTANT_DAY;
    if (in_day < 0) {
        in_day += INSTANT_DAY;
        days--;
    }
    int64_t shifted = days + EPOCH; /* positive: year 1 is long after 0000-03-01 */
    int64_t era = shifted / 146097, day_of_era = shifted % 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    struct civil c = {.month = (int)(march_month < 10 ? march_month + 3 : march_month - 9)};
    c.day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
    c.year = (int)(year_of_era + era * 400 + (c.month <= 2));
    c.hour = (int)(in_day / INSTANT_HOUR);
    c.minute = (int)(in_day / INSTANT_MINUTE % 60);
    c.second = (int)(in_day / INSTANT_SECOND % 60);
    c.microsecond = (int)(in_day % INSTANT_SECOND);
    c.weekday = (int)(((days + 4) % 7 + 7) % 7); /* day 0 was a Thursday */
    return c;
}

bool civil_day_exists(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12)
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day >= 1 && day <= lengths[month - 1] + (month == 2 && leap);
}

static int digits(const char *s, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        value = value * 10 + (s[i] - '0');
    }
    return value;
}

bool civil_read_date(const char *s, int *year, int *month, int *day)
{
    *year = digits(s, 4);
    if (*year < 0 || s[4] != '-')
        return false;
    *month = digits(s + 5, 2);
    if (*month < 0 || s[7] != '-')
        return false;
    *day = digits(s + 8, 2);
    return civil_day_exists(*year, *month, *day);
}
