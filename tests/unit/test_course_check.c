/*
 * `understory check` as an author meets it: one run says everything about a course that is broken
 * in many ways, in a fixed form, and the exit status says whether there were errors.
 */
#include "base/json.h"
#include "cli/commands.h"
#include "test_course_sample.h"
#include <sys/wait.h>

static const struct {
    const char *place, *severity, *code;
} expected[] = {
    {"cases/loop.md:1:1", "warning", "W12"},
    {"cases/loop.md:3:1", "error", "C05"},
    {"cases/loop.md:7:3", "error", "C01"},
    {"cases/loop.md:10:1", "error", "C03"},
    {"cases/loop.md:12:3", "error", "C04"},
    {"cases/loop.md:13:3", "error", "C06"},
    {"cases/loop.md:16:1", "error", "C03"},
    {"cases/loop.md:20:1", "error", "C02"},
    {"course.json:1:1", "error", "J05"},
    {"course.json:3:9", "error", "J07"},
    {"course.json:5:12", "warning", "W11"},
    {"course.json:6:3", "error", "J03"},
    {"course.json:7:14", "error", "J04"},
    {"course.json:8:3", "error", "J02"},
    {"course.json:13:12", "error", "L05"},
    {"course.json:14:12", "error", "L01"},
    {"course.json:20:12", "error", "J10"},
    {"course.json:20:12", "error", "J10"},
    {"course.json:21:20", "error", "J04"},
    {"course.json:27:14", "error", "J09"},
    {"course.json:31:17", "error", "L02"},
    {"facilitator.md:4:27", "error", "F01"},
    {"facilitator.md:5:9", "error", "F02"},
    {"lessons/01-first.md:1:1", "warning", "W03"},
    {"lessons/01-first.md:3:1", "error", "M02"},
    {"lessons/01-first.md:5:11", "error", "M01"},
    {"lessons/01-first.md:5:22", "error", "M01"},
    {"lessons/01-first.md:5:58", "error", "M10"},
    {"lessons/01-first.md:7:1", "error", "M03"},
    {"lessons/01-first.md:7:1", "error", "M04"},
    {"lessons/01-first.md:9:3", "error", "M05"},
    {"lessons/01-first.md:9:43", "error", "M06"},
    {"lessons/01-first.md:9:64", "error", "M06"},
    {"lessons/01-first.md:11:3", "error", "M07"},
    {"lessons/01-first.md:13:3", "error", "M08"},
    {"lessons/01-first.md:15:3", "error", "M08"},
    {"lessons/01-first.md:17:3", "warning", "W06"},
    {"lessons/01-first.md:20:3", "note", "N01"},
    {"lessons/01-first.md:23:3", "error", "M08"},
    {"lessons/01-first.md:26:10", "warning", "W07"},
    {"lessons/01-first.md:26:24", "warning", "W09"},
    {"lessons/02-second.md:1:1", "error", "M02"},
    {"lessons/02-second.md:1:1", "error", "M11"},
    {"lessons/02-second.md:1:1", "warning", "W03"},
    {"lessons/02-second.md:3:3", "error", "L04"},
    {"lessons/02-second.md:5:20", "error", "M12"},
    {"questions.md:3:1", "error", "Q05"},
    {"questions.md:7:18", "error", "Q18"},
    {"questions.md:9:1", "warning", "W08"},
    {"questions.md:13:3", "error", "Q07"},
    {"questions.md:14:3", "error", "Q09"},
    {"questions.md:17:1", "error", "Q03"},
    {"questions.md:17:1", "error", "Q04"},
    {"questions.md:17:1", "error", "Q11"},
    {"questions.md:18:12", "error", "Q08"},
    {"questions.md:20:1", "error", "Q10"},
    {"questions.md:21:9", "error", "Q12"},
    {"questions.md:26:1", "error", "Q02"},
    {"questions.md:26:1", "error", "Q06"},
    {"questions.md:38:1", "error", "Q15"},
    {"references.md:8:1", "error", "R01"},
    {"references.md:11:1", "error", "R02"},
};
#define EXPECTED (sizeof expected / sizeof *expected)

#define BROKEN SOURCE_DIR "/tests/data/courses/broken"

/* Runs the command in a child; gives its exit status and what it printed on standard output. */
static int run(char **output, const char *const *arguments)
{
    char name[] = "/tmp/understory-check-XXXXXX";
    char *argv[16] = {(char[]){"check"}};
    int argc = 1, status, out = mkstemp(name);
    assert_true(out >= 0);
    for (; arguments[argc - 1]; argc++)
        argv[argc] = strdup(arguments[argc - 1]);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        int quiet = open("/dev/null", O_WRONLY);
        dup2(out, STDOUT_FILENO);
        dup2(quiet, STDERR_FILENO);
        int code = cmd_check(argc, argv);
        fflush(NULL);
        _exit(code);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    for (int i = 1; i < argc; i++)
        free(argv[i]);
    char *text = calloc(1, 1 << 16);
    assert_true(pread(out, text, (1 << 16) - 1, 0) >= 0);
    close(out);
    unlink(name);
    if (output)
        *output = text;
    else
        free(text);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}
#define RUN(output, ...) run(output, (const char *const[]){__VA_ARGS__, NULL})

static void one_run_reports_every_problem_of_the_broken_course(void **state)
{
    (void)state;
    char *output, *line, *save = NULL;
    size_t row = 0;
    assert_int_equal(RUN(&output, "--today", "2026-11-22", SOURCE_DIR "/tests/data/courses"), 1);
    for (line = strtok_r(output, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        if (strncmp(line, "  hint: ", 8) == 0) {
            assert_true(line[8] != 0);
            continue;
        }
        char start[600];
        if (row == EXPECTED)
            break;
        snprintf(start, sizeof start, BROKEN "/%s: %s[%s]: ", expected[row].place,
                 expected[row].severity, expected[row].code);
        if (strncmp(line, start, strlen(start)) != 0)
            fail_msg("expected %s\n     got %s", start, line);
        row++;
    }
    assert_int_equal(row, EXPECTED);
    assert_non_null(line);
    assert_string_equal(line, "1 course, 2 lessons, 3 items: 53 errors, 8 warnings, 1 note");
    assert_null(strtok_r(NULL, "\n", &save));
    free(output);
}

static void json_says_the_same(void **state)
{
    (void)state;
    char *output;
    struct error e = {0};
    assert_int_equal(RUN(&output, "--json", "--today", "2026-11-22", BROKEN), 1);
    cJSON *root = json_parse(output, strlen(output), &e);
    assert_non_null(root);
    const cJSON *list = json_get(root, "diagnostics"), *summary = json_get(root, "summary");
    assert_int_equal(cJSON_GetArraySize(list), EXPECTED);
    for (size_t i = 0; i < EXPECTED; i++) {
        char place[600];
        const cJSON *one = cJSON_GetArrayItem(list, (int)i);
        snprintf(place, sizeof place, "%s:%d:%d", json_string(one, "file") + strlen(BROKEN "/"),
                 (int)json_number_or(one, "line", 0), (int)json_number_or(one, "column", 0));
        assert_string_equal(place, expected[i].place);
        assert_string_equal(json_string(one, "code"), expected[i].code);
        assert_string_equal(json_string(one, "severity"), expected[i].severity);
    }
    assert_int_equal((int)json_number_or(summary, "errors", 0), 53);
    assert_int_equal((int)json_number_or(summary, "warnings", 0), 8);
    cJSON_Delete(root);
    free(output);
}

static void the_exit_status_says_whether_there_were_errors(void **state)
{
    (void)state;
    char *parent = temp_folder(), *output;
    const char *folder = write_sample(parent);
    assert_int_equal(RUN(&output, "--today", "2026-12-01", folder), 0);
    assert_string_equal(output, "1 course, 2 lessons, 5 items: no errors, no warnings, no notes\n");
    free(output);
    assert_int_equal(RUN(NULL, "--today=2026-12-01", "--strict", parent), 0);
    assert_int_equal(RUN(NULL, "--today", "2029-01-01", parent), 0); /* warnings only */
    assert_int_equal(RUN(NULL, "--today", "2029-01-01", "--strict", parent), 1);
    assert_int_equal(RUN(NULL, "--today", "tomorrow", folder), 2);
    assert_int_equal(RUN(NULL, "--nonsense", folder), 2);
    assert_int_equal(RUN(NULL, "/nowhere/at/all"), 2);
    assert_int_equal(RUN(&output, "--help"), 0);
    assert_non_null(strstr(output, "Examples:"));
    free(output);
    remove_folder(parent);
}

static void the_codes_can_be_listed(void **state)
{
    (void)state;
    char *output;
    int count, lines = 0;
    diagnostic_codes(&count);
    assert_int_equal(RUN(&output, "--codes"), 0);
    for (const char *s = output; *s; s++)
        lines += *s == '\n';
    assert_int_equal(lines, 2 * count);
    free(output);
}

static void item_ids_are_unique_across_courses(void **state)
{
    (void)state;
    char *one = temp_folder(), *two = temp_folder(), *output, *at;
    char first[300], second[300];
    snprintf(first, sizeof first, "%s", write_sample(one));
    snprintf(second, sizeof second, "%s", write_sample(two));
    assert_int_equal(RUN(&output, "--today", "2026-12-01", first, second), 1);
    at = strstr(output, "questions.md:3:1: error[Q02]: item \"q-small-l1\" is also in ");
    assert_non_null(at);
    assert_non_null(strstr(at, first));
    assert_non_null(strstr(output, "2 courses, 4 lessons, 10 items: 5 errors"));
    free(output);
    remove_folder(one);
    remove_folder(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_run_reports_every_problem_of_the_broken_course),
        cmocka_unit_test(json_says_the_same),
        cmocka_unit_test(the_exit_status_says_whether_there_were_errors),
        cmocka_unit_test(the_codes_can_be_listed),
        cmocka_unit_test(item_ids_are_unique_across_courses),
    };
    return cmocka_run_group_tests_name("understory check", tests, NULL, NULL);
}
