/*
 * The order in which a course is read: what others refer to comes first (objectives, references,
 * items, cases), then the lessons, then what can only be judged when all of it is known.
 */
#include "course/reader.h"
#include "base/text.h"
#include <string.h>

void read_course(struct course_source *c)
{
    for (int i = 0; i < c->file_count; i++)
        source_lines(c, &c->files[i]);
    for (int i = 0; i < c->file_count; i++)
        encoding_check(c, &c->files[i]);
    metadata_read(c);
    media_read(c);
    references_read(c);
    questions_read(c);
    cases_read(c);
    lessons_read(c);
    facilitator_read(c);
    if (c->judge) {
        rules_check(c);
        warnings_check(c);
    }
    diagnostics_sort(c);
}

int find_objective(const struct course_source *c, const char *id)
{
    for (int i = 0; i < c->objectives.count; i++)
        if (strcmp(LIST_AT(&c->objectives, struct objective, i)->id, id) == 0)
            return i;
    return -1;
}

int find_reference(const struct course_source *c, const char *key, size_t n)
{
    for (int i = 0; i < c->references.count; i++) {
        const char *known = LIST_AT(&c->references, struct reference, i)->key;
        if (strncmp(known, key, n) == 0 && known[n] == 0)
            return i;
    }
    return -1;
}

int find_item(const struct course_source *c, const char *id)
{
    for (int i = 0; i < c->items.count; i++)
        if (strcmp(LIST_AT(&c->items, struct item, i)->id, id) == 0)
            return i;
    return -1;
}

int find_case(const struct course_source *c, const char *id)
{
    for (int i = 0; i < c->cases.count; i++)
        if (strcmp(LIST_AT(&c->cases, struct branching_case, i)->id, id) == 0)
            return i;
    return -1;
}

void course_check_together(struct course_source **courses, int count)
{
    for (int later = 1; later < count; later++) {
        struct course_source *c = courses[later];
        const struct source_file *file = source_file(c, "questions.md");
        for (int i = 0; file && i < c->items.count; i++) {
            const char *id = LIST_AT(&c->items, struct item, i)->id;
            const struct item_facts *at = LIST_AT(&c->item_facts, struct item_facts, i);
            for (int k = 0; k < later; k++) {
                const struct source_file *first = source_file(courses[k], "questions.md");
                int other = find_item(courses[k], id);
                if (first && other >= 0) {
                    report(c, CODE_Q02, file, at->line, at->column, NULL,
                           "item \"%s\" is also in %s:%d", id, first->shown,
                           LIST_AT(&courses[k]->item_facts, struct item_facts, other)->line);
                    break;
                }
            }
        }
        diagnostics_sort(c);
    }
}
