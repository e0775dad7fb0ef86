/*
 * The tools of a course (a checklist, a rubric: one printed page each): their lists on other pages,
 * and the page of one, for learners and for an author who walks a draft.
 */
#ifndef PAGES_TOOL_VIEW_H
#define PAGES_TOOL_VIEW_H
#include "course/publication.h"
#include "pages/view.h"

/* From the name in the course: "plan-check" is "Plan check". */
const char *words_tool(struct arena *a, const char *name);
/* `base`: where the course's parts stand, "/courses/humility". */
const char *tool_href(struct arena *a, const char *base, const char *name);

/* "tools": [{name, lesson, href}], "has_tools". */
void view_tools(cJSON *view, struct request *rq, const struct publication *p, const char *base);

/* The page of the tool that the path names: "title", "tool_html", "lesson", "version",
 * "references". ERROR_NOT_FOUND without such a tool. */
int view_tool(cJSON *view, struct request *rq, const struct publication *p, struct error *e);

#endif
