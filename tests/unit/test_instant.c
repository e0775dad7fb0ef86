/* Instants and zones: text both ways, and what day it is where. */
#include "base/instant.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static instant at(const char *text)
{
    instant out = 0;
    assert_true(instant_parse(text, &out));
    return out;
}

static void instants_are_written_in_utc(void **state)
{
    (void)state;
    static const struct {
        instant at;
        const char *seconds, *micro;
    } cases[] = {
        {0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"},
        {1, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000001Z"},
        {-1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999999Z"},
        {951782400 * INSTANT_SECOND, "2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000000Z"},
        {1782925509 * INSTANT_SECOND + 123, "2026-07-01T17:05:09Z", "2026-07-01T17:05:09.000123Z"},
        {4107542399 * INSTANT_SECOND, "2100-02-28T23:59:59Z", "2100-02-28T23:59:59.000000Z"},
        {4107542400 * INSTANT_SECOND, "2100-03-01T00:00:00Z", "2100-03-01T00:00:00.000000Z"},
        {INT64_MAX, "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999999Z"},
        {INT64_MIN, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char seconds[21], micro[28];
        instant_rfc3339(cases[i].at, seconds);
        instant_rfc3339_us(cases[i].at, micro);
        assert_string_equal(seconds, cases[i].seconds);
        assert_string_equal(micro, cases[i].micro);
    }
}

static void every_day_of_four_centuries_comes_back(void **state)
{
    (void)state;
    for (int64_t day = -25567; day < 120530; day++) { /* 1900 to 2299 */
        char text[21];
        instant back;
        instant_rfc3339(day * INSTANT_DAY, text);
        assert_true(instant_parse(text, &back));
        assert_int_equal(back, day * INSTANT_DAY);
        text[10] = '\0';
        assert_true(instant_parse_date(text, &back));
        assert_int_equal(back, day * INSTANT_DAY);
    }
}

static void rfc_3339_is_read(void **state)
{
    (void)state;
    assert_int_equal(at("1970-01-01T00:00:00Z"), 0);
    assert_int_equal(at("2026-07-01t17:05:09z"), 1782925509 * INSTANT_SECOND);
    assert_int_equal(at("2026-07-01T10:05:09-07:00"), 1782925509 * INSTANT_SECOND);
    assert_int_equal(at("2026-07-01T22:35:09+05:30"), 1782925509 * INSTANT_SECOND);
    assert_int_equal(at("1970-01-01T00:00:00.5Z"), 500000);
    assert_int_equal(at("1970-01-01T00:00:00.000001Z"), 1);
    assert_int_equal(at("1969-12-31T23:59:59.999999Z"), -1);
    assert_int_equal(at("0001-01-01T00:00:00Z"), -62135596800 * INSTANT_SECOND);
}

static void what_is_not_rfc_3339_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-07-01",
                                      "2026-07-01 17:05:09Z",
                                      "2026-07-01T17:05:09",
                                      "2026-07-01T17:05Z",
                                      "2026-7-01T17:05:09Z",
                                      "2026-02-29T00:00:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-00-01T00:00:00Z",
                                      "2026-07-00T00:00:00Z",
                                      "2026-07-32T00:00:00Z",
                                      "2026-07-01T24:00:00Z",
                                      "2026-07-01T17:60:09Z",
                                      "2016-12-31T23:59:60Z",
                                      "2026-07-01T17:05:09.Z",
                                      "2026-07-01T17:05:09.1234567Z",
                                      "2026-07-01T17:05:09+0700",
                                      "2026-07-01T17:05:09+24:00",
                                      "2026-07-01T17:05:09+07:60",
                                      "2026-07-01T17:05:09Zx",
                                      "2026-07-01T17:05:09+07:00x",
                                      "0000-01-01T00:00:00Z",
                                      "+026-07-01T17:05:09Z",
                                      "2026-07-01T17:05:09+7",
                                      "2026-07-01T1",
                                      "2026-07-01T17:05:0"};
    instant out = 42;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(instant_parse(bad[i], &out));
    assert_int_equal(out, 42);
    assert_false(instant_parse_date("2026-02-29", &out));
    assert_false(instant_parse_date("1900-02-29", &out));
    assert_false(instant_parse_date("2026-07-01T", &out));
    assert_false(instant_parse_date("2026-07-1", &out));
    assert_true(instant_parse_date("2000-02-29", &out));
}

static void clocks_are_told_what_time_it_is(void **state)
{
    (void)state;
    struct clock c;
    clock_fixed(&c, 42);
    assert_int_equal(clock_now(&c), 42);
    c.offset = 43;
    assert_int_equal(clock_now(&c), 43);
    clock_system(&c);
    instant now = clock_now(&c);
    assert_true(now > at("2024-01-01T00:00:00Z"));
    c.offset = 10 * INSTANT_DAY;
    assert_true(clock_now(&c) - now >= 10 * INSTANT_DAY);
    assert_true(clock_now(&c) - now < 11 * INSTANT_DAY);
    int64_t a = clock_monotonic_us(), b = clock_monotonic_us();
    assert_true(b >= a);
}

static struct zone *zone(const char *name)
{
    struct error e = {0};
    struct zone *z = zone_create(name, &e);
    if (!z)
        fail_msg("%s", e.message);
    return z;
}

static void local_parts(void **state)
{
    (void)state;
    struct zone *z = zone("America/Los_Angeles");
    char date[11], words[24], time[9], name[16];
    instant winter = at("2026-12-04T22:02:11Z"), summer = at("2026-07-02T03:00:00.999999Z");
    zone_date(z, winter, date);
    zone_date_words(z, winter, words);
    zone_time(z, winter, time);
    zone_abbreviation(z, winter, name);
    assert_string_equal(date, "2026-12-04");
    assert_string_equal(words, "Fri 4 Dec 2026");
    assert_string_equal(time, "14:02:11");
    assert_string_equal(name, "PST");
    zone_date(z, summer, date);
    zone_date_words(z, summer, words);
    zone_time(z, summer, time);
    zone_abbreviation(z, summer, name);
    assert_string_equal(date, "2026-07-01"); /* still the day before UTC's */
    assert_string_equal(words, "Wed 1 Jul 2026");
    assert_string_equal(time, "20:00:00");
    assert_string_equal(name, "PDT");
    zone_abbreviation(z, at("2060-07-01T00:00:00Z"), name); /* beyond what is listed year by year */
    assert_string_equal(name, "PDT");
    zone_free(z);
}

static void the_second_of_a_change_belongs_to_the_new_time(void **state)
{
    (void)state;
    struct zone *z = zone("America/Los_Angeles");
    char time[9];
    zone_time(z, at("2026-03-08T09:59:59.999999Z"), time);
    assert_string_equal(time, "01:59:59");
    zone_time(z, at("2026-03-08T10:00:00Z"), time);
    assert_string_equal(time, "03:00:00");
    zone_free(z);
}

static void a_local_day_begins(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *day, *begins;
    } cases[] = {
        {"UTC", "2026-12-04", "2026-12-04T00:00:00Z"},
        {"America/Los_Angeles", "2026-12-04", "2026-12-04T08:00:00Z"},
        {"America/Los_Angeles", "2026-07-01", "2026-07-01T07:00:00Z"},
        {"America/Los_Angeles", "2026-03-08", "2026-03-08T08:00:00Z"}, /* the change comes at 2 */
        {"America/Los_Angeles", "2026-03-09", "2026-03-09T07:00:00Z"},
        {"America/Los_Angeles", "2026-11-01", "2026-11-01T07:00:00Z"},
        {"America/Los_Angeles", "2026-11-02", "2026-11-02T08:00:00Z"},
        {"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, /* begins at 01:00 */
        {"America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"}, /* 23:00 came twice before */
        {"America/Havana", "2024-11-03", "2024-11-03T04:00:00Z"},    /* 00:00 came twice */
        {"Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00:00Z"},
        {"Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z"},
        {"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct zone *z = zone(cases[i].zone);
        instant begins = 0;
        char text[21];
        assert_true(zone_day_start(z, cases[i].day, &begins));
        instant_rfc3339(begins, text);
        assert_string_equal(text, cases[i].begins);
        zone_free(z);
    }
}

static void days_that_never_were(void **state)
{
    (void)state;
    instant out;
    struct zone *apia = zone("Pacific/Apia");
    assert_false(zone_day_start(apia, "2011-12-30", &out)); /* skipped at the date line */
    assert_false(zone_day_start(apia, "2026-02-30", &out));
    assert_false(zone_day_start(apia, "tomorrow", &out));
    zone_free(apia);
}

static void each_local_day_begins_where_the_one_before_ends(void **state)
{
    (void)state;
    static const char *const names[] = {"America/Los_Angeles", "Europe/Berlin",
                                        "Australia/Lord_Howe", "Asia/Beirut",
                                        "America/Santiago",    "Africa/Casablanca"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct zone *z = zone(names[i]);
        instant day = at("2019-01-01T00:00:00Z");
        for (int k = 0; k < 3000; k++, day += INSTANT_DAY) {
            char date[21], found[11], before[11];
            instant begins;
            instant_rfc3339(day, date);
            date[10] = '\0';
            assert_true(zone_day_start(z, date, &begins));
            zone_date(z, begins, found);
            zone_date(z, begins - 1, before);
            assert_string_equal(found, date);
            assert_true(strcmp(before, date) < 0);
        }
        zone_free(z);
    }
}

static void only_iana_names_are_zones(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "Mars/Olympus",
                                      "America",
                                      "PST8PDTX",
                                      "AAA5",
                                      "+05:00",
                                      "../../etc/passwd",
                                      "/etc/localtime",
                                      ":UTC",
                                      "EST5EDT,M3.2.0,M11.1.0",
                                      "America/Los Angeles"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct error e = {0};
        assert_null(zone_create(bad[i], &e));
        assert_int_equal(e.kind, ERROR_INVALID);
        assert_non_null(strstr(e.message, "IANA"));
    }
    zone_free(zone("Etc/GMT+5"));
    zone_free(zone("America/Port-au-Prince"));
    zone_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_are_written_in_utc),
        cmocka_unit_test(every_day_of_four_centuries_comes_back),
        cmocka_unit_test(rfc_3339_is_read),
        cmocka_unit_test(what_is_not_rfc_3339_is_refused),
        cmocka_unit_test(clocks_are_told_what_time_it_is),
        cmocka_unit_test(local_parts),
        cmocka_unit_test(the_second_of_a_change_belongs_to_the_new_time),
        cmocka_unit_test(a_local_day_begins),
        cmocka_unit_test(days_that_never_were),
        cmocka_unit_test(each_local_day_begins_where_the_one_before_ends),
        cmocka_unit_test(only_iana_names_are_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
