#include "cli/app.h"
#include "base/log.h"
#include "base/memory.h"
#include "course/source.h"
#include "learning/activity.h"
#include "learning/answer_memory.h"
#include "learning/publishing.h"
#include "learning/secret.h"
#include "learning/session_cache.h"
#include "learning/tlog.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

const char *app_path(struct arena *a, const struct settings *s, const char *name)
{
    return arena_printf(a, "%s/%s", s->data, name);
}

/* ---- the data folder ---- */

static int make_folder(const char *path, struct error *e)
{
    struct stat st;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return error_set(e, ERROR_IO, "%s cannot be made: %s", path, strerror(errno));
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return error_set(e, ERROR_IO, "%s is not a folder", path);
    if (st.st_mode & 077)
        log_line(LOG_WARNING, "the data folder can be read by others; chmod 700 it");
    return 0;
}

static int take_lock(struct app *app, struct error *e)
{
    const char *path = app_path(app->arena, app->settings, "lock");
    app->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (app->lock < 0)
        return error_set(e, ERROR_IO, "%s cannot be opened: %s", path, strerror(errno));
    if (flock(app->lock, LOCK_EX | LOCK_NB) == 0)
        return 0;
    return error_set(e, ERROR_BUSY, "%s is in use by another understory process",
                     app->settings->data);
}

/* ---- courses ---- */

static void log_course_errors(const struct course_source *source)
{
    const struct diagnostic *list;
    int count = course_diagnostics(source, &list);
    for (int i = 0; i < count; i++)
        if (list[i].severity == SEVERITY_ERROR)
            log_line(LOG_ERROR, "%s:%d:%d: error[%s]: %s", list[i].file, list[i].line,
                     list[i].column, list[i].code, list[i].message);
}

static void publish(struct app *app, const struct course_source *source, const char *name)
{
    struct error e = {0};
    int64_t id;
    if (course_errors(source) > 0) {
        log_course_errors(source);
        log_line(LOG_ERROR, "course %s has errors and was not published", name);
    } else if (publish_first(&app->learning, source, clock_now(app->clock), &id, &e)) {
        log_line(LOG_ERROR, "course %s was not published: %s", name, e.message);
    } else {
        log_line(LOG_INFO, "course %s: published %s", name, course_publication(source)->version);
    }
}

static bool is_published(struct app *app, const char *course)
{
    struct error e = {0};
    return shelf_current(app->shelf, course, &e) != NULL || e.kind != ERROR_NOT_FOUND;
}

static int list_folders(struct app *app, const char ***names)
{
    struct error e = {0};
    int n = course_folders(app->settings->courses, app->arena, names, &e);
    if (n < 0)
        log_line(LOG_WARNING, "the folder of courses cannot be read: %s", e.message);
    return n;
}

/* Items' ids are unique across courses, so new ones are read together. */
static void publish_new(struct app *app)
{
    const char **folders;
    int found = list_folders(app, &folders);
    struct course_source **sources =
        arena_array(app->arena, (size_t)(found > 0 ? found : 1), sizeof(struct course_source *));
    const char **names = arena_array(app->arena, (size_t)(found > 0 ? found : 1), sizeof *names);
    int count = 0;
    for (int i = 0; i < found; i++) {
        struct error e = {0};
        if (is_published(app, folders[i]))
            continue;
        const char *path = arena_printf(app->arena, "%s/%s", app->settings->courses, folders[i]);
        sources[count] = course_read(path, clock_now(app->clock), &e);
        names[count] = folders[i];
        if (sources[count])
            count++;
        else
            log_line(LOG_ERROR, "course %s: %s", folders[i], e.message);
    }
    if (count > 0)
        course_check_together(sources, count);
    for (int i = 0; i < count; i++) {
        publish(app, sources[i], names[i]);
        course_free(sources[i]);
    }
}

void app_compare_courses(struct app *app)
{
    const char **folders;
    struct arena *a = arena_create();
    struct error e = {0};
    int found = course_folders(app->settings->courses, a, &folders, &e);
    for (int i = 0; i < found; i++) {
        char hash[65];
        struct error why = {0};
        const struct publication *current = shelf_current(app->shelf, folders[i], &why);
        const char *path = arena_printf(a, "%s/%s", app->settings->courses, folders[i]);
        if (!current || course_folder_hash(path, hash, &why) || strcmp(hash, current->hash) == 0)
            continue;
        if (shelf_by_hash(app->shelf, folders[i], hash, &why))
            log_line(LOG_INFO,
                     "course %s: its folder holds an earlier version than the one people study, "
                     "and changes nothing",
                     folders[i]);
        else
            log_line(LOG_INFO,
                     "course %s: its folder differs from the publication people study; "
                     "`understory publish %s` shows what would change",
                     folders[i], folders[i]);
    }
    arena_free(a);
}

void app_review_dates(struct app *app)
{
    const struct publication *const *list;
    int n = shelf_list(app->shelf, &list);
    for (int i = 0; i < n; i++) {
        const struct lesson *where = NULL;
        const char *date = publication_review_by(list[i], &where);
        instant due;
        if (!date || !instant_parse_date(date, &due))
            continue;
        int64_t days = (due + INSTANT_DAY - clock_now(app->clock)) / INSTANT_DAY;
        if (due + INSTANT_DAY <= clock_now(app->clock))
            log_line(LOG_WARNING,
                     "course %s, lesson %s: a statement was to be reviewed by %s; learners see it "
                     "folded, as under review",
                     list[i]->course, where->id, date);
        else if (days <= REVIEW_NOTICE_DAYS)
            log_line(LOG_WARNING, "course %s, lesson %s: a statement is to be reviewed by %s",
                     list[i]->course, where->id, date);
    }
}

static void open_courses(struct app *app, unsigned flags)
{
    struct error e = {0};
    const char *site = arena_printf(app->arena, "%s/site.json", app->settings->courses);
    if (shelf_load_site(app->shelf, site, &e))
        log_line(LOG_WARNING, "%s", e.message);
    if (flags & APP_PUBLISH)
        publish_new(app);
}

/* ---- keys ---- */

/*
 * No key is made while the signing keys are missing, either: the folder of keys is about to be
 * restored, and what was sealed with a key of this day could not be opened with the one of then.
 */
static void open_secret(struct app *app, unsigned flags)
{
    struct error e = {0};
    const char *keys = app_path(app->arena, app->settings, APP_KEYS);
    bool quiet = flags & APP_NO_NEW_KEY;
    bool has_keys = issuer_did_document(app->issuer, app->arena) != NULL;
    app->secret = secret_open(keys, app->db, !quiet && has_keys, &e);
    if (!app->secret && !quiet)
        log_line(LOG_ERROR, "private writing is closed: %s",
                 e.message[0] ? e.message
                              : "no key is made for it while the signing keys are missing");
}

/* As for private writing: no new key while the signing keys are missing. */
static int open_log(struct app *app, unsigned flags, struct error *e)
{
    const char *keys = app_path(app->arena, app->settings, APP_KEYS);
    bool quiet = flags & APP_NO_NEW_KEY;
    bool has_keys = issuer_did_document(app->issuer, app->arena) != NULL;
    app->tlog = tlog_open(keys, app->db, app->settings->origin, !quiet && has_keys, e);
    if (!app->tlog)
        return -1;
    if (tlog_problem(app->tlog) && !quiet)
        log_line(LOG_ERROR, "the log of certificates publishes nothing new: %s",
                 tlog_problem(app->tlog));
    return 0;
}

/* ---- open and close ---- */

struct app *app_open(const struct settings *settings, const struct clock *clock, unsigned flags,
                     struct error *e)
{
    struct app *app = memory_array(1, sizeof *app);
    app->settings = settings;
    app->clock = clock;
    app->arena = arena_create();
    app->lock = -1;
    umask(077); /* whatever this process makes from here on is its own */
    if (make_folder(settings->data, e) || take_lock(app, e))
        goto err0;
    app->db = db_open(&(struct db_options){.path = app_path(app->arena, settings, APP_DATABASE),
                                           .readers = (int)settings->readers},
                      e);
    if (!app->db)
        goto err0;
    app->shelf = shelf_create(app->db);
    app->learning = (struct learning){.db = app->db,
                                      .shelf = app->shelf,
                                      .sessions = session_cache_create(),
                                      .activity = activity_create(),
                                      .answers = answer_memory_create(),
                                      .settings = settings,
                                      .clock = clock};
    open_courses(app, flags);
    app_open_issuer(app, flags);
    app->learning.issuer = app->issuer;
    open_secret(app, flags);
    app->learning.secret = app->secret;
    if (open_log(app, flags, e))
        goto err0;
    app->learning.tlog = app->tlog;
    return app;
err0:
    app_close(app);
    return NULL;
}

void app_close(struct app *app)
{
    if (!app)
        return;
    issuer_free(app->issuer);
    db_close(app->db); /* what was queued may still read publications */
    tlog_free(app->tlog);
    secret_free(app->secret);
    shelf_free(app->shelf);
    session_cache_free(app->learning.sessions);
    answer_memory_free(app->learning.answers);
    activity_free(app->learning.activity);
    if (app->lock >= 0)
        close(app->lock); /* and with it the lock */
    arena_free(app->arena);
    free(app);
}
