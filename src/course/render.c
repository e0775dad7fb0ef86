#include "course/render.h"
#include "base/text.h"
#include "course/markdown.h"
#include "course/picture.h"
#include <cmark-gfm-core-extensions.h>
#include <string.h>

struct renderer {
    const struct course_source *c;
    enum render_form form;
    struct buf *out;
    cmark_node *image; /* inside this one only text counts */
    bool row_headers;  /* the table's first head cell is empty: its first column are heads */
    bool in_header;
    bool swallowed_space; /* text: a citation was left out */
};

static void put_html(struct renderer *r, const char *s)
{
    if (r->form == FORM_HTML)
        buf_puts(r->out, s);
}

static void put_both(struct renderer *r, const char *html, const char *other)
{
    buf_puts(r->out, r->form == FORM_HTML ? html : other);
}

static void put_escaped(struct renderer *r, const char *s, size_t n)
{
    if (r->form == FORM_HTML)
        text_escape_html(r->out, s, n);
    else
        buf_append(r->out, s, n);
}

/* Canonical only: the marks that change meaning though not the text. */
static void put_mark(struct renderer *r, const char *html, const char *mark)
{
    if (r->form == FORM_HTML)
        buf_puts(r->out, html);
    else if (r->form == FORM_CANONICAL)
        buf_puts(r->out, mark);
}

/* Text: one separator between blocks, however deep they nest. */
static void end_block(struct renderer *r)
{
    if (r->form != FORM_HTML && r->out->length > 0 && r->out->data[r->out->length - 1] != '\n')
        buf_putc(r->out, '\n');
}

/* ---- citations and text ---- */

static void put_citation(struct renderer *r, const struct citation *cited, const char *source)
{
    if (r->form == FORM_CANONICAL) {
        buf_append(r->out, source, cited->length);
        return;
    }
    if (r->form == FORM_TEXT) {
        while (r->out->length > 0 && r->out->data[r->out->length - 1] == ' ')
            r->out->data[--r->out->length] = 0;
        return;
    }
    buf_putc(r->out, '(');
    for (int i = 0; i < cited->count; i++) {
        int k = find_reference(r->c, cited->keys[i].at, cited->keys[i].n);
        if (i > 0)
            buf_puts(r->out, "; ");
        if (k < 0)
            continue; /* reported as an error: nothing of this is shown */
        buf_printf(r->out, "<a class=\"cite\" href=\"#ref-%.*s\">", (int)cited->keys[i].n,
                   cited->keys[i].at);
        const char *label = LIST_AT(&r->c->reference_facts, struct reference_facts, k)->label;
        text_escape_html(r->out, label, strlen(label));
        buf_puts(r->out, "</a>");
    }
    buf_putc(r->out, ')');
}

static void put_text(struct renderer *r, const char *s)
{
    const char *from = s;
    for (const char *at = s; !r->image && (at = citation_find(at));) {
        struct citation cited;
        if (!citation_read(at, &cited)) {
            at++;
            continue;
        }
        put_escaped(r, from, (size_t)(at - from));
        put_citation(r, &cited, at);
        from = at = at + cited.length;
    }
    put_escaped(r, from, strlen(from));
}

/* ---- links and images ---- */

static void put_url(struct renderer *r, const char *url)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "-_.~!*();:@=+$,/?#%";
    for (const char *s = url; *s; s++) {
        if (*s == '&')
            buf_puts(r->out, "&amp;");
        else if (strchr(plain, *s))
            buf_putc(r->out, *s);
        else
            buf_printf(r->out, "%%%02X", (unsigned)(unsigned char)*s);
    }
}

static void put_media_url(struct renderer *r, int media)
{
    const struct publication *p = &r->c->publication;
    const char *name = LIST_AT(&r->c->media, struct media, media)->name;
    if (r->c->media_at)
        buf_printf(r->out, "%s/%s", r->c->media_at, name);
    else
        buf_printf(r->out, "/courses/%s/v%s/media/%s", p->course, p->hash, name);
}

static void put_link(struct renderer *r, cmark_node *node, bool enter)
{
    const char *url = cmark_node_get_url(node);
    if (r->form == FORM_CANONICAL) {
        buf_puts(r->out, enter ? "[" : "](");
        if (!enter)
            buf_printf(r->out, "%s)", url);
        return;
    }
    if (r->form == FORM_TEXT)
        return;
    int media = find_media(r->c, url);
    bool https = strncmp(url, "https://", 8) == 0;
    if (!https && media < 0 && url[0] != '#' && strncmp(url, "mailto:", 7) != 0)
        return; /* reported; never a link of another kind */
    if (!enter) {
        buf_puts(r->out, "</a>");
        return;
    }
    buf_puts(r->out, "<a href=\"");
    if (media >= 0)
        put_media_url(r, media);
    else if (url[0] == '#' && strncmp(url, "#ref-", 5) != 0) {
        buf_puts(r->out, "#s-");
        put_url(r, url + 1);
    } else
        put_url(r, url);
    buf_puts(r->out, https ? "\" rel=\"noopener noreferrer\">" : "\">");
}

/* The place that it takes is kept before it has come, so that the text below does not jump. */
static void put_picture_size(struct renderer *r, int media)
{
    int width, height;
    const struct media *m = media < 0 ? NULL : LIST_AT(&r->c->media, struct media, media);
    if (m && picture_size(m->bytes, m->size, m->type, &width, &height))
        buf_printf(r->out, " width=\"%d\" height=\"%d\"", width, height);
}

static void put_image(struct renderer *r, cmark_node *node, bool enter)
{
    const char *url = cmark_node_get_url(node);
    if (r->form == FORM_CANONICAL) {
        buf_puts(r->out, enter ? "![" : "](");
        if (!enter)
            buf_printf(r->out, "%s)", url);
    } else if (r->form == FORM_HTML) {
        int media = find_media(r->c, url);
        if (enter) {
            buf_puts(r->out, "<img src=\"");
            if (media >= 0)
                put_media_url(r, media);
            buf_puts(r->out, "\" alt=\"");
        } else {
            buf_putc(r->out, '"');
            put_picture_size(r, media);
            buf_putc(r->out, '>');
        }
    }
    if (enter && !r->image)
        r->image = node;
    else if (!enter && r->image == node)
        r->image = NULL;
}

/* ---- blocks ---- */

static bool in_tight_list(cmark_node *paragraph)
{
    cmark_node *parent = cmark_node_parent(paragraph);
    cmark_node *list = parent ? cmark_node_parent(parent) : NULL;
    return list && node_kind(list) == NODE_LIST && cmark_node_get_list_tight(list);
}

static void put_heading(struct renderer *r, cmark_node *node, bool enter)
{
    int level = cmark_node_get_heading_level(node);
    const char *slug = cmark_node_get_user_data(node);
    if (r->form == FORM_HTML && enter) {
        buf_printf(r->out, "<h%d", level);
        if (slug) {
            buf_puts(r->out, " id=\"s-");
            text_escape_html(r->out, slug, strlen(slug));
            buf_putc(r->out, '"');
        }
        buf_putc(r->out, '>');
    } else if (r->form == FORM_HTML) {
        buf_printf(r->out, "</h%d>\n", level);
    } else if (!enter) {
        end_block(r);
    }
}

static void put_list(struct renderer *r, cmark_node *node, bool enter)
{
    bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    int start = cmark_node_get_list_start(node);
    if (r->form != FORM_HTML)
        end_block(r);
    else if (!enter)
        buf_puts(r->out, ordered ? "</ol>\n" : "</ul>\n");
    else if (ordered && start != 1)
        buf_printf(r->out, "<ol start=\"%d\">\n", start);
    else
        buf_puts(r->out, ordered ? "<ol>\n" : "<ul>\n");
}

static void put_item(struct renderer *r, cmark_node *node, bool enter)
{
    bool task = node_kind(node) == NODE_TASK;
    if (!enter)
        put_both(r, "</li>\n", "");
    else if (task)
        put_both(r, "<li class=\"task\"><span aria-hidden=\"true\">\u2610 </span>", "- [ ] ");
    else
        put_mark(r, "<li>", "- ");
    if (!enter)
        end_block(r);
}

static void put_code_block(struct renderer *r, cmark_node *node)
{
    const char *code = cmark_node_get_literal(node);
    put_both(r, "<pre tabindex=\"0\"><code>", ""); /* a long line is scrolled to */
    put_escaped(r, code, strlen(code));
    put_both(r, "</code></pre>\n", "");
    end_block(r);
}

static void put_table_cell(struct renderer *r, cmark_node *node, bool enter)
{
    bool first = cmark_node_previous(node) == NULL, empty = cmark_node_first_child(node) == NULL;
    bool column_head = r->in_header && !empty, row_head = !r->in_header && first && r->row_headers;
    if (r->form != FORM_HTML) {
        buf_puts(r->out, enter ? "" : " | ");
        return;
    }
    if (enter)
        buf_puts(r->out, column_head ? "<th scope=\"col\">"
                         : row_head  ? "<th scope=\"row\">"
                                     : "<td>");
    else
        buf_puts(r->out, column_head || row_head ? "</th>" : "</td>");
}

static void put_table(struct renderer *r, cmark_node *node, enum node_kind kind, bool enter)
{
    if (kind == NODE_TABLE) {
        cmark_node *head = cmark_node_first_child(node);
        cmark_node *cell = head ? cmark_node_first_child(head) : NULL;
        r->row_headers = cell && !cmark_node_first_child(cell);
        bool body = head && cmark_node_next(head);
        if (enter)
            put_html(r,
                     "<div class=\"table-wrap\" role=\"group\" aria-label=\"Table\" tabindex=\"0\">"
                     "<table>\n");
        else
            put_html(r, body ? "</tbody></table></div>\n" : "</table></div>\n");
        return;
    }
    bool header = kind == NODE_TABLE_HEADER;
    r->in_header = header;
    if (enter) {
        put_html(r, header ? "<thead><tr>" : "<tr>");
        return;
    }
    put_html(r, header ? "</tr></thead>\n" : "</tr>\n");
    if (header && cmark_node_next(node))
        put_html(r, "<tbody>\n");
    end_block(r);
}

/* ---- the walk ---- */

static void put_inline(struct renderer *r, cmark_node *node, enum node_kind kind, bool enter)
{
    switch (kind) {
    case NODE_TEXT:
        put_text(r, cmark_node_get_literal(node));
        break;
    case NODE_SOFTBREAK:
        put_both(r, "\n", " ");
        break;
    case NODE_LINEBREAK:
        put_both(r, r->image ? " " : "<br>\n", " ");
        break;
    case NODE_CODE:
        if (!r->image)
            put_mark(r, "<code>", "`");
        put_escaped(r, cmark_node_get_literal(node), strlen(cmark_node_get_literal(node)));
        if (!r->image)
            put_mark(r, "</code>", "`");
        break;
    case NODE_EMPH:
        if (!r->image)
            put_mark(r, enter ? "<em>" : "</em>", "*");
        break;
    case NODE_STRONG:
        if (!r->image)
            put_mark(r, enter ? "<strong>" : "</strong>", "**");
        break;
    case NODE_LINK:
        if (!r->image)
            put_link(r, node, enter);
        break;
    case NODE_IMAGE:
        if (!r->image || r->image == node)
            put_image(r, node, enter);
        break;
    default:
        break;
    }
}

static void put_node(struct renderer *r, cmark_node *node, bool enter)
{
    enum node_kind kind = node_kind(node);
    switch (kind) {
    case NODE_QUOTE:
        put_mark(r, enter ? "<blockquote>\n" : "</blockquote>\n", enter ? "> " : "");
        if (!enter)
            end_block(r);
        break;
    case NODE_LIST:
        put_list(r, node, enter);
        break;
    case NODE_ITEM:
    case NODE_TASK:
        put_item(r, node, enter);
        break;
    case NODE_PARAGRAPH:
        if (!in_tight_list(node))
            put_html(r, enter ? "<p>" : "</p>\n");
        else if (!enter && cmark_node_next(node))
            put_html(r, "\n");
        if (!enter)
            end_block(r);
        break;
    case NODE_HEADING:
        put_heading(r, node, enter);
        break;
    case NODE_CODE_BLOCK:
        put_code_block(r, node);
        break;
    case NODE_RULE:
        put_both(r, "<hr>\n", "");
        break;
    case NODE_TABLE:
    case NODE_TABLE_HEADER:
    case NODE_TABLE_ROW:
        put_table(r, node, kind, enter);
        break;
    case NODE_TABLE_CELL:
        put_table_cell(r, node, enter);
        break;
    default:
        put_inline(r, node, kind, enter);
        break;
    }
}

static void render(const struct course_source *c, cmark_node *root, bool itself,
                   enum render_form form, struct buf *out)
{
    struct renderer r = {.c = c, .form = form, .out = out};
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type event; (event = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(it);
        if (node != root || itself)
            put_node(&r, node, event == CMARK_EVENT_ENTER);
    }
    cmark_iter_free(it);
}

void render_block(const struct course_source *c, cmark_node *node, enum render_form form,
                  struct buf *out)
{
    render(c, node, true, form, out);
}

void render_inside(const struct course_source *c, cmark_node *node, enum render_form form,
                   struct buf *out)
{
    render(c, node, false, form, out);
}

char *buf_to_arena(struct course_source *c, struct buf *b)
{
    const char *s = b->data ? b->data : "";
    size_t n = b->length;
    while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\n'))
        n--;
    size_t skip = 0;
    while (skip < n && (s[skip] == ' ' || s[skip] == '\n'))
        skip++;
    char *copy = arena_strndup(c->arena, s + skip, n - skip);
    buf_free(b);
    return copy;
}

char *inside_as(struct course_source *c, cmark_node *node, enum render_form form)
{
    struct buf b;
    buf_init(&b, COURSE_MAX);
    render_inside(c, node, form, &b);
    return buf_to_arena(c, &b);
}

char *block_as(struct course_source *c, cmark_node *node, enum render_form form)
{
    struct buf b;
    buf_init(&b, COURSE_MAX);
    render_block(c, node, form, &b);
    return buf_to_arena(c, &b);
}

char *text_slug(struct arena *a, const char *s)
{
    char *slug = arena_strdup(a, s), *out = slug;
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;
        if (ch >= 'A' && ch <= 'Z')
            *out++ = (char)(ch - 'A' + 'a');
        else if ((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-' || ch == '_' ||
                 ch >= 0x80)
            *out++ = (char)ch;
        else if (ch == ' ' && out > slug)
            *out++ = '-';
    }
    *out = 0;
    return slug;
}

int count_words(const char *s)
{
    int words = 0;
    while (*s) {
        bool letters = false;
        for (; *s && *s != ' ' && *s != '\n'; s++)
            letters |= (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
                       (*s >= '0' && *s <= '9') || (unsigned char)*s >= 0x80;
        words += letters;
        while (*s == ' ' || *s == '\n')
            s++;
    }
    return words;
}
