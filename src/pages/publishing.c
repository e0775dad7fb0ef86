/*
 * Publishing, for administrators: of a course's folder, and of a draft that an author sent.
 *
 *   GET  /administration/courses                    what is published, whose folder differs, and
 *                                                   which drafts wait
 *   GET  /administration/courses/{course}           history, what the folder would change, whom
 *                                                   each kind of change touches, the form
 *   GET  /administration/courses/{course}/publish   what publishing would do, before it does it
 *   POST /administration/courses/{course}/publish   publishes exactly what was shown
 *   GET  /administration/drafts/{draft}             the same three for a draft
 *   GET  /administration/drafts/{draft}/publish
 *   POST /administration/drafts/{draft}/publish
 *
 * The confirmation carries the hashes of the publication and of the folder (or draft) that it
 * showed; when one of them is another by now, nothing is published and the page shows the present
 * state.
 */
#include "learning/publishing.h"
#include "base/text.h"
#include "http/response.h"
#include "pages/form.h"
#include "pages/publishing_view.h"
#include <string.h>

/* `below`: the page is one below Courses; `href`, `title`: and one below that. */
static void put_crumbs(cJSON *view, bool below, const char *href, const char *title)
{
    view_crumb(view, "Administration", "/administration");
    if (below)
        view_crumb(view, "Courses", "/administration/courses");
    if (below && title)
        view_crumb(view, title, href);
}

/* ---- the list ---- */

/* How a folder stands to the course's publications, the newest first. */
static const char *folder_words(const char *hash, const struct publication_record *all, int n)
{
    if (!*hash)
        return "No folder";
    for (int i = 0; i < n; i++)
        if (strcmp(hash, all[i].hash) == 0)
            return i == 0 ? "Same as published" : "An earlier version";
    return "The folder differs";
}

static int put_course(cJSON *list, struct request *rq, struct conn *c, const struct publication *p,
                      struct error *e)
{
    struct arena *a = rq->arena;
    struct publication_record *all = NULL;
    int64_t unfinished = 0, finished = 0;
    const char *id = p->course;
    int n = publication_history(c, id, a, &all, e);
    if (n < 0 || publish_learners(c, id, &unfinished, &finished, e))
        return -1;
    char hash[65] = "";
    struct error none = {0};
    const char *folder = publish_folder(rq->learning, id, a);
    if (!folder || course_folder_hash(folder, hash, &none))
        *hash = '\0';
    cJSON *course = view_item(list);
    view_text(course, "id", id);
    view_text(course, "name", p->title);
    view_text(course, "href", publishing_href(a, id));
    view_text(course, "version", p->version);
    view_text(course, "hash", p->hash);
    view_text(course, "published_words", n > 0 ? words_date(rq, all[0].at) : "");
    view_int(course, "unfinished", unfinished);
    view_int(course, "finished", finished);
    view_text(course, "folder_words", folder_words(hash, all, n));
    view_bool(course, "differs", *hash && strcmp(hash, p->hash) != 0);
    view_text(course, "review_words", words_review(rq, p));
    return 0;
}

/* A folder whose course was never published: the same row. */
static void put_folder(cJSON *list, struct request *rq, const struct course_folder *folder)
{
    const char *waits = words_blank(rq->arena, folder);
    cJSON *course = view_item(list);
    view_text(course, "id", folder->course);
    view_text(course, "name", folder->title);
    view_text(course, "href", publishing_href(rq->arena, folder->course));
    view_text(course, "version", "");
    view_text(course, "hash", "");
    view_text(course, "published_words", "");
    view_int(course, "unfinished", 0);
    view_int(course, "finished", 0);
    view_text(course, "folder_words", *waits ? waits : "Not published yet");
    view_bool(course, "differs", true);
    view_text(course, "review_words", "");
}

static int put_drafts(cJSON *view, struct request *rq, struct conn *c, struct error *e)
{
    struct draft_ready *drafts;
    int n = draft_ready_list(c, rq->arena, &drafts, e);
    cJSON *list = view_list(view, "drafts");
    for (int i = 0; i < n; i++)
        view_draft_ready(view_item(list), rq, &drafts[i]);
    view_bool(view, "has_drafts", n > 0);
    return n < 0 ? -1 : 0;
}

static int courses_page(struct request *rq, struct error *e)
{
    const struct publication *const *shelf;
    struct course_folder *folders;
    int count = shelf_list(rq->learning->shelf, &shelf);
    int found = publish_folders_new(rq->learning, rq->now, rq->arena, &folders);
    struct conn *c = request_reader(rq, e);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Courses and their versions");
    put_crumbs(view, false, NULL, NULL);
    int result = c ? put_drafts(view, rq, c, e) : -1;
    cJSON *list = view_list(view, "courses");
    for (int i = 0; i < count && result == 0; i++)
        result = put_course(list, rq, c, shelf[i], e);
    for (int i = 0; i < found && result == 0; i++)
        put_folder(list, rq, &folders[i]);
    view_bool(view, "has_courses", cJSON_GetArraySize(list) > 0);
    view_text(view, "folder", rq->settings->courses);
    if (result) {
        cJSON_Delete(view);
        return -1;
    }
    return response_page(rq, "publishing", view);
}

/* ---- one course, or one draft ---- */

static int plan_of_draft(struct request *rq, struct conn *c, struct publish_plan *plan,
                         struct error *e)
{
    struct draft_ready *d = arena_alloc(rq->arena, sizeof *d);
    return draft_ready_find(c, request_param(rq, "draft"), rq->arena, d, e)
               ? -1
               : publish_plan_draft(rq->learning, c, d, rq->now, rq->arena, plan, e);
}

/* The plan of the path's draft or course. ERROR_NOT_FOUND when there is no such draft that waits,
 * or neither folder nor publication. */
static int make_plan(struct request *rq, struct publish_plan *plan, struct error *e)
{
    const char *course = request_param(rq, "course");
    struct learning *l = rq->learning;
    struct error why = {0};
    *plan = (struct publish_plan){0};
    struct conn *c = request_reader(rq, e);
    if (!c)
        return -1;
    if (!*course)
        return plan_of_draft(rq, c, plan, e);
    const char *folder = publish_folder(l, course, rq->arena);
    if (!folder)
        return error_set(e, ERROR_NOT_FOUND, "There is no such course.");
    if (publish_plan_make(l, c, folder, rq->now, rq->arena, plan, &why) == 0)
        return 0;
    if (why.kind == ERROR_NOT_FOUND && !plan->source)
        return publish_plan_none(l, c, course, rq->arena, plan, e);
    *e = why;
    return -1;
}

static const char *title_of(const struct publish_plan *plan)
{
    return plan->current ? plan->current->title : plan->next ? plan->next->title : plan->course;
}

static int show_course(struct request *rq, const struct publish_plan *plan, int status,
                       struct error *e)
{
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", title_of(plan));
    put_crumbs(view, true, NULL, NULL);
    view_plan(view, rq, plan);
    view_plan_problems(view, rq, plan);
    view_plan_differences(view, rq, plan->diff, true);
    view_plan_choices(view, rq, plan);
    view_text(view, "note", request_field_or(rq, "note", ""));
    view_bool(view, "is_published",
              status == 200 && plan->current && request_checked(rq, "published"));
    form_put_errors(rq, view);
    if (view_plan_history(view, rq, plan->course, e)) {
        cJSON_Delete(view);
        return -1;
    }
    return response_page_status(rq, status, "publishing-course", view);
}

static int course_page(struct request *rq, struct error *e)
{
    struct publish_plan plan;
    int result = make_plan(rq, &plan, e) ? -1 : show_course(rq, &plan, 200, e);
    publish_plan_free(&plan);
    return result;
}

/* ---- before, and doing it ---- */

/* The kind and note that were asked for; what is wrong with them becomes the form's errors. */
static int asked_for(struct request *rq, const struct publish_plan *plan, enum change_kind *kind,
                     struct error *e)
{
    *kind = plan->first ? CHANGE_FIRST : CHANGE__COUNT;
    if (!plan->first)
        change_kind_read(request_field(rq, "kind"), kind);
    if (request_has_errors(rq))
        return -1;
    if (publish_check(plan, *kind, request_field(rq, "note"), e) == 0)
        return 0;
    request_add_error(rq, e);
    return -1;
}

static int confirm_page(struct request *rq, struct error *e)
{
    struct publish_plan plan;
    enum change_kind kind;
    struct error why = {0};
    int result = -1;
    if (make_plan(rq, &plan, e))
        goto out;
    if (!*rq->query) { /* not from the form */
        result = response_redirect(rq, plan_href(rq->arena, &plan));
        goto out;
    }
    if (asked_for(rq, &plan, &kind, &why)) {
        result = show_course(rq, &plan, 422, e);
        goto out;
    }
    cJSON *view = cJSON_CreateObject();
    put_crumbs(view, true, plan_href(rq->arena, &plan), title_of(&plan));
    view_plan(view, rq, &plan);
    view_plan_differences(view, rq, plan.diff, false);
    view_text(
        view, "title",
        arena_printf(rq->arena, "Publish “%s” as: %s", plan.next->title, change_kind_words(kind)));
    view_text(view, "kind", change_kind_name(kind));
    view_text(view, "kind_words", change_kind_words(kind));
    view_text(view, "reach_words", words_reach(rq->arena, publish_plan_choice(&plan, kind)));
    view_text(view, "note", request_field_or(rq, "note", ""));
    result = response_page(rq, "publishing-confirm", view);
out:
    publish_plan_free(&plan);
    return result;
}

/* Is this still what the confirmation showed? */
static bool as_shown(struct request *rq, const struct publish_plan *plan)
{
    const char *current = plan->current ? plan->current->hash : "";
    return plan->next && strcmp(request_field_or(rq, "after", ""), current) == 0 &&
           strcmp(request_field_or(rq, "hash", ""), plan->next->hash) == 0;
}

static int publish_post(struct request *rq, struct error *e)
{
    struct publish_plan plan;
    enum change_kind kind;
    struct error why = {0};
    int result = -1;
    if (make_plan(rq, &plan, e))
        goto out;
    if (!request_has_errors(rq) && !as_shown(rq, &plan)) {
        error_set(&why, ERROR_CONFLICT,
                  "%s has changed since this was shown. Nothing was published; this is how it "
                  "stands now.",
                  plan.draft ? "What was sent, or the course," : "The folder or the course");
        request_add_error(rq, &why);
        result = show_course(rq, &plan, 409, e);
        goto out;
    }
    if (asked_for(rq, &plan, &kind, &why)) {
        result = show_course(rq, &plan, 422, e);
        goto out;
    }
    request_reader_release(rq);
    if (publish_do(rq->learning, &plan, kind, request_field(rq, "note"), request_person_id(rq),
                   rq->now, e) == 0)
        result = response_redirect(
            rq, arena_printf(rq->arena, "%s?published=1", publishing_href(rq->arena, plan.course)));
out:
    publish_plan_free(&plan);
    return result;
}

static const struct field course_fields[] = {
    {.name = "published", .type = FIELD_CHECKBOX, .summary = "Say that it was published"},
};
static const struct field confirm_fields[] = {
    {.name = "kind",
     .type = FIELD_ENUM,
     .choices = "first|typo|correction|minor|material",
     .summary = "Kind of change"},
    {.name = "note", .type = FIELD_LINE, .max = NOTE_MAX, .summary = "What changed"},
};
static const struct field publish_fields[] = {
    {.name = "kind",
     .type = FIELD_ENUM,
     .choices = "first|typo|correction|minor|material",
     .summary = "Kind of change"},
    {.name = "note", .type = FIELD_LINE, .max = NOTE_MAX, .summary = "What changed"},
    {.name = "after", .type = FIELD_ID, .summary = "Hash of the publication it was compared with"},
    {.name = "hash", .type = FIELD_ID, .required = true, .summary = "Hash of the folder shown"},
};

const struct route publishing_routes[] = {
    {METHOD_GET, "/administration/courses", courses_page, .who = ACCESS_ADMINISTRATOR,
     .nav = "administration",
     .summary = "What is published, whose folder differs, which drafts wait"},
    {METHOD_GET, "/administration/courses/{course}", course_page, .who = ACCESS_ADMINISTRATOR,
     .nav = "administration", .fields = course_fields, .field_count = 1,
     .summary = "A course's publications, and what its folder would change for whom"},
    {METHOD_GET, "/administration/courses/{course}/publish", confirm_page,
     .who = ACCESS_ADMINISTRATOR, .nav = "administration", .flags = ROUTE_TAKES_ERRORS,
     .fields = confirm_fields, .field_count = 2,
     .summary = "What publishing would do, to how many, and how to undo it"},
    {METHOD_POST, "/administration/courses/{course}/publish", publish_post,
     .who = ACCESS_ADMINISTRATOR, .nav = "administration", .flags = ROUTE_TAKES_ERRORS,
     .body_max = 8192, .fields = publish_fields, .field_count = 4,
     .summary = "Publish what was shown"},
    {METHOD_GET, "/administration/drafts/{draft}", course_page, .who = ACCESS_ADMINISTRATOR,
     .nav = "administration", .summary = "What a draft that was sent would change, and for whom"},
    {METHOD_GET, "/administration/drafts/{draft}/publish", confirm_page,
     .who = ACCESS_ADMINISTRATOR, .nav = "administration", .flags = ROUTE_TAKES_ERRORS,
     .fields = confirm_fields, .field_count = 2,
     .summary = "What publishing the draft would do, to how many, and how to undo it"},
    {METHOD_POST, "/administration/drafts/{draft}/publish", publish_post,
     .who = ACCESS_ADMINISTRATOR, .nav = "administration", .flags = ROUTE_TAKES_ERRORS,
     .body_max = 8192, .fields = publish_fields, .field_count = 4,
     .summary = "Publish the draft as it was shown"},
    {0},
};
