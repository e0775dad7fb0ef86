/* The end of a learning check: review, the name on the certificate, handing in, the result. */
#include "http/response.h"
#include "learning/certificate_file.h"
#include "pages/attempt_view.h"
#include "pages/form.h"
#include "pages/letters.h"
#include "pages/pretest_view.h"
#include "pages/question_view.h"
#include <string.h>

/* ---- review ---- */

static void put_unanswered(cJSON *view, struct request *rq, const struct attempt *t)
{
    cJSON *list = view_list(view, "unanswered");
    for (int i = 0; i < t->item_count; i++) {
        if (t->items[i].whole)
            continue;
        cJSON *item = view_item(list);
        view_int(item, "number", i + 1);
        view_bool(item, "is_begun", t->items[i].answered_at != 0);
        view_text(item, "stem", t->items[i].item->stem_text);
        view_text(item, "href", arena_printf(rq->arena, "/attempts/%s?item=%d", t->uuid, i + 1));
    }
    int open = t->item_count - t->answered;
    view_bool(view, "has_unanswered", open > 0);
    view_text(view, "unanswered_words",
              open == 1 ? "One question has no answer yet"
                        : arena_printf(rq->arena, "%s questions have no answer yet",
                                       words_capital(rq->arena, words_number(rq->arena, open))));
}

/* Asked once, before the first handing in; what was typed stays in the field. */
static void put_name(cJSON *view, struct request *rq)
{
    const struct person *person = request_person(rq);
    const char *typed = request_field(rq, "certificate_name");
    view_bool(view, "asks_name", !person->certificate_name);
    view_text(view, "certificate_name",
              typed                      ? typed
              : person->certificate_name ? person->certificate_name
                                         : person->name);
}

static int show_review(struct request *rq, const struct attempt *t, int status)
{
    cJSON *view = cJSON_CreateObject();
    view_attempt(view, rq, t, "Before you hand it in");
    view_text(view, "submit_href", attempt_href(rq->arena, t->uuid, "/submit"));
    view_text(view, "save_href", attempt_href(rq->arena, t->uuid, "/answer"));
    put_unanswered(view, rq, t);
    if (t->pre) {
        view_bool(view, "asks_name", false);
    } else {
        view_pass_mark(view, rq, t->enrolment.publication);
        put_name(view, rq);
    }
    form_put_errors(rq, view);
    return response_page_status(rq, status, "attempt-review", view);
}

int attempt_review_page(struct request *rq, struct error *e)
{
    struct attempt t;
    if (attempt_open(rq, &t, e))
        return -1;
    if (t.closed)
        return response_redirect(rq, attempt_href(rq->arena, t.uuid, "/result"));
    return show_review(rq, &t, 200);
}

/* ---- handing in ---- */

struct handing_in {
    struct learning *learning;
    const char *uuid;
    int64_t person;
    const char *certificate_name;
    instant at;
    bool passed, completed_now;
};

static int write_hand_in(struct conn *c, void *arg, struct error *e)
{
    struct handing_in *h = arg;
    struct error why = {0};
    if (attempt_submit(c, h->learning, h->uuid, h->person, h->certificate_name, h->at, &h->passed,
                       &h->completed_now, &why) == 0)
        return 0;
    if (why.kind == ERROR_NOT_FOUND) /* or these are questions before the course */
        return pretest_submit(c, h->uuid, h->person, h->at, e);
    *e = why;
    return -1;
}

static int review_with_errors(struct request *rq, struct error *e)
{
    struct attempt t;
    return attempt_open(rq, &t, e) ? -1 : show_review(rq, &t, 422);
}

int attempt_hand_in(struct request *rq, struct error *e)
{
    if (request_has_errors(rq))
        return review_with_errors(rq, e);
    struct handing_in h = {.learning = rq->learning,
                           .uuid = request_param(rq, "attempt"),
                           .person = request_person_id(rq),
                           .certificate_name = request_field(rq, "certificate_name"),
                           .at = rq->now};
    request_reader_release(rq);
    if (certificate_file_check_name(rq->learning, h.certificate_name, e) ||
        db_write(rq->learning->db, write_hand_in, &h, e)) {
        if (e->kind == ERROR_CONFLICT && !rq->wants_json) /* a pre-test that was overtaken */
            return response_redirect(rq, attempt_href(rq->arena, h.uuid, "/result"));
        if (e->kind != ERROR_INVALID || strcmp(e->field, "certificate_name") != 0)
            return -1;
        request_add_error(rq, e);
        return review_with_errors(rq, e);
    }
    if (!h.completed_now)
        return response_redirect(rq, attempt_href(rq->arena, h.uuid, "/result"));
    struct attempt t;
    if (attempt_open(rq, &t, e))
        return -1;
    return response_redirect(
        rq, arena_printf(rq->arena, "/courses/%s/completed", t.enrolment.publication->course));
}

/* ---- the result ---- */

static void put_score(cJSON *view, struct request *rq, const struct attempt *t)
{
    struct arena *a = rq->arena;
    int64_t mark = 0;
    for (int i = 0; i < t->item_count; i++)
        mark += t->items[i].mark;
    const char *score = words_points(a, mark), *outcome = t->passed ? "passed" : "not there yet";
    const char *said = arena_printf(a, "%s of %d", score, t->item_count);
    if (mark % 1000 == 0)
        said = arena_printf(a, "%s of %s", words_number(a, (int)(mark / 1000)),
                            words_number(a, t->item_count));
    view_text(view, "h1", words_capital(a, arena_printf(a, "%s: %s", said, outcome)));
    view_text(view, "score_words", arena_printf(a, "Your score is %s of %d", score, t->item_count));
    view_text(view, "score", score);
    view_bool(view, "is_passed", t->passed);
    view_int(view, "right_count", t->right_count);
    view_text(view, "handed_in_words", words_date(rq, t->submitted_at));
}

/* Lessons, as they stand now, whose own question serves the objective of something not right: each
 * once. */
static void put_revisit(cJSON *view, struct request *rq, const struct attempt *t,
                        const struct publication *p)
{
    cJSON *list = view_list(view, "revisit");
    bool any = false;
    for (int k = 0; k < p->lesson_count; k++) {
        const struct lesson *l = &p->lessons[k];
        const char *serves = l->check_item >= 0 ? p->items[l->check_item].objective : NULL;
        bool wanted = false;
        for (int i = 0; i < t->item_count && serves; i++)
            wanted = wanted || (t->items[i].mark < 1000 && t->items[i].item->objective &&
                                strcmp(t->items[i].item->objective, serves) == 0);
        if (!wanted)
            continue;
        struct step step = {STEP_LESSON, l->id, l->title, l->minutes};
        cJSON *lesson = view_item(list);
        view_text(lesson, "name", l->title);
        view_text(lesson, "href", step_href(rq->arena, p->course, &step));
        view_text(lesson, "minutes_words", words_minutes(rq->arena, l->minutes));
        any = true;
    }
    view_bool(view, "has_revisit", any);
}

static void put_results(cJSON *view, struct request *rq, const struct attempt *t)
{
    cJSON *items = view_list(view, "items");
    for (int i = 0; i < t->item_count; i++) {
        const struct attempt_item *it = &t->items[i];
        cJSON *question = view_item(items);
        view_int(question, "number", i + 1);
        view_text(question, "id", arena_printf(rq->arena, "q%d", i + 1));
        view_question(question, it->item);
        view_text(question, "answer", it->answer);
        view_result(question, rq->arena, it->item, &it->layout, it->answer);
        view_text(
            question, "challenge_href",
            challenge_href(rq->arena, t->enrolment.publication->course, "item", it->item->id));
    }
}

/* Where to go from here: after a pass the course's next thing, else another try. */
static int put_next(cJSON *view, struct request *rq, struct conn *c, const struct attempt *t,
                    const struct enrolment *en, struct error *e)
{
    struct progress mine = {.completed = en->finished_under != 0,
                            .next = {STEP_CHECK, "again", "Learning check", 0}};
    if (t->passed && progress_load(c, rq->learning, en, rq->arena, &mine, e))
        return -1;
    const char *course = t->enrolment.publication->course;
    view_text(view, "again_href", arena_printf(rq->arena, "/courses/%s/check", course));
    view_bool(view, "is_completed", mine.completed);
    cJSON *next = view_object(view, "next");
    view_text(next, "href", step_href(rq->arena, course, &mine.next));
    view_text(next, "label", step_label(rq->arena, &mine.next));
    return 0;
}

int attempt_result_page(struct request *rq, struct error *e)
{
    struct attempt t;
    struct enrolment en;
    if (attempt_open(rq, &t, e))
        return -1;
    if (!t.closed)
        return response_redirect(rq, attempt_href(rq->arena, t.uuid, ""));
    if (t.pre)
        return pretest_thanks(rq, &t, e);
    struct conn *c = request_reader(rq, e);
    if (!c || enrolment_get(c, rq->learning, t.enrolment.id, &en, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_attempt(view, rq, &t, "Your result");
    put_score(view, rq, &t);
    view_pass_mark(view, rq, t.enrolment.publication);
    view_bool(view, "is_late", request_checked(rq, "late"));
    put_revisit(view, rq, &t, en.publication);
    put_results(view, rq, &t);
    if (put_next(view, rq, c, &t, &en, e) || view_before_now(view, rq, &t, e)) {
        cJSON_Delete(view);
        return -1;
    }
    return response_page(rq, "attempt-result", view);
}
