/*
 * Moodle's GIFT: its syntax as documented, in our own words and values, becomes items or is
 * reported where it stands; and an export that is imported gives the same items.
 */
#include "base/random.h"
#include "course/gift.h"
#include "course/reader.h"
#include "test_course_sample.h"
#include <dirent.h>

static const struct gift_options to_a1 = {"x", "A1", "check"};

/* ---- the syntax, one by one ---- */

static const struct example {
    const char *gift;
    const char *item;  /* behind "## q-x-01" and its fields; NULL: no item */
    const char *type;  /* of the item */
    const char *found; /* what is reported, "1:3 G01" one after the other */
} examples[] = {
    /* one right answer, each with a rationale */
    {"Which river runs through Fresno County?{=Kings # It does. ~Thames # In England. ~Loire # In "
     "France.}",
     "Which river runs through Fresno County?\n\n- [x] Kings\n  > It does.\n- [ ] Thames\n"
     "  > In England.\n- [ ] Loire\n  > In France.\n",
     "single", ""},
    /* a title, answers on lines of their own, a general feedback, a comment in between */
    {"// of water\n::q-rivers-1:: Which one?\n{\n\t=Kings # Yes.\n\t// never that one\n\t~Po # "
     "No.\n"
     "\t#### Rivers have\\nnames.\n}",
     "Which one?\n\n- [x] Kings\n  > Yes.\n- [ ] Po\n  > No.\n\n> Rivers have\n> names.\n",
     "single", ""},
    /* several right answers by weight */
    {"Which are fruits?{~%50%Fig # Yes. ~%50%Pear # Yes. ~%-50%Leek # A vegetable.}",
     "Which are fruits?\n\n- [x] Fig\n  > Yes.\n- [x] Pear\n  > Yes.\n- [ ] Leek\n  > A "
     "vegetable.\n",
     "multiple", ""},
    {"Which?{~%70%Fig # a ~%30%Pear # b ~Leek # c}",
     "Which?\n\n- [x] Fig\n  > a\n- [x] Pear\n  > b\n- [ ] Leek\n  > c\n", "multiple", "1:21 G05"},
    {"Which?{=Fig # a ~%50%Pear # b}", "Which?\n\n- [x] Fig\n  > a\n- [x] Pear\n  > b\n", "single",
     "1:1 Q05,1:17 G05"},
    /* true or false: the first reason is for a wrong answer, the second for a right one */
    {"Figs grow on trees.{TRUE#They do.#So it is.}",
     "Figs grow on trees.\n\n- [x] True\n  > So it is.\n- [ ] False\n  > They do.\n", "truefalse",
     ""},
    {"Figs grow in the sea.{F#Not there.#Right.}",
     "Figs grow in the sea.\n\n- [ ] True\n  > Not there.\n- [x] False\n  > Right.\n", "truefalse",
     ""},
    {"Figs are sweet. {T}", "Figs are sweet.\n\n- [x] True\n- [ ] False\n", "truefalse",
     "1:18 G01,1:18 G01"},
    /* pairs, whose rationales have no place in GIFT */
    {"Who eats what? {=cow -> hay =cat -> fish =bee -> nectar}",
     "Who eats what?\n\n| This | Belongs to |\n| --- | --- |\n| cow | hay |\n| cat | fish |\n"
     "| bee | nectar |\n\n1. >\n2. >\n3. >\n",
     "match", "1:17 G01,1:29 G01,1:42 G01"},
    {"// columns: Animal | Food\n// why 1: Grass\\: dried.\n// why 2: Raw.\n// why 3: Sweet.\n"
     "Who eats what? {=cow -> hay =cat -> fish | meat =bee -> nectar}",
     "Who eats what?\n\n| Animal | Food |\n| --- | --- |\n| cow | hay |\n| cat | fish \\| meat |\n"
     "| bee | nectar |\n\n1. > Grass: dried.\n2. > Raw.\n3. > Sweet.\n",
     "match", ""},
    {"Who? {=cow -> hay =cat -> fish =bee -> nectar = -> stone}", "", "match",
     "1:7 G01,1:19 G01,1:32 G01,1:47 G02"},
    /* the other fields in comments, as our export has them */
    {"// objective: B7\n// use: lesson\n// spaced: yes\n// refs: Lee2001, Roe2002\nYes?{=Y # a ~N "
     "# b}",
     "Yes?\n\n- [x] Y\n  > a\n- [ ] N\n  > b\n", "single", ""},
    /* escapes */
    {"Is 2 \\+ 2 \\= 4\\: yes, \\{so\\} \\~ or \\# not?{=a \\\\ b # 1\\=1 ~c\\nd # \\}}",
     "Is 2 \\\\+ 2 = 4: yes, {so} \\~ or \\# not?\n\n- [x] a \\\\ b\n  > 1=1\n- [ ] c\n  d\n  > "
     "}\n",
     "single", ""},
    /* formats of text */
    {"[markdown]Which is **not** so?{=*This* # `a` ~That # b}",
     "Which is **not** so?\n\n- [x] *This*\n  > `a`\n- [ ] That\n  > b\n", "single", ""},
    {"[plain]Which is **not** so, <b>?{=*This* # _a_ ~That # b}",
     "Which is \\*\\*not\\*\\* so, \\<b\\>?\n\n- [x] \\*This\\*\n  > \\_a\\_\n- [ ] That\n  > b\n",
     "single", ""},
    {"[html]<p>Which is <strong>not</strong> so&nbsp;&amp; "
     "why?</p><ul><li>one</li><li>two</li></ul>"
     "{=<i>This</i> # a<br>b ~That # [plain]<c>}",
     "Which is **not** so & why?\n\n  - one\n  - two\n\n* [x] *This*\n  > a\n  > b\n* [ ] That\n  "
     "> \\<c\\>\n",
     "single", ""},
    {"Look<img src\\=\"x.png\">: which?{=A # a ~B # b}",
     "Look: which?\n\n- [x] A\n  > a\n- [ ] B\n  > b\n", "single", "1:1 G04"},
    /* reasons that are missing, and answers */
    {"Which?\n{=A\n~B # b\n~ # c}", "Which?\n\n- [x] A\n- [ ] B\n  > b\n", "single",
     "2:2 G01,4:1 G03"},
    {"Which?{=A # a}", "Which?\n\n- [x] A\n  > a\n", "short", "1:8 G02"},
    {"Which?{~A # a ~B # b}", "Which?\n\n- [ ] A\n  > a\n- [ ] B\n  > b\n", "multiple", "1:1 Q06"},
    /* what a course does not have */
    {"Fresno lies in {=California ~Oregon}.", NULL, NULL, "1:16 G02"},
    {"Two and two is {=four =4}", NULL, NULL, "1:17 G02"},
    {"Two and two is {four}", NULL, NULL, "1:17 G02"},
    {"When was it?{#1998:2}", NULL, NULL, "1:14 G02"},
    {"When was it?{#\n\t=1998:0#Yes.\n\t=%50%1998:2#Near.\n}", NULL, NULL, "1:14 G02"},
    {"Say why. {}", NULL, NULL, "1:11 G02"},
    {"Say why. {####Well.}", NULL, NULL, "1:11 G02"},
    {"A word before the next ones.", NULL, NULL, "1:1 G02"},
    /* badly written */
    {"Which? {=A # a ~B # b", NULL, NULL, "1:8 G03"},
    {"Which? =A # a ~B # b}", NULL, NULL, "1:21 G03"},
    {"Which? {=A # a\n\n~B # b}", NULL, NULL, "1:8 G03,3:7 G03"},
    {"Which? {=%x%A # a ~B # b}", "Which?\n\n- [x] %x%A\n  > a\n- [ ] B\n  > b\n", "single",
     "1:10 G03"},
    {"Which? {so =A # a ~B # b}", "Which?\n\n- [x] A\n  > a\n- [ ] B\n  > b\n", "single",
     "1:9 G03"},
    {"$CATEGORY: a/b/c", NULL, NULL, ""},
    {"// only words", NULL, NULL, ""},
    {"", NULL, NULL, ""},
};

static void found_in(const struct course_source *c, char out[400])
{
    const struct diagnostic *list;
    int n = course_diagnostics(c, &list);
    out[0] = 0;
    for (int i = 0; i < n; i++) {
        assert_string_equal(list[i].file, "x.gift");
        assert_true(list[i].message[0] && list[i].hint[0]);
        snprintf(out + strlen(out), 400 - strlen(out), "%s%d:%d %s", i ? "," : "", list[i].line,
                 list[i].column, list[i].code);
    }
}

static void try_example(const struct example *x)
{
    struct buf out;
    char found[400];
    int items;
    buf_init(&out, 1 << 16);
    struct course_source *c = gift_import("x.gift", x->gift, strlen(x->gift), &to_a1, &out, &items);
    found_in(c, found);
    if (strcmp(found, x->found) != 0)
        fail_msg("%s\nfound %s, expected %s", x->gift, found, x->found);
    bool some = x->item && strcmp(x->type, "short") != 0;
    assert_int_equal(items, some);
    const char *body = strstr(out.data, "\n\n## ");
    body = body ? strstr(body + 3, "\n\n") : NULL;
    if (some &&
        (!body || !strstr(out.data, x->type) || (*x->item && strcmp(body + 2, x->item) != 0)))
        fail_msg("%s\ngave\n%s\nexpected\n%s", x->gift, out.data, x->item);
    course_free(c);
    buf_free(&out);
}

static void each_piece_of_syntax_becomes_an_item_or_is_reported(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        try_example(&examples[i]);
}

static char *import_text(const char *gift, int items_expected)
{
    struct buf out;
    int items;
    buf_init(&out, 1 << 20);
    struct course_source *c = gift_import("x.gift", gift, strlen(gift), &to_a1, &out, &items);
    assert_int_equal(items, items_expected);
    course_free(c);
    return buf_detach(&out);
}

static void fields_and_ids_come_from_title_and_comments(void **state)
{
    (void)state;
    char *made = import_text("// objective: B7\n// use: lesson\n// spaced: yes\n// refs: Lee2001\n"
                             "::q-one:: Yes?{=Y # a ~N # b}\n\n"
                             "::Two words:: Yes?{=Y # a ~N # b}\r\n\r\n"
                             "::q-one:: Yes?{=Y # a ~N # b}\n",
                             3);
    assert_non_null(strstr(made, "## q-one\nobjective: B7\nuse: lesson\ntype: single\nspaced: yes\n"
                                 "refs: Lee2001\n\nYes?\n"));
    assert_non_null(strstr(made, "## q-x-02\nobjective: A1\nuse: check\ntype: single\n\n"));
    assert_non_null(strstr(made, "## q-one-3\n"));
    free(made);
}

static void a_file_that_is_no_text_is_refused_as_a_whole(void **state)
{
    (void)state;
    static const char *const files[] = {"a?{=b # c ~d # e}\xff", "a?{=b # c ~d # e}\x01"};
    for (size_t i = 0; i < 2; i++) {
        struct buf out;
        int items;
        buf_init(&out, 1 << 16);
        struct course_source *c =
            gift_import("x.gift", files[i], strlen(files[i]), &to_a1, &out, &items);
        assert_int_equal(items, 0);
        assert_int_equal(course_errors(c), 1);
        course_free(c);
        buf_free(&out);
    }
    free(import_text("\xef\xbb\xbf Yes?{=Y # a ~N # b}", 1)); /* a byte order mark hurts nobody */
}

/* ---- there and back ---- */

static void put_file(struct buf *b, const char *path, const void *bytes, size_t n)
{
    buf_printf(b, "%s\n%zu\n", path, n);
    buf_append(b, bytes, n);
    buf_putc(b, '\n');
}

/* The course once more, with another item bank. */
static struct course_source *with_bank(const struct course_source *c, const char *bank, size_t n)
{
    struct error e = {0};
    struct buf b;
    buf_init(&b, COURSE_MAX * 2);
    for (int i = 0; i < c->file_count; i++) {
        bool ours = strcmp(c->files[i].path, "questions.md") == 0;
        put_file(&b, c->files[i].path, ours ? bank : c->files[i].data, ours ? n : c->files[i].size);
    }
    struct course_source *made = course_thaw(b.data, b.length, &e);
    if (!made)
        fail_msg("%s", e.message);
    buf_free(&b);
    return made;
}

static void same_item(const struct item *a, const struct item *b)
{
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->hash, b->hash);
    assert_string_equal(a->objective, b->objective);
    assert_string_equal(a->explanation_html, b->explanation_html);
    assert_int_equal(a->use, b->use);
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->spaced, b->spaced);
}

/* Exports, imports, exports: every item but the orders is the same, and so is the second file. */
static int go_round(struct course_source *c)
{
    static const struct gift_options none = {0};
    struct gift_export_counts n, again;
    struct buf gift, bank, second;
    int items, k = 0;
    buf_init(&gift, COURSE_MAX);
    buf_init(&bank, COURSE_MAX);
    buf_init(&second, COURSE_MAX);
    gift_export(c, &gift, &n);
    struct course_source *read =
        gift_import("x.gift", gift.data, gift.length, &none, &bank, &items);
    print_diagnostics(read);
    assert_int_equal(course_errors(read), 0);
    assert_int_equal(items, n.written);
    struct course_source *back = with_bank(c, bank.data, bank.length);
    assert_int_equal(back->items.count, n.written);
    for (int i = 0; i < c->items.count; i++) {
        const struct item *item = LIST_AT(&c->items, struct item, i);
        if (item->type != ITEM_ORDER && !LIST_AT(&c->item_facts, struct item_facts, i)->broken)
            same_item(item, LIST_AT(&back->items, struct item, k++));
    }
    assert_int_equal(k, n.written);
    gift_export(back, &second, &again);
    assert_string_equal(second.data, gift.data);
    course_free(read);
    course_free(back);
    buf_free(&gift);
    buf_free(&bank);
    buf_free(&second);
    return n.written;
}

/* Every piece of the syntax that becomes a whole item, exported and imported again. */
static void the_syntax_goes_there_and_back(void **state)
{
    (void)state;
    char *folder = temp_folder();
    write_sample(folder);
    struct course_source *sample = read_on(temp_path(folder, "small"), "2026-12-01");
    int round = 0, foreign = 0;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *x = &examples[i];
        if (!x->item || *x->found || strcmp(x->type, "short") == 0)
            continue;
        char *bank = import_text(x->gift, 1);
        struct course_source *c = with_bank(sample, bank, strlen(bank));
        if (LIST_AT(&c->item_facts, struct item_facts, 0)->broken)
            foreign++; /* its objective and its references are another course's */
        else
            round += go_round(c);
        course_free(c);
        free(bank);
    }
    assert_int_equal(foreign, 1);
    assert_true(round >= 10);
    course_free(sample);
    remove_folder(folder);
}

static void our_courses_go_there_and_back(void **state)
{
    (void)state;
    struct error e = {0};
    int courses = 0;
    DIR *dir = opendir(SOURCE_DIR "/courses");
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[600];
        snprintf(path, sizeof path, "%s/courses/%s/questions.md", SOURCE_DIR, entry->d_name);
        if (access(path, R_OK) != 0)
            continue;
        snprintf(path, sizeof path, "%s/courses/%s", SOURCE_DIR, entry->d_name);
        struct course_source *c = course_read(path, 0, &e);
        assert_non_null(c);
        assert_true(go_round(c) >= 12);
        course_free(c);
        courses++;
    }
    closedir(dir);
    assert_true(courses > 0);
}

static const char every_kind[] =
    "# Questions\n\n"
    "## q-a\nobjective: A1\nuse: check\ntype: single\nspaced: yes\nrefs: Smith2001\n\n"
    "Which *one* of `a{b}` and `c=d` is 50% [@Smith2001]: \\# or ~?\n\nThink:\n\n- slow\n- long\n\n"
    "Well?\n\n"
    "- [ ] %50% of **all** -> none\n  > Because 1 = 1 {so}.\n  >\n  > And:\n  >\n  > 1. a\n  > 2. "
    "b\n"
    "- [x] The other: a \\\\ b\n  over two lines\n  > [Here](https://example.edu/a#b).\n\n> The "
    "end.\n\n"
    "## q-b\nobjective: A1\nuse: lesson\ntype: truefalse\n\nIt is so.\n\n- [x] False\n  > No.\n"
    "- [ ] True\n  > Yes.\n\n"
    "## q-c\nobjective: A2\nuse: check\ntype: multiple\n\nWhich?\n\n- [x] a\n  > 1\n- [x] b\n  > "
    "2\n"
    "- [x] c\n  > 3\n- [ ] d\n  > 4\n\n"
    "## q-d\nobjective: A2\nuse: check\ntype: match\n\nWhich?\n\n| *One* | Two |\n| --- | --- |\n"
    "| a -> b | x = y |\n| **c** | z \\| w |\n| d | # |\n\n1. > Why: 1.\n2. > Why\n   > 2.\n3. > "
    "3\n\n"
    "> All.\n\n"
    "## q-e\nobjective: A1\nuse: check\ntype: order\n\nIn which order?\n\n1. a\n   > 1\n2. b\n   > "
    "2\n"
    "3. c\n   > 3\n";

static void every_kind_goes_there_and_back_but_an_order(void **state)
{
    (void)state;
    char *folder = temp_folder();
    write_sample(folder);
    struct course_source *sample = read_on(temp_path(folder, "small"), "2026-12-01");
    struct course_source *c = with_bank(sample, every_kind, strlen(every_kind));
    for (int i = 0; i < c->item_facts.count; i++)
        assert_false(LIST_AT(&c->item_facts, struct item_facts, i)->broken);
    struct gift_export_counts n;
    struct buf out;
    buf_init(&out, 1 << 20);
    gift_export(c, &out, &n);
    assert_int_equal(n.orders, 1);
    assert_non_null(strstr(out.data, "~%33.33333%a"));
    assert_non_null(strstr(out.data, "~%-33.33333%d"));
    assert_int_equal(go_round(c), 4);
    buf_free(&out);
    course_free(c);
    course_free(sample);
    remove_folder(folder);
}

/* Words of every mark there is, as plain text, stay those words through both formats. */
static void put_words(struct rng *r, struct buf *out, bool escaped)
{
    static const char *const words[] = {
        "a",   "b",    "~",   "=",    "#", "{",  "}",   ":",  "\\", "*",  "**",     "_",
        "[",   "](x)", "<b>", "&lt;", "`", "->", "%5%", "|",  "1.", "-",  "+",      "//",
        "[x]", "!",    "::",  "##",   ">", "é",  "…",   "n:", "$",  "\"", "[@Key]", "---"};
    uint32_t n = 1 + rng_below(r, 6);
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            buf_putc(out, ' ');
        for (const char *s = words[rng_below(r, sizeof words / sizeof *words)]; *s; s++) {
            if (escaped && strchr("~=#{}:\\", *s))
                buf_putc(out, '\\');
            buf_putc(out, *s);
        }
    }
}

static void plain_words_stay_what_they_are(void **state)
{
    (void)state;
    char *folder = temp_folder();
    write_sample(folder);
    struct course_source *sample = read_on(temp_path(folder, "small"), "2026-12-01");
    struct rng r;
    rng_seed(&r, 7);
    for (int round = 0; round < 300; round++) {
        struct rng twin = r;
        struct buf gift, words;
        buf_init(&gift, 1 << 16);
        buf_init(&words, 1 << 16);
        buf_puts(&gift, "::q-w:: [plain]The words ");
        put_words(&r, &gift, true);
        buf_puts(&gift, " {=The ");
        put_words(&r, &gift, true);
        buf_puts(&gift, " # A ");
        put_words(&r, &gift, true);
        buf_puts(&gift, " ~The other # B }");
        put_words(&twin, &words, false);
        char *bank = import_text(gift.data, 1);
        struct course_source *c = with_bank(sample, bank, strlen(bank));
        assert_int_equal(c->items.count, 1);
        const struct item *item = LIST_AT(&c->items, struct item, 0);
        assert_int_equal(item->option_count, 2);
        if (!strstr(words.data, "[@Key]") && /* a citation is left out of plain text */
            strcmp(item->stem_text + strlen("The words "), words.data) != 0)
            fail_msg("%s\nbecame\n%s", words.data, bank);
        if (!LIST_AT(&c->item_facts, struct item_facts, 0)->broken)
            go_round(c);
        course_free(c);
        free(bank);
        buf_free(&gift);
        buf_free(&words);
    }
    course_free(sample);
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_piece_of_syntax_becomes_an_item_or_is_reported),
        cmocka_unit_test(fields_and_ids_come_from_title_and_comments),
        cmocka_unit_test(a_file_that_is_no_text_is_refused_as_a_whole),
        cmocka_unit_test(the_syntax_goes_there_and_back),
        cmocka_unit_test(our_courses_go_there_and_back),
        cmocka_unit_test(every_kind_goes_there_and_back_but_an_order),
        cmocka_unit_test(plain_words_stay_what_they_are),
    };
    return cmocka_run_group_tests_name("course gift", tests, NULL, NULL);
}
