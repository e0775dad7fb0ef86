/* Base58, the multibase text of a key and the host of a did: refused, or the same once more. */
#include "base/encode.h"
#include "credential/did.h"
#include "fuzz.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct error e = {0};
    const char *text = arena_strndup(a, (const char *)data, size);
    size_t n = strlen(text), length = 0;
    uint8_t key[KEY_BYTES];
    const uint8_t *bytes = base58_decode(a, text, n, &length);
    if (bytes)
        require(strcmp(base58_encode(a, bytes, length), text) == 0);
    if (key_from_multibase(a, text, key)) {
        require(strcmp(key_multibase(a, key), text) == 0);
        require(strlen(key_fingerprint(a, key)) == 39);
    }
    const char *host = did_host(a, text);
    if (host) {
        const char *did = did_from_origin(a, arena_printf(a, "https://%s", host), &e);
        require(!did || strcmp(did, text) == 0);
    }
    arena_free(a);
    return 0;
}
