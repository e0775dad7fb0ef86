/*
 * An arena holds what lives as long as one request or one command: handlers free nothing. Memory
 * is zeroed and aligned for any type. Not for use by two threads at once. Running out of memory
 * ends the process with a message (malloc does not fail on the systems we run on).
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena *arena_create(void); /* the caller owns it */
void arena_free(struct arena *a); /* and all that came from it; NULL is fine */
/* Everything allocated from it is gone. It keeps its first block and one more. */
void arena_reset(struct arena *a);

void *arena_alloc(struct arena *a, size_t size);
void *arena_take(struct arena *a, size_t size);                /* not zeroed */
void *arena_array(struct arena *a, size_t count, size_t size); /* checks the product */
char *arena_strdup(struct arena *a, const char *s);            /* NULL gives NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n); /* at most n bytes of s, and a NUL */
void *arena_memdup(struct arena *a, const void *p, size_t n);  /* with a NUL behind it */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list ap)
    __attribute__((format(printf, 2, 0)));

#endif
