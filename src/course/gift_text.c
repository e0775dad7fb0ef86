/*
 * Texts of GIFT as Markdown. Plain text and HTML first become Markdown with every mark escaped;
 * then all of them go through the parser and back, so that what is written holds together wherever
 * it is put: no raw HTML, no heading, no code block without an end.
 */
#include "base/text.h"
#include "course/gift_parts.h"
#include "course/markdown.h"
#include "course/render.h"
#include <cmark-gfm-extension_api.h>
#include <stdlib.h>
#include <string.h>

/* ---- plain text and HTML ---- */

/* A character of running text, with no meaning in Markdown. */
static void put_literal(struct buf *out, uint32_t code)
{
    if (code < 0x80 && strchr("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", (int)code) && code)
        buf_putc(out, '\\');
    text_put_utf8(out, code);
}

static bool at_line_start(const struct buf *out)
{
    return out->length == 0 || out->data[out->length - 1] == '\n';
}

static void put_character(struct buf *out, uint32_t code)
{
    bool space = code == ' ' || code == '\t' || code == 0xA0;
    if (code == '\n')
        buf_putc(out, '\n');
    else if (!space)
        put_literal(out, code);
    else if (!at_line_start(out))
        buf_putc(out, ' ');
}

static void put_plain(const char *s, struct buf *out)
{
    for (uint32_t code; (code = text_next(&s));)
        put_character(out, code);
}

static const struct {
    const char *name, *open, *close;
} tags[] = {
    {"b", "**", "**"},      {"strong", "**", "**"},  {"i", "*", "*"},        {"em", "*", "*"},
    {"p", "\n\n", "\n\n"},  {"div", "\n\n", "\n\n"}, {"h1", "\n\n", "\n\n"}, {"h2", "\n\n", "\n\n"},
    {"h3", "\n\n", "\n\n"}, {"h4", "\n\n", "\n\n"},  {"h5", "\n\n", "\n\n"}, {"h6", "\n\n", "\n\n"},
    {"ul", "\n\n", "\n\n"}, {"ol", "\n\n", "\n\n"},  {"li", "\n- ", ""},     {"br", "\n", ""},
    {"span", "", ""},       {"font", "", ""},        {"u", "", ""},          {"small", "", ""},
};

/* The tag at *s ("<b>", "</p>", "<!-- … -->"), and behind it. False when this '<' is none. */
static bool put_tag(const char **s, struct buf *out, struct gift_loss *loss)
{
    const char *at = *s + 1;
    const char *end = strncmp(at, "!--", 3) == 0 ? strstr(at, "-->") : strchr(at, '>');
    bool closing = *at == '/';
    at += closing;
    size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ123456");
    if (!end || (n == 0 && *at != '!'))
        return false;
    *s = *at == '!' && end[0] == '-' ? end + 3 : end + 1;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        char name[8] = "";
        if (n < sizeof name)
            memcpy(name, at, n);
        if (text_equal_ascii_case(name, tags[i].name)) {
            buf_puts(out, closing ? tags[i].close : tags[i].open);
            return true;
        }
    }
    loss->html = true;
    return true;
}

static uint32_t numbered_entity(const char *at, size_t n)
{
    bool hex = n > 1 && (at[1] == 'x' || at[1] == 'X');
    unsigned long code = strtoul(at + 1 + hex, NULL, hex ? 16 : 10);
    bool sound = (code >= 0x20 || code == '\n') && code <= 0x10FFFF &&
                 !(code >= 0xD800 && code <= 0xDFFF) && !(code >= 0x7F && code <= 0x9F);
    return sound ? (uint32_t)code : 0xFFFD;
}

/* The character that an entity at *s names, and behind it; '&' when it is none. */
static uint32_t take_entity(const char **s)
{
    static const struct {
        const char *name;
        uint32_t code;
    } named[] = {{"amp", '&'},      {"lt", '<'},       {"gt", '>'},       {"quot", '"'},
                 {"apos", '\''},    {"nbsp", 0xA0},    {"ndash", 0x2013}, {"mdash", 0x2014},
                 {"lsquo", 0x2018}, {"rsquo", 0x2019}, {"ldquo", 0x201C}, {"rdquo", 0x201D},
                 {"hellip", 0x2026}};
    const char *at = *s + 1;
    size_t n = strcspn(at, ";& \n<");
    *s = at;
    if (at[n] != ';' || n == 0 || n > 10)
        return '&';
    if (at[0] == '#') {
        *s = at + n + 1;
        return numbered_entity(at, n);
    }
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (strlen(named[i].name) == n && memcmp(named[i].name, at, n) == 0) {
            *s = at + n + 1;
            return named[i].code;
        }
    return '&';
}

static void put_html(const char *s, struct buf *out, struct gift_loss *loss)
{
    while (*s) {
        if (*s == '<' && put_tag(&s, out, loss))
            continue;
        put_character(out, *s == '&' ? take_entity(&s) : text_next(&s));
    }
}

/* ---- through the parser and back ---- */

/* Takes out what a course may not hold, from the end, so that no node is met after it has gone. */
static void purify(struct course_source *c, cmark_node *root, struct gift_loss *loss)
{
    struct list doomed = {0};
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type event; (event = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(it);
        enum node_kind kind = node_kind(node);
        if (event == CMARK_EVENT_ENTER && (kind == NODE_RAW_HTML || kind == NODE_HEADING))
            *(cmark_node **)list_add(c->arena, &doomed, sizeof node) = node;
    }
    cmark_iter_free(it);
    for (int i = doomed.count; i-- > 0;) {
        cmark_node *node = *LIST_AT(&doomed, cmark_node *, i);
        if (node_kind(node) == NODE_HEADING) { /* an item has none inside: a paragraph */
            cmark_node_set_type(node, CMARK_NODE_PARAGRAPH);
            continue;
        }
        loss->html = true;
        cmark_node_unlink(node);
        cmark_node_free(node);
    }
}

static char *commonmark(struct course_source *c, cmark_node *node)
{
    char *made = cmark_render_commonmark(node, CMARK_OPT_DEFAULT, 0);
    char *out = arena_strdup(c->arena, made ? made : "");
    free(made);
    size_t n = strlen(out);
    while (n > 0 && out[n - 1] == '\n')
        out[--n] = 0;
    return out;
}

static char *as_markdown(struct course_source *c, const struct gift_text *text,
                         struct gift_loss *loss)
{
    struct buf b;
    if (text->format == GIFT_MARKDOWN)
        return arena_strdup(c->arena, text->text);
    buf_init(&b, TEXT_FILE_MAX * 8);
    if (text->format == GIFT_PLAIN)
        put_plain(text->text, &b);
    else
        put_html(text->text, &b, loss);
    char *made = arena_strndup(c->arena, b.data ? b.data : "", b.length);
    buf_free(&b);
    return made;
}

char *gift_blocks(struct course_source *c, const struct gift_text *text, bool tables,
                  struct gift_loss *loss)
{
    cmark_node *root = markdown_parse_part(as_markdown(c, text, loss), tables);
    purify(c, root, loss);
    char *made = commonmark(c, root);
    cmark_node_free(root);
    return made;
}

bool gift_ends_in_list(struct course_source *c, const char *markdown)
{
    (void)c;
    cmark_node *root = markdown_parse_part(markdown, false), *last = cmark_node_last_child(root);
    bool list = last && node_kind(last) == NODE_LIST;
    cmark_node_free(root);
    return list;
}

/* Lines of one paragraph stand behind one another. */
static void join_lines(cmark_node *paragraph)
{
    for (cmark_node *node = cmark_node_first_child(paragraph), *next; node; node = next) {
        next = cmark_node_next(node);
        if (node_kind(node) != NODE_SOFTBREAK && node_kind(node) != NODE_LINEBREAK)
            continue;
        cmark_node *space = cmark_node_new(CMARK_NODE_TEXT);
        cmark_node_set_literal(space, " ");
        cmark_node_replace(node, space);
        cmark_node_free(node);
    }
}

static char *one_line(char *s)
{
    for (char *at = s; *at; at++)
        if (*at == '\n')
            *at = ' ';
    return s;
}

char *gift_paragraph(struct course_source *c, const struct gift_text *text, bool cell,
                     struct gift_loss *loss)
{
    cmark_node *root = markdown_parse_part(as_markdown(c, text, loss), false);
    purify(c, root, loss);
    cmark_node *only = cmark_node_first_child(root);
    char *made = arena_strdup(c->arena, "");
    if (only && !cmark_node_next(only) && node_kind(only) == NODE_PARAGRAPH) {
        if (cell)
            join_lines(only);
        made = cell ? one_line(commonmark(c, only)) : commonmark(c, only);
    } else if (only) { /* its words alone */
        loss->paragraphs = true;
        struct gift_text words = {.text = one_line(inside_as(c, root, FORM_TEXT)),
                                  .format = GIFT_PLAIN};
        struct gift_loss none = {0};
        made = one_line(gift_blocks(c, &words, false, &none));
    }
    cmark_node_free(root);
    return made;
}

char *gift_source(struct course_source *c, cmark_node *node)
{
    if (node_kind(node) != NODE_QUOTE)
        return commonmark(c, node);
    const char *all = "";
    for (cmark_node *block = cmark_node_first_child(node); block; block = cmark_node_next(block))
        all = arena_printf(c->arena, *all ? "%s\n\n%s" : "%s%s", all, commonmark(c, block));
    return arena_strdup(c->arena, all);
}
