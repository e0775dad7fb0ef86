/* references.md from outside: see fuzz_course_support.h. */
#include "course/reader.h"
#include "fuzz.h"
#include "fuzz_course_support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_course("references.md", data, size);
}
