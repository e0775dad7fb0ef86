/* Beginning a course, opening lessons, questions inside lessons. */
#include "learning/study.h"
#include "learning/certificate.h"
#include "learning/draw.h"
#include "learning/ledger.h"
#include "learning/moves.h"
#include "learning/sql.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_enrolment(struct conn *c, struct stmt *st, struct learning *l,
                          struct enrolment *out, struct error *e)
{
    if (!st)
        return -1;
    int step = db_step(st, e);
    int64_t base = 0, newest = 0;
    char course[128] = "";
    if (step == 1) {
        *out = (struct enrolment){.id = db_int(st, 0),
                                  .person = db_int(st, 1),
                                  .begun_under = db_int(st, 2),
                                  .started_at = db_int(st, 3),
                                  .shuffle_seed = (uint64_t)db_int(st, 4),
                                  .finished_under = db_int(st, 6),
                                  .update = db_int(st, 8)};
        base = db_int(st, 5);
        newest = db_int(st, 7);
        snprintf(course, sizeof course, "%s", db_text(st, 9));
    }
    db_done(st);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND, "This course has not been begun.");
    if (step < 0 || (base && !(out->base = shelf_get(l->shelf, base, e))))
        return -1;
    struct standing s = {.from = out->finished_under ? out->finished_under : out->begun_under,
                         .finished = out->finished_under != 0,
                         .delta = base != 0};
    int64_t at = moves_follow(c, course, &s, newest, e);
    out->publication = at < 0 ? NULL : shelf_get(l->shelf, at, e);
    return out->publication ? 0 : -1;
}

int enrolment_find(struct conn *c, struct learning *l, int64_t person, const char *course,
                   struct enrolment *out, struct error *e)
{
    return read_enrolment(c, db_query(c, &sql_enrolment_of, e, "it", person, course), l, out, e);
}

int enrolment_get(struct conn *c, struct learning *l, int64_t id, struct enrolment *out,
                  struct error *e)
{
    return read_enrolment(c, db_query(c, &sql_enrolment_by_id, e, "i", id), l, out, e);
}

int enrolment_begin(struct conn *c, struct learning *l, int64_t person, const char *course,
                    instant at, struct rng *rng, struct enrolment *out, struct error *e)
{
    struct error none = {0};
    if (enrolment_find(c, l, person, course, out, &none) == 0)
        return 0;
    if (none.kind != ERROR_NOT_FOUND) {
        *e = none;
        return -1;
    }
    const struct publication *p = shelf_current(l->shelf, course, e);
    if (!p)
        return -1;
    /* SQLite integers are signed: 62 bits fit everywhere. */
    int64_t seed = (int64_t)(rng_next(rng) >> 2);
    if (db_exec(c, &sql_enrolment_insert, e, "itiii", person, course, p->id, at, seed) < 0)
        return -1;
    *out = (struct enrolment){.id = db_last_id(c),
                              .person = person,
                              .publication = p,
                              .started_at = at,
                              .shuffle_seed = (uint64_t)seed,
                              .begun_under = p->id};
    if (db_exec(c, &sql_status_begin, e, "itii", person, course, out->id, at) < 0)
        return -1;
    return ledger_append(c,
                         &(struct ledger_entry){.person = person,
                                                .enrolment = out->id,
                                                .kind = "began",
                                                .subject = p->hash,
                                                .evidence = "",
                                                .earned_at = at,
                                                .recorded_at = at,
                                                .actor = person,
                                                .reason = ""},
                         e);
}

struct visit {
    int64_t enrolment;
    instant at;
    char lesson[128];
};

static int write_visit(struct conn *c, void *arg, struct error *e)
{
    struct visit *v = arg;
    return lesson_visit(c, v->enrolment, v->lesson, v->at, e);
}

void lesson_visited(struct learning *l, int64_t enrolment, const char *lesson, instant at)
{
    struct visit v = {.enrolment = enrolment, .at = at};
    snprintf(v.lesson, sizeof v.lesson, "%s", lesson);
    db_write_later(l->db, write_visit, &v, sizeof v);
}

int lesson_visit(struct conn *c, int64_t enrolment, const char *lesson, instant at, struct error *e)
{
    return db_exec(c, &sql_visit_upsert, e, "iti", enrolment, lesson, at) < 0 ? -1 : 0;
}

/* The lesson whose own question this is, or NULL. */
static const struct lesson *lesson_of_item(const struct publication *p, int item)
{
    for (int i = 0; i < p->lesson_count; i++)
        if (p->lessons[i].check_item == item)
            return &p->lessons[i];
    return NULL;
}

/* Was the lesson done before, and is it still? 1, 0, or -1. */
static int done_before(struct conn *c, struct learning *l, const struct enrolment *en,
                       const char *lesson, struct error *e)
{
    struct stmt *st = db_query(c, &sql_visit_of, e, "it", en->id, lesson);
    int step = st ? db_step(st, e) : -1;
    bool done = step == 1 && !db_null(st, 0);
    int64_t under = done && !db_null(st, 1) ? db_int(st, 1) : en->begun_under;
    db_done(st);
    if (step < 0)
        return -1;
    return done ? moves_lesson_stays(c, l, under, en->publication, lesson, e) : 0;
}

static int lesson_finish(struct conn *c, struct learning *l, const struct enrolment *en,
                         const struct lesson *lesson, instant at, struct error *e)
{
    bool moved = en->publication->id != en->begun_under;
    int done = moved ? done_before(c, l, en, lesson->id, e) : 0;
    if (done)
        return done < 0 ? -1 : 0;
    int64_t changed = db_exec(c, &sql_visit_done, e, "itiii", en->id, lesson->id, at,
                              en->publication->id, (int64_t)moved);
    if (changed <= 0)
        return (int)changed;
    struct ledger_entry entry = {.person = en->person,
                                 .enrolment = en->id,
                                 .kind = "lesson",
                                 .subject = lesson->id,
                                 .evidence = lesson->hash,
                                 .earned_at = at,
                                 .recorded_at = at,
                                 .actor = en->person,
                                 .reason = ""};
    bool completed;
    return ledger_append(c, &entry, e) ? -1 : completion_try(c, l, en, at, &completed, e);
}

int practice_answer(struct conn *c, struct learning *l, const struct enrolment *en,
                    const char *item_id, const char *answer, instant at, int *mark, struct error *e)
{
    int index;
    const struct item *item = publication_item(en->publication, item_id, &index);
    if (!item || item->use != ITEM_FOR_LESSON)
        return error_set(e, ERROR_NOT_FOUND, "There is no such question in this course.");
    char canonical[ANSWER_ROOM];
    if (item_answer_read(item, answer, canonical, e))
        return -1;
    if (!item_answer_whole(item, canonical))
        return error_field(e, "answer", "Choose a partner for each line first.");
    struct item_layout shown;
    practice_layout(en, item, &shown);
    if (draw_check_moved(item, &shown, canonical, e))
        return -1;
    *mark = item_mark(item, canonical);
    if (db_exec(c, &sql_practice_insert, e, "itttiii", en->id, item->id, item->hash, canonical,
                (int64_t)*mark, at, en->publication->id) < 0)
        return -1;
    const struct lesson *lesson = lesson_of_item(en->publication, index);
    return lesson ? lesson_finish(c, l, en, lesson, at, e) : 0;
}

void practice_layout(const struct enrolment *en, const struct item *item, struct item_layout *out)
{
    char own[17];
    struct rng rng;
    snprintf(own, sizeof own, "%.16s", item->hash);
    rng_seed(&rng, en->shuffle_seed ^ strtoull(own, NULL, 16));
    draw_layout(item, &rng, out);
    for (int i = 0; item_is_choice(item) && i < ITEM_MAX_OPTIONS; i++)
        out->options[i] = i + 1;
}

int practice_latest(struct conn *c, struct learning *l, const struct enrolment *en,
                    const char *item, struct arena *a, const char **answer, struct error *e)
{
    *answer = "";
    struct stmt *st = db_query(c, &sql_practice_latest, e, "it", en->id, item);
    if (!st)
        return -1;
    int step = db_step(st, e), index;
    int64_t under = step == 1 && !db_null(st, 1) ? db_int(st, 1) : en->begun_under;
    const char *latest = step == 1 ? arena_strdup(a, db_text(st, 0)) : "";
    db_done(st);
    if (step <= 0)
        return step;
    const struct lesson *lesson = publication_item(en->publication, item, &index)
                                      ? lesson_of_item(en->publication, index)
                                      : NULL;
    int stays = lesson ? moves_lesson_stays(c, l, under, en->publication, lesson->id, e) : 1;
    if (stays > 0)
        *answer = latest;
    return stays < 0 ? -1 : 0;
}
