/*
 * GET  /account                   what we hold about the person, and two forms
 * POST /account/certificate-name  the name on certificates: those that carry another one are
 *                                 replaced, after a page that says so
 * POST /account/password          set or change it
 */
#include "base/json.h"
#include "credential/issuer.h"
#include "http/response.h"
#include "learning/certificate_file.h"
#include "learning/follow_up.h"
#include "pages/allowance.h"
#include "pages/form.h"
#include "pages/view.h"
#include <stdio.h>
#include <string.h>

static const char *learner_words(const char *type)
{
    static const char *const words[][2] = {
        {"faculty", "Faculty"},
        {"resident", "Resident"},
        {"student", "Student"},
        {"community", "Community member"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], type) == 0)
            return words[i][1];
    return type;
}

static const char *saved_words(const char *what)
{
    static const char *const words[][2] = {
        {"name", "Saved. New certificates will carry this name."},
        {"name-replaced", "Saved. Your certificates carry this name now, under new links."},
        {"password", "Saved. The new password works from now on. You are signed out everywhere "
                     "else."},
        {"follow-ups-off", "Switched off. Nothing comes back to you any more."},
        {"follow-ups-on", "Switched on. What is due stands on My learning."},
    };
    for (size_t i = 0; what && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], what) == 0)
            return words[i][1];
    return NULL;
}

static void put_departments(cJSON *view, const struct department *list, int n)
{
    cJSON *departments = view_list(view, "departments");
    for (int i = 0; i < n; i++)
        json_put(view_item(departments), "name", list[i].name);
    view_text(view, "departments_label", n > 1 ? "Departments" : "Department");
}

static void put_roles(cJSON *view, struct request *rq)
{
    const struct roles *r = request_roles(rq);
    const char *words = "";
    for (int i = 0; i < r->chair_count; i++)
        words = arena_printf(rq->arena, "%s%s%s", words, *words ? ", " : "", r->chair_of[i].name);
    if (r->evaluator)
        words = arena_printf(rq->arena, "%s%soutcomes", words, *words ? ", " : "");
    if (r->author)
        words = arena_printf(rq->arena, "%s%scourses in the making", words, *words ? ", " : "");
    if (r->administrator)
        words = arena_printf(rq->arena, "%s%sthis site", words, *words ? ", " : "");
    view_text(view, "roles", words);
}

/* The page, also as the answer to a form that needs a change. */
static int account_show(struct request *rq, int status, struct error *e)
{
    struct department departments[PERSON_MAX_DEPARTMENTS];
    struct person p;
    struct conn *c = request_reader(rq, e);
    if (!c || person_get(c, request_person_id(rq), rq->arena, &p, e))
        return -1;
    int n = person_departments(c, p.id, rq->now, rq->arena, departments, PERSON_MAX_DEPARTMENTS, e);
    bool off;
    instant on_at;
    if (n < 0 || follow_up_switched(c, p.id, &off, &on_at, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Your account");
    view_bool(view, "follow_ups_off", off);
    view_text(view, "name", p.name);
    view_text(view, "email", p.email);
    view_text(view, "certificate_name", p.certificate_name ? p.certificate_name : "");
    view_bool(view, "has_password", p.has_password);
    view_text(view, "learner_type", learner_words(p.learner_type));
    view_text(view, "profession", p.profession);
    view_text(view, "discipline", p.discipline);
    view_text(view, "setting", p.setting);
    put_departments(view, departments, n);
    put_roles(view, rq);
    if (status != 200)
        form_put_errors(rq, view);
    const char *typed = json_string(json_get(view, "typed"), "certificate_name");
    json_put(view, "certificate_name_typed",
             typed                ? typed
             : p.certificate_name ? p.certificate_name
                                  : p.name);
    if (status == 200)
        view_text(view, "saved", saved_words(request_field(rq, "saved")));
    return response_page_status(rq, status, "account", view);
}

static int account_page(struct request *rq, struct error *e)
{
    return account_show(rq, 200, e);
}

/* What the person can change is shown beside the field; what the server met is an error page. */
static int show_again(struct request *rq, struct error *e)
{
    int status = e->kind == ERROR_TOO_MANY ? 429 : e->kind == ERROR_BUSY ? 503 : 422;
    if (e->kind != ERROR_INVALID && status == 422)
        return -1;
    request_add_error(rq, e);
    *e = (struct error){0};
    return account_show(rq, status, e);
}

/* ---- the name on certificates ---- */

#define AT_ONCE 5 /* certificates issued anew in one closure: a millisecond each at most */

struct name_change {
    struct learning *learning;
    int64_t person;
    const char *name;
    instant at;
    bool replaces; /* what was issued in another name */
    int left;
};

static int write_renamed(struct conn *c, void *arg, struct error *e)
{
    struct name_change *n = arg;
    return certificates_rename(c, n->learning, n->person, AT_ONCE, n->at, &n->left, e);
}

/* The name, and the first of what it replaces. */
static int write_name(struct conn *c, void *arg, struct error *e)
{
    struct name_change *n = arg;
    return person_set_certificate_name(c, n->person, n->name, n->at, e) ||
                   (n->replaces && write_renamed(c, n, e))
               ? -1
               : 0;
}

/* What the change does to certificates that were issued, before it does it. */
static int confirm_name(struct request *rq, const struct name_change *n, int count)
{
    cJSON *view = cJSON_CreateObject();
    struct arena *a = rq->arena;
    view_text(view, "title", "Change the name on your certificates?");
    view_text(view, "certificate_name", n->name);
    view_int(view, "count", count);
    view_text(view, "count_words",
              count == 1 ? "One certificate carries another name"
                         : arena_printf(a, "%s certificates carry another name",
                                        words_capital(a, words_number(a, count))));
    view_bool(view, "is_one", count == 1);
    view_crumb(view, "Your account", "/account");
    return response_page(rq, "certificate-name", view);
}

/* How many certificates the name would replace; -1 and e when it cannot be done now. */
static int to_replace(struct request *rq, const struct name_change *n, struct error *e)
{
    if (certificate_name_check(n->name, e) || certificate_file_check_name(rq->learning, n->name, e))
        return -1;
    struct conn *c = request_reader(rq, e);
    int count = c ? certificates_in_another_name(c, rq->learning, n->person, n->name, e) : -1;
    request_reader_release(rq);
    if (count > 0 && !issuer_can_sign(rq->learning->issuer))
        return error_set(e, ERROR_BUSY,
                         "Certificates cannot be signed just now, so the name stays as it was. Try "
                         "again later.");
    return count;
}

/* Certificates are replaced a few times a day at most. */
static int take_renaming(struct request *rq, struct error *e)
{
    struct site *site = rq->app;
    const char *person = arena_printf(rq->arena, "%lld", (long long)request_person_id(rq));
    if (allowance_take(site->renamings, person, rq->now))
        return 0;
    return error_set(e, ERROR_TOO_MANY,
                     "The name on your certificates was changed many times within a day. It stays "
                     "as it is; try again tomorrow.");
}

static int name_post(struct request *rq, struct error *e)
{
    if (request_has_errors(rq))
        return account_show(rq, 422, e);
    struct name_change n = {rq->learning,
                            request_person_id(rq),
                            request_field(rq, "certificate_name"),
                            rq->now,
                            false,
                            0};
    int count = to_replace(rq, &n, e);
    if (count < 0)
        return show_again(rq, e);
    if (count > 0 && !request_checked(rq, "replace"))
        return confirm_name(rq, &n, count);
    n.replaces = count > 0;
    if ((n.replaces && take_renaming(rq, e)) || db_write(rq->learning->db, write_name, &n, e))
        return show_again(rq, e);
    while (n.left > 0)
        if (db_write(rq->learning->db, write_renamed, &n, e))
            return show_again(rq, e);
    return response_redirect(rq, count ? "/account?saved=name-replaced" : "/account?saved=name");
}

/* ---- the password ---- */

static int wrong_field(struct error *e, const char *field, const char *message)
{
    return error_field(e, field, "%s", message);
}

/* Whether there is a password must be known: request_person would say no when it could not tell. */
static int read_self(struct request *rq, struct person *out, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    int result = c ? person_get(c, request_person_id(rq), rq->arena, out, e) : -1;
    request_reader_release(rq); /* hashing takes its time */
    return result;
}

static int change_password(struct request *rq, struct error *e)
{
    struct site *site = rq->app;
    struct person p;
    const char *current = request_field(rq, "current_password");
    char hash[128];
    if (read_self(rq, &p, e))
        return -1;
    if (p.has_password && !current)
        return wrong_field(e, "current_password", "Type your current password too.");
    if (p.has_password &&
        signin_check_password(site->signin, rq->learning, p.email ? p.email : "", current, e))
        return e->kind == ERROR_UNAUTHENTICATED
                   ? wrong_field(e, "current_password",
                                 "That is not your current password. Type it again.")
                   : -1;
    if (signin_hash_password(site->signin, request_field(rq, "new_password"), hash, e)) {
        if (e->kind == ERROR_INVALID)
            snprintf(e->field, sizeof e->field, "new_password");
        return -1;
    }
    return signin_change_password(rq->learning, p.id, hash, request_session(rq), e);
}

static int password_post(struct request *rq, struct error *e)
{
    if (request_has_errors(rq))
        return account_show(rq, 422, e);
    if (change_password(rq, e))
        return show_again(rq, e);
    return response_redirect(rq, "/account?saved=password");
}

static const struct field account_fields[] = {
    {.name = "saved",
     .type = FIELD_ENUM,
     .choices = "name|name-replaced|password|follow-ups-off|follow-ups-on",
     .summary = "What was just saved"},
};
static const struct field name_fields[] = {
    {.name = "certificate_name",
     .type = FIELD_LINE,
     .max = CERTIFICATE_NAME_MAX,
     .required = true,
     .summary = "Name on certificates"},
    {.name = "replace",
     .type = FIELD_CHECKBOX,
     .summary = "Replace the certificates that carry another name"},
};
static const struct field password_fields[] = {
    {.name = "current_password", .type = FIELD_PASSWORD, .summary = "Current password"},
    {.name = "new_password", .type = FIELD_PASSWORD, .required = true, .summary = "New password"},
};

const struct route account_routes[] = {
    {METHOD_GET, "/account", account_page, .who = ACCESS_SIGNED_IN, .fields = account_fields,
     .field_count = 1, .flags = ROUTE_TAKES_ERRORS,
     .summary = "What is held about you; the name on your certificates; your password"},
    {METHOD_POST, "/account/certificate-name", name_post, .who = ACCESS_SIGNED_IN, .body_max = 4096,
     .fields = name_fields, .field_count = 2, .flags = ROUTE_TAKES_ERRORS,
     .summary = "Set the name on certificates; those that carry another one are replaced"},
    {METHOD_POST, "/account/password", password_post, .who = ACCESS_SIGNED_IN, .body_max = 8192,
     .fields = password_fields, .field_count = 2, .flags = ROUTE_TAKES_ERRORS,
     .summary = "Set or change your password"},
    {0},
};
