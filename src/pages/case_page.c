/*
 * GET  /courses/{course}/case/{case}         where the reader stands in the story; at an end, what
 *                                            was chosen, what followed and what else was open
 * POST /courses/{course}/case/{case}/choose  one way to go on; what followed is shown before the
 *                                            story moves on (?followed=1)
 * POST /courses/{course}/case/{case}/back    back to a decision, or to the start; the path until
 *                                            now is kept
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

/* What else was open at a decision: only once an end is reached. */
static void put_others(cJSON *step, const struct case_state *s, int i)
{
    const struct scene *left = &s->it->scenes[s->path[i].scene];
    bool at_end = s->it->scenes[s->scene].end;
    cJSON *others = view_list(step, "others");
    for (int k = 0; at_end && k < left->choice_count; k++)
        if (k != s->path[i].choice)
            view_text(view_item(others), "choice_html", left->choices[k].html);
    view_bool(step, "has_others", cJSON_GetArraySize(others) > 0);
}

/* `keep`: how many choices stand before this one, to go back to it. A scene with one way on is no
 * decision. */
static void put_taken(cJSON *step, struct request *rq, const struct case_state *s, int i)
{
    const struct scene *left = &s->it->scenes[s->path[i].scene];
    const struct choice *choice = &left->choices[s->path[i].choice];
    int number = s->skipped + i + 1;
    view_int(step, "number", number);
    view_int(step, "keep", number - 1);
    view_bool(step, "is_decision", left->choice_count > 1);
    view_text(step, "words", arena_printf(rq->arena, "Choice %d", number));
    view_text(step, "scene_name", left->title);
    view_text(step, "choice_html", choice->html);
    view_text(step, "consequence_html", choice->consequence_html);
    put_others(step, s, i);
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

/* "1 of 3 endings": there may be more to see, and none of them is the one right one. */
static void put_endings(cJSON *view, struct request *rq, const struct case_state *s)
{
    int all = 0, reached = 0;
    for (int i = 0; i < s->it->scene_count; i++) {
        all += s->it->scenes[i].end;
        reached += s->reached[i];
    }
    const char *words =
        reached < all ? arena_printf(rq->arena, "You have seen %d of %d endings.", reached, all)
                      : "You have seen every ending.";
    view_text(view, "endings_words", s->it->scenes[s->scene].end && all > 1 ? words : "");
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
    view_activity(view, rq, en.publication);
    view_course_crumbs(view, rq, en.publication);
    view_bool(view, "is_done", s.done);
    view_int(view, "run", s.place.run);
    view_int(view, "made", s.place.choices);
    view_text(view, "back_href", arena_printf(rq->arena, "%s/back", href));
    bool followed = s.path_length > 0 && request_checked(rq, "followed");
    view_bool(view, "has_followed", followed);
    view_bool(view, "has_summary", at_end && !followed);
    view_bool(view, "has_moved_on", request_checked(rq, "moved_on"));
    view_text(view, "intro_html", s.path_length == 0 && s.it->intro_html ? s.it->intro_html : "");
    case_put_state(view, rq, &s);
    put_endings(view, rq, &s);
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
    const char *course, *id, *scene, *choice; /* scene NULL: back */
    struct case_place from;
    int keep;
    instant at;
};

static int write_going_on(struct conn *c, void *arg, struct error *e)
{
    const struct going_on *g = arg;
    struct enrolment en;
    if (enrolment_find(c, g->learning, g->person, g->course, &en, e))
        return -1;
    return g->scene
               ? case_choose(c, g->learning, &en, g->id, g->from, g->scene, g->choice, g->at, e)
               : case_back(c, g->learning, &en, g->id, g->from, g->keep, g->at, e);
}

static int go_on(struct request *rq, const char *scene, const char *choice, struct error *e)
{
    struct going_on g = {
        .learning = rq->learning,
        .person = request_person_id(rq),
        .course = request_param(rq, "course"),
        .id = request_param(rq, "case"),
        .scene = scene,
        .choice = choice,
        .from = {(int)request_integer_or(rq, "run", 0), (int)request_integer_or(rq, "made", 0)},
        .keep = scene ? 0 : (int)request_integer_or(rq, "keep", 0),
        .at = rq->now};
    request_reader_release(rq);
    return db_write(rq->learning->db, write_going_on, &g, e);
}

static int back_to_case(struct request *rq, const char *query)
{
    return response_redirect(rq, arena_printf(rq->arena, "/courses/%s/case/%s%s",
                                              request_param(rq, "course"),
                                              request_param(rq, "case"), query));
}

static int answer(struct request *rq, const char *scene, const char *choice, const char *query,
                  struct error *e)
{
    struct error why = {0};
    if (go_on(rq, scene, choice, &why) == 0)
        return back_to_case(rq, query);
    if (why.kind == ERROR_CONFLICT && !rq->wants_json)
        return back_to_case(rq, "?moved_on=1");
    *e = why;
    return -1;
}

static int case_choice(struct request *rq, struct error *e)
{
    return answer(rq, request_field(rq, "scene"), request_field(rq, "choice"), "?followed=1", e);
}

static int case_taken_back(struct request *rq, struct error *e)
{
    return answer(rq, NULL, NULL, "", e);
}

static const struct field page_fields[] = {
    {.name = "followed",
     .type = FIELD_CHECKBOX,
     .summary = "Show what followed from the latest choice, before the story goes on"},
    {.name = "moved_on",
     .type = FIELD_CHECKBOX,
     .summary = "Say that the story had moved on when the choice came"},
};
/* Without them (a program's request) only the scene is compared. */
#define PLACE_FIELDS                                                                               \
    {.name = "run",                                                                                \
     .type = FIELD_INTEGER,                                                                        \
     .low = 1,                                                                                     \
     .high = 1000000,                                                                              \
     .summary = "Run through the case that the page showed"},                                      \
    {                                                                                              \
        .name = "made", .type = FIELD_INTEGER, .low = 0, .high = 1000000,                          \
        .summary = "Choices made in it when the page was shown"                                    \
    }

static const struct field choice_fields[] = {
    PLACE_FIELDS,
    {.name = "scene",
     .type = FIELD_ID,
     .required = true,
     .summary = "Scene the choice was made in"},
    {.name = "choice", .type = FIELD_ID, .required = true, .summary = "Choice"},
};
static const struct field back_fields[] = {
    PLACE_FIELDS,
    {.name = "keep",
     .type = FIELD_INTEGER,
     .low = 0,
     .high = 1000000,
     .required = true,
     .summary = "Choices of the path to keep; 0 leads to the start"},
};

const struct route case_routes[] = {
    {METHOD_GET, "/courses/{course}/case/{case}", case_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .fields = page_fields, .field_count = 2,
     .summary = "A branching case: the scene, the path so far, at an end what else was open"},
    {METHOD_POST, "/courses/{course}/case/{case}/choose", case_choice, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = 4096, .fields = choice_fields, .field_count = 4,
     .summary = "Go on in a case; the same choice twice changes nothing"},
    {METHOD_POST, "/courses/{course}/case/{case}/back", case_taken_back, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = 4096, .fields = back_fields, .field_count = 3,
     .summary = "Go back to a decision or to the start; the path until now is kept"},
    {0},
};
