/* The routes that belong to the server itself. */
#include "http/internal.h"
#include <string.h>

static int plain(struct request *rq, int status, const char *text)
{
    response_bytes(rq, "text/plain; charset=utf-8", text, strlen(text), NULL);
    rq->exchange->status = status;
    return 0;
}

/* The process answers. */
static int healthz(struct request *rq, struct error *e)
{
    (void)e;
    return plain(rq, 200, "ok\n");
}

/* It can take work: everything around it has started, it is not draining, and the writer has met no
 * I/O error. */
static int readyz(struct request *rq, struct error *e)
{
    struct server *s = rq->exchange->server;
    struct db *db = rq->learning->db;
    (void)e;
    if (atomic_load(&s->draining))
        return plain(rq, 503, "stopping\n");
    if (!atomic_load(&s->ready))
        return plain(rq, 503, "starting\n");
    if (db && db_failed(db))
        return plain(rq, 503, "the database cannot be written\n");
    return plain(rq, 200, "ready\n");
}

static int api(struct request *rq, struct error *e)
{
    struct server *s = rq->exchange->server;
    (void)e;
    return response_bytes(rq, "application/json", s->api, s->api_length, NULL);
}

const struct route builtin_routes[] = {
    {.method = METHOD_GET,
     .pattern = "/healthz",
     .run = healthz,
     .who = ACCESS_PUBLIC,
     .summary = "Does the process answer?",
     .flags = ROUTE_PROBE | ROUTE_NO_STORE},
    {.method = METHOD_GET,
     .pattern = "/readyz",
     .run = readyz,
     .who = ACCESS_PUBLIC,
     .summary = "Can it take work?",
     .flags = ROUTE_PROBE | ROUTE_NO_STORE},
    {.method = METHOD_GET,
     .pattern = "/api",
     .run = api,
     .who = ACCESS_PUBLIC,
     .summary = "This description"},
    {0},
};
