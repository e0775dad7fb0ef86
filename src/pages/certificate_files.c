/*
 * What a holder keeps and hands on, for whoever has the link:
 *   GET /v/{token}/certificate.pdf?paper=a4   for paper, with the signed record inside
 *   GET /v/{token}/certificate.png            a picture with the same inside
 *   GET /v/{token}/credential.jcs.json        the twin that protects the exact JSON
 *   GET /v/{token}/bundle.zip                 everything that checking it offline takes
 *
 * PDF and picture are made when they are first asked for, by the press, and stored.
 */
#include "pages/certificate_files.h"
#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"
#include "credential/bundle_zip.h"
#include "credential/open.h"
#include "credential/verify_log.h"
#include "http/response.h"
#include "learning/certificate_file.h"
#include "learning/status_lists.h"
#include "learning/tlog.h"
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

/* ---- the bundle ---- */

/* That the log went on from the checkpoint in the certificate. One of the log's first carries none,
 * and whoever restored an older backup may not know it any more. */
static int put_consistency(struct request *rq, struct conn *c, const struct certificate *found,
                           int64_t to, struct certificate_bundle *b, struct error *e)
{
    struct checkpoint before;
    struct error why = {0};
    if (!credential_checkpoint(found->bytes, strlen(found->bytes), rq->arena, &before) ||
        before.size == 0)
        return 0;
    const struct tlog_consistency *since =
        tlog_consistency_get(c, before.size, to, rq->arena, &why);
    if (since)
        b->consistency =
            log_consistency_write(rq->arena, before.size, &since->proof, since->checkpoint.note);
    else if (why.kind != ERROR_NOT_FOUND)
        *e = why;
    return since || why.kind == ERROR_NOT_FOUND ? 0 : -1;
}

/* That it stands in the log, once the log has published that. */
static int put_log(struct request *rq, struct conn *c, const struct certificate *found,
                   struct certificate_bundle *b, struct error *e)
{
    uint8_t sha[HASH_BYTES];
    hash_sha256(found->bytes, strlen(found->bytes), sha);
    const struct tlog_inclusion *in = tlog_inclusion_get(c, sha, 0, rq->arena, e);
    if (!in && e->kind == ERROR_NOT_FOUND) {
        *e = (struct error){0};
        return 0;
    }
    if (!in)
        return -1;
    b->checkpoint = in->checkpoint.note;
    b->proof = log_proof_write(rq->arena, in->index, &in->proof, in->checkpoint.note);
    return put_consistency(rq, c, found, in->checkpoint.size, b, e);
}

static int bundle(struct request *rq, struct error *e)
{
    struct certificate found;
    struct conn *c;
    struct site *site = rq->app;
    struct learning *l = rq->learning;
    struct buf out;
    if (find(rq, &found, &c, e))
        return -1;
    struct certificate_bundle b = {.credential = found.bytes};
    b.did = issuer_did_document(l->issuer, rq->arena);
    if (!b.did)
        return error_set(e, ERROR_BUSY, "The site has no signing key just now.");
    if (status_list_get(site->status_lists, c, l, found.status_list, rq->now, rq->arena, &b.status,
                        e) ||
        put_log(rq, c, &found, &b, e))
        return -1;
    buf_init(&out, CREDENTIAL_FILE_MAX_BYTES); /* what verifiers take */
    int result = certificate_bundle_write(&b, &out, e);
    if (result == 0)
        result = answer(rq, "application/zip", out.data, out.length,
                        arena_printf(rq->arena, "certificate-%s.zip", found.course));
    buf_free(&out);
    return result;
}

/* ---- on pages ---- */

void view_files(cJSON *view, struct request *rq, const struct certificate *c)
{
    struct arena *a = rq->arena;
    const struct site *site = rq->app;
    bool a4 = text_equal(rq->settings->paper, "a4");
    cJSON *files = view_object(view, "files");
    view_text(files, "pdf_href",
              site->without_pdf ? "" : arena_printf(a, "/v/%s/certificate.pdf", c->token));
    view_text(files, "paper", a4 ? "A4" : "Letter");
    view_text(files, "other_pdf_href",
              arena_printf(a, "/v/%s/certificate.pdf?paper=%s", c->token, a4 ? "letter" : "a4"));
    view_text(files, "other_paper", a4 ? "Letter" : "A4");
    view_text(files, "png_href",
              site->without_picture ? "" : arena_printf(a, "/v/%s/certificate.png", c->token));
    view_text(files, "credential_href", arena_printf(a, "/v/%s/credential.json", c->token));
    view_text(files, "twin_href",
              site->without_twin ? "" : arena_printf(a, "/v/%s/credential.jcs.json", c->token));
    view_text(files, "bundle_href", arena_printf(a, "/v/%s/bundle.zip", c->token));
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
    {METHOD_GET, "/v/{token}/bundle.zip", bundle, .who = ACCESS_PUBLIC,
     .flags = ROUTE_NO_REFERRER | ROUTE_CORS,
     .summary = "The signed record with the issuer's keys, status list and log, for offline use"},
    {0},
};
