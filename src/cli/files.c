#include "cli/files.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int cannot(struct error *e, const char *path, const char *what)
{
    int why = errno;
    return error_set(e, why == ENOSPC ? ERROR_FULL : ERROR_IO, "%s cannot be %s: %s", path, what,
                     strerror(why));
}

int file_read(const char *path, struct buf *out, struct error *e)
{
    char chunk[4096];
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cannot(e, path, "opened");
    while ((n = read(fd, chunk, sizeof chunk)) > 0)
        buf_append(out, chunk, (size_t)n);
    int result = n < 0 ? cannot(e, path, "read") : 0;
    if (result == 0 && out->overflow)
        result = error_set(e, ERROR_TOO_LARGE, "%s is longer than %zu bytes", path, out->max);
    close(fd);
    return result;
}

int file_write(const char *path, const void *data, size_t n, struct error *e)
{
    const char *p = data;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return cannot(e, path, "made");
    int result = 0;
    while (result == 0 && n > 0) {
        ssize_t written = write(fd, p, n);
        if (written < 0 && errno != EINTR)
            result = cannot(e, path, "written");
        if (written > 0) {
            p += written;
            n -= (size_t)written;
        }
    }
    if (result == 0 && fsync(fd) != 0)
        result = cannot(e, path, "written");
    close(fd);
    if (result)
        unlink(path);
    return result;
}

int file_hash(const char *path, uint8_t hash[HASH_BYTES], int64_t *bytes, struct error *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cannot(e, path, "opened");
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, HASH_BYTES);
    unsigned char chunk[4096];
    ssize_t n;
    *bytes = 0;
    while ((n = read(fd, chunk, sizeof chunk)) > 0) {
        crypto_generichash_update(&state, chunk, (size_t)n);
        *bytes += n;
    }
    crypto_generichash_final(&state, hash, HASH_BYTES);
    int result = n < 0 ? cannot(e, path, "read") : 0;
    close(fd);
    return result;
}

int file_sync_folder_of(const char *path, struct error *e)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = fd >= 0 && fsync(fd) == 0 ? 0 : cannot(e, folder, "synced");
    if (fd >= 0)
        close(fd);
    free(folder);
    return result;
}

int file_rename_new(const char *from, const char *to, struct error *e)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST)
            return error_set(e, ERROR_CONFLICT, "%s exists; name a new one", to);
        return cannot(e, to, "made");
    }
    return file_sync_folder_of(to, e);
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

bool folder_is_unused(const char *path)
{
    DIR *d = opendir(path);
    if (!d)
        return errno == ENOENT;
    const struct dirent *entry;
    bool empty = true;
    while (empty && (entry = readdir(d)))
        empty = is_dots(entry->d_name);
    closedir(d);
    return empty;
}

void folder_remove(const char *path)
{
    DIR *d = opendir(path);
    if (!d)
        return;
    const struct dirent *entry;
    while ((entry = readdir(d)))
        if (!is_dots(entry->d_name))
            unlinkat(dirfd(d), entry->d_name, 0);
    closedir(d);
    rmdir(path);
}

const char *path_absolute(struct arena *a, const char *path)
{
    if (path[0] == '/')
        return path;
    char *here = getcwd(NULL, 0);
    const char *whole = arena_printf(a, "%s/%s", here ? here : ".", path);
    free(here);
    return whole;
}
