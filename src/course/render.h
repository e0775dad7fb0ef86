/*
 * A Markdown tree as HTML, as plain text, or in the canonical form that hashes are made of. The
 * HTML is safe to print raw: raw HTML of the source is dropped, everything else escaped. In text,
 * citations are left out.
 */
#ifndef COURSE_RENDER_H
#define COURSE_RENDER_H
#include "course/reader.h"

enum render_form { FORM_HTML, FORM_TEXT, FORM_CANONICAL };

/* The node with its own tags. */
void render_block(const struct course_source *c, cmark_node *node, enum render_form form,
                  struct buf *out);
/* What is inside the node: the inlines of a paragraph, the blocks of a quote. */
void render_inside(const struct course_source *c, cmark_node *node, enum render_form form,
                   struct buf *out);
/* The same as strings in the course's arena; text and canonical form are trimmed. */
char *inside_as(struct course_source *c, cmark_node *node, enum render_form form);
char *block_as(struct course_source *c, cmark_node *node, enum render_form form);

/* Takes what is in `b`, trims it, copies it to the arena and frees b. */
char *buf_to_arena(struct course_source *c, struct buf *b);

/* "Where it stalled" gives "where-it-stalled". */
char *text_slug(struct arena *a, const char *s);
int count_words(const char *s); /* of plain text: what has a letter or a digit */

#endif
