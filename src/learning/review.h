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
#define REVIEW_NAME_MAX          80   /* characters */
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

#endif
