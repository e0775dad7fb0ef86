/* What is new for somebody who has finished a course, as my learning and the course page show it.
 */
#ifndef PAGES_UPDATES_H
#define PAGES_UPDATES_H
#include "learning/update.h"
#include "pages/study_view.h"

/* "update": {words, is_open, label, href} or false; "correction": {note, words, href, more_href,
 * put_away_href} or false. */
void view_update(cJSON *view, struct request *rq, const char *course, const struct update *u);

#endif
