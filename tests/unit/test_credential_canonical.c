/* The canonical form, byte for byte: the design's own samples and the official vectors. */
#include "base/encode.h"
#include "base/hash.h"
#include "base/json.h"
#include "credential/proof.h"
#include "credential/quads.h"
#include "credential/shape.h"
#include "support.h"
#include "test_credential_sample.h"
#include <sodium.h>

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_create();
    return sodium_init() < 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const char *joined(const char *const *lines)
{
    struct buf b;
    buf_init(&b, 1 << 20);
    for (; *lines; lines++)
        buf_puts(&b, *lines);
    char *out = arena_strndup(arena, b.data, b.length);
    buf_free(&b);
    return out;
}

static cJSON *parsed(const char *text)
{
    struct error e = {0};
    cJSON *out = json_parse(text, strlen(text), &e);
    assert_string_equal(e.message, "");
    assert_non_null(out);
    return out;
}

static const char *canonical(const cJSON *object, enum node root)
{
    struct error e = {0};
    struct buf b;
    buf_init(&b, QUADS_MAX_BYTES);
    int result = quads_write(object, root, arena, &b, &e);
    assert_string_equal(e.message, "");
    assert_int_equal(result, 0);
    char *out = arena_strndup(arena, b.data, b.length);
    buf_free(&b);
    return out;
}

static void refused(const char *text, enum node root, const char *words)
{
    struct error e = {0};
    struct buf b;
    buf_init(&b, QUADS_MAX_BYTES);
    cJSON *object = parsed(text);
    assert_int_equal(quads_write(object, root, arena, &b, &e), -1);
    assert_non_null(strstr(e.message, words));
    cJSON_Delete(object);
    buf_free(&b);
}

static void the_sample_certificate_is_canonical_to_the_byte(void **state)
{
    (void)state;
    cJSON *document = parsed(joined(sample_credential));
    assert_string_equal(canonical(document, NODE_CREDENTIAL), joined(sample_canonical));
    assert_string_equal(canonical(json_get(document, "proof"), NODE_PROOF),
                        joined(sample_proof_canonical));
    cJSON_Delete(document);
}

static void the_sample_has_the_exact_shape_and_its_signature_holds(void **state)
{
    (void)state;
    struct error e = {0};
    uint8_t key[KEY_BYTES];
    cJSON *document = parsed(joined(sample_credential));
    shape_check(document, NODE_CREDENTIAL, arena, &e);
    assert_string_equal(e.message, "");
    assert_true(key_from_multibase(arena, "z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z", key));
    assert_true(proof_holds(document, NODE_CREDENTIAL, key, arena));
    key[0] ^= 1;
    assert_false(proof_holds(document, NODE_CREDENTIAL, key, arena));
    cJSON_Delete(document);
}

static void the_sample_status_list_is_canonical_to_the_byte(void **state)
{
    (void)state;
    cJSON *document = parsed(joined(sample_list));
    assert_string_equal(canonical(document, NODE_LIST_CREDENTIAL), joined(sample_list_canonical));
    cJSON_Delete(document);
}

static void evidence_becomes_named_nodes(void **state)
{
    (void)state;
    cJSON *document = parsed(
        "{\"id\":\"https://a.example/certificates/1\",\"evidence\":[{\"id\":"
        "\"https://a.example/log/checkpoint/7\",\"type\":[\"Evidence\"],\"genre\":"
        "\"tlog-checkpoint\",\"narrative\":\"a.example\\n7\\nAA==\\n\\n\xE2\x80\x94 a b\\n\"}]}");
    assert_string_equal(
        canonical(document, NODE_CREDENTIAL),
        "<https://a.example/certificates/1> <https://www.w3.org/2018/credentials#evidence> "
        "<https://a.example/log/checkpoint/7> .\n"
        "<https://a.example/log/checkpoint/7> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        "<https://purl.imsglobal.org/spec/vc/ob/vocab.html#Evidence> .\n"
        "<https://a.example/log/checkpoint/7> "
        "<https://purl.imsglobal.org/spec/vc/ob/vocab.html#narrative> "
        "\"a.example\\n7\\nAA==\\n\\n\xE2\x80\x94 a b\\n\" .\n"
        "<https://a.example/log/checkpoint/7> <https://schema.org/genre> \"tlog-checkpoint\" .\n");
    cJSON_Delete(document);
}

static void what_has_no_one_canonical_form_is_refused(void **state)
{
    (void)state;
    refused("{\"id\":\"https://a.example/1\",\"nickname\":\"x\"}", NODE_CREDENTIAL, "no meaning");
    refused("{\"id\":\"relative\",\"name\":\"x\"}", NODE_CREDENTIAL, "absolute");
    refused("{\"id\":\"https://a.example/a b\",\"name\":\"x\"}", NODE_CREDENTIAL, "absolute");
    refused("{\"id\":\"_:b0\",\"name\":\"x\"}", NODE_CREDENTIAL, "absolute");
    refused("{\"id\":\"https://a.example/1\",\"name\":\"\\u0001\"}", NODE_CREDENTIAL, "control");
    refused("{\"id\":\"https://a.example/1\",\"name\":\"\\u007f\"}", NODE_CREDENTIAL, "control");
    refused("{\"id\":\"https://a.example/1\",\"type\":[\"Other\"]}", NODE_CREDENTIAL, "type");
    refused("{\"id\":\"https://a.example/1\",\"name\":1}", NODE_CREDENTIAL, "not a string");
    refused("{\"id\":\"urn:uuid:1\",\"identifier\":[{\"identityHash\":\"A\"},"
            "{\"identityHash\":\"A\"}]}",
            NODE_SUBJECT, "twice");
}

/* The order that RDFC-1.0 gives six nodes without names, as a JSON-LD processor computed it. */
static void nodes_without_names_are_numbered_by_their_hashes(void **state)
{
    (void)state;
    cJSON *subject =
        parsed("{\"id\":\"urn:uuid:0d4c9b1c-52d4-4c09-8a3a-8b2d6f1c0e77\",\"identifier\":["
               "{\"type\":\"IdentityObject\",\"identityHash\":\"A\"},"
               "{\"type\":\"IdentityObject\",\"identityHash\":\"B\"},"
               "{\"type\":\"IdentityObject\",\"identityHash\":\"C\"},"
               "{\"type\":\"IdentityObject\",\"identityHash\":\"D\"},"
               "{\"type\":\"IdentityObject\",\"identityHash\":\"E\"},"
               "{\"type\":\"IdentityObject\",\"identityHash\":\"F\"}]}");
    const char *text = canonical(subject, NODE_SUBJECT);
    for (int i = 0; i < 6; i++)
        assert_non_null(strstr(text, arena_printf(arena,
                                                  "_:c14n%d <https://purl.imsglobal.org/spec/vc/ob/"
                                                  "vocab.html#identityHash> \"%c\" .\n",
                                                  i, "ABFCED"[i])));
    cJSON_Delete(subject);
}

static void a_statement_made_twice_stands_once(void **state)
{
    (void)state;
    cJSON *issuer = parsed("{\"id\":\"did:web:a.example\",\"type\":[\"Profile\",\"Profile\"]}");
    assert_string_equal(canonical(issuer, NODE_ISSUER),
                        "<did:web:a.example> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
                        "<https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile> .\n");
    cJSON_Delete(issuer);
}

static void literals_are_escaped_as_canonical_n_quads(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    assert_true(quads_escape(&b, "\b\t\n\f\r\"\\/ \xC3\xAB'"));
    assert_string_equal(b.data, "\\b\\t\\n\\f\\r\\\"\\\\/ \xC3\xAB'");
    buf_free(&b);
}

/* ---- the official vectors ---- */

/* NULL when they are not here. */
static char *vector(const char *name)
{
    const char *path = arena_printf(arena, "%s/%s", VECTORS_DIR, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    enum { MOST = 1 << 16 };
    char *text = arena_alloc(arena, MOST);
    size_t n = fread(text, 1, MOST - 1, f);
    text[n] = '\0';
    fclose(f);
    return text;
}

static char *vector_line(const char *name)
{
    char *text = vector(name);
    if (text)
        text[strcspn(text, "\r\n")] = '\0';
    return text;
}

static void sha256_of_text(const char *text, char out[65])
{
    uint8_t hash[HASH_BYTES];
    hash_sha256(text, strlen(text), hash);
    memcpy(out, hex_encode(arena, hash, sizeof hash), 65);
}

/* Hashes, order, key encoding and signature of one suite's vectors from its canonical texts. */
static void check_suite(const char *folder, const char *suffix, const char *document,
                        const char *proof, bool newline)
{
    char document_hash[65], proof_hash_text[65];
    uint8_t combined[64], signature[64], seed[32], public_key[32], given[32], secret[64];
    size_t n = 0;
    if (!newline) {
        document = arena_strndup(arena, document, strcspn(document, "\r\n"));
        proof = arena_strndup(arena, proof, strcspn(proof, "\r\n"));
    }
    sha256_of_text(document, document_hash);
    sha256_of_text(proof, proof_hash_text);
#define VECTOR(name)                                                                               \
    vector_line(arena_printf(arena, "vc-di-eddsa/%s/%s%s.txt", folder, name, suffix))
    assert_string_equal(document_hash, VECTOR("docHash"));
    assert_string_equal(proof_hash_text, VECTOR("proofHash"));
    const char *both = arena_printf(arena, "%s%s", proof_hash_text, document_hash);
    assert_string_equal(both, VECTOR("combinedHash"));
    assert_true(hex_decode(both, combined, sizeof combined));
    cJSON *pair = parsed(vector("vc-di-eddsa/keyPair.json"));
    const char *private_key = json_string(pair, "privateKeyMultibase");
    const uint8_t *bytes = base58_decode(arena, private_key + 1, strlen(private_key) - 1, &n);
    assert_int_equal(n, 34); /* 0x80 0x26 and the seed */
    memcpy(seed, bytes + 2, 32);
    crypto_sign_seed_keypair(public_key, secret, seed);
    const char *multibase = json_string(pair, "publicKeyMultibase");
    assert_string_equal(key_multibase(arena, public_key), multibase);
    assert_true(key_from_multibase(arena, multibase, given));
    assert_memory_equal(given, public_key, 32);
    crypto_sign_detached(signature, NULL, combined, sizeof combined, secret);
    assert_string_equal(hex_encode(arena, signature, 64), VECTOR("sigHex"));
    assert_string_equal(arena_printf(arena, "z%s", base58_encode(arena, signature, 64)),
                        VECTOR("sigBTC58"));
#undef VECTOR
    cJSON_Delete(pair);
}

static void the_rdfc_vectors_are_reproduced(void **state)
{
    (void)state;
    char *document = vector("vc-di-eddsa/eddsa-rdfc-2022/canonDocDataInt.txt");
    char *proof = vector("vc-di-eddsa/eddsa-rdfc-2022/proofCanonDataInt.txt");
    char *config = vector("vc-di-eddsa/eddsa-rdfc-2022/proofConfigDataInt.json");
    char *whole = vector("vc-di-eddsa/eddsa-rdfc-2022/signedDataInt.json");
    if (!document || !proof || !config || !whole)
        not_done(NO_VECTORS "/vc-di-eddsa/eddsa-rdfc-2022");
    cJSON *options = parsed(config);
    cJSON_DeleteItemFromObject(options, "@context");
    assert_string_equal(canonical(options, NODE_PROOF), proof);
    cJSON_Delete(options);
    check_suite("eddsa-rdfc-2022", "DataInt", document, proof, true);
    cJSON *signed_document = parsed(whole);
    assert_string_equal(json_string(json_get(signed_document, "proof"), "proofValue"),
                        vector_line("vc-di-eddsa/eddsa-rdfc-2022/sigBTC58DataInt.txt"));
    cJSON_Delete(signed_document);
}

static const char *jcs(const cJSON *value)
{
    struct error e = {0};
    struct buf b;
    buf_init(&b, 1 << 20);
    assert_int_equal(json_canonical(value, &b, &e), 0);
    char *out = arena_strndup(arena, b.data, b.length);
    buf_free(&b);
    return out;
}

/* Our own proof on the unsigned document makes the signed vector of it. */
static void sign_as_the_vector_is(cJSON *document)
{
    struct error e = {0};
    size_t n = 0;
    uint8_t key[KEY_BYTES], secret[64];
    cJSON *expected = parsed(vector("vc-di-eddsa/eddsa-jcs-2022/signedJCS.json"));
    cJSON *pair = parsed(vector("vc-di-eddsa/keyPair.json"));
    const char *private_key = json_string(pair, "privateKeyMultibase");
    const char *public_key = json_string(pair, "publicKeyMultibase");
    const uint8_t *bytes = base58_decode(arena, private_key + 1, strlen(private_key) - 1, &n);
    crypto_sign_seed_keypair(key, secret, bytes + 2);
    assert_int_equal(proof_add_jcs(document, arena_printf(arena, "did:key:%s", public_key),
                                   public_key, secret, "2023-02-24T23:36:38Z", arena, &e),
                     0);
    assert_string_equal(jcs(document), jcs(expected));
    assert_true(proof_holds(expected, NODE_CREDENTIAL, key, arena));
    cJSON_ReplaceItemInObjectCaseSensitive(expected, "name", cJSON_CreateString("Other"));
    assert_false(proof_holds(expected, NODE_CREDENTIAL, key, arena));
    cJSON_Delete(pair);
    cJSON_Delete(expected);
}

static void the_jcs_vectors_are_reproduced(void **state)
{
    (void)state;
    char *unsigned_text = vector("vc-di-eddsa/unsigned.json");
    char *config = vector("vc-di-eddsa/eddsa-jcs-2022/proofConfigJCS.json");
    if (!unsigned_text || !config)
        not_done(NO_VECTORS "/vc-di-eddsa/eddsa-jcs-2022");
    cJSON *document = parsed(unsigned_text), *options = parsed(config);
    assert_string_equal(jcs(document), vector_line("vc-di-eddsa/eddsa-jcs-2022/canonDocJCS.txt"));
    assert_string_equal(jcs(options), vector_line("vc-di-eddsa/eddsa-jcs-2022/proofCanonJCS.txt"));
    check_suite("eddsa-jcs-2022", "JCS", jcs(document), jcs(options), false);
    sign_as_the_vector_is(document);
    cJSON_Delete(document);
    cJSON_Delete(options);
}

/* The vectors give canonical texts only: the JSON here was written from their statements. */
static void the_open_badges_vectors_are_reproduced(void **state)
{
    (void)state;
    char *expected = vector("ob3/obv3p0/document-canon.txt");
    char *proof = vector("ob3/obv3p0/proof-canon.txt");
    if (!expected || !proof)
        not_done(NO_VECTORS "/ob3");
    cJSON *document = parsed(
        "{\"id\":\"http://example.com/credentials/3527\",\"name\":\"Teamwork Badge\","
        "\"type\":[\"VerifiableCredential\",\"OpenBadgeCredential\"],"
        "\"issuer\":{\"id\":\"https://example.edu/issuers/565049\",\"type\":[\"Profile\"],"
        "\"name\":\"Example Corp\",\"url\":\"https://www.imsglobal.org\"},"
        "\"validFrom\":\"2010-01-01T00:00:00Z\",\"credentialSubject\":{"
        "\"id\":\"did:example:ebfeb1f712ebc6f1c276e12ec21\",\"type\":[\"AchievementSubject\"],"
        "\"achievement\":{\"id\":\"https://example.com/achievements/21st-century-skills/teamwork\","
        "\"type\":[\"Achievement\"],\"criteria\":{\"narrative\":\"Team members are nominated for "
        "this badge by their peers and recognized upon review by Example Corp management.\"},"
        "\"description\":\"This badge recognizes the development of the capacity to collaborate "
        "within a group environment.\",\"name\":\"Teamwork\"}}}");
    assert_string_equal(canonical(document, NODE_CREDENTIAL), expected);
    cJSON_Delete(document);
    cJSON *options = parsed(
        "{\"type\":\"DataIntegrityProof\",\"cryptosuite\":\"eddsa-rdfc-2022\","
        "\"created\":\"2010-01-01T19:23:24Z\",\"verificationMethod\":\"https://example.edu/issuers/"
        "565049#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi\","
        "\"proofPurpose\":\"assertionMethod\"}");
    assert_string_equal(canonical(options, NODE_PROOF), proof);
    cJSON_Delete(options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_certificate_is_canonical_to_the_byte),
        cmocka_unit_test(the_sample_has_the_exact_shape_and_its_signature_holds),
        cmocka_unit_test(the_sample_status_list_is_canonical_to_the_byte),
        cmocka_unit_test(evidence_becomes_named_nodes),
        cmocka_unit_test(what_has_no_one_canonical_form_is_refused),
        cmocka_unit_test(nodes_without_names_are_numbered_by_their_hashes),
        cmocka_unit_test(a_statement_made_twice_stands_once),
        cmocka_unit_test(literals_are_escaped_as_canonical_n_quads),
        cmocka_unit_test(the_rdfc_vectors_are_reproduced),
        cmocka_unit_test(the_jcs_vectors_are_reproduced),
        cmocka_unit_test(the_open_badges_vectors_are_reproduced),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
