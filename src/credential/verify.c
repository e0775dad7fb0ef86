#include "credential/verify.h"
#include "base/json.h"
#include "base/text.h"
#include "credential/did.h"
#include "credential/proof.h"
#include "credential/shape.h"
#include "credential/status_list.h"
#include "credential/verify_log.h"
#include <stdlib.h>
#include <string.h>

enum log_answer { LOG_FITS, LOG_NOT_SHOWN, LOG_CONTRADICTS };

struct check {
    const struct verify_input *in;
    struct arena *arena;
    struct verify_report *out;
    cJSON *document, *list;
    const char *did, *host;
    uint8_t key[KEY_BYTES];
};

const char *verdict_name(enum verdict v)
{
    switch (v) {
    case VERDICT_VALID:
        return "valid";
    case VERDICT_INVALID:
        return "invalid";
    case VERDICT_REVOKED:
        return "revoked";
    case VERDICT_EXPIRED:
        return "expired";
    case VERDICT_STATUS_UNKNOWN:
        return "status-unknown";
    case VERDICT_KEY_UNCONFIRMED:
        return "key-unconfirmed";
    }
    return "invalid";
}

static void step(struct check *x, const char *name, bool ok, const char *detail)
{
    x->out->steps[x->out->step_count++] =
        (struct verify_step){name, ok, false, arena_strdup(x->arena, detail)};
}

/* A step that could not be taken. */
static void step_open(struct check *x, const char *name, const char *detail)
{
    step(x, name, false, detail);
    x->out->steps[x->out->step_count - 1].open = true;
}

static void conclude(struct check *x, enum verdict v, const char *words)
{
    x->out->verdict = v;
    x->out->words = words;
}

/* "2026-07-01", from a time that has passed the shape check. */
static const char *day(struct check *x, const char *time)
{
    instant at;
    char *words = arena_alloc(x->arena, 24);
    if (!x->in->zone || !instant_parse(time, &at))
        return arena_strndup(x->arena, time, 10);
    zone_date_words(x->in->zone, at, words);
    return words;
}

static bool check_shape(struct check *x)
{
    struct error e = {0};
    const struct verify_input *in = x->in;
    if (in->credential_length > CREDENTIAL_MAX_BYTES) {
        step(x, "shape", false, "the file is larger than any certificate (64 KiB)");
        return false;
    }
    x->document = json_parse(in->credential, in->credential_length, &e);
    if (!x->document) {
        x->out->unreadable = true;
        step(x, "shape", false, arena_printf(x->arena, "not well-formed JSON: %s", e.message));
        return false;
    }
    if (shape_check(x->document, NODE_CREDENTIAL, x->arena, &e) != 0) {
        step(x, "shape", false, e.message);
        return false;
    }
    step(x, "shape", true, "has exactly the form of a certificate");
    return true;
}

static bool check_signature(struct check *x)
{
    const char *key = proof_key(x->document);
    if (!key_from_multibase(x->arena, key, x->key) ||
        !proof_holds(x->document, NODE_CREDENTIAL, x->key, x->arena)) {
        step(x, "signature", false,
             "the signature does not fit: something was changed after signing, or it was not "
             "signed with the key that it names");
        return false;
    }
    step(x, "signature", true, "every word is as it was signed");
    return true;
}

static void read_claims(struct check *x)
{
    struct verify_report *r = x->out;
    struct arena *a = x->arena;
    const cJSON *issuer = json_get(x->document, "issuer");
    const cJSON *subject = json_get(x->document, "credentialSubject");
    const cJSON *achievement = json_get(subject, "achievement");
    const cJSON *identity = json_get(subject, "identifier")->child;
    x->did = json_string(issuer, "id");
    x->host = did_host(a, x->did);
    const cJSON *entry = json_get(x->document, "credentialStatus");
    r->id = arena_strdup(a, json_string(x->document, "id"));
    r->status_list = arena_strdup(a, json_string(entry, "statusListCredential"));
    r->status_index = arena_strdup(a, json_string(entry, "statusListIndex"));
    r->issuer = arena_strdup(a, x->did);
    r->issuer_name = arena_strdup(a, json_string(issuer, "name"));
    r->holder = arena_strdup(a, json_string(identity, "identityHash"));
    r->title = arena_strdup(a, json_string(x->document, "name"));
    r->course = arena_strdup(a, json_string(achievement, "name"));
    r->version = arena_strdup(a, json_string(achievement, "version"));
    r->description = arena_strdup(a, json_string(achievement, "description"));
    r->criteria = arena_strdup(a, json_string(json_get(achievement, "criteria"), "narrative"));
    r->awarded = arena_strdup(a, json_string(x->document, "awardedDate"));
    r->valid_from = arena_strdup(a, json_string(x->document, "validFrom"));
    r->valid_until = arena_strdup(a, json_string(x->document, "validUntil"));
    r->key_id = arena_strdup(a, proof_key(x->document));
    r->fingerprint = key_fingerprint(a, x->key);
}

static enum did_answer confirm(struct check *x, const char *key)
{
    if (x->in->did_keys)
        return did_keys_confirm(x->in->did_keys, x->did, key);
    return did_document_confirms(x->in->did_document, x->in->did_length, x->did, key, x->arena);
}

static bool check_key(struct check *x)
{
    const char *detail = NULL;
    if (!x->in->did_document && !x->in->did_keys) {
        step_open(x, "issuer key",
                  arena_printf(x->arena, "nothing here proves that the key %s is %s's%s",
                               x->out->fingerprint, x->host,
                               x->in->did_came_along
                                   ? "; the did.json that came along is no proof: anybody can "
                                     "write one"
                                   : ""));
        return false;
    }
    switch (confirm(x, x->out->key_id)) {
    case DID_CONFIRMED:
        step(x, "issuer key", true,
             arena_printf(x->arena, "%s's own did document lists the key %s", x->host,
                          x->out->fingerprint));
        return true;
    case DID_UNREADABLE:
        detail = "the did document given cannot be read as one";
        break;
    case DID_OTHER:
        detail = "the did document given is another issuer's";
        break;
    case DID_NOT_LISTED:
        detail = arena_printf(x->arena,
                              "the did document of %s does not list the key %s: a forgery, a key "
                              "that was withdrawn, or a did document older than the key",
                              x->host, x->out->fingerprint);
        break;
    }
    step(x, "issuer key", false, detail);
    return false;
}

/* Later than the time asked about by more than clocks differ. */
static bool is_ahead(const struct check *x, instant from)
{
    return from > x->in->at && from - x->in->at > VERIFY_CLOCK_TOLERANCE;
}

static bool check_dates(struct check *x)
{
    instant from = 0, until = INT64_MAX;
    const char *end = x->out->valid_until;
    instant_parse(x->out->valid_from, &from);
    if (end)
        instant_parse(end, &until);
    x->out->early = is_ahead(x, from);
    bool good = !x->out->early && x->in->at < until;
    const char *detail =
        x->out->early ? arena_printf(x->arena, "not valid before %s", day(x, x->out->valid_from))
        : !good       ? arena_printf(x->arena, "expired on %s", day(x, end))
        : end
            ? arena_printf(x->arena, "valid from %s until %s", day(x, x->out->valid_from),
                           day(x, end))
            : arena_printf(x->arena, "valid since %s, without an end", day(x, x->out->valid_from));
    step(x, "dates", good, detail);
    return good;
}

/* Is this the list that the certificate names, signed with a key of the same issuer? Words why not,
 * or NULL. */
static const char *list_refused(struct check *x)
{
    struct error e = {0};
    uint8_t key[KEY_BYTES];
    const cJSON *entry = json_get(x->document, "credentialStatus");
    if (x->in->status_length > STATUS_FILE_MAX_BYTES)
        return "the status list is larger than any (2 MiB)";
    x->list = json_parse_few(x->in->status_list, x->in->status_length, STATUS_FILE_MOST, &e);
    if (!x->list)
        return arena_printf(x->arena, "the status list cannot be read: %s", e.message);
    if (shape_check(x->list, NODE_LIST_CREDENTIAL, x->arena, &e) != 0)
        return arena_printf(x->arena, "the status list has another form: %s", e.message);
    if (!text_equal(json_string(x->list, "id"), json_string(entry, "statusListCredential")))
        return "the status list is not the one that this certificate names";
    if (!text_equal(json_string(x->list, "issuer"), x->did))
        return "the status list is another issuer's";
    if (confirm(x, proof_key(x->list)) != DID_CONFIRMED)
        return "the status list is not signed with a key of the issuer";
    if (!key_from_multibase(x->arena, proof_key(x->list), key) ||
        !proof_holds(x->list, NODE_LIST_CREDENTIAL, key, x->arena))
        return "the status list was changed after signing";
    return NULL;
}

static enum list_says read_status(struct check *x, const char **detail)
{
    struct error e = {0};
    size_t length = 0;
    int64_t index = 0;
    instant from = 0, until = 0;
    if (!x->in->status_list && x->in->records != LIST_NOTHING) {
        *detail = arena_printf(
            x->arena, "%srevoked, by the records of %s, which cannot sign its list just now",
            x->in->records == LIST_CLEAR ? "not " : "", x->host);
        return x->in->records;
    }
    if (!x->in->status_list) {
        *detail = "no status list was given: it may have been revoked";
        return LIST_NOTHING;
    }
    *detail = list_refused(x);
    if (*detail)
        return LIST_NOTHING;
    const char *valid_from = json_string(x->list, "validFrom");
    instant_parse(valid_from, &from);
    instant_parse(json_string(x->list, "validUntil"), &until);
    text_to_int64(json_string(json_get(x->document, "credentialStatus"), "statusListIndex"), 0,
                  INT64_MAX, &index);
    const char *encoded = json_string(json_get(x->list, "credentialSubject"), "encodedList");
    const uint8_t *bits = status_list_decode(x->arena, encoded, &length, &e);
    if (!bits || (uint64_t)index / 8 >= length) {
        *detail = bits ? "the status list has no place for this certificate"
                       : arena_strdup(x->arena, e.message);
        return LIST_NOTHING;
    }
    if (is_ahead(x, from)) {
        *detail =
            arena_printf(x->arena, "the status list is of %s, later than the time asked about",
                         day(x, valid_from));
        return LIST_NOTHING;
    }
    x->out->list_from = from;
    /* Revocation is final, so an old list that says revoked is enough. */
    if (status_list_bit(bits, length, (uint64_t)index)) {
        *detail = arena_printf(x->arena, "revoked, by the status list of %s", day(x, valid_from));
        return LIST_REVOKED;
    }
    *detail = arena_printf(x->arena, "not revoked as of %s", day(x, valid_from));
    if (x->in->at < until)
        return LIST_CLEAR;
    *detail = arena_printf(x->arena, "not revoked as of %s; that list is too old to say more",
                           day(x, valid_from));
    return LIST_ONCE_CLEAR;
}

/* What came along of the log is no trust, but a certificate that contradicts it is not valid: the
 * one or the other was changed. What could not be checked counts when the caller gave a checkpoint,
 * under which the certificate must stand. */
static enum log_answer check_log(struct check *x)
{
    struct verify_step *next = &x->out->steps[x->out->step_count];
    int count = verify_log(x->in, x->document, x->host, x->arena, next);
    x->out->step_count += count;
    for (int i = 0; i < count; i++)
        if (!next[i].ok && !next[i].open)
            return LOG_CONTRADICTS;
    return count == 0 || next[0].ok || !x->in->checkpoint ? LOG_FITS : LOG_NOT_SHOWN;
}

static void conclude_contradicted(struct check *x)
{
    x->out->contradicted = true;
    conclude(x, VERDICT_STATUS_UNKNOWN,
             arena_printf(x->arena,
                          "In doubt: it bears a good signature of %s, but it does not go together "
                          "with what is here of the public log of %s.",
                          x->host, x->host));
}

static void check_all(struct check *x)
{
    struct arena *a = x->arena;
    if (x->in->how)
        step(x, "file", true, x->in->how);
    if (!check_shape(x)) {
        conclude(x, VERDICT_INVALID,
                 x->out->unreadable
                     ? "Cannot be read: this file is not complete, or not a certificate file. "
                       "Download it again and drop the whole file."
                     : "Not a certificate that can be trusted: its form is wrong.");
        return;
    }
    if (!check_signature(x)) {
        conclude(x, VERDICT_INVALID, "Not genuine: it was changed, or its signature is not real.");
        return;
    }
    read_claims(x);
    bool key = check_key(x), dates = check_dates(x);
    const char *detail;
    if (!key) {
        step_open(x, "status", "not looked at: without the issuer's key no list can be believed");
        conclude(x, VERDICT_KEY_UNCONFIRMED,
                 arena_printf(a,
                              "The signature is sound, but nothing here proves that this key is "
                              "%s's (fingerprint %s).",
                              x->host, x->out->fingerprint));
        return;
    }
    enum list_says says = x->out->list_says = read_status(x, &detail);
    const char *dates_detail = x->out->steps[x->out->step_count - 1].detail;
    if (says < LIST_CLEAR)
        step_open(x, "status", detail);
    else
        step(x, "status", says == LIST_CLEAR, detail);
    enum log_answer in_log = check_log(x);
    if (says == LIST_REVOKED)
        conclude(x, VERDICT_REVOKED,
                 "Genuine, but its issuer has revoked it or put another in its place.");
    else if (!dates)
        conclude(x, VERDICT_EXPIRED, arena_printf(a, "Genuine, but %s.", dates_detail));
    else if (in_log == LOG_CONTRADICTS)
        conclude_contradicted(x);
    else if (says < LIST_CLEAR)
        conclude(x, VERDICT_STATUS_UNKNOWN,
                 says == LIST_ONCE_CLEAR
                     ? arena_printf(a, "Genuine; %.*s; present status unknown.",
                                    (int)strcspn(detail, ";"), detail)
                     : "Genuine; status unknown: whether it was revoked cannot be told.");
    else if (in_log == LOG_NOT_SHOWN)
        conclude(x, VERDICT_STATUS_UNKNOWN,
                 "Genuine and not revoked, but the checkpoint given does not show it in the log.");
    else
        conclude(x, VERDICT_VALID,
                 arena_printf(a, "Genuine and in force: issued by %s (%s) to %s.",
                              x->out->issuer_name, x->host, x->out->holder));
}

int credential_verify(const struct verify_input *in, struct arena *a, struct verify_report *out,
                      struct error *e)
{
    (void)e; /* nothing here fails but by running out of memory */
    struct check x = {.in = in, .arena = a, .out = out};
    memset(out, 0, sizeof *out);
    check_all(&x);
    cJSON_Delete(x.document);
    cJSON_Delete(x.list);
    return 0;
}

const char *credential_claimed_host(const char *credential, size_t n, struct arena *a)
{
    struct error ignored = {0};
    cJSON *document = n <= CREDENTIAL_MAX_BYTES ? json_parse(credential, n, &ignored) : NULL;
    const char *did = json_string(json_get(document, "issuer"), "id");
    const char *host = did ? did_host(a, did) : NULL;
    cJSON_Delete(document);
    return host;
}
