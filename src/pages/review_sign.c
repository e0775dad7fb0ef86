/*
 * GET  /review/{token}/sign   what a sign-off is, and the form
 * POST /review/{token}/sign   offers one to the draft's authors, who confirm it or not
 */
#include "http/response.h"
#include "pages/form.h"
#include "pages/letters.h"
#include "pages/review_view.h"

static const char *today(struct request *rq)
{
    char date[11];
    zone_date(((const struct site *)rq->app)->zone, rq->now, date);
    return arena_strdup(rq->arena, date);
}

static int show(const struct review *r, int status)
{
    struct request *rq = r->rq;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Your sign-off");
    view_review(view, r);
    view_crumb(view, r->p->title, review_href(r, ""));
    view_text(view, "action", arena_printf(rq->arena, "%s/sign", r->base));
    view_text(view, "reviewer", r->after ? r->after->name : "");
    bool sent = status == 200 && request_checked(rq, "sent");
    view_text(view, "today", today(rq));
    view_text(view, "today_words", sent ? "" : words_date(rq, rq->now));
    view_bool(view, "is_pilot", r->p->pilot);
    view_bool(view, "is_sent", sent);
    view_int(view, "name_max", REVIEW_NAME_MAX);
    form_put_errors(rq, view);
    view_bool(view, "is_ticked", request_checked(rq, "stand_by"));
    return response_page_status(rq, status, "review-sign", view);
}

static int sign_page(struct request *rq, struct error *e)
{
    struct review r;
    if (review_begin(&r, rq, e))
        return -1;
    return review_close(&r, show(&r, 200));
}

static int show_again(const struct review *r, struct error *e)
{
    int status = review_take_error(r, e);
    return status ? show(r, status) : -1;
}

static int sign(const struct review *r, struct error *e)
{
    struct request *rq = r->rq;
    if (!request_checked(rq, "stand_by")) {
        struct error unticked = {0};
        error_field(&unticked, "stand_by",
                    "Tick the box if you have read this version and stand by it");
        request_add_error(rq, &unticked);
    }
    if (request_has_errors(rq))
        return show(r, 422);
    const char *name = request_field(rq, "name"), *role = request_field(rq, "role");
    request_reader_release(rq);
    if (review_may_say(r, e) || review_signoff_offer(rq->learning, request_param(rq, "token"), name,
                                                     role, today(rq), rq->now, e))
        return show_again(r, e);
    return response_redirect(rq, arena_printf(rq->arena, "%s/sign?sent=1", r->base));
}

static int sign_post(struct request *rq, struct error *e)
{
    struct review r;
    if (review_begin(&r, rq, e))
        return -1;
    return review_close(&r, sign(&r, e));
}

static const struct field page_fields[] = {
    {.name = "after",
     .type = FIELD_INTEGER,
     .low = 1,
     .high = INT64_MAX,
     .summary = "The comment just written; its name stands in the form"},
    {.name = "sent", .type = FIELD_CHECKBOX, .summary = "Say thank you"},
};
static const struct field sign_fields[] = {
    {.name = "name",
     .type = FIELD_LINE,
     .max = REVIEW_NAME_MAX,
     .required = true,
     .summary = "Your name"},
    {.name = "role",
     .type = FIELD_LINE,
     .max = REVIEW_NAME_MAX,
     .required = true,
     .summary = "Your role"},
    {.name = "stand_by",
     .type = FIELD_CHECKBOX,
     .summary = "I have read this version and stand by it"},
};

const struct route review_sign_routes[] = {
    {METHOD_GET, "/review/{token}/sign", sign_page, .who = ACCESS_PUBLIC, .fields = page_fields,
     .field_count = 2, .flags = ROUTE_NO_FORM_TOKEN | ROUTE_NO_STORE,
     .summary = "What a reviewer's sign-off is"},
    {METHOD_POST, "/review/{token}/sign", sign_post, .who = ACCESS_PUBLIC, .body_max = 16384,
     .fields = sign_fields, .field_count = 3,
     .flags = ROUTE_NO_FORM_TOKEN | ROUTE_NO_STORE | ROUTE_TAKES_ERRORS,
     .summary = "Offer a sign-off to the draft's authors"},
    {0},
};
