/* How large a picture shows itself, from the first bytes of its file. */
#include "course/picture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void is_size(const char *svg, int across, int down)
{
    int width = 0, height = 0;
    assert_true(picture_size(svg, strlen(svg), "image/svg+xml", &width, &height));
    assert_int_equal(width, across);
    assert_int_equal(height, down);
}

static void an_svg_has_its_sides_or_its_view_box(void **state)
{
    (void)state;
    is_size("<svg viewBox=\"0 0 480 960\" width=\"400\" height=\"800\" role=\"img\">", 400, 800);
    is_size("<svg width='400px' height=' 800 '/>", 400, 800);
    is_size("\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- a > b -->\n<!DOCTYPE svg>\n"
            "<svg xmlns=\"http://www.w3.org/2000/svg\"\n viewBox = '-10,-20 30.4 40.5'>",
            30, 41);
    is_size("<svg width=\"100%\" height=\"12em\" viewBox=\"0 0 3 4\">", 3, 4);
    is_size("<svg width=\"640\" data-width=\"1\" aria-label=\"width='2' >\" height=\"770\">", 640,
            770);
}

static void what_cannot_be_read_has_none(void **state)
{
    (void)state;
    static const char *const none[] = {"",
                                       "<",
                                       "<svg",
                                       "<svg>",
                                       "<svg width=\"1\"",
                                       "<svg width=\"1\" height=\"2\"",
                                       "<svg width=\"0\" height=\"2\">",
                                       "<svg width=\"-5\" height=\"2\">",
                                       "<svg width=\"20001\" height=\"2\">",
                                       "<svg width=\"1e3\" height=\"2\">",
                                       "<svg width=\"99999999999999999999\" height=\"2\">",
                                       "<svg viewBox=\"0 0 3\">",
                                       "<svg viewBox=\"0 0 3 4 5\">",
                                       "<svg width=1 height=2>",
                                       "<svgs width=\"1\" height=\"2\">",
                                       "<html><svg width=\"1\" height=\"2\">",
                                       "<!-- <svg width=\"1\" height=\"2\">",
                                       "<?xml",
                                       "text <svg width=\"1\" height=\"2\">"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        int width = 0, height = 0;
        assert_false(picture_size(none[i], strlen(none[i]), "image/svg+xml", &width, &height));
        assert_int_equal(width + height, 0);
    }
}

static void a_png_has_those_of_its_head(void **state)
{
    (void)state;
    static const char png[] = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x01\x40\0\0\0\xF0";
    static const char huge[] = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\x10\0\0\0\0\0\xF0";
    int width = 0, height = 0;
    assert_false(picture_size(png, 23, "image/png", &width, &height));
    assert_false(picture_size(huge, 24, "image/png", &width, &height));
    assert_false(picture_size(png, 24, "image/webp", &width, &height));
    assert_true(picture_size(png, 24, "image/png", &width, &height));
    assert_int_equal(width, 320);
    assert_int_equal(height, 240);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_svg_has_its_sides_or_its_view_box),
        cmocka_unit_test(what_cannot_be_read_has_none),
        cmocka_unit_test(a_png_has_those_of_its_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
