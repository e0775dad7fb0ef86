/*
 * What holds in every Markdown file of a course: no raw HTML, no heading jumps, images described
 * and there, links of allowed kinds that lead somewhere, citations that resolve, callouts where
 * they may stand. One walk over the document, never recursive.
 */
#include "base/text.h"
#include "course/markdown.h"
#include "course/render.h"
#include <string.h>

struct inspection {
    struct course_source *c;
    const struct source_file *file;
    enum document_kind kind;
    struct list slugs; /* const char * */
    int heading_level;
};

static void complain(struct inspection *in, enum course_code code, cmark_node *node, int offset,
                     const char *message)
{
    /* Blocks inside tables and raw HTML blocks have lines of their own; inlines too. */
    report(in->c, code, in->file, cmark_node_get_start_line(node),
           cmark_node_get_start_column(node) + offset, NULL, "%s", message);
}

static bool has_slug(const struct inspection *in, const char *slug)
{
    for (int i = 0; i < in->slugs.count; i++)
        if (strcmp(*LIST_AT(&in->slugs, const char *, i), slug) == 0)
            return true;
    return false;
}

/* All anchors first: a link may point forward. */
static void collect_slugs(struct inspection *in, cmark_node *root)
{
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node)) {
        if (node_kind(node) != NODE_HEADING)
            continue;
        char *slug = text_slug(in->c->arena, inside_as(in->c, node, FORM_TEXT));
        if (!*slug || has_slug(in, slug))
            continue;
        *(const char **)list_add(in->c->arena, &in->slugs, sizeof(char *)) = slug;
        if (in->kind == DOCUMENT_LESSON || in->kind == DOCUMENT_GUIDE)
            cmark_node_set_user_data(node, slug);
    }
}

void markdown_anchors(struct course_source *c, cmark_node *root)
{
    struct inspection in = {.c = c, .kind = DOCUMENT_LESSON};
    collect_slugs(&in, root);
}

static void inspect_heading(struct inspection *in, cmark_node *node)
{
    int level = cmark_node_get_heading_level(node);
    if (level > in->heading_level + 1)
        complain(in, CODE_M02, node, 0,
                 arena_printf(in->c->arena, "heading jumps from level %d to level %d",
                              in->heading_level, level));
    in->heading_level = level;
}

static bool has_scheme(const char *url)
{
    size_t n = strcspn(url, ":/?#");
    return url[n] == ':' || strncmp(url, "//", 2) == 0;
}

static void inspect_link(struct inspection *in, cmark_node *node)
{
    const char *url = cmark_node_get_url(node);
    struct arena *a = in->c->arena;
    if (strncmp(url, "https://", 8) == 0 && url[8])
        return;
    if (strncmp(url, "mailto:", 7) == 0 && url[7])
        return;
    if (url[0] == '#') {
        const char *target = url + 1;
        if (in->kind == DOCUMENT_CASE)
            return; /* scenes: the case's reader knows them */
        if (strncmp(target, "ref-", 4) == 0 &&
            find_reference(in->c, target + 4, strlen(target + 4)) >= 0)
            return;
        if (!has_slug(in, target))
            complain(in, CODE_M06, node, 0,
                     arena_printf(a, "\"%s\" is no heading of this file", url));
    } else if (has_scheme(url)) {
        complain(in, CODE_M05, node, 0, arena_printf(a, "link to \"%s\" is not allowed", url));
    } else if (find_media(in->c, url) < 0) {
        complain(in, CODE_M06, node, 0, arena_printf(a, "link to \"%s\" leads nowhere", url));
    }
}

static void inspect_image(struct inspection *in, cmark_node *node)
{
    const char *url = cmark_node_get_url(node), *alt = inside_as(in->c, node, FORM_TEXT);
    if (!alt[strspn(alt, " \n")])
        complain(in, CODE_M03, node, 0, "image without alternative text");
    if (find_media(in->c, url) < 0)
        complain(in, CODE_M04, node, 0,
                 arena_printf(in->c->arena, "image \"%s\" is not in media/", url));
}

static void inspect_citations(struct inspection *in, cmark_node *node)
{
    const char *text = cmark_node_get_literal(node);
    for (const char *at = text; (at = citation_find(at)); at++) {
        struct citation cited;
        int offset = (int)(at - text);
        if (!citation_read(at, &cited)) {
            complain(in, CODE_M12, node, offset, "citation badly written");
            continue;
        }
        for (int i = 0; i < cited.count; i++) {
            int r = find_reference(in->c, cited.keys[i].at, cited.keys[i].n);
            if (r >= 0)
                LIST_AT(&in->c->reference_facts, struct reference_facts, r)->uses++;
            else
                complain(in, CODE_M10, node, (int)(cited.keys[i].at - text) - 1,
                         arena_printf(in->c->arena, "citation \"%.*s\" is not in references.md",
                                      (int)cited.keys[i].n, cited.keys[i].at));
        }
    }
}

static void inspect_quote(struct inspection *in, cmark_node *node)
{
    struct callout callout;
    bool top = node_kind(cmark_node_parent(node)) == NODE_DOCUMENT;
    if (top && (in->kind == DOCUMENT_LESSON || in->kind == DOCUMENT_GUIDE))
        return; /* their readers look into it */
    if (callout_read(in->c, in->file, node, &callout))
        report(in->c, CODE_M07, in->file, callout.line, callout.column,
               "callouts stand in lessons, not inside a list or another quote",
               "callout is not allowed here");
}

void markdown_inspect(struct course_source *c, const struct source_file *f, cmark_node *root,
                      enum document_kind kind)
{
    struct inspection in = {.c = c, .file = f, .kind = kind};
    in.heading_level = kind == DOCUMENT_LESSON ? 0 : 1;
    collect_slugs(&in, root);
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type event; (event = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        if (event != CMARK_EVENT_ENTER)
            continue;
        cmark_node *node = cmark_iter_get_node(it);
        switch (node_kind(node)) {
        case NODE_RAW_HTML:
            complain(&in, CODE_M01, node, 0, "raw HTML");
            break;
        case NODE_HEADING:
            inspect_heading(&in, node);
            break;
        case NODE_LINK:
            inspect_link(&in, node);
            break;
        case NODE_IMAGE:
            inspect_image(&in, node);
            break;
        case NODE_TEXT:
            inspect_citations(&in, node);
            break;
        case NODE_QUOTE:
            inspect_quote(&in, node);
            break;
        default:
            break;
        }
    }
    cmark_iter_free(it);
}
