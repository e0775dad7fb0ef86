/* What was read of a GIFT file, as the text of a questions.md. */
#include "base/text.h"
#include "course/gift_parts.h"
#include "course/markdown.h"
#include "course/render.h"
#include <math.h>
#include <string.h>

#define QUESTIONS_MAX 1000

struct writer {
    struct gift_file *g;
    const struct gift_options *options;
    struct buf *out;
    struct list ids; /* const char * */
};

static const char *const type_words[] = {"single", "multiple", "truefalse", "order", "match"};

/* ---- ids ---- */

static bool is_taken(const struct writer *w, const char *id)
{
    for (int i = 0; i < w->ids.count; i++)
        if (strcmp(*LIST_AT(&w->ids, const char *, i), id) == 0)
            return true;
    return false;
}

/* The title when it can be one; else by the course's name and the question's number. */
static const char *new_id(struct writer *w, const struct gift_question *q, int number)
{
    struct arena *a = w->g->c->arena;
    const char *course = w->options->course ? w->options->course : "import";
    const char *wanted =
        is_id(q->title) ? q->title : arena_printf(a, "q-%.40s-%02d", course, number);
    const char *id = wanted;
    for (int i = number; is_taken(w, id); i++)
        id = arena_printf(a, "%.56s-%d", wanted, i);
    *(const char **)list_add(a, &w->ids, sizeof id) = id;
    return id;
}

/* ---- texts, with what is lost on the way ---- */

static void say_loss(struct writer *w, size_t at, const struct gift_loss *loss)
{
    if (loss->html)
        gift_report(w->g, CODE_G04, at, NULL, "HTML that Markdown has no mark for");
    if (loss->paragraphs)
        gift_report(w->g, CODE_G04, at, "an answer is one paragraph; its words were kept",
                    "an answer of several paragraphs");
}

static const char *paragraph_of(struct writer *w, const struct gift_text *text, bool cell)
{
    struct gift_loss loss = {0};
    const char *paragraph = gift_paragraph(w->g->c, text, cell, &loss);
    say_loss(w, text->at, &loss);
    return paragraph;
}

static const char *blocks_of(struct writer *w, const struct gift_text *text, bool tables)
{
    struct gift_loss loss = {0};
    const char *blocks = *text->text ? gift_blocks(w->g->c, text, tables, &loss) : "";
    say_loss(w, text->at, &loss);
    return blocks;
}

/* Each line behind `margin`: "  > " for a quote under an option. */
static void put_lines(struct buf *out, const char *first, const char *margin, const char *text)
{
    const char *before = first;
    for (const char *line = text;; line++) {
        size_t n = strcspn(line, "\n");
        size_t width = strlen(before);
        while (n == 0 && width > 0 && before[width - 1] == ' ')
            width--;
        buf_printf(out, "%.*s%.*s\n", (int)width, before, (int)n, line);
        before = margin;
        line += n;
        if (!*line)
            return;
    }
}

/* ---- what is reported of a question as a whole ---- */

static void check_weights(struct writer *w, const struct gift_question *q)
{
    double key = 0;
    for (int i = 0; i < q->answers.count; i++) {
        const struct gift_answer *a = LIST_AT(&q->answers, struct gift_answer, i);
        bool odd = q->type == ITEM_SINGLE ? a->weight != 0 && a->weight != 100
                                          : a->key && key > 0 && fabs(a->weight - key) > 0.01;
        if (odd)
            gift_report(w->g, CODE_G05, a->at, NULL, NULL);
        if (a->key)
            key = a->weight;
    }
}

static void check_keys(struct writer *w, const struct gift_question *q)
{
    int keys = 0, n = q->answers.count;
    for (int i = 0; i < n; i++)
        keys += LIST_AT(&q->answers, struct gift_answer, i)->key;
    if (q->type == ITEM_MATCH ? n < 3 || n > ITEM_MAX_OPTIONS : n < 2 || n > ITEM_MAX_OPTIONS)
        gift_report(w->g, q->type == ITEM_MATCH ? CODE_Q19 : CODE_Q04, q->at, NULL, NULL);
    if (q->type == ITEM_SINGLE && keys != 1)
        gift_report(w->g, CODE_Q05, q->at, NULL, NULL);
    if (q->type == ITEM_MULTIPLE && keys == 0)
        gift_report(w->g, CODE_Q06, q->at, NULL, NULL);
}

/* ---- the item ---- */

static void put_field(struct writer *w, const char *name, const char *value)
{
    if (value)
        buf_printf(w->out, "%s: %s\n", name, value);
}

static void put_fields(struct writer *w, const struct gift_question *q)
{
    const char *objective = q->objective ? q->objective : w->options->objective;
    if (!objective)
        gift_report(w->g, CODE_Q11, q->at, "give --objective ID, or write it into the file",
                    "no objective is known for this question");
    put_field(w, "objective", objective);
    put_field(w, "use", q->use ? q->use : w->options->use ? w->options->use : "check");
    put_field(w, "type", type_words[q->type]);
    put_field(w, "spaced", q->spaced);
    put_field(w, "refs", q->refs);
}

static void say_no_reason(struct writer *w, const struct gift_question *q,
                          const struct gift_answer *a)
{
    const char *hint =
        q->type == ITEM_MATCH       ? "GIFT has no place for it: write '1. > why' below the table"
        : q->type == ITEM_TRUEFALSE ? "write both: {TRUE#why false is wrong#why true is right}"
                                    : NULL;
    gift_report(w->g, CODE_G01, a->at, hint, NULL);
}

static void put_option(struct writer *w, const struct gift_question *q, const struct gift_answer *a,
                       const char *words, char bullet)
{
    const char *why = blocks_of(w, &a->why, true);
    char mark[] = "- [ ] ";
    mark[0] = bullet;
    mark[3] = a->key ? 'x' : ' ';
    put_lines(w->out, mark, "  ", words);
    if (*why)
        put_lines(w->out, "  > ", "  > ", why);
    else
        say_no_reason(w, q, a);
}

static void put_choices(struct writer *w, const struct gift_question *q, char bullet)
{
    for (int i = 0; i < q->answers.count; i++) {
        const struct gift_answer *a = LIST_AT(&q->answers, struct gift_answer, i);
        put_option(w, q, a, paragraph_of(w, &a->text, false), bullet);
    }
}

static void put_truth(struct writer *w, const struct gift_question *q, char bullet)
{
    bool false_first = q->first && strcmp(q->first, "False") == 0;
    for (int i = 0; i < 2; i++) {
        bool says_true = (i == 0) != false_first;
        put_option(w, q, LIST_AT(&q->answers, struct gift_answer, says_true == q->truth ? 0 : 1),
                   says_true ? "True" : "False", bullet);
    }
}

static void put_cell(struct buf *out, const char *text)
{
    buf_puts(out, "| ");
    for (const char *at = text; *at; at++) {
        if (*at == '|')
            buf_putc(out, '\\');
        buf_putc(out, *at);
    }
    buf_putc(out, ' ');
}

static void put_row(struct writer *w, const char *left, const char *right)
{
    put_cell(w->out, left);
    put_cell(w->out, right);
    buf_puts(w->out, "|\n");
}

static void put_heads(struct writer *w, const struct gift_question *q)
{
    struct arena *a = w->g->c->arena;
    const char *bar = q->columns ? strstr(q->columns, " | ") : NULL;
    struct gift_text left = {"This", q->at, GIFT_MARKDOWN},
                     right = {"Belongs to", q->at, GIFT_MARKDOWN};
    if (bar) {
        left.text = arena_strndup(a, q->columns, (size_t)(bar - q->columns));
        right.text = arena_strdup(a, bar + 3);
    }
    put_row(w, paragraph_of(w, &left, true), paragraph_of(w, &right, true));
    put_row(w, "---", "---");
}

static void put_pairs(struct writer *w, const struct gift_question *q)
{
    put_heads(w, q);
    for (int i = 0; i < q->answers.count; i++) {
        const struct gift_answer *a = LIST_AT(&q->answers, struct gift_answer, i);
        put_row(w, paragraph_of(w, &a->text, true), paragraph_of(w, &a->partner, true));
    }
    buf_putc(w->out, '\n');
    for (int i = 0; i < q->answers.count; i++) {
        const struct gift_answer *a = LIST_AT(&q->answers, struct gift_answer, i);
        const char *said = i < ITEM_MAX_OPTIONS ? q->why[i] : NULL;
        struct gift_text why = {said ? said : "", a->at, GIFT_MARKDOWN};
        const char *text = blocks_of(w, &why, true);
        if (!*text)
            say_no_reason(w, q, a);
        put_lines(w->out, arena_printf(w->g->c->arena, "%d. > ", i + 1), "   > ", text);
    }
}

static void put_question(struct writer *w, const struct gift_question *q, int number)
{
    const char *stem = blocks_of(w, &q->stem, q->type != ITEM_MATCH);
    const char *general = blocks_of(w, &q->general, true);
    if (!*stem)
        gift_report(w->g, CODE_Q03, q->at, NULL, NULL);
    check_keys(w, q);
    check_weights(w, q);
    buf_printf(w->out, "\n## %s\n", new_id(w, q, number));
    put_fields(w, q);
    buf_printf(w->out, "\n%s\n\n", stem);
    char bullet = gift_ends_in_list(w->g->c, stem) ? '*' : '-';
    if (q->type == ITEM_MATCH)
        put_pairs(w, q);
    else if (q->type == ITEM_TRUEFALSE)
        put_truth(w, q, bullet);
    else
        put_choices(w, q, bullet);
    if (*general) {
        buf_putc(w->out, '\n');
        put_lines(w->out, "> ", "> ", general);
    }
}

/* ---- the file ---- */

struct course_source *gift_import(const char *shown, const void *bytes, size_t n,
                                  const struct gift_options *options, struct buf *out, int *items)
{
    struct course_source *c = course_new();
    struct gift_file g = {.c = c};
    bool marked = n >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0; /* of no meaning to anybody */
    g.source =
        (struct source_file){.path = "questions.gift", .shown = arena_strdup(c->arena, shown)};
    g.source.data =
        arena_strndup(c->arena, (const char *)bytes + (marked ? 3 : 0), marked ? n - 3 : n);
    g.source.size = marked ? n - 3 : n;
    source_lines(c, &g.source);
    *items = 0;
    if (n > TEXT_FILE_MAX)
        report(c, CODE_F03, &g.source, 1, 1, "a file may have 256 KiB; split it", NULL);
    else
        encoding_check(c, &g.source);
    if (c->error_count == 0) {
        struct writer w = {.g = &g, .options = options, .out = out};
        gift_read(&g);
        buf_puts(out, "# Questions\n");
        for (int i = 0; i < g.questions.count && i < QUESTIONS_MAX; i++, ++*items)
            put_question(&w, LIST_AT(&g.questions, struct gift_question, i), i + 1);
        if (g.questions.count > QUESTIONS_MAX)
            gift_report(&g, CODE_F03,
                        LIST_AT(&g.questions, struct gift_question, QUESTIONS_MAX)->at,
                        "split the file", "more than 1,000 questions; the rest was left out");
    }
    diagnostics_sort(c);
    return c;
}
