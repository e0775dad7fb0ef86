#include "cli/demo_history.h"
#include "base/memory.h"
#include "cli/demo_answer.h"
#include "learning/activity.h"
#include "learning/attempt.h"
#include "learning/pretest.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_US     20000 /* a closure holds the writer no longer than this and one call more */
#define FIRST_HOUR   7
#define HOURS        14 /* of a day in which people study */
#define LOCAL_OFFSET (8 * INSTANT_HOUR)

#define PRETESTS      45 /* of a hundred who begin with the lessons look first at what they know */
#define PRETEST_NEVER 20 /* and so many say that they never want to */

struct sitting {
    char uuid[37];
    bool pre;
    int at, count;
    const struct item *items[ATTEMPT_MAX_ITEMS];
    struct item_layout layouts[ATTEMPT_MAX_ITEMS];
};

/* ---- when ---- */

static instant seconds(struct learner *w, uint32_t from, uint32_t to)
{
    return (instant)(from + rng_below(&w->rng, to - from + 1)) * INSTANT_SECOND +
           rng_below(&w->rng, 1000000);
}

/* Some later day, mostly a working day, at an hour when people are awake. */
static instant another_day(struct learner *w)
{
    uint32_t days = 1 + rng_below(&w->rng, (uint32_t)(2 * w->pace_days));
    instant day = (w->next - LOCAL_OFFSET) / INSTANT_DAY + days;
    int64_t weekday = (day + 4) % 7; /* 1970-01-01 was a Thursday */
    if ((weekday == 0 || weekday == 6) && rng_below(&w->rng, 4) > 0)
        day += weekday == 6 ? 2 : 1;
    return day * INSTANT_DAY + LOCAL_OFFSET + FIRST_HOUR * INSTANT_HOUR +
           seconds(w, 0, HOURS * 3600);
}

/* The next thing comes `gap` later, or another day when this sitting is over. */
static void go_on(struct learner *w, enum learner_stage stage, instant gap)
{
    w->stage = stage;
    if (w->burst-- > 0) {
        w->next += gap;
        return;
    }
    w->burst = 3 + (int)rng_below(&w->rng, 12);
    w->next = another_day(w);
}

/* ---- what ---- */

static bool knows(struct learner *w)
{
    return rng_unit(&w->rng) < w->skill;
}

static int skip_pretest(struct history *h, struct learner *w, struct conn *c, instant at,
                        struct error *e)
{
    h->calls++;
    return pretest_skip(c, w->person, w->enrolment.publication->course, at, e);
}

static int begin(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    const struct publication *const *list;
    int count = shelf_list(h->learning->shelf, &list);
    if (w->course >= count) {
        w->next = 0;
        return 0;
    }
    h->calls++;
    if (enrolment_begin(c, h->learning, w->person, list[w->course]->course, w->next, &w->rng,
                        &w->enrolment, e))
        return -1;
    w->lesson = w->case_index = w->scene = 0;
    w->burst = 2 + (int)rng_below(&w->rng, 10);
    uint32_t first = rng_below(&w->rng, 100);
    if (w->kind == LEARNER_TESTS_OUT) {
        go_on(w, STAGE_START, seconds(w, 20, 90));
    } else if (first < PRETESTS) {
        w->stage = STAGE_BEFORE;
        w->next += seconds(w, 10, 60);
    } else {
        instant at = w->next;
        go_on(w, STAGE_OPEN, seconds(w, 20, 90));
        if (first < PRETESTS + PRETEST_NEVER)
            return skip_pretest(h, w, c, at, e);
    }
    return 0;
}

/* Where to after the lessons. */
static void after_lesson(struct learner *w)
{
    const struct publication *p = w->enrolment.publication;
    w->lesson++;
    if (w->kind == LEARNER_STOPS && w->lesson >= w->stop_after)
        w->next = 0;
    else if (w->lesson < p->lesson_count)
        go_on(w, STAGE_OPEN, seconds(w, 5, 40));
    else if (p->case_count > 0)
        go_on(w, STAGE_CASE, seconds(w, 30, 120));
    else
        go_on(w, STAGE_START, seconds(w, 10, 60));
}

static int open_lesson(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    const struct lesson *lesson = &w->enrolment.publication->lessons[w->lesson];
    h->calls++;
    if (lesson_visit(c, w->enrolment.id, lesson->id, w->next, e))
        return -1;
    if (lesson->check_item < 0) {
        after_lesson(w);
        return 0;
    }
    uint32_t reading = (uint32_t)lesson->minutes * 60;
    w->retried = false;
    w->opened = w->next;
    w->stage = STAGE_ANSWER; /* who opens a lesson reads it */
    w->next += seconds(w, reading / 2, reading + reading / 3);
    return 0;
}

static int answer_lesson(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    const struct publication *p = w->enrolment.publication;
    const struct item *item = &p->items[p->lessons[w->lesson].check_item];
    char answer[ANSWER_ROOM];
    struct item_layout shown;
    int mark;
    practice_layout(&w->enrolment, item, &shown);
    demo_answer(&w->rng, item, &shown, w->retried || knows(w), answer);
    h->calls++;
    if (practice_answer(c, h->learning, &w->enrolment, item->id, answer, w->next, &mark, e) ||
        activity_add(c, w->enrolment.id, w->opened, w->next, e))
        return -1;
    if (mark < 1000 && !w->retried && rng_below(&w->rng, 2) == 0) {
        w->retried = true;
        w->next += seconds(w, 8, 60);
        return 0;
    }
    w->skill += (0.97 - w->skill) * 0.12;
    after_lesson(w);
    return 0;
}

static int step_case(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    const struct branching_case *it = &w->enrolment.publication->cases[w->case_index];
    const struct scene *scene = &it->scenes[w->scene];
    if (scene->choice_count == 0)
        return error_set(e, ERROR_INTERNAL, "case %s: no way on from %s", it->id, scene->id);
    const struct choice *choice =
        &scene->choices[rng_below(&w->rng, (uint32_t)scene->choice_count)];
    for (int i = 0; choice->poor && i < 3 && knows(w); i++)
        choice = &scene->choices[rng_below(&w->rng, (uint32_t)scene->choice_count)];
    h->calls++;
    if (case_choose(c, h->learning, &w->enrolment, it->id, (struct case_place){0}, scene->id,
                    choice->id, w->next, e) ||
        activity_add(c, w->enrolment.id, w->next, w->next, e))
        return -1;
    w->scene = choice->target;
    if (!it->scenes[w->scene].end) {
        w->next += seconds(w, 20, 100);
        return 0;
    }
    w->scene = 0;
    if (++w->case_index < w->enrolment.publication->case_count)
        go_on(w, STAGE_CASE, seconds(w, 30, 120));
    else
        go_on(w, STAGE_START, seconds(w, 20, 90));
    return 0;
}

/* A check or a pre-test was started: its questions, one after the other. */
static int sit_down(struct history *h, struct learner *w, struct conn *c, struct sitting *s,
                    struct error *e)
{
    struct arena *a = arena_create();
    struct attempt t;
    h->calls += 2;
    int result = attempt_load(c, h->learning, s->uuid, w->person, a, &t, e);
    for (int i = 0; result == 0 && i < t.item_count; i++) {
        s->layouts[s->count] = t.items[i].layout;
        s->items[s->count++] = t.items[i].item;
    }
    arena_free(a);
    free(w->sitting);
    w->sitting = s;
    w->stage = STAGE_ITEM;
    w->next += seconds(w, 15, 80);
    return result;
}

static int start_check(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    struct sitting *s = memory_array(1, sizeof *s);
    if (attempt_start(c, h->learning, &w->enrolment, w->next, &w->rng, s->uuid, e)) {
        free(s);
        return -1;
    }
    return sit_down(h, w, c, s, e);
}

static int start_before(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    struct sitting *s = memory_array(1, sizeof *s);
    s->pre = true;
    if (pretest_start(c, h->learning, w->person, w->enrolment.publication->course, w->next, &w->rng,
                      s->uuid, e)) {
        free(s);
        return -1;
    }
    return sit_down(h, w, c, s, e);
}

static int answer_item(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    struct sitting *s = w->sitting;
    struct attempt_saved saved;
    char answer[ANSWER_ROOM], op[24];
    demo_answer(&w->rng, s->items[s->at], &s->layouts[s->at], knows(w), answer);
    snprintf(op, sizeof op, "%016llx", (unsigned long long)rng_next(&w->rng));
    h->calls++;
    if (attempt_answer(c, h->learning, s->uuid, w->person, s->items[s->at]->id, answer,
                       ATTEMPT_WAS_ANY, op, w->next, &saved, e) ||
        activity_add(c, w->enrolment.id, w->next, w->next, e))
        return -1;
    w->next += seconds(w, 12, 95);
    if (rng_below(&w->rng, 12) > 0) /* else the answer is thought over once more */
        s->at++;
    if (s->at == s->count)
        w->stage = STAGE_SUBMIT;
    else if (rng_below(&w->rng, 40) == 0)
        w->next = another_day(w); /* called away in the middle */
    return 0;
}

/* On to the next course, or done. */
static void finished(struct learner *w)
{
    w->course++;
    w->stage = STAGE_BEGIN;
    bool on = rng_below(&w->rng, 10) < 6 && !w->one_course;
    w->next = on ? another_day(w) + 20 * INSTANT_DAY : 0;
}

static int submit(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    bool passed, completed;
    h->calls++;
    if (w->sitting->pre) {
        int result = pretest_submit(c, w->sitting->uuid, w->person, w->next, e);
        free(w->sitting);
        w->sitting = NULL;
        go_on(w, STAGE_OPEN, seconds(w, 10, 60));
        return result;
    }
    if (attempt_submit(c, h->learning, w->sitting->uuid, w->person, w->certificate_name, w->next,
                       &passed, &completed, e))
        return -1;
    free(w->sitting);
    w->sitting = NULL;
    w->burst = 0;
    if (completed && later_begin(h, w, c, e))
        return -1;
    if (passed && (completed || w->kind != LEARNER_TESTS_OUT)) {
        finished(w);
    } else if (w->kind ==
               LEARNER_TESTS_OUT) { /* did not know it all, or the course wants the rest */
        w->kind = LEARNER_DOES;
        go_on(w, STAGE_OPEN, 0);
    } else {
        w->skill += (0.98 - w->skill) * 0.35;
        go_on(w, STAGE_START, 0);
    }
    return 0;
}

/* When a learner does the next thing; 0: nothing more. */
static instant time_of(const struct learner *w)
{
    instant later = w->later.next;
    return !w->next || (later && later < w->next) ? later : w->next;
}

static int step(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    static int (*const stages[])(struct history *, struct learner *, struct conn *,
                                 struct error *) = {
        [STAGE_BEGIN] = begin,          [STAGE_BEFORE] = start_before, [STAGE_OPEN] = open_lesson,
        [STAGE_ANSWER] = answer_lesson, [STAGE_CASE] = step_case,      [STAGE_START] = start_check,
        [STAGE_ITEM] = answer_item,     [STAGE_SUBMIT] = submit,
    };
    if (w->later.next && w->later.next == time_of(w))
        return later_step(h, w, c, e);
    return stages[w->stage](h, w, c, e);
}

/* ---- the queue: a binary heap of learners by time, then by number ---- */

struct queue {
    struct learner **heap;
    size_t count;
};

static bool earlier(const struct learner *a, const struct learner *b)
{
    return time_of(a) != time_of(b) ? time_of(a) < time_of(b) : a < b;
}

static void sink(struct queue *q, size_t i)
{
    struct learner *w = q->heap[i];
    for (size_t child; (child = 2 * i + 1) < q->count; i = child) {
        if (child + 1 < q->count && earlier(q->heap[child + 1], q->heap[child]))
            child++;
        if (!earlier(q->heap[child], w))
            break;
        q->heap[i] = q->heap[child];
    }
    q->heap[i] = w;
}

/* After the first one's time has changed. */
static void settle(struct queue *q, instant until)
{
    if (time_of(q->heap[0]) == 0 || time_of(q->heap[0]) >= until)
        q->heap[0] = q->heap[--q->count];
    if (q->count > 0)
        sink(q, 0);
}

struct chunk {
    struct history *history;
    struct queue *queue;
    bool ran;
};

/* The learners' machines have moved on when this has run, so it cannot run twice; it never has to,
 * since nobody else writes while a demonstration is made. */
static int run_chunk(struct conn *c, void *arg, struct error *e)
{
    struct chunk *k = arg;
    struct queue *q = k->queue;
    if (k->ran)
        return error_set(e, ERROR_FULL, "the disk is full");
    k->ran = true;
    int64_t until = clock_monotonic_us() + CHUNK_US;
    while (q->count > 0 && clock_monotonic_us() < until) {
        if (step(k->history, q->heap[0], c, e))
            return -1;
        settle(q, k->history->until);
    }
    return 0;
}

int history_run(struct history *h, void (*tick)(void *arg, instant at), void *arg, struct error *e)
{
    struct queue q = {memory_array(h->count + 1, sizeof *q.heap), 0};
    for (size_t i = 0; i < h->count; i++)
        if (h->learners[i].next > 0 && h->learners[i].next < h->until)
            q.heap[q.count++] = &h->learners[i];
    for (size_t i = q.count / 2; i-- > 0;)
        sink(&q, i);
    int result = 0;
    while (result == 0 && q.count > 0) {
        struct chunk chunk = {h, &q, false};
        if (tick)
            tick(arg, time_of(q.heap[0]));
        result = db_write(h->learning->db, run_chunk, &chunk, e);
    }
    for (size_t i = 0; i < h->count; i++)
        free(h->learners[i].sitting);
    free(q.heap);
    return result;
}
