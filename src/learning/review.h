/*
 * Reviews of drafts by colleagues without an account. An author makes a link to one version; who
 * holds it reads that version, comments beside its paragraphs, and may sign. Only the hash of a
 * link's code is stored. Names of reviewers are as typed: nobody has checked them.
 *
 * A comment belongs to a block of the text (course/blocks.h) and so stays with its paragraph in
 * later versions. Everything here goes with a deleted draft.
 */
#ifndef LEARNING_REVIEW_H
#define LEARNING_REVIEW_H
#include "learning/draft.h"

#define REVIEW_TOKEN_ROOM 44 /* 32 random bytes in base64url, and NUL */
#define REVIEW_LIFE       (30 * INSTANT_DAY)

#define REVIEW_LINKS             100 /* of one draft, withdrawn ones too */
#define REVIEW_COMMENTS_OF_LINK  500
#define REVIEW_COMMENTS_OF_DRAFT 2000
#define REVIEW_SIGNOFFS          100  /* of one draft, declined ones too */
#define REVIEW_NAME_MAX          80   /* characters, of a name or a role */
#define REVIEW_WORDS_MAX         2000 /* characters */

struct review_link {
    int64_t id, draft;
    const char *uuid; /* the draft's */
    int version, comments;
    instant made_at, expires_at, withdrawn_at; /* withdrawn_at 0: it was not */
    const char *made_by;
};
bool review_link_is_open(const struct review_link *k, instant at);

struct review_comment {
    int64_t id, link;
    int version; /* that was read */
    const char *file, *block;
    int line; /* where the paragraph stood in that version */
    const char *excerpt;
    const char *name, *body;
    instant written_at, resolved_at; /* resolved_at 0: open */
};

/* ---- links; each call is a write of its own ---- */

/* A link to the draft's present version, which has no errors, good for REVIEW_LIFE. Its code is
 * written to `token` and nowhere else. ERROR_CONFLICT when the draft has errors or too many links.
 */
int review_link_create(struct learning *l, const char *uuid, int64_t person, instant at,
                       char token[REVIEW_TOKEN_ROOM], struct error *e);
/* From now on it leads nowhere; what was said through it stays. */
int review_link_withdraw(struct learning *l, const char *uuid, int64_t link, int64_t person,
                         instant at, struct error *e);

/* The draft's links, the latest first: the count, or -1. */
int review_links(struct conn *c, int64_t draft, struct arena *a, struct review_link **out,
                 struct error *e);
/* The link with this code, when it is open. ERROR_NOT_FOUND, in the same words whatever is wrong
 * with it. */
int review_open(struct conn *c, const char *token, instant at, struct arena *a,
                struct review_link *out, struct error *e);

/* ---- comments ---- */

/* `said` with file, block, line, excerpt, name and body, through an open link; its id is written
 * there. The same words by the same name on the same block are one comment. ERROR_CONFLICT when
 * link or draft hold all they can; ERROR_NOT_FOUND as review_open. */
int review_comment_add(struct learning *l, const char *token, struct review_comment *said,
                       instant at, struct error *e);
/* The draft's comments in the order they were written: the count, or -1. */
int review_comments(struct conn *c, int64_t draft, struct arena *a, struct review_comment **out,
                    struct error *e);
/* Marks one as done, or takes that back. */
int review_comment_resolve(struct learning *l, const char *uuid, int64_t comment, int64_t person,
                           bool done, instant at, struct error *e);

/* ---- sign-offs: a named reviewer stands by one version ---- */

struct review_signoff {
    int64_t id, link; /* link 0: recorded by an author, from paper */
    int version;
    const char *hash; /* of that version, as it was signed */
    const char *name, *role;
    const char *signed_on;                         /* "2026-12-04" */
    instant offered_at, confirmed_at, declined_at; /* 0: not yet, not */
    const char *confirmed_by;                      /* or NULL */
};

/* Through an open link, for the link's version; the authors confirm or decline it. The same one
 * twice is one. ERROR_CONFLICT when the draft has all it can hold; ERROR_NOT_FOUND as review_open.
 */
int review_signoff_offer(struct learning *l, const char *token, const char *name, const char *role,
                         const char *signed_on, instant at, struct error *e);
/* One that was given to an author on paper, for that version. Written to the audit. */
int review_signoff_record(struct learning *l, const char *uuid, int64_t person, int version,
                          const char *name, const char *role, const char *signed_on, instant at,
                          struct error *e);
/* The latest first: the count, or -1. */
int review_signoffs(struct conn *c, int64_t draft, struct arena *a, struct review_signoff **out,
                    struct error *e);

/* Which files of the draft as it stands say something else than the version that was signed, but
 * for what a review itself changes: "" when none, NULL with e. */
const char *review_signoff_differs(struct conn *c, const struct draft *d,
                                   const struct review_signoff *s, struct arena *a,
                                   struct error *e);
/*
 * Writes the reviewer into the draft's course.json, as a new version with a note. With that the
 * course is out of pilot, unless it rests on references that nobody has checked: then `stage` stays
 * as it is (*still_pilot). ERROR_CONFLICT, naming the files, when the draft has changed since that
 * version; and when the sign-off was answered before, or somebody saved at this moment. Written to
 * the audit.
 */
int review_signoff_confirm(struct learning *l, const char *uuid, int64_t signoff, int64_t person,
                           instant at, bool *still_pilot, struct error *e);
/* Written to the audit. ERROR_CONFLICT when it was answered before. */
int review_signoff_decline(struct learning *l, const char *uuid, int64_t signoff, int64_t person,
                           instant at, struct error *e);

#endif
