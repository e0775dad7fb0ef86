/*
 * GET /account/who-sees-what — the rows that a chair, the center and an administrator see of the
 * person, made by the same functions that make their pages. A person without appointments has none.
 */
#include "http/response.h"
#include "pages/finishing.h"
#include "pages/view.h"
#include "report/directory.h"
#include "report/roster.h"

#define FACTS_MAX 32

static void put_row(cJSON *rows, struct request *rq, const struct publication *p,
                    const struct roster_row *row, const char *department)
{
    cJSON *item = view_item(rows);
    view_text(item, "course", p->title);
    view_text(item, "department", department);
    view_text(item, "name", row->name);
    view_text(item, "status", roster_status_words(row->status));
    view_text(item, "due", row->due_at ? words_date(rq, row->due_at) : "");
    view_text(item, "completed", row->done_at ? words_date(rq, row->done_at) : "");
}

/* ---- chairs ---- */

static const char *chair_words(struct request *rq, const struct department *list, int n)
{
    const char *names = "";
    for (int i = 0; i < n; i++)
        names = arena_printf(rq->arena, "%s%s%s", names,
                             i == 0       ? ""
                             : i == n - 1 ? " and "
                                          : ", ",
                             list[i].name);
    return n == 0 ? "No chair sees anything of you: you have no appointment here at the moment."
           : n == 1
               ? arena_printf(rq->arena, "The chair of %s sees this, and no more.", names)
               : arena_printf(rq->arena, "The chairs of %s each see this, and no more.", names);
}

static int put_chair(struct request *rq, struct conn *c, cJSON *view, struct error *e)
{
    struct department departments[PERSON_MAX_DEPARTMENTS];
    int64_t person = request_person_id(rq);
    int n =
        person_departments(c, person, rq->now, rq->arena, departments, PERSON_MAX_DEPARTMENTS, e);
    if (n < 0)
        return -1;
    cJSON *chair = view_object(view, "chair");
    view_text(chair, "who", n > 1 ? "Your chairs" : "Your chair");
    view_text(chair, "words", chair_words(rq, departments, n));
    cJSON *rows = view_list(chair, "rows");
    const struct publication *const *list;
    int count = shelf_list(rq->learning->shelf, &list);
    for (int i = 0; i < count; i++) {
        struct roster_row row;
        int found =
            roster_row_of(c, rq->learning, person, list[i]->course, rq->now, rq->arena, &row, e);
        if (found < 0)
            return -1;
        if (found)
            put_row(rows, rq, list[i], &row, "");
    }
    view_bool(chair, "has_rows", cJSON_GetArraySize(rows) > 0);
    return 0;
}

/* ---- the center ---- */

static int put_coe(struct request *rq, struct conn *c, cJSON *view, struct error *e)
{
    cJSON *coe = view_object(view, "coe"), *rows = view_list(coe, "rows");
    const struct publication *const *list;
    int count = shelf_list(rq->learning->shelf, &list);
    for (int i = 0; i < count; i++) {
        struct coe_row row;
        int found = coe_row_of(c, rq->learning, request_person_id(rq), list[i]->course, rq->now,
                               rq->arena, &row, e);
        if (found < 0)
            return -1;
        if (found)
            put_row(rows, rq, list[i], &row.row, row.department_name);
    }
    bool any = cJSON_GetArraySize(rows) > 0;
    view_bool(coe, "has_rows", any);
    view_text(coe, "words",
              any ? "Evaluators and administrators see this row. In their figures you are one of "
                    "your department’s number."
                  : "You are in no list of theirs and in no figure: counted are faculty with an "
                    "appointment.");
    return 0;
}

/* ---- administrators ---- */

static void put_facts(cJSON *view, const char *name, struct request *rq,
                      const struct directory_fact *facts, int n)
{
    cJSON *list = view_list(view, name);
    for (int i = 0; i < n; i++) {
        const struct directory_fact *f = &facts[i];
        view_text(
            view_item(list), "words",
            arena_printf(rq->arena, "%s%s%s, since %s%s%s", f->what, f->department_name ? ", " : "",
                         f->department_name ? f->department_name : "", words_date(rq, f->from),
                         f->to ? " until " : "", f->to ? words_date(rq, f->to) : ""));
    }
}

/* The lines that an administrator finds on this person's page, made by the same function. */
static int put_parts(cJSON *admin, struct request *rq, struct conn *c, struct error *e)
{
    const struct publication *const *list;
    int count = shelf_list(rq->learning->shelf, &list);
    cJSON *courses = view_list(admin, "courses");
    for (int i = 0; i < count; i++) {
        cJSON *parts = cJSON_CreateArray();
        int result = finishing_of(parts, rq, c, request_person_id(rq), list[i]->course, e);
        if (result || cJSON_GetArraySize(parts) == 0) {
            cJSON_Delete(parts);
            if (result)
                return -1;
            continue;
        }
        cJSON *course = view_item(courses);
        view_text(course, "course", list[i]->title);
        cJSON_AddItemToObject(course, "finishing", parts);
    }
    view_bool(admin, "has_courses", cJSON_GetArraySize(courses) > 0);
    return 0;
}

static int put_administrator(struct request *rq, struct conn *c, cJSON *view, struct error *e)
{
    const struct person *p = request_person(rq);
    struct directory_fact *facts = arena_array(rq->arena, FACTS_MAX, sizeof *facts);
    cJSON *admin = view_object(view, "administrator");
    view_text(admin, "name", p->name);
    view_text(admin, "email", p->email ? p->email : "");
    int n = directory_appointments(c, p->id, rq->arena, facts, FACTS_MAX, e);
    if (n < 0)
        return -1;
    put_facts(admin, "appointments", rq, facts, n);
    n = directory_grants(c, p->id, rq->arena, facts, FACTS_MAX, e);
    if (n < 0)
        return -1;
    put_facts(admin, "grants", rq, facts, n);
    return put_parts(admin, rq, c, e);
}

static int who_sees_page(struct request *rq, struct error *e)
{
    static const char *const nobody[] = {
        "Your answers, in lessons and in learning checks, and which of them were right",
        "How often you tried, your scores, your active minutes, and how long anything took",
        "Your transcript, and the credits you added to it",
        "When you were last here",
        "The choices you made in a case",
        "What you write in your journal and what you commit to: sealed, and opened for you alone",
        "Your answers to the questions that come back after a course",
        "Whether you have not taken a learning check or not passed it yet: both look the same",
    };
    cJSON *view = cJSON_CreateObject();
    struct conn *c = request_reader(rq, e);
    if (!c || put_chair(rq, c, view, e) || put_coe(rq, c, view, e) ||
        put_administrator(rq, c, view, e)) {
        cJSON_Delete(view);
        return -1;
    }
    view_text(view, "title", "Who sees what about you");
    view_crumb(view, "Your account", "/account");
    cJSON *list = view_list(view, "nobody");
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++)
        cJSON_AddItemToArray(list, cJSON_CreateStringReference(nobody[i]));
    return response_page(rq, "who-sees-what", view);
}

const struct route who_sees_routes[] = {
    {METHOD_GET, "/account/who-sees-what", who_sees_page, .who = ACCESS_SIGNED_IN,
     .summary = "The exact rows that your chair, the center and administrators see of you"},
    {0},
};
