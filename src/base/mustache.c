/*
 * Rendering walks the nodes with an explicit stack of what is open: sections, which are also the
 * contexts that names are looked up in, and partials, which remember where to go on. Nothing
 * recurses, and one block of memory per rendering holds all of it.
 */
#include "base/mustache.h"
#include "base/memory.h"
#include "base/template.h"
#include "base/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_OPEN     256
#define MOST_PARTIALS 32
#define MOST_INDENT   256
#define MOST_TURNS    1000000 /* items and partials: a template that runs away ends */

struct slot {
    char *name;
    struct template *template; /* NULL: only mentioned as a partial so far */
};

struct templates {
    struct slot *slots;
    uint32_t count, size;
};

struct frame {
    const cJSON *context;           /* of a section; NULL for a partial */
    const struct template *before;  /* partial: where to go on */
    uint32_t node;                  /* partial: the node to go on at */
    uint16_t indent, indent_length; /* partial: the indentation outside it */
    bool list;                      /* section: context is an item with perhaps a next one */
};

struct render {
    const struct templates *set;
    const struct template *t;
    uint32_t at; /* node of t */
    struct buf *out;
    struct error *e;
    uint16_t indent, indent_length; /* part of indentation[] that each line begins with */
    unsigned partials, turns;
    size_t depth;
    struct frame open[MOST_OPEN];
    char indentation[MOST_INDENT];
};

struct templates *templates_create(void)
{
    return memory_array(1, sizeof(struct templates));
}

void templates_free(struct templates *t)
{
    if (!t)
        return;
    for (uint32_t i = 0; i < t->count; i++) {
        free(t->slots[i].name);
        template_free(t->slots[i].template);
    }
    free(t->slots);
    free(t);
}

static struct slot *find_slot(const struct templates *t, const char *name, size_t n)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (strncmp(t->slots[i].name, name, n) == 0 && t->slots[i].name[n] == '\0')
            return &t->slots[i];
    return NULL;
}

static uint32_t intern(void *set, const char *name, size_t n)
{
    struct templates *t = set;
    struct slot *found = find_slot(t, name, n);
    if (found)
        return (uint32_t)(found - t->slots);
    if (t->count == t->size) {
        t->size = t->size ? t->size * 2 : 32;
        t->slots = memory_grow(t->slots, t->size * sizeof *t->slots);
    }
    char *copy = memory_alloc(n + 1);
    memcpy(copy, name, n);
    copy[n] = '\0';
    t->slots[t->count] = (struct slot){.name = copy};
    return t->count++;
}

int templates_add(struct templates *t, const char *name, const char *text, size_t n,
                  struct error *e)
{
    uint32_t slot = intern(t, name, strlen(name));
    if (t->slots[slot].template)
        return error_set(e, ERROR_INVALID, "%s: there are two templates of this name", name);
    struct template *parsed = template_parse(name, text, n, intern, t, e);
    t->slots[slot].template = parsed; /* by number: parsing may have moved the slots */
    return parsed ? 0 : -1;
}

static const struct template *find_template(const struct templates *t, const char *name)
{
    const struct slot *slot = find_slot(t, name, strlen(name));
    return slot ? slot->template : NULL;
}

bool templates_has(const struct templates *t, const char *name)
{
    return find_template(t, name) != NULL;
}

static const cJSON *member(const cJSON *object, const char *name)
{
    for (const cJSON *c = object->child; c; c = c->next)
        if (c->string[0] == name[0] && (!*name || c->string[1] == name[1]) &&
            strcmp(c->string, name) == 0)
            return c;
    return NULL;
}

static bool is_object(const cJSON *value)
{
    return (value->type & 0xFF) == cJSON_Object;
}

/* The first part is looked for from the innermost context outward, the others inside it only. */
static const cJSON *lookup(const struct render *r, const struct node *node)
{
    const char *name = r->t->names + node->from;
    const cJSON *found = NULL;
    for (size_t i = r->depth; i-- > 0 && !found;) {
        const cJSON *context = r->open[i].context;
        if (!context)
            continue;
        if (node->parts == 0)
            return context;
        if (is_object(context))
            found = member(context, name);
    }
    for (unsigned part = 1; part < node->parts && found; part++) {
        name += strlen(name) + 1;
        found = is_object(found) ? member(found, name) : NULL;
    }
    return found;
}

static bool is_true(const cJSON *value)
{
    if (!value)
        return false;
    switch (value->type & 0xFF) {
    case cJSON_Array:
        return value->child != NULL;
    case cJSON_String:
        return value->valuestring[0] != '\0';
    case cJSON_True:
    case cJSON_Number:
    case cJSON_Object:
        return true;
    default:
        return false;
    }
}

static void put_integer(struct buf *out, long long value)
{
    char digits[24], *p = digits + sizeof digits;
    unsigned long long left = value < 0 ? 0 - (unsigned long long)value : (unsigned long long)value;
    do {
        *--p = (char)('0' + left % 10);
        left /= 10;
    } while (left);
    if (value < 0)
        *--p = '-';
    buf_append(out, p, (size_t)(digits + sizeof digits - p));
}

static void put_value(struct buf *out, const cJSON *value, bool escaped)
{
    if (!value)
        return;
    switch (value->type & 0xFF) {
    case cJSON_String:
        if (escaped)
            text_escape_html(out, value->valuestring, strlen(value->valuestring));
        else
            buf_puts(out, value->valuestring);
        return;
    case cJSON_Number:
        if (fabs(value->valuedouble) < 1e15 && value->valuedouble == trunc(value->valuedouble))
            put_integer(out, (long long)value->valuedouble);
        else
            buf_printf(out, "%.15g", value->valuedouble);
        return;
    case cJSON_True:
        buf_puts(out, "true");
        return;
    case cJSON_False:
        buf_puts(out, "false");
        return;
    default: /* nothing for null, lists and objects */
        return;
    }
}

static void put_indent(struct render *r)
{
    buf_append(r->out, r->indentation + r->indent, r->indent_length);
}

static void put_text(struct render *r, const struct node *node)
{
    const char *p = r->t->source + node->from;
    size_t left = node->length;
    if (r->indent_length == 0) {
        buf_append(r->out, p, left);
        return;
    }
    if (node->line_start)
        put_indent(r);
    while (left > 0) {
        const char *end = memchr(p, '\n', left);
        size_t n = end ? (size_t)(end - p) + 1 : left;
        buf_append(r->out, p, n);
        p += n;
        left -= n;
        if (end && left > 0)
            put_indent(r);
    }
}

static int take_turn(struct render *r)
{
    if (r->out->overflow) /* nothing more can be shown */
        return error_set(r->e, ERROR_TOO_LARGE, "the page is longer than %zu bytes", r->out->max);
    if (++r->turns > MOST_TURNS)
        return error_set(r->e, ERROR_INTERNAL, "more than %d items and partials in one page",
                         MOST_TURNS);
    return 0;
}

static int push(struct render *r, struct frame frame)
{
    if (r->depth == MOST_OPEN)
        return error_set(r->e, ERROR_INTERNAL, "more than %d sections and partials are open",
                         MOST_OPEN);
    r->open[r->depth++] = frame;
    return 0;
}

static int enter_section(struct render *r, const struct node *node)
{
    const cJSON *value = lookup(r, node);
    if (!is_true(value)) {
        r->at = node->other + 1;
        return 0;
    }
    bool list = (value->type & 0xFF) == cJSON_Array;
    r->at++;
    return push(r, (struct frame){.context = list ? value->child : value, .list = list});
}

static int leave_section(struct render *r, const struct node *node)
{
    struct frame *frame = &r->open[r->depth - 1];
    if (frame->list && frame->context->next) {
        frame->context = frame->context->next;
        r->at = node->other + 1;
        return take_turn(r);
    }
    r->depth--;
    r->at++;
    return 0;
}

static int enter_partial(struct render *r, const struct node *node)
{
    const struct slot *slot = &r->set->slots[node->other];
    r->at++;
    if (!slot->template)
        return 0;
    if (r->partials == MOST_PARTIALS)
        return error_set(r->e, ERROR_INTERNAL, "partials are nested deeper than %d, in %s",
                         MOST_PARTIALS, slot->name);
    struct frame frame = {
        .before = r->t, .node = r->at, .indent = r->indent, .indent_length = r->indent_length};
    if (push(r, frame) < 0 || take_turn(r) < 0)
        return -1;
    r->partials++;
    /* The indentation outside ends where free space begins: one's own goes right behind it. */
    size_t end = (size_t)r->indent + r->indent_length;
    if (!node->standalone) {
        r->indent = (uint16_t)end;
        r->indent_length = 0;
    } else if (node->length > MOST_INDENT - end) {
        return error_set(r->e, ERROR_INTERNAL, "%s is indented by more than %d characters",
                         slot->name, MOST_INDENT);
    } else {
        memcpy(r->indentation + end, frame.before->source + node->from, node->length);
        r->indent_length = (uint16_t)(r->indent_length + node->length);
    }
    r->t = slot->template;
    r->at = 0;
    return 0;
}

/* At the end of a template: back into the one it is a partial of; false when there is none. */
static bool leave_partial(struct render *r)
{
    if (r->partials == 0)
        return false;
    const struct frame *frame = &r->open[--r->depth];
    r->partials--;
    r->t = frame->before;
    r->at = frame->node;
    r->indent = frame->indent;
    r->indent_length = frame->indent_length;
    return true;
}

static int render_all(struct render *r)
{
    for (;;) {
        const struct node *node = &r->t->nodes[r->at];
        switch ((enum node_kind)node->kind) {
        case NODE_TEXT:
            put_text(r, node);
            r->at++;
            break;
        case NODE_ESCAPED:
        case NODE_RAW:
            put_value(r->out, lookup(r, node), node->kind == NODE_ESCAPED);
            r->at++;
            break;
        case NODE_SECTION:
            if (enter_section(r, node) < 0)
                return -1;
            break;
        case NODE_INVERTED:
            r->at = is_true(lookup(r, node)) ? node->other + 1 : r->at + 1;
            break;
        case NODE_SECTION_END:
            if (leave_section(r, node) < 0)
                return -1;
            break;
        case NODE_INVERTED_END:
            r->at++;
            break;
        case NODE_PARTIAL:
            if (enter_partial(r, node) < 0)
                return -1;
            break;
        case NODE_STOP:
            if (!leave_partial(r))
                return 0;
            break;
        }
    }
}

int templates_render(const struct templates *t, const char *name, const cJSON *view,
                     struct buf *out, struct error *e)
{
    const struct template *found = find_template(t, name);
    if (!found)
        return error_set(e, ERROR_INTERNAL, "there is no template \"%s\"", name);
    struct render *r = memory_alloc(sizeof *r);
    r->set = t;
    r->t = found;
    r->at = 0;
    r->out = out;
    r->e = e;
    r->indent = r->indent_length = 0;
    r->partials = r->turns = 0;
    r->depth = 0;
    if (view)
        r->open[r->depth++] = (struct frame){.context = view};
    int done = render_all(r);
    if (done == 0 && out->overflow)
        done = error_set(e, ERROR_TOO_LARGE, "the page is longer than %zu bytes", out->max);
    free(r);
    return done;
}
