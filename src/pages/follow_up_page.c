/*
 * GET  /follow-ups/{follow_up}         two questions that came back, each with its result once
 *                                      answered
 * POST /follow-ups/{follow_up}/answer  the answer to one of them
 * POST /follow-ups/{follow_up}/later   "Not now": back in a week
 * POST /account/follow-ups             off, or on again
 */
#include "http/response.h"
#include "learning/follow_up.h"
#include "pages/letters.h"
#include "pages/question_view.h"
#include "pages/study_view.h"
#include <string.h>

struct follow_up_view {
    struct request *rq;
    struct follow_up f;
    const char *href;
    const char *asking;      /* an item whose form came without a whole answer, or NULL */
    const char *given, *why; /* with asking: the answer as it came, and what it lacks */
};

static const char *question_id(struct arena *a, int number)
{
    return arena_printf(a, "question-%d", number);
}

static bool is_asking(const struct follow_up_view *v, int number)
{
    return v->asking && strcmp(v->asking, v->f.questions[number - 1].item->id) == 0;
}

static void put_question(struct follow_up_view *v, cJSON *list, int number)
{
    const struct follow_up_question *q = &v->f.questions[number - 1];
    struct arena *a = v->rq->arena;
    cJSON *question = view_item(list);
    view_text(question, "id", question_id(a, number));
    view_text(question, "action", arena_printf(a, "%s/answer", v->href));
    view_text(question, "again_href", "");
    bool asking = is_asking(v, number);
    view_text(question, "asking", asking ? v->why : "");
    view_text(question, "field", "answer");
    view_bool(question, "is_required", true);
    view_text(question, "challenge_href",
              *q->answer ? challenge_href(a, q->publication->course, "item", q->item->id) : "");
    view_text(question, "from", q->publication->title);
    view_text(question, "from_href", course_href(a, q->publication->course));
    view_question(question, q->item);
    if (*q->answer)
        view_result(question, a, q->item, &q->layout, q->answer);
    else
        view_open_question(question, a, q->item, &q->layout, asking ? v->given : "");
}

static const char *next_words(struct request *rq, const struct follow_up_state *s)
{
    if (s->mode == FOLLOW_UP_WAITS)
        return arena_printf(rq->arena, "The next two come on %s.", words_date(rq, s->at));
    return s->mode == FOLLOW_UP_NONE ? "These were the last that were to come back." : "";
}

static int show(struct follow_up_view *v, int status, struct error *e)
{
    struct request *rq = v->rq;
    struct follow_up_state s;
    struct conn *c = request_reader(rq, e);
    if (!c || follow_up_state(c, rq->learning, request_person_id(rq), rq->now, &s, e))
        return -1;
    bool stands = s.mode == FOLLOW_UP_OPEN && strcmp(s.uuid, v->f.uuid) == 0;
    if (stands && !s.offered)
        follow_up_listed(rq->learning, request_person_id(rq), rq->now);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title",
              v->f.count == 1 ? "One question, from memory" : "Two questions, from memory");
    view_text(view, "id", v->f.uuid);
    view_bool(view, "is_done", v->f.left == 0);
    view_text(view, "next_words", v->f.left == 0 ? next_words(rq, &s) : "");
    view_text(view, "later_href", stands ? arena_printf(rq->arena, "%s/later", v->href) : "");
    cJSON *questions = view_list(view, "questions");
    int asking = 0;
    for (int i = 1; i <= v->f.count; i++) {
        put_question(v, questions, i);
        asking = is_asking(v, i) ? i : asking;
    }
    view_unanswered(view, question_id(rq->arena, asking), asking ? v->why : NULL);
    return response_page_status(rq, status, "follow-up", view);
}

static int open_follow_up(struct follow_up_view *v, struct error *e)
{
    struct request *rq = v->rq;
    const char *uuid = request_param(rq, "follow_up");
    struct conn *c = request_reader(rq, e);
    v->href = arena_printf(rq->arena, "/follow-ups/%s", uuid);
    return c ? follow_up_load(c, rq->learning, uuid, request_person_id(rq), rq->now, rq->arena,
                              &v->f, e)
             : -1;
}

static int follow_up_page(struct request *rq, struct error *e)
{
    struct follow_up_view v = {.rq = rq};
    return open_follow_up(&v, e) ? -1 : show(&v, 200, e);
}

/* ---- answering ---- */

struct answering {
    struct learning *learning;
    const char *uuid, *item, *answer, *op_id;
    int64_t person;
    instant at;
    int mark;
};

static int write_answer(struct conn *c, void *arg, struct error *e)
{
    struct answering *w = arg;
    return follow_up_answer(c, w->learning, w->uuid, w->person, w->item, w->answer, w->op_id, w->at,
                            &w->mark, e);
}

/* What is missing is asked for beside the question; what was answered in another tab is shown. */
static int not_saved(struct request *rq, const struct answering *w, const char *back,
                     struct error *e)
{
    if (rq->wants_json)
        return -1;
    if (e->kind == ERROR_CONFLICT)
        return response_redirect(rq, back);
    if (e->kind != ERROR_INVALID || strcmp(e->field, "answer") != 0)
        return -1;
    struct follow_up_view v = {.rq = rq, .asking = w->item, .given = w->answer};
    v.why = arena_strdup(rq->arena, e->message);
    return open_follow_up(&v, e) ? -1 : show(&v, 422, e);
}

static int follow_up_answer_post(struct request *rq, struct error *e)
{
    struct answering w = {.learning = rq->learning,
                          .uuid = request_param(rq, "follow_up"),
                          .item = request_field_or(rq, "item", ""),
                          .answer = answer_field(rq, "answer"),
                          .op_id = request_field(rq, "op_id"),
                          .person = request_person_id(rq),
                          .at = rq->now};
    struct follow_up_view v = {.rq = rq};
    if (open_follow_up(&v, e))
        return -1;
    int number = 1;
    for (int i = 0; i < v.f.count; i++)
        number = strcmp(v.f.questions[i].item->id, w.item) == 0 ? i + 1 : number;
    const char *back = arena_printf(rq->arena, "%s#question-%d", v.href, number);
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_answer, &w, e))
        return not_saved(rq, &w, back, e);
    if (!rq->wants_json)
        return response_redirect(rq, back);
    return open_follow_up(&v, e) ? -1 : show(&v, 200, e);
}

/* ---- not now; off and on ---- */

static int write_later(struct conn *c, void *arg, struct error *e)
{
    struct answering *w = arg;
    return follow_up_put_off(c, w->learning, w->uuid, w->person, w->at, e);
}

static int follow_up_later(struct request *rq, struct error *e)
{
    struct answering w = {.learning = rq->learning,
                          .uuid = request_param(rq, "follow_up"),
                          .person = request_person_id(rq),
                          .at = rq->now};
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_later, &w, e))
        return -1;
    return response_redirect(rq, "/");
}

struct switching {
    int64_t person;
    bool on;
    instant at;
};

static int write_switch(struct conn *c, void *arg, struct error *e)
{
    struct switching *w = arg;
    return follow_up_switch(c, w->person, w->on, w->at, e);
}

static int follow_up_switch_post(struct request *rq, struct error *e)
{
    const char *to = request_field_or(rq, "to", "");
    struct switching w = {request_person_id(rq), strcmp(to, "on") == 0, rq->now};
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_switch, &w, e))
        return -1;
    return response_redirect(rq, request_field_or(rq, "return_to",
                                                  w.on ? "/account?saved=follow-ups-on"
                                                       : "/account?saved=follow-ups-off"));
}

static const struct field answer_fields[] = {
    ANSWER_FIELDS,
    {.name = "op_id", .type = FIELD_OPERATION, .summary = "Operation id of a scripted save"},
};
static const struct field switch_fields[] = {
    {.name = "to",
     .type = FIELD_ENUM,
     .choices = "on|off",
     .required = true,
     .summary = "On or off"},
    {.name = "return_to", .type = FIELD_PATH, .summary = "Where to go afterwards"},
};

const struct route follow_up_routes[] = {
    {METHOD_GET, "/follow-ups/{follow_up}", follow_up_page, .who = ACCESS_SIGNED_IN, .nav = "home",
     .summary = "Questions that came back after a finished course"},
    {METHOD_POST, "/follow-ups/{follow_up}/answer", follow_up_answer_post, .who = ACCESS_SIGNED_IN,
     .nav = "home", .body_max = 4096, .fields = answer_fields, .field_count = 3,
     .summary = "Answer one of them; the first answer stands"},
    {METHOD_POST, "/follow-ups/{follow_up}/later", follow_up_later, .who = ACCESS_SIGNED_IN,
     .nav = "home", .body_max = 1024, .summary = "Not now: they come back in a week"},
    {METHOD_POST, "/account/follow-ups", follow_up_switch_post, .who = ACCESS_SIGNED_IN,
     .body_max = 1024, .fields = switch_fields, .field_count = 2,
     .summary = "Switch off everything that comes back after a course, or on again"},
    {0},
};
