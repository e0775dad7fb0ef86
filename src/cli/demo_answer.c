#include "cli/demo_answer.h"
#include <stdio.h>
#include <string.h>

/* Two neighbors change places, or two lines their partners. */
static void mix_up(struct rng *r, const struct item *item, char answer[ANSWER_ROOM])
{
    size_t step = item->type == ITEM_ORDER ? 2 : 4, first = step == 2 ? 0 : 2;
    size_t at = first + step * rng_below(r, (uint32_t)item->option_count - 1);
    char kept = answer[at];
    answer[at] = answer[at + step];
    answer[at + step] = kept;
}

void demo_answer(struct rng *r, const struct item *item, bool right, char out[ANSWER_ROOM])
{
    if (!item_is_choice(item)) {
        item_right_answer(item, out);
        if (!right)
            mix_up(r, item, out);
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
