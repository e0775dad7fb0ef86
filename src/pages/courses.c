/*
 * GET  /courses                    what can be studied
 * GET  /courses/{course}           one course and the way through it
 * POST /courses/{course}/begin     begin it
 * GET  /courses/{course}/completed the moment of completion
 * GET  /courses/{course}/v{hash}   a version as it was frozen: what a certificate's achievement names
 */
#include "base/buf.h"
#include "http/response.h"
#include "pages/study_view.h"
#include <string.h>

/* ---- the list ---- */

static void put_state(cJSON *course, struct request *rq, const struct progress *p)
{
    struct arena *a = rq->arena;
    bool done = p && p->completed;
    view_text(course, "state", done ? "finished" : p ? "in-progress" : "not-begun");
    view_text(course, "state_words",
              done ? "Finished"
              : p  ? arena_printf(a, "In progress, %d of %d", p->parts_done, p->parts)
                   : "Not begun");
    view_bool(course, "is_finished", done);
}

static int courses_page(struct request *rq, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    struct progress *all;
    int n = c ? progress_list(c, rq->learning, request_person(rq)->id, rq->arena, &all, e) : -1;
    if (n < 0)
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Courses");
    cJSON *courses = view_list(view, "courses");
    const struct publication *const *shelf;
    int count = shelf_list(rq->learning->shelf, &shelf);
    for (int i = 0; i < count; i++) {
        const struct progress *mine = NULL;
        for (int k = 0; k < n && !mine; k++)
            if (strcmp(all[k].enrolment.publication->course, shelf[i]->course) == 0)
                mine = &all[k];
        const struct publication *p = mine ? mine->enrolment.publication : shelf[i];
        cJSON *course = view_item(courses);
        view_text(course, "id", p->course);
        view_text(course, "name", p->title);
        view_text(course, "summary", p->summary);
        view_text(course, "href", course_href(rq->arena, p->course));
        view_text(course, "minutes_words", words_minutes(rq->arena, p->minutes));
        put_state(course, rq, mine);
    }
    view_bool(view, "has_courses", count > 0);
    return response_page(rq, "courses", view);
}

/* ---- one course ---- */

static void put_part(cJSON *path, struct request *rq, const struct publication *p,
                     const char *kind, const struct step *step, const struct progress *mine,
                     bool done)
{
    bool next = mine && !done && mine->next.kind == step->kind &&
                (step->kind == STEP_CHECK || strcmp(mine->next.ref, step->ref) == 0);
    if (mine && step->kind == STEP_CHECK && mine->next.kind == STEP_ATTEMPT)
        next = true;
    cJSON *part = view_item(path);
    view_text(part, "kind", kind);
    view_text(part, "name", step->title);
    view_text(part, "href", mine ? step_href(rq->arena, p->course, step) : "");
    view_text(part, "minutes_words", step->minutes ? words_minutes(rq->arena, step->minutes) : "");
    view_bool(part, "is_done", done);
    view_bool(part, "is_next", next);
    view_text(part, "state_words", done ? "Done" : next ? "Next" : mine ? "Not yet" : "");
}

static void put_path(cJSON *view, struct request *rq, const struct publication *p,
                     const struct progress *mine)
{
    cJSON *path = view_list(view, "path");
    for (int i = 0; i < p->lesson_count; i++) {
        const struct lesson *l = &p->lessons[i];
        put_part(path, rq, p, "Lesson", &(struct step){STEP_LESSON, l->id, l->title, l->minutes},
                 mine, mine && mine->lesson_done[i]);
    }
    for (int i = 0; i < p->case_count; i++)
        put_part(path, rq, p, "Case",
                 &(struct step){STEP_CASE, p->cases[i].id, p->cases[i].title, 0}, mine,
                 mine && mine->case_done[i]);
    if (p->check_draw > 0)
        put_part(path, rq, p, "Learning check",
                 &(struct step){STEP_CHECK, "",
                                arena_printf(rq->arena, "%s questions",
                                             words_capital(rq->arena, words_number(rq->arena,
                                                                                   p->check_draw))),
                                0},
                 mine, mine && mine->check_passed);
}

/* One line of the completion rule for each line of its text. */
static void put_criteria(cJSON *lines, struct request *rq, const struct publication *p)
{
    struct buf text;
    buf_init(&text, 64 * 1024);
    publication_criteria(p, &text);
    char *all = arena_strndup(rq->arena, text.data ? text.data : "", text.length);
    buf_free(&text);
    for (char *line = all, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = 0;
        if (*line)
            view_text(view_item(lines), "text", line);
    }
}

static void put_finishing(cJSON *view, struct request *rq, const struct publication *p,
                          const struct progress *mine)
{
    cJSON *lines = view_list(view, "finishing");
    if (!mine) {
        put_criteria(lines, rq, p);
        return;
    }
    for (int i = 0; i < mine->line_count; i++) {
        const struct completion_line *line = &mine->lines[i];
        cJSON *item = view_item(lines);
        view_text(item, "text", line->text);
        view_bool(item, "is_done", line->done);
        view_text(item, "state_words", line->done ? "Done" : "Not yet");
        view_text(item, "detail", line->done ? "" : line->detail);
        view_text(item, "href",
                  line->done || line->step.kind == STEP_NONE
                      ? ""
                      : step_href(rq->arena, p->course, &line->step));
        view_text(item, "step_name", line->step.title ? line->step.title : "");
    }
}

/* The one button: a link, or for beginning a form. */
static void put_action(cJSON *view, struct request *rq, const struct publication *p,
                       const struct progress *mine)
{
    cJSON *action = view_object(view, "action");
    view_text(action, "method", mine ? "get" : "post");
    view_bool(action, "is_post", !mine);
    view_text(action, "label",
              !mine ? "Begin"
              : mine->completed && !mine->certificate_token ? "See what you finished"
                                                            : step_label(rq->arena, &mine->next));
    view_text(action, "href",
              mine ? step_href(rq->arena, p->course, &mine->next)
                   : arena_printf(rq->arena, "/courses/%s/begin", p->course));
}

static void put_about(cJSON *view, struct request *rq, const struct publication *p)
{
    view_text(view, "title", p->title);
    view_text(view, "id", p->course);
    view_text(view, "version", p->version);
    view_text(view, "summary", p->summary);
    view_int(view, "minutes", p->minutes);
    view_text(view, "minutes_words",
              arena_printf(rq->arena, "About %d minutes, in as many sittings as you like", p->minutes));
    view_text(view, "audience", p->audience);
    view_text(view, "owner", p->owner);
    view_bool(view, "is_pilot", p->pilot);
    view_pass_mark(view, rq, p);
    cJSON *objectives = view_list(view, "objectives");
    for (int i = 0; i < p->objective_count; i++) {
        cJSON *objective = view_item(objectives);
        view_text(objective, "id", p->objectives[i].id);
        view_text(objective, "text", p->objectives[i].text);
    }
}

static int course_page(struct request *rq, struct error *e)
{
    struct enrolment en;
    int begun = study_enrolment(rq, &en, e);
    if (begun < 0)
        return -1;
    struct progress progress, *mine = begun ? &progress : NULL;
    if (mine) {
        struct conn *c = request_reader(rq, e);
        if (!c || progress_load(c, rq->learning, &en, rq->arena, mine, e))
            return -1;
    }
    const struct publication *p = en.publication;
    cJSON *view = cJSON_CreateObject();
    put_about(view, rq, p);
    put_state(view, rq, mine);
    if (mine)
        view_progress(view, rq, mine);
    else
        view_bool(view, "progress", false);
    put_path(view, rq, p, mine);
    put_finishing(view, rq, p, mine);
    put_action(view, rq, p, mine);
    bool may_test_out = p->test_out && !(mine && (mine->completed || mine->check_passed));
    view_text(view, "test_out_href",
              may_test_out ? arena_printf(rq->arena, "/courses/%s/check", p->course) : "");
    return response_page(rq, "course", view);
}

/* ---- beginning ---- */

struct begin {
    struct learning *learning;
    const char *course;
    int64_t person;
    instant at;
    struct enrolment made;
};

static int write_begin(struct conn *c, void *arg, struct error *e)
{
    struct begin *b = arg;
    struct rng rng;
    rng_seed_random(&rng);
    return enrolment_begin(c, b->learning, b->person, b->course, b->at, &rng, &b->made, e);
}

static int course_begin(struct request *rq, struct error *e)
{
    struct begin b = {rq->learning, request_param(rq, "course"), request_person(rq)->id, rq->now, {0}};
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_begin, &b, e))
        return -1;
    const struct publication *p = b.made.publication;
    if (!p->lesson_count)
        return response_redirect(rq, course_href(rq->arena, p->course));
    struct step first = {STEP_LESSON, p->lessons[0].id, p->lessons[0].title, 0};
    return response_redirect(rq, step_href(rq->arena, p->course, &first));
}

/* ---- finished ---- */

static void put_next_courses(cJSON *view, struct request *rq, const char *finished)
{
    cJSON *list = view_list(view, "what_next");
    const struct publication *const *shelf;
    int count = shelf_list(rq->learning->shelf, &shelf), put = 0;
    for (int i = 0; i < count; i++) {
        if (strcmp(shelf[i]->course, finished) == 0)
            continue;
        cJSON *course = view_item(list);
        view_text(course, "name", shelf[i]->title);
        view_text(course, "href", course_href(rq->arena, shelf[i]->course));
        put++;
    }
    view_bool(view, "has_next", put > 0);
}

static int completed_page(struct request *rq, struct error *e)
{
    struct enrolment en;
    struct progress mine;
    int begun = study_enrolment(rq, &en, e);
    if (begun < 0)
        return -1;
    struct conn *c = request_reader(rq, e);
    if (!c || (begun && progress_load(c, rq->learning, &en, rq->arena, &mine, e)))
        return -1;
    const struct publication *p = en.publication;
    if (!begun || !mine.completed)
        return response_redirect(rq, course_href(rq->arena, p->course));
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "You have finished");
    view_course(view, rq, p);
    view_text(view, "finished_words", words_date(rq, mine.completed_at));
    view_bool(view, "by_assessment", mine.by_assessment);
    view_certificate(view, rq, &mine);
    put_next_courses(view, rq, p->course);
    return response_page(rq, "completed", view);
}

/* ---- a frozen version ---- */

static int version_page(struct request *rq, struct error *e)
{
    const struct publication *p =
        shelf_by_hash(rq->learning->shelf, request_param(rq, "course"), request_param(rq, "hash"), e);
    if (!p)
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", p->title);
    view_text(view, "id", p->course);
    view_text(view, "certificate_title", p->certificate_title);
    view_text(view, "description", p->summary);
    view_text(view, "version", p->version);
    view_text(view, "hash", p->hash);
    view_bool(view, "is_pilot", p->pilot);
    put_criteria(view_list(view, "criteria"), rq, p);
    response_cache(rq, "public, max-age=300");
    return response_page(rq, "course-version", view);
}

const struct route courses_routes[] = {
    {METHOD_GET, "/courses", courses_page, .who = ACCESS_SIGNED_IN, .nav = "courses",
     .summary = "What can be studied"},
    {METHOD_GET, "/courses/{course}", course_page, .who = ACCESS_SIGNED_IN, .nav = "courses",
     .summary = "One course, the way through it and what finishing takes"},
    {METHOD_POST, "/courses/{course}/begin", course_begin, .who = ACCESS_SIGNED_IN, .nav = "courses",
     .body_max = 1024, .summary = "Begin a course; beginning twice changes nothing"},
    {METHOD_GET, "/courses/{course}/completed", completed_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .summary = "A finished course and its certificate"},
    {METHOD_GET, "/courses/{course}/v{hash}", version_page, .who = ACCESS_PUBLIC,
     .summary = "A course as it was frozen when it was published: what a certificate refers to"},
    {0},
};
