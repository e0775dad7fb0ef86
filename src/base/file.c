#include "base/file.h"
#include "base/memory.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum error_kind file_error_kind(int why)
{
    return why == ENOSPC || why == EDQUOT ? ERROR_FULL : ERROR_IO;
}

static int cannot(struct error *e, const char *path, const char *what)
{
    int why = errno;
    return error_set(e, file_error_kind(why), "%s cannot be %s: %s", path, what, strerror(why));
}

/* ---- writing ---- */

int file_put(int fd, const void *data, size_t n)
{
    const char *p = data;
    while (n > 0) {
        ssize_t written = write(fd, p, n);
        if (written < 0 && errno != EINTR)
            return -1;
        if (written > 0) {
            p += written;
            n -= (size_t)written;
        }
    }
    return 0;
}

static int move_in(int folder, const char *from, const char *name, bool replace)
{
    if (replace)
        return renameat(folder, from, folder, name);
    return linkat(folder, from, folder, name, 0) || unlinkat(folder, from, 0) ? -1 : 0;
}

int file_put_in(int folder, const char *name, const void *data, size_t n, bool replace)
{
    char temporary[NAME_MAX + 1];
    if (snprintf(temporary, sizeof temporary, "%s.new", name) >= (int)sizeof temporary) {
        errno = ENAMETOOLONG;
        return -1;
    }
    unlinkat(folder, temporary, 0); /* left by a crash */
    int fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    int result = file_put(fd, data, n) || fsync(fd) || move_in(folder, temporary, name, replace) ||
                         fsync(folder)
                     ? -1
                     : 0;
    int why = errno;
    close(fd);
    if (result)
        unlinkat(folder, temporary, 0);
    errno = why;
    return result;
}

int file_write(const char *path, const void *data, size_t n, struct error *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return cannot(e, path, "made");
    int result = file_put(fd, data, n) || fsync(fd) ? cannot(e, path, "written") : 0;
    close(fd);
    if (result)
        unlink(path);
    return result;
}

int file_sync_folder_of(const char *path, struct error *e)
{
    const char *slash = strrchr(path, '/');
    char *folder = memory_strdup(slash ? path : ".");
    if (slash)
        folder[slash == path ? 1 : slash - path] = '\0';
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

/* ---- reading ---- */

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
