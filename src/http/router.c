/*
 * Routes, compiled once: split into segments and sorted by how many there are, fixed text before
 * parameters, so the first row that fits is the most exact one. No locks, nothing allocated.
 */
#include "base/memory.h"
#include "http/internal.h"
#include <stdlib.h>
#include <string.h>

const char *const method_names[METHOD__COUNT] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

bool method_is_safe(enum method m)
{
    return m == METHOD_GET;
}

static bool is_param_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
           c == '_' || c == '-';
}

/* Splits "/a/b" into spans; -1 when it has an empty segment or too many. "/" has none. */
static int split(const char *path, struct span out[ROUTE_MAX_SEGMENTS])
{
    int n = 0;
    if (path[0] != '/')
        return -1;
    if (!path[1])
        return 0;
    for (const char *p = path; *p;) {
        const char *start = ++p;
        while (*p && *p != '/')
            p++;
        if (p == start || n == ROUTE_MAX_SEGMENTS)
            return -1;
        out[n++] = (struct span){start, (size_t)(p - start)};
    }
    return n;
}

static bool span_equal(struct span a, struct span b)
{
    return a.n == b.n && (a.n == 0 || (a.s[0] == b.s[0] && memcmp(a.s, b.s, a.n) == 0));
}

/* FNV-1a, and never 0: most rows are passed over without a look at them. */
static uint32_t hash_of(struct span s)
{
    uint32_t hash = 0x811c9dc5u;
    for (size_t i = 0; i < s.n; i++)
        hash = (hash ^ (unsigned char)s.s[i]) * 0x01000193u;
    return hash ? hash : 1;
}

static bool is_content_hash(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.s[i] >= '0' && s.s[i] <= '9') || (s.s[i] >= 'a' && s.s[i] <= 'f')))
            return false;
    return s.n == 64;
}

static int compile(struct row *row, const struct route *route, struct error *e)
{
    struct span spans[ROUTE_MAX_SEGMENTS];
    int n = split(route->pattern, spans);
    if (n < 0)
        return error_set(e, ERROR_INTERNAL, "route %s: not a pattern", route->pattern);
    row->route = route;
    row->count = (size_t)n;
    for (int i = 0; i < n; i++) {
        struct span s = spans[i], prefix = {s.s, 0};
        const char *brace = memchr(s.s, '{', s.n);
        size_t before = brace ? (size_t)(brace - s.s) : 0;
        bool parameter = brace && s.n - before > 2 && s.s[s.n - 1] == '}';
        for (size_t k = 0; k < before; k++)
            if (!is_param_byte(s.s[k]))
                return error_set(e, ERROR_INTERNAL, "route %s: '%c' cannot be matched",
                                 route->pattern, s.s[k]);
        if (parameter) {
            prefix.n = before;
            s = (struct span){brace + 1, s.n - before - 2};
        }
        for (size_t k = 0; k < s.n; k++)
            if (!is_param_byte(s.s[k]))
                return error_set(e, ERROR_INTERNAL, "route %s: '%c' cannot be matched",
                                 route->pattern, s.s[k]);
        row->segments[i] = (struct segment){s, prefix, parameter};
    }
    return 0;
}

/* Fixed text before parameters; of parameters those with the longer text before them first. */
static int compare_rows(const void *pa, const void *pb)
{
    const struct row *a = pa, *b = pb;
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (size_t i = 0; i < a->count; i++) {
        const struct segment *x = &a->segments[i], *y = &b->segments[i];
        if (x->parameter != y->parameter)
            return x->parameter ? 1 : -1;
        struct span s = x->parameter ? x->prefix : x->text;
        struct span t = y->parameter ? y->prefix : y->text;
        if (s.n != t.n)
            return s.n > t.n ? -1 : 1;
        int order = memcmp(s.s, t.s, s.n);
        if (order)
            return order;
    }
    return (int)a->route->method - (int)b->route->method;
}

/* A row that cannot be right must not wait for its first visitor to be noticed. */
static int check_row(const struct row *row, struct error *e)
{
    const struct route *r = row->route;
    bool department = false;
    for (size_t i = 0; i < row->count; i++)
        department =
            department || (row->segments[i].parameter &&
                           span_equal(row->segments[i].text, (struct span){"department", 10}));
    if (r->who <= ACCESS_NOBODY || r->who >= ACCESS__COUNT)
        return error_set(e, ERROR_INTERNAL, "route %s: does not say who may", r->pattern);
    if (!r->run || !r->summary)
        return error_set(e, ERROR_INTERNAL, "route %s: needs a function and a summary", r->pattern);
    if ((r->flags & ROUTE_UPLOAD) && r->who == ACCESS_PUBLIC && r->body_max > PUBLIC_UPLOAD_MAX)
        return error_set(e, ERROR_INTERNAL, "route %s: takes large files from anyone", r->pattern);
    if (r->method == METHOD_GET && r->body_max)
        return error_set(e, ERROR_INTERNAL, "route %s: a GET has no body", r->pattern);
    if (!method_is_safe(r->method) && r->who == ACCESS_PUBLIC &&
        !(r->flags & (ROUTE_NO_FORM_TOKEN | ROUTE_SELF_AUTHENTICATING)))
        return error_set(e, ERROR_INTERNAL,
                         "route %s: public and unsafe, but nobody there has a form token",
                         r->pattern);
    if (r->who != ACCESS_PUBLIC && (r->flags & (ROUTE_NO_FORM_TOKEN | ROUTE_CORS)))
        return error_set(e, ERROR_INTERNAL, "route %s: a flag for public rows only", r->pattern);
    if (department && r->who != ACCESS_CHAIR && r->who != ACCESS_COE &&
        r->who != ACCESS_ADMINISTRATOR)
        return error_set(e, ERROR_INTERNAL, "route %s: a department's page open to others",
                         r->pattern);
    return 0;
}

int router_build(struct router *r, const struct route *const *tables, bool bench, struct error *e)
{
    size_t count = 0;
    for (size_t t = 0; tables[t]; t++)
        for (const struct route *route = tables[t]; route->pattern; route++)
            count++;
    r->rows = memory_array(count ? count : 1, sizeof *r->rows);
    r->count = 0;
    for (size_t t = 0; tables[t]; t++)
        for (const struct route *route = tables[t]; route->pattern; route++) {
            struct row *row = &r->rows[r->count];
            if ((route->flags & ROUTE_BENCH) && !bench)
                continue;
            if (compile(row, route, e) || check_row(row, e))
                return -1;
            r->count++;
        }
    qsort(r->rows, r->count, sizeof *r->rows, compare_rows);
    for (size_t i = 1; i < r->count; i++)
        if (compare_rows(&r->rows[i - 1], &r->rows[i]) == 0)
            return error_set(e, ERROR_INTERNAL, "route %s: stands in the table twice",
                             r->rows[i].route->pattern);
    size_t i = 0;
    for (size_t n = 0; n <= ROUTE_MAX_SEGMENTS + 1; n++) {
        while (i < r->count && r->rows[i].count < n)
            i++;
        r->first[n] = i;
    }
    r->begins = memory_array(r->count + 1, sizeof *r->begins);
    for (i = 0; i < r->count; i++)
        if (r->rows[i].count > 0 && !r->rows[i].segments[0].parameter)
            r->begins[i] = hash_of(r->rows[i].segments[0].text);
    return 0;
}

void router_free(struct router *r)
{
    free(r->rows);
    free(r->begins);
    r->rows = NULL;
    r->begins = NULL;
}

static bool segment_fits(const struct segment *s, struct span given)
{
    if (!s->parameter)
        return span_equal(s->text, given);
    struct span prefix = s->prefix;
    if (given.n <= prefix.n || memcmp(prefix.s, given.s, prefix.n) != 0)
        return false;
    return !span_equal(s->text, (struct span){"hash", 4}) ||
           is_content_hash((struct span){given.s + prefix.n, given.n - prefix.n});
}

static bool fits(const struct row *row, const struct span *spans)
{
    for (size_t i = 0; i < row->count; i++)
        if (!segment_fits(&row->segments[i], spans[i]))
            return false;
    return true;
}

const struct row *router_match(const struct router *r, enum method method, const char *path,
                               struct span params[ROUTE_MAX_SEGMENTS], unsigned *allowed)
{
    struct span spans[ROUTE_MAX_SEGMENTS];
    *allowed = 0;
    int n = split(path, spans);
    if (n < 0)
        return NULL;
    for (int i = 0; i < n; i++) {
        if (spans[i].n > PARAM_MAX)
            return NULL;
        for (size_t k = 0; k < spans[i].n; k++)
            if (!is_param_byte(spans[i].s[k]))
                return NULL;
    }
    const struct row *found = NULL;
    uint32_t begin = n > 0 ? hash_of(spans[0]) : 0;
    for (size_t i = r->first[n]; i < r->first[n + 1]; i++) {
        const struct row *row = &r->rows[i];
        if ((r->begins[i] && r->begins[i] != begin) || !fits(row, spans))
            continue;
        *allowed |= 1u << row->route->method;
        if (row->route->method == method && !found)
            found = row;
    }
    for (int i = 0; found && i < n; i++) {
        size_t prefix = found->segments[i].prefix.n;
        params[i] = (struct span){spans[i].s + prefix, spans[i].n - prefix};
    }
    return found;
}

static const char *listed(struct arena *a, const char *list, const char *name)
{
    return *list ? arena_printf(a, "%s, %s", list, name) : name;
}

const char *router_allow(unsigned allowed, bool cors, struct arena *a)
{
    const char *list = "";
    for (int m = 0; m < METHOD__COUNT; m++) {
        if (!(allowed & (1u << m)))
            continue;
        list = listed(a, list, method_names[m]);
        if (m == METHOD_GET)
            list = listed(a, list, "HEAD");
    }
    return cors ? listed(a, list, "OPTIONS") : list;
}
