/*
 * The learning check of a draft, as its author walks it; nothing is kept.
 *
 * GET  /authoring/{draft}/walk/check   every question that could be drawn
 * POST /authoring/{draft}/walk/check   the reasons, on the page that a learner sees after handing
 * in
 */
#include "http/response.h"
#include "pages/question_view.h"
#include "pages/study_view.h"
#include "pages/walk_view.h"

static cJSON *put_question(cJSON *items, const struct walk *w, const struct item *item, int number)
{
    struct arena *a = w->rq->arena;
    cJSON *question = view_item(items);
    view_int(question, "number", number);
    view_text(question, "id", arena_printf(a, "q%d", number));
    view_text(question, "field", arena_printf(a, "answer.%s", item->id));
    view_bool(question, "is_required", false);
    view_text(question, "challenge_href", "");
    view_text(question, "saved_words", "");
    view_text(question, "asking", "");
    view_question(question, item);
    return question;
}

static int check_items(const struct publication *p)
{
    int count = 0;
    for (int i = 0; i < p->item_count; i++)
        count += p->items[i].use == ITEM_FOR_CHECK;
    return count;
}

static int check_page(struct request *rq, struct error *e)
{
    struct walk w;
    if (walk_open(&w, rq, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    walk_put(view, &w);
    view_text(view, "title", "Learning check");
    view_bool(view, "is_all", true);
    view_int(view, "count", check_items(w.p));
    view_int(view, "draw", w.p->check_draw);
    view_pass_mark(view, rq, w.p);
    view_text(view, "action", arena_printf(rq->arena, "%s/check", w.base));
    cJSON *items = view_list(view, "items");
    for (int i = 0, number = 1; i < w.p->item_count; i++) {
        const struct item *item = &w.p->items[i];
        if (item->use != ITEM_FOR_CHECK)
            continue;
        struct item_layout layout;
        practice_layout(&(struct enrolment){0}, item, &layout);
        view_open_question(put_question(items, &w, item, number++), rq->arena, item, &layout, "");
    }
    return walk_close(&w, response_page(rq, "walk-check", view));
}

static const char *answer_of(const struct walk *w, const struct item *item)
{
    char *answer = arena_alloc(w->rq->arena, ANSWER_ROOM);
    struct error none = {0};
    const char *given = answer_field(w->rq, arena_printf(w->rq->arena, "answer.%s", item->id));
    return *given && item_answer_read(item, given, answer, &none) == 0 ? answer : "";
}

static int check_post(struct request *rq, struct error *e)
{
    struct walk w;
    if (walk_open(&w, rq, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    walk_put(view, &w);
    view_text(view, "title", "Your result");
    int count = check_items(w.p), right = 0;
    view_int(view, "count", count);
    cJSON *items = view_list(view, "items");
    for (int i = 0, number = 1; i < w.p->item_count; i++) {
        const struct item *item = &w.p->items[i];
        if (item->use != ITEM_FOR_CHECK)
            continue;
        const char *answer = answer_of(&w, item);
        struct item_layout layout;
        practice_layout(&(struct enrolment){0}, item, &layout);
        view_result(put_question(items, &w, item, number++), rq->arena, item, &layout, answer);
        right += item_mark(item, answer) >= 1000;
    }
    view_text(view, "score_words", arena_printf(rq->arena, "%d of %d right", right, count));
    view_text(view, "pass_words",
              arena_printf(rq->arena, "of the %d that a learner gets, %d", w.p->check_draw,
                           w.p->pass_marks));
    view_bool(view, "is_passed", false);
    view_text(view, "again_href", arena_printf(rq->arena, "%s/check", w.base));
    return walk_close(&w, response_page(rq, "attempt-result", view));
}

static const struct field check_fields[] = {
    {.name = "answer.*",
     .type = FIELD_LINE,
     .max = 32,
     .multiple = true,
     .summary = "Answer, as in a lesson"},
};

const struct route walk_check_routes[] = {
    {METHOD_GET, WALK_BASE "/check", check_page, .who = ACCESS_AUTHOR, .nav = "authoring",
     .summary = "Every question of a draft's learning check"},
    {METHOD_POST, WALK_BASE "/check", check_post, .who = ACCESS_AUTHOR, .nav = "authoring",
     .body_max = 16384, .fields = check_fields, .field_count = 1,
     .summary = "Look at the reasons behind the check's questions; nothing is kept"},
    {0},
};
