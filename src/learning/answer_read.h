/*
 * Which answers to challenges and requests their asker has read: until then they are news on My
 * learning. Only that somebody has read up to an instant is kept, by person and place.
 */
#ifndef LEARNING_ANSWER_READ_H
#define LEARNING_ANSWER_READ_H
#include "learning/learning.h"

#define ANSWERS_TO_CHALLENGES "challenges" /* the place where all of them stand */

/* Up to when the person has read what stands at a place; 0: never. */
int answer_read_until(struct conn *c, int64_t person, const char *place, instant *until,
                      struct error *e);
/* Notes that answers up to `until` were read; queued, nobody waits. Noting twice is noting once. */
void answer_read_note(struct learning *l, int64_t person, const char *place, instant until);

#endif
