/*
 * Markdown in this room: parsing, what holds in every kind of file, callouts and citations.
 */
#ifndef COURSE_MARKDOWN_H
#define COURSE_MARKDOWN_H
#include "course/reader.h"

enum document_kind {
    DOCUMENT_LESSON,
    DOCUMENT_ITEMS,
    DOCUMENT_CASE,
    DOCUMENT_REFERENCES,
    DOCUMENT_GUIDE
};

enum node_kind { /* cmark's own kinds and those of its extensions in one enum */
                 NODE_OTHER,
                 NODE_DOCUMENT,
                 NODE_QUOTE,
                 NODE_LIST,
                 NODE_ITEM,
                 NODE_TASK,
                 NODE_PARAGRAPH,
                 NODE_HEADING,
                 NODE_CODE_BLOCK,
                 NODE_RULE,
                 NODE_TABLE,
                 NODE_TABLE_HEADER,
                 NODE_TABLE_ROW,
                 NODE_TABLE_CELL,
                 NODE_TEXT,
                 NODE_SOFTBREAK,
                 NODE_LINEBREAK,
                 NODE_CODE,
                 NODE_EMPH,
                 NODE_STRONG,
                 NODE_LINK,
                 NODE_IMAGE,
                 NODE_RAW_HTML
};
enum node_kind node_kind(cmark_node *node);

/* The caller frees with cmark_node_free. */
cmark_node *markdown_parse(const struct source_file *f);
/* The same of a text that is part of no file, without checkboxes; tables if wished. */
cmark_node *markdown_parse_part(const char *text, bool tables);

/* Reports raw HTML, heading jumps, images, links, citations and misplaced callouts; counts the uses
 * of references; gives headings of lessons and guides their anchor (the node's user data). */
void markdown_inspect(struct course_source *c, const struct source_file *f, cmark_node *root,
                      enum document_kind kind);

/* Only the anchors. */
void markdown_anchors(struct course_source *c, cmark_node *root);

/* ---- callouts ---- */

#define CALLOUT_ARGUMENTS 4
struct callout {
    const char *word; /* "CHECK" */
    const char *arguments[CALLOUT_ARGUMENTS];
    int argument_count;
    bool alone;       /* nothing stands behind the marker on its line */
    int line, column; /* of the marker */
};

/* Is this quote a callout ("[!" begins its first line)? Malformed ones have an empty word. */
bool callout_read(struct course_source *c, const struct source_file *f, cmark_node *quote,
                  struct callout *out);
/* Takes the marker's line out of the quote, so that what remains is its content. */
void callout_strip(cmark_node *quote);

/* ---- citations ---- */

#define CITATION_KEYS 12
struct citation {
    size_t length; /* with brackets */
    int count;
    struct {
        const char *at;
        size_t n;
    } keys[CITATION_KEYS];
};

/* The next "[@" in s, or NULL. */
const char *citation_find(const char *s);
/* Reads "[@Key; @Key2]" at s; false when badly written. */
bool citation_read(const char *s, struct citation *out);

/* A field line "name: value" of items and references: name of lower-case letters and '_'. Gives the
 * value's offset in *value, trimmed length in *n. */
bool field_line(const char *line, size_t length, size_t *name_length, size_t *value, size_t *n);

#endif
