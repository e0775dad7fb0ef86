/* One request from top to bottom: what civetweb calls, and the order of the checks. */
#include "base/json.h"
#include "base/text.h"
#include "http/internal.h"
#include <string.h>

#define STALLED_US 250000

static void exchange_init(struct exchange *x, struct mg_connection *mg)
{
    struct server *s = mg_get_thread_pointer(mg);
    memset(x, 0, sizeof *x);
    x->server = s;
    x->space = workspace_take(s);
    x->mg = mg;
    x->info = mg_get_request_info(mg);
    x->started = clock_monotonic_us();
    x->log_pattern = "-";
    x->rq.arena = x->space->arena;
    x->rq.learning = s->options.learning;
    x->rq.settings = s->options.settings;
    x->rq.app = s->options.app;
    x->rq.query = "";
    x->rq.exchange = x;
}

/* Everything of the request goes. */
static void exchange_end(struct exchange *x)
{
    request_reader_release(&x->rq);
    if (x->upload)
        atomic_fetch_sub(x->uploads, 1);
    cJSON_Delete(x->json);
    workspace_give_back(x->server, x->space);
}

/* The route's pattern and never the path: paths hold tokens, and whose pages somebody reads. */
static void write_log(const struct exchange *x, const char *method)
{
    log_line(LOG_INFO, "%s %s %d %zu %lldus", method, x->log_pattern, x->status, x->sent,
             (long long)(clock_monotonic_us() - x->started));
}

static const char *log_method(const struct exchange *x)
{
    if (!x->guard.known_method)
        return "-";
    return x->guard.head ? "HEAD" : x->guard.options ? "OPTIONS" : method_names[x->guard.method];
}

/* ---- the steps; each returns 0 to go on, or 1 when the answer is ready ---- */

static int refused(struct exchange *x, const struct refusal *r)
{
    answer_refusal(x, r);
    return 1;
}

static int failed(struct exchange *x, const struct error *e)
{
    response_error(&x->rq, e);
    return 1;
}

static bool is_probe(const char *path)
{
    return path && (strcmp(path, "/healthz") == 0 || strcmp(path, "/readyz") == 0);
}

static int step_guard(struct exchange *x)
{
    struct refusal r;
    const struct mg_request_info *info = x->info;
    headers_read(&x->headers, info->http_headers, info->num_headers, true);
    x->rq.wants_json = accept_prefers_json(x->headers.accept);
    struct guard_input in = {info->request_method, info->request_uri, info->query_string,
                             info->http_version,   &x->headers,       is_probe(info->request_uri)};
    if (guard_check(&x->server->policy, &in, &x->guard, &r))
        return refused(x, &r);
    if (session_cookie_token(x->headers.cookie, x->rq.arena, &x->session_token)) {
        refuse(&r, 400, false, "The request has two session cookies.");
        return refused(x, &r);
    }
    x->guarded = true;
    x->rq.method = x->guard.method;
    x->rq.path = info->request_uri;
    x->rq.query = info->query_string ? info->query_string : "";
    x->rq.is_script = text_equal(x->headers.requested_with, "understory");
    x->rq.now = clock_now(x->rq.learning->clock);
    return 0;
}

static int method_not_allowed(struct exchange *x, unsigned allowed, bool cors)
{
    struct refusal r;
    x->allow = router_allow(allowed, cors, x->rq.arena);
    refuse(&r, 405, false, "This address does not take that kind of request.");
    return refused(x, &r);
}

static int not_found(struct exchange *x)
{
    struct refusal r;
    refuse(&r, 404, false, "No page has this address.");
    return refused(x, &r);
}

static int step_static(struct exchange *x)
{
    if (!text_starts(x->rq.path, "/static/"))
        return 0;
    x->log_pattern = "/static/{file}";
    const struct asset *asset = assets_find_url(&x->server->assets, x->rq.path);
    if (!asset)
        return not_found(x);
    if (x->guard.options || x->rq.method != METHOD_GET || !x->guard.known_method)
        return method_not_allowed(x, 1u << METHOD_GET, false);
    answer_asset(x, asset);
    return 1;
}

/* The answer to a preflight, for rows that other sites may read. */
static int answer_options(struct exchange *x, const struct row *row, unsigned allowed)
{
    if (!row || !(row->route->flags & ROUTE_CORS))
        return allowed ? method_not_allowed(x, allowed, false) : not_found(x);
    x->row = row;
    x->log_pattern = row->route->pattern;
    x->allow = router_allow(allowed, true, x->rq.arena);
    response_empty(&x->rq, 204);
    return 1;
}

static int step_route(struct exchange *x)
{
    unsigned allowed;
    enum method method = x->guard.options ? METHOD_GET : x->rq.method;
    const struct row *row =
        router_match(&x->server->router, method, x->rq.path, x->params, &allowed);
    if (x->guard.options)
        return answer_options(x, row, allowed);
    if (!allowed)
        return not_found(x);
    if (!row || !x->guard.known_method)
        return method_not_allowed(x, allowed, false);
    x->row = row;
    x->rq.route = row->route;
    x->log_pattern = row->route->pattern;
    return 0;
}

/*
 * A worker serves one connection, so requests in flight never exceed the workers. Many at once are
 * no overload while they finish; when nearly all workers are held and nothing has finished for a
 * while, the last few say no at once, so that nobody waits without an answer.
 */
static int step_overload(struct exchange *x)
{
    struct server *s = x->server;
    long spare = s->workers >= 32 ? 4 : s->workers >= 4 ? 1 : 0;
    struct refusal r;
    if ((x->row->route->flags & ROUTE_PROBE) || atomic_load(&s->in_flight) <= s->workers - spare ||
        x->started - atomic_load(&s->last_finished) < STALLED_US)
        return 0;
    refuse(&r, 503, false, "The server has more to do than it can.");
    x->session_token = NULL; /* the refusal itself must cost nothing */
    x->shed = true;
    return refused(x, &r);
}

/*
 * Who may send a large body is asked before it is read, and only a few are held at a time: each
 * takes its size in memory and a worker for as long as it arrives. A small one without a file is
 * read like any form, so that who was signed out meanwhile gets back what was typed.
 */
static int step_upload(struct exchange *x)
{
    struct error e = {0};
    struct refusal r;
    bool large = x->guard.content_length > UPLOAD_LARGE;
    if (!(x->row->route->flags & ROUTE_UPLOAD) ||
        (!large && media_type_is(x->headers.content_type, "application/x-www-form-urlencoded")))
        return 0;
    if (site_check(x, &r))
        return refused(x, &r);
    if (access_check(x, &e))
        return failed(x, &e);
    request_reader_release(&x->rq);
    if (!large)
        return 0;
    /* Strangers who send slowly must not keep authors from sending. */
    x->uploads = &x->server->uploads[x->row->route->who == ACCESS_PUBLIC];
    if (atomic_fetch_add(x->uploads, 1) < UPLOADS_MAX) {
        x->upload = true;
        return 0;
    }
    atomic_fetch_sub(x->uploads, 1);
    refuse(&r, 503, true, "Others are sending files just now.");
    return refused(x, &r);
}

static int step_input(struct exchange *x)
{
    struct refusal r;
    const struct route *route = x->row->route;
    if (method_is_safe(route->method)) {
        if (route->field_count &&
            input_form(&x->input, x->rq.arena, route, x->rq.query, strlen(x->rq.query), &r))
            return refused(x, &r);
        return 0;
    }
    if (site_check(x, &r) || body_read(x, &r))
        return refused(x, &r);
    if (x->multipart ? input_multipart(&x->input, x->rq.arena, route, x->headers.content_type,
                                       x->body, x->body_length, &r)
        : x->json    ? input_json(&x->input, x->rq.arena, route, x->json, &r)
                     : input_form(&x->input, x->rq.arena, route, x->body, x->body_length, &r))
        return refused(x, &r);
    return 0;
}

static int step_access(struct exchange *x)
{
    struct error e = {0};
    struct refusal r;
    if (access_check(x, &e)) {
        if (e.kind != ERROR_UNAUTHENTICATED || x->rq.wants_json || !method_is_safe(x->rq.method))
            return failed(x, &e);
        x->cache = "no-store";
        answer_begin(x, 303, NULL);
        x->location = page_sign_in_href(x);
        return 1;
    }
    if (method_is_safe(x->rq.method))
        return 0;
    if (form_token_check(x, &r))
        return refused(x, &r);
    request_reader_release(&x->rq);
    return 0;
}

static int step_fields(struct exchange *x)
{
    struct error e = {0};
    const struct route *route = x->row->route;
    input_check(&x->input, x->rq.arena, route);
    if (!x->input.fault_count || (route->flags & ROUTE_TAKES_ERRORS))
        return 0;
    error_set(&e, ERROR_INVALID, "Some of what was entered cannot be taken yet.");
    return failed(x, &e);
}

static void step_handler(struct exchange *x)
{
    struct error e = {0};
    json_trees_in(x->rq.arena);
    int result = x->row->route->run(&x->rq, &e);
    json_trees_in(NULL);
    if (x->answer == ANSWER_STREAMING) {
        x->stream_broken = x->stream_broken || result;
        response_stream_end(&x->rq);
    } else if (result) {
        failed(x, &e);
    } else if (x->answer == ANSWER_NONE) {
        error_set(&e, ERROR_INTERNAL, "the handler gave no answer");
        failed(x, &e);
    }
}

static void serve(struct exchange *x)
{
    if (step_guard(x) || step_static(x) || step_route(x) || step_overload(x) || step_upload(x) ||
        step_input(x) || step_access(x) || step_fields(x))
        return;
    step_handler(x);
}

/* ---- what civetweb calls ---- */

int http_begin_request(struct mg_connection *mg)
{
    struct exchange x;
    exchange_init(&x, mg);
    struct server *s = x.server;
    atomic_fetch_add(&s->in_flight, 1);
    atomic_store_explicit(&s->last_arrival, x.started, memory_order_relaxed);
    serve(&x);
    request_reader_release(&x.rq); /* a slow client must not hold a snapshot */
    answer_send(&x);
    if (x.close)
        body_linger(&x);
    write_log(&x, log_method(&x));
    exchange_end(&x);
    if (!x.shed)
        atomic_store_explicit(&s->last_finished, clock_monotonic_us(), memory_order_relaxed);
    atomic_fetch_sub(&s->in_flight, 1);
    return x.status ? x.status : 500;
}

/* civetweb could not read the request at all, or gave up waiting for it. */
int http_parse_error(struct mg_connection *mg, int status, const char *message)
{
    struct exchange x;
    struct refusal r;
    (void)message; /* may quote the request */
    if (!mg_get_thread_pointer(mg))
        return 0;
    exchange_init(&x, mg);
    refuse(&r, status, true, "");
    answer_refusal(&x, &r);
    answer_send(&x);
    write_log(&x, "-");
    exchange_end(&x);
    return 0;
}
