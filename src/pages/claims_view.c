#include "pages/claims_view.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "credential/issuer.h"
#include "credential/trust.h"
#include "learning/tlog.h"
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

/* What it says, whoever signed it with whichever suite: its canonical form without the proof. */
static bool put_statement(struct buf *out, const char *bytes, size_t n)
{
    struct error ignored = {0};
    cJSON *document = json_parse(bytes, n, &ignored);
    cJSON_DeleteItemFromObjectCaseSensitive(document, "proof");
    bool good = document && json_canonical(document, out, &ignored) == 0 && !out->overflow;
    cJSON_Delete(document);
    return good;
}

static bool says_the_same(const struct certificate *own, const char *bytes, size_t n)
{
    struct buf recorded, given;
    buf_init(&recorded, CREDENTIAL_MAX_BYTES * 2);
    buf_init(&given, CREDENTIAL_MAX_BYTES * 2);
    bool same = put_statement(&recorded, own->bytes, strlen(own->bytes)) &&
                put_statement(&given, bytes, n) && recorded.length == given.length &&
                memcmp(recorded.data, given.data, given.length) == 0;
    buf_free(&recorded);
    buf_free(&given);
    return same;
}

struct own {
    bool ours;                    /* its id is one of this site's */
    const struct certificate *it; /* in the records, and saying the same; NULL: it is not there */
};

static int find_own(struct request *rq, struct conn *c, const char *bytes, size_t n,
                    struct own *out, struct error *e)
{
    struct error why = {0};
    struct certificate *it = arena_alloc(rq->arena, sizeof *it);
    cJSON *document = n <= CREDENTIAL_MAX_BYTES ? json_parse(bytes, n, &why) : NULL;
    const char *id = json_string(document, "id");
    id = id ? arena_strdup(rq->arena, id) : NULL;
    cJSON_Delete(document);
    *out = (struct own){0};
    out->ours = id && text_starts(id, arena_printf(rq->arena, "%s/", rq->settings->origin));
    if (!out->ours)
        return 0;
    if (certificate_find(c, rq->learning, id, rq->arena, it, &why) == 0)
        out->it = says_the_same(it, bytes, n) ? it : NULL;
    else if (why.kind != ERROR_NOT_FOUND) {
        *e = why;
        return -1;
    }
    return 0;
}

/* Whom to believe: this site's own keys for its own certificates, a pin for another issuer's. */
static int find_keys(struct request *rq, struct verify_input *in, struct error *e)
{
    struct error missing = {0};
    const char *host = credential_claimed_host(in->credential, in->credential_length, rq->arena);
    if (!host || strcmp(host, rq->settings->host) == 0) {
        in->log_keys = tlog_keys(rq->learning->tlog, &in->log_key_count);
        in->did_document = issuer_did_document(rq->learning->issuer, rq->arena);
        in->did_length = in->did_document ? strlen(in->did_document) : 0;
        return 0;
    }
    bool log_pinned = false;
    struct note_key *log_key = arena_alloc(rq->arena, sizeof *log_key);
    in->did_document = trust_load(rq->settings->data, host, rq->arena, &in->did_length, &missing);
    if ((!in->did_document && missing.kind) ||
        trust_load_log(rq->settings->data, host, rq->arena, log_key, &log_pinned, &missing) != 0) {
        *e = missing;
        return -1;
    }
    in->log_keys = log_key;
    in->log_key_count = log_pinned;
    return 0;
}

static int find_list(struct request *rq, struct conn *c, const struct own *own,
                     struct verify_input *in, struct error *e)
{
    struct learning *l = rq->learning;
    struct site *site = rq->app;
    struct error missing = {0};
    int64_t list = own_list(rq, in->credential, in->credential_length);
    if (!list)
        return 0;
    in->status_list = NULL; /* our own is fresher than one that came along */
    in->status_length = 0;
    if (!issuer_can_sign(l->issuer)) {
        in->records = !own->it                               ? LIST_NOTHING
                      : own->it->state == CERTIFICATE_STANDS ? LIST_CLEAR
                                                             : LIST_REVOKED;
        return 0;
    }
    if (status_list_get(site->status_lists, c, l, list, rq->now, rq->arena, &in->status_list,
                        &missing)) {
        in->status_list = NULL;
        if (missing.kind != ERROR_NOT_FOUND) {
            *e = missing;
            return -1;
        }
    }
    in->status_length = in->status_list ? strlen(in->status_list) : 0;
    return 0;
}

/* Whoever has stolen our key can sign what we never issued. That it is in no record is the first
 * that anybody sees of it, so it is told to the operator, too. */
static void tell_unrecorded(struct request *rq, const struct own *own, struct verify_report *out)
{
    if (!own->ours || own->it || out->verdict == VERDICT_INVALID ||
        out->verdict == VERDICT_KEY_UNCONFIRMED || out->verdict == VERDICT_REVOKED)
        return;
    log_line(LOG_WARNING,
             "verify: %s was signed with the key %s of this site and is not in its records: either "
             "they are older than it, or the key is in other hands (understory key compromise)",
             out->id, out->key_id);
    out->verdict = VERDICT_STATUS_UNKNOWN;
    out->unrecorded = true;
    out->words = arena_printf(rq->arena,
                              "It bears a signature of this site, but it is not among the "
                              "certificates that were issued here. Ask %s before you rely on it.",
                              rq->settings->coe_name);
}

/* What was withdrawn is called so whatever else can be checked at this moment; a list's one bit
 * cannot tell the two apart. */
static void tell_withdrawn(struct request *rq, const struct own *own, struct verify_report *out)
{
    if (!own->it || own->it->state == CERTIFICATE_STANDS || out->verdict == VERDICT_INVALID)
        return;
    out->verdict = VERDICT_REVOKED;
    out->superseded = own->it->state == CERTIFICATE_SUPERSEDED;
    out->words = arena_printf(
        rq->arena,
        out->superseded ? "It was signed here, and replaced by another one on %s. Ask its holder "
                          "for that."
                        : "It was signed here, and revoked on %s. It counts no more.",
        words_date(rq, own->it->state_at));
}

static int judge(struct request *rq, struct conn *c, const struct own *own, struct verify_input *in,
                 struct verify_report *out, struct error *e)
{
    struct site *site = rq->app;
    in->at = rq->now;
    in->zone = site->zone;
    if (find_keys(rq, in, e) || find_list(rq, c, own, in, e) ||
        credential_verify(in, rq->arena, out, e))
        return -1;
    tell_withdrawn(rq, own, out);
    tell_unrecorded(rq, own, out);
    return 0;
}

int claims_check_opened(struct request *rq, struct conn *c, const struct opened *file,
                        struct verify_report *out, struct error *e)
{
    struct verify_input in = {.credential = file->credential,
                              .credential_length = file->credential_length,
                              .how = file_kind_words(file->kind),
                              .did_came_along = file->did.bytes != NULL,
                              .log_proof = file->proof.bytes,
                              .log_proof_length = file->proof.length,
                              .log_consistency = file->consistency.bytes,
                              .log_consistency_length = file->consistency.length,
                              .status_list = file->status.bytes,
                              .status_length = file->status.length};
    struct own own;
    return find_own(rq, c, file->credential, file->credential_length, &own, e) ||
                   judge(rq, c, &own, &in, out, e)
               ? -1
               : 0;
}

int claims_check_certificate(struct request *rq, struct conn *c, const struct certificate *it,
                             struct verify_report *out, struct error *e)
{
    struct own own = {.ours = true, .it = it};
    struct verify_input in = {.credential = it->bytes, .credential_length = strlen(it->bytes)};
    return judge(rq, c, &own, &in, out, e);
}

int claims_find(struct request *rq, struct conn *c, const char *code, struct certificate *out,
                struct error *e)
{
    struct site *site = rq->app;
    if (certificate_by_token(c, rq->learning, code, rq->arena, out, e) == 0)
        return 0;
    if (e->kind != ERROR_NOT_FOUND)
        return -1;
    if (!allowance_take_address(site->guesses, request_address(rq), rq->now))
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
        return r->unreadable ? "Cannot be read"
               : r->absent   ? "No certificate found"
                             : "Not genuine";
    case VERDICT_REVOKED:
        return r->superseded ? "Superseded" : "Revoked";
    case VERDICT_EXPIRED:
        return r->early ? "Not valid yet" : "Expired";
    case VERDICT_STATUS_UNKNOWN:
        return r->unrecorded     ? "Not in our records"
               : r->contradicted ? "In doubt"
                                 : "Status unknown";
    case VERDICT_KEY_UNCONFIRMED:
        return "Issuer not confirmed";
    }
    return "Not genuine";
}

/* Not confirmed, although the issuer's keys are known here. */
static bool key_was_looked_up(const struct verify_report *r)
{
    for (int i = 0; i < r->step_count; i++)
        if (strcmp(r->steps[i].name, "issuer key") == 0)
            return !r->steps[i].open;
    return false;
}

/* What it means, without the word that stands above it; where a clerk must do something, what. */
static const char *verdict_rest(struct arena *a, const struct verify_report *r)
{
    const char *word = verdict_word(r), *host = r->issuer ? did_host(a, r->issuer) : "";
    size_t n = strlen(word);
    if (r->verdict == VERDICT_KEY_UNCONFIRMED && key_was_looked_up(r))
        return arena_printf(
            a,
            "It says that %s issued it. But it was not signed with a key of %s that "
            "is in force: it is a forgery, or made with a key that was withdrawn. "
            "Ask %s itself before you rely on it.",
            host, host, host);
    if (r->verdict == VERDICT_KEY_UNCONFIRMED)
        return arena_printf(a,
                            "It says that %s issued it, and nothing in it was changed since it was "
                            "signed. But nothing here shows that %s signed it: anybody can write "
                            "that name. Ask %s itself before you rely on it.",
                            host, host, host);
    if (r->verdict == VERDICT_STATUS_UNKNOWN && r->contradicted && !r->unrecorded)
        return arena_printf(
            a,
            "It bears a good signature of %s. But it does not go together with what "
            "is here of the public list of all certificates of %s: it may be "
            "younger than it says, or the file was changed on its way. Ask for the "
            "file as it was downloaded, or ask %s before you rely on it.",
            host, host, host);
    if (r->verdict == VERDICT_STATUS_UNKNOWN && !r->unrecorded)
        return arena_printf(a,
                            "It is genuine: %s issued it, and nothing in it was changed. But "
                            "whether it was revoked since could not be checked. Open the link on "
                            "the certificate, or ask %s.",
                            host, host);
    return strncmp(r->words, word, n) == 0 && r->words[n] == ':' && r->words[n + 1] == ' '
               ? words_capital(a, r->words + n + 2)
               : r->words;
}

void view_verdict(cJSON *view, struct request *rq, const struct verify_report *r)
{
    char time[9], zone[16];
    struct site *site = rq->app;
    zone_time(site->zone, rq->now, time);
    zone_abbreviation(site->zone, rq->now, zone);
    view_text(view, "verdict", verdict_name(r->verdict));
    view_text(view, "word", verdict_word(r));
    view_text(view, "verdict_class",
              r->verdict == VERDICT_VALID                                     ? "is-valid"
              : r->verdict == VERDICT_INVALID && !r->unreadable && !r->absent ? "is-not"
                                                                              : "is-open");
    view_text(view, "words", verdict_rest(rq->arena, r));
    view_text(view, "checked",
              arena_printf(rq->arena, "%s, %s %s", words_date(rq, rq->now), time, zone));
    view_steps(view, rq, r);
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
              arena_printf(a, "%s\n%s", r->issuer_name, did_host(a, r->issuer)));
    put_claim(claims, rq, "issued", "Issued on", words_signed_date(rq, r->valid_from));
    put_claim(claims, rq, "until", "Good until",
              r->valid_until ? words_signed_date(rq, r->valid_until) : "It does not expire");
    put_claim(claims, rq, "course", "Course",
              r->version ? arena_printf(a, "%s, version %s", r->course, r->version) : r->course);
    put_claim(claims, rq, "description", "About the course", r->description);
    put_claim(claims, rq, "criteria", "What completing took", r->criteria);
    put_claim(claims, rq, "id", "Identifier", r->id);
    view_text(view, "key", r->key_id);
    view_text(view, "fingerprint", r->fingerprint);
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
