/* Secrets come from the system; histories can be told again. */
#include "base/random.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void is_uuid4(const char *s)
{
    assert_int_equal(strlen(s), 36);
    for (int i = 0; i < 36; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23)
            assert_int_equal(s[i], '-');
        else
            assert_non_null(strchr("0123456789abcdef", s[i]));
    }
    assert_int_equal(s[14], '4');
    assert_non_null(strchr("89ab", s[19]));
}

static void uuids_are_version_4_and_differ(void **state)
{
    (void)state;
    char a[37], b[37];
    random_uuid(a);
    random_uuid(b);
    is_uuid4(a);
    is_uuid4(b);
    assert_string_not_equal(a, b);
}

/* RFC 9562 section 5.7, and its example's time (appendix A.6). */
static void uuids_with_a_time_are_version_7_and_in_its_order(void **state)
{
    (void)state;
    struct rng r;
    char earlier[37], later[37], again[37];
    rng_seed(&r, 7);
    rng_uuid_at(&r, INT64_C(0x017F22E279B0), earlier);
    rng_uuid_at(&r, INT64_C(0x017F22E279B0), again);
    rng_uuid_at(&r, INT64_C(0x017F22E279B1), later);
    assert_memory_equal(earlier, "017f22e2-79b0-7", 15);
    assert_memory_equal(later, "017f22e2-79b1-7", 15);
    assert_non_null(strchr("89ab", earlier[19]));
    assert_int_equal(strlen(earlier), 36);
    assert_string_not_equal(earlier, again);
}

static void the_same_seed_tells_the_same_history(void **state)
{
    (void)state;
    struct rng a, b, c;
    char u[37], v[37];
    rng_seed(&a, 7);
    rng_seed(&b, 7);
    rng_seed(&c, 8);
    for (int i = 0; i < 100; i++)
        assert_int_equal(rng_next(&a), rng_next(&b));
    assert_int_not_equal(rng_next(&a), rng_next(&c));
    rng_next(&b);
    rng_uuid(&a, u);
    rng_uuid(&b, v);
    is_uuid4(u);
    assert_string_equal(u, v);
    rng_seed_random(&a);
    rng_seed_random(&b);
    assert_int_not_equal(rng_next(&a), rng_next(&b));
}

/* The published generator with the state {1, 2, 3, 4} begins so. */
static void the_generator_is_xoshiro256_starstar(void **state)
{
    (void)state;
    struct rng r = {{1, 2, 3, 4}};
    static const uint64_t first[] = {11520, 0, 1509978240, 1215971899390074240};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(rng_next(&r), first[i]);
}

static void below_is_uniform(void **state)
{
    (void)state;
    struct rng r;
    enum { SIDES = 6, THROWS = 60000 };
    int count[SIDES] = {0};
    rng_seed(&r, 3);
    for (int i = 0; i < THROWS; i++) {
        uint32_t x = rng_below(&r, SIDES);
        assert_true(x < SIDES);
        count[x]++;
    }
    for (int i = 0; i < SIDES; i++) /* 10,000 ± 4.4 standard deviations */
        assert_in_range(count[i], 9600, 10400);
    assert_int_equal(rng_below(&r, 1), 0);
    /* With a bound of 3 × 2^30, taking a remainder would give the lower third half of all. */
    int low = 0;
    for (int i = 0; i < 30000; i++)
        low += rng_below(&r, 3u << 30) < 1u << 30;
    assert_in_range(low, 9600, 10400);
}

static void unit_stays_inside(void **state)
{
    (void)state;
    struct rng r;
    double sum = 0;
    rng_seed(&r, 4);
    for (int i = 0; i < 10000; i++) {
        double x = rng_unit(&r);
        assert_true(x >= 0 && x < 1);
        sum += x;
    }
    assert_true(sum > 4850 && sum < 5150);
}

static void a_shuffle_keeps_all_and_reaches_every_order(void **state)
{
    (void)state;
    struct rng r;
    int orders[6] = {0};
    rng_seed(&r, 5);
    for (int i = 0; i < 6000; i++) {
        uint16_t x[3] = {0, 1, 2};
        rng_shuffle(&r, x, 3, sizeof x[0]);
        assert_int_equal((1 << x[0]) | (1 << x[1]) | (1 << x[2]), 7);
        orders[x[0] * 2 + (x[1] > x[2])]++;
    }
    for (int i = 0; i < 6; i++) /* 1,000 ± 4.5 standard deviations */
        assert_in_range(orders[i], 870, 1130);
    rng_shuffle(&r, NULL, 0, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uuids_are_version_4_and_differ),
        cmocka_unit_test(uuids_with_a_time_are_version_7_and_in_its_order),
        cmocka_unit_test(the_same_seed_tells_the_same_history),
        cmocka_unit_test(the_generator_is_xoshiro256_starstar),
        cmocka_unit_test(below_is_uniform),
        cmocka_unit_test(unit_stays_inside),
        cmocka_unit_test(a_shuffle_keeps_all_and_reaches_every_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
