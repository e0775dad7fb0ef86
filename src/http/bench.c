/*
 * The floor that script/bench measures pages against: the same guard, routing, checks and sending,
 * with a constant page and a one-row write behind them. Only with the setting bench_routes.
 */
#include "db/db.h"
#include "http/internal.h"
#include "http/sql.h"
#include <string.h>

#define PAGE_BYTES ((size_t)8192)

static int bench_page(struct request *rq, struct error *e)
{
    static const char start[] = "<!doctype html><html lang=\"en\"><title>Floor</title><p>";
    char *page = arena_alloc(rq->arena, PAGE_BYTES);
    (void)e;
    memset(page, '.', PAGE_BYTES);
    memcpy(page, start, sizeof start - 1);
    return response_bytes(rq, "text/html; charset=utf-8", page, PAGE_BYTES, NULL);
}

static int insert(struct conn *c, void *arg, struct error *e)
{
    const instant *at = arg;
    if (db_exec(c, &sql_bench_table, e, "") < 0)
        return -1;
    return db_exec(c, &sql_bench_insert, e, "i", (int64_t)*at) < 0 ? -1 : 0;
}

static int bench_save(struct request *rq, struct error *e)
{
    instant at = rq->now;
    if (db_write(rq->learning->db, insert, &at, e))
        return -1;
    return response_empty(rq, 204);
}

const struct route bench_routes[] = {
    {.method = METHOD_GET,
     .pattern = "/bench/page",
     .run = bench_page,
     .who = ACCESS_PUBLIC,
     .summary = "A constant page",
     .flags = ROUTE_BENCH},
    {.method = METHOD_POST,
     .pattern = "/bench/save",
     .run = bench_save,
     .who = ACCESS_PUBLIC,
     .body_max = 4096,
     .summary = "One durable row",
     .flags = ROUTE_BENCH | ROUTE_NO_FORM_TOKEN},
    {0},
};
