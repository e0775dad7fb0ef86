/* What the issuer signs, and what it will not. */
#include "credential/keys.h"
#include "test_credential_support.h"

static void the_same_claims_give_the_same_bytes_and_they_verify(void **state)
{
    (void)state;
    const char *json = issue();
    assert_string_equal(json, issue());
    assert_null(strpbrk(json, "\n\t"));
    struct verify_report r =
        check(json, issuer_did_document(issuer, arena), list_as(issuer, -1, ISSUED), LATER);
    assert_int_equal(r.verdict, VERDICT_VALID);
    assert_int_equal(r.step_count, 5);
    assert_string_equal(r.holder, "Zoë Nguyễn-O’Brien");
    assert_string_equal(r.title, "Certificate of Completion: Inclusive Teaching Foundations");
    assert_string_equal(r.issuer, "did:web:train.example.edu");
    assert_string_equal(r.awarded, "2026-07-01T17:05:09Z");
    assert_string_equal(r.version, "3");
    assert_null(r.valid_until);
}

static void it_records_completion_and_no_more(void **state)
{
    (void)state;
    cJSON *document = json_parse(issue(), strlen(issue()), NULL);
    const cJSON *subject = json_get(document, "credentialSubject");
    const cJSON *identifiers = json_get(subject, "identifier");
    assert_int_equal(cJSON_GetArraySize(identifiers), 1);
    assert_string_equal(json_string(identifiers->child, "identityType"), "ext:name");
    assert_string_equal(json_string(json_get(subject, "achievement"), "achievementType"),
                        "CertificateOfCompletion");
    assert_string_equal(json_string(json_get(subject, "achievement"), "id"),
                        ORIGIN "/courses/itf/v0123abcd");
    assert_null(json_get(document, "credentialSchema"));
    assert_null(strstr(issue(), "emailAddress"));
    cJSON_Delete(document);
}

static void a_trial_issues_demonstrations(void **state)
{
    (void)state;
    static const char *const trials[] = {"https://localhost", "https://localhost:8080",
                                         "https://127.0.0.1:8443"};
    struct claims c = sample_claims();
    for (size_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        struct issuer *trial = open_issuer("other", trials[i]);
        struct verify_report r = check(issue_as(trial, &c), NULL, NULL, LATER);
        assert_int_equal(strncmp(r.title, "Demonstration: Certificate", 26), 0);
        issuer_free(trial);
    }
    struct issuer *real = open_issuer("other", "https://localhost.example.edu");
    struct verify_report r = check(issue_as(real, &c), NULL, NULL, LATER);
    assert_int_equal(strncmp(r.title, "Certificate", 11), 0);
    issuer_free(real);
}

static void will_not_sign(const struct claims *c, const char *field)
{
    struct error e = {0};
    const char *json = NULL;
    assert_int_equal(issuer_sign(issuer, c, arena, &json, NULL, &e), -1);
    assert_int_equal(e.kind, ERROR_INVALID);
    assert_string_equal(e.field, field);
    assert_null(json);
}

static void what_cannot_be_signed_is_refused_by_name(void **state)
{
    (void)state;
#define REFUSE(member, value, field)                                                               \
    do {                                                                                           \
        struct claims c = sample_claims();                                                         \
        c.member = value;                                                                          \
        will_not_sign(&c, field);                                                                  \
    } while (0)
    REFUSE(certificate_uuid, "7B0D3C1E-8f0a-4c55-9f0e-3a8a6e2f9d11", "certificate_uuid");
    REFUSE(subject_uuid, "x", "subject_uuid");
    REFUSE(holder_name, "Ann\nLee", "certificate_name");
    REFUSE(holder_name, NULL, "certificate_name");
    REFUSE(title, "two\nlines", "title");
    REFUSE(title, "", "title");
    REFUSE(course, "a b", "course");
    REFUSE(course, "a/../b", "course");
    REFUSE(publication_hash, "x>", "publication_hash");
    REFUSE(course_title, "bell\a", "course_title");
    REFUSE(description, "tab\there", "description");
    REFUSE(description, "del\x7F", "description");
    REFUSE(version, NULL, "version");
    REFUSE(language, "en_GB", "language");
    REFUSE(criteria, "car\rriage", "criteria");
    REFUSE(criteria, "\xC3", "criteria");
    REFUSE(issued_at, -1, "issued_at");
    REFUSE(earned_at, INT64_MAX, "issued_at");
    REFUSE(status_index, -1, "status_index");
    REFUSE(checkpoint, "bad\x01", "checkpoint");
#undef REFUSE
}

static void hostile_but_legal_text_survives_as_it_is(void **state)
{
    (void)state;
    static const char *const names[] = {
        "\"}],\"x\":[{\"",       "a\\u0000b \\ \\n",
        "<https://x> \"y\" .",   "_:c14n0 _:a",
        "O'Neil & <Sons> {{x}}", "\xF0\x9D\x92\xB5\xF0\x9D\x91\x9C\xF0\x9D\x91\x92"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct claims c = sample_claims();
        c.holder_name = names[i];
        c.title = c.course_title = names[i];
        c.description = arena_printf(arena, "%s\n\n%s\n", names[i], names[i]);
        struct verify_report r =
            check(issue_as(issuer, &c), issuer_did_document(issuer, arena), NULL, LATER);
        assert_int_equal(r.verdict, VERDICT_STATUS_UNKNOWN);
        assert_string_equal(r.holder, names[i]);
        assert_string_equal(r.description, c.description);
    }
}

static void an_end_date_and_evidence_are_signed_when_given(void **state)
{
    (void)state;
    struct claims c = sample_claims();
    c.valid_until = ISSUED + 1000 * INSTANT_DAY;
    c.checkpoint_size = 7;
    c.checkpoint = "train.example.edu\n7\nAAAA\n\n\xE2\x80\x94 train.example.edu AAAA\n";
    const char *json = issue_as(issuer, &c), *did = issuer_did_document(issuer, arena);
    assert_non_null(strstr(json, ORIGIN "/log/checkpoint/7"));
    struct verify_report r = check(json, did, list_as(issuer, -1, ISSUED), LATER);
    assert_int_equal(r.verdict, VERDICT_VALID);
    assert_string_equal(r.valid_until, "2029-03-27T17:05:10Z");
    r = check(with(json, "\\n7\\n", "\\n8\\n"), did, list_as(issuer, -1, ISSUED), LATER);
    assert_int_equal(r.verdict, VERDICT_INVALID);
}

static cJSON *without_proof(const char *json)
{
    cJSON *document = json_parse(json, strlen(json), NULL);
    cJSON_DeleteItemFromObjectCaseSensitive(document, "proof");
    return document;
}

static void the_twin_says_the_same_and_protects_the_exact_json(void **state)
{
    (void)state;
    const char *json = issue(), *twin = twin_as(issuer, json);
    const char *did = issuer_did_document(issuer, arena);
    assert_string_equal(twin, twin_as(issuer, json));
    assert_non_null(strstr(twin, "\"cryptosuite\":\"eddsa-jcs-2022\",\"created\":"
                                 "\"2026-07-01T17:05:10Z\""));
    cJSON *first = without_proof(json), *second = without_proof(twin);
    assert_true(cJSON_Compare(first, second, true));
    cJSON_Delete(first);
    cJSON_Delete(second);
    struct verify_report r = check(twin, did, list_as(issuer, -1, ISSUED), LATER);
    assert_int_equal(r.verdict, VERDICT_VALID);
    assert_string_equal(r.holder, "Zoë Nguyễn-O’Brien");
}

static void only_own_certificates_have_twins(void **state)
{
    (void)state;
    struct error e = {0};
    const char *twin = NULL, *json = issue();
    struct issuer *forger = open_issuer("other", ORIGIN);
    struct claims c = sample_claims();
    const char *refused[] = {issue_as(forger, &c), with(json, "Zoë", "Zoe"), "{}", "",
                             with(json, "\"name\":\"Cert", "\"x\":\"y\",\"name\":\"Cert")};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_int_equal(issuer_sign_jcs(issuer, refused[i], strlen(refused[i]), arena, &twin, &e),
                         -1);
    assert_null(twin);
    issuer_free(forger);
}

/* The key of the frozen one is retired: the twin names the present key, and both are good. */
static void after_a_rotation_the_present_key_signs_the_twin(void **state)
{
    (void)state;
    struct error e = {0};
    const char *json = issue(), *keys = arena_printf(arena, "%s/keys", folder);
    assert_int_equal(
        key_create(keys, KEY_ACTIVE, NULL, INT64_C(9000000000) * INSTANT_SECOND, NULL, &e), 0);
    assert_int_equal(key_change(keys, issuer_key_id(issuer, arena), KEY_RETIRED, LATER, &e), 0);
    struct issuer *rotated = open_issuer("keys", ORIGIN);
    const char *did = issuer_did_document(rotated, arena), *list = list_as(rotated, -1, ISSUED);
    struct verify_report frozen = check(json, did, list, LATER);
    struct verify_report twin = check(twin_as(rotated, json), did, list, LATER);
    assert_int_equal(frozen.verdict, VERDICT_VALID);
    assert_int_equal(twin.verdict, VERDICT_VALID);
    assert_string_equal(frozen.key_id, issuer_key_id(issuer, arena));
    assert_string_equal(twin.key_id, issuer_key_id(rotated, arena));
    issuer_free(rotated);
}

static void a_compromised_keys_certificate_has_no_twin(void **state)
{
    (void)state;
    struct error e = {0};
    const char *json = issue(), *keys = arena_printf(arena, "%s/keys", folder), *twin = NULL;
    assert_int_equal(
        key_create(keys, KEY_ACTIVE, NULL, INT64_C(9000000000) * INSTANT_SECOND, NULL, &e), 0);
    assert_int_equal(key_change(keys, issuer_key_id(issuer, arena), KEY_COMPROMISED, LATER, &e), 0);
    struct issuer *rotated = open_issuer("keys", ORIGIN);
    assert_int_equal(issuer_sign_jcs(rotated, json, strlen(json), arena, &twin, &e), -1);
    issuer_free(rotated);
}

static void a_status_list_has_131072_bits_and_one_text(void **state)
{
    (void)state;
    struct error e = {0};
    uint8_t bits[64] = {0};
    const char *json = list_as(issuer, 5, ISSUED);
    assert_string_equal(json, list_as(issuer, 5, ISSUED));
    assert_non_null(strstr(json, "\"encodedList\":\"uH4sIAAAAAAA")); /* gzip, no time */
    assert_non_null(strstr(json, "\"validUntil\":\"2026-07-08T17:05:10Z\""));
    assert_null(strstr(json, "ttl"));
    assert_int_equal(
        issuer_sign_status_list(issuer, 1, bits, sizeof bits, ISSUED, arena, &json, &e), -1);
}

static void the_first_bit_is_the_left_most(void **state)
{
    (void)state;
    uint8_t *bits = arena_alloc(arena, STATUS_LIST_BYTES);
    status_list_set(bits, STATUS_LIST_BYTES, 0);
    status_list_set(bits, STATUS_LIST_BYTES, 131071);
    status_list_set(bits, STATUS_LIST_BYTES, 131072); /* beyond: nothing */
    assert_int_equal(bits[0], 0x80);
    assert_int_equal(bits[STATUS_LIST_BYTES - 1], 0x01);
    assert_true(status_list_bit(bits, STATUS_LIST_BYTES, 131071));
    assert_false(status_list_bit(bits, STATUS_LIST_BYTES, 131070));
    assert_false(status_list_bit(bits, STATUS_LIST_BYTES, 131072));
    assert_false(status_list_bit(bits, STATUS_LIST_BYTES, UINT64_MAX));
}

static void lists_written_by_others_are_read(void **state)
{
    (void)state;
    struct error e = {0};
    size_t length = 0;
    const uint8_t *bits = status_list_decode(
        arena, "uH4sIAAAAAAACA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA", &length,
        &e);
    assert_non_null(bits);
    assert_int_equal(length, STATUS_LIST_BYTES);
    for (size_t i = 0; i < length; i++)
        assert_int_equal(bits[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        TEST(the_same_claims_give_the_same_bytes_and_they_verify),
        TEST(it_records_completion_and_no_more),
        TEST(a_trial_issues_demonstrations),
        TEST(what_cannot_be_signed_is_refused_by_name),
        TEST(hostile_but_legal_text_survives_as_it_is),
        TEST(an_end_date_and_evidence_are_signed_when_given),
        TEST(the_twin_says_the_same_and_protects_the_exact_json),
        TEST(only_own_certificates_have_twins),
        TEST(after_a_rotation_the_present_key_signs_the_twin),
        TEST(a_compromised_keys_certificate_has_no_twin),
        TEST(a_status_list_has_131072_bits_and_one_text),
        TEST(the_first_bit_is_the_left_most),
        TEST(lists_written_by_others_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
