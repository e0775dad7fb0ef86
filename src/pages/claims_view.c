#include "pages/claims_view.h"
#include "base/json.h"
#include "base/text.h"
#include "credential/issuer.h"
#include "pages/allowance.h"
#include <string.h>

/* ---- checking ---- */

/* The number of this site's status list that a credential names, or 0. */
static int64_t own_list(const struct request *rq, const char *bytes, size_t n)
{
    struct error ignored = {0};
    int64_t list = 0;
    cJSON *document = n <= CREDENTIAL_MAX_BYTES ? json_parse(bytes, n, &ignored) : NULL;
    const char *url = json_string(json_get(document, "credentialStatus"), "statusListCredential");
    const char *origin = rq->settings->origin;
    size_t length = strlen(origin);
    if (url && strncmp(url, origin, length) == 0 && strncmp(url + length, "/status/", 8) == 0 &&
        !text_to_int64(url + length + 8, 1, INT64_MAX, &list))
        list = 0;
    cJSON_Delete(document);
    return list;
}

int claims_check_bytes(struct request *rq, struct conn *c, const char *bytes, size_t n,
                       struct verify_report *out, struct error *e)
{
    struct learning *l = rq->learning;
    struct site *site = rq->app;
    struct verify_input in = {
        .credential = bytes, .credential_length = n, .at = rq->now, .zone = site->zone};
    int64_t list = own_list(rq, bytes, n);
    struct error missing = {0};
    in.did_document = issuer_did_document(l->issuer, rq->arena);
    in.did_length = in.did_document ? strlen(in.did_document) : 0;
    if (list && issuer_can_sign(l->issuer) &&
        status_list_get(site->status_lists, c, l, list, rq->now, rq->arena, &in.status_list,
                        &missing)) {
        in.status_list = NULL;
        if (missing.kind != ERROR_NOT_FOUND) {
            *e = missing;
            return -1;
        }
    }
    in.status_length = in.status_list ? strlen(in.status_list) : 0;
    return credential_verify(&in, rq->arena, out, e);
}

int claims_check_certificate(struct request *rq, struct conn *c, const struct certificate *it,
                             struct verify_report *out, struct error *e)
{
    if (claims_check_bytes(rq, c, it->bytes, strlen(it->bytes), out, e))
        return -1;
    if (it->state != CERTIFICATE_REVOKED || out->verdict == VERDICT_INVALID)
        return 0;
    out->verdict = VERDICT_REVOKED;
    out->words =
        arena_printf(rq->arena, "It was signed here, and revoked on %s. It counts no more.",
                     words_date(rq, it->state_at));
    return 0;
}

int claims_find(struct request *rq, struct conn *c, const char *code, struct certificate *out,
                struct error *e)
{
    struct site *site = rq->app;
    if (certificate_by_token(c, rq->learning, code, rq->arena, out, e) == 0)
        return 0;
    if (e->kind != ERROR_NOT_FOUND)
        return -1;
    if (!allowance_take(site->guesses, request_address(rq), rq->now))
        return error_set(e, ERROR_TOO_MANY,
                         "Too many links that lead nowhere were tried from this network.");
    return error_set(e, ERROR_NOT_FOUND,
                     "There is no certificate at this address. Compare it with the link you were "
                     "given: letters may be missing at its end.");
}

int claims_find_file(struct request *rq, struct conn *c, const char *code, struct certificate *out,
                     struct error *e)
{
    if (claims_find(rq, c, code, out, e))
        return -1;
    bool closed = out->state == CERTIFICATE_SUPERSEDED || !out->shared;
    if (!closed || request_person_id(rq) == out->person)
        return 0;
    return error_set(e, ERROR_FORBIDDEN, "%s",
                     out->state == CERTIFICATE_SUPERSEDED
                         ? "This certificate was superseded, so its files are no longer given out."
                         : "The holder of this certificate does not share it by its link.");
}

/* ---- the verdict ---- */

const char *verdict_word(const struct verify_report *r)
{
    switch (r->verdict) {
    case VERDICT_VALID:
        return "Valid";
    case VERDICT_INVALID:
        return r->unreadable ? "Cannot be read" : "Not genuine";
    case VERDICT_REVOKED:
        return "Revoked";
    case VERDICT_EXPIRED:
        return r->valid_until ? "Expired" : "Not valid yet";
    case VERDICT_STATUS_UNKNOWN:
        return "Status unknown";
    case VERDICT_KEY_UNCONFIRMED:
        return "Issuer not confirmed";
    }
    return "Not genuine";
}

/* What it means, without the word that stands above it. */
static const char *verdict_rest(struct arena *a, const struct verify_report *r)
{
    const char *word = verdict_word(r);
    size_t n = strlen(word);
    return strncmp(r->words, word, n) == 0 && r->words[n] == ':' && r->words[n + 1] == ' '
               ? words_capital(a, r->words + n + 2)
               : r->words;
}

void view_verdict(cJSON *view, struct request *rq, const struct verify_report *r)
{
    static const struct {
        const char *name, *words;
    } names[] = {
        {"shape", "Form"},  {"signature", "Signature"}, {"issuer key", "The issuer’s key"},
        {"dates", "Dates"}, {"status", "Status"},
    };
    char time[9], zone[16];
    struct site *site = rq->app;
    zone_time(site->zone, rq->now, time);
    zone_abbreviation(site->zone, rq->now, zone);
    view_text(view, "verdict", verdict_name(r->verdict));
    view_text(view, "word", verdict_word(r));
    view_text(view, "verdict_class",
              r->verdict == VERDICT_VALID                       ? "is-valid"
              : r->verdict == VERDICT_INVALID && !r->unreadable ? "is-not"
                                                                : "is-open");
    view_text(view, "words", verdict_rest(rq->arena, r));
    view_text(view, "checked",
              arena_printf(rq->arena, "%s, %s %s", words_date(rq, rq->now), time, zone));
    cJSON *steps = view_list(view, "steps");
    for (int i = 0; i < r->step_count; i++) {
        const char *name = r->steps[i].name;
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (strcmp(names[k].name, name) == 0)
                name = names[k].words;
        cJSON *step = view_item(steps);
        view_text(step, "name", name);
        view_bool(step, "ok", r->steps[i].ok);
        view_text(step, "detail", r->steps[i].detail);
    }
}

/* ---- the claims ---- */

void view_lines(cJSON *view, const char *name, struct request *rq, const char *text)
{
    cJSON *lines = view_list(view, name);
    char *all = arena_strdup(rq->arena, text);
    for (char *line = all, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        if (*line)
            cJSON_AddItemToArray(lines, cJSON_CreateStringReference(line));
    }
}

static void put_claim(cJSON *claims, struct request *rq, const char *key, const char *label,
                      const char *value)
{
    if (!value || !*value)
        return;
    cJSON *claim = view_item(claims);
    view_text(claim, "key", key);
    view_text(claim, "label", label);
    view_lines(claim, "lines", rq, value);
}

void view_claims(cJSON *view, struct request *rq, const struct verify_report *r)
{
    cJSON *claims = view_list(view, "claims");
    view_bool(view, "has_claims", r->holder != NULL);
    if (!r->holder)
        return;
    struct arena *a = rq->arena;
    put_claim(claims, rq, "holder", "Issued to", r->holder);
    put_claim(claims, rq, "title", "For", r->title);
    put_claim(claims, rq, "awarded", "Completed", words_signed_date(rq, r->awarded));
    put_claim(claims, rq, "issuer", "Issued by",
              arena_printf(a, "%s\n%s", r->issuer_name, r->issuer));
    put_claim(claims, rq, "issued", "Issued on", words_signed_date(rq, r->valid_from));
    put_claim(claims, rq, "until", "Good until",
              r->valid_until ? words_signed_date(rq, r->valid_until) : "It does not expire");
    put_claim(claims, rq, "course", "Course",
              r->version ? arena_printf(a, "%s, version %s", r->course, r->version) : r->course);
    put_claim(claims, rq, "description", "About the course", r->description);
    put_claim(claims, rq, "criteria", "What completing took", r->criteria);
    put_claim(claims, rq, "id", "Identifier", r->id);
    put_claim(claims, rq, "key", "Signed with the key", r->key_id);
}

static void put_signed(cJSON *list, struct request *rq, const char *path, const cJSON *value)
{
    if (cJSON_IsString(value)) {
        if (strcmp(path, "proof.proofValue") == 0)
            return;
        cJSON *item = view_item(list);
        view_text(item, "name", path);
        view_text(item, "value", arena_strdup(rq->arena, value->valuestring));
    } else if (cJSON_IsBool(value)) {
        cJSON *item = view_item(list);
        view_text(item, "name", path);
        view_text(item, "value", cJSON_IsTrue(value) ? "true" : "false");
    }
    int index = 1;
    for (const cJSON *child = value->child; child; child = child->next, index++)
        put_signed(list, rq,
                   child->string
                       ? arena_printf(rq->arena, "%s%s%s", path, *path ? "." : "", child->string)
                       : arena_printf(rq->arena, "%s %d", path, index),
                   child);
}

void view_signed(cJSON *view, struct request *rq, const char *bytes, size_t n)
{
    struct error ignored = {0};
    cJSON *list = view_list(view, "signed"), *document = json_parse(bytes, n, &ignored);
    if (document)
        put_signed(list, rq, "", document); /* a few levels: the shape was checked */
    cJSON_Delete(document);
}

/* ---- words ---- */

const char *words_signed_date(struct request *rq, const char *rfc3339)
{
    instant at;
    return rfc3339 && instant_parse(rfc3339, &at) ? words_date(rq, at) : "";
}

const char *words_code(struct arena *a, const char *token)
{
    if (strlen(token) != 26)
        return token;
    return arena_printf(a, "%.5s-%.5s-%.5s-%.5s-%.6s", token, token + 5, token + 10, token + 15,
                        token + 20);
}
