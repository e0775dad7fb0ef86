/*
 * The entries of an order (a numbered list in its right order, a quote under each) and the pairs of
 * a match (a table of two columns; below it a numbered list of one quote for each row).
 */
#include "base/text.h"
#include "course/item_draft.h"
#include "course/render.h"
#include <stdlib.h>
#include <string.h>

#define ENTRIES_MIN 3
#define COMPARED    (4 * ITEM_MAX_OPTIONS) /* a list far too long is not compared pair by pair */

/* ---- both ---- */

static void check_count(struct draft *d, const char *what)
{
    int n = d->options.count;
    if (n < ENTRIES_MIN || n > ITEM_MAX_OPTIONS)
        draft_complain_item(d, CODE_Q19,
                            arena_printf(d->c->arena, "%d %s; %d to %d are allowed", n, what,
                                         ENTRIES_MIN, ITEM_MAX_OPTIONS));
}

/* Plain text is what tells entries apart: a native select shows nothing else. */
static bool stands_before(const struct list *options, const char *text)
{
    for (int i = 0; i < options->count && i < COMPARED; i++)
        if (text_equal(LIST_AT(options, struct item_option, i)->text, text))
            return true;
    return false;
}

/* ---- order ---- */

static void read_entry(struct draft *d, cmark_node *node)
{
    struct draft_entry entry = draft_entry_read(d, node);
    if (node_kind(node) == NODE_TASK)
        draft_complain(d, CODE_Q21, node, "leave [ ] away: the list's own order is the right one",
                       "an entry of an order has no checkbox");
    if (!*entry.text || stands_before(&d->options, entry.text))
        draft_complain(
            d, *entry.text ? CODE_Q20 : CODE_Q15, node, NULL,
            *entry.text ? arena_printf(d->c->arena, "\"%s\" stands in the list before", entry.text)
                        : "an entry without words");
    if (!*entry.rationale)
        draft_complain(d, CODE_Q07, node, "add a quote under the entry: '   > why it stands here'",
                       "entry has no rationale");
    struct item_option *o = list_add(d->c->arena, &d->options, sizeof *o);
    *o = (struct item_option){.html = entry.html,
                              .text = entry.text,
                              .goes = d->options.count,
                              .rationale_html = entry.rationale_html};
    buf_printf(&d->canonical, "entry\n%zu\n%s\n%zu\n%s\n", strlen(entry.canonical), entry.canonical,
               strlen(entry.rationale), entry.rationale);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const struct item_option *)a)->text, ((const struct item_option *)b)->text);
}

void order_read(struct draft *d, cmark_node *list)
{
    if (!list)
        draft_complain_item(d, CODE_Q21, "order without a numbered list");
    else if (cmark_node_get_list_type(list) != CMARK_ORDERED_LIST)
        draft_complain(d, CODE_Q21, list, NULL, "the entries are not numbered");
    for (cmark_node *node = list ? cmark_node_first_child(list) : NULL; node;
         node = cmark_node_next(node))
        read_entry(d, node);
    check_count(d, "entries");
    if (d->options.count > 1)
        qsort(d->options.data, (size_t)d->options.count, sizeof(struct item_option), by_text);
}

/* ---- match ---- */

/* How many cells the author wrote; the parser drops those beyond the heads. */
static int written_cells(const struct draft *d, cmark_node *row)
{
    size_t length;
    const char *s = source_line(d->file, cmark_node_get_start_line(row), &length);
    int cells = 1;
    while (length > 0 && (s[length - 1] == ' ' || s[length - 1] == '\t'))
        length--;
    size_t from = 0;
    while (from < length && (s[from] == ' ' || s[from] == '\t'))
        from++;
    for (size_t i = from; i < length; i++)
        cells += s[i] == '|' && i > from && i + 1 < length && s[i - 1] != '\\';
    return cells;
}

/* The two cells, or false when the row has another number of them. */
static bool two_cells(struct draft *d, cmark_node *row, cmark_node *cells[2])
{
    int n = written_cells(d, row);
    cells[0] = cmark_node_first_child(row);
    cells[1] = cells[0] ? cmark_node_next(cells[0]) : NULL;
    if (n == 2 && cells[1])
        return true;
    draft_complain(d, CODE_Q22, row, NULL,
                   arena_printf(d->c->arena, "%d cell%s in this row; a match has two columns", n,
                                n == 1 ? "" : "s"));
    return false;
}

static const char *cell_text(struct draft *d, cmark_node *cell)
{
    const char *text = inside_as(d->c, cell, FORM_TEXT);
    if (!*text)
        draft_complain(d, CODE_Q23, cell, NULL, "an empty cell");
    return text;
}

static void put_canonical(struct draft *d, const char *what, cmark_node *const cells[2])
{
    buf_printf(&d->canonical, "%s\n", what);
    for (int i = 0; i < 2; i++) {
        const char *canonical = inside_as(d->c, cells[i], FORM_CANONICAL);
        buf_printf(&d->canonical, "%zu\n%s\n", strlen(canonical), canonical);
    }
}

static void read_heads(struct draft *d, cmark_node *row)
{
    cmark_node *cells[2];
    if (!row || !two_cells(d, row, cells))
        return;
    for (int i = 0; i < 2; i++)
        d->item.columns[i] = cell_text(d, cells[i]);
    put_canonical(d, "heads", cells);
}

static void complain_twin(struct draft *d, cmark_node *cell, const char *text)
{
    draft_complain(d, CODE_Q20, cell, NULL,
                   arena_printf(d->c->arena, "\"%s\" stands in the table before", text));
}

/* A row that is none has its place all the same: the rationales are counted by rows. */
static void read_pair(struct draft *d, cmark_node *row)
{
    cmark_node *cells[2];
    struct item_option o = {.html = "", .text = "", .rationale_html = ""};
    struct item_partner p = {"", ""};
    if (two_cells(d, row, cells)) {
        o.html = inside_as(d->c, cells[0], FORM_HTML);
        o.text = cell_text(d, cells[0]);
        p.html = inside_as(d->c, cells[1], FORM_HTML);
        p.text = cell_text(d, cells[1]);
        put_canonical(d, "pair", cells);
        if (*o.text && stands_before(&d->options, o.text))
            complain_twin(d, cells[0], o.text);
        for (int i = 0; *p.text && i < d->partners.count && i < COMPARED; i++)
            if (text_equal(LIST_AT(&d->partners, struct item_partner, i)->text, p.text))
                complain_twin(d, cells[1], p.text);
    }
    *(struct item_option *)list_add(d->c->arena, &d->options, sizeof o) = o;
    *(struct item_partner *)list_add(d->c->arena, &d->partners, sizeof p) = p;
}

static void read_reason(struct draft *d, cmark_node *node, int place)
{
    struct draft_entry entry = draft_entry_read(d, node);
    if (*entry.html || place >= d->options.count) {
        draft_complain(d, CODE_Q15, node,
                       "write '1. > why' for each row of the table, in its order",
                       *entry.html ? "a rationale is a quote" : "a rationale without a row");
        return;
    }
    LIST_AT(&d->options, struct item_option, place)->rationale_html = entry.rationale_html;
    buf_printf(&d->canonical, "why\n%zu\n%s\n", strlen(entry.rationale), entry.rationale);
}

static void check_reasons(struct draft *d, cmark_node *table)
{
    cmark_node *row = cmark_node_next(cmark_node_first_child(table));
    for (int i = 0; i < d->options.count && row; row = cmark_node_next(row), i++)
        if (!*LIST_AT(&d->options, struct item_option, i)->rationale_html)
            draft_complain(d, CODE_Q07, row,
                           "add a numbered list below the table: '1. > why' for each row",
                           "pair has no rationale");
}

static int partner_by_text(const void *a, const void *b)
{
    return strcmp(((const struct item_partner *)a)->text, ((const struct item_partner *)b)->text);
}

/* Pairs stand side by side so far: row and row. */
static void number_partners(struct draft *d)
{
    struct item_partner *partners = d->partners.data;
    const char *rows[ITEM_MAX_OPTIONS];
    int n = d->partners.count;
    if (n == 0 || n > ITEM_MAX_OPTIONS)
        return;
    for (int i = 0; i < n; i++)
        rows[i] = partners[i].html;
    qsort(partners, (size_t)n, sizeof *partners, partner_by_text);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++)
            if (partners[k].html == rows[i])
                LIST_AT(&d->options, struct item_option, i)->goes = k + 1;
}

cmark_node *match_read(struct draft *d, cmark_node *table, cmark_node *end)
{
    if (!table) {
        draft_complain_item(d, CODE_Q22, "match without a table");
        return NULL;
    }
    cmark_node *row = cmark_node_first_child(table), *next = cmark_node_next(table);
    read_heads(d, row);
    for (row = row ? cmark_node_next(row) : NULL; row; row = cmark_node_next(row))
        read_pair(d, row);
    if (next && next != end && node_kind(next) == NODE_LIST &&
        cmark_node_get_list_type(next) == CMARK_ORDERED_LIST) {
        int place = 0;
        for (cmark_node *node = cmark_node_first_child(next); node; node = cmark_node_next(node))
            read_reason(d, node, place++);
        next = cmark_node_next(next);
    }
    check_count(d, "pairs");
    check_reasons(d, table);
    number_partners(d);
    return next;
}
