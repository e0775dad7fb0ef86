/* Bytes as text: hex, base64 (RFC 4648 §4) and base64url without padding (§5), base58btc, Crockford
 * base32. */
#ifndef BASE_ENCODE_H
#define BASE_ENCODE_H
#include "base/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

char *hex_encode(struct arena *a, const void *p, size_t n); /* lower case */
bool hex_decode(const char *s, uint8_t *out, size_t n);     /* exactly 2n digits */
int hex_value(char c);                                      /* of a digit; -1 for any other */

char *base64url_encode(struct arena *a, const void *p, size_t n);
uint8_t *base64url_decode(struct arena *a, const char *s, size_t n,
                          size_t *out_n);                                        /* NULL if not */
char *base64_encode(struct arena *a, const void *p, size_t n);                   /* with padding */
uint8_t *base64_decode(struct arena *a, const char *s, size_t n, size_t *out_n); /* NULL if not */

/* Bitcoin alphabet; leading zero bytes become '1'. Decoding is capped at 256 characters. */
char *base58_encode(struct arena *a, const void *p, size_t n);
uint8_t *base58_decode(struct arena *a, const char *s, size_t n, size_t *out_n); /* NULL if not */

/* 16 bytes as 26 Crockford base32 characters in upper case (130 bits, the first two zero). */
void crockford_encode(const uint8_t bytes[16], char out[27]);
/* Takes either case, I and L as 1, O as 0, and skips '-' and spaces; false if not 26 characters. */
bool crockford_decode(const char *s, uint8_t out[16]);

#endif
