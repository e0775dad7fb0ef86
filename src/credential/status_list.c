#include "credential/status_list.h"
#include "base/encode.h"
#include <string.h>
#include <zlib.h>

#define GZIP (MAX_WBITS + 16) /* zlib: "add 16 to write a gzip header"; mtime stays 0 */

char *status_list_encode(struct arena *a, const uint8_t *bits, size_t length, struct error *e)
{
    z_stream z = {0};
    if (length < STATUS_LIST_BYTES || length > STATUS_LIST_MAX_BYTES) {
        error_set(e, ERROR_INTERNAL, "a status list of %zu bytes cannot be written", length);
        return NULL;
    }
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        error_set(e, ERROR_INTERNAL, "zlib cannot start");
        return NULL;
    }
    size_t size = deflateBound(&z, length);
    uint8_t *packed = arena_alloc(a, size);
    uint8_t *copy = arena_memdup(a, bits, length);
    z.next_in = copy;
    z.avail_in = (uInt)length;
    z.next_out = packed;
    z.avail_out = (uInt)size;
    int end = deflate(&z, Z_FINISH);
    size_t n = z.total_out;
    deflateEnd(&z);
    if (end != Z_STREAM_END) {
        error_set(e, ERROR_INTERNAL, "zlib cannot pack a status list");
        return NULL;
    }
    return arena_printf(a, "u%s", base64url_encode(a, packed, n));
}

/* One whole gzip member, in `room` bytes or less: 1 and *length; 0 there is more; -1 it is none. */
static int unpack(const uint8_t *packed, size_t n, uint8_t *bits, size_t room, size_t *length)
{
    z_stream z = {.next_in = (uint8_t *)(uintptr_t)packed,
                  .avail_in = (uInt)n,
                  .next_out = bits,
                  .avail_out = (uInt)room};
    if (inflateInit2(&z, GZIP) != Z_OK)
        return -1;
    int end = inflate(&z, Z_FINISH);
    bool whole = end == Z_STREAM_END && z.avail_in == 0;
    bool full = end == Z_BUF_ERROR && z.avail_out == 0;
    *length = z.total_out;
    inflateEnd(&z);
    return whole ? 1 : full ? 0 : -1;
}

uint8_t *status_list_decode(struct arena *a, const char *text, size_t *length, struct error *e)
{
    /* Nearly every list is of the least length. */
    static const size_t rooms[] = {STATUS_LIST_BYTES, STATUS_LIST_MAX_BYTES};
    size_t n = 0, characters = strlen(text);
    uint8_t *bits = NULL;
    if (text[0] != 'u' || characters > 2 * STATUS_LIST_MAX_BYTES) {
        error_set(e, ERROR_INVALID, "the list is not in base64url");
        return NULL;
    }
    uint8_t *packed = base64url_decode(a, text + 1, characters - 1, &n);
    if (!packed) {
        error_set(e, ERROR_INVALID, "the list is not in base64url");
        return NULL;
    }
    int result = 0;
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms && result == 0; i++) {
        bits = arena_alloc(a, rooms[i]);
        result = unpack(packed, n, bits, rooms[i], length);
    }
    if (result != 1) {
        error_set(e, ERROR_INVALID, "the list is not one whole gzip file of at most 1 MiB");
        return NULL;
    }
    if (*length < STATUS_LIST_BYTES) {
        error_set(e, ERROR_INVALID, "the list has fewer than %d bits", STATUS_LIST_BITS);
        return NULL;
    }
    return bits;
}

bool status_list_bit(const uint8_t *bits, size_t length, uint64_t index)
{
    return index / 8 < length && (bits[index / 8] & (0x80u >> (index % 8)));
}

void status_list_set(uint8_t *bits, size_t length, uint64_t index)
{
    if (index / 8 < length)
        bits[index / 8] = (uint8_t)(bits[index / 8] | (0x80u >> (index % 8)));
}
