/*
 * Spaced follow-up: after a course is finished, two questions come back on the days that the course
 * names (7, 30, 60 and 120 after the completion), to be answered from memory.
 *
 * The pool are the items marked `spaced` among the check items of every course the person has
 * finished, each as it stands in the publication they finished on. First come questions answered
 * wrong in a follow-up (each once more, in the next one), then those whose latest answer, in a
 * learning check handed in or a follow-up, was not right, then those not seen lately, from another
 * course than the one beside it where there is a choice.
 *
 * Every due day of every finished course gives one follow-up. They come one at a time, in the order
 * of their due days, and at least seven days lie between one being offered and the next, whatever
 * the courses: so at most two questions a week; what is due sooner waits. What is due is computed
 * from an instant; rows are written only when something is
 *
 *   offered   it was due and the person opened a page that lists it: from then on it stands;
 *   answered  each question once; the first answer stands;
 *   put off   "Not now": it comes back seven days later, and nothing else comes before it;
 *   switched  off (nothing comes until it is switched on) or on.
 *
 * A follow-up lapses when it stands unfinished and the next one is due: that one's own day has come
 * and seven days have passed since this one was offered. It is ignored when it lapsed and, since it
 * was last offered, was neither answered (not one question of it) nor put off. After two ignored in
 * a row nothing more comes; the row is counted among those offered since the person last finished a
 * course or switched follow-ups on, so doing either brings them back.
 *
 * It changes no completion, and nobody but the person sees any of it.
 */
#ifndef LEARNING_FOLLOW_UP_H
#define LEARNING_FOLLOW_UP_H
#include "learning/study.h"

#define FOLLOW_UP_ITEMS 2
#define FOLLOW_UP_PAUSE (7 * INSTANT_DAY)
#define FOLLOW_UP_QUIET 2 /* ignored in a row */

enum follow_up_mode {
    FOLLOW_UP_NONE,  /* nothing finished yet, or everything planned has been */
    FOLLOW_UP_WAITS, /* the next comes at `at` */
    FOLLOW_UP_OPEN,  /* one stands, or is due and will when it is offered */
    FOLLOW_UP_STILL, /* quiet after two ignored */
    FOLLOW_UP_OFF    /* switched off */
};

struct follow_up_state {
    enum follow_up_mode mode;
    bool any;     /* a course was finished that has questions to come back */
    bool off;     /* switched off, whatever is planned */
    instant at;   /* WAITS: when the next comes; OPEN: since when it is due */
    bool offered; /* OPEN: it stands already */
    char uuid[37];
    int left;                              /* OPEN: questions not answered yet */
    const struct publication *publication; /* OPEN, WAITS: the course after which it comes */
};

int follow_up_state(struct conn *c, struct learning *l, int64_t person, instant at,
                    struct follow_up_state *out, struct error *e);

/* Notes that what is due at `at` was listed for the person; queued, nobody waits. Noting twice is
 * noting once. */
void follow_up_listed(struct learning *l, int64_t person, instant at);
/* The same inside a closure. */
int follow_up_offer(struct conn *c, struct learning *l, int64_t person, instant at,
                    struct error *e);

struct follow_up_question {
    const struct publication *publication;
    const struct item *item;
    struct item_layout layout;
    const char *answer; /* canonical, "" when unanswered */
    int mark;           /* thousandths */
};

struct follow_up {
    int64_t id; /* 0: due, but not offered yet */
    const char *uuid;
    struct follow_up_question questions[FOLLOW_UP_ITEMS];
    int count, left;
};

/* One that was offered to this person, or that is due at `at`: the same questions in either case,
 * whenever it is asked. Else ERROR_NOT_FOUND. Strings in the arena. */
int follow_up_load(struct conn *c, struct learning *l, const char *uuid, int64_t person, instant at,
                   struct arena *a, struct follow_up *out, struct error *e);

/*
 * Inside a closure. op_id NULL, or that of a scripted save. The same answer again gives the first
 * mark again; another one, or an operation id used for another question, is ERROR_CONFLICT. A
 * follow-up that has lapsed still takes answers. Unknown item: ERROR_NOT_FOUND; options:
 * ERROR_INVALID.
 */
int follow_up_answer(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                     const char *item, const char *answer, const char *op_id, instant at, int *mark,
                     struct error *e);

/* Inside a closure: "Not now". Putting off what is finished or put off already changes nothing. */
int follow_up_put_off(struct conn *c, struct learning *l, const char *uuid, int64_t person,
                      instant at, struct error *e);

/* Inside a closure: off or on, for follow-ups and for the checks of commitments. Switching on is
 * written in any case, since it ends the quiet after two ignored; off only once. */
int follow_up_switch(struct conn *c, int64_t person, bool on, instant at, struct error *e);
/* Are they switched off, and when were they last switched on (0: never)? */
int follow_up_switched(struct conn *c, int64_t person, bool *off, instant *on_at, struct error *e);

#endif
