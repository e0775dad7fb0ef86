/*
 * What is due, from the rows and an instant. At most one follow-up is in play: the last one
 * offered, as long as it is neither finished nor lapsed.
 */
#include "learning/follow_up.h"
#include "learning/follow_up_plan.h"
#include "learning/moves.h"
#include "learning/sql.h"
#include <stdio.h>
#include <string.h>

#define FINISHED_MAX 200
#define OFFERED_MAX  4000

/* ---- reading ---- */

const struct item *finished_item(const struct finished *f, int k)
{
    const struct item *item = &f->known->items[k];
    bool comes_back = item->spaced && item->use == ITEM_FOR_CHECK;
    return comes_back && publication_item(f->enrolment.publication, item->id, NULL) ? item : NULL;
}

static int read_ids(struct conn *c, int64_t person, struct finished *list, struct error *e)
{
    struct stmt *st = db_query(c, &sql_finished_courses, e, "i", person);
    if (!st)
        return -1;
    int step = 0, n = 0;
    for (; n < FINISHED_MAX && (step = db_step(st, e)) == 1; n++)
        list[n] = (struct finished){.enrolment.id = db_int(st, 0), .done_at = db_int(st, 1)};
    db_done(st);
    return step < 0 ? -1 : n;
}

static int find_known(struct conn *c, struct learning *l, struct finished *f, struct error *e)
{
    struct enrolment reading = f->enrolment;
    if (reading.update && enrolment_get(c, l, reading.update, &reading, e))
        return -1;
    bool read = reading.finished_under != 0;
    f->known = moves_corrected(c, l, (read ? &reading : &f->enrolment)->publication, e);
    return f->known ? 0 : -1;
}

static int read_finished(struct conn *c, struct learning *l, int64_t person, struct arena *a,
                         struct plan *out, struct error *e)
{
    out->finished = arena_array(a, FINISHED_MAX, sizeof *out->finished);
    out->finished_count = read_ids(c, person, out->finished, e);
    for (int i = 0; i < out->finished_count; i++) {
        struct finished *f = &out->finished[i];
        if (enrolment_get(c, l, f->enrolment.id, &f->enrolment, e) || find_known(c, l, f, e))
            return -1;
        for (int k = 0; k < f->known->item_count && !out->any; k++)
            out->any = finished_item(f, k) != NULL;
    }
    return out->finished_count < 0 ? -1 : 0;
}

static int read_offered(struct conn *c, int64_t person, struct arena *a, struct plan *out,
                        struct error *e)
{
    struct stmt *st = db_query(c, &sql_follow_ups_of, e, "i", person);
    if (!st)
        return -1;
    int step = 0, room = 0;
    while (out->offered_count < OFFERED_MAX && (step = db_step(st, e)) == 1) {
        if (out->offered_count == room) {
            struct offered *more = arena_array(a, (size_t)(room = 2 * room + 32), sizeof *more);
            if (out->offered_count)
                memcpy(more, out->offered, sizeof *more * (size_t)out->offered_count);
            out->offered = more;
        }
        out->offered[out->offered_count++] =
            (struct offered){.id = db_int(st, 0),
                             .uuid = arena_strdup(a, db_text(st, 1)),
                             .enrolment = db_int(st, 2),
                             .day = (int)db_int(st, 3),
                             .seed = db_int(st, 4),
                             .items = (int)db_int(st, 5),
                             .answers = (int)db_int(st, 6),
                             .answered_at = db_int(st, 7),
                             .offered_at = db_int(st, 8),
                             .put_off_at = db_int(st, 9)};
    }
    db_done(st);
    return step < 0 ? -1 : 0;
}

static bool was_offered(const struct plan *p, int64_t enrolment, int day)
{
    for (int i = 0; i < p->offered_count; i++)
        if (p->offered[i].enrolment == enrolment && p->offered[i].day == day)
            return true;
    return false;
}

/* By due day; of one day, the course finished first. */
static void find_next(struct plan *p)
{
    for (int i = 0; p->any && i < p->finished_count; i++) {
        const struct finished *f = &p->finished[i];
        for (int k = 0; k < f->enrolment.publication->follow_up_count; k++) {
            int day = f->enrolment.publication->follow_up_days[k];
            instant due = f->done_at + day * INSTANT_DAY;
            if ((!p->next.after || due < p->next.due_at) && !was_offered(p, f->enrolment.id, day))
                p->next = (struct planned){f, day, due};
        }
    }
}

int follow_up_switched(struct conn *c, int64_t person, bool *off, instant *on_at, struct error *e)
{
    *off = false;
    *on_at = 0;
    struct stmt *st = db_query(c, &sql_follow_up_last_switch, e, "i", person);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        *off = strcmp(db_text(st, 0), "off") == 0;
        *on_at = *off ? 0 : db_int(st, 1);
    }
    db_done(st);
    return step < 0 ? -1 : 0;
}

int plan_read(struct conn *c, struct learning *l, int64_t person, struct arena *a, struct plan *out,
              struct error *e)
{
    *out = (struct plan){0};
    if (follow_up_switched(c, person, &out->off, &out->on_at, e) ||
        read_finished(c, l, person, a, out, e) || read_offered(c, person, a, out, e))
        return -1;
    find_next(out);
    return 0;
}

/* ---- judging ---- */

static bool is_finished(const struct offered *o)
{
    return o->answers >= o->items;
}

static bool is_put_off(const struct offered *o)
{
    return o->put_off_at >= o->offered_at;
}

/* When the next one may be offered if `last` is let go by. */
static instant next_from(const struct plan *p, const struct offered *last)
{
    instant rested = last ? last->offered_at + FOLLOW_UP_PAUSE : p->next.due_at;
    return rested > p->next.due_at ? rested : p->next.due_at;
}

static const struct offered *last_of(const struct plan *p)
{
    return p->offered_count ? &p->offered[p->offered_count - 1] : NULL;
}

static bool has_lapsed(const struct plan *p, const struct offered *o, instant at)
{
    if (is_finished(o))
        return false;
    if (o != last_of(p))
        return true; /* another was offered since */
    return !is_put_off(o) && p->next.after && at >= next_from(p, o);
}

static bool is_ignored(const struct plan *p, const struct offered *o, instant at)
{
    return has_lapsed(p, o, at) && !is_put_off(o) &&
           !(o->answers && o->answered_at >= o->offered_at);
}

static bool is_quiet(const struct plan *p, instant at)
{
    instant since = p->on_at;
    if (p->finished_count && p->finished[p->finished_count - 1].done_at > since)
        since = p->finished[p->finished_count - 1].done_at;
    int ignored = 0;
    for (int i = p->offered_count - 1; i >= 0 && p->offered[i].offered_at > since; i--) {
        const struct offered *o = &p->offered[i];
        if (is_ignored(p, o, at))
            ignored++;
        else if (o != last_of(p) || is_finished(o) || is_put_off(o) || o->answers)
            break;
    }
    return ignored >= FOLLOW_UP_QUIET;
}

/* The one in play at an instant, or NULL. */
static const struct offered *in_play(const struct plan *p, instant at)
{
    const struct offered *last = last_of(p);
    return last && !is_finished(last) && !has_lapsed(p, last, at) ? last : NULL;
}

int plan_due(const struct plan *p, instant at, const struct offered **again)
{
    *again = NULL;
    if (p->off || is_quiet(p, at))
        return 0;
    const struct offered *o = in_play(p, at);
    if (o)
        *again = is_put_off(o) && at >= o->put_off_at + FOLLOW_UP_PAUSE ? o : NULL;
    return !o && p->next.after && at >= next_from(p, last_of(p));
}

/* ---- the state ---- */

static const struct finished *finished_of(const struct plan *p, int64_t enrolment)
{
    for (int i = 0; i < p->finished_count; i++)
        if (p->finished[i].enrolment.id == enrolment)
            return &p->finished[i];
    return NULL;
}

/* Since when one that was offered is due: the same as before it was. */
static instant due_since(const struct plan *p, const struct offered *o)
{
    const struct finished *after = finished_of(p, o->enrolment);
    if (o->put_off_at)
        return o->put_off_at + FOLLOW_UP_PAUSE;
    instant due = after ? after->done_at + o->day * INSTANT_DAY : o->offered_at;
    instant rested = o > p->offered ? o[-1].offered_at + FOLLOW_UP_PAUSE : due;
    return rested > due ? rested : due;
}

static void open_offered(const struct plan *p, const struct offered *o, instant at,
                         struct follow_up_state *out)
{
    const struct finished *after = finished_of(p, o->enrolment);
    out->publication = after ? after->enrolment.publication : NULL;
    out->at = due_since(p, o);
    out->mode = is_put_off(o) && at < out->at ? FOLLOW_UP_WAITS : FOLLOW_UP_OPEN;
    out->offered = !is_put_off(o);
    out->left = o->items - o->answers;
    snprintf(out->uuid, sizeof out->uuid, "%s", o->uuid);
}

static void open_planned(const struct plan *p, instant at, struct follow_up_state *out)
{
    int64_t seed;
    out->publication = p->next.after->enrolment.publication;
    out->at = next_from(p, last_of(p));
    out->mode = at < out->at ? FOLLOW_UP_WAITS : FOLLOW_UP_OPEN;
    out->left = FOLLOW_UP_ITEMS;
    planned_seed(&p->next, out->uuid, &seed);
}

int follow_up_state(struct conn *c, struct learning *l, int64_t person, instant at,
                    struct follow_up_state *out, struct error *e)
{
    struct arena *a = arena_create();
    struct plan p;
    *out = (struct follow_up_state){0};
    int result = plan_read(c, l, person, a, &p, e);
    if (result == 0) {
        const struct offered *o = in_play(&p, at);
        out->any = p.any;
        out->off = p.off;
        if (!o && !p.next.after)
            out->mode = FOLLOW_UP_NONE;
        else if (p.off)
            out->mode = FOLLOW_UP_OFF;
        else if (is_quiet(&p, at))
            out->mode = FOLLOW_UP_STILL;
        else if (o)
            open_offered(&p, o, at, out);
        else
            open_planned(&p, at, out);
    }
    arena_free(a);
    return result;
}

/* ---- putting off, switching ---- */

static int note(struct conn *c, int64_t person, int64_t follow_up, const char *kind, instant at,
                struct error *e)
{
    return db_exec(c, &sql_follow_up_note, e, "iiti", person, follow_up, kind, at) < 0 ? -1 : 0;
}

int follow_up_put_off(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                      instant at, struct error *e)
{
    struct arena *a = arena_create();
    struct plan p;
    int result = follow_up_offer(c, l, person, at, e) || plan_read(c, l, person, a, &p, e) ? -1 : 0;
    if (result == 0) {
        const struct offered *o = in_play(&p, at);
        bool known = false;
        for (int i = 0; i < p.offered_count; i++)
            known = known || strcmp(p.offered[i].uuid, uuid) == 0;
        if (!known)
            result = error_set(e, ERROR_NOT_FOUND, "There are no such questions for you.");
        else if (o && strcmp(o->uuid, uuid) == 0 && !is_put_off(o))
            result = note(c, person, o->id, "put_off", at, e);
    }
    arena_free(a);
    return result;
}

int follow_up_switch(struct conn *c, int64_t person, bool on, instant at, struct error *e)
{
    bool off;
    instant on_at;
    if (follow_up_switched(c, person, &off, &on_at, e))
        return -1;
    if (!on && off)
        return 0;
    return db_exec(c, &sql_follow_up_note, e, "inti", person, on ? "on" : "off", at) < 0 ? -1 : 0;
}
