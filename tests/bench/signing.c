/*
 * What certificates cost beside the signatures in them, on one core. The floors are a bare Ed25519
 * signature and a bare check of one, over 64 bytes as a proof signs them, and one durable commit of
 * one row.
 *
 *   bench_signing FOLDER SECONDS      prints rates per second as JSON, medians of five
 */
#include "base/arena.h"
#include "base/random.h"
#include "credential/did.h"
#include "credential/issuer.h"
#include "credential/status_list.h"
#include "db/db.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 5

struct bench {
    struct db *db;
    struct issuer *issuer;
    struct arena *arena;
    unsigned char public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    unsigned char message[64], signature[crypto_sign_BYTES];
    const struct did_keys *did_keys;
    const char *list, *certificate;
    double seconds;
};

typedef void (*work)(struct bench *b, int64_t serial);

static void die(const struct error *e)
{
    fprintf(stderr, "bench_signing: %s\n", e->message);
    exit(1);
}

static const char *issue(struct bench *b, int64_t serial, struct arena *a)
{
    struct error e = {0};
    char certificate[37], subject[37];
    const char *json;
    random_uuid(certificate);
    random_uuid(subject);
    struct claims c = {
        .certificate_uuid = certificate,
        .subject_uuid = subject,
        .holder_name = "Zoë Nguyễn-O’Brien",
        .title = "Structure in the room: module completed",
        .course = "structure",
        .publication_hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        .course_title = "Structure in the room",
        .description =
            "Learn to hear the rule behind the missed dose, to write it down so that others can "
            "use it, to ask about it in five minutes, and to choose a response that fits.",
        .version = "1.0.0",
        .language = "en",
        .criteria =
            "Complete all 8 lessons and answer the question in each.\nFollow the case to one of "
            "its "
            "ends.\nPass the learning check with at least 7 of 8 questions right; attempts are "
            "unlimited.\n\nDesigned for 50 minutes.\nOnline self-study. Records completion; does "
            "not "
            "certify competence.",
        .earned_at = INT64_C(1782925509) * INSTANT_SECOND,
        .issued_at = INT64_C(1782925510) * INSTANT_SECOND,
        .status_list = 1,
        .status_index = serial % STATUS_LIST_BITS,
    };
    if (issuer_sign(b->issuer, &c, a, &json, NULL, &e))
        die(&e);
    return json;
}

static void sign_bare(struct bench *b, int64_t serial)
{
    memcpy(b->message, &serial, sizeof serial);
    crypto_sign_detached(b->signature, NULL, b->message, sizeof b->message, b->secret);
}

static void check_bare(struct bench *b, int64_t serial)
{
    (void)serial;
    if (crypto_sign_verify_detached(b->signature, b->message, sizeof b->message, b->public_key))
        abort();
}

static int insert_row(struct conn *c, void *arg, struct error *e)
{
    static const struct sql table = {
        "table", "signing.c", "CREATE TABLE IF NOT EXISTS bench_row (n INTEGER) STRICT", NULL};
    static const struct sql insert = {"insert", "signing.c", "INSERT INTO bench_row VALUES ($1)",
                                      NULL};
    return db_exec(c, &table, e, "") < 0 || db_exec(c, &insert, e, "i", *(int64_t *)arg) < 0 ? -1
                                                                                             : 0;
}

static void commit(struct bench *b, int64_t serial)
{
    struct error e = {0};
    if (db_write(b->db, insert_row, &serial, &e))
        die(&e);
}

static void sign_certificate(struct bench *b, int64_t serial)
{
    arena_reset(b->arena);
    issue(b, serial, b->arena);
}

static void verify(struct bench *b, const char *list, enum verdict wanted)
{
    struct error e = {0};
    struct verify_report r;
    struct verify_input in = {.credential = b->certificate,
                              .credential_length = strlen(b->certificate),
                              .did_keys = b->did_keys,
                              .status_list = list,
                              .status_length = list ? strlen(list) : 0,
                              .at = INT64_C(1782925600) * INSTANT_SECOND};
    arena_reset(b->arena);
    if (credential_verify(&in, b->arena, &r, &e))
        die(&e);
    if (r.verdict != wanted) {
        fprintf(stderr, "bench_signing: %s\n", r.words);
        exit(1);
    }
}

static void verify_alone(struct bench *b, int64_t serial)
{
    (void)serial;
    verify(b, NULL, VERDICT_STATUS_UNKNOWN);
}

static void verify_with_list(struct bench *b, int64_t serial)
{
    (void)serial;
    verify(b, b->list, VERDICT_VALID);
}

static double rate(struct bench *b, work what)
{
    int64_t start = clock_monotonic_us(), now = start, done = 0;
    while (now - start < (int64_t)(b->seconds * 1e6)) {
        for (int i = 0; i < 20; i++)
            what(b, done++);
        now = clock_monotonic_us();
    }
    return (double)done * 1e6 / (double)(now - start);
}

static int by_size(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void prepare(struct bench *b, const char *folder)
{
    struct error e = {0};
    b->arena = arena_create();
    const struct db_options o = {.path = arena_printf(b->arena, "%s/bench.db", folder),
                                 .readers = 1};
    b->db = db_open(&o, &e);
    if (!b->db)
        die(&e);
    b->issuer = issuer_open(arena_printf(b->arena, "%s/keys", folder), "https://train.example.edu",
                            "Example University", &e);
    if (!b->issuer)
        die(&e);
    struct arena *kept = arena_create();
    uint8_t *bits = arena_alloc(kept, STATUS_LIST_BYTES);
    for (uint64_t i = 1; i < STATUS_LIST_BITS; i += 97)
        status_list_set(bits, STATUS_LIST_BYTES, i);
    const char *did = issuer_did_document(b->issuer, kept);
    b->did_keys = did_document_read(did, strlen(did), kept, &e);
    if (!b->did_keys)
        die(&e);
    b->certificate = issue(b, 0, kept);
    if (issuer_sign_status_list(b->issuer, 1, bits, STATUS_LIST_BYTES,
                                INT64_C(1782925510) * INSTANT_SECOND, kept, &b->list, &e))
        die(&e);
    crypto_sign_keypair(b->public_key, b->secret);
    sign_bare(b, 1);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        work what;
    } works[] = {{"signature", sign_bare},
                 {"signature_check", check_bare},
                 {"commit", commit},
                 {"certificate", sign_certificate},
                 {"verification", verify_alone},
                 {"verification_with_list", verify_with_list}};
    enum { WORKS = sizeof works / sizeof works[0] };
    double rates[WORKS][ROUNDS];
    struct bench b = {.seconds = argc == 3 ? atof(argv[2]) : 0};
    if (b.seconds <= 0 || sodium_init() < 0) {
        fprintf(stderr, "usage: bench_signing FOLDER SECONDS\n");
        return 2;
    }
    prepare(&b, argv[1]);
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < WORKS; i++)
            rates[i][round] = rate(&b, works[i].what);
    for (int i = 0; i < WORKS; i++) {
        qsort(rates[i], ROUNDS, sizeof rates[i][0], by_size);
        printf("%s\"%s\": %.0f", i ? ", " : "{", works[i].name, rates[i][ROUNDS / 2]);
    }
    puts("}");
    db_close(b.db);
    return 0;
}
