/* What the tests of issuing and of verifying share: a folder, an issuer, a certificate. */
#ifndef TEST_CREDENTIAL_SUPPORT_H
#define TEST_CREDENTIAL_SUPPORT_H
#include "base/arena.h"
#include "base/json.h"
#include "credential/issuer.h"
#include "credential/status_list.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ORIGIN "https://train.example.edu"
#define ISSUED ((instant)1782925510 * INSTANT_SECOND) /* 2026-07-01T17:05:10Z */
#define LATER  (ISSUED + INSTANT_HOUR)

static struct arena *arena;
static char folder[64];
static struct issuer *issuer;

static inline struct issuer *open_issuer(const char *name, const char *origin)
{
    struct error e = {0};
    struct issuer *i =
        issuer_open(arena_printf(arena, "%s/%s", folder, name), origin, "Centre of Excellence", &e);
    assert_string_equal(e.message, "");
    assert_non_null(i);
    return i;
}

static inline int setup(void **state)
{
    (void)state;
    arena = arena_create();
    strcpy(folder, "/tmp/understory-issuer-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    issuer = open_issuer("keys", ORIGIN);
    return 0;
}

static inline void remove_flat(const char *path)
{
    DIR *d = opendir(path);
    for (struct dirent *entry; d && (entry = readdir(d));)
        unlinkat(dirfd(d), entry->d_name, 0);
    if (d)
        closedir(d);
    rmdir(path);
}

static inline int teardown(void **state)
{
    (void)state;
    issuer_free(issuer);
    remove_flat(arena_printf(arena, "%s/keys", folder));
    remove_flat(arena_printf(arena, "%s/other", folder));
    rmdir(folder);
    arena_free(arena);
    return 0;
}

static inline struct claims sample_claims(void)
{
    return (struct claims){
        .certificate_uuid = "7b0d3c1e-8f0a-4c55-9f0e-3a8a6e2f9d11",
        .subject_uuid = "0d4c9b1c-52d4-4c09-8a3a-8b2d6f1c0e77",
        .holder_name = "Zoë Nguyễn-O’Brien",
        .title = "Certificate of Completion: Inclusive Teaching Foundations",
        .course = "itf",
        .publication_hash = "0123abcd",
        .course_title = "Inclusive Teaching Foundations",
        .description = "Eight module course.\nWith a \"final\" assessment.",
        .version = "3",
        .language = "en",
        .criteria = "Complete 8 modules; score ≥ 80 % in the final assessment.",
        .earned_at = ISSUED - INSTANT_SECOND,
        .issued_at = ISSUED,
        .status_list = 1,
        .status_index = 94567,
    };
}

static inline const char *issue_as(struct issuer *i, const struct claims *c)
{
    struct error e = {0};
    /* not a local: gcc 12 with -fsanitize=thread believes that callers then keep its address */
    const char **json = arena_array(arena, 1, sizeof *json);
    int result = issuer_sign(i, c, arena, json, NULL, &e);
    assert_string_equal(e.message, "");
    assert_int_equal(result, 0);
    return *json;
}

static inline const char *issue(void)
{
    struct claims c = sample_claims();
    return issue_as(issuer, &c);
}

/* The eddsa-jcs-2022 twin of a certificate. */
static inline const char *twin_as(struct issuer *i, const char *json)
{
    struct error e = {0};
    const char **twin = arena_array(arena, 1, sizeof *twin);
    issuer_sign_jcs(i, json, strlen(json), arena, twin, &e);
    assert_string_equal(e.message, "");
    return *twin;
}

/* A signed list with one bit set (or none, below 0). */
static inline const char *list_as(struct issuer *i, int64_t revoked, instant at)
{
    struct error e = {0};
    const char *json = NULL;
    uint8_t *bits = arena_alloc(arena, STATUS_LIST_BYTES);
    if (revoked >= 0)
        status_list_set(bits, STATUS_LIST_BYTES, (uint64_t)revoked);
    assert_int_equal(issuer_sign_status_list(i, 1, bits, STATUS_LIST_BYTES, at, arena, &json, &e),
                     0);
    return json;
}

static inline struct verify_report check(const char *credential, const char *did, const char *list,
                                         instant at)
{
    struct error e = {0};
    struct verify_report report;
    struct verify_input in = {.credential = credential,
                              .credential_length = strlen(credential),
                              .did_document = did,
                              .did_length = did ? strlen(did) : 0,
                              .status_list = list,
                              .status_length = list ? strlen(list) : 0,
                              .at = at};
    assert_int_equal(credential_verify(&in, arena, &report, &e), 0);
    assert_non_null(report.words);
    return report;
}

/* `text` with the one place where `from` stands replaced. By its index: of strstr's pointer gcc 12
 * with -fsanitize=thread believes that it leads into the local that `text` was once in. */
static inline const char *with(const char *text, const char *from, const char *to)
{
    size_t n = strlen(from), at = 0;
    while (text[at] && strncmp(text + at, from, n) != 0)
        at++;
    assert_int_not_equal(text[at], 0);
    return arena_printf(arena, "%.*s%s%s", (int)at, text, to, text + at + n);
}

#endif
