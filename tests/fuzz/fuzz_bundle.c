/*
 * A zip from outside. Whatever it says of itself, what comes out is a course's files by the
 * format's rules, and written again it is read as the same.
 */
#include "base/text.h"
#include "course/bundle.h"
#include "fuzz.h"
#include <string.h>

static void check(const struct bundle *b)
{
    size_t total = 0;
    struct error e = {0};
    require(b->count > 0 && b->count <= COURSE_FILES);
    for (int i = 0; i < b->count; i++) {
        const struct course_file *f = &b->files[i];
        require(course_path(f->path) == PATH_OURS && course_path_check(f->path, &e) == 0);
        require(!strstr(f->path, "..") || !strstr(f->path, "../"));
        require(f->size <= course_path_limit(f->path));
        require(i == 0 || strcmp(b->files[i - 1].path, f->path) < 0);
        total += f->size;
    }
    require(total <= COURSE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct bundle b, again;
    struct error e = {0};
    struct buf zip;
    buf_init(&zip, BUNDLE_MAX);
    if (bundle_read(data, size, a, &b, &e)) {
        require(e.message[0] && strcmp(e.field, "file") == 0);
    } else {
        check(&b);
        require(bundle_write(b.files, b.count, &zip, &e) == 0);
        require(bundle_read(zip.data, zip.length, a, &again, &e) == 0);
        require(again.count == b.count && !*again.left_out);
        for (int i = 0; i < b.count; i++) {
            require(strcmp(again.files[i].path, b.files[i].path) == 0);
            require(again.files[i].size == b.files[i].size);
            require(memcmp(again.files[i].bytes, b.files[i].bytes, b.files[i].size) == 0);
        }
    }
    buf_free(&zip);
    arena_free(a);
    return 0;
}
