/*
 * What a holder keeps and hands on, for whoever has the link:
 *   GET /v/{token}/certificate.pdf?paper=a4   for paper, with the signed record inside
 *   GET /v/{token}/certificate.png            a picture with the same inside
 *   GET /v/{token}/credential.jcs.json        the twin that protects the exact JSON
 *
 * PDF and picture are made when they are first asked for, by the press, and stored.
 */
#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"
#include "http/response.h"
#include "learning/certificate_file.h"
#include "pages/claims_view.h"
#include <string.h>

static int find(struct request *rq, struct certificate *found, struct conn **c, struct error *e)
{
    *c = request_reader(rq, e);
    return *c ? claims_find_file(rq, *c, request_param(rq, "token"), found, e) : -1;
}

static int answer(struct request *rq, const char *type, const void *bytes, size_t n,
                  const char *filename)
{
    uint8_t hash[HASH_BYTES];
    hash_blake2b(bytes, n, hash);
    response_cache(rq, "public, max-age=300");
    if (response_not_modified(rq, hex_encode(rq->arena, hash, 16)))
        return 0;
    return response_bytes(rq, type, bytes, n, filename);
}

static int printed(struct request *rq, enum print_kind kind, const char *type, const char *ending,
                   struct error *e)
{
    struct certificate found;
    struct conn *c;
    struct file_bytes file;
    if (find(rq, &found, &c, e))
        return -1;
    int stored = certificate_file_stored(c, found.id, kind, rq->arena, &file, e);
    if (stored < 0)
        return -1;
    request_reader_release(rq);
    if (!stored && certificate_file_make(rq->learning, &found, kind, rq->now, rq->arena, &file, e))
        return -1;
    return answer(rq, type, file.bytes, file.length,
                  arena_printf(rq->arena, "certificate-%s.%s", found.course, ending));
}

static int pdf(struct request *rq, struct error *e)
{
    const char *paper = request_field_or(rq, "paper", rq->settings->paper);
    return printed(rq, text_equal(paper, "a4") ? PRINT_PDF_A4 : PRINT_PDF_LETTER, "application/pdf",
                   "pdf", e);
}

static int png(struct request *rq, struct error *e)
{
    return printed(rq, PRINT_PNG, "image/png", "png", e);
}

static int twin(struct request *rq, struct error *e)
{
    struct certificate found;
    struct conn *c;
    const char *json;
    if (find(rq, &found, &c, e))
        return -1;
    if (!issuer_can_sign(rq->learning->issuer))
        return error_set(e, ERROR_BUSY, "The site has no signing key just now.");
    if (issuer_sign_jcs(rq->learning->issuer, found.bytes, strlen(found.bytes), rq->arena, &json,
                        e)) {
        if (e->kind == ERROR_INVALID)
            error_set(e, ERROR_NOT_FOUND,
                      "The key that signed this certificate is not trusted any more, so there is "
                      "no such file of it.");
        return -1;
    }
    return answer(rq, "application/json", json, strlen(json),
                  arena_printf(rq->arena, "certificate-%s.jcs.json", found.course));
}

static const struct field pdf_fields[] = {
    {.name = "paper", .type = FIELD_ENUM, .choices = "letter|a4", .summary = "Paper size"},
};

const struct route certificate_file_routes[] = {
    {METHOD_GET, "/v/{token}/certificate.pdf", pdf, .who = ACCESS_PUBLIC,
     .flags = ROUTE_NO_REFERRER, .fields = pdf_fields, .field_count = 1,
     .summary = "The certificate for paper, with the signed record inside"},
    {METHOD_GET, "/v/{token}/certificate.png", png, .who = ACCESS_PUBLIC,
     .flags = ROUTE_NO_REFERRER | ROUTE_CORS,
     .summary = "The certificate as a picture, with the signed record inside"},
    {METHOD_GET, "/v/{token}/credential.jcs.json", twin, .who = ACCESS_PUBLIC,
     .flags = ROUTE_NO_REFERRER | ROUTE_CORS,
     .summary = "The signed record with a proof over its exact JSON"},
    {0},
};
