/*
 * Kinds of change: what a new publication of a course does to those who have begun it.
 *
 *   first       nobody has begun
 *   typo        words only; everybody who stands on the publication before moves with it
 *   correction  something was wrong: everybody who has not finished moves, unchanged lessons stay
 *               done, and those who have finished are told
 *   minor       for those who begin from now on
 *   material    for those who begin from now on; those who have finished may read what is new
 */
#ifndef COURSE_CHANGE_H
#define COURSE_CHANGE_H
#include <stdbool.h>

enum change_kind {
    CHANGE_FIRST,
    CHANGE_TYPO,
    CHANGE_CORRECTION,
    CHANGE_MINOR,
    CHANGE_MATERIAL,
    CHANGE__COUNT
};

const char *change_kind_name(enum change_kind kind); /* "typo" */
/* For learners, as a heading: "Typing mistakes", "Correction". */
const char *change_kind_words(enum change_kind kind);
/* NULL or an unknown word: false. */
bool change_kind_read(const char *name, enum change_kind *out);
/* Must it say in words what changed? */
bool change_kind_needs_note(enum change_kind kind);

#endif
