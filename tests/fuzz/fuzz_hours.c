/*
 * The hours of a credit from elsewhere, as somebody typed them. What is taken lies in its bounds,
 * and written out it is read as the same.
 */
#include "base/text.h"
#include "fuzz.h"
#include "learning/transcript.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    const char *text = arena_strndup(a, (const char *)data, size);
    int64_t hours = -1, again = -1;
    if (credit_hours_read(text, &hours)) {
        require(hours >= 1 && hours <= CREDIT_HOURS_MAX);
        require(strlen(text) <= 7 && strspn(text, "0123456789.,") == strlen(text));
        const char *words = credit_hours_words(a, hours);
        require(credit_hours_read(words, &again) && again == hours);
        require(strcmp(credit_hours_words(a, again), words) == 0);
    }
    arena_free(a);
    return 0;
}
