/*
 * GET, POST /verify — for whoever was given a certificate: by its code (leads to its public page),
 * by one of its five files, or by the text of the signed one. What is handed in is checked and
 * forgotten.
 */
#include "base/encode.h"
#include "base/text.h"
#include "http/response.h"
#include "pages/claims_view.h"
#include "pages/form.h"
#include <string.h>

#define PASTE_MAX ((size_t)96 * 1024)

static int form_page(struct request *rq, int status)
{
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Verify a certificate");
    form_put_errors(rq, view);
    return response_page_status(rq, status, "verify", view);
}

static int verify_form(struct request *rq, struct error *e)
{
    (void)e;
    return form_page(rq, 200);
}

static int again(struct request *rq, const char *field, const char *message)
{
    struct error e = {0};
    error_field(&e, field, "%s", message);
    request_add_error(rq, &e);
    return form_page(rq, 422);
}

/* What stands between "/v/" and the next separator of a link, or the text itself. */
static const char *code_in(struct arena *a, const char *typed)
{
    const char *start = typed;
    for (const char *p = typed; (p = strstr(p, "/v/")) != NULL;)
        start = p += 3;
    return arena_strndup(a, start, strcspn(start, "/?#"));
}

/* The page again with the code as it was typed; alike for every code that is not known. */
static int unknown_code(struct request *rq, const char *typed)
{
    cJSON *view = cJSON_CreateObject(), *unknown = view_object(view, "unknown");
    view_text(view, "title", "Not known here");
    view_text(unknown, "words",
              "Compare each letter with the page you were given. O and 0 count as the same here, "
              "and so do I, L and 1; look twice at S and 5, B and 8, Z and 2, and V and Y.");
    view_text(view_object(view, "typed"), "code", typed);
    return response_page_status(rq, 404, "verify", view);
}

/* A code that cannot be one: how many letters and digits of 26 there are. */
static const char *not_a_code(struct arena *a, const char *code)
{
    int n = 0;
    for (const char *p = code; *p; p++)
        n += *p != ' ' && *p != '-' && ((unsigned char)*p & 0xC0) != 0x80; /* one for each sign */
    if (n == 26)
        return "A code has no other signs than letters and digits, and no U. Compare what you "
               "typed with the certificate.";
    return arena_printf(a,
                        "A code has 26 letters and digits, and this has %d. Compare it with the "
                        "certificate, group by group.",
                        n);
}

static int by_code(struct request *rq, const char *typed, struct error *e)
{
    uint8_t bytes[16];
    const char *code = code_in(rq->arena, typed);
    struct certificate found;
    if (!crockford_decode(code, bytes))
        return again(rq, "code", not_a_code(rq->arena, code));
    struct conn *c = request_reader(rq, e);
    if (!c || claims_find(rq, c, code, &found, e))
        return c && e->kind == ERROR_NOT_FOUND ? unknown_code(rq, typed) : -1;
    return response_redirect(rq, arena_printf(rq->arena, "/v/%s", found.token));
}

/* Words for the claims of a certificate that is not simply valid. */
static void put_claims_words(cJSON *result, const struct verify_report *r)
{
    bool ours = r->verdict != VERDICT_KEY_UNCONFIRMED;
    view_text(result, "claims_title", ours ? "What is signed" : "What it says");
    view_text(result, "claims_words",
              ours ? "Compare each line with the copy you were given. Only these lines count, "
                     "whatever a printed copy says."
                   : "These lines were signed by somebody, and nothing here shows that it was the "
                     "issuer they name.");
}

static int by_file(struct request *rq, const void *bytes, size_t n, struct error *e)
{
    struct verify_report r;
    struct opened file;
    struct error why = {0};
    struct conn *c = request_reader(rq, e);
    if (!c)
        return -1;
    bool opened = credential_open(bytes, n, rq->arena, &file, &why) == 0;
    if (!opened)
        credential_refused(&why, rq->arena, &r);
    else if (claims_check_opened(rq, c, &file, &r, e))
        return -1;
    cJSON *view = cJSON_CreateObject(), *result = view_object(view, "result");
    view_text(view, "title", verdict_word(&r));
    view_bool(result, "opened", opened);
    view_text(result, "kind", opened ? file_kind_name(file.kind) : NULL);
    view_verdict(result, rq, &r);
    view_claims(result, rq, &r);
    put_claims_words(result, &r);
    if (r.holder)
        view_signed(result, rq, file.credential, file.credential_length);
    return response_page(rq, "verify", view);
}

static int verify_post(struct request *rq, struct error *e)
{
    size_t n = 0;
    const char *code = request_field(rq, "code"), *text = request_field(rq, "credential");
    const char *with = request_field_or(rq, "with", "code"), *filename;
    const void *file = request_file(rq, "file", &n, &filename);
    if (request_has_errors(rq))
        return form_page(rq, 422);
    if (code)
        return by_code(rq, code, e);
    if (file)
        return by_file(rq, file, n, e);
    if (text)
        return by_file(rq, text, strlen(text), e);
    if (strcmp(with, "file") == 0)
        return again(rq, "file", "Choose the certificate’s file first.");
    if (strcmp(with, "text") == 0)
        return again(rq, "credential", "Paste the text of the signed file first.");
    return again(rq, "code", "Type the code, or choose a file below.");
}

static const struct field verify_fields[] = {
    {.name = "code", .type = FIELD_LINE, .summary = "Code or link"},
    {.name = "file",
     .type = FIELD_FILE,
     .max = CREDENTIAL_FILE_MAX_BYTES,
     .summary = "Certificate file"},
    {.name = "credential",
     .type = FIELD_BLOCK,
     .max_bytes = PASTE_MAX,
     .summary = "Text of the signed file"},
    {.name = "with", .type = FIELD_ENUM, .choices = "code|file|text", .summary = "Which of them"},
};

const struct route verify_routes[] = {
    {METHOD_GET, "/verify", verify_form, .who = ACCESS_PUBLIC, .summary = "Verify a certificate"},
    {METHOD_POST, "/verify", verify_post, .who = ACCESS_PUBLIC,
     .body_max = CREDENTIAL_FILE_MAX_BYTES + 4096, .fields = verify_fields, .field_count = 4,
     .flags = ROUTE_NO_FORM_TOKEN | ROUTE_NO_STORE | ROUTE_TAKES_ERRORS | ROUTE_UPLOAD,
     .summary = "Check a code or a certificate's file; nothing is kept"},
    {0},
};
