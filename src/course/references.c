/*
 * references.md: one "## Key" for each, then the reference as paragraphs. Field lines may stand in
 * any paragraph of their own: checked (date, by whom, against what; absent or "no": unchecked),
 * label (how it is cited, when the key alone reads badly), doi and url.
 */
#include "base/text.h"
#include "course/markdown.h"
#include "course/render.h"
#include <string.h>

struct draft {
    struct course_source *c;
    const struct source_file *file;
    const char *key, *label, *doi, *url;
    int line, column;
    bool checked, open, twin;
    struct buf html, text;
};

static bool is_key(const char *s)
{
    size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    return n > 0 && n <= ID_MAX && s[n] == 0;
}

/* Do the letters of both agree, whatever the case and what stands between? */
static bool same_letters(const char *a, const char *b, size_t n)
{
    const char *end = b + n;
    for (;; a++, b++) {
        while (*a == '-' || *a == ' ' || *a == '\'')
            a++;
        while (b < end && (*b == '-' || *b == ' ' || *b == '\''))
            b++;
        if (b == end || !*a)
            return b == end && !*a;
        if ((*a | 0x20) != (*b | 0x20))
            return false;
    }
}

/*
 * "Tervalon1998" is cited as "Tervalon 1998". When the reference begins with the author's name in
 * better spelling ("Greene-Moton E, …" for GreeneMoton2020), that spelling is taken.
 */
static const char *make_label(struct arena *a, const char *key, const char *text)
{
    size_t n = strlen(key), letters = n;
    while (letters > 0 && key[letters - 1] >= '0' && key[letters - 1] <= '9')
        letters--;
    if (letters == 0 || letters == n)
        return key;
    char *name = arena_strndup(a, key, letters);
    while (letters > 1 && name[letters - 1] == '-')
        name[--letters] = 0;
    size_t author = strcspn(text, ",.;:");
    while (author > 0 && text[author - 1] != ' ')
        author--; /* without the initials */
    while (author > 0 && text[author - 1] == ' ')
        author--;
    if (author > 0 && same_letters(name, text, author))
        name = arena_strndup(a, text, author);
    while (letters < n && !(key[letters] >= '0' && key[letters] <= '9'))
        letters++;
    return arena_printf(a, "%s %s", name, key + letters);
}

static void put_link(struct buf *out, const char *prefix, const char *address)
{
    buf_printf(out, "<p class=\"ref-link\"><a href=\"%s", prefix);
    text_escape_html(out, address, strlen(address));
    buf_puts(out, "\" rel=\"noopener noreferrer\">");
    text_escape_html(out, address, strlen(address));
    buf_puts(out, "</a></p>\n");
}

/* "doi:10.1353/hpu.2010.0233" in the text becomes a link. Puts b into d->html. */
static void link_doi(struct draft *d, struct buf *b)
{
    const char *html = b->data ? b->data : "", *doi = strstr(html, "doi:10.");
    size_t n = doi ? strcspn(doi + 4, " ,;<\n") : 0;
    while (n > 0 && doi[4 + n - 1] == '.')
        n--;
    if (n > 0) {
        buf_append(&d->html, html, (size_t)(doi - html));
        buf_printf(&d->html,
                   "<a href=\"https://doi.org/%.*s\" rel=\"noopener noreferrer\">doi:%.*s</a>",
                   (int)n, doi + 4, (int)n, doi + 4);
        html = doi + 4 + n;
    }
    buf_puts(&d->html, html);
    buf_free(b);
}

static void close_reference(struct draft *d)
{
    struct course_source *c = d->c;
    if (!d->open)
        return;
    d->open = false;
    if (d->doi)
        put_link(&d->html, "https://doi.org/", d->doi);
    if (d->url)
        put_link(&d->html, "", d->url);
    if (!d->checked)
        buf_puts(&d->html, "<p class=\"unchecked\">Not yet checked against the source.</p>\n");
    const char *text = buf_to_arena(c, &d->text);
    if (!*text)
        report(c, CODE_R02, d->file, d->line, d->column, NULL, "reference \"%s\" is empty", d->key);
    struct reference *r = list_add(c->arena, &c->references, sizeof *r);
    r->key = d->key;
    r->html = buf_to_arena(c, &d->html);
    struct reference_facts *facts = list_add(c->arena, &c->reference_facts, sizeof *facts);
    facts->line = d->line;
    facts->column = d->column;
    facts->checked = d->checked;
    facts->uses = d->twin; /* reported already: not unused as well */
    facts->label = d->label ? d->label : make_label(c->arena, d->key, text);
}

static void open_reference(struct draft *d, cmark_node *heading)
{
    struct course_source *c = d->c;
    const char *key = inside_as(c, heading, FORM_TEXT);
    close_reference(d);
    *d = (struct draft){.c = c, .file = d->file, .key = key};
    d->line = cmark_node_get_start_line(heading);
    d->column = cmark_node_get_start_column(heading);
    if (!is_key(key)) {
        report(c, CODE_R02, d->file, d->line, d->column, NULL, "\"%s\" is no reference key", key);
        return;
    }
    d->twin = find_reference(c, key, strlen(key)) >= 0;
    if (d->twin)
        report(c, CODE_R01, d->file, d->line, d->column, NULL, "reference \"%s\" twice", key);
    d->open = true;
    buf_init(&d->html, TEXT_FILE_MAX * 8);
    buf_init(&d->text, TEXT_FILE_MAX * 2);
}

/* "2026-11-22, by whom, against what" counts as checked, "no" and "unchecked" do not. */
static bool begins_with_date(const char *s)
{
    instant at;
    char date[11] = "";
    if (strlen(s) < 10)
        return false;
    memcpy(date, s, 10);
    return instant_parse_date(date, &at);
}

static bool take_field(struct draft *d, const char *line, size_t length)
{
    size_t name, value, n;
    if (!field_line(line, length, &name, &value, &n))
        return false;
    char *text = arena_strndup(d->c->arena, line + value, n);
    if (name == 7 && memcmp(line, "checked", 7) == 0)
        d->checked = begins_with_date(text);
    else if (name == 5 && memcmp(line, "label", 5) == 0)
        d->label = text;
    else if (name == 3 && memcmp(line, "doi", 3) == 0)
        d->doi = text;
    else if (name == 3 && memcmp(line, "url", 3) == 0 && text_starts(text, "https://"))
        d->url = text;
    else
        return false;
    return true;
}

/* Takes the field lines out of a paragraph; true when nothing else was in it. */
static bool take_fields(struct draft *d, cmark_node *paragraph)
{
    int first = cmark_node_get_start_line(paragraph), last = cmark_node_get_end_line(paragraph);
    cmark_node *node = cmark_node_first_child(paragraph);
    for (int line = first; line <= last; line++) {
        size_t n;
        const char *s = source_line(d->file, line, &n);
        bool field = take_field(d, s, n);
        while (node) { /* the nodes of this line, its break included */
            cmark_node *next = cmark_node_next(node);
            enum node_kind kind = node_kind(node);
            bool line_end = kind == NODE_SOFTBREAK || kind == NODE_LINEBREAK;
            if (field) {
                cmark_node_unlink(node);
                cmark_node_free(node);
            }
            node = next;
            if (line_end)
                break;
        }
    }
    return cmark_node_first_child(paragraph) == NULL;
}

void references_read(struct course_source *c)
{
    const struct source_file *f = source_file(c, "references.md");
    if (!f) {
        if (c->judge)
            report_at(c, CODE_F04,
                      c->folder ? arena_printf(c->arena, "%s/references.md", c->folder)
                                : "references.md",
                      1, 1, NULL, "references.md is missing");
        return;
    }
    struct draft d = {.c = c, .file = f};
    cmark_node *root = markdown_parse(f);
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node)) {
        enum node_kind kind = node_kind(node);
        if (kind == NODE_HEADING && cmark_node_get_heading_level(node) == 2) {
            open_reference(&d, node);
        } else if (kind == NODE_HEADING && cmark_node_get_heading_level(node) > 2) {
            report(c, CODE_R02, f, cmark_node_get_start_line(node),
                   cmark_node_get_start_column(node), NULL, "a reference has no headings inside");
        } else if (d.open && !(kind == NODE_PARAGRAPH && take_fields(&d, node))) {
            struct buf html;
            buf_init(&html, TEXT_FILE_MAX * 8);
            render_block(c, node, FORM_HTML, &html);
            link_doi(&d, &html);
            render_block(c, node, FORM_TEXT, &d.text);
        }
    }
    close_reference(&d);
    markdown_inspect(c, f, root, DOCUMENT_REFERENCES);
    cmark_node_free(root);
    c->publication.references = c->references.data;
    c->publication.reference_count = c->references.count;
}
