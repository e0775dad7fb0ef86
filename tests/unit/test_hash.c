/* The hashes are the ones the standards name. */
#include "base/encode.h"
#include "base/hash.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void is(const uint8_t hash[HASH_BYTES], const char *hex)
{
    uint8_t expected[HASH_BYTES];
    assert_true(hex_decode(hex, expected, HASH_BYTES));
    assert_memory_equal(hash, expected, HASH_BYTES);
}

static void sha256_of_fips_180(void **state)
{
    (void)state;
    uint8_t out[HASH_BYTES];
    hash_sha256("abc", 3, out);
    is(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    hash_sha256("", 0, out);
    is(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void blake2b_of_256_bits(void **state)
{
    (void)state;
    uint8_t out[HASH_BYTES];
    hash_blake2b("", 0, out);
    is(out, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    hash_blake2b("abc", 3, out);
    is(out, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static void the_key_and_the_text_both_count(void **state)
{
    (void)state;
    uint8_t key[32] = {1}, other[32] = {2}, plain[HASH_BYTES], a[HASH_BYTES], b[HASH_BYTES];
    hash_blake2b("abc", 3, plain);
    hash_keyed(key, "abc", 3, a);
    hash_keyed(key, "abc", 3, b);
    assert_memory_equal(a, b, HASH_BYTES);
    assert_memory_not_equal(a, plain, HASH_BYTES);
    hash_keyed(other, "abc", 3, b);
    assert_memory_not_equal(a, b, HASH_BYTES);
    hash_keyed(key, "abd", 3, b);
    assert_memory_not_equal(a, b, HASH_BYTES);
}

static void equal_bytes_are_equal(void **state)
{
    (void)state;
    assert_true(bytes_equal("abc", "abc", 3));
    assert_false(bytes_equal("abc", "abd", 3));
    assert_true(bytes_equal("abc", "abd", 2));
    assert_true(bytes_equal("", "x", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_fips_180),
        cmocka_unit_test(blake2b_of_256_bits),
        cmocka_unit_test(the_key_and_the_text_both_count),
        cmocka_unit_test(equal_bytes_are_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
