#include "course/publication.h"
#include "base/buf.h"
#include <string.h>

const struct lesson *publication_lesson(const struct publication *p, const char *id, int *index)
{
    for (int i = 0; i < p->lesson_count; i++)
        if (strcmp(p->lessons[i].id, id) == 0) {
            if (index)
                *index = i;
            return &p->lessons[i];
        }
    return NULL;
}

const struct item *publication_item(const struct publication *p, const char *id, int *index)
{
    int low = 0, high = p->item_count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = strcmp(p->items_by_id[middle]->id, id);
        if (order == 0) {
            if (index)
                *index = (int)(p->items_by_id[middle] - p->items);
            return p->items_by_id[middle];
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct branching_case *publication_case(const struct publication *p, const char *id)
{
    for (int i = 0; i < p->case_count; i++)
        if (strcmp(p->cases[i].id, id) == 0)
            return &p->cases[i];
    return NULL;
}

const struct piece *publication_tool(const struct publication *p, const char *name,
                                     const struct lesson **where)
{
    for (int i = 0; i < p->lesson_count; i++)
        for (int k = 0; k < p->lessons[i].piece_count; k++) {
            const struct piece *piece = &p->lessons[i].pieces[k];
            if (piece->kind == PIECE_TOOL && strcmp(piece->ref, name) == 0) {
                *where = &p->lessons[i];
                return piece;
            }
        }
    return NULL;
}

const struct media *publication_media(const struct publication *p, const char *name)
{
    for (int i = 0; i < p->media_count; i++)
        if (strcmp(p->media[i].name, name) == 0)
            return &p->media[i];
    return NULL;
}

const char *publication_review_by(const struct publication *p, const struct lesson **where)
{
    const char *first = NULL;
    for (int i = 0; i < p->lesson_count; i++)
        for (int k = 0; k < p->lessons[i].piece_count; k++) {
            const struct piece *piece = &p->lessons[i].pieces[k];
            if (piece->kind != PIECE_VOLATILE || !*piece->review_by ||
                (first && strcmp(piece->review_by, first) >= 0))
                continue;
            first = piece->review_by;
            *where = &p->lessons[i];
        }
    return first;
}

int case_scene(const struct branching_case *c, const char *id)
{
    for (int i = 0; i < c->scene_count; i++)
        if (strcmp(c->scenes[i].id, id) == 0)
            return i;
    return -1;
}

void publication_criteria(const struct publication *p, struct buf *out)
{
    if (p->needs_lessons && p->lesson_count == 1)
        buf_puts(out, "Complete the lesson and answer its question.\n");
    else if (p->needs_lessons)
        buf_printf(out, "Complete all %d lessons and answer the question in each.\n",
                   p->lesson_count);
    if (p->needs_case && p->case_count == 1)
        buf_printf(out, "Follow the case “%s” to one of its ends.\n", p->cases[0].title);
    else if (p->needs_case)
        buf_printf(out, "Follow all %d cases to one of their ends.\n", p->case_count);
    if (p->needs_check)
        buf_printf(out,
                   "Pass the learning check with at least %d of %d questions right; attempts are "
                   "unlimited.\n",
                   p->pass_marks, p->check_draw);
    if (p->test_out && p->needs_check && (p->needs_lessons || p->needs_case))
        buf_puts(out, "Or pass the learning check first: the course is then completed by "
                      "assessment, without the other parts.\n");
}
