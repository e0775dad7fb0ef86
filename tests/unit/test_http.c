/* The web server: each part by its contract, then a real one over loopback. */
#include "base/json.h"
#include "base/text.h"
#include "http/internal.h"
#include "support.h"
#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* ---- the parts ---- */

static int check(const char *method, const char *target, const struct mg_header *list, int n)
{
    static const struct guard_policy policy = {"coe.example.edu", false, 8080};
    struct headers h;
    struct guard_result out;
    struct refusal r = {0};
    headers_read(&h, list, n, false);
    struct guard_input in = {method, target, NULL, "1.1", &h, false};
    return guard_check(&policy, &in, &out, &r) ? r.status : 0;
}

static void guard_takes_only_what_every_reader_reads_alike(void **state)
{
    static const struct mg_header good[] = {{"hOsT", "COE.example.edu"}};
    static const struct mg_header loopback[] = {{"Host", "localhost:8080"}};
    static const struct mg_header sized[] = {{"Host", "coe.example.edu"}, {"Content-Length", "3"}};
    static const struct mg_header twice[] = {
        {"Host", "coe.example.edu"}, {"Content-Length", "3"}, {"content-length", "3"}};
    static const struct mg_header junk[] = {{"Host", "coe.example.edu"}, {"Content-Length", "3x"}};
    (void)state;
    assert_int_equal(check("GET", "/a", good, 1), 0);
    assert_int_equal(check("GET", "/a", loopback, 1), 421);
    assert_int_equal(check("GET", "/a", NULL, 0), 400);
    assert_int_equal(check("POST", "/a", sized, 2), 0);
    assert_int_equal(check("POST", "/a", good, 1), 411);
    assert_int_equal(check("GET", "/a", sized, 2), 400);
    assert_int_equal(check("POST", "/a", twice, 3), 400);
    assert_int_equal(check("POST", "/a", junk, 2), 400);
    static const char *const bad[] = {"/%00", "/a%2Fb",  "/%2e%2E/",  "/a/..", "/.",   "/%5c",
                                      "/%ff", "/%E2%82", "/%",        "/%1",   "/%g0", "a",
                                      "*",    "/\x7f",   "/\xc3\xa9", NULL};
    for (size_t i = 0; bad[i]; i++)
        assert_int_equal(check("GET", bad[i], good, 1), 400);
    static const char *const fine[] = {"/", "/a.b", "/..a", "/a..", "/%C3%A9", "/...", NULL};
    for (size_t i = 0; fine[i]; i++)
        assert_int_equal(check("GET", fine[i], good, 1), 0);
}

static void a_blank_before_the_colon_is_seen(void **state)
{
    char normal[] = "Content-Length\0 3", blank[] = "Content-Length\0: 3";
    struct mg_header list[] = {{normal, normal + 16}};
    struct headers h;
    (void)state;
    headers_read(&h, list, 1, true);
    assert_false(h.malformed);
    list[0] = (struct mg_header){blank, blank + 17};
    headers_read(&h, list, 1, true);
    assert_true(h.malformed);
}

static int nothing(struct request *rq, struct error *e)
{
    (void)e;
    return response_empty(rq, 204);
}
#define ROW_WITH(m, p, w, flag_bits, body)                                                         \
    {                                                                                              \
        .method = m, .pattern = p, .run = nothing, .who = w, .summary = "A row",                   \
        .flags = flag_bits, .body_max = body                                                       \
    }
#define ROW(m, p, w) ROW_WITH(m, p, w, 0, 0)

static const struct route some[] = {
    ROW(METHOD_GET, "/", ACCESS_PUBLIC),
    ROW(METHOD_GET, "/courses/{course}", ACCESS_PUBLIC),
    ROW(METHOD_GET, "/courses/new", ACCESS_PUBLIC),
    ROW(METHOD_GET, "/courses/v{hash}", ACCESS_PUBLIC),
    ROW(METHOD_POST, "/courses/{course}", ACCESS_SIGNED_IN),
    ROW(METHOD_GET, "/courses/{course}/{lesson}", ACCESS_PUBLIC),
    {0},
};
static const struct route *const some_tables[] = {some, NULL};

static const char *matched(const struct router *r, enum method m, const char *path)
{
    struct span params[ROUTE_MAX_SEGMENTS];
    unsigned allowed;
    const struct row *row = router_match(r, m, path, params, &allowed);
    return row ? row->route->pattern : allowed ? "405" : "404";
}

static void routes_match_exactly_and_fixed_text_wins(void **state)
{
    struct router r = {0};
    struct error e = {0};
    (void)state;
    assert_int_equal(router_build(&r, some_tables, false, &e), 0);
    assert_string_equal(matched(&r, METHOD_GET, "/"), "/");
    assert_string_equal(matched(&r, METHOD_GET, "/courses/new"), "/courses/new");
    assert_string_equal(matched(&r, METHOD_POST, "/courses/new"), "/courses/{course}");
    assert_string_equal(matched(&r, METHOD_GET, "/courses/humility"), "/courses/{course}");
    assert_string_equal(matched(&r, METHOD_GET, "/courses/v12"), "/courses/{course}");
    assert_string_equal(
        matched(&r, METHOD_GET,
                "/courses/v0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
        "/courses/v{hash}");
    assert_string_equal(matched(&r, METHOD_POST, "/courses/a/b"), "405");
    static const char *const none[] = {"/courses",     "/courses/",         "/courses//a",
                                       "//",           "/courses/a%20b",    "/courses/a/b/c",
                                       "/courses/a b", "/courses/\xc3\xa9", NULL};
    for (size_t i = 0; none[i]; i++)
        assert_string_equal(matched(&r, METHOD_GET, none[i]), "404");
    char path[300] = "/courses/";
    memset(path + 9, 'a', 129);
    assert_string_equal(matched(&r, METHOD_GET, path), "404");
    path[9 + 128] = 0;
    assert_string_equal(matched(&r, METHOD_GET, path), "/courses/{course}");
    router_free(&r);
}

static void rows_that_cannot_be_right_stop_the_start(void **state)
{
    static const struct route wrong[][3] = {
        {ROW(METHOD_GET, "/a", ACCESS_NOBODY), {0}},
        {ROW(METHOD_GET, "/a", ACCESS_PUBLIC), ROW(METHOD_GET, "/a", ACCESS_PUBLIC), {0}},
        {ROW(METHOD_GET, "/{a}", ACCESS_PUBLIC), ROW(METHOD_GET, "/{b}", ACCESS_PUBLIC), {0}},
        {ROW(METHOD_POST, "/a", ACCESS_PUBLIC), {0}},
        {ROW(METHOD_GET, "/a/", ACCESS_PUBLIC), {0}},
        {ROW(METHOD_GET, "/d/{department}", ACCESS_SIGNED_IN), {0}},
        {ROW_WITH(METHOD_GET, "/a", ACCESS_SIGNED_IN, ROUTE_CORS, 0), {0}},
        {ROW_WITH(METHOD_GET, "/a", ACCESS_PUBLIC, 0, 1), {0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct route *const tables[] = {wrong[i], NULL};
        struct router r = {0};
        struct error e = {0};
        assert_int_equal(router_build(&r, tables, false, &e), -1);
        assert_non_null(strstr(e.message, "route /"));
        router_free(&r);
    }
}

static void json_is_given_to_who_prefers_it(void **state)
{
    (void)state;
    assert_false(accept_prefers_json(NULL));
    assert_false(accept_prefers_json("*/*"));
    assert_false(
        accept_prefers_json("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
    assert_true(accept_prefers_json("application/json"));
    assert_true(accept_prefers_json("application/json, */*;q=0.5"));
    assert_false(accept_prefers_json("application/json;q=0.5, text/html"));
    assert_false(accept_prefers_json("application/json, text/html"));
    assert_true(accept_prefers_json("text/html;q=0.9, application/json"));
    assert_true(accept_prefers_json("application/problem+json"));
    assert_false(accept_prefers_json("application/json;q=0"));
    assert_true(accept_takes_gzip("br, gzip"));
    assert_false(accept_takes_gzip("gzip;q=0"));
    assert_false(accept_takes_gzip("identity"));
    assert_false(accept_takes_gzip(NULL));
}

static void the_clients_address_is_the_last_hop_our_proxy_saw(void **state)
{
    (void)state;
    assert_string_equal(client_address("127.0.0.1", "1.2.3.4, 5.6.7.8", "127.0.0.1"), "5.6.7.8");
    assert_string_equal(client_address("127.0.0.1", "2001:db8::1", "127.0.0.1"), "2001:db8::1");
    assert_string_equal(client_address("127.0.0.1", "1.2.3.4, x", "127.0.0.1"), "127.0.0.1");
    assert_string_equal(client_address("127.0.0.1", "1.2.3.4", ""), "127.0.0.1");
    assert_string_equal(client_address("10.0.0.9", "1.2.3.4", "127.0.0.1"), "10.0.0.9");
    assert_string_equal(client_address("127.0.0.1", NULL, "127.0.0.1"), "127.0.0.1");
}

static void sec_fetch_site_decides_else_origin(void **state)
{
    static const struct settings site = {.origin = "https://coe.example.edu"};
    static const struct settings trial = {.origin = "https://localhost:8080", .trial = true};
    (void)state;
    assert_true(site_allows(&site, "same-origin", "https://evil.example", "coe.example.edu"));
    assert_false(site_allows(&site, "same-site", "https://coe.example.edu", "coe.example.edu"));
    assert_false(site_allows(&site, "none", NULL, "coe.example.edu"));
    assert_true(site_allows(&site, NULL, "https://coe.example.edu", "coe.example.edu"));
    assert_false(site_allows(&site, NULL, "http://coe.example.edu", "coe.example.edu"));
    assert_false(site_allows(&site, NULL, "null", "coe.example.edu"));
    assert_false(site_allows(&site, NULL, NULL, "coe.example.edu"));
    assert_true(site_allows(&trial, NULL, "http://127.0.0.1:8080", "127.0.0.1:8080"));
    assert_false(site_allows(&trial, NULL, "http://127.0.0.1:8081", "127.0.0.1:8080"));
    assert_false(site_allows(&trial, NULL, "http://evil.example", "evil.example"));
}

#define TOKEN43 "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP_"

static void one_session_cookie_of_our_form(void **state)
{
    struct arena *a = arena_create();
    const char *token;
    (void)state;
    assert_int_equal(session_cookie_token("x=1; __Host-session=" TOKEN43 "; y=2", a, &token), 0);
    assert_string_equal(token, TOKEN43);
    assert_int_equal(session_cookie_token("__Host-session=short", a, &token), 0);
    assert_null(token);
    assert_int_equal(session_cookie_token("X__Host-session=" TOKEN43, a, &token), 0);
    assert_null(token);
    assert_int_equal(
        session_cookie_token("__Host-session=" TOKEN43 ";__Host-session=short", a, &token), -1);
    assert_int_equal(session_cookie_token(NULL, a, &token), 0);
    assert_null(token);
    arena_free(a);
}

static void only_paths_of_this_site_are_local(void **state)
{
    (void)state;
    assert_true(path_is_local("/"));
    assert_true(path_is_local("/courses/humility?x=1"));
    assert_false(path_is_local("//evil.example"));
    assert_false(path_is_local("/\\evil.example"));
    assert_false(path_is_local("https://evil.example"));
    assert_false(path_is_local("/a\r\nSet-Cookie: x"));
    assert_false(path_is_local("/a\tb"));
    assert_false(path_is_local(""));
    assert_false(path_is_local(NULL));
}

/* ---- typed input ---- */

static const struct field fields[] = {
    {.name = "name", .type = FIELD_LINE, .max = 10, .required = true, .summary = "Your name"},
    {.name = "text", .type = FIELD_BLOCK, .summary = "What you noticed"},
    {.name = "count", .type = FIELD_INTEGER, .low = 1, .high = 9, .summary = "How many"},
    {.name = "kind", .type = FIELD_ENUM, .choices = "one|two", .summary = "Which kind"},
    {.name = "ok", .type = FIELD_CHECKBOX, .summary = "I agree"},
    {.name = "pick", .type = FIELD_ID, .multiple = true, .summary = "Your choices"},
    {.name = "answer.*", .type = FIELD_ID, .summary = "An answer"},
    {.name = "day", .type = FIELD_DATE, .summary = "The day"},
    {.name = "back", .type = FIELD_PATH, .summary = "Where to"},
    {.name = "lines", .type = FIELD_BLOCK, .max = 4, .summary = "Lines"},
    {.name = "file", .type = FIELD_BLOCK, .max_bytes = 1024, .summary = "The file"},
};
static const struct route form_route = {.method = METHOD_POST, .fields = fields, .field_count = 11};
static const struct route query_route = {.method = METHOD_GET, .fields = fields, .field_count = 11};

struct form {
    struct exchange x;
    struct refusal r;
};

static struct form *read_as(struct arena *a, const struct route *route, const char *sent)
{
    struct form *f = arena_alloc(a, sizeof *f);
    f->x.rq.exchange = &f->x;
    f->x.rq.arena = a;
    if (input_form(&f->x.input, a, route, sent, strlen(sent), &f->r) == 0)
        input_check(&f->x.input, a, route);
    return f;
}

static struct form *read_form(struct arena *a, const char *body)
{
    return read_as(a, &form_route, body);
}

static void a_number_that_cannot_be_is_a_fault_in_a_form_and_nothing_in_a_query(void **state)
{
    static const char *const bad[] = {"count=0",  "count=10", "count=x",
                                      "count=7x", "count=-1", "count=99999999999999999999999999"};
    (void)state;
    struct arena *a = arena_create();
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *sent = arena_printf(a, "name=A&%s", bad[i]);
        struct form *form = read_form(a, sent), *query = read_as(a, &query_route, sent);
        assert_true(request_has_errors(&form->x.rq));
        assert_false(request_has_errors(&query->x.rq));
        assert_int_equal(request_integer_or(&query->x.rq, "count", 5), 5);
    }
    assert_int_equal(
        request_integer_or(&read_as(a, &query_route, "name=A&count=7")->x.rq, "count", 5), 7);
    arena_free(a);
}

static void fields_arrive_typed(void **state)
{
    struct arena *a = arena_create();
    struct form *f =
        read_form(a, "name=+A%20b+&text=x%0D%0Ay%0D%0A&count=7&kind=two&ok=on&pick=a&pick=b"
                     "&answer.q-1=3&day=2026-12-04&back=//evil&unknown=1&form_token=t");
    const struct request *rq = &f->x.rq;
    (void)state;
    assert_false(request_has_errors(rq));
    assert_string_equal(request_field(rq, "name"), "A b");
    assert_string_equal(request_field(rq, "text"), "x\ny");
    assert_int_equal(request_integer_or(rq, "count", 0), 7);
    assert_string_equal(request_field(rq, "kind"), "two");
    assert_true(request_checked(rq, "ok"));
    assert_int_equal(request_field_count(rq, "pick"), 2);
    assert_string_equal(request_field_at(rq, "pick", 1), "b");
    assert_string_equal(request_field(rq, "answer.q-1"), "3");
    assert_null(request_field(rq, "back"));
    assert_null(request_field(rq, "unknown"));
    assert_string_equal(f->x.input.form_token, "t");
    arena_free(a);
}

static void every_field_at_fault_is_named_in_the_forms_order(void **state)
{
    struct arena *a = arena_create();
    struct form *f = read_form(a, "day=2026-02-30&kind=three&count=10&kind=one&answer.x=a%20b");
    (void)state;
    static const char *const messages[] = {
        "Your name: please fill this in",
        "How many: please enter a whole number from 1 to 9",
        "Which kind: please choose one of the options shown",
        "Which kind: was sent more than once",
        "An answer: please choose one of the options shown",
        "The day: please enter a date as year-month-day, like 2026-12-04"};
    assert_int_equal(f->x.input.fault_count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(f->x.input.faults[i].message, messages[i]);
    assert_null(request_field(&f->x.rq, "kind"));
    f = read_form(a, "name=12345678901");
    assert_string_equal(f->x.input.faults[0].message,
                        "Your name: please use at most 10 characters");
    /* characters, of whatever script; a line end is one though a browser sends two bytes */
    f = read_form(a, "name=1234567%E1%BB%AF%F0%9F%8C%B1%D8%B9");
    assert_false(request_has_errors(&f->x.rq));
    f = read_form(a, "name=12345678%E1%BB%AF%F0%9F%8C%B1%D8%B9");
    assert_string_equal(f->x.input.faults[0].message,
                        "Your name: please use at most 10 characters");
    f = read_form(a, "name=A&lines=%D8%B9%0D%0A%D8%B9%0D%0A");
    assert_false(request_has_errors(&f->x.rq));
    f = read_form(a, "name=A&lines=%D8%B9%0D%0A%D8%B9%0D%0Ax");
    assert_string_equal(f->x.input.faults[0].message, "Lines: please use at most 4 characters");
    const char *kilobyte = arena_printf(a, "name=A&file=%%D8%%B9%01022d", 0);
    assert_false(request_has_errors(&read_form(a, kilobyte)->x.rq));
    f = read_form(a, arena_printf(a, "%sx", kilobyte));
    assert_string_equal(f->x.input.faults[0].message, "The file: please keep to 1 KB of text");
    arena_free(a);
}

static void forms_that_cannot_be_read_are_400(void **state)
{
    struct arena *a = arena_create();
    static const char *const bad[] = {"a=%00", "a%00=1",      "a=%", "a=%f",
                                      "a=%ff", "a=%ed%a0%80", NULL};
    (void)state;
    for (size_t i = 0; bad[i]; i++)
        assert_int_equal(read_form(a, bad[i])->r.status, 400);
    struct buf many;
    buf_init(&many, 100000);
    for (int i = 0; i < 401; i++)
        buf_printf(&many, "f%d=1&", i);
    assert_int_equal(read_form(a, many.data)->r.status, 400);
    buf_free(&many);
    arena_free(a);
}

/* ---- a real server ---- */

static int hello(struct request *rq, struct error *e)
{
    (void)e;
    cJSON *view = cJSON_CreateObject();
    cJSON_AddStringToObject(view, "title", "Hello");
    cJSON_AddStringToObject(view, "who", request_param(rq, "who"));
    return response_page(rq, "hello", view);
}

static int echo(struct request *rq, struct error *e)
{
    if (text_equal(request_field(rq, "name"), "conflict"))
        return error_set(e, ERROR_CONFLICT, "It was another name a moment ago.");
    return response_redirect(rq, "/hello/there");
}

static int many_rows(struct request *rq, struct error *e)
{
    if (response_stream_begin(rq, "text/csv; charset=utf-8", "rows 1.csv", e))
        return -1;
    for (int i = 0; i < 20000; i++)
        if (response_stream_write(rq, "0123456789\r\n", 12))
            break;
    return response_stream_end(rq);
}

/* More than the system takes off a worker's hands when the client does not read. */
static int large(struct request *rq, struct error *e)
{
    size_t n = (size_t)12 * 1024 * 1024;
    char *bytes = calloc(1, n);
    (void)e;
    int result = response_bytes(rq, "application/octet-stream", bytes, n, NULL);
    free(bytes);
    return result;
}

static int forgets(struct request *rq, struct error *e)
{
    (void)rq;
    (void)e;
    return 0;
}

static int slow(struct request *rq, struct error *e)
{
    static const struct timespec moment = {1, 0};
    (void)e;
    nanosleep(&moment, NULL);
    return response_empty(rq, 204);
}

static const struct route routes[] = {
    {METHOD_GET, "/large", large, .who = ACCESS_PUBLIC, .summary = "Twelve megabytes"},
    {METHOD_GET, "/slow", slow, .who = ACCESS_PUBLIC, .summary = "Takes a second"},
    {METHOD_GET, "/hello/{who}", hello, .who = ACCESS_PUBLIC, .summary = "Says hello"},
    {METHOD_GET, "/rows", many_rows, .who = ACCESS_PUBLIC, .summary = "Many rows"},
    {METHOD_GET, "/forgets", forgets, .who = ACCESS_PUBLIC, .summary = "A defect"},
    {METHOD_GET, "/mine", hello, .who = ACCESS_SIGNED_IN, .summary = "Mine"},
    {METHOD_GET, "/open", hello, .who = ACCESS_PUBLIC, .summary = "Open", .flags = ROUTE_CORS},
    {METHOD_POST, "/echo", echo, .who = ACCESS_PUBLIC, .summary = "Echo", .fields = fields,
     .field_count = 9, .flags = ROUTE_NO_FORM_TOKEN},
    {METHOD_POST, "/mine", echo, .who = ACCESS_SIGNED_IN, .summary = "Mine", .fields = fields,
     .field_count = 11},
    {0},
};
static const struct route *const tables[] = {routes, NULL};
#define FILE_OF(path, text)                                                                        \
    {                                                                                              \
        path, (const unsigned char *)(text), sizeof(text) - 1                                      \
    }
static const struct embedded_file files[] = {
    FILE_OF("templates/hello.mustache",
            "<title>{{page.title}}</title>{{who}} {{page.site.asset.site_css}}"),
    FILE_OF("static/site.css", "body { margin: 0; padding: 0; border: 0 }"),
};
static struct settings settings = {.listen = "127.0.0.1:0",
                                   .origin = "https://localhost:8080",
                                   .host = "localhost:8080",
                                   .site_name = "A <site>",
                                   .coe_name = "The centre",
                                   .funding = "",
                                   .trusted_proxy = "",
                                   .workers = 8,
                                   .trial = true};
static struct clock now;
static struct learning learning = {.settings = &settings, .clock = &now};
static struct server *server;

static int start(void **state)
{
    struct server_options options = {.settings = &settings,
                                     .learning = &learning,
                                     .tables = tables,
                                     .files = files,
                                     .file_count = 2,
                                     .build = "test"};
    struct error e = {0};
    (void)state;
    log_set_level(LOG_ERROR);
    clock_system(&now);
    server = server_start(&options, &e);
    if (!server)
        fprintf(stderr, "%s\n", e.message);
    return server ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    server_drain_and_stop(server);
    return 0;
}

/* A connection; room: bytes the system may hold for a client that does not read, or 0 for its own
 * choice. */
static int connect_with(int room)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)server_port(server))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || (room && setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room)) ||
        connect(fd, (struct sockaddr *)&to, sizeof to))
        abort();
    return fd;
}

/* Sends a request with "Connection: close" and gives everything that came back (to be freed). */
static char *talk(const char *line, const char *headers, const char *body)
{
    int fd = connect_with(0);
    struct buf b;
    char piece[4096];
    ssize_t n;
    buf_init(&b, 4 * 1024 * 1024);
    buf_printf(&b, "%s HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n%s", line,
               server_port(server), headers);
    if (*body)
        buf_printf(&b, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n",
                   strlen(body));
    buf_printf(&b, "\r\n%s", body);
    if (send(fd, b.data, b.length, 0) != (ssize_t)b.length)
        abort();
    buf_clear(&b);
    while ((n = recv(fd, piece, sizeof piece, 0)) > 0)
        buf_append(&b, piece, (size_t)n);
    close(fd);
    buf_puts(&b, "");
    return buf_detach(&b);
}

static void has(char *answer, const char *const *parts)
{
    for (size_t i = 0; parts[i]; i++)
        if (!strstr(answer, parts[i]))
            fail_msg("no \"%s\" in: %.1500s", parts[i], answer);
    free(answer);
}
#define HAS(answer, ...) has(answer, (const char *const[]){__VA_ARGS__, NULL})

static void a_page_is_html_or_json(void **state)
{
    (void)state;
    HAS(talk("GET /hello/you", "", ""), "HTTP/1.1 200 OK\r\n", "text/html; charset=utf-8",
        "<title>Hello – A &lt;site&gt;</title>you /static/site.", "Connection: close",
        "Content-Security-Policy: default-src 'none'", "Vary: Accept, Cookie");
    HAS(talk("GET /hello/you", "Accept: application/json\r\n", ""), "application/json",
        "{\"title\":\"Hello\",\"who\":\"you\",\"page\":{\"title\":\"Hello\",\"form_token\":\"\"}}");
}

static void who_is_not_signed_in_is_sent_to_sign_in_and_back(void **state)
{
    (void)state;
    HAS(talk("GET /mine?x=%20y", "", ""), "303 See Other",
        "Location: /sign-in?return_to=/mine%3Fx%3D%2520y\r\n");
    HAS(talk("GET /mine", "Accept: application/json\r\n", ""), "401 Unauthorized",
        "application/problem+json", "\"status\":401");
    HAS(talk("POST /mine", "Sec-Fetch-Site: same-origin\r\n", "name=a"), "401 Unauthorized");
}

static void a_form_is_checked_and_answered(void **state)
{
    (void)state;
    HAS(talk("POST /echo", "Sec-Fetch-Site: same-origin\r\n", "name=a"), "303 See Other",
        "Location: /hello/there\r\n");
    HAS(talk("POST /echo", "Sec-Fetch-Site: cross-site\r\n", "name=a"), "403 Forbidden");
    HAS(talk("POST /echo", "", "name=a"), "403 Forbidden");
    HAS(talk("POST /echo", "Sec-Fetch-Site: same-origin\r\nAccept: application/json\r\n", "kind=x"),
        "422 Unprocessable", "\"field\":\"name\"", "\"field\":\"kind\"");
    HAS(talk("POST /echo", "Sec-Fetch-Site: same-origin\r\n", "name=conflict"), "409 Conflict",
        "It was another name a moment ago.");
}

static void a_defect_is_a_500_that_tells_nothing(void **state)
{
    (void)state;
    HAS(talk("GET /forgets", "", ""), "500 Internal", "The server met a problem of its own.");
}

static void a_stream_arrives_whole(void **state)
{
    char *answer = talk("GET /rows", "", "");
    size_t bytes = 0;
    (void)state;
    assert_non_null(strstr(answer, "Transfer-Encoding: chunked"));
    assert_non_null(strstr(answer, "filename=\"rows-1.csv\""));
    const char *p = strstr(answer, "\r\n\r\n") + 4;
    for (size_t n; (n = strtoul(p, NULL, 16)) > 0; p = strstr(p, "\r\n") + 2 + n + 2)
        bytes += n;
    assert_int_equal(bytes, 20000 * 12);
    free(answer);
}

static void only_rows_marked_so_are_open_to_other_sites(void **state)
{
    (void)state;
    HAS(talk("OPTIONS /open", "Origin: https://other.example\r\n", ""), "204 No Content",
        "Access-Control-Allow-Origin: *", "Allow: GET, HEAD, OPTIONS");
    HAS(talk("OPTIONS /mine", "", ""), "405 Method Not Allowed", "Allow: GET, HEAD, POST\r\n");
}

static void *hammer(void *arg)
{
    (void)arg;
    for (int i = 0; i < 40; i++) {
        HAS(talk("GET /hello/you", "", ""), "200 OK");
        HAS(talk("POST /echo", "Sec-Fetch-Site: same-origin\r\n", "name=a&pick=x&pick=y"),
            "303 See");
        HAS(talk("GET /nowhere", "", ""), "404 Not Found");
    }
    return NULL;
}

static void many_at_once_are_served(void **state)
{
    pthread_t threads[12];
    (void)state;
    for (size_t i = 0; i < 12; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hammer, NULL), 0);
    for (size_t i = 0; i < 12; i++)
        pthread_join(threads[i], NULL);
}

static void *wait_slowly(void *arg)
{
    (void)arg;
    HAS(talk("GET /slow", "", ""), "204 No Content");
    return NULL;
}

static void it_is_ready_when_everything_around_it_has_started(void **state)
{
    (void)state;
    HAS(talk("GET /readyz", "", ""), "503 Service Unavailable", "starting");
    HAS(talk("GET /hello/you", "", ""), "200 OK");
    server_ready(server);
    HAS(talk("GET /readyz", "", ""), "200 OK");
}

static void when_nothing_finishes_the_last_worker_says_no_at_once(void **state)
{
    static const struct timespec moment = {0, 500000000};
    pthread_t threads[7];
    (void)state;
    for (size_t i = 0; i < 7; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, wait_slowly, NULL), 0);
    nanosleep(&moment, NULL);
    HAS(talk("GET /hello/you", "", ""), "503 Service Unavailable", "Retry-After: 2");
    HAS(talk("GET /readyz", "", ""), "200 OK");
    for (size_t i = 0; i < 7; i++)
        pthread_join(threads[i], NULL);
    HAS(talk("GET /hello/you", "", ""), "200 OK");
}

static void who_takes_an_answer_in_sips_is_let_go(void **state)
{
    static const struct timespec moment = {0, 300000000};
    static const char request[] = "GET /large HTTP/1.1\r\nHost: localhost:8080\r\n\r\n";
    int clients[7];
    bool free_again = false;
    (void)state;
    for (size_t i = 0; i < 7; i++) {
        clients[i] = connect_with(1);
        assert_int_equal(send(clients[i], request, sizeof request - 1, 0), sizeof request - 1);
    }
    for (int round = 0; round < 100 && !free_again; round++) {
        char sip[400];
        nanosleep(&moment, NULL);
        for (size_t i = 0; i < 7; i++)
            if (recv(clients[i], sip, sizeof sip, MSG_DONTWAIT) == 0)
                fail_msg("client %zu got the whole answer", i);
        char *answer = talk("GET /hello/you", "", "");
        free_again = strstr(answer, "200 OK") != NULL;
        if (round == 2 && free_again)
            fail_msg("the clients do not hold the workers");
        free(answer);
    }
    for (size_t i = 0; i < 7; i++)
        close(clients[i]);
    assert_true(free_again);
}

int main(void)
{
    json_start();
    const struct CMUnitTest parts[] = {
        cmocka_unit_test(guard_takes_only_what_every_reader_reads_alike),
        cmocka_unit_test(a_blank_before_the_colon_is_seen),
        cmocka_unit_test(routes_match_exactly_and_fixed_text_wins),
        cmocka_unit_test(rows_that_cannot_be_right_stop_the_start),
        cmocka_unit_test(json_is_given_to_who_prefers_it),
        cmocka_unit_test(the_clients_address_is_the_last_hop_our_proxy_saw),
        cmocka_unit_test(sec_fetch_site_decides_else_origin),
        cmocka_unit_test(one_session_cookie_of_our_form),
        cmocka_unit_test(only_paths_of_this_site_are_local),
        cmocka_unit_test(fields_arrive_typed),
        cmocka_unit_test(a_number_that_cannot_be_is_a_fault_in_a_form_and_nothing_in_a_query),
        cmocka_unit_test(every_field_at_fault_is_named_in_the_forms_order),
        cmocka_unit_test(forms_that_cannot_be_read_are_400),
    };
    const struct CMUnitTest served[] = {
        cmocka_unit_test(a_page_is_html_or_json),
        cmocka_unit_test(who_is_not_signed_in_is_sent_to_sign_in_and_back),
        cmocka_unit_test(a_form_is_checked_and_answered),
        cmocka_unit_test(a_defect_is_a_500_that_tells_nothing),
        cmocka_unit_test(a_stream_arrives_whole),
        cmocka_unit_test(only_rows_marked_so_are_open_to_other_sites),
        cmocka_unit_test(many_at_once_are_served),
        cmocka_unit_test(it_is_ready_when_everything_around_it_has_started),
        cmocka_unit_test(when_nothing_finishes_the_last_worker_says_no_at_once),
        cmocka_unit_test(who_takes_an_answer_in_sips_is_let_go),
    };
    int failed = cmocka_run_group_tests_name("parts", parts, NULL, NULL);
    return failed + cmocka_run_group_tests_name("served", served, start, stop);
}
