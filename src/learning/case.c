/* The branching case: the path is the rows, in order; where the reader stands follows from them. */
#include "learning/certificate.h"
#include "learning/ledger.h"
#include "learning/moves.h"
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

/* A run begins with the first `kept` choices of the one before. */
static void begin_run(struct case_state *s, int run, int kept)
{
    s->place = (struct case_place){run, kept < s->place.choices ? kept : s->place.choices};
    if (s->place.choices < s->skipped)
        s->skipped = s->place.choices;
    s->path_length = s->place.choices - s->skipped;
    s->kept = s->place.choices;
}

/* Adds one stored row: a choice, or the beginning of a run, which has no scene. */
static int add_step(struct stmt *st, struct case_state *s, struct error *e)
{
    int run = (int)db_int(st, 0);
    const char *scene = db_text(st, 1), *choice = db_text(st, 2);
    if (run != s->place.run)
        begin_run(s, run, (int)db_int(st, 4));
    s->scene = case_scene(s->it, db_text(st, 3));
    if (!*scene)
        return 0;
    struct case_taken taken = {.scene = case_scene(s->it, scene), .next = s->scene};
    taken.choice = taken.scene < 0 ? -1 : find_choice(&s->it->scenes[taken.scene], choice);
    if (taken.choice < 0 || s->scene < 0)
        return error_set(e, ERROR_INTERNAL, "case %s: the stored path does not fit the publication",
                         s->it->id);
    if (s->path_length == PATH_MAX_STEPS) { /* round and round: the latest are shown */
        memmove(s->path, s->path + 1, sizeof *s->path * (size_t)--s->path_length);
        s->skipped++;
    }
    s->path[s->path_length++] = taken;
    s->place.choices++;
    if (s->it->scenes[s->scene].end)
        s->done = s->reached[s->scene] = true;
    return 0;
}

/* Does a step taken under another publication still belong to the case as it stands now? */
struct fitting {
    int64_t publication; /* the one asked about last */
    int fits;
};

static int step_fits(struct conn *c, struct learning *l, const struct enrolment *en, const char *id,
                     struct stmt *st, struct fitting *f, struct error *e)
{
    int64_t under = db_null(st, 5) ? en->begun_under : db_int(st, 5);
    if (under != f->publication)
        *f = (struct fitting){under, moves_case_stays(c, l, under, en->publication, id, e)};
    return f->fits;
}

/* A path through an earlier form of the case is kept, and the story begins anew. */
static void begin_anew(struct case_state *s, int run)
{
    s->place = (struct case_place){run + 1, 0};
    s->path_length = s->skipped = s->kept = s->scene = 0;
    s->done = false;
    memset(s->reached, 0, (size_t)s->it->scene_count * sizeof *s->reached);
}

int case_load(struct conn *c, struct learning *l, const struct enrolment *en, const char *case_id,
              struct arena *a, struct case_state *out, struct error *e)
{
    *out = (struct case_state){.it = publication_case(en->publication, case_id), .place.run = 1};
    if (!out->it)
        return error_set(e, ERROR_NOT_FOUND, "There is no such case in this course.");
    out->path = arena_array(a, PATH_MAX_STEPS, sizeof *out->path);
    out->reached = arena_array(a, (size_t)out->it->scene_count, sizeof *out->reached);
    struct stmt *st = db_query(c, &sql_case_path, e, "it", en->id, case_id);
    if (!st)
        return -1;
    struct fitting f = {.publication = en->publication->id, .fits = 1};
    int step, result = 0;
    while ((step = db_step(st, e)) == 1 && result == 0) {
        int fits = step_fits(c, l, en, case_id, st, &f, e);
        if (fits > 0)
            result = add_step(st, out, e);
        else if (fits == 0)
            begin_anew(out, (int)db_int(st, 0));
        else
            result = -1;
    }
    db_done(st);
    return step < 0 ? -1 : result;
}

static int write_step(struct conn *c, const struct enrolment *en, const struct case_state *s,
                      struct case_place place, const char *scene, const char *choice,
                      const char *next, instant at, struct error *e)
{
    return db_exec(c, &sql_case_insert, e, "ititttiii", en->id, s->it->id, (int64_t)place.run,
                   scene, choice, next, at, (int64_t)place.choices, en->publication->id) < 0
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
                                 .evidence = s->it->hash,
                                 .earned_at = at,
                                 .recorded_at = at,
                                 .actor = en->person,
                                 .reason = end->id};
    bool completed;
    return ledger_append(c, &entry, e) ? -1 : completion_try(c, l, en, at, &completed, e);
}

static int moved_on(struct error *e)
{
    return error_set(e, ERROR_CONFLICT,
                     "The story has moved on since this page was opened, perhaps in another tab. "
                     "Your path is kept; go on from where it stands.");
}

static bool is_here(const struct case_state *s, struct case_place from, const char *scene)
{
    bool known = from.run > 0;
    return strcmp(s->it->scenes[s->scene].id, scene) == 0 &&
           (!known || (from.run == s->place.run && from.choices == s->place.choices));
}

/* The latest choice once more: the same button twice. */
static bool is_latest(const struct case_state *s, struct case_place from, const char *scene,
                      const char *choice)
{
    if (s->path_length == 0 ||
        (from.run > 0 && (from.run != s->place.run || from.choices + 1 != s->place.choices)))
        return false;
    const struct case_taken *last = &s->path[s->path_length - 1];
    const struct scene *left = &s->it->scenes[last->scene];
    return strcmp(left->id, scene) == 0 && strcmp(left->choices[last->choice].id, choice) == 0;
}

static int choose(struct conn *c, struct learning *l, const struct enrolment *en,
                  const struct case_state *s, struct case_place from, const char *scene,
                  const char *choice, instant at, struct error *e)
{
    if (!is_here(s, from, scene))
        return is_latest(s, from, scene, choice) ? 0 : moved_on(e);
    const struct scene *here = &s->it->scenes[s->scene];
    int index = find_choice(here, choice);
    if (index < 0)
        return error_field(e, "choice", "Choose one of the ways to go on.");
    const struct scene *next = &s->it->scenes[here->choices[index].target];
    struct case_place place = {s->place.run, 0};
    if (write_step(c, en, s, place, scene, choice, next->id, at, e))
        return -1;
    return next->end && !s->done ? case_finish(c, l, en, s, next, at, e) : 0;
}

int case_choose(struct conn *c, struct learning *l, const struct enrolment *en, const char *case_id,
                struct case_place from, const char *scene, const char *choice, instant at,
                struct error *e)
{
    struct arena *a = arena_create();
    struct case_state s;
    int result = case_load(c, l, en, case_id, a, &s, e);
    if (result == 0)
        result = choose(c, l, en, &s, from, scene, choice, at, e);
    arena_free(a);
    return result;
}

static int go_back(struct conn *c, const struct enrolment *en, const struct case_state *s,
                   struct case_place from, int keep, instant at, struct error *e)
{
    if (from.run > 0 && from.run != s->place.run)
        return from.run + 1 == s->place.run && keep == s->kept && keep == s->place.choices
                   ? 0
                   : moved_on(e);
    if (keep == s->place.choices) /* nothing to take back */
        return 0;
    if (keep > s->place.choices || (keep > 0 && keep < s->skipped))
        return error_field(e, "keep", "Choose one of the decisions on your path.");
    int to = keep == 0 ? 0 : s->path[keep - s->skipped].scene;
    struct case_place place = {s->place.run + 1, keep};
    return write_step(c, en, s, place, "", "", s->it->scenes[to].id, at, e);
}

int case_back(struct conn *c, struct learning *l, const struct enrolment *en, const char *case_id,
              struct case_place from, int keep, instant at, struct error *e)
{
    struct arena *a = arena_create();
    struct case_state s;
    int result = case_load(c, l, en, case_id, a, &s, e);
    if (result == 0)
        result = go_back(c, en, &s, from, keep, at, e);
    arena_free(a);
    return result;
}
