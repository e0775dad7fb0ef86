/*
 * malloc that does not return NULL. What comes from outside is bounded by hard caps before memory
 * is asked for, so running out means the machine is out: the process ends with a message rather
 * than going on half-built. The caller frees with free().
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H
#include <stddef.h>

_Noreturn void memory_exhausted(void);
void *memory_alloc(size_t size);               /* not zeroed */
void *memory_array(size_t count, size_t size); /* zeroed; checks the product */
void *memory_grow(void *p, size_t size);       /* realloc: p is gone, the new bytes not zeroed */
char *memory_strdup(const char *s);
/* For a secret: guarded, kept out of swap, and wiped by the sodium_free that ends it. */
void *memory_locked(size_t size);
/* After something large was made and freed: what the allocator keeps of it goes back to the
 * system. It walks the whole heap, so not for every request. */
void memory_give_back(void);

#endif
