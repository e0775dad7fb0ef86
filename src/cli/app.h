/*
 * The wiring that commands share: the data folder and its lock, the database, the shelf with its
 * courses, the issuer. Opened in that order and closed in the opposite one.
 *
 * The lock (DATA/lock) is held for as long as the app is open, because only one process may write
 * or checkpoint the database file. Commands that may meet a running server go through control.h.
 */
#ifndef CLI_APP_H
#define CLI_APP_H
#include "base/arena.h"
#include "base/settings.h"
#include "credential/keys.h"
#include "learning/learning.h"
#include <stdatomic.h>

#define APP_DATABASE "understory.db" /* in the data folder */
#define APP_KEYS     "keys"

struct app {
    const struct settings *settings;
    const struct clock *clock;
    struct arena *arena;
    int lock; /* the descriptor that holds the lock */
    struct db *db;
    struct shelf *shelf;
    struct issuer *issuer; /* its keys may be missing or not usable (the log says why) */
    struct secret *secret; /* NULL: likewise */
    struct tlog *tlog;     /* without its key it publishes nothing more */
    struct learning learning;
    int port;             /* the server's, 0 when none runs in this process */
    atomic_bool stopping; /* long reading is given up: nobody waits for it at the end */
};

enum app_flags {
    APP_PUBLISH = 1,    /* publish the shipped courses that have no publication yet */
    APP_NO_NEW_KEY = 2, /* missing keys are not made, and nothing is said about them */
};

/*
 * Makes the data folder (0700) when it is missing. A course with errors, or a folder of courses
 * that cannot be read, is a line in the log and nothing more: the app opens all the same.
 * ERROR_BUSY when another process holds the lock. Settings and clock must outlive the app.
 */
struct app *app_open(const struct settings *settings, const struct clock *clock, unsigned flags,
                     struct error *e);
void app_close(struct app *app); /* NULL is fine */

/* One line in the log for each course whose folder differs from its current publication. Reads
 * every file, so it is not done while starting. */
void app_compare_courses(struct app *app);
/* One line in the log for each course with a review-by date that has passed or is near. */
#define REVIEW_NOTICE_DAYS 30
void app_review_dates(struct app *app);

/* ---- keys ---- */

void app_open_issuer(struct app *app, unsigned flags); /* for app_open */
/* Reads the folder of keys anew and lets the issuer sign with what it finds. -1 with e: the issuer
 * keeps the keys that it has. Only at the start and in commands whose turn is CONTROL_KEYS. */
int app_load_keys(struct app *app, struct error *e);
/* No key file is there at all. */
bool app_keys_are_missing(const struct app *app);
/* Where secrets that do not stand in their files are found. */
struct key_unlock app_key_unlock(const struct app *app);
/* The passphrase that new keys are sealed under: 0 with NULL when nobody gave one; sodium_free. */
int app_key_passphrase(const struct app *app, char **out, struct error *e);

/* "DATA/name" in the arena. */
const char *app_path(struct arena *a, const struct settings *s, const char *name);

#endif
