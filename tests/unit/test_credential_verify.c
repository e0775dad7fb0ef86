/* The verifier: what it believes, what it refuses, and which of two troubles it names. */
#include "base/encode.h"
#include "base/random.h"
#include "credential/keys.h"
#include "credential/proof.h"
#include "test_credential_support.h"
#include <zlib.h>

static const char *did(void)
{
    return issuer_did_document(issuer, arena);
}

static const char *good_list(void)
{
    return list_as(issuer, -1, ISSUED);
}

static enum verdict verdict(const char *credential)
{
    return check(credential, did(), good_list(), LATER).verdict;
}

/* `json` with one change, signed again with the issuer's own key: what a broken issuer might make.
 */
static const char *signed_anew(const char *json, enum node root, const char *from, const char *to)
{
    struct error e = {0};
    struct key_ring *ring = key_ring_open(arena_printf(arena, "%s/keys", folder), NULL, &e);
    const struct signing_key *key = key_ring_active(ring);
    const char *changed = with(json, from, to);
    cJSON *document = json_parse(changed, strlen(changed), &e);
    cJSON_DeleteItemFromObjectCaseSensitive(document, "proof");
    proof_add(document, root, issuer_did(issuer), key->id, key->secret, "2026-07-01T17:05:10Z",
              arena, &e);
    assert_string_equal(e.message, "");
    struct buf b;
    buf_init(&b, STATUS_FILE_MAX_BYTES);
    json_print(document, &b);
    const char *out = arena_strndup(arena, b.data, b.length);
    buf_free(&b);
    cJSON_Delete(document);
    key_ring_free(ring);
    return out;
}

static const char *list_holding(const char *text)
{
    const char *json = good_list();
    const char *from = strstr(json, "\"uH4s");
    return signed_anew(json, NODE_LIST_CREDENTIAL,
                       arena_strndup(arena, from, strcspn(from + 1, "\"") + 2),
                       arena_printf(arena, "\"%s\"", text));
}

static void flip_bits_of(const char *json, uint64_t seed)
{
    struct rng r;
    const char *document = did(), *list = good_list();
    rng_seed(&r, seed);
    for (int i = 0; i < 400; i++) {
        char *changed = arena_strdup(arena, json);
        uint32_t at = rng_below(&r, (uint32_t)strlen(json));
        changed[at] = (char)(changed[at] ^ (1 << rng_below(&r, 8)));
        struct verify_input in = {.credential = changed,
                                  .credential_length = strlen(json),
                                  .did_document = document,
                                  .did_length = strlen(document),
                                  .status_list = list,
                                  .status_length = strlen(list),
                                  .at = LATER};
        struct verify_report report;
        assert_int_equal(credential_verify(&in, arena, &report, NULL), 0);
        assert_int_equal(report.verdict, VERDICT_INVALID);
        assert_null(report.holder); /* nothing unproven is repeated */
    }
}

static void any_flipped_bit_is_refused(void **state)
{
    (void)state;
    flip_bits_of(issue(), 20260701);
    flip_bits_of(twin_as(issuer, issue()), 20260702);
}

static void only_the_exact_shape_is_read(void **state)
{
    (void)state;
    const char *json = issue();
    static const char *const changes[][2] = {
        {"\"name\":\"Cert", "\"nickname\":\"x\",\"name\":\"Cert"},
        {"\"name\":\"Cert", "\"name\":\"Other\",\"name\":\"Cert"},
        {"\"name\":\"Cert", "\"description\":null,\"name\":\"Cert"},
        {"\"name\":\"Cert", "\"evidence\":[],\"name\":\"Cert"},
        {"\"name\":\"Cert", "\"@type\":\"VerifiableCredential\",\"name\":\"Cert"},
        {"context-3.0.3.json\"]", "context-3.0.3.json\",\"https://evil.example/c\"]"},
        {"context-3.0.3.json\"]", "context-3.0.3.json\",{\"x\":\"https://x/\"}]"},
        {"\"https://www.w3.org/ns/credentials/v2\",", ""},
        {"context-3.0.3.json", "context-3.0.2.json"},
        {"[\"Profile\"]", "\"Profile\""},
        {"[\"Profile\"]", "[\"Profile\",\"Profile\"]"},
        {"[\"VerifiableCredential\",\"OpenBadgeCredential\"]",
         "[\"OpenBadgeCredential\",\"VerifiableCredential\"]"},
        {"\"hashed\":false", "\"hashed\":\"false\""},
        {"\"hashed\":false", "\"hashed\":true"},
        {"\"hashed\":false", "\"hashed\":false,\"salt\":\"x\""},
        {"\"version\":\"3\"", "\"version\":3"},
        {"\"proof\":{", "\"proof\":{\"expires\":\"2030-01-01T00:00:00Z\","},
        {"\"proof\":{", "\"proof\":{\"@context\":\"https://www.w3.org/ns/credentials/v2\","},
        {"\"cryptosuite\":\"eddsa-rdfc-2022\"", "\"cryptosuite\":\"eddsa-jcs-2022\""},
        {"\"identifier\":[", "\"identifier\":[[],"},
        {"\"statusPurpose\":\"revocation\"", "\"statusPurpose\":\"suspension\""},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        struct verify_report r =
            check(with(json, changes[i][0], changes[i][1]), did(), good_list(), LATER);
        assert_int_equal(r.verdict, VERDICT_INVALID);
        assert_string_equal(r.steps[r.step_count - 1].name, "shape");
        assert_true(strlen(r.steps[r.step_count - 1].detail) > 10);
    }
}

static void the_twin_too_has_one_exact_shape(void **state)
{
    (void)state;
    const char *json = twin_as(issuer, issue());
    const char *context = strstr(strstr(json, "\"proof\""), "\"@context\"");
    const char *whole =
        arena_strndup(arena, context, (size_t)(strstr(context, "],") + 2 - context));
    const char *changes[][2] = {
        {"\"name\":\"Cert", "\"nickname\":\"x\",\"name\":\"Cert"},
        {"\"name\":\"Cert", "\"n\\u0061me\":\"Other\",\"name\":\"Cert"},
        {"eddsa-jcs-2022", "eddsa-rdfc-2022"},
        {"eddsa-jcs-2022", "eddsa-jcs-2023"},
        {"\"proof\":{", "\"proof\":{\"expires\":\"2030-01-01T00:00:00Z\","},
        {"\"proof\":{", "\"proof\":{\"domain\":\"x\","},
        {whole, ""},
        {whole, "\"@context\":[\"https://www.w3.org/ns/credentials/v2\"],"},
        {whole, "\"@context\":\"https://www.w3.org/ns/credentials/v2\","},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        /* the proof's own context is the second one in the text */
        const char *proof = strstr(json, "\"proof\"");
        const char *changed = i < 6 ? with(json, changes[i][0], changes[i][1])
                                    : arena_printf(arena, "%.*s%s", (int)(proof - json), json,
                                                   with(proof, changes[i][0], changes[i][1]));
        struct verify_report r = check(changed, did(), good_list(), LATER);
        assert_int_equal(r.verdict, VERDICT_INVALID);
        assert_string_equal(r.steps[r.step_count - 1].name, "shape");
    }
    struct verify_report r = check(with(json, "Zoë", "Zoe"), did(), good_list(), LATER);
    assert_string_equal(r.steps[1].name, "signature");
    assert_int_equal(r.verdict, VERDICT_INVALID);
    assert_int_equal(verdict(json), VERDICT_VALID);
}

/* Well signed, and still not what a certificate is. */
static void the_issuers_own_signature_does_not_excuse_another_shape(void **state)
{
    (void)state;
#define EMAIL(n)                                                                                   \
    "{\"type\":\"IdentityObject\",\"identityHash\":\"sha256$" n                                    \
    "5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399\",\"identityType\":"          \
    "\"emailAddress\",\"hashed\":true,\"salt\":\"Kosher\"}"
    static const char *const changes[][2] = {
        {"\"url\":\"" ORIGIN "/\"", "\"url\":\"" ORIGIN "/other\""},
        {"v0123abcd#criteria", "v0123abcd#other"},
        {"v0123abcd#criteria", "v9999abcd#criteria"},
        {"/status/1#94567\"", "/status/1#94568\""},
        {"/status/1#94567\"", "/status/2#94567\""},
        {"\"id\":\"" ORIGIN "/certificates", "\"id\":\"https://evil.example/certificates"},
        {"\"validFrom\":\"2026-07-01T17:05:10Z\"", "\"validFrom\":\"2026-07-01T17:05:10.5Z\""},
        {"\"validFrom\":\"2026-07-01T17:05:10Z\"", "\"validFrom\":\"2026-07-01T17:05:10+00:00\""},
        {"\"validFrom\":\"2026-07-01T17:05:10Z\"", "\"validFrom\":\"2026-02-30T17:05:10Z\""},
        {"\"hashed\":false}]", "\"hashed\":false}," EMAIL("b") "," EMAIL("c") "]"},
        {"\"identityType\":\"ext:name\"", "\"identityType\":\"emailAddress\""},
        {"\"statusListIndex\":\"94567\"", "\"statusListIndex\":\"094567\""},
        {"urn:uuid:", "urn:uuid:0"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const char *json = signed_anew(issue(), NODE_CREDENTIAL, changes[i][0], changes[i][1]);
        struct verify_report r = check(json, did(), good_list(), LATER);
        assert_int_equal(r.verdict, VERDICT_INVALID);
        assert_string_equal(r.steps[0].name, "shape");
        assert_false(r.steps[0].ok);
    }
    /* The same way of signing, with a change that is allowed. */
    const char *json = signed_anew(issue(), NODE_CREDENTIAL, "\"hashed\":false}]",
                                   "\"hashed\":false}," EMAIL("b") "]");
    assert_int_equal(verdict(json), VERDICT_VALID);
    static const char *const list_changes[][2] = {
        {"/v2\"]", "/v2\",\"https://evil.example/c\"]"},
        {"/status/1#list\"", "/status/1#other\""},
        {"/status/1\",\"type\"", "/status/2\",\"type\""},
        {"\"validUntil\":\"2026-07-08T17:05:10Z\"", "\"validUntil\":\"2036-07-08T17:05:10.0Z\""},
    };
    for (size_t i = 0; i < sizeof list_changes / sizeof list_changes[0]; i++) {
        const char *list =
            signed_anew(good_list(), NODE_LIST_CREDENTIAL, list_changes[i][0], list_changes[i][1]);
        assert_int_equal(check(issue(), did(), list, LATER).verdict, VERDICT_STATUS_UNKNOWN);
    }
}

static void a_list_of_another_number_is_not_ours(void **state)
{
    (void)state;
    struct error e = {0};
    const char *list = NULL;
    uint8_t *bits = arena_alloc(arena, STATUS_LIST_BYTES);
    assert_int_equal(
        issuer_sign_status_list(issuer, 2, bits, STATUS_LIST_BYTES, ISSUED, arena, &list, &e), 0);
    assert_int_equal(check(issue(), did(), list, LATER).verdict, VERDICT_STATUS_UNKNOWN);
}

static void order_and_white_space_mean_nothing(void **state)
{
    (void)state;
    const char *json = issue();
    const char *name = "\"name\":\"Certificate of Completion: Inclusive Teaching Foundations\",";
    const char *moved = with(with(json, name, ""), "{\"@context\"",
                             arena_printf(arena, " {\n %s \"@context\"", name));
    assert_int_equal(verdict(json), VERDICT_VALID);
    assert_int_equal(verdict(moved), VERDICT_VALID);
}

static void what_is_no_certificate_is_invalid(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",   "{}",         "[]",
        "\"", "null",       "{\"issuer\":{\"id\":\"did:web:a.example\"}}",
        "[[", "%PDF-1.7\n", "{\"issuer\":5}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(verdict(texts[i]), VERDICT_INVALID);
    char *large = arena_alloc(arena, CREDENTIAL_MAX_BYTES + 2);
    memset(large, ' ', CREDENTIAL_MAX_BYTES + 1);
    assert_int_equal(verdict(large), VERDICT_INVALID);
    memcpy(large, issue(), strlen(issue())); /* a good one, with a long tail of spaces */
    assert_int_equal(verdict(large), VERDICT_INVALID);
    char *deep = arena_alloc(arena, 60001);
    memset(deep, '[', 60000);
    assert_int_equal(verdict(deep), VERDICT_INVALID);
}

static void without_a_trusted_did_document_the_key_is_not_confirmed(void **state)
{
    (void)state;
    struct verify_report r = check(issue(), NULL, good_list(), LATER);
    assert_int_equal(r.verdict, VERDICT_KEY_UNCONFIRMED);
    assert_int_equal(strlen(r.fingerprint), 39);
    assert_non_null(strstr(r.words, r.fingerprint));
    assert_non_null(strstr(r.words, "train.example.edu"));
    assert_string_equal(r.holder, "Zoë Nguyễn-O’Brien");
}

static void a_foreign_key_under_our_name_is_not_confirmed(void **state)
{
    (void)state;
    struct claims c = sample_claims();
    struct issuer *forger = open_issuer("other", ORIGIN);
    const char *forged = issue_as(forger, &c);
    assert_int_equal(verdict(forged), VERDICT_KEY_UNCONFIRMED);
    /* Their own did document under our did is not what the caller trusts; ours is. */
    assert_int_equal(check(forged, did(), list_as(forger, -1, ISSUED), LATER).verdict,
                     VERDICT_KEY_UNCONFIRMED);
    /* Our certificate, with their key named: the signature does not fit. */
    assert_int_equal(
        verdict(with(issue(), issuer_key_id(issuer, arena), issuer_key_id(forger, arena))),
        VERDICT_INVALID);
    issuer_free(forger);
}

static void a_did_document_confirms_only_what_it_says(void **state)
{
    (void)state;
    const char *json = issue(), *document = did(), *key = issuer_key_id(issuer, arena);
    static const char *const changes[][2] = {
        {"\"id\":\"did:web:train.example.edu\"", "\"id\":\"did:web:other.example.edu\""},
        {"\"assertionMethod\":[", "\"authentication\":["},
        {"\"type\":\"Multikey\"", "\"type\":\"JsonWebKey\""},
        {"\"controller\":\"did:web:train", "\"controller\":\"did:web:other"},
        {"\"type\":\"Multikey\"", "\"type\":\"Multikey\",\"revoked\":\"2026-01-01T00:00:00Z\""},
        {"\"type\":\"Multikey\"", "\"type\":\"Multikey\",\"expires\":\"2036-01-01T00:00:00Z\""},
        {"\"verificationMethod\":[", "\"keys\":["},
        {"{", "[{"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const char *changed = with(document, changes[i][0], changes[i][1]);
        assert_int_equal(check(json, changed, good_list(), LATER).verdict, VERDICT_KEY_UNCONFIRMED);
    }
    struct verify_report r = check(json, with(document, changes[0][0], changes[0][1]), NULL, LATER);
    assert_string_equal(r.steps[2].detail, "the did document given is another issuer's");
    const char *only_id = with(document, arena_printf(arena, "\"publicKeyMultibase\":\"%s\"", key),
                               "\"publicKeyMultibase\":\"z6Mk\"");
    assert_int_equal(check(json, only_id, good_list(), LATER).verdict, VERDICT_KEY_UNCONFIRMED);
    assert_int_equal(check(json, "", good_list(), LATER).verdict, VERDICT_KEY_UNCONFIRMED);
}

static void the_status_list_is_read_at_both_ends(void **state)
{
    (void)state;
    static const int64_t places[] = {0, 7, 8, 131071};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct claims c = sample_claims();
        c.status_index = places[i];
        const char *json = issue_as(issuer, &c);
        int64_t next = places[i] ? places[i] - 1 : 1;
        assert_int_equal(check(json, did(), list_as(issuer, places[i], ISSUED), LATER).verdict,
                         VERDICT_REVOKED);
        assert_int_equal(check(json, did(), list_as(issuer, next, ISSUED), LATER).verdict,
                         VERDICT_VALID);
    }
    struct claims beyond = sample_claims();
    beyond.status_index = 131072;
    assert_int_equal(check(issue_as(issuer, &beyond), did(), good_list(), LATER).verdict,
                     VERDICT_STATUS_UNKNOWN);
}

static void a_missing_stale_or_forged_list_never_says_valid(void **state)
{
    (void)state;
    const char *json = issue();
    struct issuer *forger = open_issuer("other", ORIGIN);
    struct issuer *elsewhere = open_issuer("other", "https://other.example.edu");
    const char *lists[] = {
        NULL,
        "",
        "{}",
        list_as(forger, -1, ISSUED),
        list_as(elsewhere, -1, ISSUED),
        list_as(issuer, -1, LATER + VERIFY_CLOCK_TOLERANCE + INSTANT_SECOND),
        with(good_list(), "/status/1\"", "/status/2\""),
        with(good_list(), "revocation", "suspension"),
        with(good_list(), "2026-07-08", "2036-07-08"),
        with(list_as(issuer, 94567, ISSUED), "AAAAA", "AAAAB"),
        with(good_list(), "\"issuer\"", "\"ttl\":300000,\"issuer\""),
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        assert_int_equal(check(json, did(), lists[i], LATER).verdict, VERDICT_STATUS_UNKNOWN);
    struct verify_report r = check(json, did(), good_list(), ISSUED + 7 * INSTANT_DAY);
    assert_int_equal(r.verdict, VERDICT_STATUS_UNKNOWN);
    assert_string_equal(r.words, "Genuine; not revoked as of 2026-07-01; present status unknown.");
    assert_int_equal(check(json, did(), good_list(), ISSUED + 7 * INSTANT_DAY - 1).verdict,
                     VERDICT_VALID);
    issuer_free(forger);
    issuer_free(elsewhere);
}

static void a_list_of_a_million_values_is_not_read(void **state)
{
    (void)state;
    enum { LONG = STATUS_FILE_MAX_BYTES - 1 };
    static const char *const pieces[] = {"[]", "0", "{}", "\"\""};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        size_t n = strlen(pieces[i]), at = 1;
        char *list = arena_alloc(arena, LONG + 1);
        list[0] = '[';
        for (; at + n + 2 < LONG; at += n + 1) {
            memcpy(list + at, pieces[i], n);
            list[at + n] = ',';
        }
        list[at - 1] = ']';
        struct verify_report r = check(issue(), did(), list, LATER);
        assert_int_equal(r.verdict, VERDICT_STATUS_UNKNOWN);
        assert_non_null(strstr(r.steps[r.step_count - 1].detail, "more than 100 values"));
    }
}

static void a_list_signed_with_an_earlier_key_of_the_issuer_counts(void **state)
{
    (void)state;
    struct error e = {0};
    const char *list = good_list();
    const char *keys = arena_printf(arena, "%s/keys", folder);
    assert_int_equal(
        key_create(keys, KEY_ACTIVE, NULL, INT64_C(9000000000) * INSTANT_SECOND, NULL, &e), 0);
    struct issuer *rotated = open_issuer("keys", ORIGIN);
    struct claims c = sample_claims();
    const char *json = issue_as(rotated, &c);
    assert_string_not_equal(issuer_key_id(rotated, arena), issuer_key_id(issuer, arena));
    assert_int_equal(check(json, issuer_did_document(rotated, arena), list, LATER).verdict,
                     VERDICT_VALID);
    issuer_free(rotated);
}

static const char *gzipped(uint8_t *bytes, uInt n)
{
    uLong bound = compressBound(n) + 64;
    uint8_t *packed = calloc(1, bound);
    z_stream z = {.next_in = bytes, .avail_in = n, .next_out = packed};
    z.avail_out = (uInt)bound;
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + 16, 8, 0), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    const char *text = arena_printf(arena, "u%s", base64url_encode(arena, packed, z.total_out));
    deflateEnd(&z);
    free(packed);
    return text;
}

static void a_list_that_does_not_unpack_to_its_size_is_unknown(void **state)
{
    (void)state;
    enum { HUGE_LIST = 64 << 20 };
    uint8_t *zeros = calloc(1, HUGE_LIST);
    const char *bomb = gzipped(zeros, HUGE_LIST);
    free(zeros);
    struct error e = {0};
    uint8_t *bits = arena_alloc(arena, STATUS_LIST_BYTES);
    const char *good = status_list_encode(arena, bits, STATUS_LIST_BYTES, &e);
    struct claims first = sample_claims();
    first.status_index = 0; /* so that even the shortest list has its bit */
    uint8_t nothing[100] = {0};
    const char *texts[] = {bomb,
                           gzipped(nothing, sizeof nothing),
                           "uAAAA",
                           "u",
                           "z111",
                           "uH4sIAAAAAAACAwMAAAAAAAAAAAA", /* gzip of nothing */
                           arena_strndup(arena, good, strlen(good) - 8),
                           arena_printf(arena, "%sAAAA", good)};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_int_equal(
            check(issue_as(issuer, &first), did(), list_holding(texts[i]), LATER).verdict,
            VERDICT_STATUS_UNKNOWN);
    assert_int_equal(check(issue(), did(), list_holding(good), LATER).verdict, VERDICT_VALID);
}

static void dates_decide_after_the_signature(void **state)
{
    (void)state;
    struct claims c = sample_claims();
    c.valid_until = LATER + INSTANT_DAY;
    const char *json = issue_as(issuer, &c);
    const char *list = good_list();
    assert_int_equal(check(json, did(), list, LATER).verdict, VERDICT_VALID);
    assert_int_equal(check(json, did(), list, LATER + INSTANT_DAY).verdict, VERDICT_EXPIRED);
    assert_int_equal(check(json, did(), list, LATER + INSTANT_DAY - 1).verdict, VERDICT_VALID);
    assert_false(check(json, did(), list, LATER + INSTANT_DAY).early);
    instant early = ISSUED - VERIFY_CLOCK_TOLERANCE - INSTANT_SECOND;
    struct verify_report r = check(json, did(), list, early);
    assert_int_equal(r.verdict, VERDICT_EXPIRED);
    assert_true(r.early);
    assert_string_equal(r.words, "Genuine, but not valid before 2026-07-01.");
}

static void a_slow_clock_is_pardoned_five_minutes_at_the_beginning_only(void **state)
{
    (void)state;
    struct claims c = sample_claims();
    c.valid_until = ISSUED + INSTANT_DAY;
    const char *json = issue_as(issuer, &c);
    instant slow = ISSUED - 5 * INSTANT_MINUTE;
    assert_int_equal(check(json, did(), good_list(), slow).verdict, VERDICT_VALID);
    assert_int_equal(check(json, did(), good_list(), slow - INSTANT_SECOND).verdict,
                     VERDICT_EXPIRED);
    const char *newer = list_as(issuer, -1, LATER);
    assert_int_equal(check(json, did(), newer, LATER - 5 * INSTANT_MINUTE).verdict, VERDICT_VALID);
    assert_int_equal(check(json, did(), newer, LATER - 5 * INSTANT_MINUTE - INSTANT_SECOND).verdict,
                     VERDICT_STATUS_UNKNOWN);
    assert_int_equal(check(json, did(), good_list(), c.valid_until).verdict, VERDICT_EXPIRED);
}

static void the_issuers_own_records_speak_where_there_is_no_list(void **state)
{
    (void)state;
    static const struct {
        enum list_says records, list;
        enum verdict verdict;
    } cases[] = {
        {LIST_NOTHING, LIST_NOTHING, VERDICT_STATUS_UNKNOWN},
        {LIST_CLEAR, LIST_NOTHING, VERDICT_VALID},
        {LIST_REVOKED, LIST_NOTHING, VERDICT_REVOKED},
        {LIST_CLEAR, LIST_REVOKED, VERDICT_REVOKED}, /* what is signed is heard first */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error e = {0};
        struct verify_report r;
        const char *json = issue(), *keys = did();
        const char *list = cases[i].list ? list_as(issuer, 94567, ISSUED) : NULL;
        struct verify_input in = {.credential = json,
                                  .credential_length = strlen(json),
                                  .did_document = keys,
                                  .did_length = strlen(keys),
                                  .status_list = list,
                                  .status_length = list ? strlen(list) : 0,
                                  .records = cases[i].records,
                                  .at = LATER};
        assert_int_equal(credential_verify(&in, arena, &r, &e), 0);
        assert_int_equal(r.verdict, cases[i].verdict);
        in.did_document = NULL; /* they are the issuer's, and prove nothing of the key */
        assert_int_equal(credential_verify(&in, arena, &r, &e), 0);
        assert_int_equal(r.verdict, VERDICT_KEY_UNCONFIRMED);
    }
}

static void the_worst_trouble_is_the_verdict(void **state)
{
    (void)state;
    struct claims c = sample_claims();
    c.valid_until = LATER;
    const char *json = issue_as(issuer, &c), *revoked = list_as(issuer, 94567, ISSUED);
    const char *broken = with(json, "Eight", "Seven");
    instant end = LATER + 30 * INSTANT_DAY;
    assert_int_equal(check(broken, NULL, NULL, end).verdict, VERDICT_INVALID);
    assert_int_equal(check(json, NULL, revoked, end).verdict, VERDICT_KEY_UNCONFIRMED);
    assert_int_equal(check(json, did(), revoked, end).verdict, VERDICT_REVOKED); /* and stale */
    assert_int_equal(check(json, did(), NULL, end).verdict, VERDICT_EXPIRED);
    assert_int_equal(check(json, did(), NULL, ISSUED).verdict, VERDICT_STATUS_UNKNOWN);
    assert_int_equal(check(json, did(), good_list(), ISSUED).verdict, VERDICT_VALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        TEST(any_flipped_bit_is_refused),
        TEST(only_the_exact_shape_is_read),
        TEST(the_twin_too_has_one_exact_shape),
        TEST(the_issuers_own_signature_does_not_excuse_another_shape),
        TEST(a_list_of_another_number_is_not_ours),
        TEST(order_and_white_space_mean_nothing),
        TEST(what_is_no_certificate_is_invalid),
        TEST(without_a_trusted_did_document_the_key_is_not_confirmed),
        TEST(a_foreign_key_under_our_name_is_not_confirmed),
        TEST(a_did_document_confirms_only_what_it_says),
        TEST(the_status_list_is_read_at_both_ends),
        TEST(a_missing_stale_or_forged_list_never_says_valid),
        TEST(a_list_signed_with_an_earlier_key_of_the_issuer_counts),
        TEST(a_list_that_does_not_unpack_to_its_size_is_unknown),
        TEST(dates_decide_after_the_signature),
        TEST(a_slow_clock_is_pardoned_five_minutes_at_the_beginning_only),
        TEST(a_list_of_a_million_values_is_not_read),
        TEST(the_issuers_own_records_speak_where_there_is_no_list),
        TEST(the_worst_trouble_is_the_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
