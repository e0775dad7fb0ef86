/*
 * Answers are text: "2" or "1,3", "3,1,2", "1:2,2:1". A number has one digit (ITEM_MAX_OPTIONS is
 * below ten), so in canonical text the k-th number of a list stands at byte 2k, and the k-th pair
 * at byte 4k.
 */
#include "base/error.h"
#include "course/publication.h"
#include <stdio.h>
#include <string.h>

_Static_assert(ITEM_MAX_OPTIONS < 10 && ITEM_MAX_OPTIONS * 4 <= ANSWER_ROOM,
               "an answer fits its buffer");

struct part {
    int option, other; /* other: behind the colon, 0 when there is none */
};

/* "3", "1,3", "1:2,2:1": how many parts, or -1 when it is none of these. */
static int read_parts(const char *text, struct part parts[ITEM_MAX_OPTIONS])
{
    int count = 0;
    bool expected = true; /* a number comes next */
    for (const char *s = text; *s; s++) {
        bool digit = *s >= '1' && *s <= '9';
        if (*s == ' ')
            continue;
        if (digit && expected && count < ITEM_MAX_OPTIONS) {
            parts[count] = (struct part){*s - '0', 0};
            if (s[1] == ':' && s[2] >= '1' && s[2] <= '9') {
                parts[count].other = s[2] - '0';
                s += 2;
            }
            count++;
            expected = false;
        } else if (*s == ',' && !expected) {
            expected = true;
        } else {
            return -1;
        }
    }
    return count > 0 && expected ? -1 : count;
}

static int refuse(struct error *e, const char *message)
{
    return error_field(e, "answer", "%s", message);
}

/* Every part names another option of the item. */
static bool are_distinct(const struct item *item, const struct part *parts, int count)
{
    bool seen[ITEM_MAX_OPTIONS + 1] = {false};
    for (int i = 0; i < count; i++) {
        int number = parts[i].option;
        if (number > item->option_count || seen[number])
            return false;
        seen[number] = true;
    }
    return true;
}

static void put_list(const int *numbers, int count, char out[ANSWER_ROOM])
{
    size_t n = 0;
    for (int i = 0; i < count; i++) {
        if (n > 0)
            out[n++] = ',';
        out[n++] = (char)('0' + numbers[i]);
    }
    out[n] = 0;
}

static int read_choice(const struct item *item, const struct part *parts, int count,
                       char out[ANSWER_ROOM], struct error *e)
{
    bool chosen[ITEM_MAX_OPTIONS + 1] = {false};
    int numbers[ITEM_MAX_OPTIONS], n = 0;
    if (count == 0)
        return refuse(e, "Choose an answer first.");
    if (count > 1 && item->type != ITEM_MULTIPLE)
        return refuse(e, "Choose one answer only.");
    for (int i = 0; i < count; i++)
        chosen[parts[i].option] = true;
    for (int i = 1; i <= item->option_count; i++)
        if (chosen[i])
            numbers[n++] = i;
    put_list(numbers, n, out);
    return 0;
}

static int read_order(const struct item *item, const struct part *parts, int count,
                      char out[ANSWER_ROOM], struct error *e)
{
    int at[ITEM_MAX_OPTIONS] = {0};
    if (count == 0)
        return refuse(e, "Put the entries in order first.");
    if (count < item->option_count)
        return refuse(e, "Give every entry its place.");
    for (int i = 0; i < count; i++) {
        int place = parts[i].other ? parts[i].other : i + 1;
        if (place > count)
            return refuse(e, "That is no answer to this question. Choose from the places shown.");
        if (at[place - 1])
            return refuse(e, "Two entries have the same place. Give each one a place of its own.");
        at[place - 1] = parts[i].option;
    }
    put_list(at, count, out);
    return 0;
}

static int read_match(const struct item *item, const struct part *parts, int count,
                      char out[ANSWER_ROOM], struct error *e)
{
    int partner[ITEM_MAX_OPTIONS + 1] = {0};
    size_t n = 0;
    if (count == 0)
        return refuse(e, "Choose a partner for each line first.");
    for (int i = 0; i < count; i++) {
        if (!parts[i].other || parts[i].other > item->partner_count)
            return refuse(e, "That is no answer to this question. Choose from the partners shown.");
        partner[parts[i].option] = parts[i].other;
    }
    for (int i = 1; i <= item->option_count; i++)
        if (partner[i])
            n += (size_t)snprintf(out + n, ANSWER_ROOM - n, n ? ",%d:%d" : "%d:%d", i, partner[i]);
    return 0;
}

int item_answer_read(const struct item *item, const char *text, char out[ANSWER_ROOM],
                     struct error *e)
{
    struct part parts[ITEM_MAX_OPTIONS];
    int count = read_parts(text, parts), pairs = 0;
    for (int i = 0; i < count; i++)
        pairs += parts[i].other != 0;
    bool mixed = item_is_choice(item) ? pairs > 0 : pairs > 0 && pairs < count;
    if (count < 0 || mixed || !are_distinct(item, parts, count))
        return refuse(e, "That is no answer to this question. Choose from the options shown.");
    if (item->type == ITEM_ORDER)
        return read_order(item, parts, count, out, e);
    if (item->type == ITEM_MATCH)
        return read_match(item, parts, count, out, e);
    return read_choice(item, parts, count, out, e);
}

bool item_is_choice(const struct item *item)
{
    return item->type != ITEM_ORDER && item->type != ITEM_MATCH;
}

bool item_answer_whole(const struct item *item, const char *answer)
{
    return item->type == ITEM_MATCH ? strlen(answer) == (size_t)item->option_count * 4 - 1
                                    : *answer != 0;
}

bool item_answer_has(const char *answer, int option_number)
{
    return item_answer_place(answer, option_number) > 0;
}

int item_answer_place(const char *answer, int option_number)
{
    if (!answer || option_number < 1 || option_number > 9)
        return 0;
    const char *at = strchr(answer, '0' + option_number);
    return at ? (int)(at - answer) / 2 + 1 : 0;
}

int item_answer_partner(const char *answer, int option_number)
{
    for (const char *s = answer; s && *s && s[1] == ':'; s += s[3] ? 4 : 3)
        if (s[0] == '0' + option_number)
            return s[2] - '0';
    return 0;
}

static int mark_choice(const struct item *item, const char *answer)
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

int item_mark(const struct item *item, const char *answer)
{
    if (item_is_choice(item))
        return mark_choice(item, answer);
    int right = 0;
    for (int i = 1; i <= item->option_count; i++) {
        int given = item->type == ITEM_ORDER ? item_answer_place(answer, i)
                                             : item_answer_partner(answer, i);
        right += given == item->options[i - 1].goes;
    }
    return item->option_count > 0 ? right * 1000 / item->option_count : 0;
}

void item_right_answer(const struct item *item, char out[ANSWER_ROOM])
{
    int numbers[ITEM_MAX_OPTIONS] = {0}, n = 0;
    size_t length = 0;
    for (int i = 1; i <= item->option_count; i++) {
        const struct item_option *o = &item->options[i - 1];
        if (item->type == ITEM_ORDER)
            numbers[o->goes - 1] = i;
        else if (item->type == ITEM_MATCH)
            length += (size_t)snprintf(out + length, ANSWER_ROOM - length,
                                       length ? ",%d:%d" : "%d:%d", i, o->goes);
        else if (o->key)
            numbers[n++] = i;
    }
    if (item->type != ITEM_MATCH)
        put_list(numbers, item->type == ITEM_ORDER ? item->option_count : n, out);
}
