/*
 * POST /attempts/{attempt}/answer    one answer: a script's save (JSON) or a plain form
 * POST /attempts/{attempt}/answers   all answers on a page, as a plain form sends them
 */
#include "http/response.h"
#include "pages/attempt_view.h"
#include "pages/question_view.h"
#include <string.h>

/* ---- saving one answer ---- */

struct save {
    struct learning *learning;
    const char *uuid;
    int64_t person;
    const char *item, *answer, *was, *op_id;
    instant at;
    struct attempt_saved saved;
};

static int write_save(struct conn *c, void *arg, struct error *e)
{
    struct save *s = arg;
    return attempt_answer(c, s->learning, s->uuid, s->person, s->item, s->answer, s->was, s->op_id,
                          s->at, &s->saved, e);
}

static int save_reply(struct request *rq, const struct save *s)
{
    char at[28];
    instant_rfc3339_us(s->saved.at, at);
    cJSON *reply = cJSON_CreateObject();
    view_text(reply, "item", s->item);
    view_text(reply, "answer", s->saved.answer);
    view_bool(reply, "is_whole", s->saved.whole);
    view_text(reply, "saved_at", at);
    view_text(reply, "saved_at_words", words_saved(rq, s->saved.at));
    return response_json(rq, 200, reply);
}

static void put_choice(cJSON *view, struct request *rq, const char *name, const struct item *item,
                       const char *answer)
{
    cJSON *choice = view_object(view, name);
    view_text(choice, "answer", answer);
    view_text(choice, "words", answer_words(rq->arena, item, answer));
    cJSON *parts = view_list(choice, "parts");
    for (const char *s = answer; *s; s += strspn(s, ",")) {
        size_t n = strcspn(s, ",");
        view_text(view_item(parts), "value", arena_strndup(rq->arena, s, n));
        s += n;
    }
}

static int place_of(const struct attempt *t, const char *item)
{
    for (int i = 0; i < t->item_count; i++)
        if (strcmp(t->items[i].item->id, item) == 0)
            return i;
    return -1;
}

/* Of one question two answers: both in words. */
static void put_both(cJSON *view, struct request *rq, const struct attempt *t, int place,
                     const char *saved, const char *yours)
{
    const struct item *item = t->items[place].item;
    view_text(view, "item", item->id);
    view_int(view, "number", place + 1);
    view_text(view, "stem_html", item->stem_html);
    put_choice(view, rq, "saved", item, saved);
    put_choice(view, rq, "yours", item, yours);
}

/* The person chooses which one stands. */
static int both_answers(struct request *rq, const struct save *s, const struct attempt *t,
                        int place, const struct error *why)
{
    cJSON *view = cJSON_CreateObject();
    view_attempt(view, rq, t, "Two answers to one question");
    view_int(view, "status", 409);
    view_text(view, "detail", arena_strdup(rq->arena, why->message));
    view_text(view, "save_href", attempt_href(rq->arena, t->uuid, "/answer"));
    put_both(view, rq, t, place, s->saved.earlier, s->saved.answer);
    return response_page_status(rq, 409, "attempt-conflict", view);
}

static int save_refused(struct request *rq, const struct save *s, struct error *e)
{
    struct error why = *e;
    struct attempt t;
    bool unfit = why.kind == ERROR_INVALID && strcmp(why.field, "answer") == 0 && !rq->wants_json;
    if ((why.kind != ERROR_CONFLICT && !unfit) || attempt_open(rq, &t, e))
        return -1;
    int place = place_of(&t, s->item);
    if (unfit && place >= 0) {
        struct attempt_asking asking = {0};
        asking.words[place] = arena_strdup(rq->arena, why.message);
        asking.given[place] = s->answer;
        return attempt_show(rq, &t, place, &asking, 422);
    }
    if (*s->saved.earlier && place >= 0)
        return both_answers(rq, s, &t, place, &why);
    if (t.closed && !rq->wants_json)
        return response_redirect(rq, attempt_href(rq->arena, t.uuid, "/result?late=1"));
    *e = why;
    return -1;
}

/* After a plain form: the next question, with what was just saved beside it. */
static int save_and_go_on(struct request *rq, const struct save *s, struct error *e)
{
    struct attempt t;
    if (attempt_open(rq, &t, e))
        return -1;
    int place = place_of(&t, s->item);
    if (place < 0 || place + 1 >= t.item_count)
        return response_redirect(rq, attempt_href(rq->arena, t.uuid, "/review"));
    return response_redirect(
        rq, arena_printf(rq->arena, "/attempts/%s?item=%d&saved=%d", t.uuid, place + 2, place + 1));
}

static int ask_again(struct request *rq, const char *item, struct error *e)
{
    struct attempt t;
    if (attempt_open(rq, &t, e))
        return -1;
    int place = place_of(&t, item);
    return response_redirect(rq, arena_printf(rq->arena, "/attempts/%s?item=%d&asking=1", t.uuid,
                                              place < 0 ? 1 : place + 1));
}

int attempt_answer_save(struct request *rq, struct error *e)
{
    struct save s = {.learning = rq->learning,
                     .uuid = request_param(rq, "attempt"),
                     .person = request_person_id(rq),
                     .item = request_field_or(rq, "item", ""),
                     .answer = answer_field(rq, "answer"),
                     .was = request_field(rq, "was"),
                     .op_id = request_field(rq, "op_id"),
                     .at = rq->now};
    if (!*s.answer && !rq->wants_json)
        return ask_again(rq, s.item, e);
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_save, &s, e))
        return save_refused(rq, &s, e);
    return rq->wants_json ? save_reply(rq, &s) : save_and_go_on(rq, &s, e);
}

/* ---- saving a page of answers ---- */

struct page_answer {
    const char *answer;                           /* as it came; "": left as it is */
    const char *was;                              /* what the page showed, or NULL */
    struct error unfit;                           /* why it could not be taken */
    char stands[ANSWER_ROOM], yours[ANSWER_ROOM]; /* both, when another one stands by now */
};

struct save_all {
    struct learning *learning;
    const struct attempt *attempt;
    struct page_answer *answers; /* one for each item */
    instant at;
};

static int save_one(struct conn *c, const struct save_all *s, int i, struct error *e)
{
    const struct attempt_item *it = &s->attempt->items[i];
    struct page_answer *p = &s->answers[i];
    struct attempt_saved saved;
    p->unfit = (struct error){0};
    *p->stands = 0;
    if (!*p->answer || item_answer_read(it->item, p->answer, p->yours, &p->unfit))
        return 0;
    if (strcmp(p->yours, p->was ? p->was : it->answer) == 0)
        return 0; /* as it was shown: nothing new is said */
    if (attempt_answer(c, s->learning, s->attempt->uuid, s->attempt->person, it->item->id, p->yours,
                       p->was, NULL, s->at, &saved, e) == 0)
        return 0;
    if (e->kind == ERROR_INVALID) {
        p->unfit = *e;
        *e = (struct error){0};
        return 0;
    }
    if (!*saved.earlier)
        return -1;
    memcpy(p->stands, saved.earlier, sizeof p->stands);
    return 0;
}

static int write_save_all(struct conn *c, void *arg, struct error *e)
{
    const struct save_all *s = arg;
    for (int i = 0; i < s->attempt->item_count; i++)
        if (save_one(c, s, i, e))
            return -1;
    return 0;
}

/* Where another answer stands by now, the person chooses; all questions on one page. */
static int both_of_page(struct request *rq, const struct save_all *s, const struct attempt *t)
{
    cJSON *view = cJSON_CreateObject();
    view_attempt(view, rq, t, "Two answers to a question");
    view_int(view, "status", 409);
    view_text(view, "detail",
              "What stands below was answered somewhere else since this page showed it. Both "
              "answers are shown; choose the one that stands. Everything else is saved.");
    view_text(view, "save_all_href", attempt_href(rq->arena, t->uuid, "/answers"));
    cJSON *list = view_list(view, "conflicts");
    for (int i = 0; i < t->item_count; i++)
        if (*s->answers[i].stands)
            put_both(view_item(list), rq, t, i, s->answers[i].stands, s->answers[i].yours);
    return response_page_status(rq, 409, "attempt-conflicts", view);
}

/* What could not be taken is asked for again, as it came; the rest is saved. */
static int after_page(struct request *rq, const struct save_all *s, struct error *e)
{
    struct attempt_asking asking = {0};
    bool unfit = false, overtaken = false;
    for (int i = 0; i < s->attempt->item_count; i++) {
        const struct page_answer *p = &s->answers[i];
        overtaken |= *p->stands != 0;
        if (p->unfit.kind == ERROR_NONE)
            continue;
        asking.words[i] = p->unfit.message;
        asking.given[i] = p->answer;
        unfit = true;
    }
    struct attempt t;
    if (!unfit && !overtaken)
        return response_redirect(rq, attempt_href(rq->arena, s->attempt->uuid, "/review"));
    if (attempt_open(rq, &t, e))
        return -1;
    return overtaken ? both_of_page(rq, s, &t) : attempt_show(rq, &t, -1, &asking, 422);
}

int attempt_answers_save(struct request *rq, struct error *e)
{
    struct arena *a = rq->arena;
    struct attempt t;
    if (attempt_open(rq, &t, e))
        return -1;
    if (t.closed)
        return response_redirect(rq, attempt_href(a, t.uuid, "/result?late=1"));
    struct save_all s = {.learning = rq->learning, .attempt = &t, .at = rq->now};
    s.answers = arena_array(a, (size_t)t.item_count + 1, sizeof *s.answers);
    for (int i = 0; i < t.item_count; i++) {
        const char *item = t.items[i].item->id;
        s.answers[i].answer = answer_field(rq, arena_printf(a, "answer.%s", item));
        s.answers[i].was = request_field(rq, arena_printf(a, "was.%s", item));
    }
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_save_all, &s, e))
        return -1;
    return after_page(rq, &s, e);
}
