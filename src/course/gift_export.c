/*
 * A course's item bank as GIFT. Texts are taken from the source's own Markdown and named so
 * ([markdown]); marks that GIFT gives a meaning to are escaped, and line breaks are "\n". A wrong
 * choice of a `multiple` costs what a right one earns, as it does here.
 */
#include "course/gift_parts.h"
#include "course/item_draft.h"
#include <string.h>

struct exporter {
    struct course_source *c;
    const struct source_file *file;
    struct buf *out;
};

/* ---- texts ---- */

static void put_text(struct exporter *x, const char *text)
{
    for (const char *s = text; *s; s++) {
        if (*s == '\n') {
            buf_puts(x->out, "\\n");
            continue;
        }
        if (strchr("~=#{}:\\", *s))
            buf_putc(x->out, '\\');
        buf_putc(x->out, *s);
    }
}

static void put_source(struct exporter *x, cmark_node *node)
{
    if (node)
        put_text(x, gift_source(x->c, node));
}

/* An answer's text: neither a weight nor an arrow may be read into it. */
static void put_answer(struct exporter *x, const char *text)
{
    if (*text == '%')
        put_text(x, "\\");
    for (const char *arrow; (arrow = strstr(text, "->")); text = arrow + 2) {
        put_text(x, arena_strndup(x->c->arena, text, (size_t)(arrow - text)));
        put_text(x, "-&gt;");
    }
    put_text(x, text);
}

static cmark_node *child_of(cmark_node *node, enum node_kind kind)
{
    cmark_node *child = node ? cmark_node_first_child(node) : NULL;
    while (child && node_kind(child) != kind)
        child = cmark_node_next(child);
    return child;
}

static void put_why(struct exporter *x, cmark_node *option)
{
    buf_puts(x->out, " # ");
    put_source(x, child_of(option, NODE_QUOTE));
}

/* ---- kinds ---- */

static void put_choices(struct exporter *x, const struct item *item, cmark_node *list)
{
    static const char *const shares[ITEM_MAX_OPTIONS + 1] = {"0",  "100", "50",      "33.33333",
                                                             "25", "20",  "16.66667"};
    int keys = 0, k = 0;
    for (int i = 0; i < item->option_count; i++)
        keys += item->options[i].key;
    for (cmark_node *o = cmark_node_first_child(list); o && k < item->option_count;
         o = cmark_node_next(o), k++) {
        bool key = item->options[k].key;
        if (item->type == ITEM_MULTIPLE)
            buf_printf(x->out, "\t~%%%s%s%%", key ? "" : "-", shares[keys]);
        else
            buf_puts(x->out, key ? "\t=" : "\t~");
        put_answer(x, gift_source(x->c, child_of(o, NODE_PARAGRAPH)));
        put_why(x, o);
        buf_putc(x->out, '\n');
    }
}

/* First the reason that the wrong choice gets, then that of the right one. */
static void put_truth(struct exporter *x, const struct item *item, cmark_node *list)
{
    cmark_node *one = cmark_node_first_child(list), *two = cmark_node_next(one);
    bool first = item->options[0].key;
    bool yes = strcmp(item->options[first ? 0 : 1].text, "True") == 0;
    buf_printf(x->out, "\t%s", yes ? "TRUE" : "FALSE");
    put_why(x, first ? two : one);
    put_why(x, first ? one : two);
    buf_putc(x->out, '\n');
}

/* A cell's Markdown, from its inlines. */
static const char *cell_source(struct exporter *x, cmark_node *cell)
{
    const char *all = "";
    for (cmark_node *node = cmark_node_first_child(cell); node; node = cmark_node_next(node))
        all = arena_printf(x->c->arena, "%s%s", all, gift_source(x->c, node));
    return all;
}

static const char *partner_of(const struct item *item, int row)
{
    int n = item->options[row].goes;
    return n > 0 && n <= item->partner_count ? item->partners[n - 1].text : "";
}

static void put_pairs(struct exporter *x, const struct item *item, cmark_node *table)
{
    cmark_node *row = cmark_node_next(cmark_node_first_child(table));
    for (int i = 0; row && i < item->option_count; row = cmark_node_next(row), i++) {
        buf_puts(x->out, "\t=");
        put_answer(x, cell_source(x, cmark_node_first_child(row)));
        buf_puts(x->out, " -> ");
        put_text(x, partner_of(item, i));
        buf_putc(x->out, '\n');
    }
}

/* ---- comments: what GIFT has no place for ---- */

static cmark_node *put_fields(struct exporter *x, cmark_node *node)
{
    for (int i = cmark_node_get_start_line(node); i <= cmark_node_get_end_line(node); i++) {
        size_t length, name, value, n;
        const char *s = source_line(x->file, i, &length);
        if (field_line(s, length, &name, &value, &n) && strncmp(s, "type:", 5) != 0)
            buf_printf(x->out, "// %.*s: %.*s\n", (int)name, s, (int)n, s + value);
    }
    return cmark_node_next(node);
}

static void put_head(struct exporter *x, cmark_node *cell)
{
    for (const char *s = cell_source(x, cell); *s; s++)
        if (*s == '|') /* it parts the two heads */
            buf_puts(x->out, "&#124;");
        else
            buf_putc(x->out, *s);
}

static void put_match_comments(struct exporter *x, cmark_node *table)
{
    cmark_node *left = cmark_node_first_child(cmark_node_first_child(table));
    buf_puts(x->out, "// columns: ");
    put_head(x, left);
    buf_puts(x->out, " | ");
    put_head(x, cmark_node_next(left));
    buf_putc(x->out, '\n');
    cmark_node *list = cmark_node_next(table);
    int i = 1;
    for (cmark_node *why = list && node_kind(list) == NODE_LIST ? cmark_node_first_child(list)
                                                                : NULL;
         why; why = cmark_node_next(why)) {
        buf_printf(x->out, "// why %d: ", i++);
        put_source(x, child_of(why, NODE_QUOTE));
        buf_putc(x->out, '\n');
    }
}

/* ---- the item ---- */

/* The parser's own writer marks where a list ends that another one follows: here the options, which
 * do not follow in GIFT. */
static const char *without_list_end(char *text)
{
    static const char mark[] = "\n\n<!-- end list -->";
    size_t n = strlen(text), m = strlen(mark);
    if (n > m && strcmp(text + n - m, mark) == 0)
        text[n - m] = '\0';
    return text;
}

static void put_stem(struct exporter *x, const struct item *item, cmark_node *from, cmark_node *end)
{
    buf_printf(x->out, "::%s:: [markdown]", item->id);
    const char *before = "";
    for (cmark_node *node = from; node && node != end; node = cmark_node_next(node)) {
        put_text(x, before);
        put_text(x, cmark_node_next(node) == end ? without_list_end(gift_source(x->c, node))
                                                 : gift_source(x->c, node));
        before = "\n\n";
    }
    buf_puts(x->out, " {\n");
}

static void put_item(struct exporter *x, const struct item *item, cmark_node *node, cmark_node *end)
{
    buf_putc(x->out, '\n');
    node = put_fields(x, node);
    cmark_node *options = item_options(item->type, node, end), *behind = options;
    if (item->type == ITEM_MATCH)
        put_match_comments(x, options);
    if (item->type == ITEM_TRUEFALSE && strcmp(item->options[0].text, "False") == 0)
        buf_puts(x->out, "// first: False\n");
    put_stem(x, item, node, options);
    if (item->type == ITEM_MATCH)
        put_pairs(x, item, options);
    else if (item->type == ITEM_TRUEFALSE)
        put_truth(x, item, options);
    else
        put_choices(x, item, options);
    while (behind && behind != end && node_kind(behind) != NODE_QUOTE)
        behind = cmark_node_next(behind);
    if (behind && behind != end) {
        buf_puts(x->out, "\t####");
        put_source(x, behind);
        buf_putc(x->out, '\n');
    }
    buf_puts(x->out, "}\n");
}

static bool is_item(cmark_node *node)
{
    return node_kind(node) == NODE_HEADING && cmark_node_get_heading_level(node) == 2;
}

void gift_export(struct course_source *c, struct buf *out, struct gift_export_counts *counts)
{
    struct exporter x = {c, source_file(c, "questions.md"), out};
    *counts = (struct gift_export_counts){0};
    if (!x.file)
        return;
    buf_printf(out, "$CATEGORY: %s\n", c->publication.course ? c->publication.course : c->name);
    cmark_node *root = markdown_parse(x.file);
    int i = 0;
    for (cmark_node *node = cmark_node_first_child(root), *end; node; node = end) {
        for (end = cmark_node_next(node); end && !is_item(end); end = cmark_node_next(end))
            ;
        if (!is_item(node) || i >= c->items.count)
            continue;
        const struct item *item = LIST_AT(&c->items, struct item, i);
        bool broken = LIST_AT(&c->item_facts, struct item_facts, i++)->broken;
        bool order = item->type == ITEM_ORDER;
        counts->broken += broken;
        counts->orders += order && !broken;
        counts->written += !order && !broken;
        if (!order && !broken)
            put_item(&x, item, cmark_node_next(node), end);
    }
    cmark_node_free(root);
}
