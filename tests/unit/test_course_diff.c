/* Two publications compared: what changed, and which kind of change that may be called. */
#include "course/diff.h"
#include "test_course_sample.h"

static char *parent;
static const char *folder;
static struct course_source *before, *after;
static struct arena *arena;
static struct publication_diff *diff;

static int setup(void **state)
{
    (void)state;
    parent = temp_folder();
    folder = write_sample(parent);
    arena = arena_create();
    before = read_on(folder, "2026-12-01");
    after = NULL;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    course_free(before);
    course_free(after);
    arena_free(arena);
    remove_folder(parent);
    return 0;
}

/* The sample with the first `from` of a file replaced, compared with the sample. */
static void change(const char *path, const char *from, const char *to)
{
    char text[17000];
    for (size_t i = 0; i < SAMPLE_FILES; i++) {
        if (strcmp(sample_files[i].path, path) != 0)
            continue;
        const char *whole = sample_files[i].text, *at = strstr(whole, from);
        assert_non_null(at);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - whole), whole, to, at + strlen(from));
        write_file(folder, path, text, strlen(text));
    }
    course_free(after);
    after = read_on(folder, "2026-12-01");
    if (course_errors(after)) {
        print_diagnostics(after);
        fail_msg("the changed sample has errors");
    }
    diff = publication_diff(arena, course_publication(before), course_publication(after));
}

static const struct difference *find(enum thing_kind kind, const char *id)
{
    for (int i = 0; i < diff->count; i++)
        if (diff->list[i].kind == kind && strcmp(diff->list[i].id, id) == 0)
            return &diff->list[i];
    fail_msg("no %s %s", thing_kind_name(kind), id);
    return NULL;
}

static void is_typo(void)
{
    struct error e = {0};
    if (change_allowed(diff, CHANGE_TYPO, &e))
        fail_msg("%s", e.message);
}

/* Refused, naming `thing`; and the other kinds are still there to choose. */
static void is_no_typo(const char *thing)
{
    struct error e = {0};
    assert_int_equal(change_allowed(diff, CHANGE_TYPO, &e), -1);
    if (!strstr(e.message, thing))
        fail_msg("\"%s\" does not name %s", e.message, thing);
    assert_int_equal(change_allowed(diff, CHANGE_CORRECTION, &e), 0);
    assert_int_equal(change_allowed(diff, CHANGE_MINOR, &e), 0);
}

static void the_same_files_differ_in_nothing(void **state)
{
    (void)state;
    change("course.json", "1.0.0", "1.0.0");
    assert_int_equal(diff->changed, 0);
    assert_int_equal(diff->lessons_to_read, 0);
    for (int i = 0; i < diff->count; i++)
        assert_int_equal(diff->list[i].change, THING_UNCHANGED);
}

static void a_changed_line_is_shown_with_what_stands_around_it(void **state)
{
    (void)state;
    change("lessons/01-asking.md", "takes a moment", "takes one moment");
    assert_int_equal(diff->changed, 1);
    assert_int_equal(diff->lessons_to_read, 1);
    const struct difference *it = find(THING_LESSON, "asking");
    assert_int_equal(it->change, THING_CHANGED);
    assert_null(it->beyond_words);
    assert_int_equal(it->lines_added, 1);
    assert_int_equal(it->lines_removed, 1);
    static const enum line_mark marks[] = {LINE_SAME, LINE_SAME, LINE_REMOVED, LINE_ADDED,
                                           LINE_SAME, LINE_SAME, LINE_GAP};
    assert_string_equal(it->lines[0].text, "# Asking first");
    assert_non_null(strstr(it->lines[3].text, "takes one moment"));
    for (int i = 0; i < it->line_count; i++)
        assert_int_equal(it->lines[i].mark, marks[i]);
    assert_int_equal(find(THING_LESSON, "repairing")->change, THING_UNCHANGED);
    is_typo();
}

static void words_of_every_file_may_be_a_typo(void **state)
{
    (void)state;
    static const char *const edits[][3] = {
        {"questions.md", "What comes first?", "What does come first?"},
        {"questions.md", "Naming what you did", "Naming what you have done"},
        {"questions.md", "It turns to you.", "It turns back to you."},
        {"cases/visit.md", "You open the door.", "You open a door."},
        {"cases/visit.md", "They answer.", "They do answer."},
        {"references.md", "On asking.", "On Asking."},
        {"facilitator.md", "ten minutes", "10 minutes"},
        {"course.json", "Two lessons about asking.", "Two lessons on asking."},
        {"media/line.png", "really", "quite"},
    };
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        change(edits[i][0], edits[i][1], edits[i][2]);
        assert_true(diff->changed > 0);
        is_typo();
    }
}

static void more_than_words_is_no_typo(void **state)
{
    (void)state;
    static const struct {
        const char *path, *from, *to, *thing;
    } edits[] = {
        {"questions.md", "- [ ] True\n  > Half a minute.\n- [x] False",
         "- [x] True\n  > Half a minute.\n- [ ] False", "q-small-l2"},
        {"questions.md",
         "- [ ] Does it hurt a lot?\n  > It can be answered in a word.\n- [x] What is it like?",
         "- [x] What is it like?\n  > It can be answered in a word.\n- [ ] Does it hurt a lot?",
         "q-small-01"},
        {"questions.md", "- [ ] Does it hurt a lot?", "- [ ] Is there anything else today?",
         "q-small-01"},
        {"questions.md", "> Last.\n", "> Last.\n- [ ] Leaving it\n  > It stays.\n", "q-small-02"},
        {"questions.md", "## q-small-03", "## q-small-04", "q-small-0"},
        {"questions.md", "type: multiple", "type: multiple\nspaced: yes", NULL},
        {"lessons/02-repairing.md", "> [!REFLECT r1]", "> [!REFLECT r2]", "repairing"},
        {"cases/visit.md", "- [Wait](#end-late)", "- [Wait](#talk)", "visit"},
        {"course.json", "\"pass_percent\": 80", "\"pass_percent\": 90", "course.json"},
        {"course.json", "\"test_out\": true", "\"test_out\": false", "course.json"},
    };
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        change(edits[i].path, edits[i].from, edits[i].to);
        if (edits[i].thing)
            is_no_typo(edits[i].thing);
        else
            is_typo();
        for (size_t k = 0; k < SAMPLE_FILES; k++)
            write_file(folder, sample_files[k].path, sample_files[k].text,
                       strlen(sample_files[k].text));
    }
}

static void a_lesson_counts_with_the_question_in_it(void **state)
{
    (void)state;
    change("questions.md", "It opens.", "It opens up.");
    assert_false(lesson_same(diff->before, diff->after, "asking"));
    assert_true(lesson_same(diff->before, diff->after, "repairing"));
    assert_int_equal(diff->lessons_to_read, 1);
    struct error e = {0};
    assert_int_equal(change_allowed(diff, CHANGE_MATERIAL, &e), 0);
}

static void without_a_changed_lesson_nothing_is_new_to_finishers(void **state)
{
    (void)state;
    change("facilitator.md", "ten minutes", "10 minutes");
    struct error e = {0};
    assert_int_equal(change_allowed(diff, CHANGE_MATERIAL, &e), -1);
    assert_int_equal(change_allowed(diff, CHANGE_FIRST, &e), -1);
}

static void lessons_may_come_and_go(void **state)
{
    (void)state;
    char path[400], other[400];
    snprintf(path, sizeof path, "%s/lessons/01-asking.md", folder);
    snprintf(other, sizeof other, "%s/lessons/03-asking.md", folder);
    assert_int_equal(rename(path, other), 0);
    change("facilitator.md", "ten minutes", "ten minutes");
    assert_true(diff->lessons_moved);
    is_no_typo("order");
    assert_int_equal(diff->lessons_to_read, 0);
    snprintf(path, sizeof path, "%s/lessons/03-listening.md", folder);
    assert_int_equal(rename(other, path), 0);
    change("facilitator.md", "ten minutes", "ten minutes");
    assert_int_equal(find(THING_LESSON, "listening")->change, THING_ADDED);
    assert_int_equal(find(THING_LESSON, "asking")->change, THING_REMOVED);
    is_no_typo("lesson");
}

static void a_check_question_is_marked_so_that_its_text_stays_in(void **state)
{
    (void)state;
    change("questions.md", "It cannot.", "It can not.");
    assert_true(find(THING_ITEM, "q-small-01")->for_check);
    assert_false(find(THING_ITEM, "q-small-l1")->for_check);
}

static void texts_without_anything_in_common_are_all_gone_and_all_new(void **state)
{
    (void)state;
    const struct line *lines;
    assert_int_equal(lines_compare(arena, "a\nb\n", "a\nb\n", &lines), 0);
    int n = lines_compare(arena, "a\nb", "c\n", &lines);
    assert_int_equal(n, 3);
    assert_int_equal(lines[0].mark, LINE_REMOVED);
    assert_int_equal(lines[2].mark, LINE_ADDED);
    assert_int_equal(lines_compare(arena, "", "a\n", &lines), 1);
    assert_int_equal(lines_compare(arena, "a\n", "", &lines), 1);
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH(the_same_files_differ_in_nothing),
        WITH(a_changed_line_is_shown_with_what_stands_around_it),
        WITH(words_of_every_file_may_be_a_typo),
        WITH(more_than_words_is_no_typo),
        WITH(a_lesson_counts_with_the_question_in_it),
        WITH(without_a_changed_lesson_nothing_is_new_to_finishers),
        WITH(lessons_may_come_and_go),
        WITH(a_check_question_is_marked_so_that_its_text_stays_in),
        WITH(texts_without_anything_in_common_are_all_gone_and_all_new),
    };
    return cmocka_run_group_tests_name("course diff", tests, NULL, NULL);
}
