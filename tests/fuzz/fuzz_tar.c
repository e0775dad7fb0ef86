/*
 * An archive that somebody wants to restore. It is read to its end or to its first fault; no member
 * is longer than what was there, and its name ends.
 */
#include "base/buf.h"
#include "cli/tar.h"
#include "fuzz.h"
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("archive", MFD_CLOEXEC), step;
    require(fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
    struct tar_member m;
    struct error e = {0};
    while ((step = tar_next(fd, &m, &e)) == 1) {
        struct buf bytes;
        buf_init(&bytes, (size_t)1 << 20);
        require(memchr(m.name, 0, sizeof m.name) != NULL && m.bytes >= 0);
        step = tar_take_bytes(fd, &m, &bytes, &e);
        require(step != 0 || (bytes.length == (size_t)m.bytes && bytes.length <= size));
        buf_free(&bytes);
        if (step)
            break;
    }
    require(step == 0 || e.kind == ERROR_INVALID || e.kind == ERROR_TOO_LARGE);
    close(fd);
    return 0;
}
