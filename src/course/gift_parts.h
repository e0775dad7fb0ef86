/* Between the files of the GIFT reader only: gift_read.c (the syntax), gift_text.c (formats of
 * text), gift_import.c (to questions.md), gift_export.c. */
#ifndef COURSE_GIFT_PARTS_H
#define COURSE_GIFT_PARTS_H
#include "base/buf.h"
#include "course/gift.h"
#include "course/reader.h"

enum gift_format { GIFT_MOODLE, GIFT_HTML, GIFT_PLAIN, GIFT_MARKDOWN };

struct gift_text {
    const char *text; /* escapes decoded, trimmed; "" when absent */
    size_t at;        /* where it stands in the file */
    enum gift_format format;
};

struct gift_answer {
    size_t at;
    bool key;
    double weight; /* percent; 100 for '=' without one, 0 for '~' */
    struct gift_text text, partner, why;
};

struct gift_question {
    size_t at;
    const char *title; /* "" when there is none */
    enum item_type type;
    bool truth; /* truefalse: is it true? */
    struct gift_text stem, general;
    struct list answers; /* struct gift_answer */
    /* from comments; NULL when absent */
    const char *objective, *use, *spaced, *refs, *columns, *first;
    const char *why[ITEM_MAX_OPTIONS];
};

/* One file while it is read. */
struct gift_file {
    struct course_source *c;
    struct source_file source;
    struct list questions; /* struct gift_question */
};

/* `hint` and `message` NULL take the table's. */
void gift_report(struct gift_file *g, enum course_code code, size_t at, const char *hint,
                 const char *message);
/* Reads every question that this course format can hold; reports the others. */
void gift_read(struct gift_file *g);

/* What became of a text on its way to Markdown. */
struct gift_loss {
    bool html;       /* tags that Markdown has no mark for were left out */
    bool paragraphs; /* a line was asked for, and there were several paragraphs */
};

/* Markdown of blocks, each line ended but the last. `tables` false: a table is words with bars. */
char *gift_blocks(struct course_source *c, const struct gift_text *text, bool tables,
                  struct gift_loss *loss);
/* Is the last block a bulleted list? An item's options would join it. */
bool gift_ends_in_list(struct course_source *c, const char *markdown);
/* Markdown of one paragraph; on one line for a table's cell. */
char *gift_paragraph(struct course_source *c, const struct gift_text *text, bool cell,
                     struct gift_loss *loss);
/* A node's content as Markdown again. */
char *gift_source(struct course_source *c, cmark_node *node);

#endif
