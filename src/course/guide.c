#include "course/guide.h"
#include "base/embedded.h"
#include "course/markdown.h"
#include "course/render.h"

extern const struct embedded_file course_guide_files[];

const char *guide_html(struct arena *a)
{
    const struct embedded_file *guide = &course_guide_files[0];
    struct course_source *c = course_new();
    struct source_file f = {.path = guide->path,
                            .shown = guide->path,
                            .data = (const char *)guide->data,
                            .size = guide->length};
    cmark_node *root = markdown_parse(&f);
    struct buf html;
    buf_init(&html, COURSE_MAX);
    markdown_anchors(c, root);
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node))
        if (node_kind(node) != NODE_HEADING || cmark_node_get_heading_level(node) > 1)
            render_block(c, node, FORM_HTML, &html);
    cmark_node_free(root);
    course_free(c);
    const char *out = arena_strndup(a, html.data ? html.data : "", html.length);
    buf_free(&html);
    return out;
}
