#include "learning/pretest.h"
#include "learning/attempt_sheet.h"
#include "learning/draw.h"
#include "learning/sql.h"
#include <stdio.h>
#include <string.h>

/* ---- where it stands ---- */

/* From the enrolment's own rows. */
static int read_state(struct conn *c, const struct enrolment *en, struct pretest_state *out,
                      struct error *e)
{
    struct stmt *st = db_query(c, &sql_pretest_state, e, "i", en->id);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        bool begun = !db_null(st, 0), done = !db_null(st, 1);
        bool before = db_null(st, 2) && db_int(st, 3) == 0;
        if (begun && (done || before))
            snprintf(out->uuid, sizeof out->uuid, "%s", db_text(st, 0));
        out->stage = done      ? PRETEST_DONE
                     : !before ? PRETEST_NONE
                     : begun   ? PRETEST_OPEN
                               : PRETEST_OFFERED;
    }
    db_done(st);
    return step < 0 ? -1 : 0;
}

int pretest_find(struct conn *c, const struct enrolment *en, int64_t person,
                 struct pretest_state *out, struct error *e)
{
    int64_t skipped = 0;
    *out = (struct pretest_state){.stage = PRETEST_OFFERED,
                                  .count = draw_pretest_count(en->publication)};
    if (en->id && read_state(c, en, out, e))
        return -1;
    if (out->count == 0 && out->stage != PRETEST_DONE)
        out->stage = PRETEST_NONE;
    if (out->stage != PRETEST_OFFERED && out->stage != PRETEST_OPEN)
        return 0;
    if (db_query_int(c, &sql_pretest_skipped, &skipped, e, "it", person, en->publication->course) <
        0)
        return -1;
    if (skipped)
        out->stage = PRETEST_SKIPPED;
    return 0;
}

/* ---- starting, skipping, handing in ---- */

int pretest_start(struct conn *c, struct learning *l, int64_t person, const char *course,
                  instant at, struct rng *rng, char uuid[37], struct error *e)
{
    struct enrolment en;
    struct pretest_state state;
    if (enrolment_begin(c, l, person, course, at, rng, &en, e) ||
        pretest_find(c, &en, person, &state, e))
        return -1;
    snprintf(uuid, 37, "%s", state.uuid);
    if (state.stage == PRETEST_OPEN)
        return 0;
    if (state.stage != PRETEST_OFFERED)
        return error_set(e, ERROR_CONFLICT,
                         "These questions come before the course, and once. They come back in your "
                         "learning check.");
    struct arena *a = arena_create();
    int items;
    const char *form = draw_pretest(en.publication, en.shuffle_seed, rng, a, &items);
    rng_uuid_at(rng, at / 1000, uuid);
    int64_t added = db_exec(c, &sql_pretest_insert, e, "tiiitii", uuid, en.id, person,
                            en.publication->id, form, (int64_t)items, at);
    arena_free(a);
    return added < 0 ? -1 : 0;
}

int pretest_skip(struct conn *c, int64_t person, const char *course, instant at, struct error *e)
{
    return db_exec(c, &sql_pretest_skip_insert, e, "iti", person, course, at) < 0 ? -1 : 0;
}

int pretest_submit(struct conn *c, const char *uuid, int64_t person, instant at, struct error *e)
{
    struct stmt *st = db_query(c, &sql_pretest_for_answer, e, "ti", uuid, person);
    if (!st)
        return -1;
    int step = db_step(st, e);
    int64_t id = step == 1 ? db_int(st, 0) : 0;
    bool done = step == 1 && !db_null(st, 2), overtaken = step == 1 && db_int(st, 4) != 0;
    db_done(st);
    if (step <= 0)
        return step < 0 ? -1
                        : error_set(e, ERROR_NOT_FOUND, "There are no such questions of yours.");
    if (done)
        return 0;
    if (overtaken)
        return error_set(e, ERROR_CONFLICT,
                         "These questions belong before the course and are closed now. They come "
                         "back in your learning check.");
    return db_exec(c, &sql_pretest_submit, e, "ii", id, at) < 0 ? -1 : 0;
}

int pretest_handed_in(struct conn *c, struct learning *l, const struct enrolment *en,
                      struct arena *a, struct attempt *out, struct error *e)
{
    char uuid[37] = "";
    struct stmt *st = db_query(c, &sql_pretest_of_enrolment, e, "i", en->id);
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        snprintf(uuid, sizeof uuid, "%s", db_text(st, 0));
    db_done(st);
    if (step != 1)
        return step;
    return attempt_load(c, l, uuid, en->person, a, out, e) ? -1 : 1;
}

/* ---- before and after ---- */

static const struct attempt_item *find(const struct attempt *t, const struct item *item)
{
    for (int i = 0; i < t->item_count; i++)
        if (strcmp(t->items[i].item->hash, item->hash) == 0)
            return &t->items[i];
    return NULL;
}

/* False when the check did not hold every item as it was. */
static bool match(const struct attempt *before, const struct attempt *after,
                  struct pretest_pair *out)
{
    int64_t x = 0, y = 0;
    *out = (struct pretest_pair){.count = before->item_count};
    for (int i = 0; i < before->item_count; i++) {
        const struct attempt_item *b = &before->items[i], *a = find(after, b->item);
        if (!a)
            return false;
        out->items[i] = b->item;
        x += out->before[i] = b->mark;
        y += out->after[i] = a->mark;
    }
    if (out->count == 0)
        return false;
    out->x = (double)x / (10.0 * out->count);
    out->y = (double)y / (10.0 * out->count);
    return true;
}

/* Columns first, first + 1, first + 2: id, form, publication. */
static int fill(struct conn *c, struct learning *l, struct stmt *st, int first,
                const struct sheet *sheet, struct arena *a, struct attempt *out, struct error *e)
{
    *out = (struct attempt){.id = db_int(st, first)};
    out->enrolment.publication = shelf_get(l->shelf, db_int(st, first + 2), e);
    return out->enrolment.publication &&
                   sheet_fill(c, sheet, db_text(st, first + 1), a, out, e) == 0
               ? 0
               : -1;
}

int pretest_pairs(struct conn *c, struct learning *l, const char *course,
                  int (*each)(void *arg, const struct pretest_pair *pair), void *arg, int *changed,
                  struct error *e)
{
    struct stmt *st = db_query(c, &sql_pretest_first_checks, e, "t", course);
    if (!st)
        return -1;
    int step, left_out = 0, result = 0;
    while (result == 0 && (step = db_step(st, e)) == 1) {
        struct arena *a = arena_create();
        struct attempt before, after;
        struct pretest_pair *pair = arena_alloc(a, sizeof *pair);
        if (fill(c, l, st, 0, &sheet_of_pretests, a, &before, e) ||
            fill(c, l, st, 3, &sheet_of_checks, a, &after, e))
            result = -1;
        else if (!match(&before, &after, pair))
            left_out++;
        else
            result = each(arg, pair);
        arena_free(a);
    }
    db_done(st);
    if (changed)
        *changed = left_out;
    return result != 0 ? result : step;
}
