#include "pages/question_view.h"

void view_question(cJSON *question, const struct item *item)
{
    bool multiple = item->type == ITEM_MULTIPLE;
    view_text(question, "item", item->id);
    view_text(question, "stem_html", item->stem_html);
    view_bool(question, "is_multiple", multiple);
    view_text(question, "input", multiple ? "checkbox" : "radio");
    view_text(question, "hint", multiple ? "Choose all that fit." : "Choose one.");
}

/* Source option number shown at a place. */
static int shown(const int *order, int place)
{
    return order ? order[place] : place + 1;
}

void view_open_question(cJSON *question, const struct item *item, const int *order,
                        const char *answer)
{
    view_bool(question, "is_answered", false);
    cJSON *options = view_list(question, "options");
    for (int i = 0; i < item->option_count; i++) {
        int number = shown(order, i);
        cJSON *option = view_item(options);
        view_int(option, "number", number);
        view_text(option, "option_html", item->options[number - 1].html);
        view_bool(option, "is_chosen", item_answer_has(answer, number));
    }
}

static const char *option_state(bool key, bool chosen, bool several)
{
    if (key && chosen)
        return "Right, and your choice";
    if (key)
        return several ? "Right, and not chosen" : "The right answer";
    return chosen ? "Your choice" : "";
}

void view_result(cJSON *question, const struct item *item, const char *answer)
{
    view_result_ordered(question, item, NULL, answer);
}

void view_result_ordered(cJSON *question, const struct item *item, const int *order,
                         const char *answer)
{
    int mark = item_mark(item, answer);
    view_bool(question, "is_answered", true);
    view_text(question, "verdict", mark >= 1000 ? "right" : mark > 0 ? "partly" : "not-right");
    view_text(question, "verdict_words",
              mark >= 1000 ? "That is right"
              : mark > 0   ? "Partly right"
              : *answer    ? "Not the answer we were after"
                           : "Not answered");
    cJSON *options = view_list(question, "options");
    for (int i = 0; i < item->option_count; i++) {
        int number = shown(order, i);
        const struct item_option *from = &item->options[number - 1];
        bool chosen = item_answer_has(answer, number);
        cJSON *option = view_item(options);
        view_int(option, "number", number);
        view_text(option, "option_html", from->html);
        view_bool(option, "is_chosen", chosen);
        view_bool(option, "is_key", from->key);
        view_text(option, "state_words",
                  option_state(from->key, chosen, item->type == ITEM_MULTIPLE));
        view_text(option, "rationale_html", from->rationale_html ? from->rationale_html : "");
    }
    view_text(question, "explanation_html", item->explanation_html ? item->explanation_html : "");
}
