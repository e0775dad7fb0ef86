/* Bytes go out as text and come back the same, or not at all. */
#include "base/encode.h"
#include "base/random.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void hexadecimal(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    uint8_t out[3];
    assert_string_equal(hex_encode(a, "\x00\xAB\x7f", 3), "00ab7f");
    assert_string_equal(hex_encode(a, "", 0), "");
    assert_true(hex_decode("00AB7f", out, 3));
    assert_memory_equal(out, "\x00\xAB\x7F", 3);
    assert_false(hex_decode("00ab7", out, 3));
    assert_false(hex_decode("00ab7f0", out, 3));
    assert_false(hex_decode("00ab7g", out, 3));
    assert_false(hex_decode("", out, 3));
    arena_free(a);
}

static void base64url_of_rfc_4648(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xFB\xFF\xFE", "-__-"}};
    struct arena *a = arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n = 99, length = strlen(cases[i][0]);
        assert_string_equal(base64url_encode(a, cases[i][0], length), cases[i][1]);
        uint8_t *back = base64url_decode(a, cases[i][1], strlen(cases[i][1]), &n);
        assert_non_null(back);
        assert_int_equal(n, length);
        assert_memory_equal(back, cases[i][0], length);
    }
    arena_free(a);
}

static void base64_of_rfc_4648(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"},
                                           {"\xFB\xFF\xFE", "+//+"}};
    static const char *const bad[] = {
        "Zg", "Zg=", "Z", "Zh==", "-_8=", "Zm 9v", "Zm9v\n", "Zm9v====", "=", "\xFF\xFF\xFF\xFF"};
    struct arena *a = arena_create();
    size_t n = 99;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = strlen(cases[i][0]);
        assert_string_equal(base64_encode(a, cases[i][0], length), cases[i][1]);
        uint8_t *back = base64_decode(a, cases[i][1], strlen(cases[i][1]), &n);
        assert_non_null(back);
        assert_int_equal(n, length);
        assert_memory_equal(back, cases[i][0], length);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(base64_decode(a, bad[i], strlen(bad[i]), &n));
    arena_free(a);
}

static void base64url_has_one_form_only(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "Zg==",      "Zg=", "Z", "Zh", "+/8", "Zm 9v", "Zm9v\n", "Zm9vY", "\xFF\xFF\xFF\xFF",
        "Zm\xC3\xA9"};
    struct arena *a = arena_create();
    size_t n;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(base64url_decode(a, bad[i], strlen(bad[i]), &n));
    assert_null(base64url_decode(a, "Zm\0v", 4, &n));
    arena_free(a);
}

static void base58_of_the_draft(void **state)
{
    (void)state;
    /* draft-msporny-base58-03, section 5 */
    static const struct {
        const char *bytes;
        size_t n;
        const char *text;
    } cases[] = {
        {"Hello World!", 12, "2NEpo7TZRRrLZSi2U"},
        {"The quick brown fox jumps over the lazy dog.", 44,
         "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"},
        {"\x00\x00\x28\x7f\xb4\xcd", 6, "11233QC4"},
        {"", 0, ""},
        {"\x00", 1, "1"},
    };
    struct arena *a = arena_create();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n = 99;
        assert_string_equal(base58_encode(a, cases[i].bytes, cases[i].n), cases[i].text);
        uint8_t *back = base58_decode(a, cases[i].text, strlen(cases[i].text), &n);
        assert_non_null(back);
        assert_int_equal(n, cases[i].n);
        assert_memory_equal(back, cases[i].bytes, n);
    }
    arena_free(a);
}

static void base58_refuses_what_is_not(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    size_t n;
    assert_null(base58_decode(a, "0", 1, &n));
    assert_null(base58_decode(a, "I", 1, &n));
    assert_null(base58_decode(a, "O", 1, &n));
    assert_null(base58_decode(a, "l", 1, &n));
    assert_null(base58_decode(a, "2\0", 2, &n));
    char many[257];
    memset(many, 'z', sizeof many);
    assert_non_null(base58_decode(a, many, 256, &n));
    assert_null(base58_decode(a, many, 257, &n));
    arena_free(a);
}

static void any_bytes_come_back(void **state)
{
    (void)state;
    struct rng r;
    rng_seed(&r, 1);
    for (int round = 0; round < 200; round++) {
        struct arena *a = arena_create();
        uint8_t bytes[80];
        size_t n = rng_below(&r, 81), m = 0;
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)rng_next(&r);
        char *s = base58_encode(a, bytes, n);
        uint8_t *back = base58_decode(a, s, strlen(s), &m);
        assert_int_equal(m, n);
        assert_memory_equal(back, bytes, n);
        s = base64url_encode(a, bytes, n);
        back = base64url_decode(a, s, strlen(s), &m);
        assert_int_equal(m, n);
        assert_memory_equal(back, bytes, n);
        arena_free(a);
    }
}

static void crockford_of_known_numbers(void **state)
{
    (void)state;
    uint8_t bytes[16] = {0}, back[16];
    char text[27];
    crockford_encode(bytes, text);
    assert_string_equal(text, "00000000000000000000000000");
    bytes[15] = 33; /* 1 × 32 + 1 */
    crockford_encode(bytes, text);
    assert_string_equal(text, "00000000000000000000000011");
    memset(bytes, 0xFF, 16);
    crockford_encode(bytes, text);
    assert_string_equal(text, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    for (int i = 0; i < 16; i++)
        bytes[i] = (uint8_t)(i * 17 + 3);
    crockford_encode(bytes, text);
    assert_true(crockford_decode(text, back));
    assert_memory_equal(back, bytes, 16);
}

static void crockford_forgives_what_people_type(void **state)
{
    (void)state;
    uint8_t a[16], b[16];
    assert_true(crockford_decode("01ABCDEFGHJKMNPQRSTVWXYZ10", a));
    assert_true(crockford_decode("oiabcd-efgh-jkmn pqrs-tvwx-yzlO", b));
    assert_memory_equal(a, b, 16);
    assert_false(crockford_decode("01ABCDEFGHJKMNPQRSTVWXYZ1", a));   /* 25 */
    assert_false(crockford_decode("01ABCDEFGHJKMNPQRSTVWXYZ100", a)); /* 27 */
    assert_false(crockford_decode("U1ABCDEFGHJKMNPQRSTVWXYZ10", a));  /* no U */
    assert_false(crockford_decode("81ABCDEFGHJKMNPQRSTVWXYZ10", a));  /* 129 bits */
    assert_false(crockford_decode("", a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hexadecimal),
        cmocka_unit_test(base64url_of_rfc_4648),
        cmocka_unit_test(base64_of_rfc_4648),
        cmocka_unit_test(base64url_has_one_form_only),
        cmocka_unit_test(base58_of_the_draft),
        cmocka_unit_test(base58_refuses_what_is_not),
        cmocka_unit_test(any_bytes_come_back),
        cmocka_unit_test(crockford_of_known_numbers),
        cmocka_unit_test(crockford_forgives_what_people_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
