/* The press: what it prints, what it refuses, and that its word about a letter holds. */
#include "base/arena.h"
#include "credential/pdf.h"
#include "credential/png.h"
#include "credential/press.h"
#include "credential/print_fonts.h"
#include "support.h"
#include "test_credential_sample.h"
#include <pthread.h>

#define CODE "4VJ9VGY90P95XNGSQYB4D1QST3"

struct fixture {
    struct arena *arena;
    struct settings settings;
    struct press *press;
};

static int open_press(void **state)
{
    char *arguments[] = {(char *)(uintptr_t) "test", NULL};
    int count = 1;
    struct error e = {0};
    struct fixture *f = calloc(1, sizeof *f);
    f->arena = arena_create();
    assert_int_equal(settings_load(&f->settings, f->arena, &count, arguments, &e), 0);
    f->press = press_open(&f->settings, &e);
    assert_string_equal(e.message, "");
    *state = f;
    return 0;
}

static int close_press(void **state)
{
    struct fixture *f = *state;
    press_close(f->press);
    arena_free(f->arena);
    free(f);
    return 0;
}

static char *sample(struct fixture *f)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    for (const char *const *line = sample_credential; *line; line++)
        buf_puts(&b, *line);
    char *text = arena_strndup(f->arena, b.data, b.length);
    buf_free(&b);
    return text;
}

static int print(struct fixture *f, enum print_kind kind, const char *credential, struct buf *out,
                 struct error *e)
{
    buf_init(out, 1 << 20);
    *e = (struct error){0};
    return press_print(f->press, kind, credential, CODE, out, e);
}

static void prints_each_kind_and_the_same_again(void **state)
{
    static const char *const begins[] = {"%PDF-1.7", "%PDF-1.7", "\x89PNG"};
    struct fixture *f = *state;
    const char *credential = sample(f);
    for (enum print_kind kind = PRINT_PDF_LETTER; kind <= PRINT_PNG; kind++) {
        struct buf one, two;
        struct error e;
        assert_int_equal(print(f, kind, credential, &one, &e), 0);
        assert_int_equal(print(f, kind, credential, &two, &e), 0);
        assert_memory_equal(one.data, begins[kind], strlen(begins[kind]));
        assert_int_equal(one.length, two.length);
        assert_memory_equal(one.data, two.data, one.length);
        buf_free(&one);
        buf_free(&two);
    }
}

static void what_has_no_letter_is_not_printed_as_a_square(void **state)
{
    struct fixture *f = *state;
    char *credential = sample(f);
    char *name = strstr(credential, "Nguy");
    assert_non_null(name);
    memcpy(name, "\xF0\x9F\x98\x80", 4); /* a face in colours */
    struct buf out;
    struct error e;
    assert_int_equal(print(f, PRINT_PDF_A4, credential, &out, &e), -1);
    assert_int_equal(e.kind, ERROR_CONFLICT);
    assert_int_equal(out.length, 0);
    buf_free(&out);
}

static void what_is_no_certificate_is_refused(void **state)
{
    static const char *const texts[] = {"", "{}", "[1]", "{\"name\":\"x\"", "{\"name\":\"x\"}"};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct buf out;
        struct error e;
        assert_int_equal(print(f, PRINT_PNG, texts[i], &out, &e), -1);
        assert_int_equal(e.kind, ERROR_INVALID);
        buf_free(&out);
    }
}

static void a_name_is_refused_with_its_letter(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    assert_int_equal(press_check_name(f->press, "Zoë Nguyễn-O’Brien 李 अनु محمد", &e), 0);
    assert_int_equal(press_check_name(f->press, "Ann \xF0\x9F\x98\x80", &e), -1);
    assert_int_equal(e.kind, ERROR_INVALID);
    assert_string_equal(e.field, "certificate_name");
    assert_non_null(strstr(e.message, "U+1F600"));
}

/* cairo makes a surface too wide just as one for which there is no memory: whatever draws with it
 * stops there, and what stood before looks like a page. */
static void what_was_not_drawn_to_the_end_is_no_file(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct print_text text;
    struct zone *zone = zone_create("UTC", &e);
    const char *credential = sample(f);
    press_close(f->press); /* one set of fonts at a time */
    f->press = NULL;
    struct print_fonts *fonts = print_fonts_open(&e);
    PangoFontMap *map = print_fonts_map(fonts);
    struct print_style style = {.accent = PAPER_INK, .signatory = "", .signatory_role = ""};
    assert_int_equal(print_text_read(&text, credential, strlen(credential), CODE,
                                     "https://train.example.edu", zone, f->arena, &e),
                     0);
    for (int broken = 0; broken < 2; broken++) {
        style.logo = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, broken ? 40000 : 100, 50);
        struct buf pdf, png;
        int expected = broken ? -1 : 0;
        buf_init(&pdf, 1 << 20);
        buf_init(&png, 1 << 20);
        assert_int_equal(pdf_make(map, &style, &text, PAPER_A4, &pdf, &e), expected);
        assert_int_equal(png_make(map, &style, &text, &png, &e), expected);
        assert_int_equal(e.kind, broken ? ERROR_INTERNAL : ERROR_NONE);
        assert_true((pdf.length == 0) == broken && (png.length == 0) == broken);
        buf_free(&pdf);
        buf_free(&png);
        cairo_surface_destroy(style.logo);
    }
    g_object_unref(map);
    print_fonts_free(fonts);
    zone_free(zone);
}

/* Nor is what outgrows its bound. */
static void what_is_too_large_is_no_file(void **state)
{
    struct fixture *f = *state;
    const char *credential = sample(f);
    for (enum print_kind kind = PRINT_PDF_LETTER; kind <= PRINT_PNG; kind++) {
        struct buf out;
        struct error e = {0};
        buf_init(&out, 5000);
        assert_int_equal(press_print(f->press, kind, credential, CODE, &out, &e), -1);
        assert_non_null(strstr(e.message, "too large"));
        buf_free(&out);
    }
}

struct customer {
    struct fixture *fixture;
    const char *credential;
    struct buf out;
    struct error e;
    int result;
};

static void *come(void *arg)
{
    struct customer *c = arg;
    c->result = print(c->fixture, PRINT_PDF_LETTER, c->credential, &c->out, &c->e);
    return NULL;
}

/* Some may be asked to come again; whoever is served gets the whole file. */
static void many_at_once_are_served_whole_or_asked_to_come_again(void **state)
{
    enum { CUSTOMERS = 8 };
    struct fixture *f = *state;
    struct customer customers[CUSTOMERS];
    pthread_t threads[CUSTOMERS];
    f->settings.workers = 4;
    press_close(f->press);
    struct error e = {0};
    f->press = press_open(&f->settings, &e);
    const char *credential = sample(f);
    for (int i = 0; i < CUSTOMERS; i++) {
        customers[i] = (struct customer){.fixture = f, .credential = credential};
        assert_int_equal(pthread_create(&threads[i], NULL, come, &customers[i]), 0);
    }
    int served = 0;
    const struct buf *first = NULL;
    for (int i = 0; i < CUSTOMERS; i++) {
        pthread_join(threads[i], NULL);
        if (customers[i].result != 0) {
            assert_int_equal(customers[i].e.kind, ERROR_BUSY);
            continue;
        }
        served++;
        first = first ? first : &customers[i].out;
        assert_int_equal(customers[i].out.length, first->length);
        assert_memory_equal(customers[i].out.data, first->data, first->length);
    }
    assert_true(served >= 1);
    for (int i = 0; i < CUSTOMERS; i++)
        buf_free(&customers[i].out);
}

/* A piece of every alphabet, and every letter of most. */
static void what_passes_the_check_has_a_glyph(void **state)
{
    (void)state;
    struct error e = {0};
    struct print_fonts *fonts = print_fonts_open(&e);
    assert_non_null(fonts);
    PangoFontMap *map = print_fonts_map(fonts);
    PangoContext *context = pango_font_map_create_context(map);
    int checked = 0;
    for (uint32_t c = 0x20; c < 0x30000; c += c >= 0x3400 ? 41 : 1) {
        char text[8] = {0};
        if (!g_unichar_isalpha(c) && !g_unichar_ismark(c))
            continue;
        g_unichar_to_utf8(c, text);
        if (print_fonts_check(fonts, text, "", NULL))
            continue;
        PangoFontDescription *font = pango_font_description_new();
        PangoLayout *layout = pango_layout_new(context);
        pango_font_description_set_family(font, print_fonts_roman(text));
        pango_layout_set_font_description(layout, font);
        pango_layout_set_text(layout, text, -1);
        if (pango_layout_get_unknown_glyphs_count(layout))
            fail_msg("U+%04X has no glyph", c);
        pango_font_description_free(font);
        g_object_unref(layout);
        checked++;
    }
    assert_true(checked > 5000);
    g_object_unref(context);
    g_object_unref(map);
    print_fonts_free(fonts);
}

int main(void)
{
#define WITH_PRESS(test) cmocka_unit_test_setup_teardown(test, open_press, close_press)
    const struct CMUnitTest tests[] = {
        WITH_PRESS(prints_each_kind_and_the_same_again),
        WITH_PRESS(what_has_no_letter_is_not_printed_as_a_square),
        WITH_PRESS(what_is_no_certificate_is_refused),
        WITH_PRESS(what_was_not_drawn_to_the_end_is_no_file),
        WITH_PRESS(what_is_too_large_is_no_file),
        WITH_PRESS(a_name_is_refused_with_its_letter),
        WITH_PRESS(many_at_once_are_served_whole_or_asked_to_come_again),
        cmocka_unit_test(what_passes_the_check_has_a_glyph),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
