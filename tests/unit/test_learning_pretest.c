/*
 * What somebody knows before: the same items before and in every check, only before, once, and the
 * pairs that come of it.
 */
#include "learning/pretest.h"
#include "test_learning_support.h"
#include <math.h>

#define PEOPLE 6

static int64_t people[PEOPLE], me;
static instant at;

static int add_people(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    for (int i = 0; i < PEOPLE; i++) {
        char email[40];
        snprintf(email, sizeof email, "p%d@example.edu", i);
        struct new_person p = {.name = "Ada Okafor", .email = email};
        if (person_add(c, &p, NOON, NULL, &people[i], e))
            return -1;
    }
    return 0;
}

static void publish(const struct course_source *source)
{
    struct error e = {0};
    int64_t id;
    struct publish_as as = {.kind = CHANGE_MINOR, .note = "", .at = NOON, .after = -1};
    if (!source || !course_publication(source) || shelf_publish_as(l.shelf, source, &as, &id, &e))
        fail_msg("the course could not be published: %s", e.message);
}

static int setup(void **state)
{
    (void)state;
    house_open();
    publish_course(SOURCE_DIR "/courses/" COURSE);
    write_ok(add_people, NULL);
    me = people[0];
    at = NOON;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    house_close();
    return 0;
}

/* ---- one person's steps ---- */

static struct enrolment en;
static char uuid[37];

static int begin(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return enrolment_begin(c, &l, me, COURSE, ++at, &rng, &en, e);
}

static int start(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return pretest_start(c, &l, me, COURSE, ++at, &rng, uuid, e);
}

static int start_check(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return attempt_start(c, &l, &en, ++at, &rng, uuid, e);
}

static int hand_in(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return pretest_submit(c, uuid, me, ++at, e);
}

static int hand_in_check(struct conn *c, void *arg, struct error *e)
{
    bool completed;
    return attempt_submit(c, &l, uuid, me, "Ada Okafor", ++at, arg, &completed, e);
}

static int leave_out(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return pretest_skip(c, me, COURSE, ++at, e);
}

static int read_lesson(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    int mark;
    const struct item *item = &en.publication->items[en.publication->lessons[0].check_item];
    return practice_answer(c, &l, &en, item->id, "1", ++at, &mark, e);
}

static struct attempt load(void)
{
    struct error e = {0};
    struct attempt t;
    struct conn *c = db_read_begin(l.db, &e);
    if (attempt_load(c, &l, uuid, me, arena, &t, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    return t;
}

/* Answers the first `right` items right, the next `wrong` not right, leaves the rest. */
struct answers {
    int right, wrong;
    const struct attempt *of; /* only items of this one, by id, when not NULL */
};

static bool is_of(const struct attempt *t, const char *id)
{
    for (int i = 0; t && i < t->item_count; i++)
        if (strcmp(t->items[i].item->id, id) == 0)
            return true;
    return !t;
}

static int wrong_option(const struct item *item)
{
    int n = 1;
    while (item->options[n - 1].key)
        n++;
    return n;
}

static int answer(struct conn *c, void *arg, struct error *e)
{
    const struct answers *k = arg;
    struct attempt t;
    if (attempt_load(c, &l, uuid, me, arena, &t, e))
        return -1;
    int given = 0;
    for (int i = 0; i < t.item_count; i++) {
        const struct item *item = t.items[i].item;
        struct attempt_saved saved;
        char text[ANSWER_ROOM];
        if (!is_of(k->of, item->id) || given >= k->right + k->wrong)
            continue;
        if (given++ < k->right)
            item_right_answer(item, text);
        else
            snprintf(text, sizeof text, "%d", wrong_option(item));
        if (attempt_answer(c, &l, uuid, me, item->id, text, ATTEMPT_WAS_ANY, NULL, ++at, &saved, e))
            return -1;
    }
    return 0;
}

static enum pretest_stage stage_of(const struct enrolment *which)
{
    struct error e = {0};
    struct pretest_state state;
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(pretest_find(c, which, me, &state, &e), 0);
    db_read_end(l.db, c);
    assert_int_equal(state.count, which->publication->pre_draw);
    return state.stage;
}

/* ---- statements ---- */

static void it_is_offered_before_the_course_and_is_no_attempt(void **state)
{
    (void)state;
    struct error e = {0};
    const struct enrolment nobody = {.publication = shelf_current(l.shelf, COURSE, &e)};
    assert_int_equal(stage_of(&nobody), PRETEST_OFFERED);
    write_ok(start, NULL);
    write_ok(begin, NULL);
    assert_int_equal(stage_of(&en), PRETEST_OPEN);
    char first[37];
    memcpy(first, uuid, sizeof first);
    write_ok(start, NULL);
    assert_string_equal(first, uuid);
    struct attempt t = load();
    assert_true(t.pre);
    assert_int_equal(t.item_count, 4);
    struct progress p;
    struct conn *c = db_read_begin(l.db, &e);
    assert_int_equal(progress_load(c, &l, &en, arena, &p, &e), 0);
    db_read_end(l.db, c);
    assert_int_equal(p.attempts, 0);
    assert_null(p.open_attempt);
    assert_int_equal(p.next.kind, STEP_LESSON);
}

static void it_is_answered_once_and_can_be_changed_until_then(void **state)
{
    (void)state;
    write_ok(start, NULL);
    write_ok(begin, NULL);
    write_ok(answer, &(struct answers){0, 4, NULL});
    write_ok(answer, &(struct answers){4, 0, NULL});
    struct attempt t = load();
    assert_int_equal(t.answered, 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(t.items[i].mark, 1000);
    write_ok(hand_in, NULL);
    write_ok(hand_in, NULL); /* twice is the same */
    assert_int_equal(stage_of(&en), PRETEST_DONE);
    assert_true(load().closed);
    assert_int_equal(write_refused(answer, &(struct answers){0, 1, NULL}), ERROR_CONFLICT);
    assert_int_equal(write_refused(start, NULL), ERROR_CONFLICT);
    bool passed;
    assert_int_equal(write_refused(hand_in_check, &passed), ERROR_NOT_FOUND); /* it is no check */
}

static void what_is_done_first_ends_it(void **state)
{
    (void)state;
    static const step firsts[] = {read_lesson, start_check, leave_out};
    static const enum pretest_stage then[] = {PRETEST_NONE, PRETEST_NONE, PRETEST_SKIPPED};
    for (int i = 0; i < 3; i++) {
        me = people[i];
        write_ok(begin, NULL);
        assert_int_equal(stage_of(&en), PRETEST_OFFERED);
        write_ok(firsts[i], NULL);
        assert_int_equal(stage_of(&en), then[i]);
        assert_int_equal(write_refused(start, NULL), ERROR_CONFLICT);
    }
    me = people[3]; /* skipped before anything was begun */
    write_ok(leave_out, NULL);
    write_ok(leave_out, NULL);
    write_ok(begin, NULL);
    assert_int_equal(stage_of(&en), PRETEST_SKIPPED);
}

static void one_that_was_left_open_closes_when_the_course_begins(void **state)
{
    (void)state;
    write_ok(start, NULL);
    write_ok(begin, NULL);
    write_ok(answer, &(struct answers){1, 0, NULL});
    assert_false(load().closed);
    write_ok(read_lesson, NULL);
    assert_int_equal(stage_of(&en), PRETEST_NONE);
    assert_true(load().closed);
    assert_int_equal(load().answered, 1); /* what was answered is kept */
    assert_int_equal(write_refused(answer, &(struct answers){2, 0, NULL}), ERROR_CONFLICT);
    assert_int_equal(write_refused(hand_in, NULL), ERROR_CONFLICT);
}

static void every_check_holds_its_items(void **state)
{
    (void)state;
    for (int i = 0; i < PEOPLE; i++) {
        me = people[i];
        write_ok(start, NULL);
        write_ok(begin, NULL);
        struct attempt before = load();
        write_ok(hand_in, NULL);
        for (int n = 0; n < 4; n++) {
            bool passed;
            write_ok(start_check, NULL);
            struct attempt check = load();
            assert_false(check.pre);
            assert_int_equal(check.item_count, 8);
            for (int k = 0; k < before.item_count; k++)
                assert_true(is_of(&check, before.items[k].item->id));
            write_ok(hand_in_check, &passed);
        }
    }
}

static bool is_first_of_its_objective(const struct item *items, int n)
{
    for (int i = 0; i < n; i++)
        if (items[i].use == ITEM_FOR_CHECK && strcmp(items[i].objective, items[n].objective) == 0)
            return false;
    return items[n].use == ITEM_FOR_CHECK;
}

/* Objectives that a check can ask for: of the publication, and of what was drawn. */
static int objectives(const struct publication *p, const struct attempt *t)
{
    int n = 0;
    for (int i = 0; i < p->item_count; i++) {
        bool drawn = false;
        for (int k = 0; k < t->item_count; k++)
            drawn = drawn || strcmp(t->items[k].item->objective, p->items[i].objective) == 0;
        n += drawn && is_first_of_its_objective(p->items, i);
    }
    return n;
}

static void the_draw_covers_the_objectives_and_is_not_the_same_for_everybody(void **state)
{
    (void)state;
    struct attempt first = {0};
    int others = 0;
    for (int i = 0; i < PEOPLE; i++) {
        me = people[i];
        write_ok(start, NULL);
        write_ok(begin, NULL);
        struct attempt t = load();
        assert_int_equal(objectives(en.publication, &t),
                         3); /* the course's, each with a check item */
        if (i == 0)
            first = t;
        for (int k = 0; k < t.item_count; k++)
            others += !is_of(&first, t.items[k].item->id);
    }
    assert_true(others > 0);
}

static void each_check_is_shuffled_anew(void **state)
{
    (void)state;
    struct attempt checks[4];
    int moved = 0, turned = 0, both = 0;
    write_ok(begin, NULL);
    for (int n = 0; n < 4; n++) {
        bool passed;
        write_ok(start_check, NULL);
        checks[n] = load();
        write_ok(hand_in_check, &passed);
    }
    for (int n = 1; n < 4; n++)
        for (int i = 0; i < 8; i++)
            for (int k = 0; k < 8; k++) {
                const struct attempt_item *a = &checks[0].items[i], *b = &checks[n].items[k];
                if (a->item != b->item || a->item->type == ITEM_TRUEFALSE)
                    continue;
                both++;
                moved += i != k;
                turned += memcmp(&a->layout, &b->layout, sizeof a->layout) != 0;
            }
    assert_true(both >= 9); /* the fixed ones, three times */
    assert_true(moved > both / 3);
    assert_true(turned > both / 2);
}

/* ---- pairs ---- */

static struct pretest_pair pairs[PEOPLE];
static int pair_count;

static int keep(void *arg, const struct pretest_pair *pair)
{
    (void)arg;
    pairs[pair_count++] = *pair;
    return 0;
}

static int read_pairs(void)
{
    struct error e = {0};
    int changed = -1;
    pair_count = 0;
    struct conn *c = db_read_begin(l.db, &e);
    if (pretest_pairs(c, &l, COURSE, keep, NULL, &changed, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    return changed;
}

/* Before, and in the first check: how many of the four are right. */
static void study(int who, int before, int after)
{
    bool passed;
    me = people[who];
    write_ok(start, NULL);
    write_ok(begin, NULL);
    write_ok(answer, &(struct answers){before, 1, NULL});
    struct attempt pre = load();
    write_ok(hand_in, NULL);
    write_ok(start_check, NULL);
    write_ok(answer, &(struct answers){after, 4 - after, &pre});
    write_ok(hand_in_check, &passed);
}

static int by_x(const void *a, const void *b)
{
    double d = ((const struct pretest_pair *)a)->x - ((const struct pretest_pair *)b)->x;
    return (d > 0) - (d < 0);
}

static void pairs_compare_the_same_items_before_and_in_the_first_check(void **state)
{
    (void)state;
    bool passed;
    study(0, 0, 3);
    study(1, 1, 4);
    study(2, 3, 2);
    /* A second check is not the first; somebody with a pre-test only has no pair; nor has one whose
     * pre-test was left open, nor one with a check only. */
    me = people[1];
    write_ok(begin, NULL);
    write_ok(start_check, NULL);
    write_ok(hand_in_check, &passed);
    me = people[3];
    write_ok(start, NULL);
    write_ok(hand_in, NULL);
    me = people[4];
    write_ok(start, NULL);
    write_ok(begin, NULL);
    write_ok(start_check, NULL);
    write_ok(hand_in_check, &passed);
    me = people[5];
    write_ok(begin, NULL);
    write_ok(start_check, NULL);
    write_ok(hand_in_check, &passed);

    assert_int_equal(read_pairs(), 0);
    assert_int_equal(pair_count, 3);
    qsort(pairs, 3, sizeof *pairs, by_x);
    static const double x[] = {0, 25, 75}, y[] = {75, 100, 50};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pairs[i].count, 4);
        assert_true(fabs(pairs[i].x - x[i]) < 1e-9);
        assert_true(fabs(pairs[i].y - y[i]) < 1e-9);
        int before = 0, after = 0;
        for (int k = 0; k < 4; k++) {
            before += pairs[i].before[k];
            after += pairs[i].after[k];
        }
        assert_int_equal(before, (int)(x[i] * 40));
        assert_int_equal(after, (int)(y[i] * 40));
    }
}

/* The course's questions with one edit, as a newer publication. */
static void publish_edited(const char *find, const char *replace)
{
    struct error e = {0};
    struct buf frozen, edited;
    buf_init(&frozen, 1 << 22);
    buf_init(&edited, 1 << 22);
    struct course_source *source = course_read(SOURCE_DIR "/courses/" COURSE, NOON, &e);
    course_freeze(source, &frozen);
    course_free(source);
    assert_int_equal(strlen(find), strlen(replace)); /* lengths stand in the frozen form */
    for (const char *s = frozen.data; s < frozen.data + frozen.length;) {
        bool here = strncmp(s, find, strlen(find)) == 0;
        buf_append(&edited, here ? replace : s, here ? strlen(find) : 1);
        s += here ? strlen(find) : 1;
    }
    source = course_thaw(edited.data, edited.length, &e);
    publish(source);
    course_free(source);
    buf_free(&frozen);
    buf_free(&edited);
}

static const struct sql move = {"move", "test",
                                "UPDATE enrolment SET publication = $2 WHERE id = $1", NULL};

static int move_on(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    const struct publication *p = shelf_current(l.shelf, COURSE, e);
    return !p || db_exec(c, &move, e, "ii", en.id, p->id) < 0 ||
                   enrolment_find(c, &l, me, COURSE, &en, e)
               ? -1
               : 0;
}

static void an_item_that_was_changed_in_between_makes_no_pair(void **state)
{
    (void)state;
    bool passed;
    write_ok(start, NULL);
    write_ok(begin, NULL);
    struct attempt before = load();
    write_ok(answer, &(struct answers){4, 0, NULL});
    write_ok(hand_in, NULL);
    const char *stem = before.items[0].item->stem_text;
    char changed[16], words[16];
    snprintf(words, sizeof words, "%.12s", stem);
    snprintf(changed, sizeof changed, "%.12s", stem);
    changed[5] = changed[5] == 'x' ? 'y' : 'x';
    publish_edited(words, changed);
    write_ok(move_on, NULL);
    write_ok(start_check, NULL);
    struct attempt check = load();
    for (int k = 0; k < before.item_count; k++) /* still asked, as it reads now */
        assert_true(is_of(&check, before.items[k].item->id));
    write_ok(hand_in_check, &passed);
    assert_int_equal(read_pairs(), 1);
    assert_int_equal(pair_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_is_offered_before_the_course_and_is_no_attempt),
        TEST(it_is_answered_once_and_can_be_changed_until_then),
        TEST(what_is_done_first_ends_it),
        TEST(one_that_was_left_open_closes_when_the_course_begins),
        TEST(every_check_holds_its_items),
        TEST(the_draw_covers_the_objectives_and_is_not_the_same_for_everybody),
        TEST(each_check_is_shuffled_anew),
        TEST(pairs_compare_the_same_items_before_and_in_the_first_check),
        TEST(an_item_that_was_changed_in_between_makes_no_pair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
