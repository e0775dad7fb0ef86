/* A PDF with a certificate attached. What is found is never more than a certificate may have. */
#include "credential/open.h"
#include "fuzz.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct error e = {0};
    struct opened out = {0};
    char *bytes = malloc(size ? size : 1); /* exactly so long: one byte beyond is seen */
    require(bytes != NULL);
    memcpy(bytes, data, size);
    if (credential_open_pdf(bytes, size, a, &out, &e) == 0) {
        require(out.credential && out.credential_length <= CREDENTIAL_MAX_BYTES);
        size_t sum = 0; /* every byte of it can be read */
        for (size_t i = 0; i < out.credential_length; i++)
            sum += (unsigned char)out.credential[i];
        require(sum <= out.credential_length * 255);
    } else {
        require(e.message[0] && (e.kind == ERROR_INVALID || e.kind == ERROR_NOT_FOUND));
    }
    free(bytes);
    arena_free(a);
    return 0;
}
