/*
 * Each callout is a row: word, how many arguments, and the function that makes the piece. A
 * function returns false after reporting what it could not take.
 */
#include "course/callout.h"
#include "base/text.h"
#include "course/render.h"
#include <string.h>

static void complain(struct lesson_draft *d, const struct callout *callout, enum course_code code,
                     const char *hint, const char *message)
{
    report(d->c, code, d->file, callout->line, callout->column, hint, "%s", message);
}

/* ---- one function for each word that needs more than its text ---- */

static bool make_check(struct lesson_draft *d, const struct callout *callout, struct piece *piece)
{
    struct course_source *c = d->c;
    const char *id = callout->arguments[0];
    int item = find_item(c, id);
    d->facts.checks++;
    if (item < 0) {
        complain(d, callout, CODE_M08, NULL,
                 arena_printf(c->arena, "item \"%s\" is not in questions.md", id));
        return false;
    }
    struct item_facts *facts = LIST_AT(&c->item_facts, struct item_facts, item);
    if (LIST_AT(&c->items, struct item, item)->use != ITEM_FOR_LESSON)
        complain(d, callout, CODE_L04, NULL,
                 arena_printf(c->arena, "\"%s\" is a check item, and stands in a lesson", id));
    else if (facts->lesson >= 0)
        complain(d, callout, CODE_L06, NULL,
                 arena_printf(c->arena, "item \"%s\" is shown twice", id));
    facts->lesson = c->lessons.count;
    piece->item = item;
    if (d->lesson.check_item < 0)
        d->lesson.check_item = item;
    return true;
}

static bool make_case(struct lesson_draft *d, const struct callout *callout, struct piece *piece)
{
    int k = find_case(d->c, callout->arguments[0]);
    if (k < 0) {
        complain(d, callout, CODE_M08, NULL,
                 arena_printf(d->c->arena, "there is no cases/%s.md", callout->arguments[0]));
        return false;
    }
    LIST_AT(&d->c->case_facts, struct case_facts, k)->shown++;
    piece->ref = callout->arguments[0];
    return true;
}

static bool name_taken(const struct list *names, const char *name)
{
    for (int i = 0; i < names->count; i++)
        if (strcmp(*LIST_AT(names, const char *, i), name) == 0)
            return true;
    return false;
}

/* REFLECT r1 and TOOL checklist: a name of the course's own, used once. */
static bool make_named(struct lesson_draft *d, const struct callout *callout, struct piece *piece)
{
    struct list *names = strcmp(callout->word, "TOOL") == 0 ? &d->c->tools : &d->c->reflections;
    const char *name = callout->arguments[0];
    if (!is_id(name)) {
        complain(d, callout, CODE_M09, "use lower-case letters, digits and '-'",
                 arena_printf(d->c->arena, "name \"%s\" not usable", name));
        return false;
    }
    if (name_taken(names, name)) {
        complain(d, callout, CODE_M09, "give each its own name within the course",
                 arena_printf(d->c->arena, "%s \"%s\" twice", callout->word, name));
        return false;
    }
    *(const char **)list_add(d->c->arena, names, sizeof name) = name;
    d->facts.reflections += names == &d->c->reflections;
    piece->ref = name;
    return true;
}

static bool make_commit(struct lesson_draft *d, const struct callout *callout, struct piece *piece)
{
    (void)callout;
    (void)piece;
    d->facts.commits++;
    return true;
}

static bool make_volatile(struct lesson_draft *d, const struct callout *callout,
                          struct piece *piece)
{
    instant as_of = 0, review_by = 0;
    for (int i = 0; i < callout->argument_count; i++) {
        const char *argument = callout->arguments[i];
        if (text_starts(argument, "as-of=") && instant_parse_date(argument + 6, &as_of))
            piece->as_of = argument + 6;
        else if (text_starts(argument, "review-by=") &&
                 instant_parse_date(argument + 10, &review_by))
            piece->review_by = argument + 10;
    }
    if (!*piece->as_of || !*piece->review_by || review_by < as_of) {
        complain(d, callout, CODE_M09, "write > [!VOLATILE as-of=2026-11-22 review-by=2027-05-22]",
                 "VOLATILE needs two dates, as-of and a later review-by");
        return false;
    }
    if (d->c->judge && review_by < d->c->today)
        complain(d, callout, CODE_W06, NULL,
                 arena_printf(d->c->arena, "review-by %s has passed", piece->review_by));
    return true;
}

static bool make_site(struct lesson_draft *d, const struct callout *callout, struct piece *piece)
{
    struct course_source *c = d->c;
    piece->ref = callout->arguments[0];
    if (!c->site_read)
        return true;
    const char **known = arena_array(c->arena, (size_t)c->site_keys.count, sizeof *known);
    for (int i = 0; i < c->site_keys.count; i++) {
        const struct site_key *k = LIST_AT(&c->site_keys, struct site_key, i);
        known[i] = k->key;
        if (strcmp(k->key, piece->ref) != 0)
            continue;
        if (!*k->value)
            complain(d, callout, CODE_N01, NULL,
                     arena_printf(c->arena, "the site has not filled in \"%s\"", k->key));
        return true;
    }
    complain(d, callout, CODE_M08, nearest_hint(c->arena, piece->ref, known, c->site_keys.count),
             arena_printf(c->arena, "\"%s\" is not in site.json", piece->ref));
    return false;
}

/* ---- the table ---- */

static const struct {
    const char *word;
    enum piece_kind kind;
    int arguments;
    bool (*make)(struct lesson_draft *d, const struct callout *callout, struct piece *piece);
    bool text; /* is nothing without text beneath the marker */
} rows[] = {
    {"KEY", PIECE_HTML, 0, NULL, true},
    {"CHECK", PIECE_CHECK, 1, make_check, false},
    {"CASE", PIECE_CASE, 1, make_case, false},
    {"REFLECT", PIECE_REFLECT, 1, make_named, true},
    {"COMMIT", PIECE_COMMIT, 0, make_commit, false},
    {"VOLATILE", PIECE_VOLATILE, 2, make_volatile, true},
    {"SITE", PIECE_SITE, 1, make_site, false},
    {"TOOL", PIECE_TOOL, 1, make_named, true},
};
#define ROWS ((int)(sizeof rows / sizeof *rows))

static int find_row(struct lesson_draft *d, const struct callout *callout)
{
    const char *words[ROWS];
    for (int i = 0; i < ROWS; i++) {
        if (strcmp(callout->word, rows[i].word) == 0)
            return i;
        words[i] = rows[i].word;
    }
    complain(d, callout, CODE_M07, nearest_hint(d->c->arena, callout->word, words, ROWS),
             arena_printf(d->c->arena, "unknown callout \"%s\"", callout->word));
    return -1;
}

bool callout_piece(struct lesson_draft *d, cmark_node *quote, const struct callout *callout,
                   struct piece *piece, bool *key)
{
    int k = find_row(d, callout);
    callout_strip(quote);
    if (k < 0)
        return false;
    *key = rows[k].kind == PIECE_HTML;
    if (!callout->alone || callout->argument_count != rows[k].arguments) {
        complain(d, callout, CODE_M09, NULL,
                 !callout->alone ? "text behind the marker"
                 : rows[k].arguments
                     ? arena_printf(d->c->arena, "%s takes %d argument%s", rows[k].word,
                                    rows[k].arguments, rows[k].arguments > 1 ? "s" : "")
                     : arena_printf(d->c->arena, "%s takes no argument", rows[k].word));
        return false;
    }
    *piece =
        (struct piece){.kind = rows[k].kind, .ref = "", .item = -1, .as_of = "", .review_by = ""};
    piece->html = inside_as(d->c, quote, FORM_HTML);
    if (rows[k].text && !*piece->html) {
        complain(d, callout, CODE_M09, "write its text as further lines of the quote",
                 arena_printf(d->c->arena, "%s without text", rows[k].word));
        return false;
    }
    return !rows[k].make || rows[k].make(d, callout, piece);
}

void callout_key(struct course_source *c, cmark_node *quote, struct buf *html)
{
    buf_puts(html, "<aside class=\"callout key\"><p class=\"callout-label word\">Key point</p>\n");
    render_inside(c, quote, FORM_HTML, html);
    buf_puts(html, "</aside>\n");
}
