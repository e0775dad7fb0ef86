/*
 * Reflections: what a person chose to write down for their own eyes, one text for each prompt.
 * Writing is never needed for anything. Texts are sealed (secret.h) and given to their owner only:
 * every function takes the owner and finds nothing of anybody else's. Saving again replaces; no
 * earlier wording is kept, and after a replacement or deletion the old bytes leave the disk
 * (reflection_forget).
 */
#ifndef LEARNING_REFLECTION_H
#define LEARNING_REFLECTION_H
#include "base/arena.h"
#include "learning/learning.h"

#define REFLECTION_MAX  10000 /* code points of one text */
#define REFLECTION_MOST 1000  /* texts of one person */

struct reflection {
    char uuid[37];
    const struct publication *publication; /* whose wording of the prompt was answered */
    const char *lesson, *prompt;           /* ids; prompt "r1" */
    instant first_saved_at, saved_at;
    const char *text;   /* NULL when it cannot be opened now */
    const char *closed; /* why, as a sentence for its owner; NULL when it opened */
    bool is_aside;      /* its key was lost: it stands in the journal only, and changes no more */
};

/* The prompt's HTML in a publication, "" when it has no such lesson or prompt. */
const char *reflection_prompt(const struct publication *p, const char *lesson, const char *prompt);

/* 1, 0 when nothing was written there, -1. */
int reflection_find(struct conn *c, const struct learning *l, int64_t owner, const char *course,
                    const char *lesson, const char *prompt, struct arena *a, struct reflection *out,
                    struct error *e);
/* ERROR_NOT_FOUND, also for another person's. */
int reflection_get(struct conn *c, const struct learning *l, int64_t owner, const char *uuid,
                   struct arena *a, struct reflection *out, struct error *e);
/* All of a person's, by course, then in the order they were first saved. The count, or -1. */
int reflection_list(struct conn *c, const struct learning *l, int64_t owner, struct arena *a,
                    struct reflection **out, struct error *e);

/* ---- inside closures ---- */

struct reflection_save {
    int64_t owner;
    const struct publication *publication;
    const char *lesson, *prompt;
    const char *text; /* 1 … REFLECTION_MAX code points */
    instant base;     /* saved_at of what the page showed, 0 when there was nothing */
    instant at;
    struct arena *arena;
};
/* Writes or replaces. ERROR_CONFLICT when what stands there is not what the page showed. */
int reflection_write(struct conn *c, const struct learning *l, const struct reflection_save *s,
                     struct error *e);
/* ERROR_NOT_FOUND, also for another person's. */
int reflection_delete(struct conn *c, int64_t owner, const char *uuid, struct error *e);

/* After the closure has returned: lets the writer clear what was replaced or deleted. */
static inline void reflection_forget(const struct learning *l)
{
    db_forget(l->db);
}

#endif
