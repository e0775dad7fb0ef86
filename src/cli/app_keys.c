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

/* What the database knows better than the folder, which may be an older one that was restored. */
static int reconcile(struct app *app, const char *folder, struct key_ring *ring,
                     const struct known_key *known, int count, struct error *e)
{
    for (int i = 0; i < count; i++) {
        const struct signing_key *key = key_ring_find(ring, known[i].id);
        if (!key && !known[i].compromised_at)
            log_line(LOG_WARNING,
                     "the file of the signing key %s is missing; its public half stays published, "
                     "so what it signed stays good",
                     known[i].id);
        if (!known[i].compromised_at) {
            key_ring_publish(ring, known[i].id, known[i].first_at);
        } else if (key && key->state != KEY_COMPROMISED) {
            log_line(LOG_WARNING,
                     "the signing key %s was compromised; the secret that came back is destroyed",
                     known[i].id);
            if (key_change(folder, known[i].id, KEY_COMPROMISED, clock_now(app->clock), e))
                return -1;
            key_ring_compromise(ring, known[i].id, known[i].compromised_at);
        }
    }
    return 0;
}

static int load(struct app *app, struct arena *a, struct error *e)
{
    const char *folder = app_path(a, app->settings, APP_KEYS);
    struct key_unlock unlock = app_key_unlock(app);
    struct known_key *known;
    unlock.opened = issuer_ring(app->issuer);
    if (!has_signing_key(folder))
        return error_set(e, ERROR_NOT_FOUND,
                         "the signing keys are missing (%s): restore them from their backup; if "
                         "they are lost for good, see `understory key --help`",
                         folder);
    struct conn *c = db_read_begin(app->db, e);
    int count = c ? signing_keys_known(c, a, &known, e) : -1;
    db_read_end(app->db, c);
    struct key_ring *ring = count < 0 ? NULL : key_ring_open(folder, &unlock, e);
    if (!ring)
        return -1;
    if (reconcile(app, folder, ring, known, count, e)) {
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
