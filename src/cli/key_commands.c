/*
 * What `understory key` does inside the server. Every change is one file replaced whole (keys.h),
 * so whatever is cut short leaves a folder that opens; who asked for it stands in the audit before
 * anything is destroyed.
 */
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/key.h"
#include "credential/key_file.h"
#include "learning/ledger.h"
#include "learning/signing_key.h"
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define NAMED_BY 8 /* characters of an id that are enough, when only one begins so */

static const char *folder_of(struct app *app, struct arena *a)
{
    return app_path(a, app->settings, APP_KEYS);
}

/* ---- which ones there are ---- */

/* The keys cannot be read at all? Then why. */
static int check_readable(struct app *app, struct arena *a, struct error *e)
{
    return issuer_did_document(app->issuer, a)
               ? 0
               : error_set(e, ERROR_CONFLICT, "%s", issuer_reason(app->issuer, a));
}

const struct issuer_key *key_find(struct app *app, const char *named, struct arena *a,
                                  const struct issuer_key **all, size_t *count, struct error *e)
{
    const struct issuer_key *found = NULL;
    bool several = false;
    if (check_readable(app, a, e))
        return NULL;
    *count = issuer_keys(app->issuer, a, all);
    for (size_t i = 0; i < *count; i++) {
        const struct issuer_key *key = &(*all)[i];
        if (strlen(named) >= NAMED_BY && text_starts(key->id, named)) {
            several = several || found;
            found = key;
        }
    }
    if (found && !several)
        return found;
    error_set(e, ERROR_NOT_FOUND,
              "%s key whose id begins \"%.64s\"; `understory key list` shows them",
              several ? "there is more than one" : "there is no", named);
    return NULL;
}

static const struct issuer_key *signing_of(const struct issuer_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (keys[i].signs)
            return &keys[i];
    return NULL;
}

static bool is(const struct issuer_key *key, enum key_state state)
{
    return strcmp(key->state, key_state_name(state)) == 0;
}

int key_put(cJSON *out, struct app *app, const struct issuer_key *key, struct error *e)
{
    char created[21], since[21];
    struct key_tally tally;
    struct conn *c = db_read_begin(app->db, e);
    int result = c ? signing_key_tally(c, key->id, 0, &tally, e) : -1;
    db_read_end(app->db, c);
    if (result)
        return -1;
    instant_rfc3339(key->created, created);
    instant_rfc3339(key->since, since);
    json_put(out, "id", key->id);
    json_put(out, "fingerprint", key->fingerprint);
    json_put(out, "state", key->state);
    json_put(out, "form", key->form);
    json_put(out, "created", created);
    json_put(out, "since", since);
    json_put_bool(out, "signs", key->signs);
    json_put(out, "locked", key->locked);
    json_put_int(out, "certificates", tally.certificates);
    return 0;
}

static int put_one(cJSON *out, struct app *app, const char *id, struct arena *a, struct error *e)
{
    const struct issuer_key *all;
    size_t count;
    const struct issuer_key *key = key_find(app, id, a, &all, &count, e);
    return key ? key_put(json_object(out, "key"), app, key, e) : -1;
}

int key_list_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    const struct issuer_key *keys;
    struct arena *a = arena_create();
    int result = check_readable(app, a, e);
    size_t count = result == 0 ? issuer_keys(app->issuer, a, &keys) : 0;
    cJSON *list = json_array(out, "keys");
    for (size_t i = 0; result == 0 && i < count; i++)
        result = key_put(json_item(list), app, &keys[i], e);
    arena_free(a);
    (void)in;
    return result;
}

/* ---- the audit ---- */

struct entry {
    const char *action, *key, *detail;
    instant at;
};

static int write_entry(struct conn *c, void *arg, struct error *e)
{
    const struct entry *x = arg;
    return audit_append(c, AUDIT_COMMAND_LINE, x->action, x->key, x->detail, x->at, e);
}

static int note(struct app *app, const char *action, const char *key, const char *detail,
                struct error *e)
{
    struct entry x = {action, key, detail, clock_now(app->clock)};
    if (db_write(app->db, write_entry, &x, e))
        return -1;
    log_line(LOG_INFO, "control: %s %s%s%s", action, key, *detail ? " " : "", detail);
    return 0;
}

/* ---- a new one ---- */

instant key_moment(struct app *app, const struct issuer_key *before)
{
    instant now = clock_now(app->clock);
    return before && now <= before->since ? before->since + 1 : now;
}

int key_make_next(struct app *app, const struct issuer_key *before, enum key_state state,
                  char id[KEY_ID_TEXT], struct error *e)
{
    char *passphrase = NULL;
    const char *form = before ? before->form : "";
    if (strcmp(form, key_form_name(KEY_CREDENTIAL)) == 0)
        return error_set(
            e, ERROR_CONFLICT,
            "the present key is a systemd credential, which only systemd can make: make "
            "the next one first with `understory key new --credential NAME`");
    if (app_key_passphrase(app, &passphrase, e))
        return -1;
    if (!passphrase && strcmp(form, key_form_name(KEY_SEALED)) == 0)
        return error_set(
            e, ERROR_CONFLICT,
            "the present key is sealed under a passphrase, and nobody gave one to seal "
            "the next one: set key_passphrase_file, or make one first with `understory "
            "key new`");
    struct arena *a = arena_create();
    int result = key_create(folder_of(app, a), state, passphrase, key_moment(app, before), id, e);
    sodium_free(passphrase);
    arena_free(a);
    return result;
}

/* One that the caller has made and sealed, or given to systemd: only its public half comes here. */
static int take_made(struct app *app, const cJSON *in, enum key_state state, char id[KEY_ID_TEXT],
                     struct error *e)
{
    const char *form = json_string_or(in, "form", ""), *given = json_string_or(in, "id", "");
    bool sealed = strcmp(form, key_form_name(KEY_SEALED)) == 0;
    if ((!sealed && strcmp(form, key_form_name(KEY_CREDENTIAL)) != 0) ||
        strlen(given) >= KEY_ID_TEXT)
        return error_set(e, ERROR_INVALID, "this does not describe a new key");
    struct arena *a = arena_create();
    int result = key_write_new(folder_of(app, a), given, sealed ? KEY_SEALED : KEY_CREDENTIAL,
                               json_string_or(in, "value", ""), state, clock_now(app->clock), e);
    arena_free(a);
    memcpy(id, given, strlen(given) + 1);
    return result;
}

static void remove_file(struct app *app, struct arena *a, const char *id)
{
    unlink(arena_printf(a, "%s/%s.json", folder_of(app, a), id));
}

static int make_new(struct app *app, const cJSON *in, cJSON *out, struct arena *a, struct error *e)
{
    const struct issuer_key *keys = NULL;
    char id[KEY_ID_TEXT];
    bool lost = json_bool_or(in, "lost", false) && app->issuer && app_keys_are_missing(app);
    if (!lost && app_load_keys(app, e))
        return -1;
    size_t count = issuer_keys(app->issuer, a, &keys);
    const struct issuer_key *active = signing_of(keys, count);
    enum key_state state = active ? KEY_WAITING : KEY_ACTIVE;
    if (json_string(in, "form") ? take_made(app, in, state, id, e)
                                : key_make_next(app, NULL, state, id, e))
        return -1;
    if (note(app, "key.new", id, key_state_name(state), e) || app_load_keys(app, e)) {
        remove_file(app, a, id);
        return -1;
    }
    return put_one(out, app, id, a, e);
}

int key_new_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct arena *a = arena_create();
    int result = make_new(app, in, out, a, e);
    arena_free(a);
    return result;
}

/* ---- rotate and retire ---- */

static int retire(struct app *app, struct arena *a, const char *id, cJSON *retired, struct error *e)
{
    if (note(app, "key.retire", id, "", e) ||
        key_change(folder_of(app, a), id, KEY_RETIRED, clock_now(app->clock), e))
        return -1;
    cJSON_AddItemToArray(retired, cJSON_CreateString(id));
    return 0;
}

/* The newest one that waits. */
static const struct issuer_key *waiting_of(const struct issuer_key *keys, size_t count)
{
    const struct issuer_key *found = NULL;
    for (size_t i = 0; i < count; i++)
        if (is(&keys[i], KEY_WAITING))
            found = &keys[i];
    return found;
}

/* The key that is to sign next: published, and its secret is here. */
static int find_next(struct app *app, const struct issuer_key *keys, size_t count,
                     char id[KEY_ID_TEXT], cJSON *out, struct error *e)
{
    const struct issuer_key *next = waiting_of(keys, count);
    json_put_bool(out, "made", !next);
    if (next && *next->locked)
        return error_set(e, ERROR_CONFLICT, "the waiting key %s cannot be used here: %s", next->id,
                         next->locked);
    if (next) {
        memcpy(id, next->id, strlen(next->id) + 1);
        return 0;
    }
    return key_make_next(app, signing_of(keys, count), KEY_WAITING, id, e) || app_load_keys(app, e)
               ? -1
               : 0;
}

static int begin_to_sign(struct app *app, struct arena *a, const struct issuer_key *before,
                         const char *id, struct error *e)
{
    const char *detail = before ? arena_printf(a, "after=%s", before->id) : "";
    return note(app, "key.rotate", id, detail, e) ||
                   key_change(folder_of(app, a), id, KEY_ACTIVE, key_moment(app, before), e) ||
                   app_load_keys(app, e)
               ? -1
               : 0;
}

static int rotate(struct app *app, cJSON *out, struct arena *a, struct error *e)
{
    const struct issuer_key *keys;
    char id[KEY_ID_TEXT];
    if (app_load_keys(app, e))
        return -1;
    size_t count = issuer_keys(app->issuer, a, &keys);
    const struct issuer_key *before = signing_of(keys, count);
    bool cut_short = false;
    for (size_t i = 0; i < count; i++)
        cut_short = cut_short || (is(&keys[i], KEY_ACTIVE) && !keys[i].signs);
    json_put_bool(out, "finished", cut_short);
    if (cut_short)
        memcpy(id, before->id, strlen(before->id) + 1);
    else if (find_next(app, keys, count, id, out, e) || begin_to_sign(app, a, before, id, e))
        return -1;
    cJSON *retired = json_array(out, "retired");
    for (size_t i = 0; i < count; i++)
        if (is(&keys[i], KEY_ACTIVE) && strcmp(keys[i].id, id) != 0 &&
            retire(app, a, keys[i].id, retired, e))
            return -1;
    return app_load_keys(app, e) || put_one(out, app, id, a, e) ? -1 : 0;
}

int key_rotate_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    struct arena *a = arena_create();
    int result = rotate(app, out, a, e);
    arena_free(a);
    (void)in;
    return result;
}

int key_retire_command(struct app *app, const cJSON *in, cJSON *out, struct error *e)
{
    const struct issuer_key *keys;
    size_t count;
    int result = -1;
    struct arena *a = arena_create();
    const struct issuer_key *key =
        app_load_keys(app, e) ? NULL
                              : key_find(app, json_string_or(in, "key", ""), a, &keys, &count, e);
    if (!key)
        goto out;
    if (is(key, KEY_RETIRED) || is(key, KEY_COMPROMISED))
        error_set(e, ERROR_CONFLICT, "the key %s is %s already", key->id, key->state);
    else if (key->signs && !waiting_of(keys, count))
        error_set(
            e, ERROR_CONFLICT,
            "the key %s is the one that signs, and no other waits to: `understory key rotate` "
            "makes one and retires this",
            key->id);
    else if (key->signs)
        result = rotate(app, out, a, e);
    else
        result = retire(app, a, key->id, json_array(out, "retired"), e) || app_load_keys(app, e)
                     ? -1
                     : 0;
out:
    arena_free(a);
    return result;
}
