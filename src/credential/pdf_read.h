/*
 * A small reader of PDF (ISO 32000-2 §7) for the bytes of strangers: the classic cross-reference
 * table with its updates, dictionaries, and streams that are plain or packed with Flate. It looks
 * nothing up that it is not asked for, unpacks nothing it is not asked for, never recurses, and
 * never repairs: a file that breaks a rule is refused.
 *
 * libqpdf, which makes our PDFs, is not used to read them: to open a file it unpacks object and
 * cross-reference streams whole and without a limit (a file of a megabyte can ask for gigabytes),
 * and nothing in its interface bounds that; it also resolves objects by recursion, deeper than a
 * worker's stack.
 */
#ifndef CREDENTIAL_PDF_READ_H
#define CREDENTIAL_PDF_READ_H
#include "base/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PDF_MOST_SECTIONS 1024 /* of the cross-reference table, with all updates */
#define PDF_MOST_UPDATES  64

/* A value as it stands in the file: from its first byte to behind its last. */
struct pdf_value {
    size_t from, to;
};

struct pdf_section { /* `count` entries of 20 bytes from `at`, for objects from `first` on */
    uint32_t first, count;
    size_t at;
};

struct pdf {
    const char *bytes;
    size_t n;
    struct pdf_section *sections; /* the newest first: it counts */
    size_t section_count;
    struct pdf_value trailer; /* the newest */
};

enum pdf_answer {
    PDF_FOUND,
    PDF_ABSENT,
    PDF_DAMAGED,   /* cut, or not by the rules */
    PDF_REWRITTEN, /* object or cross-reference streams: by the rules, but not read here */
    PDF_PROTECTED, /* encrypted */
    PDF_TOO_LARGE
};

/* Reads the table. PDF_FOUND when it is whole. */
enum pdf_answer pdf_open(const char *bytes, size_t n, struct arena *a, struct pdf *out);

/* The value of a dictionary's key, followed when it is a reference. A key that stands twice is
 * damage. */
enum pdf_answer pdf_get(const struct pdf *p, struct pdf_value dictionary, const char *key,
                        struct pdf_value *out);
/* The next item of an array, beginning with *at = 0; not followed. PDF_ABSENT behind the last. */
enum pdf_answer pdf_next(const struct pdf *p, struct pdf_value array, size_t *at,
                         struct pdf_value *out);
/* Follows a reference; any other value is itself. */
enum pdf_answer pdf_follow(const struct pdf *p, struct pdf_value value, struct pdf_value *out);

bool pdf_is_name(const struct pdf *p, struct pdf_value value, const char *name);
bool pdf_is_dictionary(const struct pdf *p, struct pdf_value value);
bool pdf_is_array(const struct pdf *p, struct pdf_value value);

/* The bytes of the stream whose dictionary this is, unpacked, at most `max`; a NUL behind them. */
enum pdf_answer pdf_stream(const struct pdf *p, struct pdf_value dictionary, size_t max,
                           struct arena *a, const char **bytes, size_t *length);

#endif
