/*
 * A growing byte buffer with a hard cap. `data` always has a NUL behind `length` bytes once
 * anything was appended. Going over the cap sets `overflow`, drops that and every later append,
 * and is checked once at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
    char *data;
    size_t length, capacity, max;
    bool overflow;
};

void buf_init(struct buf *b, size_t max); /* max in bytes */
void buf_free(struct buf *b);             /* what it holds; safe after buf_detach */
void buf_clear(struct buf *b);            /* empty again; keeps the memory */
void buf_append(struct buf *b, const void *p, size_t n);
/* n more bytes for the caller to fill; NULL when they do not fit. Good until the next append. */
char *buf_extend(struct buf *b, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_int(struct buf *b, int64_t value); /* in decimal digits */
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_reserve(struct buf *b, size_t extra); /* room for `extra` bytes more, within the cap */
char *buf_detach(struct buf *b); /* the caller owns (free) the NUL-terminated bytes; b is empty */

#endif
