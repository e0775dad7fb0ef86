/* A bundle: a zip of a few files with known names, read by libzip from memory. */
#include "credential/bundle.h"
#include "credential/note.h"
#include "credential/open.h"
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#define DID_MAX_BYTES ((size_t)256 << 10)

static int damaged(struct error *e)
{
    return error_set(e, ERROR_INVALID,
                     "This zip is damaged, not complete or packed in an unusual way. Download it "
                     "again and check the whole file.");
}

/* The header's size is a claim; `max` holds for what really comes out. Only the two methods that
 * everybody uses: others reserve as much memory as the file asks for. */
static int take(zip_t *zip, zip_uint64_t index, size_t max, struct arena *a, struct hint *out,
                struct error *e)
{
    zip_stat_t stat;
    if (zip_stat_index(zip, index, 0, &stat) != 0 || !(stat.valid & ZIP_STAT_COMP_METHOD) ||
        (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE))
        return damaged(e);
    zip_file_t *in = zip_fopen_index(zip, index, 0);
    if (!in)
        return damaged(e);
    char *bytes = arena_alloc(a, max + 2);
    size_t got = 0;
    zip_int64_t n = 0;
    while (got <= max && (n = zip_fread(in, bytes + got, max + 1 - got)) > 0)
        got += (size_t)n;
    zip_fclose(in);
    if (n < 0)
        return damaged(e);
    if (got > max)
        return error_set(
            e, ERROR_INVALID,
            "A file in this zip is larger than any of its kind. Check the bundle as it "
            "was downloaded.");
    bytes[got] = '\0';
    *out = (struct hint){bytes, got};
    return 0;
}

static int take_entry(zip_t *zip, zip_uint64_t index, struct arena *a, struct opened *out,
                      struct hint *credential, struct error *e)
{
    const struct {
        const char *name;
        size_t max;
        struct hint *place;
    } known[] = {
        {BUNDLE_CREDENTIAL, CREDENTIAL_MAX_BYTES, credential},
        {BUNDLE_DID, DID_MAX_BYTES, &out->did},
        {BUNDLE_STATUS, STATUS_FILE_MAX_BYTES, &out->status},
        {BUNDLE_PROOF, LOG_PROOF_MAX_BYTES, &out->proof},
        {BUNDLE_CONSISTENCY, LOG_PROOF_MAX_BYTES, &out->consistency},
        {BUNDLE_CHECKPOINT, NOTE_MAX_BYTES, &out->checkpoint},
    };
    const char *name = zip_get_name(zip, index, ZIP_FL_ENC_RAW);
    for (size_t i = 0; name && i < sizeof known / sizeof *known; i++) {
        if (strcmp(name, known[i].name) != 0)
            continue;
        if (known[i].place->bytes)
            return error_set(e, ERROR_INVALID,
                             "This zip holds %s twice. Check the bundle as it was downloaded.",
                             known[i].name);
        return take(zip, index, known[i].max, a, known[i].place, e);
    }
    return error_set(e, ERROR_INVALID,
                     "This zip holds a file that does not belong into a certificate's bundle. "
                     "Check the bundle as it was downloaded, not one that was packed again.");
}

int credential_open_bundle(const char *bytes, size_t n, struct arena *a, struct opened *out,
                           struct error *e)
{
    struct hint credential = {0};
    zip_error_t why;
    int result = 0;
    out->kind = FILE_BUNDLE;
    zip_error_init(&why);
    zip_source_t *source = zip_source_buffer_create(bytes, n, 0, &why);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &why) : NULL;
    zip_error_fini(&why);
    if (!zip) {
        zip_source_free(source);
        return damaged(e);
    }
    zip_int64_t count = zip_get_num_entries(zip, 0);
    if (count > BUNDLE_MOST_FILES)
        result = error_set(e, ERROR_NOT_FOUND,
                           "This zip holds no certificate, but %lld files of another kind.",
                           (long long)count);
    for (zip_int64_t i = 0; result == 0 && i < count; i++)
        result = take_entry(zip, (zip_uint64_t)i, a, out, &credential, e);
    zip_discard(zip);
    if (result == 0 && !credential.bytes)
        result = error_set(e, ERROR_NOT_FOUND, "This zip holds no certificate.");
    out->credential = credential.bytes;
    out->credential_length = credential.length;
    return result;
}
