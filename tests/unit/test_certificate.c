/*
 * What happens to a certificate after it was issued, on a real database, the shipped course and a
 * real key: revoked, issued anew, its bit in the signed list.
 */
#include "base/json.h"
#include "cli/chores.h"
#include "credential/status_list.h"
#include "learning/attempt.h"
#include "learning/certificate.h"
#include "learning/erasure.h"
#include "learning/ledger.h"
#include "learning/status_lists.h"
#include "test_learning_support.h"
#include <sodium.h>

#define AFTER DAY(40)

static int64_t ada, boss;
static struct enrolment en;
static struct certificate first; /* as it was issued */

/* ---- one person who has tested out ---- */

/* The shipped course, with a certificate that is good for so many months. */
static void publish_valid_for(int months)
{
    char command[1024];
    const char *copy = temp_path(folder, "courses");
    snprintf(command, sizeof command,
             "mkdir %s && cp -r %s/courses/" COURSE " %s && sed -i "
             "'s/\"test_out\": /\"valid_months\": %d, &/' %s/" COURSE "/course.json",
             copy, SOURCE_DIR, copy, months, copy);
    assert_int_equal(system(command), 0);
    snprintf(command, sizeof command, "%s/" COURSE, copy);
    publish_course(command);
}

static int add_people(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    struct new_person p = {.name = "Ada Okafor", .email = "ada@example.edu"};
    struct new_person q = {.name = "Bo Li", .email = "bo@example.edu"};
    return person_add(c, &p, NOON, NULL, &ada, e) || person_add(c, &q, NOON, NULL, &boss, e) ||
                   enrolment_begin(c, &l, ada, COURSE, NOON, &rng, &en, e)
               ? -1
               : 0;
}

static instant taken_at;
static bool completed;

static int pass_check(struct conn *c, void *arg, struct error *e)
{
    char uuid[37];
    bool passed;
    if (enrolment_find(c, &l, ada, COURSE, &en, e) ||
        attempt_start(c, &l, &en, taken_at, &rng, uuid, e) ||
        answer_right(c, uuid, ada, ATTEMPT_MAX_ITEMS, taken_at, e))
        return -1;
    return attempt_submit(c, &l, uuid, ada, arg, taken_at, &passed, &completed, e);
}

static void pass_at(instant at)
{
    taken_at = at;
    write_ok(pass_check, (void *)(uintptr_t) "Ada Okafor");
}

static int all(struct certificate **list)
{
    struct error e = {0};
    struct conn *c = db_read_begin(l.db, &e);
    int n = certificate_list(c, &l, ada, arena, list, &e);
    db_read_end(l.db, c);
    return n;
}

static int begin(int months)
{
    struct certificate *list;
    house_open_signing();
    if (months)
        publish_valid_for(months);
    else
        publish_course(SOURCE_DIR "/courses/" COURSE);
    write_ok(add_people, NULL);
    pass_at(NOON);
    assert_int_equal(all(&list), 1);
    first = list[0];
    return 0;
}

static int setup(void **state)
{
    (void)state;
    return begin(0);
}

static int setup_one_month(void **state)
{
    (void)state;
    return begin(1);
}

static int setup_two_years(void **state)
{
    (void)state;
    return begin(24);
}

static int teardown(void **state)
{
    (void)state;
    house_close();
    return 0;
}

/* ---- steps ---- */

static int revoke(struct conn *c, void *arg, struct error *e)
{
    return certificate_revoke(c, &l, first.id, arg, boss, AFTER, e);
}

static int64_t made;

static int reissue(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return certificate_reissue(c, &l, first.id, "A changed name", ada, AFTER, &made, e);
}

static int rename_ada(struct conn *c, void *arg, struct error *e)
{
    return person_set_certificate_name(c, ada, arg, AFTER, e);
}

static bool verifies(struct error *e)
{
    int64_t rows, count;
    struct conn *c = db_read_begin(l.db, e);
    int result = ledger_verify(c, &rows, e) || audit_verify(c, &rows, e) ||
                 certificate_verify_all(c, &l, &count, e);
    db_read_end(l.db, c);
    return result == 0;
}

static const char *list_at(struct status_cache *cache, instant at)
{
    struct error e = {0};
    const char *json;
    struct conn *c = db_read_begin(l.db, &e);
    if (status_list_get(cache, c, &l, first.status_list, at, arena, &json, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    return json;
}

/* How many bits are set, and whether one of them is this one. */
static int bits_set(const char *json, int64_t index, bool *is_set)
{
    struct error e = {0};
    size_t n;
    cJSON *list = json_parse(json, strlen(json), &e);
    const char *text = json_string(json_get(list, "credentialSubject"), "encodedList");
    uint8_t *bits = status_list_decode(arena, text, &n, &e);
    assert_non_null(bits);
    *is_set = status_list_bit(bits, n, (uint64_t)index);
    int count = 0;
    for (size_t i = 0; i < n; i++)
        count += __builtin_popcount(bits[i]);
    cJSON_Delete(list);
    return count;
}

/* ---- statements ---- */

static void revoking_sets_the_one_bit_at_once_and_for_good(void **state)
{
    (void)state;
    bool set;
    struct certificate *list;
    struct status_cache *cache = status_cache_create();
    assert_int_equal(bits_set(list_at(cache, AFTER), first.status_index, &set), 0);
    assert_int_equal(write_refused(revoke, NULL), ERROR_INVALID);
    assert_int_equal(write_refused(revoke, (void *)(uintptr_t) "two\nlines"), ERROR_INVALID);
    write_ok(revoke, (void *)(uintptr_t) "Given out to the wrong person");
    assert_int_equal(write_refused(revoke, (void *)(uintptr_t) "Once more"), ERROR_CONFLICT);
    assert_int_equal(bits_set(list_at(cache, AFTER), first.status_index, &set), 1);
    assert_true(set);
    assert_int_equal(all(&list), 1);
    assert_int_equal(list[0].state, CERTIFICATE_REVOKED);
    assert_int_equal(list[0].state_at, AFTER);
    assert_string_equal(list[0].state_reason, "Given out to the wrong person");
    assert_string_equal(list[0].bytes, first.bytes);
    status_cache_free(cache);
    struct error e = {0};
    if (!verifies(&e))
        fail_msg("%s", e.message);
}

static int move_to(struct conn *c, void *arg, struct error *e)
{
    static const struct sql move = {"move", "test",
                                    "UPDATE certificate SET status_index = $2 WHERE id = $1", NULL};
    return db_exec(c, &move, e, "ii", first.id, *(int64_t *)arg) < 0 ? -1 : 0;
}

static void revoked_at(int64_t index, size_t byte, uint8_t mask)
{
    struct error e = {0};
    size_t n;
    struct status_cache *cache = status_cache_create();
    write_ok(move_to, &index);
    write_ok(revoke, (void *)(uintptr_t) "Given out to the wrong person");
    const char *json = list_at(cache, AFTER);
    cJSON *list = json_parse(json, strlen(json), &e);
    const char *text = json_string(json_get(list, "credentialSubject"), "encodedList");
    uint8_t *bits = status_list_decode(arena, text, &n, &e);
    assert_non_null(bits);
    assert_int_equal(n, STATUS_LIST_BYTES);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(bits[i], i == byte ? mask : 0);
    cJSON_Delete(list);
    status_cache_free(cache);
}

static void the_first_place_is_the_leftmost_bit(void **state)
{
    (void)state;
    revoked_at(0, 0, 0x80);
}

static void the_last_place_is_the_rightmost_bit(void **state)
{
    (void)state;
    revoked_at(131071, 16383, 0x01);
}

static void a_changed_name_makes_another_and_the_first_stays_as_it_was(void **state)
{
    (void)state;
    bool set;
    struct error e = {0};
    struct certificate *list;
    struct status_cache *cache = status_cache_create();
    list_at(cache, AFTER);
    write_ok(rename_ada, (void *)(uintptr_t) "Ada Lovelace");
    write_ok(reissue, NULL);
    assert_int_equal(write_refused(reissue, NULL), ERROR_CONFLICT);
    assert_int_equal(all(&list), 2);
    assert_int_equal(list[0].id, made);
    assert_true(list[0].current && !list[1].current);
    assert_int_equal(list[0].state, CERTIFICATE_STANDS);
    assert_int_equal(list[1].state, CERTIFICATE_SUPERSEDED);
    assert_string_equal(list[1].bytes, first.bytes);
    assert_non_null(strstr(list[0].bytes, "Ada Lovelace"));
    assert_null(strstr(list[0].bytes, "Okafor"));
    assert_int_equal(list[0].earned_at, first.earned_at);
    assert_int_equal(list[0].issued_at, AFTER);
    assert_ptr_equal(list[0].publication, first.publication);
    /* neither says a word of the other */
    assert_null(strstr(list[0].bytes, first.uuid));
    assert_null(strstr(list[0].bytes, first.token));
    assert_int_equal(bits_set(list_at(cache, AFTER), first.status_index, &set), 1);
    assert_true(set);
    status_cache_free(cache);
    if (!verifies(&e))
        fail_msg("%s", e.message);
}

static void what_was_revoked_may_be_issued_anew_and_stays_revoked(void **state)
{
    (void)state;
    struct certificate *list;
    write_ok(revoke, (void *)(uintptr_t) "The name was mistyped");
    write_ok(reissue, NULL);
    assert_int_equal(all(&list), 2);
    assert_int_equal(list[0].state, CERTIFICATE_STANDS);
    assert_int_equal(list[1].state, CERTIFICATE_REVOKED);
}

static void without_a_key_nothing_is_superseded(void **state)
{
    (void)state;
    struct certificate *list;
    struct issuer *issuer = l.issuer;
    l.issuer = NULL;
    assert_int_equal(write_refused(reissue, NULL), ERROR_BUSY);
    l.issuer = issuer;
    assert_int_equal(all(&list), 1);
    assert_int_equal(list[0].state, CERTIFICATE_STANDS);
    assert_true(list[0].current);
}

static void a_list_is_signed_daily(void **state)
{
    (void)state;
    struct status_cache *cache = status_cache_create();
    const char *now = list_at(cache, AFTER);
    assert_string_equal(list_at(cache, AFTER + INSTANT_DAY - 1), now);
    assert_non_null(strstr(now, "\"validUntil\":\"2026-11-07T"));
    assert_string_not_equal(list_at(cache, AFTER + INSTANT_DAY), now);
    status_cache_free(cache);
}

/* The present one is one, whatever is written beside the functions above. */
static int second_present_one(struct conn *c, void *arg, struct error *e)
{
    static const struct sql again = {"again", "test",
                                     "UPDATE certificate SET current = 1 WHERE id = $1", NULL};
    (void)arg;
    return db_exec(c, &again, e, "i", first.id) < 0 ? -1 : 0;
}

static void of_an_enrolment_one_is_the_present_one(void **state)
{
    (void)state;
    write_ok(reissue, NULL);
    write_refused(second_present_one, NULL);
}

static int take_back(struct conn *c, void *arg, struct error *e)
{
    static const struct sql remove = {
        "remove", "test", "DELETE FROM certificate_revocation WHERE certificate = $1", NULL};
    (void)arg;
    return db_exec(c, &remove, e, "i", first.id) < 0 ? -1 : 0;
}

static int slip_in(struct conn *c, void *arg, struct error *e)
{
    static const struct sql insert = {
        "insert", "test",
        "INSERT INTO certificate_revocation SELECT id, 'revoked', 'x', NULL, 0, "
        "status_list, status_index FROM certificate WHERE id = $1",
        NULL};
    (void)arg;
    return db_exec(c, &insert, e, "i", first.id) < 0 ? -1 : 0;
}

static void a_revocation_cannot_be_taken_back_or_slipped_in_unseen(void **state)
{
    (void)state;
    struct error e = {0};
    write_ok(slip_in, NULL);
    assert_false(verifies(&e));
    assert_non_null(strstr(e.message, first.uuid));
    write_ok(take_back, NULL);
    assert_true(verifies(&e));
    write_ok(revoke, (void *)(uintptr_t) "Given out to the wrong person");
    assert_true(verifies(&e));
    write_ok(take_back, NULL);
    assert_false(verifies(&e));
    assert_non_null(strstr(e.message, "missing"));
}

static void one_that_another_key_signed_in_our_name_is_named_by_the_audit(void **state)
{
    (void)state;
    struct error e = {0};
    struct issuer *own = l.issuer;
    l.issuer = issuer_open(temp_path(folder, "forger"), settings.origin, "Example Center", &e);
    write_ok(reissue, NULL);
    issuer_free(l.issuer);
    l.issuer = own;
    assert_false(verifies(&e));
    assert_non_null(strstr(e.message, "not signed with a key of this site's"));
}

/* ---- expiry and renewal ---- */

#define TWO_YEARS (NOON + 731 * INSTANT_DAY) /* 2028 has a 29 February */

static void a_month_later_is_the_same_day_or_the_last(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
        int months;
    } cases[] = {
        {"2026-07-01T17:05:09Z", "2029-07-01T17:05:09Z", 36},
        {"2026-01-31T23:59:59Z", "2026-02-28T23:59:59Z", 1},
        {"2027-11-30T00:00:00Z", "2028-02-29T00:00:00Z", 3},
        {"2026-12-15T12:00:00Z", "2027-12-15T12:00:00Z", 12},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        instant from;
        char to[21];
        assert_true(instant_parse(cases[i].from, &from));
        instant_rfc3339(instant_add_months(from, cases[i].months), to);
        assert_string_equal(to, cases[i].to);
    }
}

static void a_course_says_until_when_its_certificate_is_good(void **state)
{
    (void)state;
    struct certificate *list;
    assert_int_equal(first.valid_until, TWO_YEARS);
    assert_non_null(strstr(first.bytes, "\"validUntil\":\"2028-09-21T"));
    pass_at(TWO_YEARS - RENEW_EARLY - 1);
    assert_false(completed);
    assert_int_equal(all(&list), 1); /* too early to change anything */
}

static void passing_the_check_again_renews_and_leaves_the_first_alone(void **state)
{
    (void)state;
    struct certificate *list;
    pass_at(TWO_YEARS + INSTANT_DAY);
    assert_true(completed);
    assert_int_equal(all(&list), 2);
    assert_int_equal(list[0].earned_at, TWO_YEARS + INSTANT_DAY);
    assert_int_equal(list[0].valid_until, instant_add_months(TWO_YEARS + INSTANT_DAY, 24));
    assert_non_null(strstr(list[0].bytes, "Renewed: "));
    assert_true(list[0].current && !list[1].current);
    assert_int_equal(list[1].state, CERTIFICATE_STANDS);
    assert_string_equal(list[1].bytes, first.bytes);
    pass_at(TWO_YEARS + 2 * INSTANT_DAY);
    assert_int_equal(all(&list), 2);
    struct error e = {0};
    struct progress p;
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(progress_load(c, &l, &en, arena, &p, &e), 0);
    db_read_end(l.db, c);
    assert_int_equal(p.completed_at, NOON); /* a completion is never dated anew */
    assert_int_equal(p.valid_until, list[0].valid_until);
    if (!verifies(&e))
        fail_msg("%s", e.message);
}

static void one_that_is_good_for_a_month_is_not_renewed_at_once(void **state)
{
    (void)state;
    struct certificate *list;
    pass_at(NOON + INSTANT_HOUR);
    assert_int_equal(all(&list), 1);
    pass_at(DAY(20));
    assert_int_equal(all(&list), 2);
}

static int issue_waiting(struct conn *c, void *arg, struct error *e)
{
    int64_t after = 0;
    return certificate_issue_pending(c, &l, 5, &after, TWO_YEARS + 3 * INSTANT_DAY, e) ==
                   *(int *)arg
               ? 0
               : -1;
}

static void a_renewal_without_a_key_comes_later_with_its_own_date(void **state)
{
    (void)state;
    int none = 0, one = 1;
    struct certificate *list;
    struct issuer *issuer = l.issuer;
    l.issuer = NULL;
    pass_at(TWO_YEARS);
    pass_at(TWO_YEARS + INSTANT_DAY);
    write_ok(issue_waiting, &none);
    assert_int_equal(all(&list), 1);
    l.issuer = issuer;
    write_ok(issue_waiting, &one);
    assert_int_equal(all(&list), 2);
    assert_int_equal(list[0].earned_at, TWO_YEARS);
    assert_non_null(strstr(list[0].bytes, "Renewed: "));
}

/* Before it was made, the present one was issued anew: for a new key, or a new name. */
static void a_renewal_that_waits_outlives_that_the_one_before_is_issued_anew(void **state)
{
    (void)state;
    int one = 1;
    struct certificate *list;
    struct issuer *issuer = l.issuer;
    l.issuer = NULL;
    pass_at(TWO_YEARS);
    l.issuer = issuer;
    write_ok(reissue, NULL);
    write_ok(issue_waiting, &one);
    assert_int_equal(all(&list), 3);
    assert_int_equal(list[0].earned_at, TWO_YEARS);
    assert_true(list[0].current && !list[1].current);
    assert_int_equal(list[1].id, made);
}

static int keep_to_oneself(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return certificate_share(c, first.id, ada, false, e);
}

static void what_its_holder_does_not_share_is_not_shared_when_it_is_renewed(void **state)
{
    (void)state;
    int one = 1;
    struct certificate *list;
    struct issuer *issuer = l.issuer;
    write_ok(keep_to_oneself, NULL);
    l.issuer = NULL;
    pass_at(TWO_YEARS);
    l.issuer = issuer;
    write_ok(issue_waiting, &one);
    pass_at(TWO_YEARS * 2 - NOON);
    assert_int_equal(all(&list), 3);
    assert_false(list[0].shared || list[1].shared);
}

static void what_was_revoked_is_earned_anew_and_stays_revoked(void **state)
{
    (void)state;
    struct certificate *list;
    write_ok(revoke, (void *)(uintptr_t) "Somebody else sat the check");
    pass_at(AFTER + INSTANT_DAY);
    assert_int_equal(all(&list), 1); /* not before it would have to be renewed */
    pass_at(TWO_YEARS);
    assert_int_equal(all(&list), 2);
    assert_int_equal(list[0].state, CERTIFICATE_STANDS);
    assert_int_equal(list[1].state, CERTIFICATE_REVOKED);
}

static int rename_one(struct conn *c, void *arg, struct error *e)
{
    return certificates_rename(c, &l, ada, 1, TWO_YEARS + 5 * INSTANT_DAY, arg, e);
}

static void a_changed_name_reaches_those_that_a_renewal_followed(void **state)
{
    (void)state;
    int left = -1;
    struct certificate *list;
    pass_at(TWO_YEARS);
    write_ok(rename_ada, (void *)(uintptr_t) "Ada Lovelace");
    write_ok(rename_one, &left); /* in pieces, each whole */
    assert_int_equal(left, 1);
    assert_int_equal(all(&list), 2);
    assert_int_equal(list[0].state, CERTIFICATE_STANDS);
    assert_int_equal(list[1].state, CERTIFICATE_SUPERSEDED);
    write_ok(rename_one, &left);
    assert_int_equal(left, 0);
    assert_int_equal(all(&list), 3);
    assert_int_equal(list[0].state, CERTIFICATE_STANDS);
    assert_non_null(strstr(list[0].bytes, "Ada Lovelace"));
    assert_non_null(strstr(list[0].bytes, "Renewed: "));
    assert_int_equal(list[1].state, CERTIFICATE_SUPERSEDED);
    assert_int_equal(list[2].state, CERTIFICATE_SUPERSEDED);
    struct error e = {0};
    if (!verifies(&e))
        fail_msg("%s", e.message);
}

static int set_name_and_rename_one(struct conn *c, void *arg, struct error *e)
{
    int left;
    return person_set_certificate_name(c, ada, arg, TWO_YEARS + 5 * INSTANT_DAY, e) ||
                   rename_one(c, &left, e)
               ? -1
               : 0;
}

static int set_name_later(struct conn *c, void *arg, struct error *e)
{
    return person_set_certificate_name(c, ada, arg, TWO_YEARS + 6 * INSTANT_DAY, e);
}

/* The server's due work of that day. */
static void a_day_passes(void)
{
    struct clock clock;
    clock_fixed(&clock, TWO_YEARS + 7 * INSTANT_DAY);
    struct app app = {.settings = &settings,
                      .clock = &clock,
                      .db = l.db,
                      .shelf = l.shelf,
                      .issuer = l.issuer,
                      .learning = l};
    chores_round(&app, true);
}

static void a_change_of_name_that_was_cut_short_is_finished_by_the_server(void **state)
{
    (void)state;
    struct certificate *list;
    pass_at(TWO_YEARS);
    write_ok(set_name_and_rename_one, (void *)(uintptr_t) "Ada Lovelace"); /* and then a stop */
    assert_int_equal(all(&list), 2);
    assert_int_equal(list[0].state, CERTIFICATE_STANDS);
    assert_non_null(strstr(list[0].bytes, "Ada Okafor"));
    a_day_passes();
    assert_int_equal(all(&list), 3);
    assert_int_equal(list[0].state, CERTIFICATE_STANDS);
    assert_non_null(strstr(list[0].bytes, "Ada Lovelace"));
    assert_int_equal(list[1].state, CERTIFICATE_SUPERSEDED);
    a_day_passes();
    assert_int_equal(all(&list), 3);
    struct error e = {0};
    if (!verifies(&e))
        fail_msg("%s", e.message);
}

/* The holder may give the next learning check another name, and keep what was issued. */
static void a_name_that_replaced_nothing_replaces_nothing_later(void **state)
{
    (void)state;
    struct certificate *list;
    pass_at(TWO_YEARS);
    write_ok(set_name_later, (void *)(uintptr_t) "Ada Lovelace");
    a_day_passes();
    assert_int_equal(all(&list), 2);
    assert_int_equal(list[0].state, CERTIFICATE_STANDS);
    assert_int_equal(list[1].state, CERTIFICATE_STANDS);
    write_ok(set_name_and_rename_one, (void *)(uintptr_t) "Ada Lovelace");
    write_ok(set_name_later, (void *)(uintptr_t) "Augusta Byron"); /* the later word holds */
    a_day_passes();
    assert_int_equal(all(&list), 2);
    assert_int_equal(list[0].state, CERTIFICATE_STANDS);
}

static int leave(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    struct erasure x = {ada, boss, "Has left", TWO_YEARS + 6 * INSTANT_DAY};
    return erasure_begin(c, &x, e);
}

/* Whoever leaves while a name is being changed: nothing more of it is done, and nothing undone. */
static void of_an_account_that_was_deleted_certificates_stay_as_they_are(void **state)
{
    (void)state;
    int left = -1;
    struct certificate *list;
    struct error e = {0};
    settings.zone = "America/Los_Angeles";
    pass_at(TWO_YEARS);
    write_ok(set_name_and_rename_one, (void *)(uintptr_t) "Ada Lovelace");
    write_ok(leave, NULL);
    write_ok(rename_one, &left);
    assert_int_equal(left, 0);
    a_day_passes();
    assert_int_equal(all(&list), 2);
    assert_int_equal(list[0].state, CERTIFICATE_STANDS);
    first = list[0];
    write_ok(reissue, NULL); /* for a compromised key, say */
    assert_int_equal(all(&list), 3);
    assert_non_null(strstr(list[0].bytes, "Ada Okafor"));
    assert_int_equal(list[1].state, CERTIFICATE_SUPERSEDED);
    if (!verifies(&e))
        fail_msg("%s", e.message);
}

#define TEST_TWO_YEARS(f) cmocka_unit_test_setup_teardown(f, setup_two_years, teardown)
#define TEST(f)           cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        TEST(revoking_sets_the_one_bit_at_once_and_for_good),
        TEST(the_first_place_is_the_leftmost_bit),
        TEST(the_last_place_is_the_rightmost_bit),
        TEST(a_changed_name_makes_another_and_the_first_stays_as_it_was),
        TEST(what_was_revoked_may_be_issued_anew_and_stays_revoked),
        TEST(without_a_key_nothing_is_superseded),
        TEST(a_list_is_signed_daily),
        TEST(of_an_enrolment_one_is_the_present_one),
        TEST(a_revocation_cannot_be_taken_back_or_slipped_in_unseen),
        TEST(one_that_another_key_signed_in_our_name_is_named_by_the_audit),
        cmocka_unit_test(a_month_later_is_the_same_day_or_the_last),
        TEST_TWO_YEARS(a_course_says_until_when_its_certificate_is_good),
        TEST_TWO_YEARS(passing_the_check_again_renews_and_leaves_the_first_alone),
        cmocka_unit_test_setup_teardown(one_that_is_good_for_a_month_is_not_renewed_at_once,
                                        setup_one_month, teardown),
        TEST_TWO_YEARS(a_renewal_without_a_key_comes_later_with_its_own_date),
        TEST_TWO_YEARS(what_was_revoked_is_earned_anew_and_stays_revoked),
        TEST_TWO_YEARS(a_renewal_that_waits_outlives_that_the_one_before_is_issued_anew),
        TEST_TWO_YEARS(what_its_holder_does_not_share_is_not_shared_when_it_is_renewed),
        TEST_TWO_YEARS(a_changed_name_reaches_those_that_a_renewal_followed),
        TEST_TWO_YEARS(a_change_of_name_that_was_cut_short_is_finished_by_the_server),
        TEST_TWO_YEARS(a_name_that_replaced_nothing_replaces_nothing_later),
        TEST_TWO_YEARS(of_an_account_that_was_deleted_certificates_stay_as_they_are),
    };
    return cmocka_run_group_tests_name("certificates", tests, NULL, NULL);
}
