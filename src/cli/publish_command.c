/* Publishing, inside the server when there is one: the plan as JSON, and carrying it out. */
#include "base/json.h"
#include "cli/publish.h"
#include "learning/ledger.h"
#include "learning/publishing.h"

#define CHANGES_MAX  200 /* things named in an answer, which is one line of at most 64 kB */
#define PROBLEMS_MAX 100

static void put_publication(cJSON *out, const char *name, const struct publication *p,
                            const char *draft)
{
    if (!p)
        return;
    cJSON *one = json_object(out, name);
    json_put(one, "version", p->version);
    json_put(one, "hash", p->hash);
    if (draft)
        json_put(one, "draft", draft);
}

static void put_problems(cJSON *out, const struct course_source *source)
{
    static const char *const names[] = {
        [SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note"};
    const struct diagnostic *list;
    int count = course_diagnostics(source, &list), put = 0;
    cJSON *problems = json_array(out, "problems");
    for (int i = 0; i < count && put < PROBLEMS_MAX; i++) {
        const struct diagnostic *d = &list[i];
        if (d->severity != SEVERITY_ERROR && !diagnostic_blocks(d))
            continue;
        cJSON *one = json_item(problems);
        json_put(one, "file", d->file);
        json_put_int(one, "line", d->line);
        json_put_int(one, "column", d->column);
        json_put(one, "severity", names[d->severity]);
        json_put(one, "code", d->code);
        json_put(one, "message", d->message);
        json_put(one, "hint", d->hint);
        put++;
    }
}

static void put_changes(cJSON *out, const struct publication_diff *d)
{
    cJSON *changes = json_array(out, "changes");
    int put = 0;
    for (int i = 0; d && i < d->count && put < CHANGES_MAX; i++) {
        const struct difference *it = &d->list[i];
        if (it->change == THING_UNCHANGED)
            continue;
        cJSON *one = json_item(changes);
        json_put(one, "thing", thing_kind_name(it->kind));
        json_put(one, "id", it->id);
        json_putf(one, "title", "%.60s", it->title);
        json_put(one, "change", thing_change_name(it->change));
        json_put(one, "beyond_words", it->beyond_words);
        json_put_int(one, "lines_added", it->lines_added);
        json_put_int(one, "lines_removed", it->lines_removed);
        put++;
    }
    json_put_int(out, "changed", d ? d->changed : 0);
    json_put_bool(out, "lessons_moved", d && d->lessons_moved);
}

static void put_kinds(cJSON *out, const struct publish_plan *p)
{
    cJSON *kinds = json_array(out, "kinds");
    for (int i = 0; i < p->choice_count; i++) {
        const struct publish_choice *it = &p->choices[i];
        cJSON *one = json_item(kinds);
        json_put(one, "kind", change_kind_name(it->kind));
        json_put_bool(one, "allowed", !it->why_not && !p->blocked);
        json_put(one, "why_not", it->why_not);
        json_put_int(one, "move", it->reach.move);
        json_put_int(one, "told", it->reach.told);
        json_put_int(one, "offered", it->reach.offered);
        json_put_int(one, "stay", it->reach.stay);
    }
}

static void put_plan(cJSON *out, const struct publish_plan *p)
{
    json_put(out, "course", p->course);
    json_put(out, "title", p->next ? p->next->title : p->current ? p->current->title : p->course);
    json_put(out, "folder", p->folder);
    put_publication(out, "current", p->current, p->current_draft);
    put_publication(out, "next", p->next, NULL);
    json_put_bool(out, "first", p->first);
    json_put_bool(out, "unchanged", p->unchanged);
    json_put(out, "blocked", p->blocked);
    json_put_int(out, "unfinished", p->unfinished);
    json_put_int(out, "finished", p->finished);
    put_problems(out, p->source);
    put_changes(out, p->diff);
    put_kinds(out, p);
}

/* Which kind is meant: the one said, or "first" for a first publication. 1 with *kind; 0 nothing is
 * to be published now; -1. */
static int wanted_kind(const struct publish_plan *p, const cJSON *in, enum change_kind *kind,
                       struct error *e)
{
    const char *said = json_string(in, "kind");
    *kind = CHANGE_FIRST;
    if (said && !change_kind_read(said, kind))
        return error_field(e, "kind",
                           "a kind is typo, correction, minor or material, not \"%.40s\"", said);
    if (p->first)
        *kind = CHANGE_FIRST;
    return !json_bool_or(in, "dry_run", false) && !p->unchanged && (said || p->first);
}

static int plan_and_publish(struct app *app, const cJSON *in, const char *folder, struct arena *a,
                            cJSON *out, struct error *e)
{
    struct publish_plan plan;
    instant now = clock_now(app->clock);
    struct conn *c = db_read_begin(app->db, e);
    if (!c)
        return -1;
    int result = publish_plan_make(&app->learning, c, folder, now, a, &plan, e);
    db_read_end(app->db, c);
    enum change_kind kind = CHANGE_FIRST;
    int wanted = result == 0 ? wanted_kind(&plan, in, &kind, e) : -1;
    if (wanted >= 0)
        put_plan(out, &plan);
    bool sound = wanted == 1 && plan.next; /* with errors, the problems say it all */
    result = wanted < 0 ? -1
             : sound    ? publish_do(&app->learning, &plan, kind, json_string(in, "note"),
                                     AUDIT_COMMAND_LINE, now, e)
                        : 0;
    json_put_bool(out, "published", sound && result == 0);
    if (sound && result == 0)
        json_put(out, "kind", change_kind_name(kind));
    publish_plan_free(&plan);
    return result;
}

int publish_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct arena *a = arena_create();
    const char *course = json_string(in, "course"), *path = json_string(in, "path");
    const char *folder = path ? path : course ? publish_folder(&app->learning, course, a) : NULL;
    int result =
        folder ? plan_and_publish(app, in, folder, a, out, e)
               : error_set(e, ERROR_NOT_FOUND, "\"%.80s\" is no course's id", course ? course : "");
    arena_free(a);
    return result;
}
