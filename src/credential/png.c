#include "credential/png.h"
#include "credential/print_fonts.h"
#include "credential/print_set.h"
#include <arpa/inet.h>
#include <math.h>
#include <string.h>
#include <zlib.h>

#define PIXELS 800
#define SIDE   600.0 /* of the card, in the points that type is given in */
#define MARGIN 56.0
#define COLUMN (SIDE - 2 * MARGIN)
#define HEADER 33 /* bytes of signature and IHDR chunk, behind which ours stands (PNG §5.6) */

/* ---- the card ---- */

struct row {
    const char *text;
    struct face face;
    double above;
};

static void draw_emblem(const struct sheet *s, const struct print_style *style, double y)
{
    cairo_surface_t *logo = style->logo;
    if (!logo) {
        sheet_rosette(s, SIDE / 2, y + 38, 38, 0.5, style->accent);
        return;
    }
    double width = cairo_image_surface_get_width(logo);
    double height = cairo_image_surface_get_height(logo);
    double scale = fmin(76 / height, 240 / width);
    cairo_save(s->cr);
    cairo_translate(s->cr, (SIDE - width * scale) / 2, y + (76 - height * scale) / 2);
    cairo_scale(s->cr, scale, scale);
    cairo_set_source_surface(s->cr, logo, 0, 0);
    cairo_paint(s->cr);
    cairo_restore(s->cr);
}

static void frame(const struct sheet *s, const struct print_style *style)
{
    cairo_set_source_rgb(s->cr, 1, 1, 1);
    cairo_paint(s->cr);
    sheet_rosette(s, SIDE / 2, SIDE / 2, SIDE * 0.46, 0.7, colour_tint(style->accent, 0.09));
    cairo_set_source_rgb(s->cr, style->accent.red, style->accent.green, style->accent.blue);
    cairo_set_line_width(s->cr, 1.2);
    cairo_rectangle(s->cr, 20, 20, SIDE - 40, SIDE - 40);
    cairo_stroke(s->cr);
    cairo_set_line_width(s->cr, 0.5);
    cairo_rectangle(s->cr, 25, 25, SIDE - 50, SIDE - 50);
    cairo_stroke(s->cr);
}

/* Sets the rows around the card's middle; the gaps shrink when there is much to say. */
static void draw_rows(struct sheet *s, const struct row *rows, size_t count, double top,
                      double bottom)
{
    double heights = 0, gaps = 0;
    s->draw = false;
    for (size_t i = 0; i < count; i++) {
        heights += sheet_text(s, "P", &rows[i].face, rows[i].text, MARGIN, 0, COLUMN);
        gaps += rows[i].above;
    }
    s->draw = true;
    double gap = fmax(0.1, fmin(1.7, (bottom - top - heights) / gaps));
    double y = top + fmax(0, (bottom - top - heights - gap * gaps) / 2);
    for (size_t i = 0; i < count; i++) {
        y += gap * rows[i].above;
        y += sheet_text(s, "P", &rows[i].face, rows[i].text, MARGIN, y, COLUMN);
    }
}

static void draw_card(struct sheet *s, const struct print_style *style, const struct print_text *t)
{
    char *completed = g_strdup_printf("Completed on %s", t->completed);
    char *check =
        g_strdup_printf("The signed record is inside this picture. Check it at\n%s", t->verify_url);
    struct row rows[] = {
        {t->issuer,
         {.size = 15, .spacing = 0.045, .small_caps = true, .centred = true, .colour = PAPER_SOFT},
         10},
        {"Certificate of completion",
         {.size = 24, .italic = true, .centred = true, .colour = style->accent},
         18},
        {t->holder, {.centred = true, .colour = PAPER_INK, .leading = 0.9}, 26},
        {t->title, {.centred = true, .colour = PAPER_INK}, 22},
        {completed, {.size = 16, .centred = true, .colour = PAPER_SOFT}, 16},
    };
    struct face small = {.size = 11, .centred = true, .colour = PAPER_SOFT};
    struct face *holder = &rows[2].face, *title = &rows[3].face;
    holder->size = sheet_fit(s, *holder, t->holder, COLUMN, 1, 44, 28);
    if (holder->size < 29) {
        holder->leading = 1.05;
        holder->size = sheet_fit(s, *holder, t->holder, COLUMN, 2, 30, 18);
    }
    title->size = sheet_fit(s, *title, t->title, COLUMN, 2, 22, 12);
    frame(s, style);
    draw_emblem(s, style, 58);
    draw_rows(s, rows, sizeof rows / sizeof *rows, 140, SIDE - 84);
    sheet_text(s, "P", &small, check, MARGIN, SIDE - 76, COLUMN);
    g_free(check);
    g_free(completed);
}

/* ---- the file ---- */

static void put_number(struct buf *b, uint32_t n)
{
    n = htonl(n);
    buf_append(b, &n, sizeof n);
}

/* One chunk: length, type, data, CRC-32 of type and data (PNG §5.3). */
static void put_text_chunk(struct buf *out, const char *text, size_t n)
{
    static const char head[] = "iTXt" PNG_KEYWORD "\0" /* the keyword's end */
                               "\0\0"                  /* not compressed, no method */
                               "\0";                   /* no language; the array's own NUL ends the
                                                          translated keyword */
    size_t data = sizeof head - 4 + n;
    put_number(out, (uint32_t)data);
    size_t from = out->length;
    buf_append(out, head, sizeof head);
    buf_append(out, text, n);
    if (out->overflow)
        return;
    put_number(out, (uint32_t)crc32(0, (const Bytef *)out->data + from, (uInt)(data + 4)));
}

int png_make(PangoFontMap *map, const struct print_style *style, const struct print_text *text,
             struct buf *out, struct error *e)
{
    struct buf drawn;
    buf_init(&drawn, PNG_MAX_BYTES);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, PIXELS, PIXELS);
    struct sheet s = {.cr = cairo_create(surface), .draw = true};
    cairo_scale(s.cr, PIXELS / SIDE, PIXELS / SIDE);
    s.pango = sheet_context(map, s.cr, text->language);
    draw_card(&s, style, text);
    int result = sheet_close(&s, e) ||
                 sheet_check(cairo_surface_write_to_png_stream(surface, sheet_keep, &drawn), e);
    cairo_surface_destroy(surface);
    if (result == 0) {
        buf_append(out, drawn.data, HEADER);
        put_text_chunk(out, text->bytes, text->length);
        buf_append(out, drawn.data + HEADER, drawn.length - HEADER);
    }
    buf_free(&drawn);
    if (result == 0 && out->overflow)
        result = error_set(e, ERROR_INTERNAL, "The certificate was not finished: it is too large");
    return result ? -1 : 0;
}
