/* A bundle. What is found stays within its bounds, and there is always a certificate among it. */
#include "credential/open.h"
#include "fuzz.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct error e = {0};
    struct opened out = {0};
    if (credential_open_bundle((const char *)data, size, a, &out, &e) == 0) {
        require(out.credential && out.credential_length <= CREDENTIAL_MAX_BYTES);
        require(out.status.length <= STATUS_FILE_MAX_BYTES);
        const struct hint hints[] = {out.did, out.status, out.proof, out.consistency,
                                     out.checkpoint};
        for (size_t i = 0; i < sizeof hints / sizeof *hints; i++)
            require(hints[i].bytes ? !hints[i].bytes[hints[i].length] : !hints[i].length);
    } else {
        require(e.message[0] && (e.kind == ERROR_INVALID || e.kind == ERROR_NOT_FOUND));
    }
    arena_free(a);
    return 0;
}
