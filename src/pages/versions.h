/* Publications as pages show them: how a course stood, and what changed from one to the next. */
#ifndef PAGES_VERSIONS_H
#define PAGES_VERSIONS_H
#include "course/diff.h"
#include "pages/study_view.h"

/* A frozen version of a course, and what it changed. */
const char *version_href(struct arena *a, const char *course, const char *hash);
const char *changes_href(struct arena *a, const char *course, const char *hash);

/* "published_words". */
int version_put_date(cJSON *view, struct request *rq, const struct publication *p, struct error *e);
/* "lessons": {name, href, minutes_words}, "history_href"; an empty list and "" for somebody who is
 * not signed in. */
void version_put_lessons(cJSON *view, struct request *rq, const struct publication *p);

/* {kind, kind_words, version, hash, note, published_words, version_href, changes_href ("" for a
 * first)}. */
void view_record(cJSON *record, struct request *rq, const char *course,
                 const struct publication_record *r);

/* One difference: {thing, thing_words, id, name, change, change_words, beyond_words, has_lines,
 * lines: {text, is_added, is_removed, is_gap}}. */
void view_difference(cJSON *it, struct request *rq, const struct difference *d, bool with_lines);

#endif
