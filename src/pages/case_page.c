/*
 * GET  /courses/{course}/case/{case}        where the reader stands in the story
 * POST /courses/{course}/case/{case}/choose one way to go on; what followed is shown before the
 * story moves on (?followed=1) POST /courses/{course}/case/{case}/again  from the start; the
 * earlier path is kept
 *
 * A choice's rating is for the author alone and is in no view.
 */
#include "http/response.h"
#include "pages/lesson_view.h"
#include <string.h>

/* ---- the view ---- */

static void put_choices(cJSON *scene, const struct scene *here)
{
    cJSON *choices = view_list(scene, "choices");
    for (int i = 0; i < here->choice_count; i++) {
        cJSON *choice = view_item(choices);
        view_text(choice, "id", here->choices[i].id);
        view_text(choice, "choice_html", here->choices[i].html);
    }
}

static void put_scene(cJSON *view, const struct case_state *s)
{
    const struct scene *here = &s->it->scenes[s->scene];
    cJSON *scene = view_object(view, "scene");
    view_text(scene, "id", here->id);
    view_text(scene, "name", here->title);
    view_text(scene, "scene_html", here->html);
    view_bool(scene, "is_end", here->end);
    put_choices(scene, here);
}

static void put_taken(cJSON *step, struct request *rq, const struct case_state *s, int i)
{
    const struct scene *left = &s->it->scenes[s->path[i].scene];
    const struct choice *choice = &left->choices[s->path[i].choice];
    view_int(step, "number", i + 1);
    view_text(step, "words", arena_printf(rq->arena, "Choice %d", i + 1));
    view_text(step, "choice_html", choice->html);
    view_text(step, "consequence_html", choice->consequence_html);
}

static void put_path(cJSON *view, struct request *rq, const struct case_state *s)
{
    cJSON *path = view_list(view, "path");
    for (int i = 0; i < s->path_length; i++)
        put_taken(view_item(path), rq, s, i);
    view_bool(view, "has_path", s->path_length > 0);
    if (s->path_length > 0)
        put_taken(view_object(view, "latest"), rq, s, s->path_length - 1);
    else
        view_bool(view, "latest", false);
}

void case_put_state(cJSON *view, struct request *rq, const struct case_state *s)
{
    put_path(view, rq, s);
    put_scene(view, s);
}

/* Where to go from an end: the one next thing of the course. */
static int put_next(cJSON *view, struct request *rq, const struct enrolment *en, struct error *e)
{
    struct progress progress;
    struct conn *c = request_reader(rq, e);
    if (!c || progress_load(c, rq->learning, en, rq->arena, &progress, e))
        return -1;
    cJSON *next = view_object(view, "next");
    view_text(next, "href", step_href(rq->arena, en->publication->course, &progress.next));
    view_text(next, "label", step_label(rq->arena, &progress.next));
    return 0;
}

static int case_page(struct request *rq, struct error *e)
{
    struct enrolment en;
    struct case_state s;
    int begun = study_enrolment(rq, &en, e);
    if (begun < 0)
        return -1;
    if (!begun)
        return response_redirect(rq, course_href(rq->arena, en.publication->course));
    const char *id = request_param(rq, "case");
    struct conn *c = request_reader(rq, e);
    if (!c || case_load(c, rq->learning, &en, id, rq->arena, &s, e))
        return -1;
    const char *href = arena_printf(rq->arena, "/courses/%s/case/%s", en.publication->course, id);
    bool at_end = s.it->scenes[s.scene].end;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", s.it->title);
    view_text(view, "id", s.it->id);
    view_text(view, "href", href);
    view_course(view, rq, en.publication);
    view_course_crumbs(view, rq, en.publication);
    view_bool(view, "is_done", s.done);
    view_int(view, "run", s.run);
    bool followed = s.path_length > 0 && request_checked(rq, "followed");
    view_bool(view, "has_followed", followed);
    view_bool(view, "has_summary", at_end && !followed);
    view_bool(view, "has_moved_on", request_checked(rq, "moved_on"));
    view_text(view, "intro_html", s.path_length == 0 && s.it->intro_html ? s.it->intro_html : "");
    case_put_state(view, rq, &s);
    if (!at_end) {
        view_bool(view, "next", false);
    } else if (put_next(view, rq, &en, e)) {
        cJSON_Delete(view);
        return -1;
    }
    return response_page(rq, "case", view);
}

/* ---- going on ---- */

struct going_on {
    struct learning *learning;
    int64_t person;
    const char *course, *id, *scene, *choice; /* scene NULL: from the start again */
    instant at;
};

static int write_going_on(struct conn *c, void *arg, struct error *e)
{
    const struct going_on *g = arg;
    struct enrolment en;
    if (enrolment_find(c, g->learning, g->person, g->course, &en, e))
        return -1;
    return g->scene ? case_choose(c, g->learning, &en, g->id, g->scene, g->choice, g->at, e)
                    : case_again(c, g->learning, &en, g->id, g->at, e);
}

static int go_on(struct request *rq, const char *scene, const char *choice, struct error *e)
{
    struct going_on g = {rq->learning,
                         request_person_id(rq),
                         request_param(rq, "course"),
                         request_param(rq, "case"),
                         scene,
                         choice,
                         rq->now};
    request_reader_release(rq);
    return db_write(rq->learning->db, write_going_on, &g, e);
}

static int back_to_case(struct request *rq, const char *query)
{
    return response_redirect(rq, arena_printf(rq->arena, "/courses/%s/case/%s%s",
                                              request_param(rq, "course"),
                                              request_param(rq, "case"), query));
}

static int case_choice(struct request *rq, struct error *e)
{
    struct error why = {0};
    if (go_on(rq, request_field(rq, "scene"), request_field(rq, "choice"), &why) == 0)
        return back_to_case(rq, "?followed=1");
    if (why.kind == ERROR_CONFLICT && !rq->wants_json)
        return back_to_case(rq, "?moved_on=1");
    *e = why;
    return -1;
}

static int case_from_start(struct request *rq, struct error *e)
{
    return go_on(rq, NULL, NULL, e) ? -1 : back_to_case(rq, "");
}

static const struct field page_fields[] = {
    {.name = "followed",
     .type = FIELD_CHECKBOX,
     .summary = "Show what followed from the latest choice, before the story goes on"},
    {.name = "moved_on",
     .type = FIELD_CHECKBOX,
     .summary = "Say that the story had moved on when the choice came"},
};
static const struct field choice_fields[] = {
    {.name = "scene",
     .type = FIELD_ID,
     .required = true,
     .summary = "Scene the choice was made in"},
    {.name = "choice", .type = FIELD_ID, .required = true, .summary = "Choice"},
};

const struct route case_routes[] = {
    {METHOD_GET, "/courses/{course}/case/{case}", case_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .fields = page_fields, .field_count = 2,
     .summary = "A branching case: the scene, the path so far"},
    {METHOD_POST, "/courses/{course}/case/{case}/choose", case_choice, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = 4096, .fields = choice_fields, .field_count = 2,
     .summary = "Go on in a case; the same choice twice changes nothing"},
    {METHOD_POST, "/courses/{course}/case/{case}/again", case_from_start, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = 1024, .summary = "Begin a case again; the earlier path is kept"},
    {0},
};
