/*
 * lessons/NN-name.md: one '# Title', then Markdown and callouts. The body becomes a list of pieces:
 * stretches of HTML and the callouts that the pages fill in.
 */
#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"
#include "course/callout.h"
#include "course/markdown.h"
#include "course/prose.h"
#include "course/render.h"
#include <string.h>

#define WORDS_PER_MINUTE 200

/* Closes the stretch of HTML before a callout. */
static void end_html(struct lesson_draft *d)
{
    const char *html = buf_to_arena(d->c, &d->html);
    buf_init(&d->html, COURSE_MAX);
    if (!*html)
        return;
    struct piece *p = list_add(d->c->arena, &d->pieces, sizeof *p);
    *p = (struct piece){
        .kind = PIECE_HTML, .html = html, .ref = "", .item = -1, .as_of = "", .review_by = ""};
}

static void read_callout(struct lesson_draft *d, cmark_node *quote, const struct callout *callout)
{
    struct piece piece;
    bool key;
    if (!callout_piece(d, quote, callout, &piece, &key))
        return;
    if (key) {
        callout_key(d->c, quote, &d->html);
        return;
    }
    end_html(d);
    *(struct piece *)list_add(d->c->arena, &d->pieces, sizeof piece) = piece;
}

static void read_title(struct lesson_draft *d, cmark_node *node)
{
    if (d->lesson.title) {
        report(d->c, CODE_M11, d->file, cmark_node_get_start_line(node),
               cmark_node_get_start_column(node), NULL, "a second title");
        return;
    }
    d->lesson.title = inside_as(d->c, node, FORM_TEXT);
    if (cmark_node_previous(node) || !*d->lesson.title)
        report(d->c, CODE_M11, d->file, cmark_node_get_start_line(node),
               cmark_node_get_start_column(node), NULL, "the title does not stand first");
}

static void read_blocks(struct lesson_draft *d, cmark_node *root)
{
    struct buf text;
    buf_init(&text, COURSE_MAX);
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node)) {
        struct callout callout;
        bool title = node_kind(node) == NODE_HEADING && cmark_node_get_heading_level(node) == 1;
        bool quote = node_kind(node) == NODE_QUOTE && callout_read(d->c, d->file, node, &callout);
        if (d->c->judge)
            prose_check(d->c, d->file, node, PROSE_PERCENT | PROSE_LABELS | PROSE_CREDIT);
        if (title)
            read_title(d, node);
        else if (quote)
            read_callout(d, node, &callout);
        else
            render_block(d->c, node, FORM_HTML, &d->html);
        render_block(d->c, node, FORM_TEXT, &text); /* the callout's marker was taken out */
    }
    end_html(d);
    buf_free(&d->html);
    d->lesson.words = count_words(text.data ? text.data : "");
    d->lesson.minutes = (d->lesson.words + WORDS_PER_MINUTE / 2) / WORDS_PER_MINUTE;
    if (d->lesson.minutes < 1)
        d->lesson.minutes = 1;
    buf_free(&text);
}

static bool id_taken(const struct course_source *c, const char *id)
{
    for (int i = 0; i < c->lessons.count; i++)
        if (strcmp(LIST_AT(&c->lessons, struct lesson, i)->id, id) == 0)
            return true;
    return false;
}

static void read_lesson(struct course_source *c, const struct source_file *f)
{
    const char *id = file_id(c, f);
    if (!id)
        return;
    if (id_taken(c, id))
        report(c, CODE_F06, f, 1, 1, NULL, "two lessons of id \"%s\"", id);
    struct lesson_draft *d = &(struct lesson_draft){.c = c, .file = f};
    uint8_t hash[HASH_BYTES];
    d->lesson.id = id;
    d->lesson.check_item = -1;
    d->facts.file = f;
    buf_init(&d->html, COURSE_MAX);
    hash_blake2b(f->data, f->size, hash);
    d->lesson.hash = hex_encode(c->arena, hash, sizeof hash);
    d->lesson.source = f->data;
    cmark_node *root = markdown_parse(f);
    markdown_inspect(c, f, root, DOCUMENT_LESSON);
    read_blocks(d, root);
    cmark_node_free(root);
    if (!d->lesson.title) {
        report(c, CODE_M11, f, 1, 1, NULL, "lesson without a title");
        d->lesson.title = id;
    }
    d->lesson.pieces = d->pieces.data;
    d->lesson.piece_count = d->pieces.count;
    *(struct lesson *)list_add(c->arena, &c->lessons, sizeof d->lesson) = d->lesson;
    *(struct lesson_facts *)list_add(c->arena, &c->lesson_facts, sizeof d->facts) = d->facts;
}

void lessons_read(struct course_source *c)
{
    for (int i = 0; i < c->file_count; i++)
        if (text_starts(c->files[i].path, "lessons/"))
            read_lesson(c, &c->files[i]);
    c->publication.lessons = c->lessons.data;
    c->publication.lesson_count = c->lessons.count;
    if (c->lessons.count == 0)
        report_at(c, CODE_F04,
                  c->folder ? arena_printf(c->arena, "%s/lessons", c->folder) : "lessons", 1, 1,
                  "write at least one lesson: lessons/01-name.md", "the course has no lessons");
}

/* facilitator.md: plain Markdown; of the callouts only KEY. A leading title is left to the page. */
void facilitator_read(struct course_source *c)
{
    const struct source_file *f = source_file(c, "facilitator.md");
    c->publication.facilitator_html = c->publication.facilitator_source = "";
    if (!f)
        return;
    cmark_node *root = markdown_parse(f);
    markdown_inspect(c, f, root, DOCUMENT_GUIDE);
    struct buf html;
    buf_init(&html, COURSE_MAX);
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node)) {
        struct callout callout;
        if (node_kind(node) == NODE_HEADING && cmark_node_get_heading_level(node) == 1 &&
            !cmark_node_previous(node))
            continue;
        if (node_kind(node) != NODE_QUOTE || !callout_read(c, f, node, &callout))
            render_block(c, node, FORM_HTML, &html);
        else if (strcmp(callout.word, "KEY") == 0 && callout.alone)
            callout_strip(node), callout_key(c, node, &html);
        else
            report(c, CODE_M07, f, callout.line, callout.column,
                   "the facilitator's guide may use KEY only", "callout is not allowed here");
    }
    cmark_node_free(root);
    c->publication.facilitator_html = buf_to_arena(c, &html);
    c->publication.facilitator_source = f->data;
}
