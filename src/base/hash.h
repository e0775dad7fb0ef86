/* Hashes and constant-time comparison (libsodium). */
#ifndef BASE_HASH_H
#define BASE_HASH_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HASH_BYTES 32

void hash_blake2b(const void *p, size_t n, uint8_t out[HASH_BYTES]); /* BLAKE2b-256, RFC 7693 */
void hash_sha256(const void *p, size_t n, uint8_t out[HASH_BYTES]);  /* FIPS 180-4 */
/* Keyed BLAKE2b-256; key of 32 bytes. */
void hash_keyed(const uint8_t key[32], const void *p, size_t n, uint8_t out[HASH_BYTES]);
/* In lower-case hexadecimal, ended by NUL. */
void hash_hex(const uint8_t hash[HASH_BYTES], char out[2 * HASH_BYTES + 1]);
bool bytes_equal(const void *a, const void *b, size_t n); /* in constant time */

#endif
