#include "credential/print_style.h"
#include "base/encode.h"
#include <math.h>

#define LOGO_WIDTH  480
#define LOGO_HEIGHT 240

struct colour colour_tint(struct colour c, double part)
{
    return (struct colour){1 - part * (1 - c.red), 1 - part * (1 - c.green),
                           1 - part * (1 - c.blue)};
}

/* No larger than needed on paper, so that files stay small. */
static cairo_surface_t *reduced(cairo_surface_t *from)
{
    int width = cairo_image_surface_get_width(from), height = cairo_image_surface_get_height(from);
    double scale = fmin(1, fmin((double)LOGO_WIDTH / width, (double)LOGO_HEIGHT / height));
    if (scale >= 1)
        return cairo_surface_reference(from);
    cairo_surface_t *to = cairo_image_surface_create(
        CAIRO_FORMAT_ARGB32, (int)fmax(1, width * scale), (int)fmax(1, height * scale));
    cairo_t *cr = cairo_create(to);
    cairo_scale(cr, scale, scale);
    cairo_set_source_surface(cr, from, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_BEST);
    cairo_paint(cr);
    cairo_destroy(cr);
    return to;
}

int print_style_open(struct print_style *style, const struct settings *s, struct error *e)
{
    uint8_t rgb[3] = {0};
    hex_decode(s->accent_light + 1, rgb, sizeof rgb);
    *style = (struct print_style){
        .accent = {rgb[0] / 255.0, rgb[1] / 255.0, rgb[2] / 255.0},
        .signatory = s->signatory,
        .signatory_role = s->signatory_role,
    };
    if (!*s->logo)
        return 0;
    cairo_surface_t *logo = cairo_image_surface_create_from_png(s->logo);
    cairo_status_t status = cairo_surface_status(logo);
    if (status == CAIRO_STATUS_SUCCESS)
        style->logo = reduced(logo);
    cairo_surface_destroy(logo);
    if (status != CAIRO_STATUS_SUCCESS)
        return error_field(e, "logo", "logo: %.200s cannot be read (%s): save it as PNG once more",
                           s->logo, cairo_status_to_string(status));
    return 0;
}

void print_style_close(struct print_style *style)
{
    if (style->logo)
        cairo_surface_destroy(style->logo);
    style->logo = NULL;
}
