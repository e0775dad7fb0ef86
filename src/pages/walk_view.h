/* A draft that is walked as a learner would: what walk.c and walk_check.c share. */
#ifndef PAGES_WALK_VIEW_H
#define PAGES_WALK_VIEW_H
#include "pages/draft_view.h"

#define WALK_BASE "/authoring/{draft}/walk"

struct walk {
    struct request *rq;
    struct draft draft;
    struct course_source *source;
    const struct publication *p;
    const char *base; /* "/authoring/UUID/walk" */
};

/* The draft of the path, read: 0, then walk_close; or -1 with e. */
int walk_open(struct walk *w, struct request *rq, struct error *e);
int walk_close(struct walk *w, int result); /* gives `result` back */

/* "walk" (the banner), "course", "breadcrumb". */
void walk_put(cJSON *view, const struct walk *w);

#endif
