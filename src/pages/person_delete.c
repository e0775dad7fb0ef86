/*
 * The deletion of an account, by an administrator.
 *
 *   GET  /administration/people/{person}/delete   what goes, what stays, and the form
 *   POST /administration/people/{person}/delete   does it, for good
 *
 * The name is typed, so that it is not another one's; nobody deletes their own account here.
 */
#include "base/text.h"
#include "http/response.h"
#include "learning/erasure.h"
#include "pages/form.h"
#include "pages/view.h"
#include "report/directory.h"

struct leaving {
    struct person person;
    struct erasure_plan plan;
};

static int read_leaving(struct request *rq, struct leaving *out, struct error *e)
{
    int64_t id;
    struct conn *c = request_reader(rq, e);
    return !c || directory_find(c, request_param(rq, "person"), &id, e) ||
                   person_get(c, id, rq->arena, &out->person, e) ||
                   erasure_plan(c, id, rq->now, rq->arena, &out->plan, e)
               ? -1
               : 0;
}

static const char *person_href(struct request *rq, const struct person *p)
{
    return arena_printf(rq->arena, "/administration/people/%s", p->uuid);
}

static void put_breadcrumb(cJSON *view, struct request *rq, const struct person *p)
{
    const char *const up[][2] = {{"Administration", "/administration"},
                                 {"People", "/administration/people"},
                                 {p->name, person_href(rq, p)}};
    cJSON *items = view_list(view_object(view, "breadcrumb"), "items");
    for (size_t i = 0; i < sizeof up / sizeof *up; i++) {
        cJSON *item = view_item(items);
        view_text(item, "label", up[i][0]);
        view_text(item, "href", up[i][1]);
    }
}

/* "one certificate", "12 certificates" */
static const char *counted(struct request *rq, int64_t n, const char *one, const char *many)
{
    const char *number = n == 0 ? "no" : words_number(rq->arena, n > 1000000 ? 1000000 : (int)n);
    return arena_printf(rq->arena, "%s %s", number, n == 1 ? one : many);
}

static const char *role_words(struct request *rq, const char *role, const char *department)
{
    return department ? arena_printf(rq->arena, "%s has no other %s.", department, role)
                      : arena_printf(rq->arena,
                                     "There is no other %s. Administrators can do the same.", role);
}

/* What is better done first, each as a sentence. */
static void put_before(cJSON *view, struct request *rq, const struct erasure_plan *plan)
{
    cJSON *list = view_list(view, "before");
    if (plan->certificates_waiting)
        view_text(
            view_item(list), "words",
            arena_printf(rq->arena, "%s still to be made. Without the name, %s never will be.",
                         words_capital(rq->arena, counted(rq, plan->certificates_waiting,
                                                          "certificate is", "certificates are")),
                         plan->certificates_waiting == 1 ? "it" : "they"));
    for (int i = 0; i < plan->left_count; i++)
        view_text(view_item(list), "words",
                  role_words(rq, plan->left[i].role, plan->left[i].department));
    if (plan->drafts)
        view_text(
            view_item(list), "words",
            arena_printf(rq->arena,
                         "%s left without an owner. Authors and administrators can go on "
                         "with %s.",
                         words_capital(rq->arena, counted(rq, plan->drafts, "draft of a course is",
                                                          "drafts of courses are")),
                         plan->drafts == 1 ? "it" : "them"));
    view_bool(view, "has_before", cJSON_GetArraySize(list) > 0);
}

static void put_plan(cJSON *view, struct request *rq, const struct erasure_plan *plan)
{
    cJSON *goes = view_object(view, "goes"), *stays = view_object(view, "stays");
    view_text(goes, "journal",
              counted(rq, plan->reflections, "entry in the journal", "entries in the journal"));
    view_text(goes, "commitments", counted(rq, plan->commitments, "commitment", "commitments"));
    view_text(stays, "certificates",
              plan->certificates == 0
                  ? ""
                  : words_capital(rq->arena,
                                  counted(rq, plan->certificates, "certificate", "certificates")));
    view_text(stays, "completions",
              plan->completions == 0
                  ? ""
                  : words_capital(rq->arena,
                                  counted(rq, plan->completions, "completion", "completions")));
    put_before(view, rq, plan);
}

static int show(struct request *rq, int status, const struct leaving *l)
{
    const struct person *p = &l->person;
    bool own = p->id == request_person_id(rq);
    cJSON *view = cJSON_CreateObject(), *person = view_object(view, "person");
    view_text(view, "title", arena_printf(rq->arena, "Delete the account of %s?", p->name));
    put_breadcrumb(view, rq, p);
    view_text(person, "id", p->uuid);
    view_text(person, "name", p->name);
    view_text(person, "email", p->email ? p->email : "");
    view_text(person, "href", person_href(rq, p));
    put_plan(view, rq, &l->plan);
    view_int(view, "backup_keep_days", rq->settings->backup_keep_days);
    view_bool(view, "is_own", own);
    view_bool(view, "is_last", !own && l->plan.last_administrator);
    view_bool(view, "may", !own && !l->plan.last_administrator);
    form_put_errors(rq, view);
    return response_page_status(rq, status, "person-delete", view);
}

static int delete_page(struct request *rq, struct error *e)
{
    struct leaving l;
    if (read_leaving(rq, &l, e))
        return -1;
    if (l.person.erased_at)
        return response_redirect(rq, person_href(rq, &l.person));
    return show(rq, 200, &l);
}

static int check_form(struct request *rq, const struct leaving *l, struct error *e)
{
    if (l->person.id == request_person_id(rq))
        return error_set(e, ERROR_CONFLICT,
                         "This is your own account. Another administrator can delete it.");
    if (!text_equal(request_field(rq, "name"), l->person.name))
        return error_field(e, "name", "Type the name as it stands here: %s", l->person.name);
    return 0;
}

static int delete_post(struct request *rq, struct error *e)
{
    struct leaving l;
    if (read_leaving(rq, &l, e))
        return -1;
    request_reader_release(rq);
    if (l.person.erased_at)
        return response_redirect(rq, person_href(rq, &l.person));
    if (request_has_errors(rq))
        return show(rq, 422, &l);
    if (check_form(rq, &l, e) || erasure_run(rq->learning, l.person.id, request_person_id(rq),
                                             request_field(rq, "reason"), e))
        return form_take_error(rq, e) ? show(rq, 422, &l) : -1;
    return response_redirect(
        rq, arena_printf(rq->arena, "%s?done=deleted", person_href(rq, &l.person)));
}

static const struct field delete_fields[] = {
    {.name = "reason",
     .type = FIELD_LINE,
     .max = ERASURE_REASON_MAX,
     .required = true,
     .summary = "Reason"},
    {.name = "name", .type = FIELD_LINE, .max = 600, .required = true, .summary = "The name"},
};

const struct route person_delete_routes[] = {
    {METHOD_GET, "/administration/people/{person}/delete", delete_page, .who = ACCESS_ADMINISTRATOR,
     .nav = "administration", .summary = "What deleting an account would do"},
    {METHOD_POST, "/administration/people/{person}/delete", delete_post,
     .who = ACCESS_ADMINISTRATOR, .fields = delete_fields, .field_count = 2, .body_max = 8192,
     .nav = "administration", .flags = ROUTE_TAKES_ERRORS, .summary = "Delete an account for good"},
    {0},
};
