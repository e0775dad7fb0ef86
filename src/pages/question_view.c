#include "pages/question_view.h"
#include "base/text.h"
#include <string.h>

static const char *const kinds[] = {[ITEM_SINGLE] = "single",
                                    [ITEM_MULTIPLE] = "multiple",
                                    [ITEM_TRUEFALSE] = "truefalse",
                                    [ITEM_ORDER] = "order",
                                    [ITEM_MATCH] = "match"};

static const char *const hints[] = {
    [ITEM_SINGLE] = "Choose one.",
    [ITEM_MULTIPLE] = ("Choose all that fit. Each right choice earns part of the credit, each "
                       "wrong one takes as much away."),
    [ITEM_TRUEFALSE] = "Choose one.",
    [ITEM_ORDER] = "Put these in order. Each entry in its right place earns part of the credit.",
    [ITEM_MATCH] = "Choose the partner of each line. Each right pair earns part of the credit.",
};

static const char *const ordinals[] = {"", "1st", "2nd", "3rd", "4th", "5th", "6th"};
_Static_assert(sizeof ordinals / sizeof *ordinals == ITEM_MAX_OPTIONS + 1, "every place has words");

void view_question(cJSON *question, const struct item *item)
{
    bool multiple = item->type == ITEM_MULTIPLE, match = item->type == ITEM_MATCH;
    view_text(question, "item", item->id);
    view_text(question, "type", kinds[item->type]);
    view_text(question, "stem_html", item->stem_html);
    view_bool(question, "is_choice", item_is_choice(item));
    view_bool(question, "is_order", item->type == ITEM_ORDER);
    view_bool(question, "is_match", match);
    view_bool(question, "is_multiple", multiple);
    view_text(question, "input", multiple ? "checkbox" : item_is_choice(item) ? "radio" : "");
    view_text(question, "hint", hints[item->type]);
    if (match) {
        cJSON *columns = view_object(question, "columns");
        view_text(columns, "left", item->columns[0]);
        view_text(columns, "right", item->columns[1]);
    } else {
        view_bool(question, "columns", false);
    }
}

/* ---- open ---- */

static void put_choice(cJSON *choices, struct arena *a, int number, int other, const char *words,
                       bool chosen)
{
    cJSON *choice = view_item(choices);
    view_text(choice, "value", arena_printf(a, "%d:%d", number, other));
    view_text(choice, "words", words);
    view_bool(choice, "is_chosen", chosen);
}

static void put_choices(cJSON *option, struct arena *a, const struct item *item,
                        const struct item_layout *layout, const char *answer, int number)
{
    cJSON *choices = view_list(option, "choices");
    bool typed = strchr(answer, ':') != NULL;
    for (int i = 1; item->type == ITEM_ORDER && i <= item->option_count; i++)
        put_choice(choices, a, number, i, ordinals[i],
                   typed ? strstr(answer, arena_printf(a, "%d:%d", number, i)) != NULL
                         : item_answer_place(answer, number) == i);
    for (int i = 0; item->type == ITEM_MATCH && i < item->partner_count; i++) {
        int partner = layout->partners[i];
        put_choice(choices, a, number, partner, item->partners[partner - 1].text,
                   item_answer_partner(answer, number) == partner);
    }
}

void view_open_question(cJSON *question, struct arena *a, const struct item *item,
                        const struct item_layout *layout, const char *answer)
{
    bool set = item->type == ITEM_ORDER && *answer && !strchr(answer, ':');
    view_bool(question, "is_answered", false);
    view_bool(question, "is_set", set);
    cJSON *options = view_list(question, "options");
    for (int i = 0; i < item->option_count; i++) {
        int number = set ? answer[2 * i] - '0' : layout ? layout->options[i] : i + 1;
        cJSON *option = view_item(options);
        view_int(option, "number", number);
        view_text(option, "option_html", item->options[number - 1].html);
        view_bool(option, "is_chosen", item_is_choice(item) && item_answer_has(answer, number));
        put_choices(option, a, item, layout, answer, number);
    }
}

void view_unanswered(cJSON *view, const char *id, const char *why)
{
    view_bool(view, "has_errors", why != NULL);
    cJSON *errors = view_list(view, "errors");
    if (!why)
        return;
    cJSON *error = view_item(errors);
    view_text(error, "field", id);
    view_text(error, "message", why);
}

/* ---- with its result ---- */

const char *words_points(struct arena *a, int64_t mark)
{
    int hundredths = (int)(mark % 1000 / 10);
    if (hundredths == 0)
        return arena_printf(a, "%d", (int)(mark / 1000));
    if (hundredths % 10 == 0)
        return arena_printf(a, "%d.%d", (int)(mark / 1000), hundredths / 10);
    return arena_printf(a, "%d.%02d", (int)(mark / 1000), hundredths);
}

/* The option's number at a place of the result: an order is shown as it should be. */
static int shown(const struct item *item, const struct item_layout *layout, int place)
{
    for (int i = 0; item->type == ITEM_ORDER && i < item->option_count; i++)
        if (item->options[i].goes == place + 1)
            return i + 1;
    return layout ? layout->options[place] : place + 1;
}

static void put_choice_result(cJSON *option, const struct item *item, int number,
                              const char *answer)
{
    bool key = item->options[number - 1].key, chosen = item_answer_has(answer, number);
    view_bool(option, "is_chosen", chosen);
    view_bool(option, "is_key", key);
    view_bool(option, "is_right", key);
    view_text(option, "state_words",
              key && chosen                        ? "Right, and your choice"
              : key && item->type == ITEM_MULTIPLE ? "Right, and not chosen"
              : key                                ? "The right answer"
              : chosen                             ? "Your choice"
                                                   : "");
}

static void put_order_result(cJSON *option, struct arena *a, const struct item *item, int number,
                             const char *answer)
{
    int goes = item->options[number - 1].goes, given = item_answer_place(answer, number);
    view_bool(option, "is_chosen", given > 0);
    view_bool(option, "is_right", given == goes);
    view_text(option, "state_words",
              given == goes ? "In its right place"
              : given       ? arena_printf(a, "You put it %s", ordinals[given])
                            : "");
}

static void put_match_result(cJSON *option, struct arena *a, const struct item *item, int number,
                             const char *answer)
{
    int goes = item->options[number - 1].goes, given = item_answer_partner(answer, number);
    view_bool(option, "is_chosen", given > 0);
    view_bool(option, "is_right", given == goes);
    view_text(option, "state_words",
              given == goes ? "Right, and your choice"
              : given ? arena_printf(a, "You chose \u201c%s\u201d", item->partners[given - 1].text)
                      : "Left open");
}

/* How much of the credit, and what for; "" where it is all or nothing. What was not answered has
 * none to speak of. */
static const char *credit_words(struct arena *a, const struct item *item, const char *answer)
{
    const char *points = words_points(a, item_mark(item, answer));
    int right = 0, wrong = 0, n = item->option_count;
    bool order = item->type == ITEM_ORDER;
    if (item->type == ITEM_SINGLE || item->type == ITEM_TRUEFALSE || !*answer)
        return order ? "This is the right order." : "";
    for (int i = 1; i <= n; i++) {
        const struct item_option *o = &item->options[i - 1];
        if (order)
            right += item_answer_place(answer, i) == o->goes;
        else if (item->type == ITEM_MATCH)
            right += item_answer_partner(answer, i) == o->goes;
        else if (item_answer_has(answer, i))
            *(o->key ? &right : &wrong) += 1;
    }
    if (order)
        return arena_printf(
            a, "%d of %d in their right place: %s of 1 point. This is the right order.", right, n,
            points);
    if (item->type == ITEM_MATCH)
        return arena_printf(a, "%d of %d pairs right: %s of 1 point.", right, n, points);
    return arena_printf(a, "%d right and %d wrong chosen: %s of 1 point.", right, wrong, points);
}

void view_result(cJSON *question, struct arena *a, const struct item *item,
                 const struct item_layout *layout, const char *answer)
{
    int mark = item_mark(item, answer);
    view_bool(question, "is_answered", true);
    view_text(question, "verdict", mark >= 1000 ? "right" : mark > 0 ? "partly" : "not-right");
    view_text(question, "verdict_words",
              mark >= 1000 ? "That is right"
              : mark > 0   ? "Partly right"
              : *answer    ? "Not the answer we were after"
                           : "Not answered");
    view_text(question, "credit_words", credit_words(a, item, answer));
    cJSON *options = view_list(question, "options");
    for (int i = 0; i < item->option_count; i++) {
        int number = shown(item, layout, i);
        const struct item_option *from = &item->options[number - 1];
        cJSON *option = view_item(options);
        view_int(option, "number", number);
        view_text(option, "option_html", from->html);
        view_text(option, "place_words", item->type == ITEM_ORDER ? ordinals[from->goes] : "");
        view_text(option, "partner_html",
                  item->type == ITEM_MATCH ? item->partners[from->goes - 1].html : "");
        if (item->type == ITEM_ORDER)
            put_order_result(option, a, item, number, answer);
        else if (item->type == ITEM_MATCH)
            put_match_result(option, a, item, number, answer);
        else
            put_choice_result(option, item, number, answer);
        view_text(option, "rationale_html", from->rationale_html ? from->rationale_html : "");
    }
    view_text(question, "explanation_html", item->explanation_html ? item->explanation_html : "");
}

/* ---- in words ---- */

static const char *quoted(struct arena *a, const char *text)
{
    bool has = text_starts(text, "\"") || text_starts(text, "\u201c");
    return has ? text : arena_printf(a, "\u201c%s\u201d", text);
}

/* The option named k-th in an order, else the k-th option. */
static int named(const struct item *item, const char *answer, int k)
{
    return item->type == ITEM_ORDER && *answer ? answer[2 * k] - '0' : k + 1;
}

const char *answer_words(struct arena *a, const struct item *item, const char *answer)
{
    static const char *const joins[] = {[ITEM_SINGLE] = " and ",
                                        [ITEM_MULTIPLE] = " and ",
                                        [ITEM_TRUEFALSE] = " and ",
                                        [ITEM_ORDER] = ", then ",
                                        [ITEM_MATCH] = "; "};
    const char *words = "";
    for (int i = 0; i < item->option_count; i++) {
        bool match = item->type == ITEM_MATCH;
        int number = named(item, answer, i);
        int partner = match ? item_answer_partner(answer, number) : 0;
        if (match ? partner == 0 : !item_answer_has(answer, number))
            continue;
        const char *one = quoted(a, item->options[number - 1].text);
        if (match)
            one = arena_printf(a, "%s with %s", one, quoted(a, item->partners[partner - 1].text));
        words = *words ? arena_printf(a, "%s%s%s", words, joins[item->type], one) : one;
    }
    return *words ? words : "no answer";
}
