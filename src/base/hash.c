/* These need no sodium_init to be right; after it (main calls it) they are faster. */
#include "base/hash.h"
#include <assert.h>
#include <sodium.h>

static_assert(crypto_generichash_BYTES == HASH_BYTES, "BLAKE2b-256");
static_assert(crypto_hash_sha256_BYTES == HASH_BYTES, "SHA-256");

void hash_blake2b(const void *p, size_t n, uint8_t out[HASH_BYTES])
{
    crypto_generichash(out, HASH_BYTES, p, n, NULL, 0);
}

void hash_sha256(const void *p, size_t n, uint8_t out[HASH_BYTES])
{
    crypto_hash_sha256(out, p, n);
}

void hash_keyed(const uint8_t key[32], const void *p, size_t n, uint8_t out[HASH_BYTES])
{
    crypto_generichash(out, HASH_BYTES, p, n, key, 32);
}

void hash_hex(const uint8_t hash[HASH_BYTES], char out[2 * HASH_BYTES + 1])
{
    sodium_bin2hex(out, 2 * HASH_BYTES + 1, hash, HASH_BYTES);
}

bool bytes_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}
