/*
 * The learning check. An attempt's items and the order of items and options are fixed when it is
 * started. Every answer is its own durable row; setting an answer again appends another. Unlimited
 * attempts, no timer. No key or rationale leaves before the attempt is handed in.
 */
#ifndef LEARNING_ATTEMPT_H
#define LEARNING_ATTEMPT_H
#include "learning/study.h"

#define ATTEMPT_MAX_ITEMS 40
#define ATTEMPT_MAX_STEPS 1000 /* answers in one attempt or pre-test, changed ones with them */

struct attempt_item {
    const struct item *item;
    int place; /* in the attempt's form: 1, 2, … */
    struct item_layout layout;
    const char *answer;  /* canonical; "" when unanswered */
    instant answered_at; /* 0 when unanswered */
    bool whole;          /* answered, and nothing of it left open */
    int mark;            /* thousandths of the standing answer */
};

struct attempt {
    int64_t id, person;
    const char *uuid;
    struct enrolment enrolment; /* id, person, and the publication that the attempt keeps */
    int number;
    instant started_at, submitted_at; /* submitted_at 0: under way */
    struct attempt_item *items;
    int item_count, answered; /* answered as a whole */
    int right_count, pass_marks;
    bool passed;
    bool first;  /* no attempt of this enrolment was handed in before */
    bool pre;    /* a pre-test (learning/pretest.h): number, right_count and passed say nothing */
    bool closed; /* takes no more answers: handed in, or a pre-test overtaken by the course */
};

/* Inside a closure. An attempt already under way is given back instead of a second one. */
int attempt_start(struct conn *c, struct learning *l, const struct enrolment *en, instant at,
                  struct rng *rng, char uuid[37], struct error *e);

/* ERROR_NOT_FOUND when there is no such attempt (or pre-test) of this person. */
int attempt_load(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                 struct arena *a, struct attempt *out, struct error *e);

struct attempt_saved {
    instant at;                /* when the answer that stands was saved */
    bool whole;                /* nothing of it is left open */
    char answer[ANSWER_ROOM];  /* canonical */
    char earlier[ANSWER_ROOM]; /* after ERROR_CONFLICT: the answer that stands, or what that
                                  operation id saved before; "" when it is about neither */
};

/* An answer from where it is not known what stands: sets it all the same. */
#define ATTEMPT_WAS_ANY NULL
/* No answer stood. */
#define ATTEMPT_WAS_NONE "none"

/*
 * Inside a closure. `op_id` NULL from a plain form (every set appends), else 8–64 of [A-Za-z0-9_-]:
 * the same id with the same item and answer gives the first reply again; with others
 * ERROR_CONFLICT. `was` is the answer (canonical) that stood when this one was chosen: when another
 * one stands by now, which is not this one either, ERROR_CONFLICT, so that no answer is overwritten
 * unseen. Closed, or more answers than ATTEMPT_MAX_STEPS: ERROR_CONFLICT for anything new. Unknown
 * item or options, and an order as it was shown while no answer stands: ERROR_INVALID.
 */
int attempt_answer(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                   const char *item, const char *answer, const char *was, const char *op_id,
                   instant at, struct attempt_saved *out, struct error *e);

/* Inside a closure. Unanswered items count as not right. The first time, the name on the
 * certificate must be confirmed: `certificate_name` is stored when not NULL; when the person has
 * none yet and none is given, ERROR_INVALID names the field. Handing in twice gives the first
 * result again. On a pass the completion (or its renewal), and with it the certificate, stands in
 * the same transaction. */
int attempt_submit(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                   const char *certificate_name, instant at, bool *passed, bool *completed_now,
                   struct error *e);

#endif
