/* What every page's view holds besides its own: see response.h. */
#include "base/json.h"
#include "base/text.h"
#include "http/internal.h"
#include <string.h>
#include <strings.h>

cJSON *site_view(const struct server_options *o, const struct assets *as)
{
    cJSON *site = cJSON_CreateObject();
    json_put(site, "name", o->settings->site_name);
    json_put(site, "coe", o->settings->coe_name);
    json_put(site, "funding", o->settings->funding);
    json_put(site, "build", o->build);
    json_put(site, "origin", o->settings->origin);
    cJSON *list = json_object(site, "asset");
    for (size_t i = 0; i < as->count; i++)
        json_put(list, as->list[i].key, as->list[i].url);
    return site;
}

/* Strings that outlive the view are referred to, not copied: a page adds some thirty of them. */
static void put(cJSON *object, const char *name, const char *value)
{
    if (value)
        cJSON_AddItemToObjectCS(object, name, cJSON_CreateStringReference(value));
}

/* Templates ask for it most, and look from the beginning. */
static void put_first(cJSON *object, const char *name, cJSON *value)
{
    cJSON *before = object->child;
    cJSON_AddItemToObjectCS(object, name, value);
    if (!before)
        return;
    cJSON *made = cJSON_DetachItemViaPointer(object, value);
    cJSON_InsertItemInArray(object, 0, made);
}

static const char *first_name(struct arena *a, const char *name)
{
    size_t n = strcspn(name, " ");
    return arena_strndup(a, name, n);
}

static void put_nav(struct exchange *x, cJSON *page)
{
    const struct nav_item *item = x->server->options.nav;
    const char *here = x->row ? x->row->route->nav : NULL;
    cJSON *nav = cJSON_AddArrayToObject(page, "nav");
    for (; item && item->key; item++) {
        if (!request_may(&x->rq, item->who, NULL))
            continue;
        cJSON *entry = json_item(nav);
        put(entry, "key", item->key);
        put(entry, "label", item->label);
        put(entry, "href", item->href);
        json_put_bool(entry, "current", here && strcmp(here, item->key) == 0);
    }
}

/* The path of our own page that a request came from, or NULL. */
static const char *referring_path(const struct exchange *x)
{
    const char *referer = x->headers.referer, *host = x->headers.host;
    if (!referer || !host)
        return NULL;
    const char *rest = strstr(referer, "://");
    size_t n = strlen(host);
    if (!rest || strncasecmp(rest + 3, host, n) != 0 || !path_is_local(rest + 3 + n))
        return NULL;
    return rest + 3 + n;
}

const char *page_back_href(const struct exchange *x)
{
    const char *path = referring_path(x);
    return path ? path : "/";
}

/* Sign-in returns to the step asked for; for a form that was refused, to the form's page. */
const char *page_sign_in_href(struct exchange *x)
{
    struct request *rq = &x->rq;
    bool hidden = x->row && (x->row->route->flags & (ROUTE_NO_REFERRER | ROUTE_NO_FORM_TOKEN));
    const char *back = rq->path ? rq->path : "/";
    if (!method_is_safe(rq->method))
        back = page_back_href(x);
    else if (hidden)
        back = "/"; /* the sign-in page itself, a secret path */
    else if (*rq->query)
        back = arena_printf(rq->arena, "%s?%s", back, rq->query);
    if (!path_is_local(back) || strcmp(back, "/") == 0)
        return "/sign-in";
    return arena_printf(rq->arena, "/sign-in?return_to=%s",
                        text_percent_encode(rq->arena, back, true));
}

void page_put(struct exchange *x, cJSON *view)
{
    struct request *rq = &x->rq;
    const char *title = json_string_or(view, "title", ""), *h1 = json_string_or(view, "h1", title);
    cJSON *page = cJSON_CreateObject();
    if (rq->wants_json) {
        json_put(page, "title", title);
        json_put(page, "form_token", request_form_token(rq));
        cJSON_AddItemToObjectCS(view, "page", page);
        return;
    }
    const struct session *session = request_session(rq);
    put(page, "title", arena_printf(rq->arena, "%s – %s", h1, rq->settings->site_name));
    put(page, "h1", arena_strdup(rq->arena, h1));
    put(page, "path", rq->path ? rq->path : "/");
    put(page, "language", "en");
    put(page, "form_token", request_form_token(rq));
    json_put_bool(page, "is_trial", rq->settings->trial);
    json_put_bool(page, "still", x->server->still);
    if (session) {
        const char *name = request_person_name(rq);
        cJSON *who = json_object(page, "signed_in");
        put(who, "id", session->person_uuid);
        put(who, "name", name);
        put(who, "first", first_name(rq->arena, name));
    } else {
        put(page, "sign_in_href", page_sign_in_href(x));
    }
    put_nav(x, page);
    cJSON_AddItemReferenceToObject(page, "site", x->server->site);
    put_first(view, "page", page);
}
