/* What is wrong with a course's file, as every command that reads one says it. */
#ifndef CLI_DIAGNOSTICS_H
#define CLI_DIAGNOSTICS_H
#include "course/source.h"
#include <stdio.h>

const char *severity_name(enum severity s); /* "error", "warning", "note" */
/* FILE:LINE:COLUMN: error[CODE]: MESSAGE, and a line with the hint. */
void diagnostic_print(FILE *out, const struct diagnostic *d);

#endif
