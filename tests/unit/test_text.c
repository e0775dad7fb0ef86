/* Text at the edge is UTF-8 or refused; escaping is exact. */
#include "base/text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void utf8_is_told_from_what_only_looks_like_it(void **state)
{
    (void)state;
    static const char *const good[] = {
        "",
        "plain, and long enough to take the eight-byte way",
        "\xC2\x80",
        "\xDF\xBF",
        "\xE0\xA0\x80",
        "\xED\x9F\xBF",
        "\xEE\x80\x80",
        "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF",
        "1234567\xC3\xA9", /* across the edge of eight bytes */
    };
    static const struct {
        const char *text;
        size_t prefix;
    } bad[] = {
        {"\x80", 0},             /* continuation alone */
        {"a\xC0\xAF", 1},        /* overlong / */
        {"\xC1\xBF", 0},         /* overlong */
        {"\xE0\x9F\xBF", 0},     /* overlong */
        {"\xED\xA0\x80", 0},     /* surrogate */
        {"\xF0\x8F\xBF\xBF", 0}, /* overlong */
        {"\xF4\x90\x80\x80", 0}, /* above U+10FFFF */
        {"\xF5\x80\x80\x80", 0},
        {"\xFF", 0},
        {"abc\xC3", 3}, /* cut off */
        {"abc\xE2\x82", 3},
        {"abc\xF0\x9F\x98", 3},
        {"12345678\xE2\x82x", 8},
        {"\xC3\xA9\xF0\x9F\x98x", 2},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(text_is_utf8(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(text_is_utf8(bad[i].text, strlen(bad[i].text)));
        assert_int_equal(text_utf8_prefix(bad[i].text, strlen(bad[i].text)), bad[i].prefix);
    }
}

static void a_line_has_no_controls(void **state)
{
    (void)state;
    assert_true(text_is_line("Ana Müller 🌱", strlen("Ana Müller 🌱")));
    assert_true(text_is_line("", 0));
    assert_true(text_is_line("\xC2\xA0", 2)); /* no-break space is no control */
    assert_false(text_is_line("a\nb", 3));
    assert_false(text_is_line("a\tb", 3));
    assert_false(text_is_line("a\0b", 3));
    assert_false(text_is_line("a\x7F", 2));
    assert_false(text_is_line("a\xC2\x85", 3)); /* NEXT LINE */
    assert_false(text_is_line("a\xC3", 2));
}

static void a_block_may_have_lines_and_tabs(void **state)
{
    (void)state;
    assert_true(text_is_block("one\n\ttwo\r\nthree", 15));
    assert_false(text_is_block("one\rtwo", 7));
    assert_false(text_is_block("one\r", 4));
    assert_false(text_is_block("one\x0Btwo", 7));
    assert_false(text_is_block("\xC2\x9B", 2));
}

static void code_points_go_out_and_come_back(void **state)
{
    (void)state;
    static const uint32_t points[] = {'a', 0x7F, 0x80, 0x7FF, 0x800, 0xFFFD, 0x10000, 0x10FFFF};
    struct buf b;
    buf_init(&b, 100);
    for (size_t i = 0; i < 8; i++)
        text_put_utf8(&b, points[i]);
    assert_true(text_is_utf8(b.data, b.length));
    const char *s = b.data;
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(text_next(&s), points[i]);
    assert_int_equal(text_next(&s), 0);
    assert_int_equal(text_next(&s), 0); /* and stays at the end */
    assert_int_equal(text_code_points(b.data), 8);
    buf_clear(&b);
    text_put_utf8(&b, 0xD800); /* not a character */
    text_put_utf8(&b, 0x110000);
    assert_string_equal(b.data, "\xEF\xBF\xBD\xEF\xBF\xBD");
    buf_free(&b);
}

static void broken_text_is_walked_without_leaving_it(void **state)
{
    (void)state;
    const char *s = "\xF0\x9F";
    assert_int_equal(text_next(&s), 0xFFFD);
    assert_int_equal(text_next(&s), 0xFFFD);
    assert_int_equal(text_next(&s), 0);
}

static void comparisons(void **state)
{
    (void)state;
    assert_true(text_equal(NULL, NULL));
    assert_false(text_equal(NULL, ""));
    assert_true(text_equal("a", "a"));
    assert_true(text_starts("lesson", "les"));
    assert_false(text_starts("le", "les"));
    assert_true(text_ends("a.sql", ".sql"));
    assert_false(text_ends("sql", ".sql"));
    assert_true(text_equal_ascii_case("Content-Type", "content-TYPE"));
    assert_false(text_equal_ascii_case("content", "content-type"));
    assert_false(text_equal_ascii_case("@", "`")); /* 32 apart, but no letters */
}

static void trimming_and_lowering(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    assert_string_equal(text_trim(a, " \t two words \r\n"), "two words");
    assert_string_equal(text_trim(a, " \n "), "");
    assert_string_equal(text_lower_ascii(a, "ÄBC Zz@["), "Äbc zz@[");
    arena_free(a);
}

static void integers_are_whole_strings_in_range(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0},
                {"7", 7},
                {"-7", -7},
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN}};
    static const char *const bad[] = {"",
                                      "-",
                                      "-0",
                                      "+1",
                                      "01",
                                      "1 ",
                                      " 1",
                                      "1.0",
                                      "1e3",
                                      "0x1",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999"};
    int64_t out = 42;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(text_to_int64(good[i].text, INT64_MIN, INT64_MAX, &out));
        assert_int_equal(out, good[i].value);
    }
    out = 42;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(text_to_int64(bad[i], INT64_MIN, INT64_MAX, &out));
    assert_int_equal(out, 42); /* untouched when refused */
    assert_true(text_to_int64("5", 5, 5, &out));
    assert_false(text_to_int64("4", 5, 9, &out));
    assert_false(text_to_int64("10", 5, 9, &out));
}

static void percent_decoding(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    size_t n = 0;
    assert_string_equal(text_percent_decode(a, "a%20b+c%C3%a9", 13, false, &n), "a b+c\xC3\xA9");
    assert_int_equal(n, 7);
    assert_string_equal(text_percent_decode(a, "a+b", 3, true, &n), "a b");
    assert_memory_equal(text_percent_decode(a, "x%00y", 5, false, &n), "x\0y\0", 4);
    assert_int_equal(n, 3);
    assert_null(text_percent_decode(a, "%", 1, false, &n));
    assert_null(text_percent_decode(a, "%2", 2, false, &n));
    assert_null(text_percent_decode(a, "%2g", 3, false, &n));
    assert_null(text_percent_decode(a, "%+1", 3, false, &n));
    assert_null(text_percent_decode(a, "%20", 2, false, &n)); /* the length counts, not the NUL */
    arena_free(a);
}

static void percent_encoding(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    assert_string_equal(text_percent_encode(a, "a/b c~é-._", false), "a%2Fb%20c~%C3%A9-._");
    assert_string_equal(text_percent_encode(a, "a/b", true), "a/b");
    arena_free(a);
}

static void html_is_escaped(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 200);
    text_escape_html(&b, "<a href=\"x\" title='y'>R&D</a>", 29);
    assert_string_equal(b.data, "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;R&amp;D&lt;/a&gt;");
    buf_clear(&b);
    text_escape_html(&b, "plain", 5);
    assert_string_equal(b.data, "plain");
    buf_free(&b);
}

static void distances(void **state)
{
    (void)state;
    assert_int_equal(text_distance("workers", "workers"), 0);
    assert_int_equal(text_distance("worker", "workers"), 1);
    assert_int_equal(text_distance("kitten", "sitting"), 3);
    assert_int_equal(text_distance("", "abc"), 3);
    char long_one[200];
    memset(long_one, 'a', sizeof long_one - 1);
    long_one[sizeof long_one - 1] = '\0';
    assert_int_equal(text_distance(long_one, ""), 64);
}

static void csv_fields(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"plain", "plain"},
                                           {"", ""},
                                           {"a,b", "\"a,b\""},
                                           {"say \"hi\"", "\"say \"\"hi\"\"\""},
                                           {"two\nlines", "\"two\nlines\""},
                                           {"cr\r", "\"cr\r\""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf b;
        buf_init(&b, 100);
        text_put_csv(&b, cases[i][0]);
        assert_string_equal(b.data, cases[i][1]);
        buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_told_from_what_only_looks_like_it),
        cmocka_unit_test(a_line_has_no_controls),
        cmocka_unit_test(a_block_may_have_lines_and_tabs),
        cmocka_unit_test(code_points_go_out_and_come_back),
        cmocka_unit_test(broken_text_is_walked_without_leaving_it),
        cmocka_unit_test(comparisons),
        cmocka_unit_test(trimming_and_lowering),
        cmocka_unit_test(integers_are_whole_strings_in_range),
        cmocka_unit_test(percent_decoding),
        cmocka_unit_test(percent_encoding),
        cmocka_unit_test(html_is_escaped),
        cmocka_unit_test(distances),
        cmocka_unit_test(csv_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
