/*
 * The name that somebody wants on a certificate. What is taken is one line of text without anything
 * that turns or hides; what is not says what to change.
 */
#include "base/arena.h"
#include "base/text.h"
#include "credential/issuer.h"
#include "fuzz.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct error e = {0};
    const char *name = arena_strndup(a, (const char *)data, size);
    if (certificate_name_check(name, &e) == 0) {
        size_t count = 0;
        require(text_is_line(name, strlen(name)));
        for (const char *s = name; *s; count++) {
            uint32_t c = text_next(&s);
            require(c >= 0x20 && !(c >= 0x202A && c <= 0x202E) && !(c >= 0x2066 && c <= 0x2069));
        }
        require(count >= 1 && count <= 120);
    } else {
        require(e.kind == ERROR_INVALID && strcmp(e.field, "certificate_name") == 0 && *e.message);
    }
    arena_free(a);
    return 0;
}
