/*
 * What comes back after a course, on real parts: a real database file, the shipped course and a
 * second one made of it. Days pass by asking about another instant, so four months take a moment.
 */
#include "learning/attempt.h"
#include "learning/certificate.h"
#include "learning/follow_up.h"
#include "learning/ledger.h"
#include "test_learning_support.h"

#define EVERY_DAY 400

static int64_t ada, ben;

static int add_people(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    struct new_person p[] = {{.name = "Ada Okafor"}, {.name = "Ben Adeyemi"}};
    return person_add(c, &p[0], NOON, NULL, &ada, e) || person_add(c, &p[1], NOON, NULL, &ben, e);
}

/* The shipped course under another name, with items of its own. */
static void publish_second(void)
{
    char command[900];
    snprintf(command, sizeof command,
             "cp -r '%s/courses/humility' '%s/second' && "
             "find '%s/second' -type f | xargs sed -i "
             "-e 's/q-humility-/q-second-/g' -e 's/\"id\": \"humility\"/\"id\": \"second\"/'",
             SOURCE_DIR, folder, folder);
    assert_int_equal(system(command), 0);
    publish_course(temp_path(folder, "second"));
}

static int setup(void **state)
{
    (void)state;
    house_open();
    publish_course(SOURCE_DIR "/courses/" COURSE);
    publish_second();
    write_ok(add_people, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    house_close();
    return 0;
}

/* ---- finishing a course, by its learning check ---- */

struct finish {
    const char *course;
    instant at;
    int wrong; /* that many of the items that come back are answered wrong */
    const char *missed;
};

static const char *answer_to(const struct item *item, bool right)
{
    static char out[32];
    size_t n = 0;
    for (int i = 0; i < item->option_count; i++)
        if (item->options[i].key == right && (n == 0 || right))
            n += (size_t)snprintf(out + n, sizeof out - n, "%s%d", n ? "," : "", i + 1);
    return out;
}

static int finish(struct conn *c, void *arg, struct error *e)
{
    struct finish *f = arg;
    struct enrolment en;
    struct attempt t;
    char uuid[37];
    bool passed, completed;
    int wrong = f->wrong;
    if (enrolment_begin(c, &l, ada, f->course, f->at, &rng, &en, e) ||
        attempt_start(c, &l, &en, f->at, &rng, uuid, e) ||
        attempt_load(c, &l, uuid, ada, arena, &t, e))
        return -1;
    for (int i = 0; i < t.item_count; i++) {
        struct attempt_saved saved;
        const struct item *item = t.items[i].item;
        bool miss = item->spaced && wrong > 0;
        wrong -= miss;
        if (miss)
            f->missed = item->id;
        if (attempt_answer(c, &l, uuid, ada, item->id, answer_to(item, !miss), ATTEMPT_WAS_ANY,
                           NULL, f->at, &saved, e))
            return -1;
    }
    if (attempt_submit(c, &l, uuid, ada, "Ada Okafor", f->at, &passed, &completed, e))
        return -1;
    return completed ? 0 : error_set(e, ERROR_INTERNAL, "the course was not completed");
}

static void finish_course(const char *course, instant at)
{
    struct finish f = {course, at, 0, NULL};
    write_ok(finish, &f);
}

/* ---- one learner's steps ---- */

static struct follow_up_state state_at(instant at)
{
    struct error e = {0};
    struct follow_up_state s = {0};
    struct conn *c = db_read_begin(l.db, &e);
    if (!c || follow_up_state(c, &l, ada, at, &s, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    return s;
}

static enum follow_up_mode mode_at(instant at)
{
    return state_at(at).mode;
}

static enum error_kind try_load(const char *uuid, int64_t person, instant at, struct follow_up *f)
{
    struct error e = {0};
    struct conn *c = db_read_begin(l.db, &e);
    follow_up_load(c, &l, uuid, person, at, arena, f, &e);
    db_read_end(l.db, c);
    return e.kind;
}

static struct follow_up load(const char *uuid, instant at)
{
    struct follow_up f;
    assert_int_equal(try_load(uuid, ada, at, &f), ERROR_NONE);
    return f;
}

static int offer(struct conn *c, void *arg, struct error *e)
{
    return follow_up_offer(c, &l, ada, *(instant *)arg, e);
}

/* What stands on `at` when the page that lists it is opened. */
static struct follow_up opened(instant at)
{
    struct follow_up_state s = state_at(at);
    assert_int_equal(s.mode, FOLLOW_UP_OPEN);
    write_ok(offer, &at);
    assert_true(state_at(at).offered);
    return load(s.uuid, at);
}

struct answering {
    const char *uuid, *item, *answer, *op_id;
    int64_t person;
    instant at;
    int mark;
};

static int answer(struct conn *c, void *arg, struct error *e)
{
    struct answering *w = arg;
    return follow_up_answer(c, &l, w->uuid, w->person, w->item, w->answer, w->op_id, w->at,
                            &w->mark, e);
}

static enum error_kind try_answer(struct answering w)
{
    struct error e = {0};
    db_write(l.db, answer, &w, &e);
    return e.kind;
}

static void answer_one(const struct follow_up *f, int i, bool right, instant at)
{
    const struct item *item = f->questions[i].item;
    struct answering w = {f->uuid, item->id, answer_to(item, right), NULL, ada, at, -1};
    write_ok(answer, &w);
    assert_int_equal(w.mark == 1000, right);
}

static void answer_all(const struct follow_up *f, bool right, instant at)
{
    for (int i = 0; i < f->count; i++)
        answer_one(f, i, right, at);
}

static int put_off(struct conn *c, void *arg, struct error *e)
{
    struct answering *w = arg;
    return follow_up_put_off(c, &l, w->uuid, w->person, w->at, e);
}

static void not_now(const char *uuid, instant at)
{
    struct answering w = {.uuid = uuid, .person = ada, .at = at};
    write_ok(put_off, &w);
}

struct switching {
    bool on;
    instant at;
};

static int turn(struct conn *c, void *arg, struct error *e)
{
    struct switching *w = arg;
    return follow_up_switch(c, ada, w->on, w->at, e);
}

static void turned(bool on, instant at)
{
    struct switching w = {on, at};
    write_ok(turn, &w);
}

static bool holds(const struct follow_up *f, const char *item)
{
    for (int i = 0; i < f->count; i++)
        if (strcmp(f->questions[i].item->id, item) == 0)
            return true;
    return false;
}

/* Opens my learning at noon of every day up to `last`, answers right what stands, and notes when.
 */
static int live(int last, int days[EVERY_DAY], struct follow_up each[EVERY_DAY])
{
    int n = 0;
    for (int day = 0; day <= last; day++) {
        if (mode_at(DAY(day)) != FOLLOW_UP_OPEN)
            continue;
        each[n] = opened(DAY(day));
        answer_all(&each[n], true, DAY(day));
        days[n++] = day;
    }
    return n;
}

/* ---- statements ---- */

static void nothing_comes_before_a_course_is_finished(void **state)
{
    (void)state;
    struct follow_up_state s = state_at(DAY(0));
    assert_int_equal(s.mode, FOLLOW_UP_NONE);
    assert_false(s.any);
    instant later = DAY(100);
    write_ok(offer, &later);
    assert_int_equal(mode_at(DAY(100)), FOLLOW_UP_NONE);
}

static void two_questions_come_back_after_a_week_and_not_before(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    struct follow_up_state s = state_at(DAY(7) - 1);
    assert_int_equal(s.mode, FOLLOW_UP_WAITS);
    assert_true(s.at == DAY(7));
    s = state_at(DAY(7));
    assert_int_equal(s.mode, FOLLOW_UP_OPEN);
    assert_false(s.offered);
    assert_int_equal(s.left, 2);
    assert_string_equal(s.publication->course, "humility");
}

static void the_same_two_whenever_it_is_asked(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    finish_course("second", DAY(0));
    struct follow_up_state s = state_at(DAY(7));
    struct follow_up before = load(s.uuid, DAY(7)), again = load(s.uuid, DAY(7)),
                     after = opened(DAY(7)), later = load(s.uuid, DAY(9));
    const struct follow_up *all[] = {&again, &after, &later};
    assert_int_equal(before.count, 2);
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 2; k++) {
            assert_ptr_equal(all[i]->questions[k].item, before.questions[k].item);
            assert_memory_equal(&all[i]->questions[k].layout, &before.questions[k].layout,
                                sizeof before.questions[k].layout);
        }
    assert_true(before.questions[0].item != before.questions[1].item);
    assert_true(before.questions[0].item->spaced && before.questions[1].item->spaced);
    assert_true(before.questions[0].publication != before.questions[1].publication);
    assert_int_equal(before.id, 0);
    assert_true(after.id > 0);
}

static void a_look_does_not_change_since_when_it_is_due(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    struct follow_up f = opened(DAY(9));
    assert_true(state_at(DAY(10)).at == DAY(7));
    not_now(f.uuid, DAY(11));
    assert_true(state_at(DAY(20)).at == DAY(18));
    opened(DAY(20));
    assert_true(state_at(DAY(21)).at == DAY(18));
    answer_all(&f, true, DAY(21));
    assert_true(state_at(DAY(40)).at == DAY(30));
    opened(DAY(40));
    assert_true(state_at(DAY(41)).at == DAY(30));
}

static void they_come_on_the_days_of_the_course(void **state)
{
    (void)state;
    static struct follow_up each[EVERY_DAY];
    int days[EVERY_DAY];
    finish_course("humility", DAY(0));
    assert_int_equal(live(200, days, each), 4);
    int expected[] = {7, 30, 60, 120};
    assert_memory_equal(days, expected, sizeof expected);
    struct follow_up_state s = state_at(DAY(200));
    assert_int_equal(s.mode, FOLLOW_UP_NONE);
    assert_true(s.any);
}

static void two_courses_are_pooled_and_share_two_a_week(void **state)
{
    (void)state;
    static struct follow_up each[EVERY_DAY];
    int days[EVERY_DAY], seen[3] = {0};
    finish_course("humility", DAY(0));
    finish_course("second", DAY(3));
    assert_int_equal(live(200, days, each), 8);
    int expected[] = {7, 14, 30, 37, 60, 67, 120, 127};
    assert_memory_equal(days, expected, sizeof expected);
    for (int i = 0; i < 3; i++) { /* six items, two from different courses each time */
        assert_ptr_not_equal(each[i].questions[0].publication, each[i].questions[1].publication);
        for (int k = 0; k < i; k++)
            seen[i] += holds(&each[k], each[i].questions[0].item->id) +
                       holds(&each[k], each[i].questions[1].item->id);
        assert_int_equal(seen[i], 0);
    }
}

static void what_was_wrong_comes_once_more_in_the_next(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    finish_course("second", DAY(0));
    struct follow_up first = opened(DAY(7));
    answer_one(&first, 0, false, DAY(7));
    answer_one(&first, 1, true, DAY(7));
    const char *wrong = first.questions[0].item->id, *right = first.questions[1].item->id;
    struct follow_up second = opened(DAY(14));
    assert_true(holds(&second, wrong));
    assert_false(holds(&second, right));
    answer_all(&second, false, DAY(14)); /* wrong again: once more was this */
    struct follow_up third = opened(DAY(30));
    assert_false(holds(&third, wrong));
    for (int i = 0; i < 2; i++) /* but the other one of the second comes now */
        if (strcmp(second.questions[i].item->id, wrong) != 0)
            assert_true(holds(&third, second.questions[i].item->id));
}

static void what_was_wrong_in_the_learning_check_comes_first(void **state)
{
    (void)state;
    struct finish f = {"humility", DAY(0), 1, NULL};
    write_ok(finish, &f);
    if (!f.missed)
        fail_msg("the check drew no item that comes back: choose another seed");
    finish_course("second", DAY(0));
    struct follow_up first = opened(DAY(7));
    assert_string_equal(first.questions[0].item->id, f.missed);
}

static void not_now_moves_it_by_a_week_and_nothing_comes_before(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    finish_course("second", DAY(3));
    struct follow_up f = opened(DAY(7));
    not_now(f.uuid, DAY(9));
    not_now(f.uuid, DAY(10)); /* once more changes nothing */
    struct follow_up_state s = state_at(DAY(15));
    assert_int_equal(s.mode, FOLLOW_UP_WAITS);
    assert_true(s.at == DAY(16));
    struct follow_up back = opened(DAY(16));
    assert_string_equal(back.uuid, f.uuid);
    assert_ptr_equal(back.questions[0].item, f.questions[0].item);
    answer_all(&back, true, DAY(17));
    s = state_at(DAY(17)); /* the other course's first has been due since the tenth day */
    assert_int_equal(s.mode, FOLLOW_UP_WAITS);
    assert_true(s.at == DAY(23));
}

static void putting_off_what_was_not_listed_yet_is_noted(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    not_now(state_at(DAY(8)).uuid, DAY(8));
    assert_true(state_at(DAY(8)).at == DAY(15));
    assert_int_equal(mode_at(DAY(15)), FOLLOW_UP_OPEN);
}

static void after_two_ignored_it_is_quiet_until_switched_on(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    opened(DAY(7));
    assert_true(state_at(DAY(29)).offered); /* it stands until the next is due */
    struct follow_up second = opened(DAY(30));
    assert_int_equal(mode_at(DAY(60) - 1), FOLLOW_UP_OPEN);
    assert_int_equal(mode_at(DAY(60)), FOLLOW_UP_STILL);
    assert_int_equal(mode_at(DAY(300)), FOLLOW_UP_STILL);
    instant at = DAY(61);
    write_ok(offer, &at); /* nothing is offered while it is quiet */
    assert_int_equal(mode_at(DAY(61)), FOLLOW_UP_STILL);
    turned(true, DAY(62));
    struct follow_up third = opened(DAY(62));
    assert_string_not_equal(third.uuid, second.uuid);
    assert_int_equal(mode_at(DAY(119)), FOLLOW_UP_OPEN);
    assert_int_equal(mode_at(DAY(120)), FOLLOW_UP_OPEN); /* one ignored since: the fourth comes */
}

static void finishing_another_course_brings_them_back(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    opened(DAY(7));
    opened(DAY(30));
    assert_int_equal(mode_at(DAY(65)), FOLLOW_UP_STILL);
    finish_course("second", DAY(66));
    assert_int_equal(mode_at(DAY(66)), FOLLOW_UP_OPEN);
}

static void one_answer_or_not_now_between_is_no_row(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    opened(DAY(7));
    struct follow_up second = opened(DAY(30));
    answer_one(&second, 1, false, DAY(30));
    assert_int_equal(mode_at(DAY(60)), FOLLOW_UP_OPEN); /* lapsed with one question left open */
    struct follow_up third = opened(DAY(60));
    not_now(third.uuid, DAY(60));
    assert_string_equal(opened(DAY(67)).uuid, third.uuid);
    assert_int_equal(mode_at(DAY(120)), FOLLOW_UP_OPEN); /* one ignored */
}

static void who_was_away_gets_what_waited_one_a_week(void **state)
{
    (void)state;
    static struct follow_up each[EVERY_DAY];
    finish_course("humility", DAY(0));
    assert_true(state_at(DAY(100)).at == DAY(7));
    int days[4];
    for (int n = 0, day = 100; day < 200; day++)
        if (mode_at(DAY(day)) == FOLLOW_UP_OPEN) {
            each[n] = opened(DAY(day));
            answer_all(&each[n], true, DAY(day));
            days[n++] = day;
        }
    int expected[] = {100, 107, 114, 121};
    assert_memory_equal(days, expected, sizeof expected);
}

static void switching_off_stops_at_once_and_on_brings_back_what_is_due(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    struct follow_up f = opened(DAY(7));
    turned(false, DAY(8));
    turned(false, DAY(9));
    for (int day = 8; day < 200; day++)
        assert_int_equal(mode_at(DAY(day)), FOLLOW_UP_OFF);
    finish_course("second", DAY(20)); /* does not switch it on */
    assert_int_equal(mode_at(DAY(40)), FOLLOW_UP_OFF);
    instant at = DAY(41);
    write_ok(offer, &at);
    turned(true, DAY(42));
    assert_string_not_equal(opened(DAY(42)).uuid, f.uuid);
}

static void the_first_answer_stands(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    struct follow_up f = opened(DAY(7));
    const struct item *item = f.questions[0].item, *other = f.questions[1].item;
    struct answering w = {f.uuid, item->id, "", "op-follow-1", ada, DAY(7), 0};
    assert_int_equal(try_answer(w), ERROR_INVALID);
    char wrong[32], right[32];
    snprintf(wrong, sizeof wrong, "%s", answer_to(item, false));
    snprintf(right, sizeof right, "%s", answer_to(item, true));
    w.answer = wrong;
    assert_int_equal(try_answer(w), ERROR_NONE);
    assert_int_equal(try_answer(w), ERROR_NONE); /* a reply got lost: the same again */
    w.answer = right;
    assert_int_equal(try_answer(w), ERROR_CONFLICT);
    w.op_id = NULL;
    assert_int_equal(try_answer(w), ERROR_CONFLICT);
    w = (struct answering){f.uuid, other->id, answer_to(other, true), "op-follow-1", ada,
                           DAY(7), 0};
    assert_int_equal(try_answer(w), ERROR_CONFLICT);
    f = load(f.uuid, DAY(7));
    assert_string_equal(f.questions[0].answer, wrong);
    assert_int_equal(f.left, 1);
}

static void it_is_the_persons_alone(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    struct follow_up f = opened(DAY(7)), none;
    assert_int_equal(try_load(f.uuid, ben, DAY(7), &none), ERROR_NOT_FOUND);
    const struct item *item = f.questions[0].item;
    struct answering w = {f.uuid, item->id, answer_to(item, true), NULL, ben, DAY(7), 0};
    assert_int_equal(try_answer(w), ERROR_NOT_FOUND);
    w.person = ada;
    w.item = "q-humility-l01";
    assert_int_equal(try_answer(w), ERROR_NOT_FOUND);
    struct error e = {0};
    w.person = ben;
    assert_int_equal(db_write(l.db, put_off, &w, &e), -1);
    assert_int_equal(e.kind, ERROR_NOT_FOUND);
}

static void what_lapsed_still_takes_an_answer(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    struct follow_up first = opened(DAY(7));
    opened(DAY(30));
    answer_all(&first, true, DAY(31)); /* from a tab left open */
    assert_int_equal(load(first.uuid, DAY(31)).left, 0);
    assert_int_equal(mode_at(DAY(60)), FOLLOW_UP_OPEN); /* so only the second was ignored */
}

/* The course with the stem of one item beginning with another letter. */
static void publish_with(const struct item *item, char letter, enum change_kind kind)
{
    struct error e = {0};
    struct buf bytes;
    buf_init(&bytes, 1 << 22);
    struct course_source *source = course_read(SOURCE_DIR "/courses/" COURSE, NOON, &e);
    course_freeze(source, &bytes);
    course_free(source);
    char *stem = strstr(strstr(bytes.data, arena_printf(arena, "## %s\n", item->id)), "\n\n") + 2;
    *stem = letter;
    source = course_thaw(bytes.data, bytes.length, &e);
    struct publish_as as = {.kind = kind, .note = "", .at = NOON, .after = -1};
    if (!source || shelf_publish_as(l.shelf, source, &as, NULL, &e))
        fail_msg("%s", e.message);
    course_free(source);
    buf_free(&bytes);
}

static char first_letter(const struct follow_up *f, const char *item)
{
    for (int i = 0; i < f->count; i++)
        if (strcmp(f->questions[i].item->id, item) == 0)
            return f->questions[i].item->stem_text[0];
    return 0;
}

static void what_was_corrected_comes_back_as_it_reads_now(void **state)
{
    (void)state;
    finish_course(COURSE, DAY(0));
    struct follow_up f = opened(DAY(7));
    const struct item *item = f.questions[0].item;
    char was = item->stem_text[0];
    publish_with(item, 'Q', CHANGE_MINOR);
    f = load(f.uuid, DAY(7));
    assert_int_equal(first_letter(&f, item->id), was); /* small changes are for who begins */
    publish_with(item, 'X', CHANGE_CORRECTION);
    f = load(f.uuid, DAY(7));
    assert_int_equal(first_letter(&f, item->id), 'X');
    answer_all(&f, false, DAY(7));
    publish_with(item, 'Z', CHANGE_CORRECTION);
    f = load(f.uuid, DAY(8));
    assert_int_equal(first_letter(&f, item->id), 'X'); /* answered: as it read then */
    f = opened(DAY(30));
    assert_int_equal(first_letter(&f, item->id), 'Z');
    answer_all(&f, true, DAY(30));
    assert_int_equal(load(f.uuid, DAY(30)).left, 0);
}

static int64_t ledger_rows(void)
{
    struct error e = {0};
    int64_t rows;
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(ledger_verify(c, &rows, &e), 0);
    db_read_end(l.db, c);
    return rows;
}

static void it_adds_nothing_to_the_ledger(void **state)
{
    (void)state;
    finish_course("humility", DAY(0));
    int64_t rows = ledger_rows();
    struct follow_up f = opened(DAY(7));
    answer_all(&f, false, DAY(7));
    not_now(state_at(DAY(30)).uuid, DAY(30));
    turned(false, DAY(31));
    assert_int_equal(ledger_rows(), rows);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_comes_before_a_course_is_finished),
        TEST(two_questions_come_back_after_a_week_and_not_before),
        TEST(the_same_two_whenever_it_is_asked),
        TEST(a_look_does_not_change_since_when_it_is_due),
        TEST(they_come_on_the_days_of_the_course),
        TEST(two_courses_are_pooled_and_share_two_a_week),
        TEST(what_was_wrong_comes_once_more_in_the_next),
        TEST(what_was_wrong_in_the_learning_check_comes_first),
        TEST(not_now_moves_it_by_a_week_and_nothing_comes_before),
        TEST(putting_off_what_was_not_listed_yet_is_noted),
        TEST(after_two_ignored_it_is_quiet_until_switched_on),
        TEST(finishing_another_course_brings_them_back),
        TEST(one_answer_or_not_now_between_is_no_row),
        TEST(who_was_away_gets_what_waited_one_a_week),
        TEST(switching_off_stops_at_once_and_on_brings_back_what_is_due),
        TEST(the_first_answer_stands),
        TEST(it_is_the_persons_alone),
        TEST(what_lapsed_still_takes_an_answer),
        TEST(what_was_corrected_comes_back_as_it_reads_now),
        TEST(it_adds_nothing_to_the_ledger),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
