/*
 * The web server: one value from start to stop. civetweb is inside and does not show.
 *
 *     server_start → workers answer → server_ready → (SIGTERM) server_drain_and_stop
 *
 * Draining: /readyz turns 503 and every answer says Connection: close; connections already made are
 * served, new ones are not taken; when nothing has arrived for a moment and nothing is in flight
 * (at most ten seconds) the workers end.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H
#include "base/embedded.h"
#include "base/error.h"
#include "base/settings.h"
#include "http/route.h"
#include "learning/learning.h"
#include <stddef.h>

struct server;

struct server_options {
    const struct settings
        *settings;             /* listen, origin, host, trial, workers, trusted_proxy, site_… */
    struct learning *learning; /* for handlers, sessions and roles */
    void *app;                 /* handed to handlers as rq->app */
    const struct route *const
        *tables;                /* NULL-terminated list of tables, each ending in a zeroed row */
    const struct nav_item *nav; /* ends with a zeroed item; may be NULL */
    const struct embedded_file *files; /* web_files: templates/NAME.mustache and static/NAME.EXT */
    size_t file_count;
    const char *build; /* the footer's build line */
};

/* Everything the options point to must outlive the server. NULL with e: a route row that cannot be
 * right, a template that does not parse, an address that is taken. */
struct server *server_start(const struct server_options *options, struct error *e);
int server_port(const struct server *s); /* the port it listens on (settings.listen may say 0) */
/* What belongs to it (the control socket, due work) has started too: /readyz says yes from now on.
 */
void server_ready(struct server *s);
/* Ends it gracefully (see above) and frees it. NULL is fine. */
void server_drain_and_stop(struct server *s);

#endif
