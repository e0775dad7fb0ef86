/* Text at the edge: UTF-8, lines, percent-encoding, comparison. All strings are UTF-8. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H
#include "base/arena.h"
#include "base/buf.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF)? */
bool text_is_utf8(const char *s, size_t n);
/* How many bytes of s are well-formed: n, or the offset of the first bad sequence. */
size_t text_utf8_prefix(const char *s, size_t n);

/* Well-formed UTF-8 without C0 controls, DEL or C1 controls (so also without newlines)? */
bool text_is_line(const char *s, size_t n);

/* As text_is_line, but TAB, LF and CR LF are allowed. */
bool text_is_block(const char *s, size_t n);

/* The next code point of well-formed UTF-8; advances *s. 0 at the end. */
uint32_t text_next(const char **s);
void text_put_utf8(struct buf *out, uint32_t code_point); /* U+FFFD for what is no character */
size_t text_code_points(const char *s);                   /* of well-formed UTF-8 */

bool text_equal(const char *a, const char *b); /* NULL equals NULL only */
bool text_starts(const char *s, const char *prefix);
bool text_ends(const char *s, const char *suffix);
bool text_equal_ascii_case(const char *a, const char *b); /* A to Z as a to z */
char *text_trim(struct arena *a, const char *s); /* without ASCII white space at either end */
char *text_lower_ascii(struct arena *a, const char *s);

/* Decimal integer, the whole string, no sign but '-', no leading zeros; false when not or out of
 * range. */
bool text_to_int64(const char *s, int64_t min, int64_t max, int64_t *out);

/* Percent-decoding (RFC 3986). `plus` turns '+' into a space (form bodies). Returns the decoded
 * length in *out_n, or NULL for a bad escape; bytes may contain NUL, which the caller must refuse.
 */
char *text_percent_decode(struct arena *a, const char *s, size_t n, bool plus, size_t *out_n);

/* Percent-encodes all but RFC 3986 unreserved characters (and '/' when keep_slash). */
char *text_percent_encode(struct arena *a, const char *s, bool keep_slash);

/* Escapes & < > " ' for HTML text and attribute values, as Mustache requires. */
void text_escape_html(struct buf *out, const char *s, size_t n);

/* Levenshtein distance over bytes, for "did you mean"; at most 64 bytes of each are looked at. */
unsigned text_distance(const char *a, const char *b);

/* RFC 4180 field: quoted when it holds a comma, quote, CR or LF. */
void text_put_csv(struct buf *out, const char *s);

#endif
