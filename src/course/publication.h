/*
 * A publication: one course's files, frozen under a content hash, and what was read from them. It
 * is immutable; any number of threads may read one. All strings are UTF-8 and live as long as the
 * publication. Members named *_html are made by the course renderer and safe to print raw; all
 * others are plain text.
 */
#ifndef COURSE_PUBLICATION_H
#define COURSE_PUBLICATION_H
#include "base/instant.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ITEM_MAX_OPTIONS 6

/*
 * Options stand in source order, but for those of an order: the source has them in their right
 * order, so here they stand in the order of their plain text (bytes), as the partners of a match
 * do. So no number tells where an entry belongs.
 */
enum item_type { ITEM_SINGLE, ITEM_MULTIPLE, ITEM_TRUEFALSE, ITEM_ORDER, ITEM_MATCH };
enum item_use { ITEM_FOR_LESSON, ITEM_FOR_CHECK };

struct item_option {
    const char *html, *text; /* the option as shown; inline HTML, and plain */
    bool key;                /* choices: right answer */
    int goes;                /* order: its right place; match: number of its partner; else 0 */
    const char *rationale_html;
};

/* What an option of a match is matched with. */
struct item_partner {
    const char *html, *text;
};

struct item {
    const char *id; /* "q-humility-01" */
    const char *objective;
    enum item_type type;
    enum item_use use;
    bool spaced;
    const char *stem_html, *stem_text;
    const struct item_option *options; /* an answer names them 1, 2, … as they stand here */
    int option_count;
    const struct item_partner *partners; /* match: named 1, 2, … too */
    int partner_count;
    const char *columns[2];       /* match: the table's heads; else NULL */
    const char *explanation_html; /* "" when there is none */
    const char *hash;             /* 64 hex digits: BLAKE2b-256 of the item's canonical form */
    const char *source;           /* as written, from its heading on: holds the key */
};

/* A lesson's body is a list of pieces in order. */
enum piece_kind {
    PIECE_HTML,     /* html (KEY callouts are within it) */
    PIECE_CHECK,    /* item: index into publication.items */
    PIECE_CASE,     /* ref: the case's id */
    PIECE_REFLECT,  /* ref: the reflection's id, html: the prompt */
    PIECE_COMMIT,   /* html: the template and examples */
    PIECE_VOLATILE, /* html, as_of, review_by ("2027-05-22"); folds when review_by has passed */
    PIECE_SITE,     /* ref: a key of site.json; html: what is said around it */
    PIECE_TOOL      /* ref: the tool's name, html */
};

struct piece {
    enum piece_kind kind;
    const char *html;
    const char *ref;
    int item;
    const char *as_of, *review_by;
};

struct lesson {
    const char *id; /* file name without number and extension */
    const char *title;
    int words, minutes; /* reading time, at least 1 */
    const struct piece *pieces;
    int piece_count;
    int check_item;     /* index into items of its own question, or -1 */
    const char *hash;   /* of its source, for comparing publications */
    const char *source; /* as written */
};

struct choice {
    const char *id; /* "start-1": scene and 1-based number in source order */
    const char *html, *text;
    int target; /* index into scenes */
    bool poor;  /* for the author's eyes and `check` only: never shown */
    const char *consequence_html;
};

struct scene {
    const char *id;
    const char *title; /* "" when the heading is only an id */
    const char *html;
    bool end;
    const struct choice *choices;
    int choice_count;
};

struct branching_case {
    const char *id, *title;
    const char *intro_html;     /* before the first scene */
    const struct scene *scenes; /* scenes[0] is the start */
    int scene_count;
    const char *hash;   /* of its source */
    const char *source; /* as written: holds the ratings */
};

struct objective {
    const char *id, *verb, *text;
};

struct reference {
    const char *key, *html;
};

/* An image or other file of media/, shown at /courses/COURSE/vHASH/media/NAME. */
struct media {
    const char *name, *type; /* "line.png", "image/png" */
    const void *bytes;
    size_t size;
};

struct publication {
    int64_t id;          /* row of table publication; 0 when it was not stored */
    const char *hash;    /* 64 hex digits: the content hash */
    const char *course;  /* "humility" */
    const char *version; /* "1.0.0" */
    const char *title, *summary, *certificate_title, *language, *stage, *owner;
    bool pilot; /* stage is "pilot": no named reviewer has signed */
    int minutes;
    int valid_months; /* how long its certificate is good; 0: it does not expire */
    const struct objective *objectives;
    int objective_count;
    const struct lesson *lessons;
    int lesson_count;
    const struct branching_case *cases;
    int case_count;
    const struct item *items;              /* the whole bank, in source order */
    const struct item *const *items_by_id; /* the same, to be found in */
    int item_count;
    const struct reference *references;
    int reference_count;
    const char *facilitator_html;
    const char *metadata_source, *facilitator_source; /* as written; "" when there is none */
    bool needs_lessons, needs_case, needs_check;      /* from `completion` */
    bool test_out;
    int pass_percent, pre_draw, check_draw;
    int pass_marks; /* answers needed out of check_draw: the least whole number >= pass_percent */
    const char *audience;                        /* joined with ", " */
    const int *follow_up_days, *commitment_days; /* days after completion, after the commitment */
    int follow_up_count, commitment_count;
    const char *last_reviewed; /* "2026-11-22" */
    const struct media *media;
    int media_count;
};

/* By id; NULL when there is none. *index (which may be NULL): its place in the publication. */
const struct lesson *publication_lesson(const struct publication *p, const char *id, int *index);
const struct item *publication_item(const struct publication *p, const char *id, int *index);
const struct branching_case *publication_case(const struct publication *p, const char *id);
/* The earliest review-by date ("2027-05-22") of the statements that may change; NULL without any.
 * *where: its lesson. */
const char *publication_review_by(const struct publication *p, const struct lesson **where);
/* The tool of this name, and its lesson; NULL when there is none. */
const struct piece *publication_tool(const struct publication *p, const char *name,
                                     const struct lesson **where);
/* The image of this name below media/; NULL when there is none. */
const struct media *publication_media(const struct publication *p, const char *name);
int case_scene(const struct branching_case *c, const char *id); /* index, or -1 */

/* ---- answers ---- */

/*
 * An answer as text, at most 31 bytes. Canonical forms:
 *   single, multiple, truefalse  the chosen options' numbers, ascending: "2" or "1,3"
 *   order                        the options' numbers in the order given: "3,1,2"
 *   match                        option and partner, ascending by option: "1:2,2:1"; some may be
 *                                missing, and a partner may be named twice
 * item_answer_read takes spaces and any order of what has a place of its own; for order also each
 * option with its place, "3:1,1:2,2:3". It refuses numbers out of range, repeats, more than one for
 * single and truefalse, an order with an entry missing or two in one place. Writes the canonical
 * text.
 */
#define ANSWER_ROOM 32 /* with the NUL */
struct error;
int item_answer_read(const struct item *item, const char *text, char out[ANSWER_ROOM],
                     struct error *e);
/* The mark in thousandths, 0..1000. Single and truefalse: all or nothing. Multiple: max(0, right
 * chosen - wrong chosen) / number of keys. Order: entries in their right place / entries. Match:
 * right pairs / pairs. `answer` is canonical. */
int item_mark(const struct item *item, const char *answer);
bool item_is_choice(const struct item *item); /* single, multiple, truefalse */
/* Nothing is left open: false for "" and for a match with an option that has no partner. */
bool item_answer_whole(const struct item *item, const char *answer);
bool item_answer_has(const char *answer, int option_number);    /* choices: was this one chosen? */
int item_answer_place(const char *answer, int option_number);   /* order: from 1; 0 for "" */
int item_answer_partner(const char *answer, int option_number); /* match: 0 when open */
void item_right_answer(const struct item *item, char out[ANSWER_ROOM]); /* canonical */

/* How an item is laid out for somebody: the options' numbers in the order shown, and for a match
 * those of the partners. */
struct item_layout {
    int options[ITEM_MAX_OPTIONS], partners[ITEM_MAX_OPTIONS];
};

/* The rule of completion in words, one line for each part, from the course's own data; the same
 * words stand on the course page and in the certificate's criteria. */
struct buf;
void publication_criteria(const struct publication *p, struct buf *out);

#endif
