/* Stored certificates: finding them, and proving what was stored. */
#include "learning/certificate.h"
#include "base/encode.h"
#include "base/hash.h"
#include "base/text.h"
#include "credential/did.h"
#include "learning/sql.h"
#include <string.h>

#define MAX_OF_ONE 500

static enum certificate_state state_of(const char *kind)
{
    if (!kind)
        return CERTIFICATE_STANDS;
    return strcmp(kind, "revoked") == 0 ? CERTIFICATE_REVOKED : CERTIFICATE_SUPERSEDED;
}

static int read_certificate(struct stmt *st, struct learning *l, struct arena *a,
                            struct certificate *out, struct error *e)
{
    *out = (struct certificate){
        .id = db_int(st, 0),
        .person = db_int(st, 1),
        .enrolment = db_int(st, 2),
        .uuid = arena_strdup(a, db_text(st, 3)),
        .token = arena_strdup(a, db_text(st, 4)),
        .earned_at = db_int(st, 6),
        .issued_at = db_int(st, 7),
        .valid_until = db_int(st, 8),
        .by_assessment = db_int(st, 9) != 0,
        .bytes = arena_strdup(a, db_text(st, 10)),
        .status_list = db_int(st, 11),
        .status_index = db_int(st, 12),
        .current = db_int(st, 13) != 0,
        .shared = db_int(st, 14) != 0,
        .state = state_of(db_text(st, 15)),
        .state_at = db_int(st, 16),
        .state_reason = db_null(st, 17) ? "" : arena_strdup(a, db_text(st, 17)),
    };
    out->publication = shelf_get(l->shelf, db_int(st, 5), e);
    if (!out->publication)
        return -1;
    out->course = out->publication->course;
    return 0;
}

/* The one row of a query that is under way. */
static int read_one(struct stmt *st, struct learning *l, struct arena *a, struct certificate *out,
                    const char *missing, struct error *e)
{
    if (!st)
        return -1;
    int step = db_step(st, e);
    int result = step == 1 ? read_certificate(st, l, a, out, e) : -1;
    db_done(st);
    return step == 0 ? error_set(e, ERROR_NOT_FOUND, "%s", missing) : result;
}

int certificate_by_token(struct conn *c, struct learning *l, const char *token, struct arena *a,
                         struct certificate *out, struct error *e)
{
    static const char missing[] = "There is no certificate with this code.";
    uint8_t bytes[16];
    char canonical[27];
    if (!crockford_decode(token, bytes))
        return error_set(e, ERROR_NOT_FOUND, "%s", missing);
    crockford_encode(bytes, canonical);
    return read_one(db_query(c, &sql_certificate_by_token, e, "t", canonical), l, a, out, missing,
                    e);
}

int certificate_by_uuid(struct conn *c, struct learning *l, const char *uuid, struct arena *a,
                        struct certificate *out, struct error *e)
{
    return read_one(db_query(c, &sql_certificate_by_uuid, e, "t", uuid), l, a, out,
                    "There is no certificate with this identifier.", e);
}

int certificate_get(struct conn *c, struct learning *l, int64_t id, struct arena *a,
                    struct certificate *out, struct error *e)
{
    return read_one(db_query(c, &sql_certificate_by_id, e, "i", id), l, a, out,
                    "There is no certificate with this number.", e);
}

int certificate_find(struct conn *c, struct learning *l, const char *text, struct arena *a,
                     struct certificate *out, struct error *e)
{
    static const char *const before[] = {"/v/", "/certificates/", "urn:uuid:"};
    const char *start = text_trim(a, text);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        const char *found = strstr(start, before[i]);
        if (found)
            start = found + strlen(before[i]);
    }
    const char *word = arena_strndup(a, start, strcspn(start, "/?#"));
    uint8_t code[16];
    return crockford_decode(word, code) ? certificate_by_token(c, l, word, a, out, e)
                                        : certificate_by_uuid(c, l, word, a, out, e);
}

int certificate_list(struct conn *c, struct learning *l, int64_t person, struct arena *a,
                     struct certificate **out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_certificates_of, e, "i", person);
    if (!st)
        return -1;
    int step, count = 0, result = 0;
    *out = arena_array(a, MAX_OF_ONE, sizeof **out);
    while (count < MAX_OF_ONE && result == 0 && (step = db_step(st, e)) != 0) {
        result = step < 0 ? -1 : read_certificate(st, l, a, &(*out)[count], e);
        count += result == 0;
    }
    db_done(st);
    return result ? -1 : count;
}

/* ---- proving ---- */

/* Whoever takes a row out of the revocations makes a withdrawn certificate good again: the audit's
 * chain says what there must be, and the other way round. Whose a certificate is stands in the
 * ledger's. */
static int check_chains(struct conn *c, struct error *e)
{
    static const struct {
        const struct sql *sql;
        const char *what, *words;
    } checks[] = {
        {&sql_revocations_missing, "certificate",
         "its revocation is missing, though the audit holds it"},
        {&sql_revocations_unheard_of, "certificate", "it was revoked without a word in the audit"},
        {&sql_certificates_unheard_of, "certificate",
         "the ledger does not know that this person was given it"},
        {&sql_compromises_missing, "signing key",
         "its row does not say that it was compromised, though the audit does"},
        {&sql_compromises_unheard_of, "signing key",
         "it is marked as compromised without a word in the audit"},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        struct stmt *st = db_query(c, checks[i].sql, e, "");
        int step = st ? db_step(st, e) : -1;
        if (step == 1)
            error_set(e, ERROR_IO, "%s %s: %s", checks[i].what, db_text(st, 0), checks[i].words);
        db_done(st);
        if (step != 0)
            return -1;
    }
    return 0;
}

/* A row's own columns decide whose bit a revocation sets: they must be what was signed. */
static bool is_as_signed(struct stmt *st, const struct verify_report *r, struct arena *a)
{
    return text_ends(r->id, arena_printf(a, "/certificates/%s", db_text(st, 0))) &&
           text_ends(r->status_list, arena_printf(a, "/status/%lld", (long long)db_int(st, 5))) &&
           text_equal(r->status_index, arena_printf(a, "%lld", (long long)db_int(st, 6)));
}

/* One row of them. `keys`: of the did document, or NULL while they cannot be read. */
static int check_stored(struct stmt *st, const struct learning *l, const struct did_keys *keys,
                        struct arena *a, struct error *e)
{
    const char *uuid = db_text(st, 0), *bytes = db_text(st, 1);
    size_t n = strlen(bytes), sha_n;
    uint8_t sha[HASH_BYTES];
    hash_sha256(bytes, n, sha);
    const void *stored = db_blob(st, 2, &sha_n);
    struct verify_input in = {.credential = bytes, .credential_length = n, .did_keys = keys};
    struct verify_report report;
    if (sha_n != sizeof sha || memcmp(stored, sha, sizeof sha) != 0)
        return error_set(e, ERROR_IO, "certificate %s: its bytes were altered", uuid);
    if (credential_verify(&in, a, &report, e))
        return -1;
    if (report.verdict == VERDICT_INVALID)
        return error_set(e, ERROR_IO, "certificate %s: %s", uuid, report.words);
    bool withdrawn = db_int(st, 4) != 0;
    bool foreign = keys && report.verdict == VERDICT_KEY_UNCONFIRMED && !withdrawn &&
                   text_equal(report.issuer, issuer_did(l->issuer));
    if (foreign || !text_equal(report.key_id, db_text(st, 3)))
        return error_set(e, ERROR_IO, "certificate %s: it is not signed with a key of this site's",
                         uuid);
    return is_as_signed(st, &report, a)
               ? 0
               : error_set(
                     e, ERROR_IO,
                     "certificate %s: its identifier or its place in a status list was altered",
                     uuid);
}

int certificate_verify_all(struct conn *c, struct learning *l, int64_t *count, struct error *e)
{
    *count = 0;
    if (check_chains(c, e))
        return -1;
    struct stmt *st = db_query(c, &sql_certificates_all, e, "");
    if (!st)
        return -1;
    struct arena *kept = arena_create(), *a = arena_create();
    const char *did = issuer_did_document(l->issuer, kept);
    const struct did_keys *keys = did ? did_document_read(did, strlen(did), kept, e) : NULL;
    int step, result = 0;
    while (result == 0 && (step = db_step(st, e)) != 0) {
        arena_reset(a);
        result = step < 0 ? -1 : check_stored(st, l, keys, a, e);
        *count += step > 0;
    }
    db_done(st);
    arena_free(a);
    arena_free(kept);
    return result;
}
