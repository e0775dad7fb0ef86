/*
 * The deletion of an account on real parts: a long history goes in pieces, a cut in between leaves
 * nothing that anybody sees, and the proof holds before and after.
 */
#include "learning/erasure.h"
#include "learning/ledger.h"
#include "learning/session_cache.h"
#include "learning/signin.h"
#include "report/roster.h"
#include "test_learning_support.h"

static int64_t ada, ben, medicine;
static char token[TOKEN_TEXT], session_token[TOKEN_TEXT];

static int add_people(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    struct new_person p[] = {{.name = "Ada Li-Okafor",
                              .email = "Ada@example.edu",
                              .external_id = "e-4711",
                              .profession = "Physician"},
                             {.name = "Ben Adeyemi", .email = "ben@example.edu"}};
    return department_add(c, "medicine", "Medicine", NOON, &medicine, e) ||
                   person_add(c, &p[0], NOON, NULL, &ada, e) ||
                   person_add(c, &p[1], NOON, NULL, &ben, e) ||
                   appointment_add(c, ada, medicine, "Okafor Professor", true, NOON, NOON, e) ||
                   role_add(c, ada, "chair", medicine, NOON, NOON, e) ||
                   role_add(c, ada, "administrator", 0, NOON, NOON, e) ||
                   role_add(c, ben, "administrator", 0, NOON, NOON, e) ||
                   signin_link_create(c, ada, "/", NOON, DAY(9) - NOON, token, e)
               ? -1
               : 0;
}

static int setup(void **state)
{
    (void)state;
    house_open();
    settings.zone = "America/Los_Angeles";
    l.sessions = session_cache_create();
    publish_course(SOURCE_DIR "/courses/" COURSE);
    write_ok(add_people, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    session_cache_free(l.sessions);
    house_close();
    return 0;
}

/* One statement of the test's own; the connection keeps it, so it lives as long. */
static const struct sql *statement(const char *text)
{
    struct sql *s = arena_alloc(arena, sizeof *s);
    *s = (struct sql){"test", "test_erasure.c", text, NULL};
    return s;
}

static int run_all(struct conn *c, void *arg, struct error *e)
{
    for (const char *const *text = arg; *text; text++)
        if (db_exec(c, statement(*text), e, "") < 0)
            return -1;
    return 0;
}

static int64_t number(const char *text)
{
    struct error e = {0};
    int64_t n = -1;
    struct conn *c = db_read_begin(l.db, &e);
    if (!c || db_query_int(c, statement(text), &n, &e, "") != 1)
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    return n;
}

#define UP_TO(n) "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < " #n ") "

/* Years of work: 30,000 minutes, 3,000 answers, 300 texts, a challenge, a request with its answer.
 * Made by statements, since the house's own functions would take long. */
static void live_long(void)
{
    static const char *const rows[] = {
        "INSERT INTO enrolment (id, person, course, publication, started_at, shuffle_seed)"
        " VALUES (1, 1, 'humility', 1, 5, 7)",
        UP_TO(30000) "INSERT INTO active_minute SELECT 1, i FROM c",
        UP_TO(3000) "INSERT INTO practice_step (enrolment, item, item_hash, answer, mark,"
                    " recorded_at) SELECT 1, 'q' || i, 'h', '1', 0, i FROM c",
        UP_TO(7) "INSERT INTO lesson_visit (enrolment, lesson, first_at, last_at)"
                 " SELECT 1, 'l' || i, 1, 1 FROM c",
        UP_TO(8) "INSERT INTO case_step (enrolment, case_id, run, scene, choice, next_scene,"
                 " recorded_at) SELECT 1, 'c', 1, 's', 'x', 't', i FROM c",
        UP_TO(300) "INSERT INTO reflection (uuid, person, course, lesson, prompt, publication,"
                   " sealed, first_saved_at, saved_at) SELECT 'r' || i, 1, 'humility', 'l',"
                   " 'r' || i, 1, randomblob(10000), 1, 1 FROM c",
        "INSERT INTO commitment (id, uuid, person, course, publication, sealed, made_at, saved_at)"
        " VALUES (1, 'm1', 1, 'humility', 1, x'00', 1, 1)",
        "INSERT INTO commitment_check (commitment, day, kind, recorded_at)"
        " VALUES (1, 14, 'offered', 1)",
        "INSERT INTO follow_up (id, uuid, person, enrolment, day, seed) VALUES (1, 'f', 1, 1, 7, "
        "7)",
        "INSERT INTO follow_up_item VALUES (1, 1, 1, 'q1', 'h')",
        "INSERT INTO follow_up_step (follow_up, publication, item, item_hash, answer, mark,"
        " recorded_at) VALUES (1, 1, 'q1', 'h', '1', 0, 1)",
        "INSERT INTO follow_up_event (person, follow_up, kind, recorded_at)"
        " VALUES (1, 1, 'offered', 1)",
        "INSERT INTO attempt (id, uuid, enrolment, person, publication, number, form, item_count,"
        " started_at, submitted_at, mark, right_count, passed) VALUES"
        " (1, 'a1', 1, 1, 1, 1, 'q1:1', 1, 1, 2, 0, 0, 0),"
        " (2, 'a2', 1, 1, 1, 2, 'q1:1', 1, 3, NULL, NULL, NULL, NULL)",
        "INSERT INTO item_version (id, item, item_hash) VALUES (1, 'q1', 'h')",
        "INSERT INTO attempt_step (attempt, op_id, id, place, item_version, answer, mark,"
        " recorded_at) VALUES (1, '=1', 1, 1, 1, '1', 0, 1), (2, '=1', 1, 1, 1, '1', 0, 3)",
        "INSERT INTO challenge (uuid, course, publication, part, part_id, part_hash, person, wrong,"
        " source, recorded_at) VALUES ('k', 'humility', 1, 'lesson', 'repair', 'h', 1, 'Worn', '',"
        " 1790000000000001)",
        "INSERT INTO alternative (id, uuid, person, course, words, recorded_at)"
        " VALUES (1, 't', 1, 'humility', 'On paper', 1)",
        "INSERT INTO alternative_answer (id, alternative, outcome, words, actor, recorded_at)"
        " VALUES (1, 1, 'another', 'Yes', 2, 1)",
        "UPDATE alternative SET answer = 1 WHERE id = 1",
        "INSERT INTO external_credit (uuid, person, title, provider, earned_on, hours, recorded_at)"
        " VALUES ('x', 1, 'A talk', 'Elsewhere', '2026-01-02', 100, 1)",
        "INSERT INTO pretest_skip VALUES (1, 'humility', 1)",
        "INSERT INTO answer_read VALUES (1, 'challenges', 1)",
        "INSERT INTO certificate_pending VALUES (1, 'no key', 1)",
        "INSERT INTO draft (id, uuid, owner, course, title, head, created_at, changed_at)"
        " VALUES (1, 'd', 1, 'new', 'New', 1, 1, 1)",
        "INSERT INTO draft_version (draft, number, hash, note, errors, warnings, saved_at, "
        "saved_by)"
        " VALUES (1, 1, 'h', 'Begun', 0, 0, 1, 1)",
        "INSERT INTO review_link (draft, version, token_hash, made_by, made_at, expires_at)"
        " VALUES (1, 1, x'01', 1, 1, 1900000000000000)",
        NULL,
    };
    assert_int_equal(ada, 1);
    write_ok(run_all, (void *)rows);
}

/* Everything that goes; 0 when nothing is left of it. */
static int64_t left_of_ada(void)
{
    return number(
        "SELECT (SELECT COUNT(*) FROM active_minute) + (SELECT COUNT(*) FROM practice_step)"
        " + (SELECT COUNT(*) FROM lesson_visit) + (SELECT COUNT(*) FROM case_step)"
        " + (SELECT COUNT(*) FROM reflection) + (SELECT COUNT(*) FROM commitment)"
        " + (SELECT COUNT(*) FROM commitment_check) + (SELECT COUNT(*) FROM follow_up)"
        " + (SELECT COUNT(*) FROM follow_up_item) + (SELECT COUNT(*) FROM follow_up_step)"
        " + (SELECT COUNT(*) FROM follow_up_event) + (SELECT COUNT(*) FROM alternative)"
        " + (SELECT COUNT(*) FROM alternative_answer) + (SELECT COUNT(*) FROM external_credit)"
        " + (SELECT COUNT(*) FROM pretest_skip) + (SELECT COUNT(*) FROM answer_read)"
        " + (SELECT COUNT(*) FROM certificate_pending)"
        " + (SELECT COUNT(*) FROM attempt WHERE submitted_at IS NULL)"
        " + (SELECT COUNT(*) FROM attempt_step WHERE attempt = 2)"
        " + (SELECT COUNT(*) FROM challenge WHERE person IS NOT NULL)");
}

static int begin(struct conn *c, void *arg, struct error *e)
{
    return erasure_begin(c, arg, e);
}

/* Would it be taken? Then ERROR_BUSY, and nothing of it is kept. */
static int begin_for_show(struct conn *c, void *arg, struct error *e)
{
    return erasure_begin(c, arg, e) ? -1 : error_set(e, ERROR_BUSY, "taken");
}

static int piece(struct conn *c, void *arg, struct error *e)
{
    struct zone *zone = zone_create(settings.zone, e);
    int result = zone ? erasure_piece(c, ada, zone, arg, e) : -1;
    zone_free(zone);
    return result;
}

static struct person person_now(int64_t id)
{
    struct error e = {0};
    struct person p = {0};
    struct conn *c = db_read_begin(l.db, &e);
    if (!c || person_get(c, id, arena, &p, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    return p;
}

static void sign_ada_in(void)
{
    struct error e = {0};
    struct session found;
    char return_to[256];
    uint64_t epoch;
    if (signin_link_spend(&l, token, false, session_token, return_to, &e))
        fail_msg("%s", e.message);
    struct conn *c = db_read_begin(l.db, &e);
    assert_false(session_recall(l.sessions, session_token, NOON, &found, &epoch));
    assert_int_equal(session_find(c, session_token, NOON, &found, &e), 0);
    session_remember(l.sessions, &found, epoch);
    db_read_end(l.db, c);
    assert_true(session_recall(l.sessions, session_token, NOON, &found, &epoch));
}

static bool is_signed_in(void)
{
    struct error e = {0};
    struct session found;
    uint64_t epoch;
    struct conn *c = db_read_begin(l.db, &e);
    bool is = session_recall(l.sessions, session_token, NOON, &found, &epoch) ||
              session_find(c, session_token, NOON, &found, &e) == 0;
    db_read_end(l.db, c);
    return is;
}

/* ---- what is refused ---- */

static void test_the_reason_does_not_say_who(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "",          "   ",         NULL,
        "Ada left",  "okafor left", "She (OKAFOR) left",
        "no e-4711", "Line\nbreak", "mail from ada@example.edu",
    };
    static const char *const taken[] = {"Left; asked for it by letter", "Canada", "Okaforian",
                                        "Li"};
    struct error e = {0};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct erasure x = {ada, ben, refused[i], NOON};
        e = (struct error){0};
        assert_int_equal(db_write(l.db, begin, &x, &e), -1);
        assert_string_equal(e.field, "reason");
    }
    assert_int_equal(person_now(ada).erased_at, 0);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        struct erasure x = {ada, ben, taken[i], NOON};
        assert_int_equal(write_refused(begin_for_show, &x), ERROR_BUSY);
    }
}

static void test_the_last_administrator_stays(void **state)
{
    (void)state;
    struct erasure_plan plan;
    struct error e = {0};
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(erasure_plan(c, ada, NOON, arena, &plan, &e), 0);
    db_read_end(l.db, c);
    assert_false(plan.last_administrator);
    assert_int_equal(plan.left_count, 1);
    assert_string_equal(plan.left[0].role, "chair");
    assert_string_equal(plan.left[0].department, "Medicine");
    assert_int_equal(erasure_run(&l, ben, ada, "Has left", &e), 0);
    assert_int_equal(erasure_run(&l, ada, AUDIT_COMMAND_LINE, "Has left", &e), -1);
    assert_int_equal(e.kind, ERROR_CONFLICT);
    assert_int_equal(person_now(ada).erased_at, 0);
}

/* ---- what goes ---- */

static void test_at_once_nobody_can_sign_in_or_read_the_name(void **state)
{
    (void)state;
    struct error e = {0};
    sign_ada_in();
    assert_true(is_signed_in());
    assert_int_equal(erasure_run(&l, ada, ben, "Has left", &e), 0);
    assert_false(is_signed_in());
    struct person p = person_now(ada);
    assert_string_equal(p.name, FORMER_MEMBER);
    assert_true(!p.email && !p.certificate_name && !p.profession && !p.has_password);
    assert_int_equal(p.erased_at, NOON);
    assert_int_equal(number("SELECT COUNT(*) FROM person_email WHERE person = 1"), 0);
    assert_int_equal(number("SELECT COUNT(*) FROM person WHERE id = 1 AND sort_name LIKE '%okafor%'"
                            " OR external_id = 'e-4711'"),
                     0);
    assert_int_equal(number("SELECT COUNT(*) FROM appointment WHERE title LIKE '%Okafor%'"), 0);
    assert_int_equal(number("SELECT COUNT(*) FROM role_grant WHERE person = 1 AND superseded_by IS"
                            " NULL AND valid_to IS NULL"),
                     0);
}

static int make_link(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return signin_link_create(c, ada, "/", NOON, INSTANT_DAY, token, e);
}

static int name_her(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return person_set_certificate_name(c, ada, "Ada Li-Okafor", NOON, e) ||
                   person_set_password_hash(c, ada, "$argon2id$…", e)
               ? -1
               : 0;
}

/* A request may have been under way. */
static void test_what_comes_late_brings_nothing_back(void **state)
{
    (void)state;
    struct error e = {0};
    assert_int_equal(erasure_run(&l, ada, ben, "Has left", &e), 0);
    assert_int_equal(write_refused(make_link, NULL), ERROR_NOT_FOUND);
    write_ok(name_her, NULL);
    struct person p = person_now(ada);
    assert_true(!p.certificate_name && !p.has_password);
    live_long();
    assert_int_equal(number("SELECT COUNT(*) FROM erasure_due"), 1);
    assert_int_equal(erasures_go_on(&l, &e), 0);
    assert_int_equal(left_of_ada(), 0);
    assert_int_equal(number("SELECT COUNT(*) FROM erasure_due"), 1);
    system_clock.offset += 3 * INSTANT_MINUTE;
    assert_int_equal(erasures_go_on(&l, &e), 0);
    assert_int_equal(number("SELECT COUNT(*) FROM erasure_due"), 0);
}

/* ---- in pieces ---- */

static void test_a_long_history_goes_in_pieces_and_a_cut_is_made_good(void **state)
{
    (void)state;
    struct error e = {0};
    int64_t rows, pieces = 0, all;
    live_long();
    all = left_of_ada();
    assert_true(all > 33000);
    struct erasure x = {ada, ben, "Has left", NOON};
    write_ok(begin, &x);
    do { /* and then the power goes */
        int64_t before = left_of_ada();
        write_ok(piece, &rows);
        assert_in_range(rows, 1, ERASURE_PIECE + 1);
        assert_true(left_of_ada() < before);
    } while (++pieces < 4);
    assert_string_equal(person_now(ada).name, FORMER_MEMBER);
    write_ok(begin, &x); /* said again */
    assert_int_equal(erasures_go_on(&l, &e), 0);
    assert_int_equal(left_of_ada(), 0);
    write_ok(piece, &rows);
    assert_int_equal(rows, 0);
    assert_int_equal(number("SELECT COUNT(*) FROM audit WHERE action = 'person.delete'"), 1);
    assert_int_equal(number("SELECT COUNT(*) FROM review_link WHERE withdrawn_at IS NULL"), 0);
    assert_int_equal(number("SELECT COUNT(*) FROM draft"), 1);
    /* What proves a completion, and the words of a challenge, of which only the day is left. */
    assert_int_equal(number("SELECT COUNT(*) FROM attempt_step WHERE attempt = 1"), 1);
    assert_int_equal(number("SELECT COUNT(*) FROM challenge WHERE wrong = 'Worn' AND"
                            " recorded_at % 3600000000 = 0"),
                     1);
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(audit_verify(c, &rows, &e), 0);
    db_read_end(l.db, c);
}

/* ---- the past ---- */

struct seen {
    int count;
    const char *name;
};

static int see(const struct roster_row *row, void *arg)
{
    struct seen *s = arg;
    s->count++;
    s->name = arena_strdup(arena, row->name);
    return 0;
}

static struct seen roster_at(instant as_of)
{
    struct error e = {0};
    struct seen s = {0};
    struct roster_query q = {
        .department = medicine, .course = COURSE, .as_of = as_of, .counted_only = true};
    struct conn *c = db_read_begin(l.db, &e);
    if (!c || roster_each(c, &q, see, &s, NULL, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    return s;
}

static void test_the_past_counts_as_it_did(void **state)
{
    (void)state;
    struct error e = {0};
    system_clock.offset += 10 * INSTANT_DAY;
    assert_int_equal(roster_at(DAY(5)).count, 1);
    assert_int_equal(erasure_run(&l, ada, ben, "Has left", &e), 0);
    struct seen past = roster_at(DAY(5));
    assert_int_equal(past.count, 1);
    assert_string_equal(past.name, FORMER_MEMBER);
    assert_int_equal(roster_at(DAY(11)).count, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_the_reason_does_not_say_who),
        TEST(test_the_last_administrator_stays),
        TEST(test_at_once_nobody_can_sign_in_or_read_the_name),
        TEST(test_what_comes_late_brings_nothing_back),
        TEST(test_a_long_history_goes_in_pieces_and_a_cut_is_made_good),
        TEST(test_the_past_counts_as_it_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
