#include "cli/demo_later.h"
#include "cli/demo_answer.h"
#include "cli/demo_history.h"
#include "learning/commitment.h"
#include "learning/follow_up.h"

#define DAYS_MOST 9 /* between something being due and the person coming by */

static instant passing(struct rng *r)
{
    return (instant)(1 + rng_below(r, DAYS_MOST * 24)) * INSTANT_HOUR +
           rng_below(r, 3600000) * 1000;
}

/* ---- commitments ---- */

static const char *const words[][2] = {
    {"a new consult comes in", "ask what worries the patient most before I look at the images"},
    {"I open clinic on Monday", "ask a colleague to watch one visit for who held the power"},
    {"a visit needs an interpreter", "book one instead of asking the family"},
    {"I write a letter of recommendation", "name three things the person did"},
    {"rounds end on Friday", "tell one learner one strength and one next step"},
    {"I hear “non-compliant” at sign-out", "ask what got in the way, and say that instead"},
};

static int commit(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    const char *const *own = words[rng_below(&w->later.rng, sizeof words / sizeof *words)];
    struct commitment_save s = {.owner = w->person,
                                .publication = w->enrolment.publication,
                                .cue = own[0],
                                .act = own[1],
                                .at = w->next,
                                .arena = arena_create()};
    h->calls++;
    int result = commitment_write(c, h->learning, &s, e);
    arena_free(s.arena);
    return result;
}

static int tell(struct history *h, struct learner *w, struct conn *c, const struct commitment *m,
                struct error *e)
{
    static const enum outcome outcomes[] = {OUTCOME_DONE,    OUTCOME_DONE,    OUTCOME_DONE,
                                            OUTCOME_PARTLY,  OUTCOME_PARTLY,  OUTCOME_PARTLY,
                                            OUTCOME_NOT_YET, OUTCOME_NOT_YET, OUTCOME_NO_LONGER};
    uint32_t which = rng_below(&w->later.rng, sizeof outcomes / sizeof *outcomes);
    uint32_t mood = rng_below(&w->later.rng, 10);
    h->calls++;
    if (mood < 7)
        return commitment_tell(c, h->learning, w->person, m->uuid, outcomes[which], w->later.next,
                               e);
    return mood < 8 ? commitment_put_off(c, h->learning, w->person, m->uuid, w->later.next, e) : 0;
}

static int look_at_commitments(struct history *h, struct learner *w, struct conn *c,
                               struct error *e)
{
    struct arena *a = arena_create();
    struct commitment_waiting due;
    h->calls += 2;
    int result = commitment_offer(c, h->learning, w->person, w->later.next, e) ||
                         commitment_waiting(c, h->learning, w->person, w->later.next, a, &due, e)
                     ? -1
                     : 0;
    for (int i = 0; result == 0 && i < due.count; i++)
        result = tell(h, w, c, &due.due[i], e);
    arena_free(a);
    return result;
}

/* ---- questions ---- */

static int answer_all(struct history *h, struct learner *w, struct conn *c, const char *uuid,
                      struct error *e)
{
    struct arena *a = arena_create();
    struct follow_up f;
    h->calls++;
    int result = follow_up_load(c, h->learning, uuid, w->person, w->later.next, a, &f, e);
    for (int i = 0; result == 0 && i < f.count; i++) {
        char answer[ANSWER_ROOM];
        int mark;
        if (*f.questions[i].answer)
            continue;
        demo_answer(&w->later.rng, f.questions[i].item, &f.questions[i].layout,
                    rng_unit(&w->later.rng) < w->later.memory, answer);
        h->calls++;
        result = follow_up_answer(c, h->learning, uuid, w->person, f.questions[i].item->id, answer,
                                  NULL, w->later.next + (i + 1) * 40 * INSTANT_SECOND, &mark, e);
    }
    arena_free(a);
    return result;
}

static int look_at_questions(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    struct follow_up_state s;
    h->calls += 2;
    if (follow_up_offer(c, h->learning, w->person, w->later.next, e) ||
        follow_up_state(c, h->learning, w->person, w->later.next, &s, e))
        return -1;
    uint32_t mood = rng_below(&w->later.rng, 10);
    if (s.mode != FOLLOW_UP_OPEN || mood == 0)
        return 0;
    h->calls++;
    return mood == 1 ? follow_up_put_off(c, h->learning, s.uuid, w->person, w->later.next, e)
                     : answer_all(h, w, c, s.uuid, e);
}

/* ---- coming by ---- */

/* Some time after the next thing is due; what was left alone is met again in a while. */
static int plan_next(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    struct arena *a = arena_create();
    struct follow_up_state s;
    struct commitment_waiting due;
    instant now = w->later.next;
    h->calls += 2;
    int result = follow_up_state(c, h->learning, w->person, now, &s, e) ||
                         commitment_waiting(c, h->learning, w->person, now, a, &due, e)
                     ? -1
                     : 0;
    if (result == 0) {
        instant next = s.mode == FOLLOW_UP_WAITS ? s.at : 0;
        if (s.mode == FOLLOW_UP_OPEN || due.count > 0)
            next = now + FOLLOW_UP_PAUSE;
        if (due.next_at && !due.quiet && (!next || due.next_at < next))
            next = due.next_at;
        w->later.next = next ? next + passing(&w->later.rng) : 0;
    }
    arena_free(a);
    return result;
}

int later_begin(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    if (w->later.commits && commit(h, w, c, e))
        return -1;
    if (w->later.returns && !w->later.next)
        w->later.next = w->next + FOLLOW_UP_PAUSE + passing(&w->later.rng);
    return 0;
}

int later_step(struct history *h, struct learner *w, struct conn *c, struct error *e)
{
    return look_at_questions(h, w, c, e) || look_at_commitments(h, w, c, e) || plan_next(h, w, c, e)
               ? -1
               : 0;
}
