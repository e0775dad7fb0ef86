/* Stored certificates and the signed status lists they point to. */
#include "learning/certificate.h"
#include "base/encode.h"
#include "base/hash.h"
#include "learning/sql.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LIST_BYTES  (131072 / 8)
#define LIST_RESIGN INSTANT_DAY
#define LIST_SLOTS  64
#define MAX_OF_ONE  500

static int read_certificate(struct stmt *st, struct learning *l, struct arena *a,
                            struct certificate *out, struct error *e)
{
    *out = (struct certificate){
        .id = db_int(st, 0),
        .person = db_int(st, 1),
        .uuid = arena_strdup(a, db_text(st, 2)),
        .token = arena_strdup(a, db_text(st, 3)),
        .earned_at = db_int(st, 5),
        .issued_at = db_int(st, 6),
        .by_assessment = db_int(st, 7) != 0,
        .bytes = arena_strdup(a, db_text(st, 8)),
        .status_list = db_int(st, 9),
        .status_index = db_int(st, 10),
    };
    out->publication = shelf_get(l->shelf, db_int(st, 4), e);
    if (!out->publication)
        return -1;
    out->course = out->publication->course;
    return 0;
}

int certificate_by_token(struct conn *c, struct learning *l, const char *token, struct arena *a,
                         struct certificate *out, struct error *e)
{
    uint8_t bytes[16];
    char canonical[27];
    if (!crockford_decode(token, bytes))
        return error_set(e, ERROR_NOT_FOUND, "There is no certificate with this code.");
    crockford_encode(bytes, canonical);
    struct stmt *st = db_query(c, &sql_certificate_by_token, e, "t", canonical);
    if (!st)
        return -1;
    int step = db_step(st, e);
    int result = step == 1 ? read_certificate(st, l, a, out, e) : -1;
    db_done(st);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND, "There is no certificate with this code.");
    return result;
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

/* ---- status lists ---- */

struct signed_list {
    int64_t list;
    instant at;
    char *json;
};

struct status_cache {
    pthread_mutex_t mutex;
    struct signed_list slots[LIST_SLOTS];
};

struct status_cache *status_cache_create(void)
{
    struct status_cache *s = calloc(1, sizeof *s);
    if (s)
        pthread_mutex_init(&s->mutex, NULL);
    return s;
}

void status_cache_free(struct status_cache *s)
{
    if (!s)
        return;
    for (int i = 0; i < LIST_SLOTS; i++)
        free(s->slots[i].json);
    pthread_mutex_destroy(&s->mutex);
    free(s);
}

/* Bits are set by revocation, which no one can do yet: every list is all zero. */
static int sign_list(struct learning *l, int64_t list, instant at, struct arena *a,
                     const char **json, struct error *e)
{
    const uint8_t *bits = arena_alloc(a, LIST_BYTES);
    return issuer_sign_status_list(l->issuer, list, bits, LIST_BYTES, at, a, json, e);
}

static bool fresh(const struct signed_list *s, int64_t list, instant at)
{
    return s->json && s->list == list && s->at <= at && at < s->at + LIST_RESIGN;
}

int status_list_get(struct status_cache *s, struct conn *c, struct learning *l, int64_t list,
                    instant at, struct arena *a, const char **json, struct error *e)
{
    int64_t exists = 0;
    if (db_query_int(c, &sql_list_exists, &exists, e, "i", list) < 0)
        return -1;
    if (!exists)
        return error_set(e, ERROR_NOT_FOUND, "There is no status list with this number.");
    if (!l->issuer) /* "there is none" would be wrong, and is what a forger would like to hear */
        return error_set(e, ERROR_BUSY, "The site has no signing key just now.");
    struct signed_list *slot = &s->slots[list % LIST_SLOTS];
    int result = 0;
    pthread_mutex_lock(&s->mutex);
    if (!fresh(slot, list, at)) {
        result = sign_list(l, list, at, a, json, e);
        if (result == 0) {
            free(slot->json);
            *slot = (struct signed_list){list, at, strdup(*json)};
        }
    }
    if (result == 0)
        *json = arena_strdup(a, slot->json);
    pthread_mutex_unlock(&s->mutex);
    return result;
}

/* ---- proving ---- */

int certificate_verify_all(struct conn *c, struct learning *l, int64_t *count, struct error *e)
{
    *count = 0;
    struct stmt *st = db_query(c, &sql_certificates_all, e, "");
    if (!st)
        return -1;
    struct arena *a = arena_create();
    const char *did = l->issuer ? issuer_did_document(l->issuer, a) : NULL;
    if (did)
        did = strdup(did);
    int step, result = 0;
    while (result == 0 && (step = db_step(st, e)) != 0) {
        if (step < 0) {
            result = -1;
            break;
        }
        arena_reset(a);
        const char *bytes = db_text(st, 1);
        size_t n, sha_n;
        uint8_t sha[HASH_BYTES];
        n = strlen(bytes);
        hash_sha256(bytes, n, sha);
        const void *stored = db_blob(st, 2, &sha_n);
        struct verify_input in = {.credential = bytes,
                                  .credential_length = n,
                                  .did_document = did,
                                  .did_length = did ? strlen(did) : 0};
        struct verify_report report;
        if (sha_n != sizeof sha || memcmp(stored, sha, sizeof sha) != 0)
            result =
                error_set(e, ERROR_IO, "certificate %s: its bytes were altered", db_text(st, 0));
        else if (credential_verify(&in, a, &report, e))
            result = -1;
        else if (report.verdict == VERDICT_INVALID)
            result = error_set(e, ERROR_IO, "certificate %s: %s", db_text(st, 0), report.words);
        ++*count;
    }
    db_done(st);
    arena_free(a);
    free((char *)(uintptr_t)did);
    return result;
}
