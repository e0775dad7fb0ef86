/*
 * GET  /authoring/{draft}                    what the check says, the files, what can be done
 * GET  /authoring/{draft}/download           the files as a zip
 * GET  /authoring/{draft}/media/{name}       an image of the draft as it stands
 * POST /authoring/{draft}/upload             all files anew, from a zip
 * GET  /authoring/{draft}/history            its versions
 * POST /authoring/{draft}/restore            an earlier version's files again, as a new version
 * POST /authoring/{draft}/ready              sent to the administrator, or taken back
 * GET  /authoring/{draft}/delete, POST       for good
 */
#include "base/text.h"
#include "course/bundle.h"
#include "http/response.h"
#include "pages/draft_view.h"
#include "pages/form.h"
#include "pages/review_author.h"
#include <string.h>

/* ---- the page ---- */

static const char *check_words(struct arena *a, const struct course_source *c, const char *path)
{
    const struct diagnostic *list;
    int n = course_diagnostics(c, &list), count[3] = {0};
    for (int i = 0; i < n; i++)
        count[list[i].severity] += strcmp(list[i].file, path) == 0;
    if (count[SEVERITY_ERROR] + count[SEVERITY_WARNING] == 0)
        return "in order";
    return count[SEVERITY_ERROR] == 0
               ? words_count(a, count[SEVERITY_WARNING], "warning")
               : words_problems(a, count[SEVERITY_ERROR], count[SEVERITY_WARNING]);
}

static void put_files(cJSON *view, struct request *rq, const struct draft *d,
                      const struct course_source *c)
{
    const struct course_file *files;
    int count = course_files(c, &files);
    cJSON *list = view_list(view, "files");
    for (int i = 0; i < count; i++) {
        cJSON *file = view_item(list);
        const char *path = arena_strdup(rq->arena, files[i].path);
        view_text(file, "path", path);
        view_text(file, "href", draft_edit_href(rq->arena, d, path, 0));
        view_text(file, "size_words", words_size(rq->arena, files[i].size));
        view_text(file, "problem_words", check_words(rq->arena, c, files[i].path));
    }
}

static int show_draft(struct request *rq, int status, struct error *e)
{
    struct draft d;
    struct course_source *c = draft_open(rq, &d, e) ? NULL : draft_read(rq, &d, e);
    if (!c)
        return -1;
    draft_check_again(&d, c);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", draft_title(&d));
    view_draft_state(view, rq, &d);
    view_problems(view, rq, &d, c, NULL);
    put_files(view, rq, &d, c);
    view_int(view, "zip_mb", (int64_t)(BUNDLE_MAX >> 20));
    view_int(view, "image_mb", (int64_t)(MEDIA_FILE_MAX >> 20));
    form_put_errors(rq, view);
    bool whole = view_draft_published(view, rq, &d, e) == 0 &&
                 view_draft_review(view, rq, &d, course_as_read(c)->pilot, e) == 0;
    course_free(c);
    if (!whole) {
        cJSON_Delete(view);
        return -1;
    }
    return response_page_status(rq, status, "draft", view);
}

static int draft_page(struct request *rq, struct error *e)
{
    return show_draft(rq, 200, e);
}

int draft_show_again(struct request *rq, struct error *e)
{
    if (e->kind == ERROR_NONE)
        return show_draft(rq, 422, e);
    int status = e->kind == ERROR_CONFLICT ? 409 : 422;
    if (e->kind != ERROR_INVALID && e->kind != ERROR_CONFLICT)
        return -1;
    request_add_error(rq, e);
    *e = (struct error){0};
    return show_draft(rq, status, e);
}

static int back_to_draft(struct request *rq, const char *rest)
{
    return response_redirect(
        rq, arena_printf(rq->arena, "/authoring/%s%s", request_param(rq, "draft"), rest));
}

/* ---- files in and out ---- */

static int download(struct request *rq, struct error *e)
{
    struct draft d;
    struct course_file *files;
    struct buf zip;
    int count;
    struct conn *c = draft_open(rq, &d, e) ? NULL : request_reader(rq, e);
    if (!c || draft_files(c, d.id, d.head, rq->arena, &files, &count, e))
        return -1;
    buf_init(&zip, BUNDLE_MAX);
    int result = bundle_write(files, count, &zip, e);
    if (result == 0)
        result = response_bytes(rq, "application/zip", zip.data, zip.length,
                                arena_printf(rq->arena, "%s.zip", *d.course ? d.course : "course"));
    buf_free(&zip);
    return result;
}

static int media_file(struct request *rq, struct error *e)
{
    struct draft d;
    struct course_source *c = draft_open(rq, &d, e) ? NULL : draft_read(rq, &d, e);
    if (!c)
        return -1;
    const struct media *m = publication_media(course_as_read(c), request_param(rq, "name"));
    int result = m ? response_bytes(rq, m->type, m->bytes, m->size, NULL)
                   : error_set(e, ERROR_NOT_FOUND, "There is no such image in this draft.");
    course_free(c);
    return result;
}

static int upload_post(struct request *rq, struct error *e)
{
    size_t n;
    const char *filename = "";
    struct bundle bundle;
    struct draft_saved saved;
    const void *zip = request_file(rq, "file", &n, &filename);
    if (request_has_errors(rq))
        return show_draft(rq, 422, e);
    if (bundle_read(zip, n, rq->arena, &bundle, e))
        return draft_show_again(rq, e);
    struct draft_edit edit = {.op = DRAFT_REPLACE,
                              .files = bundle.files,
                              .count = bundle.count,
                              .from = (int)request_integer_or(rq, "version", 0),
                              .note = upload_note(rq->arena, filename, &bundle)};
    request_reader_release(rq);
    if (draft_change(rq->learning, request_param(rq, "draft"), request_person_id(rq), &edit,
                     rq->now, &saved, e))
        return draft_show_again(rq, e);
    return back_to_draft(rq, "");
}

/* ---- versions ---- */

static void put_version(cJSON *list, struct request *rq, const struct draft *d,
                        const struct draft_version *v)
{
    cJSON *row = view_item(list);
    view_int(row, "number", v->number);
    view_text(row, "note", v->note);
    view_text(row, "saved_words", words_when(rq, v->saved_at));
    view_text(row, "saved_by", v->saved_by);
    view_text(row, "problem_words", words_problems(rq->arena, v->errors, v->warnings));
    view_bool(row, "is_present", v->number == d->head);
}

/* A page about all of a draft's versions, begun: its view, and *n of them. NULL with e. */
static cJSON *begin_versions(struct request *rq, const char *title, struct draft *d,
                             struct draft_version **versions, int *n, struct error *e)
{
    struct conn *c = draft_open(rq, d, e) ? NULL : request_reader(rq, e);
    *n = c ? draft_versions(c, d->id, rq->arena, versions, e) : -1;
    if (*n < 0)
        return NULL;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", title);
    view_draft(view, rq, d);
    view_draft_crumbs(view, rq, d);
    return view;
}

static int history_page(struct request *rq, struct error *e)
{
    struct draft d;
    struct draft_version *versions;
    int n;
    cJSON *view = begin_versions(rq, "Versions", &d, &versions, &n, e);
    cJSON *list = view ? view_list(view, "versions") : NULL;
    for (int i = 0; i < n; i++)
        put_version(list, rq, &d, &versions[i]);
    return view ? response_page(rq, "draft-history", view) : -1;
}

static int restore_post(struct request *rq, struct error *e)
{
    struct draft d;
    struct draft_version v;
    struct draft_saved saved;
    struct draft_edit edit = {.op = DRAFT_REPLACE};
    struct course_file *files;
    int number = (int)request_integer_or(rq, "version", 0);
    struct conn *c = draft_open(rq, &d, e) ? NULL : request_reader(rq, e);
    if (!c || draft_version_get(c, d.id, number, rq->arena, &v, e) ||
        draft_files(c, d.id, number, rq->arena, &files, &edit.count, e))
        return -1;
    edit.files = files;
    edit.note = arena_printf(rq->arena, "Restored version %d", number);
    request_reader_release(rq);
    if (draft_change(rq->learning, d.uuid, request_person_id(rq), &edit, rq->now, &saved, e))
        return -1;
    return back_to_draft(rq, "");
}

/* ---- ready, gone ---- */

static int ready_post(struct request *rq, struct error *e)
{
    bool on = strcmp(request_field_or(rq, "ready", ""), "yes") == 0;
    request_reader_release(rq);
    if (draft_mark_ready(rq->learning, request_param(rq, "draft"), request_person_id(rq), on,
                         rq->now, e))
        return draft_show_again(rq, e);
    return back_to_draft(rq, "#ready");
}

static int delete_page(struct request *rq, struct error *e)
{
    struct draft d;
    struct draft_version *versions;
    int n;
    cJSON *view = begin_versions(rq, "Delete this draft?", &d, &versions, &n, e);
    if (!view)
        return -1;
    view_text(view, "version_words", words_count(rq->arena, n, "version"));
    view_bool(view, "may",
              d.owner == request_person_id(rq) || request_may(rq, ACCESS_ADMINISTRATOR, NULL));
    return response_page(rq, "draft-delete", view);
}

static int delete_post(struct request *rq, struct error *e)
{
    bool administrator = request_may(rq, ACCESS_ADMINISTRATOR, NULL);
    request_reader_release(rq);
    if (draft_delete(rq->learning, request_param(rq, "draft"), request_person_id(rq), administrator,
                     rq->now, e))
        return -1;
    return response_redirect(rq, "/authoring?deleted=1");
}

/* ---- routes ---- */

#define VERSIONS_HIGH 1000000
static const struct field upload_fields[] = {
    {.name = "file", .type = FIELD_FILE, .max = BUNDLE_MAX, .required = true, .summary = "Zip"},
    {.name = "version",
     .type = FIELD_INTEGER,
     .low = 1,
     .high = VERSIONS_HIGH,
     .summary = "Version of the draft that the zip was made from"},
};
static const struct field restore_fields[] = {
    {.name = "version",
     .type = FIELD_INTEGER,
     .required = true,
     .low = 1,
     .high = VERSIONS_HIGH,
     .summary = "Version"},
};
static const struct field ready_fields[] = {
    {.name = "ready",
     .type = FIELD_ENUM,
     .required = true,
     .choices = "yes|no",
     .summary = "Ready to publish"},
};

const struct route draft_routes[] = {
    {METHOD_GET, "/authoring/{draft}", draft_page, .who = ACCESS_AUTHOR, .nav = "authoring",
     .summary = "A draft: what the check says, its files"},
    {METHOD_GET, "/authoring/{draft}/download", download, .who = ACCESS_AUTHOR, .nav = "authoring",
     .summary = "A draft's files as a zip"},
    {METHOD_GET, "/authoring/{draft}/media/{name}", media_file, .who = ACCESS_AUTHOR,
     .nav = "authoring", .summary = "An image of a draft"},
    {METHOD_POST, "/authoring/{draft}/upload", upload_post, .who = ACCESS_AUTHOR,
     .nav = "authoring", .body_max = BUNDLE_MAX + 4096, .flags = ROUTE_UPLOAD | ROUTE_TAKES_ERRORS,
     .fields = upload_fields, .field_count = 2, .summary = "All files of a draft anew, from a zip"},
    {METHOD_GET, "/authoring/{draft}/history", history_page, .who = ACCESS_AUTHOR,
     .nav = "authoring", .summary = "A draft's versions"},
    {METHOD_POST, "/authoring/{draft}/restore", restore_post, .who = ACCESS_AUTHOR,
     .nav = "authoring", .body_max = 1024, .fields = restore_fields, .field_count = 1,
     .summary = "An earlier version's files again, as a new version"},
    {METHOD_POST, "/authoring/{draft}/ready", ready_post, .who = ACCESS_AUTHOR, .nav = "authoring",
     .body_max = 1024, .fields = ready_fields, .field_count = 1,
     .summary = "Send a draft to the administrator, or take it back"},
    {METHOD_GET, "/authoring/{draft}/delete", delete_page, .who = ACCESS_AUTHOR, .nav = "authoring",
     .summary = "What deleting a draft does"},
    {METHOD_POST, "/authoring/{draft}/delete", delete_post, .who = ACCESS_AUTHOR,
     .nav = "authoring", .body_max = 1024, .summary = "Delete a draft for good"},
    {0},
};
