#include "credential/keys.h"
#include "base/arena.h"
#include "base/encode.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "credential/key_file.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_KEYS    1000
#define SEED_VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

static const char *const state_names[] = {"active", "retired", "compromised"};

/* The pair for a seed written in base64url, in locked memory; NULL when it is not key->public. */
static uint8_t *secret_from_text(const char *text, const struct signing_key *key)
{
    uint8_t public_key[KEY_BYTES];
    size_t n = 0;
    uint8_t *seed = sodium_malloc(crypto_sign_SEEDBYTES);
    uint8_t *secret = sodium_malloc(crypto_sign_SECRETKEYBYTES);
    if (!seed || !secret)
        memory_exhausted();
    bool good = sodium_base642bin(seed, crypto_sign_SEEDBYTES, text, strlen(text), NULL, &n, NULL,
                                  SEED_VARIANT) == 0 &&
                n == crypto_sign_SEEDBYTES &&
                crypto_sign_seed_keypair(public_key, secret, seed) == 0 &&
                memcmp(public_key, key->public_key, KEY_BYTES) == 0;
    sodium_free(seed);
    if (!good) {
        sodium_free(secret);
        return NULL;
    }
    sodium_mprotect_readonly(secret);
    return secret;
}

static void wipe_string(const cJSON *value)
{
    if (cJSON_IsString(value))
        sodium_memzero(value->valuestring, strlen(value->valuestring));
}

static int parse_key(const char *bytes, size_t length, struct signing_key *key, struct arena *a,
                     struct error *e)
{
    int result = -1;
    cJSON *file = json_parse(bytes, length, e);
    if (!file)
        return -1;
    const char *id = json_string(file, "publicKeyMultibase");
    const char *created = json_string(file, "created"), *state = json_string(file, "state");
    const char *secret = json_string(file, "secret");
    if (json_number_or(file, "format", 0) != 1) {
        error_set(e, ERROR_INVALID, "its format is not 1: it was made by a newer version");
        goto out;
    }
    if (!id || strlen(id) >= sizeof key->id || !key_from_multibase(a, id, key->public_key) ||
        !created || !instant_parse(created, &key->created)) {
        error_set(e, ERROR_INVALID, "it does not describe an Ed25519 key");
        goto out;
    }
    memcpy(key->id, id, strlen(id) + 1);
    size_t i = 0;
    while (i < 3 && !text_equal(state, state_names[i]))
        i++;
    if (i == 3) {
        error_set(e, ERROR_INVALID, "its state is not active, retired or compromised");
        goto out;
    }
    key->state = (enum key_state)i;
    if (key->state == KEY_ACTIVE) {
        key->secret = secret ? secret_from_text(secret, key) : NULL;
        if (!key->secret) {
            error_set(e, ERROR_INVALID, "its secret does not belong to its public key");
            goto out;
        }
    }
    result = 0;
out:
    wipe_string(json_get(file, "secret"));
    cJSON_Delete(file);
    return result;
}

static int load_key(int folder, const char *path, const char *name, struct signing_key *key,
                    struct error *e)
{
    size_t length = 0;
    char *bytes = key_file_read(folder, path, name, &length, e);
    if (!bytes)
        return -1;
    struct arena *a = arena_create();
    int result = parse_key(bytes, length, key, a, e);
    if (result != 0)
        error_prefix(e, "the key file %s/%s", path, name);
    arena_free(a);
    sodium_memzero(bytes, KEY_FILE_MAX_BYTES);
    free(bytes);
    return result;
}

static int compare_keys(const void *left, const void *right)
{
    const struct signing_key *a = left, *b = right;
    int order = (a->created > b->created) - (a->created < b->created);
    return order ? order : strcmp(a->id, b->id);
}

static int load_all(int fd, const char *path, struct key_ring *ring, struct error *e)
{
    DIR *folder = fdopendir(fd);
    int result = -1;
    if (!folder) {
        close(fd);
        return error_set(e, ERROR_IO, "cannot list the key folder %s: %s", path, strerror(errno));
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.' || !text_ends(entry->d_name, ".json"))
            continue;
        if (ring->count == MOST_KEYS) {
            error_set(e, ERROR_INVALID, "more than %d keys in %s", MOST_KEYS, path);
            goto out;
        }
        ring->keys = memory_grow(ring->keys, (ring->count + 1) * sizeof *ring->keys);
        struct signing_key *key = &ring->keys[ring->count];
        memset(key, 0, sizeof *key);
        if (load_key(dirfd(folder), path, entry->d_name, key, e) != 0)
            goto out;
        ring->count++;
    }
    if (ring->count)
        qsort(ring->keys, ring->count, sizeof *ring->keys, compare_keys);
    result = 0;
out:
    closedir(folder);
    return result;
}

struct key_ring *key_ring_open(const char *folder, struct error *e)
{
    if (sodium_init() < 0) {
        error_set(e, ERROR_INTERNAL, "libsodium cannot start");
        return NULL;
    }
    int fd = key_folder_open(folder, e);
    if (fd < 0)
        return NULL;
    struct key_ring *ring = memory_array(1, sizeof *ring);
    if (load_all(fd, folder, ring, e) != 0) {
        key_ring_free(ring);
        return NULL;
    }
    return ring;
}

void key_ring_free(struct key_ring *ring)
{
    if (!ring)
        return;
    for (size_t i = 0; i < ring->count; i++)
        sodium_free(ring->keys[i].secret);
    free(ring->keys);
    free(ring);
}

const struct signing_key *key_ring_active(const struct key_ring *ring)
{
    for (size_t i = ring->count; i > 0; i--)
        if (ring->keys[i - 1].state == KEY_ACTIVE)
            return &ring->keys[i - 1];
    return NULL;
}

int key_create(const char *folder, instant now, struct error *e)
{
    enum { SEED_TEXT = 64 };
    char created[21];
    uint8_t public_key[KEY_BYTES];
    if (sodium_init() < 0)
        return error_set(e, ERROR_INTERNAL, "libsodium cannot start");
    struct arena *a = arena_create();
    uint8_t *seed = sodium_malloc(crypto_sign_SEEDBYTES);
    uint8_t *secret = sodium_malloc(crypto_sign_SECRETKEYBYTES);
    char *text = sodium_malloc(SEED_TEXT);
    char *bytes = sodium_malloc(KEY_FILE_MAX_BYTES);
    if (!seed || !secret || !text || !bytes)
        memory_exhausted();
    randombytes_buf(seed, crypto_sign_SEEDBYTES);
    crypto_sign_seed_keypair(public_key, secret, seed);
    sodium_bin2base64(text, SEED_TEXT, seed, crypto_sign_SEEDBYTES, SEED_VARIANT);
    instant_rfc3339(now, created);
    const char *id = key_multibase(a, public_key);
    /* The secret is put together in locked memory, so not through an arena or a cJSON tree. */
    const char *head = arena_printf(a,
                                    "{\"format\":1,\"created\":\"%s\",\"publicKeyMultibase\":"
                                    "\"%s\",\"state\":\"active\",\"secret\":\"",
                                    created, id);
    size_t h = strlen(head), t = strlen(text);
    memcpy(bytes, head, h);
    memcpy(bytes + h, text, t);
    memcpy(bytes + h + t, "\"}\n", 3);
    int result = key_file_write(folder, arena_printf(a, "%s.json", id), bytes, h + t + 3, false, e);
    sodium_free(seed);
    sodium_free(secret);
    sodium_free(text);
    sodium_free(bytes);
    arena_free(a);
    return result;
}

int key_withdraw(const char *folder, const char *id, enum key_state state, struct error *e)
{
    char created[21];
    int result = -1;
    struct key_ring *ring = key_ring_open(folder, e);
    if (!ring)
        return -1;
    const struct signing_key *key = NULL;
    for (size_t i = 0; i < ring->count; i++)
        if (strcmp(ring->keys[i].id, id) == 0)
            key = &ring->keys[i];
    struct arena *a = arena_create();
    if (!key) {
        error_set(e, ERROR_NOT_FOUND, "there is no key %.64s in %s", id, folder);
        goto out;
    }
    if (state == KEY_ACTIVE || key->state == KEY_COMPROMISED) {
        error_set(e, ERROR_CONFLICT, "a withdrawn key cannot come back: make a new one");
        goto out;
    }
    instant_rfc3339(key->created, created);
    const char *bytes = arena_printf(a,
                                     "{\"format\":1,\"created\":\"%s\",\"publicKeyMultibase\":"
                                     "\"%s\",\"state\":\"%s\"}\n",
                                     created, key->id, state_names[state]);
    result =
        key_file_write(folder, arena_printf(a, "%s.json", key->id), bytes, strlen(bytes), true, e);
out:
    arena_free(a);
    key_ring_free(ring);
    return result;
}
