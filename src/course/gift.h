/*
 * Moodle's GIFT (docs.moodle.org, "GIFT format"): a bank of questions as one text file. What GIFT
 * has and this course format has not (missing word, short answer, numerical, essay, description) is
 * reported with its place; what this format has and GIFT has not stands in GIFT comments, so that
 * an export that is imported gives the same items again:
 *
 *     // objective: H1            use, spaced, refs likewise
 *     // columns: Act | Commitment      of a match, and
 *     // why 1: …                 the rationale of its first row
 *     // first: False             of a truefalse whose first option is False
 */
#ifndef COURSE_GIFT_H
#define COURSE_GIFT_H
#include "base/buf.h"
#include "course/source.h"

struct gift_options {
    const char *course;    /* for ids where a question's title is none; NULL: "import" */
    const char *objective; /* where no comment names one; NULL: left open, and said */
    const char *use;       /* "lesson" or "check", likewise; NULL: check */
};

/* Writes what can be read of a GIFT file as the text of a questions.md, and how many items that
 * makes. The returned source holds the diagnostics and nothing else; `shown` names the file in
 * them. Free it with course_free. */
struct course_source *gift_import(const char *shown, const void *bytes, size_t n,
                                  const struct gift_options *options, struct buf *out, int *items);

struct gift_export_counts {
    int written;
    int orders; /* left out: GIFT has no such kind */
    int broken; /* left out: `check` reports them */
};
/* Writes a course's item bank as GIFT, its texts as [markdown]. */
void gift_export(struct course_source *c, struct buf *out, struct gift_export_counts *counts);

#endif
