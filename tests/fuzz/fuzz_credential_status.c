/*
 * A status list beside the sample certificate: as a signed list (which nobody without the key can
 * make, so the status stays unknown), and its packed text alone.
 */
#include "../unit/test_credential_sample.h"
#include "base/arena.h"
#include "credential/did.h"
#include "credential/status_list.h"
#include "credential/verify.h"
#include "fuzz.h"
#include <string.h>

static void as_list(const uint8_t *data, size_t size, struct arena *a)
{
    static const char *const key = "z6MkvDqGT54cXesYGvABpF1UapVNwjCqRcafi4Px6Thv5T3Z";
    struct error e = {0};
    struct verify_report report;
    const char *credential = "";
    for (size_t i = 0; sample_credential[i]; i++)
        credential = arena_printf(a, "%s%s", credential, sample_credential[i]);
    const char *did = did_document_write(a, "did:web:train.example.edu", &key, 1);
    struct verify_input in = {.credential = credential,
                              .credential_length = strlen(credential),
                              .did_document = did,
                              .did_length = strlen(did),
                              .status_list = (const char *)data,
                              .status_length = size,
                              .at = INT64_C(1782950400) * INSTANT_SECOND};
    require(credential_verify(&in, a, &report, &e) == 0);
    require(report.verdict == VERDICT_STATUS_UNKNOWN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct error e = {0};
    size_t length = 0;
    if (size > 0 && data[0] == '{')
        as_list(data, size, a);
    const uint8_t *bits =
        status_list_decode(a, arena_strndup(a, (const char *)data, size), &length, &e);
    if (bits) {
        require(length >= STATUS_LIST_BYTES && length <= STATUS_LIST_MAX_BYTES);
        const char *text = status_list_encode(a, bits, length, &e);
        size_t again = 0;
        const uint8_t *same = status_list_decode(a, text, &again, &e);
        require(same && again == length && !memcmp(same, bits, length));
    }
    arena_free(a);
    return 0;
}
