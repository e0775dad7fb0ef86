/*
 * The verifier on the bytes of a certificate. Without a did document nothing is ever valid; what
 * keeps its shape has a canonical form, and the same one twice.
 */
#include "base/json.h"
#include "base/text.h"
#include "credential/quads.h"
#include "credential/shape.h"
#include "credential/verify.h"
#include "fuzz.h"
#include <string.h>

static void canonical_twice(const cJSON *document, struct arena *a)
{
    struct error e = {0};
    struct buf once, twice;
    buf_init(&once, QUADS_MAX_BYTES);
    buf_init(&twice, QUADS_MAX_BYTES);
    /* Two equal names in one list are the one thing of good shape without a canonical form. */
    if (quads_write(document, NODE_CREDENTIAL, a, &once, &e) == 0) {
        require(quads_write(document, NODE_CREDENTIAL, a, &twice, &e) == 0);
        require(once.length == twice.length &&
                (once.length == 0 || !memcmp(once.data, twice.data, once.length)));
        require(once.length == 0 || text_is_utf8(once.data, once.length));
    }
    buf_free(&once);
    buf_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct error e = {0};
    struct verify_report report;
    struct verify_input in = {.credential = (const char *)data,
                              .credential_length = size,
                              .at = INT64_C(1782950400) * INSTANT_SECOND};
    require(credential_verify(&in, a, &report, &e) == 0);
    require(report.verdict == VERDICT_INVALID || report.verdict == VERDICT_KEY_UNCONFIRMED);
    require(report.words && report.step_count > 0);
    for (int i = 0; i < report.step_count; i++)
        require(text_is_utf8(report.steps[i].detail, strlen(report.steps[i].detail)));
    cJSON *document = json_parse((const char *)data, size, &e);
    if (document) {
        bool good = shape_check(document, NODE_CREDENTIAL, a, &e) == 0;
        require(good == report.steps[0].ok || size > CREDENTIAL_MAX_BYTES);
        canonical_twice(document, a);
        shape_check(document, NODE_LIST_CREDENTIAL, a, &e);
    }
    cJSON_Delete(document);
    arena_free(a);
    return 0;
}
