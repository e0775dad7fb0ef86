/*
 * The files of a course, from a folder or from memory. Only the format's own files are read: what
 * an editor leaves behind is passed over, anything else gets a note. Order comes from the bytes of
 * the paths, so it is the same on every machine.
 */
#include "base/json.h"
#include "base/text.h"
#include "course/reader.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const top_files[] = {"course.json", "questions.md", "references.md",
                                        "facilitator.md"};
static const char *const media_types[] = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg"};

/* Dot files and what editors leave: name~, #name#, name.bak, name.orig, name.swp, name.tmp. */
static bool is_leftover(const char *name)
{
    return name[0] == '.' || name[0] == '#' || text_ends(name, "~") || text_ends(name, ".bak") ||
           text_ends(name, ".orig") || text_ends(name, ".swp") || text_ends(name, ".tmp");
}

static bool in_format(const char *folder, const char *name)
{
    if (!folder) {
        for (size_t i = 0; i < sizeof top_files / sizeof *top_files; i++)
            if (strcmp(name, top_files[i]) == 0)
                return true;
        return false;
    }
    if (strcmp(folder, "media") == 0) {
        for (size_t i = 0; i < sizeof media_types / sizeof *media_types; i++)
            if (text_ends(name, media_types[i]))
                return true;
        return false;
    }
    return text_ends(name, ".md");
}

static bool is_text(const char *path)
{
    return strncmp(path, "media/", 6) != 0;
}

enum course_path course_path(const char *path)
{
    const char *slash = strchr(path, '/'), *last = strrchr(path, '/');
    const char *name = last ? last + 1 : path;
    if (is_leftover(name))
        return PATH_LEFTOVER;
    if (!slash)
        return in_format(NULL, name) ? PATH_OURS : PATH_FOREIGN;
    static const char *const folders[] = {"cases", "lessons", "media"};
    for (size_t i = 0; slash == last && i < sizeof folders / sizeof *folders; i++) {
        size_t n = strlen(folders[i]);
        if (strncmp(path, folders[i], n) == 0 && path[n] == '/' && in_format(folders[i], name))
            return PATH_OURS;
    }
    return PATH_FOREIGN;
}

size_t course_path_limit(const char *path)
{
    return is_text(path) ? TEXT_FILE_MAX : MEDIA_FILE_MAX;
}

static int by_path(const void *pa, const void *pb)
{
    return strcmp(((const struct source_file *)pa)->path, ((const struct source_file *)pb)->path);
}

static ssize_t read_all(int fd, char *data, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t n = read(fd, data + got, size - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}

/* One more file of this size? Reports F03 when not. */
static bool has_room(struct course_source *c, const struct list *files, const struct source_file *f,
                     size_t size, size_t *total)
{
    if (files->count < COURSE_FILES && size <= course_path_limit(f->path) &&
        *total + size <= COURSE_MAX) {
        *total += size;
        return true;
    }
    report(c, CODE_F03, f, 1, 1, NULL, NULL);
    return false;
}

static void keep_sorted(struct course_source *c, const struct list *files)
{
    c->files = files->data;
    c->file_count = files->count;
    if (files->count > 1)
        qsort(c->files, (size_t)c->file_count, sizeof *c->files, by_path);
}

/* Reads one file; what goes wrong is reported and the file left out. */
static void add_file(struct course_source *c, struct list *files, int folder_fd, const char *name,
                     const char *path, size_t *total)
{
    struct source_file f = {.path = path,
                            .shown = arena_printf(c->arena, "%s/%s", c->folder, path)};
    int fd = openat(folder_fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        report(c, CODE_F07, &f, 1, 1, NULL, NULL);
        goto out;
    }
    if (!has_room(c, files, &f, (size_t)st.st_size, total))
        goto out;
    char *data = arena_alloc(c->arena, (size_t)st.st_size + 1);
    ssize_t got = read_all(fd, data, (size_t)st.st_size);
    if (got < 0) {
        report(c, CODE_F07, &f, 1, 1, NULL, "cannot be read: %s", strerror(errno));
        goto out;
    }
    data[got] = 0;
    f.data = data;
    f.size = (size_t)got;
    *(struct source_file *)list_add(c->arena, files, sizeof f) = f;
out:
    if (fd >= 0)
        close(fd);
}

static void read_folder(struct course_source *c, struct list *files, int parent_fd,
                        const char *folder, size_t *total)
{
    int fd =
        folder ? openat(parent_fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : dup(parent_fd);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        if (fd >= 0)
            close(fd);
        return; /* the parts say what is missing */
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *name = entry->d_name;
        if (is_leftover(name))
            continue;
        const char *path =
            folder ? arena_printf(c->arena, "%s/%s", folder, name) : arena_strdup(c->arena, name);
        if (in_format(folder, name)) {
            add_file(c, files, fd, name, path, total);
        } else if (folder || (strcmp(name, "lessons") != 0 && strcmp(name, "cases") != 0 &&
                              strcmp(name, "media") != 0)) {
            report_at(c, CODE_N02, arena_printf(c->arena, "%s/%s", c->folder, path), 1, 1, NULL,
                      NULL);
        }
    }
    closedir(dir);
}

int folder_read(struct course_source *c, struct error *e)
{
    int fd = open(c->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_set(e, errno == ENOENT || errno == ENOTDIR ? ERROR_NOT_FOUND : ERROR_IO,
                         "%s: %s", c->folder, strerror(errno));
    struct list files = {0};
    size_t total = 0;
    static const char *const folders[] = {NULL, "cases", "lessons", "media"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        read_folder(c, &files, fd, folders[i], &total);
    close(fd);
    keep_sorted(c, &files);

    /* The folder's own name, also for "." and paths with "..". */
    char *real = realpath(c->folder, NULL);
    const char *slash = real ? strrchr(real, '/') : NULL;
    c->name = slash ? arena_strdup(c->arena, slash + 1) : NULL;
    free(real);
    return 0;
}

void memory_read(struct course_source *c, const struct course_file *from, int count)
{
    struct list files = {0};
    size_t total = 0;
    for (int i = 0; i < count; i++) {
        const char *path = arena_strdup(c->arena, from[i].path);
        struct source_file f = {.path = path, .shown = path, .size = from[i].size};
        enum course_path kind = course_path(path);
        if (kind == PATH_FOREIGN)
            report_at(c, CODE_N02, path, 1, 1, NULL, NULL);
        if (kind != PATH_OURS || !has_room(c, &files, &f, f.size, &total))
            continue;
        f.data = arena_memdup(c->arena, from[i].bytes, f.size);
        *(struct source_file *)list_add(c->arena, &files, sizeof f) = f;
    }
    keep_sorted(c, &files);
}

void source_lines(struct course_source *c, struct source_file *f)
{
    if (!is_text(f->path))
        return;
    int count = 1;
    for (size_t i = 0; i < f->size; i++)
        count += f->data[i] == '\n';
    size_t *start = arena_array(c->arena, (size_t)count, sizeof *start);
    int line = 1;
    for (size_t i = 0; i < f->size; i++)
        if (f->data[i] == '\n')
            start[line++] = i + 1;
    f->line_start = start;
    f->line_count = count;
}

const char *source_line(const struct source_file *f, int n, size_t *length)
{
    *length = 0;
    if (n < 1 || n > f->line_count)
        return "";
    size_t from = f->line_start[n - 1];
    size_t to = n < f->line_count ? f->line_start[n] - 1 : f->size;
    if (to > from && f->data[to - 1] == '\r')
        to--;
    *length = to - from;
    return f->data + from;
}

/* How many bytes the character at s claims by its first byte. */
static size_t claimed_bytes(unsigned char first)
{
    return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

void encoding_check(struct course_source *c, const struct source_file *f)
{
    if (!f->line_start)
        return;
    if (f->size >= 3 && memcmp(f->data, "\xef\xbb\xbf", 3) == 0)
        report(c, CODE_F02, f, 1, 1, "save the file as UTF-8 without byte order mark",
               "byte order mark");
    for (int line = 1; line <= f->line_count; line++) {
        size_t n;
        const char *s = source_line(f, line, &n);
        if (text_is_block(s, n) && !memchr(s, '\r', n))
            continue;
        for (size_t i = 0, step; i < n; i += step) {
            step = claimed_bytes((unsigned char)s[i]);
            if (i + step > n || !text_is_utf8(s + i, step)) {
                report(c, CODE_F01, f, line, (int)i + 1, NULL, NULL);
                break;
            }
            if (s[i] == '\r' || !text_is_block(s + i, step)) {
                report(c, CODE_F02, f, line, (int)i + 1, NULL, "control character 0x%02x",
                       step == 1 ? (unsigned)(unsigned char)s[i]
                                 : (unsigned)(unsigned char)s[i + 1]);
                break;
            }
        }
    }
}

const struct source_file *source_file(const struct course_source *c, const char *path)
{
    for (int i = 0; i < c->file_count; i++)
        if (strcmp(c->files[i].path, path) == 0)
            return &c->files[i];
    return NULL;
}

bool is_id(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return n > 0 && n <= ID_MAX && s[n] == 0 && s[0] != '-';
}

const char *file_id(struct course_source *c, const struct source_file *f)
{
    const char *name = strrchr(f->path, '/') + 1;
    size_t digits = strspn(name, "0123456789");
    const char *start = digits > 0 && name[digits] == '-' ? name + digits + 1 : name;
    char *id = arena_strndup(c->arena, start, strlen(start) - 3); /* without ".md" */
    if (is_id(id))
        return id;
    report(c, CODE_F05, f, 1, 1, NULL, NULL);
    return NULL;
}

/* ---- media ---- */

static const char *media_type(const char *name)
{
    static const char *const types[][2] = {{".png", "image/png"},   {".jpg", "image/jpeg"},
                                           {".jpeg", "image/jpeg"}, {".webp", "image/webp"},
                                           {".gif", "image/gif"},   {".svg", "image/svg+xml"}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (text_ends(name, types[i][0]))
            return types[i][1];
    return "application/octet-stream";
}

void media_read(struct course_source *c)
{
    for (int i = 0; i < c->file_count; i++) {
        const struct source_file *f = &c->files[i];
        if (is_text(f->path))
            continue;
        const char *name = f->path + 6;
        if (strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.") !=
            strlen(name)) {
            report(c, CODE_F05, f, 1, 1, "use letters, digits, '-', '_' and '.' only", NULL);
            continue;
        }
        struct media *m = list_add(c->arena, &c->media, sizeof *m);
        m->name = name;
        m->type = media_type(name);
        m->bytes = f->data;
        m->size = f->size;
    }
    c->publication.media = c->media.data;
    c->publication.media_count = c->media.count;
}

int find_media(const struct course_source *c, const char *url)
{
    if (strncmp(url, "../", 3) == 0)
        url += 3;
    if (strncmp(url, "media/", 6) != 0)
        return -1;
    for (int i = 0; i < c->media.count; i++)
        if (strcmp(LIST_AT(&c->media, struct media, i)->name, url + 6) == 0)
            return i;
    return -1;
}

/* ---- site.json beside the course's folder ---- */

static const char *site_shown(struct course_source *c)
{
    if (!c->folder)
        return "site.json";
    const char *slash = strrchr(c->folder, '/');
    return slash ? arena_printf(c->arena, "%.*s/site.json", (int)(slash - c->folder), c->folder)
                 : "site.json";
}

void read_site(struct course_source *c, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size <= TEXT_FILE_MAX) {
        char *data = arena_alloc(c->arena, (size_t)st.st_size + 1);
        ssize_t n = read_all(fd, data, (size_t)st.st_size);
        struct json_position at = {1, 1};
        struct error e = {0};
        cJSON *site = n < 0 ? NULL : json_parse_at(data, (size_t)n, &at, &e);
        if (!site)
            report_at(c, CODE_J01, site_shown(c), (int)at.line, (int)at.column, NULL, "%s",
                      n < 0 ? "cannot be read" : e.message);
        if (cJSON_IsObject(site)) {
            c->site_read = true;
            for (const cJSON *m = site->child; m; m = m->next) {
                struct site_key *k = list_add(c->arena, &c->site_keys, sizeof *k);
                k->key = arena_strdup(c->arena, m->string);
                k->value = cJSON_IsString(m) ? arena_strdup(c->arena, m->valuestring) : "";
            }
        }
        cJSON_Delete(site);
    }
    close(fd);
}
