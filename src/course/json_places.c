#include "course/json_places.h"
#include "base/buf.h"
#include "base/json.h"
#include <string.h>

#define PLACES_MAX 4096

struct frame {
    bool array;
    int index;
    size_t path_length; /* of the container itself */
    size_t comma;       /* offset of the comma before the member being read */
    bool blank;         /* the member being read is a second one of its name */
};

struct walk {
    struct course_source *c;
    const struct source_file *file;
    char *text;
    size_t n, at;
    int line;
    size_t line_start;
    struct buf path;
    struct frame stack[JSON_MAX_DEPTH];
    int depth, blanking; /* frames with blank set */
    int key_line, key_column;
};

static void skip_space(struct walk *w)
{
    for (; w->at < w->n; w->at++) {
        char ch = w->text[w->at];
        if (ch == '\n') {
            w->line++;
            w->line_start = w->at + 1;
        } else if (ch != ' ' && ch != '\t' && ch != '\r') {
            break;
        }
    }
}

static int column(const struct walk *w)
{
    return (int)(w->at - w->line_start) + 1;
}

static bool skip_string(struct walk *w)
{
    for (w->at++; w->at < w->n; w->at++) {
        char ch = w->text[w->at];
        if (ch == '\\')
            w->at++;
        else if (ch == '\n')
            return false;
        else if (ch == '"')
            return w->at++, true;
    }
    return false;
}

static struct json_place *place(const struct course_source *c, const char *path, size_t n)
{
    for (int i = 0; i < c->json_places.count; i++) {
        struct json_place *p = LIST_AT(&c->json_places, struct json_place, i);
        if (strncmp(p->path, path, n) == 0 && p->path[n] == 0)
            return p;
    }
    return NULL;
}

static void cut_path(struct walk *w, size_t length)
{
    w->path.length = length;
    w->path.data[length] = 0;
}

static void record(struct walk *w, bool named)
{
    if (w->blanking || w->c->json_places.count >= PLACES_MAX || w->path.overflow)
        return;
    struct json_place *p = list_add(w->c->arena, &w->c->json_places, sizeof *p);
    p->path = arena_strndup(w->c->arena, w->path.data, w->path.length);
    p->line = w->line;
    p->column = column(w);
    p->key_line = named ? w->key_line : p->line;
    p->key_column = named ? w->key_column : p->column;
}

/* At a name: reads it and the colon. */
static bool read_name(struct walk *w)
{
    struct frame *f = &w->stack[w->depth - 1];
    size_t from = w->at + 1;
    w->key_line = w->line;
    w->key_column = column(w);
    if (w->text[w->at] != '"' || !skip_string(w))
        return false;
    if (w->path.length > 0)
        buf_putc(&w->path, '.');
    buf_append(&w->path, w->text + from, w->at - from - 1);
    if (!w->blanking && !w->path.overflow && place(w->c, w->path.data, w->path.length)) {
        report(w->c, CODE_J02, w->file, w->key_line, w->key_column, NULL,
               "key \"%.*s\" stands twice", (int)(w->at - from - 1), w->text + from);
        f->blank = true;
        w->blanking++;
    }
    skip_space(w);
    if (w->at >= w->n || w->text[w->at] != ':')
        return false;
    w->at++;
    return true;
}

static void end_member(struct walk *w, struct frame *f)
{
    if (f->blank) {
        for (size_t i = f->comma; i < w->at; i++)
            if (w->text[i] != '\n')
                w->text[i] = ' ';
        f->blank = false;
        w->blanking--;
    }
    cut_path(w, f->path_length);
}

/* At a value: records it and goes past it, or into it. */
static bool read_value(struct walk *w, bool *inside)
{
    record(w, w->depth > 0 && !w->stack[w->depth - 1].array);
    char ch = w->text[w->at];
    *inside = false;
    if (ch == '"')
        return skip_string(w);
    if (ch != '{' && ch != '[') {
        size_t n = strcspn(w->text + w->at, ",]} \t\r\n");
        w->at += n;
        return n > 0;
    }
    if (w->depth == JSON_MAX_DEPTH)
        return false;
    w->stack[w->depth++] =
        (struct frame){.array = ch == '[', .path_length = w->path.length, .comma = w->at};
    w->at++;
    *inside = true;
    return true;
}

static void walk(struct walk *w)
{
    bool inside = false;
    skip_space(w);
    if (w->at >= w->n || !read_value(w, &inside))
        return;
    while (w->depth > 0) {
        struct frame *f = &w->stack[w->depth - 1];
        skip_space(w);
        if (w->at >= w->n)
            return;
        if (!inside)
            end_member(w, f);
        char ch = w->text[w->at];
        if (ch == (f->array ? ']' : '}')) {
            w->at++;
            w->depth--;
            inside = false;
            continue;
        }
        if (!inside) {
            if (ch != ',')
                return;
            f->comma = w->at++;
            f->index++;
            skip_space(w);
            if (w->at >= w->n)
                return;
        }
        if (f->array)
            buf_printf(&w->path, "[%d]", f->index);
        else if (!read_name(w))
            return;
        skip_space(w);
        if (w->at >= w->n || !read_value(w, &inside))
            return;
    }
}

void json_places(struct course_source *c, const struct source_file *f, char *text, size_t n)
{
    struct walk *w = arena_alloc(c->arena, sizeof *w);
    w->c = c;
    w->file = f;
    w->text = text;
    w->n = n;
    w->line = 1;
    buf_init(&w->path, TEXT_FILE_MAX * 2);
    buf_puts(&w->path, "");
    buf_reserve(&w->path, 64);
    w->path.data[0] = 0;
    walk(w);
    buf_free(&w->path);
}

const struct json_place *json_place(const struct course_source *c, const char *path)
{
    static const struct json_place start = {"", 1, 1, 1, 1};
    size_t n = strlen(path);
    for (;;) {
        const struct json_place *p = place(c, path, n);
        if (p)
            return p;
        while (n > 0 && path[n - 1] != '.' && path[n - 1] != '[')
            n--;
        if (n == 0)
            break;
        n--;
    }
    const struct json_place *whole = place(c, "", 0);
    return whole ? whole : &start;
}
