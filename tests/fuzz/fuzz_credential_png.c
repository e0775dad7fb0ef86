/*
 * A picture with a certificate, as it is, and once more with the right CRC behind every chunk, so
 * that what lies behind the check is looked at, too. What is found lies within the picture.
 */
#include "credential/open.h"
#include "fuzz.h"
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void open_it(const char *bytes, size_t n, struct arena *a)
{
    struct error e = {0};
    struct opened out = {0};
    if (credential_open_png(bytes, n, a, &out, &e) != 0) {
        require(e.message[0] && (e.kind == ERROR_INVALID || e.kind == ERROR_NOT_FOUND));
        return;
    }
    require(out.credential >= bytes && out.credential + out.credential_length <= bytes + n);
    require(memmem(bytes, n, "openbadgecredential", 20) != NULL);
}

static void repair(char *bytes, size_t n)
{
    for (size_t at = 8; n - at >= 12;) {
        const uint8_t *head = (const uint8_t *)bytes + at;
        size_t length =
            (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
        if (length > n - at - 12)
            return;
        uLong crc = crc32(0, head + 4, (uInt)length + 4);
        for (int i = 0; i < 4; i++)
            bytes[at + 8 + length + (size_t)i] = (char)(uint8_t)(crc >> (24 - 8 * i));
        at += 12 + length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    char *bytes = malloc(size ? size : 1); /* exactly so long: one byte beyond is seen */
    require(bytes != NULL);
    memcpy(bytes, data, size);
    open_it(bytes, size, a);
    if (size > 8)
        repair(bytes, size);
    open_it(bytes, size, a);
    free(bytes);
    arena_free(a);
    return 0;
}
