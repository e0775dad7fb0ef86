#include "cli/demo_answer.h"
#include <stdio.h>
#include <string.h>

static void swap(char *answer, size_t a, size_t b)
{
    char kept = answer[a];
    answer[a] = answer[b];
    answer[b] = kept;
}

static bool is_as_shown(const struct item *item, const struct item_layout *shown,
                        const char *answer)
{
    for (int i = 0; i < item->option_count; i++)
        if (item->type != ITEM_ORDER || item_answer_place(answer, shown->options[i]) != i + 1)
            return false;
    return true;
}

/* Two neighbors change places, or two lines their partners. */
static void mix_up(struct rng *r, const struct item *item, const struct item_layout *shown,
                   char answer[ANSWER_ROOM])
{
    size_t step = item->type == ITEM_ORDER ? 2 : 4, first = step == 2 ? 0 : 2;
    size_t at = first + step * rng_below(r, (uint32_t)item->option_count - 1);
    swap(answer, at, at + step);
    if (is_as_shown(item, shown,
                    answer)) /* nobody has moved anything: the ends change places too */
        swap(answer, first, first + step * (size_t)(item->option_count - 1));
}

void demo_answer(struct rng *r, const struct item *item, const struct item_layout *shown,
                 bool right, char out[ANSWER_ROOM])
{
    if (!item_is_choice(item)) {
        item_right_answer(item, out);
        if (!right)
            mix_up(r, item, shown, out);
        return;
    }
    bool taken[ITEM_MAX_OPTIONS] = {false};
    int keys = 0;
    for (int i = 0; i < item->option_count; i++) {
        taken[i] = item->options[i].key;
        keys += taken[i];
    }
    uint32_t other = rng_below(r, (uint32_t)item->option_count);
    if (!right && item->type == ITEM_MULTIPLE) {
        taken[other] = !taken[other];
        if (keys == 1 && item->options[other].key)
            taken[(other + 1) % (uint32_t)item->option_count] = true;
    } else if (!right) {
        while (item->options[other].key)
            other = (other + 1) % (uint32_t)item->option_count;
        memset(taken, 0, sizeof taken);
        taken[other] = true;
    }
    size_t n = 0;
    for (int i = 0; i < item->option_count; i++)
        if (taken[i])
            n += (size_t)snprintf(out + n, ANSWER_ROOM - n, n ? ",%d" : "%d", i + 1);
}
