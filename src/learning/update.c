#include "learning/update.h"
#include "learning/ledger.h"
#include "learning/moves.h"
#include "learning/sql.h"
#include <string.h>

#define CORRECTIONS_MAX 20

/* ---- one reading ---- */

static void put_line(struct arena *a, struct progress *p)
{
    p->lines = arena_array(a, 1, sizeof *p->lines);
    p->line_count = 1;
    *p->lines = (struct completion_line){
        .text = arena_printf(a, "New or changed lessons: %d of %d", p->parts_done, p->parts),
        .done = p->parts_done == p->parts,
        .detail = "",
        .step = p->next,
        .kind = STEP_LESSON,
        .done_at = p->lessons_done_at};
    if (!p->lines->done)
        p->lines->detail =
            arena_printf(a, "Next is “%s”, about %d min.", p->next.title, p->next.minutes);
}

int update_progress(struct conn *c, struct learning *l, struct arena *a, struct progress *p,
                    struct error *e)
{
    const struct publication *pub = p->enrolment.publication;
    struct step first = {0};
    p->lesson_to_read = arena_array(a, (size_t)pub->lesson_count + 1, sizeof *p->lesson_to_read);
    p->lessons_done = 0;
    for (int i = 0; i < pub->lesson_count; i++) {
        const struct lesson *it = &pub->lessons[i];
        int known = moves_lesson_stays(c, l, p->enrolment.base->id, pub, it->id, e);
        if (known < 0)
            return -1;
        p->lesson_to_read[i] = !known;
        p->parts += !known;
        p->parts_done += !known && p->lesson_done[i];
        if (known && p->next.kind == STEP_LESSON && strcmp(p->next.ref, it->id) == 0)
            p->next = (struct step){0}; /* looked into, though there is nothing new in it */
        if (!known && !p->lesson_done[i] && first.kind == STEP_NONE)
            first = (struct step){STEP_LESSON, it->id, it->title, it->minutes};
        p->lesson_done[i] = known || p->lesson_done[i];
        p->lessons_done += p->lesson_done[i];
    }
    for (int i = 0; i < pub->case_count; i++)
        p->case_done[i] = true; /* cases and checks are no part of it */
    p->completed = p->enrolment.finished_under != 0;
    if (p->next.kind == STEP_NONE)
        p->next = first;
    put_line(a, p);
    return 0;
}

int update_try(struct conn *c, struct learning *l, const struct enrolment *en, instant at,
               struct error *e)
{
    struct arena *a = arena_create();
    struct progress p;
    int result = progress_load(c, l, en, a, &p, e);
    bool finished = result == 0 && !p.completed && p.parts > 0 && p.parts_done == p.parts;
    arena_free(a);
    if (!finished)
        return result;
    struct ledger_entry entry = {.person = en->person,
                                 .enrolment = en->id,
                                 .kind = "updated",
                                 .subject = en->publication->hash,
                                 .evidence = "",
                                 .earned_at = at,
                                 .recorded_at = at,
                                 .actor = en->person,
                                 .reason = ""};
    return ledger_append(c, &entry, e);
}

/* ---- what is new ---- */

static int read_corrections(struct conn *c, const struct enrolment *en, int64_t known,
                            struct arena *a, struct update *out, struct error *e)
{
    struct stmt *st =
        db_query(c, &sql_corrections_after, e, "tii", en->publication->course, known, en->person);
    if (!st)
        return -1;
    int step = 0;
    out->corrections = arena_array(a, CORRECTIONS_MAX, sizeof *out->corrections);
    while (out->correction_count < CORRECTIONS_MAX && (step = db_step(st, e)) == 1)
        out->corrections[out->correction_count++] = (struct correction){
            arena_strdup(a, db_text(st, 1)), arena_strdup(a, db_text(st, 2)), db_int(st, 3)};
    db_done(st);
    return step < 0 ? -1 : 0;
}

/* Hash and note of a publication. 1, 0 when there is none, or -1. */
static int read_said(struct conn *c, int64_t publication, struct arena *a, const char **hash,
                     const char **note, struct error *e)
{
    struct stmt *st = db_query(c, &sql_publication_said, e, "i", publication);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        *hash = arena_strdup(a, db_text(st, 0));
        *note = arena_strdup(a, db_text(st, 1));
    }
    db_done(st);
    return step;
}

/* The latest of this kind, or NULL. */
static const struct later *latest_of(const struct later *later, int count, enum change_kind kind)
{
    while (count > 0 && later[count - 1].kind != kind)
        count--;
    return count > 0 ? &later[count - 1] : NULL;
}

/* Lessons of the newest publication that are not those of the known one. */
static int count_new(struct conn *c, struct learning *l, int64_t known, int64_t newest_id, int *out,
                     struct error *e)
{
    const struct publication *newest = shelf_get(l->shelf, newest_id, e);
    if (!newest)
        return -1;
    for (int i = 0; i < newest->lesson_count; i++) {
        int stays = moves_lesson_stays(c, l, known, newest, newest->lessons[i].id, e);
        if (stays < 0)
            return -1;
        *out += !stays;
    }
    return 0;
}

int update_load(struct conn *c, struct learning *l, const struct enrolment *en, struct arena *a,
                struct update *out, struct error *e)
{
    *out = (struct update){.note = ""};
    int64_t known = en->finished_under;
    struct enrolment reading;
    bool unfinished = false;
    if (en->update) {
        if (enrolment_get(c, l, en->update, &reading, e) ||
            progress_load(c, l, &reading, a, &out->progress, e))
            return -1;
        unfinished = !reading.finished_under;
        known = unfinished ? reading.base->id : reading.finished_under;
    }
    struct later *later;
    int count = moves_later(c, en->publication->course, known, a, &later, e);
    if (count <= 0)
        return count;
    if (latest_of(later, count, CHANGE_CORRECTION) && read_corrections(c, en, known, a, out, e))
        return -1;
    const struct later *material = latest_of(later, count, CHANGE_MATERIAL);
    const char *hash;
    if (material && read_said(c, material->id, a, &hash, &out->note, e) < 0)
        return -1;
    if (!unfinished) /* only when new material came: small changes are for those who begin */
        return material ? count_new(c, l, known, later[count - 1].id, &out->to_read, e) : 0;
    out->to_read = out->progress.parts;
    out->read = out->progress.parts_done;
    out->open = out->read < out->to_read;
    return 0;
}

/* ---- moved on the way ---- */

int update_moved(struct conn *c, const struct progress *p, struct arena *a, struct moved *out,
                 struct error *e)
{
    const struct enrolment *en = &p->enrolment;
    *out = (struct moved){0};
    if (p->completed || en->base || en->publication->id == en->begun_under)
        return 0;
    struct later *taken;
    int n = moves_taken(c, en->publication->course, &(struct standing){.from = en->begun_under}, a,
                        &taken, e);
    const struct later *tell = NULL;
    for (int i = 0; i < n; i++) {
        if (taken[i].at <= p->touched_at)
            continue;
        out->count++;
        if (!tell || taken[i].kind == CHANGE_CORRECTION || tell->kind == CHANGE_TYPO)
            tell = &taken[i];
    }
    if (!tell)
        return n < 0 ? -1 : 0;
    out->kind = tell->kind;
    out->at = tell->at;
    return read_said(c, tell->id, a, &out->hash, &out->note, e);
}

/* ---- beginning, and putting away ---- */

static int insert_update(struct conn *c, struct learning *l, const struct enrolment *course,
                         int64_t known, instant at, struct rng *rng, struct enrolment *out,
                         struct error *e)
{
    int64_t newest = 0, seed = (int64_t)(rng_next(rng) >> 2);
    const char *name = course->publication->course;
    if (db_query_int(c, &sql_publication_newest_id, &newest, e, "t", name) < 0 ||
        db_exec(c, &sql_update_insert, e, "itiiii", course->person, name, newest, known, at, seed) <
            0 ||
        enrolment_get(c, l, db_last_id(c), out, e))
        return -1;
    struct ledger_entry entry = {.person = course->person,
                                 .enrolment = out->id,
                                 .kind = "began",
                                 .subject = out->publication->hash,
                                 .evidence = "",
                                 .earned_at = at,
                                 .recorded_at = at,
                                 .actor = course->person,
                                 .reason = "what is new"};
    return ledger_append(c, &entry, e);
}

int update_begin(struct conn *c, struct learning *l, int64_t person, const char *course, instant at,
                 struct rng *rng, struct enrolment *out, struct error *e)
{
    struct enrolment en;
    if (enrolment_find(c, l, person, course, &en, e))
        return -1;
    if (!en.finished_under)
        return error_set(e, ERROR_CONFLICT,
                         "This course is not finished yet, so what is new in it can wait.");
    struct arena *a = arena_create();
    struct update u;
    int result = update_load(c, l, &en, a, &u, e);
    const struct enrolment *latest = &u.progress.enrolment;
    if (result == 0 && latest->id && !latest->finished_under)
        *out = *latest;
    else if (result == 0 && u.to_read == 0)
        result = error_set(e, ERROR_CONFLICT, "Nothing is new in this course since you finished.");
    else if (result == 0)
        result = insert_update(c, l, &en, latest->id ? latest->finished_under : en.finished_under,
                               at, rng, out, e);
    arena_free(a);
    return result;
}

int corrections_put_away(struct conn *c, int64_t person, const char *course, instant at,
                         struct error *e)
{
    int64_t newest = 0;
    int found = db_query_int(c, &sql_publication_newest_id, &newest, e, "t", course);
    if (found < 0)
        return -1;
    if (!newest)
        return error_set(e, ERROR_NOT_FOUND, "There is no such course.");
    return db_exec(c, &sql_corrections_put_away, e, "itii", person, course, newest, at) < 0 ? -1
                                                                                            : 0;
}
