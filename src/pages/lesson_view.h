/*
 * The body of a lesson and the story of a case as their templates show them: for a learner, whose
 * answers are kept, and for an author who walks a draft, where nothing is.
 */
#ifndef PAGES_LESSON_VIEW_H
#define PAGES_LESSON_VIEW_H
#include "pages/study_view.h"

struct lesson_page {
    struct request *rq;
    struct enrolment en; /* id 0: a draft is walked; no row is read or written */
    const struct lesson *lesson;
    int index; /* of the lesson in its publication */
    struct progress progress;
    const char *base;        /* where the course's parts stand: "/courses/humility" */
    const char *href;        /* of the lesson */
    const char *query;       /* what links to the course's parts carry on: "?after=7", or NULL */
    const char *tools;       /* below which its tools have pages of their own (a base), or NULL */
    const char *again;       /* an item to be tried again, or NULL */
    const char *asking;      /* an item whose form came without a whole answer, or NULL */
    const char *given, *why; /* with asking: the answer as it came, what it lacks */
    bool frozen;             /* an earlier version: nothing is asked, id 0 */
    const char *walked, *walked_answer; /* walking: the item answered in this request, its answer */
};

/* "pieces": what the lesson consists of, each with its kind; "has_errors", "errors" with asking. */
int lesson_put_pieces(struct lesson_page *lp, cJSON *view, struct error *e);
/* One of them: "kind", and what that kind has. */
int lesson_put_piece(struct lesson_page *lp, cJSON *piece, const struct piece *from,
                     struct error *e);
/* "references" that its text cites, "has_references"; "has_unchecked": one of them says that it was
 * not yet checked. */
void lesson_put_references(struct lesson_page *lp, cJSON *view);
/* The same of any pieces of a publication. */
void view_references(cJSON *view, struct request *rq, const struct publication *p,
                     const struct piece *pieces, int count);

/* "path" with what followed from each choice, "has_path", "latest"; "scene" with its choices. */
void case_put_state(cJSON *view, struct request *rq, const struct case_state *s);

#endif
