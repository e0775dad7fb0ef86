/* Reading drafts; draft_save.c writes them. */
#include "learning/draft.h"
#include "base/encode.h"
#include "base/hash.h"
#include "learning/sql.h"

#define DRAFTS_LISTED   500
#define VERSIONS_LISTED 600

bool draft_is_ready(const struct draft *d)
{
    return d->ready_version != 0 && d->ready_version == d->head;
}

static int int_at(struct stmt *st, int column)
{
    return (int)db_int(st, column);
}

static struct draft read_draft(struct stmt *st, struct arena *a)
{
    return (struct draft){
        .id = db_int(st, 0),
        .uuid = arena_strdup(a, db_text(st, 1)),
        .owner = db_int(st, 2),
        .owner_name = arena_strdup(a, db_text(st, 3)),
        .course = arena_strdup(a, db_text(st, 4)),
        .title = arena_strdup(a, db_text(st, 5)),
        .head = int_at(st, 6),
        .ready_version = int_at(st, 7),
        .ready_at = db_int(st, 8),
        .created_at = db_int(st, 9),
        .changed_at = db_int(st, 10),
        .errors = int_at(st, 11),
        .warnings = int_at(st, 12),
        .hash = arena_strdup(a, db_text(st, 13)),
        .note = arena_strdup(a, db_text(st, 14)),
        .changed_by = arena_strdup(a, db_text(st, 15)),
    };
}

int draft_find(struct conn *c, const char *uuid, struct arena *a, struct draft *out,
               struct error *e)
{
    struct stmt *st = db_query(c, &sql_draft_by_uuid, e, "t", uuid);
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        *out = read_draft(st, a);
    db_done(st);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND, "There is no such draft, or it was deleted.");
    return step == 1 ? 0 : -1;
}

int draft_list(struct conn *c, struct arena *a, struct draft **out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_draft_list, e, "i", (int64_t)DRAFTS_LISTED);
    int count = 0, step = st ? 0 : -1;
    *out = arena_array(a, DRAFTS_LISTED, sizeof **out);
    while (st && count < DRAFTS_LISTED && (step = db_step(st, e)) == 1) {
        struct draft *d = &(*out)[count++];
        *d = read_draft(st, a);
        d->open_comments = int_at(st, 16);
        d->open_signoffs = int_at(st, 17);
    }
    db_done(st);
    return step < 0 ? -1 : count;
}

static struct draft_version read_version(struct stmt *st, struct arena *a)
{
    return (struct draft_version){
        .number = int_at(st, 0),
        .hash = arena_strdup(a, db_text(st, 1)),
        .note = arena_strdup(a, db_text(st, 2)),
        .errors = int_at(st, 3),
        .warnings = int_at(st, 4),
        .saved_at = db_int(st, 5),
        .saved_by = arena_strdup(a, db_text(st, 6)),
    };
}

int draft_versions(struct conn *c, int64_t draft, struct arena *a, struct draft_version **out,
                   struct error *e)
{
    struct stmt *st = db_query(c, &sql_draft_versions, e, "ii", draft, (int64_t)VERSIONS_LISTED);
    int count = 0, step = st ? 0 : -1;
    *out = arena_array(a, VERSIONS_LISTED, sizeof **out);
    while (st && count < VERSIONS_LISTED && (step = db_step(st, e)) == 1)
        (*out)[count++] = read_version(st, a);
    db_done(st);
    return step < 0 ? -1 : count;
}

int draft_version_get(struct conn *c, int64_t draft, int number, struct arena *a,
                      struct draft_version *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_draft_version_one, e, "ii", draft, (int64_t)number);
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        *out = read_version(st, a);
    db_done(st);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND,
                         "There is no such version of this draft, or it has made room for newer "
                         "ones.");
    return step == 1 ? 0 : -1;
}

int draft_files(struct conn *c, int64_t draft, int version, struct arena *a,
                struct course_file **files, int *count, struct error *e)
{
    struct stmt *st = db_query(c, &sql_draft_files, e, "ii", draft, (int64_t)version);
    int step = st ? 0 : -1;
    *count = 0;
    *files = arena_array(a, COURSE_FILES, sizeof **files);
    while (st && *count < COURSE_FILES && (step = db_step(st, e)) == 1) {
        size_t n;
        const void *bytes = db_blob(st, 1, &n);
        (*files)[(*count)++] =
            (struct course_file){arena_strdup(a, db_text(st, 0)),
                                 arena_memdup(a, bytes ? bytes : "", bytes ? n : 0), bytes ? n : 0};
    }
    db_done(st);
    return step < 0 ? -1 : 0;
}

struct course_source *draft_source(struct conn *c, const struct learning *l, int64_t draft,
                                   int version, const char *media, instant today, struct error *e)
{
    struct arena *a = arena_create();
    struct course_file *files;
    struct course_source *source = NULL;
    int count;
    if (draft_files(c, draft, version, a, &files, &count, e) == 0)
        source = course_read_files(
            files, count,
            &(struct course_reading){.today = today,
                                     .site = arena_printf(a, "%s/site.json", l->settings->courses),
                                     .media = media});
    arena_free(a);
    return source;
}

const char *draft_file_hash(struct arena *a, const void *bytes, size_t n)
{
    uint8_t hash[HASH_BYTES];
    hash_blake2b(bytes, n, hash);
    return hex_encode(a, hash, sizeof hash);
}
