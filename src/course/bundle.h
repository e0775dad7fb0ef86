/*
 * A course as one zip file: what an author uploads and takes home again.
 *
 * Reading takes nothing on trust: at most 16 MiB of zip, 4,000 entries, each file within the
 * format's own limits whatever its header says, 8 MiB in all; names are UTF-8, relative, without
 * "..", each once; links and other special files are refused, and so is a file under a password.
 * Passed over: __MACOSX, names that begin with a dot, what editors leave behind. One folder around
 * everything is taken off. Files that no course holds are named and left out.
 */
#ifndef COURSE_BUNDLE_H
#define COURSE_BUNDLE_H
#include "course/source.h"

#define BUNDLE_MAX ((size_t)16 << 20) /* bytes of a zip */

struct bundle {
    struct course_file *files; /* sorted by path */
    int count;
    const char *left_out; /* "notes.docx and 2 more", or "" */
};

/* 0, or -1 with ERROR_INVALID that names the file and says what to do. In the arena. */
int bundle_read(const void *zip, size_t n, struct arena *a, struct bundle *out, struct error *e);

/* The same files always give the same bytes: sorted, without times. */
int bundle_write(const struct course_file *files, int count, struct buf *out, struct error *e);

/* May a file of a course be called so? course_path says where; this, that the name itself is one
 * line of UTF-8 without '\', empty parts, "." and "..". ERROR_INVALID on "path". */
int course_path_check(const char *path, struct error *e);

#endif
