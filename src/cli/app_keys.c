/* The folder of keys and the issuer: at the start, and again whenever a key has changed. */
#include "base/log.h"
#include "base/text.h"
#include "cli/app.h"
#include "credential/keys.h"
#include "learning/holdings.h"
#include "learning/signing_key.h"
#include <dirent.h>
#include <sodium.h>
#include <stdlib.h>

struct key_unlock app_key_unlock(const struct app *app)
{
    return (struct key_unlock){.passphrase_file = app->settings->key_passphrase_file,
                               .credentials = getenv("CREDENTIALS_DIRECTORY")};
}

int app_key_passphrase(const struct app *app, char **out, struct error *e)
{
    struct error why = {0};
    struct key_unlock unlock = app_key_unlock(app);
    *out = key_passphrase(&unlock, &why);
    if (*out || why.kind == ERROR_NOT_FOUND)
        return 0;
    return error_set(e, why.kind, "%s", why.message);
}

static bool has_signing_key(const char *folder)
{
    DIR *d = opendir(folder);
    if (!d)
        return false;
    const struct dirent *entry;
    bool found = false;
    while (!found && (entry = readdir(d)))
        found = entry->d_name[0] != '.' && text_ends(entry->d_name, ".json");
    closedir(d);
    return found;
}

bool app_keys_are_missing(const struct app *app)
{
    struct arena *a = arena_create(); /* the app's is for its start: commands run side by side */
    bool missing = !has_signing_key(app_path(a, app->settings, APP_KEYS));
    arena_free(a);
    return missing;
}

/* A key of the database's that has no file here: published all the same when it signed here. */
static int publish_without_file(struct app *app, struct conn *c, struct key_ring *ring,
                                const struct known_key *known, struct error *e)
{
    int signed_here = signing_key_signed_here(c, issuer_did(app->issuer), known->id, e);
    if (signed_here < 0)
        return -1;
    log_line(LOG_WARNING,
             signed_here
                 ? "the file of the signing key %s is missing; its public half stays published, so "
                   "what it signed stays good"
                 : "the database names a signing key %s that has no file here and signed no "
                   "certificate here; it is not published",
             known->id);
    if (signed_here)
        key_ring_publish(ring, known->id, known->first_at);
    return 0;
}

static int withdraw_again(struct app *app, const char *folder, struct key_ring *ring,
                          const struct known_key *known, struct error *e)
{
    log_line(LOG_WARNING,
             "the signing key %s was compromised; the secret that came back is destroyed",
             known->id);
    if (key_change(folder, known->id, KEY_COMPROMISED, clock_now(app->clock), e))
        return -1;
    key_ring_compromise(ring, known->id, known->compromised_at);
    return 0;
}

/* What the database knows better than the folder, which may be an older one that was restored. */
static int reconcile(struct app *app, struct conn *c, const char *folder, struct key_ring *ring,
                     struct arena *a, struct error *e)
{
    struct known_key *known;
    int count = signing_keys_known(c, a, &known, e), result = count < 0 ? -1 : 0;
    for (int i = 0; i < count && result == 0; i++) {
        const struct signing_key *key = key_ring_find(ring, known[i].id);
        if (known[i].unheard_of)
            log_line(LOG_WARNING,
                     "the database marks the signing key %s as compromised, and the audit knows "
                     "nothing of that: it is not believed; look at `understory audit verify`",
                     known[i].id);
        if (!key && !known[i].compromised_at)
            result = publish_without_file(app, c, ring, &known[i], e);
        else if (key && known[i].compromised_at && key->state != KEY_COMPROMISED)
            result = withdraw_again(app, folder, ring, &known[i], e);
    }
    return result;
}

static int load(struct app *app, struct arena *a, struct error *e)
{
    const char *folder = app_path(a, app->settings, APP_KEYS);
    struct key_unlock unlock = app_key_unlock(app);
    unlock.opened = issuer_ring(app->issuer);
    if (!has_signing_key(folder))
        return error_set(e, ERROR_NOT_FOUND,
                         "the signing keys are missing (%s): restore them from their backup; if "
                         "they are lost for good, see `understory key --help`",
                         folder);
    struct key_ring *ring = key_ring_open(folder, &unlock, e);
    if (!ring)
        return -1;
    struct conn *c = db_read_begin(app->db, e);
    int result = c ? reconcile(app, c, folder, ring, a, e) : -1;
    db_read_end(app->db, c);
    if (result) {
        key_ring_free(ring);
        return -1;
    }
    issuer_take_keys(app->issuer, ring);
    return 0;
}

int app_load_keys(struct app *app, struct error *e)
{
    if (!app->issuer)
        return error_set(e, ERROR_CONFLICT, "there is no issuer: the log of the start says why");
    struct arena *a = arena_create();
    int result = load(app, a, e);
    arena_free(a);
    return result;
}

/* Sealed where the server has a passphrase. */
static int make_first_key(struct app *app, const char *folder, struct error *e)
{
    char *passphrase;
    if (app_key_passphrase(app, &passphrase, e))
        return -1;
    int result = key_create(folder, KEY_ACTIVE, passphrase, clock_now(app->clock), NULL, e);
    sodium_free(passphrase);
    return result;
}

/*
 * A first key is made only for a database that has issued nothing: after a restore without the
 * keys, a new key would sign in the old one's name and nobody would notice that it is missing.
 */
static int open_keys(struct app *app, unsigned flags, struct error *e)
{
    const char *folder = app_path(app->arena, app->settings, APP_KEYS);
    struct holdings h;
    if (!(flags & APP_NO_NEW_KEY) && !has_signing_key(folder)) {
        if (holdings_read(app->db, app->arena, &h, e) ||
            (h.key_count == 0 && make_first_key(app, folder, e)))
            return -1;
    }
    return app_load_keys(app, e);
}

void app_open_issuer(struct app *app, unsigned flags)
{
    struct error e = {0};
    app->issuer = issuer_create(app->settings->origin, app->settings->coe_name, &e);
    if (app->issuer && open_keys(app, flags, &e))
        issuer_without_keys(app->issuer, e.message);
    if (!issuer_can_sign(app->issuer) && !(flags & APP_NO_NEW_KEY))
        log_line(LOG_ERROR,
                 "no certificate can be made now: %s. Completions are recorded and certificates "
                 "wait.",
                 app->issuer ? issuer_reason(app->issuer, app->arena) : e.message);
}
