/* What changed in a course that somebody is in or has finished, as my learning and the course page
 * show it. */
#ifndef PAGES_UPDATES_H
#define PAGES_UPDATES_H
#include "learning/update.h"
#include "pages/study_view.h"

/* "update": {words, note, is_open, read_words, label, href} or false; "correction": {note, words,
 * href, more_href, put_away_href} or false. */
void view_update(cJSON *view, struct request *rq, const char *course, const struct update *u);

/* "moved" of somebody under way: {words, kept_words, href, more_href}, until they go on with the
 * course; or false. `p` NULL: not begun. 0, or -1 with e. */
int view_moved(cJSON *view, struct request *rq, const struct progress *p, struct error *e);

#endif
