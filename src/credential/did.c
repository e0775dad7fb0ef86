#include "credential/did.h"
#include "base/encode.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include <string.h>

#define DOCUMENT_MAX_BYTES ((size_t)256 << 10)
#define HOST_MAX           253

/* A host name in lower case and perhaps ":PORT". */
static bool is_host(const char *s)
{
    size_t host = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.-");
    if (host == 0 || host > HOST_MAX || s[0] == '.' || s[0] == '-')
        return false;
    if (!s[host])
        return true;
    int64_t port;
    return s[host] == ':' && text_to_int64(s + host + 1, 1, 65535, &port);
}

char *did_from_origin(struct arena *a, const char *origin, struct error *e)
{
    if (!origin || !text_starts(origin, "https://") || !is_host(origin + 8)) {
        error_field(e, "origin",
                    "origin must be https://HOST or https://HOST:PORT in lower case, "
                    "without a path, not \"%.100s\"",
                    origin ? origin : "");
        return NULL;
    }
    const char *host = origin + 8, *colon = strchr(host, ':');
    if (!colon)
        return arena_printf(a, "did:web:%s", host);
    return arena_printf(a, "did:web:%.*s%%3A%s", (int)(colon - host), host, colon + 1);
}

char *did_host(struct arena *a, const char *did)
{
    if (!text_starts(did, "did:web:"))
        return NULL;
    char *host = arena_strdup(a, did + 8);
    char *percent = strstr(host, "%3A");
    if (strchr(host, ':'))
        return NULL;
    if (percent) {
        *percent = ':';
        memmove(percent + 1, percent + 3, strlen(percent + 3) + 1);
    }
    return is_host(host) ? host : NULL;
}

static const uint8_t ed25519_prefix[2] = {0xED, 0x01}; /* multicodec ed25519-pub, as a varint */

char *key_multibase(struct arena *a, const uint8_t key[KEY_BYTES])
{
    uint8_t bytes[2 + KEY_BYTES];
    memcpy(bytes, ed25519_prefix, 2);
    memcpy(bytes + 2, key, KEY_BYTES);
    return arena_printf(a, "z%s", base58_encode(a, bytes, sizeof bytes));
}

bool key_from_multibase(struct arena *a, const char *text, uint8_t key[KEY_BYTES])
{
    size_t length = strlen(text), n = 0;
    if (length < 2 || length > 64 || text[0] != 'z')
        return false;
    uint8_t *bytes = base58_decode(a, text + 1, length - 1, &n);
    if (!bytes || n != 2 + KEY_BYTES || memcmp(bytes, ed25519_prefix, 2) != 0)
        return false;
    memcpy(key, bytes + 2, KEY_BYTES);
    return true;
}

char *key_fingerprint(struct arena *a, const uint8_t key[KEY_BYTES])
{
    uint8_t hash[HASH_BYTES];
    hash_sha256(key, KEY_BYTES, hash);
    char *out = arena_alloc(a, 8 * 5), *at = out;
    for (size_t i = 0; i < 16; i += 2, at += 5) {
        memcpy(at, hex_encode(a, hash + i, 2), 4);
        at[4] = i < 14 ? ' ' : '\0';
    }
    return out;
}

char *did_document_write(struct arena *a, const char *did, const char *const *keys, size_t count)
{
    cJSON *document = cJSON_CreateObject();
    cJSON *context = json_array(document, "@context");
    cJSON_AddItemToArray(context, cJSON_CreateString("https://www.w3.org/ns/did/v1"));
    cJSON_AddItemToArray(context, cJSON_CreateString("https://w3id.org/security/multikey/v1"));
    json_put(document, "id", did);
    cJSON *methods = json_array(document, "verificationMethod");
    cJSON *assertions = json_array(document, "assertionMethod");
    for (size_t i = 0; i < count; i++) {
        const char *id = arena_printf(a, "%s#%s", did, keys[i]);
        cJSON *method = json_item(methods);
        json_put(method, "id", id);
        json_put(method, "type", "Multikey");
        json_put(method, "controller", did);
        json_put(method, "publicKeyMultibase", keys[i]);
        cJSON_AddItemToArray(assertions, cJSON_CreateString(id));
    }
    struct buf text;
    buf_init(&text, DOCUMENT_MAX_BYTES);
    json_print(document, &text);
    char *out = arena_strndup(a, text.data, text.length);
    buf_free(&text);
    cJSON_Delete(document);
    return out;
}

static bool has_string(const cJSON *array, const char *s)
{
    if (!cJSON_IsArray(array))
        return false;
    for (const cJSON *item = array->child; item; item = item->next)
        if (cJSON_IsString(item) && strcmp(item->valuestring, s) == 0)
            return true;
    return false;
}

/* The multibase key of a verification method that may sign for `did`, or NULL. */
static const char *method_key(const cJSON *document, const cJSON *method, const char *did,
                              struct arena *a)
{
    const char *key = json_string(method, "publicKeyMultibase");
    const char *id = json_string(method, "id");
    uint8_t bytes[KEY_BYTES];
    if (!key || !id || !text_equal(json_string(method, "type"), "Multikey") ||
        !text_equal(json_string(method, "controller"), did) || json_get(method, "revoked") ||
        json_get(method, "expires"))
        return NULL;
    size_t length = strlen(did);
    if (strncmp(id, did, length) != 0 || id[length] != '#' || strcmp(id + length + 1, key) != 0 ||
        !has_string(json_get(document, "assertionMethod"), id) ||
        !key_from_multibase(a, key, bytes))
        return NULL;
    return key;
}

struct did_keys *did_document_read(const char *text, size_t n, struct arena *a, struct error *e)
{
    struct did_keys *out = NULL;
    cJSON *document = NULL;
    if (n > DOCUMENT_MAX_BYTES) {
        error_set(e, ERROR_TOO_LARGE, "a did document has at most 256 KiB");
        return NULL;
    }
    document = json_parse(text, n, e);
    if (!document)
        return NULL;
    const char *did = json_string(document, "id");
    const char *host = did ? did_host(a, did) : NULL;
    const cJSON *methods = json_get(document, "verificationMethod");
    if (!host || !cJSON_IsArray(methods)) {
        error_set(e, ERROR_INVALID, "this is not the did document of a did:web issuer");
        goto out;
    }
    struct did_keys *found = arena_alloc(a, sizeof *found);
    found->did = arena_strdup(a, did);
    found->host = host;
    found->keys = arena_array(a, (size_t)cJSON_GetArraySize(methods) + 1, sizeof *found->keys);
    for (const cJSON *method = methods->child; method; method = method->next) {
        const char *key = method_key(document, method, did, a);
        if (key)
            found->keys[found->count++] = arena_strdup(a, key);
    }
    out = found;
out:
    cJSON_Delete(document);
    return out;
}

enum did_answer did_document_confirms(const char *text, size_t n, const char *did, const char *key,
                                      struct arena *a)
{
    struct error ignored = {0};
    struct did_keys *keys = did_document_read(text, n, a, &ignored);
    return keys ? did_keys_confirm(keys, did, key) : DID_UNREADABLE;
}

enum did_answer did_keys_confirm(const struct did_keys *keys, const char *did, const char *key)
{
    if (strcmp(keys->did, did) != 0)
        return DID_OTHER;
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->keys[i], key) == 0)
            return DID_CONFIRMED;
    return DID_NOT_LISTED;
}
