/*
 * Start and stop. civetweb is given no document root, no CORS, no files: every request is answered
 * in begin_request, which it calls before any of that.
 */
#include "http/server.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/internal.h"
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TEMPLATES "templates/"
#define SUFFIX    ".mustache"

static int load_templates(struct server *s, struct error *e)
{
    s->templates = templates_create();
    for (size_t i = 0; i < s->options.file_count; i++) {
        const struct embedded_file *f = &s->options.files[i];
        size_t n = strlen(f->path), prefix = sizeof TEMPLATES - 1, suffix = sizeof SUFFIX - 1;
        char name[256];
        if (!text_starts(f->path, TEMPLATES) || !text_ends(f->path, SUFFIX))
            continue;
        if (n - prefix - suffix >= sizeof name)
            return error_set(e, ERROR_INTERNAL, "%s: the name is too long", f->path);
        memcpy(name, f->path + prefix, n - prefix - suffix);
        name[n - prefix - suffix] = 0;
        if (templates_add(s->templates, name, (const char *)f->data, f->length, e))
            return -1;
    }
    return 0;
}

static int build_routes(struct server *s, struct error *e)
{
    const struct route *all[64] = {builtin_routes, bench_routes};
    size_t n = 2;
    for (size_t i = 0; s->options.tables && s->options.tables[i]; i++) {
        if (n + 1 >= sizeof all / sizeof *all)
            return error_set(e, ERROR_INTERNAL, "more tables of routes than the server takes");
        all[n++] = s->options.tables[i];
    }
    return router_build(&s->router, all, s->options.settings->bench_routes, e);
}

/* ---- civetweb's callbacks other than the request itself ---- */

/* A worker that wakes up does not take the processor from who is at work: that may be the thread
 * that writes the database, for which all workers that save something wait (sched(7), SCHED_BATCH;
 * where it is refused nothing is lost but some speed). */
static void *thread_start(const struct mg_context *mg, int thread_type)
{
    if (thread_type != 1)
        return NULL;
    sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0});
    return mg_get_user_data(mg);
}

static int connection_start(const struct mg_connection *mg, void **data)
{
    struct server *s = mg_get_user_context_data(mg);
    *data = NULL;
    atomic_fetch_add_explicit(&s->connections, 1, memory_order_relaxed);
    return 0;
}

static void connection_end(const struct mg_connection *mg)
{
    struct server *s = mg_get_user_context_data(mg);
    atomic_fetch_sub_explicit(&s->connections, 1, memory_order_relaxed);
}

/* Its own messages quote addresses and requests; what matters is in our log. */
static int swallow(const struct mg_connection *mg, const char *message)
{
    (void)mg;
    (void)message;
    return 1;
}

static int start_civetweb(struct server *s, struct error *e)
{
    const struct settings *settings = s->options.settings;
    char threads[24], why[256] = "";
    snprintf(threads, sizeof threads, "%ld", s->workers);
    const char *configuration[] = {
        "listening_ports",
        settings->listen,
        "num_threads",
        threads,
        "enable_keep_alive",
        "yes",
        "keep_alive_timeout_ms",
        "5000",
        "request_timeout_ms",
        "5000",
        "tcp_nodelay",
        "1",
        "decode_url",
        "no", /* the guard wants to see the address as it was sent */
        "enable_directory_listing",
        "no",
        "listen_backlog",
        "512",
        "max_request_size",
        "16384",
        NULL,
    };
    struct mg_callbacks callbacks = {
        .begin_request = http_begin_request,
        .http_error = http_parse_error,
        .log_message = swallow,
        .init_connection = connection_start,
        .connection_closed = connection_end,
        .init_thread = thread_start,
    };
    struct mg_init_data init = {&callbacks, s, configuration};
    struct mg_error_data error = {.text = why, .text_buffer_size = sizeof why};
    struct mg_server_port ports[4];
    s->mg = mg_start2(&init, &error);
    if (!s->mg)
        return error_set(e, ERROR_IO,
                         "cannot listen on %s: %s. Is another server running, or does the address "
                         "belong to another machine?",
                         settings->listen, why);
    if (mg_get_server_ports(s->mg, 4, ports) < 1)
        return error_set(e, ERROR_IO, "cannot tell the port of %s", settings->listen);
    s->port = ports[0].port;
    return 0;
}

void server_free(struct server *s)
{
    if (s->mg)
        mg_stop(s->mg);
    router_free(&s->router);
    assets_free(&s->assets);
    templates_free(s->templates);
    cJSON_Delete(s->site);
    for (struct workspace *w = s->pile, *next; w; w = next) {
        next = w->next;
        workspace_free(w);
    }
    pthread_mutex_destroy(&s->pile_lock);
    free(s->api);
    free(s);
}

/* Civetweb begins to answer before it says which port it took, so a fixed one is read beforehand.
 */
static int listening_port(const char *listen)
{
    const char *colon = strrchr(listen, ':');
    int64_t port = 0;
    text_to_int64(colon ? colon + 1 : listen, 0, 65535, &port);
    return (int)port;
}

struct server *server_prepare(const struct server_options *options, struct error *e)
{
    struct server *s = memory_array(1, sizeof *s);
    pthread_mutex_init(&s->pile_lock, NULL);
    memcpy((void *)(uintptr_t)&s->options, options, sizeof *options);
    if (load_templates(s, e) || assets_build(&s->assets, options, e) || build_routes(s, e)) {
        server_free(s);
        return NULL;
    }
    s->site = site_view(options, &s->assets);
    return s;
}

struct server *server_start(const struct server_options *options, struct error *e)
{
    struct server *s = server_prepare(options, e);
    if (!s)
        return NULL;
    s->workers = options->settings->workers > 0 ? options->settings->workers : 64;
    s->port = listening_port(options->settings->listen);
    s->policy = (struct guard_policy){options->settings->host, options->settings->trial, s->port};
    if (openapi_build(s, e) || start_civetweb(s, e)) {
        server_free(s);
        return NULL;
    }
    return s;
}

int server_port(const struct server *s)
{
    return s->port;
}

void server_ready(struct server *s)
{
    atomic_store(&s->ready, true);
}

/* ---- stopping ---- */

#define DRAIN_MAX_US   10000000
#define DRAIN_QUIET_US 200000

static void drain(struct server *s)
{
    static const struct timespec moment = {0, 5000000};
    int64_t start = clock_monotonic_us();
    int listener = socket_listening_on(s->port);
    atomic_store(&s->draining, true);
    if (listener < 0 || socket_refuse_new(listener))
        log_line(LOG_WARNING, "new connections cannot be held off while stopping");
    for (;;) {
        int64_t now = clock_monotonic_us();
        int64_t last = atomic_load(&s->last_arrival);
        int64_t quiet = now - (last > start ? last : start);
        if (atomic_load(&s->in_flight) == 0 && quiet >= DRAIN_QUIET_US)
            return;
        if (now - start > DRAIN_MAX_US) {
            log_line(LOG_WARNING, "stopping although %d requests are not answered",
                     atomic_load(&s->in_flight));
            return;
        }
        nanosleep(&moment, NULL);
    }
}

void server_drain_and_stop(struct server *s)
{
    if (!s)
        return;
    drain(s);
    server_free(s);
}
