#include "credential/issuer.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "credential/claims.h"
#include "credential/did.h"
#include "credential/keys.h"
#include "credential/proof.h"
#include "credential/shape.h"
#include "credential/status_list.h"
#include <stdlib.h>
#include <string.h>

#define LIST_LIFE (7 * INSTANT_DAY)
#define MAX_BYTES STATUS_FILE_MAX_BYTES

struct issuer {
    struct arena *arena; /* the strings below */
    struct issuer_identity identity;
    const char *document;
    struct key_ring *ring;
    const struct signing_key *key;
};

static bool is_trial(const char *host)
{
    size_t length = strcspn(host, ":");
    return (length == 9 && strncmp(host, "localhost", 9) == 0) ||
           (length == 9 && strncmp(host, "127.0.0.1", 9) == 0);
}

static const char *write_document(const struct issuer *i)
{
    const char **keys = arena_array(i->arena, i->ring->count, sizeof *keys);
    size_t count = 0;
    for (size_t k = 0; k < i->ring->count; k++)
        if (i->ring->keys[k].state != KEY_COMPROMISED)
            keys[count++] = i->ring->keys[k].id;
    return did_document_write(i->arena, i->identity.did, keys, count);
}

static int open_keys(struct issuer *i, const char *folder, struct error *e)
{
    i->ring = key_ring_open(folder, e);
    if (i->ring && i->ring->count == 0) {
        struct clock clock;
        clock_system(&clock);
        key_ring_free(i->ring);
        i->ring = NULL;
        if (key_create(folder, clock_now(&clock), e) != 0)
            return -1;
        i->ring = key_ring_open(folder, e);
    }
    if (!i->ring)
        return -1;
    i->key = key_ring_active(i->ring);
    if (!i->key)
        return error_set(e, ERROR_NOT_FOUND, "no key in %s is active: make a new one", folder);
    return 0;
}

struct issuer *issuer_open(const char *keys_folder, const char *origin, const char *name,
                           struct error *e)
{
    struct issuer *i = memory_array(1, sizeof *i);
    i->arena = arena_create();
    i->identity.did = did_from_origin(i->arena, origin, e);
    if (!i->identity.did)
        goto fail;
    if (!shape_is_line(name)) {
        error_field(e, "coe_name", "the issuer's name must be one line of text");
        goto fail;
    }
    i->identity.origin = arena_strdup(i->arena, origin);
    i->identity.name = arena_strdup(i->arena, name);
    i->identity.trial = is_trial(origin + strlen("https://"));
    if (open_keys(i, keys_folder, e) != 0)
        goto fail;
    i->document = write_document(i);
    return i;
fail:
    issuer_free(i);
    return NULL;
}

void issuer_free(struct issuer *i)
{
    if (!i)
        return;
    key_ring_free(i->ring);
    arena_free(i->arena);
    free(i);
}

const char *issuer_did(const struct issuer *i)
{
    return i->identity.did;
}

const char *issuer_key_id(const struct issuer *i)
{
    return i->key->id;
}

const char *issuer_origin(const struct issuer *i)
{
    return i->identity.origin;
}

const char *issuer_did_document(const struct issuer *i, struct arena *a)
{
    return arena_strdup(a, i->document);
}

static int print(const cJSON *document, size_t max, struct arena *a, const char **json,
                 struct error *e)
{
    struct buf text;
    int result = 0;
    buf_init(&text, max);
    json_print(document, &text);
    if (text.overflow)
        result =
            error_set(e, ERROR_TOO_LARGE, "the certificate would be larger than %zu bytes", max);
    else
        *json = arena_memdup(a, text.data, text.length);
    buf_free(&text);
    return result;
}

/* Adds the proof and prints. Takes `document` over. */
static int finish(const struct issuer *i, cJSON *document, enum node root, instant at,
                  struct arena *a, const char **json, struct error *e)
{
    char created[21];
    instant_rfc3339(at, created);
    int result =
        proof_add(document, root, i->identity.did, i->key->id, i->key->secret, created, a, e);
    if (result == 0)
        result =
            print(document, root == NODE_CREDENTIAL ? CREDENTIAL_MAX_BYTES : MAX_BYTES, a, json, e);
    cJSON_Delete(document);
    return result;
}

/* Is this a certificate that one of our keys signed, one that still stands in our did document? */
static bool is_own(const struct issuer *i, const cJSON *document, struct arena *a, struct error *e)
{
    uint8_t key[KEY_BYTES];
    if (shape_check(document, NODE_CREDENTIAL, a, e) != 0)
        return false;
    const char *id = proof_key(document);
    if (did_document_confirms(i->document, strlen(i->document), i->identity.did, id, a) ==
            DID_CONFIRMED &&
        text_equal(json_string(json_get(document, "issuer"), "id"), i->identity.did) &&
        key_from_multibase(a, id, key) && proof_holds(document, NODE_CREDENTIAL, key, a))
        return true;
    error_set(e, ERROR_INVALID, "only a certificate that a key of this issuer signed has a twin");
    return false;
}

int issuer_sign_jcs(const struct issuer *i, const char *credential, size_t n, struct arena *a,
                    const char **json, struct error *e)
{
    cJSON *document = json_parse(credential, n, e);
    int result = -1;
    if (!document || !is_own(i, document, a, e))
        goto out;
    const char *created = arena_strdup(a, json_string(json_get(document, "proof"), "created"));
    cJSON_DeleteItemFromObjectCaseSensitive(document, "proof");
    if (proof_add_jcs(document, i->identity.did, i->key->id, i->key->secret, created, a, e) == 0)
        result = print(document, CREDENTIAL_MAX_BYTES, a, json, e);
out:
    cJSON_Delete(document);
    return result;
}

int issuer_sign(const struct issuer *i, const struct claims *c, struct arena *a, const char **json,
                struct error *e)
{
    if (claims_check(c, e) != 0)
        return -1;
    cJSON *document = claims_document(&i->identity, c, a);
    return finish(i, document, NODE_CREDENTIAL, c->issued_at, a, json, e);
}

int issuer_sign_status_list(const struct issuer *i, int64_t list, const uint8_t *bits,
                            size_t length, instant at, struct arena *a, const char **json,
                            struct error *e)
{
    char from[21], until[21];
    const char *encoded = status_list_encode(a, bits, length, e);
    if (!encoded)
        return -1;
    if (list < 0 || !claims_time_can_be_written(at))
        return error_set(e, ERROR_INTERNAL, "a status list needs a number and a time");
    const char *id = arena_printf(a, "%s/status/%lld", i->identity.origin, (long long)list);
    instant_rfc3339(at, from);
    instant_rfc3339(at + LIST_LIFE, until);
    cJSON *document = cJSON_CreateObject();
    cJSON_AddItemToArray(json_array(document, "@context"), cJSON_CreateString(CONTEXT_CREDENTIALS));
    json_put(document, "id", id);
    cJSON *type = json_array(document, "type");
    cJSON_AddItemToArray(type, cJSON_CreateString("VerifiableCredential"));
    cJSON_AddItemToArray(type, cJSON_CreateString("BitstringStatusListCredential"));
    json_put(document, "issuer", i->identity.did);
    json_put(document, "validFrom", from);
    json_put(document, "validUntil", until);
    cJSON *subject = json_object(document, "credentialSubject");
    json_putf(subject, "id", "%s#list", id);
    json_put(subject, "type", "BitstringStatusList");
    json_put(subject, "statusPurpose", "revocation");
    json_put(subject, "encodedList", encoded);
    return finish(i, document, NODE_LIST_CREDENTIAL, at, a, json, e);
}
