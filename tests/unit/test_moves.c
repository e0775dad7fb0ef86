/* Who moves when a course is published: the chain of publications, and what stays done along it. */
#include "base/settings.h"
#include "course/diff.h"
#include "learning/certificate.h"
#include "learning/ledger.h"
#include "learning/moves.h"
#include "learning/people.h"
#include "test_course_sample.h"

#define NOON ((instant)1796126400 * INSTANT_SECOND) /* 2026-12-01 */

static char *parent;
static const char *folder;
static struct learning l;
static struct settings settings = {.origin = "https://train.example.edu", .session_hours = 720};
static struct clock fixed_clock;
static struct arena *arena;
static struct rng rng;
static int64_t ada;

static int add_ada(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    struct new_person p = {.name = "Ada Okafor", .email = "ada@example.edu"};
    return person_add(c, &p, NOON, NULL, &ada, e);
}

static void write_ok(db_write_fn fn, void *arg)
{
    struct error e = {0};
    if (db_write(l.db, fn, arg, &e))
        fail_msg("%s", e.message);
}

static int setup(void **state)
{
    (void)state;
    struct error e = {0};
    parent = temp_folder();
    folder = write_sample(parent);
    arena = arena_create();
    clock_fixed(&fixed_clock, NOON);
    rng_seed(&rng, 7);
    struct db_options o = {.path = temp_path(parent, "db"), .readers = 3};
    l = (struct learning){.db = db_open(&o, &e), .settings = &settings, .clock = &fixed_clock};
    if (!l.db)
        fail_msg("%s", e.message);
    l.shelf = shelf_create(l.db);
    write_ok(add_ada, NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    shelf_free(l.shelf);
    db_close(l.db);
    arena_free(arena);
    remove_folder(parent);
    return 0;
}

/* Replaces the first `from` in a file of the sample, as that file stands. */
static void edit(const char *path, const char *from, const char *to)
{
    char full[700], text[16384], changed[17000];
    snprintf(full, sizeof full, "%s/%s", folder, path);
    FILE *f = fopen(full, "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof text - 1, f);
    text[n] = 0;
    fclose(f);
    char *at = strstr(text, from);
    if (!at)
        fail_msg("%s does not hold \"%s\"", path, from);
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    write_file(folder, path, changed, strlen(changed));
}

static int64_t publish(enum change_kind kind)
{
    struct error e = {0};
    int64_t id = 0;
    struct course_source *source = read_on(folder, "2026-12-01");
    struct publish_as as = {.kind = kind, .note = "", .at = NOON, .after = -1};
    if (course_errors(source) || shelf_publish_as(l.shelf, source, &as, &id, &e)) {
        print_diagnostics(source);
        fail_msg("%s", e.message);
    }
    course_free(source);
    return id;
}

/* Each publication says something else in the guide, which no lesson depends on. */
static int64_t publish_guide(enum change_kind kind)
{
    static int edition;
    char text[64];
    snprintf(text, sizeof text, "# Guide\n\nEdition %d.\n", ++edition);
    write_file(folder, "facilitator.md", text, strlen(text));
    return publish(kind);
}

/* ---- the chain ---- */

static int64_t follow(int64_t from, bool finished, bool delta)
{
    struct error e = {0};
    struct conn *c = db_read_begin(l.db, &e);
    struct standing s = {.from = from, .finished = finished, .delta = delta};
    int64_t at = moves_follow(c, "small", &s, 0, &e);
    db_read_end(l.db, c);
    return at;
}

static void each_kind_takes_along_whom_it_says(void **state)
{
    (void)state;
    /* first · typo · minor · typo · correction · material · typo, as "from → unfinished, finished"
     */
    static const enum change_kind kinds[] = {CHANGE_FIRST, CHANGE_TYPO,       CHANGE_MINOR,
                                             CHANGE_TYPO,  CHANGE_CORRECTION, CHANGE_MATERIAL,
                                             CHANGE_TYPO};
    static const struct {
        int from, unfinished, finished, delta;
    } rows[] = {
        {0, 4, 1, 6}, /* the correction fetches who stood far behind; a finisher goes to the typo */
        {1, 4, 1, 6}, {2, 4, 3, 6}, {3, 4, 3, 6},
        {4, 4, 4, 6}, {5, 6, 6, 6}, /* and the last typo takes along who began with the new material
                                     */
        {6, 6, 6, 6},
    };
    int64_t id[7];
    for (int i = 0; i < 7; i++)
        id[i] = publish_guide(kinds[i]);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(follow(id[rows[i].from], false, false), id[rows[i].unfinished]);
        assert_int_equal(follow(id[rows[i].from], true, false), id[rows[i].finished]);
        assert_int_equal(follow(id[rows[i].from], false, true), id[rows[i].delta]);
    }
}

/* ---- what stays done ---- */

static struct enrolment en;

static int begin(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return enrolment_begin(c, &l, ada, "small", NOON, &rng, &en, e);
}

static int answer(struct conn *c, void *arg, struct error *e)
{
    int mark;
    if (enrolment_find(c, &l, ada, "small", &en, e))
        return -1;
    return practice_answer(c, &l, &en, arg, "1", NOON, &mark, e);
}

static int walk(struct conn *c, void *arg, struct error *e)
{
    (void)arg;
    return enrolment_find(c, &l, ada, "small", &en, e) ||
                   case_choose(c, &l, &en, "visit", (struct case_place){0}, "start", "start-2",
                               NOON, e)
               ? -1
               : 0;
}

static struct progress progress(void)
{
    struct error e = {0};
    struct progress p = {0};
    struct conn *c = db_read_begin(l.db, &e);
    if (enrolment_find(c, &l, ada, "small", &en, &e) || progress_load(c, &l, &en, arena, &p, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    return p;
}

static const char *latest(const char *item)
{
    struct error e = {0};
    const char *given = NULL;
    struct conn *c = db_read_begin(l.db, &e);
    if (practice_latest(c, &l, &en, item, arena, &given, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    return given;
}

static void begin_and_do_everything_but_the_check(void)
{
    publish(CHANGE_FIRST);
    write_ok(begin, NULL);
    write_ok(answer, (void *)(uintptr_t) "q-small-l1");
    write_ok(answer, (void *)(uintptr_t) "q-small-l2");
    write_ok(walk, NULL);
    struct progress p = progress();
    assert_int_equal(p.lessons_done, 2);
    assert_int_equal(p.cases_done, 1);
}

static void a_typo_keeps_everything_done(void **state)
{
    (void)state;
    begin_and_do_everything_but_the_check();
    edit("lessons/01-asking.md", "takes a moment", "takes one moment");
    edit("questions.md", "What comes first?", "What does come first?");
    edit("cases/visit.md", "You open the door.", "You open a door.");
    int64_t id = publish(CHANGE_TYPO);
    struct progress p = progress();
    assert_int_equal(en.publication->id, id);
    assert_int_equal(p.lessons_done, 2);
    assert_int_equal(p.cases_done, 1);
    assert_string_equal(latest("q-small-l1"), "1");
}

static void a_correction_opens_only_what_it_changed(void **state)
{
    (void)state;
    begin_and_do_everything_but_the_check();
    edit("lessons/01-asking.md", "takes a moment", "takes two minutes");
    int64_t id = publish(CHANGE_CORRECTION);
    struct progress p = progress();
    assert_int_equal(en.publication->id, id);
    assert_false(p.lesson_done[0]);
    assert_true(p.lesson_reopened[0]);
    assert_true(p.lesson_done[1]);
    assert_int_equal(p.cases_done, 1);
    assert_string_equal(latest("q-small-l1"), "");
    assert_string_equal(latest("q-small-l2"), "1");

    write_ok(answer, (void *)(uintptr_t) "q-small-l1");
    p = progress();
    assert_int_equal(p.lessons_done, 2);
    assert_false(p.lesson_reopened[0]);
    edit("lessons/01-asking.md", "two minutes", "2 minutes");
    publish(CHANGE_TYPO);
    assert_int_equal(progress().lessons_done, 2);
}

static void a_corrected_question_opens_its_lesson_and_a_corrected_case_begins_anew(void **state)
{
    (void)state;
    begin_and_do_everything_but_the_check();
    edit("questions.md", "- [ ] True\n  > Half a minute.\n- [x] False",
         "- [x] True\n  > Half a minute.\n- [ ] False");
    edit("cases/visit.md", "- [Wait](#end-late)", "- [Wait](#talk)");
    publish(CHANGE_CORRECTION);
    struct progress p = progress();
    assert_true(p.lesson_done[0]);
    assert_false(p.lesson_done[1]);
    assert_int_equal(p.cases_done, 0);
    struct error e = {0};
    struct case_state s;
    struct conn *c = db_read_begin(l.db, &e);
    if (case_load(c, &l, &en, "visit", arena, &s, &e))
        fail_msg("%s", e.message);
    db_read_end(l.db, c);
    assert_int_equal(s.scene, 0);
    assert_int_equal(s.path_length, 0);
    assert_false(s.done);
    edit("cases/visit.md", "- [Wait](#talk)", "- [Wait](#end-late)"); /* what was wrong after all */
    edit("course.json", "1.0.0", "1.0.1");
    publish(CHANGE_CORRECTION);
    assert_int_equal(progress().cases_done, 1);
}

static void whoever_has_begun_stays_when_small_or_new_things_come(void **state)
{
    (void)state;
    begin_and_do_everything_but_the_check();
    int64_t first = en.publication->id;
    edit("lessons/01-asking.md", "takes a moment", "takes some time");
    publish(CHANGE_MINOR);
    edit("lessons/01-asking.md", "takes some time", "takes all the time there is");
    publish(CHANGE_MATERIAL);
    assert_int_equal(progress().lessons_done, 2);
    assert_int_equal(en.publication->id, first);
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH(each_kind_takes_along_whom_it_says),
        WITH(a_typo_keeps_everything_done),
        WITH(a_correction_opens_only_what_it_changed),
        WITH(a_corrected_question_opens_its_lesson_and_a_corrected_case_begins_anew),
        WITH(whoever_has_begun_stays_when_small_or_new_things_come),
    };
    return cmocka_run_group_tests_name("moves", tests, NULL, NULL);
}
