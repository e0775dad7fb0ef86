#include "course/markdown.h"
#include "base/text.h"
#include "course/render.h"
#include <cmark-gfm-core-extensions.h>
#include <pthread.h>
#include <string.h>

/* cmark keeps its extensions in a process-wide registry, to be filled once. */
static pthread_once_t registered = PTHREAD_ONCE_INIT;

enum node_kind node_kind(cmark_node *node)
{
    switch ((int)cmark_node_get_type(node)) {
    case CMARK_NODE_DOCUMENT:
        return NODE_DOCUMENT;
    case CMARK_NODE_BLOCK_QUOTE:
        return NODE_QUOTE;
    case CMARK_NODE_LIST:
        return NODE_LIST;
    case CMARK_NODE_ITEM:
        return strcmp(cmark_node_get_type_string(node), "tasklist") == 0 ? NODE_TASK : NODE_ITEM;
    case CMARK_NODE_PARAGRAPH:
        return NODE_PARAGRAPH;
    case CMARK_NODE_HEADING:
        return NODE_HEADING;
    case CMARK_NODE_CODE_BLOCK:
        return NODE_CODE_BLOCK;
    case CMARK_NODE_THEMATIC_BREAK:
        return NODE_RULE;
    case CMARK_NODE_TEXT:
        return NODE_TEXT;
    case CMARK_NODE_SOFTBREAK:
        return NODE_SOFTBREAK;
    case CMARK_NODE_LINEBREAK:
        return NODE_LINEBREAK;
    case CMARK_NODE_CODE:
        return NODE_CODE;
    case CMARK_NODE_EMPH:
        return NODE_EMPH;
    case CMARK_NODE_STRONG:
        return NODE_STRONG;
    case CMARK_NODE_LINK:
        return NODE_LINK;
    case CMARK_NODE_IMAGE:
        return NODE_IMAGE;
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_HTML_INLINE:
        return NODE_RAW_HTML;
    default:
        break;
    }
    static const struct {
        const char *name;
        enum node_kind kind;
    } extensions[] = {{"table", NODE_TABLE},
                      {"table_header", NODE_TABLE_HEADER},
                      {"table_row", NODE_TABLE_ROW},
                      {"table_cell", NODE_TABLE_CELL}};
    const char *name = cmark_node_get_type_string(node);
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        if (strcmp(name, extensions[i].name) == 0)
            return extensions[i].kind;
    return NODE_OTHER;
}

static cmark_node *parse(const char *text, size_t n, bool tables, bool tasks)
{
    pthread_once(&registered, cmark_gfm_core_extensions_ensure_registered);
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
    if (tables)
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
    if (tasks)
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("tasklist"));
    cmark_parser_feed(parser, text, n);
    cmark_node *root = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return root;
}

cmark_node *markdown_parse(const struct source_file *f)
{
    return parse(f->data, f->size, true, true);
}

cmark_node *markdown_parse_part(const char *text, bool tables)
{
    return parse(text, strlen(text), tables, false);
}

/* ---- citations ---- */

const char *citation_find(const char *s)
{
    return strstr(s, "[@");
}

bool citation_read(const char *s, struct citation *out)
{
    static const char key_bytes[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at = s + 1;
    *out = (struct citation){0};
    for (;;) {
        at += strspn(at, " ");
        if (*at++ != '@' || out->count == CITATION_KEYS)
            return false;
        size_t n = strspn(at, key_bytes);
        if (n == 0)
            return false;
        out->keys[out->count].at = at;
        out->keys[out->count++].n = n;
        at += n;
        at += strspn(at, " ");
        if (*at == ']')
            break;
        if (*at++ != ';')
            return false;
    }
    out->length = (size_t)(at + 1 - s);
    return true;
}

/* ---- callouts ---- */

bool callout_read(struct course_source *c, const struct source_file *f, cmark_node *quote,
                  struct callout *out)
{
    size_t n;
    int line = cmark_node_get_start_line(quote), column = cmark_node_get_start_column(quote);
    const char *s = source_line(f, line, &n);
    const char *end = s + n;
    *out = (struct callout){.word = "", .line = line};
    if (column < 1 || (size_t)column > n || s[column - 1] != '>')
        return false;
    const char *at = s + column;
    while (at < end && *at == ' ')
        at++;
    if (end - at < 2 || at[0] != '[' || at[1] != '!')
        return false;
    out->column = (int)(at - s) + 1;
    const char *close = memchr(at, ']', (size_t)(end - at));
    if (!close)
        return true;
    char *inside = arena_strndup(c->arena, at + 2, (size_t)(close - at - 2));
    for (char *save = NULL, *word = strtok_r(inside, " ", &save); word;
         word = strtok_r(NULL, " ", &save)) {
        if (!*out->word)
            out->word = word;
        else if (out->argument_count < CALLOUT_ARGUMENTS)
            out->arguments[out->argument_count++] = word;
    }
    for (at = close + 1; at < end && (*at == ' ' || *at == '\t'); at++)
        ;
    out->alone = at == end;
    return true;
}

void callout_strip(cmark_node *quote)
{
    cmark_node *paragraph = cmark_node_first_child(quote);
    if (!paragraph)
        return;
    for (cmark_node *node = cmark_node_first_child(paragraph), *next; node; node = next) {
        next = cmark_node_next(node);
        enum node_kind kind = node_kind(node);
        cmark_node_unlink(node);
        cmark_node_free(node);
        if (kind == NODE_SOFTBREAK || kind == NODE_LINEBREAK)
            break;
    }
    if (!cmark_node_first_child(paragraph)) {
        cmark_node_unlink(paragraph);
        cmark_node_free(paragraph);
    }
}

/* ---- field lines ---- */

bool field_line(const char *line, size_t length, size_t *name_length, size_t *value, size_t *n)
{
    size_t i = 0;
    while (i < length && ((line[i] >= 'a' && line[i] <= 'z') || line[i] == '_'))
        i++;
    *name_length = i;
    if (i == 0 || i >= length || line[i] != ':')
        return false;
    for (i++; i < length && (line[i] == ' ' || line[i] == '\t'); i++)
        ;
    *value = i;
    while (length > i && (line[length - 1] == ' ' || line[length - 1] == '\t'))
        length--;
    *n = length - i;
    return true;
}
