/*
 * Answers are text, "2" or "1,3": source option numbers, ascending. An option number has one digit
 * (ITEM_MAX_OPTIONS is below ten).
 */
#include "base/error.h"
#include "course/publication.h"
#include <string.h>

_Static_assert(ITEM_MAX_OPTIONS < 10 && ITEM_MAX_OPTIONS * 2 <= 32, "an answer fits its buffer");

int item_answer_read(const struct item *item, const char *text, char out[32], struct error *e)
{
    bool chosen[ITEM_MAX_OPTIONS + 1] = {false}, expected = true;
    int count = 0;
    size_t n = 0;
    for (const char *s = text; *s; s++) {
        if (*s == ' ')
            continue;
        if (*s == ',' && !expected) {
            expected = true;
            continue;
        }
        int number = *s - '0';
        if (!expected || number < 1 || number > item->option_count || chosen[number])
            return error_field(
                e, "answer", "That is no answer to this question. Choose from the options shown.");
        chosen[number] = true;
        expected = false;
        count++;
    }
    if (count == 0 || expected)
        return error_field(e, "answer", "Choose an answer first.");
    if (count > 1 && item->type != ITEM_MULTIPLE)
        return error_field(e, "answer", "Choose one answer only.");
    for (int i = 1; i <= item->option_count; i++)
        if (chosen[i]) {
            if (n > 0)
                out[n++] = ',';
            out[n++] = (char)('0' + i);
        }
    out[n] = 0;
    return 0;
}

bool item_answer_has(const char *answer, int option_number)
{
    if (!answer || option_number < 1 || option_number > 9)
        return false;
    return strchr(answer, '0' + option_number) != NULL;
}

int item_mark(const struct item *item, const char *answer)
{
    int keys = 0, right = 0, wrong = 0;
    for (int i = 0; i < item->option_count; i++) {
        bool chosen = item_answer_has(answer, i + 1);
        keys += item->options[i].key;
        right += chosen && item->options[i].key;
        wrong += chosen && !item->options[i].key;
    }
    if (item->type != ITEM_MULTIPLE)
        return right == 1 && wrong == 0 ? 1000 : 0;
    int marks = right > wrong ? right - wrong : 0;
    return keys > 0 ? marks * 1000 / keys : 0;
}
