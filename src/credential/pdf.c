/*
 * One page, like the title page of a journal: what was completed stands in the middle, how to check
 * it at the foot. The upper part is a column of blocks; the room that is left is shared out between
 * them, and when there is too little the type gets smaller. A rule of completion that still does
 * not fit goes to pages of its own.
 */
#include "credential/pdf.h"
#include "credential/print_fonts.h"
#include "credential/print_set.h"
#include <cairo-pdf.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define MARGIN       64.0
#define QR_SIDE      96.0
#define SIGNATORY    150.0
#define MOST_GAP     1.5 /* of a gap's natural size */
#define LEAST_GAP    0.6
#define MAX_BLOCKS   12
#define MOST_ON_PAGE 1500 /* bytes of a rule: a longer one does not fit, and is not tried */
#define MAX_PAGES    20

struct block {
    const char *tag, *text;
    struct face face;
    double above; /* natural room over it */
    double width;
    bool rule; /* a short line over it */
};

struct page {
    struct sheet sheet;
    const struct print_text *text;
    const struct print_style *style;
    double width, height, column;
    struct block blocks[MAX_BLOCKS];
    int count;
};

static void block(struct page *p, const char *tag, const char *text, double above, struct face face)
{
    if (*text)
        p->blocks[p->count++] = (struct block){
            .tag = tag, .text = text, .face = face, .above = above, .width = p->column};
}

static void compose_claims(struct page *p, double k)
{
    const struct print_text *t = p->text;
    struct face holder = {.centred = true, .colour = PAPER_INK, .leading = 0.9};
    holder.size = sheet_fit(&p->sheet, holder, t->holder, p->column, 1, 42, 28);
    if (holder.size <= 28) {
        holder.leading = 1.05;
        holder.size = sheet_fit(&p->sheet, holder, t->holder, p->column, 2, 30, 20);
    }
    holder.size *= k;
    struct face title = {.centred = true, .colour = PAPER_INK};
    title.size = k * sheet_fit(&p->sheet, title, t->title, p->column, 2, 20, 13);
    block(p, "H2", t->holder, 30, holder);
    block(p, "P", t->title, 26, title);
    p->blocks[p->count - 1].rule = true;
    block(p, "P", t->course, 5,
          (struct face){.size = 11.5 * k, .centred = true, .colour = PAPER_SOFT});
    block(p, "P", t->completed, 17,
          (struct face){.size = 14 * k, .centred = true, .colour = PAPER_INK});
}

static void compose(struct page *p, const char *completed, double k, bool with_criteria)
{
    const struct print_text *t = p->text;
    p->count = 0;
    block(p, "P", t->issuer, 16,
          (struct face){.size = 13 * k,
                        .spacing = 0.045,
                        .small_caps = true,
                        .centred = true,
                        .colour = PAPER_SOFT});
    if (t->demonstration)
        block(
            p, "P", "A demonstration from a site on trial: it certifies nothing", 4,
            (struct face){.size = 10.5 * k, .italic = true, .centred = true, .colour = PAPER_INK});
    block(
        p, "H1", "Certificate of completion", 22,
        (struct face){.size = 21 * k, .italic = true, .centred = true, .colour = p->style->accent});
    compose_claims(p, k);
    p->blocks[p->count - 1].text = completed;
    struct face small = {.size = 9.5 * k, .centred = true, .colour = PAPER_SOFT, .leading = 1.25};
    struct face label = small;
    label.small_caps = true;
    label.spacing = 0.04;
    if (with_criteria) {
        block(p, "P", "What completing took", 26, label);
        block(p, "P", t->criteria, 2, small);
    } else {
        block(p, "P", "What completing took stands on the next page.", 26, small);
    }
    small.italic = true;
    block(p, "P", t->remarks, 9, small);
    for (int i = p->count - (with_criteria ? 3 : 2); i < p->count; i++)
        if (i >= 0 && p->blocks[i].face.size <= 9.5)
            p->blocks[i].width = p->column - 20;
}

static double set_block(const struct page *p, const struct block *b, double y)
{
    return sheet_text(&p->sheet, b->tag, &b->face, b->text, (p->width - b->width) / 2, y, b->width);
}

static double blocks_height(struct page *p, double *gaps)
{
    double height = *gaps = 0;
    p->sheet.draw = false;
    for (int i = 0; i < p->count; i++) {
        height += set_block(p, &p->blocks[i], 0);
        *gaps += p->blocks[i].above;
    }
    p->sheet.draw = true;
    return height;
}

static void draw_blocks(const struct page *p, double y, double gap)
{
    for (int i = 0; i < p->count; i++) {
        const struct block *b = &p->blocks[i];
        y += b->above * gap;
        if (b->rule)
            sheet_rule(&p->sheet, p->width / 2 - 28, y - b->above * gap * 0.42, 56,
                       p->style->accent);
        y += set_block(p, b, y);
    }
}

/* ---- the emblem ---- */

static double emblem_height(const struct page *p)
{
    return p->style->logo ? 58 : 64;
}

static void draw_emblem(const struct page *p, double y)
{
    double side = emblem_height(p);
    cairo_surface_t *logo = p->style->logo;
    if (!logo) {
        sheet_rosette(&p->sheet, p->width / 2, y + side / 2, side / 2, 0.35, p->style->accent);
        return;
    }
    double width = cairo_image_surface_get_width(logo);
    double height = cairo_image_surface_get_height(logo);
    double scale = fmin(side / height, 200 / width);
    cairo_t *cr = p->sheet.cr;
    sheet_tag(&p->sheet, "Figure", NULL);
    cairo_save(cr);
    cairo_translate(cr, (p->width - width * scale) / 2, y + (side - height * scale) / 2);
    cairo_scale(cr, scale, scale);
    cairo_set_source_surface(cr, logo, 0, 0);
    cairo_paint(cr);
    cairo_restore(cr);
    sheet_end(&p->sheet, "Figure");
}

/* ---- the foot ---- */

struct cursor {
    const struct page *page;
    double x, y, width;
};

static void line(struct cursor *c, const char *text, const struct face *face)
{
    c->y += sheet_text(&c->page->sheet, "P", face, text, c->x, c->y, c->width);
}

static void link_line(struct cursor *c, const char *address, const struct face *face)
{
    const struct sheet *s = &c->page->sheet;
    bool safe = !strpbrk(address, "'\\"); /* as cairo reads attributes */
    char *attributes = g_strdup_printf("uri='%s'", address);
    sheet_tag(s, "P", NULL);
    if (safe)
        sheet_tag(s, "Link", attributes);
    c->y += sheet_text(s, NULL, face, address, c->x, c->y, c->width);
    if (safe)
        sheet_end(s, "Link");
    sheet_end(s, "P");
    g_free(attributes);
}

/* Who signed; without a signatory, who issued it. */
static double draw_signatory(const struct page *p, double y, const char *issued)
{
    const struct print_style *s = p->style;
    struct face small = {.size = 9.5, .colour = PAPER_SOFT};
    struct face name = {.size = 12.5, .colour = PAPER_INK};
    struct cursor c = {p, p->width - MARGIN - SIGNATORY, y, SIGNATORY};
    if (*s->signatory) {
        c.y += 24; /* room for a hand */
        sheet_rule(&p->sheet, c.x, c.y, c.width, PAPER_SOFT);
        c.y += 4;
        line(&c, s->signatory, &name);
        if (*s->signatory_role)
            line(&c, s->signatory_role, &small);
        c.y += 4;
    } else {
        line(&c, p->text->issuer, &name);
        c.y += 1;
    }
    line(&c, issued, &small);
    return c.y - y;
}

static double draw_checking(const struct page *p, double y)
{
    const struct print_text *t = p->text;
    struct face small = {.size = 9.5, .colour = PAPER_SOFT};
    struct face ink = {.size = 9.5, .plain = true, .colour = PAPER_INK};
    struct face code = {.family = PRINT_TYPEWRITER, .size = 8.4, .colour = PAPER_INK};
    double left = MARGIN + QR_SIDE + 6;
    struct cursor c = {p, left, y, p->width - left - MARGIN - SIGNATORY - 18};
    line(&c, "Anyone can check it, without an account, at", &small);
    link_line(&c, t->url, &ink);
    c.y += 4;
    line(&c, "or with its code", &small);
    line(&c, t->code, &code);
    c.y += 4;
    line(&c, "at", &small);
    link_line(&c, t->verify_url, &ink);
    return c.y - y;
}

/* What only programs need, and people who compare: in the smallest type. */
static double draw_colophon(const struct page *p, double y, const char *words)
{
    struct face tiny = {
        .size = 7, .plain = true, .colour = PAPER_SOFT, .centred = true, .leading = 1.2};
    return sheet_text(&p->sheet, "P", &tiny, words, MARGIN, y, p->column);
}

/* Draws the foot with its bottom at the margin; only measures when `draw` is false. */
static double foot(struct page *p, const char *issued, const char *colophon, bool draw,
                   struct error *e)
{
    p->sheet.draw = false;
    double signatory = draw_signatory(p, 0, issued), checking = draw_checking(p, 0);
    double tall = fmax(fmax(signatory, checking), QR_SIDE);
    double small = draw_colophon(p, 0, colophon);
    double height = tall + 12 + small + 16;
    p->sheet.draw = true;
    if (!draw)
        return height;
    double y = p->height - MARGIN * 0.7 - height;
    sheet_rule(&p->sheet, MARGIN, y, p->column, PAPER_LINE);
    y += 16;
    sheet_tag(&p->sheet, "Figure", NULL);
    /* The code's own margin is white: it stands over ours. */
    int result = sheet_qr(&p->sheet, p->text->url, MARGIN - QR_SIDE / 11, y + (tall - QR_SIDE) / 2,
                          QR_SIDE, e);
    sheet_end(&p->sheet, "Figure");
    draw_checking(p, y + (tall - checking) / 2);
    draw_signatory(p, y + (tall - signatory) / 2, issued);
    draw_colophon(p, y + tall + 12, colophon);
    return result ? -1 : height;
}

/* ---- pages ---- */

/* A rule of completion too long for the first page, line by line over the next ones. */
static void draw_criteria(const struct page *p)
{
    struct face face = {.size = 11, .colour = PAPER_INK, .leading = 1.1};
    struct face heading = {.size = 17, .italic = true, .colour = p->style->accent};
    double bottom = p->height - MARGIN;
    const char *from = p->text->criteria;
    for (int page = 1; *from && page < MAX_PAGES; page++) {
        cairo_show_page(p->sheet.cr);
        double y = MARGIN;
        if (page == 1)
            y += 12 + sheet_text(&p->sheet, "H2", &heading, "What completing took", MARGIN, y,
                                 p->column);
        while (*from) {
            size_t n = strcspn(from, "\n");
            char *paragraph = g_strndup(from, n);
            struct sheet measure = p->sheet;
            measure.draw = false;
            double height = sheet_text(&measure, "P", &face, paragraph, MARGIN, y, p->column);
            bool fits = y + height <= bottom || y <= MARGIN;
            if (fits)
                y += 5 + sheet_text(&p->sheet, "P", &face, paragraph, MARGIN, y, p->column);
            g_free(paragraph);
            if (!fits)
                break;
            from += n + (from[n] == '\n');
        }
    }
}

/* The largest type in which everything stands on the page. True: with the rule of completion. */
static bool choose_size(struct page *p, const char *completed, double room, double *height,
                        double *gaps)
{
    static const struct {
        double k;
        bool with_criteria;
    } tries[] = {{1, true},    {0.94, true}, {0.88, true}, {0.82, true}, {1, false},
                 {0.9, false}, {0.8, false}, {0.7, false}, {0.6, false}};
    size_t i = strlen(p->text->criteria) > MOST_ON_PAGE ? 4 : 0;
    do {
        compose(p, completed, tries[i].k, tries[i].with_criteria);
        *height = blocks_height(p, gaps);
    } while (*height + *gaps * LEAST_GAP > room && ++i < sizeof tries / sizeof *tries);
    return i < sizeof tries / sizeof *tries && tries[i].with_criteria;
}

static int draw(struct page *p, struct error *e)
{
    const struct print_text *t = p->text;
    char *completed = g_strdup_printf("Completed on %s", t->completed);
    char *issued = t->until ? g_strdup_printf("Issued on %s, good until %s", t->issued, t->until)
                            : g_strdup_printf("Issued on %s", t->issued);
    char *colophon = g_strdup_printf(
        "The signed record is inside this file as credential.json; only what is signed counts.\n"
        "Key %s, fingerprint %s\nCourse as completed: %s",
        t->key, t->fingerprint, t->publication);
    double top = MARGIN * 0.8, height, gaps;
    double end = p->height - MARGIN * 0.7 - foot(p, issued, colophon, false, e) - 14;
    double room = end - top - emblem_height(p);
    bool whole = choose_size(p, completed, room, &height, &gaps);
    double gap = fmin(MOST_GAP, (room - height) / gaps);
    double spare = fmax(0, room - height - gap * gaps);
    sheet_tag(&p->sheet, "Document", NULL);
    sheet_rosette(&p->sheet, p->width / 2, p->height * 0.41, p->width * 0.43, 0.4,
                  colour_tint(p->style->accent, 0.09));
    draw_emblem(p, top + spare * 0.4);
    draw_blocks(p, top + spare * 0.4 + emblem_height(p), gap);
    int result = foot(p, issued, colophon, true, e) < 0 ? -1 : 0;
    if (!whole)
        draw_criteria(p);
    sheet_end(&p->sheet, "Document");
    g_free(colophon);
    g_free(issued);
    g_free(completed);
    return result;
}

static void describe(cairo_surface_t *surface, const struct print_text *t)
{
    char when[21];
    instant_rfc3339(t->issued_at, when);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, t->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, t->issuer);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, when);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, when);
}

int pdf_make(PangoFontMap *map, const struct print_style *style, const struct print_text *text,
             enum paper paper, struct buf *out, struct error *e)
{
    struct buf drawn;
    buf_init(&drawn, PDF_MAX_BYTES);
    struct page p = {.text = text, .style = style};
    p.width = paper == PAPER_A4 ? 595.276 : 612;
    p.height = paper == PAPER_A4 ? 841.89 : 792;
    p.column = p.width - 2 * MARGIN;
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(sheet_keep, &drawn, p.width, p.height);
    describe(surface, text);
    p.sheet = (struct sheet){.cr = cairo_create(surface), .tagged = true, .draw = true};
    p.sheet.pango = sheet_context(map, p.sheet.cr, text->language);
    int result = draw(&p, e);
    result = sheet_close(&p.sheet, result ? NULL : e) || result ? -1 : 0;
    cairo_surface_finish(surface);
    result = sheet_check(cairo_surface_status(surface), result ? NULL : e) || result ? -1 : 0;
    cairo_surface_destroy(surface);
    if (result == 0) {
        char *logo = g_strdup_printf("Logo of %s", text->issuer);
        char *code = g_strdup_printf("QR code of %s", text->url);
        const struct pdf_words all[] = {{"/Figure", "/Alt", logo},
                                        {"/H2", "/ActualText", text->holder},
                                        {"/Figure", "/Alt", code},
                                        {0}};
        result = pdf_finish(&drawn, text, style->logo ? all : all + 1, out, e);
        g_free(code);
        g_free(logo);
    }
    buf_free(&drawn);
    return result;
}
