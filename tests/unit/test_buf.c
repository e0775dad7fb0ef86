/* A buffer grows up to its cap and says once that it did not suffice. */
#include "base/buf.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void appends_keep_a_nul_behind_the_bytes(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    buf_puts(&b, "");
    assert_string_equal(b.data, "");
    buf_puts(&b, "lesson");
    buf_putc(&b, ' ');
    buf_printf(&b, "%d of %d", 3, 9);
    buf_append(&b, "\0!", 2);
    assert_int_equal(b.length, 15);
    assert_memory_equal(b.data, "lesson 3 of 9\0!", 16);
    buf_free(&b);
}

static void exactly_the_cap_fits(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 8);
    buf_puts(&b, "12345678");
    assert_false(b.overflow);
    buf_putc(&b, '9');
    assert_true(b.overflow);
    assert_string_equal(b.data, "12345678");
    buf_free(&b);
}

static void after_an_overflow_nothing_more_is_taken(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 8);
    buf_puts(&b, "1234");
    buf_puts(&b, "too long");
    buf_puts(&b, "5");
    buf_printf(&b, "%d", 6);
    assert_true(b.overflow);
    assert_string_equal(b.data, "1234");
    buf_clear(&b);
    assert_false(b.overflow);
    assert_string_equal(b.data, "");
    buf_printf(&b, "%s", "123456789");
    assert_true(b.overflow);
    assert_string_equal(b.data, "");
    buf_free(&b);
}

static void printf_longer_than_the_room_left_is_whole(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < 200; i++)
        buf_printf(&b, "%0*d", i, 0);
    assert_false(b.overflow);
    assert_int_equal(b.length, 199 * 200 / 2 + 1); /* a width of 0 still prints one digit */
    assert_int_equal(strspn(b.data, "0"), b.length);
    buf_free(&b);
}

static void whole_numbers_are_written_as_printf_writes_them(void **state)
{
    (void)state;
    static const int64_t values[] = {0,   1,         -1,        9,         10,
                                     -10, 123456789, INT32_MIN, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct buf written, expected;
        buf_init(&written, 100);
        buf_init(&expected, 100);
        buf_int(&written, values[i]);
        buf_printf(&expected, "%lld", (long long)values[i]);
        assert_string_equal(written.data, expected.data);
        buf_free(&written);
        buf_free(&expected);
    }
}

static void reserve_never_passes_the_cap(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    buf_reserve(&b, SIZE_MAX);
    assert_int_equal(b.capacity, 101);
    assert_false(b.overflow);
    buf_free(&b);
    buf_init(&b, SIZE_MAX);
    buf_puts(&b, "x");
    buf_append(&b, "", 0);
    assert_string_equal(b.data, "x");
    buf_free(&b);
}

static void detached_bytes_are_the_callers(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    buf_puts(&b, "mine");
    char *s = buf_detach(&b);
    assert_string_equal(s, "mine");
    assert_null(b.data);
    assert_int_equal(b.length, 0);
    free(s);
    s = buf_detach(&b);
    assert_string_equal(s, "");
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_keep_a_nul_behind_the_bytes),
        cmocka_unit_test(exactly_the_cap_fits),
        cmocka_unit_test(after_an_overflow_nothing_more_is_taken),
        cmocka_unit_test(printf_longer_than_the_room_left_is_whole),
        cmocka_unit_test(whole_numbers_are_written_as_printf_writes_them),
        cmocka_unit_test(reserve_never_passes_the_cap),
        cmocka_unit_test(detached_bytes_are_the_callers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
