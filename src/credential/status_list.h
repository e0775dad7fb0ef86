/*
 * Bitstring Status List v1.0: 131,072 bits or more, bit 0 the left-most (0x80 of byte 0), gzip,
 * base64url with the multibase prefix "u".
 */
#ifndef CREDENTIAL_STATUS_LIST_H
#define CREDENTIAL_STATUS_LIST_H
#include "base/arena.h"
#include "base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATUS_LIST_BITS      131072
#define STATUS_LIST_BYTES     (STATUS_LIST_BITS / 8)
#define STATUS_LIST_MAX_BYTES ((size_t)1 << 20) /* what we unpack at most */

/* encodedList of `length` bytes; the same bytes give the same text (no time in the gzip header). */
char *status_list_encode(struct arena *a, const uint8_t *bits, size_t length, struct error *e);

/* The bits of an encodedList, or NULL and e: not multibase, not one whole gzip member, fewer than
 * STATUS_LIST_BYTES or more than STATUS_LIST_MAX_BYTES once unpacked. */
uint8_t *status_list_decode(struct arena *a, const char *text, size_t *length, struct error *e);

bool status_list_bit(const uint8_t *bits, size_t length, uint64_t index); /* false beyond the end */
void status_list_set(uint8_t *bits, size_t length, uint64_t index);

#endif
