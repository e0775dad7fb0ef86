/* A reviewer written into course.json, and which files a review is of. */
#include "base/buf.h"
#include "course/reviewers.h"
#include "support.h"

static const struct course_reviewer vera = {"Dr. \"Vera\" Lind", "Ethicist", "2026-12-04"};

static void expect(const char *json, bool release, const char *expected)
{
    struct buf out;
    struct error e = {0};
    buf_init(&out, TEXT_FILE_MAX);
    if (course_json_review(json, strlen(json), &vera, release, &out, &e))
        fail_msg("%s", e.message);
    assert_string_equal(out.data, expected);
    buf_free(&out);
}

static void refused(const char *json)
{
    struct buf out;
    struct error e = {0};
    buf_init(&out, TEXT_FILE_MAX);
    assert_int_equal(course_json_review(json, strlen(json), &vera, true, &out, &e), -1);
    assert_true(*e.message);
    buf_free(&out);
}

#define VERA "{\"name\":\"Dr. \\\"Vera\\\" Lind\",\"role\":\"Ethicist\",\"date\":\"2026-12-04\"}"

static void one_reviewer_more_and_nothing_else_moves(void **state)
{
    (void)state;
    expect("{ \"stage\" : \"pilot\",\n\t\"reviewers\":[ ], \"x\": \"[\\\"]\" }\n", true,
           "{ \"stage\" : \"released\",\n\t\"reviewers\":[\n    " VERA
           "\n  ], \"x\": \"[\\\"]\" }\n");
    expect("{\"reviewers\": [\"A, B\", {\"name\": \"]\"}\n  ], \"stage\": \"pilot\"}", false,
           "{\"reviewers\": [\"A, B\", {\"name\": \"]\"},\n    " VERA
           "\n  ], \"stage\": \"pilot\"}");
    /* Names of inner objects and words in strings are not the course's own keys. */
    expect("{\"credit\": {\"stage\": 1, \"reviewers\": 2}, \"a\": \"\\\"stage\\\": \", "
           "\"n\": -1.5e3, \"reviewers\": [], \"stage\": \"pilot\"}",
           true,
           "{\"credit\": {\"stage\": 1, \"reviewers\": 2}, \"a\": \"\\\"stage\\\": \", "
           "\"n\": -1.5e3, \"reviewers\": [\n    " VERA "\n  ], \"stage\": \"released\"}");
}

static void the_same_reviewer_is_written_once(void **state)
{
    (void)state;
    const char *once = "{\"reviewers\": [" VERA "], \"stage\": \"pilot\"}";
    expect(once, false, once);
    expect(once, true, "{\"reviewers\": [" VERA "], \"stage\": \"released\"}");
}

static void what_cannot_be_changed_is_refused(void **state)
{
    (void)state;
    refused("{\"stage\": \"pilot\"}");
    refused("{\"reviewers\": {}, \"stage\": \"pilot\"}");
    refused("{\"reviewers\": []}");
    refused("{\"revi\\u0065wers\": [], \"stage\": \"pilot\"}");
    refused("[]");
    refused("{\"reviewers\": [");
}

static void content_is_all_but_reviewers_stage_and_layout(void **state)
{
    (void)state;
    struct arena *a = arena_create();
#define FILE_OF(path, text)                                                                        \
    {                                                                                              \
        path, text, sizeof text - 1                                                                \
    }
    const struct course_file before[] = {
        FILE_OF("course.json", "{\"a\": 1, \"reviewers\": [], \"stage\": \"pilot\"}"),
        FILE_OF("lessons/01-a.md", "# A"), FILE_OF("lessons/02-b.md", "# B")};
    const struct course_file reviewed[] = {
        FILE_OF("course.json", "{\"stage\": \"released\",\n \"reviewers\": [1], \"a\": 1}"),
        FILE_OF("lessons/01-a.md", "# A"), FILE_OF("lessons/02-b.md", "# B")};
    const struct course_file changed[] = {
        FILE_OF("course.json", "{\"a\": 2, \"reviewers\": [], \"stage\": \"pilot\"}"),
        FILE_OF("lessons/02-b.md", "# C"), FILE_OF("lessons/03-c.md", "# C")};
    const struct course_file broken[] = {FILE_OF("course.json", "{")};
    assert_string_equal(course_content_differs(before, 3, reviewed, 3, a), "");
    assert_string_equal(course_content_differs(before, 3, changed, 3, a),
                        "course.json, lessons/01-a.md, lessons/02-b.md, lessons/03-c.md");
    assert_string_equal(course_content_differs(broken, 1, before, 1, a), "course.json");
    assert_string_equal(course_content_differs(broken, 1, broken, 1, a), "");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_reviewer_more_and_nothing_else_moves),
        cmocka_unit_test(the_same_reviewer_is_written_once),
        cmocka_unit_test(what_cannot_be_changed_is_refused),
        cmocka_unit_test(content_is_all_but_reviewers_stage_and_layout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
