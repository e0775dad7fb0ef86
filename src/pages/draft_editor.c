/*
 * GET  /authoring/{draft}/edit?path=   a file: its text, or its image, and what the check says of
 * it POST /authoring/{draft}/edit         its text as it is now; says which text it was made from
 * POST /authoring/{draft}/add          a new text file
 * POST /authoring/{draft}/image        a new image, or another in its place
 * POST /authoring/{draft}/rename, /remove
 *
 * When somebody else has saved the same file in between, both texts are shown and nothing is lost.
 */
#include "base/text.h"
#include "course/skeleton.h"
#include "http/response.h"
#include "pages/draft_view.h"
#include "pages/form.h"
#include <string.h>

/* ---- text on its way to the page and back ---- */

/* What is no UTF-8 cannot stand on a page: each such byte becomes U+FFFD, and they are counted. */
static const char *showable(struct arena *a, const char *bytes, size_t n, int *replaced)
{
    struct buf out;
    buf_init(&out, TEXT_FILE_MAX * 3 + 1);
    *replaced = 0;
    for (size_t at = 0; at < n;) {
        size_t good = text_utf8_prefix(bytes + at, n - at), nul = strnlen(bytes + at, good);
        buf_append(&out, bytes + at, nul < good ? nul : good);
        at += nul < good ? nul : good;
        if (at < n) {
            buf_puts(&out, "\uFFFD");
            (*replaced)++;
            at++;
        }
    }
    const char *text = arena_strndup(a, out.data ? out.data : "", out.length);
    buf_free(&out);
    return text;
}

/* A text file ends with a line end. */
static const char *ended(struct arena *a, const char *text)
{
    size_t n = strlen(text);
    return n > 0 && text[n - 1] != '\n' ? arena_printf(a, "%s\n", text) : text;
}

static bool is_image(const char *path)
{
    return text_starts(path, "media/");
}

static const char *path_of(const struct request *rq)
{
    return request_field_or(rq, "path", "");
}

/* ---- the page ---- */

static void put_text(cJSON *view, struct request *rq, const char *bytes, size_t n)
{
    int replaced;
    const char *text = showable(rq->arena, bytes ? bytes : "", n, &replaced);
    view_text(view, "text", text);
    view_text(view, "base", bytes ? draft_file_hash(rq->arena, bytes, n) : "");
    view_text(view, "replaced_words", replaced ? words_count(rq->arena, replaced, "byte") : "");
}

/* The other files with errors, so that one can go on from here. */
static void put_next(cJSON *view, struct request *rq, const struct draft *d,
                     const struct course_source *c, const char *path)
{
    const struct diagnostic *list;
    int n = course_diagnostics(c, &list);
    const char *next = "";
    for (int i = 0; i < n && !*next; i++)
        if (list[i].severity == SEVERITY_ERROR && strcmp(list[i].file, path) != 0 &&
            course_path(list[i].file) == PATH_OURS)
            next = arena_strdup(rq->arena, list[i].file);
    view_text(view, "next_file", next);
    view_text(view, "next_href", *next ? draft_edit_href(rq->arena, d, next, 0) : "");
}

static void put_file(cJSON *view, struct request *rq, const struct draft *d,
                     const struct course_source *c, const char *path)
{
    size_t n;
    const char *bytes = course_bytes(c, path, &n);
    const char *name = strchr(path, '/');
    view_text(view, "title", path);
    view_text(view, "path", path);
    view_bool(view, "is_there", bytes != NULL);
    view_bool(view, "is_image", is_image(path));
    view_text(view, "size_words", bytes ? words_size(rq->arena, n) : "");
    view_int(view, "image_mb", (int64_t)(MEDIA_FILE_MAX >> 20));
    view_text(view, "image_href",
              is_image(path) && bytes
                  ? arena_printf(rq->arena, "%s%s", draft_href(rq->arena, d, "/media"), name)
                  : "");
    view_int(view, "line", request_integer_or(rq, "line", 0));
    put_text(view, rq, is_image(path) ? "" : bytes, is_image(path) ? 0 : n);
    view_problems(view, rq, d, c, path);
    put_next(view, rq, d, c, path);
    view_text(view, "saved_words",
              request_checked(rq, "saved") ? words_saved(rq, d->changed_at) : "");
    cJSON *to = view_object(view, "to"); /* where its forms go */
    view_text(to, "edit", draft_href(rq->arena, d, "/edit"));
    view_text(to, "rename", draft_href(rq->arena, d, "/rename"));
    view_text(to, "remove", draft_href(rq->arena, d, "/remove"));
    view_text(to, "image", draft_href(rq->arena, d, "/image"));
}

static int show_file(struct request *rq, const char *path, int status, struct error *e)
{
    struct draft d;
    struct course_source *c = draft_open(rq, &d, e) ? NULL : draft_read(rq, &d, e);
    if (!c)
        return -1;
    if (course_path(path) != PATH_OURS) {
        course_free(c);
        return error_set(e, ERROR_NOT_FOUND, "A course has no file of this name.");
    }
    draft_check_again(&d, c);
    cJSON *view = cJSON_CreateObject();
    view_draft_state(view, rq, &d);
    view_draft_crumbs(view, rq, &d);
    put_file(view, rq, &d, c, path);
    form_put_errors(rq, view);
    course_free(c);
    return response_page_status(rq, status, "draft-edit", view);
}

static int edit_page(struct request *rq, struct error *e)
{
    return show_file(rq, path_of(rq), 200, e);
}

static int show_file_again(struct request *rq, struct error *e)
{
    return form_take_error(rq, e) ? show_file(rq, path_of(rq), 422, e) : -1;
}

/* ---- saving ---- */

static int change(struct request *rq, const struct draft_edit *edit, struct draft_saved *saved,
                  struct error *e)
{
    request_reader_release(rq);
    return draft_change(rq->learning, request_param(rq, "draft"), request_person_id(rq), edit,
                        rq->now, saved, e);
}

static int go_to_file(struct request *rq, const char *path, const char *rest)
{
    return response_redirect(rq, arena_printf(rq->arena, "/authoring/%s/edit?path=%s%s",
                                              request_param(rq, "draft"),
                                              text_percent_encode(rq->arena, path, true), rest));
}

/* Two people saved one file: both texts, and the choice. */
static int show_both(struct request *rq, const char *mine, struct error *e)
{
    struct draft d;
    const char *path = path_of(rq);
    *e = (struct error){0};
    struct course_source *c = draft_open(rq, &d, e) ? NULL : draft_read(rq, &d, e);
    if (!c)
        return -1;
    size_t n;
    const char *theirs = course_bytes(c, path, &n);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Saved by two people");
    view_draft_state(view, rq, &d);
    view_draft_crumbs(view, rq, &d);
    view_text(view, "path", path);
    view_text(view, "mine", mine);
    view_bool(view, "is_there", theirs != NULL);
    put_text(view, rq, theirs, n);
    view_text(view, "edit_href", draft_href(rq->arena, &d, "/edit"));
    view_text(view, "file_href", draft_edit_href(rq->arena, &d, path, 0));
    course_free(c);
    return response_page_status(rq, 409, "draft-conflict", view);
}

static int edit_post(struct request *rq, struct error *e)
{
    struct draft_saved saved;
    if (request_has_errors(rq))
        return show_file(rq, path_of(rq), 422, e);
    const char *text = ended(rq->arena, request_field_or(rq, "text", ""));
    struct draft_edit edit = {.op = DRAFT_PUT,
                              .path = path_of(rq),
                              .bytes = text,
                              .size = strlen(text),
                              .base = request_field_or(rq, "base", "")};
    if (is_image(edit.path))
        return error_set(e, ERROR_INVALID, "An image is sent as a file, not as text.");
    if (change(rq, &edit, &saved, e) == 0)
        return go_to_file(rq, edit.path, "&saved=1");
    return saved.conflict ? show_both(rq, text, e) : show_file_again(rq, e);
}

/* ---- files come, move and go ---- */

static int add_post(struct request *rq, struct error *e)
{
    const char *path = text_trim(rq->arena, path_of(rq));
    if (request_has_errors(rq))
        return draft_show_again(rq, e);
    const char *text = skeleton_begin(path, rq->arena);
    struct draft_saved saved;
    struct draft_edit edit = {
        .op = DRAFT_PUT, .path = path, .bytes = text, .size = strlen(text), .base = ""};
    if (is_image(path))
        error_field(e, "path", "An image is added below, as a file.");
    else if (change(rq, &edit, &saved, e) == 0)
        return go_to_file(rq, path, "");
    else if (saved.conflict)
        error_field(e, "path", "There is a file “%.120s” already.", path);
    return draft_show_again(rq, e);
}

/* "Line chart (2).PNG" becomes "line-chart-2.png". */
static const char *image_name(struct arena *a, const char *name)
{
    char *out = text_lower_ascii(a, name), *w = out;
    for (const char *s = out; *s; s++) {
        bool good = (*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || *s == '.';
        if (good && !(*s == '.' && w > out && w[-1] == '-'))
            *w++ = *s;
        else if (good)
            w[-1] = '.';
        else if (w > out && w[-1] != '-' && w[-1] != '.')
            *w++ = '-';
    }
    *w = 0;
    return arena_printf(a, "media/%s", out);
}

static int image_post(struct request *rq, struct error *e)
{
    size_t n;
    const char *filename = "", *path = path_of(rq);
    const void *bytes = request_file(rq, "file", &n, &filename);
    if (request_has_errors(rq))
        return draft_show_again(rq, e);
    if (!*path)
        path = image_name(rq->arena, filename);
    struct draft_saved saved;
    struct draft_edit edit = {.op = DRAFT_PUT, .path = path, .bytes = bytes, .size = n};
    if (!is_image(path) || course_path(path) != PATH_OURS)
        error_field(e, "file", "An image is a png, jpg, webp, gif or svg file; “%.80s” is not.",
                    filename);
    else if (change(rq, &edit, &saved, e) == 0)
        return go_to_file(rq, path, "&saved=1");
    return draft_show_again(rq, e);
}

static int rename_post(struct request *rq, struct error *e)
{
    if (request_has_errors(rq))
        return show_file(rq, path_of(rq), 422, e);
    struct draft_saved saved;
    struct draft_edit edit = {
        .op = DRAFT_RENAME, .path = path_of(rq), .to = request_field_or(rq, "to", "")};
    if (change(rq, &edit, &saved, e))
        return show_file_again(rq, e);
    return go_to_file(rq, edit.to, "&saved=1");
}

static int remove_post(struct request *rq, struct error *e)
{
    struct draft_saved saved;
    struct draft_edit edit = {.op = DRAFT_REMOVE, .path = path_of(rq)};
    if (change(rq, &edit, &saved, e))
        return show_file_again(rq, e);
    return response_redirect(rq,
                             arena_printf(rq->arena, "/authoring/%s", request_param(rq, "draft")));
}

/* ---- routes ---- */

#define PATH_FIELD                                                                                 \
    {                                                                                              \
        .name = "path", .type = FIELD_LINE, .max = 200, .required = true,                          \
        .summary = "Name of the file"                                                              \
    }
static const struct field page_fields[] = {
    {.name = "path", .type = FIELD_LINE, .max = 200, .summary = "Name of the file"},
    {.name = "line", .type = FIELD_INTEGER, .low = 1, .high = 1000000, .summary = "Line to go to"},
    {.name = "saved", .type = FIELD_CHECKBOX, .summary = "Say when it was saved"},
};
static const struct field edit_fields[] = {
    PATH_FIELD,
    {.name = "text", .type = FIELD_BLOCK, .max_bytes = TEXT_FILE_MAX, .summary = "Text"},
    {.name = "base",
     .type = FIELD_ID,
     .summary = "Hash of the text it was made from; empty for a new file"},
};
static const struct field path_fields[] = {PATH_FIELD};
static const struct field rename_fields[] = {
    PATH_FIELD,
    {.name = "to", .type = FIELD_LINE, .max = 200, .required = true, .summary = "New name"},
};
static const struct field image_fields[] = {
    {.name = "file",
     .type = FIELD_FILE,
     .max = MEDIA_FILE_MAX,
     .required = true,
     .summary = "Image"},
    {.name = "path", .type = FIELD_LINE, .max = 200, .summary = "Image to put it in the place of"},
};

const struct route draft_editor_routes[] = {
    {METHOD_GET, "/authoring/{draft}/edit", edit_page, .who = ACCESS_AUTHOR, .nav = "authoring",
     .fields = page_fields, .field_count = 3, .summary = "A file of a draft"},
    {METHOD_POST, "/authoring/{draft}/edit", edit_post, .who = ACCESS_AUTHOR, .nav = "authoring",
     .body_max = (size_t)1 << 20, .flags = ROUTE_UPLOAD | ROUTE_TAKES_ERRORS, .fields = edit_fields,
     .field_count = 3, .summary = "Save a file of a draft"},
    {METHOD_POST, "/authoring/{draft}/add", add_post, .who = ACCESS_AUTHOR, .nav = "authoring",
     .body_max = 4096, .flags = ROUTE_TAKES_ERRORS, .fields = path_fields, .field_count = 1,
     .summary = "Add a text file to a draft"},
    {METHOD_POST, "/authoring/{draft}/image", image_post, .who = ACCESS_AUTHOR, .nav = "authoring",
     .body_max = MEDIA_FILE_MAX + 4096, .flags = ROUTE_UPLOAD | ROUTE_TAKES_ERRORS,
     .fields = image_fields, .field_count = 2, .summary = "Add or replace an image of a draft"},
    {METHOD_POST, "/authoring/{draft}/rename", rename_post, .who = ACCESS_AUTHOR,
     .nav = "authoring", .body_max = 4096, .flags = ROUTE_TAKES_ERRORS, .fields = rename_fields,
     .field_count = 2, .summary = "Give a file of a draft another name"},
    {METHOD_POST, "/authoring/{draft}/remove", remove_post, .who = ACCESS_AUTHOR,
     .nav = "authoring", .body_max = 4096, .fields = path_fields, .field_count = 1,
     .summary = "Remove a file from a draft"},
    {0},
};
