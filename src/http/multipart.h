/*
 * A form that carries a file: multipart/form-data (RFC 7578 over RFC 2046, section 5.1), read from
 * a body that has arrived whole. Strict and bounded: a delimiter is CR LF "--" and the boundary (at
 * the body's beginning without CR LF), blanks, and CR LF or, at the end, "--"; a body that does not
 * end so was cut and is refused. What stands before the first and after the last delimiter is
 * ignored, as the RFC says. At most 16 parts, heads of at most 2 KiB; no nesting, no
 * transfer encoding but the plain ones, no "filename*".
 */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H
#include "base/arena.h"
#include <stddef.h>

#define MULTIPART_PARTS 16

struct part {
    const char *name;     /* UTF-8, one line, not empty */
    const char *filename; /* NULL: a plain field; else without folders, may be "" */
    const char *data;     /* `size` bytes within the body, which stays the caller's */
    size_t size;
};
struct multipart {
    struct part parts[MULTIPART_PARTS];
    size_t count;
};

struct refusal;
/* content_type: the header's value. 0, or -1 with r (400). */
int multipart_read(struct multipart *out, struct arena *a, const char *content_type,
                   const char *body, size_t n, struct refusal *r);

#endif
