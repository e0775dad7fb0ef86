/*
 * Every code of the table has at least one course that makes the reader say it, at the right place.
 * Each row is one edit to the sound sample course.
 */
#include "pages/pages.h"
#include "test_course_sample.h"

#define JSON   "course.json"
#define FIRST  "lessons/01-asking.md"
#define SECOND "lessons/02-repairing.md"
#define ITEMS  "questions.md"
#define REFS   "references.md"
#define CASE   "cases/visit.md"
#define MORE(text)                                                                                 \
    "Interpreters:\n", "Interpreters:\n\n" text /* at the end of the first lesson                  \
                                                 */

/* The second item, from its type on, as an order or a match. */
#define SECOND_ITEM                                                                                \
    "type: truefalse\n\nAsking takes long.\n\n- [ ] True\n  > Half a minute.\n- [x] False\n"       \
    "  > It saves time.\n"
#define ORDER(entries) "type: order\n\nIn which order?\n" entries
#define MATCH(rows)    "type: match\n\nWhich?\n\n| X | Y |\n| - | - |\n" rows
#define THREE          "| A | a |\n| B | b |\n| C | c |\n"
#define WHY            "\n1. > a\n2. > b\n3. > c\n"

static const struct row {
    const char *code, *place; /* "questions.md:12:3" */
    const char *file;
    const char *find;    /* NULL: the whole file */
    const char *replace; /* NULL with find NULL: the file is taken away */
    const char *today;   /* NULL: the day on which the sample is sound */
} rows[] = {
    {"F01", FIRST ":29:7", FIRST, MORE("Broken\xff here.\n"), 0},
    {"F01", ITEMS ":1:5", ITEMS, "# Questions", "# \xc3\xa9\xc3", 0},
    {"F02", FIRST ":29:5", FIRST, MORE("A be\x07ll.\n"), 0},
    {"F02", REFS ":1:1", REFS, "# References", "\xef\xbb\xbf# References", 0},
    {"F04", JSON ":1:1", JSON, NULL, NULL, 0},
    {"F04", ITEMS ":1:1", ITEMS, NULL, NULL, 0},
    {"F04", REFS ":1:1", REFS, NULL, NULL, 0},
    {"F05", "lessons/03-Asking_More.md:1:1", "lessons/03-Asking_More.md", NULL, "# More\n", 0},
    {"F05", "media/a b.png:1:1", "media/a b.png", NULL, "x", 0},
    {"F06", "lessons/03-asking.md:1:1", "lessons/03-asking.md", NULL, "# Again\n", 0},
    {"F06", "cases/visit.md:1:1", "cases/visit.md", "A short story.", "A short story.", 0},
    {"F08", "lessons/03-check.md:1:1", "lessons/03-check.md", NULL, "# Check\n", 0},
    {"F08", "lessons/v2.md:1:1", "lessons/v2.md", NULL, "# Two\n", 0},
    {"J01", JSON ":7:14", JSON, "\"minutes\": 16,", "\"minutes\": 016,", 0},
    {"J01", JSON ":4:3", JSON, "\"small\",", "\"small\"", 0},
    {"J02", JSON ":7:18", JSON, "\"minutes\": 16,", "\"minutes\": 16, \"minutes\": 17,", 0},
    {"J03", JSON ":7:18", JSON, "\"minutes\": 16,", "\"minutes\": 16, \"x\": 0,", 0},
    {"J03", JSON ":11:33", JSON, "\"ask\", \"text\"", "\"ask\", \"testo\": \"\", \"text\"", 0},
    {"J04", JSON ":7:14", JSON, "\"minutes\": 16,", "\"minutes\": \"16\",", 0},
    {"J04", JSON ":9:30", JSON, "\"teachers\"", "7", 0},
    {"J04", JSON ":20:20", JSON, "2026-11-22", "2026-11-31", 0},
    {"J05", JSON ":1:1", JSON, "  \"minutes\": 16,\n", "", 0},
    {"J05", JSON ":11:5", JSON, "\"verb\": \"ask\", ", "", 0},
    {"J06", JSON ":19:12", JSON, "\"pilot\"", "\"final\"", 0},
    {"J06", JSON ":28:19", JSON, "80", "180", 0},
    {"J06", JSON ":2:13", JSON, "\"format\": 1", "\"format\": 2", 0},
    {"J06", JSON ":22:37", JSON, "\"check\"]", "\"exam\"]", 0},
    {"J06", JSON ":29:15", JSON, "\"pre_draw\": 1", "\"pre_draw\": 3", 0},
    {"J06", JSON ":24:24", JSON, "\"not-designated\"", "\"maybe\"", 0},
    {"J06", JSON ":12:67", JSON, "\"case\"}", "\"exam\"}", 0},
    {"J07", JSON ":3:9", JSON, "\"id\": \"small\"", "\"id\": \"smell\"", 0},
    {"J08", JSON ":12:12", JSON, "\"id\": \"A2\"", "\"id\": \"A1\"", 0},
    {"J09", JSON ":26:14", JSON, "\"ca_clc\": [\"A1\"]", "\"ca_clc\": [\"A9\"]", 0},
    {"J10", JSON ":19:12", JSON, "\"pilot\"", "\"released\"", 0},
    {"M01", FIRST ":29:1", FIRST, MORE("<div>block</div>\n"), 0},
    {"M01", FIRST ":29:6", FIRST, MORE("Some <b>bold</b> words.\n"), 0},
    {"M01", ITEMS ":11:9", ITEMS, "A question\n", "A <br> question\n", 0},
    {"M01", CASE ":7:1", CASE, "You open the door.", "<!-- later -->", 0},
    {"M02", FIRST ":17:1", FIRST, "## What", "### What", 0},
    {"M03", FIRST ":29:5", FIRST, MORE("See ![](media/line.png).\n"), 0},
    {"M04", FIRST ":29:1", FIRST, MORE("![A line](media/other.png)\n"), 0},
    {"M04", FIRST ":29:1", FIRST, MORE("![A line](https://example.org/a.png)\n"), 0},
    {"M05", FIRST ":29:3", FIRST, MORE("A [link](http://example.org).\n"), 0},
    {"M05", FIRST ":29:3", FIRST, MORE("A [link](javascript:alert(1)).\n"), 0},
    {"M05", FIRST ":29:3", FIRST, MORE("A [link](//example.org).\n"), 0},
    {"M06", FIRST ":29:3", FIRST, MORE("A [link](02-repairing.md).\n"), 0},
    {"M06", FIRST ":29:3", FIRST, MORE("A [link](#nowhere).\n"), 0},
    {"M06", CASE ":7:10", CASE, "You open the door.", "You open [it](#talk).", 0},
    {"M07", FIRST ":23:3", FIRST, "[!KEY]", "[!KEYS]", 0},
    {"M07", FIRST ":29:5", FIRST, MORE("- > [!KEY]\n  > Inside a list.\n"), 0},
    {"M07", ITEMS ":12:5", ITEMS, "It opens.", "[!KEY]", 0},
    {"M07", "facilitator.md:5:3", "facilitator.md", "[!KEY]", "[!COMMIT]", 0},
    {"M08", FIRST ":21:3", FIRST, "q-small-l1", "q-small-l9", 0},
    {"M08", FIRST ":26:3", FIRST, "interpreter_line", "interpreter_lien", 0},
    {"M08", SECOND ":25:3", SECOND, "[!CASE visit]", "[!CASE visits]", 0},
    {"M09", FIRST ":23:3", FIRST, "[!KEY]", "[!KEY] at once", 0},
    {"M09", FIRST ":21:3", FIRST, "[!CHECK q-small-l1]", "[!CHECK]", 0},
    {"M09", SECOND ":17:3", SECOND, "2027-05-22", "soon", 0},
    {"M09", SECOND ":28:3", SECOND, "> - [ ] Ask.\n", "", 0},
    {"M09", SECOND ":22:3", FIRST, MORE("> [!REFLECT r1]\n> The same name.\n"), 0},
    {"M09", SECOND ":28:3", SECOND, "[!TOOL card]", "[!TOOL]", 0},
    {"M09", SECOND ":28:3", SECOND, "[!TOOL card]", "[!TOOL My_Card]", 0},
    {"M09", SECOND ":28:3", FIRST, MORE("> [!TOOL card]\n> The same name.\n"), 0},
    {"M10", FIRST ":19:42", FIRST, "@Smith2001", "@Smith2002", 0},
    {"M10", ITEMS ":43:38", ITEMS, "@Smith2001", "@Jones1999", 0},
    {"M11", FIRST ":1:1", FIRST, "# Asking first\n", "", 0},
    {"M11", FIRST ":17:1", FIRST, "## What", "# What", 0},
    {"M12", FIRST ":19:41", FIRST, "[@Smith2001]", "[@Smith2001, p. 3]", 0},
    {"Q01", ITEMS ":3:1", ITEMS, "## q-small-l1", "## Q small", 0},
    {"Q02", ITEMS ":45:1", ITEMS, "## q-small-02", "## q-small-01", 0},
    {"Q03", ITEMS ":3:1", ITEMS, "What comes first?\n\n", "", 0},
    {"Q04", ITEMS ":3:1", ITEMS, "- [ ] A statement\n  > It closes.\n", "", 0},
    {"Q04", ITEMS ":3:1", ITEMS, "- [ ] A statement\n",
     "- [ ] B\n  > b\n- [ ] C\n  > c\n- [ ] D\n  > d\n- [ ] E\n  > e\n- [ ] F\n  > f\n"
     "- [ ] A statement\n",
     0},
    {"Q05", ITEMS ":3:1", ITEMS, "- [x] A question", "- [ ] A question", 0},
    {"Q05", ITEMS ":18:1", ITEMS, "- [ ] True", "- [x] True", 0},
    {"Q06", ITEMS ":45:1", ITEMS,
     "- [x] Naming what you did\n  > First.\n- [ ] Explaining what you "
     "meant\n  > It turns to you.\n- [x] Saying",
     "- [ ] Naming\n  > First.\n- [ ] Saying", 0},
    {"Q07", ITEMS ":13:3", ITEMS, "- [ ] A statement\n  > It closes.\n", "- [ ] A statement\n", 0},
    {"Q08", ITEMS ":4:12", ITEMS, "objective: A1", "objective: A7", 0},
    {"Q09", ITEMS ":13:3", ITEMS, "A statement", "None of the above", 0},
    {"Q10", ITEMS ":5:1", ITEMS, "use: lesson", "used: lesson", 0},
    {"Q11", ITEMS ":3:1", ITEMS, "use: lesson\n", "", 0},
    {"Q12", ITEMS ":6:7", ITEMS, "type: single", "type: singel", 0},
    {"Q12", ITEMS ":5:6", ITEMS, "use: lesson", "use: exam", 0},
    {"Q12", ITEMS ":34:9", ITEMS, "spaced: yes", "spaced: often", 0},
    {"Q13", ITEMS ":6:1", ITEMS, "type: single", "use: lesson", 0},
    {"Q15", ITEMS ":8:1", ITEMS, "\n\nWhat comes first?", "\nWhat comes first?", 0},
    {"Q15", ITEMS ":13:1", ITEMS, "  > It opens.", "> It opens.", 0},
    {"Q15", ITEMS ":16:1", ITEMS, "> Ask first.", "Ask first.", 0},
    {"Q15", ITEMS ":9:1", ITEMS, "What comes first?", "### What comes first?", 0},
    {"Q15", ITEMS ":16:3", ITEMS, "  > It closes.\n", "  > It closes.\n\n  Truly.\n", 0},
    {"Q16", ITEMS ":13:3", ITEMS, "- [ ] A statement", "- A statement", 0},
    {"Q17", ITEMS ":18:1", ITEMS, "- [ ] True", "- [ ] Yes", 0},
    {"Q07", ITEMS ":26:1", ITEMS, SECOND_ITEM, ORDER("1. A\n   > a\n2. B\n3. C\n   > c\n"), 0},
    {"Q07", ITEMS ":29:1", ITEMS, SECOND_ITEM, MATCH(THREE "\n1. > a\n2. > b\n"), 0},
    {"Q12", ITEMS ":21:7", ITEMS, "type: truefalse", "type: mach", 0},
    {"Q15", ITEMS ":26:1", ITEMS, SECOND_ITEM, ORDER("1. A\n  > a\n2. B\n  > b\n"), 0},
    {"Q15", ITEMS ":27:4", ITEMS, SECOND_ITEM,
     ORDER("1. A\n   > a\n\n   more\n2. B\n   > b\n3. C\n   > c\n"), 0},
    {"Q15", ITEMS ":34:1", ITEMS, SECOND_ITEM, MATCH(THREE WHY "4. > d\n"), 0},
    {"Q15", ITEMS ":31:1", ITEMS, SECOND_ITEM, MATCH(THREE "\n1. a\n2. > b\n3. > c\n"), 0},
    {"Q15", ITEMS ":31:1", ITEMS, SECOND_ITEM, MATCH(THREE "\n- > a\n- > b\n- > c\n"), 0},
    {"Q18", ITEMS ":7:7", ITEMS, "refs: Smith2001", "refs: Smith2003", 0},
    {"Q19", ITEMS ":18:1", ITEMS, SECOND_ITEM, ORDER("1. A\n   > a\n2. B\n   > b\n"), 0},
    {"Q19", ITEMS ":18:1", ITEMS, SECOND_ITEM, ORDER("1. A\n2. B\n3. C\n4. D\n5. E\n6. F\n7. G\n"),
     0},
    {"Q19", ITEMS ":18:1", ITEMS, SECOND_ITEM, MATCH("| A | a |\n| B | b |\n" WHY), 0},
    {"Q20", ITEMS ":28:1", ITEMS, SECOND_ITEM,
     ORDER("1. A\n   > a\n2. B\n   > b\n3. *A*\n   > c\n"), 0},
    {"Q20", ITEMS ":29:2", ITEMS, SECOND_ITEM, MATCH("| A | a |\n| B | b |\n| A | c |\n" WHY), 0},
    {"Q20", ITEMS ":29:6", ITEMS, SECOND_ITEM, MATCH("| A | a |\n| B | b |\n| C | *a* |\n" WHY), 0},
    {"Q21", ITEMS ":18:1", ITEMS, SECOND_ITEM, ORDER("A, then B.\n"), 0},
    {"Q21", ITEMS ":24:1", ITEMS, SECOND_ITEM, ORDER("- A\n  > a\n- B\n  > b\n- C\n  > c\n"), 0},
    {"Q21", ITEMS ":24:1", ITEMS, SECOND_ITEM,
     ORDER("1. [x] A\n   > a\n2. B\n   > b\n3. C\n   > c\n"), 0},
    {"Q22", ITEMS ":18:1", ITEMS, "type: truefalse", "type: match", 0},
    {"Q22", ITEMS ":29:1", ITEMS, SECOND_ITEM, MATCH("| A | a |\n| B | b |\n| C | c | d |\n" WHY),
     0},
    {"Q22", ITEMS ":28:1", ITEMS, SECOND_ITEM, MATCH("| A | a |\n| B |\n| C | c |\n" WHY), 0},
    {"Q22", ITEMS ":25:1", ITEMS, SECOND_ITEM,
     "type: match\n\nWhich?\n\n| X | Y | Z |\n| - | - | - |\n" THREE WHY, 0},
    {"Q23", ITEMS ":28:6", ITEMS, SECOND_ITEM, MATCH("| A | a |\n| B | |\n| C | c |\n" WHY), 0},
    {"Q23", ITEMS ":25:6", ITEMS, SECOND_ITEM,
     "type: match\n\nWhich?\n\n| X | |\n| - | - |\n" THREE WHY, 0},
    {"C01", CASE ":9:3", CASE, "(#talk)", "(#tlak)", 0},
    {"C02", CASE ":16:1", CASE, "(#talk)", "(#end-good)", 0},
    {"C03", CASE ":22:1", CASE, "## end-good {end}", "## end-good", 0},
    {"C03", CASE ":16:1", CASE, "[Go on](#end-good)", "[Go on](#talk)", 0},
    {"C04", CASE ":11:3", CASE, "  > Time passes.\n", "", 0},
    {"C05", CASE ":5:1", CASE, "{mixed}", "{poor}", 0},
    {"C06", CASE ":11:3", CASE, " {mixed}", "", 0},
    {"C06", CASE ":11:3", CASE, "{mixed}", "{mixd}", 0},
    {"C06", CASE ":11:3", CASE, " {mixed}", " and see", 0},
    {"C07", CASE ":26:1", CASE, "## end-late", "## end-good", 0},
    {"C08", CASE ":1:1", CASE, NULL, "# The visit\n\nNo scenes.\n", 0},
    {"C09", CASE ":22:1", CASE, "You know more.\n", "- [Again](#start)\n", 0},
    {"C10", CASE ":26:1", CASE, "## end-late {end}", "## end-late {last}", 0},
    {"C10", CASE ":16:1", CASE, "  > They nod.\n", "  > They nod.\n\nAnd then?\n", 0},
    {"C10", CASE ":11:3", CASE, "[Wait](#end-late)", "Wait", 0},
    {"C10", CASE ":13:3", CASE, "  > Time passes.\n", "\n  Time passes.\n", 0},
    {"R01", REFS ":8:1", REFS, "public page\n", "public page\n\n## Smith2001\nThe same.\n", 0},
    {"R02", REFS ":3:1", REFS, "## Smith2001", "## Smith et al. 2001", 0},
    {"R02", REFS ":3:1", REFS, "Smith A, Jones B. On asking. J Ask 2001;1:1-2. doi:10.1000/182.\n",
     "", 0},
    {"L01", JSON ":12:12", JSON, ", \"evidence\": \"case\"", "", 0},
    {"L02", JSON ":30:17", JSON, "\"check_draw\": 2", "\"check_draw\": 3", 0},
    {"L03", FIRST ":1:1", FIRST, "> [!CHECK q-small-l1]\n", "", 0},
    {"L04", FIRST ":21:3", FIRST, "q-small-l1", "q-small-01", 0},
    {"L05", JSON ":22:17", CASE, NULL, NULL, 0},
    {"L05", JSON ":12:12", CASE, NULL, NULL, 0},
    {"L05", JSON ":13:12", SECOND, "[!COMMIT]", "[!KEY]", 0},
    {"L06", SECOND ":20:3", SECOND, "q-small-l2", "q-small-l1", 0},
    {"W03", "lessons/03-more.md:1:1", "lessons/03-more.md", NULL, "# More\n\nShort.\n", 0},
    {"W04", JSON ":7:14", JSON, "\"minutes\": 16", "\"minutes\": 40", 0},
    {"W04", JSON ":7:14", JSON, "\"minutes\": 16", "\"minutes\": 5", 0},
    {"W05", JSON ":20:20", JSON, "\"review_every_months\": 12", "\"review_every_months\": 1",
     "2026-12-23"},
    {"W06", SECOND ":17:3", SECOND, "The rule", "The rule", "2027-05-23"},
    {"W07", FIRST ":19:27", FIRST, " [@Smith2001]", "", 0},
    {"W07", FIRST ":30:1", FIRST, MORE("It was seen in\n40 percent of visits.\n"), 0},
    {"W07", ITEMS ":26:10", ITEMS, "Half a minute.", "Only 3.5 % of it.", 0},
    {"W08", ITEMS ":9:1", ITEMS, "What comes first?", "Which of these is not open?", 0},
    {"W09", FIRST ":29:5", FIRST, MORE("Ask the elderly first.\n"), 0},
    {"W09", CASE ":7:11", CASE, "You open the door.", "You see a frequent flyer.", 0},
    {"W10", REFS ":8:1", REFS, "public page\n",
     "public page\n\n## Miller1990\nMiller G. On assessing.\n", 0},
    {"W11", JSON ":5:12", JSON, "A small course", "A small course for CME credit", 0},
    {"W11", FIRST ":29:14", FIRST, MORE("It counts as AMA\nPRA Category 1 Credit.\n"), 0},
    {"W12", "cases/other.md:1:1", "cases/other.md", NULL, "## a {end}\n\nThe end.\n", 0},
    {"N01", FIRST ":26:3", "../site.json", "555-0100", "", 0},
    {"N02", "lessons/notes.txt:1:1", "lessons/notes.txt", NULL, "to do", 0},
};
#define ROWS (sizeof rows / sizeof *rows)

static char *parent;
static const char *folder;

static int make_folder(void **state)
{
    (void)state;
    parent = temp_folder();
    folder = write_sample(parent);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    remove_folder(parent);
    return 0;
}

static char *read_text(const char *path)
{
    char full[700];
    snprintf(full, sizeof full, "%s/%s", folder, path);
    FILE *f = fopen(full, "rb");
    char *text = calloc(1, 1 << 16);
    if (f) {
        size_t n = fread(text, 1, (1 << 16) - 1, f);
        assert_true(n > 0);
        fclose(f);
    }
    return text;
}

static void edit(const struct row *r)
{
    char full[700];
    snprintf(full, sizeof full, "%s/%s", folder, r->file);
    if (!r->find && !r->replace) {
        assert_int_equal(unlink(full), 0);
        return;
    }
    if (!r->find) {
        write_file(folder, r->file, r->replace, strlen(r->replace));
        return;
    }
    char *text = read_text(r->file), *at = strstr(text, r->find);
    if (!at)
        fail_msg("%s: \"%s\" is not in %s", r->code, r->find, r->file);
    size_t before = (size_t)(at - text), n = strlen(text) + strlen(r->replace);
    char *edited = calloc(1, n + 1);
    memcpy(edited, text, before);
    strcat(edited, r->replace);
    strcat(edited, at + strlen(r->find));
    write_file(folder, r->file, edited, strlen(edited));
    free(edited);
    free(text);
}

static bool is_place(const struct diagnostic *d, const char *place)
{
    char here[600], expected[600];
    snprintf(here, sizeof here, "%s:%d:%d", d->file, d->line, d->column);
    snprintf(expected, sizeof expected, "%s/%s", folder, place);
    return strcmp(here, expected) == 0;
}

static void the_sample_itself_is_sound(void **state)
{
    (void)state;
    struct course_source *c = read_on(folder, "2026-12-01");
    const struct diagnostic *list;
    int count = course_diagnostics(c, &list);
    if (count > 0) {
        print_diagnostics(c);
        fail_msg("the sample has %d problems", count);
    }
    assert_non_null(course_publication(c));
    course_free(c);
}

/* Each row in a folder of its own, because an edit stays. */
static void each_edit_is_reported_where_it_is(void **state)
{
    (void)state;
    int missed = 0;
    for (size_t i = 0; i < ROWS; i++) {
        char *own = temp_folder();
        folder = write_sample(own);
        edit(&rows[i]);
        if (strcmp(rows[i].code, "F06") == 0)
            write_file(folder, "cases/2-visit.md", sample_case, strlen(sample_case));
        struct course_source *c = read_on(folder, rows[i].today ? rows[i].today : "2026-12-01");
        const struct diagnostic *list;
        int count = course_diagnostics(c, &list);
        bool found = false;
        for (int k = 0; k < count && !found; k++)
            found = strcmp(list[k].code, rows[i].code) == 0 && is_place(&list[k], rows[i].place);
        if (!found) {
            print_message("row %zu: no %s at %s, but\n", i, rows[i].code, rows[i].place);
            print_diagnostics(c);
            missed++;
        }
        for (int k = 0; k < count; k++) {
            assert_true(strlen(list[k].message) > 0);
            assert_true(strlen(list[k].hint) > 0);
        }
        course_free(c);
        remove_folder(own);
    }
    folder = NULL;
    assert_int_equal(missed, 0);
}

/* These have tests of their own below, because a row cannot make them. */
static const char *const elsewhere[] = {"G01", "G02", "G03", "G04", "G05",
                                        "F03", "F07", "W01", "W02"};

static void every_code_has_an_example(void **state)
{
    (void)state;
    int count;
    const struct diagnostic_code *codes = diagnostic_codes(&count);
    for (int i = 0; i < count; i++) {
        bool found = false;
        for (size_t k = 0; k < ROWS; k++)
            found |= strcmp(rows[k].code, codes[i].code) == 0;
        for (size_t k = 0; k < sizeof elsewhere / sizeof *elsewhere; k++)
            found |= strcmp(elsewhere[k], codes[i].code) == 0;
        if (!found)
            fail_msg("%s has no example", codes[i].code);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(codes[i].code, codes[k].code);
    }
}

/* A page below /courses/{course}/ that is added to the route table takes its name from lessons. */
static void no_lesson_hides_behind_a_page_of_the_course(void **state)
{
    (void)state;
    static const char below[] = "/courses/{course}/";
    int seen = 0;
    for (const struct route *const *table = pages_routes(); *table; table++)
        for (const struct route *r = *table; r->pattern; r++) {
            char segment[64] = "";
            if (strncmp(r->pattern, below, sizeof below - 1) != 0)
                continue;
            sscanf(r->pattern + sizeof below - 1, "%63[^/]", segment);
            if (segment[0] == '{')
                continue;
            seen++;
            if (strcmp(segment, "v{hash}") == 0)
                strcpy(segment, "v0123456789abcdef");
            if (!lesson_name_reserved(segment))
                fail_msg("a lesson could be named \"%s\", as %s is", segment, r->pattern);
        }
    assert_true(seen >= 6);
    static const char *const free_names[] = {"checking-in", "v", "vowels", "v2-x", "review-it"};
    for (size_t i = 0; i < sizeof free_names / sizeof *free_names; i++)
        assert_false(lesson_name_reserved(free_names[i]));
}

static int count_code(const struct course_source *c, const char *code)
{
    const struct diagnostic *list;
    int n = course_diagnostics(c, &list), found = 0;
    for (int i = 0; i < n; i++)
        found += strcmp(list[i].code, code) == 0;
    return found;
}

static void sizes_are_limited(void **state)
{
    (void)state;
    size_t n = ((size_t)256 << 10) + 1;
    char *big = malloc(n);
    memset(big, 'a', n);
    write_file(folder, "facilitator.md", big, n - 1);
    struct course_source *c = read_on(folder, "2026-12-01");
    assert_int_equal(count_code(c, "F03"), 0);
    course_free(c);
    write_file(folder, "facilitator.md", big, n);
    c = read_on(folder, "2026-12-01");
    assert_int_equal(count_code(c, "F03"), 1);
    course_free(c);
    free(big);
}

static void images_are_limited_and_so_is_the_course(void **state)
{
    (void)state;
    size_t n = ((size_t)1 << 20) + 1;
    char *big = calloc(1, n), name[32];
    write_file(folder, "media/big.png", big, n - 1);
    struct course_source *c = read_on(folder, "2026-12-01");
    assert_int_equal(count_code(c, "F03"), 0);
    course_free(c);
    write_file(folder, "media/big.png", big, n);
    c = read_on(folder, "2026-12-01");
    assert_int_equal(count_code(c, "F03"), 1);
    course_free(c);
    for (int i = 0; i < 8; i++) {
        snprintf(name, sizeof name, "media/image-%d.png", i);
        write_file(folder, name, big, n - 1);
    }
    c = read_on(folder, "2026-12-01"); /* eight of the largest are more than 8 MiB with the text */
    assert_int_equal(count_code(c, "F03"), 2);
    course_free(c);
    free(big);
}

static void what_is_no_file_cannot_be_read(void **state)
{
    (void)state;
    char path[400];
    snprintf(path, sizeof path, "%s/facilitator.md", folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0); /* must not hang either */
    struct course_source *c = read_on(folder, "2026-12-01");
    assert_int_equal(count_code(c, "F07"), 1);
    course_free(c);
}

static void a_bank_with_habits_is_noticed(void **state)
{
    (void)state;
    char *bank = calloc(1, 1 << 15);
    for (int i = 0; i < 8; i++)
        sprintf(bank + strlen(bank),
                "## q-small-%d\nobjective: A1\nuse: %s\ntype: single\n\nWhich is it?\n\n"
                "- [x] %s\n  > Yes.\n- [ ] A middle one\n  > No.\n\n",
                i, i < 2 ? "lesson" : "check", i < 5 ? "The very much longer one" : "Short");
    write_file(folder, "questions.md", bank, strlen(bank));
    struct course_source *c = read_on(folder, "2026-12-01");
    assert_int_equal(count_code(c, "W01"), 1); /* 5 of 8 */
    assert_int_equal(count_code(c, "W02"), 1);
    course_free(c);
    free(bank);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_sample_itself_is_sound, make_folder, drop_folder),
        cmocka_unit_test(each_edit_is_reported_where_it_is),
        cmocka_unit_test(every_code_has_an_example),
        cmocka_unit_test(no_lesson_hides_behind_a_page_of_the_course),
        cmocka_unit_test_setup_teardown(sizes_are_limited, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(images_are_limited_and_so_is_the_course, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(what_is_no_file_cannot_be_read, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_bank_with_habits_is_noticed, make_folder, drop_folder),
    };
    return cmocka_run_group_tests_name("course codes", tests, NULL, NULL);
}
