/*
 * Inside the room only: an item while it is read, between questions.c (the item as a whole and its
 * options) and entries.c (the entries of an order, the pairs of a match).
 */
#ifndef COURSE_ITEM_DRAFT_H
#define COURSE_ITEM_DRAFT_H
#include "base/buf.h"
#include "course/markdown.h"
#include "course/reader.h"

enum field { FIELD_OBJECTIVE, FIELD_USE, FIELD_TYPE, FIELD_SPACED, FIELD_REFS, FIELD__COUNT };

struct field_value {
    const char *text; /* NULL when absent */
    int line, column;
};

struct draft {
    struct course_source *c;
    const struct source_file *file;
    struct item item;
    struct item_facts facts;
    struct field_value fields[FIELD__COUNT];
    bool type_known;
    struct list options;  /* struct item_option */
    struct list partners; /* struct item_partner */
    struct buf canonical; /* of the options, for the hash */
};

/* `hint` NULL takes the table's. */
void draft_complain(struct draft *d, enum course_code code, cmark_node *node, const char *hint,
                    const char *message);
/* About the item as a whole: at its heading. */
void draft_complain_item(struct draft *d, enum course_code code, const char *message);

/* One option, entry or rationale: "a paragraph and a quote". All are "" when absent. */
struct draft_entry {
    const char *html, *text, *canonical;    /* of the paragraph */
    const char *rationale_html, *rationale; /* of the quote; rationale in canonical form */
};
/* Reports what else stands in it. */
struct draft_entry draft_entry_read(struct draft *d, cmark_node *list_item);

/* Among the blocks of an item: the list or table that holds its options; NULL when there is none.
 */
cmark_node *item_options(enum item_type type, cmark_node *from, cmark_node *end);

/* ---- entries.c ---- */

/* `list` or `table` is what holds the entries, NULL when the item has none. */
void order_read(struct draft *d, cmark_node *list);
/* Returns what stands behind the table and its rationales. */
cmark_node *match_read(struct draft *d, cmark_node *table, cmark_node *end);

#endif
