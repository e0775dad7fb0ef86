/*
 * The certificate as a picture: a card of 800 × 800 pixels with the credential baked in, as Open
 * Badges 3.0 §5.3.2.1 says: exactly one uncompressed iTXt chunk with the keyword
 * openbadgecredential whose text is the credential, byte for byte.
 */
#ifndef CREDENTIAL_PNG_H
#define CREDENTIAL_PNG_H
#include "base/buf.h"
#include "base/error.h"
#include "credential/print_style.h"
#include "credential/print_text.h"
#include <pango/pangocairo.h>

#define PNG_KEYWORD   "openbadgecredential"
#define PNG_MAX_BYTES ((size_t)1 << 20)

int png_make(PangoFontMap *map, const struct print_style *style, const struct print_text *text,
             struct buf *out, struct error *e);

#endif
