/* Days and the proleptic Gregorian calendar, for instant.c and zone.c. Day 0 is 1970-01-01. */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H
#include "base/instant.h"

struct civil {
    int year, month, day; /* 1 to 9999, 1 to 12, 1 to 31 */
    int hour, minute, second, microsecond;
    int weekday; /* 0 is Sunday */
};

/* What stands outside the years 1 to 9999 is taken as the nearest instant inside. */
struct civil civil_from_instant(instant at);
int64_t civil_days(int year, int month, int day); /* days since 1970-01-01; of a day that exists */
bool civil_day_exists(int year, int month, int day);
/* Exactly "2026-07-01" at s (more may follow); false when there is no such day. */
bool civil_read_date(const char *s, int *year, int *month, int *day);

#endif
