/*
 * `understory person delete`. What it will do is read first and shown; it is done when --yes was
 * said or the person's name is typed. Said again for the same uuid, it deletes what is left of a
 * deletion that was cut short.
 */
#include "base/json.h"
#include "base/log.h"
#include "cli/control.h"
#include "cli/person.h"
#include "learning/erasure.h"
#include "learning/ledger.h"
#include "report/directory.h"
#include <stdio.h>
#include <string.h>

int person_named(struct conn *c, const char *who, struct arena *a, struct person *out,
                 struct error *e)
{
    struct error why = {0};
    int64_t id;
    if (strchr(who, '@')) {
        if (person_find_email(c, who, a, out, &why) == 0)
            return 0;
    } else if (directory_find(c, who, &id, &why) == 0) {
        return person_get(c, id, a, out, e);
    }
    if (why.kind != ERROR_NOT_FOUND) {
        *e = why;
        return -1;
    }
    return error_set(e, ERROR_NOT_FOUND,
                     "nobody here has the e-mail address or uuid \"%.80s\"; "
                     "`understory person list` shows who is here",
                     who);
}

/* ---- inside the server ---- */

static void put_plan(cJSON *out, const struct erasure_plan *plan)
{
    cJSON *goes = json_object(out, "goes"), *stays = json_object(out, "stays");
    json_put_int(goes, "journal", plan->reflections);
    json_put_int(goes, "commitments", plan->commitments);
    json_put_int(goes, "challenges", plan->challenges);
    json_put_int(goes, "certificates_waiting", plan->certificates_waiting);
    json_put_int(stays, "completions", plan->completions);
    json_put_int(stays, "certificates", plan->certificates);
    json_put_int(stays, "drafts", plan->drafts);
    json_put_bool(out, "last_administrator", plan->last_administrator);
    cJSON *left = json_array(out, "left");
    for (int i = 0; i < plan->left_count; i++) {
        cJSON *item = json_item(left);
        json_put(item, "role", plan->left[i].role);
        json_put(item, "department", plan->left[i].department);
    }
}

static void put_deleted_at(cJSON *out, instant at)
{
    char text[21];
    if (!at)
        return;
    instant_rfc3339(at, text);
    json_put(out, "deleted_at", text);
}

/* Who is meant, and what stands in the way; *deleted: that was done before. */
static int read_plan(struct app *app, const cJSON *in, cJSON *out, struct arena *a,
                     struct person *p, struct error *e)
{
    struct erasure_plan plan;
    struct conn *c = db_read_begin(app->db, e);
    int result = !c || person_named(c, json_string_or(in, "person", ""), a, p, e) ||
                         erasure_plan(c, p->id, clock_now(app->clock), a, &plan, e)
                     ? -1
                     : 0;
    db_read_end(app->db, c);
    if (result)
        return -1;
    json_put(out, "uuid", p->uuid);
    if (!p->erased_at) {
        json_put(out, "name", p->name);
        json_put(out, "email", p->email);
    }
    json_put_int(out, "backup_days", app->settings->backup_keep_days);
    put_plan(out, &plan);
    return 0;
}

static int delete_account(struct app *app, const cJSON *in, cJSON *out, struct arena *a,
                          struct error *e)
{
    struct person p;
    bool yes = json_bool_or(in, "yes", false);
    if (read_plan(app, in, out, a, &p, e))
        return -1;
    put_deleted_at(out, p.erased_at ? p.erased_at : yes ? clock_now(app->clock) : 0);
    json_put_bool(out, "done", yes);
    if (!yes)
        return 0;
    if (erasure_run(&app->learning, p.id, AUDIT_COMMAND_LINE, json_string(in, "reason"), e))
        return -1;
    log_line(LOG_INFO, "control: the account of person %s was deleted", p.uuid);
    return 0;
}

int person_delete_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct arena *a = arena_create();
    int result = delete_account(app, in, out, a, e);
    arena_free(a);
    return result;
}

/* ---- on the terminal ---- */

static double number(const cJSON *out, const char *group, const char *name)
{
    return json_number_or(json_get(out, group), name, 0);
}

static void say_left(const cJSON *out)
{
    const cJSON *left;
    cJSON_ArrayForEach(left, json_get(out, "left"))
    {
        const char *department = json_string(left, "department");
        printf("Left without: %s%s%s.\n", json_string_or(left, "role", ""),
               department ? " of " : "", department ? department : "");
    }
    if (number(out, "stays", "drafts") > 0)
        printf("Left without an owner: drafts of courses: %.0f. Authors and administrators can go "
               "on\nwith them.\n",
               number(out, "stays", "drafts"));
}

static void say_plan(const cJSON *out)
{
    const char *email = json_string(out, "email");
    printf("%s%s%s%s, uuid %s\n", json_string_or(out, "name", ""), email ? " <" : "",
           email ? email : "", email ? ">" : "", json_string_or(out, "uuid", ""));
    printf(
        "Goes, for good:\n"
        "  name, e-mail addresses, staff number, password, sign-in links; signed out at once\n"
        "  profile, titles; appointments and roles end now, review links they gave are withdrawn\n"
        "  what they wrote for themselves: journal entries: %.0f, commitments: %.0f\n"
        "  follow-ups, answers inside lessons, choices in cases, time on task, what was not\n"
        "  handed in, credits from elsewhere, requests for an alternative\n"
        "  that it was they who challenged something: %.0f\n"
        "  certificates that still wait to be made: %.0f\n",
        number(out, "goes", "journal"), number(out, "goes", "commitments"),
        number(out, "goes", "challenges"), number(out, "goes", "certificates_waiting"));
    printf(
        "Stays, with “" FORMER_MEMBER "” for a name:\n"
        "  completions: %.0f, with the learning checks handed in: figures of the past stay\n"
        "  certificates: %.0f, in the name that is signed in them, with their links as they are\n"
        "  the ledger and the audit, which hold numbers only\n"
        "Backups keep all of it for up to %.0f days.\n",
        number(out, "stays", "completions"), number(out, "stays", "certificates"),
        json_number_or(out, "backup_days", 0));
    say_left(out);
}

static void say_done(const cJSON *out)
{
    printf(
        "Deleted the account %s. Its certificates (%.0f) and completions (%.0f) stand as they "
        "did.\nBackups keep it for up to %.0f days. Should one of them be restored, say the same "
        "again:\n  understory person delete %s --yes --reason …\n",
        json_string_or(out, "uuid", ""), number(out, "stays", "certificates"),
        number(out, "stays", "completions"), json_number_or(out, "backup_days", 0),
        json_string_or(out, "uuid", ""));
    say_left(out);
}

/* Was the name typed? */
static bool is_typed(const char *name)
{
    char typed[1024];
    fputs("To delete the account, type the name: ", stderr);
    fflush(stderr);
    if (!fgets(typed, sizeof typed, stdin))
        typed[0] = '\0';
    typed[strcspn(typed, "\r\n")] = '\0';
    return name && strcmp(typed, name) == 0;
}

static int only_shown(const char *why)
{
    fprintf(stderr, "Nothing was changed%s\n", why);
    return PERSON_ONLY_SHOWN;
}

/* 0: go on; else the exit code. */
static int confirm(const cJSON *in, const cJSON *plan, bool json)
{
    if (json)
        command_print_json(plan);
    else if (json_string(plan, "name"))
        say_plan(plan);
    if (json_bool_or(plan, "last_administrator", false))
        return only_shown(": this is the only administrator here.");
    if (json)
        return only_shown("; to do it, say --yes.");
    if (!json_string(plan, "name"))
        return only_shown(": it was deleted before; --yes looks for what is left.");
    if (!json_string(in, "reason"))
        return only_shown("; to do it, say why: --reason TEXT.");
    return is_typed(json_string(plan, "name")) ? 0 : only_shown(".");
}

static int carry_out(const struct command_line *line, const cJSON *in, const char *uuid, bool json)
{
    struct error e = {0};
    cJSON *order = cJSON_Duplicate(in, true), *out = cJSON_CreateObject();
    int result = EXIT_DONE;
    cJSON_DeleteItemFromObjectCaseSensitive(order, "yes");
    json_put_bool(order, "yes", true);
    if (uuid) { /* who was shown, whatever the address leads to by now */
        cJSON_DeleteItemFromObjectCaseSensitive(order, "person");
        json_put(order, "person", uuid);
    }
    if (control_call(line, "person.delete", order, out, &e))
        result = command_fail(line, &e);
    else if (json)
        command_print_json(out);
    else
        say_done(out);
    cJSON_Delete(order);
    cJSON_Delete(out);
    return result;
}

int person_delete(const struct command_line *line, const cJSON *in, bool json)
{
    if (json_bool_or(in, "yes", false))
        return carry_out(line, in, NULL, json);
    struct error e = {0};
    cJSON *plan = cJSON_CreateObject();
    int result = control_call(line, "person.delete", in, plan, &e) ? command_fail(line, &e)
                                                                   : confirm(in, plan, json);
    if (result == EXIT_DONE)
        result = carry_out(line, in, json_string(plan, "uuid"), json);
    cJSON_Delete(plan);
    return result;
}
