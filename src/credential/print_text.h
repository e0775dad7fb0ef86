/*
 * What a printed certificate says. Every claim is read back from the signed bytes, so that paper,
 * picture, page and file say the same; beside the claims stand only the ways to check them.
 */
#ifndef CREDENTIAL_PRINT_TEXT_H
#define CREDENTIAL_PRINT_TEXT_H
#include "base/arena.h"
#include "base/error.h"
#include "base/instant.h"
#include <stdbool.h>
#include <stddef.h>

struct print_text {
    const char *bytes; /* the credential, exactly as it was signed */
    size_t length;
    const char *holder, *title, *issuer, *language;
    const char *course;             /* its title and version */
    const char *publication;        /* the frozen version's address */
    const char *criteria, *remarks; /* lines of the narrative before and behind its empty line */
    const char *completed, *issued; /* days in words, "4 December 2026" */
    const char *until;              /* likewise, or NULL: it does not expire */
    instant issued_at;
    const char *url, *verify_url, *code; /* its public page, where codes are typed, its code */
    const char *key, *fingerprint;       /* publicKeyMultibase, and as people compare it */
    bool demonstration;
};

/* `address` is where people reach the site, `code` the link's 26 characters. -1 ERROR_INVALID when
 * the bytes are no certificate of ours. Everything lives in the arena; `bytes` is not copied. */
int print_text_read(struct print_text *t, const char *bytes, size_t length, const char *code,
                    const char *address, const struct zone *zone, struct arena *a, struct error *e);

#endif
