/*
 * The file is parsed again and its top-level blocks are gone through as lesson.c, case.c and
 * questions.c do it; what they have read already (pieces, scenes, items) is named by its index.
 */
#include "course/blocks.h"
#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"
#include "course/callout.h"
#include "course/markdown.h"
#include "course/render.h"
#include <string.h>

#define NAMED_MAX                                                                                  \
    2000 /* blocks of one file that have a name; a file of more is no text to read                 \
          */

struct blocks {
    struct course_source *c;
    const struct source_file *file;
    const char *name;   /* the file's, without a lesson's number */
    struct list list;   /* struct course_block */
    struct list hashes; /* uint8_t[HASH_BYTES]: of the words of each block that has a name */
    const struct course_block *questions; /* of a lesson that shows some */
    int question_count;
};

/* ---- names ---- */

const char *course_file_name(struct arena *a, const char *path)
{
    const char *file = text_starts(path, "lessons/") ? path + strlen("lessons/") : NULL;
    size_t digits = file ? strspn(file, "0123456789") : 0;
    return digits && file[digits] == '-' ? arena_printf(a, "lessons/%s", file + digits + 1) : path;
}

/* The same words twice are told apart by their order. */
static const char *block_id(struct blocks *b, const char *words)
{
    struct arena *a = b->c->arena;
    uint8_t hash[HASH_BYTES];
    if (!*words || b->hashes.count == NAMED_MAX)
        return "";
    hash_blake2b(words, strlen(words), hash);
    int nth = 1;
    for (int i = 0; i < b->hashes.count; i++)
        nth += memcmp((uint8_t *)b->hashes.data + (size_t)i * HASH_BYTES, hash, HASH_BYTES) == 0;
    memcpy(list_add(a, &b->hashes, HASH_BYTES), hash, HASH_BYTES);
    const char *all = arena_printf(a, "%s\n%d\n%s", b->name, nth, words);
    hash_blake2b(all, strlen(all), hash);
    return hex_encode(a, hash, (BLOCK_ID - 1) / 2);
}

static const char *in_one_line(struct arena *a, const char *text)
{
    char *out = arena_strdup(a, text);
    for (char *at = out; *at; at++)
        if (*at == '\n' || *at == '\t')
            *at = ' ';
    return out;
}

/* A paragraph that a table was taken out of has no line: it stands behind the block before it. */
static int line_or_before(const struct blocks *b, int line)
{
    if (line > 0 || b->list.count == 0)
        return line > 0 ? line : 1;
    return LIST_AT(&b->list, struct course_block, b->list.count - 1)->line;
}

/* `words` name it, `text` is quoted of it. */
static struct course_block *add(struct blocks *b, enum block_kind kind, int line, const char *words,
                                const char *text)
{
    const char *id = block_id(b, words);
    line = line_or_before(b, line);
    struct course_block *block = list_add(b->c->arena, &b->list, sizeof *block);
    *block = (struct course_block){.kind = kind,
                                   .id = id,
                                   .file = b->file->path,
                                   .line = line,
                                   .text = in_one_line(b->c->arena, *text ? text : words),
                                   .html = ""};
    return block;
}

static struct course_block *add_node(struct blocks *b, enum block_kind kind, cmark_node *node)
{
    return add(b, kind, cmark_node_get_start_line(node), block_as(b->c, node, FORM_CANONICAL),
               block_as(b->c, node, FORM_TEXT));
}

/* ---- text ---- */

static void add_text(struct blocks *b, cmark_node *node)
{
    struct course_block *block = add_node(b, BLOCK_TEXT, node);
    block->html = block_as(b->c, node, FORM_HTML);
}

/* A quote that is a callout: its marker belongs to its name and not to what is quoted of it. */
static struct course_block *add_callout(struct blocks *b, enum block_kind kind, cmark_node *quote)
{
    int line = cmark_node_get_start_line(quote);
    const char *words = inside_as(b->c, quote, FORM_CANONICAL);
    callout_strip(quote);
    return add(b, kind, line, words, inside_as(b->c, quote, FORM_TEXT));
}

static void add_key(struct blocks *b, cmark_node *quote)
{
    struct course_block *block = add_callout(b, BLOCK_TEXT, quote);
    struct buf html;
    buf_init(&html, COURSE_MAX);
    callout_key(b->c, quote, &html);
    block->html = buf_to_arena(b->c, &html);
}

static bool is_title(cmark_node *node)
{
    return node_kind(node) == NODE_HEADING && cmark_node_get_heading_level(node) == 1;
}

static void guide_blocks(struct blocks *b, cmark_node *root)
{
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node)) {
        struct callout callout;
        if (is_title(node))
            continue;
        if (node_kind(node) == NODE_QUOTE && callout_read(b->c, b->file, node, &callout))
            add_key(b, node);
        else
            add_text(b, node);
    }
}

/* ---- questions and references: what stands below one heading ---- */

static bool is_section(cmark_node *node)
{
    return node_kind(node) == NODE_HEADING && cmark_node_get_heading_level(node) == 2;
}

/* Where a line begins; the parser, which ends lines at a lone CR, too, may count more of them than
 * there are. */
static size_t line_offset(const struct source_file *f, int line)
{
    return line >= 1 && line <= f->line_count ? f->line_start[line - 1] : f->size;
}

/* The file's lines from the heading up to the next one. */
static const char *section_source(const struct blocks *b, cmark_node *heading)
{
    const struct source_file *f = b->file;
    cmark_node *end = cmark_node_next(heading);
    while (end && !is_section(end))
        end = cmark_node_next(end);
    int first = cmark_node_get_start_line(heading),
        last = end ? cmark_node_get_start_line(end) : f->line_count + 1;
    size_t from = line_offset(f, first), to = line_offset(f, last);
    return text_trim(b->c->arena,
                     arena_strndup(b->c->arena, f->data + from, to > from ? to - from : 0));
}

static int find_key(const struct publication *p, const char *key)
{
    int i = 0;
    while (i < p->reference_count && strcmp(p->references[i].key, key) != 0)
        i++;
    return i < p->reference_count ? i : -1;
}

static void section_blocks(struct blocks *b, cmark_node *root, enum block_kind kind)
{
    const struct publication *p = &b->c->publication;
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node)) {
        if (!is_section(node))
            continue;
        const char *name = inside_as(b->c, node, FORM_TEXT);
        int index = -1;
        if (kind == BLOCK_REFERENCE)
            index = find_key(p, name);
        else if (!publication_item(p, name, &index))
            index = -1;
        if (index < 0)
            continue;
        const char *text = kind == BLOCK_ITEM ? p->items[index].stem_text : name;
        add(b, kind, cmark_node_get_start_line(node), section_source(b, node), text)->index = index;
    }
}

/* ---- lessons ---- */

/* The question that a lesson shows is a block of questions.md: what is said of it here stands there
 * too. */
static void add_question(struct blocks *b, const struct callout *callout)
{
    int index = -1;
    if (callout->argument_count == 0 ||
        !publication_item(&b->c->publication, callout->arguments[0], &index))
        return;
    if (!b->questions)
        b->question_count = course_blocks(b->c, "questions.md", &b->questions);
    for (int i = 0; i < b->question_count; i++)
        if (b->questions[i].index == index) {
            struct course_block *block = list_add(b->c->arena, &b->list, sizeof *block);
            *block = b->questions[i];
            return;
        }
}

static void lesson_callout(struct blocks *b, cmark_node *quote, const struct callout *callout,
                           const struct lesson *lesson, int *next)
{
    if (strcmp(callout->word, "KEY") == 0) {
        add_key(b, quote);
        return;
    }
    while (*next < lesson->piece_count && lesson->pieces[*next].kind == PIECE_HTML)
        ++*next;
    if (strcmp(callout->word, "CHECK") == 0)
        add_question(b, callout);
    else
        add_callout(b, BLOCK_PIECE, quote)->index = *next < lesson->piece_count ? *next : -1;
    ++*next;
}

static void lesson_blocks(struct blocks *b, cmark_node *root, const struct lesson *lesson)
{
    int next = 0;
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node)) {
        struct callout callout;
        if (is_title(node))
            continue;
        if (node_kind(node) == NODE_QUOTE && callout_read(b->c, b->file, node, &callout))
            lesson_callout(b, node, &callout, lesson, &next);
        else
            add_text(b, node);
    }
}

/* ---- cases ---- */

/* Ratings and marks in braces are not for everybody's eyes: neither is quoted. */
static void add_scene(struct blocks *b, cmark_node *heading, const struct scene *scene, int index)
{
    add(b, BLOCK_SCENE, cmark_node_get_start_line(heading), block_as(b->c, heading, FORM_CANONICAL),
        *scene->title ? scene->title : scene->id)
        ->index = index;
}

static void add_choices(struct blocks *b, cmark_node *list, const struct scene *scene, int index)
{
    add(b, BLOCK_CHOICES, cmark_node_get_start_line(list), block_as(b->c, list, FORM_CANONICAL),
        scene->choices[0].text)
        ->index = index;
}

/* A scene's choices stand last in it, in one list. */
static void case_blocks(struct blocks *b, cmark_node *root, const struct branching_case *it)
{
    int at = -1;
    for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node)) {
        cmark_node *next = cmark_node_next(node);
        const struct scene *scene = at >= 0 ? &it->scenes[at] : NULL;
        bool last = !next || is_section(next);
        if (is_section(node) && at + 1 < it->scene_count) {
            at++;
            add_scene(b, node, &it->scenes[at], at);
        } else if (scene && scene->choice_count && last && node_kind(node) == NODE_LIST) {
            add_choices(b, node, scene, at);
        } else if (!is_title(node)) {
            add_text(b, node);
        }
    }
}

/* ---- one file ---- */

static void read_blocks(struct blocks *b, cmark_node *root)
{
    const struct publication *p = &b->c->publication;
    const char *path = b->file->path;
    markdown_anchors(b->c, root);
    if (text_starts(path, "lessons/")) {
        const char *id = file_id(b->c, b->file);
        const struct lesson *lesson = id ? publication_lesson(p, id, NULL) : NULL;
        if (lesson)
            lesson_blocks(b, root, lesson);
    } else if (text_starts(path, "cases/")) {
        const char *id = file_id(b->c, b->file);
        const struct branching_case *it = id ? publication_case(p, id) : NULL;
        if (it)
            case_blocks(b, root, it);
    } else if (strcmp(path, "questions.md") == 0) {
        section_blocks(b, root, BLOCK_ITEM);
    } else if (strcmp(path, "references.md") == 0) {
        section_blocks(b, root, BLOCK_REFERENCE);
    } else if (strcmp(path, "facilitator.md") == 0) {
        guide_blocks(b, root);
    }
}

int course_blocks(struct course_source *c, const char *path, const struct course_block **out)
{
    struct blocks b = {
        .c = c, .file = source_file(c, path), .name = course_file_name(c->arena, path)};
    *out = NULL;
    if (!b.file || !text_ends(path, ".md"))
        return 0;
    cmark_node *root = markdown_parse(b.file);
    read_blocks(&b, root);
    cmark_node_free(root);
    *out = b.list.data;
    return b.list.count;
}
