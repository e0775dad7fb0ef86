/*
 * Drafts: courses in the making, written in the browser. A draft is a row with versions; a version
 * is a set of files. Every save makes a version and none is ever changed, so whatever somebody did
 * can be looked at and taken back. Drafts belong to the site's authors together: each has an owner,
 * and every author and administrator may open and change it.
 *
 * A draft has at most 500 versions and 64 MB; beyond that the oldest make room, but for those that
 * a review link, a sign-off or the mark "ready" refers to.
 *
 * Nothing here publishes; learning/publishing.h does.
 */
#ifndef LEARNING_DRAFT_H
#define LEARNING_DRAFT_H
#include "course/source.h"
#include "learning/learning.h"

#define DRAFTS_OF_ONE 50 /* drafts that one person may own at a time */

struct draft {
    int64_t id, owner;
    const char *uuid, *owner_name;
    const char *course, *title; /* as the head's course.json says, or as it was begun */
    int head;                   /* number of the present version */
    int errors, warnings;       /* of the head when it was saved */
    const char *hash, *note;    /* of the head */
    const char *changed_by;
    instant created_at, changed_at;
    int ready_version; /* sent to the administrator; 0: none */
    instant ready_at;
    int open_comments, open_signoffs; /* reviewers' that nobody has answered; draft_list only */
};
/* Is the draft as it stands the one that was sent to the administrator? */
bool draft_is_ready(const struct draft *d);

struct draft_version {
    int number, errors, warnings;
    const char *hash, *note, *saved_by;
    instant saved_at;
};

/* ---- reading; strings in the arena ---- */

int draft_find(struct conn *c, const char *uuid, struct arena *a, struct draft *out,
               struct error *e);
/* Every draft of the site, the latest changed first, at most 500. The count, or -1. */
int draft_list(struct conn *c, struct arena *a, struct draft **out, struct error *e);
/* Its versions, the latest first. The count, or -1. */
int draft_versions(struct conn *c, int64_t draft, struct arena *a, struct draft_version **out,
                   struct error *e);
int draft_version_get(struct conn *c, int64_t draft, int number, struct arena *a,
                      struct draft_version *out, struct error *e);
/* The files of one version, sorted by path. */
int draft_files(struct conn *c, int64_t draft, int version, struct arena *a,
                struct course_file **files, int *count, struct error *e);

/* One version, read and judged as `understory check` does it. The caller frees with course_free.
 * `media`: where its images stand, or NULL for a publication's address. NULL with e. */
struct course_source *draft_source(struct conn *c, const struct learning *l, int64_t draft,
                                   int version, const char *media, instant today, struct error *e);

/* ---- writing; each call is one or more writes of its own, all of it or nothing to be seen ---- */

/* A new draft from files. `note` says what was done: "Uploaded essay.zip". */
int draft_create(struct learning *l, int64_t owner, const struct course_file *files, int count,
                 const char *note, instant at, char uuid[37], struct error *e);

enum draft_op { DRAFT_PUT, DRAFT_RENAME, DRAFT_REMOVE, DRAFT_REPLACE };
struct draft_edit {
    enum draft_op op;
    const char *path, *to; /* `to`: of DRAFT_RENAME */
    const void *bytes;     /* of DRAFT_PUT */
    size_t size;
    /* Of DRAFT_PUT: hash_hex of the file that was edited, "" when it was not there, NULL: whatever
     * is there. */
    const char *base;
    const struct course_file *files; /* of DRAFT_REPLACE: all of them */
    int count;
    int from;         /* of DRAFT_REPLACE: the version it was made from; 0: whichever */
    const char *note; /* NULL: said by the operation itself */
    db_write_fn also; /* what the version stands or falls with, written first with it; or NULL */
    void *also_arg;
};
struct draft_saved {
    int version;
    bool changed;  /* false: the files were so already, and no version was made */
    bool conflict; /* with ERROR_CONFLICT: somebody else saved this file, or the draft, since */
};
/* ERROR_INVALID on "path" or "to" for names that the format does not know, ERROR_CONFLICT,
 * ERROR_NOT_FOUND, ERROR_TOO_LARGE. */
int draft_change(struct learning *l, const char *uuid, int64_t person,
                 const struct draft_edit *edit, instant at, struct draft_saved *out,
                 struct error *e);

/* The mark "ready to publish" for the head, when it has no errors; or off. It stays with the
 * version that was marked when others are saved (learning/draft_ready.h). Written to the audit. */
int draft_mark_ready(struct learning *l, const char *uuid, int64_t person, bool ready, instant at,
                     struct error *e);
/* For good: versions, links, comments and sign-offs go with it. Its owner or an administrator. */
int draft_delete(struct learning *l, const char *uuid, int64_t person, bool administrator,
                 instant at, struct error *e);

/* 64 hex digits, in the arena: what an editor sends back to say which text it began from. */
const char *draft_file_hash(struct arena *a, const void *bytes, size_t n);

#endif
