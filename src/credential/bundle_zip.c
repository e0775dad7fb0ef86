#include "credential/bundle_zip.h"
#include "base/memory.h"
#include "credential/bundle.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zip.h>

static const char about[] =
    "A certificate and what it takes to check it without the site that issued it:\n"
    "\n"
    "  " BUNDLE_CREDENTIAL "      the signed certificate\n"
    "  " BUNDLE_DID "             the issuer's keys on the day of this bundle\n"
    "  " BUNDLE_STATUS "          the issuer's signed list of what was revoked, good for seven "
    "days\n"
    "  " BUNDLE_PROOF "        that it stands in the issuer's log, with the log's state then\n"
    "  " BUNDLE_CONSISTENCY
    "  that this state goes on from the one in the certificate (one of the\n"
    "                       log's first has none)\n"
    "  " BUNDLE_CHECKPOINT "       that state alone\n"
    "\n"
    "Check the whole file on the issuer's verification page, or with `understory verify`. Whether "
    "the\n"
    "keys are the issuer's is for you to find out elsewhere: a forger could write them, too.\n";

static int add(zip_t *zip, const char *name, const char *text)
{
    const zip_uint16_t first_day = 1 << 5 | 1; /* 1 January 1980, the zip format's first */
    zip_source_t *source = zip_source_buffer(zip, text, strlen(text), 0);
    zip_int64_t index = source ? zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
        zip_source_free(source);
        return -1;
    }
    zip_uint64_t at = (zip_uint64_t)index;
    zip_uint32_t plain_file = (zip_uint32_t)(S_IFREG | 0644) << 16;
    return zip_set_file_compression(zip, at, ZIP_CM_DEFLATE, 9) ||
                   zip_file_set_dostime(zip, at, 0, first_day, 0) ||
                   zip_file_set_external_attributes(zip, at, 0, ZIP_OPSYS_UNIX, plain_file)
               ? -1
               : 0;
}

static int add_all(zip_t *zip, const struct certificate_bundle *b)
{
    const struct {
        const char *name, *text;
    } files[] = {{BUNDLE_CREDENTIAL, b->credential},   {BUNDLE_DID, b->did},
                 {BUNDLE_STATUS, b->status},           {BUNDLE_PROOF, b->proof},
                 {BUNDLE_CONSISTENCY, b->consistency}, {BUNDLE_CHECKPOINT, b->checkpoint}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i].text && add(zip, files[i].name, files[i].text))
            return -1;
    return zip_set_archive_comment(zip, about, sizeof about - 1);
}

static int copy_out(zip_source_t *source, struct buf *out)
{
    char bytes[4096];
    zip_int64_t n;
    if (zip_source_open(source) != 0)
        return -1;
    while ((n = zip_source_read(source, bytes, sizeof bytes)) > 0)
        buf_append(out, bytes, (size_t)n);
    zip_source_close(source);
    return n < 0 || out->overflow ? -1 : 0;
}

int certificate_bundle_write(const struct certificate_bundle *bundle, struct buf *out,
                             struct error *e)
{
    zip_error_t why;
    int result = -1;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &why) : NULL;
    zip_error_fini(&why);
    if (!zip) {
        zip_source_free(source);
        return error_set(e, ERROR_INTERNAL, "the bundle could not be begun");
    }
    zip_source_keep(source);
    if (add_all(zip, bundle) == 0 && zip_close(zip) == 0)
        result = copy_out(source, out);
    else
        zip_discard(zip);
    zip_source_free(source);
    return result ? error_set(e, ERROR_INTERNAL, "the bundle could not be written") : 0;
}
