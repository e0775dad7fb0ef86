#include "course/skeleton.h"
#include "base/embedded.h"
#include "base/json.h"
#include "base/text.h"
#include "course/reader.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

extern const struct embedded_file course_skeleton_files[];
extern const size_t course_skeleton_files_count;

#define SKELETON_ID_MAX 40 /* its items are called q-ID-l01 */

struct blank {
    const char *name, *value;
};

/* What a JSON string holds between its quotes. */
static const char *json_inside(struct arena *a, const char *text)
{
    cJSON *string = cJSON_CreateString(text);
    struct buf b;
    buf_init(&b, TEXT_FILE_MAX);
    json_print(string, &b);
    cJSON_Delete(string);
    const char *inside = arena_strndup(a, b.data + 1, b.length - 2);
    buf_free(&b);
    return inside;
}

static void fill_in(struct buf *out, const char *text, const struct blank *blanks)
{
    while (*text) {
        const char *open = strstr(text, "{{");
        size_t n = open ? (size_t)(open - text) : strlen(text);
        buf_append(out, text, n);
        text += n;
        const struct blank *b = open ? blanks : NULL;
        while (b && b->name && !text_starts(text, b->name))
            b++;
        if (b && b->name) {
            buf_puts(out, b->value);
            text += strlen(b->name);
        } else if (open) {
            buf_putc(out, *text++);
        }
    }
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct course_file *)a)->path, ((const struct course_file *)b)->path);
}

int skeleton_make(const char *id, const char *title, const char *owner, instant today,
                  struct arena *a, struct course_file **files, int *count, struct error *e)
{
    char date[21];
    if (!is_id(id) || strlen(id) > SKELETON_ID_MAX)
        return error_field(e, "id",
                           "A course's short name has at most %d lower-case letters, digits and "
                           "'-', like asking-well.",
                           SKELETON_ID_MAX);
    if (!*title || !text_is_line(title, strlen(title)) || text_code_points(title) > 120)
        return error_field(e, "title", "A title is one line of at most 120 characters.");
    instant_rfc3339(today, date);
    const struct blank blanks[] = {{"{{id}}", id},
                                   {"{{title}}", json_inside(a, title)},
                                   {"{{owner}}", json_inside(a, owner)},
                                   {"{{date}}", arena_strndup(a, date, 10)},
                                   {NULL, NULL}};
    *count = (int)course_skeleton_files_count;
    *files = arena_array(a, course_skeleton_files_count, sizeof **files);
    for (size_t i = 0; i < course_skeleton_files_count; i++) {
        const struct embedded_file *from = &course_skeleton_files[i];
        struct buf text;
        buf_init(&text, TEXT_FILE_MAX);
        fill_in(&text, (const char *)from->data, blanks);
        (*files)[i] =
            (struct course_file){from->path, arena_memdup(a, text.data, text.length), text.length};
        buf_free(&text);
    }
    qsort(*files, course_skeleton_files_count, sizeof **files, by_path);
    return 0;
}

const char *skeleton_begin(const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t digits = strspn(name, "0123456789");
    if (digits && name[digits] == '-')
        name += digits + 1;
    char *title = arena_strndup(a, name, strcspn(name, "."));
    for (char *at = title; *at; at++)
        if (*at == '-')
            *at = ' ';
    title[0] = (char)toupper((unsigned char)title[0]);
    return arena_printf(a, "# %s\n", title);
}
