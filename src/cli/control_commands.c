/* The commands that run inside the server: each reads its input, runs one closure, fills `out`. */
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/backup.h"
#include "cli/certificate.h"
#include "cli/control.h"
#include "cli/key.h"
#include "cli/link.h"
#include "cli/log.h"
#include "cli/person.h"
#include "cli/proof.h"
#include "cli/publish.h"
#include "cli/sunset.h"
#include "cli/version.h"
#include "learning/ledger.h"
#include "learning/session_cache.h"
#include "learning/signin.h"
#include "report/directory.h"
#include <string.h>
#include <unistd.h>

#define LINK_HOURS_MAX (31 * 24)

/* One closure's world: made by run(), read by the functions below. */
struct task {
    struct app *app;
    const cJSON *in;
    struct arena *arena;
    instant now;
    struct person person;
    struct department department;
    char token[TOKEN_TEXT];
    instant until;
};

static int run(struct app *app, const cJSON *in, db_write_fn fn, struct task *t, struct error *e)
{
    *t = (struct task){.app = app, .in = in, .arena = arena_create(), .now = clock_now(app->clock)};
    return db_write(app->db, fn, t, e);
}

/* Somebody whose account stands. */
static int find_person(struct conn *c, struct task *t, struct error *e)
{
    if (person_named(c, json_string_or(t->in, "person", ""), t->arena, &t->person, e))
        return -1;
    return t->person.erased_at
               ? error_set(e, ERROR_NOT_FOUND, "the account %s was deleted", t->person.uuid)
               : 0;
}

static int find_department(struct conn *c, struct task *t, struct error *e)
{
    const char *code = json_string_or(t->in, "department", "");
    return department_find(c, code, t->arena, &t->department, e);
}

static int appoint(struct conn *c, struct task *t, struct error *e)
{
    return appointment_add(c, t->person.id, t->department.id,
                           json_string_or(t->in, "title", "Faculty"),
                           json_bool_or(t->in, "primary", false), t->now, t->now, e);
}

/* What the person at the command line did, in the same transaction. */
static int audit(struct conn *c, const struct task *t, const char *action, const char *subject,
                 const char *detail, struct error *e)
{
    return audit_append(c, AUDIT_COMMAND_LINE, action, subject, detail, t->now, e);
}

static const char *department_detail(const struct task *t)
{
    return t->department.code ? arena_printf(t->arena, "department=%s", t->department.code) : "";
}

static void put_person(cJSON *out, const struct task *t)
{
    json_put(out, "uuid", t->person.uuid);
    json_put(out, "name", t->person.name);
    json_put(out, "email", t->person.email);
}

/* ---- person.add ---- */

static int write_add(struct conn *c, void *arg, struct error *e)
{
    struct task *t = arg;
    struct new_person p = {
        .name = json_string(t->in, "name"),
        .family_name = json_string(t->in, "family_name"),
        .email = json_string(t->in, "email"),
        .external_id = json_string(t->in, "external_id"),
        .learner_type = json_string(t->in, "learner_type"),
        .profession = json_string(t->in, "profession"),
        .discipline = json_string(t->in, "discipline"),
    };
    int64_t id;
    if (person_add(c, &p, t->now, NULL, &id, e) || person_get(c, id, t->arena, &t->person, e))
        return -1;
    if (json_string(t->in, "department") && (find_department(c, t, e) || appoint(c, t, e)))
        return -1;
    return audit(c, t, "person.add", t->person.uuid, department_detail(t), e);
}

static int person_add_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct task t;
    int result = run(app, in, write_add, &t, e);
    if (result == 0)
        put_person(out, &t);
    arena_free(t.arena);
    return result;
}

/* ---- person.link ---- */

static int write_link(struct conn *c, void *arg, struct error *e)
{
    struct task *t = arg;
    double hours = json_number_or(t->in, "hours", 24);
    if (!(hours > 0 && hours <= LINK_HOURS_MAX))
        return error_field(e, "hours", "a link lives for 1 to %d hours", LINK_HOURS_MAX);
    t->until = t->now + (instant)(hours * (double)INSTANT_HOUR);
    return find_person(c, t, e) ||
                   signin_link_create(c, t->person.id, json_string_or(t->in, "return_to", "/"),
                                      t->now, t->until - t->now, t->token, e) ||
                   audit(c, t, "person.link", t->person.uuid, "", e)
               ? -1
               : 0;
}

static int person_link_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct task t;
    int result = run(app, in, write_link, &t, e);
    if (result == 0) {
        char until[21];
        instant_rfc3339(t.until, until);
        put_person(out, &t);
        json_put(out, "link", link_address(t.arena, app->settings, app->port, t.token));
        json_put(out, "expires_at", until);
    }
    arena_free(t.arena);
    return result;
}

/* ---- person.grant, person.appoint ---- */

static int write_grant(struct conn *c, void *arg, struct error *e)
{
    struct task *t = arg;
    const char *role = json_string_or(t->in, "role", "");
    bool chair = strcmp(role, "chair") == 0;
    if (!role_is_known(role))
        return error_field(
            e, "role", "a role is chair, evaluator, administrator or author, not \"%.40s\"", role);
    if (chair != (json_string(t->in, "department") != NULL))
        return error_field(e, "department",
                           chair ? "say which department the chair is of: --department CODE"
                                 : "this role is for the whole site, not for one department");
    if (find_person(c, t, e) || (chair && find_department(c, t, e)))
        return -1;
    const char *detail =
        arena_printf(t->arena, "role=%s%s%s", role, chair ? " " : "", department_detail(t));
    return role_add(c, t->person.id, role, t->department.id, t->now, t->now, e) ||
                   audit(c, t, "person.grant", t->person.uuid, detail, e)
               ? -1
               : 0;
}

static int person_grant_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct task t;
    int result = run(app, in, write_grant, &t, e);
    if (result == 0) {
        session_forget_person(app->learning.sessions, t.person.id);
        put_person(out, &t);
        json_put(out, "role", json_string(in, "role"));
        json_put(out, "department", t.department.code);
        log_line(LOG_INFO, "control: person %s was granted %s", t.person.uuid,
                 json_string_or(in, "role", ""));
    }
    arena_free(t.arena);
    return result;
}

static int write_appoint(struct conn *c, void *arg, struct error *e)
{
    struct task *t = arg;
    return find_person(c, t, e) || find_department(c, t, e) || appoint(c, t, e) ||
                   audit(c, t, "person.appoint", t->person.uuid, department_detail(t), e)
               ? -1
               : 0;
}

static int person_appoint_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct task t;
    int result = run(app, in, write_appoint, &t, e);
    if (result == 0) {
        put_person(out, &t);
        json_put(out, "department", t.department.code);
    }
    arena_free(t.arena);
    return result;
}

/* ---- department.add ---- */

static int write_department(struct conn *c, void *arg, struct error *e)
{
    struct task *t = arg;
    const char *code = json_string(t->in, "code");
    return department_add(c, code, json_string(t->in, "name"), t->now, &t->department.id, e) ||
                   audit(c, t, "department.add", code, "", e)
               ? -1
               : 0;
}

static int department_add_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct task t;
    int result = run(app, in, write_department, &t, e);
    if (result == 0) {
        json_put(out, "code", json_string(in, "code"));
        json_put(out, "name", json_string(in, "name"));
    }
    arena_free(t.arena);
    return result;
}

/* ---- person.list ---- */

static int list_people(struct conn *c, struct app *app, struct arena *a, const cJSON *in,
                       cJSON *out, struct error *e)
{
    struct directory_person *people;
    bool more = false;
    int count = directory_search(c, json_string_or(in, "search", ""),
                                 (int64_t)json_number_or(in, "page", 1), clock_now(app->clock), a,
                                 &people, &more, e);
    cJSON *list = json_array(out, "people");
    for (int i = 0; i < count; i++) {
        cJSON *row = json_item(list);
        json_put(row, "uuid", people[i].uuid);
        json_put(row, "name", people[i].name);
        json_put(row, "email", people[i].email);
        json_put(row, "department", people[i].department);
    }
    json_put_bool(out, "more", more);
    return count < 0 ? -1 : 0;
}

static int person_list_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct conn *c = db_read_begin(app->db, e);
    if (!c)
        return -1;
    struct arena *a = arena_create();
    int result = list_people(c, app, a, in, out, e);
    arena_free(a);
    db_read_end(app->db, c);
    return result;
}

/* ---- the whole database ---- */

static int backup_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    const char *path = json_string(in, "path");
    if (!path || path[0] != '/')
        return error_field(e, "path", "backup needs the whole path of the file to make");
    return backup_make(app, path, out, e);
}

/* The keys themselves never come this way: they were sealed by the command. */
static int backup_keys_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    double keys = json_number_or(in, "keys", 0);
    (void)out;
    if (!(keys >= 1 && keys <= 1000))
        return error_field(e, "keys", "how many keys were sealed?");
    backup_keys_made(app, (int64_t)keys);
    return 0;
}

static int verify_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    return proof_of_history(app, json_string(in, "checkpoint"), out, e);
}

static int ping_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    (void)in;
    struct conn *c = db_read_begin(app->db, e);
    if (!c)
        return -1;
    int64_t people = people_count(c, e);
    db_read_end(app->db, c);
    if (people < 0)
        return -1;
    json_put(out, "version", version_line());
    json_put_int(out, "pid", getpid());
    json_put_int(out, "people", people);
    return 0;
}

const struct control_command control_commands[] = {
    {"person.add", person_add_command, false, CONTROL_FREE, false},
    {"person.link", person_link_command, false, CONTROL_FREE, false},
    {"person.grant", person_grant_command, false, CONTROL_FREE, false},
    {"person.appoint", person_appoint_command, false, CONTROL_FREE, false},
    {"person.delete", person_delete_command, false, CONTROL_FREE, false},
    {"person.list", person_list_command, false, CONTROL_FREE, false},
    {"department.add", department_add_command, false, CONTROL_FREE, false},
    {"backup", backup_command, false, CONTROL_BACKUP, true},
    {"backup.keys-made", backup_keys_command, true, CONTROL_FREE, false},
    {"audit.verify", verify_command, false, CONTROL_FREE, true},
    {"certificate.show", certificate_show_command, false, CONTROL_FREE, false},
    {"certificate.list", certificate_list_command, false, CONTROL_FREE, false},
    {"certificate.revoke", certificate_revoke_command, false, CONTROL_FREE, false},
    {"certificate.supersede", certificate_supersede_command, false, CONTROL_FREE, false},
    {"ping", ping_command, false, CONTROL_FREE, false},
    {"publish", publish_command, true, CONTROL_FREE, false},
    {"key.list", key_list_command, true, CONTROL_FREE, false},
    {"key.new", key_new_command, true, CONTROL_KEYS, false},
    {"key.rotate", key_rotate_command, true, CONTROL_KEYS, false},
    {"key.retire", key_retire_command, true, CONTROL_KEYS, false},
    {"key.compromise", key_compromise_command, true, CONTROL_KEYS, false},
    {"key.reissue", key_reissue_command, true, CONTROL_FREE, false},
    {"key.new-private", key_new_private, true, CONTROL_KEYS, false},
    {"log.checkpoint", log_checkpoint_command, true, CONTROL_FREE, true},
    {"log.key", log_key_command, true, CONTROL_FREE, false},
    {"log.new-key", log_new_key_command, true, CONTROL_KEYS, false},
    {"sunset.begin", sunset_begin_command, true, CONTROL_SUNSET, false},
    {"sunset.certificates", sunset_certificates_command, true, CONTROL_SUNSET, false},
    {"sunset.checkpoints", sunset_checkpoints_command, true, CONTROL_SUNSET, false},
    {"sunset.finish", sunset_finish_command, true, CONTROL_SUNSET, false},
    {NULL, NULL, false, CONTROL_FREE, false},
};
