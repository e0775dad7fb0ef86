/* Making and changing key files. A secret is put together in locked memory, so never through an
 * arena or a cJSON tree of ours. */
#include "base/arena.h"
#include "base/json.h"
#include "base/memory.h"
#include "credential/key_file.h"
#include "credential/key_seal.h"
#include "credential/keys.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEED_TEXT 44 /* 43 characters and the NUL */

static const char *const members[] = {"secret", "sealed", "credential"}; /* by form */

static char *locked_copy(const char *text)
{
    size_t n = strlen(text) + 1;
    return memcpy(memory_locked(n), text, n);
}

/* ---- the file ---- */

/* What a file says. `value` is NULL when it holds no secret. */
struct record {
    const char *id;
    enum key_state state;
    instant created, since;
    enum key_form form;
    const char *value;
};

static int write_record(const char *folder, const struct record *r, bool replace, struct error *e)
{
    char created[21], since[28], name[KEY_ID_TEXT + 8];
    char *bytes = memory_locked(KEY_FILE_MAX_BYTES);
    instant_rfc3339(r->created, created);
    instant_rfc3339_us(r->since, since);
    int n = snprintf(bytes, KEY_FILE_MAX_BYTES,
                     "{\"format\":1,\"created\":\"%s\",\"publicKeyMultibase\":\"%s\","
                     "\"state\":\"%s\",\"since\":\"%s\"%s%s%s%s%s}\n",
                     created, r->id, key_state_name(r->state), since, r->value ? ",\"" : "",
                     r->value ? members[r->form] : "", r->value ? "\":\"" : "",
                     r->value ? r->value : "", r->value ? "\"" : "");
    snprintf(name, sizeof name, "%s.json", r->id);
    int result = n > 0 && n < KEY_FILE_MAX_BYTES
                     ? key_file_write(folder, name, bytes, (size_t)n, replace, e)
                     : error_set(e, ERROR_INTERNAL, "the key file would be too long");
    sodium_free(bytes);
    return result;
}

/* ---- making ---- */

int key_generate(enum key_form form, const char *with, struct key_new *out, struct error *e)
{
    uint8_t public_key[KEY_BYTES];
    int result = 0;
    *out = (struct key_new){.form = form};
    if (sodium_init() < 0)
        return error_set(e, ERROR_INTERNAL, "libsodium cannot start");
    struct arena *a = arena_create();
    uint8_t *seed = memory_locked(crypto_sign_SEEDBYTES);
    uint8_t *secret = memory_locked(crypto_sign_SECRETKEYBYTES);
    out->seed = memory_locked(SEED_TEXT);
    randombytes_buf(seed, crypto_sign_SEEDBYTES);
    crypto_sign_seed_keypair(public_key, secret, seed);
    sodium_bin2base64(out->seed, SEED_TEXT, seed, crypto_sign_SEEDBYTES,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    snprintf(out->id, sizeof out->id, "%s", key_multibase(a, public_key));
    if (form == KEY_SEALED) {
        out->value = memory_locked(KEY_SEAL_TEXT);
        result = key_seal(seed, with, out->value, e);
    } else {
        out->value = locked_copy(form == KEY_CREDENTIAL ? with : out->seed);
    }
    sodium_free(seed);
    sodium_free(secret);
    arena_free(a);
    if (result)
        key_new_free(out);
    return result;
}

void key_new_free(struct key_new *key)
{
    sodium_free(key->seed);
    sodium_free(key->value);
    key->seed = key->value = NULL;
}

/* What may stand in a file, whoever made it. */
static int check_new(const char *id, enum key_form form, const char *value, struct error *e)
{
    uint8_t public_key[KEY_BYTES];
    struct arena *a = arena_create();
    bool good = strlen(id) < KEY_ID_TEXT && key_from_multibase(a, id, public_key) &&
                (form == KEY_SEALED       ? key_seal_is_text(value)
                 : form == KEY_CREDENTIAL ? key_credential_name(value)
                                          : strlen(value) == SEED_TEXT - 1);
    arena_free(a);
    return good ? 0 : error_set(e, ERROR_INVALID, "this does not describe a new key");
}

int key_write_new(const char *folder, const char *id, enum key_form form, const char *value,
                  enum key_state state, instant at, struct error *e)
{
    struct record r = {id, state, at, at, form, value};
    return check_new(id, form, value, e) ? -1 : write_record(folder, &r, false, e);
}

int key_create(const char *folder, enum key_state state, const char *passphrase, instant at,
               char id[KEY_ID_TEXT], struct error *e)
{
    struct key_new key;
    if (key_generate(passphrase ? KEY_SEALED : KEY_PLAIN, passphrase, &key, e))
        return -1;
    int result = key_write_new(folder, key.id, key.form, key.value, state, at, e);
    if (id)
        memcpy(id, key.id, KEY_ID_TEXT);
    key_new_free(&key);
    return result;
}

/* ---- changing ---- */

/* The member of a key's file that stands for its secret, in memory for sodium_free. */
static char *read_value(const char *folder, const struct signing_key *key, struct error *e)
{
    char name[KEY_ID_TEXT + 8];
    size_t length = 0;
    char *value = NULL;
    int fd = key_folder_open(folder, e);
    if (fd < 0)
        return NULL;
    snprintf(name, sizeof name, "%s.json", key->id);
    char *bytes = key_file_read(fd, folder, name, &length, e);
    close(fd);
    cJSON *file = bytes ? json_parse(bytes, length, e) : NULL;
    const cJSON *member = json_get(file, members[key->form]);
    if (cJSON_IsString(member)) {
        value = locked_copy(member->valuestring);
        sodium_memzero(member->valuestring, strlen(member->valuestring));
    }
    cJSON_Delete(file);
    if (bytes)
        sodium_memzero(bytes, KEY_FILE_MAX_BYTES);
    free(bytes);
    return value;
}

static int change(const char *folder, const struct signing_key *key, enum key_state state,
                  instant at, struct error *e)
{
    if (key->state == state)
        return 0;
    if (state < key->state)
        return error_set(e, ERROR_CONFLICT,
                         "the key %.64s is %s; a withdrawn key cannot come back: make a new one",
                         key->id, key_state_name(key->state));
    struct record r = {key->id, state, key->created, at, key->form, NULL};
    char *value = NULL;
    if (state == KEY_ACTIVE) {
        value = read_value(folder, key, e);
        if (!value)
            return -1;
        r.value = value;
    }
    int result = write_record(folder, &r, true, e);
    sodium_free(value);
    return result;
}

int key_change(const char *folder, const char *id, enum key_state state, instant at,
               struct error *e)
{
    struct key_ring *ring = key_ring_open(folder, NULL, e);
    if (!ring)
        return -1;
    const struct signing_key *key = key_ring_find(ring, id);
    int result = key ? change(folder, key, state, at, e)
                     : error_set(e, ERROR_NOT_FOUND, "there is no key %.64s in %s", id, folder);
    key_ring_free(ring);
    return result;
}
