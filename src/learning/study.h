/*
 * Studying: beginning a course, where the reader is, questions inside lessons, the branching case,
 * and the one list that answers "why not complete?".
 *
 * A lesson is done when its own question has been answered (any answer counts); a case when an end
 * was reached; the learning check when an attempt was passed. Nothing is done by looking.
 */
#ifndef LEARNING_STUDY_H
#define LEARNING_STUDY_H
#include "learning/learning.h"

struct enrolment {
    int64_t id, person;
    const struct publication *publication; /* the one stood on now (learning/moves.h) */
    instant started_at;
    uint64_t shuffle_seed;
    int64_t begun_under;            /* publication pinned at the beginning */
    int64_t finished_under;         /* publication it was finished under, 0: not finished */
    const struct publication *base; /* reading what is new since this one; NULL: a course */
    int64_t update;                 /* the latest such reading of this person, 0: none */
};

/* ERROR_NOT_FOUND when the person has not begun this course. */
int enrolment_find(struct conn *c, struct learning *l, int64_t person, const char *course,
                   struct enrolment *out, struct error *e);
/* By its number; likewise. */
int enrolment_get(struct conn *c, struct learning *l, int64_t id, struct enrolment *out,
                  struct error *e);
/* Inside a closure. Pins the course's current publication; beginning twice gives the first. */
int enrolment_begin(struct conn *c, struct learning *l, int64_t person, const char *course,
                    instant at, struct rng *rng, struct enrolment *out, struct error *e);

/* Notes that a lesson was opened; queued, nobody waits. */
void lesson_visited(struct learning *l, int64_t enrolment, const char *lesson, instant at);
/* The same inside a closure. */
int lesson_visit(struct conn *c, int64_t enrolment, const char *lesson, instant at,
                 struct error *e);

/* Inside a closure: an answer to a question inside a lesson, nothing of it left open; any number of
 * tries, each kept. The first answer to a lesson's own question makes the lesson done (and may
 * complete the course). */
int practice_answer(struct conn *c, struct learning *l, const struct enrolment *en,
                    const char *item, const char *answer, instant at, int *mark, struct error *e);
/* How a question inside a lesson is laid out for this learner, the same each time: choices as the
 * author wrote them, entries and partners shuffled. */
void practice_layout(const struct enrolment *en, const struct item *item, struct item_layout *out);
/* The latest answer to an item ("" when none, or when its lesson has changed since). In the arena.
 */
int practice_latest(struct conn *c, struct learning *l, const struct enrolment *en,
                    const char *item, struct arena *a, const char **answer, struct error *e);

/* ---- the case ---- */

struct case_taken {
    int scene, choice; /* indexes into the publication's case */
    int next;
};
/* Where a page stood in the story: which run, and how many choices of it had been made. */
struct case_place {
    int run; /* 1 for the first time through; 0: not known */
    int choices;
};
struct case_state {
    const struct branching_case *it;
    struct case_place place;
    int kept;  /* choices that the run began with */
    int scene; /* where the reader stands; scenes[scene].end when through */
    struct case_taken *path;
    int path_length;
    int skipped;   /* choices before path[0]: of a very long path the latest are held */
    bool done;     /* an end was reached in this or an earlier run */
    bool *reached; /* for each scene: an end that was reached in this or an earlier run */
};
/* The path so far, in the arena; at the first scene when nothing was chosen. ERROR_NOT_FOUND: no
 * such case in this course. */
int case_load(struct conn *c, struct learning *l, const struct enrolment *en, const char *case_id,
              struct arena *a, struct case_state *out, struct error *e);
/* Inside a closure. `scene` is where the reader's page stood, `from` likewise (run 0 when that is
 * not known); choosing the same again is harmless; another choice at a place already left is
 * ERROR_CONFLICT. */
int case_choose(struct conn *c, struct learning *l, const struct enrolment *en, const char *case_id,
                struct case_place from, const char *scene, const char *choice, instant at,
                struct error *e);
/* Inside a closure: back to where only the first `keep` choices of the path were made (0: to the
 * start), as a new run; the path until now is kept, and what was done stays done. The same twice is
 * harmless. Another run than the page's: ERROR_CONFLICT. More than were made: ERROR_INVALID. */
int case_back(struct conn *c, struct learning *l, const struct enrolment *en, const char *case_id,
              struct case_place from, int keep, instant at, struct error *e);

/* ---- progress ---- */

enum step_kind { STEP_NONE, STEP_LESSON, STEP_CASE, STEP_CHECK, STEP_ATTEMPT, STEP_CERTIFICATE };

struct step {
    enum step_kind kind;
    const char
        *ref; /* lesson id, case id or attempt uuid; of a check "again" once one was handed in */
    const char *title;
    int minutes; /* 0 when not known */
};

struct completion_line {
    const char *text; /* "Lessons: 5 of 7", "Case: The family meeting", "Learning check: passed with
                         7 of 8" */
    bool done;
    const char *detail; /* for the learner only: what is missing; "" when done */
    struct step step;   /* where to go for it */
    /* What it rests on. */
    enum step_kind kind; /* STEP_LESSON, STEP_CASE or STEP_CHECK */
    const char *part;    /* the same line without what only the learner may see; NULL: `text` */
    instant done_at;     /* when the latest of it was done, 0 none yet */
    const char
        *attempt; /* uuid of the attempt that passed first, else NULL; for the learner only */
    int tries;    /* which one that was: 1, 2, … */
};

struct progress {
    struct enrolment enrolment;
    bool *lesson_done;     /* one for each lesson of the publication */
    bool *lesson_reopened; /* was done, and has been corrected since */
    bool *lesson_to_read;  /* of a reading of what is new: those that count; otherwise NULL */
    instant *lesson_last;  /* last opened, 0 never */
    int lessons_done;
    bool *case_done; /* one for each case */
    int cases_done;
    bool check_passed;
    instant lessons_done_at, cases_done_at; /* the latest of those done */
    const char *passed_attempt;             /* uuid of the first attempt that passed, or NULL */
    instant passed_at;
    int passed_number;        /* which one it was */
    int attempts;             /* handed in */
    const char *open_attempt; /* uuid of an attempt under way, or NULL */
    bool completed, by_assessment;
    instant completed_at;                             /* earned; 0 when not */
    instant valid_until;                              /* 0: its certificate does not expire */
    const char *certificate_token, *certificate_uuid; /* NULL when none (yet) */
    const char *certificate_waits;                    /* why it was not made yet, or NULL */
    struct completion_line *lines; /* the course's completion rule, in its order */
    int line_count;
    int parts_done, parts; /* "5 of 9": lessons, cases and the check, those that count */
    instant touched_at;    /* begun, or the last thing done since */
    struct step next; /* the one next thing; STEP_CERTIFICATE when completed, STEP_NONE never */
};
/*
 * The one next thing is where the person last was, as long as that is unfinished and counts; then
 * it is the first line of the completion rule that is not done. Where somebody last was is the
 * latest of: a lesson opened, a choice made in a case, a learning check started, answered or handed
 * in. So a learning check begun to test out and left is the next thing, lessons undone or not; but
 * once lessons have been read since its last answer, they are gone on with, and the check waits its
 * turn.
 */
int progress_load(struct conn *c, struct learning *l, const struct enrolment *en, struct arena *a,
                  struct progress *out, struct error *e);

/* Everything a person has begun, the most recently touched first. Returns the count or -1. */
int progress_list(struct conn *c, struct learning *l, int64_t person, struct arena *a,
                  struct progress **out, struct error *e);

/* Is the person excused from this course at an instant? 1 and when that ends (0: without an end),
 * 0, or -1. */
int excused_at(struct conn *c, int64_t person, const char *course, instant at, instant *until,
               struct error *e);

#endif
