/*
 * Setting type: blocks of text one under another, the ornament, the square code. A block is set
 * twice, once to be measured and once to be drawn, so that a page knows how much room is left.
 */
#ifndef CREDENTIAL_PRINT_SET_H
#define CREDENTIAL_PRINT_SET_H
#include "base/buf.h"
#include "base/error.h"
#include "credential/print_style.h"
#include <pango/pangocairo.h>
#include <stdbool.h>

struct face {
    const char *family; /* NULL: the roman of print_fonts.h */
    double size;        /* points */
    double spacing;     /* between letters, in parts of the size */
    bool italic;
    bool small_caps; /* both cases become small capitals; the text stays as it is */
    bool plain;      /* no letter changes beside another: addresses, to be copied by hand */
    bool centred;
    double leading; /* line height in parts of the font's own; 0: 1 */
    struct colour colour;
};

/* What is set where. Lengths are points from the top left of the page. */
struct sheet {
    cairo_t *cr;
    PangoContext *pango;
    bool tagged; /* the surface takes structure tags */
    bool draw;   /* false: only measured */
};

/* A context that measures as `cr` draws; g_object_unref it. */
PangoContext *sheet_context(PangoFontMap *map, cairo_t *cr, const char *language);

/* cairo's writer into the struct buf `to`; one that is full is an error of the surface's. */
cairo_status_t sheet_keep(void *to, const unsigned char *bytes, unsigned n);

/* 0, or -1 with what cairo met. After an error it draws nothing more and goes on as if it did, so
 * each of its parts is asked before a file counts as finished: the context here, the surface by the
 * caller. */
int sheet_check(cairo_status_t status, struct error *e);
/* Lets both contexts go; -1 with e when not everything was drawn. */
int sheet_close(struct sheet *s, struct error *e);

/* Sets `text` in a block `width` wide with its top left at x, y, as the element `tag` ("P", or
 * NULL inside another); its height is returned. Each line
 * of the text is a paragraph and an element of its own; where one is broken, the parts are about
 * equally long. */
double sheet_text(const struct sheet *s, const char *tag, const struct face *face, const char *text,
                  double x, double y, double width);

/* The largest size between `most` and `least` at which the text fits into `lines` lines; `least`
 * when it never does. */
double sheet_fit(const struct sheet *s, struct face face, const char *text, double width, int lines,
                 double most, double least);

void sheet_tag(const struct sheet *s, const char *tag, const char *attributes);
void sheet_end(const struct sheet *s, const char *tag);
void sheet_rule(const struct sheet *s, double x, double y, double width, struct colour c);

/* The rosette of the site's certificates, around x, y. */
void sheet_rosette(const struct sheet *s, double x, double y, double radius, double line,
                   struct colour c);

/* The text as a QR code (ISO/IEC 18004, error correction M) with its quiet zone of four modules,
 * `side` wide in all. -1 with e. */
int sheet_qr(const struct sheet *s, const char *text, double x, double y, double side,
             struct error *e);

#endif
