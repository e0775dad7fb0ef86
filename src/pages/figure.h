/*
 * Figures as numbers for the templates part/figure-steps and part/figure-dots: coordinates in the
 * drawing's own units, labels as text. What is drawn is what the table beside it says.
 */
#ifndef PAGES_FIGURE_H
#define PAGES_FIGURE_H
#include "pages/view.h"
#include "report/completion.h"
#include "report/curve.h"

/* "figure": cumulative completions of `whole` people. Absent when nobody has finished. */
void view_figure_steps(cJSON *view, struct request *rq, const struct curve *c, int64_t whole,
                       instant as_of);
/* "figure": rate and interval of each department that has one. Absent when none has. */
void view_figure_dots(cJSON *view, struct request *rq, const struct completion *n, const char *id);

#endif
