/*
 * Writing a bundle (bundle.h): everything that checking a certificate offline takes, in one zip.
 * What it is for stands in the archive's comment, since there is no room for other files in it.
 */
#ifndef CREDENTIAL_BUNDLE_ZIP_H
#define CREDENTIAL_BUNDLE_ZIP_H
#include "base/buf.h"
#include "base/error.h"

struct certificate_bundle { /* texts; NULL leaves one out, but the first is always there */
    const char *credential, *did, *status, *proof, *consistency, *checkpoint;
};

/* The same texts give the same bytes. */
int certificate_bundle_write(const struct certificate_bundle *bundle, struct buf *out,
                             struct error *e);

#endif
