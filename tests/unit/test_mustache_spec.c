/* The required modules of the Mustache specification v1.3, from its own test files. */
#include "base/json.h"
#include "base/mustache.h"
#include "support.h"
#include <unistd.h>

static cJSON *read_json(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    struct buf text;
    buf_init(&text, 1 << 20);
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, f)) > 0)
        buf_append(&text, chunk, n);
    fclose(f);
    struct error e = {0};
    cJSON *value = json_parse(text.data, text.length, &e);
    if (!value)
        fail_msg("%s: %s", path, e.message);
    buf_free(&text);
    return value;
}

static int run_one(const char *module, const cJSON *test)
{
    struct templates *t = templates_create();
    struct error e = {0};
    struct buf out;
    buf_init(&out, 1 << 16);
    const char *main_text = json_string(test, "template");
    const char *expected = json_string(test, "expected");
    assert_non_null(main_text);
    assert_non_null(expected);
    assert_int_equal(templates_add(t, "main", main_text, strlen(main_text), &e), 0);
    const cJSON *partial, *partials = json_get(test, "partials");
    cJSON_ArrayForEach(partial, partials)
    {
        const char *text = cJSON_GetStringValue(partial);
        assert_int_equal(templates_add(t, partial->string, text, strlen(text), &e), 0);
    }
    int wrong = templates_render(t, "main", json_get(test, "data"), &out, &e) < 0 ||
                strcmp(out.data ? out.data : "", expected) != 0;
    if (wrong)
        print_error("%s, %s: got \"%s\", expected \"%s\" %s\n", module, json_string(test, "name"),
                    out.data ? out.data : "", expected, e.message);
    buf_free(&out);
    templates_free(t);
    return wrong;
}

static void follows_the_specification(void **state)
{
    static const struct {
        const char *name;
        int tests;
    } modules[] = {{"comments", 12}, {"delimiters", 14}, {"interpolation", 42},
                   {"inverted", 22}, {"partials", 12},   {"sections", 34}};
    (void)state;
    if (access(VECTORS_DIR "/mustache", R_OK) != 0)
        not_done(NO_VECTORS "/mustache");
    int wrong = 0;
    for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/mustache/%s.json", VECTORS_DIR, modules[i].name);
        cJSON *module = read_json(path);
        assert_non_null(module);
        int count = 0;
        const cJSON *test;
        cJSON_ArrayForEach(test, json_get(module, "tests"))
        {
            wrong += run_one(modules[i].name, test);
            count++;
        }
        assert_true(count >= modules[i].tests);
        cJSON_Delete(module);
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(follows_the_specification)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
