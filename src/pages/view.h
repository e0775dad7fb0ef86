/*
 * Building views without copies. Names are string literals; values live as long as the request (its
 * arena, or a publication). A NULL value adds nothing. A member that a template tests inside a list
 * is always put, false or "" when absent: a name that is missing would be looked up further out.
 */
#ifndef PAGES_VIEW_H
#define PAGES_VIEW_H
#include "base/arena.h"
#include "base/instant.h"
#include "http/request.h"
#include "pages/pages.h"
#include <cjson/cJSON.h>

void view_text(cJSON *object, const char *name, const char *value); /* referenced, not copied */
void view_int(cJSON *object, const char *name, int64_t value);
void view_bool(cJSON *object, const char *name, bool value);
/* Each adds an empty one and returns it. */
cJSON *view_object(cJSON *object, const char *name);
cJSON *view_list(cJSON *object, const char *name);
cJSON *view_item(cJSON *list);

/* Adds a page above this one to "breadcrumb": the outermost first. */
void view_crumb(cJSON *view, const char *label, const char *href);

/* Words, in the request's arena. */
const char *words_date(struct request *rq, instant at);     /* Fri 4 Dec 2026 */
const char *words_saved(struct request *rq, instant at);    /* Saved 14:02:11 */
const char *words_number(struct arena *a, int n);           /* zero … twenty, then digits */
const char *words_minutes(struct arena *a, int minutes);    /* 4 min */
const char *words_active(struct arena *a, int64_t minutes); /* 24 active minutes */
const char *words_iso_date(struct request *rq, instant at); /* 2026-12-04, for a date's input */
const char *words_sentence(struct arena *a,
                           const char *s);                 /* with a full stop, unless it ends so */
const char *words_capital(struct arena *a, const char *s); /* with a capital first letter (ASCII) */

#endif
