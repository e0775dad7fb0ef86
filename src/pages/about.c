/* What the site says of itself: GET /help, /accessibility, /privacy. The words are in the
 * templates. */
#include "http/response.h"
#include "pages/view.h"
#include <string.h>

static int about_page(struct request *rq, const char *title, const char *template_name)
{
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", title);
    view_int(view, "backup_keep_days", rq->settings->backup_keep_days);
    return response_page(rq, template_name, view);
}

static int help_page(struct request *rq, struct error *e)
{
    (void)e;
    return about_page(rq, "Help", "help");
}

static int accessibility_page(struct request *rq, struct error *e)
{
    (void)e;
    return about_page(rq, "Accessibility", "accessibility");
}

static int privacy_page(struct request *rq, struct error *e)
{
    (void)e;
    return about_page(rq, "Privacy", "privacy");
}

const struct route about_routes[] = {
    {METHOD_GET, "/help", help_page, .who = ACCESS_PUBLIC, .summary = "Help"},
    {METHOD_GET, "/accessibility", accessibility_page, .who = ACCESS_PUBLIC,
     .summary = "The accessibility statement"},
    {METHOD_GET, "/privacy", privacy_page, .who = ACCESS_PUBLIC,
     .summary = "What is kept, who sees it, and what nobody sees"},
    {0},
};
