/*
 * Building and sending the answer. The body stands in the workspace's buffer behind HEAD_ROOM empty
 * bytes; the head is written right in front of it, so that both leave in one mg_write: two writes
 * on a kept-alive connection cost 40 ms each under Nagle's algorithm.
 */
#include "base/json.h"
#include "http/internal.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define SEND_PIECE   ((size_t)32 * 1024) /* nearly every page leaves as one */
#define SEND_SLOW_US 5000000             /* for one piece: about 6 kB a second */

struct status_text {
    int status;
    const char *text;
};
static const struct status_text status_texts[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {303, "See Other"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

static const char *status_text(int status)
{
    for (size_t i = 0; i < sizeof status_texts / sizeof *status_texts; i++)
        if (status_texts[i].status == status)
            return status_texts[i].text;
    return "Status";
}

void answer_begin(struct exchange *x, int status, const char *content_type)
{
    struct buf *out = &x->space->out;
    buf_clear(out);
    buf_reserve(out, HEAD_ROOM);
    out->length = HEAD_ROOM;
    out->data[HEAD_ROOM] = 0;
    x->status = status;
    x->content_type = content_type;
    x->answer = ANSWER_READY;
}

static struct buf *answer_body(struct exchange *x)
{
    return &x->space->out;
}

/* ---- the head ---- */

/* IMF-fixdate (RFC 9110 §5.6.7), made once a second. */
static const char *http_date(struct workspace *w)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t now = time(NULL);
    struct tm t;
    if (now != w->date_second && gmtime_r(&now, &t)) {
        snprintf(w->date, sizeof w->date, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[t.tm_wday],
                 (unsigned)t.tm_mday % 100, months[t.tm_mon], (unsigned)(t.tm_year + 1900) % 10000,
                 (unsigned)t.tm_hour % 100, (unsigned)t.tm_min % 100, (unsigned)t.tm_sec % 100);
        w->date_second = now;
    }
    return w->date;
}

static void put_number(struct buf *head, size_t n)
{
    char digits[24];
    size_t i = sizeof digits;
    do
        digits[--i] = (char)('0' + n % 10);
    while (n /= 10);
    buf_append(head, digits + i, sizeof digits - i);
}

/* Values are our own or were checked (tokens, local paths); a line break would still be a defect
 * worth stopping: such a header is left out. */
static void put_header(struct buf *head, const char *name, const char *value)
{
    if (!value || strpbrk(value, "\r\n"))
        return;
    buf_puts(head, name);
    buf_append(head, ": ", 2);
    buf_puts(head, value);
    buf_append(head, "\r\n", 2);
}

static const char *cache_control(const struct exchange *x)
{
    unsigned flags = x->row ? x->row->route->flags : 0;
    if (x->frozen && x->status == 200)
        return x->personal ? "private, max-age=31536000, immutable"
                           : "public, max-age=31536000, immutable";
    if (x->personal)
        return "private, no-store";
    if ((flags & ROUTE_NO_STORE) || x->cookie || x->status >= 400)
        return "no-store";
    return x->cache ? x->cache : "no-cache";
}

static void put_security(const struct exchange *x, struct buf *head)
{
    static const char fixed[] = "X-Content-Type-Options: nosniff\r\n"
                                "Cross-Origin-Opener-Policy: same-origin\r\n";
    static const char page[] = "Content-Security-Policy: " HTTP_CSP "\r\n";
    static const char svg[] = "Content-Security-Policy: " SVG_CSP "\r\n";
    static const char strict[] = "Strict-Transport-Security: max-age=31536000\r\n";
    unsigned flags = x->row ? x->row->route->flags : 0;
    buf_append(head, fixed, sizeof fixed - 1);
    bool image = x->frozen && x->content_type && strcmp(x->content_type, "image/svg+xml") == 0;
    buf_append(head, image ? svg : page, image ? sizeof svg - 1 : sizeof page - 1);
    put_header(head, "Referrer-Policy", flags & ROUTE_NO_REFERRER ? "no-referrer" : "same-origin");
    if (flags & ROUTE_CORS) {
        put_header(head, "Access-Control-Allow-Origin", "*");
        /* A common wallet sends both, so its browser asks first. */
        put_header(head, "Access-Control-Allow-Headers", "cache-control, pragma");
        put_header(head, "Cross-Origin-Resource-Policy", "cross-origin");
    } else {
        put_header(head, "Cross-Origin-Resource-Policy", "same-origin");
    }
    if (!x->server->options.settings->trial)
        buf_append(head, strict, sizeof strict - 1);
}

static void put_disposition(const struct exchange *x, struct buf *head)
{
    if (!x->filename)
        return;
    buf_puts(head, "Content-Disposition: attachment; filename=\"");
    for (const char *p = x->filename; *p; p++)
        buf_putc(head, (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                               (*p >= '0' && *p <= '9') || strchr("._-", *p)
                           ? *p
                           : '-');
    buf_puts(head, "\"\r\n");
}

static bool may_stay_open(const struct exchange *x, bool old)
{
    const struct server *s = x->server;
    if (header_lists(x->headers.connection, "close") ||
        (old && !header_lists(x->headers.connection, "keep-alive")))
        return false;
    if (atomic_load_explicit(&s->draining, memory_order_relaxed))
        return false;
    /* With every worker held by a connection others would wait: this one gives up its place. */
    return atomic_load_explicit(&s->connections, memory_order_relaxed) < s->workers;
}

/* A body that was not read. To keep the connection civetweb would read it after the answer, and
 * without a deadline, so a client that trickles would hold the worker for ever. */
static bool body_waits(const struct exchange *x)
{
    return x->body_length < x->guard.content_length;
}

static void put_connection(struct exchange *x, struct buf *head)
{
    x->close = x->close || body_waits(x);
    bool old = !x->close && strcmp(x->info->http_version, "1.0") == 0;
    x->close = x->close || !may_stay_open(x, old);
    if (x->close) {
        mg_disable_keep_alive(x->mg);
        put_header(head, "Connection", "close");
    } else if (old) {
        put_header(head, "Connection", "keep-alive");
    }
}

void answer_head(struct exchange *x, bool chunked, size_t length, struct buf *head)
{
    buf_clear(head);
    buf_puts(head, "HTTP/1.1 ");
    put_number(head, (size_t)x->status);
    buf_putc(head, ' ');
    buf_puts(head, status_text(x->status));
    buf_append(head, "\r\n", 2);
    put_header(head, "Date", http_date(x->space));
    put_header(head, "Content-Type", x->content_type);
    if (chunked) {
        put_header(head, "Transfer-Encoding", "chunked");
    } else if (x->status != 204 && x->status != 304 && x->answer != ANSWER_STREAMING) {
        buf_puts(head, "Content-Length: ");
        put_number(head, length);
        buf_append(head, "\r\n", 2);
    }
    put_header(head, "Cache-Control", cache_control(x));
    put_security(x, head);
    if (x->etag) {
        buf_puts(head, "ETag: \"");
        buf_puts(head, x->etag);
        buf_puts(head, "\"\r\n");
    }
    put_header(head, "Vary", x->vary_encoding ? "Accept-Encoding" : "Accept, Cookie");
    put_header(head, "Content-Encoding", x->content_encoding);
    put_header(head, "Location", x->location);
    put_header(head, "Allow", x->allow);
    put_header(head, "Set-Cookie", x->cookie);
    if (x->clear_storage)
        put_header(head, "Clear-Site-Data", "\"storage\"");
    if (x->status == 401)
        put_header(head, "WWW-Authenticate", "Session realm=\"sign-in\"");
    if (x->status == 503 || x->status == 429)
        put_header(head, "Retry-After", x->status == 503 ? "2" : "60");
    put_disposition(x, head);
    put_connection(x, head);
    buf_append(head, "\r\n", 2);
}

/*
 * mg_write begins its patience anew with each byte that leaves, so a client that takes sips would
 * hold a worker for ever; hence in pieces, each against the clock. It also may stop half way: then
 * nothing more may follow on the connection.
 */
int answer_write(struct exchange *x, const char *p, size_t n)
{
    while (n) {
        size_t piece = n < SEND_PIECE ? n : SEND_PIECE;
        int64_t started = clock_monotonic_us();
        if (mg_write(x->mg, p, piece) != (int)piece ||
            clock_monotonic_us() - started > SEND_SLOW_US) {
            mg_disable_keep_alive(x->mg);
            return -1;
        }
        p += piece;
        n -= piece;
    }
    return 0;
}

void answer_send(struct exchange *x)
{
    struct buf *out = answer_body(x), *head = &x->space->head;
    if (x->answer != ANSWER_READY)
        return;
    if (out->overflow) {
        struct error e = {0};
        error_set(&e, ERROR_INTERNAL, "The page is larger than this server sends.");
        error_answer(x, 500, &e);
    }
    size_t length = out->length - HEAD_ROOM;
    answer_head(x, false, length, head);
    bool bodiless = x->guard.head || x->status == 204 || x->status == 304;
    x->answer = ANSWER_SENT;
    if (head->overflow || head->length > HEAD_ROOM) {
        log_line(LOG_ERROR, "the head of an answer is too long");
        x->close = true;
        mg_disable_keep_alive(x->mg);
        return;
    }
    char *start = out->data + HEAD_ROOM - head->length;
    memcpy(start, head->data, head->length);
    x->sent = bodiless ? 0 : length;
    answer_write(x, start, head->length + x->sent);
}

/* ---- what handlers call ---- */

int response_page(struct request *rq, const char *template_name, cJSON *view)
{
    return response_page_status(rq, 200, template_name, view);
}

int response_page_status(struct request *rq, int status, const char *template_name, cJSON *view)
{
    struct exchange *x = rq->exchange;
    struct error e = {0};
    page_put(x, view);
    answer_begin(x, status, rq->wants_json ? "application/json" : "text/html; charset=utf-8");
    if (rq->wants_json) {
        json_print(view, answer_body(x));
    } else if (templates_render(x->server->templates, template_name, view, answer_body(x), &e)) {
        log_line(LOG_ERROR, "template %s: %s", template_name, e.message);
        error_set(&e, ERROR_INTERNAL, "This page could not be drawn.");
        error_answer(x, 500, &e);
    }
    json_done(view);
    return 0;
}

int response_redirect(struct request *rq, const char *path)
{
    struct exchange *x = rq->exchange;
    answer_begin(x, 303, NULL);
    x->location = path_is_local(path) ? arena_strdup(rq->arena, path) : "/";
    return 0;
}

int response_json(struct request *rq, int status, cJSON *value)
{
    struct exchange *x = rq->exchange;
    answer_begin(x, status, "application/json");
    json_print(value, answer_body(x));
    json_done(value);
    return 0;
}

int response_bytes(struct request *rq, const char *content_type, const void *data, size_t n,
                   const char *filename)
{
    struct exchange *x = rq->exchange;
    answer_begin(x, 200, content_type);
    x->filename = filename ? arena_strdup(rq->arena, filename) : NULL;
    buf_append(answer_body(x), data, n);
    return 0;
}

int response_frozen(struct request *rq, const char *content_type, const void *data, size_t n)
{
    response_bytes(rq, content_type, data, n, NULL);
    rq->exchange->frozen = true;
    return 0;
}

int response_empty(struct request *rq, int status)
{
    answer_begin(rq->exchange, status, NULL);
    return 0;
}

void response_session_cookie(struct request *rq, const char *token, long max_age)
{
    static const char rules[] = "Path=/; Secure; HttpOnly; SameSite=Lax";
    struct exchange *x = rq->exchange;
    if (!token)
        x->cookie = arena_printf(rq->arena, "__Host-session=; %s; Max-Age=0", rules);
    else if (max_age > 0)
        x->cookie =
            arena_printf(rq->arena, "__Host-session=%s; %s; Max-Age=%ld", token, rules, max_age);
    else
        x->cookie = arena_printf(rq->arena, "__Host-session=%s; %s", token, rules);
}

void response_clear_storage(struct request *rq)
{
    rq->exchange->clear_storage = true;
}

void response_cache(struct request *rq, const char *value)
{
    rq->exchange->cache = arena_strdup(rq->arena, value);
}

static bool etag_listed(const char *header, const char *etag)
{
    size_t n = strlen(etag);
    if (header && strcmp(header, "*") == 0)
        return true;
    for (const char *p = header; p && (p = strchr(p, '"'));) {
        const char *end = strchr(++p, '"');
        if (!end)
            return false;
        if ((size_t)(end - p) == n && memcmp(p, etag, n) == 0)
            return true;
        p = end + 1;
    }
    return false;
}

bool response_not_modified(struct request *rq, const char *etag)
{
    struct exchange *x = rq->exchange;
    if (x->personal)
        return false;
    x->etag = arena_strdup(rq->arena, etag);
    if (!etag_listed(x->headers.if_none_match, etag))
        return false;
    answer_begin(x, 304, NULL);
    return true;
}

const char *response_asset(const struct request *rq, const char *name)
{
    return assets_url(&rq->exchange->server->assets, name);
}

/* ---- static files ---- */

void answer_asset(struct exchange *x, const struct asset *asset)
{
    bool gzip = asset->gzip && accept_takes_gzip(x->headers.accept_encoding);
    x->etag = asset->etag;
    x->cache = "public, max-age=31536000, immutable";
    x->vary_encoding = true;
    if (etag_listed(x->headers.if_none_match, asset->etag)) {
        answer_begin(x, 304, NULL);
        return;
    }
    answer_begin(x, 200, asset->type);
    x->content_encoding = gzip ? "gzip" : NULL;
    if (gzip)
        buf_append(answer_body(x), asset->gzip, asset->gzip_length);
    else
        buf_append(answer_body(x), asset->data, asset->length);
}
