/*
 * "Challenge this", as a learner meets it.
 *
 *   GET  /courses/{course}/challenge   ?lesson= or ?item=: what is wrong here? ?sent= thanks
 *   POST /courses/{course}/challenge   sends it to the course's owner, with a name or without
 *   GET  /account/questions            what one sent with a name, and the answers
 */
#include "http/response.h"
#include "pages/form.h"
#include "pages/letters.h"
#include "pages/study_view.h"
#include <string.h>

/* ---- the form ---- */

struct page {
    struct enrolment en;
    struct challenge_part part;
};

/* 1 found, 0 not begun (in page->en.publication the course), -1 with e. */
static int open_page(struct request *rq, struct page *page, struct error *e)
{
    int begun = study_reading(rq, &page->en, e);
    if (begun <= 0)
        return begun;
    struct conn *c = request_reader(rq, e);
    if (!c || challenge_find_part(c, rq->learning, &page->en, request_field(rq, "lesson"),
                                  request_field(rq, "item"), &page->part, e))
        return -1;
    return 1;
}

/* The lesson whose own question the item is; else the course. */
static const char *back_href(struct arena *a, const struct challenge_part *part)
{
    const struct publication *p = part->publication;
    const struct lesson *lesson = part->lesson;
    for (int i = 0; i < p->lesson_count && !lesson; i++)
        if (p->lessons[i].check_item >= 0 && &p->items[p->lessons[i].check_item] == part->item)
            lesson = &p->lessons[i];
    if (!lesson)
        return course_href(a, p->course);
    return arena_printf(a, "/courses/%s/%s", p->course, lesson->id);
}

static const char *sent_words(const char *sent)
{
    if (!sent)
        return "";
    return strcmp(sent, "anonymous") == 0
               ? "Sent without your name. What is put right because of it will stand in the "
                 "public list of corrections."
               : "Sent. The answer will stand under “Your questions”, and on My learning when it "
                 "is new.";
}

static int show(struct request *rq, const struct page *page, int status)
{
    const struct challenge_part *part = &page->part;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", part->lesson ? "Challenge this lesson" : "Challenge this question");
    view_course(view, rq, part->publication);
    view_course_crumbs(view, rq, part->publication);
    cJSON *about = view_object(view, "about");
    view_text(about, "kind", part->lesson ? "lesson" : "item");
    view_text(about, "id", part->lesson ? part->lesson->id : part->item->id);
    view_text(about, "lesson_name", part->lesson ? part->lesson->title : "");
    view_text(about, "stem_html", part->item ? part->item->stem_html : "");
    view_text(view, "sent_words", sent_words(request_field(rq, "sent")));
    view_text(view, "action",
              arena_printf(rq->arena, "/courses/%s/challenge", part->publication->course));
    view_text(view, "back_href", back_href(rq->arena, part));
    view_caution(view, rq);
    form_put_errors(rq, view);
    view_bool(view, "is_anonymous", request_checked(rq, "anonymous"));
    return response_page_status(rq, status, "challenge", view);
}

static int challenge_page(struct request *rq, struct error *e)
{
    struct page page;
    int begun = open_page(rq, &page, e);
    if (begun < 0)
        return -1;
    if (!begun)
        return response_redirect(rq, course_href(rq->arena, page.en.publication->course));
    return show(rq, &page, 200);
}

/* ---- sending ---- */

struct sending {
    const struct challenge_part *part;
    int64_t person;
    const char *wrong, *source;
    const struct zone *zone;
    instant at;
};

static int write_challenge(struct conn *c, void *arg, struct error *e)
{
    const struct sending *s = arg;
    char uuid[37];
    return challenge_add(c, s->part, s->person, s->wrong, s->source, s->zone, s->at, uuid, e);
}

static int challenge_post(struct request *rq, struct error *e)
{
    struct page page;
    int begun = open_page(rq, &page, e);
    if (begun < 0)
        return -1;
    if (!begun)
        return error_set(e, ERROR_CONFLICT,
                         "Begin this course first; then you can challenge what it says.");
    if (request_has_errors(rq))
        return show(rq, &page, 422);
    request_reader_release(rq);
    if (letter_take(rq, e))
        return -1;
    bool anonymous = request_checked(rq, "anonymous");
    const struct site *site = rq->app;
    struct sending s = {.part = &page.part,
                        .person = anonymous ? 0 : request_person_id(rq),
                        .wrong = request_field(rq, "wrong"),
                        .source = request_field_or(rq, "source", ""),
                        .zone = site->zone,
                        .at = rq->now};
    if (db_write(rq->learning->db, write_challenge, &s, e))
        return -1;
    const char *here =
        page.part.lesson
            ? challenge_href(rq->arena, request_param(rq, "course"), "lesson", page.part.lesson->id)
            : challenge_href(rq->arena, request_param(rq, "course"), "item", page.part.item->id);
    return response_redirect(
        rq, arena_printf(rq->arena, "%s&sent=%s", here, anonymous ? "anonymous" : "named"));
}

/* ---- one's own ---- */

static int questions_page(struct request *rq, struct error *e)
{
    struct challenge *list;
    struct conn *c = request_reader(rq, e);
    int n = c ? challenges_of(c, rq->learning, request_person_id(rq), rq->arena, &list, e) : -1;
    if (n < 0)
        return -1;
    instant latest = 0;
    for (int i = 0; i < n; i++)
        latest = list[i].answer.at > latest ? list[i].answer.at : latest;
    if (letter_was_read(rq, ANSWERS_TO_CHALLENGES, latest, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Your questions");
    view_crumb(view, "Your account", "/account");
    cJSON *questions = view_list(view, "questions");
    view_bool(view, "has_questions", n > 0);
    for (int i = 0; i < n; i++) {
        cJSON *item = view_item(questions);
        view_text(item, "id", list[i].uuid);
        view_text(item, "course_name", list[i].part.publication->title);
        view_text(item, "about_words",
                  words_capital(rq->arena, challenge_part_words(rq->arena, &list[i].part)));
        view_text(item, "challenged", list[i].wrong);
        view_text(item, "source", list[i].source);
        view_text(item, "sent_words", words_date(rq, list[i].at));
        view_challenge_answer(item, rq, &list[i].answer);
    }
    return response_page(rq, "questions", view);
}

/* ---- routes ---- */

static const struct field page_fields[] = {
    {.name = "lesson", .type = FIELD_ID, .summary = "The lesson, or"},
    {.name = "item", .type = FIELD_ID, .summary = "the question that is challenged"},
    {.name = "sent",
     .type = FIELD_ENUM,
     .choices = "named|anonymous",
     .summary = "Thank for what was just sent"},
};
static const struct field send_fields[] = {
    {.name = "lesson", .type = FIELD_ID, .summary = "The lesson, or"},
    {.name = "item", .type = FIELD_ID, .summary = "the question that is challenged"},
    {.name = "wrong",
     .type = FIELD_BLOCK,
     .max = LETTER_MAX,
     .required = true,
     .summary = "What is wrong"},
    {.name = "source", .type = FIELD_BLOCK, .max = 1000, .summary = "A source"},
    {.name = "anonymous", .type = FIELD_CHECKBOX, .summary = "Send it without my name"},
};

const struct route challenge_routes[] = {
    {METHOD_GET, "/courses/{course}/challenge", challenge_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .fields = page_fields, .field_count = 3,
     .summary = "Say what is wrong in a lesson or a question"},
    {METHOD_POST, "/courses/{course}/challenge", challenge_post, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = LETTER_BODY, .flags = ROUTE_TAKES_ERRORS, .fields = send_fields,
     .field_count = 5, .summary = "Send it to the course's owner, with a name or without"},
    {METHOD_GET, "/account/questions", questions_page, .who = ACCESS_SIGNED_IN,
     .summary = "What you challenged under your name, and the answers"},
    {0},
};
