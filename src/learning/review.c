/* Links and comments; review_signoff.c has what a reviewer signs. */
#include "learning/review.h"
#include "base/encode.h"
#include "base/hash.h"
#include "learning/ledger.h"
#include "learning/sql.h"
#include <string.h>

bool review_link_is_open(const struct review_link *k, instant at)
{
    return k->withdrawn_at == 0 && k->expires_at > at;
}

/* ---- links ---- */

struct linking {
    struct arena *arena;
    const char *uuid, *token;
    int64_t link, person;
    instant at;
};

static void hash_token(const char *token, uint8_t out[HASH_BYTES])
{
    hash_blake2b(token, strlen(token), out);
}

static int create_link(struct conn *c, void *arg, struct error *e)
{
    const struct linking *w = arg;
    struct draft d;
    int64_t count = 0;
    uint8_t hash[HASH_BYTES];
    if (draft_find(c, w->uuid, w->arena, &d, e) ||
        db_query_int(c, &sql_review_link_count, &count, e, "i", d.id) < 0)
        return -1;
    if (d.errors > 0)
        return error_set(e, ERROR_CONFLICT,
                         "The draft has errors; mend them first, then it can be shown.");
    if (count >= REVIEW_LINKS)
        return error_set(e, ERROR_CONFLICT,
                         "This draft has had %d review links, which is as many as one can have. "
                         "Download it as a zip and go on in a new draft.",
                         REVIEW_LINKS);
    hash_token(w->token, hash);
    if (db_exec(c, &sql_review_link_insert, e, "iibiii", d.id, (int64_t)d.head, hash, sizeof hash,
                w->person, w->at, w->at + REVIEW_LIFE) < 0)
        return -1;
    return audit_append(c, w->person, "draft.review_link", w->uuid, d.hash, w->at, e);
}

int review_link_create(struct learning *l, const char *uuid, int64_t person, instant at,
                       char token[REVIEW_TOKEN_ROOM], struct error *e)
{
    struct arena *a = arena_create();
    uint8_t bytes[32];
    random_bytes(bytes, sizeof bytes);
    memcpy(token, base64url_encode(a, bytes, sizeof bytes), REVIEW_TOKEN_ROOM);
    struct linking w = {.arena = a, .uuid = uuid, .token = token, .person = person, .at = at};
    int result = db_write(l->db, create_link, &w, e);
    arena_free(a);
    return result;
}

static int withdraw_link(struct conn *c, void *arg, struct error *e)
{
    const struct linking *w = arg;
    struct draft d;
    int64_t id = 0;
    if (draft_find(c, w->uuid, w->arena, &d, e))
        return -1;
    int found = db_query_int(c, &sql_review_link_of_draft, &id, e, "ii", w->link, d.id);
    if (found == 0)
        return error_set(e, ERROR_NOT_FOUND, "This draft has no such review link.");
    int64_t rows =
        found < 0 ? -1 : db_exec(c, &sql_review_link_withdraw, e, "iii", w->link, d.id, w->at);
    if (rows <= 0)
        return rows < 0 ? -1 : 0;
    return audit_append(c, w->person, "draft.review_withdraw", w->uuid, "", w->at, e);
}

int review_link_withdraw(struct learning *l, const char *uuid, int64_t link, int64_t person,
                         instant at, struct error *e)
{
    struct linking w = {
        .arena = arena_create(), .uuid = uuid, .link = link, .person = person, .at = at};
    int result = db_write(l->db, withdraw_link, &w, e);
    arena_free(w.arena);
    return result;
}

static struct review_link read_link(struct stmt *st, struct arena *a)
{
    return (struct review_link){
        .id = db_int(st, 0),
        .draft = db_int(st, 1),
        .uuid = arena_strdup(a, db_text(st, 2)),
        .version = (int)db_int(st, 3),
        .made_at = db_int(st, 4),
        .expires_at = db_int(st, 5),
        .withdrawn_at = db_int(st, 6),
        .made_by = arena_strdup(a, db_text(st, 7)),
        .comments = (int)db_int(st, 8),
    };
}

int review_links(struct conn *c, int64_t draft, struct arena *a, struct review_link **out,
                 struct error *e)
{
    struct stmt *st = db_query(c, &sql_review_links, e, "ii", draft, (int64_t)REVIEW_LINKS);
    int count = 0, step = st ? 0 : -1;
    *out = arena_array(a, REVIEW_LINKS, sizeof **out);
    while (st && count < REVIEW_LINKS && (step = db_step(st, e)) == 1)
        (*out)[count++] = read_link(st, a);
    db_done(st);
    return step < 0 ? -1 : count;
}

int review_open(struct conn *c, const char *token, instant at, struct arena *a,
                struct review_link *out, struct error *e)
{
    uint8_t hash[HASH_BYTES];
    hash_token(token, hash);
    struct stmt *st = db_query(c, &sql_review_link_open, e, "bi", hash, sizeof hash, at);
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        *out = read_link(st, a);
    db_done(st);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND,
                         "There is nothing to review at this address. A review link lasts 30 days "
                         "and may be withdrawn before; letters may be missing at its end. Ask "
                         "whoever sent it for a new one.");
    return step == 1 ? 0 : -1;
}

/* ---- comments ---- */

struct saying {
    struct arena *arena;
    const char *token;
    struct review_comment *said;
    instant at;
};

static int check_room(struct conn *c, const struct review_link *k, struct error *e)
{
    struct stmt *st = db_query(c, &sql_review_comment_counts, e, "ii", k->draft, k->id);
    int step = st ? db_step(st, e) : -1;
    int64_t of_draft = step == 1 ? db_int(st, 0) : 0, of_link = step == 1 ? db_int(st, 1) : 0;
    db_done(st);
    if (step < 0)
        return -1;
    if (of_link >= REVIEW_COMMENTS_OF_LINK)
        return error_set(e, ERROR_CONFLICT,
                         "This link holds %d comments, which is as many as it can: thank you for "
                         "each. Ask whoever sent it for a new one. Your words stand below; copy "
                         "them first.",
                         REVIEW_COMMENTS_OF_LINK);
    if (of_draft >= REVIEW_COMMENTS_OF_DRAFT)
        return error_set(e, ERROR_CONFLICT,
                         "This draft holds %d comments, which is as many as it can. Tell its "
                         "authors in another way; your words stand below, to be copied.",
                         REVIEW_COMMENTS_OF_DRAFT);
    return 0;
}

static int add_comment(struct conn *c, void *arg, struct error *e)
{
    const struct saying *w = arg;
    struct review_comment *said = w->said;
    struct review_link k;
    if (review_open(c, w->token, w->at, w->arena, &k, e))
        return -1;
    int same = db_query_int(c, &sql_review_comment_same, &said->id, e, "ittt", k.id, said->block,
                            said->name, said->body);
    if (same != 0)
        return same < 0 ? -1 : 0;
    if (check_room(c, &k, e) ||
        db_exec(c, &sql_review_comment_insert, e, "iittittti", k.draft, k.id, said->file,
                said->block, (int64_t)said->line, said->excerpt, said->name, said->body, w->at) < 0)
        return -1;
    said->id = db_last_id(c);
    return 0;
}

int review_comment_add(struct learning *l, const char *token, struct review_comment *said,
                       instant at, struct error *e)
{
    struct saying w = {arena_create(), token, said, at};
    int result = db_write(l->db, add_comment, &w, e);
    arena_free(w.arena);
    return result;
}

static struct review_comment read_comment(struct stmt *st, struct arena *a)
{
    return (struct review_comment){
        .id = db_int(st, 0),
        .link = db_int(st, 1),
        .version = (int)db_int(st, 2),
        .file = arena_strdup(a, db_text(st, 3)),
        .block = arena_strdup(a, db_text(st, 4)),
        .line = (int)db_int(st, 5),
        .excerpt = arena_strdup(a, db_text(st, 6)),
        .name = arena_strdup(a, db_text(st, 7)),
        .body = arena_strdup(a, db_text(st, 8)),
        .written_at = db_int(st, 9),
        .resolved_at = db_int(st, 10),
    };
}

int review_comments(struct conn *c, int64_t draft, struct arena *a, struct review_comment **out,
                    struct error *e)
{
    struct stmt *st =
        db_query(c, &sql_review_comments, e, "ii", draft, (int64_t)REVIEW_COMMENTS_OF_DRAFT);
    int count = 0, step = st ? 0 : -1;
    *out = arena_array(a, REVIEW_COMMENTS_OF_DRAFT, sizeof **out);
    while (st && count < REVIEW_COMMENTS_OF_DRAFT && (step = db_step(st, e)) == 1)
        (*out)[count++] = read_comment(st, a);
    db_done(st);
    return step < 0 ? -1 : count;
}

struct resolving {
    struct arena *arena;
    const char *uuid;
    int64_t comment, person;
    bool done;
    instant at;
};

static int resolve_comment(struct conn *c, void *arg, struct error *e)
{
    const struct resolving *w = arg;
    struct draft d;
    if (draft_find(c, w->uuid, w->arena, &d, e))
        return -1;
    int64_t rows = w->done ? db_exec(c, &sql_review_comment_resolve, e, "iiii", w->comment, d.id,
                                     w->at, w->person)
                           : db_exec(c, &sql_review_comment_resolve, e, "iinn", w->comment, d.id);
    if (rows == 0)
        return error_set(e, ERROR_NOT_FOUND, "This draft has no such comment.");
    return rows < 0 ? -1 : 0;
}

int review_comment_resolve(struct learning *l, const char *uuid, int64_t comment, int64_t person,
                           bool done, instant at, struct error *e)
{
    struct resolving w = {arena_create(), uuid, comment, person, done, at};
    int result = db_write(l->db, resolve_comment, &w, e);
    arena_free(w.arena);
    return result;
}
