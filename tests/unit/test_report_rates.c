/* Rates against their references; days and the curve against the calendar. */
#include "base/arena.h"
#include "report/curve.h"
#include "report/rates.h"
#include "report/roster.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* after the standard headers */
#include <cmocka.h>

/* ---- rates ---- */

static void near6(double x, double expected)
{
    assert_true(x > expected - 5e-7 && x < expected + 5e-7);
}

static void wilson_agrees_with_the_references(void **state)
{
    (void)state;
    struct rate r = rate_wilson(37, 52);
    near6(r.value, .711538);
    near6(r.low, .577272);
    near6(r.high, .816700);
    r = rate_wilson(20, 20);
    near6(r.low, .838875);
    assert_true(r.high == 1);
    r = rate_wilson(0, 20);
    assert_true(r.known && r.value == 0 && r.low == 0);
    near6(r.high, .161125);
    r = rate_wilson(1, 1);
    near6(r.low, .206549);
}

static void a_rate_of_nothing_is_not_known(void **state)
{
    (void)state;
    assert_false(rate_wilson(0, 0).known);
    assert_false(rate_wilson(0, -1).known);
    assert_false(rate_wilson(3, 2).known);
    assert_false(rate_wilson(-1, 2).known);
}

static void a_rate_lies_within_its_interval(void **state)
{
    (void)state;
    for (int64_t n = 1; n < 200; n++) {
        for (int64_t x = 0; x <= n; x++) {
            struct rate r = rate_wilson(x, n);
            assert_true(r.known && 0 <= r.low && r.low <= r.value && r.value <= r.high &&
                        r.high <= 1);
        }
    }
}

/* ---- days ---- */

static instant at(const char *rfc3339)
{
    instant out;
    assert_true(instant_parse(rfc3339, &out));
    return out;
}

static void a_day_ends_with_the_local_day_or_now(void **state)
{
    (void)state;
    struct error e = {0};
    struct zone *z = zone_create("America/Los_Angeles", &e);
    instant now = at("2026-11-22T20:00:00Z"), out;
    assert_non_null(z);
    assert_true(as_of_day(z, "2026-11-20", now, &out));
    assert_true(out == at("2026-11-21T08:00:00Z") - 1);
    assert_true(as_of_day(z, "2026-11-22", now, &out));
    assert_true(out == now);
    assert_false(as_of_day(z, "2026-11-23", now, &out));
    assert_false(as_of_day(z, "2026-02-30", now, &out));
    /* days of 23 and 25 hours */
    assert_true(as_of_day(z, "2026-03-08", now, &out));
    assert_true(out == at("2026-03-09T07:00:00Z") - 1);
    assert_true(as_of_day(z, "2026-11-01", now, &out));
    assert_true(out == at("2026-11-02T08:00:00Z") - 1);
    zone_free(z);
}

static void the_curve_counts_by_local_day(void **state)
{
    (void)state;
    struct error e = {0};
    struct arena *a = arena_create();
    struct zone *z = zone_create("America/Los_Angeles", &e);
    struct curve_days *d = curve_days_create(a);
    struct curve c;
    struct curve_point *months;
    curve_days_add(d, at("2026-11-02T07:59:59Z"));
    curve_days_add(d, at("2026-10-01T12:00:00Z"));
    curve_days_add(d, at("2026-11-01T08:00:00Z"));
    curve_days_add(d, at("2026-11-02T08:00:00Z"));
    curve_make(d, z, at("2026-11-22T20:00:00Z"), &c);
    assert_int_equal(c.count, 3);
    assert_int_equal(c.points[0].done, 1);
    assert_int_equal(c.points[1].done, 3); /* both within the local 1 November */
    assert_int_equal(c.points[2].done, 4);
    assert_int_equal(c.points[2].day - c.points[1].day, 1);
    assert_int_equal(c.last_day - c.points[2].day, 20);
    assert_int_equal(curve_months(&c, z, a, &months), 2);
    assert_int_equal(months[0].done, 1);
    assert_int_equal(months[1].done, 4);
    zone_free(z);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilson_agrees_with_the_references),
        cmocka_unit_test(a_rate_of_nothing_is_not_known),
        cmocka_unit_test(a_rate_lies_within_its_interval),
        cmocka_unit_test(a_day_ends_with_the_local_day_or_now),
        cmocka_unit_test(the_curve_counts_by_local_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
