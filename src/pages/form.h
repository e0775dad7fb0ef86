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

#endif
