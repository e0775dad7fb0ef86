/*
 * Errors are values. A function that can fail returns 0 or -1 (or a pointer or NULL) and fills a
 * struct error with a kind, a message that names the thing and says what to do, and, for input, the
 * field at fault. A zeroed struct error means "no error". Messages may be shown to a person: they
 * are one line of UTF-8 whatever was formatted into them.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

enum error_kind {
    ERROR_NONE = 0,
    ERROR_USAGE,           /* wrong command line; exit 2 */
    ERROR_INVALID,         /* what was given cannot be taken; 422, `field` names it */
    ERROR_UNAUTHENTICATED, /* sign in first; 401 or a redirect */
    ERROR_FORBIDDEN,       /* signed in, but not for you; 403 */
    ERROR_NOT_FOUND,       /* 404 */
    ERROR_CONFLICT,  /* the same operation id with other bytes, an attempt already handed in; 409 */
    ERROR_TOO_LARGE, /* over a stated limit; 413 */
    ERROR_TOO_MANY,  /* slow down; 429 */
    ERROR_FULL,      /* the disk is full: nothing was saved, reads go on; 507 */
    ERROR_BUSY,      /* overload: try again shortly; 503 */
    ERROR_IO,        /* disk or database gave an I/O error; 503, the server stops */
    ERROR_INTERNAL   /* a defect of ours; 500 */
};

struct error {
    enum error_kind kind;
    char field[48];
    char message[464];
};

/* Fills `e` (which may be NULL) and returns -1, so that `return error_set(...)` reads well. */
int error_set(struct error *e, enum error_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for an input field: kind is ERROR_INVALID. */
int error_field(struct error *e, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the message that stands in `e`; returns -1. */
int error_prefix(struct error *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A short stable name ("not-found") for logs and problem types. */
const char *error_kind_name(enum error_kind kind);

#endif
