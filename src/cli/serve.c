/*
 * `understory serve`: the process from start to stop.
 *
 *   settings → app (lock, database, courses, keys) → site → HTTP → control socket → clock thread
 *   … until SIGTERM, SIGINT or SIGHUP, or the disk gives an error …
 *   control socket → HTTP drains → clock thread → app
 *
 * Signals are blocked in every thread and taken by the main thread alone, so a second one during
 * the drain is simply never delivered.
 */
#include "base/log.h"
#include "cli/app.h"
#include "cli/chores.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/control.h"
#include "cli/version.h"
#include "http/server.h"
#include "pages/pages.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

static const char help[] =
    "usage: understory serve [--print-config] [--SETTING VALUE…]\n"
    "\n"
    "Runs the server until SIGTERM or Ctrl-C; requests under way are finished first.\n"
    "\n"
    "  --print-config  show every setting, its value and its meaning, and stop\n"
    "  --now TIME      start the clock at this time (for tests), as 2026-07-01T17:05:09Z\n"
    "  --SETTING VALUE any setting, '-' for '_'; see --print-config\n"
    "\n"
    "Examples:\n"
    "  understory serve                              # a trial on http://127.0.0.1:8080\n"
    "  understory serve --data /var/lib/understory --origin https://train.example.edu\n"
    "  understory serve --print-config > /var/lib/understory/understory.conf\n"
    "\n"
    "Exit: 0 stopped by a signal, 1 could not start or the disk gave an error, 2 usage.\n";

static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is a disk error, with words in the log */
}

/* True: asked to stop. False: the writer met an I/O error. */
static bool wait_for_the_end(const sigset_t *set, const struct db *db)
{
    const struct timespec slice = {.tv_nsec = 200000000};
    for (;;) {
        int number = sigtimedwait(set, NULL, &slice);
        if (number > 0) {
            log_line(LOG_INFO, "stopping: finishing what is under way");
            return true;
        }
        if (number < 0 && errno != EAGAIN && errno != EINTR)
            return true;
        if (db_failed(db)) {
            log_line(LOG_ERROR, "the disk gave an error: nothing more is saved, stopping");
            return false;
        }
    }
}

static void announce(const struct app *app)
{
    printf("Listening on http://127.0.0.1:%d%s\n", app->port,
           app->settings->trial ? " (a trial: certificates say Demonstration)" : "");
    fflush(stdout);
}

static int serve(struct app *app, struct site *site, const sigset_t *signals, struct error *e)
{
    int result = -1;
    struct control *control = NULL;
    struct chores *chores = NULL;
    struct server_options options = {.settings = app->settings,
                                     .learning = &app->learning,
                                     .app = site,
                                     .tables = pages_routes(),
                                     .nav = pages_nav(),
                                     .files = web_files,
                                     .file_count = web_files_count,
                                     .build = version_line()};
    struct server *server = server_start(&options, e);
    if (!server)
        return -1;
    app->port = server_port(server);
    control = control_start(app, e);
    if (!control)
        goto out;
    chores = chores_start(app, e);
    if (!chores)
        goto out;
    server_ready(server);
    announce(app);
    result = wait_for_the_end(signals, app->db) ? 0 : -1;
    if (result)
        error_set(e, ERROR_IO, "stopped after a disk error; see the log, then check the disk");
out:
    control_stop(control);
    server_drain_and_stop(server);
    chores_stop(chores);
    return result;
}

/* Without fonts the site teaches all the same; a logo that is no picture is a setting to mend. */
static int open_press(const struct settings *settings, struct press **press, struct error *e)
{
    *press = press_open(settings, e);
    if (*press || e->field[0])
        return *press ? 0 : -1;
    log_line(LOG_ERROR, "certificates cannot be printed: %s", e->message);
    *e = (struct error){0};
    return 0;
}

static int run(const struct command_line *line)
{
    struct error e = {0};
    struct press *press = NULL;
    struct site *site = NULL;
    struct app *app = NULL;
    sigset_t signals;
    int result = -1;
    block_signals(&signals);
    if (open_press(&line->settings, &press, &e) == 0 && (site = site_create(&line->settings, &e)))
        app = app_open(&line->settings, &line->clock, APP_PUBLISH, &e);
    if (app) {
        app->learning.press = press;
        result = serve(app, site, &signals, &e);
    }
    app_close(app);
    site_free(site);
    press_close(press);
    return result ? command_fail(line, &e) : EXIT_DONE;
}

static int print_config(const struct settings *s)
{
    struct buf b;
    buf_init(&b, (size_t)64 * 1024);
    settings_print(s, &b);
    fwrite(b.data, 1, b.length, stdout);
    buf_free(&b);
    return EXIT_DONE;
}

int cmd_serve(int argc, char **argv)
{
    struct command_line line;
    bool print = false;
    const struct command_option options[] = {{"print-config", NULL, &print}, {0}};
    if (command_helped(argc, argv, help))
        return EXIT_DONE;
    int result = command_begin_options(&line, "serve", options, &argc, argv);
    if (result == 0)
        result = command_no_more(&line, argc, argv);
    if (result == 0)
        result = print ? print_config(&line.settings) : run(&line);
    command_end(&line);
    return result;
}
