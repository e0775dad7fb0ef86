/*
 * Everything a request's bytes reach before a handler: headers, guard, router, negotiation,
 * cookies, form. The input is a request: line, headers, empty line, body. What passes the guard
 * means the same to every reader, and what a handler is given is of the type it was declared as.
 */
#include "base/text.h"
#include "fuzz.h"
#include "http/internal.h"
#include <string.h>
#include <strings.h>

static int nothing(struct request *rq, struct error *e)
{
    (void)rq;
    (void)e;
    return 0;
}

static const struct field fields[] = {
    {.name = "line", .type = FIELD_LINE, .max = 40, .required = true},
    {.name = "block", .type = FIELD_BLOCK},
    {.name = "count", .type = FIELD_INTEGER, .low = -5, .high = 5},
    {.name = "kind", .type = FIELD_ENUM, .choices = "a|bc|d"},
    {.name = "id*", .type = FIELD_ID},
    {.name = "many", .type = FIELD_ID, .multiple = true},
    {.name = "op", .type = FIELD_OPERATION},
    {.name = "ok", .type = FIELD_CHECKBOX},
    {.name = "day", .type = FIELD_DATE},
    {.name = "to", .type = FIELD_PATH},
};
static const struct route routes[] = {
    {METHOD_GET, "/", nothing, .who = ACCESS_PUBLIC, .summary = "s"},
    {METHOD_GET, "/a/{x}", nothing, .who = ACCESS_PUBLIC, .summary = "s"},
    {METHOD_GET, "/a/b", nothing, .who = ACCESS_PUBLIC, .summary = "s"},
    {METHOD_GET, "/a/v{hash}", nothing, .who = ACCESS_PUBLIC, .summary = "s"},
    {METHOD_POST, "/a/{x}/{y}", nothing, .who = ACCESS_SIGNED_IN, .summary = "s", .fields = fields,
     .field_count = 10},
    {0},
};
static const struct route *const tables[] = {routes, NULL};

/* Cuts the next line off; without its CR. */
static char *next_line(char **at)
{
    char *line = *at, *end = strchr(line, '\n');
    if (!end) {
        *at = line + strlen(line);
        return line;
    }
    *end = 0;
    if (end > line && end[-1] == '\r')
        end[-1] = 0;
    *at = end + 1;
    return line;
}

static void path_is_plain(const char *path)
{
    require(path[0] == '/' && strlen(path) <= PATH_BYTES_MAX);
    require(!strchr(path, '\\') && !strcasestr(path, "%2f") && !strstr(path, "%00"));
    require(!strstr(path, "/../") && !strstr(path, "/./") && !text_ends(path, "/.."));
    for (const char *p = path; *p; p++)
        require(*p > 0x1f && *p < 0x7f);
}

static void form(struct arena *a, const char *body, size_t n)
{
    struct exchange *x = arena_alloc(a, sizeof *x);
    struct refusal r;
    const char *name, *value;
    x->rq.exchange = x;
    x->rq.arena = a;
    if (input_form(&x->input, a, &routes[4], body, n, &r)) {
        require(r.status == 400);
        return;
    }
    input_check(&x->input, a, &routes[4]);
    for (size_t i = 0; request_field_each(&x->rq, i, &name, &value); i++)
        require(text_is_utf8(value, strlen(value)) && *value);
    value = request_field(&x->rq, "line");
    require(!value || (text_is_line(value, strlen(value)) && strlen(value) <= 40));
    require(value || request_has_errors(&x->rq));
    value = request_field(&x->rq, "kind");
    require(!value || !strcmp(value, "a") || !strcmp(value, "bc") || !strcmp(value, "d"));
    int64_t count = request_integer_or(&x->rq, "count", 0);
    require(count >= -5 && count <= 5);
    value = request_field(&x->rq, "to");
    require(!value || path_is_local(value));
    for (size_t i = 0; i < request_field_count(&x->rq, "many"); i++)
        require(!strpbrk(request_field_at(&x->rq, "many", i), "/ <&\"%"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct guard_policy policy = {"coe.example.edu", false, 8080};
    static struct router router;
    struct error e = {0};
    if (!router.rows)
        require(router_build(&router, tables, false, &e) == 0);
    struct arena *a = arena_create();
    char *text = arena_memdup(a, data, size), *at = text;
    struct mg_header *list = arena_array(a, MG_MAX_HEADERS, sizeof *list);
    char *method = next_line(&at), *target = strchr(method, ' '), *query = NULL;
    int n = 0;
    if (target)
        *target++ = 0;
    else
        target = method + strlen(method);
    if ((query = strchr(target, '?')) != NULL)
        *query++ = 0;
    for (char *line; *at && *(line = next_line(&at)) && n < MG_MAX_HEADERS;) {
        char *colon = strchr(line, ':');
        if (!colon)
            continue;
        *colon = 0;
        list[n++] = (struct mg_header){line, colon + 1 + strspn(colon + 1, " \t")};
    }
    struct headers h;
    struct guard_result out;
    struct refusal r;
    struct span params[ROUTE_MAX_SEGMENTS];
    const char *token;
    unsigned allowed;
    headers_read(&h, list, n, true);
    struct guard_input in = {method, target, query, "1.1", &h, false};
    if (guard_check(&policy, &in, &out, &r) == 0) {
        path_is_plain(target);
        require(h.host && !strcasecmp(h.host, "coe.example.edu"));
        const struct row *row = router_match(&router, out.method, target, params, &allowed);
        require(!row || !strpbrk(target, "%?# "));
    } else {
        require(r.status >= 400 && r.status < 600);
    }
    accept_prefers_json(h.accept);
    accept_takes_gzip(h.accept_encoding);
    client_address("127.0.0.1", h.forwarded_for, "127.0.0.1");
    header_lists(h.connection, "close");
    if (session_cookie_token(h.cookie, a, &token) == 0)
        require(!token || strlen(token) == 43);
    form(a, at, size - (size_t)(at - text));
    arena_free(a);
    return 0;
}
