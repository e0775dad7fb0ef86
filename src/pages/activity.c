/*
 * POST /courses/{course}/active       our own script says that somebody is at work on a page of it
 * GET  /courses/{course}/facilitator  the discussion guide, to print
 */
#include "http/response.h"
#include "pages/study_view.h"
#include "pages/tool_view.h"

/* Nothing is sent but the signal: which minute it is, the server's clock says. study_enrolment
 * notes it like any other page of the course. */
static int active_post(struct request *rq, struct error *e)
{
    struct enrolment en;
    int begun = study_enrolment(rq, &en, e);
    if (begun < 0)
        return -1;
    if (!begun)
        return error_set(e, ERROR_CONFLICT, "This course has not been begun.");
    return response_empty(rq, 204);
}

static int facilitator_page(struct request *rq, struct error *e)
{
    struct enrolment en;
    if (study_enrolment(rq, &en, e) < 0)
        return -1;
    const struct publication *p = en.publication;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Discussion guide");
    view_course(view, rq, p);
    view_course_crumbs(view, rq, p);
    view_text(view, "version", p->version);
    view_tools(view, rq, p, course_href(rq->arena, p->course));
    view_text(view, "facilitator_html", p->facilitator_html);
    return response_page(rq, "facilitator", view);
}

const struct route activity_routes[] = {
    {METHOD_POST, "/courses/{course}/active", active_post, .who = ACCESS_SIGNED_IN,
     .body_max = 1024,
     .summary =
         "Somebody is at work on a page of the course; counted once a minute, for themselves"},
    {METHOD_GET, "/courses/{course}/facilitator", facilitator_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .summary = "The guide for who leads a discussion of the course, to print"},
    {0},
};
