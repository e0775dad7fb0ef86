#include "base/text.h"
#include "course/reader.h"
#include <stdlib.h>
#include <string.h>

static const struct diagnostic_code table[] = {
#define COURSE_CODE_ROW(code, severity, meaning, hint) {#code, SEVERITY_##severity, meaning, hint},
    COURSE_CODES(COURSE_CODE_ROW)
#undef COURSE_CODE_ROW
};

const struct diagnostic_code *diagnostic_codes(int *count)
{
    *count = CODE__COUNT;
    return table;
}

bool diagnostic_blocks(const struct diagnostic *d)
{
    return strcmp(d->code, table[CODE_W06].code) == 0;
}

static void add(struct course_source *c, enum course_code code, const char *shown, int line,
                int column, const char *hint, const char *message)
{
    struct diagnostic *d = list_add(c->arena, &c->diagnostics, sizeof *d);
    d->severity = table[code].severity;
    d->code = table[code].code;
    d->file = shown;
    d->line = line > 0 ? line : 1;
    d->column = column > 0 ? column : 1;
    d->message = message;
    d->hint = hint ? hint : table[code].hint;
    if (d->severity == SEVERITY_ERROR)
        c->error_count++;
}

void report(struct course_source *c, enum course_code code, const struct source_file *file,
            int line, int column, const char *hint, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    const char *message = format ? arena_vprintf(c->arena, format, ap) : table[code].meaning;
    va_end(ap);
    add(c, code, file->shown, line, column, hint, message);
}

void report_at(struct course_source *c, enum course_code code, const char *shown, int line,
               int column, const char *hint, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    const char *message = format ? arena_vprintf(c->arena, format, ap) : table[code].meaning;
    va_end(ap);
    add(c, code, shown, line, column, hint, message);
}

static int compare(const void *pa, const void *pb)
{
    const struct diagnostic *a = pa, *b = pb;
    int order = strcmp(a->file, b->file);
    if (order == 0)
        order = (a->line > b->line) - (a->line < b->line);
    if (order == 0)
        order = (a->column > b->column) - (a->column < b->column);
    if (order == 0)
        order = strcmp(a->code, b->code);
    if (order == 0)
        order = strcmp(a->message, b->message);
    return order;
}

void diagnostics_sort(struct course_source *c)
{
    if (c->diagnostics.count > 1)
        qsort(c->diagnostics.data, (size_t)c->diagnostics.count, sizeof(struct diagnostic),
              compare);
}

const char *nearest_hint(struct arena *a, const char *word, const char *const *known, int count)
{
    const char *best = NULL;
    unsigned best_distance = 1 + (unsigned)strlen(word) / 2;
    if (best_distance > 4)
        best_distance = 4;
    for (int i = 0; i < count; i++) {
        unsigned distance = text_distance(word, known[i]);
        if (distance < best_distance) {
            best_distance = distance;
            best = known[i];
        }
    }
    return best ? arena_printf(a, "did you mean \"%s\"?", best) : NULL;
}
