/*
 * A compromised key's certificates, on a real database, the shipped course and real keys: which are
 * issued anew, which are left, which wait, and that none is made twice.
 */
#include "credential/keys.h"
#include "learning/attempt.h"
#include "learning/certificate.h"
#include "learning/ledger.h"
#include "learning/signing_key.h"
#include "test_learning_support.h"

#define PEOPLE 45
#define AFTER  DAY(40)

static int64_t people[PEOPLE];
static struct enrolment en;
static const char *keys, *old;

static int begin(struct conn *c, void *arg, struct error *e)
{
    int i = *(int *)arg;
    struct new_person p = {.name = "Ada Okafor",
                           .email = arena_printf(arena, "person%d@example.edu", i)};
    return person_add(c, &p, NOON, NULL, &people[i], e) ||
                   enrolment_begin(c, &l, people[i], COURSE, NOON, &rng, &en, e)
               ? -1
               : 0;
}

static int pass_check(struct conn *c, void *arg, struct error *e)
{
    char uuid[37];
    int64_t who = people[*(int *)arg];
    bool passed, completed;
    if (attempt_start(c, &l, &en, NOON, &rng, uuid, e) ||
        answer_right(c, uuid, who, ATTEMPT_MAX_ITEMS, NOON, e))
        return -1;
    return attempt_submit(c, &l, uuid, who, "Ada Okafor", NOON, &passed, &completed, e);
}

static void take_keys(void)
{
    struct error e = {0};
    issuer_take_keys(l.issuer, key_ring_open(keys, NULL, &e));
    assert_string_equal(e.message, "");
}

static int setup(void **state)
{
    (void)state;
    house_open_signing();
    keys = arena_strdup(arena, temp_path(folder, "keys"));
    old = issuer_key_id(l.issuer, arena);
    publish_course(SOURCE_DIR "/courses/" COURSE);
    for (int i = 0; i < PEOPLE; i++) {
        write_ok(begin, &i);
        write_ok(pass_check, &i);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    house_close();
    return 0;
}

/* ---- steps ---- */

static int mark(struct conn *c, void *arg, struct error *e)
{
    return signing_key_compromise(c, old, arg, AFTER, e);
}

/* As the command does it. */
static void compromise(void)
{
    struct error e = {0};
    system_clock.offset = AFTER;
    assert_int_equal(key_create(keys, KEY_ACTIVE, NULL, AFTER, NULL, &e), 0);
    write_ok(mark, (void *)(uintptr_t) "The old server was stolen.");
    assert_int_equal(key_change(keys, old, KEY_COMPROMISED, AFTER, &e), 0);
    take_keys();
}

static struct key_reissue piece(int64_t after, instant budget)
{
    struct error e = {0};
    struct key_reissue r = {.after = after};
    if (signing_key_reissue(&l, old, budget, arena, &r, &e))
        fail_msg("%s", e.message);
    return r;
}

static struct key_tally tally(void)
{
    struct error e = {0};
    struct key_tally t = {0};
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(signing_key_tally(c, old, AFTER, &t, &e), 0);
    db_read_end(l.db, c);
    return t;
}

static int in_all(void)
{
    struct error e = {0};
    int64_t rows, count = 0;
    struct conn *c = db_read_begin(l.db, &e);
    if (ledger_verify(c, &rows, &e) || audit_verify(c, &rows, &e) ||
        certificate_verify_all(c, &l, &count, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    return (int)count;
}

static int revoke_first(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return certificate_revoke(c, &l, 1, "Given out by mistake", AUDIT_COMMAND_LINE, DAY(30), e);
}

static int replace_second(struct conn *c, void *arg, struct error *e)
{
    int64_t made;
    (void)arg;
    return certificate_reissue(c, &l, 2, "A changed name", AUDIT_COMMAND_LINE, DAY(30), &made, e);
}

/* As a renewal does to the one before it. */
static int renew_fourth(struct conn *c, void *arg, struct error *e)
{
    static const struct sql set = {"set", "test",
                                   "UPDATE certificate SET current = 0 WHERE id = $1", NULL};
    (void)arg;
    return db_exec(c, &set, e, "i", (int64_t)4) < 0 ? -1 : 0;
}

static int set_third_name(struct conn *c, void *arg, struct error *e)
{
    static const struct sql set = {"set", "test",
                                   "UPDATE person SET certificate_name = $1 WHERE id = $2", NULL};
    return db_exec(c, &set, e, "ti", arg, people[2]) < 0 ? -1 : 0;
}

/* ---- statements ---- */

static void every_good_certificate_is_issued_anew_and_none_twice(void **state)
{
    (void)state;
    compromise();
    assert_int_equal(tally().standing, PEOPLE);
    struct key_reissue r = piece(0, INSTANT_HOUR);
    assert_true(r.made == PEOPLE && r.after == 0 && r.waiting == 0);
    for (int again = 0; again < 2; again++)
        assert_int_equal(piece(0, INSTANT_HOUR).made, 0);
    struct key_tally t = tally();
    assert_int_equal(t.certificates, PEOPLE);
    assert_int_equal(t.reissued, PEOPLE);
    assert_int_equal(t.standing, 0);
    assert_int_equal(in_all(), 2 * PEOPLE);
}

static void broken_off_it_goes_on_where_it_was(void **state)
{
    (void)state;
    compromise();
    struct key_reissue r = piece(0, 0); /* one closure */
    assert_true(r.made > 0 && r.made < PEOPLE && r.after > 0);
    int64_t made = r.made;
    made += piece(0, 0).made; /* as if nobody remembered how far it came */
    made += piece(0, INSTANT_HOUR).made;
    assert_int_equal(made, PEOPLE);
    assert_int_equal(in_all(), 2 * PEOPLE);
}

static void what_was_revoked_or_superseded_is_left(void **state)
{
    (void)state;
    write_ok(revoke_first, NULL);
    write_ok(replace_second, NULL); /* under the same key: its successor stands and counts */
    compromise();
    struct key_reissue r = piece(0, INSTANT_HOUR);
    assert_int_equal(r.made, PEOPLE - 1);
    struct key_tally t = tally();
    assert_int_equal(t.certificates, PEOPLE + 1);
    assert_int_equal(t.revoked, 1);
    assert_int_equal(t.superseded, 1);
    assert_int_equal(t.reissued, PEOPLE - 1);
    assert_int_equal(t.standing, 0);
}

static void one_that_was_renewed_is_only_superseded(void **state)
{
    (void)state;
    write_ok(renew_fourth, NULL);
    compromise();
    assert_int_equal(piece(0, INSTANT_HOUR).made, PEOPLE - 1);
    struct key_tally t = tally();
    assert_int_equal(t.reissued, PEOPLE - 1);
    assert_int_equal(t.renewed, 1);
    assert_int_equal(t.standing, 0);
    assert_int_equal(in_all(), 2 * PEOPLE - 1);
}

static void what_cannot_be_made_now_waits_and_says_why(void **state)
{
    (void)state;
    write_ok(set_third_name, NULL);
    compromise();
    struct key_reissue r = piece(0, INSTANT_HOUR);
    assert_true(r.made == PEOPLE - 1 && r.waiting == 1 && r.wait_count == 1);
    assert_non_null(strstr(r.waits[0].why, "not confirmed"));
    assert_int_equal(strlen(r.waits[0].certificate), 36);
    assert_int_equal(tally().standing, 1);
    write_ok(set_third_name, (void *)(uintptr_t) "Ada Okafor");
    assert_int_equal(piece(0, INSTANT_HOUR).made, 1);
    assert_int_equal(tally().standing, 0);
}

static void without_a_key_that_signs_nothing_is_superseded(void **state)
{
    (void)state;
    struct error e = {0};
    struct key_reissue r = {0};
    compromise();
    issuer_without_keys(l.issuer, "the passphrase is missing");
    assert_int_equal(signing_key_reissue(&l, old, INSTANT_HOUR, arena, &r, &e), -1);
    assert_int_equal(e.kind, ERROR_BUSY);
    assert_int_equal(tally().standing, PEOPLE);
    take_keys();
    assert_int_equal(piece(0, INSTANT_HOUR).made, PEOPLE);
}

static void a_key_is_marked_once_and_with_a_reason(void **state)
{
    (void)state;
    struct error e = {0};
    struct known_key *known;
    assert_int_equal(write_refused(mark, NULL), ERROR_INVALID);
    assert_int_equal(write_refused(mark, (void *)(uintptr_t) "two\nlines"), ERROR_INVALID);
    write_ok(mark, (void *)(uintptr_t) "The old server was stolen.");
    write_ok(mark, NULL);
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(signing_keys_known(c, arena, &known, &e), 1);
    db_read_end(l.db, c);
    assert_string_equal(known[0].id, old);
    assert_true(known[0].compromised_at == AFTER && known[0].first_at == NOON);
}

/* ---- what a row alone is worth ---- */

static const struct sql take_over = {"take_over", "test",
                                     "UPDATE certificate SET key_id = $2 WHERE key_id = $1", NULL};
static const struct sql slip_in = {"slip_in", "test",
                                   "INSERT INTO signing_key (id, created_at) VALUES ($1, 1)", NULL};
static const struct sql blacken = {"blacken", "test",
                                   "UPDATE signing_key SET compromised_at = 1 WHERE id = $1", NULL};
static const struct sql whiten = {
    "whiten", "test", "UPDATE signing_key SET compromised_at = NULL WHERE id = $1", NULL};
static const struct sql forget_issue = {
    "forget_issue", "test", "UPDATE ledger SET kind = 'other' WHERE kind = 'certificate'", NULL};

static const char *another; /* a key's id */

static int write_take_over(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return db_exec(c, &slip_in, e, "t", another) < 0 ||
                   db_exec(c, &take_over, e, "tt", old, another) < 0
               ? -1
               : 0;
}

static int write_about_old(struct conn *c, void *arg, struct error *e)
{
    return db_exec(c, arg, e, "t", old) < 0 ? -1 : 0;
}

static int write_forget_issue(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return db_exec(c, &forget_issue, e, "") < 0 ? -1 : 0;
}

static int signed_here(const char *did, const char *id)
{
    struct error e = {0};
    struct conn *c = db_read_begin(l.db, &e);
    int result = signing_key_signed_here(c, did, id, &e);
    db_read_end(l.db, c);
    return result;
}

static void a_key_has_signed_here_when_a_certificate_and_the_ledger_show_it(void **state)
{
    (void)state;
    struct key_new made;
    struct error e = {0};
    const char *did = issuer_did(l.issuer);
    assert_int_equal(signed_here(did, old), 1);
    assert_int_equal(signed_here("did:web:elsewhere.example.edu", old), 0);
    assert_int_equal(key_generate(KEY_PLAIN, NULL, &made, &e), 0);
    another = made.id;
    write_ok(write_take_over, NULL);
    assert_int_equal(signed_here(did, another), 0);
    assert_int_equal(signed_here(did, old), 0);
    key_new_free(&made);
}

static void a_certificate_that_the_ledger_does_not_know_shows_nothing(void **state)
{
    (void)state;
    write_ok(write_forget_issue, NULL);
    assert_int_equal(signed_here(issuer_did(l.issuer), old), 0);
}

static struct known_key the_known_one(void)
{
    struct error e = {0};
    struct known_key *known;
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(signing_keys_known(c, arena, &known, &e), 1);
    db_read_end(l.db, c);
    return known[0];
}

static void expect_unproved(const char *words)
{
    struct error e = {0};
    int64_t count;
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(certificate_verify_all(c, &l, &count, &e), -1);
    db_read_end(l.db, c);
    if (!strstr(e.message, words))
        fail_msg("%s", e.message);
}

static void whether_a_key_is_compromised_the_audit_says(void **state)
{
    (void)state;
    write_ok(write_about_old, (void *)(uintptr_t)&blacken);
    assert_true(the_known_one().unheard_of);
    assert_int_equal(the_known_one().compromised_at, 0);
    expect_unproved("it is marked as compromised without a word in the audit");
    write_ok(mark, (void *)(uintptr_t) "The old server was stolen.");
    assert_false(the_known_one().unheard_of);
    assert_int_equal(the_known_one().compromised_at, 1);
    write_ok(write_about_old, (void *)(uintptr_t)&whiten);
    assert_int_equal(the_known_one().compromised_at, AFTER);
    expect_unproved("its row does not say that it was compromised, though the audit does");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        TEST(every_good_certificate_is_issued_anew_and_none_twice),
        TEST(broken_off_it_goes_on_where_it_was),
        TEST(what_was_revoked_or_superseded_is_left),
        TEST(one_that_was_renewed_is_only_superseded),
        TEST(what_cannot_be_made_now_waits_and_says_why),
        TEST(without_a_key_that_signs_nothing_is_superseded),
        TEST(a_key_is_marked_once_and_with_a_reason),
        TEST(a_key_has_signed_here_when_a_certificate_and_the_ledger_show_it),
        TEST(a_certificate_that_the_ledger_does_not_know_shows_nothing),
        TEST(whether_a_key_is_compromised_the_audit_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
