#include "base/json.h"
#include "base/text.h"
#include "credential/did.h"
#include "credential/issuer_keys.h"
#include "credential/proof.h"
#include "credential/shape.h"
#include "credential/status_list.h"
#include <string.h>

#define MAX_BYTES STATUS_FILE_MAX_BYTES

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
                  struct arena *a, const char **json, const char **key, struct error *e)
{
    char created[21];
    instant_rfc3339(at, created);
    struct snapshot *s = issuer_hold_to_sign(i, e);
    int result =
        s ? proof_add(document, root, i->identity.did, s->key->id, s->key->secret, created, a, e)
          : -1;
    if (s && key)
        *key = arena_strdup(a, s->key->id);
    if (s)
        issuer_let_go(i, s);
    if (result == 0)
        result =
            print(document, root == NODE_CREDENTIAL ? CREDENTIAL_MAX_BYTES : MAX_BYTES, a, json, e);
    cJSON_Delete(document);
    return result;
}

/* Is this a certificate that one of our keys signed, one that still stands in our did document? */
static bool is_own(const struct issuer *i, const struct snapshot *s, const cJSON *document,
                   struct arena *a, struct error *e)
{
    uint8_t key[KEY_BYTES];
    if (shape_check(document, NODE_CREDENTIAL, a, e) != 0)
        return false;
    const char *id = proof_key(document);
    if (did_document_confirms(s->document, strlen(s->document), i->identity.did, id, a) ==
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
    struct snapshot *s = document ? issuer_hold_to_sign(i, e) : NULL;
    int result = -1;
    if (!s || !is_own(i, s, document, a, e))
        goto out;
    const char *created = arena_strdup(a, json_string(json_get(document, "proof"), "created"));
    cJSON_DeleteItemFromObjectCaseSensitive(document, "proof");
    if (proof_add_jcs(document, i->identity.did, s->key->id, s->key->secret, created, a, e) == 0)
        result = print(document, CREDENTIAL_MAX_BYTES, a, json, e);
out:
    if (s)
        issuer_let_go(i, s);
    cJSON_Delete(document);
    return result;
}

int issuer_sign(const struct issuer *i, const struct claims *c, struct arena *a, const char **json,
                const char **key, struct error *e)
{
    if (claims_check(c, e) != 0)
        return -1;
    cJSON *document = claims_document(&i->identity, c, a);
    return finish(i, document, NODE_CREDENTIAL, c->issued_at, a, json, key, e);
}

int issuer_sign_status_list(const struct issuer *i, int64_t list, const uint8_t *bits,
                            size_t length, instant at, struct arena *a, const char **json,
                            struct error *e)
{
    return issuer_sign_last_status_list(i, list, bits, length, at, at + STATUS_LIST_LIFE, a, json,
                                        e);
}

int issuer_sign_last_status_list(const struct issuer *i, int64_t list, const uint8_t *bits,
                                 size_t length, instant at, instant valid_until, struct arena *a,
                                 const char **json, struct error *e)
{
    char from[21], until[21];
    const char *encoded = status_list_encode(a, bits, length, e);
    if (!encoded)
        return -1;
    if (list < 0 || !claims_time_can_be_written(at) || !claims_time_can_be_written(valid_until))
        return error_set(e, ERROR_INTERNAL, "a status list needs a number and a time");
    const char *id = arena_printf(a, "%s/status/%lld", i->identity.origin, (long long)list);
    instant_rfc3339(at, from);
    instant_rfc3339(valid_until, until);
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
    return finish(i, document, NODE_LIST_CREDENTIAL, at, a, json, NULL, e);
}
