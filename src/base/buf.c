#include "base/buf.h"
#include "base/memory.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST                                                                                    \
    ((size_t)PTRDIFF_MAX / 4) /* keeps length + extra + 1 and doubling from wrapping               \
                               */

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max < LARGEST ? max : LARGEST};
}

void buf_free(struct buf *b)
{
    free(b->data);
    *b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
    b->length = 0;
    b->overflow = false;
    if (b->data)
        b->data[0] = '\0';
}

/* Room for `extra` more bytes and the NUL; the caller has checked them against the cap. */
static void grow(struct buf *b, size_t extra)
{
    size_t need = b->length + extra + 1;
    if (need <= b->capacity)
        return;
    size_t capacity = b->capacity ? b->capacity * 2 : 64;
    if (capacity > b->max + 1)
        capacity = b->max + 1;
    if (capacity < need)
        capacity = need;
    b->data = memory_grow(b->data, capacity);
    b->capacity = capacity;
    b->data[b->length] = '\0';
}

void buf_reserve(struct buf *b, size_t extra)
{
    size_t left = b->max - b->length;
    grow(b, extra < left ? extra : left);
}

/* Fits under the cap? Marks the overflow when not. */
static bool fits(struct buf *b, size_t n)
{
    if (b->overflow || n > b->max - b->length) {
        b->overflow = true;
        return false;
    }
    return true;
}

/* Is there room already? (Then it is under the cap, too: the capacity is at most max + 1.) */
static bool has_room(const struct buf *b, size_t n)
{
    return n < b->capacity - b->length && !b->overflow;
}

char *buf_extend(struct buf *b, size_t n)
{
    if (!has_room(b, n)) {
        if (!fits(b, n))
            return NULL;
        grow(b, n);
    }
    char *p = b->data + b->length;
    b->length += n;
    b->data[b->length] = '\0';
    return p;
}

void buf_append(struct buf *b, const void *p, size_t n)
{
    char *to = buf_extend(b, n);
    if (to && n)
        memcpy(to, p, n);
}

void buf_puts(struct buf *b, const char *s)
{
    buf_append(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
    if (!has_room(b, 1)) {
        if (!fits(b, 1))
            return;
        grow(b, 1);
    }
    b->data[b->length++] = c;
    b->data[b->length] = '\0';
}

void buf_int(struct buf *b, int64_t value)
{
    char digits[20]; /* -9223372036854775808 */
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        digits[--at] = '-';
    buf_append(b, digits + at, sizeof digits - at);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    if (b->overflow)
        return;
    va_list ap;
    grow(b, 0);
    va_start(ap, format);
    int n = vsnprintf(b->data + b->length, b->capacity - b->length, format, ap);
    va_end(ap);
    if (n < 0 || !fits(b, (size_t)n)) {
        b->data[b->length] = '\0';
        b->overflow = true;
        return;
    }
    if ((size_t)n >= b->capacity - b->length) {
        grow(b, (size_t)n);
        va_start(ap, format);
        vsnprintf(b->data + b->length, b->capacity - b->length, format, ap);
        va_end(ap);
    }
    b->length += (size_t)n;
}

char *buf_detach(struct buf *b)
{
    grow(b, 0);
    char *data = b->data;
    *b = (struct buf){.max = b->max};
    return data;
}
