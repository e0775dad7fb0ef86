/*
 * A reader such as poppler takes the characters of a line from left to right and turns round each
 * stretch from a right-to-left character up to the next left-to-right one. So those stretches are
 * put down turned round; a mark of direction (U+200E, U+200F) stands where a stretch would begin
 * too late (with a vowel point) or reach too far (over the space behind it).
 */
#include "credential/print_behind.h"
#include "base/buf.h"
#include "base/text.h"
#include <string.h>

#define LEFT_TO_RIGHT 0x200E
#define RIGHT_TO_LEFT 0x200F
#define CELL          0.5 /* of the size: how wide each empty glyph is */

static bool goes_left(uint32_t c)
{
    switch (g_unichar_get_script(c)) {
    case G_UNICODE_SCRIPT_ARABIC:
    case G_UNICODE_SCRIPT_HEBREW:
    case G_UNICODE_SCRIPT_SYRIAC:
    case G_UNICODE_SCRIPT_THAANA:
    case G_UNICODE_SCRIPT_NKO:
    case G_UNICODE_SCRIPT_ADLAM:
        return !g_unichar_ismark(c) && !g_unichar_isdigit(c);
    default:
        return false;
    }
}

/* What ends a stretch: letters from left to right, and what goes with numbers. */
static bool goes_right(uint32_t c)
{
    if (c < 0x80 && strchr("+-#$%,./:", (int)c))
        return c != 0;
    return g_unichar_isdigit(c) || c == 0xA0 || c == 0x60C ||
           (g_unichar_isalpha(c) && !goes_left(c) && !g_unichar_ismark(c));
}

bool behind_is_needed(const char *text)
{
    while (*text) {
        uint32_t c = text_next(&text);
        if (goes_left(c) || pango_is_zero_width(c))
            return true;
    }
    return false;
}

/* Where the stretch that begins at `from` ends: behind its last right-to-left character and the
 * marks on it. */
static size_t stretch_end(const uint32_t *c, size_t from, size_t n)
{
    size_t end = from;
    for (size_t i = from; i < n && !goes_right(c[i]); i++)
        if (goes_left(c[i]) || (end == i && (g_unichar_ismark(c[i]) || pango_is_zero_width(c[i]))))
            end = i + 1;
    return end;
}

/* The characters as they are put down; `out` has room for three times as many. */
static size_t put_down(const uint32_t *c, size_t n, uint32_t *out)
{
    size_t count = 0;
    for (size_t i = 0; i < n;) {
        if (!goes_left(c[i])) {
            out[count++] = c[i++];
            continue;
        }
        size_t end = stretch_end(c, i, n);
        if (!goes_left(c[end - 1]))
            out[count++] = RIGHT_TO_LEFT;
        for (size_t k = end; k > i; k--)
            out[count++] = c[k - 1];
        if (end < n)
            out[count++] = LEFT_TO_RIGHT;
        i = end;
    }
    return count;
}

/* ---- the font with nothing in it ---- */

static cairo_status_t describe_font(cairo_scaled_font_t *font, cairo_t *cr,
                                    cairo_font_extents_t *extents)
{
    (void)font;
    (void)cr;
    extents->ascent = 0.75;
    extents->descent = 0.25;
    extents->height = 1;
    extents->max_x_advance = CELL;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t draw_nothing(cairo_scaled_font_t *font, unsigned long glyph, cairo_t *cr,
                                   cairo_text_extents_t *extents)
{
    (void)font;
    (void)glyph;
    (void)cr;
    extents->x_advance = CELL;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_font_face_t *empty_font(void)
{
    cairo_font_face_t *face = cairo_user_font_face_create();
    cairo_user_font_face_set_init_func(face, describe_font);
    cairo_user_font_face_set_render_glyph_func(face, draw_nothing);
    return face;
}

/* A line's characters, as wide as the line at most; the glyph's number is the character's. */
static void put_line(cairo_t *cr, const char *text, size_t length, double x, double y, double width,
                     double height)
{
    size_t n = 0;
    uint32_t *typed = g_new(uint32_t, length + 1), *cells = g_new(uint32_t, 3 * length + 1);
    for (const char *s = text; s < text + length;)
        typed[n++] = text_next(&s);
    while (n > 0 && typed[n - 1] == ' ')
        n--;
    size_t count = put_down(typed, n, cells);
    double size = count ? MIN(height * 0.7, width / (CELL * (double)count)) : 1;
    cairo_glyph_t *glyphs = g_new(cairo_glyph_t, count + 1);
    cairo_text_cluster_t *clusters = g_new(cairo_text_cluster_t, count + 1);
    struct buf utf8;
    buf_init(&utf8, 16 * length + 16);
    for (size_t i = 0; i < count; i++) {
        size_t before = utf8.length;
        text_put_utf8(&utf8, cells[i]);
        glyphs[i] = (cairo_glyph_t){cells[i], x + (double)i * CELL * size, y};
        clusters[i] = (cairo_text_cluster_t){(int)(utf8.length - before), 1};
    }
    cairo_set_font_size(cr, size);
    if (count)
        cairo_show_text_glyphs(cr, utf8.data, (int)utf8.length, glyphs, (int)count, clusters,
                               (int)count, 0);
    buf_free(&utf8);
    g_free(clusters);
    g_free(glyphs);
    g_free(cells);
    g_free(typed);
}

void behind_show_layout(cairo_t *cr, PangoLayout *layout)
{
    double x, y;
    cairo_get_current_point(cr, &x, &y);
    const char *text = pango_layout_get_text(layout);
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    cairo_font_face_t *face = empty_font();
    cairo_save(cr);
    cairo_set_font_face(cr, face);
    do {
        const PangoLayoutLine *line = pango_layout_iter_get_line_readonly(at);
        PangoRectangle r;
        pango_layout_iter_get_line_extents(at, NULL, &r);
        put_line(cr, text + line->start_index, (size_t)line->length, x + (double)r.x / PANGO_SCALE,
                 y + (double)pango_layout_iter_get_baseline(at) / PANGO_SCALE,
                 (double)r.width / PANGO_SCALE, (double)r.height / PANGO_SCALE);
    } while (pango_layout_iter_next_line(at));
    cairo_restore(cr);
    cairo_font_face_destroy(face);
    pango_layout_iter_free(at);
    cairo_move_to(cr, x, y);
    pango_cairo_layout_path(cr, layout);
    cairo_fill(cr);
}
