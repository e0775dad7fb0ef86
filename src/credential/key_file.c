#include "credential/key_file.h"
#include "base/memory.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int key_folder_open(const char *folder, struct error *e)
{
    struct stat st;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return error_set(e, ERROR_IO, "cannot make the key folder %s: %s", folder, strerror(errno));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        error_set(e, ERROR_IO, "cannot open the key folder %s: %s", folder, strerror(errno));
    } else if (st.st_uid != geteuid()) {
        error_set(e, ERROR_FORBIDDEN,
                  "the key folder %s belongs to another user: run as its owner, or chown it",
                  folder);
    } else if (st.st_mode & 077) {
        error_set(e, ERROR_FORBIDDEN, "others may enter the key folder %s: chmod 700 %s", folder,
                  folder);
    } else {
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

char *key_file_read(int folder, const char *path, const char *name, size_t *length, struct error *e)
{
    struct stat st;
    char *bytes = NULL;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0) {
        error_set(e, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_IO,
                  "cannot read the key file %s/%s: %s", path, name, strerror(errno));
        goto out;
    }
    if (!S_ISREG(st.st_mode) || st.st_size >= KEY_FILE_MAX_BYTES) {
        error_set(e, ERROR_INVALID, "%s/%s is not a key file", path, name);
        goto out;
    }
    if (st.st_uid != geteuid()) {
        error_set(e, ERROR_FORBIDDEN,
                  "the key file %s/%s belongs to another user: run as its owner, or chown it", path,
                  name);
        goto out;
    }
    if (st.st_mode & 077) {
        error_set(e, ERROR_FORBIDDEN, "others may read the key file %s/%s: chmod 600 %s/%s", path,
                  name, path, name);
        goto out;
    }
    bytes = memory_alloc(KEY_FILE_MAX_BYTES);
    *length = 0;
    for (;;) {
        ssize_t n = read(fd, bytes + *length, KEY_FILE_MAX_BYTES - *length);
        if (n == 0)
            break;
        if (n > 0)
            *length += (size_t)n;
        if ((n < 0 && errno != EINTR) || *length == KEY_FILE_MAX_BYTES) {
            error_set(e, ERROR_IO, "cannot read the key file %s/%s", path, name);
            sodium_memzero(bytes, KEY_FILE_MAX_BYTES);
            free(bytes);
            bytes = NULL;
            break;
        }
    }
out:
    if (fd >= 0)
        close(fd);
    return bytes;
}

static int write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, bytes, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return -1;
        bytes += done;
        n -= (size_t)done;
    }
    return 0;
}

int key_file_write(const char *path, const char *name, const char *bytes, size_t n, bool replace,
                   struct error *e)
{
    char temporary[KEY_FILE_NAME_MAX + 8];
    int result = -1, fd = -1;
    snprintf(temporary, sizeof temporary, "%.*s.new", KEY_FILE_NAME_MAX, name);
    int folder = key_folder_open(path, e);
    if (folder < 0)
        return -1;
    unlinkat(folder, temporary, 0); /* left by a crash */
    fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 || write_all(fd, bytes, n) != 0 || fsync(fd) != 0)
        goto out;
    if (replace ? renameat(folder, temporary, folder, name) != 0
                : linkat(folder, temporary, folder, name, 0) != 0)
        goto out;
    if (!replace && unlinkat(folder, temporary, 0) != 0)
        goto out;
    if (fsync(folder) != 0)
        goto out;
    result = 0;
out:
    if (result != 0) {
        error_set(e, errno == ENOSPC ? ERROR_FULL : ERROR_IO, "cannot write the key file %s/%s: %s",
                  path, name, strerror(errno));
        unlinkat(folder, temporary, 0);
    }
    if (fd >= 0)
        close(fd);
    close(folder);
    return result;
}
