#include "learning/draft_ready.h"
#include "learning/sql.h"

#define LISTED 500

static struct draft_ready read_ready(struct stmt *st, struct arena *a)
{
    return (struct draft_ready){
        .uuid = arena_strdup(a, db_text(st, 0)),
        .title = arena_strdup(a, db_text(st, 1)),
        .course = arena_strdup(a, db_text(st, 2)),
        .id = db_int(st, 3),
        .version = (int)db_int(st, 4),
        .head = (int)db_int(st, 5),
        .sent_at = db_int(st, 6),
        .owner = db_int(st, 7),
        .owner_name = arena_strdup(a, db_text(st, 8)),
        .saved_by = arena_strdup(a, db_text(st, 9)),
        .sent_by = arena_strdup(a, db_text(st, 10)),
        .errors = (int)db_int(st, 11),
    };
}

int draft_ready_list(struct conn *c, struct arena *a, struct draft_ready **out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_draft_ready_list, e, "i", (int64_t)LISTED);
    int count = 0, step = st ? 0 : -1;
    *out = arena_array(a, LISTED, sizeof **out);
    while (st && count < LISTED && (step = db_step(st, e)) == 1)
        (*out)[count++] = read_ready(st, a);
    db_done(st);
    return step < 0 ? -1 : count;
}

int64_t draft_ready_count(struct conn *c, struct error *e)
{
    int64_t n = 0;
    return db_query_int(c, &sql_draft_ready_count, &n, e, "") < 0 ? -1 : n;
}

int draft_ready_find(struct conn *c, const char *uuid, struct arena *a, struct draft_ready *out,
                     struct error *e)
{
    struct stmt *st = db_query(c, &sql_draft_ready_find, e, "t", uuid);
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        *out = read_ready(st, a);
    db_done(st);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND,
                         "Nothing of this draft waits to be published: it was published already, "
                         "taken back or deleted.");
    return step == 1 ? 0 : -1;
}

int draft_ready_published(struct conn *c, const struct draft_ready *d, int64_t publication,
                          struct error *e)
{
    int64_t version = d->version;
    int64_t rows = db_exec(c, &sql_draft_ready_done, e, "ti", d->uuid, version);
    if (rows == 0)
        return error_set(e, ERROR_CONFLICT,
                         "The draft was taken back, or another version of it was sent, in the "
                         "meantime. Nothing was published.");
    return rows < 0 || db_exec(c, &sql_publication_draft_insert, e, "itii", publication, d->uuid,
                               version, d->owner) < 0
               ? -1
               : 0;
}

int publication_drafts(struct conn *c, const char *course, struct arena *a,
                       struct publication_draft **out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_publication_drafts, e, "ti", course, (int64_t)LISTED);
    int count = 0, step = st ? 0 : -1;
    *out = arena_array(a, LISTED, sizeof **out);
    while (st && count < LISTED && (step = db_step(st, e)) == 1)
        (*out)[count++] = (struct publication_draft){.publication = db_int(st, 0),
                                                     .draft = arena_strdup(a, db_text(st, 1)),
                                                     .version = (int)db_int(st, 2),
                                                     .writer = arena_strdup(a, db_text(st, 3)),
                                                     .is_there = db_int(st, 4) != 0};
    db_done(st);
    return step < 0 ? -1 : count;
}

int draft_published_find(struct conn *c, const char *uuid, struct arena *a,
                         struct draft_published *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_draft_published, e, "t", uuid);
    int step = st ? db_step(st, e) : -1;
    if (step == 1) {
        *out = (struct draft_published){.draft_version = (int)db_int(st, 0),
                                        .course = arena_strdup(a, db_text(st, 1)),
                                        .hash = arena_strdup(a, db_text(st, 2)),
                                        .version = arena_strdup(a, db_text(st, 3)),
                                        .at = db_int(st, 5)};
        change_kind_read(db_text(st, 4), &out->kind);
    }
    db_done(st);
    return step;
}
