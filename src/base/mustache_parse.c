/*
 * One pass over the source, tag by tag, into an array of nodes. Whether a tag is alone on its line
 * is read off the source around it: only white space from the line's start to the tag and from the
 * tag to the line's end. An empty text node with line_start set marks a line that begins with a
 * tag, so that an indented partial knows where to indent.
 */
#include "base/buf.h"
#include "base/memory.h"
#include "base/template.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_DELIMITER 8

struct tag {
    size_t open, close; /* offsets of its first byte and of the first behind it */
    char sigil;         /* # ^ / > ! = & { or 0 */
    size_t from, end;   /* what stands inside, trimmed */
};

struct parser {
    const char *name, *s;
    size_t n, text_from;
    struct template *t;
    struct buf nodes, names;
    const char *open, *close; /* delimiters, in the source or literal */
    size_t open_length, close_length;
    uint32_t sections[TEMPLATE_MAX_NESTING];       /* nodes of the open sections */
    struct tag section_tags[TEMPLATE_MAX_NESTING]; /* and what opened them */
    size_t depth;
    slot_of *slot;
    void *set;
    struct error *e;
};

__attribute__((format(printf, 3, 4))) static int refuse(struct parser *p, size_t at,
                                                        const char *format, ...)
{
    char message[256];
    va_list ap;
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    size_t line = 1;
    for (size_t i = 0; i < at && i < p->n; i++)
        line += p->s[i] == '\n';
    return error_set(p->e, ERROR_INVALID, "%s:%zu: %s", p->name, line, message);
}

static uint32_t node_count(const struct parser *p)
{
    return (uint32_t)(p->nodes.length / sizeof(struct node));
}

static struct node *node_at(struct parser *p, uint32_t i)
{
    return (struct node *)(void *)p->nodes.data + i;
}

static void add_node(struct parser *p, struct node node)
{
    buf_append(&p->nodes, &node, sizeof node);
}

static bool starts_line(const struct parser *p, size_t at)
{
    return at == 0 || p->s[at - 1] == '\n';
}

static void add_text(struct parser *p, size_t from, size_t to)
{
    if (from < to)
        add_node(p, (struct node){.kind = NODE_TEXT,
                                  .line_start = starts_line(p, from),
                                  .from = (uint32_t)from,
                                  .length = (uint32_t)(to - from)});
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool matches(const struct parser *p, size_t at, const char *what, size_t n)
{
    return p->n - at >= n && memcmp(p->s + at, what, n) == 0;
}

static size_t find(const struct parser *p, size_t from, const char *what, size_t n)
{
    const char *at = memmem(p->s + from, p->n - from, what, n);
    return at ? (size_t)(at - p->s) : p->n;
}

/* Reads the tag whose opening delimiter stands at `open`. */
static int read_tag(struct parser *p, size_t open, struct tag *tag)
{
    size_t at = open + p->open_length;
    *tag = (struct tag){.open = open};
    if (at < p->n && p->s[at] && strchr("#^/>!=&{", p->s[at]))
        tag->sigil = p->s[at++];
    char closing[LONGEST_DELIMITER + 2];
    int length = snprintf(closing, sizeof closing, "%s%.*s",
                          tag->sigil == '{'   ? "}"
                          : tag->sigil == '=' ? "="
                                              : "",
                          (int)p->close_length, p->close);
    size_t end = find(p, at, closing, (size_t)length);
    if (end == p->n)
        return refuse(p, open, "a tag is not closed: add %s", closing);
    tag->close = end + (size_t)length;
    while (at < end && is_space(p->s[at]))
        at++;
    while (end > at && is_space(p->s[end - 1]))
        end--;
    tag->from = at;
    tag->end = end;
    return 0;
}

/*
 * Alone on its line? Then *line is where the line starts and *next where the next one does.
 */
static bool is_standalone(const struct parser *p, const struct tag *tag, size_t *line, size_t *next)
{
    size_t from = tag->open, to = tag->close;
    if (!tag->sigil || tag->sigil == '&' || tag->sigil == '{')
        return false;
    while (from > 0 && (p->s[from - 1] == ' ' || p->s[from - 1] == '\t'))
        from--;
    while (to < p->n && (p->s[to] == ' ' || p->s[to] == '\t'))
        to++;
    if (!starts_line(p, from))
        return false;
    if (matches(p, to, "\r\n", 2))
        to += 2;
    else if (matches(p, to, "\n", 1))
        to += 1;
    else if (to < p->n)
        return false;
    *line = from;
    *next = to;
    return true;
}

static int set_delimiters(struct parser *p, const struct tag *tag)
{
    size_t a = tag->from, b = tag->end;
    while (a < tag->end && !is_space(p->s[a]))
        a++;
    while (b > a && !is_space(p->s[b - 1]))
        b--;
    size_t open = a - tag->from, close = tag->end - b;
    if (open == 0 || close == 0 || open > LONGEST_DELIMITER || close > LONGEST_DELIMITER ||
        memchr(p->s + tag->from, '=', tag->end - tag->from) ||
        memchr(p->s + tag->from, '\0', tag->end - tag->from))
        return refuse(p, tag->open,
                      "write new delimiters as {{=<%% %%>=}}: two, of at most %d "
                      "characters, without =",
                      LONGEST_DELIMITER);
    for (size_t i = a; i < b; i++)
        if (!is_space(p->s[i]))
            return refuse(p, tag->open, "there are two delimiters, not three");
    p->open = p->s + tag->from;
    p->open_length = open;
    p->close = p->s + b;
    p->close_length = close;
    return 0;
}

static int check_name(struct parser *p, const struct tag *tag)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    if (tag->from == tag->end)
        return refuse(p, tag->open, "a tag has no name");
    for (size_t i = tag->from; i < tag->end; i++) {
        char c = p->s[i];
        if (c == '\0' || (!strchr(allowed, c) && c != '.' && !(c == '/' && tag->sigil == '>')))
            return refuse(p, tag->open, "write a name with letters, digits, _ - and dots only%s",
                          tag->sigil == '>' ? " (and / for a partial)" : "");
    }
    return 0;
}

/* Stores the dotted parts; the number of them in *parts. */
static int add_name(struct parser *p, const struct tag *tag, struct node *node)
{
    if (check_name(p, tag) < 0)
        return -1;
    if (tag->end - tag->from == 1 && p->s[tag->from] == '.')
        return 0;
    size_t from = tag->from;
    node->from = (uint32_t)p->names.length;
    while (from <= tag->end) {
        const char *dot = memchr(p->s + from, '.', tag->end - from);
        size_t end = dot ? (size_t)(dot - p->s) : tag->end;
        if (end == from || node->parts == 16)
            return refuse(p, tag->open, "a dotted name has 1 to 16 parts, none of them empty");
        buf_append(&p->names, p->s + from, end - from);
        buf_putc(&p->names, '\0');
        node->parts++;
        from = end + 1;
    }
    return 0;
}

static int open_section(struct parser *p, const struct tag *tag)
{
    struct node node = {.kind = tag->sigil == '#' ? NODE_SECTION : NODE_INVERTED};
    if (p->depth == TEMPLATE_MAX_NESTING)
        return refuse(p, tag->open, "more than %d sections are open", TEMPLATE_MAX_NESTING);
    if (add_name(p, tag, &node) < 0)
        return -1;
    p->sections[p->depth] = node_count(p);
    p->section_tags[p->depth] = *tag;
    p->depth++;
    add_node(p, node);
    return 0;
}

/* The name in a tag, for "%.*s". */
#define NAME(p, tag) (int)((tag)->end - (tag)->from), (p)->s + (tag)->from

static int close_section(struct parser *p, const struct tag *tag)
{
    size_t length = tag->end - tag->from;
    if (check_name(p, tag) < 0)
        return -1;
    if (p->depth == 0)
        return refuse(p, tag->open, "%.*s is closed but was not opened", NAME(p, tag));
    const struct tag *opened = &p->section_tags[--p->depth];
    if (opened->end - opened->from != length || !matches(p, opened->from, p->s + tag->from, length))
        return refuse(p, tag->open, "%.*s is closed while %.*s is open", NAME(p, tag),
                      NAME(p, opened));
    uint32_t section = p->sections[p->depth];
    bool inverted = node_at(p, section)->kind == NODE_INVERTED;
    node_at(p, section)->other = node_count(p);
    add_node(p, (struct node){.kind = inverted ? NODE_INVERTED_END : NODE_SECTION_END,
                              .other = section});
    return 0;
}

static int add_partial(struct parser *p, const struct tag *tag, bool standalone, size_t line)
{
    if (check_name(p, tag) < 0)
        return -1;
    add_node(p, (struct node){
                    .kind = NODE_PARTIAL,
                    .standalone = standalone,
                    .from = (uint32_t)line,
                    .length = standalone ? (uint32_t)(tag->open - line) : 0,
                    .other = p->slot(p->set, p->s + tag->from, tag->end - tag->from),
                });
    return 0;
}

static int add_value(struct parser *p, const struct tag *tag)
{
    struct node node = {.kind = tag->sigil ? NODE_RAW : NODE_ESCAPED};
    if (add_name(p, tag, &node) < 0)
        return -1;
    add_node(p, node);
    return 0;
}

static int add_tag(struct parser *p, const struct tag *tag)
{
    size_t line = 0, next = tag->close;
    bool standalone = is_standalone(p, tag, &line, &next);
    add_text(p, p->text_from, standalone ? line : tag->open);
    if (!standalone && starts_line(p, tag->open))
        add_node(p, (struct node){.kind = NODE_TEXT, .line_start = true});
    p->text_from = next;
    switch (tag->sigil) {
    case '!':
        return 0;
    case '=':
        return set_delimiters(p, tag);
    case '#':
    case '^':
        return open_section(p, tag);
    case '/':
        return close_section(p, tag);
    case '>':
        return add_partial(p, tag, standalone, line);
    default:
        return add_value(p, tag);
    }
}

static int parse_all(struct parser *p)
{
    for (;;) {
        struct tag tag;
        size_t open = find(p, p->text_from, p->open, p->open_length);
        if (open == p->n)
            break;
        if (read_tag(p, open, &tag) < 0 || add_tag(p, &tag) < 0)
            return -1;
    }
    if (p->depth > 0) {
        const struct tag *opened = &p->section_tags[p->depth - 1];
        return refuse(p, opened->open, "the section %.*s is not closed", NAME(p, opened));
    }
    add_text(p, p->text_from, p->n);
    add_node(p, (struct node){.kind = NODE_STOP});
    return 0;
}

void template_free(struct template *t)
{
    if (!t)
        return;
    free(t->source);
    free(t->names);
    free(t->nodes);
    free(t);
}

struct template *template_parse(const char *name, const char *text, size_t n, slot_of *slot,
                                void *set, struct error *e)
{
    if (n > TEMPLATE_MAX_BYTES) {
        error_set(e, ERROR_TOO_LARGE, "%s: a template has at most %u bytes", name,
                  TEMPLATE_MAX_BYTES);
        return NULL;
    }
    struct template *t = memory_array(1, sizeof *t);
    t->source = memory_alloc(n + 1);
    memcpy(t->source, text, n);
    t->source[n] = '\0';
    struct parser p = {.name = name,
                       .s = t->source,
                       .n = n,
                       .t = t,
                       .open = "{{",
                       .close = "}}",
                       .open_length = 2,
                       .close_length = 2,
                       .slot = slot,
                       .set = set,
                       .e = e};
    buf_init(&p.nodes, SIZE_MAX); /* bounded by the source: three nodes a tag at most */
    buf_init(&p.names, SIZE_MAX);
    if (parse_all(&p) < 0) {
        buf_free(&p.nodes);
        buf_free(&p.names);
        template_free(t);
        return NULL;
    }
    t->count = node_count(&p);
    t->nodes = (struct node *)(void *)buf_detach(&p.nodes);
    t->names = buf_detach(&p.names);
    return t;
}
