#include "base/memory.h"
#include <malloc.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void memory_exhausted(void)
{
    static const char message[] =
        "error: out of memory; give the service more and start it again\n";
    ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
    (void)written;
    abort();
}

void *memory_alloc(size_t size)
{
    void *p = malloc(size ? size : 1);
    if (!p)
        memory_exhausted();
    return p;
}

void *memory_array(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1); /* calloc checks the product */
    if (!p)
        memory_exhausted();
    return p;
}

void *memory_grow(void *p, size_t size)
{
    void *q = realloc(p, size ? size : 1);
    if (!q)
        memory_exhausted();
    return q;
}

char *memory_strdup(const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(memory_alloc(n), s, n);
}

void *memory_locked(size_t size)
{
    void *p = sodium_malloc(size);
    if (!p)
        memory_exhausted();
    return p;
}

void memory_give_back(void)
{
    malloc_trim(0);
}
