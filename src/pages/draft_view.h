/* What the authors' pages share: a draft's head line, what the check says of it, and where to. */
#ifndef PAGES_DRAFT_VIEW_H
#define PAGES_DRAFT_VIEW_H
#include "course/source.h"
#include "learning/draft.h"
#include "pages/view.h"

/* The draft of the path's {draft}: 0, or -1 with e. */
int draft_open(struct request *rq, struct draft *out, struct error *e);
/* Its head as the check reads it; NULL with e. Freed when the request's answer is made: by the
 * caller, with course_free. */
struct course_source *draft_read(struct request *rq, const struct draft *d, struct error *e);

/* Dates pass and the site fills its blanks: what the check says today counts, not what it said when
 * the draft was saved. */
void draft_check_again(struct draft *d, const struct course_source *c);
/* The draft's page with e beside its field (or with the faults of the input when e says nothing):
 * 422, or 409 for a conflict. -1 with e for what an author cannot change. */
int draft_show_again(struct request *rq, struct error *e);

/* "/authoring/UUID" and `rest`. */
const char *draft_href(struct arena *a, const struct draft *d, const char *rest);
/* Where a file is edited; line 0: no line. */
const char *draft_edit_href(struct arena *a, const struct draft *d, const char *path, int line);
const char *draft_title(const struct draft *d); /* never empty */

/* "Uploaded essay.zip; left out, as no course holds it: notes.docx" */
struct bundle;
const char *upload_note(struct arena *a, const char *filename, const struct bundle *b);

const char *words_when(struct request *rq, instant at);                /* Fri 4 Dec 2026, 14:02 */
const char *words_count(struct arena *a, int n, const char *one);      /* "1 error", "3 errors" */
const char *words_problems(struct arena *a, int errors, int warnings); /* "3 errors, 1 warning" */
const char *words_size(struct arena *a, size_t bytes);                 /* "12 KB" */

/* "draft": id, name, course, href, version, owner, errors, warnings, is_clean, is_ready. */
cJSON *view_draft(cJSON *view, struct request *rq, const struct draft *d);
/* The same with what is said of its state: saved_words, saved_by, note, problem_words. */
void view_draft_state(cJSON *view, struct request *rq, const struct draft *d);
/* "published": draft_version, version, kind, href, published_words, is_current, is_head; or false.
 * "sent": version, is_head, sent_words, publish_href ("" but for an administrator); or false.
 * "may_send". 0, or -1 with e. */
int view_draft_published(cJSON *view, struct request *rq, const struct draft *d, struct error *e);
/* "breadcrumb" to a page below the draft's own: Authoring › the draft. */
void view_draft_crumbs(cJSON *view, struct request *rq, const struct draft *d);
/* "problems": by file, each with its lines as they stand; `only` NULL: all files. "has_problems".
 * Copies what it needs of the source. */
void view_problems(cJSON *view, struct request *rq, const struct draft *d,
                   const struct course_source *c, const char *only);

#endif
