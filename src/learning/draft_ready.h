/*
 * Drafts that were sent to the administrator, and what became of them. What was sent is one version
 * and stays that one, whatever is saved afterwards; learning/publishing.h publishes it. A
 * publication remembers the draft it was made from by its uuid, also when the draft is deleted.
 */
#ifndef LEARNING_DRAFT_READY_H
#define LEARNING_DRAFT_READY_H
#include "course/change.h"
#include "learning/learning.h"

struct draft_ready {
    const char *uuid, *title, *course; /* title and course as the head says */
    int64_t id;
    int version, head; /* the one that was sent; the present one */
    instant sent_at;
    int64_t owner;
    const char *owner_name, *saved_by, *sent_by; /* who saved and who sent this version */
    int errors;                                  /* of this version, when it was saved */
};

/* The longest waiting first, at most 500, in the arena. The count, or -1. */
int draft_ready_list(struct conn *c, struct arena *a, struct draft_ready **out, struct error *e);
/* How many, or -1. */
int64_t draft_ready_count(struct conn *c, struct error *e);
/* ERROR_NOT_FOUND: there is no such draft, or nothing of it waits to be published. */
int draft_ready_find(struct conn *c, const char *uuid, struct arena *a, struct draft_ready *out,
                     struct error *e);

/* Inside a closure: this version became that publication, so it waits no longer. ERROR_CONFLICT
 * when it was taken back, or another version was sent, since it was read. */
int draft_ready_published(struct conn *c, const struct draft_ready *d, int64_t publication,
                          struct error *e);

/* A publication of a course that was made from a draft. */
struct publication_draft {
    int64_t publication;
    const char *draft; /* uuid */
    int version;
    const char *writer; /* the draft's owner by name */
    bool is_there;      /* the draft was not deleted */
};
/* Of one course, the newest first, at most 500, in the arena. The count, or -1. */
int publication_drafts(struct conn *c, const char *course, struct arena *a,
                       struct publication_draft **out, struct error *e);

/* The latest publication of a draft: 1, 0 when there is none, or -1. */
struct draft_published {
    int draft_version;
    const char *course, *hash, *version;
    enum change_kind kind;
    instant at;
};
int draft_published_find(struct conn *c, const char *uuid, struct arena *a,
                         struct draft_published *out, struct error *e);

#endif
