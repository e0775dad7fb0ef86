/*
 * The memory that requests are answered in: an arena and the buffers of the answer. Workers take it
 * for each request from a pile and not each its own: as many are in use as requests are answered
 * at once, and what was used last is still in the processor's caches.
 */
#include "base/memory.h"
#include "http/internal.h"
#include <stdlib.h>

#define KEPT ((size_t)1024 * 1024) /* a buffer that grew beyond it for one large answer goes */

struct workspace *workspace_create(void)
{
    struct workspace *w = memory_array(1, sizeof *w);
    w->arena = arena_create();
    buf_init(&w->out, ANSWER_MAX);
    buf_init(&w->head, HEAD_ROOM);
    return w;
}

void workspace_free(struct workspace *w)
{
    if (!w)
        return;
    buf_free(&w->out);
    buf_free(&w->head);
    arena_free(w->arena);
    free(w);
}

struct workspace *workspace_take(struct server *s)
{
    pthread_mutex_lock(&s->pile_lock);
    struct workspace *w = s->pile;
    if (w)
        s->pile = w->next;
    pthread_mutex_unlock(&s->pile_lock);
    return w ? w : workspace_create();
}

void workspace_give_back(struct server *s, struct workspace *w)
{
    arena_reset(w->arena);
    if (w->out.capacity > KEPT) {
        buf_free(&w->out);
        buf_init(&w->out, ANSWER_MAX);
    }
    pthread_mutex_lock(&s->pile_lock);
    w->next = s->pile;
    s->pile = w;
    pthread_mutex_unlock(&s->pile_lock);
}
