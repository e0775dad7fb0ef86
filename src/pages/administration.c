/*
 * Administration: what is here, who is here, and a way in for somebody.
 *
 *   GET  /administration
 *   GET  /administration/people                 ?q=
 *   GET  /administration/people/{person}        appointments, grants, status; no answers
 *   POST /administration/people/{person}/link   a one-time sign-in link, shown once
 *
 * {person} is the uuid. Looking at a person and making a link are written to the audit.
 */
#include "base/text.h"
#include "learning/alternative.h"
#include "learning/challenge.h"
#include "learning/draft_ready.h"
#include "learning/holdings.h"
#include "learning/ledger.h"
#include "learning/tlog.h"
#include "pages/finishing.h"
#include "pages/form.h"
#include "pages/publishing_view.h"
#include "pages/report_view.h"
#include "report/directory.h"

#define LINK_LIFE (72 * INSTANT_HOUR)
#define FACTS_MAX 64 /* appointments or grants shown of one person */

/* ---- overview ---- */

static int put_totals(cJSON *view, struct conn *c, struct error *e)
{
    struct directory_totals n = {0};
    int64_t drafts = draft_ready_count(c, e);
    if (drafts < 0 || directory_totals(c, &n, e))
        return -1;
    cJSON *totals = view_object(view, "totals");
    view_int(totals, "people", n.people);
    view_int(totals, "departments", n.departments);
    view_int(totals, "enrolments", n.enrolments);
    view_int(totals, "certificates", n.certificates);
    view_int(totals, "certificates_waiting", n.certificates_waiting);
    view_int(totals, "drafts_waiting", drafts);
    view_bool(view, "has_waiting", n.certificates_waiting > 0);
    return 0;
}

static void put_courses(cJSON *view, struct request *rq)
{
    const struct publication *const *shelf;
    int count = shelf_list(rq->learning->shelf, &shelf);
    cJSON *courses = view_list(view, "courses");
    view_bool(view, "has_courses", count > 0);
    for (int i = 0; i < count; i++) {
        cJSON *course = view_item(courses);
        view_text(course, "id", shelf[i]->course);
        view_text(course, "name", shelf[i]->title);
        view_text(course, "version", shelf[i]->version);
        view_bool(course, "is_pilot", shelf[i]->pilot);
    }
}

/* Courses that a blank of site.json keeps from being published. */
static void put_waiting(cJSON *view, struct request *rq, bool may_open)
{
    struct course_folder *folders;
    int count = publish_folders_new(rq->learning, rq->now, rq->arena, &folders);
    cJSON *courses = view_list(view, "courses_waiting");
    for (int i = 0; i < count; i++) {
        if (!folders[i].blank)
            continue;
        cJSON *course = view_item(courses);
        view_text(course, "id", folders[i].course);
        view_text(course, "name", folders[i].title);
        view_text(course, "href", may_open ? publishing_href(rq->arena, folders[i].course) : "");
        view_text(course, "waits_words", words_blank(rq->arena, &folders[i]));
    }
    view_bool(view, "has_courses_waiting", cJSON_GetArraySize(courses) > 0);
}

/* Which key signs, since when, whether the keys' last backup has all of them, and whether the log
 * goes on. */
static int put_keys(cJSON *view, struct request *rq, struct conn *c, struct error *e)
{
    const struct issuer_key *list;
    struct issuer *issuer = rq->learning->issuer;
    instant saved = 0, changed = 0;
    if (backup_last(c, BACKUP_OF_KEYS, &saved, e) < 0)
        return -1;
    const char *reason = issuer_reason(issuer, rq->arena);
    size_t count = issuer ? issuer_keys(issuer, rq->arena, &list) : 0;
    cJSON *keys = view_object(view, "keys");
    view_bool(keys, "signs", !*reason);
    view_text(keys, "reason_words", words_capital(rq->arena, reason));
    for (size_t i = 0; i < count; i++) {
        instant since = list[i].since;
        changed = since > changed ? since : changed;
        if (!list[i].signs)
            continue;
        view_text(keys, "fingerprint", list[i].fingerprint);
        view_text(keys, "since_words", words_date(rq, since));
    }
    view_bool(keys, "changed", saved && changed > saved);
    const char *log = tlog_problem(rq->learning->tlog);
    view_bool(keys, "log_signs", !log);
    view_text(keys, "log_reason", log ? words_capital(rq->arena, log) : "");
    return 0;
}

static int put_backup(cJSON *view, struct request *rq, struct conn *c, struct error *e)
{
    static const char *const kinds[][2] = {{BACKUP_OF_DATA, "data_words"},
                                           {BACKUP_OF_KEYS, "keys_words"}};
    cJSON *backup = view_object(view, "backup");
    for (int i = 0; i < 2; i++) {
        instant at = 0;
        int found = backup_last(c, kinds[i][0], &at, e);
        if (found < 0)
            return -1;
        view_text(backup, kinds[i][1], found ? words_date(rq, at) : "");
    }
    return 0;
}

/* What learners wrote and nobody has answered yet. */
static int put_letters(cJSON *view, struct conn *c, struct error *e)
{
    int64_t challenges = challenges_open_count(c, e);
    int64_t alternatives = challenges < 0 ? -1 : alternatives_open_count(c, e);
    if (alternatives < 0)
        return -1;
    cJSON *letters = view_object(view, "letters");
    view_int(letters, "challenges", challenges);
    view_int(letters, "alternatives", alternatives);
    return 0;
}

/* Evaluators answer letters too; people and totals are the administrators'. */
static int overview_page(struct request *rq, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    if (!c)
        return -1;
    bool all = request_may(rq, ACCESS_ADMINISTRATOR, NULL);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Administration");
    view_bool(view, "is_administrator", all);
    if (put_letters(view, c, e) || (all && (put_totals(view, c, e) || put_keys(view, rq, c, e) ||
                                            put_backup(view, rq, c, e)))) {
        cJSON_Delete(view);
        return -1;
    }
    put_courses(view, rq);
    put_waiting(view, rq, all);
    return response_page(rq, "administration", view);
}

/* ---- finding people ---- */

static const char *person_href(struct request *rq, const char *uuid)
{
    return arena_printf(rq->arena, "/administration/people/%s", uuid);
}

static void put_found(cJSON *view, struct request *rq, const struct directory_person *found, int n)
{
    cJSON *people = view_list(view, "people");
    view_bool(view, "has_people", n > 0);
    for (int i = 0; i < n; i++) {
        cJSON *person = view_item(people);
        view_text(person, "id", found[i].uuid);
        view_text(person, "name", found[i].name);
        view_text(person, "email", found[i].email ? found[i].email : "");
        view_text(person, "department", found[i].department ? found[i].department : "");
        view_text(person, "href", person_href(rq, found[i].uuid));
    }
}

static void put_pages(cJSON *view, struct request *rq, const char *query, int64_t page, bool more)
{
    const char *base = arena_printf(rq->arena, "/administration/people?q=%s&page=",
                                    text_percent_encode(rq->arena, query, false));
    cJSON *pages = view_object(view, "pages");
    view_int(pages, "page", page);
    view_bool(view, "has_pages", more || page > 1);
    view_text(pages, "previous_href",
              page > 1 ? arena_printf(rq->arena, "%s%lld", base, (long long)page - 1) : "");
    view_text(pages, "next_href",
              more ? arena_printf(rq->arena, "%s%lld", base, (long long)page + 1) : "");
}

static int people_page(struct request *rq, struct error *e)
{
    const char *query = request_field_or(rq, "q", "");
    int64_t page = request_integer_or(rq, "page", 1);
    struct directory_person *found = NULL;
    bool more = false;
    int n = 0;
    if (!request_has_errors(rq)) {
        struct conn *c = request_reader(rq, e);
        n = c ? directory_search(c, query, page, rq->now, rq->arena, &found, &more, e) : -1;
        if (n < 0)
            return -1;
    }
    if (n == 0 && page > 1) /* past the end: from the beginning */
        return response_redirect(rq, arena_printf(rq->arena, "/administration/people?q=%s",
                                                  text_percent_encode(rq->arena, query, false)));
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "People");
    view_text(view, "q", query);
    view_crumb(view, "Administration", "/administration");
    put_found(view, rq, found, n);
    put_pages(view, rq, query, page, more);
    form_put_errors(rq, view);
    return response_page_status(rq, request_has_errors(rq) ? 422 : 200, "people", view);
}

/* ---- one person ---- */

static int read_person(struct request *rq, struct person *out, struct error *e)
{
    int64_t id;
    struct conn *c = request_reader(rq, e);
    if (!c || directory_find(c, request_param(rq, "person"), &id, e))
        return -1;
    return person_get(c, id, rq->arena, out, e);
}

static void put_person(cJSON *view, struct request *rq, const struct person *p)
{
    cJSON *person = view_object(view, "person");
    view_text(person, "id", p->uuid);
    view_text(person, "name", p->name);
    view_text(person, "email", p->email ? p->email : "");
    view_text(person, "learner_type", p->learner_type);
    view_text(person, "href", person_href(rq, p->uuid));
    view_bool(person, "has_password", p->has_password);
    view_text(person, "deleted_words", p->erased_at ? words_date(rq, p->erased_at) : "");
    view_text(person, "certificates_href",
              arena_printf(rq->arena, "/administration/certificates?person=%s", p->uuid));
}

static void put_breadcrumb(cJSON *view, struct request *rq, const struct person *below)
{
    view_crumb(view, "Administration", "/administration");
    view_crumb(view, "People", "/administration/people");
    if (below)
        view_crumb(view, below->name, person_href(rq, below->uuid));
}

static void put_facts(cJSON *list, struct request *rq, const struct directory_fact *facts, int n)
{
    for (int i = 0; i < n; i++) {
        cJSON *item = view_item(list);
        view_text(item, "what", words_capital(rq->arena, facts[i].what));
        view_text(item, "department", facts[i].department_name ? facts[i].department_name : "");
        view_bool(item, "primary", facts[i].primary);
        view_text(item, "from_words", words_date(rq, facts[i].from));
        view_text(item, "to_words", facts[i].to ? words_date(rq, facts[i].to) : "");
    }
}

static int put_statuses(cJSON *view, struct request *rq, struct conn *c,
                        const struct person *person, struct error *e)
{
    const struct publication *const *shelf;
    int n = shelf_list(rq->learning->shelf, &shelf);
    cJSON *list = view_list(view, "courses");
    for (int i = 0; i < n; i++) {
        struct roster_row row;
        if (directory_status(c, person->id, shelf[i]->course, rq->now, &row, e))
            return -1;
        if (person->erased_at && row.status == ROSTER_NOT_STARTED)
            continue;
        cJSON *course = view_item(list);
        view_text(course, "id", shelf[i]->course);
        view_text(course, "name", shelf[i]->title);
        view_text(course, "status", roster_status_key(row.status));
        view_text(course, "status_words", roster_status_words(row.status));
        view_text(course, "done_words", row.done_at ? words_date(rq, row.done_at) : "");
        cJSON *parts = view_list(course, "finishing");
        if (!person->erased_at && finishing_of(parts, rq, c, person->id, shelf[i]->course, e))
            return -1;
        view_bool(course, "has_begun", cJSON_GetArraySize(parts) > 0);
    }
    view_bool(view, "has_courses", cJSON_GetArraySize(list) > 0);
    return 0;
}

static int person_page(struct request *rq, struct error *e)
{
    struct person person;
    struct conn *c = request_reader(rq, e);
    if (!c || read_person(rq, &person, e))
        return -1;
    struct directory_fact *facts = arena_array(rq->arena, FACTS_MAX, sizeof *facts);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", person.name);
    put_breadcrumb(view, rq, NULL);
    put_person(view, rq, &person);
    view_text(view, "saved",
              person.erased_at && request_field(rq, "done")
                  ? "Deleted. Nobody can sign in with it any more."
                  : "");
    int n = directory_appointments(c, person.id, rq->arena, facts, FACTS_MAX, e);
    if (n < 0)
        goto err0;
    view_bool(view, "has_appointments", n > 0);
    put_facts(view_list(view, "appointments"), rq, facts, n);
    n = directory_grants(c, person.id, rq->arena, facts, FACTS_MAX, e);
    if (n < 0)
        goto err0;
    view_bool(view, "has_grants", n > 0);
    put_facts(view_list(view, "grants"), rq, facts, n);
    if (put_statuses(view, rq, c, &person, e))
        goto err0;
    audit_later(rq->learning, request_person_id(rq), "person.view", person.uuid, "");
    return response_page(rq, "person", view);
err0:
    cJSON_Delete(view);
    return -1;
}

/* ---- a way in ---- */

struct make_link {
    int64_t person, actor;
    const char *uuid;
    instant now;
    char token[TOKEN_TEXT];
};

static int make_link(struct conn *c, void *arg, struct error *e)
{
    struct make_link *m = arg;
    if (signin_link_create(c, m->person, "/", m->now, LINK_LIFE, m->token, e))
        return -1;
    return audit_append(c, m->actor, "person.link", m->uuid, "", m->now, e);
}

static int link_post(struct request *rq, struct error *e)
{
    struct person person;
    if (read_person(rq, &person, e))
        return -1;
    request_reader_release(rq);
    struct make_link m = {
        .person = person.id, .actor = request_person_id(rq), .uuid = person.uuid, .now = rq->now};
    if (db_write(rq->learning->db, make_link, &m, e))
        return -1;
    const char *path = arena_printf(rq->arena, "/sign-in/link/%s", m.token);
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", arena_printf(rq->arena, "Sign-in link for %s", person.name));
    put_breadcrumb(view, rq, &person);
    put_person(view, rq, &person);
    view_text(view, "path", path);
    view_text(view, "link",
              arena_printf(rq->arena, "%s%s", settings_address(rq->settings, rq->arena), path));
    view_text(view, "until_words", words_date(rq, rq->now + LINK_LIFE));
    return response_page(rq, "person-link", view);
}

/* ---- routes ---- */

static const struct field people_fields[] = {
    {.name = "q",
     .type = FIELD_LINE,
     .max = DIRECTORY_QUERY,
     .summary = "Name or e-mail address",
     .label = "Name or e-mail address"},
    {.name = "page", .type = FIELD_INTEGER, .low = 1, .high = DIRECTORY_PAGES, .summary = "Page"},
};

static const struct field person_fields[] = {
    {.name = "done", .type = FIELD_ENUM, .choices = "deleted", .summary = "What was just done"},
};

const struct route administration_routes[] = {
    {METHOD_GET, "/administration", overview_page, .who = ACCESS_COE, .nav = "administration",
     .summary = "What is here, and what waits for an answer"},
    {METHOD_GET, "/administration/people", people_page, .who = ACCESS_ADMINISTRATOR,
     .fields = people_fields, .field_count = sizeof people_fields / sizeof *people_fields,
     .nav = "administration", .flags = ROUTE_TAKES_ERRORS, .summary = "Find people"},
    {METHOD_GET, "/administration/people/{person}", person_page, .who = ACCESS_ADMINISTRATOR,
     .fields = person_fields, .field_count = 1, .nav = "administration",
     .flags = ROUTE_TAKES_ERRORS, .summary = "One person's appointments, grants and status"},
    {METHOD_POST, "/administration/people/{person}/link", link_post, .who = ACCESS_ADMINISTRATOR,
     .nav = "administration", .flags = ROUTE_NO_REFERRER, .body_max = 1024,
     .summary = "Make a one-time sign-in link"},
    {0},
};
