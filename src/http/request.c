/* What a handler may ask of its request. */
#include "base/json.h"
#include "base/text.h"
#include "http/internal.h"
#include <string.h>

const char *request_param(const struct request *rq, const char *name)
{
    const struct exchange *x = rq->exchange;
    size_t n = strlen(name);
    for (size_t i = 0; x->row && i < x->row->count; i++) {
        const struct segment *s = &x->row->segments[i];
        if (s->parameter && s->text.n == n && memcmp(s->text.s, name, n) == 0)
            return arena_strndup(rq->arena, x->params[i].s, x->params[i].n);
    }
    return "";
}

static const struct given *find_given(const struct request *rq, const char *name, size_t index)
{
    const struct input *in = &rq->exchange->input;
    for (size_t i = 0; i < in->given_count; i++) {
        const struct given *g = &in->given[i];
        if (g->good && *g->value && strcmp(g->name, name) == 0 && index-- == 0)
            return g;
    }
    return NULL;
}

const char *request_field(const struct request *rq, const char *name)
{
    return request_field_at(rq, name, 0);
}

const char *request_field_or(const struct request *rq, const char *name, const char *fallback)
{
    const char *value = request_field(rq, name);
    return value ? value : fallback;
}

const char *request_field_at(const struct request *rq, const char *name, size_t index)
{
    const struct given *g = find_given(rq, name, index);
    return g ? g->value : NULL;
}

size_t request_field_count(const struct request *rq, const char *name)
{
    size_t n = 0;
    while (find_given(rq, name, n))
        n++;
    return n;
}

int64_t request_integer_or(const struct request *rq, const char *name, int64_t fallback)
{
    const struct given *g = find_given(rq, name, 0);
    return g && g->field->type == FIELD_INTEGER ? g->integer : fallback;
}

bool request_checked(const struct request *rq, const char *name)
{
    const struct given *g = find_given(rq, name, 0);
    return g && g->field->type == FIELD_CHECKBOX && g->integer;
}

const void *request_file(const struct request *rq, const char *name, size_t *n,
                         const char **filename)
{
    const struct given *g = find_given(rq, name, 0);
    *n = 0;
    if (!g || g->field->type != FIELD_FILE)
        return NULL;
    *n = g->file_size;
    *filename = g->value;
    return g->file;
}

bool request_field_each(const struct request *rq, size_t index, const char **name,
                        const char **value)
{
    const struct input *in = &rq->exchange->input;
    for (size_t i = 0; i < in->given_count; i++) {
        const struct given *g = &in->given[i];
        if (!g->good || !*g->value || index--)
            continue;
        *name = g->name;
        *value = g->value;
        return true;
    }
    return false;
}

const char *request_body(const struct request *rq, size_t *n)
{
    const struct exchange *x = rq->exchange;
    *n = x->body_length;
    return x->body ? x->body : "";
}

const cJSON *request_json(const struct request *rq)
{
    return rq->exchange->json;
}

bool request_has_errors(const struct request *rq)
{
    return rq->exchange->input.fault_count > 0;
}

void request_add_error(struct request *rq, const struct error *e)
{
    input_fault(&rq->exchange->input, rq->arena, e->field, arena_strdup(rq->arena, e->message));
}

void request_put_errors(const struct request *rq, cJSON *view)
{
    const struct input *in = &rq->exchange->input;
    json_put_bool(view, "has_errors", in->fault_count > 0);
    cJSON *errors = json_array(view, "errors"), *typed = json_object(view, "typed");
    for (size_t i = 0; i < in->fault_count; i++) {
        cJSON *item = json_item(errors);
        json_put(item, "field", in->faults[i].field);
        json_put(item, "message", in->faults[i].message);
    }
    bool password = false;
    for (size_t i = 0; i < in->given_count; i++) {
        const struct given *g = &in->given[i];
        password = password || g->field->type == FIELD_PASSWORD;
        if (g->field->type != FIELD_PASSWORD && g->field->type != FIELD_FILE &&
            !json_get(typed, g->name))
            json_put(typed, g->name, g->value);
    }
    json_put_bool(view, "had_password", password);
}

const char *request_address(const struct request *rq)
{
    const struct exchange *x = rq->exchange;
    return client_address(x->info->remote_addr, x->headers.forwarded_for,
                          rq->settings->trusted_proxy);
}

struct conn *request_reader(struct request *rq, struct error *e)
{
    struct exchange *x = rq->exchange;
    if (!x->reader)
        x->reader = db_read_begin(rq->learning->db, e);
    return x->reader;
}

void request_reader_release(struct request *rq)
{
    struct exchange *x = rq->exchange;
    if (x->reader)
        db_read_end(rq->learning->db, x->reader);
    x->reader = NULL;
}

bool path_is_local(const char *path)
{
    size_t n = path ? strlen(path) : 0;
    if (n == 0 || n > 255 || path[0] != '/' || path[1] == '/')
        return false;
    for (const char *p = path; *p; p++) /* what may stand in a URI: RFC 3986, 2 */
        if (*p <= ' ' || *p > '~' || strchr("\"<>\\^`{|}", *p))
            return false;
    return true;
}
