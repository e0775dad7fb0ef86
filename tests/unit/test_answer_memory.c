/* Closures that remember what they saw do what closures that read it again would do. */
#include "base/buf.h"
#include "learning/answer_memory.h"
#include "learning/attempt_evidence.h"
#include "learning/erasure.h"
#include "learning/ledger.h"
#include "learning/study.h"
#include "support.h"
#include "test_learning_support.h"

#define ATTEMPTS 12
#define MOVES    1200

static int64_t ada;
static char uuids[ATTEMPTS][37];
static int attempts; /* begun; the last one is under way */
static struct rng dice;
static struct buf said;

static int roll(int sides)
{
    return (int)(rng_next(&dice) % (uint64_t)sides);
}

static int add_ada(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    struct new_person p = {.name = "Ada Lovelace"};
    struct enrolment en;
    return person_add(c, &p, NOON, &rng, &ada, e) ||
                   enrolment_begin(c, &l, ada, COURSE, NOON, &rng, &en, e)
               ? -1
               : 0;
}

static int start(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    struct enrolment en;
    return enrolment_find(c, &l, ada, COURSE, &en, e) ||
                   attempt_start(c, &l, &en, NOON, &rng, uuids[attempts], e)
               ? -1
               : 0;
}

/* ---- one answer, as a browser might give it ---- */

struct move {
    const char *item, *answer, *was, *op_id;
    instant at;
    bool taken_back; /* the closure fails after it */
    struct attempt_saved saved;
};

static int answer(struct conn *c, void *arg, struct error *e)
{
    struct move *m = arg;
    const char *uuid = uuids[attempts - 1];
    if (attempt_answer(c, &l, uuid, ada, m->item, m->answer, m->was, m->op_id, m->at, &m->saved, e))
        return -1;
    return m->taken_back ? error_set(e, ERROR_BUSY, "taken back") : 0;
}

/* Like a form with several answers: what one is refused for does not undo the others. */
static int answer_two(struct conn *c, void *arg, struct error *e)
{
    struct move *two = arg;
    int failed = answer(c, &two[0], e);
    buf_printf(&said, "[%d %s] ", failed, failed ? e->message : "");
    *e = (struct error){0};
    return answer(c, &two[1], e);
}

static struct move random_move(const struct attempt *t, int number)
{
    static const char *const answers[] = {"1", "2", "3", "1,2", "2,1", "9", "", "x"};
    static const char *const seen[] = {ATTEMPT_WAS_ANY, ATTEMPT_WAS_ANY, ATTEMPT_WAS_NONE, "1",
                                       "2"};
    struct move m = {.item = t->items[roll(t->item_count)].item->id,
                     .answer = answers[roll(8)],
                     .was = seen[roll(5)],
                     .at = NOON + number};
    if (roll(20) == 0)
        m.item = "q-humility-99";
    if (roll(3) > 0)
        m.op_id = arena_printf(arena, "operation-%d", roll(40));
    m.taken_back = roll(12) == 0;
    return m;
}

static void say(const char *what, int result, const struct error *e, const struct move *m)
{
    buf_printf(&said, "%s %d %d %s|", what, result, (int)e->kind, result ? e->message : "");
    if (m)
        buf_printf(&said, "%s %s %s %s %lld", m->item, m->answer, m->saved.answer, m->saved.earlier,
                   (long long)m->saved.at);
    buf_putc(&said, '\n');
}

static int hand_in(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    bool passed, completed;
    return attempt_submit(c, &l, uuids[attempts - 1], ada, "Ada Lovelace", NOON + MOVES, &passed,
                          &completed, e);
}

static void load(struct attempt *t)
{
    struct error e = {0};
    struct conn *c = db_read_begin(l.db, &e);
    if (attempt_load(c, &l, uuids[attempts - 1], ada, arena, t, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
}

static void begin(struct attempt *t)
{
    write_ok(start, NULL);
    attempts++;
    load(t);
}

/* Everything that is kept of the attempts. */
static void say_evidence(void)
{
    struct error e = {0};
    struct conn *c = db_read_begin(l.db, &e);
    for (int i = 0; i < attempts; i++) {
        char hash[2 * HASH_BYTES + 1];
        assert_int_equal(attempt_evidence(c, uuids[i], hash, &e), 0);
        buf_printf(&said, "%s %s\n", uuids[i], hash);
    }
    db_read_end(l.db, c);
}

static char *what_happens(bool remembering)
{
    house_open();
    publish_course(SOURCE_DIR "/courses/" COURSE);
    struct answer_memory *memory = l.answers;
    if (!remembering)
        l.answers = NULL;
    buf_init(&said, 1 << 22);
    rng_seed(&dice, 11);
    attempts = 0;
    write_ok(add_ada, NULL);
    struct attempt t;
    begin(&t);
    for (int i = 0; i < MOVES; i++) {
        struct error e = {0};
        struct move two[2] = {random_move(&t, i), random_move(&t, i)};
        int what = roll(60);
        if (what == 0 && attempts < ATTEMPTS) {
            say("hand in", db_write(l.db, hand_in, NULL, &e), &e, NULL);
            int late = db_write(l.db, answer, &two[0], &e);
            say("late", late, &e, &two[0]);
            begin(&t);
        } else if (what < 10) {
            two[0].taken_back = two[1].taken_back = false;
            int result = db_write(l.db, answer_two, two, &e);
            say("two", result, &e, &two[1]);
        } else {
            int result = db_write(l.db, answer, &two[0], &e);
            say("one", result, &e, &two[0]);
        }
        if (i % 100 == 0) {
            load(&t);
            for (int k = 0; k < t.item_count; k++)
                buf_printf(&said, "%s;", t.items[k].answer);
        }
    }
    say_evidence();
    l.answers = memory;
    house_close();
    return buf_detach(&said);
}

static void remembering_changes_nothing(void **state)
{
    (void)state;
    char *with = what_happens(true), *without = what_happens(false);
    assert_non_null(strstr(with, "another choice"));
    assert_non_null(strstr(with, "somewhere else"));
    assert_non_null(strstr(with, "taken back"));
    assert_non_null(strstr(with, "handed in already"));
    assert_string_equal(with, without);
    free(with);
    free(without);
}

/* ---- and it does remember ---- */

static int is_remembered(struct conn *c, void *arg, struct error *e)
{
    (void)e;
    *(bool *)arg = answer_memory_find(l.answers, c, uuids[attempts - 1], ada) != NULL &&
                   !answer_memory_find(l.answers, c, uuids[attempts - 1], ada + 1);
    return 0;
}

static bool remembered(void)
{
    bool is = false;
    write_ok(is_remembered, &is);
    return is;
}

/* A house with Ada, who has begun a check, and an answer to its first question. */
static struct move first_move(struct attempt *t)
{
    house_open();
    publish_course(SOURCE_DIR "/courses/" COURSE);
    attempts = 0;
    write_ok(add_ada, NULL);
    begin(t);
    return (struct move){.item = t->items[0].item->id, .answer = "1", .at = NOON};
}

static void what_was_taken_back_or_handed_in_is_forgotten(void **state)
{
    (void)state;
    struct attempt t;
    struct move m = first_move(&t);
    assert_false(remembered());
    write_ok(answer, &m);
    assert_true(remembered());
    m.taken_back = true;
    assert_int_equal(write_refused(answer, &m), ERROR_BUSY);
    assert_false(remembered());
    m.taken_back = false;
    for (int i = 0; i <= REMEMBERED_STEPS; i++)
        write_ok(answer, &m);
    assert_false(remembered()); /* more answers than it has room for */
    write_ok(hand_in, NULL);
    begin(&t);
    m.item = t.items[0].item->id;
    write_ok(answer, &m);
    assert_true(remembered());
    write_ok(hand_in, NULL);
    assert_false(remembered());
    house_close();
}

static void what_is_erased_is_forgotten(void **state)
{
    (void)state;
    struct error e = {0};
    house_open();
    settings.zone = "America/Los_Angeles";
    publish_course(SOURCE_DIR "/courses/" COURSE);
    attempts = 0;
    write_ok(add_ada, NULL);
    struct attempt t;
    begin(&t);
    struct move m = {.item = t.items[0].item->id, .answer = "1", .at = NOON};
    write_ok(answer, &m);
    assert_true(remembered());
    if (erasure_run(&l, ada, AUDIT_COMMAND_LINE, "asked for it", &e))
        fail_msg("%s", e.message);
    assert_false(remembered());
    assert_int_equal(write_refused(answer, &m), ERROR_NOT_FOUND);
    house_close();
}

/* ---- what was asked is what was written down, whatever this program makes of it ---- */

static int as_an_earlier_program_hashed_it(struct conn *c, void *arg, struct error *e)
{
    static const struct sql version = {
        "version", "test",
        "INSERT INTO item_version (item, item_hash) SELECT item, 'earlier' FROM item_version",
        NULL};
    static const struct sql steps = {"steps", "test", "UPDATE attempt_step SET item_version = $1",
                                     NULL};
    (void)arg;
    return db_exec(c, &version, e, "") != 1 || db_exec(c, &steps, e, "i", db_last_id(c)) != 1;
}

static void what_was_answered_before_an_update_of_the_program_is_handed_in_as_it_was(void **state)
{
    (void)state;
    struct error e = {0};
    int64_t rows;
    struct attempt t;
    struct move m = first_move(&t);
    write_ok(answer, &m);
    write_ok(as_an_earlier_program_hashed_it, NULL);
    write_ok(hand_in, NULL);
    struct conn *c = db_read_begin(l.db, &e);
    if (ledger_verify(c, &rows, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    house_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(remembering_changes_nothing),
        cmocka_unit_test(what_was_taken_back_or_handed_in_is_forgotten),
        cmocka_unit_test(what_is_erased_is_forgotten),
        cmocka_unit_test(what_was_answered_before_an_update_of_the_program_is_handed_in_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
