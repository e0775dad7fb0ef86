/*
 * What a careful colleague would remark on: the bank's habits, the time it takes, dates, leftovers.
 */
#include "base/text.h"
#include "course/json_places.h"
#include "course/prose.h"
#include "course/reader.h"
#include <stdio.h>
#include <string.h>

#define WORDS_PER_MINUTE 200
#define LESSON_WORDS_MIN 150
#define LESSON_WORDS_MAX 700
#define LONGEST_ITEMS    5 /* fewer items say nothing about habits */
#define POSITION_ITEMS   8
#define MINUTES_PER_ITEM 1
#define MINUTES_PER_CASE 5
#define MINUTES_PER_PLAN 2

static void complain(struct course_source *c, enum course_code code, const char *path,
                     const char *message)
{
    const struct json_place *p = json_place(c, path);
    report(c, code, source_file(c, "course.json"), p->line, p->column, NULL, "%s", message);
}

/* ---- the bank ---- */

static bool key_is_longest(const struct item *item)
{
    size_t key = 0, other = 0;
    for (int i = 0; i < item->option_count; i++) {
        size_t n = text_code_points(item->options[i].text);
        size_t *longest = item->options[i].key ? &key : &other;
        if (n > *longest)
            *longest = n;
    }
    return key > other;
}

static int key_position(const struct item *item)
{
    for (int i = 0; i < item->option_count && i < ITEM_MAX_OPTIONS; i++)
        if (item->options[i].key)
            return i;
    return 0;
}

static void check_bank(struct course_source *c)
{
    int items = 0, longest = 0, at[ITEM_MAX_OPTIONS] = {0};
    for (int i = 0; i < c->items.count; i++) {
        const struct item *item = LIST_AT(&c->items, struct item, i);
        if (item->type != ITEM_SINGLE || LIST_AT(&c->item_facts, struct item_facts, i)->broken)
            continue;
        items++;
        longest += key_is_longest(item);
        at[key_position(item)]++;
    }
    const struct source_file *f = source_file(c, "questions.md");
    if (items >= LONGEST_ITEMS && longest * 100 > items * 60)
        report(c, CODE_W01, f, 1, 1, NULL, "the key is the longest option in %d of %d items",
               longest, items);
    for (int i = 0; items >= POSITION_ITEMS && i < ITEM_MAX_OPTIONS; i++)
        if (at[i] * 2 > items)
            report(c, CODE_W02, f, 1, 1, NULL, "the key stands in position %d in %d of %d items",
                   i + 1, at[i], items);
}

/* ---- time ---- */

static void check_time(struct course_source *c)
{
    const struct publication *p = &c->publication;
    int words = 0, plans = 0, items = 0;
    for (int i = 0; i < c->lessons.count; i++) {
        const struct lesson *lesson = LIST_AT(&c->lessons, struct lesson, i);
        const struct lesson_facts *facts = LIST_AT(&c->lesson_facts, struct lesson_facts, i);
        words += lesson->words;
        plans += facts->commits + facts->reflections;
        items += facts->checks;
        if (lesson->words < LESSON_WORDS_MIN || lesson->words > LESSON_WORDS_MAX)
            report(c, CODE_W03, facts->file, 1, 1, NULL, "the lesson has %d words", lesson->words);
    }
    items += p->needs_check ? p->check_draw : 0;
    int minutes = (words + WORDS_PER_MINUTE - 1) / WORDS_PER_MINUTE + items * MINUTES_PER_ITEM +
                  c->cases.count * MINUTES_PER_CASE + plans * MINUTES_PER_PLAN;
    if (p->minutes > 0 && c->lessons.count > 0 &&
        (minutes * 3 < p->minutes * 2 || minutes * 2 > p->minutes * 3))
        complain(c, CODE_W04, "minutes",
                 arena_printf(c->arena,
                              "\"minutes\" says %d; the text, the items and the case take "
                              "about %d",
                              p->minutes, minutes));
}

/* The date `months` after "YYYY-MM-DD", as text; the day may not exist, which is fine to compare.
 */
static void add_months(const char *date, int months, char out[32])
{
    int year, month, day;
    if (sscanf(date, "%4d-%2d-%2d", &year, &month, &day) != 3)
        year = month = day = 0;
    month += months - 1;
    snprintf(out, 32, "%04d-%02d-%02d", year + month / 12, month % 12 + 1, day);
}

static void check_review(struct course_source *c)
{
    char today[21], due[32];
    instant at;
    if (!instant_parse_date(c->last_reviewed, &at) || c->review_every_months < 1)
        return;
    instant_rfc3339(c->today, today);
    today[10] = 0;
    add_months(c->last_reviewed, c->review_every_months, due);
    if (strcmp(due, today) < 0)
        complain(c, CODE_W05, "last_reviewed", arena_printf(c->arena, "review was due on %s", due));
}

/* ---- leftovers ---- */

static void check_unused(struct course_source *c)
{
    for (int i = 0; i < c->references.count; i++) {
        const struct reference_facts *r = LIST_AT(&c->reference_facts, struct reference_facts, i);
        if (r->uses == 0)
            report(c, CODE_W10, source_file(c, "references.md"), r->line, r->column, NULL,
                   "reference \"%s\" is not used",
                   LIST_AT(&c->references, struct reference, i)->key);
    }
    for (int i = 0; i < c->items.count; i++) {
        const struct item *item = LIST_AT(&c->items, struct item, i);
        const struct item_facts *facts = LIST_AT(&c->item_facts, struct item_facts, i);
        if (item->use == ITEM_FOR_LESSON && facts->lesson < 0 && !facts->broken)
            report(c, CODE_W12, source_file(c, "questions.md"), facts->line, facts->column, NULL,
                   "lesson item \"%s\" is shown in no lesson", item->id);
    }
    for (int i = 0; i < c->cases.count; i++) {
        const struct case_facts *facts = LIST_AT(&c->case_facts, struct case_facts, i);
        if (facts->shown == 0)
            report(c, CODE_W12, facts->file, 1, 1, NULL, "case \"%s\" is shown in no lesson",
                   LIST_AT(&c->cases, struct branching_case, i)->id);
    }
}

static void check_titles(struct course_source *c)
{
    const struct publication *p = &c->publication;
    const struct {
        const char *path, *text;
    } titles[] = {
        {"title", p->title}, {"summary", p->summary}, {"certificate_title", p->certificate_title}};
    for (size_t i = 0; !c->designated && i < sizeof titles / sizeof *titles; i++)
        if (strcmp(json_place(c, titles[i].path)->path, titles[i].path) == 0 && /* not derived */
            prose_promises_credit(titles[i].text))
            complain(c, CODE_W11, titles[i].path, "credit wording without a designation");
}

void warnings_check(struct course_source *c)
{
    check_bank(c);
    check_unused(c);
    if (!c->metadata_read)
        return;
    check_time(c);
    check_review(c);
    check_titles(c);
}
