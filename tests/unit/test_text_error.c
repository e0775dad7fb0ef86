/* Errors are values whose messages stay whole. */
#include "base/error.h"
#include "base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void an_error_names_kind_field_and_reason(void **state)
{
    (void)state;
    struct error e = {0};
    assert_int_equal(e.kind, ERROR_NONE);
    assert_int_equal(error_field(&e, "due", "write a day such as %s", "2026-12-04"), -1);
    assert_int_equal(e.kind, ERROR_INVALID);
    assert_string_equal(e.field, "due");
    assert_string_equal(e.message, "write a day such as 2026-12-04");
    assert_int_equal(error_set(&e, ERROR_NOT_FOUND, "there is no course %s", "x"), -1);
    assert_int_equal(e.kind, ERROR_NOT_FOUND);
    assert_string_equal(e.field, ""); /* of the earlier error nothing stays */
}

static void a_prefix_goes_before_the_message(void **state)
{
    (void)state;
    struct error e = {0};
    error_field(&e, "name", "it is empty");
    assert_int_equal(error_prefix(&e, "line %d", 3), -1);
    assert_string_equal(e.message, "line 3: it is empty");
    assert_string_equal(e.field, "name");
    assert_int_equal(e.kind, ERROR_INVALID);
}

static void a_message_may_quote_itself(void **state)
{
    (void)state;
    struct error e = {0};
    error_set(&e, ERROR_IO, "disk");
    error_set(&e, ERROR_IO, "again: %s", e.message);
    assert_string_equal(e.message, "again: disk");
}

static void long_messages_end_between_characters(void **state)
{
    (void)state;
    char text[1001];
    for (int lead = 0; lead < 3; lead++) { /* every alignment of a three-byte character */
        struct error e = {0};
        memset(text, 'x', sizeof text);
        for (size_t i = (size_t)lead; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "\xE2\x82\xAC", 3);
        text[1000] = '\0';
        error_set(&e, ERROR_INVALID, "%.999s", text);
        assert_true(strlen(e.message) >= sizeof e.message - 3);
        assert_true(text_is_utf8(e.message, strlen(e.message)));
        error_prefix(&e, "a");
        assert_true(text_is_utf8(e.message, strlen(e.message)));
    }
}

static void a_message_is_one_line_of_utf8_whatever_it_quotes(void **state)
{
    (void)state;
    struct error e = {0};
    error_set(&e, ERROR_INVALID, "not \"%s\"", "a\nb\x1b[2J\xFFz\xC2\x85\xE2\x82 é");
    assert_string_equal(e.message, "not \"a b [2J?z  ?? é\"");
    error_set(&e, ERROR_INVALID, "ends in %s", "\xC3");
    assert_string_equal(e.message, "ends in ?");
}

static void nobody_has_to_listen(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, ERROR_IO, "x"), -1);
    assert_int_equal(error_field(NULL, "a", "x"), -1);
    assert_int_equal(error_prefix(NULL, "x"), -1);
}

static void each_kind_has_its_own_name(void **state)
{
    (void)state;
    for (int i = ERROR_NONE; i <= ERROR_INTERNAL; i++) {
        const char *name = error_kind_name((enum error_kind)i);
        assert_non_null(name);
        assert_string_not_equal(name, "unknown");
        for (int k = ERROR_NONE; k < i; k++)
            assert_string_not_equal(name, error_kind_name((enum error_kind)k));
    }
    assert_string_equal(error_kind_name(ERROR_NOT_FOUND), "not-found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_names_kind_field_and_reason),
        cmocka_unit_test(a_prefix_goes_before_the_message),
        cmocka_unit_test(a_message_may_quote_itself),
        cmocka_unit_test(long_messages_end_between_characters),
        cmocka_unit_test(a_message_is_one_line_of_utf8_whatever_it_quotes),
        cmocka_unit_test(nobody_has_to_listen),
        cmocka_unit_test(each_kind_has_its_own_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
