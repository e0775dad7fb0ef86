/*
 * Entries to be put in order and lines to be matched: how they are numbered, answered, marked and
 * laid out. The course is tests/data/kinds.
 */
#include "course/source.h"
#include "learning/draw.h"
#include "support.h"

static struct course_source *source;
static const struct publication *p;

static int setup(void **state)
{
    (void)state;
    struct error e = {0};
    source = course_read(SOURCE_DIR "/tests/data/kinds/kinds", 0, &e);
    p = source ? course_publication(source) : NULL;
    if (!p)
        fail_msg("the course cannot be read: %s", e.message);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    course_free(source);
    return 0;
}

static const struct item *item_of(const char *id)
{
    const struct item *item = publication_item(p, id, NULL);
    if (!item)
        fail_msg("there is no %s", id);
    return item;
}

static void the_numbers_of_an_order_tell_nothing_of_its_places(void **state)
{
    (void)state;
    const struct item *item = item_of("q-kinds-order-2");
    static const char *const texts[] = {"Autumn", "Spring", "Summer", "Winter"};
    static const int places[] = {4, 2, 3, 1};
    assert_int_equal(item->type, ITEM_ORDER);
    assert_int_equal(item->option_count, 4);
    for (int i = 0; i < 4; i++) {
        assert_string_equal(item->options[i].text, texts[i]);
        assert_int_equal(item->options[i].goes, places[i]);
        assert_false(item->options[i].key);
    }
    assert_string_equal(item->options[0].rationale_html, "<p>October.</p>");
}

static void lines_of_a_match_keep_their_order_and_partners_are_numbered_by_their_words(void **state)
{
    (void)state;
    const struct item *item = item_of("q-kinds-match-1");
    static const int partners[] = {2, 1, 3}; /* "<b …", Cold, Late */
    assert_int_equal(item->type, ITEM_MATCH);
    assert_string_equal(item->columns[0], "Word");
    assert_string_equal(item->columns[1], "Opposite");
    assert_int_equal(item->option_count, 3);
    assert_int_equal(item->partner_count, 3);
    assert_string_equal(item->options[0].text, "Hot");
    assert_string_equal(item->options[2].text, "Early");
    for (int i = 0; i < 3; i++)
        assert_int_equal(item->options[i].goes, partners[i]);
    assert_string_equal(item->partners[0].text, "<b onclick=window.ran=3>Closed");
    assert_string_equal(item->partners[0].html, "&lt;b onclick=window.ran=3&gt;Closed");
    assert_string_equal(item->options[1].rationale_html, "<p>Doors.</p>");
    assert_string_equal(item->explanation_html, "<p>Opposites.</p>");
}

static void answers_become_canonical(void **state)
{
    (void)state;
    static const struct {
        const char *item, *text, *canonical; /* NULL: refused */
    } rows[] = {
        {"q-kinds-order-2", "4,2,3,1", "4,2,3,1"},
        {"q-kinds-order-2", " 4, 2 ,3,1 ", "4,2,3,1"},
        {"q-kinds-order-2", "1:4,2:2,3:3,4:1", "4,2,3,1"},
        {"q-kinds-order-2", "4:1,1:4,3:3,2:2", "4,2,3,1"},
        {"q-kinds-order-2", "", NULL},
        {"q-kinds-order-2", "4,2,3", NULL},
        {"q-kinds-order-2", "4,2,3,3", NULL},
        {"q-kinds-order-2", "4,2,3,5", NULL},
        {"q-kinds-order-2", "4,2,3,1,1", NULL},
        {"q-kinds-order-2", "1:1,2:1,3:2,4:3", NULL},
        {"q-kinds-order-2", "1:5,2:1,3:2,4:3", NULL},
        {"q-kinds-order-2", "1:1,2:2,3:3", NULL},
        {"q-kinds-order-2", "1:1,2:2,3:3,4", NULL},
        {"q-kinds-order-2", "1:1,1:2,3:3,4:4", NULL},
        {"q-kinds-order-2", "1:0,2:2,3:3,4:4", NULL},
        {"q-kinds-order-2", "1:,2:2,3:3,4:4", NULL},
        {"q-kinds-match-1", "1:2,2:1,3:3", "1:2,2:1,3:3"},
        {"q-kinds-match-1", "3:3, 1:2", "1:2,3:3"},
        {"q-kinds-match-1", "1:2,2:2,3:2", "1:2,2:2,3:2"},
        {"q-kinds-match-1", "2:1", "2:1"},
        {"q-kinds-match-1", "", NULL},
        {"q-kinds-match-1", "1,2,3", NULL},
        {"q-kinds-match-1", "1:2,1:3", NULL},
        {"q-kinds-match-1", "4:1", NULL},
        {"q-kinds-match-1", "1:4", NULL},
        {"q-kinds-match-1", "1:2:3", NULL},
        {"q-kinds-match-1", "11:2", NULL},
        {"q-kinds-match-1", "1:22", NULL},
        {"q-kinds-match-1", "1:2,", NULL},
        {"q-kinds-multiple-1", "1:1", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[ANSWER_ROOM] = "";
        struct error e = {0};
        int result = item_answer_read(item_of(rows[i].item), rows[i].text, out, &e);
        if (rows[i].canonical) {
            assert_int_equal(result, 0);
            assert_string_equal(out, rows[i].canonical);
        } else {
            if (result == 0)
                fail_msg("%s takes \"%s\" as \"%s\"", rows[i].item, rows[i].text, out);
            assert_int_equal(e.kind, ERROR_INVALID);
            assert_string_equal(e.field, "answer");
        }
    }
}

static void part_of_it_right_is_part_of_the_mark(void **state)
{
    (void)state;
    const struct item *order = item_of("q-kinds-order-2"), *match = item_of("q-kinds-match-1");
    char right[ANSWER_ROOM];
    item_right_answer(order, right);
    assert_string_equal(right, "4,2,3,1");
    assert_int_equal(item_mark(order, right), 1000);
    assert_int_equal(item_mark(order, "2,4,3,1"), 500);
    assert_int_equal(item_mark(order, "1,4,2,3"), 0);
    assert_int_equal(item_mark(order, ""), 0);
    item_right_answer(match, right);
    assert_string_equal(right, "1:2,2:1,3:3");
    assert_int_equal(item_mark(match, right), 1000);
    assert_int_equal(item_mark(match, "1:2,2:1"), 666);
    assert_int_equal(item_mark(match, "1:3,2:3,3:3"), 333);
    assert_int_equal(item_mark(match, ""), 0);
    assert_true(item_answer_whole(match, right));
    assert_false(item_answer_whole(match, "1:2,2:1"));
    assert_false(item_answer_whole(match, ""));
    assert_true(item_answer_whole(order, "4,2,3,1"));
    assert_int_equal(item_answer_partner("1:2,3:1", 3), 1);
    assert_int_equal(item_answer_partner("1:2,3:1", 2), 0);
    assert_int_equal(item_answer_place("3,1,2", 1), 2);
}

/* Changing anything that is shown changes the hash; the same files give the same. */
static void the_hash_covers_every_part(void **state)
{
    (void)state;
    static const char *const edits[][2] = {{"| Word | Opposite |", "| Word | Antonym |"},
                                           {"| Hot | Cold |", "| Hot | Cool |"},
                                           {"1. > Temperature.", "1. > Heat."},
                                           {"2. Spring", "2. May"},
                                           {"   > April.", "   > Rain."},
                                           {"# Questions", "# The bank"}}; /* says the same */
    const size_t count = sizeof edits / sizeof *edits;
    struct buf frozen, edited;
    buf_init(&frozen, 1 << 20);
    buf_init(&edited, 1 << 20);
    course_freeze(source, &frozen);
    for (size_t i = 0; i < count; i++) {
        struct error e = {0};
        size_t n = strlen(edits[i][0]);
        const char *at = strstr(frozen.data, edits[i][0]);
        assert_non_null(at);
        const char *size = strstr(frozen.data, "questions.md\n") + strlen("questions.md\n");
        char *rest;
        long bytes = strtol(size, &rest, 10) + (long)strlen(edits[i][1]) - (long)n;
        buf_clear(&edited);
        buf_append(&edited, frozen.data, (size_t)(size - frozen.data));
        buf_printf(&edited, "%ld", bytes);
        buf_append(&edited, rest, (size_t)(at - rest));
        buf_puts(&edited, edits[i][1]);
        buf_puts(&edited, at + n);
        struct course_source *other = course_thaw(edited.data, edited.length, &e);
        if (!other || !course_publication(other))
            fail_msg("edit %zu: %s", i, e.message);
        int changed = 0;
        for (int k = 0; k < p->item_count; k++)
            changed += strcmp(p->items[k].hash, course_publication(other)->items[k].hash) != 0;
        assert_int_equal(changed, i + 1 < count);
        course_free(other);
    }
    buf_free(&frozen);
    buf_free(&edited);
}

static bool is_permutation(const int *numbers, int count)
{
    unsigned seen = 0;
    for (int i = 0; i < count; i++)
        seen |= 1u << numbers[i];
    return seen == ((1u << count) - 1) << 1;
}

static void an_order_is_never_shown_as_it_should_be(void **state)
{
    (void)state;
    struct rng rng;
    rng_seed(&rng, 11);
    const struct item *order = item_of("q-kinds-order-2"), *match = item_of("q-kinds-match-1");
    int moved = 0;
    for (int round = 0; round < 2000; round++) {
        struct item_layout layout;
        draw_layout(order, &rng, &layout);
        assert_true(is_permutation(layout.options, 4));
        bool same = true;
        for (int i = 0; i < 4; i++)
            same &= order->options[layout.options[i] - 1].goes == i + 1;
        assert_false(same);
        draw_layout(match, &rng, &layout);
        assert_true(is_permutation(layout.partners, 3));
        for (int i = 0; i < 3; i++)
            assert_int_equal(layout.options[i], i + 1);
        moved += layout.partners[0] != 1;
    }
    assert_in_range(moved, 1200, 1500); /* two of three */
}

static void a_form_keeps_its_layouts(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct rng rng;
    struct error e = {0};
    struct attempt_item items[ATTEMPT_MAX_ITEMS];
    int count, read;
    rng_seed(&rng, 5);
    for (int round = 0; round < 50; round++) {
        const char *form = draw_form(p, 77, "", &rng, a, &count);
        assert_int_equal(count, p->check_draw);
        if (draw_read(p, form, items, &read, &e))
            fail_msg("%s", e.message);
        assert_int_equal(read, count);
        for (int i = 0; i < read; i++) {
            assert_true(is_permutation(items[i].layout.options, items[i].item->option_count));
            assert_true(is_permutation(items[i].layout.partners, items[i].item->partner_count));
            assert_true(draw_has(form, items[i].item->id));
        }
    }
    assert_int_equal(draw_read(p, "q-kinds-match-1:1,2,3", items, &read, &e), -1);
    assert_int_equal(draw_read(p, "q-kinds-match-1:1,2,3/1,2,4", items, &read, &e), -1);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_numbers_of_an_order_tell_nothing_of_its_places),
        cmocka_unit_test(
            lines_of_a_match_keep_their_order_and_partners_are_numbered_by_their_words),
        cmocka_unit_test(answers_become_canonical),
        cmocka_unit_test(part_of_it_right_is_part_of_the_mark),
        cmocka_unit_test(the_hash_covers_every_part),
        cmocka_unit_test(an_order_is_never_shown_as_it_should_be),
        cmocka_unit_test(a_form_keeps_its_layouts),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
