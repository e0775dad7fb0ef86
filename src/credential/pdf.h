/*
 * The certificate on paper: a tagged PDF on A4 or Letter, with the credential inside. The same text
 * and style give the same bytes; times in it are those of issuing.
 */
#ifndef CREDENTIAL_PDF_H
#define CREDENTIAL_PDF_H
#include "base/buf.h"
#include "base/error.h"
#include "credential/print_style.h"
#include "credential/print_text.h"
#include <pango/pangocairo.h>

enum paper { PAPER_LETTER, PAPER_A4 };

#define PDF_MAX_BYTES ((size_t)1 << 20)

/* -1 with e when a character has no letter in the fonts of `map`, or memory ran out. */
int pdf_make(PangoFontMap *map, const struct print_style *style, const struct print_text *text,
             enum paper paper, struct buf *out, struct error *e);

/* ---- between pdf.c and pdf_finish.c ---- */

/* Words for an element of the structure tree: "/Figure" its "/Alt", or what stands there as a
 * person reads it ("/ActualText"), where the file has the order of the eye. */
struct pdf_words {
    const char *element, *key, *text;
};

/*
 * What cairo 1.16 cannot write: MarkInfo, Lang, words for elements (a list in the order of the
 * tree, ended by a zeroed row), XMP, and the credential as an attachment of the whole document
 * (AFRelationship Data, ISO 32000-2 §7.11.3, §14.13).
 */
int pdf_finish(const struct buf *drawn, const struct print_text *text,
               const struct pdf_words *words, struct buf *out, struct error *e);

#endif
