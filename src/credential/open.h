/*
 * What somebody hands in, opened: one of five kinds of file, the certificate inside, and what came
 * along with it. Nothing here is judged (verify.h does that); every reader is strict and bounded,
 * works in memory, and reads the bytes of strangers.
 *
 *   json    the credential itself, with an eddsa-rdfc-2022 proof
 *   jcs     the same claims with an eddsa-jcs-2022 proof
 *   png     a picture with exactly one uncompressed iTXt chunk "openbadgecredential" (Open Badges
 *           3.0 §5.3 "Baking")
 *   pdf     a document with exactly one associated file whose relationship is Data (ISO 32000-2
 *           §7.11.4, §14.13)
 *   bundle  a zip with credential.json and, perhaps, did.json, a status list, an inclusion proof, a
 *           consistency proof and a checkpoint
 */
#ifndef CREDENTIAL_OPEN_H
#define CREDENTIAL_OPEN_H
#include "base/arena.h"
#include "base/error.h"
#include "credential/verify.h"
#include <stddef.h>

#define CREDENTIAL_FILE_MAX_BYTES ((size_t)4 << 20) /* what is looked at, of any kind */

enum file_kind { FILE_JSON, FILE_JCS, FILE_PNG, FILE_PDF, FILE_BUNDLE };

struct hint { /* NULL when it did not come along */
    const char *bytes;
    size_t length;
};

/* The strings lie in the arena or in the bytes that were opened; a NUL is not promised. */
struct opened {
    enum file_kind kind;
    const char *credential; /* not looked into: the strict gate is verify.h's */
    size_t credential_length;
    /* From the bundle. Hints, never trust: who forges a certificate writes these, too. */
    struct hint did, status, proof, consistency, checkpoint;
};

/* 0, or -1: ERROR_NOT_FOUND when the file is whole and holds no certificate that can be read here,
 * ERROR_INVALID when it is damaged, cut, of no known kind, or holds more than one. The message is
 * for a clerk. What begins with '{' is taken for JSON. */
int credential_open(const void *bytes, size_t n, struct arena *a, struct opened *out,
                    struct error *e);

const char *file_kind_name(enum file_kind kind); /* "json", "jcs", "png", "pdf", "bundle" */
/* How the certificate came, for the first step of a report: "the file attached to a PDF". */
const char *file_kind_words(enum file_kind kind);

/* The report on a file that was refused: not genuine, and why. The error is the one above. */
void credential_refused(const struct error *why, struct arena *a, struct verify_report *out);

/* The readers of the containers, each for bytes that begin as its kind does. */
int credential_open_png(const char *bytes, size_t n, struct arena *a, struct opened *out,
                        struct error *e);
int credential_open_pdf(const char *bytes, size_t n, struct arena *a, struct opened *out,
                        struct error *e);
int credential_open_bundle(const char *bytes, size_t n, struct arena *a, struct opened *out,
                           struct error *e);

#endif
