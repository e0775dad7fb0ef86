/*
 * A did document around the sample certificate, whose signature is good. It is confirmed only by a
 * document that holds the issuer's did and key.
 */
#include "../unit/test_credential_sample.h"
#include "base/arena.h"
#include "credential/did.h"
#include "credential/verify.h"
#include "fuzz.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct error e = {0};
    struct verify_report report;
    const char *credential = "";
    for (size_t i = 0; sample_credential[i]; i++)
        credential = arena_printf(a, "%s%s", credential, sample_credential[i]);
    struct verify_input in = {.credential = credential,
                              .credential_length = strlen(credential),
                              .did_document = (const char *)data,
                              .did_length = size,
                              .at = INT64_C(1782950400) * INSTANT_SECOND};
    require(credential_verify(&in, a, &report, &e) == 0);
    struct did_keys *keys = did_document_read((const char *)data, size, a, &e);
    bool lists = false;
    for (size_t i = 0; keys && i < keys->count; i++)
        lists = lists || strcmp(keys->keys[i], report.key_id) == 0;
    bool ours = keys && lists && strcmp(keys->did, report.issuer) == 0;
    require(report.verdict == (ours ? VERDICT_STATUS_UNKNOWN : VERDICT_KEY_UNCONFIRMED));
    arena_free(a);
    return 0;
}
