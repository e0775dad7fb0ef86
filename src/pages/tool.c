/*
 * GET /courses/{course}/tools/{tool}  one printed page, for anybody: whoever holds a sheet on a
 * ward may look it up without an account. Who studies the course gets the version they study,
 * everybody else the current one.
 */
#include "http/response.h"
#include "pages/lesson_view.h"
#include "pages/study_view.h"
#include "pages/tool_view.h"
#include <string.h>

const char *words_tool(struct arena *a, const char *name)
{
    char *words = arena_strdup(a, name);
    for (char *s = words; *s; s++)
        *s = *s == '-' || *s == '_' ? ' ' : *s;
    return words_capital(a, words);
}

const char *tool_href(struct arena *a, const char *base, const char *name)
{
    return arena_printf(a, "%s/tools/%s", base, name);
}

void view_tools(cJSON *view, struct request *rq, const struct publication *p, const char *base)
{
    cJSON *tools = view_list(view, "tools");
    for (int i = 0; i < p->lesson_count; i++)
        for (int k = 0; k < p->lessons[i].piece_count; k++) {
            const struct piece *piece = &p->lessons[i].pieces[k];
            if (piece->kind != PIECE_TOOL)
                continue;
            cJSON *tool = view_item(tools);
            view_text(tool, "name", words_tool(rq->arena, piece->ref));
            view_text(tool, "lesson", p->lessons[i].title);
            view_text(tool, "href", tool_href(rq->arena, base, piece->ref));
        }
    view_bool(view, "has_tools", cJSON_GetArraySize(tools) > 0);
}

int view_tool(cJSON *view, struct request *rq, const struct publication *p, struct error *e)
{
    const struct lesson *lesson = NULL;
    const struct piece *tool = publication_tool(p, request_param(rq, "tool"), &lesson);
    if (!tool)
        return error_set(e, ERROR_NOT_FOUND, "There is no such tool in “%s”.", p->title);
    view_text(view, "title", words_tool(rq->arena, tool->ref));
    view_text(view, "tool_html", tool->html);
    view_text(view, "lesson", lesson->title);
    view_text(view, "version", p->version);
    view_references(view, rq, p, tool, 1);
    return 0;
}

static int tool_page(struct request *rq, struct error *e)
{
    struct enrolment en;
    if (request_resolve(rq, e) || study_enrolment(rq, &en, e) < 0)
        return -1;
    const struct publication *p = en.publication;
    cJSON *view = cJSON_CreateObject();
    view_course(view, rq, p);
    if (request_person_id(rq))
        view_course_crumbs(view, rq, p);
    if (view_tool(view, rq, p, e)) {
        cJSON_Delete(view);
        return -1;
    }
    return response_page(rq, "tool", view);
}

const struct route tool_routes[] = {
    {METHOD_GET, "/courses/{course}/tools/{tool}", tool_page, .who = ACCESS_PUBLIC,
     .nav = "courses", .summary = "A tool of a course on a page of its own, to print"},
    {0},
};
