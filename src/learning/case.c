/* The branching case: the path is the rows, in order; where the reader stands follows from them. */
#include "learning/certificate.h"
#include "learning/ledger.h"
#include "learning/sql.h"
#include "learning/study.h"
#include <string.h>

#define PATH_MAX_STEPS 256

static int find_choice(const struct scene *s, const char *id)
{
    for (int i = 0; i < s->choice_count; i++)
        if (strcmp(s->choices[i].id, id) == 0)
            return i;
    return -1;
}

/* Adds one stored step; a run's first step begins the path anew. */
static int add_step(struct stmt *st, struct case_state *s, struct error *e)
{
    int run = (int)db_int(st, 0);
    if (run != s->run) {
        s->run = run;
        s->path_length = 0;
    }
    const char *scene = db_text(st, 1), *choice = db_text(st, 2);
    s->scene = case_scene(s->it, db_text(st, 3));
    if (!*scene) /* a run begun again has a row without a scene */
        return 0;
    struct case_taken taken = {.scene = case_scene(s->it, scene), .next = s->scene};
    taken.choice = taken.scene < 0 ? -1 : find_choice(&s->it->scenes[taken.scene], choice);
    if (taken.choice < 0 || s->scene < 0)
        return error_set(e, ERROR_INTERNAL, "case %s: the stored path does not fit the publication",
                         s->it->id);
    if (s->path_length == PATH_MAX_STEPS) /* round and round: the latest are shown */
        memmove(s->path, s->path + 1, sizeof *s->path * (size_t)--s->path_length);
    s->path[s->path_length++] = taken;
    s->done = s->done || s->it->scenes[s->scene].end;
    return 0;
}

int case_load(struct conn *c, struct learning *l, const struct enrolment *en, const char *case_id,
              struct arena *a, struct case_state *out, struct error *e)
{
    (void)l;
    *out = (struct case_state){.it = publication_case(en->publication, case_id), .run = 1};
    if (!out->it)
        return error_set(e, ERROR_NOT_FOUND, "There is no such case in this course.");
    out->path = arena_array(a, PATH_MAX_STEPS, sizeof *out->path);
    struct stmt *st = db_query(c, &sql_case_path, e, "it", en->id, case_id);
    if (!st)
        return -1;
    int step, result = 0;
    while ((step = db_step(st, e)) == 1 && result == 0)
        result = add_step(st, out, e);
    db_done(st);
    return step < 0 ? -1 : result;
}

static int write_step(struct conn *c, const struct enrolment *en, const struct case_state *s,
                      int run, const char *scene, const char *choice, const char *next, instant at,
                      struct error *e)
{
    return db_exec(c, &sql_case_insert, e, "itittti", en->id, s->it->id, (int64_t)run, scene,
                   choice, next, at) < 0
               ? -1
               : 0;
}

static int case_finish(struct conn *c, struct learning *l, const struct enrolment *en,
                       const struct case_state *s, const struct scene *end, instant at,
                       struct error *e)
{
    struct ledger_entry entry = {.person = en->person,
                                 .enrolment = en->id,
                                 .kind = "case",
                                 .subject = s->it->id,
                                 .evidence = "",
                                 .earned_at = at,
                                 .recorded_at = at,
                                 .actor = en->person,
                                 .reason = end->id};
    bool completed;
    return ledger_append(c, &entry, e) ? -1 : completion_try(c, l, en, at, &completed, e);
}

static int choose(struct conn *c, struct learning *l, const struct enrolment *en,
                  const struct case_state *s, const char *scene, const char *choice, instant at,
                  struct error *e)
{
    const struct scene *here = &s->it->scenes[s->scene];
    if (strcmp(here->id, scene) != 0) {
        const struct case_taken *last = s->path_length ? &s->path[s->path_length - 1] : NULL;
        const struct scene *left = last ? &s->it->scenes[last->scene] : NULL;
        if (left && strcmp(left->id, scene) == 0 &&
            strcmp(left->choices[last->choice].id, choice) == 0)
            return 0; /* the same button twice */
        return error_set(
            e, ERROR_CONFLICT,
            "The story has moved on since this page was opened, perhaps in another tab. "
            "Your path is kept; go on from where it stands.");
    }
    int index = find_choice(here, choice);
    if (index < 0)
        return error_field(e, "choice", "Choose one of the ways to go on.");
    const struct scene *next = &s->it->scenes[here->choices[index].target];
    if (write_step(c, en, s, s->run, scene, choice, next->id, at, e))
        return -1;
    return next->end && !s->done ? case_finish(c, l, en, s, next, at, e) : 0;
}

int case_choose(struct conn *c, struct learning *l, const struct enrolment *en, const char *case_id,
                const char *scene, const char *choice, instant at, struct error *e)
{
    struct arena *a = arena_create();
    struct case_state s;
    int result = case_load(c, l, en, case_id, a, &s, e);
    if (result == 0)
        result = choose(c, l, en, &s, scene, choice, at, e);
    arena_free(a);
    return result;
}

int case_again(struct conn *c, struct learning *l, const struct enrolment *en, const char *case_id,
               instant at, struct error *e)
{
    struct arena *a = arena_create();
    struct case_state s;
    int result = case_load(c, l, en, case_id, a, &s, e);
    if (result == 0 && s.path_length > 0)
        result = write_step(c, en, &s, s.run + 1, "", "", s.it->scenes[0].id, at, e);
    arena_free(a);
    return result;
}
