/*
 * GET  /certificates                the signed-in person's own, and those that are still to be made
 * GET  /certificates/{uuid}         one of them, on screen as it is printed
 * POST /certificates/{uuid}/share   whether its link shows anything
 *
 * What is shown is read from the signed bytes, so that paper, page and file say the same.
 */
#include "base/text.h"
#include "http/response.h"
#include "learning/study.h"
#include "pages/certificate_files.h"
#include "pages/claims_view.h"
#include "pages/elsewhere_view.h"
#include <string.h>

static const char *saved_words(const char *what)
{
    if (!what)
        return "";
    return strcmp(what, "sharing-on") == 0 ? "Saved. Its link shows the certificate again."
                                           : "Saved. Its link shows nothing from now on.";
}

static void put_links(cJSON *view, struct request *rq, const struct certificate *c)
{
    struct arena *a = rq->arena;
    view_text(view, "href", arena_printf(a, "/certificates/%s", c->uuid));
    view_text(view, "public_href", arena_printf(a, "/v/%s", c->token));
    view_text(view, "credential_href", arena_printf(a, "/v/%s/credential.json", c->token));
    view_text(view, "pdf_href", arena_printf(a, "/v/%s/certificate.pdf", c->token));
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
    view_text(view, "until", c->valid_until ? words_date(rq, c->valid_until) : "");
    view_bool(view, "by_assessment", c->by_assessment);
    view_bool(view, "pilot", c->publication->pilot);
}

/* "state" (a stable key), "state_title" and "state_words" for the holder; both "" while it stands.
 * `follows`: why the one that is to take its place was not made yet; NULL when none is. */
static void put_state(cJSON *view, struct request *rq, const struct certificate *c,
                      const char *follows)
{
    struct arena *a = rq->arena;
    const char *coe = rq->settings->coe_name, *state = "valid", *title = "", *words = "";
    if (c->state == CERTIFICATE_REVOKED) {
        state = "revoked";
        title = "Revoked";
        words =
            arena_printf(a,
                         "%s revoked this certificate on %s and gave this reason: %s Your "
                         "completion itself is recorded as before. If you see it otherwise, "
                         "write to %s.",
                         coe, words_date(rq, c->state_at), words_sentence(a, c->state_reason), coe);
    } else if (c->state == CERTIFICATE_SUPERSEDED) {
        state = "superseded";
        title = "Replaced";
        words = arena_printf(a,
                             "Another certificate took its place on %s. The reason given: %s "
                             "Whoever opens the old link reads that it was superseded, and nothing "
                             "else. If you see it otherwise, ask %s.",
                             words_date(rq, c->state_at), words_sentence(a, c->state_reason), coe);
    } else if (c->valid_until && rq->now >= c->valid_until) {
        state = "expired";
        title = "Expired";
        words = arena_printf(
            a, "It was good until %s. What you completed stays on your transcript%s",
            words_date(rq, c->valid_until),
            follows      ? "."
            : c->current ? ", and passing the learning check again gives you a new one."
                         : "; a newer one is among your certificates.");
    }
    bool renews = c->current && !follows && c->state == CERTIFICATE_STANDS && c->valid_until &&
                  rq->now >= certificate_renews_from(c->publication, c->valid_until);
    view_text(view, "renew_href", renews ? arena_printf(a, "/courses/%s/check", c->course) : "");
    view_text(view, "state", state);
    view_text(view, "state_title", title);
    view_text(view, "state_words", words);
    view_text(view, "follows_words",
              follows ? arena_printf(a,
                                     "A new one is being made, since you passed the learning check "
                                     "again. %s It will carry that day, whenever it is made.",
                                     follows)
                      : "");
}

/* Completions whose first certificate could not be made yet. */
static void put_waiting(struct request *rq, cJSON *view, const struct progress *all, int n)
{
    cJSON *waiting = view_list(view, "waiting");
    for (int i = 0; i < n; i++) {
        if (!all[i].completed || all[i].certificate_token || !all[i].certificate_waits)
            continue;
        cJSON *item = view_item(waiting);
        view_text(item, "course", all[i].enrolment.publication->title);
        view_text(item, "completed", words_date(rq, all[i].completed_at));
        view_text(item, "why", all[i].certificate_waits);
    }
}

/* Why the one that is to follow this one was not made yet, or NULL. */
static const char *what_follows(const struct certificate *c, const struct progress *all, int n)
{
    for (int i = 0; c->current && i < n; i++)
        if (all[i].enrolment.id == c->enrolment)
            return all[i].certificate_waits;
    return NULL;
}

static int put_list(struct request *rq, struct conn *c, cJSON *view, struct error *e)
{
    struct certificate *list;
    struct progress *all;
    int courses = progress_list(c, rq->learning, request_person_id(rq), rq->arena, &all, e);
    int n = courses < 0
                ? -1
                : certificate_list(c, rq->learning, request_person_id(rq), rq->arena, &list, e);
    cJSON *certificates = view_list(view, "certificates"), *earlier = view_list(view, "earlier");
    for (int i = 0; i < n; i++) {
        struct verify_report r;
        if (claims_check_certificate(rq, c, &list[i], &r, e))
            return -1;
        cJSON *item = view_item(list[i].current ? certificates : earlier);
        put_what(item, rq, &list[i], &r);
        put_links(item, rq, &list[i]);
        put_state(item, rq, &list[i], what_follows(&list[i], all, courses));
    }
    view_bool(view, "has_certificates", n > 0);
    view_bool(view, "has_earlier", cJSON_GetArraySize(earlier) > 0);
    put_waiting(rq, view, all, n < 0 ? 0 : courses);
    return n < 0 ? -1 : 0;
}

/* Some in another name than the one that new ones carry: how to change that. */
static int put_other_names(struct request *rq, struct conn *c, cJSON *view, struct error *e)
{
    struct person own;
    if (person_get(c, request_person_id(rq), rq->arena, &own, e))
        return -1;
    int n = own.certificate_name
                ? certificates_in_another_name(c, rq->learning, own.id, own.certificate_name, e)
                : 0;
    view_text(view, "certificate_name", own.certificate_name ? own.certificate_name : "");
    view_bool(view, "has_other_names", n > 0);
    return n < 0 ? -1 : 0;
}

static int certificates_page(struct request *rq, struct error *e)
{
    cJSON *view = cJSON_CreateObject();
    struct conn *c = request_reader(rq, e);
    if (!c || put_list(rq, c, view, e) || put_other_names(rq, c, view, e)) {
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
    struct progress *all;
    struct conn *c = request_reader(rq, e);
    if (!c || find_own(rq, c, &own, e) || claims_check_certificate(rq, c, &own, &r, e))
        return -1;
    int courses = progress_list(c, rq->learning, own.person, rq->arena, &all, e);
    if (courses < 0)
        return -1;
    cJSON *view = cJSON_CreateObject();
    put_what(view, rq, &own, &r);
    put_links(view, rq, &own);
    view_files(view, rq, &own);
    view_elsewhere(view, rq, &own, &r);
    put_state(view, rq, &own, what_follows(&own, all, courses));
    view_bool(view, "is_shared", own.shared);
    view_bool(view, "is_superseded", own.state == CERTIFICATE_SUPERSEDED);
    view_text(view, "saved", saved_words(request_field(rq, "saved")));
    view_text(view, "uuid", own.uuid);
    view_text(view, "verdict", verdict_name(r.verdict));
    view_text(view, "word", verdict_word(&r));
    view_text(view, "verdict_words", r.words);
    view_bool(view, "is_valid", r.verdict == VERDICT_VALID);
    put_narrative(view, rq, r.criteria ? r.criteria : "");
    view_crumb(view, "Your certificates", "/certificates");
    return response_page(rq, "certificate", view);
}

/* ---- sharing ---- */

struct sharing {
    int64_t id, person;
    bool shared;
};

static int write_sharing(struct conn *c, void *arg, struct error *e)
{
    const struct sharing *s = arg;
    return certificate_share(c, s->id, s->person, s->shared, e);
}

static int share_post(struct request *rq, struct error *e)
{
    struct certificate own;
    struct conn *c = request_reader(rq, e);
    if (!c || find_own(rq, c, &own, e))
        return -1;
    request_reader_release(rq);
    const char *to = request_field_or(rq, "to", "");
    struct sharing s = {own.id, own.person, text_equal(to, "on")};
    if (db_write(rq->learning->db, write_sharing, &s, e))
        return -1;
    return response_redirect(
        rq, arena_printf(rq->arena, "/certificates/%s?saved=sharing-%s#sharing", own.uuid, to));
}

static const struct field page_fields[] = {
    {.name = "saved",
     .type = FIELD_ENUM,
     .choices = "sharing-on|sharing-off",
     .summary = "What was just saved"},
};
static const struct field share_fields[] = {
    {.name = "to",
     .type = FIELD_ENUM,
     .choices = "on|off",
     .required = true,
     .summary = "Whether its link shows the certificate"},
};

const struct route certificate_routes[] = {
    {METHOD_GET, "/certificates", certificates_page, .who = ACCESS_SIGNED_IN,
     .summary = "Your certificates"},
    {METHOD_POST, "/certificates/{uuid}/share", share_post, .who = ACCESS_SIGNED_IN,
     .fields = share_fields, .field_count = 1, .body_max = 1024,
     .summary = "Show one of your certificates by its link, or not"},
    {METHOD_GET, "/certificates/{uuid}", certificate_page, .who = ACCESS_SIGNED_IN,
     .fields = page_fields, .field_count = 1, .flags = ROUTE_TAKES_ERRORS,
     .summary = "One of your certificates, as it is printed"},
    {0},
};
