/* A form that comes back with what was typed and what to change. */
#ifndef PAGES_FORM_H
#define PAGES_FORM_H
#include "http/request.h"
#include <cjson/cJSON.h>

/*
 * "errors" and "typed" as request_put_errors has them, and for the template "has_errors" and
 * "wrong" {field: message, …}, the first for each field, to stand beside the input.
 */
void form_put_errors(struct request *rq, cJSON *view);

/* After the domain refused: what the person can change (ERROR_INVALID) goes to the form's errors,
 * and e is empty again: true, the form is shown once more. False: e stands and is the answer. */
bool form_take_error(struct request *rq, struct error *e);

/*
 * What was to be deleted or taken back is not there (ERROR_NOT_FOUND): without scripts the second
 * of two quick clicks comes here. `words` say so, the same to everybody, and `back` is the way on.
 * Other errors stand as they are. -1.
 */
int form_gone(struct request *rq, const char *words, const char *back, struct error *e);

#endif
