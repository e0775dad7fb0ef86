/* Which folders hold courses. */
#include "base/arena.h"
#include "base/text.h"
#include "course/list.h"
#include "course/source.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int course_folders(const char *root, struct arena *a, const char ***out, struct error *e)
{
    struct list names = {0};
    DIR *d = opendir(root);
    if (!d)
        return error_set(e, ERROR_IO, "%s: %s", root, strerror(errno));
    const struct dirent *entry;
    while ((entry = readdir(d)) && names.count < 256) {
        const char *metadata = arena_printf(a, "%s/%s/course.json", root, entry->d_name);
        if (entry->d_name[0] != '.' && access(metadata, F_OK) == 0)
            *(const char **)list_add(a, &names, sizeof(char *)) = arena_strdup(a, entry->d_name);
    }
    closedir(d);
    if (names.count > 1)
        qsort(names.data, (size_t)names.count, sizeof(char *), by_name);
    *out = names.data;
    return names.count;
}
