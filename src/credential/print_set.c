/* Pango shapes and breaks the lines; cairo draws them with the text behind the glyphs, so that it
 * can be read out of the file again. Ligatures that are a matter of taste are off: readers take
 * them for one strange letter. */
#include "credential/print_set.h"
#include "credential/print_behind.h"
#include "credential/print_fonts.h"
#include <math.h>
#include <qrencode.h>
#include <string.h>

#define QUIET 4 /* modules around a QR code */

static void set_colour(cairo_t *cr, struct colour c)
{
    cairo_set_source_rgb(cr, c.red, c.green, c.blue);
}

PangoContext *sheet_context(PangoFontMap *map, cairo_t *cr, const char *language)
{
    PangoContext *context = pango_font_map_create_context(map);
    pango_context_set_language(context, pango_language_from_string(language));
    pango_context_set_round_glyph_positions(context, FALSE);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_cairo_update_context(cr, context);
    return context;
}

cairo_status_t sheet_keep(void *to, const unsigned char *bytes, unsigned n)
{
    buf_append(to, bytes, n);
    return ((struct buf *)to)->overflow ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

int sheet_check(cairo_status_t status, struct error *e)
{
    return status == CAIRO_STATUS_SUCCESS
               ? 0
               : error_set(e, ERROR_INTERNAL, "The certificate was not drawn: %s",
                           cairo_status_to_string(status));
}

int sheet_close(struct sheet *s, struct error *e)
{
    int result = sheet_check(cairo_status(s->cr), e);
    g_object_unref(s->pango);
    cairo_destroy(s->cr);
    return result;
}

void sheet_tag(const struct sheet *s, const char *tag, const char *attributes)
{
    if (tag && s->draw && s->tagged)
        cairo_tag_begin(s->cr, tag, attributes);
}

void sheet_end(const struct sheet *s, const char *tag)
{
    if (tag && s->draw && s->tagged)
        cairo_tag_end(s->cr, tag);
}

static void add(PangoAttrList *list, PangoAttribute *attribute)
{
    pango_attr_list_insert(list, attribute); /* the list owns it; over the whole text */
}

static PangoLayout *lay_out(const struct sheet *s, const struct face *face, const char *text,
                            double width)
{
    PangoLayout *layout = pango_layout_new(s->pango);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family(font, face->family ? face->family : print_fonts_roman(text));
    pango_font_description_set_absolute_size(font, face->size * PANGO_SCALE);
    pango_font_description_set_style(font, face->italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);

    PangoAttrList *list = pango_attr_list_new();
    const char *features = face->small_caps ? "liga=0,clig=0,dlig=0,lnum=1,smcp=1,c2sc=1"
                           : face->plain    ? "liga=0,clig=0,dlig=0,lnum=1,calt=0"
                                            : "liga=0,clig=0,dlig=0,lnum=1";
    add(list, pango_attr_font_features_new(features));
    if (face->spacing > 0)
        add(list, pango_attr_letter_spacing_new((int)(face->spacing * face->size * PANGO_SCALE)));
    pango_layout_set_attributes(layout, list);
    pango_attr_list_unref(list);

    pango_layout_set_alignment(layout, face->centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_line_spacing(layout, (float)(face->leading > 0 ? face->leading : 1));
    pango_layout_set_text(layout, text, -1);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    return layout;
}

/* Centred lines look best when they are alike: the narrowest width with as many lines. */
static void balance(PangoLayout *layout, double width)
{
    int lines = pango_layout_get_line_count(layout);
    double narrow = width / (lines + 1), wide = width;
    if (lines < 2)
        return;
    while (wide - narrow > 2) {
        double middle = (narrow + wide) / 2;
        pango_layout_set_width(layout, (int)(middle * PANGO_SCALE));
        if (pango_layout_get_line_count(layout) > lines)
            narrow = middle;
        else
            wide = middle;
    }
    pango_layout_set_width(layout, (int)(wide * PANGO_SCALE));
}

static double height_of(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.height / PANGO_SCALE;
}

/* Each line by itself, with the space at its end: in a broken layout that has no glyph, and readers
 * then lose what follows. */
static void show_lines(const struct sheet *s, const struct face *face, PangoLayout *broken,
                       double x, double y)
{
    const char *text = pango_layout_get_text(broken);
    PangoLayoutIter *at = pango_layout_get_iter(broken);
    do {
        const PangoLayoutLine *line = pango_layout_iter_get_line_readonly(at);
        PangoRectangle r;
        pango_layout_iter_get_line_extents(at, NULL, &r);
        char *part = g_strndup(text + line->start_index, (size_t)line->length);
        PangoLayout *own = lay_out(s, face, part, 0);
        pango_layout_set_width(own, -1);
        pango_layout_set_alignment(own, PANGO_ALIGN_LEFT);
        int down = pango_layout_iter_get_baseline(at) - pango_layout_get_baseline(own);
        cairo_move_to(s->cr, x + (double)r.x / PANGO_SCALE, y + (double)down / PANGO_SCALE);
        pango_cairo_show_layout(s->cr, own);
        g_object_unref(own);
        g_free(part);
    } while (pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
}

static double set_paragraph(const struct sheet *s, const char *tag, const struct face *face,
                            const char *text, double x, double y, double width)
{
    PangoLayout *layout = lay_out(s, face, text, width);
    if (face->centred)
        balance(layout, width);
    double height = height_of(layout);
    if (s->draw) {
        double own = (double)pango_layout_get_width(layout) / PANGO_SCALE;
        sheet_tag(s, tag, NULL);
        set_colour(s->cr, face->colour);
        x += (width - own) / 2;
        cairo_move_to(s->cr, x, y);
        if (s->tagged && behind_is_needed(text))
            behind_show_layout(s->cr, layout);
        else if (pango_layout_get_line_count(layout) > 1)
            show_lines(s, face, layout, x, y);
        else
            pango_cairo_show_layout(s->cr, layout);
        sheet_end(s, tag);
    }
    g_object_unref(layout);
    return height;
}

double sheet_text(const struct sheet *s, const char *tag, const struct face *face, const char *text,
                  double x, double y, double width)
{
    double from = y, between = face->leading > 1 ? (face->leading - 1) * face->size : 0;
    for (const char *line = text, *end; line; line = *end ? end + 1 : NULL) {
        end = line + strcspn(line, "\n");
        char *paragraph = g_strndup(line, (size_t)(end - line));
        y += line == text ? 0 : between;
        y += set_paragraph(s, tag, face, paragraph, x, y, width);
        g_free(paragraph);
    }
    return y - from;
}

static bool fits(const struct sheet *s, const struct face *face, const char *text, double width,
                 int lines)
{
    PangoLayout *layout = lay_out(s, face, text, width);
    bool within = pango_layout_get_line_count(layout) <= lines;
    g_object_unref(layout);
    return within;
}

double sheet_fit(const struct sheet *s, struct face face, const char *text, double width, int lines,
                 double most, double least)
{
    face.size = most;
    if (fits(s, &face, text, width, lines))
        return most;
    while (most - least > 0.5) { /* least fits, or nothing does */
        face.size = (most + least) / 2;
        if (fits(s, &face, text, width, lines))
            least = face.size;
        else
            most = face.size;
    }
    return least;
}

void sheet_rule(const struct sheet *s, double x, double y, double width, struct colour c)
{
    if (!s->draw)
        return;
    set_colour(s->cr, c);
    cairo_set_line_width(s->cr, 0.5);
    cairo_move_to(s->cr, x, y);
    cairo_line_to(s->cr, x + width, y);
    cairo_stroke(s->cr);
}

static void circle(cairo_t *cr, double radius)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, 0, 0, radius, 0, 2 * G_PI);
}

void sheet_rosette(const struct sheet *s, double x, double y, double radius, double line,
                   struct colour c)
{
    if (!s->draw)
        return;
    cairo_t *cr = s->cr;
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, radius / 50, radius / 50);
    for (int i = 0; i < 12; i++) {
        cairo_save(cr);
        cairo_rotate(cr, i * G_PI / 12);
        cairo_scale(cr, 1, 15.0 / 46);
        circle(cr, 46);
        cairo_restore(cr);
    }
    circle(cr, 49);
    circle(cr, 47.5);
    circle(cr, 11);
    set_colour(cr, c);
    cairo_set_line_width(cr, line * 50 / radius);
    cairo_stroke(cr);
    cairo_restore(cr);
}

int sheet_qr(const struct sheet *s, const char *text, double x, double y, double side,
             struct error *e)
{
    if (!s->draw)
        return 0;
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return error_set(e, ERROR_INVALID, "The address is too long for a QR code.");
    double module = side / (code->width + 2 * QUIET);
    for (int row = 0; row < code->width; row++) {
        const unsigned char *cells = code->data + row * code->width;
        for (int from = 0, to; from < code->width; from = to + 1) {
            for (to = from; to < code->width && (cells[to] & 1); to++)
                ;
            if (to > from) /* a little deeper than a module, so that no seam shines through */
                cairo_rectangle(s->cr, x + (QUIET + from) * module, y + (QUIET + row) * module,
                                (to - from) * module, module * 1.02);
        }
    }
    QRcode_free(code);
    cairo_set_source_rgb(s->cr, 0, 0, 0);
    cairo_fill(s->cr);
    return 0;
}
