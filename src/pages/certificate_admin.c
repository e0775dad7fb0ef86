/*
 * Certificates, for administrators: finding one, what it says, taking it back, issuing it anew.
 *
 *   GET  /administration/certificates            ?q= a name, an address, a code, a uuid, a link;
 *                                              ?person= all of one
 *   GET  /administration/certificates/{certificate}
 *   GET  /administration/certificates/{certificate}/revoke    what it would do, and the form
 *   POST /administration/certificates/{certificate}/revoke    does it, for good
 *   GET  /administration/certificates/{certificate}/reissue   likewise: another in its place
 *   POST /administration/certificates/{certificate}/reissue
 *
 * {certificate} is the uuid. Looking at one is written to the audit, and so is what is done to it.
 */
#include "base/text.h"
#include "http/response.h"
#include "learning/ledger.h"
#include "pages/claims_view.h"
#include "pages/form.h"
#include "report/certificate_search.h"
#include <string.h>

#define HERE      "/administration/certificates"
#define QUERY_MAX 300 /* a whole link fits */

static const char *href_of(struct request *rq, const char *uuid)
{
    return arena_printf(rq->arena, HERE "/%s", uuid);
}

/* `href`: the page is one below the certificate's. */
static void put_crumbs(cJSON *view, bool below, const char *href, const char *title)
{
    view_crumb(view, "Administration", "/administration");
    if (below)
        view_crumb(view, "Certificates", HERE);
    if (below && href)
        view_crumb(view, title, href);
}

static const char *state_key(const char *withdrawn, instant valid_until, instant now)
{
    if (withdrawn)
        return withdrawn;
    return valid_until && now >= valid_until ? "expired" : "valid";
}

/* ---- finding ---- */

static void put_rows(cJSON *view, struct request *rq, const struct certificate_row *rows, int n)
{
    cJSON *list = view_list(view, "certificates");
    view_bool(view, "has_certificates", n > 0);
    for (int i = 0; i < n; i++) {
        const char *state = state_key(rows[i].withdrawn, rows[i].valid_until, rq->now);
        cJSON *row = view_item(list);
        view_text(row, "id", rows[i].uuid);
        view_text(row, "href", href_of(rq, rows[i].uuid));
        view_text(row, "name", rows[i].person);
        view_text(row, "course", rows[i].course);
        view_text(row, "completed", words_date(rq, rows[i].earned_at));
        view_text(row, "issued", words_date(rq, rows[i].issued_at));
        view_text(row, "state", state);
        view_text(row, "state_words", words_capital(rq->arena, state));
        view_bool(row, "is_current", rows[i].current);
    }
}

struct found {
    struct person person; /* id 0: not of one */
    const char *query;
    struct certificate_row *rows;
    int count;
    bool more;
};

static const char *list_href(struct request *rq, const struct found *f)
{
    return f->person.id
               ? arena_printf(rq->arena, HERE "?person=%s&page=", f->person.uuid)
               : arena_printf(rq->arena,
                              HERE "?q=%s&page=", text_percent_encode(rq->arena, f->query, false));
}

static void put_pages(cJSON *view, struct request *rq, const struct found *f)
{
    int64_t page = request_integer_or(rq, "page", 1);
    const char *base = list_href(rq, f);
    cJSON *pages = view_object(view, "pages");
    view_int(pages, "page", page);
    view_bool(view, "has_pages", f->more || page > 1);
    view_text(pages, "previous_href",
              page > 1 ? arena_printf(rq->arena, "%s%lld", base, (long long)page - 1) : "");
    view_text(pages, "next_href",
              f->more ? arena_printf(rq->arena, "%s%lld", base, (long long)page + 1) : "");
}

static int show_list(struct request *rq, int status, const struct found *f)
{
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Certificates");
    view_text(view, "q", f->query);
    view_text(view, "of", f->person.id ? f->person.name : "");
    put_crumbs(view, false, NULL, NULL);
    put_rows(view, rq, f->rows, f->count);
    put_pages(view, rq, f);
    form_put_errors(rq, view);
    return response_page_status(rq, status, "certificates-admin", view);
}

/* Whose, when the address says so. */
static int read_owner(struct request *rq, struct conn *c, struct found *f, struct error *e)
{
    const char *uuid = request_field(rq, "person");
    int64_t id;
    if (!uuid)
        return 0;
    return directory_find(c, uuid, &id, e) || person_get(c, id, rq->arena, &f->person, e) ? -1 : 0;
}

static int list_page(struct request *rq, struct error *e)
{
    struct found f = {.query = request_field_or(rq, "q", "")};
    struct certificate one;
    struct error none = {0};
    if (request_has_errors(rq))
        return show_list(rq, 422, &f);
    struct conn *c = request_reader(rq, e);
    if (!c || read_owner(rq, c, &f, e))
        return -1;
    if (*f.query && certificate_find(c, rq->learning, f.query, rq->arena, &one, &none) == 0)
        return response_redirect(rq, href_of(rq, one.uuid));
    if (none.kind != ERROR_NONE && none.kind != ERROR_NOT_FOUND) {
        *e = none;
        return -1;
    }
    f.count = certificate_search(c, f.person.id, f.query, request_integer_or(rq, "page", 1),
                                 rq->arena, &f.rows, &f.more, e);
    if (f.count >= 0)
        return show_list(rq, 200, &f);
    f.count = 0;
    return form_take_error(rq, e) ? show_list(rq, 422, &f) : -1;
}

/* ---- one ---- */

struct shown {
    struct certificate it;
    struct person holder;
    struct verify_report report;
};

static int read_shown(struct request *rq, struct shown *out, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    return !c ||
                   certificate_by_uuid(c, rq->learning, request_param(rq, "certificate"), rq->arena,
                                       &out->it, e) ||
                   person_get(c, out->it.person, rq->arena, &out->holder, e) ||
                   claims_check_certificate(rq, c, &out->it, &out->report, e)
               ? -1
               : 0;
}

static const char *state_words(struct request *rq, const struct certificate *it)
{
    if (it->state == CERTIFICATE_REVOKED)
        return arena_printf(rq->arena, "Revoked on %s", words_date(rq, it->state_at));
    if (it->state == CERTIFICATE_SUPERSEDED)
        return arena_printf(rq->arena, "Superseded on %s", words_date(rq, it->state_at));
    if (it->valid_until && rq->now >= it->valid_until)
        return arena_printf(rq->arena, "Expired on %s", words_date(rq, it->valid_until));
    return "Valid";
}

static void put_shown(cJSON *view, struct request *rq, const struct shown *s)
{
    const struct certificate *it = &s->it;
    struct arena *a = rq->arena;
    cJSON *one = view_object(view, "certificate"), *person = view_object(view, "person");
    const char *withdrawn = it->state == CERTIFICATE_REVOKED      ? "revoked"
                            : it->state == CERTIFICATE_SUPERSEDED ? "superseded"
                                                                  : NULL;
    view_text(one, "id", it->uuid);
    view_text(one, "href", href_of(rq, it->uuid));
    view_text(one, "name", s->report.title ? s->report.title : it->publication->certificate_title);
    view_text(one, "holder", s->report.holder ? s->report.holder : "");
    view_text(one, "completed", words_date(rq, it->earned_at));
    view_text(one, "issued", words_date(rq, it->issued_at));
    view_text(one, "until", it->valid_until ? words_date(rq, it->valid_until) : "");
    view_text(one, "code", words_code(a, it->token));
    view_text(one, "public_href", arena_printf(a, "/v/%s", it->token));
    view_text(one, "state", state_key(withdrawn, it->valid_until, rq->now));
    view_text(one, "state_words", state_words(rq, it));
    view_text(one, "reason", it->state_reason);
    view_bool(one, "is_shared", it->shared);
    view_bool(one, "may_revoke", it->state == CERTIFICATE_STANDS);
    view_bool(one, "may_reissue", it->current);
    view_text(person, "name", s->holder.name);
    view_text(person, "href", arena_printf(a, "/administration/people/%s", s->holder.uuid));
    view_text(person, "certificates_href", arena_printf(a, HERE "?person=%s", s->holder.uuid));
    /* Whoever has left keeps the name that was signed. */
    const char *name = s->holder.erased_at ? s->report.holder : s->holder.certificate_name;
    view_text(person, "certificate_name", name ? name : "");
    view_bool(person, "has_other_name", !text_equal(name, s->report.holder));
    view_bool(person, "is_former", s->holder.erased_at != 0);
}

static int one_page(struct request *rq, struct error *e)
{
    struct shown s;
    if (read_shown(rq, &s, e))
        return -1;
    const char *done = request_field(rq, "done");
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", arena_printf(rq->arena, "Certificate of %s", s.holder.name));
    put_crumbs(view, true, NULL, NULL);
    put_shown(view, rq, &s);
    view_text(view, "saved",
              !done ? ""
              : text_equal(done, "revoked")
                  ? "Revoked. Its page and the signed list say so already."
                  : "Issued anew. The one before is superseded.");
    audit_later(rq->learning, request_person_id(rq), "certificate.view", s.it.uuid, "");
    return response_page(rq, "certificate-admin", view);
}

/* ---- taking it back ---- */

static int show_form(struct request *rq, int status, const struct shown *s, const char *title,
                     const char *template_name)
{
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", title);
    put_crumbs(view, true, href_of(rq, s->it.uuid),
               arena_printf(rq->arena, "Certificate of %s", s->holder.name));
    put_shown(view, rq, s);
    view_text(view, "reason", request_field_or(rq, "reason", ""));
    form_put_errors(rq, view);
    return response_page_status(rq, status, template_name, view);
}

static int show_revoke(struct request *rq, int status, const struct shown *s)
{
    return show_form(rq, status, s, "Revoke this certificate?", "certificate-revoke");
}

static int show_reissue(struct request *rq, int status, const struct shown *s)
{
    return show_form(rq, status, s, "Issue this certificate anew?", "certificate-reissue");
}

struct act {
    struct learning *learning;
    int64_t id, actor, made;
    const char *reason;
    instant at;
};

static int read_act(struct request *rq, struct shown *s, struct act *out, struct error *e)
{
    if (read_shown(rq, s, e))
        return -1;
    *out = (struct act){.learning = rq->learning,
                        .id = s->it.id,
                        .actor = request_person_id(rq),
                        .reason = request_field_or(rq, "reason", ""),
                        .at = rq->now};
    return 0;
}

static int write_revoke(struct conn *c, void *arg, struct error *e)
{
    const struct act *x = arg;
    return certificate_revoke(c, x->learning, x->id, x->reason, x->actor, x->at, e);
}

static int revoke_page(struct request *rq, struct error *e)
{
    struct shown s;
    if (read_shown(rq, &s, e))
        return -1;
    if (s.it.state != CERTIFICATE_STANDS) /* it was done already: its page says so */
        return response_redirect(rq, href_of(rq, s.it.uuid));
    return show_revoke(rq, 200, &s);
}

static int revoke_post(struct request *rq, struct error *e)
{
    struct shown s;
    struct act x;
    if (read_act(rq, &s, &x, e))
        return -1;
    if (request_has_errors(rq))
        return show_revoke(rq, 422, &s);
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_revoke, &x, e))
        return form_take_error(rq, e) ? show_revoke(rq, 422, &s) : -1;
    return response_redirect(rq, arena_printf(rq->arena, HERE "/%s?done=revoked", s.it.uuid));
}

/* ---- another in its place ---- */

static int write_reissue(struct conn *c, void *arg, struct error *e)
{
    struct act *x = arg;
    return certificate_reissue(c, x->learning, x->id, x->reason, x->actor, x->at, &x->made, e);
}

static int reissue_page(struct request *rq, struct error *e)
{
    struct shown s;
    if (read_shown(rq, &s, e))
        return -1;
    if (!s.it.current)
        return response_redirect(rq, href_of(rq, s.it.uuid));
    return show_reissue(rq, 200, &s);
}

static int reissue_post(struct request *rq, struct error *e)
{
    struct shown s;
    struct act x;
    struct certificate made;
    if (read_act(rq, &s, &x, e))
        return -1;
    if (request_has_errors(rq))
        return show_reissue(rq, 422, &s);
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_reissue, &x, e)) {
        if (!text_equal(e->field, "reason"))
            e->field[0] = '\0'; /* the name is confirmed elsewhere, by its owner */
        return form_take_error(rq, e) ? show_reissue(rq, 422, &s) : -1;
    }
    struct conn *c = request_reader(rq, e);
    if (!c || certificate_get(c, rq->learning, x.made, rq->arena, &made, e))
        return -1;
    return response_redirect(rq, arena_printf(rq->arena, HERE "/%s?done=reissued", made.uuid));
}

/* ---- routes ---- */

static const struct field list_fields[] = {
    {.name = "q",
     .type = FIELD_LINE,
     .max = QUERY_MAX,
     .summary = "Name, e-mail address, code or link",
     .label = "Name, e-mail address, code or link"},
    {.name = "person", .type = FIELD_ID, .summary = "All of one person"},
    {.name = "page", .type = FIELD_INTEGER, .low = 1, .high = DIRECTORY_PAGES, .summary = "Page"},
};
static const struct field one_fields[] = {
    {.name = "done",
     .type = FIELD_ENUM,
     .choices = "revoked|reissued",
     .summary = "What was just done"},
};
static const struct field reason_fields[] = {
    {.name = "reason",
     .type = FIELD_LINE,
     .max = CERTIFICATE_REASON_MAX,
     .required = true,
     .summary = "Reason"},
};

const struct route certificate_admin_routes[] = {
    {METHOD_GET, HERE, list_page, .who = ACCESS_ADMINISTRATOR, .fields = list_fields,
     .field_count = 3, .nav = "administration", .flags = ROUTE_TAKES_ERRORS,
     .summary = "Find certificates"},
    {METHOD_GET, HERE "/{certificate}", one_page, .who = ACCESS_ADMINISTRATOR, .fields = one_fields,
     .field_count = 1, .nav = "administration", .flags = ROUTE_TAKES_ERRORS,
     .summary = "One certificate: what it says, and whether it stands"},
    {METHOD_GET, HERE "/{certificate}/revoke", revoke_page, .who = ACCESS_ADMINISTRATOR,
     .nav = "administration", .summary = "What revoking it would do"},
    {METHOD_POST, HERE "/{certificate}/revoke", revoke_post, .who = ACCESS_ADMINISTRATOR,
     .fields = reason_fields, .field_count = 1, .body_max = 8192, .nav = "administration",
     .flags = ROUTE_TAKES_ERRORS, .summary = "Revoke a certificate for good"},
    {METHOD_GET, HERE "/{certificate}/reissue", reissue_page, .who = ACCESS_ADMINISTRATOR,
     .nav = "administration", .summary = "What issuing it anew would do"},
    {METHOD_POST, HERE "/{certificate}/reissue", reissue_post, .who = ACCESS_ADMINISTRATOR,
     .fields = reason_fields, .field_count = 1, .body_max = 8192, .nav = "administration",
     .flags = ROUTE_TAKES_ERRORS,
     .summary = "Issue another certificate in its place, which is then superseded"},
    {0},
};
