#include "cli/chores.h"
#include "base/log.h"
#include "base/memory.h"
#include "learning/certificate.h"
#include "learning/erasure.h"
#include "learning/signin.h"
#include "learning/signing_key.h"
#include "learning/tlog.h"
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define ROUND_SECONDS 60
#define REISSUE_TIME  (2 * INSTANT_SECOND)
#define AT_ONCE       10 /* certificates tried in one closure: a few milliseconds each at most */

struct chores {
    struct app *app;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    bool stopping;
};

struct due {
    struct app *app;
    instant at;
    int most;            /* certificates in this closure */
    int64_t after, next; /* the enrolment to go on after, and then; 0: the first, or none is left */
};

static int issue(struct conn *c, void *arg, struct error *e)
{
    struct due *d = arg;
    d->next = d->after;
    return certificate_issue_pending(c, &d->app->learning, d->most, &d->next, d->at, e) < 0 ? -1
                                                                                            : 0;
}

/* Not this certificate but the disk, or the end of the server. */
static bool concerns_all(const struct error *e)
{
    return e->kind == ERROR_IO || e->kind == ERROR_FULL || e->kind == ERROR_BUSY;
}

/* Up to one with which something is wrong, and that one, each is tried by itself: a closure is kept
 * as a whole or not at all. */
static void issue_waiting(struct app *app)
{
    struct due d = {.app = app, .at = clock_now(app->clock)};
    int64_t bad = 0;
    do {
        struct error e = {0};
        d.most = d.after < bad ? 1 : AT_ONCE;
        if (db_write(app->db, issue, &d, &e) == 0) {
            d.after = d.next;
            continue;
        }
        bad = d.next;
        if (!bad || concerns_all(&e)) {
            log_line(LOG_WARNING, "waiting certificates: %s", e.message);
            return;
        }
        if (d.most > 1)
            continue;
        log_line(LOG_WARNING, "the certificate that enrolment %lld waits for: %s", (long long)bad,
                 e.message);
        d.after = bad;
    } while (d.next);
}

static int sweep(struct conn *c, void *arg, struct error *e)
{
    const instant *at = arg;
    return session_sweep(c, *at, e) || signin_link_sweep(c, *at, e) ? -1 : 0;
}

/* Certificates of a compromised key that `key compromise` could not make, or did not come to. */
static void reissue(struct app *app)
{
    struct error e = {0};
    struct known_key *keys;
    struct arena *a = arena_create();
    struct conn *c = db_read_begin(app->db, &e);
    int count = c ? signing_keys_known(c, a, &keys, &e) : -1;
    db_read_end(app->db, c);
    for (int i = 0; i < count && issuer_can_sign(app->issuer); i++) {
        struct key_reissue r = {0};
        if (keys[i].compromised_at &&
            signing_key_reissue(&app->learning, keys[i].id, REISSUE_TIME, a, &r, &e))
            break;
    }
    if (e.kind != ERROR_NONE)
        log_line(LOG_WARNING, "certificates of a compromised key: %s", e.message);
    arena_free(a);
}

struct renaming {
    struct app *app;
    int64_t person;
    instant at;
    int left;
};

static int rename_some(struct conn *c, void *arg, struct error *e)
{
    struct renaming *r = arg;
    return certificates_rename(c, &r->app->learning, r->person, AT_ONCE, r->at, &r->left, e);
}

static void rename_rest(struct app *app, int64_t person)
{
    struct error e = {0};
    struct renaming r = {.app = app, .person = person, .at = clock_now(app->clock), .left = 1};
    while (r.left > 0 && e.kind == ERROR_NONE)
        if (db_write(app->db, rename_some, &r, &e))
            log_line(LOG_WARNING, "certificates of a changed name: %s", e.message);
}

/* What a stop between two pieces left in the former name. */
static void rename_half_renamed(struct app *app)
{
    struct error e = {0};
    int64_t persons[AT_ONCE], after = 0;
    int count;
    do {
        struct conn *c = db_read_begin(app->db, &e);
        count = c ? certificates_half_renamed(c, after, AT_ONCE, persons, &e) : -1;
        db_read_end(app->db, c);
        for (int i = 0; i < count; i++)
            rename_rest(app, after = persons[i]);
    } while (count == AT_ONCE);
    if (count < 0)
        log_line(LOG_WARNING, "certificates of a changed name: %s", e.message);
}

void chores_round(struct app *app, bool daily)
{
    struct error e = {0};
    issue_waiting(app);
    reissue(app);
    if (daily)
        rename_half_renamed(app);
    instant at = clock_now(app->clock);
    if (db_write(app->db, sweep, &at, &e))
        log_line(LOG_WARNING, "ended sessions and links: %s", e.message);
    e = (struct error){0};
    if (erasures_go_on(&app->learning, &e))
        log_line(LOG_WARNING, "accounts that were deleted: %s", e.message);
}

static bool stopping(struct chores *c)
{
    pthread_mutex_lock(&c->mutex);
    bool is = c->stopping;
    pthread_mutex_unlock(&c->mutex);
    return is;
}

/* A checkpoint when there are certificates that none covers; after a long history that can be many
 * pieces, and the end of the process waits for one only. */
static void publish_log(struct chores *c)
{
    struct error e = {0};
    struct tlog *t = c->app->tlog;
    if (tlog_problem(t))
        return;
    int more = 1;
    while (more == 1 && !stopping(c))
        more = tlog_publish_piece(t, c->app->db, clock_now(c->app->clock), &e);
    if (more < 0)
        log_line(LOG_WARNING, "the log of certificates: %s", e.message);
}

/* Waits until the next round; false when it is time to end. */
static bool wait_for_round(struct chores *c)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ROUND_SECONDS;
    pthread_mutex_lock(&c->mutex);
    int waited = 0;
    while (!c->stopping && waited != ETIMEDOUT)
        waited = pthread_cond_timedwait(&c->wake, &c->mutex, &until);
    bool on = !c->stopping;
    pthread_mutex_unlock(&c->mutex);
    return on;
}

static void *chores_main(void *arg)
{
    struct chores *c = arg;
    instant told = 0;
    app_compare_courses(c->app);
    do {
        instant now = clock_now(c->app->clock);
        bool daily = now - told >= INSTANT_DAY;
        if (daily) {
            app_review_dates(c->app);
            told = now;
        }
        chores_round(c->app, daily);
        publish_log(c);
    } while (wait_for_round(c));
    return NULL;
}

struct chores *chores_start(struct app *app, struct error *e)
{
    struct chores *c = memory_array(1, sizeof *c);
    c->app = app;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&c->mutex, NULL);
    pthread_cond_init(&c->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&c->thread, NULL, chores_main, c) == 0)
        return c;
    error_set(e, ERROR_INTERNAL, "cannot start the clock thread");
    pthread_mutex_destroy(&c->mutex);
    pthread_cond_destroy(&c->wake);
    free(c);
    return NULL;
}

void chores_stop(struct chores *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->mutex);
    c->stopping = true;
    pthread_cond_signal(&c->wake);
    pthread_mutex_unlock(&c->mutex);
    pthread_join(c->thread, NULL);
    pthread_mutex_destroy(&c->mutex);
    pthread_cond_destroy(&c->wake);
    free(c);
}
