#include "cli/tar.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BLOCK     512
#define LARGEST   ((int64_t)8 << 30) /* eleven octal digits */
#define CHECK_AT  148
#define CHECK_LEN 8

struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type, link[100];
    char magic[6], version[2], user[32], group[32], major[8], minor[8], prefix[155], rest[12];
};
_Static_assert(sizeof(struct header) == BLOCK, "a ustar header is one block");

static unsigned checksum(const struct header *h)
{
    const unsigned char *p = (const unsigned char *)h;
    unsigned sum = 0;
    for (size_t i = 0; i < BLOCK; i++)
        sum += i >= CHECK_AT && i < CHECK_AT + CHECK_LEN ? ' ' : p[i];
    return sum;
}

/* ---- writing ---- */

static int put(int fd, const void *data, size_t n, struct error *e)
{
    if (file_put(fd, data, n) == 0)
        return 0;
    return error_set(e, file_error_kind(errno), "writing the archive: %s", strerror(errno));
}

static int put_header(int fd, const char *name, int64_t bytes, instant mtime, struct error *e)
{
    struct header h = {0};
    if (strlen(name) >= sizeof h.name || bytes >= LARGEST)
        return error_set(e, ERROR_TOO_LARGE, "%s is too large for a backup (8 GiB)", name);
    long long seconds = mtime > 0 ? mtime / INSTANT_SECOND : 0;
    memcpy(h.name, name, strlen(name));
    memcpy(h.mode, "0000600", 8);
    memcpy(h.uid, "0000000", 8);
    memcpy(h.gid, "0000000", 8);
    snprintf(h.size, sizeof h.size, "%011llo", (unsigned long long)bytes & 077777777777ULL);
    snprintf(h.mtime, sizeof h.mtime, "%011llo", (unsigned long long)seconds & 077777777777ULL);
    h.type = '0';
    memcpy(h.magic, "ustar", 6);
    memcpy(h.version, "00", 2);
    snprintf(h.checksum, sizeof h.checksum, "%06o", checksum(&h) & 0777777);
    h.checksum[7] = ' ';
    return put(fd, &h, sizeof h, e);
}

static int put_padding(int fd, int64_t bytes, struct error *e)
{
    static const char zeros[BLOCK];
    size_t over = (size_t)(bytes % BLOCK);
    return over ? put(fd, zeros, BLOCK - over, e) : 0;
}

int tar_put_bytes(int fd, const char *name, const void *data, size_t n, instant mtime,
                  struct error *e)
{
    return put_header(fd, name, (int64_t)n, mtime, e) || put(fd, data, n, e) ||
                   put_padding(fd, (int64_t)n, e)
               ? -1
               : 0;
}

int tar_put_file(int fd, const char *name, const char *path, int64_t bytes, instant mtime,
                 struct error *e)
{
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return error_set(e, ERROR_IO, "%s: %s", path, strerror(errno));
    int result = put_header(fd, name, bytes, mtime, e);
    int64_t left = bytes;
    char chunk[4096];
    while (result == 0 && left > 0) {
        ssize_t n = read(from, chunk, left < (int64_t)sizeof chunk ? (size_t)left : sizeof chunk);
        if (n <= 0)
            result = error_set(e, ERROR_IO, "%s became shorter while it was read", path);
        else
            result = put(fd, chunk, (size_t)n, e);
        left -= n;
    }
    close(from);
    return result ? -1 : put_padding(fd, bytes, e);
}

int tar_put_end(int fd, struct error *e)
{
    static const char zeros[2 * BLOCK];
    return put(fd, zeros, sizeof zeros, e);
}

/* ---- reading ---- */

static int get(int fd, void *out, size_t n, struct error *e)
{
    char *p = out;
    while (n > 0) {
        ssize_t got = read(fd, p, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set(e, ERROR_IO, "reading the archive: %s", strerror(errno));
        if (got == 0)
            return error_set(e, ERROR_INVALID, "the archive is cut short");
        p += got;
        n -= (size_t)got;
    }
    return 0;
}

static bool read_octal(const char *p, size_t n, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < n && p[i] && p[i] != ' '; i++) {
        if (p[i] < '0' || p[i] > '7' || i > 11)
            return false;
        *out = *out * 8 + (p[i] - '0');
    }
    return true;
}

int tar_next(int fd, struct tar_member *m, struct error *e)
{
    struct header h;
    static const struct header zero;
    int64_t sum;
    if (get(fd, &h, sizeof h, e))
        return -1;
    if (memcmp(&h, &zero, sizeof h) == 0)
        return 0;
    if (memcmp(h.magic, "ustar", 5) != 0 || !read_octal(h.checksum, sizeof h.checksum, &sum) ||
        sum != checksum(&h) || h.type != '0' || !memchr(h.name, 0, sizeof h.name) ||
        !read_octal(h.size, sizeof h.size, &m->bytes))
        return error_set(e, ERROR_INVALID, "not a backup, or a damaged one");
    memcpy(m->name, h.name, sizeof m->name);
    return 1;
}

static int skip_padding(int fd, int64_t bytes, struct error *e)
{
    char waste[BLOCK];
    size_t over = (size_t)(bytes % BLOCK);
    return over ? get(fd, waste, BLOCK - over, e) : 0;
}

int tar_take_bytes(int fd, const struct tar_member *m, struct buf *out, struct error *e)
{
    if ((uint64_t)m->bytes > out->max)
        return error_set(e, ERROR_TOO_LARGE, "%s in the archive is longer than %zu bytes", m->name,
                         out->max);
    char chunk[4096];
    int64_t left = m->bytes;
    while (left > 0) {
        size_t n = left < (int64_t)sizeof chunk ? (size_t)left : sizeof chunk;
        if (get(fd, chunk, n, e))
            return -1;
        buf_append(out, chunk, n);
        left -= (int64_t)n;
    }
    return skip_padding(fd, m->bytes, e);
}

int tar_take_file(int fd, const struct tar_member *m, const char *path, struct error *e)
{
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (to < 0)
        return error_set(e, ERROR_IO, "%s cannot be made: %s", path, strerror(errno));
    char chunk[4096];
    int64_t left = m->bytes;
    int result = 0;
    while (result == 0 && left > 0) {
        size_t n = left < (int64_t)sizeof chunk ? (size_t)left : sizeof chunk;
        result = get(fd, chunk, n, e) || put(to, chunk, n, e) ? -1 : 0;
        left -= (int64_t)n;
    }
    if (result == 0 && fsync(to) != 0)
        result =
            error_set(e, file_error_kind(errno), "%s cannot be written: %s", path, strerror(errno));
    close(to);
    return result ? -1 : skip_padding(fd, m->bytes, e);
}
