/*
 * A small part of POSIX ustar (IEEE Std 1003.1, pax): regular files with short names and less than
 * 8 GiB each, which is what a backup holds, so that `tar tf` and `tar xf` read it too.
 */
#ifndef CLI_TAR_H
#define CLI_TAR_H
#include "base/buf.h"
#include "base/error.h"
#include "base/instant.h"
#include <stdint.h>

#define TAR_NAME_MAX 100 /* with NUL */

/* ---- writing, to a descriptor; `mtime` is the same for all members ---- */
int tar_put_bytes(int fd, const char *name, const void *data, size_t n, instant mtime,
                  struct error *e);
int tar_put_file(int fd, const char *name, const char *path, int64_t bytes, instant mtime,
                 struct error *e);
int tar_put_end(int fd, struct error *e);

/* ---- reading ---- */
struct tar_member {
    char name[TAR_NAME_MAX];
    int64_t bytes;
};
/* The next member: 1 with its header read and its bytes to come, 0 at the end, -1 when it is not
 * such a file (ERROR_INVALID) or cut short. */
int tar_next(int fd, struct tar_member *m, struct error *e);
/* The bytes of the member just read: into a buffer (whole) or a new file of mode 0600, synced. */
int tar_take_bytes(int fd, const struct tar_member *m, struct buf *out, struct error *e);
int tar_take_file(int fd, const struct tar_member *m, const char *path, struct error *e);

#endif
