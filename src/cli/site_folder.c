#include "cli/site_folder.h"
#include "base/arena.h"
#include "cli/files.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096

static int cannot(struct error *e, const char *path)
{
    int why = errno;
    return error_set(e, file_error_kind(why), "%s: %s", path, strerror(why));
}

static int join(char out[PATH_BYTES], const char *path, const char *name, struct error *e)
{
    int n = snprintf(out, PATH_BYTES, "%s.part%s", path, name);
    return n > 0 && n < PATH_BYTES ? 0 : error_set(e, ERROR_INVALID, "%s: too long", path);
}

int site_folder_begin(const char *path, struct error *e)
{
    char part[PATH_BYTES];
    if (!folder_is_unused(path))
        return error_set(e, ERROR_CONFLICT, "%s holds something; name a new or empty folder", path);
    if (join(part, path, "", e))
        return -1;
    if (mkdir(part, 0755) == 0)
        return 0;
    if (errno == EEXIST)
        return error_set(e, ERROR_CONFLICT,
                         "%s was left by a run that was cut off; look at it, and remove it", part);
    return cannot(e, part);
}

/* The folders on the way to a file; those before `from` are there. */
static int make_folders(char *file, size_t from, struct error *e)
{
    for (char *slash = strchr(file + from + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        int made = mkdir(file, 0755);
        if (made != 0 && errno != EEXIST)
            return cannot(e, file);
        *slash = '/';
    }
    return 0;
}

static int create(const char *file)
{
    return open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
}

int site_folder_put(const char *path, const char *name, const void *bytes, size_t n,
                    struct error *e)
{
    char file[PATH_BYTES];
    if (join(file, path, name, e))
        return -1;
    int fd = create(file);
    if (fd < 0 && errno == ENOENT) {
        if (make_folders(file, strlen(file) - strlen(name), e))
            return -1;
        fd = create(file);
    }
    if (fd < 0)
        return cannot(e, file);
    int result = file_put(fd, bytes, n) ? cannot(e, file) : 0;
    if (close(fd) != 0 && result == 0)
        result = cannot(e, file);
    return result;
}

int site_folder_finish(const char *path, struct error *e)
{
    char part[PATH_BYTES];
    if (join(part, path, "", e))
        return -1;
    int fd = open(part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return cannot(e, part);
    int result = syncfs(fd) == 0 ? 0 : cannot(e, part);
    close(fd);
    if (result == 0 && rename(part, path) != 0) /* also over an empty folder */
        result = cannot(e, path);
    return result ? -1 : file_sync_folder_of(path, e);
}
