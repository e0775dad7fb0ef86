/*
 * GET  /journal                             one's own reflections, by course and lesson
 * POST /courses/{course}/{lesson}/reflect   write one down, or replace it
 * POST /journal/{entry}                     the same from the journal
 * GET  /journal/{entry}/delete              asks
 * POST /journal/{entry}/delete              deletes for good
 *
 * The owner's alone: another person's entry is not found, whoever asks. A text that could not be
 * saved comes back on a page of its own with what was typed. Downloads are in journal_download.c.
 */
#include "base/json.h"
#include "http/response.h"
#include "learning/commitment.h"
#include "pages/form.h"
#include "pages/private_view.h"
#include "pages/study_view.h"
#include <stdlib.h>
#include <string.h>

static const char *lesson_title(const struct reflection *r)
{
    int index;
    const struct lesson *l = publication_lesson(r->publication, r->lesson, &index);
    return l ? l->title : r->lesson;
}

static const char *lesson_href(struct request *rq, const struct reflection *r)
{
    return arena_printf(rq->arena, "/courses/%s/%s", r->publication->course, r->lesson);
}

/* ---- the list ---- */

static void put_entry(cJSON *list, struct request *rq, const struct reflection *r)
{
    cJSON *entry = view_item(list);
    const char *id = arena_printf(rq->arena, "entry-%.36s", r->uuid);
    view_text(entry, "id", id);
    view_text(entry, "prompt_html", reflection_prompt(r->publication, r->lesson, r->prompt));
    view_text(entry, "first_saved_words", words_date(rq, r->first_saved_at));
    view_bool(entry, "is_aside", r->is_aside);
    view_text(entry, "delete_href", arena_printf(rq->arena, "/journal/%.36s/delete", r->uuid));
    struct writing_place place = {id, arena_printf(rq->arena, "/journal/%.36s", r->uuid), "", NULL};
    view_writing(entry, rq, &place, r);
}

/* The list of the entries' lesson, in the group of the course that the list stands at. */
static cJSON *lesson_entries(cJSON *lessons, struct request *rq, const struct reflection *r)
{
    cJSON *lesson;
    cJSON_ArrayForEach(lesson, lessons)
    {
        if (strcmp(json_string_or(lesson, "id", ""), r->lesson) == 0)
            return cJSON_GetObjectItemCaseSensitive(lesson, "entries");
    }
    lesson = view_item(lessons);
    view_text(lesson, "id", r->lesson);
    view_text(lesson, "title", lesson_title(r));
    view_text(lesson, "href", lesson_href(rq, r));
    return view_list(lesson, "entries");
}

/* The count of those that do not open, too. */
static int put_groups(cJSON *view, struct request *rq, const struct reflection *list, int count)
{
    cJSON *courses = view_list(view, "courses"), *lessons = NULL;
    const char *course = "";
    int closed = 0;
    for (int i = 0; i < count; i++) {
        const struct publication *p = list[i].publication;
        closed += list[i].closed != NULL;
        if (strcmp(course, p->course) != 0) {
            cJSON *group = view_item(courses);
            view_text(group, "course", p->title);
            view_text(group, "course_href", course_href(rq->arena, p->course));
            lessons = view_list(group, "lessons");
            course = p->course;
        }
        put_entry(lesson_entries(lessons, rq, &list[i]), rq, &list[i]);
    }
    view_bool(view, "has_entries", count > 0);
    return closed;
}

static int count_commitments(struct request *rq, struct error *e)
{
    struct commitment *mine;
    struct conn *c = request_reader(rq, e);
    return c ? commitment_list(c, rq->learning, request_person_id(rq), rq->now, rq->arena, &mine, e)
             : -1;
}

static int journal_page(struct request *rq, struct error *e)
{
    struct reflection *list;
    struct conn *c = request_reader(rq, e);
    int count =
        c ? reflection_list(c, rq->learning, request_person_id(rq), rq->arena, &list, e) : -1;
    int commitments = count < 0 ? -1 : count_commitments(rq, e);
    if (commitments < 0)
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Your journal");
    view_int(view, "commitments", commitments);
    view_bool(view, "has_commitments", commitments > 0);
    view_bool(view, "has_download", count > 0 || commitments > 0);
    view_private(view, rq);
    if (view_lost(view, rq, put_groups(view, rq, list, count), e)) {
        cJSON_Delete(view);
        return -1;
    }
    view_bool(view, "is_closed", !rq->learning->secret);
    view_bool(view, "was_deleted", request_checked(rq, "deleted"));
    view_int(view, "backup_keep_days", rq->settings->backup_keep_days);
    return response_page(rq, "journal", view);
}

/* ---- one entry, when it could not be saved ---- */

struct entry {
    struct request *rq;
    const struct publication *publication;
    const char *lesson, *prompt;
    const char *action;
    const char *back_href, *back_label;
    struct reflection stands;
    bool is_there; /* stands */
};

/* What is there now: before a refusal is explained, and for the answer to a script. */
static int read_entry(struct entry *n, struct error *e)
{
    struct conn *c = request_reader(n->rq, e);
    int found =
        c ? reflection_find(c, n->rq->learning, request_person_id(n->rq), n->publication->course,
                            n->lesson, n->prompt, n->rq->arena, &n->stands, e)
          : -1;
    n->is_there = found == 1;
    return found < 0 ? -1 : 0;
}

static int status_of(enum error_kind kind)
{
    return kind == ERROR_CONFLICT ? 409 : kind == ERROR_BUSY ? 503 : kind == ERROR_FULL ? 507 : 422;
}

/* The form again, with what was typed, what stands saved and what to do. */
static int show_entry(struct entry *n, const struct error *why, struct error *e)
{
    struct request *rq = n->rq;
    int status = status_of(why->kind);
    if (read_entry(n, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Not saved yet");
    view_private(view, rq);
    view_text(view, "prompt_html", reflection_prompt(n->publication, n->lesson, n->prompt));
    view_text(view, "back_href", n->back_href);
    view_text(view, "back_label", n->back_label);
    view_text(view, "stands_text",
              status == 409 && n->is_there && n->stands.text ? n->stands.text : "");
    form_put_errors(rq, view);
    const char *typed = json_string_or(json_get(view, "typed"), "text", "");
    struct writing_place place = {"field", n->action, n->prompt, typed};
    view_writing(view, rq, &place, n->is_there ? &n->stands : NULL);
    return response_page_status(rq, status, "journal-entry", view);
}

/* ---- saving ---- */

struct saving {
    struct learning *learning;
    struct reflection_save save;
};

static int write_entry(struct conn *c, void *arg, struct error *e)
{
    struct saving *s = arg;
    return reflection_write(c, s->learning, &s->save, e);
}

static int answer_script(struct entry *n, struct error *e)
{
    if (read_entry(n, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Saved");
    view_text(view, "saved_words", n->is_there ? words_saved_on(n->rq, n->stands.saved_at) : "");
    view_text(view, "base", arena_printf(n->rq->arena, "%lld", (long long)n->stands.saved_at));
    return response_page(n->rq, "journal-entry", view);
}

static int save_entry(struct entry *n, const char *then, struct error *e)
{
    struct request *rq = n->rq;
    struct error why = {0};
    struct saving s = {rq->learning,
                       {.owner = request_person_id(rq),
                        .publication = n->publication,
                        .lesson = n->lesson,
                        .prompt = n->prompt,
                        .text = request_field_or(rq, "text", ""),
                        .base = request_integer_or(rq, "base", 0),
                        .at = rq->now,
                        .arena = rq->arena}};
    request_reader_release(rq);
    if (request_has_errors(rq))
        return show_entry(n, &(struct error){.kind = ERROR_INVALID}, e);
    if (db_write(rq->learning->db, write_entry, &s, &why)) {
        if (status_of(why.kind) == 422 && why.kind != ERROR_INVALID) {
            *e = why;
            return -1;
        }
        request_add_error(rq, &why);
        return show_entry(n, &why, e);
    }
    reflection_forget(rq->learning);
    return rq->wants_json ? answer_script(n, e) : response_redirect(rq, then);
}

static int reflect_post(struct request *rq, struct error *e)
{
    struct enrolment en;
    int begun = study_reading(rq, &en, e);
    if (begun < 0)
        return -1;
    if (!begun)
        return error_set(e, ERROR_CONFLICT, "Begin this course first; then write.");
    const char *lesson = request_param(rq, "lesson"), *prompt = request_field_or(rq, "prompt", "");
    if (!*reflection_prompt(en.publication, lesson, prompt))
        return error_set(e, ERROR_NOT_FOUND, "There is nothing to reflect on here.");
    const char *href = arena_printf(rq->arena, "/courses/%s/%s#reflect-%s", en.publication->course,
                                    lesson, prompt);
    struct entry n = {.rq = rq,
                      .publication = en.publication,
                      .lesson = lesson,
                      .prompt = prompt,
                      .action = rq->path,
                      .back_href = href,
                      .back_label = "Back to the lesson"};
    return save_entry(&n, href, e);
}

static int own_entry(struct request *rq, struct reflection *out, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    return c ? reflection_get(c, rq->learning, request_person_id(rq), request_param(rq, "entry"),
                              rq->arena, out, e)
             : -1;
}

/* From the journal the wording that was answered stays the one that is shown. */
static int edit_post(struct request *rq, struct error *e)
{
    struct reflection r;
    if (own_entry(rq, &r, e))
        return -1;
    if (r.is_aside)
        return error_set(e, ERROR_CONFLICT,
                         "This text was set aside when its key was lost. It stays as it is; write "
                         "anew in the lesson.");
    const char *href = arena_printf(rq->arena, "/journal#entry-%.36s", r.uuid);
    struct entry n = {.rq = rq,
                      .publication = r.publication,
                      .lesson = r.lesson,
                      .prompt = r.prompt,
                      .action = rq->path,
                      .back_href = href,
                      .back_label = "Back to your journal"};
    return save_entry(&n, href, e);
}

/* ---- deleting ---- */

static int gone(struct request *rq, struct error *e)
{
    return form_gone(rq, "Your journal does not hold this text any more.", "/journal", e);
}

static int delete_page(struct request *rq, struct error *e)
{
    struct reflection r;
    if (own_entry(rq, &r, e))
        return gone(rq, e);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Delete this from your journal?");
    view_text(view, "course", r.publication->title);
    view_text(view, "lesson", lesson_title(&r));
    view_text(view, "prompt_html", reflection_prompt(r.publication, r.lesson, r.prompt));
    view_text(view, "text", r.text ? r.text : "");
    view_text(view, "closed", r.closed ? r.closed : "");
    view_text(view, "saved_words", words_saved_on(rq, r.saved_at));
    view_text(view, "action", arena_printf(rq->arena, "/journal/%.36s/delete", r.uuid));
    view_int(view, "backup_keep_days", rq->settings->backup_keep_days);
    return response_page(rq, "journal-delete", view);
}

struct deleting {
    int64_t owner;
    const char *uuid;
};

static int write_delete(struct conn *c, void *arg, struct error *e)
{
    const struct deleting *d = arg;
    return reflection_delete(c, d->owner, d->uuid, e);
}

static int delete_post(struct request *rq, struct error *e)
{
    struct deleting d = {request_person_id(rq), request_param(rq, "entry")};
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_delete, &d, e))
        return gone(rq, e);
    reflection_forget(rq->learning);
    return response_redirect(rq, "/journal?deleted=1");
}

#define BODY_MAX ((size_t)160 * 1024) /* so that a text that is too long still comes back */

static const struct field journal_fields[] = {
    {.name = "deleted", .type = FIELD_CHECKBOX, .summary = "One was just deleted"},
};
#define TEXT_FIELD                                                                                 \
    {                                                                                              \
        .name = "text", .type = FIELD_BLOCK, .max = REFLECTION_MAX, .summary = "Your words"        \
    }
#define BASE_FIELD                                                                                 \
    {                                                                                              \
        .name = "base", .type = FIELD_INTEGER, .high = INT64_MAX,                                  \
        .summary = "Which saved version the page showed"                                           \
    }
static const struct field reflect_fields[] = {
    TEXT_FIELD,
    BASE_FIELD,
    {.name = "prompt", .type = FIELD_ID, .required = true, .summary = "Which reflection"},
};
static const struct field edit_fields[] = {TEXT_FIELD, BASE_FIELD};

const struct route journal_routes[] = {
    {METHOD_GET, "/journal", journal_page, .who = ACCESS_SIGNED_IN, .fields = journal_fields,
     .field_count = 1, .summary = "What you wrote down for yourself"},
    {METHOD_POST, "/courses/{course}/{lesson}/reflect", reflect_post, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = BODY_MAX, .fields = reflect_fields, .field_count = 3,
     .flags = ROUTE_TAKES_ERRORS, .summary = "Write a reflection down, for your eyes only"},
    {METHOD_POST, "/journal/{entry}", edit_post, .who = ACCESS_SIGNED_IN, .body_max = BODY_MAX,
     .fields = edit_fields, .field_count = 2, .flags = ROUTE_TAKES_ERRORS,
     .summary = "Change what you wrote"},
    {METHOD_GET, "/journal/{entry}/delete", delete_page, .who = ACCESS_SIGNED_IN,
     .summary = "Asks before deleting what you wrote"},
    {METHOD_POST, "/journal/{entry}/delete", delete_post, .who = ACCESS_SIGNED_IN,
     .summary = "Delete what you wrote, for good"},
    {0},
};
