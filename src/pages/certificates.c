/*
 * GET /certificates         the signed-in person's own, and those that are still to be made
 * GET /certificates/{uuid}  one of them, on screen as it is printed
 *
 * What is shown is read from the signed bytes, so that paper, page and file say the same.
 */
#include "base/text.h"
#include "http/response.h"
#include "learning/study.h"
#include "pages/claims_view.h"
#include <string.h>

static void put_links(cJSON *view, struct request *rq, const struct certificate *c)
{
    struct arena *a = rq->arena;
    view_text(view, "href", arena_printf(a, "/certificates/%s", c->uuid));
    view_text(view, "public_href", arena_printf(a, "/v/%s", c->token));
    view_text(view, "credential_href", arena_printf(a, "/v/%s/credential.json", c->token));
    view_text(view, "public_url",
              arena_printf(a, "%s/v/%s", settings_address(rq->settings, a), c->token));
    view_text(view, "verify_url", arena_printf(a, "%s/verify", settings_address(rq->settings, a)));
    view_text(view, "code", words_code(a, c->token));
}

static void put_what(cJSON *view, struct request *rq, const struct certificate *c,
                     const struct verify_report *r)
{
    view_text(view, "title", r->title ? r->title : c->publication->certificate_title);
    view_text(view, "holder", r->holder ? r->holder : "");
    view_text(view, "completed", words_date(rq, c->earned_at));
    view_text(view, "issued", words_date(rq, c->issued_at));
    view_bool(view, "by_assessment", c->by_assessment);
    view_bool(view, "pilot", c->publication->pilot);
}

/* Completions whose certificate could not be made yet. */
static int put_waiting(struct request *rq, struct conn *c, cJSON *view, struct error *e)
{
    struct progress *all;
    int n = progress_list(c, rq->learning, request_person_id(rq), rq->arena, &all, e);
    cJSON *waiting = view_list(view, "waiting");
    for (int i = 0; i < n; i++) {
        if (!all[i].completed || all[i].certificate_token || !all[i].certificate_waits)
            continue;
        cJSON *item = view_item(waiting);
        view_text(item, "course", all[i].enrolment.publication->title);
        view_text(item, "completed", words_date(rq, all[i].completed_at));
        view_text(item, "why", all[i].certificate_waits);
    }
    return n < 0 ? -1 : 0;
}

static int put_list(struct request *rq, struct conn *c, cJSON *view, struct error *e)
{
    struct certificate *list;
    int n = certificate_list(c, rq->learning, request_person_id(rq), rq->arena, &list, e);
    cJSON *certificates = view_list(view, "certificates");
    for (int i = 0; i < n; i++) {
        struct verify_report r;
        if (claims_check_bytes(rq, c, list[i].bytes, strlen(list[i].bytes), &r, e))
            return -1;
        cJSON *item = view_item(certificates);
        put_what(item, rq, &list[i], &r);
        put_links(item, rq, &list[i]);
    }
    view_bool(view, "has_certificates", n > 0);
    return n < 0 ? -1 : 0;
}

static int certificates_page(struct request *rq, struct error *e)
{
    cJSON *view = cJSON_CreateObject();
    struct conn *c = request_reader(rq, e);
    if (!c || put_list(rq, c, view, e) || put_waiting(rq, c, view, e)) {
        cJSON_Delete(view);
        return -1;
    }
    view_text(view, "title", "Your certificates");
    return response_page(rq, "certificates", view);
}

/* One's own only; another's looks like none. */
static int find_own(struct request *rq, struct conn *c, struct certificate *out, struct error *e)
{
    struct certificate *list;
    int n = certificate_list(c, rq->learning, request_person_id(rq), rq->arena, &list, e);
    for (int i = 0; i < n; i++)
        if (text_equal(list[i].uuid, request_param(rq, "uuid"))) {
            *out = list[i];
            return 0;
        }
    return n < 0 ? -1 : error_set(e, ERROR_NOT_FOUND, "You have no certificate with this address.");
}

/* The rule of completion, and behind an empty line what the certificate says of itself. */
static void put_narrative(cJSON *view, struct request *rq, const char *text)
{
    const char *gap = strstr(text, "\n\n");
    size_t n = gap ? (size_t)(gap - text) : strlen(text);
    view_lines(view, "criteria", rq, arena_strndup(rq->arena, text, n));
    view_lines(view, "remarks", rq, text + n);
}

static int certificate_page(struct request *rq, struct error *e)
{
    struct certificate own;
    struct verify_report r;
    struct conn *c = request_reader(rq, e);
    if (!c || find_own(rq, c, &own, e) ||
        claims_check_bytes(rq, c, own.bytes, strlen(own.bytes), &r, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    put_what(view, rq, &own, &r);
    put_links(view, rq, &own);
    view_text(view, "uuid", own.uuid);
    view_text(view, "verdict", verdict_name(r.verdict));
    view_text(view, "word", verdict_word(&r));
    view_text(view, "verdict_words", r.words);
    view_bool(view, "is_valid", r.verdict == VERDICT_VALID);
    put_narrative(view, rq, r.criteria ? r.criteria : "");
    cJSON *up = view_item(view_list(view_object(view, "breadcrumb"), "items"));
    view_text(up, "label", "Your certificates");
    view_text(up, "href", "/certificates");
    return response_page(rq, "certificate", view);
}

const struct route certificate_routes[] = {
    {METHOD_GET, "/certificates", certificates_page, .who = ACCESS_SIGNED_IN,
     .summary = "Your certificates"},
    {METHOD_GET, "/certificates/{uuid}", certificate_page, .who = ACCESS_SIGNED_IN,
     .summary = "One of your certificates, as it is printed"},
    {0},
};
