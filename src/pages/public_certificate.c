/*
 * What anybody may see, without signing in:
 *   GET /v/{token}                  a certificate's public page, its verdict computed at this
 * moment GET /v/{token}/credential.json  the signed bytes, as they were frozen GET
 * /.well-known/did.json       this issuer's keys GET /status/{n}                 the signed status
 * list
 *
 * A code that is not there looks the same whatever is wrong with it.
 */
#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"
#include "credential/issuer.h"
#include "http/response.h"
#include "pages/certificate_files.h"
#include "pages/claims_view.h"
#include "pages/elsewhere_view.h"
#include <string.h>

static int find(struct request *rq, struct conn *c, struct certificate *out, struct error *e)
{
    return claims_find(rq, c, request_param(rq, "token"), out, e);
}

/* That it was superseded, or that its holder shares nothing, and not a word more: not the name, not
 * the course, not the one that took its place. */
static int closed_page(struct request *rq, const struct certificate *found)
{
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", found->shared ? "Superseded" : "Not shared");
    view_bool(view, "noindex", true);
    view_text(view, "verdict", found->shared ? "superseded" : "not-shared");
    view_text(view, "words",
              found->shared
                  ? arena_printf(rq->arena,
                                 "It was replaced by another one on %s and counts no more.",
                                 words_date(rq, found->state_at))
                  : "Its holder does not share it by its link at present.");
    return response_page(rq, "verify-closed", view);
}

static int public_page(struct request *rq, struct error *e)
{
    struct certificate found;
    struct verify_report r;
    struct conn *c = request_reader(rq, e);
    if (!c || find(rq, c, &found, e))
        return -1;
    if (!found.shared || found.state == CERTIFICATE_SUPERSEDED)
        return closed_page(rq, &found);
    if (claims_check_certificate(rq, c, &found, &r, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", verdict_word(&r));
    view_bool(view, "noindex", true);
    view_verdict(view, rq, &r);
    view_bool(view, "is_revoked", found.state == CERTIFICATE_REVOKED);
    view_text(view, "until", found.valid_until ? words_date(rq, found.valid_until) : "");
    view_claims(view, rq, &r);
    if (r.holder)
        view_signed(view, rq, found.bytes, strlen(found.bytes));
    view_files(view, rq, &found);
    view_elsewhere(view, rq, &found, &r);
    return response_page(rq, "verify-public", view);
}

/* A strong validator from the bytes themselves. */
static const char *etag_of(struct request *rq, const char *text)
{
    uint8_t hash[HASH_BYTES];
    hash_blake2b(text, strlen(text), hash);
    return hex_encode(rq->arena, hash, 16);
}

static int public_bytes(struct request *rq, const char *text, size_t n, const char *etag,
                        const char *filename)
{
    response_cache(rq, "public, max-age=300");
    if (response_not_modified(rq, etag))
        return 0;
    return response_bytes(rq, "application/json", text, n, filename);
}

static int public_json(struct request *rq, const char *text, const char *filename)
{
    return public_bytes(rq, text, strlen(text), etag_of(rq, text), filename);
}

static int credential_file(struct request *rq, struct error *e)
{
    struct certificate found;
    struct conn *c = request_reader(rq, e);
    if (!c || claims_find_file(rq, c, request_param(rq, "token"), &found, e))
        return -1;
    return public_json(rq, found.bytes,
                       arena_printf(rq->arena, "certificate-%s.json", found.course));
}

static int did_document(struct request *rq, struct error *e)
{
    const char *document = issuer_did_document(rq->learning->issuer, rq->arena);
    if (!document)
        return error_set(e, ERROR_BUSY, "The site has no signing key just now.");
    return public_json(rq, document, NULL);
}

static int status_list(struct request *rq, struct error *e)
{
    int64_t list;
    struct site *site = rq->app;
    struct status_list found;
    if (!text_to_int64(request_param(rq, "n"), 1, INT64_MAX, &list))
        return error_set(e, ERROR_NOT_FOUND, "There is no status list with this number.");
    if (status_list_recent(site->status_lists, rq->learning, list, rq->now, rq->arena, &found))
        return public_bytes(rq, found.json, found.length, found.etag, NULL);
    struct conn *c = request_reader(rq, e);
    if (!c ||
        status_list_read(site->status_lists, c, rq->learning, list, rq->now, rq->arena, &found, e))
        return -1;
    return public_bytes(rq, found.json, found.length, found.etag, NULL);
}

const struct route public_certificate_routes[] = {
    {METHOD_GET, "/v/{token}", public_page, .who = ACCESS_PUBLIC, .flags = ROUTE_NO_REFERRER,
     .summary = "A certificate's public page: whether it holds, and every signed claim"},
    {METHOD_GET, "/v/{token}/credential.json", credential_file, .who = ACCESS_PUBLIC,
     .flags = ROUTE_NO_REFERRER | ROUTE_CORS, .summary = "The signed credential, byte for byte"},
    {METHOD_GET, "/.well-known/did.json", did_document, .who = ACCESS_PUBLIC, .flags = ROUTE_CORS,
     .summary = "The issuer's did document"},
    {METHOD_GET, "/status/{n}", status_list, .who = ACCESS_PUBLIC, .flags = ROUTE_CORS,
     .summary = "A signed status list"},
    {0},
};
