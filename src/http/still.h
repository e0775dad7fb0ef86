/*
 * The site's public pages, written down: what a stranger would get, without a server, for a folder
 * that any web server can host. The handlers and templates are those of the site, so a page says
 * neither more nor less than it did there. What only a running server could do (signing in, forms,
 * scripts) templates leave out: {{#page.still}} and {{^page.still}}.
 */
#ifndef HTTP_STILL_H
#define HTTP_STILL_H
#include "base/instant.h"
#include "http/server.h"
#include <cjson/cJSON.h>

struct still;

/* `now` is the moment that every page speaks of. The options as for server_start, and they must
 * outlive it; their settings' listen is not looked at. One thread at a time. */
struct still *still_open(const struct server_options *options, instant now, struct error *e);
void still_close(struct still *s); /* NULL is fine */

struct still_answer {
    int status; /* 200, or why there is nothing: 403, 404 */
    const char *bytes;
    size_t length; /* both of the still's, until its next answer */
};

/* GET of a public address without a query. -1 with e when the site could not answer now. */
int still_get(struct still *s, const char *path, struct still_answer *out, struct error *e);

/* A page that the site itself does not have: a template and its view, of which it takes ownership.
 * `path` is where it will stand. */
int still_page(struct still *s, const char *path, const char *template_name, cJSON *view,
               struct still_answer *out, struct error *e);

/* The style sheets and images that pages refer to, by number; false past the end. */
bool still_asset(const struct still *s, size_t index, const char **path, const void **bytes,
                 size_t *length);

#endif
