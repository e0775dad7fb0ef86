#include "course/list.h"
#include <string.h>

void *list_add(struct arena *a, struct list *l, size_t size)
{
    if (l->count == l->room) {
        int room = l->room ? l->room * 2 : 8;
        void *grown = arena_array(a, (size_t)room, size);
        if (l->count > 0)
            memcpy(grown, l->data, (size_t)l->count * size);
        l->data = grown;
        l->room = room;
    }
    return (char *)l->data + (size_t)l->count++ * size;
}
