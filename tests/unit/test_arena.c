/* An arena hands out zeroed, aligned memory and takes it all back at once. */
#include "base/arena.h"
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void memory_is_zeroed_even_after_a_reset(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    for (int round = 0; round < 3; round++) {
        unsigned char *p = arena_alloc(a, 5000);
        for (size_t i = 0; i < 5000; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, 5000);
        arena_reset(a);
    }
    arena_free(a);
}

static void every_piece_is_aligned_and_apart(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    unsigned char *pieces[400];
    for (size_t i = 0; i < 400; i++) {
        pieces[i] = arena_alloc(a, i * 7 % 300);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        memset(pieces[i], (int)(i & 0xFF), i * 7 % 300);
    }
    for (size_t i = 0; i < 400; i++)
        for (size_t k = 0; k < i * 7 % 300; k++)
            assert_int_equal(pieces[i][k], i & 0xFF);
    arena_free(a);
}

static void a_large_piece_does_not_waste_the_current_block(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    char *before = arena_alloc(a, 16);
    char *large = arena_alloc(a, (size_t)1 << 20);
    char *after = arena_alloc(a, 16);
    large[(1 << 20) - 1] = 1;
    assert_ptr_equal(after, before + 16);
    arena_free(a);
}

static void strings_are_copied_with_a_nul(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    char original[] = "enrolment";
    char *copy = arena_strdup(a, original);
    original[0] = 'X';
    assert_string_equal(copy, "enrolment");
    assert_string_equal(arena_strndup(a, "attempt", 3), "att");
    assert_string_equal(arena_strndup(a, "item", 99), "item");
    assert_null(arena_strdup(a, NULL));
    unsigned char *bytes = arena_memdup(a, "a\0b", 3);
    assert_memory_equal(bytes, "a\0b\0", 4);
    arena_free(a);
}

static void printf_takes_any_length(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    assert_string_equal(arena_printf(a, "%s-%d", "item", 7), "item-7");
    assert_string_equal(arena_printf(a, "%s", ""), "");
    assert_string_equal(arena_printf(a, "%d%d%s", INT_MIN, INT_MAX, ""), "-21474836482147483647");
    assert_string_equal(arena_printf(a, "%s%% of %lld", "12", 5LL), "12% of 5");
    char *wide = arena_printf(a, "%*d", 100000, 5);
    assert_int_equal(strlen(wide), 100000);
    assert_int_equal(wide[99999], '5');
    for (int width = 250; width < 260; width++) /* around the size of its small buffer */
    {
        char text[300];
        assert_int_equal(strlen(arena_printf(a, "%*d", width, 5)), width);
        memset(text, 'x', sizeof text);
        text[width - 1] = '\0';
        char *printed = arena_printf(a, "%s-", text);
        assert_int_equal(strlen(printed), width);
        assert_memory_equal(printed, text, (size_t)width - 1);
        assert_int_equal(printed[width - 1], '-');
    }
    arena_free(a);
}

static void nothing_to_free_is_fine(void **state)
{
    (void)state;
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_even_after_a_reset),
        cmocka_unit_test(every_piece_is_aligned_and_apart),
        cmocka_unit_test(a_large_piece_does_not_waste_the_current_block),
        cmocka_unit_test(strings_are_copied_with_a_nul),
        cmocka_unit_test(printf_takes_any_length),
        cmocka_unit_test(nothing_to_free_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
