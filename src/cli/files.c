#include "cli/files.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
