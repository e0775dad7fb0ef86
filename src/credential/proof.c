#include "credential/proof.h"
#include "base/encode.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "credential/quads.h"
#include <sodium.h>
#include <string.h>

_Static_assert(PROOF_SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519 signatures have 64 bytes");

static bool is_jcs(const cJSON *document)
{
    return text_equal(json_string(json_get(document, "proof"), "cryptosuite"), SUITE_JCS);
}

/* The RFC 8785 form of `object` without the member `left_out`. */
static int hash_json(const cJSON *object, const char *left_out, uint8_t out[HASH_BYTES],
                     struct error *e)
{
    struct buf text;
    buf_init(&text, QUADS_MAX_BYTES);
    cJSON *copy = cJSON_Duplicate(object, true); /* as deep as the gate lets in */
    cJSON_DeleteItemFromObjectCaseSensitive(copy, left_out);
    int result = json_canonical(copy, &text, e);
    if (result == 0 && text.overflow)
        result = error_set(e, ERROR_TOO_LARGE, "the document is too large");
    if (result == 0)
        hash_sha256(text.data, text.length, out);
    cJSON_Delete(copy);
    buf_free(&text);
    return result;
}

static int hash_quads(const cJSON *object, enum node root, struct arena *a, uint8_t out[HASH_BYTES],
                      struct error *e)
{
    struct buf text;
    buf_init(&text, QUADS_MAX_BYTES);
    int result = quads_write(object, root, a, &text, e);
    if (result == 0)
        hash_sha256(text.length ? text.data : "", text.length, out);
    buf_free(&text);
    return result;
}

int proof_hash(const cJSON *document, enum node root, struct arena *a,
               uint8_t out[PROOF_HASH_BYTES], struct error *e)
{
    const cJSON *proof = json_get(document, "proof");
    if (is_jcs(document))
        return hash_json(proof, "proofValue", out, e) ||
                       hash_json(document, "proof", out + HASH_BYTES, e)
                   ? -1
                   : 0;
    return hash_quads(proof, NODE_PROOF, a, out, e) ||
                   hash_quads(document, root, a, out + HASH_BYTES, e)
               ? -1
               : 0;
}

static void put_options(cJSON *proof, const char *suite, const char *did, const char *key,
                        const char *created)
{
    json_put(proof, "type", "DataIntegrityProof");
    json_put(proof, "cryptosuite", suite);
    json_put(proof, "created", created);
    json_putf(proof, "verificationMethod", "%s#%s", did, key);
    json_put(proof, "proofPurpose", "assertionMethod");
}

static int put_signature(cJSON *document, enum node root, const uint8_t *secret, struct arena *a,
                         struct error *e)
{
    uint8_t hash[PROOF_HASH_BYTES], signature[PROOF_SIGNATURE_BYTES];
    if (proof_hash(document, root, a, hash, e) != 0)
        return -1;
    if (crypto_sign_detached(signature, NULL, hash, sizeof hash, secret) != 0)
        return error_set(e, ERROR_INTERNAL, "signing failed");
    cJSON *proof = cJSON_GetObjectItemCaseSensitive(document, "proof");
    json_putf(proof, "proofValue", "z%s", base58_encode(a, signature, sizeof signature));
    return 0;
}

int proof_add(cJSON *document, enum node root, const char *did, const char *key,
              const uint8_t *secret, const char *created, struct arena *a, struct error *e)
{
    put_options(json_object(document, "proof"), SUITE_RDFC, did, key, created);
    return put_signature(document, root, secret, a, e);
}

int proof_add_jcs(cJSON *document, const char *did, const char *key, const uint8_t *secret,
                  const char *created, struct arena *a, struct error *e)
{
    cJSON *context = cJSON_Duplicate(json_get(document, "@context"), true);
    cJSON *proof = json_object(document, "proof");
    put_options(proof, SUITE_JCS, did, key, created);
    cJSON_AddItemToObject(proof, "@context", context);
    return put_signature(document, NODE_CREDENTIAL, secret, a, e);
}

const char *proof_key(const cJSON *document)
{
    const char *method = json_string(json_get(document, "proof"), "verificationMethod");
    return strchr(method, '#') + 1;
}

bool proof_holds(const cJSON *document, enum node root, const uint8_t key[KEY_BYTES],
                 struct arena *a)
{
    struct error ignored = {0};
    uint8_t hash[PROOF_HASH_BYTES];
    size_t n = 0;
    const char *value = json_string(json_get(document, "proof"), "proofValue");
    size_t length = value ? strlen(value) : 0;
    if (length < 2 || length > 96 || value[0] != 'z')
        return false;
    const uint8_t *signature = base58_decode(a, value + 1, length - 1, &n);
    if (!signature || n != PROOF_SIGNATURE_BYTES)
        return false;
    if (proof_hash(document, root, a, hash, &ignored) != 0)
        return false;
    return crypto_sign_verify_detached(signature, hash, sizeof hash, key) == 0;
}
