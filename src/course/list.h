/*
 * A growing array in an arena. Adding may move the elements, so keep indexes while a list grows
 * and pointers only once it is complete.
 */
#ifndef COURSE_LIST_H
#define COURSE_LIST_H
#include "base/arena.h"

struct list {
    void *data;
    int count, room;
};

/* A new zeroed element at the end; `size` is the same at every call for one list. */
void *list_add(struct arena *a, struct list *l, size_t size);

#define LIST_AT(list, type, i) (&((type *)(list)->data)[i])

#endif
