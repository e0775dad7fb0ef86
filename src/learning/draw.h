/*
 * Drawing a learning check: which items, in which order, with options in which order. Between this
 * room's files only.
 */
#ifndef LEARNING_DRAW_H
#define LEARNING_DRAW_H
#include "learning/attempt.h"

/* The layout of one item: options shuffled, but those of truefalse and the left side of a match; an
 * order never in its right order; a match's partners shuffled. */
void draw_layout(const struct item *item, struct rng *rng, struct item_layout *out);

/* 0, or -1 when the answer (canonical) to an order is still as it was laid out: that is never its
 * right order, so nobody has said anything. */
int draw_check_moved(const struct item *item, const struct item_layout *shown, const char *answer,
                     struct error *e);

/*
 * The form's text: "item:2,1,3;item:1,2;…", for a match with its partners "item:1,2,3/3,1,2". Every
 * check of a learner holds the same `pre_draw` items, so that gain compares the same items: those
 * of the pre-test's form `before` ("" when there was none) as long as the bank has them, else drawn
 * across objectives from the enrolment's seed. It is filled up to `check_draw` from the rest of the
 * bank. In the arena.
 */
const char *draw_form(const struct publication *p, uint64_t enrolment_seed, const char *before,
                      struct rng *rng, struct arena *a, int *count);
/* The form of a pre-test: those items alone. */
const char *draw_pretest(const struct publication *p, uint64_t enrolment_seed, struct rng *rng,
                         struct arena *a, int *count);
/* How many they are; 0 when the course has no pre-test. */
int draw_pretest_count(const struct publication *p);

/* How many items a form names, at most ATTEMPT_MAX_ITEMS of them. */
int draw_count(const char *form);

/* Reads a form back into draw_count items. Items that the publication does not have are an internal
 * error. */
int draw_read(const struct publication *p, const char *form, struct attempt_item *out, int *count,
              struct error *e);

/* The same for one item. *out has no item when the form has none of this id. */
int draw_read_item(const struct publication *p, const char *form, const char *item,
                   struct attempt_item *out, struct error *e);

#define DRAW_ID_SIZE 128
/* Copies the id of the form's next item and moves *form behind the item; false at the end. */
bool draw_next_id(const char **form, char id[DRAW_ID_SIZE]);

/* Is the item part of the form? */
bool draw_has(const char *form, const char *item);

#endif
