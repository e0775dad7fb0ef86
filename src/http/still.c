/* An exchange without a connection: routed, answered by its handler, and read from the buffer. */
#include "http/still.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/internal.h"
#include <stdlib.h>
#include <string.h>

struct still {
    struct server *server;
    struct workspace *space;
    instant now;
};

struct still *still_open(const struct server_options *options, instant now, struct error *e)
{
    struct server *server = server_prepare(options, e);
    if (!server)
        return NULL;
    server->still = true;
    struct still *s = memory_array(1, sizeof *s);
    s->server = server;
    s->space = workspace_create();
    s->now = now;
    return s;
}

void still_close(struct still *s)
{
    if (!s)
        return;
    workspace_free(s->space);
    server_free(s->server);
    free(s);
}

static void begin(struct still *s, struct exchange *x, const char *path)
{
    static const struct mg_request_info nobody = {.remote_addr = ""};
    arena_reset(s->space->arena);
    *x = (struct exchange){.server = s->server, .space = s->space, .info = &nobody};
    x->log_pattern = "-";
    x->rq = (struct request){.arena = s->space->arena,
                             .learning = s->server->options.learning,
                             .settings = s->server->options.settings,
                             .app = s->server->options.app,
                             .now = s->now,
                             .method = METHOD_GET,
                             .path = path,
                             .query = "",
                             .exchange = x};
}

/* What the handler put into the buffer; an error that would have been a page is none here. */
static int end(struct exchange *x, int result, struct still_answer *out, struct error *e)
{
    const struct buf *body = &x->space->out;
    request_reader_release(&x->rq);
    *out = (struct still_answer){0};
    if (result) {
        out->status = error_status(e->kind);
        if (out->status != 403 && out->status != 404)
            return error_prefix(e, "%s", x->rq.path);
        *e = (struct error){0};
        return 0;
    }
    if (x->answer != ANSWER_READY || x->status != 200 || body->overflow)
        return error_set(e, ERROR_INTERNAL, "%s cannot be written down (status %d)", x->rq.path,
                         x->status);
    out->status = x->status;
    out->bytes = body->data + HEAD_ROOM;
    out->length = body->length - HEAD_ROOM;
    return 0;
}

int still_get(struct still *s, const char *path, struct still_answer *out, struct error *e)
{
    struct exchange x;
    unsigned allowed;
    begin(s, &x, path);
    x.row = router_match(&s->server->router, METHOD_GET, path, x.params, &allowed);
    if (!x.row || x.row->route->who != ACCESS_PUBLIC)
        return error_set(e, ERROR_INTERNAL, "%s is no public address", path);
    x.rq.route = x.row->route;
    return end(&x, x.row->route->run(&x.rq, e), out, e);
}

int still_page(struct still *s, const char *path, const char *template_name, cJSON *view,
               struct still_answer *out, struct error *e)
{
    struct exchange x;
    begin(s, &x, path);
    return end(&x, response_page(&x.rq, template_name, view), out, e);
}

bool still_asset(const struct still *s, size_t index, const char **path, const void **bytes,
                 size_t *length)
{
    const struct assets *as = &s->server->assets;
    size_t i = 0;
    while (i < as->count && (text_ends(as->list[i].name, ".js") || index-- > 0))
        i++;
    if (i == as->count)
        return false;
    *path = as->list[i].url;
    *bytes = as->list[i].data;
    *length = as->list[i].length;
    return true;
}
