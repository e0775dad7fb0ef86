/* How often something may be done, by name and by address. */
#include "pages/allowance.h"
#include "support.h"
#include <sodium.h>

#define NOON ((instant)1790000000 * INSTANT_SECOND)

static int taken(struct allowance *a, const char *address, int tries, instant at)
{
    int count = 0;
    for (int i = 0; i < tries; i++)
        count += allowance_take_address(a, address, at);
    return count;
}

static void after_so_many_one_waits_until_the_window_is_over(void **state)
{
    (void)state;
    struct allowance *a = allowance_create(3, INSTANT_MINUTE);
    assert_int_equal(taken(a, "192.0.2.1", 10, NOON), 3);
    assert_int_equal(taken(a, "192.0.2.2", 10, NOON), 3);
    assert_int_equal(taken(a, "192.0.2.1", 10, NOON + INSTANT_MINUTE - 1), 0);
    assert_int_equal(taken(a, "192.0.2.1", 10, NOON + INSTANT_MINUTE), 3);
    allowance_free(a);
}

static void a_network_of_ipv6_is_one(void **state)
{
    (void)state;
    struct allowance *a = allowance_create(3, INSTANT_MINUTE);
    assert_int_equal(taken(a, "2001:db8:0:1::1", 2, NOON), 2);
    assert_int_equal(taken(a, "2001:db8:0:1:ffff:2:3:4", 10, NOON), 1);
    assert_int_equal(taken(a, "2001:db8:0:2::1", 10, NOON), 3);
    assert_int_equal(taken(a, "::ffff:192.0.2.1", 10, NOON), 3);
    assert_int_equal(taken(a, "::ffff:192.0.2.2", 10, NOON), 3);
    assert_int_equal(taken(a, "not an address", 10, NOON), 3);
    allowance_free(a);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_so_many_one_waits_until_the_window_is_over),
        cmocka_unit_test(a_network_of_ipv6_is_one),
    };
    return cmocka_run_group_tests_name("allowance", tests, NULL, NULL);
}
