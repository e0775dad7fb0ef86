/*
 * GET  /commitments                       one's own commitments, and how each went
 * POST /courses/{course}/commit           make one
 * POST /commitments/{commitment}          change its words
 * POST /commitments/{commitment}/check    say how it went
 * POST /commitments/{commitment}/later    "Not now": asked again in a week
 * GET  /commitments/{commitment}/delete   asks
 * POST /commitments/{commitment}/delete   deletes for good
 *
 * The owner's alone: another person's is not found, whoever asks. Words that could not be saved
 * come back on a page of their own.
 */
#include "base/json.h"
#include "http/response.h"
#include "pages/commitment_view.h"
#include "pages/form.h"
#include "pages/private_view.h"
#include "pages/study_view.h"
#include <string.h>

/* ---- the list ---- */

static void put_one(cJSON *list, struct request *rq, const struct commitment *m)
{
    cJSON *item = view_item(list);
    const char *id = arena_printf(rq->arena, "commitment-%.36s", m->uuid);
    view_commitment(item, rq, m);
    struct commit_place place = {id, arena_printf(rq->arena, "/commitments/%.36s", m->uuid), "",
                                 NULL, NULL};
    view_commit_form(item, rq, &place, m);
}

/* Courses that somebody has begun: where another may be made. */
static int put_courses(cJSON *view, struct request *rq, struct error *e)
{
    struct progress *all;
    struct conn *c = request_reader(rq, e);
    int n = c ? progress_list(c, rq->learning, request_person_id(rq), rq->arena, &all, e) : -1;
    cJSON *courses = view_list(view, "courses");
    for (int i = 0; i < n; i++) {
        const struct publication *p = all[i].enrolment.publication;
        cJSON *course = view_item(courses);
        view_text(course, "name", p->title);
        view_text(course, "href",
                  arena_printf(rq->arena, "%s#commit", course_href(rq->arena, p->course)));
    }
    view_bool(view, "has_courses", n > 0);
    return n < 0 ? -1 : 0;
}

static const char *note_words(struct request *rq, const char *note)
{
    if (!note)
        return "";
    if (strcmp(note, "deleted") == 0)
        return arena_printf(rq->arena,
                            "Deleted for good. Backups may keep it, sealed, for up to %d days.",
                            (int)rq->settings->backup_keep_days);
    return strcmp(note, "told") == 0 ? "Noted. Thank you for saying how it went." : "Saved.";
}

static int commitments_page(struct request *rq, struct error *e)
{
    struct commitment *list;
    struct conn *c = request_reader(rq, e);
    int count =
        c ? commitment_list(c, rq->learning, request_person_id(rq), rq->now, rq->arena, &list, e)
          : -1;
    if (count < 0)
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Your commitments");
    view_text(view, "note_words", note_words(rq, request_field(rq, "note")));
    view_private(view, rq);
    cJSON *mine = view_list(view, "mine");
    int closed = 0;
    for (int i = count - 1; i >= 0; i--) {
        put_one(mine, rq, &list[i]);
        closed += list[i].closed != NULL;
    }
    view_bool(view, "has_mine", count > 0);
    view_bool(view, "has_download", count > 0);
    view_bool(view, "is_closed", !rq->learning->secret);
    if (view_lost(view, rq, closed, e) || put_courses(view, rq, e)) {
        cJSON_Delete(view);
        return -1;
    }
    return response_page(rq, "commitments", view);
}

/* ---- writing ---- */

struct saving {
    struct learning *learning;
    struct commitment_save save;
};

static int write_words(struct conn *c, void *arg, struct error *e)
{
    struct saving *s = arg;
    return commitment_write(c, s->learning, &s->save, e);
}

static int status_of(enum error_kind kind)
{
    return kind == ERROR_CONFLICT  ? 409
           : kind == ERROR_BUSY    ? 503
           : kind == ERROR_FULL    ? 507
           : kind == ERROR_INVALID ? 422
                                   : 0;
}

static int own(struct request *rq, struct commitment *out, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    return c ? commitment_get(c, rq->learning, request_person_id(rq),
                              request_param(rq, "commitment"), rq->now, rq->arena, out, e)
             : -1;
}

/* The form again, with what was typed, what stands saved and what to do. `m` NULL: a new one. */
static int show_again(struct request *rq, const struct commitment *m, enum error_kind kind)
{
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Not saved yet");
    view_private(view, rq);
    bool changed = kind == ERROR_CONFLICT && m && m->cue;
    view_text(view, "stands_cue", changed ? m->cue : "");
    view_text(view, "stands_act", changed ? m->act : "");
    view_text(view, "back_href", request_field_or(rq, "return_to", "/commitments"));
    form_put_errors(rq, view);
    const cJSON *typed = json_get(view, "typed");
    struct commit_place place = {"field", rq->path, request_field_or(rq, "return_to", ""),
                                 json_string_or(typed, "cue", ""),
                                 json_string_or(typed, "act", "")};
    view_commit_form(view, rq, &place, m);
    return response_page_status(rq, status_of(kind), "commitment-entry", view);
}

static int save(struct request *rq, const struct publication *p, const struct commitment *m,
                struct error *e)
{
    struct error why = {0};
    struct saving s = {rq->learning,
                       {.owner = request_person_id(rq),
                        .publication = p,
                        .uuid = m ? m->uuid : NULL,
                        .cue = request_field_or(rq, "cue", ""),
                        .act = request_field_or(rq, "act", ""),
                        .base = request_integer_or(rq, "base", 0),
                        .at = rq->now,
                        .arena = rq->arena}};
    request_reader_release(rq);
    if (request_has_errors(rq))
        return show_again(rq, m, ERROR_INVALID);
    if (db_write(rq->learning->db, write_words, &s, &why)) {
        if (!status_of(why.kind)) {
            *e = why;
            return -1;
        }
        request_add_error(rq, &why);
        struct commitment now;
        return m && own(rq, &now, e) ? -1 : show_again(rq, m ? &now : NULL, why.kind);
    }
    if (m)
        commitment_forget(rq->learning);
    return response_redirect(rq, request_field_or(rq, "return_to", "/commitments?note=saved"));
}

static int commit_post(struct request *rq, struct error *e)
{
    struct enrolment en;
    int begun = study_enrolment(rq, &en, e);
    if (begun < 0)
        return -1;
    if (!begun)
        return error_set(e, ERROR_CONFLICT, "Begin this course first; then commit to something.");
    return save(rq, en.publication, NULL, e);
}

static int edit_post(struct request *rq, struct error *e)
{
    struct commitment m;
    return own(rq, &m, e) ? -1 : save(rq, m.publication, &m, e);
}

/* ---- how it went ---- */

struct telling {
    struct learning *learning;
    int64_t owner;
    const char *uuid;
    enum outcome outcome;
    instant at;
};

static int write_outcome(struct conn *c, void *arg, struct error *e)
{
    struct telling *t = arg;
    return commitment_tell(c, t->learning, t->owner, t->uuid, t->outcome, t->at, e);
}

static int write_later(struct conn *c, void *arg, struct error *e)
{
    struct telling *t = arg;
    return commitment_put_off(c, t->learning, t->owner, t->uuid, t->at, e);
}

static int write_delete(struct conn *c, void *arg, struct error *e)
{
    struct telling *t = arg;
    return commitment_delete(c, t->learning, t->owner, t->uuid, e);
}

static int change(struct request *rq, db_write_fn fn, struct telling *t, struct error *e)
{
    t->learning = rq->learning;
    t->owner = request_person_id(rq);
    t->uuid = request_param(rq, "commitment");
    t->at = rq->now;
    request_reader_release(rq);
    return db_write(rq->learning->db, fn, t, e);
}

static int check_post(struct request *rq, struct error *e)
{
    struct telling t = {0};
    if (outcome_read(request_field_or(rq, "outcome", ""), &t.outcome))
        return error_field(e, "outcome", "Choose one of the four answers.");
    if (change(rq, write_outcome, &t, e))
        return -1;
    return response_redirect(rq, request_field_or(rq, "return_to", "/commitments?note=told"));
}

static int later_post(struct request *rq, struct error *e)
{
    struct telling t = {0};
    return change(rq, write_later, &t, e) ? -1 : response_redirect(rq, "/");
}

/* ---- deleting ---- */

static int gone(struct request *rq, struct error *e)
{
    return form_gone(rq, "Your commitments do not hold this one any more.", "/commitments", e);
}

static int delete_page(struct request *rq, struct error *e)
{
    struct commitment m;
    if (own(rq, &m, e))
        return gone(rq, e);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Delete this commitment?");
    view_commitment(view, rq, &m);
    view_int(view, "backup_keep_days", rq->settings->backup_keep_days);
    return response_page(rq, "commitment-delete", view);
}

static int delete_post(struct request *rq, struct error *e)
{
    struct telling t = {0};
    if (change(rq, write_delete, &t, e))
        return gone(rq, e);
    commitment_forget(rq->learning);
    return response_redirect(rq, "/commitments?note=deleted");
}

#define WORDS_FIELDS                                                                               \
    {.name = "cue", .type = FIELD_LINE, .max = COMMITMENT_MAX, .summary = "If"},                   \
        {.name = "act", .type = FIELD_LINE, .max = COMMITMENT_MAX, .summary = "Then I will"},      \
    {                                                                                              \
        .name = "return_to", .type = FIELD_PATH, .summary = "Where to go afterwards"               \
    }

static const struct field list_fields[] = {
    {.name = "note",
     .type = FIELD_ENUM,
     .choices = "saved|told|deleted",
     .summary = "What was just done"},
};
static const struct field commit_fields[] = {WORDS_FIELDS};
static const struct field edit_fields[] = {
    WORDS_FIELDS,
    {.name = "base",
     .type = FIELD_INTEGER,
     .high = INT64_MAX,
     .summary = "Which saved version the page showed"},
};
static const struct field check_fields[] = {
    {.name = "outcome",
     .type = FIELD_ENUM,
     .choices = "done|partly|not_yet|no_longer",
     .required = true,
     .summary = "Did it happen?"},
    {.name = "return_to", .type = FIELD_PATH, .summary = "Where to go afterwards"},
};

const struct route commitment_routes[] = {
    {METHOD_GET, "/commitments", commitments_page, .who = ACCESS_SIGNED_IN, .fields = list_fields,
     .field_count = 1, .summary = "What you mean to do, and how it went"},
    {METHOD_POST, "/courses/{course}/commit", commit_post, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = 16384, .fields = commit_fields, .field_count = 3,
     .flags = ROUTE_TAKES_ERRORS, .summary = "Write a commitment down, for your eyes only"},
    {METHOD_POST, "/commitments/{commitment}", edit_post, .who = ACCESS_SIGNED_IN,
     .body_max = 16384, .fields = edit_fields, .field_count = 4, .flags = ROUTE_TAKES_ERRORS,
     .summary = "Change its words"},
    {METHOD_POST, "/commitments/{commitment}/check", check_post, .who = ACCESS_SIGNED_IN,
     .body_max = 1024, .fields = check_fields, .field_count = 2,
     .summary = "Say how it went; everything said is kept"},
    {METHOD_POST, "/commitments/{commitment}/later", later_post, .who = ACCESS_SIGNED_IN,
     .body_max = 1024, .summary = "Not now: asked again in a week"},
    {METHOD_GET, "/commitments/{commitment}/delete", delete_page, .who = ACCESS_SIGNED_IN,
     .summary = "Asks before deleting a commitment"},
    {METHOD_POST, "/commitments/{commitment}/delete", delete_post, .who = ACCESS_SIGNED_IN,
     .body_max = 1024, .summary = "Delete it, for good"},
    {0},
};
