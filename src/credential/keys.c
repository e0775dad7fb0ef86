#include "credential/keys.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "credential/key_file.h"
#include "credential/key_seal.h"
#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_KEYS    1000
#define SEED_VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* One reading of the folder. The passphrase is asked for when the first sealed key is met. */
struct reading {
    const char *path;
    const struct key_unlock *unlock;
    struct arena *arena;
    char *passphrase;
    struct error no_passphrase; /* why there is none, once it was asked for */
};

const char *key_state_name(enum key_state state)
{
    static const char *const names[] = {"waiting", "active", "retired", "compromised"};
    return names[state];
}

const char *key_form_name(enum key_form form)
{
    static const char *const names[] = {"file", "passphrase", "credential"};
    return names[form];
}

/* ---- the passphrase ---- */

char *key_passphrase(const struct key_unlock *unlock, struct error *e)
{
    size_t length = 0;
    char *bytes = NULL, *out = NULL;
    const char *file = unlock ? unlock->passphrase_file : NULL;
    struct error why = {0};
    if (file && *file)
        bytes = key_file_read_path(file, &length, &why);
    else if (unlock && unlock->credentials)
        bytes = key_credential_read(unlock->credentials, KEY_PASSPHRASE, &length, &why);
    if (!bytes && (why.kind == ERROR_NONE || (why.kind == ERROR_NOT_FOUND && !(file && *file))))
        error_set(e, ERROR_NOT_FOUND,
                  "nobody gave the passphrase: name its file (mode 0600) in the setting "
                  "key_passphrase_file, or give the service a systemd credential " KEY_PASSPHRASE);
    else if (!bytes)
        error_set(e, why.kind == ERROR_NOT_FOUND ? ERROR_IO : why.kind, "%s", why.message);
    if (!bytes)
        return NULL;
    size_t n = 0;
    while (n < length && bytes[n] != '\n' && bytes[n] != '\r' && bytes[n])
        n++;
    if (n < PASSPHRASE_MIN || n > PASSPHRASE_MAX) {
        error_set(e, ERROR_INVALID, "the passphrase of the signing keys has %d to %d bytes",
                  PASSPHRASE_MIN, PASSPHRASE_MAX);
    } else {
        out = memory_locked(n + 1);
        memcpy(out, bytes, n);
        out[n] = '\0';
    }
    sodium_memzero(bytes, KEY_FILE_MAX_BYTES);
    free(bytes);
    return out;
}

/* ---- secrets ---- */

static bool seed_from_text(const char *text, size_t length, uint8_t seed[crypto_sign_SEEDBYTES])
{
    size_t n = 0;
    return sodium_base642bin(seed, crypto_sign_SEEDBYTES, text, length, NULL, &n, NULL,
                             SEED_VARIANT) == 0 &&
           n == crypto_sign_SEEDBYTES;
}

static int lock_key(struct signing_key *key, const struct error *why)
{
    snprintf(key->locked, sizeof key->locked, "%s", why->message);
    return 1;
}

/* Each of the next three finds the seed: 0, 1 when the key stays locked, -1 with e: damaged. */

static int open_plain(const char *value, uint8_t *seed, struct error *e)
{
    return seed_from_text(value, strlen(value), seed)
               ? 0
               : error_set(e, ERROR_INVALID, "its secret does not belong to its public key");
}

static int open_sealed(struct reading *r, const char *value, struct signing_key *key, uint8_t *seed,
                       struct error *e)
{
    struct error why = {0};
    if (!r->passphrase && r->no_passphrase.kind == ERROR_NONE)
        r->passphrase = key_passphrase(r->unlock, &r->no_passphrase);
    if (!r->passphrase)
        return lock_key(key, &r->no_passphrase);
    if (key_unseal(value, r->passphrase, seed, &why) == 0)
        return 0;
    if (why.kind != ERROR_INVALID)
        return lock_key(key, &why);
    return error_set(e, ERROR_INVALID, "%s", why.message);
}

static int open_credential(const struct reading *r, const char *value, struct signing_key *key,
                           uint8_t *seed)
{
    size_t length = 0;
    struct error why = {0};
    char *bytes =
        key_credential_read(r->unlock ? r->unlock->credentials : NULL, value, &length, &why);
    if (!bytes)
        return lock_key(key, &why);
    while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r'))
        length--;
    bool good = seed_from_text(bytes, length, seed);
    sodium_memzero(bytes, KEY_FILE_MAX_BYTES);
    free(bytes);
    if (good)
        return 0;
    error_set(&why, ERROR_INVALID, "the systemd credential %s does not hold a signing key", value);
    return lock_key(key, &why);
}

/* The pair of a seed; false when it is another key's. */
static bool take_seed(const uint8_t *seed, struct signing_key *key)
{
    uint8_t public_key[KEY_BYTES];
    uint8_t *secret = memory_locked(crypto_sign_SECRETKEYBYTES);
    bool fits = crypto_sign_seed_keypair(public_key, secret, seed) == 0 &&
                memcmp(public_key, key->public_key, KEY_BYTES) == 0;
    if (!fits) {
        sodium_free(secret);
        return false;
    }
    sodium_mprotect_readonly(secret);
    key->secret = secret;
    return true;
}

/* From the ring of before: the same id is the same key. */
static bool open_already(const struct reading *r, struct signing_key *key)
{
    const struct key_ring *opened = r->unlock ? r->unlock->opened : NULL;
    const struct signing_key *before = opened ? key_ring_find(opened, key->id) : NULL;
    if (!before || !before->secret)
        return false;
    key->secret = memory_locked(crypto_sign_SECRETKEYBYTES);
    memcpy(key->secret, before->secret, crypto_sign_SECRETKEYBYTES);
    sodium_mprotect_readonly(key->secret);
    return true;
}

static int open_secret(struct reading *r, const cJSON *file, struct signing_key *key,
                       struct error *e)
{
    const char *plain = json_string(file, "secret"), *sealed = json_string(file, "sealed");
    const char *credential = json_string(file, "credential");
    if (!!plain + !!sealed + !!credential != 1)
        return error_set(e, ERROR_INVALID,
                         "it must have one of \"secret\", \"sealed\" and \"credential\"");
    key->form = plain ? KEY_PLAIN : sealed ? KEY_SEALED : KEY_CREDENTIAL;
    if (sealed && open_already(r, key))
        return 0;
    uint8_t *seed = memory_locked(crypto_sign_SEEDBYTES);
    struct error other = {0};
    int opened = plain    ? open_plain(plain, seed, e)
                 : sealed ? open_sealed(r, sealed, key, seed, e)
                          : open_credential(r, credential, key, seed);
    if (opened == 0 && !take_seed(seed, key)) {
        error_set(&other, ERROR_INVALID, "its secret does not belong to its public key");
        if (credential)
            opened = lock_key(key, &other);
        else {
            *e = other;
            opened = -1;
        }
    }
    sodium_free(seed);
    return opened < 0 ? -1 : 0;
}

/* ---- one file ---- */

static void wipe_string(const cJSON *value)
{
    if (cJSON_IsString(value))
        sodium_memzero(value->valuestring, strlen(value->valuestring));
}

static int parse_state(const cJSON *file, struct signing_key *key, struct error *e)
{
    const char *state = json_string(file, "state"), *since = json_string(file, "since");
    int i = KEY_WAITING;
    while (i <= KEY_COMPROMISED && !text_equal(state, key_state_name((enum key_state)i)))
        i++;
    if (i > KEY_COMPROMISED)
        return error_set(e, ERROR_INVALID,
                         "its state is not waiting, active, retired or compromised");
    key->state = (enum key_state)i;
    key->since = key->created;
    if (since && !instant_parse(since, &key->since))
        return error_set(e, ERROR_INVALID, "\"since\" is not a time");
    return 0;
}

static int parse_key(struct reading *r, const char *bytes, size_t length, struct signing_key *key,
                     struct error *e)
{
    int result = -1;
    cJSON *file = json_parse(bytes, length, e);
    if (!file)
        return -1;
    const char *id = json_string(file, "publicKeyMultibase");
    const char *created = json_string(file, "created");
    if (json_number_or(file, "format", 0) != 1) {
        error_set(e, ERROR_INVALID, "its format is not 1: it was made by a newer version");
    } else if (!id || strlen(id) >= sizeof key->id ||
               !key_from_multibase(r->arena, id, key->public_key) || !created ||
               !instant_parse(created, &key->created)) {
        error_set(e, ERROR_INVALID, "it does not describe an Ed25519 key");
    } else if (parse_state(file, key, e) == 0) {
        memcpy(key->id, id, strlen(id) + 1);
        result = key->state > KEY_ACTIVE ? 0 : open_secret(r, file, key, e);
    }
    wipe_string(json_get(file, "secret"));
    cJSON_Delete(file);
    return result;
}

static int load_key(struct reading *r, int folder, const char *name, struct signing_key *key,
                    struct error *e)
{
    size_t length = 0;
    char *bytes = key_file_read(folder, r->path, name, &length, e);
    if (!bytes)
        return -1;
    int result = parse_key(r, bytes, length, key, e);
    if (result != 0)
        error_prefix(e, "the key file %s/%s", r->path, name);
    sodium_memzero(bytes, KEY_FILE_MAX_BYTES);
    free(bytes);
    return result;
}

/* ---- the folder ---- */

static int compare_keys(const void *left, const void *right)
{
    const struct signing_key *a = left, *b = right;
    int order = (a->created > b->created) - (a->created < b->created);
    return order ? order : strcmp(a->id, b->id);
}

static int load_all(struct reading *r, int fd, struct key_ring *ring, struct error *e)
{
    DIR *folder = fdopendir(fd);
    int result = 0;
    if (!folder) {
        close(fd);
        return error_set(e, ERROR_IO, "cannot list the key folder %s: %s", r->path,
                         strerror(errno));
    }
    for (struct dirent *entry; result == 0 && (entry = readdir(folder));) {
        if (entry->d_name[0] == '.' || !text_ends(entry->d_name, ".json"))
            continue;
        if (ring->count == MOST_KEYS) {
            result = error_set(e, ERROR_INVALID, "more than %d keys in %s", MOST_KEYS, r->path);
            break;
        }
        ring->keys = memory_grow(ring->keys, (ring->count + 1) * sizeof *ring->keys);
        struct signing_key *key = &ring->keys[ring->count++];
        memset(key, 0, sizeof *key);
        result = load_key(r, dirfd(folder), entry->d_name, key, e);
    }
    if (ring->count)
        qsort(ring->keys, ring->count, sizeof *ring->keys, compare_keys);
    closedir(folder);
    return result;
}

struct key_ring *key_ring_open(const char *folder, const struct key_unlock *unlock, struct error *e)
{
    if (sodium_init() < 0) {
        error_set(e, ERROR_INTERNAL, "libsodium cannot start");
        return NULL;
    }
    int fd = key_folder_open(folder, e);
    if (fd < 0)
        return NULL;
    struct reading r = {.path = folder, .unlock = unlock, .arena = arena_create()};
    struct key_ring *ring = memory_array(1, sizeof *ring);
    if (load_all(&r, fd, ring, e) != 0) {
        key_ring_free(ring);
        ring = NULL;
    }
    sodium_free(r.passphrase);
    arena_free(r.arena);
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

/* ---- asking ---- */

/* The one in `state` since the latest. */
static const struct signing_key *latest(const struct key_ring *ring, enum key_state state)
{
    const struct signing_key *found = NULL;
    for (size_t i = 0; i < ring->count; i++)
        if (ring->keys[i].state == state && (!found || ring->keys[i].since >= found->since))
            found = &ring->keys[i];
    return found;
}

const struct signing_key *key_ring_active(const struct key_ring *ring)
{
    return latest(ring, KEY_ACTIVE);
}

const struct signing_key *key_ring_waiting(const struct key_ring *ring)
{
    return latest(ring, KEY_WAITING);
}

const struct signing_key *key_ring_find(const struct key_ring *ring, const char *id)
{
    for (size_t i = 0; i < ring->count; i++)
        if (strcmp(ring->keys[i].id, id) == 0)
            return &ring->keys[i];
    return NULL;
}

void key_ring_publish(struct key_ring *ring, const char *id, instant since)
{
    struct signing_key key = {.state = KEY_RETIRED, .created = since, .since = since};
    struct arena *a = arena_create();
    if (!key_ring_find(ring, id) && strlen(id) < sizeof key.id &&
        key_from_multibase(a, id, key.public_key)) {
        memcpy(key.id, id, strlen(id) + 1);
        ring->keys = memory_grow(ring->keys, (ring->count + 1) * sizeof *ring->keys);
        ring->keys[ring->count++] = key;
        qsort(ring->keys, ring->count, sizeof *ring->keys, compare_keys);
    }
    arena_free(a);
}

void key_ring_compromise(struct key_ring *ring, const char *id, instant since)
{
    for (size_t i = 0; i < ring->count; i++) {
        struct signing_key *key = &ring->keys[i];
        if (strcmp(key->id, id) != 0 || key->state == KEY_COMPROMISED)
            continue;
        sodium_free(key->secret);
        key->secret = NULL;
        key->locked[0] = '\0';
        key->state = KEY_COMPROMISED;
        key->since = since;
    }
}
