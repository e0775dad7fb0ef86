/*
 * A chain of blocks; the newest serves small requests by moving a mark. A request too large for
 * half a block gets a block of its own behind the newest, so that the newest keeps its free space.
 */
#include "base/arena.h"
#include "base/memory.h"
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK ((size_t)16 * 1024)
#define LATER_BLOCK ((size_t)64 * 1024)

struct block {
    struct block *older;
    size_t used, size;
    alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *newest;
    struct block *first;
    struct block *spare; /* of LATER_BLOCK, or NULL: one that arena_reset kept */
};

static struct block *block_create(size_t size)
{
    if (size > PTRDIFF_MAX - sizeof(struct block))
        memory_exhausted();
    struct block *b = memory_alloc(sizeof *b + size);
    b->older = NULL;
    b->used = 0;
    b->size = size;
    return b;
}

struct arena *arena_create(void)
{
    struct arena *a = memory_alloc(sizeof *a);
    a->first = a->newest = block_create(FIRST_BLOCK);
    a->spare = NULL;
    return a;
}

void arena_reset(struct arena *a)
{
    struct block *b = a->newest;
    while (b) {
        struct block *older = b->older;
        if (b != a->first && b->size == LATER_BLOCK && !a->spare)
            a->spare = b;
        else if (b != a->first)
            free(b);
        b = older;
    }
    a->first->older = NULL;
    a->first->used = 0;
    a->newest = a->first;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    free(a->spare);
    free(a->first);
    free(a);
}

static struct block *later_block(struct arena *a)
{
    struct block *b = a->spare;
    a->spare = NULL;
    if (!b)
        return block_create(LATER_BLOCK);
    b->used = 0;
    return b;
}

void *arena_take(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    if (size > PTRDIFF_MAX - align)
        memory_exhausted();
    size = (size ? size + align - 1 : align) & ~(align - 1);
    struct block *b = a->newest;
    if (size > b->size - b->used) {
        if (size > LATER_BLOCK / 2) {
            struct block *own = block_create(size);
            own->used = size;
            own->older = b->older;
            b->older = own;
            return own->bytes;
        }
        b = later_block(a);
        b->older = a->newest;
        a->newest = b;
    }
    void *p = b->bytes + b->used;
    b->used += size;
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    return memset(arena_take(a, size), 0, size ? size : 1);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(count, size, &total))
        memory_exhausted();
    return arena_alloc(a, total);
}

void *arena_memdup(struct arena *a, const void *p, size_t n)
{
    if (n == SIZE_MAX)
        memory_exhausted();
    unsigned char *copy = arena_take(a, n + 1);
    if (n)
        memcpy(copy, p, n);
    copy[n] = 0;
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_memdup(a, s, strlen(s)) : NULL;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    return s ? arena_memdup(a, s, strnlen(s, n)) : NULL;
}

/* A number's digits end at `end`; gives where they begin. */
static char *put_digits(char *end, int value)
{
    unsigned rest = value < 0 ? 0 - (unsigned)value : (unsigned)value;
    do
        *--end = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        *--end = '-';
    return end;
}

#define SMALL 256

/* Most formats hold nothing but %s and %d and give a short text, hundreds of them for a page:
 * those go without the machinery of printf. -1: something else; then `out` says nothing. */
static int print_small(char out[SMALL], const char *format, va_list ap)
{
    size_t n = 0;
    for (const char *f = format; *f; f++) {
        char number[12];
        const char *piece = f;
        size_t length = 1;
        if (*f != '%') {
            length = strcspn(f, "%");
            f += length - 1;
        } else if (*++f == 's') {
            piece = va_arg(ap, const char *);
            if (!piece)
                return -1;
            length = strlen(piece);
        } else if (*f == 'd') {
            char *end = number + sizeof number;
            piece = put_digits(end, va_arg(ap, int));
            length = (size_t)(end - piece);
        } else {
            return -1;
        }
        if (length > SMALL - n)
            return -1;
        memcpy(out + n, piece, length);
        n += length;
    }
    return (int)n;
}

char *arena_vprintf(struct arena *a, const char *format, va_list ap)
{
    char small[SMALL];
    va_list again;
    va_copy(again, ap);
    int n = print_small(small, format, again);
    va_end(again);
    if (n >= 0)
        return arena_memdup(a, small, (size_t)n);
    va_copy(again, ap);
    n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n < 0)
        return arena_strdup(a, "");
    char *out = arena_take(a, (size_t)n + 1);
    vsnprintf(out, (size_t)n + 1, format, ap);
    return out;
}

char *arena_printf(struct arena *a, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    char *out = arena_vprintf(a, format, ap);
    va_end(ap);
    return out;
}
