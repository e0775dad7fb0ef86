/*
 * What can only be judged when all files are read: evidence for each objective, enough items, a
 * question in each lesson, parts that course.json promises.
 */
#include "base/text.h"
#include "course/json_places.h"
#include "course/reader.h"
#include <string.h>

static void complain(struct course_source *c, enum course_code code, const char *path,
                     const char *hint, const char *message)
{
    const struct source_file *f = source_file(c, "course.json");
    const struct json_place *p = json_place(c, path);
    report(c, code, f, p->line, p->column, hint, "%s", message);
}

static const struct item *item_at(const struct course_source *c, int i)
{
    return LIST_AT(&c->items, struct item, i);
}

static int check_items(const struct course_source *c, const char *objective)
{
    int count = 0;
    for (int i = 0; i < c->items.count; i++)
        count += item_at(c, i)->use == ITEM_FOR_CHECK &&
                 (!objective || strcmp(item_at(c, i)->objective, objective) == 0);
    return count;
}

static bool has_commit(const struct course_source *c)
{
    for (int i = 0; i < c->lessons.count; i++)
        if (LIST_AT(&c->lesson_facts, struct lesson_facts, i)->commits)
            return true;
    return false;
}

static void check_evidence(struct course_source *c)
{
    const struct source_file *f = source_file(c, "course.json");
    for (int i = 0; i < c->objectives.count; i++) {
        const struct objective *o = LIST_AT(&c->objectives, struct objective, i);
        const struct objective_facts *facts =
            LIST_AT(&c->objective_facts, struct objective_facts, i);
        if (strcmp(facts->evidence, "check") == 0 && check_items(c, o->id) == 0)
            report(c, CODE_L01, f, facts->line, facts->column, NULL,
                   "objective \"%s\" has no check item", o->id);
        else if (strcmp(facts->evidence, "case") == 0 && c->cases.count == 0)
            report(c, CODE_L05, f, facts->line, facts->column, NULL,
                   "objective \"%s\" is evidenced by a case, and there is none", o->id);
        else if (strcmp(facts->evidence, "plan") == 0 && !has_commit(c))
            report(c, CODE_L05, f, facts->line, facts->column, NULL,
                   "objective \"%s\" is evidenced by a plan, and no lesson has a [!COMMIT]", o->id);
    }
}

static void check_parts(struct course_source *c)
{
    const struct publication *p = &c->publication;
    int items = check_items(c, NULL);
    if (p->needs_case && c->cases.count == 0)
        complain(c, CODE_L05, "completion", NULL, "completion names a case, and there is none");
    if (p->check_draw > 0 && p->needs_check && items * 2 < p->check_draw * 3)
        complain(c, CODE_L02, "check_draw", NULL,
                 arena_printf(c->arena, "%d check item%s; check_draw %d takes at least %d", items,
                              items == 1 ? "" : "s", p->check_draw, (p->check_draw * 3 + 1) / 2));
    if (p->pilot)
        return;
    for (int i = 0; i < c->references.count; i++) {
        const struct reference_facts *r = LIST_AT(&c->reference_facts, struct reference_facts, i);
        if (r->uses && !r->checked) {
            complain(c, CODE_J10, "stage", NULL,
                     arena_printf(c->arena, "released with an unchecked reference: \"%s\"",
                                  LIST_AT(&c->references, struct reference, i)->key));
            break;
        }
    }
}

bool lesson_name_reserved(const char *id)
{
    static const char *const taken[] = {
        "active",    "alternative", "begin",       "case",    "challenge", "check", "commit",
        "completed", "corrections", "facilitator", "history", "media",     "plan",  "pre-test",
        "print",     "review",      "tools",       "update",  "why"};
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(id, taken[i]) == 0)
            return true;
    return id[0] == 'v' && id[1] && !id[1 + strspn(id + 1, "0123456789abcdef")];
}

static void check_lessons(struct course_source *c)
{
    for (int i = 0; i < c->lessons.count; i++) {
        const struct lesson_facts *facts = LIST_AT(&c->lesson_facts, struct lesson_facts, i);
        if (facts->checks == 0)
            report(c, CODE_L03, facts->file, 1, 1, NULL, NULL);
        const char *id = LIST_AT(&c->lessons, struct lesson, i)->id;
        if (lesson_name_reserved(id))
            report(c, CODE_F08, facts->file, 1, 1, NULL,
                   "every course has a page of its own named \"%s\", so no lesson can be", id);
    }
}

static void check_site(struct course_source *c)
{
    for (int i = 0; i < c->site_required_count; i++) {
        const char *key = c->site_required[i], *value = NULL;
        const char *path = arena_printf(c->arena, "site_required[%d]", i);
        for (int k = 0; k < c->site_keys.count; k++)
            if (strcmp(LIST_AT(&c->site_keys, struct site_key, k)->key, key) == 0)
                value = LIST_AT(&c->site_keys, struct site_key, k)->value;
        if (c->site_read && !value)
            complain(c, CODE_J06, path, "name a key of courses/site.json",
                     arena_printf(c->arena, "\"%s\" is not in site.json", key));
        else if (value && !*value)
            complain(c, CODE_N01, path,
                     "fill it in courses/site.json; until then the course cannot be published",
                     arena_printf(c->arena, "the site has not filled in \"%s\"", key));
    }
}

void rules_check(struct course_source *c)
{
    check_lessons(c);
    if (!c->metadata_read)
        return;
    check_evidence(c);
    check_parts(c);
    check_site(c);
}
