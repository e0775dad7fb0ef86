#include "cli/sealed.h"
#include "base/memory.h"
#include "base/random.h"
#include "cli/files.h"
#include "cli/tar.h"
#include "credential/key_seal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEYS_MAX ((size_t)1024 * 1024) /* bytes of a sealed file */
#define FILE_MAX ((size_t)64 * 1024)

static const char magic[] = "understory-keys 1\n";

struct head {
    char magic[sizeof magic - 1];
    struct passphrase_work work;
    uint8_t nonce[crypto_secretbox_NONCEBYTES];
};
_Static_assert(sizeof(struct head) == 18 + 16 + 8 + 8 + 24, "no padding");

/* A private file in memory, so that a tar of keys never touches the disk. */
static int memory_file(struct error *e)
{
    int fd = memfd_create("keys", MFD_CLOEXEC);
    if (fd < 0)
        error_set(e, ERROR_INTERNAL, "no memory for the keys: %s", strerror(errno));
    return fd;
}

/* ---- sealing ---- */

static int put_key_file(int fd, const char *folder, const char *name, instant at, struct error *e)
{
    struct buf bytes, path;
    buf_init(&bytes, FILE_MAX);
    buf_init(&path, 4096);
    buf_printf(&path, "%s/%s", folder, name);
    int result = file_read(path.data, &bytes, e);
    if (result == 0)
        result = tar_put_bytes(fd, name, bytes.data ? bytes.data : "", bytes.length, at, e);
    if (bytes.data)
        sodium_memzero(bytes.data, bytes.length);
    buf_free(&bytes);
    buf_free(&path);
    return result;
}

static int put_key_files(int fd, const char *folder, instant at, struct error *e)
{
    DIR *d = opendir(folder);
    const struct dirent *entry;
    int count = 0, result = 0;
    while (d && result == 0 && (entry = readdir(d))) {
        if (entry->d_name[0] == '.')
            continue;
        result = put_key_file(fd, folder, entry->d_name, at, e);
        count++;
    }
    if (d)
        closedir(d);
    if (result == 0 && count == 0)
        return error_set(e, ERROR_NOT_FOUND, "%s holds no keys", folder);
    return result || tar_put_end(fd, e) ? -1 : count;
}

static int seal_bytes(const uint8_t *plain, size_t n, const char *path, const char *passphrase,
                      struct error *e)
{
    size_t total = sizeof(struct head) + crypto_secretbox_MACBYTES + n;
    uint8_t *out = memory_alloc(total), key[crypto_secretbox_KEYBYTES];
    struct head h;
    memcpy(h.magic, magic, sizeof h.magic);
    passphrase_work_new(&h.work);
    random_bytes(h.nonce, sizeof h.nonce);
    memcpy(out, &h, sizeof h);
    int result = passphrase_key(&h.work, passphrase, key, e);
    if (result == 0) {
        crypto_secretbox_easy(out + sizeof h, plain, n, h.nonce, key);
        result = file_write(path, out, total, e);
    }
    if (result == 0)
        result = file_sync_folder_of(path, e);
    sodium_memzero(key, sizeof key);
    free(out);
    return result;
}

int keys_seal(const char *keys_folder, const char *path, const char *passphrase, instant at,
              struct error *e)
{
    int fd = memory_file(e);
    if (fd < 0)
        return -1;
    int count = put_key_files(fd, keys_folder, at, e);
    off_t n = lseek(fd, 0, SEEK_END);
    void *plain =
        count > 0 && n > 0 ? mmap(NULL, (size_t)n, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    int result = count;
    if (count > 0 && plain == MAP_FAILED)
        result = error_set(e, ERROR_INTERNAL, "no memory for the keys: %s", strerror(errno));
    else if (count > 0 && seal_bytes(plain, (size_t)n, path, passphrase, e))
        result = -1;
    if (plain != MAP_FAILED)
        munmap(plain, (size_t)n);
    close(fd);
    return result;
}

/* ---- opening ---- */

static bool name_is_plain(const char *name)
{
    size_t n = strlen(name);
    return n > 0 && name[0] != '.' &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

static int take_key_files(int fd, const char *folder, struct error *e)
{
    struct tar_member m;
    int step, count = 0;
    while ((step = tar_next(fd, &m, e)) == 1) {
        struct buf path;
        buf_init(&path, 4096);
        buf_printf(&path, "%s/%s", folder, m.name);
        int result = name_is_plain(m.name) && m.bytes <= (int64_t)FILE_MAX
                         ? tar_take_file(fd, &m, path.data, e)
                         : error_set(e, ERROR_INVALID, "the sealed file holds what is no key");
        buf_free(&path);
        if (result)
            return -1;
        count++;
    }
    return step < 0 ? -1 : count;
}

static int unseal_bytes(const struct buf *sealed, const char *passphrase, int fd, struct error *e)
{
    struct head h;
    if (sealed->length < sizeof h + crypto_secretbox_MACBYTES ||
        memcmp(sealed->data, magic, sizeof h.magic) != 0)
        return error_set(e, ERROR_INVALID, "this is not a sealed file of keys");
    memcpy(&h, sealed->data, sizeof h);
    uint8_t key[crypto_secretbox_KEYBYTES];
    if (passphrase_key(&h.work, passphrase, key, e))
        return -1;
    size_t n = sealed->length - sizeof h;
    uint8_t *plain = memory_alloc(n);
    int result = 0;
    if (crypto_secretbox_open_easy(plain, (const uint8_t *)sealed->data + sizeof h, n, h.nonce,
                                   key) != 0)
        result =
            error_set(e, ERROR_INVALID,
                      "the keys cannot be opened: another passphrase, or the file was altered");
    else if (file_put(fd, plain, n - crypto_secretbox_MACBYTES) || lseek(fd, 0, SEEK_SET) != 0)
        result = error_set(e, ERROR_INTERNAL, "no memory for the keys: %s", strerror(errno));
    sodium_memzero(plain, n);
    sodium_memzero(key, sizeof key);
    free(plain);
    return result;
}

int keys_unseal(const char *path, const char *passphrase, const char *keys_folder, struct error *e)
{
    struct buf sealed;
    buf_init(&sealed, KEYS_MAX);
    int fd = memory_file(e);
    int result =
        fd < 0 || file_read(path, &sealed, e) || unseal_bytes(&sealed, passphrase, fd, e) ? -1 : 0;
    if (result)
        error_prefix(e, "%s", path);
    else if (mkdir(keys_folder, 0700) != 0)
        result = error_set(e, ERROR_IO, "%s cannot be made: %s", keys_folder, strerror(errno));
    else
        result = take_key_files(fd, keys_folder, e);
    if (fd >= 0)
        close(fd);
    buf_free(&sealed);
    return result;
}
