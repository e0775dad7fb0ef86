#include "learning/people.h"
#include "base/text.h"
#include "credential/issuer.h"
#include "learning/sql.h"
#include "learning/study.h"
#include <stdlib.h>
#include <string.h>

static int check_line(const char *field, const char *value, size_t max, struct error *e)
{
    if (!value || !*value)
        return error_field(e, field, "Enter a value.");
    size_t n = strlen(value);
    if (!text_is_line(value, n))
        return error_field(e, field, "Use one line of ordinary characters.");
    if (text_code_points(value) > max)
        return error_field(e, field, "Use at most %zu characters.", max);
    return 0;
}

/* Lists run by family name; when nobody said which word that is, it is the last one. */
static char *sort_name(struct arena *a, const char *name, const char *family)
{
    const char *last = family ? family : strrchr(name, ' ');
    if (!family)
        last = last ? last + 1 : name;
    return text_lower_ascii(a, arena_printf(a, "%s, %s", last, name));
}

static int insert_person(struct conn *c, const struct new_person *p, instant at, struct rng *uuids,
                         struct arena *a, int64_t *id, struct error *e)
{
    char uuid[37];
    if (uuids)
        rng_uuid(uuids, uuid);
    else
        random_uuid(uuid);
    const char *email = p->email ? text_lower_ascii(a, p->email) : NULL;
    if (db_exec(c, &sql_person_insert, e, "ttttttttti", uuid, p->external_id, p->name,
                sort_name(a, p->name, p->family_name), email,
                p->learner_type ? p->learner_type : "faculty", p->profession, p->discipline,
                p->setting, at) < 0) {
        if (db_is_unique_violation(e))
            return error_field(e, "email",
                               "Somebody with this e-mail or staff number is here already.");
        return -1;
    }
    *id = db_last_id(c);
    if (email && db_exec(c, &sql_person_email_insert, e, "iti", *id, email, at) < 0)
        return -1;
    return 0;
}

static int check_learner_type(const char *type, struct error *e)
{
    static const char *const types[] = {"faculty", "resident", "student", "community"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!type || strcmp(type, types[i]) == 0)
            return 0;
    return error_field(e, "learner_type",
                       "A learner is faculty, resident, student or community, not \"%.40s\".",
                       type);
}

/* Dot-separated runs of 1 to `max` bytes, each made of `good`. */
static bool is_dotted(const char *s, size_t n, size_t max, const char *good)
{
    size_t run = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] != '.' ? ++run > max || !strchr(good, s[i]) : run == 0)
            return false;
        run = s[i] == '.' ? 0 : run;
    }
    return run > 0;
}

#define LETTERS_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

int person_check_email(const char *email, struct error *e)
{
    const char *at = strchr(email, '@'), *domain = at ? at + 1 : "";
    if (!at || strchr(domain, '@'))
        return error_field(e, "email",
                           "An e-mail address has one '@', like name@example.edu; enter the "
                           "address alone.");
    if (strlen(email) > EMAIL_MAX)
        return error_field(e, "email",
                           "An e-mail address has at most %d characters; enter a "
                           "shorter one.",
                           EMAIL_MAX);
    if (!is_dotted(email, (size_t)(at - email), 64, LETTERS_DIGITS "!#$%&'*+/=?^_`{|}~-"))
        return error_field(e, "email",
                           "Before the '@' of an e-mail address stand letters, digits and single "
                           "dots, no spaces or brackets; enter the address alone, like "
                           "name@example.edu.");
    if (!is_dotted(domain, strlen(domain), 63, LETTERS_DIGITS "-") || !strchr(domain, '.') ||
        *domain == '-' || strstr(domain, "-.") || strstr(domain, ".-") || text_ends(domain, "-"))
        return error_field(e, "email",
                           "After the '@' of an e-mail address stands a domain with a dot, like "
                           "example.edu; enter the whole address.");
    return 0;
}

static int check_person(const struct new_person *p, struct error *e)
{
    const struct {
        const char *field, *value;
        size_t max;
    } lines[] = {
        {"family_name", p->family_name, 120}, {"external_id", p->external_id, 64},
        {"profession", p->profession, 120},   {"discipline", p->discipline, 120},
        {"setting", p->setting, 120},
    };
    if (check_line("name", p->name, 120, e) || check_learner_type(p->learner_type, e))
        return -1;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (lines[i].value && check_line(lines[i].field, lines[i].value, lines[i].max, e))
            return -1;
    return p->email ? person_check_email(p->email, e) : 0;
}

int person_add(struct conn *c, const struct new_person *p, instant at, struct rng *uuid_source,
               int64_t *id, struct error *e)
{
    if (check_person(p, e))
        return -1;
    struct arena *a = arena_create();
    int result = insert_person(c, p, at, uuid_source, a, id, e);
    arena_free(a);
    return result;
}

int department_add(struct conn *c, const char *code, const char *name, instant at, int64_t *id,
                   struct error *e)
{
    if (check_line("code", code, 32, e) || check_line("name", name, 120, e))
        return -1;
    if (code[strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-")])
        return error_field(e, "code", "Use small letters, digits and '-', like internal-medicine.");
    if (db_exec(c, &sql_department_insert, e, "tti", code, name, at) < 0)
        return db_is_unique_violation(e)
                   ? error_field(e, "code", "There is a department with the code %s already.", code)
                   : -1;
    *id = db_last_id(c);
    return 0;
}

/* A second primary appointment for a time that has one already would count the person twice. */
static int primary_overlaps(instant since, struct error *e)
{
    char date[21];
    instant_rfc3339(since, date);
    return error_field(e, "from",
                       "The present primary appointment began on %.10s; a new primary one cannot "
                       "begin before it.",
                       date);
}

/* The old primary appointment goes on as a secondary one; the fact that it was primary stays. */
static int demote_primary(struct conn *c, int64_t person, instant from, instant at, struct error *e)
{
    struct stmt *st = db_query(c, &sql_appointment_primary_of, e, "i", person);
    if (!st)
        return -1;
    struct arena *a = arena_create();
    int step = db_step(st, e), result = step < 0 ? -1 : 0;
    int64_t old = 0, department = 0;
    instant since = 0;
    const char *title = NULL;
    if (step == 1) {
        old = db_int(st, 0);
        department = db_int(st, 1);
        title = arena_strdup(a, db_text(st, 2));
        since = db_int(st, 3);
    }
    db_done(st);
    if (step == 1 && from < since) {
        result = primary_overlaps(since, e);
    } else if (step == 1) {
        result = -1;
        if (db_exec(c, &sql_appointment_insert_until, e, "iitiiii", person, department, title,
                    (int64_t)1, since, from, at) >= 0 &&
            db_exec(c, &sql_appointment_supersede, e, "ii", old, db_last_id(c)) >= 0 &&
            db_exec(c, &sql_appointment_insert, e, "iitiii", person, department, title, (int64_t)0,
                    from, at) >= 0)
            result = 0;
    }
    arena_free(a);
    return result;
}

int appointment_add(struct conn *c, int64_t person, int64_t department, const char *title,
                    bool primary, instant from, instant at, struct error *e)
{
    if (check_line("title", title, 120, e))
        return -1;
    int64_t count = 0;
    if (db_query_int(c, &sql_appointment_count_of, &count, e, "i", person) < 0)
        return -1;
    if (primary && count > 0 && demote_primary(c, person, from, at, e))
        return -1;
    int64_t is_primary = primary || count == 0;
    return db_exec(c, &sql_appointment_insert, e, "iitiii", person, department, title, is_primary,
                   from, at) < 0
               ? -1
               : 0;
}

bool role_is_known(const char *role)
{
    static const char *const roles[] = {"chair", "evaluator", "administrator", "author"};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strcmp(role, roles[i]) == 0)
            return true;
    return false;
}

int role_add(struct conn *c, int64_t person, const char *role, int64_t department, instant from,
             instant at, struct error *e)
{
    if (department == 0)
        return db_exec(c, &sql_role_insert, e, "itnii", person, role, from, at) < 0 ? -1 : 0;
    return db_exec(c, &sql_role_insert, e, "itiii", person, role, department, from, at) < 0 ? -1
                                                                                            : 0;
}

/* 1 when one was ended, 0 when none was left, -1. */
static int end_appointment(struct conn *c, int64_t person, instant at, struct arena *a,
                           struct error *e)
{
    struct stmt *st = db_query(c, &sql_appointment_running, e, "ii", person, at);
    int step = st ? db_step(st, e) : -1;
    if (step != 1) {
        db_done(st);
        return step;
    }
    int64_t old = db_int(st, 0), department = db_int(st, 1), primary = db_int(st, 3);
    const char *title = arena_strdup(a, db_text(st, 2));
    instant from = db_int(st, 4);
    db_done(st);
    return db_exec(c, &sql_appointment_insert_until, e, "iitiiii", person, department, title,
                   primary, from, at, at) < 0 ||
                   db_exec(c, &sql_appointment_supersede, e, "ii", old, db_last_id(c)) < 0
               ? -1
               : 1;
}

static int end_role(struct conn *c, int64_t person, instant at, struct arena *a, struct error *e)
{
    struct stmt *st = db_query(c, &sql_role_running, e, "ii", person, at);
    int step = st ? db_step(st, e) : -1;
    if (step != 1) {
        db_done(st);
        return step;
    }
    int64_t old = db_int(st, 0), department = db_int(st, 2);
    const char *role = arena_strdup(a, db_text(st, 1));
    instant from = db_int(st, 3);
    db_done(st);
    return db_exec(c, &sql_role_insert_until, e, "itiii", person, role, department, from, at) < 0 ||
                   db_exec(c, &sql_role_supersede, e, "ii", old, db_last_id(c)) < 0
               ? -1
               : 1;
}

int appointments_end(struct conn *c, int64_t person, instant at, struct error *e)
{
    struct arena *a = arena_create();
    int step;
    while ((step = end_appointment(c, person, at, a, e)) == 1)
        ;
    arena_free(a);
    return step;
}

int roles_end(struct conn *c, int64_t person, instant at, struct error *e)
{
    struct arena *a = arena_create();
    int step;
    while ((step = end_role(c, person, at, a, e)) == 1)
        ;
    arena_free(a);
    return step;
}

int person_set_certificate_name(struct conn *c, int64_t person, const char *name, instant at,
                                struct error *e)
{
    if (certificate_name_check(name, e))
        return -1;
    return db_exec(c, &sql_person_set_certificate_name, e, "iti", person, name, at) < 0 ? -1 : 0;
}

int person_set_password_hash(struct conn *c, int64_t person, const char *hash, struct error *e)
{
    return db_exec(c, &sql_person_set_password, e, "it", person, hash) < 0 ? -1 : 0;
}

int waiver_add(struct conn *c, int64_t person, const char *course, const char *reason,
               int64_t actor, instant from, instant until, instant at, struct error *e)
{
    int64_t added = until ? db_exec(c, &sql_waiver_insert_until, e, "ittiiii", person, course,
                                    reason, actor, from, until, at)
                          : db_exec(c, &sql_waiver_insert, e, "ittiii", person, course, reason,
                                    actor, from, at);
    return added < 0 ? -1 : 0;
}

int waiver_end(struct conn *c, int64_t waiver, int64_t actor, instant at, struct error *e)
{
    struct arena *a = arena_create();
    struct stmt *st = db_query(c, &sql_waiver_running, e, "ii", waiver, at);
    int step = st ? db_step(st, e) : -1, result = step < 0 ? -1 : 0;
    if (step == 1) {
        int64_t person = db_int(st, 0), from = db_int(st, 3);
        const char *course = arena_strdup(a, db_text(st, 1));
        const char *reason = arena_strdup(a, db_text(st, 2));
        db_done(st);
        st = NULL;
        if (waiver_add(c, person, course, reason, actor, from, at, at, e) ||
            db_exec(c, &sql_waiver_supersede, e, "ii", waiver, db_last_id(c)) < 0)
            result = -1;
    }
    db_done(st);
    arena_free(a);
    return result;
}

int excused_at(struct conn *c, int64_t person, const char *course, instant at, instant *until,
               struct error *e)
{
    struct stmt *st = db_query(c, &sql_waiver_at, e, "iti", person, course, at);
    int step = st ? db_step(st, e) : -1;
    bool excused = step == 1 && db_int(st, 0) > 0;
    *until = excused && db_int(st, 0) == db_int(st, 1) ? db_int(st, 2) : 0;
    db_done(st);
    return step < 0 ? -1 : excused;
}

static int read_person(struct stmt *st, struct arena *a, struct person *out, struct error *e)
{
    if (!st)
        return -1;
    int step = db_step(st, e);
    if (step == 1) {
        *out = (struct person){
            .id = db_int(st, 0),
            .uuid = arena_strdup(a, db_text(st, 1)),
            .name = arena_strdup(a, db_text(st, 2)),
            .email = arena_strdup(a, db_text(st, 3)),
            .certificate_name = arena_strdup(a, db_text(st, 4)),
            .learner_type = arena_strdup(a, db_text(st, 5)),
            .profession = arena_strdup(a, db_text(st, 6)),
            .discipline = arena_strdup(a, db_text(st, 7)),
            .setting = arena_strdup(a, db_text(st, 8)),
            .has_password = db_int(st, 9) != 0,
            .erased_at = db_int(st, 10),
        };
    }
    db_done(st);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND, "There is no such person here.");
    return step == 1 ? 0 : -1;
}

int person_get(struct conn *c, int64_t id, struct arena *a, struct person *out, struct error *e)
{
    return read_person(db_query(c, &sql_person_by_id, e, "i", id), a, out, e);
}

int person_find_email(struct conn *c, const char *email, struct arena *a, struct person *out,
                      struct error *e)
{
    return read_person(db_query(c, &sql_person_by_email, e, "t", text_lower_ascii(a, email)), a,
                       out, e);
}

static struct department read_department(struct stmt *st, int column, struct arena *a)
{
    return (struct department){db_int(st, column), arena_strdup(a, db_text(st, column + 1)),
                               arena_strdup(a, db_text(st, column + 2))};
}

int person_roles(struct conn *c, int64_t person, instant at, struct arena *a, struct roles *out,
                 struct error *e)
{
    *out = (struct roles){0};
    struct stmt *st = db_query(c, &sql_roles_of, e, "ii", person, at);
    if (!st)
        return -1;
    int step;
    while ((step = db_step(st, e)) == 1) {
        const char *role = db_text(st, 0);
        if (strcmp(role, "evaluator") == 0)
            out->evaluator = true;
        else if (strcmp(role, "administrator") == 0)
            out->administrator = true;
        else if (strcmp(role, "author") == 0)
            out->author = true;
        else if (out->chair_count < PERSON_MAX_DEPARTMENTS)
            out->chair_of[out->chair_count++] = read_department(st, 1, a);
    }
    db_done(st);
    return step;
}

int department_find(struct conn *c, const char *code, struct arena *a, struct department *out,
                    struct error *e)
{
    struct stmt *st = db_query(c, &sql_department_by_code, e, "t", code);
    if (!st)
        return -1;
    int step = db_step(st, e);
    if (step == 1)
        *out = read_department(st, 0, a);
    db_done(st);
    if (step == 0)
        return error_set(e, ERROR_NOT_FOUND, "There is no department with the code %s.", code);
    return step == 1 ? 0 : -1;
}

int person_departments(struct conn *c, int64_t person, instant at, struct arena *a,
                       struct department *out, int max, struct error *e)
{
    struct stmt *st = db_query(c, &sql_departments_of, e, "ii", person, at);
    if (!st)
        return -1;
    int step = 0, count = 0;
    while (count < max && (step = db_step(st, e)) == 1)
        out[count++] = read_department(st, 0, a);
    db_done(st);
    return step < 0 ? -1 : count;
}

int64_t people_count(struct conn *c, struct error *e)
{
    int64_t count = 0;
    return db_query_int(c, &sql_people_count, &count, e, "") < 0 ? -1 : count;
}
