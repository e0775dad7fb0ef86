/*
 * Issues certificates for the judges: judge_issue FOLDER N writes keys/, did.json, status.json (in
 * which certificate 1 is revoked; certificate 8 has expired) and certificate-0.json …
 * certificate-(N-1).json, with names and titles that are legal and as unkind as possible. The first
 * half is signed with a key that is retired then. It prints nothing but errors.
 */
#include "base/arena.h"
#include "base/random.h"
#include "credential/issuer.h"
#include "credential/keys.h"
#include "credential/note.h"
#include "credential/status_list.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REVOKED 131071
#define EXPIRED 8 /* on July 2, 2026 */

static const char *const names[] = {
    "Ann Lee",
    "Zoë Nguyễn-O’Brien",
    "\"quoted\" \\ back\\\\slash \\u0041 \\n",
    "محمد بن علي",
    "\xF0\x9D\x92\xB5 astral \xF0\xA0\xAE\xB7",
    "<https://evil.example/> <b>&amp;</b> .",
    "_:c14n0 _:a \"^^<x>",
    "e\xCC\x81\xCC\x80\xCC\x82\xCC\x83 combining, \xEF\xAC\x81 ligature",
};
static const char *const texts[] = {
    "Plain text.",
    "Two lines.\nAnd a \"second\" \\ one.\n",
    "\n\nBlank lines\n\n\nand percent %s %n {{mustache}} {{{raw}}}",
    "https://example.edu/ is not a link; did:web:x, @id, @type, @context, null",
    "\xE2\x89\xA5 80 % \xC2\xA0\xE2\x80\x93 \xE2\x80\xA8 \xE2\x80\x94 \xF0\x9F\x8E\x93",
};

static int put_file(const char *folder, const char *name, const char *text)
{
    char path[4096];
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return -1;
    FILE *f = fopen(path, "wb");
    if (!f)
        return -1;
    int result = fputs(text, f) < 0;
    return fclose(f) != 0 || result ? -1 : 0;
}

/* A checkpoint as the log signs it, with a key that is made up. */
static const char *checkpoint(struct arena *a, int64_t size)
{
    struct note_key key = {.name = "localhost:8080/log"};
    uint8_t secret[NOTE_SECRET], root[HASH_BYTES] = {41};
    crypto_sign_keypair(key.public_key, secret);
    struct merkle_hash hash = merkle_leaf(root);
    return checkpoint_sign(a, &key, secret, size, &hash);
}

static int issue(const struct issuer *i, struct arena *a, const char *folder, int64_t n,
                 struct error *e)
{
    const size_t names_count = sizeof names / sizeof names[0];
    const size_t texts_count = sizeof texts / sizeof texts[0];
    char certificate[37], subject[37], file[64];
    const char *json, *name = names[(size_t)n % names_count];
    const char *text = texts[(size_t)n % texts_count];
    random_uuid(certificate);
    random_uuid(subject);
    struct claims c = {
        .certificate_uuid = certificate,
        .subject_uuid = subject,
        .holder_name = name,
        .title = arena_printf(a, "Certificate: %s", name),
        .course = "humility",
        .publication_hash = "9f86d081884c7d65",
        .course_title = name,
        .description = text,
        .version = n % 2 ? "3" : "2026.1-\xCE\xB2",
        .language = n % 2 ? "en" : "zh-Hant",
        .criteria = texts[(size_t)(n + 1) % texts_count],
        .earned_at = INT64_C(1782925509) * INSTANT_SECOND,
        .issued_at = INT64_C(1782925510) * INSTANT_SECOND,
        .status_list = 1,
        .status_index = n ? n * 1000 + 7 : 0,
    };
    if (n == 1)
        c.status_index = REVOKED;
    if (n % 3 == 2) {
        c.valid_until = (n == EXPIRED ? INT64_C(1783000000) : INT64_C(4000000000)) * INSTANT_SECOND;
        c.checkpoint_size = 41;
        c.checkpoint = checkpoint(a, c.checkpoint_size);
    }
    snprintf(file, sizeof file, "certificate-%lld.json", (long long)n);
    if (issuer_sign(i, &c, a, &json, NULL, e) != 0)
        return -1;
    if (put_file(folder, file, json) != 0)
        return error_set(e, ERROR_IO, "cannot write %s", file);
    return 0;
}

static int issue_range(const struct issuer *i, const char *folder, long from, long to,
                       struct arena *a, struct error *e)
{
    for (long n = from; n < to; n++)
        if (issue(i, a, folder, n, e) != 0)
            return -1;
    return 0;
}

/* From now on another key signs, and the one before is retired. */
static int exchange_keys(struct issuer *i, const char *keys, struct arena *a, struct error *e)
{
    const char *before = issuer_key_id(i, a);
    struct clock clock;
    clock_system(&clock);
    instant at = clock_now(&clock) + INSTANT_SECOND;
    if (key_create(keys, KEY_ACTIVE, NULL, at, NULL, e) != 0 ||
        key_change(keys, before, KEY_RETIRED, at, e) != 0)
        return -1;
    struct key_ring *ring = key_ring_open(keys, NULL, e);
    if (!ring)
        return -1;
    issuer_take_keys(i, ring);
    return 0;
}

static int put_public_files(const struct issuer *i, const char *folder, struct arena *a,
                            struct error *e)
{
    uint8_t *bits = arena_alloc(a, STATUS_LIST_BYTES);
    const char *list;
    struct clock clock;
    clock_system(&clock);
    status_list_set(bits, STATUS_LIST_BYTES, REVOKED);
    if (issuer_sign_status_list(i, 1, bits, STATUS_LIST_BYTES, clock_now(&clock), a, &list, e) != 0)
        return -1;
    if (put_file(folder, "did.json", issuer_did_document(i, a)) != 0 ||
        put_file(folder, "status.json", list) != 0)
        return error_set(e, ERROR_IO, "cannot write to %s", folder);
    return 0;
}

static int issue_all(const char *folder, long count, struct arena *a, struct error *e)
{
    const char *keys = arena_printf(a, "%s/keys", folder);
    struct issuer *i = issuer_open(keys, "https://localhost:8080", "Centre of \"Excellence\"", e);
    if (!i)
        return -1;
    int result = issue_range(i, folder, 0, count / 2, a, e) || exchange_keys(i, keys, a, e) ||
                         issue_range(i, folder, count / 2, count, a, e) ||
                         put_public_files(i, folder, a, e)
                     ? -1
                     : 0;
    issuer_free(i);
    return result;
}

int main(int argc, char **argv)
{
    struct error e = {0};
    if (argc != 3 || sodium_init() < 0) {
        fputs("usage: judge_issue FOLDER N\n", stderr);
        return 2;
    }
    struct arena *a = arena_create();
    int result = issue_all(argv[1], strtol(argv[2], NULL, 10), a, &e);
    if (result != 0)
        fprintf(stderr, "judge_issue: error: %s\n", e.message);
    arena_free(a);
    return result != 0;
}
