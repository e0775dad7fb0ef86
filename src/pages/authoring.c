/*
 * GET  /authoring          the drafts of this site, and three ways to begin one
 * GET  /authoring/guide    how a course is written
 * POST /authoring/upload   a course's folder as a zip
 * POST /authoring/copy     the files of a published course
 * POST /authoring/new      a small complete course to write over
 *
 * Whichever way, either a new draft stands or nothing has changed.
 */
#include "base/text.h"
#include "course/bundle.h"
#include "course/guide.h"
#include "course/skeleton.h"
#include "http/response.h"
#include "pages/draft_view.h"
#include "pages/form.h"
#include <string.h>

/* ---- the list ---- */

/* What reviewers said that nobody has answered yet: "2 open comments, 1 sign-off to answer". */
static const char *review_words(struct arena *a, const struct draft *d)
{
    const char *comments = d->open_comments ? words_count(a, d->open_comments, "open comment") : "";
    if (!d->open_signoffs)
        return comments;
    return arena_printf(a, "%s%s%s to answer", comments, *comments ? ", " : "",
                        words_count(a, d->open_signoffs, "sign-off"));
}

static void put_row(cJSON *list, struct request *rq, const struct draft *d)
{
    struct arena *a = rq->arena;
    cJSON *row = view_item(list);
    view_text(row, "id", d->uuid);
    view_text(row, "name", draft_title(d));
    view_text(row, "course", d->course);
    view_text(row, "href", draft_href(a, d, ""));
    view_text(row, "changed_words", words_when(rq, d->changed_at));
    view_text(row, "changed_by", d->changed_by);
    view_text(row, "owner", d->owner_name);
    view_int(row, "errors", d->errors);
    view_int(row, "warnings", d->warnings);
    view_text(row, "problem_words", words_problems(a, d->errors, d->warnings));
    view_bool(row, "is_clean", d->errors == 0);
    view_bool(row, "is_ready", draft_is_ready(d));
    view_text(row, "review_words", review_words(a, d));
}

static int put_drafts(cJSON *view, struct request *rq, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    struct draft *drafts;
    int count = c ? draft_list(c, rq->arena, &drafts, e) : -1;
    cJSON *mine = view_list(view, "mine"), *others = view_list(view, "others");
    for (int i = 0; i < count; i++)
        put_row(drafts[i].owner == request_person_id(rq) ? mine : others, rq, &drafts[i]);
    view_bool(view, "has_mine", cJSON_GetArraySize(mine) > 0);
    view_bool(view, "has_others", cJSON_GetArraySize(others) > 0);
    return count < 0 ? -1 : 0;
}

static int show_list(struct request *rq, int status, struct error *e)
{
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Authoring");
    if (put_drafts(view, rq, e)) {
        cJSON_Delete(view);
        return -1;
    }
    const struct publication *const *shelf;
    int count = shelf_list(rq->learning->shelf, &shelf);
    cJSON *courses = view_list(view, "courses");
    const char *chosen = request_field_or(rq, "course", "");
    for (int i = 0; i < count; i++) {
        cJSON *course = view_item(courses);
        view_text(course, "id", shelf[i]->course);
        view_text(course, "name", shelf[i]->title);
        view_bool(course, "selected", text_equal(chosen, shelf[i]->course));
    }
    view_bool(view, "has_courses", count > 0);
    view_int(view, "zip_mb", (int64_t)(BUNDLE_MAX >> 20));
    view_bool(view, "is_deleted", status == 200 && request_checked(rq, "deleted"));
    form_put_errors(rq, view);
    return response_page_status(rq, status, "authoring", view);
}

static int authoring_page(struct request *rq, struct error *e)
{
    return show_list(rq, 200, e);
}

static int guide_page(struct request *rq, struct error *e)
{
    (void)e;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Writing a course");
    view_crumb(view, "Authoring", "/authoring");
    view_text(view, "guide_html", guide_html(rq->arena));
    return response_page(rq, "guide", view);
}

/* What an author can change is said beside the field; anything else is an error page. */
static int show_again(struct request *rq, struct error *e)
{
    return form_take_error(rq, e) ? show_list(rq, 422, e) : -1;
}

/* ---- beginning ---- */

static int create(struct request *rq, const struct course_file *files, int count, const char *note,
                  struct error *e)
{
    char uuid[37];
    request_reader_release(rq);
    if (draft_create(rq->learning, request_person_id(rq), files, count, note, rq->now, uuid, e))
        return show_again(rq, e);
    return response_redirect(rq, arena_printf(rq->arena, "/authoring/%s", uuid));
}

static int upload_post(struct request *rq, struct error *e)
{
    size_t n;
    const char *filename = "";
    struct bundle bundle;
    const void *zip = request_file(rq, "file", &n, &filename);
    if (request_has_errors(rq))
        return show_list(rq, 422, e);
    if (bundle_read(zip, n, rq->arena, &bundle, e))
        return show_again(rq, e);
    return create(rq, bundle.files, bundle.count, upload_note(rq->arena, filename, &bundle), e);
}

static int copy_post(struct request *rq, struct error *e)
{
    struct course_file *files;
    int count;
    if (request_has_errors(rq))
        return show_list(rq, 422, e);
    const struct publication *p =
        shelf_current(rq->learning->shelf, request_field_or(rq, "course", ""), e);
    if (!p || shelf_files(rq->learning->shelf, p->id, rq->arena, &files, &count, e))
        return -1;
    return create(
        rq, files, count,
        arena_printf(rq->arena, "Copied “%s”, version %s, as published", p->title, p->version), e);
}

/* A new course under a published one's short name would replace all of it when it is published. */
static int must_be_free(struct request *rq, const char *id, struct error *e)
{
    struct error none = {0};
    return shelf_current(rq->learning->shelf, id, &none)
               ? error_field(e, "id",
                             "There is a course with this short name. Copy it below, or choose "
                             "another short name.")
               : 0;
}

static int new_post(struct request *rq, struct error *e)
{
    struct course_file *files;
    int count;
    if (request_has_errors(rq))
        return show_list(rq, 422, e);
    const struct person *me = request_person(rq);
    const char *id = request_field_or(rq, "id", "");
    if (must_be_free(rq, id, e) ||
        skeleton_make(id, request_field_or(rq, "title", ""), me ? me->name : "", rq->now, rq->arena,
                      &files, &count, e))
        return show_again(rq, e);
    return create(rq, files, count, "Started as a new course", e);
}

/* ---- routes ---- */

static const struct field page_fields[] = {
    {.name = "deleted", .type = FIELD_CHECKBOX, .summary = "Say that a draft was deleted"},
};
static const struct field upload_fields[] = {
    {.name = "file", .type = FIELD_FILE, .max = BUNDLE_MAX, .required = true, .summary = "Zip"},
};
static const struct field copy_fields[] = {
    {.name = "course", .type = FIELD_ID, .required = true, .summary = "Course"},
};
static const struct field new_fields[] = {
    {.name = "title", .type = FIELD_LINE, .max = 120, .required = true, .summary = "Title"},
    {.name = "id", .type = FIELD_LINE, .max = 40, .required = true, .summary = "Short name"},
};

const struct route authoring_routes[] = {
    {METHOD_GET, "/authoring", authoring_page, .who = ACCESS_AUTHOR, .nav = "authoring",
     .fields = page_fields, .field_count = 1, .summary = "Drafts of courses, and how to begin one"},
    {METHOD_GET, "/authoring/guide", guide_page, .who = ACCESS_AUTHOR, .nav = "authoring",
     .summary = "How a course is written"},
    {METHOD_POST, "/authoring/upload", upload_post, .who = ACCESS_AUTHOR, .nav = "authoring",
     .body_max = BUNDLE_MAX + 4096, .flags = ROUTE_UPLOAD | ROUTE_TAKES_ERRORS,
     .fields = upload_fields, .field_count = 1, .summary = "A new draft from a zip of a course"},
    {METHOD_POST, "/authoring/copy", copy_post, .who = ACCESS_AUTHOR, .nav = "authoring",
     .flags = ROUTE_TAKES_ERRORS, .fields = copy_fields, .field_count = 1,
     .summary = "A new draft from a published course"},
    {METHOD_POST, "/authoring/new", new_post, .who = ACCESS_AUTHOR, .nav = "authoring",
     .flags = ROUTE_TAKES_ERRORS, .fields = new_fields, .field_count = 2,
     .summary = "A new draft: a small complete course to write over"},
    {0},
};
