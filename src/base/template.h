/* A parsed template, between mustache_parse.c (which makes it) and mustache.c (which renders it).
 */
#ifndef BASE_TEMPLATE_H
#define BASE_TEMPLATE_H
#include "base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEMPLATE_MAX_BYTES   (4u * 1024 * 1024)
#define TEMPLATE_MAX_NESTING 64 /* sections open at once in one template */

enum node_kind {
    NODE_TEXT,
    NODE_ESCAPED,      /* {{name}} */
    NODE_RAW,          /* {{{name}}}, {{&name}} */
    NODE_SECTION,      /* {{#name}}; `other` is its end */
    NODE_INVERTED,     /* {{^name}}; `other` is its end */
    NODE_SECTION_END,  /* `other` is its section */
    NODE_INVERTED_END, /* nothing to do */
    NODE_PARTIAL, /* `other` is the slot of the template; from and length are its indentation */
    NODE_STOP     /* the last node of every template */
};

struct node {
    uint8_t kind;
    bool line_start; /* text: a line of the template begins here, where a partial is indented */
    bool standalone; /* partial: alone on its line */
    uint8_t parts;   /* names: dotted parts, each NUL-terminated; 0 is {{.}} */
    uint32_t from;   /* text: offset into source; names: offset into names */
    uint32_t length; /* text */
    uint32_t other;
};

struct template
{
    char *source, *names;
    struct node *nodes;
    uint32_t count;
};

/* Finds or makes the slot of a template name; what it returns fits struct node's `other`. */
typedef uint32_t slot_of(void *set, const char *name, size_t n);

/* Parses a copy of `text`. NULL, and e with "name:line: …", when it is not a template. */
struct template *template_parse(const char *name, const char *text, size_t n, slot_of *slot,
                                void *set, struct error *e);
void template_free(struct template *t);

#endif
