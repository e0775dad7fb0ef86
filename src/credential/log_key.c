#include "credential/log_key.h"
#include "base/memory.h"
#include "credential/key_file.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char magic[] = "understory-log-key 1\n";
#define MAGIC_BYTES  (sizeof magic - 1)
#define SEED_TEXT    43
#define SEED_VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

static int write_file(const char *folder, const char *name, const uint8_t *seed, bool replace,
                      struct error *e)
{
    size_t n = strlen(name);
    char *bytes = memory_locked(MAGIC_BYTES + NOTE_NAME_BYTES + SEED_TEXT + 3), *at = bytes;
    memcpy(at, magic, MAGIC_BYTES);
    at += MAGIC_BYTES;
    memcpy(at, name, n);
    at += n;
    *at++ = '\n';
    sodium_bin2base64(at, SEED_TEXT + 1, seed, crypto_sign_SEEDBYTES, SEED_VARIANT);
    at += SEED_TEXT;
    *at++ = '\n';
    int result = key_file_write(folder, LOG_KEY_FILE, bytes, (size_t)(at - bytes), replace, e);
    sodium_free(bytes);
    return result;
}

static int make_file(const char *folder, const char *name, struct error *e)
{
    uint8_t *seed = memory_locked(crypto_sign_SEEDBYTES);
    randombytes_buf(seed, crypto_sign_SEEDBYTES);
    int result = write_file(folder, name, seed, false, e);
    sodium_free(seed);
    return result;
}

/* The two lines after the first. */
static bool parse(const char *bytes, size_t n, struct log_signer *out)
{
    const char *name = bytes + MAGIC_BYTES;
    if (n < MAGIC_BYTES || memcmp(bytes, magic, MAGIC_BYTES) != 0)
        return false;
    const char *end = memchr(name, '\n', n - MAGIC_BYTES);
    if (!end || end - name >= NOTE_NAME_BYTES || (size_t)(bytes + n - end) != 1 + SEED_TEXT + 1 ||
        bytes[n - 1] != '\n')
        return false;
    memcpy(out->key.name, name, (size_t)(end - name));
    if (!note_name_is_good(out->key.name))
        return false;
    size_t length = 0;
    uint8_t *seed = memory_locked(crypto_sign_SEEDBYTES);
    bool good = sodium_base642bin(seed, crypto_sign_SEEDBYTES, end + 1, SEED_TEXT, NULL, &length,
                                  NULL, SEED_VARIANT) == 0 &&
                length == crypto_sign_SEEDBYTES &&
                crypto_sign_seed_keypair(out->key.public_key, out->secret, seed) == 0;
    sodium_free(seed);
    return good;
}

static struct log_signer *read_file(const char *path, struct error *e)
{
    size_t length = 0;
    int folder = key_folder_open(path, e);
    char *bytes = folder < 0 ? NULL : key_file_read(folder, path, LOG_KEY_FILE, &length, e);
    if (folder >= 0)
        close(folder);
    if (!bytes)
        return NULL;
    struct log_signer *s = memory_array(1, sizeof *s);
    s->secret = memory_locked(crypto_sign_SECRETKEYBYTES);
    if (parse(bytes, length, s)) {
        sodium_mprotect_readonly(s->secret);
    } else {
        error_set(e, ERROR_INVALID,
                  "%s/%s does not hold the log's key: put the right file back from the backup of "
                  "the keys",
                  path, LOG_KEY_FILE);
        log_key_free(s);
        s = NULL;
    }
    sodium_memzero(bytes, KEY_FILE_MAX_BYTES);
    free(bytes);
    return s;
}

struct log_signer *log_key_open(const char *folder, const char *name, bool make, struct error *e)
{
    struct error why = {0};
    _Static_assert(NOTE_SECRET == crypto_sign_SECRETKEYBYTES, "one size of key");
    if (sodium_init() < 0 || !note_name_is_good(name)) {
        error_set(e, ERROR_INTERNAL, "the log cannot be called \"%s\"", name);
        return NULL;
    }
    struct log_signer *s = read_file(folder, &why);
    if (s)
        return s;
    if (why.kind != ERROR_NOT_FOUND || !make) {
        *e = why;
        return NULL;
    }
    return make_file(folder, name, e) == 0 ? read_file(folder, e) : NULL;
}

int log_key_rename(const char *folder, struct log_signer *s, const char *name, struct error *e)
{
    if (!note_name_is_good(name))
        return error_set(e, ERROR_INTERNAL, "the log cannot be called \"%s\"", name);
    uint8_t *seed = memory_locked(crypto_sign_SEEDBYTES);
    crypto_sign_ed25519_sk_to_seed(seed, s->secret);
    int result = write_file(folder, name, seed, true, e);
    sodium_free(seed);
    if (result == 0)
        snprintf(s->key.name, sizeof s->key.name, "%s", name);
    return result;
}

void log_key_free(struct log_signer *s)
{
    if (!s)
        return;
    sodium_free(s->secret);
    free(s);
}
