/*
 * What the closures that save answers remember from one to the next: learning checks under way, as
 * they left them, and the numbers of item versions. So an answer to a check that took one a moment
 * ago reads nothing. Exact, because only closures change these tables, one at a time, and whenever
 * something that closures wrote is taken back all of it is forgotten (db_undone). Who changes an
 * attempt otherwise than by answering it forgets it here in the same closure. Bounded: a check may
 * push another one out, which then is read again. Between this room's files only, and for closures
 * only; `m` NULL remembers nothing.
 */
#ifndef LEARNING_ANSWER_MEMORY_H
#define LEARNING_ANSWER_MEMORY_H
#include "learning/attempt.h"

#define REMEMBERED_ITEMS 16  /* a check with more, */
#define REMEMBERED_STEPS 32  /* or more answers, */
#define REMEMBERED_FORM  640 /* or a longer form is not remembered */

struct open_check {
    char uuid[37];
    bool whole;   /* all its steps are here, so that it may be found */
    bool crowded; /* there were more than it has room for */
    int64_t id, person;
    const struct publication *publication;
    char form[REMEMBERED_FORM];
    int steps;                         /* answers so far, changed ones with them */
    int64_t last_id;                   /* of the last of them */
    uint64_t op_ids[REMEMBERED_STEPS]; /* hashed */
    struct standing_answer {
        int64_t id; /* of its step; 0: unanswered */
        instant at;
        char answer[ANSWER_ROOM];
    } standing[REMEMBERED_ITEMS]; /* by place from 0 */
};

struct answer_memory *answer_memory_create(void);
void answer_memory_free(struct answer_memory *m);

/* This person's check under way, if it is remembered; else NULL. Good until the closure ends. */
struct open_check *answer_memory_find(struct answer_memory *m, struct conn *c, const char *uuid,
                                      int64_t person);
/* Room for a check under way; NULL when it is too large. Then each of its steps is noted, in any
 * order, and at the end it is said to be whole. A step more than there is room for, and it is not.
 */
struct open_check *answer_memory_add(struct answer_memory *m, struct conn *c, const char *uuid,
                                     int64_t person, int64_t id, const struct publication *p,
                                     const char *form);
void open_check_note(struct open_check *check, const char *op_id, int64_t id, int place,
                     const char *answer, instant at);
void open_check_whole(struct open_check *check);
/* Was the operation id perhaps used? False: certainly not. */
bool open_check_may_have(const struct open_check *check, const char *op_id);
void answer_memory_forget(struct answer_memory *m, const char *uuid);
void answer_memory_clear(struct answer_memory *m);

/* The number of an item's version (table item_version), 0: not known; and to know it from now on.
 */
int64_t answer_memory_version(struct answer_memory *m, struct conn *c, const struct item *item);
void answer_memory_put_version(struct answer_memory *m, const struct item *item, int64_t id);

#endif
