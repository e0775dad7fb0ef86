/*
 * GET  /courses/{course}/check       what the learning check is, before it starts
 * POST /courses/{course}/check       start it (or go on with the one under way)
 * GET  /attempts/{attempt}           its questions, one on a page (?item=3) or all (?view=all)
 *
 * Saving is in attempt_answer.c, review, handing in and result in attempt_finish.c.
 *
 * Until it is handed in, no view here holds a key, a rationale or a mark.
 */
#include "base/text.h"
#include "credential/issuer.h"
#include "http/response.h"
#include "learning/activity.h"
#include "pages/attempt_view.h"
#include "pages/question_view.h"
#include <string.h>

/* ---- shared with the other two ---- */

int attempt_open(struct request *rq, struct attempt *out, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    if (!c || attempt_load(c, rq->learning, request_param(rq, "attempt"), request_person_id(rq),
                           rq->arena, out, e))
        return -1;
    activity_note(rq->learning, out->enrolment.id, rq->now);
    return 0;
}

const char *attempt_href(struct arena *a, const char *uuid, const char *rest)
{
    return arena_printf(a, "/attempts/%s%s", uuid, rest);
}

void view_attempt(cJSON *view, struct request *rq, const struct attempt *t, const char *title)
{
    const struct publication *p = t->enrolment.publication;
    view_text(view, "title", title);
    view_text(view, "id", t->uuid);
    view_bool(view, "is_pre", t->pre);
    view_text(view, "href", attempt_href(rq->arena, t->uuid, ""));
    view_course(view, rq, p);
    view_activity(view, rq, p);
    view_course_crumbs(view, rq, p);
    view_int(view, "count", t->item_count);
    view_int(view, "answered", t->answered);
    view_text(view, "answered_words",
              arena_printf(rq->arena, "%d of %d answered", t->answered, t->item_count));
    cJSON *outbox = view_object(view, "outbox");
    view_text(outbox, "person", request_session(rq)->person_uuid);
    view_bool(outbox, "keeps", !request_session(rq)->shared);
}

/* ---- before it starts ---- */

static int check_start_page(struct request *rq, struct error *e)
{
    struct enrolment en;
    struct progress mine = {0};
    int begun = study_enrolment(rq, &en, e);
    struct conn *c = begun < 0 ? NULL : request_reader(rq, e);
    if (!c || (begun && progress_load(c, rq->learning, &en, rq->arena, &mine, e)))
        return -1;
    const struct publication *p = en.publication;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Learning check");
    view_course(view, rq, p);
    view_course_crumbs(view, rq, p);
    view_int(view, "count", p->check_draw);
    view_text(view, "count_words",
              words_capital(rq->arena, words_number(rq->arena, p->check_draw)));
    view_pass_mark(view, rq, p);
    view_text(view, "action", arena_printf(rq->arena, "/courses/%s/check", p->course));
    view_bool(view, "is_passed", mine.check_passed);
    view_bool(view, "renews", may_renew(&mine, rq->now));
    view_bool(view, "is_over", mine.check_passed && !may_renew(&mine, rq->now));
    view_bool(view, "has_tried", mine.attempts > 0);
    view_bool(view, "is_test_out",
              p->test_out && !mine.completed && mine.lessons_done < p->lesson_count);
    view_bool(view, "needs_lessons",
              !p->test_out && p->needs_lessons && mine.lessons_done < p->lesson_count);
    view_text(view, "open_href",
              mine.open_attempt ? attempt_href(rq->arena, mine.open_attempt, "") : "");
    return response_page(rq, "check-start", view);
}

struct starting {
    struct learning *learning;
    int64_t person;
    const char *course;
    instant at;
    char uuid[37];
};

static int write_start(struct conn *c, void *arg, struct error *e)
{
    struct starting *s = arg;
    struct enrolment en;
    struct rng rng;
    rng_seed_random(&rng);
    return enrolment_begin(c, s->learning, s->person, s->course, s->at, &rng, &en, e) ||
                   attempt_start(c, s->learning, &en, s->at, &rng, s->uuid, e)
               ? -1
               : 0;
}

static int check_start(struct request *rq, struct error *e)
{
    struct starting s = {rq->learning, request_person_id(rq), request_param(rq, "course"), rq->now,
                         ""};
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_start, &s, e))
        return -1;
    return response_redirect(rq, attempt_href(rq->arena, s.uuid, ""));
}

/* ---- the questions ---- */

static const char *asking_words(const struct attempt_item *it)
{
    if (it->item->type == ITEM_ORDER && !it->answered_at)
        return "Put the entries in order, or leave this one for later.";
    return it->answered_at ? "Choose an answer; until then the one saved before stands."
                           : "Choose an answer, or leave this one for later.";
}

static void put_item(cJSON *items, struct request *rq, const struct attempt *t, int i, bool all,
                     const struct attempt_asking *asking)
{
    struct arena *a = rq->arena;
    const struct attempt_item *it = &t->items[i];
    const char *words = asking ? asking->words[i] : NULL;
    const char *given = words ? asking->given[i] : NULL;
    cJSON *question = view_item(items);
    view_int(question, "number", i + 1);
    view_text(question, "id", arena_printf(a, "q%d", i + 1));
    view_text(question, "field", all ? arena_printf(a, "answer.%s", it->item->id) : "answer");
    view_bool(question, "is_required", false);
    view_question(question, it->item);
    view_text(question, "answer", it->answer);
    view_text(question, "was", *it->answer ? it->answer : ATTEMPT_WAS_NONE);
    view_text(question, "saved_words", it->answered_at ? words_saved(rq, it->answered_at) : "");
    view_text(question, "asking", words ? words : "");
    view_open_question(question, a, it->item, &it->layout, given ? given : it->answer);
}

static void put_map(cJSON *view, struct request *rq, const struct attempt *t, int at)
{
    cJSON *map = view_list(view, "map");
    for (int i = 0; i < t->item_count; i++) {
        bool answered = t->items[i].whole, begun = t->items[i].answered_at != 0;
        cJSON *place = view_item(map);
        view_int(place, "number", i + 1);
        view_text(place, "href",
                  at < 0 ? arena_printf(rq->arena, "#q%d", i + 1)
                         : arena_printf(rq->arena, "/attempts/%s?item=%d", t->uuid, i + 1));
        view_bool(place, "is_answered", answered);
        view_bool(place, "is_here", i == at);
        view_text(place, "state_words",
                  answered ? "Answered"
                  : begun  ? "Answered in part"
                           : "Not answered yet");
    }
}

/* Links around one question. */
static void put_around(cJSON *view, struct request *rq, const struct attempt *t, int at)
{
    struct arena *a = rq->arena;
    bool last = at + 1 == t->item_count;
    view_text(view, "previous_href",
              at > 0 ? arena_printf(a, "/attempts/%s?item=%d", t->uuid, at) : "");
    view_text(view, "next_href",
              last ? attempt_href(a, t->uuid, "/review")
                   : arena_printf(a, "/attempts/%s?item=%d", t->uuid, at + 2));
    view_bool(view, "is_last", last);
    int64_t saved = request_integer_or(rq, "saved", 0);
    bool note = saved >= 1 && saved <= t->item_count && t->items[saved - 1].answered_at;
    view_text(view, "saved_note",
              note ? arena_printf(a, "Question %d: %s", (int)saved,
                                  words_saved(rq, t->items[saved - 1].answered_at))
                   : "");
}

static int first_open(const struct attempt *t)
{
    for (int i = 0; i < t->item_count; i++)
        if (!t->items[i].whole)
            return i;
    return t->item_count - 1;
}

int attempt_show(struct request *rq, const struct attempt *t, int at,
                 const struct attempt_asking *asking, int status)
{
    bool all = at < 0;
    cJSON *view = cJSON_CreateObject();
    const char *title = t->pre ? "What you know first" : "Learning check";
    view_attempt(view, rq, t, title);
    if (!all)
        view_text(view, "h1",
                  arena_printf(rq->arena, "%s, question %d of %d", title, at + 1, t->item_count));
    view_bool(view, "is_all", all);
    view_text(view, "save_href", attempt_href(rq->arena, t->uuid, "/answer"));
    view_text(view, "save_all_href", attempt_href(rq->arena, t->uuid, "/answers"));
    view_text(view, "review_href", attempt_href(rq->arena, t->uuid, "/review"));
    view_text(view, "all_href", attempt_href(rq->arena, t->uuid, "?view=all"));
    view_text(view, "one_href", attempt_href(rq->arena, t->uuid, "?item=1"));
    cJSON *items = view_list(view, "items");
    for (int i = 0; i < t->item_count; i++)
        if (all || i == at)
            put_item(items, rq, t, i, all, asking);
    put_map(view, rq, t, at);
    if (!all)
        put_around(view, rq, t, at);
    return response_page_status(rq, status, "attempt", view);
}

static int attempt_page(struct request *rq, struct error *e)
{
    struct attempt t;
    if (attempt_open(rq, &t, e))
        return -1;
    if (t.closed)
        return response_redirect(rq, attempt_href(rq->arena, t.uuid, "/result"));
    bool all = strcmp(request_field_or(rq, "view", "one"), "all") == 0;
    int64_t asked = request_integer_or(rq, "item", 0);
    int at = all ? -1 : asked >= 1 && asked <= t.item_count ? (int)asked - 1 : first_open(&t);
    struct attempt_asking asking = {0};
    if (!all && request_checked(rq, "asking"))
        asking.words[at] = asking_words(&t.items[at]);
    return attempt_show(rq, &t, at, &asking, 200);
}

/* ---- routes ---- */

static const struct field page_fields[] = {
    {.name = "view", .type = FIELD_ENUM, .choices = "one|all", .summary = "One question, or all"},
    {.name = "item",
     .type = FIELD_INTEGER,
     .low = 1,
     .high = ATTEMPT_MAX_ITEMS,
     .summary = "Place of the question; without it the first one not answered"},
    {.name = "saved",
     .type = FIELD_INTEGER,
     .low = 1,
     .high = ATTEMPT_MAX_ITEMS,
     .summary = "Place of the question that was just saved"},
    {.name = "asking",
     .type = FIELD_CHECKBOX,
     .summary = "Say that an answer is needed to save one"},
};
static const struct field answer_fields[] = {
    ANSWER_FIELDS,
    {.name = "was",
     .type = FIELD_LINE,
     .max = 32,
     .summary = "The answer that stood when this one was chosen, or \"none\": another one that "
                "stands by now is not overwritten"},
    {.name = "op_id",
     .type = FIELD_OPERATION,
     .summary = "Operation id of a scripted save: sent again, it gives the first reply again"},
};
static const struct field answers_fields[] = {
    {.name = "answer.*",
     .type = FIELD_LINE,
     .max = 32,
     .multiple = true,
     .summary = "The same by question"},
    {.name = "was.*", .type = FIELD_LINE, .max = 32, .summary = "The answers that the page showed"},
};
static const struct field submit_fields[] = {
    {.name = "certificate_name",
     .type = FIELD_LINE,
     .max = CERTIFICATE_NAME_MAX,
     .summary = "Name on your certificate"},
};
static const struct field result_fields[] = {
    {.name = "late",
     .type = FIELD_CHECKBOX,
     .summary = "Say that an answer came after the learning check was handed in"},
};

const struct route attempt_routes[] = {
    {METHOD_GET, "/courses/{course}/check", check_start_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .summary = "What the learning check is, before it starts"},
    {METHOD_POST, "/courses/{course}/check", check_start, .who = ACCESS_SIGNED_IN, .nav = "courses",
     .body_max = 1024, .summary = "Start a learning check, or go on with the one under way"},
    {METHOD_GET, "/attempts/{attempt}", attempt_page, .who = ACCESS_SIGNED_IN, .nav = "courses",
     .fields = page_fields, .field_count = 4,
     .summary = "A learning check under way: its questions"},
    {METHOD_POST, "/attempts/{attempt}/answer", attempt_answer_save, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = 4096, .fields = answer_fields, .field_count = 4,
     .summary = "Save one answer"},
    {METHOD_POST, "/attempts/{attempt}/answers", attempt_answers_save, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .fields = answers_fields, .field_count = 2,
     .summary = "Save the answers of a whole page"},
    {METHOD_GET, "/attempts/{attempt}/review", attempt_review_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses",
     .summary = "Before handing in: what is not answered, the certificate's name"},
    {METHOD_POST, "/attempts/{attempt}/submit", attempt_hand_in, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = 4096, .fields = submit_fields, .field_count = 1,
     .flags = ROUTE_TAKES_ERRORS,
     .summary = "Hand in a learning check; twice gives the first result"},
    {METHOD_GET, "/attempts/{attempt}/result", attempt_result_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .fields = result_fields, .field_count = 1,
     .summary = "The result, with the rationale of every option"},
    {0},
};
