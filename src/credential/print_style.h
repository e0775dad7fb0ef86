/* How a site's certificates look: its accent, its logo, who signs. From the settings. */
#ifndef CREDENTIAL_PRINT_STYLE_H
#define CREDENTIAL_PRINT_STYLE_H
#include "base/error.h"
#include "base/settings.h"
#include <cairo.h>

struct colour {
    double red, green, blue;
};

struct print_style {
    struct colour accent;
    const char *signatory, *signatory_role; /* "" for none */
    cairo_surface_t *logo;                  /* at most 480 × 240, or NULL */
};

/* Reads the logo. -1 with e when it is not a picture. The strings stay the settings'. */
int print_style_open(struct print_style *style, const struct settings *s, struct error *e);
void print_style_close(struct print_style *style);

/* Colours on paper: the light page's. */
#define PAPER_INK  ((struct colour){0x1b / 255.0, 0x27 / 255.0, 0x33 / 255.0})
#define PAPER_SOFT ((struct colour){0x4a / 255.0, 0x5a / 255.0, 0x69 / 255.0})
#define PAPER_LINE ((struct colour){0xd5 / 255.0, 0xde / 255.0, 0xe6 / 255.0})

/* `part` of a colour on white: 0 is white, 1 the colour itself. */
struct colour colour_tint(struct colour c, double part);

#endif
