#include "course/bundle.h"
#include "base/text.h"
#include "course/list.h"
#include "course/reader.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

#define ENTRIES_MAX   4000
#define PATH_MAX_SIZE 200

struct reading {
    struct arena *arena;
    zip_t *zip;
    struct list files;   /* struct course_file */
    struct list entries; /* struct entry: what is left after names were judged */
    size_t total;
    int left_out;
    const char *first_left_out;
};

struct entry {
    const char *path;
    zip_uint64_t index;
};

/* ---- names ---- */

static bool has_bad_part(const char *path)
{
    for (const char *at = path;; at++) {
        size_t n = strcspn(at, "/");
        if (n == 0 || (n == 1 && at[0] == '.') || (n == 2 && at[0] == '.' && at[1] == '.'))
            return true;
        at += n;
        if (!*at)
            return false;
    }
}

int course_path_check(const char *path, struct error *e)
{
    size_t n = strlen(path);
    if (n == 0 || n > PATH_MAX_SIZE || !text_is_line(path, n))
        return error_field(e, "path", "A file's name is one line of at most %d characters.",
                           PATH_MAX_SIZE);
    if (strchr(path, '\\') || strchr(path, ':') || has_bad_part(path))
        return error_field(e, "path",
                           "“%.120s” is no name for a file of a course; one looks like "
                           "lessons/03-asking-well.md.",
                           path);
    return 0;
}

/* __MACOSX/…, .DS_Store, .git/…: what systems put beside the files. */
static bool is_of_the_system(const char *path)
{
    return text_starts(path, "__MACOSX/") || path[0] == '.' || strstr(path, "/.");
}

/* A plain file, or a folder; never a link, a device or a pipe. */
static bool is_plain(struct reading *r, zip_uint64_t index)
{
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(r->zip, index, 0, &system, &attributes) != 0)
        return true;
    mode_t kind = (mode_t)(attributes >> 16) & S_IFMT;
    return (system != ZIP_OPSYS_UNIX && system != ZIP_OPSYS_OS_X) || kind == 0 || kind == S_IFREG ||
           kind == S_IFDIR;
}

static int take_name(struct reading *r, zip_uint64_t index, struct error *e)
{
    const char *raw = zip_get_name(r->zip, index, ZIP_FL_ENC_RAW);
    size_t n = raw ? strlen(raw) : 0;
    if (!raw || n == 0 || !text_is_utf8(raw, n) || !text_is_line(raw, n))
        return error_field(e, "file",
                           "A name in the zip is not UTF-8 text. Rename the file with plain "
                           "letters and zip the folder again.");
    if (!is_plain(r, index))
        return error_field(e, "file",
                           "“%.120s” in the zip is a link or a special file. Put the file itself "
                           "in its place and zip the folder again.",
                           raw);
    if (raw[0] == '/' || strchr(raw, '\\') || strchr(raw, ':'))
        return error_field(e, "file",
                           "“%.120s” in the zip has a path of one computer. Zip the course's "
                           "folder, so that names look like lessons/01-first.md.",
                           raw);
    bool folder = raw[n - 1] == '/';
    const char *path = arena_strndup(r->arena, raw, folder ? n - 1 : n);
    if (has_bad_part(path) || strlen(path) > PATH_MAX_SIZE)
        return error_field(e, "file",
                           "“%.120s” in the zip is no name that can be kept: it leads outside or "
                           "is too long. Zip the course's folder again.",
                           raw);
    if (!folder && !is_of_the_system(path))
        *(struct entry *)list_add(r->arena, &r->entries, sizeof(struct entry)) =
            (struct entry){path, index};
    return 0;
}

/* The one folder that everything lies in: its length with '/', or 0. */
static size_t common_folder(const struct reading *r)
{
    const char *first = r->entries.count ? LIST_AT(&r->entries, struct entry, 0)->path : "";
    size_t n = strcspn(first, "/");
    if (!first[n] || course_path(first) == PATH_OURS)
        return 0;
    for (int i = 1; i < r->entries.count; i++)
        if (strncmp(LIST_AT(&r->entries, struct entry, i)->path, first, n + 1) != 0)
            return 0;
    return n + 1;
}

/* ---- bytes ---- */

static int cannot_read(const char *path, int code, struct error *e)
{
    if (code == ZIP_ER_NOPASSWD || code == ZIP_ER_WRONGPASSWD)
        return error_field(e, "file",
                           "“%.120s” in the zip is under a password. Zip the folder again without "
                           "one.",
                           path);
    return error_field(e, "file",
                       "“%.120s” in the zip cannot be read: the zip is damaged or packed in an "
                       "unusual way. Zip the folder again.",
                       path);
}

/* The header's size is a claim; the limit holds for what really comes out. */
static int take_bytes(struct reading *r, const struct entry *entry, const char *path,
                      struct error *e)
{
    size_t limit = course_path_limit(path), got = 0;
    zip_file_t *in = zip_fopen_index(r->zip, entry->index, 0);
    if (!in)
        return cannot_read(path, zip_error_code_zip(zip_get_error(r->zip)), e);
    char *bytes = malloc(limit + 2);
    if (!bytes)
        abort();
    zip_int64_t n = 0;
    while (got <= limit && (n = zip_fread(in, bytes + got, limit + 1 - got)) > 0)
        got += (size_t)n;
    zip_fclose(in);
    int result = 0;
    r->total += got;
    if (n < 0)
        result = cannot_read(path, ZIP_ER_ZLIB, e);
    else if (got > limit)
        result = error_field(e, "file",
                             "“%.120s” is larger than %zu KB. Make it smaller and zip the folder "
                             "again.",
                             path, limit / 1024);
    else if (r->total > COURSE_MAX)
        result = error_field(e, "file",
                             "Unpacked, the course is larger than %zu MB. Make its images smaller "
                             "and zip the folder again.",
                             COURSE_MAX >> 20);
    else if (r->files.count == COURSE_FILES)
        result = error_field(e, "file", "A course has at most %d files.", COURSE_FILES);
    else
        *(struct course_file *)list_add(r->arena, &r->files, sizeof(struct course_file)) =
            (struct course_file){path, arena_memdup(r->arena, bytes, got), got};
    free(bytes);
    return result;
}

static int take_files(struct reading *r, struct error *e)
{
    size_t skip = common_folder(r);
    for (int i = 0; i < r->entries.count; i++) {
        const struct entry *entry = LIST_AT(&r->entries, struct entry, i);
        const char *path = entry->path + skip;
        enum course_path kind = course_path(path);
        if (kind == PATH_FOREIGN && r->left_out++ == 0)
            r->first_left_out = path;
        if (kind == PATH_OURS && take_bytes(r, entry, path, e))
            return -1;
    }
    if (r->files.count == 0)
        return error_field(e, "file",
                           "The zip holds no course. Zip the folder that has course.json, "
                           "questions.md and lessons/ in it.");
    return 0;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct course_file *)a)->path, ((const struct course_file *)b)->path);
}

static int sort_files(struct reading *r, struct error *e)
{
    struct course_file *files = r->files.data;
    qsort(files, (size_t)r->files.count, sizeof *files, by_path);
    for (int i = 1; i < r->files.count; i++)
        if (strcmp(files[i - 1].path, files[i].path) == 0)
            return error_field(e, "file", "“%.120s” stands in the zip twice. Zip the folder again.",
                               files[i].path);
    return 0;
}

static int read_entries(struct reading *r, struct error *e)
{
    zip_int64_t count = zip_get_num_entries(r->zip, 0);
    if (count > ENTRIES_MAX)
        return error_field(e, "file",
                           "The zip holds more than %d files. Zip the course's folder alone.",
                           ENTRIES_MAX);
    for (zip_int64_t i = 0; i < count; i++)
        if (take_name(r, (zip_uint64_t)i, e))
            return -1;
    return take_files(r, e) || sort_files(r, e) ? -1 : 0;
}

int bundle_read(const void *zip, size_t n, struct arena *a, struct bundle *out, struct error *e)
{
    struct reading r = {.arena = a};
    zip_error_t why;
    if (n > BUNDLE_MAX)
        return error_field(e, "file", "A zip may have %zu MB. Make the course's images smaller.",
                           BUNDLE_MAX >> 20);
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(zip, n, 0, &why);
    r.zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
    zip_error_fini(&why);
    if (!r.zip) {
        zip_source_free(source);
        return error_field(e, "file",
                           "This file is no zip that can be read. Choose the zip of the course's "
                           "folder.");
    }
    int result = read_entries(&r, e);
    zip_discard(r.zip);
    *out = (struct bundle){r.files.data, r.files.count, ""};
    if (r.left_out == 1)
        out->left_out = r.first_left_out;
    else if (r.left_out > 1)
        out->left_out = arena_printf(a, "%s and %d more", r.first_left_out, r.left_out - 1);
    return result;
}

/* ---- writing ---- */

static int write_failed(struct error *e)
{
    return error_set(e, ERROR_INTERNAL, "the zip could not be made");
}

static int add_file(zip_t *zip, const struct course_file *f)
{
    const zip_uint16_t first_day = 1 << 5 | 1; /* 1 January 1980, the zip format's first */
    zip_source_t *source = zip_source_buffer(zip, f->bytes, f->size, 0);
    zip_int64_t index = source ? zip_file_add(zip, f->path, source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
        zip_source_free(source);
        return -1;
    }
    zip_uint64_t at = (zip_uint64_t)index;
    zip_int32_t how = text_starts(f->path, "media/") ? ZIP_CM_STORE : ZIP_CM_DEFLATE;
    zip_uint32_t plain_file = (zip_uint32_t)(S_IFREG | 0644) << 16;
    return zip_set_file_compression(zip, at, how, 9) ||
                   zip_file_set_dostime(zip, at, 0, first_day, 0) ||
                   zip_file_set_external_attributes(zip, at, 0, ZIP_OPSYS_UNIX, plain_file)
               ? -1
               : 0;
}

/* What was written into the source, which the caller keeps. */
static int copy_out(zip_source_t *source, struct buf *out)
{
    zip_int64_t n = -1;
    if (zip_source_open(source) != 0)
        return -1;
    if (zip_source_seek(source, 0, SEEK_END) == 0 && (n = zip_source_tell(source)) >= 0 &&
        zip_source_seek(source, 0, SEEK_SET) == 0) {
        char *bytes = malloc((size_t)n + 1);
        if (!bytes)
            abort();
        if (zip_source_read(source, bytes, (zip_uint64_t)n) == n)
            buf_append(out, bytes, (size_t)n);
        else
            n = -1;
        free(bytes);
    }
    zip_source_close(source);
    return n < 0 || out->overflow ? -1 : 0;
}

int bundle_write(const struct course_file *files, int count, struct buf *out, struct error *e)
{
    zip_error_t why;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_TRUNCATE, &why) : NULL;
    zip_error_fini(&why);
    if (!zip) {
        zip_source_free(source);
        return write_failed(e);
    }
    zip_source_keep(source);
    int result = 0;
    for (int i = 0; i < count && result == 0; i++)
        result = add_file(zip, &files[i]);
    if (result || zip_close(zip) != 0) {
        zip_discard(zip);
        zip_source_free(source);
        return write_failed(e);
    }
    result = copy_out(source, out);
    zip_source_free(source);
    return result ? write_failed(e) : 0;
}
