#include "credential/proof.h"
#include "base/encode.h"
#include "base/hash.h"
#include "base/json.h"
#include "credential/quads.h"
#include <sodium.h>
#include <string.h>

_Static_assert(PROOF_SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519 signatures have 64 bytes");

int proof_hash(const cJSON *document, enum node root, struct arena *a,
               uint8_t out[PROOF_HASH_BYTES], struct error *e)
{
    struct buf text;
    int result = -1;
    buf_init(&text, QUADS_MAX_BYTES);
    if (quads_write(json_get(document, "proof"), NODE_PROOF, a, &text, e) != 0)
        goto out;
    hash_sha256(text.length ? text.data : "", text.length, out);
    buf_clear(&text);
    if (quads_write(document, root, a, &text, e) != 0)
        goto out;
    hash_sha256(text.length ? text.data : "", text.length, out + HASH_BYTES);
    result = 0;
out:
    buf_free(&text);
    return result;
}

int proof_add(cJSON *document, enum node root, const char *did, const char *key,
              const uint8_t *secret, const char *created, struct arena *a, struct error *e)
{
    uint8_t hash[PROOF_HASH_BYTES], signature[PROOF_SIGNATURE_BYTES];
    cJSON *proof = json_object(document, "proof");
    json_put(proof, "type", "DataIntegrityProof");
    json_put(proof, "cryptosuite", "eddsa-rdfc-2022");
    json_put(proof, "created", created);
    json_putf(proof, "verificationMethod", "%s#%s", did, key);
    json_put(proof, "proofPurpose", "assertionMethod");
    if (proof_hash(document, root, a, hash, e) != 0)
        return -1;
    if (crypto_sign_detached(signature, NULL, hash, sizeof hash, secret) != 0)
        return error_set(e, ERROR_INTERNAL, "signing failed");
    json_putf(proof, "proofValue", "z%s", base58_encode(a, signature, sizeof signature));
    return 0;
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
