/* The questions of a follow-up: their choice, offering, showing and answering them. */
#include "learning/draw.h"
#include "learning/follow_up.h"
#include "learning/follow_up_plan.h"
#include "learning/sql.h"
#include <stdio.h>
#include <string.h>

#define POOL_MAX 2000
#define LATELY   2 /* follow-ups ago */

/* ---- the choice ---- */

struct candidate {
    const struct publication *publication;
    const struct item *item;
    int asked;     /* number of the latest follow-up with it, from 1; 0: none */
    int wrong_run; /* wrong answers in follow-ups since the last right one */
    bool wrong;    /* the latest answer anywhere */
};

struct pool {
    struct candidate *list;
    int count, follow_ups;
};

void planned_seed(const struct planned *p, char uuid[37], int64_t *seed)
{
    struct rng r;
    rng_seed(&r, p->after->enrolment.shuffle_seed + (uint64_t)p->day * 0x9e3779b97f4a7c15u);
    rng_uuid(&r, uuid);
    *seed = (int64_t)(rng_next(&r) >> 2);
}

static struct candidate *find(const struct pool *pool, const char *item)
{
    for (int i = 0; i < pool->count; i++)
        if (strcmp(pool->list[i].item->id, item) == 0)
            return &pool->list[i];
    return NULL;
}

static void fill(struct pool *pool, const struct plan *p)
{
    for (int i = 0; i < p->finished_count; i++) {
        const struct finished *f = &p->finished[i];
        for (int k = 0; k < f->known->item_count && pool->count < POOL_MAX; k++) {
            const struct item *item = finished_item(f, k);
            if (item)
                pool->list[pool->count++] =
                    (struct candidate){.publication = f->known, .item = item};
        }
    }
}

static int read_checks(struct conn *c, const struct plan *p, struct pool *pool, struct error *e)
{
    for (int i = 0; i < p->finished_count; i++) {
        struct stmt *st = db_query(c, &sql_checked_before, e, "i", p->finished[i].enrolment.id);
        if (!st)
            return -1;
        int step;
        while ((step = db_step(st, e)) == 1) {
            struct candidate *it = find(pool, db_text(st, 0));
            if (it)
                it->wrong = db_int(st, 1) < 1000;
        }
        db_done(st);
        if (step < 0)
            return -1;
    }
    return 0;
}

/* After read_checks: follow-ups come after the completion, so theirs is the latest answer. */
static int read_follow_ups(struct conn *c, int64_t person, struct pool *pool, struct error *e)
{
    struct stmt *st = db_query(c, &sql_asked_before, e, "i", person);
    if (!st)
        return -1;
    int step;
    int64_t last = 0;
    while ((step = db_step(st, e)) == 1) {
        pool->follow_ups += db_int(st, 0) != last;
        last = db_int(st, 0);
        struct candidate *it = find(pool, db_text(st, 1));
        if (!it)
            continue;
        it->asked = pool->follow_ups;
        if (db_null(st, 2))
            continue;
        it->wrong = db_int(st, 2) < 1000;
        it->wrong_run = it->wrong ? it->wrong_run + 1 : 0;
    }
    db_done(st);
    return step;
}

/* The lower, the sooner. Each wrong answer in a follow-up is followed by one repetition, so an odd
 * run of them still owes one. */
static int rank(const struct pool *pool, const struct candidate *it)
{
    if (it->wrong_run % 2 == 1)
        return 0;
    if (it->asked && it->asked > pool->follow_ups - LATELY)
        return 3;
    return it->wrong ? 1 : 2;
}

static bool comes_before(const struct pool *pool, const struct candidate *a,
                         const struct candidate *b, const struct publication *beside)
{
    int ranks[] = {rank(pool, a), rank(pool, b)};
    if (ranks[0] != ranks[1])
        return ranks[0] < ranks[1];
    bool alike[] = {a->publication == beside, b->publication == beside};
    if (alike[0] != alike[1])
        return alike[1];
    return a->asked < b->asked;
}

/* The pool is shuffled, so of equal ones the seed decides. */
static void take(struct pool *pool, const struct publication *beside, struct follow_up *out)
{
    int best = 0;
    for (int i = 1; i < pool->count; i++)
        if (comes_before(pool, &pool->list[i], &pool->list[best], beside))
            best = i;
    out->questions[out->count++] = (struct follow_up_question){
        .publication = pool->list[best].publication, .item = pool->list[best].item, .answer = ""};
    pool->list[best] = pool->list[--pool->count];
}

int plan_choose(struct conn *c, const struct plan *p, int64_t person, uint64_t seed,
                struct follow_up *out, struct error *e)
{
    struct arena *a = arena_create();
    struct pool pool = {.list = arena_array(a, POOL_MAX, sizeof *pool.list)};
    fill(&pool, p);
    int result = read_checks(c, p, &pool, e) || read_follow_ups(c, person, &pool, e) ? -1 : 0;
    if (result == 0) {
        struct rng rng;
        rng_seed(&rng, seed);
        rng_shuffle(&rng, pool.list, (size_t)pool.count, sizeof *pool.list);
        out->count = 0;
        while (out->count < FOLLOW_UP_ITEMS && pool.count > 0)
            take(&pool, out->count ? out->questions[0].publication : NULL, out);
        out->left = out->count;
    }
    arena_free(a);
    return result;
}

static void lay_out(struct follow_up *f, uint64_t seed)
{
    for (int i = 0; i < f->count; i++) {
        struct follow_up_question *q = &f->questions[i];
        struct rng rng;
        rng_seed(&rng, seed + (uint64_t)i + 1);
        draw_layout(q->item, &rng, &q->layout);
    }
}

/* ---- offering ---- */

static int store(struct conn *c, const struct plan *p, int64_t person, int64_t *id, struct error *e)
{
    char uuid[37];
    int64_t seed;
    struct follow_up f = {0};
    planned_seed(&p->next, uuid, &seed);
    if (plan_choose(c, p, person, (uint64_t)seed, &f, e) ||
        db_exec(c, &sql_follow_up_insert, e, "tiiii", uuid, person, p->next.after->enrolment.id,
                (int64_t)p->next.day, seed) < 0)
        return -1;
    *id = db_last_id(c);
    for (int i = 0; i < f.count; i++)
        if (db_exec(c, &sql_follow_up_item_insert, e, "iiitt", *id, (int64_t)i + 1,
                    f.questions[i].publication->id, f.questions[i].item->id,
                    f.questions[i].item->hash) < 0)
            return -1;
    return 0;
}

int follow_up_offer(struct conn *c, struct learning *l, int64_t person, instant at, struct error *e)
{
    struct arena *a = arena_create();
    struct plan p;
    const struct offered *again = NULL;
    int result = plan_read(c, l, person, a, &p, e);
    int due = result == 0 ? plan_due(&p, at, &again) : 0;
    int64_t id = again ? again->id : 0;
    if (due)
        result = store(c, &p, person, &id, e);
    if (result == 0 && id)
        result = db_exec(c, &sql_follow_up_note, e, "iiti", person, id, "offered", at) < 0 ? -1 : 0;
    arena_free(a);
    return result;
}

struct listed {
    struct learning *learning; /* outlives the queue */
    int64_t person;
    instant at;
};

static int write_listed(struct conn *c, void *arg, struct error *e)
{
    struct listed *w = arg;
    return follow_up_offer(c, w->learning, w->person, w->at, e);
}

void follow_up_listed(struct learning *l, int64_t person, instant at)
{
    struct listed w = {l, person, at};
    db_write_later(l->db, write_listed, &w, sizeof w);
}

/* ---- showing ---- */

static int not_found(struct error *e)
{
    return error_set(e, ERROR_NOT_FOUND,
                     "There are no such questions for you. What waits stands on My learning.");
}

static int read_questions(struct conn *c, struct learning *l, struct arena *a,
                          struct follow_up *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_follow_up_items, e, "i", out->id);
    if (!st)
        return -1;
    int step = 0, result = 0;
    while (result == 0 && out->count < FOLLOW_UP_ITEMS && (step = db_step(st, e)) == 1) {
        struct follow_up_question *q = &out->questions[out->count++];
        q->publication = shelf_get(l->shelf, db_int(st, 0), e);
        q->item = q->publication ? publication_item(q->publication, db_text(st, 1), NULL) : NULL;
        q->answer = db_null(st, 2) ? "" : arena_strdup(a, db_text(st, 2));
        q->mark = (int)db_int(st, 3);
        out->left += db_null(st, 2);
        if (!q->item)
            result = q->publication ? error_set(e, ERROR_INTERNAL,
                                                "item %s is not in its publication", db_text(st, 1))
                                    : -1;
    }
    db_done(st);
    return step < 0 ? -1 : result;
}

/* What was offered and not answered yet is asked as it reads now that it was corrected. */
static void take_corrections(const struct plan *p, struct follow_up_question *q)
{
    for (int i = 0; i < p->finished_count && !*q->answer; i++) {
        const struct publication *known = p->finished[i].known;
        bool same = strcmp(known->course, q->publication->course) == 0;
        const struct item *item = same ? publication_item(known, q->item->id, NULL) : NULL;
        if (item) {
            q->publication = known;
            q->item = item;
        }
    }
}

static int load_offered(struct conn *c, struct learning *l, const struct plan *p,
                        const struct offered *o, struct arena *a, struct follow_up *out,
                        struct error *e)
{
    *out = (struct follow_up){.id = o->id, .uuid = o->uuid};
    if (read_questions(c, l, a, out, e))
        return -1;
    for (int i = 0; i < out->count; i++)
        take_corrections(p, &out->questions[i]);
    lay_out(out, (uint64_t)o->seed);
    return 0;
}

static int load_planned(struct conn *c, const struct plan *p, const char *wanted, int64_t person,
                        instant at, struct arena *a, struct follow_up *out, struct error *e)
{
    char uuid[37];
    int64_t seed;
    const struct offered *again;
    if (!plan_due(p, at, &again))
        return not_found(e);
    planned_seed(&p->next, uuid, &seed);
    if (strcmp(uuid, wanted) != 0)
        return not_found(e);
    *out = (struct follow_up){.uuid = arena_strdup(a, uuid)};
    if (plan_choose(c, p, person, (uint64_t)seed, out, e))
        return -1;
    lay_out(out, (uint64_t)seed);
    return 0;
}

int follow_up_load(struct conn *c, struct learning *l, const char *uuid, int64_t person, instant at,
                   struct arena *a, struct follow_up *out, struct error *e)
{
    struct plan p;
    if (plan_read(c, l, person, a, &p, e))
        return -1;
    for (int i = 0; i < p.offered_count; i++)
        if (strcmp(p.offered[i].uuid, uuid) == 0)
            return load_offered(c, l, &p, &p.offered[i], a, out, e);
    return load_planned(c, &p, uuid, person, at, a, out, e);
}

/* ---- answering ---- */

/* An operation id says one thing only. */
static int check_operation(struct conn *c, int64_t follow_up, const char *op_id, const char *item,
                           struct error *e)
{
    if (!op_id)
        return 0;
    struct stmt *st = db_query(c, &sql_follow_up_operation, e, "it", follow_up, op_id);
    int step = st ? db_step(st, e) : -1, result = step < 0 ? -1 : 0;
    if (step == 1 && strcmp(db_text(st, 0), item) != 0)
        result = error_set(e, ERROR_CONFLICT,
                           "This operation id has saved the answer to another question.");
    db_done(st);
    return result;
}

static int save(struct conn *c, const struct follow_up *f, const struct follow_up_question *q,
                const char *answer, const char *op_id, instant at, int *mark, struct error *e)
{
    char canonical[ANSWER_ROOM];
    if (item_answer_read(q->item, answer, canonical, e))
        return -1;
    if (*q->answer) {
        *mark = q->mark;
        return strcmp(q->answer, canonical) == 0
                   ? 0
                   : error_set(e, ERROR_CONFLICT,
                               "This question was answered before, perhaps in another tab. The "
                               "first answer stands.");
    }
    if (draw_check_moved(q->item, &q->layout, canonical, e))
        return -1;
    *mark = item_mark(q->item, canonical);
    return db_exec(c, &sql_follow_up_step_insert, e, "ititttii", f->id, op_id, q->publication->id,
                   q->item->id, q->item->hash, canonical, (int64_t)*mark, at) < 0
               ? -1
               : 0;
}

int follow_up_answer(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                     const char *item, const char *answer, const char *op_id, instant at, int *mark,
                     struct error *e)
{
    struct arena *a = arena_create();
    struct follow_up f;
    const struct follow_up_question *q = NULL;
    int result = follow_up_load(c, l, uuid, person, at, a, &f, e);
    if (result == 0 && !f.id)
        result =
            follow_up_offer(c, l, person, at, e) || follow_up_load(c, l, uuid, person, at, a, &f, e)
                ? -1
                : 0;
    for (int i = 0; result == 0 && i < f.count; i++)
        q = strcmp(f.questions[i].item->id, item) == 0 ? &f.questions[i] : q;
    if (result == 0 && !q)
        result = not_found(e);
    if (result == 0)
        result =
            check_operation(c, f.id, op_id, item, e) || save(c, &f, q, answer, op_id, at, mark, e)
                ? -1
                : 0;
    arena_free(a);
    return result;
}
