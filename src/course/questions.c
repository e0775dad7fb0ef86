/*
 * questions.md: "## id", field lines, the stem, a task list of options with a quote each (an
 * order's or a match's entries: entries.c), and a last quote for everyone. An item is read to its
 * end whatever is wrong with it.
 */
#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"
#include "course/item_draft.h"
#include "course/prose.h"
#include "course/render.h"
#include <cmark-gfm-core-extensions.h>
#include <stdlib.h>
#include <string.h>

static const char *const field_names[] = {"objective", "use", "type", "spaced", "refs"};
static const char *const type_words[] = {"single", "multiple", "truefalse", "order", "match"};

void draft_complain(struct draft *d, enum course_code code, cmark_node *node, const char *hint,
                    const char *message)
{
    report(d->c, code, d->file, cmark_node_get_start_line(node), cmark_node_get_start_column(node),
           hint, "%s", message);
}

void draft_complain_item(struct draft *d, enum course_code code, const char *message)
{
    report(d->c, code, d->file, d->facts.line, d->facts.column, NULL, "%s", message);
}

/* ---- fields ---- */

static void read_field(struct draft *d, int line)
{
    struct course_source *c = d->c;
    size_t length, name, value, n;
    const char *s = source_line(d->file, line, &length);
    if (!field_line(s, length, &name, &value, &n)) {
        report(c, CODE_Q15, d->file, line, 1, "leave an empty line between the fields and the stem",
               "not a field line");
        return;
    }
    const char *word = arena_strndup(c->arena, s, name);
    int k = 0;
    while (k < FIELD__COUNT && strcmp(field_names[k], word) != 0)
        k++;
    if (k == FIELD__COUNT) {
        report(c, CODE_Q10, d->file, line, 1,
               nearest_hint(c->arena, word, field_names, FIELD__COUNT), "unknown field \"%s\"",
               word);
    } else if (d->fields[k].text) {
        report(c, CODE_Q13, d->file, line, 1, NULL, "field \"%s\" twice", word);
    } else {
        d->fields[k] =
            (struct field_value){arena_strndup(c->arena, s + value, n), line, (int)value + 1};
    }
}

static void bad_value(struct draft *d, enum field k, const char *hint)
{
    const struct field_value *v = &d->fields[k];
    report(d->c, CODE_Q12, d->file, v->line, v->column, hint, "\"%s\" is no value for \"%s\"",
           v->text, field_names[k]);
}

static void read_refs(struct draft *d)
{
    const struct field_value *v = &d->fields[FIELD_REFS];
    for (const char *at = v->text; at && *at;) {
        at += strspn(at, ", \t");
        size_t n = strcspn(at, ", \t");
        if (n == 0)
            break;
        int k = find_reference(d->c, at, n);
        d->facts.has_refs = true;
        if (k >= 0)
            LIST_AT(&d->c->reference_facts, struct reference_facts, k)->uses++;
        else
            report(d->c, CODE_Q18, d->file, v->line, v->column + (int)(at - v->text), NULL,
                   "reference \"%.*s\" is not in references.md", (int)n, at);
        at += n;
    }
}

static void use_fields(struct draft *d)
{
    struct item *item = &d->item;
    const char *objective = d->fields[FIELD_OBJECTIVE].text, *use = d->fields[FIELD_USE].text,
               *type = d->fields[FIELD_TYPE].text, *spaced = d->fields[FIELD_SPACED].text;
    for (int k = 0; k <= FIELD_TYPE; k++)
        if (!d->fields[k].text)
            draft_complain_item(
                d, CODE_Q11, arena_printf(d->c->arena, "field \"%s\" is missing", field_names[k]));
    item->objective = objective ? objective : "";
    if (objective && d->c->metadata_read && find_objective(d->c, objective) < 0)
        report(d->c, CODE_Q08, d->file, d->fields[FIELD_OBJECTIVE].line,
               d->fields[FIELD_OBJECTIVE].column, NULL, "unknown objective \"%s\"", objective);
    item->use = use && strcmp(use, "check") == 0 ? ITEM_FOR_CHECK : ITEM_FOR_LESSON;
    if (use && strcmp(use, "check") != 0 && strcmp(use, "lesson") != 0)
        bad_value(d, FIELD_USE, "use is \"lesson\" or \"check\"");
    int k = 0;
    while (type && k <= ITEM_MATCH && strcmp(type, type_words[k]) != 0)
        k++;
    if (type && k > ITEM_MATCH)
        bad_value(d, FIELD_TYPE, nearest_hint(d->c->arena, type, type_words, ITEM_MATCH + 1));
    d->type_known = type && k <= ITEM_MATCH;
    item->type = d->type_known ? (enum item_type)k : ITEM_SINGLE;
    item->spaced = spaced && strcmp(spaced, "yes") == 0;
    if (spaced && !item->spaced && strcmp(spaced, "no") != 0)
        bad_value(d, FIELD_SPACED, "spaced is \"yes\" or \"no\"");
    read_refs(d);
}

/* ---- options ---- */

static bool says_all_or_none(struct arena *a, const char *text)
{
    const char *s = text_lower_ascii(a, text);
    static const char *const phrases[] = {"all of the above", "none of the above",
                                          "all the above",    "none of these",
                                          "all of these",     "both of the above"};
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++)
        if (strstr(s, phrases[i]))
            return true;
    return false;
}

struct draft_entry draft_entry_read(struct draft *d, cmark_node *list_item)
{
    struct course_source *c = d->c;
    struct draft_entry entry = {"", "", "", "", ""};
    bool quoted = false;
    cmark_node *child = cmark_node_first_child(list_item);
    if (child && node_kind(child) == NODE_PARAGRAPH) {
        entry.html = inside_as(c, child, FORM_HTML);
        entry.text = inside_as(c, child, FORM_TEXT);
        entry.canonical = inside_as(c, child, FORM_CANONICAL);
        child = cmark_node_next(child);
    }
    for (; child; child = cmark_node_next(child)) {
        if (node_kind(child) == NODE_QUOTE && !quoted) {
            entry.rationale_html = inside_as(c, child, FORM_HTML);
            entry.rationale = inside_as(c, child, FORM_CANONICAL);
            quoted = true;
        } else {
            draft_complain(d, CODE_Q15, child, "an option is one paragraph and one quote",
                           "does not belong to an option");
        }
    }
    return entry;
}

static void read_option(struct draft *d, cmark_node *node)
{
    struct course_source *c = d->c;
    struct item_option *o = list_add(c->arena, &d->options, sizeof *o);
    int line = cmark_node_get_start_line(node), column = cmark_node_get_start_column(node) + 2;
    struct draft_entry entry = draft_entry_read(d, node);
    o->html = entry.html;
    o->text = entry.text;
    o->rationale_html = entry.rationale_html;
    if (node_kind(node) == NODE_TASK)
        o->key = cmark_gfm_extensions_get_tasklist_item_checked(node);
    else
        report(c, CODE_Q16, d->file, line, column, NULL, NULL);
    if (!*entry.rationale)
        report(c, CODE_Q07, d->file, line, column, NULL, NULL);
    if (says_all_or_none(c->arena, o->text))
        report(c, CODE_Q09, d->file, line, column, NULL, NULL);
    buf_printf(&d->canonical, "option %d\n%zu\n%s\n%zu\n%s\n", o->key, strlen(entry.canonical),
               entry.canonical, strlen(entry.rationale), entry.rationale);
}

static bool is_true_false(const struct list *options)
{
    const struct item_option *a = LIST_AT(options, struct item_option, 0), *b = a + 1;
    return (text_equal(a->text, "True") && text_equal(b->text, "False")) ||
           (text_equal(a->text, "False") && text_equal(b->text, "True"));
}

static void check_options(struct draft *d)
{
    int keys = 0, n = d->options.count;
    for (int i = 0; i < n; i++)
        keys += LIST_AT(&d->options, struct item_option, i)->key;
    if (n < 2 || n > ITEM_MAX_OPTIONS)
        draft_complain_item(d, CODE_Q04,
                            arena_printf(d->c->arena, "%d option%s; 2 to %d are allowed", n,
                                         n == 1 ? "" : "s", ITEM_MAX_OPTIONS));
    if (!d->type_known)
        return;
    if (d->item.type == ITEM_MULTIPLE) {
        if (keys == 0)
            draft_complain_item(d, CODE_Q06, "multiple without any key");
        return;
    }
    if (keys != 1)
        draft_complain_item(
            d, CODE_Q05,
            arena_printf(d->c->arena,
                         "a %s question needs exactly one right option; this one "
                         "has %d",
                         d->item.type == ITEM_TRUEFALSE ? "true-or-false" : "single-choice", keys));
    if (d->item.type == ITEM_TRUEFALSE && (n != 2 || !is_true_false(&d->options)))
        draft_complain_item(d, CODE_Q17, "truefalse without the options True and False");
}

/* ---- the item ---- */

/*
 * The options are the first list with a checkbox, without any the first list at all; an order's
 * entries the first numbered list, without any the first list; a match's the first table.
 */
cmark_node *item_options(enum item_type type, cmark_node *from, cmark_node *end)
{
    cmark_node *first = NULL;
    for (cmark_node *node = from; node && node != end; node = cmark_node_next(node)) {
        if (type == ITEM_MATCH && node_kind(node) == NODE_TABLE)
            return node;
        if (type == ITEM_MATCH || node_kind(node) != NODE_LIST)
            continue;
        if (type == ITEM_ORDER && cmark_node_get_list_type(node) == CMARK_ORDERED_LIST)
            return node;
        if (!first)
            first = node;
        cmark_node *i = cmark_node_first_child(node);
        for (; i && type != ITEM_ORDER; i = cmark_node_next(i))
            if (node_kind(i) == NODE_TASK)
                return node;
    }
    return first;
}

/* Returns what stands behind them. */
static cmark_node *read_options(struct draft *d, cmark_node *options, cmark_node *end)
{
    if (d->item.type == ITEM_MATCH)
        return match_read(d, options, end);
    if (d->item.type == ITEM_ORDER) {
        order_read(d, options);
    } else {
        for (cmark_node *o = options ? cmark_node_first_child(options) : NULL; o;
             o = cmark_node_next(o))
            read_option(d, o);
        check_options(d);
    }
    return options ? cmark_node_next(options) : NULL;
}

static void hash_item(struct draft *d)
{
    struct buf b;
    uint8_t hash[HASH_BYTES];
    buf_init(&b, TEXT_FILE_MAX * 8);
    buf_printf(&b, "item 1\n%s\n%s\n%zu\n%s\n", d->item.id, type_words[d->item.type],
               strlen(d->facts.stem_canonical), d->facts.stem_canonical);
    buf_append(&b, d->canonical.data ? d->canonical.data : "", d->canonical.length);
    hash_blake2b(b.data, b.length, hash);
    d->item.hash = hex_encode(d->c->arena, hash, sizeof hash);
    buf_free(&b);
}

static void read_stem(struct draft *d, cmark_node *from, cmark_node *end)
{
    struct course_source *c = d->c;
    struct buf html, text, canonical;
    buf_init(&html, COURSE_MAX);
    buf_init(&text, COURSE_MAX);
    buf_init(&canonical, COURSE_MAX);
    for (cmark_node *node = from; node && node != end; node = cmark_node_next(node)) {
        if (node_kind(node) == NODE_HEADING)
            draft_complain(d, CODE_Q15, node, "write an item's heading as '## id'",
                           "an item has no headings inside");
        if (!d->facts.stem_line) {
            d->facts.stem_line = cmark_node_get_start_line(node);
            d->facts.stem_column = cmark_node_get_start_column(node);
        }
        render_block(c, node, FORM_HTML, &html);
        render_block(c, node, FORM_TEXT, &text);
        render_block(c, node, FORM_CANONICAL, &canonical);
    }
    d->item.stem_html = buf_to_arena(c, &html);
    d->item.stem_text = buf_to_arena(c, &text);
    d->facts.stem_canonical = buf_to_arena(c, &canonical);
    if (!*d->item.stem_text)
        draft_complain_item(d, CODE_Q03, "item has no stem");
}

/* What most likely happened to what stands behind the options. */
static const char *leftover_hint(const struct draft *d, cmark_node *node)
{
    if (node_kind(node) != NODE_QUOTE && node_kind(node) != NODE_LIST)
        return NULL;
    if (d->item.type == ITEM_MATCH)
        return "write one numbered list below the table: '1. > why' for each row";
    return d->item.type == ITEM_ORDER
               ? "indent each rationale by three spaces, so that it stays under its entry"
               : "indent each rationale by two spaces, so that it stays under its option";
}

static void read_body(struct draft *d, cmark_node *node, cmark_node *end)
{
    struct course_source *c = d->c;
    size_t length, name, value, n;
    const char *line =
        node && node != end ? source_line(d->file, cmark_node_get_start_line(node), &length) : NULL;
    if (line && node_kind(node) == NODE_PARAGRAPH && field_line(line, length, &name, &value, &n)) {
        for (int i = cmark_node_get_start_line(node); i <= cmark_node_get_end_line(node); i++)
            read_field(d, i);
        node = cmark_node_next(node);
    }
    use_fields(d);
    cmark_node *options = item_options(d->item.type, node, end);
    read_stem(d, node, options ? options : end);
    node = read_options(d, options, end);
    for (; node && node != end; node = cmark_node_next(node)) {
        if (node_kind(node) == NODE_QUOTE && !*d->item.explanation_html)
            d->item.explanation_html = inside_as(c, node, FORM_HTML);
        else
            draft_complain(d, CODE_Q15, node, leftover_hint(d, node),
                           "does not belong after the options");
    }
}

static void check_words(struct draft *d, cmark_node *node, cmark_node *end)
{
    unsigned what = PROSE_LABELS | PROSE_CREDIT | (d->facts.has_refs ? 0 : PROSE_PERCENT);
    for (; node && node != end; node = cmark_node_next(node))
        prose_check(d->c, d->file, node, what);
    if (prose_negative_stem(d->facts.stem_canonical))
        report(d->c, CODE_W08, d->file, d->facts.stem_line, d->facts.stem_column, NULL, NULL);
}

/* Where a line begins; past the last one, the end of the file. */
static size_t line_offset(const struct source_file *f, int line)
{
    return line >= 1 && line <= f->line_count ? f->line_start[line - 1] : f->size;
}

/* The file's lines from `first` up to the node `end`, or to the end of the file. */
static const char *source_lines_of(const struct course_source *c, const struct source_file *f,
                                   int first, cmark_node *end)
{
    size_t from = line_offset(f, first),
           to = end ? line_offset(f, cmark_node_get_start_line(end)) : f->size;
    return arena_strndup(c->arena, f->data + from, to > from ? to - from : 0);
}

static void read_item(struct course_source *c, const struct source_file *f, cmark_node *heading,
                      cmark_node *end)
{
    struct draft *d = &(struct draft){.c = c, .file = f};
    int errors = c->error_count;
    buf_init(&d->canonical, TEXT_FILE_MAX * 8);
    d->item.id = inside_as(c, heading, FORM_TEXT);
    d->item.explanation_html = "";
    d->facts.line = cmark_node_get_start_line(heading);
    d->facts.column = cmark_node_get_start_column(heading);
    d->facts.lesson = -1;
    if (!is_id(d->item.id))
        draft_complain_item(d, CODE_Q01,
                            arena_printf(c->arena, "\"%s\" is no item id", d->item.id));
    int twin = find_item(c, d->item.id);
    if (twin >= 0)
        draft_complain_item(d, CODE_Q02,
                            arena_printf(c->arena, "item \"%s\" is also in line %d", d->item.id,
                                         LIST_AT(&c->item_facts, struct item_facts, twin)->line));
    d->item.source = source_lines_of(c, f, d->facts.line, end);
    read_body(d, cmark_node_next(heading), end);
    if (c->judge)
        check_words(d, cmark_node_next(heading), end);
    hash_item(d);
    buf_free(&d->canonical);
    d->item.options = d->options.data;
    d->item.option_count = d->options.count;
    d->item.partners = d->partners.data;
    d->item.partner_count = d->partners.count;
    d->facts.broken = c->error_count > errors;
    *(struct item *)list_add(c->arena, &c->items, sizeof d->item) = d->item;
    *(struct item_facts *)list_add(c->arena, &c->item_facts, sizeof d->facts) = d->facts;
}

static int compare_ids(const void *a, const void *b)
{
    const struct item *const *left = a, *const *right = b;
    return strcmp((*left)->id, (*right)->id);
}

static void keep_items(struct course_source *c)
{
    struct publication *p = &c->publication;
    p->items = c->items.data;
    p->item_count = c->items.count;
    const struct item **by_id = arena_array(c->arena, (size_t)p->item_count + 1, sizeof *by_id);
    for (int i = 0; i < p->item_count; i++)
        by_id[i] = &p->items[i];
    qsort(by_id, (size_t)p->item_count, sizeof *by_id, compare_ids);
    p->items_by_id = by_id;
}

void questions_read(struct course_source *c)
{
    const struct source_file *f = source_file(c, "questions.md");
    if (!f) {
        report_at(c, CODE_F04,
                  c->folder ? arena_printf(c->arena, "%s/questions.md", c->folder) : "questions.md",
                  1, 1, NULL, "questions.md is missing");
        return;
    }
    cmark_node *root = markdown_parse(f);
    for (cmark_node *node = cmark_node_first_child(root), *end; node; node = end) {
        bool heading = node_kind(node) == NODE_HEADING && cmark_node_get_heading_level(node) == 2;
        for (end = cmark_node_next(node);
             end && !(node_kind(end) == NODE_HEADING && cmark_node_get_heading_level(end) == 2);
             end = cmark_node_next(end))
            ;
        if (heading)
            read_item(c, f, node, end); /* what stands before the first item is for authors */
    }
    markdown_inspect(c, f, root, DOCUMENT_ITEMS);
    cmark_node_free(root);
    keep_items(c);
}
