#include "learning/erasure.h"
#include "base/memory.h"
#include "learning/answer_memory.h"
#include "learning/challenge.h"
#include "learning/erasure_reason.h"
#include "learning/ledger.h"
#include "learning/session_cache.h"
#include "learning/sql.h"
#include <stdlib.h>

#define FORMER_SORT "former member"

/* By then no request is under way that began before the deletion. */
#define SETTLED (2 * INSTANT_MINUTE)

/* ---- at once ---- */

/* Whatever somebody could sign in with, or others would read. */
static int erase_identity(struct conn *c, const struct erasure *x, struct error *e)
{
    static const struct sql *const deletes[] = {&sql_erase_emails, &sql_erase_sessions,
                                                &sql_erase_signin_links, &sql_erase_pending};
    if (db_exec(c, &sql_erase_person, e, "iitt", x->person, x->at, FORMER_MEMBER, FORMER_SORT) < 0)
        return -1;
    for (size_t i = 0; i < sizeof deletes / sizeof *deletes; i++)
        if (db_exec(c, deletes[i], e, "i", x->person) < 0)
            return -1;
    return 0;
}

static int end_duties(struct conn *c, const struct erasure *x, struct error *e)
{
    return appointments_end(c, x->person, x->at, e) || roles_end(c, x->person, x->at, e) ||
                   db_exec(c, &sql_erase_titles, e, "it", x->person, FORMER_MEMBER) < 0 ||
                   db_exec(c, &sql_erase_review_links, e, "ii", x->person, x->at) < 0
               ? -1
               : 0;
}

static int refuse_last_administrator(struct conn *c, const struct erasure *x, struct arena *a,
                                     struct error *e)
{
    struct erasure_plan plan;
    if (erasure_plan(c, x->person, x->at, a, &plan, e))
        return -1;
    return plan.last_administrator
               ? error_set(e, ERROR_CONFLICT,
                           "This is the only administrator here. Make somebody else one first.")
               : 0;
}

int erasure_begin(struct conn *c, const struct erasure *x, struct error *e)
{
    struct arena *a = arena_create();
    struct person p;
    int result = person_get(c, x->person, a, &p, e);
    if (result == 0 && !p.erased_at)
        result = erasure_check_reason(c, x->person, x->reason, e) ||
                         refuse_last_administrator(c, x, a, e) || erase_identity(c, x, e) ||
                         end_duties(c, x, e) ||
                         db_exec(c, &sql_erasure_note, e, "ii", x->person, x->at) < 0 ||
                         audit_append(c, x->actor, "person.delete", p.uuid, x->reason, x->at, e)
                     ? -1
                     : 0;
    arena_free(a);
    return result;
}

/* ---- piece by piece ---- */

/* In this order, so that nothing is deleted before what points at it. A row of `weight` costs as
 * much as that many of the small ones. */
static const struct {
    const struct sql *sql;
    int64_t weight;
} pieces[] = {
    {&sql_erase_reflections, 20}, /* up to 10 kB each */
    {&sql_erase_commitment_checks, 1},
    {&sql_erase_commitments, 10},
    {&sql_erase_follow_up_steps, 1},
    {&sql_erase_follow_up_items, 1},
    {&sql_erase_follow_up_events, 1},
    {&sql_erase_follow_ups, 1},
    {&sql_erase_practice, 1},
    {&sql_erase_case_steps, 1},
    {&sql_erase_visits, 1},
    {&sql_erase_minutes, 1},
    {&sql_erase_open_steps, 1},
    {&sql_erase_open_attempts, 1},
    {&sql_erase_open_pretest_steps, 1},
    {&sql_erase_open_pretests, 1},
    {&sql_erase_pretest_skips, 1},
    {&sql_erase_corrections_seen, 1},
    {&sql_erase_answers_read, 1},
    {&sql_erase_credits, 1},
    {&sql_erase_alternatives_standing, 1},
    {&sql_erase_alternative_answers, 5},
    {&sql_erase_alternatives, 5},
};

int erasure_piece(struct conn *c, int64_t person, const struct zone *zone, int64_t *rows,
                  struct error *e)
{
    int64_t room = ERASURE_PIECE, done = 0, late = 0;
    *rows = 0;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces && room >= pieces[i].weight; i++) {
        int64_t most = room / pieces[i].weight;
        int64_t n = db_exec(c, pieces[i].sql, e, "ii", person, most);
        if (n < 0)
            return -1;
        done += n;
        room = n == most ? 0 : room - n * pieces[i].weight;
    }
    int64_t sent = room > 0 ? challenges_forget_sender(c, person, zone, room, e) : 0;
    if (sent < 0)
        return -1;
    /* A learning check that was being handed in may have left it. */
    if ((late = db_exec(c, &sql_erase_pending, e, "i", person)) < 0)
        return -1;
    *rows = done + sent + late;
    return 0;
}

/* ---- the whole of it ---- */

struct work {
    struct learning *learning;
    struct erasure x;
    struct zone *zone;
    int64_t rows;
};

static int write_begin(struct conn *c, void *arg, struct error *e)
{
    const struct work *w = arg;
    return erasure_begin(c, &w->x, e);
}

static int write_piece(struct conn *c, void *arg, struct error *e)
{
    struct work *w = arg;
    answer_memory_clear(w->learning->answers);
    return erasure_piece(c, w->x.person, w->zone, &w->rows, e);
}

static int write_done(struct conn *c, void *arg, struct error *e)
{
    const struct work *w = arg;
    return db_exec(c, &sql_erasure_done, e, "i", w->x.person) < 0 ? -1 : 0;
}

/* All pieces that are left. What was deleted does not linger in the log, done or not. */
static int erase_rest(struct learning *l, struct work *w, struct error *e)
{
    int result;
    bool any = false;
    do {
        result = db_write(l->db, write_piece, w, e);
        any = any || w->rows > 0;
    } while (result == 0 && w->rows > 0);
    if (any)
        db_forget(l->db);
    return result;
}

int erasure_run(struct learning *l, int64_t person, int64_t actor, const char *reason,
                struct error *e)
{
    struct work w = {.learning = l,
                     .x = {person, actor, reason, clock_now(l->clock)},
                     .zone = zone_create(l->settings->zone, e)};
    if (!w.zone)
        return -1;
    int result = db_write(l->db, write_begin, &w, e);
    if (result == 0) {
        session_forget_person(l->sessions, person);
        db_forget(l->db);
        result = erase_rest(l, &w, e);
    }
    zone_free(w.zone);
    return result;
}

/* ---- due work ---- */

struct noted {
    int64_t person;
    instant since;
};

#define NOTED_AT_ONCE 100

static int read_noted(struct learning *l, struct noted *out, struct error *e)
{
    struct conn *c = db_read_begin(l->db, e);
    struct stmt *st = c ? db_query(c, &sql_erasures_noted, e, "") : NULL;
    int count = 0, step = st ? 0 : -1;
    while (st && count < NOTED_AT_ONCE && (step = db_step(st, e)) == 1)
        out[count++] = (struct noted){db_int(st, 0), db_int(st, 1)};
    db_done(st);
    db_read_end(l->db, c);
    return step < 0 ? -1 : count;
}

int erasures_go_on(struct learning *l, struct error *e)
{
    struct noted noted[NOTED_AT_ONCE];
    int count = read_noted(l, noted, e), result = count < 0 ? -1 : 0;
    if (count <= 0)
        return result;
    struct work w = {.learning = l, .zone = zone_create(l->settings->zone, e)};
    if (!w.zone)
        return -1;
    for (int i = 0; result == 0 && i < count; i++) {
        w.x.person = noted[i].person;
        bool settled = clock_now(l->clock) - noted[i].since >= SETTLED;
        result = erase_rest(l, &w, e);
        if (result == 0 && settled)
            result = db_write(l->db, write_done, &w, e);
    }
    zone_free(w.zone);
    return result;
}
