/*
 * How large a picture shows itself, so that a page can keep its place before it has come. Of a PNG
 * from IHDR (PNG 3rd edition, 11.2.1); of an SVG from width and height, plain numbers or "px", of
 * its root, else from its viewBox (SVG 2, 8.2 and 8.6).
 */
#ifndef COURSE_PICTURE_H
#define COURSE_PICTURE_H
#include <stdbool.h>
#include <stddef.h>

#define PICTURE_SIDE_MAX 20000 /* CSS pixels; what claims more is left alone */

/* False, and nothing written, for other types and what cannot be read in its first 8 KB. The bytes
 * may be anything. */
bool picture_size(const void *bytes, size_t n, const char *type, int *width, int *height);

#endif
