/*
 * Commitments on real parts: a real database file, the shipped course, a real key. Months pass by
 * asking about another instant.
 */
#include "learning/commitment.h"
#include "learning/follow_up.h"
#include "learning/secret.h"
#include "test_learning_support.h"
#include <sodium.h>

#define CUE "a consult begins"
#define ACT "ask what worries them most"

static const struct publication *course;
static int64_t ada, ben;

static enum error_kind try_write(step fn, void *arg)
{
    struct error e = {0};
    db_write(l.db, fn, arg, &e);
    assert_true(e.kind == ERROR_NONE || e.message[0]);
    return e.kind;
}

static int add_people(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    struct new_person p[] = {{.name = "Ada Okafor"}, {.name = "Ben Adeyemi"}};
    return person_add(c, &p[0], NOON, NULL, &ada, e) || person_add(c, &p[1], NOON, NULL, &ben, e);
}

static int setup(void **state)
{
    (void)state;
    struct error e = {0};
    house_open();
    l.secret = sodium_init() < 0 ? NULL : secret_open(temp_path(folder, "keys"), l.db, true, &e);
    if (!l.secret)
        fail_msg("%s", e.message);
    publish_course(SOURCE_DIR "/courses/" COURSE);
    course = shelf_current(l.shelf, COURSE, &e);
    write_ok(add_people, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    house_close();
    secret_free(l.secret);
    return 0;
}

/* ---- one learner's steps ---- */

static int write_one(struct conn *c, void *arg, struct error *e)
{
    return commitment_write(c, &l, arg, e);
}

static struct commitment_save saving(const char *cue, const char *act, instant at)
{
    return (struct commitment_save){
        .owner = ada, .publication = course, .cue = cue, .act = act, .at = at, .arena = arena};
}

static struct commitment_waiting waiting(instant at)
{
    struct error e = {0};
    struct commitment_waiting w;
    struct conn *c = db_read_begin(l.db, &e);
    if (!c || commitment_waiting(c, &l, ada, at, arena, &w, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    return w;
}

static int list(int64_t owner, instant at, struct commitment **out)
{
    struct error e = {0};
    struct conn *c = db_read_begin(l.db, &e);
    int count = c ? commitment_list(c, &l, owner, at, arena, out, &e) : -1;
    db_read_end(l.db, c);
    if (count < 0)
        fail_msg("%s", e.message);
    return count;
}

/* The newest one. */
static struct commitment made(const char *cue, const char *act, instant at)
{
    struct commitment_save s = saving(cue, act, at);
    struct commitment *all;
    write_ok(write_one, &s);
    int count = list(ada, at, &all);
    return all[count - 1];
}

static struct commitment again(const struct commitment *m, instant at)
{
    struct commitment *all;
    int count = list(ada, at, &all);
    for (int i = 0; i < count; i++)
        if (strcmp(all[i].uuid, m->uuid) == 0)
            return all[i];
    fail_msg("%s is gone", m->uuid);
    return *m;
}

struct telling {
    int64_t owner;
    const char *uuid;
    enum outcome outcome;
    instant at;
};

static int tell(struct conn *c, void *arg, struct error *e)
{
    struct telling *t = arg;
    return commitment_tell(c, &l, t->owner, t->uuid, t->outcome, t->at, e);
}

static void told(const struct commitment *m, enum outcome outcome, instant at)
{
    struct telling t = {ada, m->uuid, outcome, at};
    write_ok(tell, &t);
}

static int put_off(struct conn *c, void *arg, struct error *e)
{
    struct telling *t = arg;
    return commitment_put_off(c, &l, t->owner, t->uuid, t->at, e);
}

static void not_now(const struct commitment *m, instant at)
{
    struct telling t = {ada, m->uuid, 0, at};
    write_ok(put_off, &t);
}

static int remove_one(struct conn *c, void *arg, struct error *e)
{
    struct telling *t = arg;
    return commitment_delete(c, &l, t->owner, t->uuid, e);
}

static int offer(struct conn *c, void *arg, struct error *e)
{
    return commitment_offer(c, &l, ada, *(instant *)arg, e);
}

/* What stands when My learning is opened on `at`. */
static int opened(instant at)
{
    int count = waiting(at).count;
    write_ok(offer, &at);
    return count;
}

static int turn(struct conn *c, void *arg, struct error *e)
{
    struct telling *t = arg;
    return follow_up_switch(c, ada, t->outcome == OUTCOME_DONE, t->at, e);
}

static void turned(bool on, instant at)
{
    struct telling t = {.outcome = on ? OUTCOME_DONE : OUTCOME_PARTLY, .at = at};
    write_ok(turn, &t);
}

/* ---- statements: writing ---- */

static void it_is_read_back_by_its_owner_only(void **state)
{
    (void)state;
    struct commitment m = made(CUE, ACT, DAY(0)), *all;
    assert_string_equal(m.cue, CUE);
    assert_string_equal(m.act, ACT);
    assert_null(m.closed);
    assert_int_equal(list(ben, DAY(0), &all), 0);
    struct telling t = {ben, m.uuid, OUTCOME_DONE, DAY(1)};
    assert_int_equal(try_write(tell, &t), ERROR_NOT_FOUND);
    assert_int_equal(try_write(put_off, &t), ERROR_NOT_FOUND);
    assert_int_equal(try_write(remove_one, &t), ERROR_NOT_FOUND);
    struct commitment_save s = saving("x", "y", DAY(1));
    s.owner = ben;
    s.uuid = m.uuid;
    s.base = m.saved_at;
    assert_int_equal(try_write(write_one, &s), ERROR_NOT_FOUND);
}

static void both_parts_are_asked_for(void **state)
{
    (void)state;
    char longer[COMMITMENT_MAX + 2];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    const struct commitment_save wrong[] = {saving("", ACT, NOON), saving(CUE, "", NOON),
                                            saving("two\nlines", ACT, NOON),
                                            saving(CUE, longer, NOON)};
    char most[4 * COMMITMENT_MAX + 1]; /* characters of four bytes */
    for (size_t i = 0; i < COMMITMENT_MAX; i++)
        memcpy(most + 4 * i, "\xF0\xA0\xAE\xB7", 5);
    struct commitment_save whole = saving(most, most, NOON);
    assert_int_equal(try_write(write_one, &whole), ERROR_NONE);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(try_write(write_one, (void *)(uintptr_t)&wrong[i]), ERROR_INVALID);
}

static void several_stand_beside_each_other_and_the_same_twice_is_one(void **state)
{
    (void)state;
    struct commitment *all;
    made(CUE, ACT, DAY(0));
    made(CUE, ACT, DAY(0) + 1);
    assert_int_equal(list(ada, DAY(0), &all), 1);
    made("rounds end", ACT, DAY(1));
    assert_int_equal(list(ada, DAY(1), &all), 2);
}

static void another_window_overwrites_nothing(void **state)
{
    (void)state;
    struct commitment m = made(CUE, ACT, DAY(0));
    struct commitment_save s = saving("rounds end", ACT, DAY(1));
    s.uuid = m.uuid;
    s.base = m.saved_at;
    write_ok(write_one, &s);
    write_ok(write_one, &s); /* sent twice */
    s.cue = "a letter is due";
    assert_int_equal(try_write(write_one, &s), ERROR_CONFLICT);
    m = again(&m, DAY(1));
    assert_string_equal(m.cue, "rounds end");
    assert_true(m.made_at == DAY(0)); /* the days go on counting from then */
}

static void without_the_key_it_can_still_be_answered_and_deleted(void **state)
{
    (void)state;
    struct commitment m = made(CUE, ACT, DAY(0));
    struct secret *kept = l.secret;
    l.secret = NULL;
    m = again(&m, DAY(40));
    assert_null(m.cue);
    assert_non_null(m.closed);
    assert_true(m.stands);
    told(&m, OUTCOME_PARTLY, DAY(40));
    struct commitment_save s = saving("x", "y", DAY(40));
    assert_int_equal(try_write(write_one, &s), ERROR_BUSY);
    l.secret = kept;
    assert_int_equal(again(&m, DAY(41)).answer_count, 1);
    struct telling t = {.owner = ada, .uuid = m.uuid};
    write_ok(remove_one, &t);
}

static bool file_holds(const char *path, const char *text)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    static char bytes[8 << 20];
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    return memmem(bytes, n, text, strlen(text)) != NULL;
}

static void the_files_hold_outcomes_and_no_words(void **state)
{
    (void)state;
    struct commitment m = made("xylophone-cue", "xylophone-act", DAY(0));
    told(&m, OUTCOME_NO_LONGER, DAY(31));
    bool outcome = false;
    for (int closed = 0; closed < 2; closed++) {
        const char *files[] = {temp_path(folder, "db"), temp_path(folder, "db-wal")};
        for (int i = 0; i < 2; i++) {
            assert_false(file_holds(files[i], "xylophone"));
            outcome = outcome || file_holds(files[i], "answeredno_longer");
        }
        if (!closed) {
            struct error e = {0};
            db_close(l.db);
            l.db = db_open(&(struct db_options){.path = temp_path(folder, "db"), .readers = 1}, &e);
        }
    }
    assert_true(outcome);
}

static void the_proof_opens_it(void **state)
{
    (void)state;
    struct error e = {0};
    struct secret_proof p;
    made(CUE, ACT, DAY(0));
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(secret_prove(c, &l, &p, &e), 0);
    db_read_end(l.db, c);
    assert_int_equal(p.texts, 1);
    assert_int_equal(p.opened, 1);
}

/* ---- statements: checks ---- */

static void it_asks_after_thirty_and_ninety_days(void **state)
{
    (void)state;
    struct commitment m = made(CUE, ACT, DAY(0));
    int asked[4], n = 0;
    for (int day = 0; day <= 200; day++)
        if (opened(DAY(day)) > 0) {
            assert_true(n < 4);
            asked[n++] = day;
            told(&m, OUTCOME_PARTLY, DAY(day));
        }
    assert_int_equal(n, 2);
    assert_int_equal(asked[0], 30);
    assert_int_equal(asked[1], 90);
    m = again(&m, DAY(200));
    assert_int_equal(m.answer_count, 2);
    assert_int_equal(m.next_at, 0);
}

static void it_says_when_the_next_comes(void **state)
{
    (void)state;
    assert_false(waiting(DAY(0)).any);
    struct commitment m = made(CUE, ACT, DAY(0));
    assert_true(waiting(DAY(0)).next_at == DAY(30));
    assert_int_equal(waiting(DAY(30)).count, 1);
    told(&m, OUTCOME_DONE, DAY(33));
    assert_true(waiting(DAY(33)).next_at == DAY(90));
}

static void what_is_said_early_does_not_answer_a_later_check(void **state)
{
    (void)state;
    struct commitment m = made(CUE, ACT, DAY(0));
    told(&m, OUTCOME_NOT_YET, DAY(10));
    assert_int_equal(waiting(DAY(29)).count, 0);
    assert_int_equal(waiting(DAY(30)).count, 1);
    told(&m, OUTCOME_DONE, DAY(95)); /* one answer for both */
    assert_int_equal(waiting(DAY(95)).count, 0);
    m = again(&m, DAY(95));
    assert_int_equal(m.answer_count, 2);
    assert_int_equal(m.answers[0].outcome, OUTCOME_NOT_YET);
    assert_int_equal(m.answers[1].outcome, OUTCOME_DONE);
}

static void no_longer_ends_it(void **state)
{
    (void)state;
    struct commitment m = made(CUE, ACT, DAY(0));
    told(&m, OUTCOME_NO_LONGER, DAY(30));
    for (int day = 30; day < 200; day++)
        assert_int_equal(waiting(DAY(day)).count, 0);
    assert_int_equal(waiting(DAY(40)).next_at, 0);
}

static void the_same_click_counts_once_and_another_word_is_kept_too(void **state)
{
    (void)state;
    struct commitment m = made(CUE, ACT, DAY(0));
    told(&m, OUTCOME_DONE, DAY(30));
    told(&m, OUTCOME_DONE, DAY(30) + INSTANT_SECOND);
    assert_int_equal(again(&m, DAY(31)).answer_count, 1);
    told(&m, OUTCOME_PARTLY, DAY(30) + 2 * INSTANT_SECOND);
    assert_int_equal(again(&m, DAY(31)).answer_count, 2);
}

static void not_now_moves_a_check_by_a_week(void **state)
{
    (void)state;
    struct commitment m = made(CUE, ACT, DAY(0));
    assert_int_equal(opened(DAY(31)), 1);
    not_now(&m, DAY(31));
    not_now(&m, DAY(32));
    assert_int_equal(waiting(DAY(37)).count, 0);
    assert_true(waiting(DAY(37)).next_at == DAY(38));
    assert_int_equal(opened(DAY(38)), 1);
    assert_int_equal(opened(DAY(38) + 29 * INSTANT_DAY), 1);
}

static void two_that_have_gone_by_bring_quiet(void **state)
{
    (void)state;
    struct commitment m = made(CUE, ACT, DAY(0)), other = made("rounds end", ACT, DAY(20));
    assert_int_equal(opened(DAY(30)), 1);
    assert_int_equal(opened(DAY(59)), 2);
    assert_int_equal(opened(DAY(60)), 1); /* the first has gone by after thirty days */
    assert_false(waiting(DAY(88)).quiet);
    assert_true(waiting(DAY(89)).quiet);
    for (int day = 89; day < 200; day++)
        assert_int_equal(opened(DAY(day)), 0);
    assert_int_equal(again(&m, DAY(100)).due_day, 90); /* still to be answered where they are */
    assert_int_equal(again(&other, DAY(100)).due_day, 30);
    turned(true, DAY(120));
    assert_int_equal(waiting(DAY(120)).count, 2);
}

static void a_new_commitment_or_a_word_ends_the_quiet(void **state)
{
    (void)state;
    struct commitment m = made(CUE, ACT, DAY(0));
    made("rounds end", ACT, DAY(0));
    opened(DAY(30));
    assert_true(waiting(DAY(60)).quiet);
    told(&m, OUTCOME_DONE, DAY(61));
    assert_false(waiting(DAY(61)).quiet);
    assert_int_equal(opened(DAY(90)), 2);
    assert_true(waiting(DAY(120)).quiet);
    made("a letter is due", ACT, DAY(121));
    assert_false(waiting(DAY(121)).quiet);
}

static void switched_off_nothing_is_listed(void **state)
{
    (void)state;
    struct commitment m = made(CUE, ACT, DAY(0));
    turned(false, DAY(1));
    assert_int_equal(opened(DAY(40)), 0);
    assert_true(waiting(DAY(40)).off);
    told(&m, OUTCOME_DONE, DAY(41)); /* it can be said all the same */
    turned(true, DAY(42));
    assert_int_equal(waiting(DAY(90)).count, 1);
}

static int64_t rows(const char *table)
{
    const char *sql = arena_printf(arena, "SELECT COUNT(*) FROM %s", table);
    return atoll(sqlite_shell(temp_path(folder, "db"), sql));
}

static void deleting_takes_everything_along(void **state)
{
    (void)state;
    struct commitment m = made(CUE, ACT, DAY(0)), *all;
    opened(DAY(30));
    told(&m, OUTCOME_DONE, DAY(30));
    struct telling t = {.owner = ada, .uuid = m.uuid};
    write_ok(remove_one, &t);
    assert_int_equal(list(ada, DAY(31), &all), 0);
    assert_int_equal(rows("commitment"), 0);
    assert_int_equal(rows("commitment_check"), 0);
    assert_int_equal(try_write(remove_one, &t), ERROR_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_read_back_by_its_owner_only),
        TEST(both_parts_are_asked_for),
        TEST(several_stand_beside_each_other_and_the_same_twice_is_one),
        TEST(another_window_overwrites_nothing),
        TEST(without_the_key_it_can_still_be_answered_and_deleted),
        TEST(the_files_hold_outcomes_and_no_words),
        TEST(the_proof_opens_it),
        TEST(it_asks_after_thirty_and_ninety_days),
        TEST(it_says_when_the_next_comes),
        TEST(what_is_said_early_does_not_answer_a_later_check),
        TEST(no_longer_ends_it),
        TEST(the_same_click_counts_once_and_another_word_is_kept_too),
        TEST(not_now_moves_a_check_by_a_week),
        TEST(two_that_have_gone_by_bring_quiet),
        TEST(a_new_commitment_or_a_word_ends_the_quiet),
        TEST(switched_off_nothing_is_listed),
        TEST(deleting_takes_everything_along),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
