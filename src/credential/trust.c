#include "credential/trust.h"
#include "base/file.h"
#include "base/text.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIN_MAX_BYTES ((size_t)256 << 10)
#define MOST_PINS     1000

static const char *pin_name(struct arena *a, const char *host, const char *kind)
{
    const char *colon = strchr(host, ':');
    if (!colon)
        return arena_printf(a, "%s.%s", host, kind);
    return arena_printf(a, "%.*s%%3A%s.%s", (int)(colon - host), host, colon + 1, kind);
}

static int open_folder(const char *data, bool make, struct arena *a)
{
    const char *folder = arena_printf(a, "%s/trust", data);
    if (make) {
        mkdir(data, 0700);
        mkdir(folder, 0700);
    }
    return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int put_file(const char *data, const char *name, const char *text, size_t n, struct arena *a,
                    struct error *e)
{
    int folder = open_folder(data, true, a), result = -1;
    if (folder >= 0)
        result = file_put_in(folder, name, text, n, true);
    if (result != 0)
        error_set(e, file_error_kind(errno), "cannot write %s/trust/%s: %s", data, name,
                  strerror(errno));
    if (folder >= 0)
        close(folder);
    return result;
}

int trust_add(const char *data, const char *text, size_t n, struct arena *a, struct did_keys **keys,
              struct error *e)
{
    struct did_keys *found = did_document_read(text, n, a, e);
    if (!found)
        return -1;
    if (found->count == 0)
        return error_set(e, ERROR_INVALID, "the did document of %s lists no key for certificates",
                         found->host);
    *keys = found;
    return put_file(data, pin_name(a, found->host, "json"), text, n, a, e);
}

int trust_add_log(const char *data, const char *vkey, struct arena *a, struct note_key *out,
                  struct error *e)
{
    if (note_vkey_read(vkey, out, e) != 0)
        return -1;
    const char *host = arena_strndup(a, out->name, strcspn(out->name, "/"));
    if (!did_from_origin(a, arena_printf(a, "https://%s", host), e))
        return error_set(e, ERROR_INVALID, "the name of this log, %s, does not begin with a host",
                         out->name);
    return put_file(data, pin_name(a, host, "vkey"), vkey, strlen(vkey), a, e);
}

static const char *load_file(int folder, const char *data, const char *name, struct arena *a,
                             size_t *n, struct error *e)
{
    const char *out = NULL;
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return NULL;
    char *text = arena_alloc(a, PIN_MAX_BYTES + 1);
    ssize_t got = 0;
    *n = 0;
    while (fd >= 0 && *n <= PIN_MAX_BYTES) {
        got = read(fd, text + *n, PIN_MAX_BYTES + 1 - *n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        *n += (size_t)got;
    }
    if (fd < 0 || got < 0)
        error_set(e, ERROR_IO, "cannot read %s/trust/%s: %s", data, name, strerror(errno));
    else if (*n > PIN_MAX_BYTES)
        error_set(e, ERROR_TOO_LARGE, "%s/trust/%s is larger than any did document", data, name);
    else
        out = text;
    if (fd >= 0)
        close(fd);
    return out;
}

const char *trust_load(const char *data, const char *host, struct arena *a, size_t *n,
                       struct error *e)
{
    int folder = open_folder(data, false, a);
    if (folder < 0)
        return NULL;
    const char *text = load_file(folder, data, pin_name(a, host, "json"), a, n, e);
    close(folder);
    return text;
}

int trust_load_log(const char *data, const char *host, struct arena *a, struct note_key *out,
                   bool *found, struct error *e)
{
    size_t n = 0;
    const char *name = pin_name(a, host, "vkey");
    int folder = open_folder(data, false, a);
    const char *text = folder >= 0 ? load_file(folder, data, name, a, &n, e) : NULL;
    if (folder >= 0)
        close(folder);
    *found = text != NULL;
    if (!text)
        return e->kind ? -1 : 0;
    if (note_vkey_read(arena_strndup(a, text, n), out, e) == 0)
        return 0;
    return error_prefix(e, "%s/trust/%s", data, name);
}

static int compare_hosts(const void *left, const void *right)
{
    const struct did_keys *const *a = left, *const *b = right;
    return strcmp((*a)->host, (*b)->host);
}

int trust_list(const char *data, struct arena *a, struct did_keys ***pins, size_t *count,
               struct error *e)
{
    int fd = open_folder(data, false, a), result = -1;
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    *pins = arena_array(a, MOST_PINS, sizeof **pins);
    *count = 0;
    if (!folder)
        return 0;
    for (struct dirent *entry; *count < MOST_PINS && (entry = readdir(folder));) {
        size_t n = 0;
        if (entry->d_name[0] == '.' || !text_ends(entry->d_name, ".json"))
            continue;
        const char *text = load_file(dirfd(folder), data, entry->d_name, a, &n, e);
        struct did_keys *keys = text ? did_document_read(text, n, a, e) : NULL;
        if (!keys) {
            error_prefix(e, "%s/trust/%s", data, entry->d_name);
            goto out;
        }
        (*pins)[(*count)++] = keys;
    }
    qsort(*pins, *count, sizeof **pins, compare_hosts);
    result = 0;
out:
    closedir(folder);
    return result;
}
