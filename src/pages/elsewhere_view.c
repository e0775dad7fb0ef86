/* A certificate in other places: LinkedIn's form and a wallet. */
#include "pages/elsewhere_view.h"
#include "base/text.h"

static const char *pair(struct arena *a, const char *name, const char *value)
{
    return arena_printf(a, "&%s=%s", name, text_percent_encode(a, value, false));
}

/* "&issueYear=2026&issueMonth=12", on the site's calendar. */
static const char *month_pairs(struct request *rq, const char *what, instant at)
{
    const char *day = words_iso_date(rq, at), *month = day[5] == '0' ? day + 6 : day + 5;
    return arena_printf(rq->arena, "&%sYear=%.4s&%sMonth=%.*s", what, day, what,
                        day[5] == '0' ? 1 : 2, month);
}

/* LinkedIn's own form, filled in. The address is only followed when its holder does so; nothing is
 * loaded from there. "" when there is nothing to show to others. */
static const char *linkedin_href(struct request *rq, const struct certificate *c,
                                 const struct verify_report *r)
{
    struct arena *a = rq->arena;
    if (r->verdict != VERDICT_VALID || !c->shared)
        return "";
    const char *url = arena_printf(a, "%s/v/%s", settings_address(rq->settings, a), c->token);
    return arena_printf(
        a, "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME%s%s%s%s%s%s",
        pair(a, "name", r->title), pair(a, "organizationName", rq->settings->coe_name),
        month_pairs(rq, "issue", c->earned_at),
        c->valid_until ? month_pairs(rq, "expiration", c->valid_until) : "",
        pair(a, "certUrl", url), pair(a, "certId", words_code(a, c->token)));
}

void view_elsewhere(cJSON *view, struct request *rq, const struct certificate *c,
                    const struct verify_report *r)
{
    struct arena *a = rq->arena;
    view_text(view, "linkedin_href", linkedin_href(rq, c, r));
    view_text(
        view, "credential_url",
        arena_printf(a, "%s/v/%s/credential.json", settings_address(rq->settings, a), c->token));
}
