/*
 * Publishing, for administrators.
 *
 *   GET  /administration/courses                    what is published, and whose folder differs
 *   GET  /administration/courses/{course}           history, what the folder would change, whom
 * each kind of change touches, the form GET  /administration/courses/{course}/publish   what
 * publishing would do, before it does it POST /administration/courses/{course}/publish   publishes
 * exactly what was shown
 *
 * The confirmation carries the hashes of the publication and of the folder that it showed; when one
 * of them is another by now, nothing is published and the page shows the present state.
 */
#include "learning/publishing.h"
#include "base/text.h"
#include "http/response.h"
#include "pages/form.h"
#include "pages/versions.h"
#include <string.h>

#define REVIEW_NOTICE_DAYS 30

static const char *admin_href(struct arena *a, const char *course)
{
    return arena_printf(a, "/administration/courses/%s", course);
}

static void put_crumbs(cJSON *view, struct request *rq, const char *course, const char *title)
{
    cJSON *items = view_list(view_object(view, "breadcrumb"), "items"), *item = view_item(items);
    view_text(item, "label", "Administration");
    view_text(item, "href", "/administration");
    if (!course)
        return;
    item = view_item(items);
    view_text(item, "label", "Courses");
    view_text(item, "href", "/administration/courses");
    if (!title)
        return;
    item = view_item(items);
    view_text(item, "label", title);
    view_text(item, "href", admin_href(rq->arena, course));
}

/* ---- the list ---- */

/* "Review due in 12 days", when it is near or past; "" otherwise. */
static const char *review_words(struct request *rq, const struct publication *p)
{
    const struct lesson *where = NULL;
    const char *date = publication_review_by(p, &where);
    instant due;
    if (!date || !instant_parse_date(date, &due))
        return "";
    int64_t left = due + INSTANT_DAY - rq->now, days = left / INSTANT_DAY;
    if (left <= 0)
        return arena_printf(rq->arena, "Under review since %s: “%s”",
                            words_date(rq, due + INSTANT_DAY / 2), where->title);
    if (days > REVIEW_NOTICE_DAYS)
        return "";
    if (days == 0)
        return arena_printf(rq->arena, "Review due today: “%s”", where->title);
    return arena_printf(rq->arena, "Review due in %d day%s: “%s”", (int)days, days == 1 ? "" : "s",
                        where->title);
}

static int put_course(cJSON *list, struct request *rq, struct conn *c, const char *id,
                      const struct publication *p, struct error *e)
{
    struct arena *a = rq->arena;
    struct publication_record *all = NULL;
    int64_t unfinished = 0, finished = 0;
    int n = p ? publication_history(c, id, a, &all, e) : 0;
    if (n < 0 || (p && publish_learners(c, id, &unfinished, &finished, e)))
        return -1;
    char hash[65] = "";
    struct error none = {0};
    const char *folder = publish_folder(rq->learning, id, a);
    bool has_folder = folder && course_folder_hash(folder, hash, &none) == 0;
    cJSON *course = view_item(list);
    view_text(course, "id", id);
    view_text(course, "name", p ? p->title : id);
    view_text(course, "href", admin_href(a, id));
    view_text(course, "version", p ? p->version : "");
    view_text(course, "hash", p ? p->hash : "");
    view_text(course, "published_words", n > 0 ? words_date(rq, all[0].at) : "");
    view_int(course, "unfinished", unfinished);
    view_int(course, "finished", finished);
    view_text(course, "folder_words",
              !has_folder                  ? "No folder"
              : !p                         ? "Not published yet"
              : strcmp(hash, p->hash) == 0 ? "Same as published"
                                           : "The folder differs");
    view_bool(course, "differs", has_folder && (!p || strcmp(hash, p->hash) != 0));
    view_text(course, "review_words", p ? review_words(rq, p) : "");
    return 0;
}

static bool is_listed(const struct publication *const *shelf, int count, const char *id)
{
    for (int i = 0; i < count; i++)
        if (strcmp(shelf[i]->course, id) == 0)
            return true;
    return false;
}

static int courses_page(struct request *rq, struct error *e)
{
    const struct publication *const *shelf;
    const char **folders = NULL;
    struct error none = {0};
    int count = shelf_list(rq->learning->shelf, &shelf);
    int found = course_folders(rq->settings->courses, rq->arena, &folders, &none);
    struct conn *c = request_reader(rq, e);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Courses and their versions");
    put_crumbs(view, rq, NULL, NULL);
    cJSON *list = view_list(view, "courses");
    int result = c ? 0 : -1;
    for (int i = 0; i < count && result == 0; i++)
        result = put_course(list, rq, c, shelf[i]->course, shelf[i], e);
    for (int i = 0; i < found && result == 0; i++)
        if (!is_listed(shelf, count, folders[i]))
            result = put_course(list, rq, c, folders[i], NULL, e);
    view_bool(view, "has_courses", cJSON_GetArraySize(list) > 0);
    view_text(view, "folder", rq->settings->courses);
    if (result) {
        cJSON_Delete(view);
        return -1;
    }
    return response_page(rq, "publishing", view);
}

/* ---- one course: the plan as a view ---- */

/* What a kind does, in a sentence with its numbers. */
static const char *reach_words(struct arena *a, const struct publish_choice *it)
{
    const struct reach *r = &it->reach;
    switch (it->kind) {
    case CHANGE_FIRST:
        return "Everybody may begin it from now on.";
    case CHANGE_TYPO:
        return arena_printf(a,
                            "Moves %lld who stand on the current version; what is done stays done. "
                            "%lld on earlier versions stay.",
                            (long long)r->move, (long long)r->stay);
    case CHANGE_CORRECTION:
        return arena_printf(a,
                            "Moves %lld who have not finished; unchanged lessons stay done. Tells "
                            "%lld who have finished.",
                            (long long)r->move, (long long)r->told);
    case CHANGE_MINOR:
        return arena_printf(a, "For new starters only. %lld go on with the version they began.",
                            (long long)r->stay);
    default:
        return arena_printf(a,
                            "For new starters. %lld who have finished are offered the changed "
                            "lessons; %lld go on with the version they began.",
                            (long long)r->offered, (long long)r->stay);
    }
}

static void put_choices(cJSON *view, struct request *rq, const struct publish_plan *plan)
{
    cJSON *list = view_list(view, "choices");
    bool any = false;
    for (int i = 0; i < plan->choice_count; i++) {
        const struct publish_choice *it = &plan->choices[i];
        bool allowed = !it->why_not && !plan->blocked;
        cJSON *choice = view_item(list);
        view_text(choice, "kind", change_kind_name(it->kind));
        view_text(choice, "kind_words", change_kind_words(it->kind));
        view_bool(choice, "is_allowed", allowed);
        view_text(choice, "why_not", it->why_not ? it->why_not : "");
        view_text(choice, "reach_words", reach_words(rq->arena, it));
        view_int(choice, "move", it->reach.move);
        view_int(choice, "told", it->reach.told);
        view_int(choice, "offered", it->reach.offered);
        view_int(choice, "stay", it->reach.stay);
        view_bool(choice, "is_chosen",
                  plan->choice_count == 1 ||
                      text_equal(request_field(rq, "kind"), change_kind_name(it->kind)));
        any = any || allowed;
    }
    view_bool(view, "may_publish", any);
}

static void put_problems(cJSON *view, struct request *rq, const struct publish_plan *plan)
{
    static const char *const names[] = {
        [SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note"};
    const struct diagnostic *list;
    int n = course_diagnostics(plan->source, &list);
    cJSON *problems = view_list(view, "problems");
    for (int i = 0; i < n; i++) {
        if (list[i].severity != SEVERITY_ERROR && !diagnostic_blocks(&list[i]))
            continue;
        cJSON *it = view_item(problems);
        view_text(it, "place",
                  arena_printf(rq->arena, "%s:%d:%d", list[i].file, list[i].line, list[i].column));
        view_text(it, "code",
                  arena_printf(rq->arena, "%s[%s]", names[list[i].severity], list[i].code));
        view_text(it, "message", list[i].message);
        view_text(it, "hint", list[i].hint);
    }
    view_bool(view, "has_problems", cJSON_GetArraySize(problems) > 0);
}

static void put_differences(cJSON *view, struct request *rq, const struct publication_diff *d,
                            bool with_lines)
{
    cJSON *list = view_list(view, "changes");
    for (int i = 0; d && i < d->count; i++)
        if (d->list[i].change != THING_UNCHANGED)
            view_difference(view_item(list), rq, &d->list[i], with_lines);
    view_bool(view, "has_changes", d && d->changed > 0);
    view_bool(view, "has_moved", d && d->lessons_moved);
}

static void put_plan(cJSON *view, struct request *rq, const struct publish_plan *plan)
{
    struct arena *a = rq->arena;
    view_text(view, "id", plan->course);
    view_text(view, "href", admin_href(a, plan->course));
    view_text(view, "folder", plan->folder);
    view_text(view, "current_version", plan->current ? plan->current->version : "");
    view_text(view, "current_hash", plan->current ? plan->current->hash : "");
    view_text(view, "next_version", plan->next ? plan->next->version : "");
    view_text(view, "next_hash", plan->next ? plan->next->hash : "");
    view_bool(view, "is_first", plan->first);
    view_bool(view, "is_unchanged", plan->unchanged);
    view_text(view, "blocked", plan->blocked ? plan->blocked : "");
    view_int(view, "unfinished", plan->unfinished);
    view_int(view, "finished", plan->finished);
    view_text(view, "review_words", plan->current ? review_words(rq, plan->current) : "");
}

static int put_history(cJSON *view, struct request *rq, const char *course, struct error *e)
{
    struct publication_record *all;
    struct conn *c = request_reader(rq, e);
    int n = c ? publication_history(c, course, rq->arena, &all, e) : -1;
    cJSON *list = view_list(view, "publications");
    for (int i = 0; i < n; i++)
        view_record(view_item(list), rq, course, &all[i]);
    view_bool(view, "has_publications", n > 0);
    return n < 0 ? -1 : 0;
}

/* The plan of the path's course. ERROR_NOT_FOUND when there is neither folder nor publication. */
static int make_plan(struct request *rq, struct publish_plan *plan, struct error *e)
{
    const char *course = request_param(rq, "course");
    const char *folder = publish_folder(rq->learning, course, rq->arena);
    *plan = (struct publish_plan){0};
    if (!folder)
        return error_set(e, ERROR_NOT_FOUND, "There is no such course.");
    struct conn *c = request_reader(rq, e);
    return c ? publish_plan_make(rq->learning, c, folder, rq->now, rq->arena, plan, e) : -1;
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
    put_crumbs(view, rq, plan->course, NULL);
    put_plan(view, rq, plan);
    put_problems(view, rq, plan);
    put_differences(view, rq, plan->diff, true);
    put_choices(view, rq, plan);
    view_text(view, "note", request_field_or(rq, "note", ""));
    form_put_errors(rq, view);
    if (put_history(view, rq, plan->course, e)) {
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
        result = response_redirect(rq, admin_href(rq->arena, plan.course));
        goto out;
    }
    if (asked_for(rq, &plan, &kind, &why)) {
        result = show_course(rq, &plan, 422, e);
        goto out;
    }
    cJSON *view = cJSON_CreateObject();
    put_crumbs(view, rq, plan.course, title_of(&plan));
    put_plan(view, rq, &plan);
    put_differences(view, rq, plan.diff, false);
    view_text(
        view, "title",
        arena_printf(rq->arena, "Publish “%s” as: %s", plan.next->title, change_kind_words(kind)));
    view_text(view, "kind", change_kind_name(kind));
    view_text(view, "kind_words", change_kind_words(kind));
    view_text(view, "reach_words", reach_words(rq->arena, publish_plan_choice(&plan, kind)));
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
                  "The folder or the course has changed since this was shown. Nothing was "
                  "published; this is how it stands now.");
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
        result = response_redirect(rq, admin_href(rq->arena, plan.course));
out:
    publish_plan_free(&plan);
    return result;
}

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
     .nav = "administration", .summary = "What is published, and whose folder differs"},
    {METHOD_GET, "/administration/courses/{course}", course_page, .who = ACCESS_ADMINISTRATOR,
     .nav = "administration",
     .summary = "A course's publications, and what its folder would change for whom"},
    {METHOD_GET, "/administration/courses/{course}/publish", confirm_page,
     .who = ACCESS_ADMINISTRATOR, .nav = "administration", .flags = ROUTE_TAKES_ERRORS,
     .fields = confirm_fields, .field_count = 2,
     .summary = "What publishing would do, to how many, and how to undo it"},
    {METHOD_POST, "/administration/courses/{course}/publish", publish_post,
     .who = ACCESS_ADMINISTRATOR, .nav = "administration", .flags = ROUTE_TAKES_ERRORS,
     .body_max = 4096, .fields = publish_fields, .field_count = 4,
     .summary = "Publish what was shown"},
    {0},
};
