/* Which names can stand on a certificate. */
#include "base/buf.h"
#include "base/text.h"
#include "credential/issuer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void takes(const char *name)
{
    struct error e = {0};
    int result = certificate_name_check(name, &e);
    assert_string_equal(e.message, "");
    assert_int_equal(result, 0);
}

static void refuses(const char *name, const char *words)
{
    struct error e = {0};
    assert_int_equal(certificate_name_check(name, &e), -1);
    assert_int_equal(e.kind, ERROR_INVALID);
    assert_string_equal(e.field, "certificate_name");
    assert_non_null(strstr(e.message, words));
}

static void refuses_code_point(uint32_t c, const char *words)
{
    struct buf b;
    buf_init(&b, 100);
    buf_puts(&b, "Ann ");
    text_put_utf8(&b, c);
    buf_puts(&b, " Lee");
    refuses(b.data, words);
    buf_free(&b);
}

static void names_of_every_script_are_taken(void **state)
{
    (void)state;
    takes("Ann");
    takes("X");
    takes("Zoë Nguyễn-O’Brien");
    takes("Nguye\xCC\x82\xCC\x83n"); /* the same accents as combining marks */
    takes("محمد علي");
    takes("שָׁלוֹם");
    takes("王小明");
    takes("Владимир Ильич");
    takes("ตัวอย่าง");
    takes("नमस्ते");
    takes("Jean-Luc d'Arc, MD, 3rd");
    takes(
        "\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xA2\xDB\x8C"); /* Persian with a zero-width non-joiner */
    takes("\"Bobby\"; <b>&amp; {{x}} \\");
}

static void what_is_no_line_of_text_is_refused(void **state)
{
    (void)state;
    refuses(NULL, "Write the name");
    refuses("", "Write the name");
    refuses("Ann\nLee", "control character");
    refuses("Ann\tLee", "control character");
    refuses("Ann\x7FLee", "control character");
    refuses("Ann\xC2\x85Lee", "control character");
    refuses("Ann\xFFLee", "UTF-8");
    refuses("Ann\xED\xA0\x80", "UTF-8");
    refuses_code_point(0x2028, "separator");
    refuses_code_point(0x2029, "separator");
}

static void text_that_turns_around_is_refused(void **state)
{
    (void)state;
    for (uint32_t c = 0x202A; c <= 0x202E; c++)
        refuses_code_point(c, "direction");
    for (uint32_t c = 0x2066; c <= 0x2069; c++)
        refuses_code_point(c, "direction");
}

static void what_no_font_shows_is_refused(void **state)
{
    (void)state;
    static const uint32_t all[] = {0xE000, 0xF8FF, 0xF0000, 0x10FFFD, 0xFFFE,
                                   0xFFFF, 0xFDD0, 0xFDEF,  0x1FFFE,  0x10FFFF};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        refuses_code_point(all[i], "no font");
}

static void a_name_has_a_letter(void **state)
{
    (void)state;
    refuses("   ", "no letter");
    refuses("12345", "no letter");
    refuses("-.'", "no letter");
    refuses("\xF0\x9F\x98\x80", "no letter");
}

static void marks_and_length_are_bounded(void **state)
{
    (void)state;
    char name[400] = "A";
    for (int i = 0; i < 4; i++)
        strcat(name, "\xCC\x81");
    takes(name);
    strcat(name, "\xCC\x81");
    refuses(name, "accents");
    name[0] = '\0';
    for (int i = 0; i < 120; i++)
        strcat(name, "\xC3\xAB");
    takes(name);
    strcat(name, "b");
    refuses(name, "longer than 120");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_every_script_are_taken),
        cmocka_unit_test(what_is_no_line_of_text_is_refused),
        cmocka_unit_test(text_that_turns_around_is_refused),
        cmocka_unit_test(what_no_font_shows_is_refused),
        cmocka_unit_test(a_name_has_a_letter),
        cmocka_unit_test(marks_and_length_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
