/*
 * What is read from a sound course, what its pages are made of, how its bytes are frozen, and how
 * an answer is marked.
 */
#include "base/buf.h"
#include "base/error.h"
#include "test_course_sample.h"
#include <utime.h>

static char *parent;
static char folder[320];
static struct course_source *course;
static const struct publication *p;

static int read_sample(void **state)
{
    (void)state;
    parent = temp_folder();
    snprintf(folder, sizeof folder, "%s", write_sample(parent));
    course = read_on(folder, "2026-12-01");
    p = course_publication(course);
    return p ? 0 : -1;
}

static int drop_sample(void **state)
{
    (void)state;
    course_free(course);
    remove_folder(parent);
    return 0;
}

/* Reads again after the files changed. */
static void reread(void)
{
    course_free(course);
    course = read_on(folder, "2026-12-01");
    p = course_publication(course);
    if (!p)
        print_diagnostics(course);
    assert_non_null(p);
}

static void metadata_is_read(void **state)
{
    (void)state;
    assert_string_equal(p->course, "small");
    assert_string_equal(p->version, "1.0.0");
    assert_string_equal(p->title, "A small course");
    assert_string_equal(p->certificate_title, "A small course: module completed");
    assert_string_equal(p->audience, "clinicians, teachers");
    assert_true(p->pilot);
    assert_true(p->test_out);
    assert_true(p->needs_lessons && p->needs_case && p->needs_check);
    assert_int_equal(p->minutes, 16);
    assert_int_equal(p->pass_marks, 2); /* 80 % of 2, rounded up */
    assert_int_equal(p->objective_count, 3);
    assert_string_equal(p->objectives[0].verb, "ask");
    assert_int_equal(p->follow_up_count, 2);
    assert_int_equal(p->follow_up_days[1], 30);
    assert_int_equal(p->commitment_count, 1);
    assert_string_equal(p->last_reviewed, "2026-11-22");
    assert_int_equal(strlen(p->hash), 64);
}

static void a_lesson_is_a_list_of_pieces(void **state)
{
    (void)state;
    static const enum piece_kind kinds[] = {PIECE_HTML, PIECE_VOLATILE, PIECE_CHECK, PIECE_REFLECT,
                                            PIECE_CASE, PIECE_TOOL,     PIECE_COMMIT};
    int index;
    assert_int_equal(p->lesson_count, 2);
    const struct lesson *l = publication_lesson(p, "repairing", &index);
    assert_non_null(l);
    assert_int_equal(index, 1);
    assert_string_equal(l->title, "Repairing");
    assert_in_range(l->words, 150, 220);
    assert_int_equal(l->minutes, 1);
    assert_int_equal(l->piece_count, 7);
    for (int i = 0; i < 7; i++)
        assert_int_equal(l->pieces[i].kind, kinds[i]);
    assert_string_equal(l->pieces[1].as_of, "2026-11-22");
    assert_string_equal(l->pieces[1].review_by, "2027-05-22");
    assert_string_equal(l->pieces[1].html, "<p>The rule of the day.</p>");
    assert_int_equal(l->pieces[2].item, l->check_item);
    assert_string_equal(p->items[l->check_item].id, "q-small-l2");
    assert_string_equal(l->pieces[3].ref, "r1");
    assert_string_equal(l->pieces[3].html, "<p>What will you ask first?</p>");
    assert_string_equal(l->pieces[4].ref, "visit");
    assert_string_equal(l->pieces[5].ref, "card");
    assert_non_null(publication_case(p, l->pieces[4].ref));
    assert_null(publication_lesson(p, "nothing", NULL));
}

static void key_points_and_citations_are_part_of_the_html(void **state)
{
    (void)state;
    const struct lesson *l = publication_lesson(p, "asking", NULL);
    assert_int_equal(l->piece_count, 4); /* HTML, CHECK, HTML with the key point, SITE */
    assert_non_null(
        strstr(l->pieces[0].html,
               "<h2 id=\"s-what-is-known\">What is known</h2>\n<p>One trial found a gain of "
               "12% in recall (<a class=\"cite\" href=\"#ref-Smith2001\">Smith 2001</a>).</p>"));
    assert_null(
        strstr(l->pieces[0].html, "Asking first")); /* the title is the page's own heading */
    assert_string_equal(
        l->pieces[2].html,
        "<aside class=\"callout key\"><p class=\"callout-label word\">Key point</p>\n"
        "<p>Ask <em>before</em> you explain.</p>\n</aside>");
    assert_string_equal(l->pieces[3].ref, "interpreter_line");
    assert_int_equal(p->reference_count, 1);
    assert_string_equal(p->references[0].key, "Smith2001");
    assert_string_equal(p->references[0].html,
                        "<p>Smith A, Jones B. On asking. J Ask 2001;1:1-2. <a "
                        "href=\"https://doi.org/10.1000/182\" rel=\"noopener "
                        "noreferrer\">doi:10.1000/182</a>.</p>");
}

static void items_keep_source_order_and_their_rationales(void **state)
{
    (void)state;
    int index;
    const struct item *item = publication_item(p, "q-small-02", &index);
    assert_non_null(item);
    assert_int_equal(index, 3);
    assert_int_equal(p->item_count, 5);
    assert_int_equal(item->type, ITEM_MULTIPLE);
    assert_int_equal(item->use, ITEM_FOR_CHECK);
    assert_false(item->spaced);
    assert_true(p->items[2].spaced);
    assert_int_equal(item->option_count, 3);
    assert_true(item->options[0].key && !item->options[1].key && item->options[2].key);
    assert_string_equal(item->options[1].text, "Explaining what you meant");
    assert_string_equal(item->options[1].rationale_html, "<p>It turns to you.</p>");
    assert_string_equal(item->explanation_html, "");
    assert_string_equal(p->items[2].stem_html, "<p>Which question is <em>open</em>?</p>");
    assert_string_equal(p->items[2].stem_text, "Which question is open?");
    assert_non_null(strstr(p->items[2].explanation_html, "#ref-Smith2001"));
}

static void a_case_is_a_graph_of_scenes(void **state)
{
    (void)state;
    const struct branching_case *c = publication_case(p, "visit");
    assert_string_equal(c->title, "The visit");
    assert_string_equal(c->intro_html, "<p>A short story.</p>");
    assert_int_equal(c->scene_count, 4);
    assert_string_equal(c->scenes[0].id, "start");
    assert_string_equal(c->scenes[0].title, "");
    assert_int_equal(c->scenes[0].choice_count, 3);
    assert_string_equal(c->scenes[0].choices[1].id, "start-2");
    assert_string_equal(c->scenes[0].choices[1].text, "Wait");
    assert_int_equal(c->scenes[0].choices[1].target, case_scene(c, "end-late"));
    assert_string_equal(c->scenes[0].choices[1].consequence_html, "<p>Time passes.</p>");
    assert_false(c->scenes[0].choices[1].poor);
    assert_true(c->scenes[0].choices[2].poor);
    assert_true(c->scenes[2].end && c->scenes[3].end && !c->scenes[1].end);
    assert_int_equal(case_scene(c, "nowhere"), -1);
    assert_null(strstr(c->scenes[0].choices[0].html, "best")); /* the rating is never shown */
}

static void replace(const char *path, const char *text)
{
    write_file(folder, path, text, strlen(text));
}

static void html_is_safe_and_readable_for_all(void **state)
{
    (void)state;
    static const char source[] =
        "# T\n\n" SAMPLE_WORDS "\n| | A & B |\n|---|---|\n| **r** | 1 \\< 2 |\n\n"
        "![A *falling* \"line\"](../media/line.png) [x](https://e.org/?a=1&b=2)\n\n"
        "![Two ways](../media/two.svg)\n\n"
        "[m](mailto:a@e.org) [t](#below)\n\n## Below\n\n1. one\n2. two\n\n"
        "> [!CHECK q-small-l1]\n\n> quote `co<de`\n";
    replace("lessons/01-asking.md", source);
    replace("media/two.svg", "<svg viewBox=\"0 0 480 960\" width=\"400\" height=\"800\"/>");
    reread();
    const char *html = p->lessons[0].pieces[0].html;
    assert_non_null(strstr(html, "alt=\"Two ways\" width=\"400\" height=\"800\"></p>"));
    assert_non_null(strstr(html, "<tr><td></td><th scope=\"col\">A &amp; B</th></tr>"));
    assert_non_null(
        strstr(html, "<tr><th scope=\"row\"><strong>r</strong></th><td>1 &lt; 2</td></tr>"));
    char image[300];
    snprintf(image, sizeof image,
             "<img src=\"/courses/small/v%s/media/line.png\" alt=\"A falling &quot;line&quot;\">",
             p->hash);
    assert_non_null(strstr(html, image));
    assert_non_null(
        strstr(html, "<a href=\"https://e.org/?a=1&amp;b=2\" rel=\"noopener noreferrer\">x</a>"));
    assert_non_null(strstr(html, "<a href=\"mailto:a@e.org\">m</a> <a href=\"#s-below\">t</a>"));
    assert_non_null(strstr(html, "<ol>\n<li>one</li>\n<li>two</li>\n</ol>"));
    const struct piece *last = &p->lessons[0].pieces[2];
    assert_string_equal(last->html,
                        "<blockquote>\n<p>quote <code>co&lt;de</code></p>\n</blockquote>");
    assert_non_null(publication_media(p, "line.png"));
    assert_string_equal(publication_media(p, "line.png")->type, "image/png");
    assert_null(publication_media(p, "other.png"));
}

/* ---- frozen ---- */

static void freeze(const struct course_source *c, struct buf *b)
{
    buf_init(b, (size_t)16 << 20);
    course_freeze(c, b);
}

static void what_is_frozen_thaws_to_the_same_course(void **state)
{
    (void)state;
    struct buf b, again;
    struct error e = {0};
    freeze(course, &b);
    assert_memory_equal(b.data, "cases/visit.md\n", 15); /* sorted by the bytes of the path */
    struct course_source *thawed = course_thaw(b.data, b.length, &e);
    assert_non_null(thawed);
    assert_int_equal(course_errors(thawed), 0);
    const struct publication *q = course_publication(thawed);
    assert_string_equal(q->hash, p->hash);
    assert_string_equal(q->lessons[1].pieces[0].html, p->lessons[1].pieces[0].html);
    assert_string_equal(q->items[4].hash, p->items[4].hash);
    assert_string_equal(q->facilitator_html, p->facilitator_html);
    freeze(thawed, &again);
    assert_int_equal(again.length, b.length);
    assert_memory_equal(again.data, b.data, b.length);
    course_free(thawed);
    buf_free(&b);
    buf_free(&again);
}

static void damage_is_refused_or_changes_the_hash(void **state)
{
    (void)state;
    struct buf b;
    freeze(course, &b);
    for (size_t cut = 1; cut < b.length; cut += b.length / 60 + 1) {
        struct error e = {0};
        struct course_source *c = course_thaw(b.data, b.length - cut, &e);
        if (c)
            assert_true(!course_publication(c) ||
                        strcmp(course_publication(c)->hash, p->hash) != 0);
        else
            assert_int_equal(e.kind, ERROR_INVALID);
        course_free(c);
    }
    struct error e = {0};
    static const char twice[] = "a.md\n1\nx\na.md\n1\nx\n", huge[] = "a.md\n99999999999\nx\n";
    assert_null(course_thaw(twice, sizeof twice - 1, &e));
    assert_null(course_thaw(huge, sizeof huge - 1, &e));
    assert_null(course_thaw("x", 1, &e));
    buf_free(&b);
}

static void the_hash_is_of_the_files_alone(void **state)
{
    (void)state;
    char before[65], path[700], *other = temp_folder();
    struct utimbuf long_ago = {1000000000, 1000000000};
    strcpy(before, p->hash);
    replace(".hidden", "x");
    replace("lessons/01-asking.md~", "an editor's backup");
    replace("questions.md.bak", "x");
    replace("lessons/#02-repairing.md#", "x");
    snprintf(path, sizeof path, "%s/questions.md", folder);
    assert_int_equal(utime(path, &long_ago), 0);
    reread();
    assert_string_equal(p->hash, before);

    /* The same files written in another order, in another place. */
    char copy[320];
    snprintf(copy, sizeof copy, "%s", write_sample(other));
    for (size_t i = SAMPLE_FILES; i-- > 0;) {
        snprintf(path, sizeof path, "%s/%s", copy, sample_files[i].path);
        unlink(path);
        write_file(copy, sample_files[i].path, sample_files[i].text, strlen(sample_files[i].text));
    }
    struct course_source *c = read_on(copy, "2030-01-01");
    assert_string_equal(course_publication(c)->hash, before);
    course_free(c);
    remove_folder(other);

    replace("facilitator.md", "# Guide\n\nTake twenty minutes.\n");
    reread();
    assert_string_not_equal(p->hash, before);
}

static void an_items_hash_is_of_what_is_asked(void **state)
{
    (void)state;
    char stem[65], other[65];
    strcpy(stem, p->items[0].hash);
    strcpy(other, p->items[1].hash);
    char text[sizeof sample_questions + 100];
    const char *at = strstr(sample_questions, "What comes first?");
    int n = (int)(at - sample_questions);
    /* Wrapped anew and with another objective line: the same item. */
    snprintf(text, sizeof text, "%.*sWhat comes\nfirst?%s", n, sample_questions, at + 17);
    replace("questions.md", text);
    reread();
    assert_string_equal(p->items[0].hash, stem);
    /* Emphasis changes what is read: another item; the neighbour stays. */
    snprintf(text, sizeof text, "%.*sWhat comes *first*?%s", n, sample_questions, at + 17);
    replace("questions.md", text);
    reread();
    assert_string_not_equal(p->items[0].hash, stem);
    assert_string_equal(p->items[1].hash, other);
}

/* What was published stays readable whatever the calendar or later rules say. */
static void thawing_does_not_judge(void **state)
{
    (void)state;
    struct buf b;
    struct error e = {0};
    replace("lessons/03-short.md", "# Short\n\nNo question, few words, 40 percent.\n");
    course_free(course);
    course = read_on(folder, "2035-01-01");
    assert_null(course_publication(course)); /* L03 */
    freeze(course, &b);
    struct course_source *thawed = course_thaw(b.data, b.length, &e);
    const struct diagnostic *list;
    assert_int_equal(course_diagnostics(thawed, &list), 0);
    assert_int_equal(course_publication(thawed)->lesson_count, 3);
    course_free(thawed);
    buf_free(&b);
}

/* ---- answers ---- */

static void answers_become_canonical(void **state)
{
    (void)state;
    static const struct {
        const char *item, *text, *canonical; /* NULL: refused */
    } rows[] = {
        {"q-small-02", "1,3", "1,3"}, {"q-small-02", " 3 , 1", "1,3"}, {"q-small-02", "2", "2"},
        {"q-small-02", "1,1", NULL},  {"q-small-02", "4", NULL},       {"q-small-02", "0", NULL},
        {"q-small-02", "", NULL},     {"q-small-02", "1,", NULL},      {"q-small-02", ",1", NULL},
        {"q-small-02", "1 3", NULL},  {"q-small-02", "13", NULL},      {"q-small-02", "1,x", NULL},
        {"q-small-01", "2", "2"},     {"q-small-01", "1,2", NULL},     {"q-small-l2", "1,2", NULL},
        {"q-small-01", "-1", NULL},   {"q-small-01", "\xff", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[32] = "";
        struct error e = {0};
        int result =
            item_answer_read(publication_item(p, rows[i].item, NULL), rows[i].text, out, &e);
        if (!rows[i].canonical) {
            assert_int_equal(result, -1);
            assert_int_equal(e.kind, ERROR_INVALID);
            assert_string_equal(e.field, "answer");
        } else {
            assert_int_equal(result, 0);
            assert_string_equal(out, rows[i].canonical);
        }
    }
    assert_true(item_answer_has("1,3", 3));
    assert_false(item_answer_has("1,3", 2));
    assert_false(item_answer_has("", 1));
    assert_false(item_answer_has("1", 0));
}

static void marks_are_in_thousandths(void **state)
{
    (void)state;
    const struct item *multiple = publication_item(p, "q-small-02", NULL);
    const struct item *single = publication_item(p, "q-small-01", NULL);
    const struct item *truefalse = publication_item(p, "q-small-l2", NULL);
    assert_int_equal(item_mark(single, "2"), 1000);
    assert_int_equal(item_mark(single, "1"), 0);
    assert_int_equal(item_mark(single, ""), 0);
    assert_int_equal(item_mark(truefalse, "2"), 1000);
    assert_int_equal(item_mark(truefalse, "1"), 0);
    assert_int_equal(item_mark(multiple, "1,3"), 1000);
    assert_int_equal(item_mark(multiple, "1"), 500);
    assert_int_equal(item_mark(multiple, "1,2"), 0);
    assert_int_equal(item_mark(multiple, "1,2,3"), 500); /* choosing everything does not pay */
    assert_int_equal(item_mark(multiple, "2"), 0);
}

static void the_criteria_say_what_completing_takes(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4096);
    publication_criteria(p, &b);
    assert_string_equal(
        b.data,
        "Complete all 2 lessons and answer the question in each.\n"
        "Follow the case “The visit” to one of its ends.\n"
        "Pass the learning check with at least 2 of 2 questions right; attempts are unlimited.\n"
        "Or pass the learning check first: the course is then completed by assessment, without "
        "the other parts.\n");
    buf_clear(&b);
    struct publication q = *p;
    q.needs_case = q.needs_check = q.test_out = false;
    q.lesson_count = 1;
    publication_criteria(&q, &b);
    assert_string_equal(b.data, "Complete the lesson and answer its question.\n");
    buf_free(&b);
}

/* ---- the curriculum ---- */

static void the_first_module_reads_and_thaws(void **state)
{
    (void)state;
    struct error e = {0};
    struct course_source *c = read_on(SOURCE_DIR "/courses/humility", "2026-12-01");
    if (course_errors(c) > 0)
        print_diagnostics(c);
    assert_int_equal(course_errors(c), 0);
    const struct publication *h = course_publication(c);
    assert_int_equal(h->lesson_count, 7);
    assert_true(h->pass_marks == 7 && h->check_draw == 8);
    struct buf b;
    freeze(c, &b);
    struct course_source *thawed = course_thaw(b.data, b.length, &e);
    assert_non_null(thawed);
    assert_string_equal(course_publication(thawed)->hash, h->hash);
    course_free(thawed);
    course_free(c);
    buf_free(&b);
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    struct error e = {0};
    assert_null(course_read("/nowhere/at/all", 0, &e));
    assert_int_equal(e.kind, ERROR_NOT_FOUND);
}

int main(void)
{
#define WITH_SAMPLE(test) cmocka_unit_test_setup_teardown(test, read_sample, drop_sample)
    const struct CMUnitTest tests[] = {
        WITH_SAMPLE(metadata_is_read),
        WITH_SAMPLE(a_lesson_is_a_list_of_pieces),
        WITH_SAMPLE(key_points_and_citations_are_part_of_the_html),
        WITH_SAMPLE(items_keep_source_order_and_their_rationales),
        WITH_SAMPLE(a_case_is_a_graph_of_scenes),
        WITH_SAMPLE(html_is_safe_and_readable_for_all),
        WITH_SAMPLE(what_is_frozen_thaws_to_the_same_course),
        WITH_SAMPLE(damage_is_refused_or_changes_the_hash),
        WITH_SAMPLE(the_hash_is_of_the_files_alone),
        WITH_SAMPLE(an_items_hash_is_of_what_is_asked),
        WITH_SAMPLE(thawing_does_not_judge),
        WITH_SAMPLE(answers_become_canonical),
        WITH_SAMPLE(marks_are_in_thousandths),
        WITH_SAMPLE(the_criteria_say_what_completing_takes),
        cmocka_unit_test(the_first_module_reads_and_thaws),
        cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests_name("course", tests, NULL, NULL);
}
