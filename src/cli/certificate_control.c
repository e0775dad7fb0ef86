/* Certificates from the command line, inside the server when it runs. */
#include "base/json.h"
#include "cli/certificate.h"
#include "learning/certificate.h"
#include "learning/ledger.h"
#include "learning/people.h"
#include "report/certificate_search.h"

struct act {
    struct app *app;
    const cJSON *in;
    struct arena *arena;
    instant now;
    struct certificate it; /* the one that was named */
    struct certificate made;
};

static int find(struct conn *c, struct act *x, struct error *e)
{
    const char *which = json_string_or(x->in, "certificate", "");
    struct error why = {0};
    if (certificate_find(c, &x->app->learning, which, x->arena, &x->it, &why) == 0)
        return 0;
    if (why.kind != ERROR_NOT_FOUND) {
        *e = why;
        return -1;
    }
    return error_set(e, ERROR_NOT_FOUND,
                     "no certificate here has the code, uuid or link \"%.80s\"; `understory "
                     "certificate list` shows what there is",
                     which);
}

static const char *state_name(const struct certificate *it, instant now)
{
    if (it->state != CERTIFICATE_STANDS)
        return it->state == CERTIFICATE_REVOKED ? "revoked" : "superseded";
    return it->valid_until && now >= it->valid_until ? "expired" : "valid";
}

static void put_time(cJSON *out, const char *name, instant at)
{
    char text[21];
    if (at == 0)
        return;
    instant_rfc3339(at, text);
    json_put(out, name, text);
}

static int put_certificate(cJSON *out, struct conn *c, struct act *x, const struct certificate *it,
                           struct error *e)
{
    struct person holder;
    if (person_get(c, it->person, x->arena, &holder, e))
        return -1;
    json_put(out, "uuid", it->uuid);
    json_put(out, "code", it->token);
    json_put(
        out, "link",
        arena_printf(x->arena, "%s/v/%s", settings_address(x->app->settings, x->arena), it->token));
    json_put(out, "person", holder.uuid);
    json_put(out, "name", holder.name);
    json_put(out, "course", it->course);
    json_put(out, "state", state_name(it, x->now));
    json_put_bool(out, "current", it->current);
    json_put_bool(out, "shared", it->shared);
    put_time(out, "completed", it->earned_at);
    put_time(out, "issued", it->issued_at);
    put_time(out, "valid_until", it->valid_until);
    put_time(out, "withdrawn", it->state_at);
    if (it->state != CERTIFICATE_STANDS)
        json_put(out, "reason", it->state_reason);
    json_put_int(out, "status_list", it->status_list);
    json_put_int(out, "status_index", it->status_index);
    return 0;
}

static void begin(struct act *x, struct app *app, const cJSON *in)
{
    *x = (struct act){.app = app, .in = in, .arena = arena_create(), .now = clock_now(app->clock)};
}

/* Reads `which` once more, as it is now, into `out`. */
static int show(struct act *x, int64_t id, cJSON *out, struct error *e)
{
    struct certificate it;
    struct conn *c = db_read_begin(x->app->db, e);
    int result = !c || certificate_get(c, &x->app->learning, id, x->arena, &it, e) ||
                         put_certificate(out, c, x, &it, e)
                     ? -1
                     : 0;
    db_read_end(x->app->db, c);
    return result;
}

/* ---- the commands ---- */

int certificate_show_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct act x;
    begin(&x, app, in);
    struct conn *c = db_read_begin(app->db, e);
    int result = !c || find(c, &x, e) || put_certificate(out, c, &x, &x.it, e) ? -1 : 0;
    db_read_end(app->db, c);
    arena_free(x.arena);
    return result;
}

int certificate_list_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct certificate_row *rows;
    bool more = false;
    instant now = clock_now(app->clock);
    struct conn *c = db_read_begin(app->db, e);
    if (!c)
        return -1;
    struct arena *a = arena_create();
    int n = certificate_search(c, 0, json_string_or(in, "search", ""),
                               (int64_t)json_number_or(in, "page", 1), a, &rows, &more, e);
    cJSON *list = json_array(out, "certificates");
    for (int i = 0; i < n; i++) {
        cJSON *row = json_item(list);
        bool expired = rows[i].valid_until && now >= rows[i].valid_until;
        json_put(row, "uuid", rows[i].uuid);
        json_put(row, "name", rows[i].person);
        json_put(row, "course", rows[i].course);
        put_time(row, "completed", rows[i].earned_at);
        put_time(row, "issued", rows[i].issued_at);
        json_put(row, "state",
                 rows[i].withdrawn ? rows[i].withdrawn
                 : expired         ? "expired"
                                   : "valid");
        json_put_bool(row, "current", rows[i].current);
    }
    json_put_bool(out, "more", more);
    arena_free(a);
    db_read_end(app->db, c);
    return n < 0 ? -1 : 0;
}

static int write_revoke(struct conn *c, void *arg, struct error *e)
{
    struct act *x = arg;
    return find(c, x, e) ||
                   certificate_revoke(c, &x->app->learning, x->it.id, json_string(x->in, "reason"),
                                      AUDIT_COMMAND_LINE, x->now, e)
               ? -1
               : 0;
}

int certificate_revoke_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct act x;
    begin(&x, app, in);
    int result = db_write(app->db, write_revoke, &x, e) || show(&x, x.it.id, out, e) ? -1 : 0;
    arena_free(x.arena);
    return result;
}

static int write_supersede(struct conn *c, void *arg, struct error *e)
{
    struct act *x = arg;
    return find(c, x, e) ||
                   certificate_reissue(c, &x->app->learning, x->it.id, json_string(x->in, "reason"),
                                       AUDIT_COMMAND_LINE, x->now, &x->made.id, e)
               ? -1
               : 0;
}

int certificate_supersede_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct act x;
    begin(&x, app, in);
    int result = db_write(app->db, write_supersede, &x, e);
    if (result == 0) {
        json_put(out, "superseded", x.it.uuid);
        result = show(&x, x.made.id, out, e);
    }
    arena_free(x.arena);
    return result;
}
