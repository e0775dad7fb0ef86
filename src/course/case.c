/*
 * cases/NAME.md: scenes under '## id' headings, choices as links to headings. Read in two steps:
 * scenes with their choices, then the graph, when all scenes are known.
 */
#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"
#include "course/markdown.h"
#include "course/prose.h"
#include "course/render.h"
#include <string.h>

enum rating { RATING_NONE, RATING_BEST, RATING_GOOD, RATING_MIXED, RATING_POOR };
static const char *const ratings[] = {"", "best", "good", "mixed", "poor"};

struct choice_facts {
    const char *target; /* scene id */
    int line, column;
    enum rating rating;
};

struct scene_facts {
    int line, column;
    struct list choices, choice_facts;
    bool reached, ends;
};

struct draft {
    struct course_source *c;
    const struct source_file *file;
    struct branching_case result;
    struct list scenes, facts; /* struct scene, struct scene_facts */
};

static struct scene *scene_at(const struct draft *d, int i)
{
    return LIST_AT(&d->scenes, struct scene, i);
}

static struct scene_facts *facts_at(const struct draft *d, int i)
{
    return LIST_AT(&d->facts, struct scene_facts, i);
}

static struct choice_facts *choice_at(const struct scene_facts *s, int i)
{
    return LIST_AT(&s->choice_facts, struct choice_facts, i);
}

static int find_scene(const struct draft *d, const char *id)
{
    for (int i = 0; i < d->scenes.count; i++)
        if (strcmp(scene_at(d, i)->id, id) == 0)
            return i;
    return -1;
}

/* "text {word}": cuts the braces off the text and gives the word in them, or NULL. */
static const char *take_braces(struct arena *a, char *text)
{
    size_t n = strlen(text);
    char *open = strrchr(text, '{');
    if (!open || text[n - 1] != '}')
        return NULL;
    const char *word = arena_strndup(a, open + 1, (size_t)(text + n - open) - 2);
    while (open > text && open[-1] == ' ')
        open--;
    *open = 0;
    return word;
}

/* ---- choices ---- */

/* A choice is a list item whose paragraph begins with a link to a heading. */
static cmark_node *choice_link(cmark_node *item)
{
    cmark_node *paragraph = cmark_node_first_child(item);
    cmark_node *link = paragraph && node_kind(paragraph) == NODE_PARAGRAPH
                           ? cmark_node_first_child(paragraph)
                           : NULL;
    return link && node_kind(link) == NODE_LINK && cmark_node_get_url(link)[0] == '#' ? link : NULL;
}

static bool is_choice_list(cmark_node *node)
{
    if (node_kind(node) != NODE_LIST)
        return false;
    for (cmark_node *item = cmark_node_first_child(node); item; item = cmark_node_next(item))
        if (choice_link(item))
            return true;
    return false;
}

/* What stands behind the link on its line: the rating in braces and nothing else. */
static enum rating read_rating(struct draft *d, cmark_node *link, int line, int column)
{
    struct course_source *c = d->c;
    struct buf b;
    buf_init(&b, TEXT_FILE_MAX);
    for (cmark_node *node = cmark_node_next(link); node; node = cmark_node_next(node))
        render_block(c, node, FORM_TEXT, &b);
    char *rest = buf_to_arena(c, &b);
    size_t n = strlen(rest);
    if (n == 0)
        return RATING_NONE;
    if (rest[0] != '{' || rest[n - 1] != '}') {
        report(c, CODE_C06, d->file, line, column, NULL,
               "only a rating in braces may stand behind the choice's link");
        return RATING_NONE;
    }
    const char *word = text_trim(c->arena, arena_strndup(c->arena, rest + 1, n - 2));
    for (int k = RATING_BEST; k <= RATING_POOR; k++)
        if (strcmp(word, ratings[k]) == 0)
            return (enum rating)k;
    report(c, CODE_C06, d->file, line, column, nearest_hint(c->arena, word, ratings + 1, 4),
           "unknown rating \"%s\"", word);
    return RATING_NONE;
}

static void read_choice(struct draft *d, struct scene_facts *s, const char *scene, cmark_node *item)
{
    struct course_source *c = d->c;
    int line = cmark_node_get_start_line(item), column = cmark_node_get_start_column(item) + 2;
    cmark_node *link = choice_link(item);
    if (!link) {
        report(c, CODE_C10, d->file, line, column, NULL, "not a choice: no link to a scene");
        return;
    }
    int errors = c->error_count;
    struct choice_facts *facts = list_add(c->arena, &s->choice_facts, sizeof *facts);
    struct choice *choice = list_add(c->arena, &s->choices, sizeof *choice);
    facts->line = line;
    facts->column = column;
    facts->target = arena_strdup(c->arena, cmark_node_get_url(link) + 1);
    facts->rating = read_rating(d, link, line, column);
    choice->id = arena_printf(c->arena, "%s-%d", scene, s->choices.count);
    choice->html = inside_as(c, link, FORM_HTML);
    choice->text = inside_as(c, link, FORM_TEXT);
    choice->poor = facts->rating == RATING_POOR;
    choice->consequence_html = "";
    if (facts->rating == RATING_NONE && c->error_count == errors &&
        cmark_node_next(cmark_node_first_child(cmark_node_parent(item))))
        report(c, CODE_C06, d->file, line, column, NULL, NULL);
    for (cmark_node *node = cmark_node_next(cmark_node_first_child(item)); node;
         node = cmark_node_next(node)) {
        if (node_kind(node) == NODE_QUOTE && !*choice->consequence_html)
            choice->consequence_html = inside_as(c, node, FORM_HTML);
        else
            report(c, CODE_C10, d->file, cmark_node_get_start_line(node),
                   cmark_node_get_start_column(node), "a choice is one link and one quote",
                   "does not belong to a choice");
    }
}

/* ---- scenes ---- */

static void open_scene(struct draft *d, cmark_node *heading)
{
    struct course_source *c = d->c;
    struct scene *s = list_add(c->arena, &d->scenes, sizeof *s);
    struct scene_facts *facts = list_add(c->arena, &d->facts, sizeof *facts);
    facts->line = cmark_node_get_start_line(heading);
    facts->column = cmark_node_get_start_column(heading);
    char *title = inside_as(c, heading, FORM_TEXT);
    const char *mark = take_braces(c->arena, title);
    s->end = mark && strcmp(mark, "end") == 0;
    s->id = text_slug(c->arena, title);
    s->title = strcmp(s->id, title) == 0 ? "" : title;
    s->html = "";
    if (mark && !s->end)
        report(c, CODE_C10, d->file, facts->line, facts->column,
               "the only mark on a heading is {end}", "unknown mark {%s}", mark);
    if (!is_id(s->id))
        report(c, CODE_C10, d->file, facts->line, facts->column,
               "use lower-case letters, digits and '-'", "scene id \"%s\" not usable", s->id);
    for (int i = 0; i + 1 < d->scenes.count; i++)
        if (strcmp(scene_at(d, i)->id, s->id) == 0) {
            report(c, CODE_C07, d->file, facts->line, facts->column, NULL,
                   "scene \"%s\" is also in line %d", s->id, facts_at(d, i)->line);
            break;
        }
}

/* The blocks of one scene, from behind its heading to the next scene. */
static void read_scene(struct draft *d, cmark_node *from, cmark_node *end)
{
    struct course_source *c = d->c;
    int index = d->scenes.count - 1;
    struct scene *s = scene_at(d, index);
    struct scene_facts *facts = facts_at(d, index);
    struct buf html;
    buf_init(&html, COURSE_MAX);
    for (cmark_node *node = from; node && node != end; node = cmark_node_next(node)) {
        if (is_choice_list(node) && facts->choices.count == 0) {
            for (cmark_node *i = cmark_node_first_child(node); i; i = cmark_node_next(i))
                read_choice(d, facts, s->id, i);
            continue;
        }
        if (facts->choices.count > 0)
            report(c, CODE_C10, d->file, cmark_node_get_start_line(node),
                   cmark_node_get_start_column(node), "choices come last, in one list",
                   "stands behind the choices");
        render_block(c, node, FORM_HTML, &html);
    }
    s->html = buf_to_arena(c, &html);
    s->choices = facts->choices.data;
    s->choice_count = facts->choices.count;
}

static bool is_scene_heading(cmark_node *node)
{
    return node_kind(node) == NODE_HEADING && cmark_node_get_heading_level(node) == 2;
}

static void read_scenes(struct draft *d, cmark_node *root)
{
    struct course_source *c = d->c;
    struct buf intro;
    buf_init(&intro, COURSE_MAX);
    for (cmark_node *node = cmark_node_first_child(root), *next; node; node = next) {
        next = cmark_node_next(node);
        if (is_scene_heading(node)) {
            open_scene(d, node);
            while (next && !is_scene_heading(next))
                next = cmark_node_next(next);
            read_scene(d, cmark_node_next(node), next);
        } else if (node_kind(node) == NODE_HEADING && cmark_node_get_heading_level(node) == 1 &&
                   !d->result.title) {
            d->result.title = inside_as(c, node, FORM_TEXT);
        } else {
            render_block(c, node, FORM_HTML, &intro);
        }
    }
    d->result.intro_html = buf_to_arena(c, &intro);
    if (!d->result.title)
        d->result.title = d->result.id;
    if (d->scenes.count == 0)
        report(c, CODE_C08, d->file, 1, 1, NULL, NULL);
}

/* ---- the graph ---- */

static void resolve_targets(struct draft *d)
{
    for (int i = 0; i < d->scenes.count; i++) {
        struct scene_facts *s = facts_at(d, i);
        for (int k = 0; k < s->choices.count; k++) {
            struct choice_facts *facts = choice_at(s, k);
            int target = find_scene(d, facts->target);
            LIST_AT(&s->choices, struct choice, k)->target = target;
            if (target < 0)
                report(d->c, CODE_C01, d->file, facts->line, facts->column, NULL,
                       "choice leads to \"#%s\", which is no scene", facts->target);
        }
    }
}

/* Marks what can be reached from the start, with a work list instead of recursion. */
static void mark_reached(struct draft *d)
{
    int *work = arena_array(d->c->arena, (size_t)d->scenes.count, sizeof *work), waiting = 0;
    work[waiting++] = 0;
    facts_at(d, 0)->reached = true;
    while (waiting > 0) {
        const struct scene *s = scene_at(d, work[--waiting]);
        for (int k = 0; k < s->choice_count; k++) {
            int target = s->choices[k].target;
            if (target >= 0 && !facts_at(d, target)->reached) {
                facts_at(d, target)->reached = true;
                work[waiting++] = target;
            }
        }
    }
}

/* Marks scenes from which an end can be reached: backwards until nothing changes. A target that is
 * missing was reported already and counts as leading on. */
static void mark_ends(struct draft *d)
{
    bool changed = true;
    for (int i = 0; i < d->scenes.count; i++)
        facts_at(d, i)->ends = scene_at(d, i)->end;
    while (changed) {
        changed = false;
        for (int i = d->scenes.count - 1; i >= 0; i--) {
            const struct scene *s = scene_at(d, i);
            for (int k = 0; k < s->choice_count && !facts_at(d, i)->ends; k++) {
                int target = s->choices[k].target;
                if (target < 0 || facts_at(d, target)->ends)
                    facts_at(d, i)->ends = changed = true;
            }
        }
    }
}

static void check_decision(struct draft *d, int i)
{
    const struct scene *s = scene_at(d, i);
    const struct scene_facts *facts = facts_at(d, i);
    int defensible = 0;
    for (int k = 0; k < s->choice_count; k++) {
        const struct choice_facts *choice = choice_at(facts, k);
        defensible += choice->rating != RATING_POOR;
        if (s->choice_count > 1 && !*s->choices[k].consequence_html)
            report(d->c, CODE_C04, d->file, choice->line, choice->column, NULL, NULL);
    }
    if (s->choice_count > 1 && defensible < 2) /* one choice only leads on: no decision */
        report(d->c, CODE_C05, d->file, facts->line, facts->column, NULL, NULL);
}

static void check_graph(struct draft *d)
{
    if (d->scenes.count == 0)
        return;
    resolve_targets(d);
    mark_reached(d);
    mark_ends(d);
    for (int i = 0; i < d->scenes.count; i++) {
        const struct scene *s = scene_at(d, i);
        const struct scene_facts *facts = facts_at(d, i);
        if (s->end && s->choice_count > 0)
            report(d->c, CODE_C09, d->file, facts->line, facts->column, NULL, NULL);
        if (!facts->reached)
            report(d->c, CODE_C02, d->file, facts->line, facts->column, NULL,
                   "scene \"%s\" cannot be reached from the start", s->id);
        if (!facts->ends)
            report(d->c, CODE_C03, d->file, facts->line, facts->column, NULL,
                   "no end can be reached from \"%s\"", s->id);
        check_decision(d, i);
    }
}

/* '#' links in the story itself are not choices and lead nowhere on our pages. */
static void check_links(struct draft *d, cmark_node *root)
{
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type event; (event = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(it);
        if (event != CMARK_EVENT_ENTER || node_kind(node) != NODE_LINK ||
            cmark_node_get_url(node)[0] != '#')
            continue;
        cmark_node *item = cmark_node_parent(cmark_node_parent(node));
        bool choice = item && node_kind(item) == NODE_ITEM && choice_link(item) == node;
        if (!choice)
            report(d->c, CODE_M06, d->file, cmark_node_get_start_line(node),
                   cmark_node_get_start_column(node), "a choice is a list item: '- [text](#scene)'",
                   "link to \"%s\" outside a choice", cmark_node_get_url(node));
    }
    cmark_iter_free(it);
}

static void read_case(struct course_source *c, const struct source_file *f)
{
    const char *id = file_id(c, f);
    if (!id)
        return;
    if (find_case(c, id) >= 0)
        report(c, CODE_F06, f, 1, 1, NULL, "two cases of id \"%s\"", id);
    struct draft d = {.c = c, .file = f, .result = {.id = id, .source = f->data}};
    uint8_t hash[HASH_BYTES];
    hash_blake2b(f->data, f->size, hash);
    d.result.hash = hex_encode(c->arena, hash, sizeof hash);
    cmark_node *root = markdown_parse(f);
    read_scenes(&d, root);
    check_graph(&d);
    check_links(&d, root);
    if (c->judge)
        for (cmark_node *node = cmark_node_first_child(root); node; node = cmark_node_next(node))
            prose_check(c, f, node, PROSE_LABELS | PROSE_CREDIT);
    markdown_inspect(c, f, root, DOCUMENT_CASE);
    cmark_node_free(root);
    d.result.scenes = d.scenes.data;
    d.result.scene_count = d.scenes.count;
    *(struct branching_case *)list_add(c->arena, &c->cases, sizeof d.result) = d.result;
    struct case_facts *facts = list_add(c->arena, &c->case_facts, sizeof *facts);
    facts->file = f;
}

void cases_read(struct course_source *c)
{
    for (int i = 0; i < c->file_count; i++)
        if (text_starts(c->files[i].path, "cases/"))
            read_case(c, &c->files[i]);
    c->publication.cases = c->cases.data;
    c->publication.case_count = c->cases.count;
}
