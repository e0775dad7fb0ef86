/*
 * The canonical form of a course: for each file, sorted by the bytes of its path,
 * "path LF length LF bytes LF". Nothing else goes in, no times, no order of a directory; so the
 * same files give the same content hash on any machine.
 */
#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"
#include "course/reader.h"
#include <string.h>

void course_freeze(const struct course_source *c, struct buf *out)
{
    for (int i = 0; i < c->file_count; i++) {
        const struct source_file *f = &c->files[i];
        buf_printf(out, "%s\n%zu\n", f->path, f->size);
        buf_append(out, f->data, f->size);
        buf_putc(out, '\n');
    }
}

static void hash_files(struct course_source *c)
{
    struct buf b;
    uint8_t hash[HASH_BYTES];
    buf_init(&b, COURSE_MAX * 2);
    course_freeze(c, &b);
    hash_blake2b(b.data ? b.data : "", b.length, hash);
    c->publication.hash = hex_encode(c->arena, hash, sizeof hash);
    buf_free(&b);
}

/* The text up to the next LF, without it; NULL when there is none within `limit` bytes. */
static char *take_line(struct arena *a, const char **at, const char *end, size_t limit)
{
    const char *lf = memchr(*at, '\n', (size_t)(end - *at));
    if (!lf || (size_t)(lf - *at) > limit)
        return NULL;
    char *line = arena_strndup(a, *at, (size_t)(lf - *at));
    *at = lf + 1;
    return line;
}

static int thaw_files(struct course_source *c, const char *bytes, size_t n, struct error *e)
{
    struct list files = {0};
    const char *at = bytes, *end = bytes + n, *before = "";
    while (at < end) {
        char *path = take_line(c->arena, &at, end, 512);
        char *length = path ? take_line(c->arena, &at, end, 20) : NULL;
        int64_t size;
        if (!length || files.count == COURSE_FILES ||
            !text_to_int64(length, 0, COURSE_MAX, &size) || end - at < size + 1 ||
            at[size] != '\n' || strcmp(before, path) >= 0)
            return error_set(e, ERROR_INVALID,
                             "frozen course: damaged at byte %zu; restore it from a backup",
                             (size_t)(at - bytes));
        struct source_file *f = list_add(c->arena, &files, sizeof *f);
        f->path = f->shown = before = path;
        f->data = arena_memdup(c->arena, at, (size_t)size);
        f->size = (size_t)size;
        at += size + 1;
    }
    c->files = files.data;
    c->file_count = files.count;
    return 0;
}

struct course_source *course_new(void)
{
    struct arena *a = arena_create();
    struct course_source *c = arena_alloc(a, sizeof *c);
    c->arena = a;
    return c;
}

struct course_source *course_read(const char *folder, instant today, struct error *e)
{
    struct course_source *c = course_new();
    size_t n = strlen(folder);
    while (n > 1 && folder[n - 1] == '/')
        n--;
    c->folder = arena_strndup(c->arena, folder, n);
    c->judge = true;
    c->today = today;
    if (folder_read(c, e) != 0) {
        course_free(c);
        return NULL;
    }
    read_site(c, arena_printf(c->arena, "%s/../site.json", c->folder));
    hash_files(c);
    read_course(c);
    return c;
}

struct course_source *course_read_files(const struct course_file *files, int count,
                                        const struct course_reading *how)
{
    struct course_source *c = course_new();
    c->judge = true;
    c->today = how->today;
    c->media_at = arena_strdup(c->arena, how->media);
    memory_read(c, files, count);
    if (how->site)
        read_site(c, how->site);
    hash_files(c);
    read_course(c);
    return c;
}

int course_folder_hash(const char *folder, char out[65], struct error *e)
{
    struct course_source *c = course_new();
    c->folder = arena_strdup(c->arena, folder);
    int result = folder_read(c, e);
    if (result == 0) {
        hash_files(c);
        memcpy(out, c->publication.hash, 65);
    }
    course_free(c);
    return result;
}

struct course_source *thaw_course(const void *bytes, size_t n, bool judge, instant today,
                                  struct error *e)
{
    struct course_source *c = course_new();
    c->judge = judge;
    c->today = today;
    if (thaw_files(c, bytes, n, e) != 0) {
        course_free(c);
        return NULL;
    }
    hash_files(c);
    read_course(c);
    return c;
}

struct course_source *course_thaw(const void *bytes, size_t n, struct error *e)
{
    return thaw_course(bytes, n, false, 0, e);
}

void course_free(struct course_source *c)
{
    if (c)
        arena_free(c->arena); /* c itself lives in it */
}

const struct publication *course_as_read(const struct course_source *c)
{
    return &c->publication;
}

int course_thaw_files(const void *bytes, size_t n, struct arena *a, struct course_file **files,
                      int *count, struct error *e)
{
    struct course_source *c = course_new();
    int result = thaw_files(c, bytes, n, e);
    if (result == 0) {
        *files = arena_array(a, (size_t)c->file_count + 1, sizeof **files);
        *count = c->file_count;
        for (int i = 0; i < c->file_count; i++)
            (*files)[i] = (struct course_file){arena_strdup(a, c->files[i].path),
                                               arena_memdup(a, c->files[i].data, c->files[i].size),
                                               c->files[i].size};
    }
    course_free(c);
    return result;
}

int course_files(const struct course_source *c, const struct course_file **files)
{
    struct course_file *list = arena_array(c->arena, (size_t)c->file_count + 1, sizeof *list);
    for (int i = 0; i < c->file_count; i++)
        list[i] = (struct course_file){c->files[i].path, c->files[i].data, c->files[i].size};
    *files = list;
    return c->file_count;
}

const char *course_bytes(const struct course_source *c, const char *path, size_t *n)
{
    const struct source_file *f = source_file(c, path);
    *n = f ? f->size : 0;
    return f ? f->data : NULL;
}

const char *course_line(const struct course_source *c, const char *path, int line, size_t *length)
{
    const struct source_file *f = source_file(c, path);
    *length = 0;
    return f ? source_line(f, line, length) : "";
}

int course_diagnostics(const struct course_source *c, const struct diagnostic **list)
{
    *list = c->diagnostics.data;
    return c->diagnostics.count;
}

int course_errors(const struct course_source *c)
{
    return c->error_count;
}

const struct publication *course_publication(const struct course_source *c)
{
    return c->error_count == 0 ? &c->publication : NULL;
}

void course_counts(const struct course_source *c, int *lessons, int *items)
{
    *lessons = c->lessons.count;
    *items = c->items.count;
}

int course_site_required(const struct course_source *c, const char *const **keys)
{
    *keys = c->site_required;
    return c->site_required_count;
}
