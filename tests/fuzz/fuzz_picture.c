/*
 * The size of a picture, whose bytes an author put into a course: read as each type, it is none or
 * lies in its bounds.
 */
#include "course/picture.h"
#include "fuzz.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const types[] = {"image/png", "image/svg+xml", "image/webp"};
    char *own = malloc(size ? size : 1); /* exactly as long, so that a read beyond is seen */
    require(own != NULL);
    if (size)
        memcpy(own, data, size);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        int width = 0, height = 0;
        if (picture_size(own, size, types[i], &width, &height)) {
            require(width >= 1 && width <= PICTURE_SIDE_MAX);
            require(height >= 1 && height <= PICTURE_SIDE_MAX);
        } else {
            require(width == 0 && height == 0);
        }
    }
    free(own);
    return 0;
}
