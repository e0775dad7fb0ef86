#include "learning/moves.h"
#include "course/diff.h"
#include "learning/sql.h"
#include <string.h>

static bool takes_along(const struct standing *s, enum change_kind kind, bool stands_before)
{
    switch (kind) {
    case CHANGE_TYPO:
        return stands_before;
    case CHANGE_CORRECTION:
        return !s->finished;
    case CHANGE_MATERIAL:
        return s->delta && !s->finished;
    default:
        return false;
    }
}

static enum change_kind kind_of(struct stmt *st)
{
    enum change_kind kind = CHANGE_MINOR;
    change_kind_read(db_text(st, 1), &kind);
    return kind;
}

int64_t moves_follow(struct conn *c, const char *course, const struct standing *s, int64_t newest,
                     struct error *e)
{
    int64_t at = s->from, before = s->from;
    if (at == newest)
        return at;
    struct stmt *st = db_query(c, &sql_publications_after, e, "ti", course, at);
    if (!st)
        return -1;
    int step;
    while ((step = db_step(st, e)) == 1) {
        if (takes_along(s, kind_of(st), at == before))
            at = db_int(st, 0);
        before = db_int(st, 0);
    }
    db_done(st);
    return step < 0 ? -1 : at;
}

int moves_later(struct conn *c, const char *course, int64_t after, struct arena *a,
                struct later **out, struct error *e)
{
    *out = NULL;
    struct stmt *st = db_query(c, &sql_publications_after, e, "ti", course, after);
    if (!st)
        return -1;
    int step = 0, count = 0;
    while (count < LATER_MAX && (step = db_step(st, e)) == 1) {
        if (count == 0)
            *out = arena_array(a, LATER_MAX, sizeof **out);
        (*out)[count++] = (struct later){db_int(st, 0), kind_of(st), db_int(st, 2)};
    }
    db_done(st);
    return step < 0 ? -1 : count;
}

int moves_taken(struct conn *c, const char *course, const struct standing *s, struct arena *a,
                struct later **out, struct error *e)
{
    int count = moves_later(c, course, s->from, a, out, e), taken = 0;
    int64_t at = s->from, before = s->from;
    for (int i = 0; i < count; i++) {
        struct later it = (*out)[i];
        if (takes_along(s, it.kind, at == before)) {
            (*out)[taken++] = it;
            at = it.id;
        }
        before = it.id;
    }
    return count < 0 ? -1 : taken;
}

/* The latest correction after a publication, 0 for none, or -1. */
static int64_t last_correction(struct conn *c, const struct publication *p, struct error *e)
{
    struct arena *a = arena_create();
    struct later *later;
    int64_t last = 0;
    int count = moves_later(c, p->course, p->id, a, &later, e);
    for (int i = 0; i < count; i++)
        last = later[i].kind == CHANGE_CORRECTION ? later[i].id : last;
    arena_free(a);
    return count < 0 ? -1 : last;
}

const struct publication *moves_corrected(struct conn *c, struct learning *l,
                                          const struct publication *p, struct error *e)
{
    const struct publication *newest = shelf_current(l->shelf, p->course, e);
    if (!newest || newest->id == p->id)
        return newest;
    struct standing s = {.from = last_correction(c, p, e), .finished = true};
    if (s.from == 0)
        return p;
    int64_t at = s.from < 0 ? -1 : moves_follow(c, p->course, &s, newest->id, e);
    return at < 0 ? NULL : shelf_get(l->shelf, at, e);
}

typedef bool (*same_fn)(const struct publication *a, const struct publication *b, const char *id);

/* Walks from publication to publication: only typos may have changed it. */
static int stays_step_by_step(struct conn *c, struct learning *l, const struct publication *was,
                              const struct publication *to, same_fn same, const char *id,
                              struct error *e)
{
    struct arena *a = arena_create();
    struct later *later;
    int count = moves_later(c, to->course, was->id, a, &later, e), stays = count < 0 ? -1 : 1;
    for (int i = 0; i < count && stays == 1 && later[i].id <= to->id; i++) {
        const struct publication *now = shelf_get(l->shelf, later[i].id, e);
        if (!now)
            stays = -1;
        else if (later[i].kind != CHANGE_TYPO && !same(was, now, id))
            stays = 0;
        was = now;
    }
    arena_free(a);
    return stays;
}

static int stays(struct conn *c, struct learning *l, int64_t from, const struct publication *to,
                 same_fn same, const char *id, struct error *e)
{
    if (from == to->id)
        return 1;
    const struct publication *was = shelf_get(l->shelf, from, e);
    if (!was)
        return -1;
    return same(was, to, id) ? 1 : stays_step_by_step(c, l, was, to, same, id, e);
}

int moves_lesson_stays(struct conn *c, struct learning *l, int64_t from,
                       const struct publication *to, const char *lesson, struct error *e)
{
    return stays(c, l, from, to, lesson_same, lesson, e);
}

int moves_case_stays(struct conn *c, struct learning *l, int64_t from, const struct publication *to,
                     const char *case_id, struct error *e)
{
    return stays(c, l, from, to, case_same, case_id, e);
}

static bool case_has_hash(const struct publication *p, const char *id, const char *hash)
{
    const struct branching_case *it = publication_case(p, id);
    return it && (!*hash || strcmp(it->hash, hash) == 0);
}

int moves_case_done_stays(struct conn *c, struct learning *l, int64_t begun_under,
                          const struct publication *to, const char *case_id, const char *hash,
                          struct error *e)
{
    if (*hash && case_has_hash(to, case_id, hash))
        return 1;
    const struct publication *was = shelf_get(l->shelf, begun_under, e);
    if (!was)
        return -1;
    struct arena *a = arena_create();
    struct later *later;
    int count = moves_later(c, to->course, was->id, a, &later, e);
    int done = count < 0 ? -1 : case_has_hash(was, case_id, hash);
    for (int i = 0; i < count && done >= 0 && later[i].id <= to->id; i++) {
        const struct publication *now = shelf_get(l->shelf, later[i].id, e);
        bool stays = now && (later[i].kind == CHANGE_TYPO || case_same(was, now, case_id));
        done = !now ? -1 : (done && stays) || (*hash && case_has_hash(now, case_id, hash));
        was = now;
    }
    arena_free(a);
    return done;
}
