/*
 * An answer as a form brings it. The first byte says to what kind of item, the second how many
 * options it has, the rest is the answer. What is taken fits its room, is read again as itself, and
 * its mark lies between nothing and all; the right answer earns all.
 */
#include "base/error.h"
#include "course/publication.h"
#include "fuzz.h"
#include <stdlib.h>
#include <string.h>

static const enum item_type types[] = {ITEM_SINGLE, ITEM_MULTIPLE, ITEM_TRUEFALSE, ITEM_ORDER,
                                       ITEM_MATCH};

static void check_taken(const struct item *item, const char *answer)
{
    char again[ANSWER_ROOM];
    struct error e = {0};
    require(strlen(answer) < ANSWER_ROOM);
    require(item_answer_read(item, answer, again, &e) == 0 && strcmp(again, answer) == 0);
    int mark = item_mark(item, answer);
    require(mark >= 0 && mark <= 1000);
    item_answer_whole(item, answer);
    for (int n = 1; n <= item->option_count; n++) {
        if (item_is_choice(item))
            item_answer_has(answer, n);
        else if (item->type == ITEM_ORDER)
            require(item_answer_place(answer, n) >= 1 &&
                    item_answer_place(answer, n) <= item->option_count);
        else
            require(item_answer_partner(answer, n) >= 0 &&
                    item_answer_partner(answer, n) <= item->partner_count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct item_option options[ITEM_MAX_OPTIONS] = {0};
    const struct item_partner partners[ITEM_MAX_OPTIONS] = {0};
    struct item item = {.type = types[data[0] % 5], .options = options, .partners = partners};
    item.option_count = item.type == ITEM_TRUEFALSE ? 2 : 2 + data[1] % (ITEM_MAX_OPTIONS - 1);
    item.partner_count = item.type == ITEM_MATCH ? item.option_count : 0;
    for (int i = 0; i < item.option_count; i++)
        options[i] = (struct item_option){.key = i == data[1] % item.option_count,
                                          .goes = (i + data[1]) % item.option_count + 1};
    char *text = malloc(size - 1), answer[ANSWER_ROOM];
    require(text != NULL);
    memcpy(text, data + 2, size - 2);
    text[size - 2] = 0;
    struct error e = {0};
    if (item_answer_read(&item, text, answer, &e) == 0)
        check_taken(&item, answer);
    else
        require(e.kind == ERROR_INVALID && strcmp(e.field, "answer") == 0 && *e.message);
    item_right_answer(&item, answer);
    check_taken(&item, answer);
    require(item_mark(&item, answer) == 1000);
    free(text);
    return 0;
}
