/*
 * Does a request that changes something come from our own page? First the browser's word for where
 * it was made: Sec-Fetch-Site decides alone when present; else Origin must be ours; with neither,
 * no. Then the form token: a keyed hash of the session's token, so nothing is stored and another
 * session's token is worthless.
 */
#include "base/hash.h"
#include "base/text.h"
#include "http/internal.h"
#include <string.h>
#include <strings.h>

bool site_allows(const struct settings *s, const char *sec_fetch_site, const char *origin,
                 const char *host)
{
    if (sec_fetch_site)
        return strcmp(sec_fetch_site, "same-origin") == 0;
    if (!origin)
        return false;
    if (text_equal(origin, s->origin))
        return true;
    /* A trial is visited as http://localhost:PORT; the guard has seen that Host is loopback. */
    return s->trial && host && host_is_loopback(host, 0) && text_starts(origin, "http://") &&
           strcasecmp(origin + 7, host) == 0;
}

int site_check(const struct exchange *x, struct refusal *r)
{
    const struct headers *h = &x->headers;
    if (x->row->route->flags & ROUTE_SELF_AUTHENTICATING)
        return 0;
    if (site_allows(x->server->options.settings, h->sec_fetch_site, h->origin, h->host))
        return 0;
    return refuse(r, 403, false,
                  "This was sent from another site or by a program that does not say where it is "
                  "from, so it was not acted on.");
}

int form_token_check(struct exchange *x, struct refusal *r)
{
    if (x->row->route->flags & (ROUTE_SELF_AUTHENTICATING | ROUTE_NO_FORM_TOKEN))
        return 0;
    const char *given = x->headers.form_token ? x->headers.form_token : x->input.form_token;
    const char *right = request_form_token(&x->rq);
    if (given && *right && strlen(given) == strlen(right) &&
        bytes_equal(given, right, strlen(right)))
        return 0;
    x->stale_form = true;
    return refuse(
        r, 403, false,
        "The page that you sent this from was opened under another sign-in, or before you "
        "last signed in. So we ask once more before anything is done.");
}
