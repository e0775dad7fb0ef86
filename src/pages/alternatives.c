/*
 * "Ask for an alternative", as the center meets it.
 *
 *   GET  /administration/alternatives                       those without an answer first
 *   GET  /administration/alternatives/{alternative}         one, with the form for its answer
 *   POST /administration/alternatives/{alternative}/answer  excuse, offer another way, or decline
 *
 * {alternative} is the uuid. Who asked is shown on the one's own page, and looking there is
 * audited.
 */
#include "http/response.h"
#include "learning/ledger.h"
#include "pages/form.h"
#include "pages/letters.h"
#include <string.h>

static const char *href_of(struct request *rq, const char *uuid)
{
    return arena_printf(rq->arena, "/administration/alternatives/%s", uuid);
}

static void put_breadcrumb(cJSON *view, bool below)
{
    view_crumb(view, "Administration", "/administration");
    if (below)
        view_crumb(view, "Requests for an alternative", "/administration/alternatives");
}

/* A course's title; its id when it is no longer offered. */
static const char *course_name(struct request *rq, const char *course)
{
    struct error none = {0};
    const struct publication *p = shelf_current(rq->learning->shelf, course, &none);
    return p ? p->title : course;
}

/* ---- the list ---- */

static void put_list(cJSON *view, const char *name, struct request *rq,
                     const struct alternative *list, int n)
{
    cJSON *items = view_list(view, name);
    for (int i = 0; i < n; i++) {
        cJSON *item = view_item(items);
        view_text(item, "href", href_of(rq, list[i].uuid));
        view_text(item, "course_name", course_name(rq, list[i].course));
        view_text(item, "sent_words", words_date(rq, list[i].at));
        view_text(item, "outcome", alternative_outcome_key(list[i].outcome));
        view_text(item, "outcome_words", alternative_outcome_words(list[i].outcome));
        view_text(item, "answered_words",
                  list[i].answer ? words_date(rq, list[i].answered_at) : "");
    }
}

static const char *page_href(struct request *rq, int64_t page)
{
    return arena_printf(rq->arena, "/administration/alternatives?page=%lld", (long long)page);
}

static int list_page(struct request *rq, struct error *e)
{
    struct alternative *open, *answered;
    bool more = false;
    int64_t page = request_integer_or(rq, "page", 1);
    struct conn *c = request_reader(rq, e);
    int n = c ? alternatives_open(c, rq->arena, &open, e) : -1;
    int m = n < 0 ? -1 : alternatives_answered(c, page, rq->arena, &answered, &more, e);
    int64_t waiting = m < 0 ? -1 : alternatives_open_count(c, e);
    if (waiting < 0)
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Requests for an alternative");
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
    return response_page(rq, "alternatives", view);
}

/* ---- one ---- */

/* The last day of an excuse that ends at `until`, as a form shows it; "" without an end. */
static const char *last_day(struct request *rq, instant until)
{
    const struct site *site = rq->app;
    char *date = arena_strdup(rq->arena, "0000-00-00");
    if (!until)
        return "";
    zone_date(site->zone, until - 1, date);
    return date;
}

static void put_form(cJSON *view, struct request *rq, const struct alternative *t)
{
    const char *outcome =
        request_field_or(rq, "outcome", t->answer ? alternative_outcome_key(t->outcome) : "");
    cJSON *form = view_object(view, "form");
    view_text(form, "action", arena_printf(rq->arena, "%s/answer", href_of(rq, t->uuid)));
    view_int(form, "seen", t->answer);
    view_bool(form, "excuses", strcmp(outcome, "excused") == 0);
    view_bool(form, "offers", strcmp(outcome, "another") == 0);
    view_bool(form, "declines", strcmp(outcome, "declined") == 0);
    view_text(form, "until", request_field_or(rq, "until", last_day(rq, t->until)));
    view_text(form, "answer", request_field_or(rq, "answer", t->answer_words));
    view_text(form, "earliest", last_day(rq, rq->now + 1));
    view_bool(form, "is_again", t->answer != 0);
}

static int show(struct request *rq, int status, struct error *e)
{
    struct alternative t;
    struct person asker;
    struct conn *c = request_reader(rq, e);
    if (!c || alternative_get(c, request_param(rq, "alternative"), rq->arena, &t, e) ||
        person_get(c, t.person, rq->arena, &asker, e))
        return -1;
    bool withdrawn = t.outcome == ALTERNATIVE_WITHDRAWN;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "A request for an alternative");
    put_breadcrumb(view, true);
    view_text(view, "course_name", course_name(rq, t.course));
    view_text(view, "who_name", asker.name);
    view_text(view, "sent_words", words_date(rq, t.at));
    view_text(view, "asked", withdrawn ? "" : t.words);
    view_bool(view, "is_withdrawn", withdrawn);
    view_bool(view, "is_answered", t.answer && !withdrawn);
    view_text(view, "outcome_words", alternative_outcome_words(t.outcome));
    view_text(view, "answered_words", t.answer ? words_date(rq, t.answered_at) : "");
    view_text(view, "answer_words", t.answer_words);
    view_text(view, "until_words", t.until ? words_date(rq, t.until - 1) : "");
    if (withdrawn)
        view_bool(view, "form", false);
    else
        put_form(view, rq, &t);
    form_put_errors(rq, view);
    if (status == 200)
        audit_later(rq->learning, request_person_id(rq), "alternative.view", t.uuid, "");
    return response_page_status(rq, status, "alternative-answer", view);
}

static int one_page(struct request *rq, struct error *e)
{
    return show(rq, 200, e);
}

/* ---- answering ---- */

struct answering {
    const char *uuid;
    int64_t seen, actor;
    struct alternative_answer answer;
    instant at;
};

static int write_answer(struct conn *c, void *arg, struct error *e)
{
    const struct answering *w = arg;
    return alternative_give(c, w->uuid, w->seen, &w->answer, w->actor, w->at, e);
}

/* The end of the local day `date`: an excuse until that day holds all of it. 0 for "". */
static int read_until(struct request *rq, const char *date, instant *out, struct error *e)
{
    const struct site *site = rq->app;
    instant start;
    char next[11];
    *out = 0;
    if (!*date)
        return 0;
    if (!zone_day_start(site->zone, date, &start))
        return error_field(e, "until", "Excused until: please give a day that exists");
    zone_date(site->zone, start + 36 * INSTANT_HOUR, next); /* a local day has 22 to 26 hours */
    if (!zone_day_start(site->zone, next, out) || *out <= rq->now)
        return error_field(e, "until", "Excused until: please give today or a later day");
    return 0;
}

static int send_answer(struct request *rq, struct error *e)
{
    struct answering w = {.uuid = request_param(rq, "alternative"),
                          .seen = request_integer_or(rq, "seen", 0),
                          .actor = request_person_id(rq),
                          .answer = {.words = request_field(rq, "answer")},
                          .at = rq->now};
    alternative_outcome_read(request_field(rq, "outcome"), &w.answer.outcome);
    if (w.answer.outcome == ALTERNATIVE_EXCUSED &&
        read_until(rq, request_field_or(rq, "until", ""), &w.answer.until, e))
        return -1;
    request_reader_release(rq);
    return db_write(rq->learning->db, write_answer, &w, e);
}

static int answer_post(struct request *rq, struct error *e)
{
    if (request_has_errors(rq))
        return show(rq, 422, e);
    if (send_answer(rq, e) == 0)
        return response_redirect(rq, href_of(rq, request_param(rq, "alternative")));
    return form_take_error(rq, e) ? show(rq, 422, e) : -1;
}

/* ---- routes ---- */

static const struct field list_fields[] = {
    {.name = "page", .type = FIELD_INTEGER, .low = 1, .high = 1000, .summary = "Page"},
};
static const struct field answer_fields[] = {
    {.name = "seen", .type = FIELD_INTEGER, .summary = "The answer that stood when you opened it"},
    {.name = "outcome",
     .type = FIELD_ENUM,
     .choices = "excused|another|declined",
     .required = true,
     .summary = "Your decision"},
    {.name = "until", .type = FIELD_DATE, .summary = "Excused until"},
    {.name = "answer",
     .type = FIELD_BLOCK,
     .max = LETTER_MAX,
     .required = true,
     .summary = "Your answer"},
};

const struct route alternatives_routes[] = {
    {METHOD_GET, "/administration/alternatives", list_page, .who = ACCESS_COE,
     .nav = "administration", .fields = list_fields, .field_count = 1,
     .summary = "Requests for another way through a course, those without an answer first"},
    {METHOD_GET, "/administration/alternatives/{alternative}", one_page, .who = ACCESS_COE,
     .nav = "administration", .summary = "One request, and the form for its answer"},
    {METHOD_POST, "/administration/alternatives/{alternative}/answer", answer_post,
     .who = ACCESS_COE, .nav = "administration", .body_max = LETTER_BODY,
     .flags = ROUTE_TAKES_ERRORS, .fields = answer_fields, .field_count = 4,
     .summary = "Excuse, offer another way, or decline; a new answer replaces the one before"},
    {0},
};
