/*
 * What reviewers sign. Confirming reads the draft outside the writer and saves the new version
 * through draft_change, which refuses if somebody saved meanwhile; the sign-off is marked in the
 * same write, so that of two answers at one instant one wins and the other changes nothing.
 */
#include "course/reviewers.h"
#include "learning/ledger.h"
#include "learning/review.h"
#include "learning/sql.h"
#include <string.h>

/* ---- given ---- */

struct signing {
    struct arena *arena;
    const char *token; /* or NULL: from paper */
    const char *uuid;
    int version;
    int64_t person;
    const char *name, *role, *signed_on;
    instant at;
};

static int insert_signoff(struct conn *c, const struct signing *w, int64_t draft, int64_t link,
                          struct error *e)
{
    struct draft_version v;
    int64_t count = 0, same = 0, version = w->version;
    if (draft_version_get(c, draft, w->version, w->arena, &v, e))
        return -1;
    int found = db_query_int(c, &sql_review_signoff_same, &same, e, "iittt", draft, version,
                             w->name, w->role, w->signed_on);
    if (found != 0)
        return found < 0 ? -1 : 0;
    if (db_query_int(c, &sql_review_signoff_count, &count, e, "i", draft) < 0)
        return -1;
    if (count >= REVIEW_SIGNOFFS)
        return error_set(e, ERROR_CONFLICT,
                         "This draft holds %d sign-offs, which is as many as it can. Tell its "
                         "authors in another way.",
                         REVIEW_SIGNOFFS);
    int64_t rows = link ? db_exec(c, &sql_review_signoff_insert, e, "iitittti", draft, version,
                                  v.hash, link, w->name, w->role, w->signed_on, w->at)
                        : db_exec(c, &sql_review_signoff_insert, e, "iitnttti", draft, version,
                                  v.hash, w->name, w->role, w->signed_on, w->at);
    return rows < 0 ? -1 : 0;
}

static int offer(struct conn *c, void *arg, struct error *e)
{
    struct signing *w = arg;
    struct review_link k;
    if (review_open(c, w->token, w->at, w->arena, &k, e))
        return -1;
    w->version = k.version;
    return insert_signoff(c, w, k.draft, k.id, e);
}

static int record(struct conn *c, void *arg, struct error *e)
{
    const struct signing *w = arg;
    struct draft d;
    return draft_find(c, w->uuid, w->arena, &d, e) || insert_signoff(c, w, d.id, 0, e) ||
                   audit_append(c, w->person, "draft.signoff_record", w->uuid, "", w->at, e)
               ? -1
               : 0;
}

int review_signoff_offer(struct learning *l, const char *token, const char *name, const char *role,
                         const char *signed_on, instant at, struct error *e)
{
    struct signing w = {.arena = arena_create(),
                        .token = token,
                        .name = name,
                        .role = role,
                        .signed_on = signed_on,
                        .at = at};
    int result = db_write(l->db, offer, &w, e);
    arena_free(w.arena);
    return result;
}

int review_signoff_record(struct learning *l, const char *uuid, int64_t person, int version,
                          const char *name, const char *role, const char *signed_on, instant at,
                          struct error *e)
{
    struct signing w = {.arena = arena_create(),
                        .uuid = uuid,
                        .version = version,
                        .person = person,
                        .name = name,
                        .role = role,
                        .signed_on = signed_on,
                        .at = at};
    int result = db_write(l->db, record, &w, e);
    arena_free(w.arena);
    return result;
}

/* ---- read ---- */

static struct review_signoff read_signoff(struct stmt *st, struct arena *a)
{
    return (struct review_signoff){
        .id = db_int(st, 0),
        .version = (int)db_int(st, 1),
        .hash = arena_strdup(a, db_text(st, 2)),
        .link = db_int(st, 3),
        .name = arena_strdup(a, db_text(st, 4)),
        .role = arena_strdup(a, db_text(st, 5)),
        .signed_on = arena_strdup(a, db_text(st, 6)),
        .offered_at = db_int(st, 7),
        .confirmed_at = db_int(st, 8),
        .declined_at = db_int(st, 9),
        .confirmed_by = arena_strdup(a, db_text(st, 10)),
    };
}

int review_signoffs(struct conn *c, int64_t draft, struct arena *a, struct review_signoff **out,
                    struct error *e)
{
    struct stmt *st = db_query(c, &sql_review_signoffs, e, "ii", draft, (int64_t)REVIEW_SIGNOFFS);
    int count = 0, step = st ? 0 : -1;
    *out = arena_array(a, REVIEW_SIGNOFFS, sizeof **out);
    while (st && count < REVIEW_SIGNOFFS && (step = db_step(st, e)) == 1)
        (*out)[count++] = read_signoff(st, a);
    db_done(st);
    return step < 0 ? -1 : count;
}

static int find_signoff(struct conn *c, int64_t id, int64_t draft, struct arena *a,
                        struct review_signoff *out, struct error *e)
{
    struct stmt *st = db_query(c, &sql_review_signoff_one, e, "ii", id, draft);
    int step = st ? db_step(st, e) : -1;
    if (step == 1)
        *out = read_signoff(st, a);
    db_done(st);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND, "This draft has no such sign-off.");
    return step == 1 ? 0 : -1;
}

const char *review_signoff_differs(struct conn *c, const struct draft *d,
                                   const struct review_signoff *s, struct arena *a, struct error *e)
{
    struct course_file *signed_files, *files;
    int signed_count, count;
    if (strcmp(s->hash, d->hash) == 0)
        return "";
    if (draft_files(c, d->id, s->version, a, &signed_files, &signed_count, e) ||
        draft_files(c, d->id, d->head, a, &files, &count, e))
        return NULL;
    return course_content_differs(signed_files, signed_count, files, count, a);
}

/* ---- confirmed ---- */

struct confirming {
    struct learning *learning;
    struct arena *arena;
    const char *uuid;
    int64_t person;
    instant at;
    struct draft draft;
    struct review_signoff signoff;
    struct course_file *files;
    int count, metadata; /* metadata: which of them is course.json */
    bool still_pilot;
};

static int answered(const struct review_signoff *s, struct error *e)
{
    if (s->confirmed_at || s->declined_at)
        return error_set(e, ERROR_CONFLICT, "This sign-off was %s before.",
                         s->confirmed_at ? "confirmed" : "declined");
    return 0;
}

static int read_state(struct conn *c, struct confirming *w, int64_t id, struct error *e)
{
    if (draft_find(c, w->uuid, w->arena, &w->draft, e) ||
        find_signoff(c, id, w->draft.id, w->arena, &w->signoff, e) || answered(&w->signoff, e))
        return -1;
    const char *changed = review_signoff_differs(c, &w->draft, &w->signoff, w->arena, e);
    if (!changed)
        return -1;
    if (*changed)
        return error_set(e, ERROR_CONFLICT,
                         "The draft has changed since version %d was signed (%.200s), and a "
                         "sign-off holds for what was read. Send a link to the present version "
                         "and ask for a new sign-off.",
                         w->signoff.version, changed);
    if (draft_files(c, w->draft.id, w->draft.head, w->arena, &w->files, &w->count, e))
        return -1;
    while (w->metadata < w->count && strcmp(w->files[w->metadata].path, "course.json") != 0)
        w->metadata++;
    return w->metadata < w->count
               ? 0
               : error_set(e, ERROR_CONFLICT, "The draft has no course.json to write it into.");
}

/* How many errors the course has with its files as they are now in `w`. */
static int errors_of(struct confirming *w)
{
    struct course_source *c = course_read_files(
        w->files, w->count,
        &(struct course_reading){
            .today = w->at,
            .site = arena_printf(w->arena, "%s/site.json", w->learning->settings->courses)});
    int errors = course_errors(c);
    w->still_pilot = course_as_read(c)->pilot;
    course_free(c);
    return errors;
}

static int write_reviewer(struct confirming *w, const struct course_file *before, bool release,
                          struct error *e)
{
    struct buf out;
    struct course_reviewer reviewer = {w->signoff.name, w->signoff.role, w->signoff.signed_on};
    buf_init(&out, TEXT_FILE_MAX);
    int result = course_json_review(before->bytes, before->size, &reviewer, release, &out, e);
    if (result == 0)
        w->files[w->metadata] = (struct course_file){
            before->path, arena_memdup(w->arena, out.data, out.length), out.length};
    buf_free(&out);
    return result;
}

/* Out of pilot, if the check has nothing against it; else with the stage as it is. */
static int change_metadata(struct confirming *w, struct error *e)
{
    struct course_file before = w->files[w->metadata];
    if (write_reviewer(w, &before, true, e))
        return -1;
    if (errors_of(w) == 0)
        return 0;
    if (write_reviewer(w, &before, false, e))
        return -1;
    errors_of(w); /* whether it is a pilot now */
    return 0;
}

static int mark_confirmed(struct conn *c, void *arg, struct error *e)
{
    const struct confirming *w = arg;
    int64_t rows =
        db_exec(c, &sql_review_signoff_confirm, e, "iii", w->signoff.id, w->at, w->person);
    if (rows == 0)
        return error_set(e, ERROR_CONFLICT, "This sign-off was answered at this moment.");
    return rows < 0 ? -1
                    : audit_append(c, w->person, "draft.signoff_confirm", w->uuid, w->signoff.hash,
                                   w->at, e);
}

/* Where the reviewer is named already, no version is made and the mark is all there is to write. */
static int save_version(struct confirming *w, struct error *e)
{
    struct draft_saved saved;
    struct draft_edit edit = {
        .op = DRAFT_REPLACE,
        .files = w->files,
        .count = w->count,
        .from = w->draft.head,
        .note = arena_printf(w->arena, "Confirmed the sign-off of version %d by %s, %s%s",
                             w->signoff.version, w->signoff.name, w->signoff.role,
                             w->still_pilot ? "; still a pilot" : "; no longer a pilot"),
        .also = mark_confirmed,
        .also_arg = w};
    if (draft_change(w->learning, w->uuid, w->person, &edit, w->at, &saved, e))
        return -1;
    return saved.changed ? 0 : db_write(w->learning->db, mark_confirmed, w, e);
}

int review_signoff_confirm(struct learning *l, const char *uuid, int64_t signoff, int64_t person,
                           instant at, bool *still_pilot, struct error *e)
{
    struct confirming w = {
        .learning = l, .arena = arena_create(), .uuid = uuid, .person = person, .at = at};
    struct conn *c = db_read_begin(l->db, e);
    int result = c ? read_state(c, &w, signoff, e) : -1;
    db_read_end(l->db, c);
    if (result == 0 && (change_metadata(&w, e) || save_version(&w, e)))
        result = -1;
    *still_pilot = w.still_pilot;
    arena_free(w.arena);
    return result;
}

/* ---- declined ---- */

struct declining {
    struct arena *arena;
    const char *uuid;
    int64_t signoff, person;
    instant at;
};

static int decline(struct conn *c, void *arg, struct error *e)
{
    const struct declining *w = arg;
    struct draft d;
    struct review_signoff s;
    if (draft_find(c, w->uuid, w->arena, &d, e) ||
        find_signoff(c, w->signoff, d.id, w->arena, &s, e) || answered(&s, e) ||
        db_exec(c, &sql_review_signoff_decline, e, "ii", s.id, w->at) < 0)
        return -1;
    return audit_append(c, w->person, "draft.signoff_decline", w->uuid, s.hash, w->at, e);
}

int review_signoff_decline(struct learning *l, const char *uuid, int64_t signoff, int64_t person,
                           instant at, struct error *e)
{
    struct declining w = {arena_create(), uuid, signoff, person, at};
    int result = db_write(l->db, decline, &w, e);
    arena_free(w.arena);
    return result;
}
