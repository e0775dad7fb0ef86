/*
 * From bytes to typed fields, by the row's table. Reading (form or JSON) is strict about the bytes
 * and ends with 400; checking is kind to the person: every field at fault is named at once, and
 * what was typed is kept so that it can be shown again.
 */
#include "base/json.h"
#include "base/text.h"
#include "http/internal.h"
#include "http/multipart.h"
#include <stdio.h>
#include <string.h>

void input_fault(struct input *in, struct arena *a, const char *field, const char *message)
{
    if (!in->faults)
        in->faults = arena_array(a, FORM_FIELDS_MAX + 64, sizeof *in->faults);
    if (in->fault_count < FORM_FIELDS_MAX + 64)
        in->faults[in->fault_count++] = (struct fault){arena_strdup(a, field), message};
}

static const struct field *find_field(const struct route *route, const char *name)
{
    for (size_t i = 0; i < route->field_count; i++) {
        const struct field *f = &route->fields[i];
        size_t n = strlen(f->name);
        if (n && f->name[n - 1] == '*' ? strncmp(f->name, name, n - 1) == 0 && name[n - 1]
                                       : strcmp(f->name, name) == 0)
            return f;
    }
    return NULL;
}

/* How much a field takes: characters of a line, a block or a password, bytes of the others. */
static size_t most_of(const struct field *f)
{
    static const size_t defaults[] = {[FIELD_LINE] = 300,     [FIELD_BLOCK] = 10000,
                                      [FIELD_INTEGER] = 20,   [FIELD_ENUM] = 64,
                                      [FIELD_ID] = 128,       [FIELD_OPERATION] = 64,
                                      [FIELD_CHECKBOX] = 16,  [FIELD_DATE] = 10,
                                      [FIELD_PASSWORD] = 256, [FIELD_FILE] = (size_t)16 << 20,
                                      [FIELD_PATH] = 255};
    return f->max ? f->max : defaults[f->type];
}

/*
 * Why a value is too long, or NULL. A character is a code point, and a line end counts once though
 * browsers send CR LF: so what their maxlength (UTF-16 units, line ends once) lets through is
 * taken.
 */
static const char *too_long(const struct field *f, const char *value, struct arena *a)
{
    size_t bytes = strlen(value), ends = 0, most = most_of(f);
    for (const char *p = value; f->type == FIELD_BLOCK && (p = strstr(p, "\r\n")); p += 2)
        ends++;
    if (f->max_bytes)
        return bytes - ends <= f->max_bytes
                   ? NULL
                   : arena_printf(a, "please keep to %zu KB of text", f->max_bytes / 1024);
    bool counted = f->type == FIELD_LINE || f->type == FIELD_BLOCK || f->type == FIELD_PASSWORD;
    if (bytes <= most || (counted && text_code_points(value) - ends <= most))
        return NULL;
    return arena_printf(a, "please use at most %zu characters", most);
}

static bool is_made_of(const char *s, const char *bytes)
{
    return s[strspn(s, bytes)] == 0;
}
#define ALPHANUMERIC "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static bool is_choice(const char *choices, const char *value)
{
    size_t n = strlen(value);
    for (const char *p = choices ? choices : ""; *p;) {
        size_t length = strcspn(p, "|");
        if (length == n && memcmp(p, value, n) == 0)
            return true;
        p += length + (p[length] == '|');
    }
    return false;
}

static char *normal_lines(struct arena *a, const char *s)
{
    char *out = arena_strdup(a, s), *w = out;
    for (const char *p = s; *p; p++)
        if (*p != '\r' || p[1] != '\n')
            *w++ = *p;
    while (w > out && (w[-1] == '\n' || w[-1] == ' ' || w[-1] == '\t'))
        w--;
    *w = 0;
    return out;
}

/* A place that cannot be, in an address that was cut, mistyped or is old, is no place asked for. */
static bool is_forgiven(const struct route *route, const struct field *f)
{
    return f->type == FIELD_INTEGER && method_is_safe(route->method);
}

/* NULL when the value is good (g->value then in its final form), else what to tell the person. */
static const char *check_value(struct given *g, struct arena *a)
{
    const struct field *f = g->field;
    instant day;
    switch (f->type) {
    case FIELD_LINE:
        g->value = text_trim(a, g->value);
        return text_is_line(g->value, strlen(g->value)) ? NULL : "please keep to one line of text";
    case FIELD_BLOCK:
        g->value = normal_lines(a, g->value);
        return text_is_block(g->value, strlen(g->value)) ? NULL : "please use plain text only";
    case FIELD_INTEGER: {
        int64_t high = f->low || f->high ? f->high : INT64_C(9007199254740992);
        g->value = text_trim(a, g->value);
        if (text_to_int64(g->value, f->low, high, &g->integer))
            return NULL;
        return arena_printf(a, "please enter a whole number from %lld to %lld", (long long)f->low,
                            (long long)high);
    }
    case FIELD_ENUM:
        return is_choice(f->choices, g->value) ? NULL : "please choose one of the options shown";
    case FIELD_ID:
        return is_made_of(g->value, ALPHANUMERIC "._-") ? NULL
                                                        : "please choose one of the options shown";
    case FIELD_OPERATION:
        return strlen(g->value) >= 8 && is_made_of(g->value, ALPHANUMERIC "-")
                   ? NULL
                   : "an operation id has 8 to 64 letters, digits and '-'";
    case FIELD_CHECKBOX:
        g->integer = is_choice("on|1|true|yes", g->value);
        return NULL;
    case FIELD_DATE:
        g->value = text_trim(a, g->value);
        return instant_parse_date(g->value, &day)
                   ? NULL
                   : "please enter a date as year-month-day, like 2026-12-04";
    case FIELD_PASSWORD:
        return NULL;
    case FIELD_FILE:
        return g->file ? NULL : "please choose a file";
    case FIELD_PATH:
        if (!path_is_local(g->value))
            g->value = "";
        return NULL;
    }
    return NULL;
}

/* What errors begin with: the words beside the field, or where its value stands. */
static const char *label(struct arena *a, const struct route *route, const struct field *f)
{
    if (f->label)
        return f->label;
    if (method_is_safe(route->method))
        return arena_printf(a, "In the address, “%s”", f->name);
    return f->summary ? f->summary : f->name;
}

/* `file`: the part that brought a file, whose name is the value; else NULL. */
static void take(struct input *in, struct arena *a, const struct route *route, const char *name,
                 const char *value, const struct part *file)
{
    const struct field *f = find_field(route, name);
    if (!f)
        return; /* a submit button's name, a campaign's tracking parameter */
    for (size_t i = 0; !f->multiple && i < in->given_count; i++)
        if (strcmp(in->given[i].name, name) == 0) {
            input_fault(in, a, name,
                        arena_printf(a, "%s: was sent more than once", label(a, route, f)));
            in->given[i].good = false;
            return;
        }
    struct given *g = &in->given[in->given_count++];
    *g = (struct given){.field = f, .name = name, .value = value};
    g->file = file ? file->data : NULL;
    g->file_size = file ? file->size : 0;
    const char *long_one = too_long(f, value, a);
    if (long_one && !is_forgiven(route, f)) {
        input_fault(in, a, name, arena_printf(a, "%s: %s", label(a, route, f), long_one));
        return;
    }
    if (!*value && f->type != FIELD_CHECKBOX) {
        g->good = true; /* empty is the same as absent; whether it may be, input_check says */
        return;
    }
    const char *wrong = long_one ? "" : check_value(g, a);
    g->good = !wrong || is_forgiven(route, f);
    if (wrong && g->good)
        g->value = "";
    else if (wrong)
        input_fault(in, a, name, arena_printf(a, "%s: %s", label(a, route, f), wrong));
}

/* Room for what a body of `most` fields can give. */
static void prepare(struct input *in, struct arena *a, size_t most)
{
    in->given = arena_array(a, most < FORM_FIELDS_MAX ? most : FORM_FIELDS_MAX, sizeof *in->given);
}

static size_t count_pairs(const char *s, size_t n)
{
    size_t pairs = 1;
    for (size_t i = 0; i < n; i++)
        pairs += s[i] == '&';
    return pairs;
}

int input_form(struct input *in, struct arena *a, const struct route *route, const char *s,
               size_t n, struct refusal *r)
{
    size_t fields = 0;
    prepare(in, a, count_pairs(s, n));
    for (size_t at = 0; at < n;) {
        const char *pair = s + at, *amp = memchr(pair, '&', n - at);
        size_t length = amp ? (size_t)(amp - pair) : n - at, name_n, value_n;
        at += length + 1;
        if (!length)
            continue;
        if (++fields > FORM_FIELDS_MAX)
            return refuse(r, 400, false, "The form has more than 400 fields.");
        const char *equals = memchr(pair, '=', length);
        size_t name_length = equals ? (size_t)(equals - pair) : length;
        const char *name = text_percent_decode(a, pair, name_length, true, &name_n);
        const char *value =
            equals ? text_percent_decode(a, equals + 1, length - name_length - 1, true, &value_n)
                   : (value_n = 0, "");
        if (!name || !value)
            return refuse(r, 400, false, "The form has a '%' that is not an escape.");
        if (memchr(name, 0, name_n) || memchr(value, 0, value_n))
            return refuse(r, 400, false, "The form holds a NUL character.");
        if (!text_is_utf8(name, name_n) || !text_is_utf8(value, value_n))
            return refuse(r, 400, false, "The form is not UTF-8.");
        if (strcmp(name, "form_token") == 0)
            in->form_token = value;
        else
            take(in, a, route, name, value, NULL);
    }
    return 0;
}

/* A file of a form. Browsers send one without name and bytes for a choice that was not made. */
static void take_file(struct input *in, struct arena *a, const struct route *route,
                      const struct part *part)
{
    const struct field *f = find_field(route, part->name);
    if (!f || (!*part->filename && part->size == 0))
        return;
    if (f->type != FIELD_FILE)
        input_fault(in, a, part->name,
                    arena_printf(a, "%s: please enter text", label(a, route, f)));
    else if (part->size > most_of(f))
        input_fault(in, a, part->name,
                    arena_printf(a, "%s: please choose a file of at most %zu KB",
                                 label(a, route, f), most_of(f) / 1024));
    else
        take(in, a, route, part->name, *part->filename ? part->filename : "file", part);
}

int input_multipart(struct input *in, struct arena *a, const struct route *route,
                    const char *content_type, const char *body, size_t n, struct refusal *r)
{
    struct multipart *form = arena_alloc(a, sizeof *form);
    prepare(in, a, MULTIPART_PARTS);
    if (multipart_read(form, a, content_type, body, n, r))
        return -1;
    for (size_t i = 0; i < form->count; i++) {
        const struct part *part = &form->parts[i];
        if (part->filename) {
            take_file(in, a, route, part);
            continue;
        }
        if (memchr(part->data, 0, part->size) || !text_is_utf8(part->data, part->size))
            return refuse(r, 400, false, "The form is not UTF-8 text.");
        const char *value = arena_strndup(a, part->data, part->size);
        if (strcmp(part->name, "form_token") == 0)
            in->form_token = value;
        else
            take(in, a, route, part->name, value, NULL);
    }
    return 0;
}

/* A JSON value as the text a form would have sent; NULL when it is none. */
static const char *scalar(struct arena *a, const cJSON *v)
{
    if (cJSON_IsString(v))
        return v->valuestring;
    if (cJSON_IsBool(v))
        return cJSON_IsTrue(v) ? "true" : "false";
    if (cJSON_IsNumber(v) && v->valuedouble >= -9007199254740992.0 &&
        v->valuedouble <= 9007199254740992.0 && v->valuedouble == (double)(int64_t)v->valuedouble)
        return arena_printf(a, "%lld", (long long)v->valuedouble);
    return NULL;
}

int input_json(struct input *in, struct arena *a, const struct route *route, const cJSON *json,
               struct refusal *r)
{
    size_t fields = 0;
    prepare(in, a, FORM_FIELDS_MAX);
    if (!route->field_count)
        return 0; /* the handler reads the document itself */
    if (!cJSON_IsObject(json))
        return refuse(r, 400, false, "The body must be a JSON object with the fields as members.");
    for (const cJSON *m = json->child; m; m = m->next) {
        if (cJSON_IsNull(m))
            continue;
        bool list = cJSON_IsArray(m);
        for (const cJSON *v = list ? m->child : m; v; v = list ? v->next : NULL) {
            if (++fields > FORM_FIELDS_MAX)
                return refuse(r, 400, false, "The body has more than 400 fields.");
            const char *value = scalar(a, v);
            if (strcmp(m->string, "form_token") == 0 && value)
                in->form_token = value;
            else if (value)
                take(in, a, route, m->string, value, NULL);
            else if (find_field(route, m->string))
                input_fault(in, a, m->string,
                            arena_printf(a, "%s: must be text, a whole number or true or false",
                                         label(a, route, find_field(route, m->string))));
        }
    }
    return 0;
}

/* In the order of the form, not in that of what was sent. */
static void sort_faults(struct input *in, const struct route *route)
{
    for (size_t i = 1; i < in->fault_count; i++) {
        struct fault f = in->faults[i];
        const struct field *mine = find_field(route, f.field);
        size_t k = i;
        for (; mine && k > 0; k--) {
            const struct field *before = find_field(route, in->faults[k - 1].field);
            if (!before || before <= mine)
                break;
            in->faults[k] = in->faults[k - 1];
        }
        in->faults[k] = f;
    }
}

void input_check(struct input *in, struct arena *a, const struct route *route)
{
    for (size_t i = 0; i < route->field_count; i++) {
        const struct field *f = &route->fields[i];
        bool there = !f->required;
        for (size_t k = 0; !there && k < in->given_count; k++)
            there = in->given[k].field == f &&
                    (f->type == FIELD_CHECKBOX ? in->given[k].integer != 0 || !in->given[k].good
                                               : *in->given[k].value || !in->given[k].good);
        for (size_t k = 0; !there && k < in->fault_count; k++)
            there = strcmp(in->faults[k].field, f->name) == 0;
        if (!there)
            input_fault(in, a, f->name,
                        arena_printf(a, "%s: please fill this in", label(a, route, f)));
    }
    sort_faults(in, route);
}
