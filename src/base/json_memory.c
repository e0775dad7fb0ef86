/*
 * cJSON asks for each member's memory by itself, and a page's view has hundreds. A request's arena
 * has them one behind the other and gives them back all at once. cJSON knows one pair of functions
 * for the whole process, so each piece is preceded by a word that says where it lies.
 */
#include "base/json.h"
#include <stdalign.h>
#include <stdlib.h>

struct piece {
    alignas(max_align_t) bool in_arena;
};

static _Thread_local struct arena *trees; /* of this thread's request; NULL: malloc */

static void *piece_alloc(size_t size)
{
    if (size > SIZE_MAX - sizeof(struct piece))
        return NULL;
    size += sizeof(struct piece);
    struct piece *p = trees ? arena_take(trees, size) : malloc(size);
    if (!p)
        return NULL;
    p->in_arena = trees != NULL;
    return p + 1;
}

static void piece_free(void *memory)
{
    struct piece *p = memory;
    if (p && !p[-1].in_arena)
        free(p - 1);
}

void json_start(void)
{
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = piece_alloc, .free_fn = piece_free});
}

void json_trees_in(struct arena *a)
{
    trees = a;
}

void json_done(cJSON *tree)
{
    if (!trees)
        cJSON_Delete(tree);
}
