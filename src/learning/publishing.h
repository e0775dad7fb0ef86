/*
 * Publishing a course: what its folder, or a draft that was sent, would change, which kinds of
 * change that may be called, and how many learners each kind touches; and doing it. The command
 * line and the administration's page show one plan and do what it says.
 */
#ifndef LEARNING_PUBLISHING_H
#define LEARNING_PUBLISHING_H
#include "course/diff.h"
#include "course/source.h"
#include "learning/draft_ready.h"

#define NOTE_MAX 320 /* code points: so many of any script fit in an address */

/* How many people, by what a kind of change does to them. */
struct reach {
    int64_t move;    /* go on with the new publication, what is unchanged staying done */
    int64_t told;    /* have finished, and are told of the correction */
    int64_t offered; /* have finished, and may read what is new */
    int64_t stay;    /* have begun, and go on with what they have */
};

struct publish_choice {
    enum change_kind kind;
    const char *why_not; /* NULL: allowed */
    struct reach reach;
};

struct publish_plan {
    const char *course;
    const char *folder;                       /* NULL: of a draft, or there is none */
    const struct draft_ready *draft;          /* NULL: of a folder */
    struct course_source *source;             /* NULL: there is no folder */
    const struct publication *current, *next; /* NULL: none yet; none, or with errors */
    const char *current_draft; /* uuid of the draft that the current one was made from, or NULL */
    const struct publication_diff *diff; /* NULL without both of them, or when unchanged */
    bool first, unchanged;
    const char *blocked; /* why nothing can be published at all now, or NULL */
    int64_t unfinished, finished;
    struct publish_choice choices[CHANGE__COUNT]; /* one for a first publication, else four */
    int choice_count;
};

/* The folder of a course in the settings' folder of courses; NULL when that is no course's id. */
const char *publish_folder(const struct learning *l, const char *course, struct arena *a);

/* Reads the folder as of `at` and compares it with what is published. Strings live in the arena;
 * publish_plan_free frees the rest, also after an error. -1 with e: the folder cannot be read. A
 * folder with errors is no error here: `next` is NULL and source's diagnostics say why. */
int publish_plan_make(struct learning *l, struct conn *c, const char *folder, instant at,
                      struct arena *a, struct publish_plan *out, struct error *e);
/* The same of the version that an author sent; `d` outlives the plan. */
int publish_plan_draft(struct learning *l, struct conn *c, const struct draft_ready *d, instant at,
                       struct arena *a, struct publish_plan *out, struct error *e);
/* Of a course that stands without a folder: nothing is to be published. ERROR_NOT_FOUND when it was
 * never published either. */
int publish_plan_none(struct learning *l, struct conn *c, const char *course, struct arena *a,
                      struct publish_plan *out, struct error *e);
void publish_plan_free(struct publish_plan *p);

/* The plan's choice of this kind, or NULL. */
const struct publish_choice *publish_plan_choice(const struct publish_plan *p,
                                                 enum change_kind kind);

/* Is the choice allowed, and the note there where it is needed? 0, or -1 with e (fields "kind",
 * "note"). `note` may be NULL. */
int publish_check(const struct publish_plan *p, enum change_kind kind, const char *note,
                  struct error *e);

/* Outside any closure, without a reader held. Checks, then publishes and writes it to the audit, in
 * one transaction. `by`: the person, 0 for the command line. Nobody's rows are rewritten
 * (learning/moves.h), so it is one short closure whatever the number of learners. ERROR_CONFLICT
 * when something else was published, or the draft was taken back or sent anew, since the plan was
 * made. */
int publish_do(struct learning *l, const struct publish_plan *p, enum change_kind kind,
               const char *note, int64_t by, instant at, struct error *e);

/* The same for a course that was never published, as the server does at its start. */
int publish_first(struct learning *l, const struct course_source *source, instant at, int64_t *id,
                  struct error *e);

/* A folder of the settings' folder of courses whose course was never published. */
struct course_folder {
    const char *course, *title; /* the course's id when no title can be read */
    const char *blank;          /* the key of site.json that it waits for, or NULL */
};
/* By name, in the arena. The count, 0 also when there is no folder of courses. */
int publish_folders_new(struct learning *l, instant at, struct arena *a,
                        struct course_folder **out);

/* Learners of a course: who has not finished, who has. */
int publish_learners(struct conn *c, const char *course, int64_t *unfinished, int64_t *finished,
                     struct error *e);

#endif
