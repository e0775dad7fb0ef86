/*
 * Errors, for a person or a program: what happened, what was kept, what to do. One table gives the
 * words for each status; the error's own message says what happened. When the site's own template
 * cannot be used, a plain page is.
 */
#include "base/json.h"
#include "base/text.h"
#include "http/internal.h"
#include <string.h>

struct wording {
    int status;
    const char *kind, *title, *happened, *kept, *to_do;
};
#define NOTHING_CHANGED "Nothing was changed. Everything saved before is still saved."
static const struct wording wordings[] = {
    {400, "unreadable", "That request could not be read", "The request was not well formed.",
     NOTHING_CHANGED, "Go back, load the page again and repeat the step."},
    {401, "sign-in", "Please sign in first", "You are not signed in, or your sign-in has ended.",
     "What was saved before is still saved. What you just sent was not saved.",
     "Sign in; then repeat the step."},
    {403, "forbidden", "That is not open to you", "This page is for people with another role.",
     NOTHING_CHANGED, "If you should have access, ask the center."},
    {404, "not-found", "There is no such page", "No page has this address.", NOTHING_CHANGED,
     "Check the address, or start from the first page."},
    {405, "method", "That cannot be done here", "This address does not take that kind of request.",
     NOTHING_CHANGED, "Go back and use the buttons on the page."},
    {408, "slow", "The request took too long", "The rest of what you sent did not arrive in time.",
     NOTHING_CHANGED, "Check your connection and send it again."},
    {409, "conflict", "That does not fit what is saved",
     "Something else was saved in the meantime.", "What was saved first is kept.",
     "Look at what is saved now, then decide again."},
    {411, "length", "That request could not be read", "The request does not say how long it is.",
     NOTHING_CHANGED, "Send it with a Content-Length."},
    {413, "too-large", "That is too large", "What was sent is larger than this page takes.",
     NOTHING_CHANGED, "Shorten it and send it again."},
    {414, "address", "That address is too long", "The address is longer than this site uses.",
     NOTHING_CHANGED, "Check the address, or start from the first page."},
    {415, "media-type", "That kind of content is not taken",
     "The content type is not one this takes.", NOTHING_CHANGED, "Send a form or JSON."},
    {417, "expectation", "That request could not be read", "The request expects something else.",
     NOTHING_CHANGED, "Send it without 'Expect'."},
    {421, "host", "This site has another name", "This site does not answer under that host name.",
     NOTHING_CHANGED, "Use the address you were given."},
    {422, "check", "Something needs a change", "Some of what was entered cannot be taken yet.",
     "What you sent was not saved yet. Everything saved before is still saved.",
     "Go back, change what is named, and send it again."},
    {429, "too-many", "Please wait a little", "That was tried too often in a short time.",
     NOTHING_CHANGED, "Wait a few minutes, then try again."},
    {431, "headers", "That request could not be read", "The request has too many headers.",
     NOTHING_CHANGED, "Clear this site's cookies and try again."},
    {500, "defect", "Something went wrong on our side", "The server met a problem of its own.",
     "Everything saved before is still saved. What you just sent was not saved.",
     "Try again. If it happens again, tell the center what you were doing."},
    {503, "busy", "The server is very busy", "The server has more to do than it can.",
     "Everything saved before is still saved. What you just sent was not saved.",
     "Wait a few seconds and try again."},
    {505, "version", "That request could not be read",
     "The version of HTTP is not one this speaks.", NOTHING_CHANGED, "Use HTTP/1.1."},
    {507, "full", "The server's disk is full", "There is no room left to save anything.",
     "Everything saved before is still saved and can be read. What you just sent was not saved.",
     "Copy what you typed. The administrator has been told; try again later."},
};

static const struct wording *words(int status)
{
    for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++)
        if (wordings[i].status == status)
            return &wordings[i];
    return words(status < 500 ? 400 : 500);
}

/* A 403 of its own: the person may, but the page was too old. */
static const struct wording stale_form = {
    403,
    "stale-form",
    "This page had been open a while",
    "",
    "Nothing was changed yet, and nothing that you typed is lost.",
    "Send it again. If something is missing, go back and load the page again first."};

static struct wording words_for(const struct exchange *x, int status)
{
    struct wording w = x->stale_form && status == stale_form.status ? stale_form : *words(status);
    const struct error_words *own = x->rq.error_words;
    if (own && status < 500) { /* the handler meant what the person can mend */
        w.title = own->title;
        w.kept = own->kept;
        w.to_do = own->to_do;
    }
    return w;
}

int error_status(enum error_kind kind)
{
    switch (kind) {
    case ERROR_NONE:
    case ERROR_INTERNAL:
        return 500;
    case ERROR_USAGE:
    case ERROR_INVALID:
        return 422;
    case ERROR_UNAUTHENTICATED:
        return 401;
    case ERROR_FORBIDDEN:
        return 403;
    case ERROR_NOT_FOUND:
        return 404;
    case ERROR_CONFLICT:
        return 409;
    case ERROR_TOO_LARGE:
        return 413;
    case ERROR_TOO_MANY:
        return 429;
    case ERROR_FULL:
        return 507;
    case ERROR_BUSY:
    case ERROR_IO:
        return 503;
    }
    return 500;
}

static void put_faults(const struct exchange *x, const struct error *e, cJSON *out)
{
    cJSON *list = json_array(out, "errors");
    for (size_t i = 0; i < x->input.fault_count; i++) {
        cJSON *item = json_item(list);
        json_put(item, "field", x->input.faults[i].field);
        json_put(item, "message", x->input.faults[i].message);
    }
    if (e && e->field[0]) {
        cJSON *item = json_item(list);
        json_put(item, "field", e->field);
        json_put(item, "message", e->message);
    }
}

/* What was typed, so that a refusal costs nobody their words. */
static void put_typed(const struct exchange *x, cJSON *out)
{
    cJSON *list = json_array(out, "typed_back");
    bool any = false;
    for (size_t i = 0; i < x->input.given_count; i++) {
        const struct given *g = &x->input.given[i];
        if (!*g->value || (g->field->type != FIELD_LINE && g->field->type != FIELD_BLOCK))
            continue;
        cJSON *item = json_item(list);
        json_put(item, "label", g->field->summary ? g->field->summary : g->name);
        json_put(item, "value", g->value);
        any = true;
    }
    json_put_bool(out, "has_typed_back", any);
}

/*
 * The same form once more, now with the token of this sign-in: the request came from our own page
 * (site_check), and whoever is signed in presses the button. What must not be shown back (a
 * password, a file) is not sent again either; then there is no button.
 */
static void put_again(struct exchange *x, cJSON *out)
{
    const struct route *route = x->row->route;
    for (size_t i = 0; i < route->field_count; i++)
        if (route->fields[i].type == FIELD_PASSWORD || route->fields[i].type == FIELD_FILE)
            return;
    cJSON *again = json_object(out, "again");
    json_put(again, "action", x->rq.path);
    cJSON *fields = json_array(again, "fields");
    for (size_t i = 0; i < x->input.given_count; i++) {
        cJSON *item = json_item(fields);
        json_put(item, "name", x->input.given[i].name);
        json_put(item, "value", x->input.given[i].value);
    }
}

/* A problem document, RFC 9457. */
static void problem_answer(struct exchange *x, const struct wording *w, const struct error *e)
{
    cJSON *out = cJSON_CreateObject();
    json_putf(out, "type", "%s/api#%s", x->rq.settings->origin, w->kind);
    json_put(out, "title", w->title);
    json_put_int(out, "status", x->status);
    json_put(out, "detail", e && e->message[0] ? e->message : w->happened);
    json_put(out, "kept", w->kept);
    json_put(out, "to_do", w->to_do);
    put_faults(x, e, out);
    json_print(out, &x->space->out);
    cJSON_Delete(out);
}

/* Without a template: for requests that could not be read, and while the site has none. */
static void plain_answer(struct exchange *x, const struct wording *w, const char *happened)
{
    struct buf *out = &x->space->out;
    const char *paragraphs[] = {happened, w->kept, w->to_do};
    buf_puts(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    text_escape_html(out, w->title, strlen(w->title));
    buf_puts(out, "</title>\n<meta name=\"viewport\" content=\"width=device-width, "
                  "initial-scale=1\">\n<link rel=\"stylesheet\" href=\"");
    buf_puts(out, assets_url(&x->server->assets, "site.css"));
    buf_puts(out, "\">\n</head>\n<body>\n<main>\n<h1>");
    text_escape_html(out, w->title, strlen(w->title));
    buf_puts(out, "</h1>\n");
    for (size_t i = 0; i < sizeof paragraphs / sizeof *paragraphs; i++) {
        buf_puts(out, "<p>");
        text_escape_html(out, paragraphs[i], strlen(paragraphs[i]));
        buf_puts(out, "</p>\n");
    }
    buf_puts(out, "<p><a href=\"/\">Start page</a></p>\n</main>\n</body>\n</html>\n");
}

static int page_answer(struct exchange *x, const struct wording *w, const char *happened,
                       const struct error *e)
{
    struct error drawing = {0};
    cJSON *view = cJSON_CreateObject();
    json_put(view, "title", w->title);
    json_put_int(view, "status", x->status);
    json_put(view, "kind", w->kind);
    json_put(view, "happened", happened);
    json_put(view, "kept", w->kept);
    json_put(view, "to_do", w->to_do);
    put_faults(x, e, view);
    put_typed(x, view);
    if (x->stale_form)
        put_again(x, view);
    json_put_bool(view, "noindex", true);
    if (x->status == 401)
        json_put(view, "sign_in_href", page_sign_in_href(x));
    const struct error_words *own = x->rq.error_words;
    const char *back = own && own->back_href ? own->back_href : page_back_href(x);
    json_put(view, "back_href", strcmp(back, "/") == 0 ? "" : back);
    page_put(x, view);
    int result = templates_render(x->server->templates, "error", view, &x->space->out, &drawing);
    if (result)
        log_line(LOG_ERROR, "template error: %s", drawing.message);
    cJSON_Delete(view);
    return result;
}

void error_answer(struct exchange *x, int status, const struct error *e)
{
    const struct wording wording = words_for(x, status), *w = &wording;
    bool ours = status >= 500 && status != 503 && status != 507;
    const char *happened = e && e->message[0] && !e->field[0] && !ours ? e->message : w->happened;
    struct error shown = {0};
    if (e && !ours)
        shown = *e;
    if (e && e->kind == ERROR_IO) { /* its words name statements and files, for the log alone */
        error_set(&shown, ERROR_IO, "The server's disk gave an error, so nothing can be saved.");
        happened = shown.message;
    }
    x->etag = x->cache = x->location = x->filename = x->content_encoding = NULL;
    if (x->rq.wants_json) {
        answer_begin(x, status, "application/problem+json");
        problem_answer(x, w, &shown);
        return;
    }
    answer_begin(x, status, "text/html; charset=utf-8");
    if (x->guarded && templates_has(x->server->templates, "error") &&
        page_answer(x, w, happened, &shown) == 0)
        return;
    answer_begin(x, status, "text/html; charset=utf-8");
    plain_answer(x, w, happened);
}

int response_error(struct request *rq, const struct error *e)
{
    int status = error_status(e->kind);
    if (status == 500 || e->kind == ERROR_FULL || e->kind == ERROR_IO)
        log_line(LOG_ERROR, "%s: %s", rq->exchange->log_pattern, e->message);
    error_answer(rq->exchange, status, e);
    return 0;
}

void answer_refusal(struct exchange *x, const struct refusal *r)
{
    struct error e = {0};
    error_set(&e, ERROR_INVALID, "%s", r->message);
    x->close = x->close || r->close;
    error_answer(x, r->status, &e);
}
