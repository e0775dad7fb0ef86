/*
 * The fonts that certificates are set in: a fixed list of files from Debian's packages and nothing
 * else that the machine has, so that the same certificate comes out alike everywhere, and so that
 * it is known which characters can be printed before a name is taken.
 */
#ifndef CREDENTIAL_PRINT_FONTS_H
#define CREDENTIAL_PRINT_FONTS_H
#include "base/error.h"
#include <pango/pangocairo.h>
#include <stdbool.h>

struct print_fonts; /* read-only after opening; any thread may ask what they cover */

/* NULL with e naming the package to install when a font is missing. Takes about 10 ms. It becomes
 * fontconfig's configuration of the process, so there is one at a time. */
struct print_fonts *print_fonts_open(struct error *e);
/* After the last map has gone; waits for what Pango began in the background. NULL is fine. */
void print_fonts_free(struct print_fonts *f);

/* A font map over these fonts, for the calling thread alone; g_object_unref it. */
PangoFontMap *print_fonts_map(const struct print_fonts *f);

/* Can every character of this line of UTF-8 be printed? ERROR_INVALID on `field`, naming the first
 * that cannot and what to do. Characters without a shape of their own (joiners, selectors) pass. */
int print_fonts_check(const struct print_fonts *f, const char *text, const char *field,
                      struct error *e);

/* The families in their order, for a font description: the roman, the typewriter for codes.
 * `text` decides which of the Chinese, Japanese and Korean shapes its ideographs get. */
const char *print_fonts_roman(const char *text);
#define PRINT_TYPEWRITER "Noto Sans Mono"

#endif
