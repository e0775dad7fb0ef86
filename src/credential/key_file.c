#include "credential/key_file.h"
#include "base/file.h"
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

/* Whose a file may be, and who else may read it. */
enum strictness { OURS_ALONE, FROM_SYSTEMD };

static int check_file(const struct stat *st, const char *shown, enum strictness how,
                      struct error *e)
{
    bool of_root = how == FROM_SYSTEMD && st->st_uid == 0;
    if (!S_ISREG(st->st_mode) || st->st_size >= KEY_FILE_MAX_BYTES)
        return error_set(e, ERROR_INVALID, "%s is not a key file", shown);
    if (st->st_uid != geteuid() && !of_root)
        return error_set(e, ERROR_FORBIDDEN,
                         "the key file %s belongs to another user: run as its owner, or chown it",
                         shown);
    if (st->st_mode & (of_root ? 037 : 077))
        return error_set(e, ERROR_FORBIDDEN, "others may read the key file %s: chmod 600 %s", shown,
                         shown);
    return 0;
}

static char *read_all(int fd, const char *shown, size_t *length, struct error *e)
{
    char *bytes = memory_alloc(KEY_FILE_MAX_BYTES);
    *length = 0;
    for (;;) {
        ssize_t n = read(fd, bytes + *length, KEY_FILE_MAX_BYTES - *length);
        if (n == 0)
            return bytes;
        if (n > 0)
            *length += (size_t)n;
        if ((n < 0 && errno != EINTR) || *length == KEY_FILE_MAX_BYTES) {
            error_set(e, ERROR_IO, "cannot read the key file %s", shown);
            sodium_memzero(bytes, KEY_FILE_MAX_BYTES);
            free(bytes);
            return NULL;
        }
    }
}

/* `shown` is what messages call it. */
static char *read_checked(int folder, const char *name, const char *shown, enum strictness how,
                          size_t *length, struct error *e)
{
    struct stat st;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        error_set(e, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_IO,
                  "cannot read the key file %s: %s", shown,
                  errno == ELOOP ? "it is a symbolic link; put the file itself there"
                                 : strerror(errno));
        return NULL;
    }
    char *bytes = NULL;
    if (fstat(fd, &st) != 0)
        error_set(e, ERROR_IO, "cannot read the key file %s: %s", shown, strerror(errno));
    else if (check_file(&st, shown, how, e) == 0)
        bytes = read_all(fd, shown, length, e);
    close(fd);
    return bytes;
}

char *key_file_read(int folder, const char *path, const char *name, size_t *length, struct error *e)
{
    char shown[4096];
    snprintf(shown, sizeof shown, "%s/%s", path, name);
    return read_checked(folder, name, shown, OURS_ALONE, length, e);
}

char *key_file_read_path(const char *path, size_t *length, struct error *e)
{
    return read_checked(AT_FDCWD, path, path, OURS_ALONE, length, e);
}

bool key_credential_name(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && n <= 64 && name[0] != '.' &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

char *key_credential_read(const char *folder, const char *name, size_t *length, struct error *e)
{
    char path[4096];
    if (!key_credential_name(name)) {
        error_set(e, ERROR_INVALID, "\"%.80s\" is no name of a systemd credential", name);
        return NULL;
    }
    if (!folder || snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) {
        error_set(e, ERROR_NOT_FOUND,
                  "the systemd credential %s was not given to this process: add "
                  "LoadCredentialEncrypted=%s to the service and start it again",
                  name, name);
        return NULL;
    }
    char *bytes = read_checked(AT_FDCWD, path, path, FROM_SYSTEMD, length, e);
    if (!bytes && e && e->kind == ERROR_NOT_FOUND)
        error_set(e, ERROR_NOT_FOUND,
                  "there is no systemd credential %s in %s: add LoadCredentialEncrypted=%s to the "
                  "service and start it again",
                  name, folder, name);
    return bytes;
}

/* What stood in a file that was replaced; nobody can open it by name any more. */
static void wipe(int fd)
{
    static const char zeros[KEY_FILE_MAX_BYTES];
    struct stat st;
    if (fstat(fd, &st) == 0 && st.st_nlink == 0 && st.st_size > 0 &&
        (size_t)st.st_size <= sizeof zeros &&
        pwrite(fd, zeros, (size_t)st.st_size, 0) == (ssize_t)st.st_size)
        fsync(fd);
}

int key_file_write(const char *path, const char *name, const char *bytes, size_t n, bool replace,
                   struct error *e)
{
    int folder = key_folder_open(path, e);
    if (folder < 0)
        return -1;
    int old = replace ? openat(folder, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
    int result = file_put_in(folder, name, bytes, n, replace);
    if (result != 0)
        error_set(e, file_error_kind(errno), "cannot write the key file %s/%s: %s", path, name,
                  strerror(errno));
    else if (old >= 0)
        wipe(old);
    if (old >= 0)
        close(old);
    close(folder);
    return result;
}
