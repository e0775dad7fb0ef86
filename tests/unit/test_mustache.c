/* Templates: what pages rely on, what is refused when parsing, and the bounds of rendering. */
#include "base/json.h"
#include "base/mustache.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct page {
    const char *name, *text;
};

static struct templates *load(const struct page *pages, size_t count)
{
    struct templates *t = templates_create();
    for (size_t i = 0; i < count; i++) {
        struct error e = {0};
        if (templates_add(t, pages[i].name, pages[i].text, strlen(pages[i].text), &e) < 0)
            fail_msg("%s", e.message);
    }
    return t;
}

static void renders(const struct page *pages, size_t count, const char *view_text,
                    const char *expected)
{
    struct error e = {0};
    struct buf out;
    struct templates *t = load(pages, count);
    cJSON *view = json_parse(view_text, strlen(view_text), &e);
    if (!view)
        fail_msg("%s", e.message);
    buf_init(&out, 1 << 20);
    assert_int_equal(templates_render(t, pages[0].name, view, &out, &e), 0);
    assert_string_equal(out.data ? out.data : "", expected);
    cJSON_Delete(view);
    buf_free(&out);
    templates_free(t);
}

#define RENDERS(template, view, expected)                                                          \
    renders(&(struct page){"page", template}, 1, view, expected)

static void values_are_escaped_unless_asked(void **state)
{
    (void)state;
    RENDERS("{{a}} {{{a}}} {{&a}}", "{\"a\":\"<'&\\\">\"}",
            "&lt;&#39;&amp;&quot;&gt; <'&\"> <'&\">");
}

static void numbers_read_as_people_write_them(void **state)
{
    (void)state;
    RENDERS("{{#n}}{{.}} {{/n}}", "{\"n\":[0,-7,4.5,0.1,1e3,123456789012345,1e21,-0.25,1e-7]}",
            "0 -7 4.5 0.1 1000 123456789012345 1e+21 -0.25 1e-07 ");
}

static void lists_and_objects_have_no_text(void **state)
{
    (void)state;
    RENDERS("[{{list}}{{object}}{{null}}]{{yes}} {{no}}",
            "{\"list\":[1],\"object\":{\"a\":1},\"null\":null,\"yes\":true,\"no\":false}",
            "[]true false");
}

static void what_counts_as_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *view, *shown;
    } cases[] = {
        {"{}", "no"},
        {"{\"x\":null}", "no"},
        {"{\"x\":false}", "no"},
        {"{\"x\":\"\"}", "no"},
        {"{\"x\":[]}", "no"},
        {"{\"x\":0}", "yes"},
        {"{\"x\":\"0\"}", "yes"},
        {"{\"x\":{}}", "yes"},
        {"{\"x\":true}", "yes"},
        {"{\"x\":[false,null]}", "yesyes"}, /* a list shows each of its items */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        RENDERS("{{#x}}yes{{/x}}{{^x}}no{{/x}}", cases[i].view, cases[i].shown);
}

static void names_are_case_sensitive_and_inner_ones_win(void **state)
{
    (void)state;
    RENDERS("{{#item}}{{name}} {{Name}} {{site}}{{/item}}",
            "{\"name\":\"outer\",\"Name\":\"Outer\",\"site\":\"S\",\"item\":{\"name\":\"inner\"}}",
            "inner Outer S");
    RENDERS("{{#item}}[{{name}}]{{/item}}", "{\"name\":\"outer\",\"item\":{\"name\":null}}", "[]");
    RENDERS("{{#items}}{{#last}}.{{/last}}{{^last}}, {{/last}}{{/items}}",
            "{\"items\":[{\"last\":false},{\"last\":true}]}", ", .");
}

static void partials_take_the_context_they_stand_in(void **state)
{
    (void)state;
    static const struct page pages[] = {
        {"page", "{{#items}}{{> part/item}}{{/items}}{{> part/none}}{{> part/item}}"},
        {"part/item", "<{{name}}{{^name}}?{{/name}}>"},
    };
    renders(pages, 2, "{\"items\":[{\"name\":\"a\"},{\"name\":\"b\"}]}", "<a><b><?>");
}

static void partials_may_be_added_after_those_that_use_them(void **state)
{
    (void)state;
    struct templates *t = templates_create();
    struct buf out;
    struct error e = {0};
    buf_init(&out, 100);
    for (int i = 0; i < 100; i++) { /* enough for the set to grow */
        char name[16], text[32];
        snprintf(name, sizeof name, "t%d", i);
        snprintf(text, sizeof text, "%d%s", i % 10, i == 0 ? "{{>t50}}{{>t99}}" : "");
        assert_int_equal(templates_add(t, name, text, strlen(text), &e), 0);
        assert_false(templates_has(t, "t99") && i < 99);
    }
    assert_int_equal(templates_render(t, "t0", NULL, &out, &e), 0);
    assert_string_equal(out.data, "009");
    buf_free(&out);
    templates_free(t);
}

static void indentation_adds_up_and_leaves_values_alone(void **state)
{
    (void)state;
    static const struct page pages[] = {
        {"page", "<ul>\n  {{>list}}\n</ul>\n"},
        {"list", "{{#items}}\n<li>\n  {{>item}}\n</li>\n{{/items}}\n"},
        {"item", "{{.}}\n{{>line}}!\n\nend\n"},
        {"line", "one\ntwo"},
    };
    renders(pages, 4, "{\"items\":[\"a\\nb\"]}",
            "<ul>\n  <li>\n    a\nb\n    one\ntwo!\n    \n    end\n  </li>\n</ul>\n");
}

static void a_page_that_begins_lines_with_tags_keeps_its_indentation(void **state)
{
    (void)state;
    static const struct page pages[] = {
        {"page", "  {{>p}}\n"},
        {"p", "{{#a}}x{{/a}}{{^a}}y{{/a}}\n{{b}}\n{{! gone }}\n{{!in}}z\n"},
    };
    renders(pages, 2, "{\"a\":true,\"b\":1}", "  x\n  1\n  z\n");
}

static void mistakes_are_named_with_their_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"a\n{{b", "page:2: a tag is not closed"},
        {"{{{b}}", "page:1: a tag is not closed"},
        {"{{! b", "page:1: a tag is not closed"},
        {"\n\n{{#a}}\n{{#b}}{{/b}}\n", "page:3: the section a is not closed"},
        {"{{#a}}\n{{/b}}", "page:2: b is closed while a is open"},
        {"{{#ab}}\n{{/a}}", "page:2: a is closed while ab is open"},
        {"{{/a}}", "page:1: a is closed but was not opened"},
        {"{{}}", "page:1: a tag has no name"},
        {"{{# }}", "page:1: a tag has no name"},
        {"{{a b}}", "page:1: write a name"},
        {"{{a..b}}", "page:1: a dotted name"},
        {"{{.a}}", "page:1: a dotted name"},
        {"{{a.}}", "page:1: a dotted name"},
        {"{{a/b}}", "page:1: write a name"},
        {"{{$block}}{{/block}}", "page:1: write a name"},
        {"{{< layout}}", "page:1: write a name"},
        {"{{=<%=}}", "page:1: write new delimiters"},
        {"{{=a b c=}}", "page:1: there are two delimiters"},
        {"{{= =}}", "page:1: write new delimiters"},
        {"{{==}}", "page:1: write new delimiters"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error e = {0};
        struct templates *t = templates_create();
        assert_int_equal(templates_add(t, "page", cases[i].text, strlen(cases[i].text), &e), -1);
        if (strncmp(e.message, cases[i].says, strlen(cases[i].says)) != 0)
            fail_msg("%s: %s", cases[i].text, e.message);
        assert_false(templates_has(t, "page"));
        templates_free(t);
    }
}

static void a_name_belongs_to_one_template(void **state)
{
    (void)state;
    struct error e = {0};
    struct buf out;
    struct templates *t = load(&(struct page){"page", "first"}, 1);
    assert_int_equal(templates_add(t, "page", "second", 6, &e), -1);
    buf_init(&out, 100);
    assert_int_equal(templates_render(t, "page", NULL, &out, &e), 0);
    assert_string_equal(out.data, "first");
    assert_int_equal(templates_render(t, "pag", NULL, &out, &e), -1);
    assert_int_equal(e.kind, ERROR_INTERNAL);
    buf_free(&out);
    templates_free(t);
}

static void rendering_is_bounded(void **state)
{
    (void)state;
    static const struct page runaways[] = {
        {"page", "x{{>page}}"},
        {"page", "{{#a}}{{>page}}{{/a}}"},
        {"page", "{{#n}}{{#n}}{{#n}}{{#n}}{{#n}}{{#n}}{{#n}}{{#n}}{{/n}}{{/n}}{{/n}}{{/n}}{{/n}}"
                 "{{/n}}{{/n}}{{/n}}"},
    };
    for (size_t i = 0; i < sizeof runaways / sizeof runaways[0]; i++) {
        struct error e = {0};
        struct buf out;
        struct templates *t = load(&runaways[i], 1);
        cJSON *view = json_parse("{\"a\":true,\"n\":[1,2,3,4,5,6,7,8,9]}", 34, &e);
        assert_non_null(view);
        buf_init(&out, 1 << 20);
        assert_int_equal(templates_render(t, "page", view, &out, &e), -1);
        assert_int_equal(e.kind, ERROR_INTERNAL);
        cJSON_Delete(view);
        buf_free(&out);
        templates_free(t);
    }
}

static void recursion_over_data_reaches_32_levels(void **state)
{
    (void)state;
    struct buf out;
    struct error e = {0};
    struct templates *t = load(&(struct page){"page", "{{#n}}x{{>page}}{{/n}}"}, 1);
    for (int levels = 32; levels <= 33; levels++) {
        cJSON *root = cJSON_CreateObject(), *at = root;
        for (int i = 0; i < levels; i++)
            at = json_object(at, "n");
        json_put_bool(at, "n", false); /* else the outer n is found again */
        buf_init(&out, 1000);
        assert_int_equal(templates_render(t, "page", root, &out, &e), levels == 32 ? 0 : -1);
        if (levels == 32)
            assert_int_equal(out.length, 32);
        cJSON_Delete(root);
        buf_free(&out);
    }
    templates_free(t);
}

static void sections_nest_64_deep(void **state)
{
    (void)state;
    for (int depth = 64; depth <= 65; depth++) {
        struct buf text, out;
        struct error e = {0};
        struct templates *t = templates_create();
        buf_init(&text, 10000);
        buf_init(&out, 100);
        for (int i = 0; i < depth; i++)
            buf_puts(&text, "{{#.}}");
        buf_puts(&text, "x");
        for (int i = 0; i < depth; i++)
            buf_puts(&text, "{{/.}}");
        assert_int_equal(templates_add(t, "page", text.data, text.length, &e),
                         depth == 64 ? 0 : -1);
        if (depth == 64) {
            cJSON *view = cJSON_CreateObject();
            assert_int_equal(templates_render(t, "page", view, &out, &e), 0);
            assert_string_equal(out.data, "x");
            cJSON_Delete(view);
        }
        buf_free(&text);
        buf_free(&out);
        templates_free(t);
    }
}

/* Renders one page that must fail. */
static void runs_out(const char *text, size_t cap, enum error_kind kind, const char *says)
{
    struct error e = {0};
    struct buf out;
    struct templates *t = load(&(struct page){"page", text}, 1);
    cJSON *view = json_parse("{\"n\":[1,2,3]}", 13, &e);
    buf_init(&out, cap);
    assert_int_equal(templates_render(t, "page", view, &out, &e), -1);
    assert_int_equal(e.kind, kind);
    if (!strstr(e.message, says))
        fail_msg("%s", e.message);
    cJSON_Delete(view);
    buf_free(&out);
    templates_free(t);
}

static void recursion_that_opens_too_much_is_an_error(void **state)
{
    (void)state;
    runs_out("{{#.}}{{#.}}{{#.}}{{#.}}{{#.}}{{#.}}{{#.}}{{#.}}{{>page}}{{/.}}{{/.}}{{/.}}{{/.}}"
             "{{/.}}{{/.}}{{/.}}{{/.}}",
             1000, ERROR_INTERNAL, "256");
    runs_out("\n                    {{>page}}\n", 100000, ERROR_INTERNAL, "indented");
    runs_out("{{#n}}0123456789{{#n}}0123456789{{/n}}{{/n}}", 50, ERROR_TOO_LARGE, "50 bytes");
}

static void a_template_has_a_largest_size(void **state)
{
    (void)state;
    struct error e = {0};
    size_t n = 4 * 1024 * 1024;
    char *text = malloc(n + 1);
    memset(text, 'x', n + 1);
    struct templates *t = templates_create();
    assert_int_equal(templates_add(t, "page", text, n + 1, &e), -1);
    assert_int_equal(e.kind, ERROR_TOO_LARGE);
    assert_int_equal(templates_add(t, "page", text, n, &e), 0);
    templates_free(t);
    free(text);
}

static void a_page_over_the_cap_is_an_error(void **state)
{
    (void)state;
    struct error e = {0};
    struct buf out;
    struct templates *t = load(&(struct page){"page", "0123456789{{a}}"}, 1);
    buf_init(&out, 5);
    assert_int_equal(templates_render(t, "page", NULL, &out, &e), -1);
    assert_int_equal(e.kind, ERROR_TOO_LARGE);
    buf_free(&out);
    templates_free(t);
}

static void nothing_to_free_is_fine(void **state)
{
    (void)state;
    templates_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_escaped_unless_asked),
        cmocka_unit_test(numbers_read_as_people_write_them),
        cmocka_unit_test(lists_and_objects_have_no_text),
        cmocka_unit_test(what_counts_as_nothing),
        cmocka_unit_test(names_are_case_sensitive_and_inner_ones_win),
        cmocka_unit_test(partials_take_the_context_they_stand_in),
        cmocka_unit_test(partials_may_be_added_after_those_that_use_them),
        cmocka_unit_test(indentation_adds_up_and_leaves_values_alone),
        cmocka_unit_test(a_page_that_begins_lines_with_tags_keeps_its_indentation),
        cmocka_unit_test(mistakes_are_named_with_their_line),
        cmocka_unit_test(a_name_belongs_to_one_template),
        cmocka_unit_test(rendering_is_bounded),
        cmocka_unit_test(recursion_over_data_reaches_32_levels),
        cmocka_unit_test(sections_nest_64_deep),
        cmocka_unit_test(recursion_that_opens_too_much_is_an_error),
        cmocka_unit_test(a_template_has_a_largest_size),
        cmocka_unit_test(a_page_over_the_cap_is_an_error),
        cmocka_unit_test(nothing_to_free_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
