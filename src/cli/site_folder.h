/*
 * A folder that a web server will host, written file by file as PATH.part and given its name when
 * it is whole: a folder of that name is never half of one. Files are 0644 and folders 0755, as far
 * as the umask lets them.
 */
#ifndef CLI_SITE_FOLDER_H
#define CLI_SITE_FOLDER_H
#include "base/arena.h"
#include "base/error.h"
#include <stddef.h>

/* PATH.part, new. ERROR_CONFLICT when PATH holds something, or PATH.part is there already. */
int site_folder_begin(const char *path, struct error *e);
/* A new file of PATH.part; `name` is its address on the site and begins with '/'. */
int site_folder_put(const char *path, const char *name, const void *bytes, size_t n,
                    struct error *e);
/* Everything is on disk, and PATH.part becomes PATH. */
int site_folder_finish(const char *path, struct error *e);

#endif
