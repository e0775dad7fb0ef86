/* The folder of keys and the issuer: at the start, and again whenever a key has changed. */
#include "base/log.h"
#include "base/text.h"
#include "cli/app.h"
#include "credential/keys.h"
#include "learning/holdings.h"
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

int app_load_keys(struct app *app, struct error *e)
{
    if (!app->issuer)
        return error_set(e, ERROR_CONFLICT, "there is no issuer: the log of the start says why");
    struct key_unlock unlock = app_key_unlock(app);
    struct key_ring *ring =
        key_ring_open(app_path(app->arena, app->settings, APP_KEYS), &unlock, e);
    if (!ring)
        return -1;
    issuer_take_keys(app->issuer, ring);
    return 0;
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
    if (!has_signing_key(folder)) {
        if (flags & APP_NO_NEW_KEY)
            return error_set(e, ERROR_NOT_FOUND, "the signing keys are missing (%s)", folder);
        if (holdings_read(app->db, app->arena, &h, e))
            return -1;
        if (h.key_count > 0)
            return error_set(e, ERROR_NOT_FOUND,
                             "the signing keys are missing (%s); restore them from their backup",
                             folder);
        if (make_first_key(app, folder, e))
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
