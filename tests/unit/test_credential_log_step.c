/* The verifier and the public log: when a place in it is shown, and what contradicts it. */
#include "base/hash.h"
#include "credential/note.h"
#include "credential/trust.h"
#include "test_credential_support.h"
#include <sodium.h>

#define LEAVES 7
#define PLACE  4 /* of the certificate, from 0 */
#define BEFORE 3 /* leaves when it was issued */

static struct merkle_hash leaves[LEAVES];
static struct note_key log_key;
static struct note_key both_keys[2]; /* another one, and this */
static uint8_t log_secret[NOTE_SECRET];

static int read_node(void *from, int level, int64_t index, struct merkle_hash *out, struct error *e)
{
    struct merkle_hash left, right;
    if (level == 0) {
        *out = leaves[index];
        return 0;
    }
    if (read_node(from, level - 1, 2 * index, &left, e) ||
        read_node(from, level - 1, 2 * index + 1, &right, e))
        return -1;
    *out = merkle_node(&left, &right);
    return 0;
}

static const struct merkle_nodes nodes = {read_node, NULL};

static struct merkle_hash leaf_of(const char *text)
{
    uint8_t hash[HASH_BYTES];
    hash_sha256(text, strlen(text), hash);
    return merkle_leaf(hash);
}

static const char *checkpoint_of(int64_t size)
{
    struct error e = {0};
    struct merkle_hash root;
    assert_int_equal(merkle_root(&nodes, size, &root, &e), 0);
    return checkpoint_sign(arena, &log_key, log_secret, size, &root);
}

static const char *proof_of(int64_t index, int64_t size)
{
    struct error e = {0};
    struct merkle_proof *proof = arena_alloc(arena, sizeof *proof);
    assert_int_equal(merkle_inclusion(&nodes, index, size, proof, &e), 0);
    return log_proof_write(arena, index, proof, checkpoint_of(size));
}

static const char *since_of(int64_t old, int64_t size)
{
    struct error e = {0};
    struct merkle_proof *proof = arena_alloc(arena, sizeof *proof);
    assert_int_equal(merkle_consistency(&nodes, old, size, proof, &e), 0);
    return log_consistency_write(arena, old, proof, checkpoint_of(size));
}

/* A log in which a certificate stands that was issued after its first BEFORE leaves. */
static const char *logged_certificate(void)
{
    strcpy(log_key.name, "train.example.edu/log");
    assert_true(sodium_init() >= 0);
    crypto_sign_keypair(log_key.public_key, log_secret);
    for (int i = 0; i < LEAVES; i++)
        leaves[i] = leaf_of(arena_printf(arena, "certificate %d", i));
    struct claims c = sample_claims();
    c.checkpoint_size = BEFORE;
    c.checkpoint = checkpoint_of(BEFORE);
    const char *json = issue_as(issuer, &c);
    leaves[PLACE] = leaf_of(json);
    return json;
}

struct given {
    const char *json, *proof, *checkpoint;
    const struct note_key *key;
};

static struct verify_report judged_with(struct given g, const char *since, const char *list)
{
    struct error e = {0};
    struct verify_report r;
    const char *did = issuer_did_document(issuer, arena);
    struct verify_input in = {.credential = g.json,
                              .credential_length = strlen(g.json),
                              .did_document = did,
                              .did_length = strlen(did),
                              .status_list = list,
                              .status_length = list ? strlen(list) : 0,
                              .log_proof = g.proof,
                              .log_proof_length = g.proof ? strlen(g.proof) : 0,
                              .log_consistency = since,
                              .log_consistency_length = since ? strlen(since) : 0,
                              .checkpoint = g.checkpoint,
                              .checkpoint_length = g.checkpoint ? strlen(g.checkpoint) : 0,
                              .log_keys = g.key,
                              .log_key_count = g.key == both_keys ? 2 : g.key != NULL,
                              .at = LATER};
    assert_int_equal(credential_verify(&in, arena, &r, &e), 0);
    return r;
}

static struct verify_report judged(struct given g, const char *since)
{
    return judged_with(g, since, list_as(issuer, -1, ISSUED));
}

enum outcome { HOLDS, FAILS, OPEN };

static const struct verify_step *step_of(const struct verify_report *r, const char *name)
{
    for (int i = 0; i < r->step_count; i++)
        if (strcmp(r->steps[i].name, name) == 0)
            return &r->steps[i];
    return NULL;
}

static void expect_step(const struct verify_step *s, enum outcome outcome, const char *words)
{
    assert_non_null(s);
    if (!strstr(s->detail, words))
        fail_msg("%s: %s", s->name, s->detail);
    assert_int_equal(s->ok, outcome == HOLDS);
    assert_int_equal(s->open, outcome == OPEN);
}

/* What says no is never valid, whoever vouches; what is open is, unless a checkpoint was given. */
static void expect_verdict(const struct verify_report *r, bool contradicted, bool not_shown)
{
    bool valid = !contradicted && !not_shown;
    assert_int_equal(r->verdict, valid ? VERDICT_VALID : VERDICT_STATUS_UNKNOWN);
    assert_int_equal(r->contradicted, contradicted);
    assert_int_equal(strncmp(r->words, "In doubt", 8) == 0, contradicted);
}

static void expect(struct given g, enum outcome outcome, const char *words)
{
    struct verify_report r = judged(g, NULL);
    const struct verify_step *s = step_of(&r, "log");
    expect_step(s, outcome, words);
    expect_verdict(&r, outcome == FAILS, g.checkpoint && !s->ok);
}

/* The step "consistency"; the place in the log holds, or is open with it. */
static void expect_since(struct given g, const char *since, enum outcome outcome, const char *words)
{
    struct verify_report r = judged(g, since);
    const struct verify_step *s = step_of(&r, "consistency"), *place = step_of(&r, "log");
    expect_step(s, outcome, words);
    expect_verdict(&r, outcome == FAILS, g.checkpoint && !place->ok);
}

static void a_place_in_the_log_is_shown_under_a_checkpoint_that_counts(void **state)
{
    (void)state;
    const char *json = logged_certificate(), *proof = proof_of(PLACE, LEAVES);
    expect((struct given){json, proof, checkpoint_of(LEAVES), NULL}, HOLDS, "as number 5 of 7");
    expect((struct given){json, proof, checkpoint_of(LEAVES), &log_key}, HOLDS, "pinned key");
    expect((struct given){json, proof, NULL, &log_key}, HOLDS, "pinned key");
    expect((struct given){json, proof, NULL, NULL}, OPEN, "nothing here vouches");
    expect((struct given){json, NULL, checkpoint_of(LEAVES), NULL}, OPEN, "no inclusion proof");
    expect((struct given){json, proof_of(PLACE, 6), checkpoint_of(LEAVES), NULL}, OPEN,
           "/log/checkpoint/6");
    struct verify_report silent = judged((struct given){json, NULL, NULL, &log_key}, NULL);
    assert_string_equal(silent.steps[silent.step_count - 1].name, "status");
    assert_int_equal(silent.verdict, VERDICT_VALID);
}

static void what_contradicts_the_log_is_said(void **state)
{
    (void)state;
    const char *json = logged_certificate(), *proof = proof_of(PLACE, LEAVES);
    const char *given = checkpoint_of(LEAVES);
    expect((struct given){json, proof_of(PLACE + 1, LEAVES), given, NULL}, FAILS, "does not fit");
    expect((struct given){issue(), proof, given, NULL}, FAILS, "does not fit");
    expect((struct given){issue(), proof, NULL, &log_key}, FAILS, "does not fit");
    expect((struct given){issue(), proof, NULL, NULL}, FAILS, "does not fit");
    expect((struct given){json, "rubbish", given, NULL}, OPEN, "cannot be read");
    expect((struct given){json, proof, "rubbish", NULL}, FAILS, "is none");
    expect((struct given){twin_as(issuer, json), proof, given, NULL}, OPEN, "credential.json");

    struct note_key other = log_key, elsewhere = log_key;
    other.public_key[0] ^= 1;
    expect((struct given){json, proof, given, &other}, FAILS, "not one that the pinned key");
    expect((struct given){json, proof, NULL, &other}, OPEN, "not one that the pinned key");
    both_keys[0] = other; /* of a log whose key was lost, and followed by another */
    both_keys[1] = log_key;
    expect((struct given){json, proof, NULL, both_keys}, HOLDS, "pinned key signed");
    expect((struct given){json, proof, given, both_keys}, HOLDS, "pinned key signed");
    both_keys[1] = other;
    expect((struct given){json, proof, NULL, both_keys}, OPEN, "not one that the pinned key");
    strcpy(elsewhere.name, "train.example.education/log");
    struct merkle_hash root;
    struct error e = {0};
    merkle_root(&nodes, LEAVES, &root, &e);
    expect((struct given){json, proof,
                          checkpoint_sign(arena, &elsewhere, log_secret, LEAVES, &root), NULL},
           FAILS, "another log");
    root.bytes[0] ^= 1;
    expect((struct given){json, proof, checkpoint_sign(arena, &log_key, log_secret, LEAVES, &root),
                          NULL},
           FAILS, "contradict each other");
    merkle_root(&nodes, BEFORE, &root, &e);
    root.bytes[0] ^= 1;
    expect((struct given){json, proof, checkpoint_sign(arena, &log_key, log_secret, BEFORE, &root),
                          NULL},
           FAILS, "the one in the certificate contradict");
}

static void a_certificate_older_than_it_says_is_found_out(void **state)
{
    (void)state;
    const char *json = logged_certificate();
    leaves[BEFORE - 1] = leaf_of(json); /* among those that its own checkpoint counts */
    expect((struct given){json, proof_of(BEFORE - 1, LEAVES), NULL, &log_key}, FAILS,
           "younger than its own place");
    const char *late = list_as(issuer, 94567, ISSUED);
    struct given g = {json, proof_of(BEFORE - 1, LEAVES), NULL, &log_key};
    assert_int_equal(judged_with(g, NULL, late).verdict, VERDICT_REVOKED); /* that is worse */
    struct verify_report r = judged_with(g, NULL, NULL);
    assert_true(r.verdict == VERDICT_STATUS_UNKNOWN && r.contradicted);
}

static void the_log_of_then_is_the_beginning_of_the_later_one(void **state)
{
    (void)state;
    const char *json = logged_certificate(), *proof = proof_of(PLACE, LEAVES);
    const char *given = checkpoint_of(LEAVES), *since = since_of(BEFORE, LEAVES);
    const char *shown = "with 3 certificates, as it stood when this one was issued";
    expect_since((struct given){json, proof, given, NULL}, since, HOLDS, shown);
    expect_since((struct given){json, proof, given, &log_key}, since, HOLDS, "the pinned key");
    expect_since((struct given){json, proof, NULL, &log_key}, since, HOLDS, shown);
    expect_since((struct given){json, proof, NULL, NULL}, since, OPEN, "nothing here vouches");
    expect_since((struct given){json, NULL, NULL, &log_key}, since, HOLDS, shown);
    expect_since((struct given){json, proof_of(PLACE, 6), given, NULL}, since_of(BEFORE, 6), OPEN,
                 "/log/checkpoint/6");
    expect_since((struct given){twin_as(issuer, json), proof, NULL, &log_key}, since, HOLDS, shown);
    /* What is missing could not be checked, and that is no fault. */
    expect_since((struct given){json, proof, given, NULL}, NULL, OPEN, "/log/consistency/3/7 has");
    expect_since((struct given){json, "rubbish", NULL, &log_key}, NULL, OPEN, "proof came along");
    expect_since((struct given){json, proof, NULL, &log_key}, "rubbish", OPEN, "cannot be read");

    const char *first = issue();
    leaves[PLACE] = leaf_of(first);
    proof = proof_of(PLACE, LEAVES);
    expect_since((struct given){first, proof, NULL, &log_key}, NULL, OPEN, "carries no checkpoint");
    expect_since((struct given){first, proof, NULL, &log_key}, since, OPEN,
                 "carries no checkpoint");
}

static void a_log_that_was_not_continued_is_found_out(void **state)
{
    (void)state;
    const char *json = logged_certificate(), *proof = proof_of(PLACE, LEAVES);
    const char *given = checkpoint_of(LEAVES), *since = since_of(BEFORE, LEAVES);
    const char *line = strchr(since, '\n') + 1;
    const char *altered = arena_printf(arena, "%.*s%c%s", (int)(line - since), since,
                                       *line == 'A' ? 'B' : 'A', line + 1);
    for (int i = 0; i < 2; i++) {
        const char *by = i ? given : NULL;
        expect_since((struct given){json, proof, by, &log_key}, altered, FAILS, "does not lead");
        expect_since((struct given){json, proof, by, &log_key}, since_of(2, LEAVES), FAILS,
                     "goes on from 2 certificates");
        expect_since((struct given){json, proof, by, &log_key}, since_of(BEFORE, 6), FAILS,
                     "leads to another checkpoint");
    }
    /* Of another log, whose leaves were others when the certificate was issued: whatever came along
     * fits together, and the checkpoint in the certificate does not. */
    leaves[0] = leaf_of("another certificate");
    proof = proof_of(PLACE, LEAVES);
    since = since_of(BEFORE, LEAVES);
    given = checkpoint_of(LEAVES);
    expect_since((struct given){json, proof, given, &log_key}, since, FAILS, "does not lead");
    expect_since((struct given){json, proof, NULL, NULL}, since, FAILS, "does not lead");
}

static void two_checkpoints_of_one_size_need_no_proof(void **state)
{
    (void)state;
    const char *json = logged_certificate(), *proof = proof_of(1, BEFORE);
    struct verify_report r = judged((struct given){json, proof, NULL, &log_key}, NULL);
    expect_step(step_of(&r, "consistency"), HOLDS, "is the one that came along");
    r = judged((struct given){json, proof, NULL, &log_key}, since_of(BEFORE, BEFORE));
    expect_step(step_of(&r, "consistency"), HOLDS, "is the beginning of that with 3");
    leaves[0] = leaf_of("another certificate");
    r = judged((struct given){json, proof_of(1, BEFORE), NULL, &log_key}, NULL);
    expect_step(step_of(&r, "consistency"), FAILS, "contradict each other");
}

static void a_logs_key_is_pinned_by_its_host(void **state)
{
    (void)state;
    struct error e = {0};
    struct note_key found;
    bool pinned = true;
    logged_certificate();
    const char *data = arena_printf(arena, "%s/pins", folder);
    assert_int_equal(trust_load_log(data, "train.example.edu", arena, &found, &pinned, &e), 0);
    assert_false(pinned);
    assert_int_equal(trust_add_log(data, note_vkey(arena, &log_key), arena, &found, &e), 0);
    assert_int_equal(trust_load_log(data, "train.example.edu", arena, &found, &pinned, &e), 0);
    assert_true(pinned);
    assert_memory_equal(found.public_key, log_key.public_key, KEY_BYTES);
    assert_int_equal(trust_add_log(data, "x", arena, &found, &e), -1);
    struct note_key nowhere = log_key;
    strcpy(nowhere.name, "../etc/log");
    assert_int_equal(trust_add_log(data, note_vkey(arena, &nowhere), arena, &found, &e), -1);
    remove_flat(arena_printf(arena, "%s/trust", data));
    remove_flat(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        TEST(a_place_in_the_log_is_shown_under_a_checkpoint_that_counts),
        TEST(what_contradicts_the_log_is_said),
        TEST(a_certificate_older_than_it_says_is_found_out),
        TEST(the_log_of_then_is_the_beginning_of_the_later_one),
        TEST(a_log_that_was_not_continued_is_found_out),
        TEST(two_checkpoints_of_one_size_need_no_proof),
        TEST(a_logs_key_is_pinned_by_its_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
