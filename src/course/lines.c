/*
 * What both texts begin and end with is set aside; for the rest, a table of the longest common
 * subsequence says line by line what stayed.
 */
#include "course/lines.h"
#include "course/list.h"
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define AROUND    2
#define TABLE_MAX ((size_t)4 << 20) /* cells */

struct text {
    const char **lines;
    size_t count;
};

static struct text split(struct arena *a, const char *s)
{
    size_t room = 1;
    for (const char *at = s; *at; at++)
        room += *at == '\n';
    struct text t = {arena_array(a, room, sizeof *t.lines), 0};
    while (*s) {
        size_t n = strcspn(s, "\n");
        t.lines[t.count++] = arena_strndup(a, s, n);
        s += n + (s[n] == '\n');
    }
    return t;
}

static void put(struct arena *a, struct list *out, enum line_mark mark, const char *text)
{
    *(struct line *)list_add(a, out, sizeof(struct line)) = (struct line){mark, text};
}

/* cell[i][j]: the length of what b[i…] and c[j…] have in common. */
static uint16_t *common(struct arena *a, const struct text *b, const struct text *c)
{
    size_t width = c->count + 1;
    uint16_t *cell = arena_array(a, (b->count + 1) * width, sizeof *cell);
    for (size_t i = b->count; i-- > 0;)
        for (size_t j = c->count; j-- > 0;) {
            uint16_t down = cell[(i + 1) * width + j], right = cell[i * width + j + 1];
            cell[i * width + j] = strcmp(b->lines[i], c->lines[j]) == 0
                                      ? (uint16_t)(cell[(i + 1) * width + j + 1] + 1)
                                  : down > right ? down
                                                 : right;
        }
    return cell;
}

static void compare_middle(struct arena *a, const struct text *b, const struct text *c,
                           struct list *out)
{
    size_t i = 0, j = 0, width = c->count + 1;
    bool table = b->count < UINT16_MAX && width < UINT16_MAX && (b->count + 1) * width <= TABLE_MAX;
    const uint16_t *cell = table ? common(a, b, c) : NULL;
    while (i < b->count || j < c->count) {
        if (cell && i < b->count && j < c->count && strcmp(b->lines[i], c->lines[j]) == 0) {
            put(a, out, LINE_SAME, b->lines[i]);
            i++, j++;
        } else if (i < b->count && (!cell || j == c->count ||
                                    cell[(i + 1) * width + j] >= cell[i * width + j + 1])) {
            put(a, out, LINE_REMOVED, b->lines[i++]);
        } else {
            put(a, out, LINE_ADDED, c->lines[j++]);
        }
    }
}

/* Leaves out what is the same and not near a change. */
static void fold(struct arena *a, const struct list *all, struct list *out)
{
    bool *near = arena_array(a, (size_t)all->count + 1, sizeof *near);
    for (int i = 0; i < all->count; i++)
        for (int k = i - AROUND; LIST_AT(all, struct line, i)->mark != LINE_SAME && k <= i + AROUND;
             k++)
            if (k >= 0 && k < all->count)
                near[k] = true;
    for (int i = 0; i < all->count; i++) {
        if (near[i])
            put(a, out, LIST_AT(all, struct line, i)->mark, LIST_AT(all, struct line, i)->text);
        else if (i > 0 && near[i - 1])
            put(a, out, LINE_GAP, "");
    }
    if (out->count > 0 && LIST_AT(out, struct line, out->count - 1)->mark == LINE_GAP)
        out->count--;
}

int lines_compare(struct arena *a, const char *before, const char *after, const struct line **out)
{
    *out = NULL;
    if (strcmp(before, after) == 0)
        return 0;
    struct text b = split(a, before), c = split(a, after);
    size_t head = 0, tail = 0;
    while (head < b.count && head < c.count && strcmp(b.lines[head], c.lines[head]) == 0)
        head++;
    while (tail < b.count - head && tail < c.count - head &&
           strcmp(b.lines[b.count - 1 - tail], c.lines[c.count - 1 - tail]) == 0)
        tail++;
    struct list all = {0}, shown = {0};
    for (size_t i = 0; i < head; i++)
        put(a, &all, LINE_SAME, b.lines[i]);
    struct text b_middle = {b.lines + head, b.count - head - tail};
    struct text c_middle = {c.lines + head, c.count - head - tail};
    compare_middle(a, &b_middle, &c_middle, &all);
    for (size_t i = b.count - tail; i < b.count; i++)
        put(a, &all, LINE_SAME, b.lines[i]);
    fold(a, &all, &shown);
    *out = shown.data;
    return shown.count;
}
