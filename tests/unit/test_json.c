/* JSON comes in through the gate or not at all. */
#include "base/json.h"
#include "base/random.h"
#include "base/text.h"
#include "support.h"
#include <math.h>
#include <time.h>
#include <unistd.h>

static void what_is_json_passes_and_is_read(void **state)
{
    (void)state;
    static const char *const good[] = {
        "null",
        " true ",
        "false\r\n\t",
        "0",
        "-0",
        "12",
        "1.5",
        "-1.5e-3",
        "1E+2",
        "\"\"",
        "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u00e9\\ud83c\\udf31\"",
        "\"é🌱\\u007f\x7F\"",
        "[]",
        "[ ]",
        "{}",
        "{ }",
        "[1,[2,[3]],{}]",
        "{\"a\":{\"a\":[{\"a\":1},{\"a\":2}]}}",
        "{\"\":1,\" \":2,\"A\":3,\"a\":4}",
        "1e-400",
        "1.7976931348623157e308",
        "123456789012345678901234567890123456789012345678901234567890123",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct error e = {0};
        struct json_position at = {7, 7};
        cJSON *value = json_parse_at(good[i], strlen(good[i]), &at, &e);
        if (!value)
            fail_msg("%s: %s", good[i], e.message);
        assert_int_equal(e.kind, ERROR_NONE);
        assert_int_equal(at.line, 7);
        cJSON_Delete(value);
    }
}

static void what_is_not_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t line, column;
        const char *says;
    } bad[] = {
        {"", 1, 1, "ends too soon"},
        {"  \n ", 2, 2, "ends too soon"},
        {"\xEF\xBB\xBF{}", 1, 1, "byte order mark"},
        {"{} {}", 1, 4, "follows the value"},
        {"{}\n\nx", 3, 1, "follows the value"},
        {"[1,2", 1, 5, "the array opened at line 1, column 1 is not closed"},
        {"{\n \"a\": [\n  1\n", 4, 1, "the array opened at line 2, column 7"},
        {"[1,\n]", 1, 3, "nothing follows this comma"},
        {"{\"a\":1,\n\n}", 1, 7, "nothing follows this comma"},
        {"[1 2]", 1, 4, "expected a comma or ], not '2'"},
        {"{\"a\" 1}", 1, 6, "a colon"},
        {"{\"a\":}", 1, 6, "expected a value"},
        {"{\"a\"}", 1, 5, "a colon"},
        {"{a:1}", 1, 2, "a name in double quotes"},
        {"{'a':1}", 1, 2, "write \" instead of '"},
        {"{1:1}", 1, 2, "a name in double quotes"},
        {"[1}", 1, 3, "expected a comma or ]"},
        {"{\"a\":1]", 1, 7, "expected a comma or }"},
        {"]", 1, 1, "expected a value"},
        {",", 1, 1, "expected a value"},
        {"[,1]", 1, 2, "expected a value"},
        {"[1,,2]", 1, 4, "expected a value"},
        {"[] // note", 1, 4, "follows the value"},
        {"[ // note\n1]", 1, 3, "no comments"},
        {"tru", 1, 1, "expected a value"},
        {"True", 1, 1, "expected a value"},
        {"truefalse", 1, 5, "follows the value"},
        {"NaN", 1, 1, "expected a value"},
        {"-Infinity", 1, 2, "a digit"},
        {"01", 1, 1, "leading zeros"},
        {"-01", 1, 1, "leading zeros"},
        {"+1", 1, 1, "remove the +"},
        {".5", 1, 1, "put a 0"},
        {"1.", 1, 3, "after the decimal point"},
        {"1.e5", 1, 3, "after the decimal point"},
        {"1e", 1, 3, "in the exponent"},
        {"1e+", 1, 4, "in the exponent"},
        {"-", 1, 2, "a digit"},
        {"0x10", 1, 2, "follows the value"},
        {"[1e309]", 1, 2, "too large"},
        {"-1e400", 1, 1, "too large"},
        {"1234567890123456789012345678901234567890123456789012345678901234", 1, 1, "63"},
        {"\"a", 1, 1, "not closed"},
        {"\"a\nb\"", 1, 1, "not closed on its line"},
        {"\"a\tb\"", 1, 3, "\\u0009"},
        {"\"\\x\"", 1, 2, "backslash"},
        {"\"\\", 1, 2, "backslash"},
        {"\"\\u12\"", 1, 2, "four hexadecimal digits"},
        {"\"\\u12g4\"", 1, 2, "four hexadecimal digits"},
        {"\"\\u12", 1, 2, "four hexadecimal digits"},
        {"\"\\u0000\"", 1, 2, "not allowed"},
        {"{\"\\u0000\":1}", 1, 3, "not allowed"},
        {"\"\\ud83c\"", 1, 2, "surrogate"},
        {"\"\\ud83cx\"", 1, 2, "surrogate"},
        {"\"\\ud83c\\ud83c\"", 1, 2, "surrogate"},
        {"\"\\udf31\"", 1, 2, "surrogate"},
        {"\"a\xC3\"", 1, 3, "not UTF-8"},
        {"\"\xED\xA0\x80\"", 1, 2, "not UTF-8"},
        {"[\n\"\xC0\xAF\"]", 2, 2, "not UTF-8"},
        {"{\"a\":1,\"a\":2}", 1, 8, "\"a\" stands twice"},
        {"{\"a\":1,\n\"b\":2,\"\\u0061\":3}", 2, 7, "\"\\u0061\" stands twice"},
        {"{\"\\ud83c\\udf31\":1,\"🌱\":2}", 1, 19, "stands twice"},
        {"{\"x\":[{\"b\":1},{\"b\":{\"c\":1,\"c\":2}}]}", 1, 27, "\"c\" stands twice"},
        {"{\"\\\"\\/\\n\":1,\"\\u0022/\\u000a\":2}", 1, 13, "\"\\u0022/\\u000a\" stands twice"},
        {"{\"a\":{\"a\":1},\"a\":2}", 1, 14, "\"a\" stands twice"},
        {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", 1, 33,
         "deeper than 32"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct error e = {0};
        struct json_position at = {0, 0};
        /* in a block of its own size, so that reading past the end is seen */
        size_t n = strlen(bad[i].text);
        char *exact = malloc(n ? n : 1);
        memcpy(exact, bad[i].text, n);
        assert_int_equal(json_scan(exact, n, &at, &e), -1);
        free(exact);
        assert_int_equal(e.kind, ERROR_INVALID);
        if (!strstr(e.message, bad[i].says) || at.line != bad[i].line || at.column != bad[i].column)
            fail_msg("%s: %zu:%zu: %s", bad[i].text, at.line, at.column, e.message);
        assert_null(json_parse(bad[i].text, n, NULL));
    }
}

static void a_nul_byte_is_no_end(void **state)
{
    (void)state;
    struct error e = {0};
    assert_int_equal(json_scan("[1]\0", 4, NULL, &e), -1);
    assert_int_equal(json_scan("\"a\0b\"", 5, NULL, &e), -1);
    assert_int_equal(json_scan("\0", 1, NULL, &e), -1);
}

static void the_position_is_in_the_message_when_nobody_asks_for_it(void **state)
{
    (void)state;
    struct error e = {0};
    assert_null(json_parse("[\n 1,\n]", 7, &e));
    assert_string_equal(e.message, "line 2, column 3: nothing follows this comma: remove it");
}

static void every_prefix_of_a_document_is_refused(void **state)
{
    (void)state;
    static const char text[] = "{\"a\\u00e9\":[1.5e3,true,{\"b\":\"\\ud83c\\udf31é\"}],\"c\":null}";
    for (size_t n = 0; n < sizeof text - 1; n++) {
        char *cut = malloc(n ? n : 1);
        memcpy(cut, text, n);
        assert_int_equal(json_scan(cut, n, NULL, NULL), -1);
        free(cut);
    }
    assert_int_equal(json_scan(text, sizeof text - 1, NULL, NULL), 0);
}

static void many_names_do_not_take_long(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4 << 20);
    buf_putc(&b, '{');
    for (int i = 0; i < 100000; i++)
        buf_printf(&b, "\"%d\":0,", i);
    buf_puts(&b, "\"last\":0}");
    struct error e = {0};
    clock_t before = clock();
    assert_int_equal(json_scan(b.data, b.length, NULL, &e), 0);
    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    assert_true(seconds < 2); /* comparing each with each is five billion comparisons */
    b.length -= strlen("\"last\":0}");
    buf_puts(&b, "\"77777\":0}");
    assert_int_equal(json_scan(b.data, b.length, NULL, &e), -1);
    assert_non_null(strstr(e.message, "\"77777\" stands twice"));
    buf_free(&b);
}

static void deep_nesting_costs_no_stack(void **state)
{
    (void)state;
    size_t n = 1 << 20;
    char *deep = malloc(n);
    memset(deep, '[', n);
    struct error e = {0};
    assert_int_equal(json_scan(deep, n, NULL, &e), -1);
    free(deep);
}

static char *canonical(const char *text)
{
    struct error e = {0};
    struct buf b;
    cJSON *value = json_parse(text, strlen(text), &e);
    if (!value)
        fail_msg("%s: %s", text, e.message);
    buf_init(&b, 1 << 20);
    assert_int_equal(json_canonical(value, &b, &e), 0);
    cJSON_Delete(value);
    return buf_detach(&b);
}

static void what_holds_too_many_values_is_refused_unread(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t values;
    } texts[] = {
        {"0", 1},
        {"\"x\"", 1},
        {"[]", 1},
        {"{}", 1},
        {"[[[]]]", 3},
        {"{\"a\":{\"b\":true}}", 3},
        {" [ 1 , null , \"a\" , { \"b\" : [ ] } ] ", 6},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct error e = {0};
        size_t n = strlen(texts[i].text);
        cJSON *value = json_parse_few(texts[i].text, n, texts[i].values, &e);
        assert_non_null(value);
        cJSON_Delete(value);
        assert_null(json_parse_few(texts[i].text, n, texts[i].values - 1, &e));
        assert_int_equal(e.kind, ERROR_INVALID);
        assert_non_null(strstr(e.message, "more than"));
    }
}

static void canonical_numbers_are_ecmascripts(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits;
        const char *text;
    } cases[] = {
        /* RFC 8785, appendix B */
        {0x0000000000000000, "0"},
        {0x8000000000000000, "0"},
        {0x0000000000000001, "5e-324"},
        {0x8000000000000001, "-5e-324"},
        {0x7fefffffffffffff, "1.7976931348623157e+308"},
        {0xffefffffffffffff, "-1.7976931348623157e+308"},
        {0x4340000000000000, "9007199254740992"},
        {0xc340000000000000, "-9007199254740992"},
        {0x4430000000000000, "295147905179352830000"},
        {0x44b52d02c7e14af5, "9.999999999999997e+22"},
        {0x44b52d02c7e14af6, "1e+23"},
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
        {0x444b1ae4d6e2ef4e, "999999999999999700000"},
        {0x444b1ae4d6e2ef4f, "999999999999999900000"},
        {0x444b1ae4d6e2ef50, "1e+21"},
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
        {0x3eb0c6f7a0b5ed8d, "0.000001"},
        {0x41b3de4355555553, "333333333.3333332"},
        {0x41b3de4355555554, "333333333.33333325"},
        {0x41b3de4355555555, "333333333.3333333"},
        {0x41b3de4355555556, "333333333.3333334"},
        {0x41b3de4355555557, "333333333.33333343"},
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"},
        {0x3d30000000000000, "5.684341886080802e-14"}, /* 2^-44: 16 digits, not 17 */
        {0x3fb999999999999a, "0.1"},
        {0x4059000000000000, "100"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value;
        struct buf b;
        buf_init(&b, 100);
        memcpy(&value, &cases[i].bits, sizeof value);
        cJSON *number = cJSON_CreateNumber(value);
        assert_int_equal(json_canonical(number, &b, NULL), 0);
        assert_string_equal(b.data, cases[i].text);
        cJSON_Delete(number);
        buf_free(&b);
    }
}

static void canonical_numbers_read_back_exactly(void **state)
{
    (void)state;
    struct rng r;
    struct buf b;
    buf_init(&b, 100);
    rng_seed(&r, 2);
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = rng_next(&r);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value))
            continue;
        cJSON *number = cJSON_CreateNumber(value);
        buf_clear(&b);
        assert_int_equal(json_canonical(number, &b, NULL), 0);
        assert_true(strtod(b.data, NULL) == value);
        assert_int_equal(json_scan(b.data, b.length, NULL, NULL), 0);
        cJSON_Delete(number);
    }
    buf_free(&b);
}

static void canonical_names_are_in_utf16_order(void **state)
{
    (void)state;
    char *text = canonical("{\"\xEF\xAC\xB3\":1, \"\\ud83d\\ude00\":2, \"b\":3, \"\":4, \"aa\":5,"
                           " \"a\":6, \"\xC3\xB6\":7, \"B\":8, \"\xE2\x82\xAC\":9}");
    assert_string_equal(text, "{\"\":4,\"B\":8,\"a\":6,\"aa\":5,\"b\":3,\"\xC3\xB6\":7,"
                              "\"\xE2\x82\xAC\":9,\"\xF0\x9F\x98\x80\":2,\"\xEF\xAC\xB3\":1}");
    free(text);
}

static void canonical_text_is_escaped_as_little_as_can_be(void **state)
{
    (void)state;
    char *text =
        canonical("[\"\\u0008\\t\\n\\f\\r\\\"\\\\\\/\\u001f\\u007f\\u20ac<>&\", [ ], { }]");
    assert_string_equal(text, "[\"\\b\\t\\n\\f\\r\\\"\\\\/\\u001f\x7F\xE2\x82\xAC<>&\",[],{}]");
    free(text);
}

/* What must be escaped is found at every place of a text of every length. */
static void no_place_of_a_text_is_overlooked(void **state)
{
    (void)state;
    static const char escaped[] = "\b\t\n\f\r\"\\\x01\x1f";
    struct buf b;
    struct error e = {0};
    buf_init(&b, 1000);
    for (size_t n = 1; n <= 26; n++)
        for (size_t at = 0; at < n; at++)
            for (const char *c = escaped; *c; c++) {
                char text[32] = {0};
                memset(text, at % 2 ? '!' : '\xC3', n); /* beside '"', and above all */
                for (size_t i = 0; !(at % 2) && i < n; i++)
                    text[i] = i % 2 ? '\x9F' : '\xC3';
                text[at] = *c;
                if (!text_is_utf8(text, n))
                    text[at ? at - 1 : at + 1] = '~';
                if (!text_is_utf8(text, n))
                    continue;
                cJSON *value = cJSON_CreateString(text);
                buf_clear(&b);
                json_print(value, &b);
                cJSON *back = json_parse(b.data, b.length, &e);
                assert_non_null(back);
                assert_string_equal(back->valuestring, text);
                cJSON_Delete(back);
                cJSON_Delete(value);
            }
    buf_free(&b);
}

/* Parts from an arena and parts from malloc, in one tree, freed as one; ASan sees what is lost. */
static void trees_may_lie_in_an_arena(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    json_start();
    cJSON *outside = cJSON_CreateObject();
    json_put(outside, "made", "before");
    json_trees_in(a);
    cJSON *tree = cJSON_CreateObject();
    cJSON_AddItemToObject(tree, "outside", outside);
    for (int i = 0; i < 5000; i++)
        json_putf(tree, "name", "%d", i);
    json_trees_in(NULL);
    json_put(tree, "made", "afterwards");
    cJSON *kept = cJSON_DetachItemFromObject(tree, "outside");
    cJSON_Delete(tree);
    arena_reset(a);
    assert_string_equal(json_string(kept, "made"), "before");
    cJSON_Delete(kept);
    arena_free(a);
    cJSON_InitHooks(NULL);
}

static void what_has_no_canonical_form_is_refused(void **state)
{
    (void)state;
    struct buf b;
    struct error e = {0};
    buf_init(&b, 100);
    cJSON *value = cJSON_CreateNumber((double)NAN);
    assert_int_equal(json_canonical(value, &b, &e), -1);
    cJSON_SetNumberHelper(value, -HUGE_VAL);
    assert_int_equal(json_canonical(value, &b, &e), -1);
    cJSON_Delete(value);
    value = cJSON_CreateString("\xED\xA0\x80");
    assert_int_equal(json_canonical(value, &b, &e), -1);
    cJSON_Delete(value);
    value = cJSON_CreateObject();
    json_put(value, "a", "1");
    json_put(value, "b", "2");
    json_put(value, "a", "3");
    assert_int_equal(json_canonical(value, &b, &e), -1);
    assert_non_null(strstr(e.message, "\"a\""));
    cJSON_Delete(value);
    value = cJSON_CreateString("longer than the buffer may ever become, which is a hundred bytes, "
                               "and not one byte more than that");
    assert_int_equal(json_canonical(value, &b, &e), -1);
    assert_int_equal(e.kind, ERROR_TOO_LARGE);
    cJSON_Delete(value);
    buf_free(&b);
}

static char *read_all(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    char *text = malloc(1 << 20);
    *n = fread(text, 1, 1 << 20, f);
    fclose(f);
    return text;
}

static void canonical_form_agrees_with_the_published_vectors(void **state)
{
    (void)state;
    static const char *const names[] = {"arrays",  "french", "structures",
                                        "unicode", "values", "weird"};
    if (access(VECTORS_DIR "/jcs", R_OK) != 0)
        not_done(NO_VECTORS "/jcs");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[512];
        size_t in_n = 0, out_n = 0;
        snprintf(path, sizeof path, "%s/jcs/input/%s.json", VECTORS_DIR, names[i]);
        char *in = read_all(path, &in_n);
        snprintf(path, sizeof path, "%s/jcs/output/%s.json", VECTORS_DIR, names[i]);
        char *out = read_all(path, &out_n);
        assert_non_null(in);
        assert_non_null(out);
        struct error e = {0};
        struct buf b;
        buf_init(&b, 1 << 20);
        cJSON *value = json_parse(in, in_n, &e);
        assert_non_null(value);
        assert_int_equal(json_canonical(value, &b, &e), 0);
        assert_int_equal(b.length, out_n);
        assert_memory_equal(b.data, out, out_n);
        cJSON_Delete(value);
        buf_free(&b);
        free(in);
        free(out);
    }
}

static void printing_keeps_the_order_and_reads_back(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    static const char text[] =
        "{\"z\":[1,-2.5,\"a\\nb\"],\"a\":{\"b\":null,\"c\":true,\"d\":false}}";
    cJSON *value = json_parse(text, sizeof text - 1, NULL);
    json_print(value, &b);
    assert_string_equal(b.data, text);
    cJSON_Delete(value);
    value = cJSON_CreateNumber((double)INFINITY);
    buf_clear(&b);
    json_print(value, &b);
    assert_string_equal(b.data, "null");
    cJSON_Delete(value);
    buf_free(&b);
}

static void a_tree_too_deep_to_print_does_not_pass_for_whole(void **state)
{
    (void)state;
    struct buf b;
    cJSON *root = cJSON_CreateObject(), *at = root;
    for (int i = 0; i < 1000; i++)
        at = json_object(at, "o");
    buf_init(&b, 1 << 20);
    json_print(root, &b);
    assert_true(b.overflow);
    buf_clear(&b);
    struct error e = {0};
    assert_int_equal(json_canonical(root, &b, &e), -1);
    cJSON_Delete(root);
    buf_free(&b);
}

static void reading_is_exact_and_typed(void **state)
{
    (void)state;
    static const char text[] =
        "{\"Name\":\"A\",\"name\":\"b\",\"n\":4.5,\"t\":true,\"f\":false,\"x\":null}";
    cJSON *o = json_parse(text, sizeof text - 1, NULL);
    assert_string_equal(json_string(o, "name"), "b");
    assert_null(json_string(o, "NAME"));
    assert_null(json_string(o, "n"));
    assert_string_equal(json_string_or(o, "n", "other"), "other");
    assert_string_equal(json_string_or(o, "Name", "other"), "A");
    assert_true(json_number_or(o, "n", 1) == 4.5);
    assert_true(json_number_or(o, "name", 1) == 1);
    assert_true(json_bool_or(o, "t", false));
    assert_false(json_bool_or(o, "f", true));
    assert_true(json_bool_or(o, "x", true));
    assert_true(cJSON_IsNull(json_get(o, "x")));
    assert_null(json_get(o, "none"));
    assert_null(json_get(NULL, "none"));
    assert_null(json_get(json_get(o, "name"), "none"));
    assert_null(json_string(NULL, "none"));
    cJSON_Delete(o);
}

static void views_are_built(void **state)
{
    (void)state;
    struct buf b;
    cJSON *view = cJSON_CreateObject();
    json_put(view, "title", "Humility");
    json_put(view, "absent", NULL);
    json_putf(view, "url", "/lesson/%d", 7);
    char *wide = malloc(1001);
    memset(wide, 'w', 1000);
    wide[1000] = '\0';
    json_putf(view, "wide", "%s", wide);
    assert_string_equal(json_string(view, "wide"), wide);
    cJSON_DeleteItemFromObjectCaseSensitive(view, "wide");
    free(wide);
    json_put_int(view, "micro", 9007199254740991);
    json_put_bool(view, "done", false);
    cJSON *items = json_array(view, "items");
    json_put(json_item(items), "a", "1");
    json_put(json_item(items), "a", "2");
    json_put_bool(json_object(view, "part"), "yes", true);
    buf_init(&b, 1000);
    json_print(view, &b);
    assert_string_equal(b.data,
                        "{\"title\":\"Humility\",\"url\":\"/lesson/7\",\"micro\":9007199254740991,"
                        "\"done\":false,\"items\":[{\"a\":\"1\"},{\"a\":\"2\"}],"
                        "\"part\":{\"yes\":true}}");
    cJSON_Delete(view);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_json_passes_and_is_read),
        cmocka_unit_test(what_is_not_is_refused_with_its_place),
        cmocka_unit_test(a_nul_byte_is_no_end),
        cmocka_unit_test(the_position_is_in_the_message_when_nobody_asks_for_it),
        cmocka_unit_test(every_prefix_of_a_document_is_refused),
        cmocka_unit_test(many_names_do_not_take_long),
        cmocka_unit_test(deep_nesting_costs_no_stack),
        cmocka_unit_test(what_holds_too_many_values_is_refused_unread),
        cmocka_unit_test(canonical_numbers_are_ecmascripts),
        cmocka_unit_test(canonical_numbers_read_back_exactly),
        cmocka_unit_test(canonical_names_are_in_utf16_order),
        cmocka_unit_test(canonical_text_is_escaped_as_little_as_can_be),
        cmocka_unit_test(no_place_of_a_text_is_overlooked),
        cmocka_unit_test(trees_may_lie_in_an_arena),
        cmocka_unit_test(what_has_no_canonical_form_is_refused),
        cmocka_unit_test(canonical_form_agrees_with_the_published_vectors),
        cmocka_unit_test(printing_keeps_the_order_and_reads_back),
        cmocka_unit_test(a_tree_too_deep_to_print_does_not_pass_for_whole),
        cmocka_unit_test(reading_is_exact_and_typed),
        cmocka_unit_test(views_are_built),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
