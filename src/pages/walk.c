/*
 * A draft as a learner meets it, through the same templates and the same views. Where somebody
 * stands is in the address alone: no row is read but the draft's own, and none is written.
 *
 * GET  /authoring/{draft}/walk                      the way through
 * GET  /authoring/{draft}/walk/{lesson}             a lesson; ?item=…&answer=… shows a result
 * POST /authoring/{draft}/walk/{lesson}/answer      leads there
 * GET  /authoring/{draft}/walk/case/{case}          a case from its start
 * GET  /authoring/{draft}/walk/case/{case}/{path}   after these choices: "2.1"
 * POST …/{path}/choose, …/{path}/back               lead on and back
 * GET  /authoring/{draft}/walk/tools/{tool}         a tool
 * The learning check is walk_check.c.
 */
#include "base/text.h"
#include "http/response.h"
#include "pages/lesson_view.h"
#include "pages/question_view.h"
#include "pages/tool_view.h"
#include "pages/walk_view.h"
#include <string.h>

#define WALK_CHOICES 48 /* choices in one address */

static const struct error_words has_errors = {
    "This draft has errors", "Everything saved in the draft is still saved.",
    "Go back to the draft: its page names each error and where it stands.", NULL};

int walk_open(struct walk *w, struct request *rq, struct error *e)
{
    *w = (struct walk){.rq = rq};
    w->source = draft_open(rq, &w->draft, e) ? NULL : draft_read(rq, &w->draft, e);
    if (!w->source)
        return -1;
    w->p = course_publication(w->source);
    w->base = draft_href(rq->arena, &w->draft, "/walk");
    if (w->p)
        return 0;
    course_free(w->source);
    rq->error_words = &has_errors;
    return error_set(
        e, ERROR_CONFLICT,
        "The check finds errors in this draft. Once they are mended, you can walk it.");
}

int walk_close(struct walk *w, int result)
{
    course_free(w->source);
    return result;
}

void walk_put(cJSON *view, const struct walk *w)
{
    cJSON *walk = view_object(view, "walk");
    view_text(walk, "href", w->base);
    view_text(walk, "draft_href", draft_href(w->rq->arena, &w->draft, ""));
    cJSON *course = view_object(view, "course");
    view_text(course, "id", w->p->course);
    view_text(course, "title", w->p->title);
    view_text(course, "href", w->base);
    view_draft_crumbs(view, w->rq, &w->draft);
    view_crumb(view, "As a learner", w->base);
}

static const char *case_href(const struct walk *w, const char *id)
{
    return arena_printf(w->rq->arena, "%s/case/%s", w->base, id);
}

static void put_next(cJSON *view, const char *href, const char *label)
{
    cJSON *next = view_object(view, "next");
    view_text(next, "href", href);
    view_text(next, "label", label);
}

/* After case number `i` (from 0): the next case, the check, or back to the overview. */
static void put_next_part(cJSON *view, const struct walk *w, int i)
{
    struct arena *a = w->rq->arena;
    if (i < w->p->case_count)
        put_next(view, case_href(w, w->p->cases[i].id),
                 arena_printf(a, "Next: %s", w->p->cases[i].title));
    else if (w->p->check_draw > 0)
        put_next(view, arena_printf(a, "%s/check", w->base), "Next: the learning check");
    else
        put_next(view, w->base, "Back to the way through");
}

/* ---- the way through ---- */

static void put_part(cJSON *path, const char *name, const char *href, const char *about)
{
    cJSON *part = view_item(path);
    view_text(part, "name", name);
    view_text(part, "href", href);
    view_text(part, "about", about);
}

static void put_path(cJSON *view, const struct walk *w)
{
    struct arena *a = w->rq->arena;
    cJSON *path = view_list(view, "path");
    for (int i = 0; i < w->p->lesson_count; i++)
        put_part(path, w->p->lessons[i].title,
                 arena_printf(a, "%s/%s", w->base, w->p->lessons[i].id),
                 arena_printf(a, "Lesson, %d min", w->p->lessons[i].minutes));
    for (int i = 0; i < w->p->case_count; i++)
        put_part(path, w->p->cases[i].title, case_href(w, w->p->cases[i].id), "Case");
    if (w->p->check_draw > 0)
        put_part(path, "Learning check", arena_printf(a, "%s/check", w->base),
                 arena_printf(a, "%s questions of those in the bank",
                              words_capital(a, words_number(a, w->p->check_draw))));
}

static int walk_page(struct request *rq, struct error *e)
{
    struct walk w;
    if (walk_open(&w, rq, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", w.p->title);
    walk_put(view, &w);
    view_draft_crumbs(view, rq, &w.draft);
    view_text(view, "summary", w.p->summary);
    view_bool(view, "is_pilot", w.p->pilot);
    put_path(view, &w);
    view_tools(view, rq, w.p, w.base);
    cJSON *objectives = view_list(view, "objectives");
    for (int i = 0; i < w.p->objective_count; i++)
        view_text(view_item(objectives), "text", w.p->objectives[i].text);
    return walk_close(&w, response_page(rq, "walk", view));
}

/* ---- lessons ---- */

static int find_lesson(struct walk *w, struct lesson_page *lp, struct error *e)
{
    *lp = (struct lesson_page){.rq = w->rq, .base = w->base, .tools = w->base};
    lp->en.publication = w->p;
    lp->lesson = publication_lesson(w->p, request_param(w->rq, "lesson"), &lp->index);
    if (!lp->lesson)
        return error_set(e, ERROR_NOT_FOUND, "There is no such lesson in this draft.");
    lp->href = arena_printf(w->rq->arena, "%s/%s", w->base, lp->lesson->id);
    return 0;
}

static void put_head(cJSON *view, const struct walk *w, const struct lesson_page *lp)
{
    struct arena *a = w->rq->arena;
    view_text(view, "title", lp->lesson->title);
    view_text(view, "id", lp->lesson->id);
    cJSON *progress = view_object(view, "progress");
    view_int(progress, "done", lp->index);
    view_int(progress, "of", w->p->lesson_count);
    view_text(progress, "words", arena_printf(a, "%d of %d", lp->index, w->p->lesson_count));
    view_text(view, "place_words",
              arena_printf(a, "Lesson %d of %d", lp->index + 1, w->p->lesson_count));
    view_text(view, "minutes_words", words_minutes(a, lp->lesson->minutes));
}

static int show_lesson(struct walk *w, struct lesson_page *lp, int status, struct error *e)
{
    cJSON *view = cJSON_CreateObject();
    walk_put(view, w);
    put_head(view, w, lp);
    if (lesson_put_pieces(lp, view, e)) {
        cJSON_Delete(view);
        return -1;
    }
    lesson_put_references(lp, view);
    if (lp->index + 1 < w->p->lesson_count) {
        const struct lesson *next = &w->p->lessons[lp->index + 1];
        put_next(view, arena_printf(w->rq->arena, "%s/%s", w->base, next->id),
                 arena_printf(w->rq->arena, "Next: %s", next->title));
    } else {
        put_next_part(view, w, 0);
    }
    return response_page_status(w->rq, status, "lesson", view);
}

/* The lesson item of the request in canonical form: 0, or -1 with e. */
static int read_answer(struct walk *w, const struct item **item, char out[ANSWER_ROOM],
                       struct error *e)
{
    *item = publication_item(w->p, request_field_or(w->rq, "item", ""), NULL);
    if (!*item || (*item)->use != ITEM_FOR_LESSON)
        return error_set(e, ERROR_NOT_FOUND, "There is no such question in this lesson.");
    if (item_answer_read(*item, answer_field(w->rq, "answer"), out, e))
        return -1;
    return item_answer_whole(*item, out) ? 0 : error_field(e, "answer", "Choose an answer first.");
}

static int lesson_page(struct request *rq, struct error *e)
{
    struct walk w;
    struct lesson_page lp;
    struct error none = {0};
    const struct item *item;
    char answer[ANSWER_ROOM];
    if (walk_open(&w, rq, e))
        return -1;
    if (find_lesson(&w, &lp, e))
        return walk_close(&w, -1);
    if (request_field(rq, "item") && read_answer(&w, &item, answer, &none) == 0) {
        lp.walked = item->id;
        lp.walked_answer = answer;
    }
    return walk_close(&w, show_lesson(&w, &lp, 200, e));
}

static int lesson_answer(struct request *rq, struct error *e)
{
    struct walk w;
    struct lesson_page lp;
    const struct item *item;
    char answer[ANSWER_ROOM];
    if (walk_open(&w, rq, e))
        return -1;
    if (find_lesson(&w, &lp, e))
        return walk_close(&w, -1);
    if (read_answer(&w, &item, answer, e)) {
        if (e->kind != ERROR_INVALID)
            return walk_close(&w, -1);
        lp.asking = item->id;
        lp.given = answer_field(rq, "answer");
        lp.why = arena_strdup(rq->arena, e->message);
        return walk_close(&w, show_lesson(&w, &lp, 422, e));
    }
    bool own = item - w.p->items == lp.lesson->check_item;
    const char *to = arena_printf(rq->arena, "%s?item=%s&answer=%s#question%s%s", lp.href, item->id,
                                  answer, own ? "" : "-", own ? "" : item->id);
    return walk_close(&w, response_redirect(rq, to));
}

/* ---- cases ---- */

/* Follows "2.1" from the start. ERROR_NOT_FOUND when it leads nowhere. */
static int follow(struct walk *w, struct case_state *s, struct error *e)
{
    struct arena *a = w->rq->arena;
    const char *at = request_param(w->rq, "path");
    s->path = arena_array(a, WALK_CHOICES, sizeof *s->path);
    s->reached = arena_array(a, (size_t)s->it->scene_count, sizeof *s->reached);
    while (*at && strcmp(at, "start") != 0) {
        const struct scene *here = &s->it->scenes[s->scene];
        size_t n = strcspn(at, ".");
        int64_t number;
        if (s->path_length == WALK_CHOICES ||
            !text_to_int64(arena_strndup(a, at, n), 1, here->choice_count, &number))
            return error_set(e, ERROR_NOT_FOUND, "This way does not lead through the case.");
        int choice = (int)number - 1, next = here->choices[choice].target;
        s->path[s->path_length++] = (struct case_taken){s->scene, choice, next};
        s->scene = next;
        at += n + (at[n] == '.');
    }
    return 0;
}

/* The address after the first `keep` choices, and perhaps one more (0: none). */
static const char *way(const struct walk *w, const struct case_state *s, int keep, int more)
{
    struct arena *a = w->rq->arena;
    const char *path = "";
    for (int i = 0; i < keep && i < s->path_length; i++)
        path = arena_printf(a, "%s%s%d", path, *path ? "." : "", s->path[i].choice + 1);
    if (more > 0)
        path = arena_printf(a, "%s%s%d", path, *path ? "." : "", more);
    return arena_printf(a, "%s/%s", case_href(w, s->it->id), *path ? path : "start");
}

static int case_open(struct walk *w, struct request *rq, struct case_state *s, struct error *e)
{
    if (walk_open(w, rq, e))
        return -1;
    *s = (struct case_state){.it = publication_case(w->p, request_param(rq, "case"))};
    if (s->it && follow(w, s, e) == 0)
        return 0;
    if (!s->it)
        error_set(e, ERROR_NOT_FOUND, "There is no such case in this draft.");
    return walk_close(w, -1);
}

static int case_page(struct request *rq, struct error *e)
{
    struct walk w;
    struct case_state s;
    if (case_open(&w, rq, &s, e))
        return -1;
    const char *href = way(&w, &s, s.path_length, 0);
    bool followed = s.path_length > 0 && request_checked(rq, "followed");
    bool at_end = s.it->scenes[s.scene].end;
    cJSON *view = cJSON_CreateObject();
    walk_put(view, &w);
    view_text(view, "title", s.it->title);
    view_text(view, "id", s.it->id);
    view_text(view, "href", href);
    view_int(view, "run", 1);
    view_int(view, "made", s.path_length);
    view_text(view, "back_href", arena_printf(rq->arena, "%s/back", href));
    view_bool(view, "has_followed", followed);
    view_bool(view, "has_summary", at_end && !followed);
    view_text(view, "intro_html", s.path_length == 0 && s.it->intro_html ? s.it->intro_html : "");
    case_put_state(view, rq, &s);
    if (at_end)
        put_next_part(view, &w, (int)(s.it - w.p->cases) + 1);
    else
        view_bool(view, "next", false);
    return walk_close(&w, response_page(rq, "case", view));
}

static int case_choose_post(struct request *rq, struct error *e)
{
    struct walk w;
    struct case_state s;
    if (case_open(&w, rq, &s, e))
        return -1;
    const struct scene *here = &s.it->scenes[s.scene];
    const char *choice = request_field_or(rq, "choice", "");
    int k = 0;
    while (k < here->choice_count && strcmp(here->choices[k].id, choice) != 0)
        k++;
    if (k == here->choice_count || s.path_length == WALK_CHOICES) {
        error_set(e, ERROR_NOT_FOUND, "There is no such choice here. Begin the case again.");
        return walk_close(&w, -1);
    }
    return walk_close(&w, response_redirect(rq, arena_printf(rq->arena, "%s?followed=1",
                                                             way(&w, &s, s.path_length, k + 1))));
}

static int case_back_post(struct request *rq, struct error *e)
{
    struct walk w;
    struct case_state s;
    if (case_open(&w, rq, &s, e))
        return -1;
    int keep = (int)request_integer_or(rq, "keep", 0);
    return walk_close(&w, response_redirect(rq, way(&w, &s, keep, 0)));
}

/* ---- a tool ---- */

static int tool_page(struct request *rq, struct error *e)
{
    struct walk w;
    if (walk_open(&w, rq, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    walk_put(view, &w);
    if (view_tool(view, rq, w.p, e)) {
        cJSON_Delete(view);
        return walk_close(&w, -1);
    }
    return walk_close(&w, response_page(rq, "tool", view));
}

/* ---- routes ---- */

#define WALK_CASE WALK_BASE "/case/{case}/{path}"
static const struct field lesson_fields[] = {
    {.name = "item", .type = FIELD_ID, .summary = "Question that was answered"},
    {.name = "answer",
     .type = FIELD_LINE,
     .max = 32,
     .multiple = true,
     .summary = "Answer, as in a lesson"},
    {.name = "again", .type = FIELD_ID, .summary = "Question to try again"},
};
static const struct field case_fields[] = {
    {.name = "followed", .type = FIELD_CHECKBOX, .summary = "Show what followed first"},
};
static const struct field choice_fields[] = {
    {.name = "choice", .type = FIELD_ID, .required = true, .summary = "Choice"},
};
static const struct field back_fields[] = {
    {.name = "keep",
     .type = FIELD_INTEGER,
     .low = 0,
     .high = WALK_CHOICES,
     .summary = "How many choices stay"},
};

const struct route walk_routes[] = {
    {METHOD_GET, WALK_BASE, walk_page, .who = ACCESS_AUTHOR, .nav = "authoring",
     .summary = "A draft as a learner meets it; nothing is recorded"},
    {METHOD_GET, WALK_BASE "/{lesson}", lesson_page, .who = ACCESS_AUTHOR, .nav = "authoring",
     .fields = lesson_fields, .field_count = 3, .summary = "A lesson of a draft"},
    {METHOD_POST, WALK_BASE "/{lesson}/answer", lesson_answer, .who = ACCESS_AUTHOR,
     .nav = "authoring", .body_max = 4096, .fields = lesson_fields, .field_count = 2,
     .summary = "Look at a question's result; nothing is kept"},
    {METHOD_GET, WALK_BASE "/case/{case}", case_page, .who = ACCESS_AUTHOR, .nav = "authoring",
     .fields = case_fields, .field_count = 1, .summary = "A case of a draft"},
    {METHOD_GET, WALK_CASE, case_page, .who = ACCESS_AUTHOR, .nav = "authoring",
     .fields = case_fields, .field_count = 1, .summary = "A case of a draft, after some choices"},
    {METHOD_POST, WALK_CASE "/choose", case_choose_post, .who = ACCESS_AUTHOR, .nav = "authoring",
     .body_max = 1024, .fields = choice_fields, .field_count = 1,
     .summary = "Go on in a case of a draft"},
    {METHOD_POST, WALK_CASE "/back", case_back_post, .who = ACCESS_AUTHOR, .nav = "authoring",
     .body_max = 1024, .fields = back_fields, .field_count = 1,
     .summary = "Go back in a case of a draft"},
    {METHOD_GET, WALK_BASE "/tools/{tool}", tool_page, .who = ACCESS_AUTHOR, .nav = "authoring",
     .summary = "A tool of a draft, to print"},
    {0},
};
