/*
 * The files of a certificate for paper and screen: made from its frozen bytes when they are first
 * asked for, stored, and served from there, so that everybody gets the same bytes for ever.
 *
 * The twin (credential.jcs.json) and the bundle are not stored: the twin is signed by the present
 * key, and must be made anew when that key turns out to be compromised; a bundle holds the status
 * list of its day. Making either takes less than a millisecond.
 */
#ifndef LEARNING_CERTIFICATE_FILE_H
#define LEARNING_CERTIFICATE_FILE_H
#include "credential/press.h"
#include "learning/certificate.h"

struct file_bytes {
    const void *bytes; /* in the arena */
    size_t length;
};

/* The stored file: 1, 0 when it was not made yet, -1 with e. */
int certificate_file_stored(struct conn *c, int64_t certificate, enum print_kind kind,
                            struct arena *a, struct file_bytes *out, struct error *e);

/*
 * Makes and stores it; hold no reader. When two make one at once, both get what was stored first.
 * On a full disk it is given out all the same. ERROR_BUSY: too many are waiting, or the server
 * cannot print; ERROR_CONFLICT: it holds a character that cannot be printed.
 */
int certificate_file_make(struct learning *l, const struct certificate *certificate,
                          enum print_kind kind, instant at, struct arena *a, struct file_bytes *out,
                          struct error *e);

/* Checks each stored file against its hash, and that it holds its certificate byte for byte. 0 and
 * the count, or -1 naming the first that does not. */
int certificate_file_verify_all(struct conn *c, int64_t *count, struct error *e);

/* Before a name is taken: can it be printed? Not in a closure. ERROR_INVALID on
 * "certificate_name". Outside the server every name passes. */
int certificate_file_check_name(const struct learning *l, const char *name, struct error *e);

#endif
