/*
 * GET, POST /sign-in               e-mail and password
 * GET       /sign-in/link/{token}  changes nothing: mail scanners follow links
 * POST      /sign-in/link/{token}  spends the link and opens the session
 * POST      /sign-out
 *
 * Whoever is unknown here and whoever mistyped a password read the same words after the same time.
 */
#include "http/response.h"
#include "pages/form.h"
#include "pages/view.h"
#include <string.h>

static struct site *site_of(const struct request *rq)
{
    return rq->app;
}

/* Somebody else's session in this browser ends when a new one has begun, and not before; a failure
 * is no reason to keep the new person out. */
static void end_earlier(struct request *rq)
{
    const struct session *earlier = request_session(rq);
    request_reader_release(rq);
    if (earlier)
        session_end(rq->learning, earlier, NULL);
}

static int enter(struct request *rq, const char *token, bool shared, const char *return_to)
{
    end_earlier(rq);
    response_session_cookie(rq, token, shared ? 0 : rq->settings->session_hours * 3600);
    return response_redirect(rq, return_to);
}

/* ---- e-mail and password ---- */

static int form_page(struct request *rq, int status)
{
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Sign in");
    view_text(view, "return_to", request_field_or(rq, "return_to", "/"));
    form_put_errors(rq, view);
    return response_page_status(rq, status, "sign-in", view);
}

static int signin_form(struct request *rq, struct error *e)
{
    (void)e;
    if (request_person_id(rq))
        return response_redirect(rq, request_field_or(rq, "return_to", "/"));
    return form_page(rq, 200);
}

static int signin_post(struct request *rq, struct error *e)
{
    char token[TOKEN_TEXT];
    bool shared = request_checked(rq, "shared");
    if (request_has_errors(rq))
        return form_page(rq, 422);
    request_reader_release(rq);
    if (signin_password(site_of(rq)->signin, rq->learning, request_field(rq, "email"),
                        request_field(rq, "password"), shared, token, e) == 0)
        return enter(rq, token, shared, request_field_or(rq, "return_to", "/"));
    int status = e->kind == ERROR_UNAUTHENTICATED ? 401
                 : e->kind == ERROR_TOO_MANY      ? 429
                 : e->kind == ERROR_BUSY          ? 503
                                                  : 0;
    if (!status)
        return -1;
    request_add_error(rq, e);
    return form_page(rq, status);
}

/* ---- one-time links ---- */

static int link_gone(struct request *rq)
{
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "This sign-in link can’t be used");
    view_bool(view, "good", false);
    view_bool(view, "noindex", true);
    return response_page_status(rq, 404, "sign-in-link", view);
}

static int link_page(struct request *rq, struct error *e)
{
    const char *name, *return_to;
    struct conn *c = request_reader(rq, e);
    if (!c)
        return -1;
    if (signin_link_look(c, request_param(rq, "token"), rq->now, rq->arena, &name, &return_to, e))
        return e->kind == ERROR_NOT_FOUND ? link_gone(rq) : -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "One step to sign in");
    view_bool(view, "good", true);
    view_bool(view, "noindex", true);
    view_text(view, "name", name);
    return response_page(rq, "sign-in-link", view);
}

static int link_post(struct request *rq, struct error *e)
{
    char token[TOKEN_TEXT], return_to[256];
    bool shared = request_checked(rq, "shared");
    request_reader_release(rq);
    if (signin_link_spend(rq->learning, request_param(rq, "token"), shared, token, return_to, e))
        return e->kind == ERROR_NOT_FOUND ? link_gone(rq) : -1;
    return enter(rq, token, shared, return_to);
}

static int sign_out(struct request *rq, struct error *e)
{
    request_reader_release(rq);
    if (session_end(rq->learning, request_session(rq), e))
        return -1;
    response_session_cookie(rq, NULL, 0);
    response_clear_storage(rq);
    return response_redirect(rq, "/");
}

static const struct field form_fields[] = {
    {.name = "return_to", .type = FIELD_PATH, .summary = "Page to return to"},
};
static const struct field post_fields[] = {
    {.name = "email",
     .type = FIELD_LINE,
     .max = 254,
     .required = true,
     .summary = "E-mail address"},
    {.name = "password", .type = FIELD_PASSWORD, .required = true, .summary = "Password"},
    {.name = "shared", .type = FIELD_CHECKBOX, .summary = "This is a shared computer"},
    {.name = "return_to", .type = FIELD_PATH, .summary = "Page to return to"},
};
static const struct field link_fields[] = {
    {.name = "shared", .type = FIELD_CHECKBOX, .summary = "This is a shared computer"},
};

/* The link's GET is marked like its POST: the path is a secret that no page may lead back to. */
const struct route signin_routes[] = {
    {METHOD_GET, "/sign-in", signin_form, .who = ACCESS_PUBLIC, .fields = form_fields,
     .field_count = 1, .flags = ROUTE_NO_FORM_TOKEN | ROUTE_NO_STORE | ROUTE_TAKES_ERRORS,
     .summary = "The form for signing in with a password"},
    {METHOD_POST, "/sign-in", signin_post, .who = ACCESS_PUBLIC, .body_max = 8192,
     .fields = post_fields, .field_count = 4,
     .flags = ROUTE_NO_FORM_TOKEN | ROUTE_NO_STORE | ROUTE_TAKES_ERRORS,
     .summary = "Sign in with e-mail and password"},
    {METHOD_GET, "/sign-in/link/{token}", link_page, .who = ACCESS_PUBLIC,
     .flags = ROUTE_NO_FORM_TOKEN | ROUTE_NO_STORE,
     .summary = "What a one-time link offers; changes nothing"},
    {METHOD_POST, "/sign-in/link/{token}", link_post, .who = ACCESS_PUBLIC, .body_max = 1024,
     .fields = link_fields, .field_count = 1, .flags = ROUTE_NO_FORM_TOKEN | ROUTE_NO_STORE,
     .summary = "Spend a one-time link and sign in"},
    {METHOD_POST, "/sign-out", sign_out, .who = ACCESS_SIGNED_IN, .body_max = 1024,
     .summary = "End this session"},
    {0},
};
