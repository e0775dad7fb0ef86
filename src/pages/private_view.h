/*
 * What pages with private writing share: the words beside every box for it, and the form of one
 * text. One source of the words: web/templates/part/private-words.mustache.
 */
#ifndef PAGES_PRIVATE_VIEW_H
#define PAGES_PRIVATE_VIEW_H
#include "learning/reflection.h"
#include "pages/view.h"

/* "reporting_office" — for part/private-words, once for a page. */
void view_private(cJSON *view, struct request *rq);

/*
 * "lost_words": when people began anew after the key was lost and `closed` texts of this person's
 * do not open, what happened to them, in a sentence or two; else "". For part/private-lost.
 */
int view_lost(cJSON *view, struct request *rq, int closed, struct error *e);

/* Where a text may be written: what stands there (NULL: nothing yet) and where its form leads. */
struct writing_place {
    const char *id;     /* of the element on the page: "reflect-r1" */
    const char *action; /* path that takes the form */
    const char *prompt; /* sent along as "prompt", or "" */
    const char *typed;  /* what was typed and could not be saved, or NULL */
};

/*
 * "writing": {id, action, prompt, text, base, is_saved, saved_words, journal_href, closed} for
 * part/private-form. `closed` is a sentence when nothing can be opened or taken now, else "".
 */
void view_writing(cJSON *object, struct request *rq, const struct writing_place *place,
                  const struct reflection *r);

/* "Saved 14:02:11" today, "Saved Fri 4 Dec 2026" before. */
const char *words_saved_on(struct request *rq, instant at);

#endif
