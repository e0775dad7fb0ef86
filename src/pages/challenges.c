/*
 * "Challenge this", as the course's owner meets it.
 *
 *   GET  /administration/challenges                     those without an answer first
 *   GET  /administration/challenges/{challenge}         one, with the form for its answer
 *   POST /administration/challenges/{challenge}/answer  accept or decline, in words
 *
 * {challenge} is the uuid. Who asked is shown on the one's own page, and looking there is audited.
 */
#include "http/response.h"
#include "learning/ledger.h"
#include "pages/form.h"
#include "pages/letters.h"
#include <string.h>

static const char *href_of(struct request *rq, const char *uuid)
{
    return arena_printf(rq->arena, "/administration/challenges/%s", uuid);
}

static void put_breadcrumb(cJSON *view, bool below)
{
    view_crumb(view, "Administration", "/administration");
    if (below)
        view_crumb(view, "Challenges", "/administration/challenges");
}

/* ---- the list ---- */

static void put_list(cJSON *view, const char *name, struct request *rq,
                     const struct challenge *list, int n)
{
    cJSON *items = view_list(view, name);
    for (int i = 0; i < n; i++) {
        cJSON *item = view_item(items);
        view_text(item, "href", href_of(rq, list[i].uuid));
        view_text(item, "course_name", list[i].part.publication->title);
        view_text(item, "about_words",
                  words_capital(rq->arena, challenge_part_words(rq->arena, &list[i].part)));
        view_text(item, "wrong_words", words_cut(rq->arena, list[i].wrong, 160));
        view_text(item, "sent_words", words_date(rq, list[i].at));
        view_bool(item, "is_accepted", list[i].answer.accepted);
        view_text(item, "answered_words",
                  list[i].answer.id ? words_date(rq, list[i].answer.at) : "");
    }
}

static const char *page_href(struct request *rq, int64_t page)
{
    return arena_printf(rq->arena, "/administration/challenges?page=%lld", (long long)page);
}

static int list_page(struct request *rq, struct error *e)
{
    struct challenge *open, *answered;
    bool more = false;
    int64_t page = request_integer_or(rq, "page", 1);
    struct conn *c = request_reader(rq, e);
    int n = c ? challenges_open(c, rq->learning, rq->arena, &open, e) : -1;
    int m = n < 0 ? -1 : challenges_answered(c, rq->learning, page, rq->arena, &answered, &more, e);
    int64_t waiting = m < 0 ? -1 : challenges_open_count(c, e);
    if (waiting < 0)
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Challenges");
    put_breadcrumb(view, false);
    view_int(view, "waiting", waiting);
    put_list(view, "open", rq, open, n);
    put_list(view, "answered", rq, answered, m);
    view_bool(view, "has_open", n > 0);
    view_bool(view, "has_more_open", waiting > n);
    view_bool(view, "has_answered", m > 0);
    cJSON *pages = view_object(view, "pages");
    view_int(pages, "page", page);
    view_bool(view, "has_pages", more || page > 1);
    view_text(pages, "previous_href", page > 1 ? page_href(rq, page - 1) : "");
    view_text(pages, "next_href", more ? page_href(rq, page + 1) : "");
    return response_page(rq, "challenges", view);
}

/* ---- one ---- */

static const char *today(struct request *rq)
{
    const struct site *site = rq->app;
    char *date = arena_alloc(rq->arena, 11);
    zone_date(site->zone, rq->now, date);
    return date;
}

static void put_form(cJSON *view, struct request *rq, const struct challenge *k)
{
    const struct challenge_answer *a = &k->answer;
    const char *verdict = request_field_or(rq, "verdict",
                                           !a->id        ? ""
                                           : a->accepted ? "accepted"
                                                         : "declined");
    cJSON *form = view_object(view, "form");
    view_text(form, "action", arena_printf(rq->arena, "%s/answer", href_of(rq, k->uuid)));
    view_int(form, "seen", a->id);
    view_bool(form, "accepts", strcmp(verdict, "accepted") == 0);
    view_bool(form, "declines", strcmp(verdict, "declined") == 0);
    view_text(form, "answer", request_field_or(rq, "answer", a->id ? a->words : ""));
    view_text(form, "said", request_field_or(rq, "said", a->id ? a->said : ""));
    view_text(form, "says", request_field_or(rq, "says", a->id ? a->says : ""));
    view_text(form, "corrected_on",
              request_field_or(rq, "corrected_on",
                               a->id && *a->corrected_on ? a->corrected_on : today(rq)));
    view_text(form, "latest", today(rq));
    view_bool(form, "is_again", a->id != 0);
}

static int show(struct request *rq, int status, struct error *e)
{
    struct challenge k;
    struct person asker = {0};
    struct conn *c = request_reader(rq, e);
    if (!c || challenge_get(c, rq->learning, request_param(rq, "challenge"), rq->arena, &k, e) ||
        (k.person && person_get(c, k.person, rq->arena, &asker, e)))
        return -1;
    const struct challenge_part *part = &k.part;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", part->lesson ? "A lesson is challenged" : "A question is challenged");
    put_breadcrumb(view, true);
    cJSON *about = view_object(view, "about");
    view_text(about, "course_name", part->publication->title);
    view_text(about, "version", part->publication->version);
    view_text(about, "version_href",
              arena_printf(rq->arena, "/courses/%s/v%s", part->publication->course,
                           part->publication->hash));
    view_text(about, "kind", part->lesson ? "lesson" : "item");
    view_text(about, "id", part->lesson ? part->lesson->id : part->item->id);
    view_text(about, "lesson_name", part->lesson ? part->lesson->title : "");
    view_text(about, "stem_html", part->item ? part->item->stem_html : "");
    view_text(view, "challenged", k.wrong);
    view_text(view, "source", k.source);
    view_text(view, "sent_words", words_date(rq, k.at));
    view_text(view, "who_name", k.person ? asker.name : "");
    view_challenge_answer(view, rq, &k.answer);
    put_form(view, rq, &k);
    form_put_errors(rq, view);
    if (status == 200)
        audit_later(rq->learning, request_person_id(rq), "challenge.view", k.uuid, "");
    return response_page_status(rq, status, "challenge-answer", view);
}

static int one_page(struct request *rq, struct error *e)
{
    return show(rq, 200, e);
}

/* ---- answering ---- */

struct answering {
    const char *uuid;
    int64_t seen, actor;
    struct challenge_answer answer;
    instant at;
};

static int write_answer(struct conn *c, void *arg, struct error *e)
{
    const struct answering *w = arg;
    return challenge_answer(c, w->uuid, w->seen, &w->answer, w->actor, w->at, e);
}

static int send_answer(struct request *rq, struct error *e)
{
    const char *day = request_field_or(rq, "corrected_on", "");
    if (strcmp(day, today(rq)) > 0)
        return error_field(e, "corrected_on", "Corrected on: please give a day that has come");
    struct answering w = {
        .uuid = request_param(rq, "challenge"),
        .seen = request_integer_or(rq, "seen", 0),
        .actor = request_person_id(rq),
        .answer = {.accepted = strcmp(request_field(rq, "verdict"), "accepted") == 0,
                   .words = request_field(rq, "answer"),
                   .said = request_field_or(rq, "said", ""),
                   .says = request_field_or(rq, "says", ""),
                   .corrected_on = day},
        .at = rq->now};
    request_reader_release(rq);
    return db_write(rq->learning->db, write_answer, &w, e);
}

static int answer_post(struct request *rq, struct error *e)
{
    if (request_has_errors(rq))
        return show(rq, 422, e);
    if (send_answer(rq, e) == 0)
        return response_redirect(rq, href_of(rq, request_param(rq, "challenge")));
    return form_take_error(rq, e) ? show(rq, 422, e) : -1;
}

/* ---- routes ---- */

static const struct field list_fields[] = {
    {.name = "page", .type = FIELD_INTEGER, .low = 1, .high = 1000, .summary = "Page"},
};
static const struct field answer_fields[] = {
    {.name = "seen", .type = FIELD_INTEGER, .summary = "The answer that stood when you opened it"},
    {.name = "verdict",
     .type = FIELD_ENUM,
     .choices = "accepted|declined",
     .required = true,
     .summary = "Your decision"},
    {.name = "answer",
     .type = FIELD_BLOCK,
     .max = LETTER_MAX,
     .required = true,
     .summary = "Your answer"},
    {.name = "said", .type = FIELD_BLOCK, .max = LETTER_MAX, .summary = "What it said"},
    {.name = "says", .type = FIELD_BLOCK, .max = LETTER_MAX, .summary = "What it says now"},
    {.name = "corrected_on", .type = FIELD_DATE, .summary = "Corrected on"},
};

const struct route challenges_routes[] = {
    {METHOD_GET, "/administration/challenges", list_page, .who = ACCESS_COE,
     .nav = "administration", .fields = list_fields, .field_count = 1,
     .summary = "What learners hold to be wrong, those without an answer first"},
    {METHOD_GET, "/administration/challenges/{challenge}", one_page, .who = ACCESS_COE,
     .nav = "administration", .summary = "One challenge, and the form for its answer"},
    {METHOD_POST, "/administration/challenges/{challenge}/answer", answer_post, .who = ACCESS_COE,
     .nav = "administration", .body_max = 3 * LETTER_BODY, .flags = ROUTE_TAKES_ERRORS,
     .fields = answer_fields, .field_count = 6,
     .summary = "Accept or decline a challenge; what is accepted is public"},
    {0},
};
