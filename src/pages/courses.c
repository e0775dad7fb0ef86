/*
 * GET  /courses                    what can be studied
 * GET  /courses/{course}           one course and the way through it
 * POST /courses/{course}/begin     begin it
 * GET  /courses/{course}/completed the moment of completion
 * GET  /courses/{course}/v{hash}   a version as it was frozen: what a certificate's achievement
 * names
 * GET  /courses/{course}/v{hash}/media/{file}  an image of that version
 */
#include "base/buf.h"
#include "http/response.h"
#include "learning/activity.h"
#include "pages/commitment_view.h"
#include "pages/finishing.h"
#include "pages/letters.h"
#include "pages/pretest_view.h"
#include "pages/private_view.h"
#include "pages/study_view.h"
#include "pages/tool_view.h"
#include "pages/updates.h"
#include "pages/versions.h"
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

/* What somebody has begun of a course, or NULL. */
static const struct progress *progress_of(const struct progress *all, int n, const char *course)
{
    for (int i = 0; i < n; i++)
        if (strcmp(all[i].enrolment.publication->course, course) == 0)
            return &all[i];
    return NULL;
}

static int courses_page(struct request *rq, struct error *e)
{
    struct conn *c = request_reader(rq, e);
    struct progress *all;
    int n = c ? progress_list(c, rq->learning, request_person_id(rq), rq->arena, &all, e) : -1;
    if (n < 0)
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Courses");
    cJSON *courses = view_list(view, "courses");
    const struct publication *const *shelf;
    int count = shelf_list(rq->learning->shelf, &shelf);
    for (int i = 0; i < count; i++) {
        const struct progress *mine = progress_of(all, n, shelf[i]->course);
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
                     const struct step *step, const char *about, const struct progress *mine,
                     bool done, const char *note)
{
    static const char *const kinds[] = {
        [STEP_LESSON] = "lesson", [STEP_CASE] = "case", [STEP_CHECK] = "check"};
    const struct step *next = mine && !done ? &mine->next : NULL;
    bool is_next = next && (next->kind == step->kind
                                ? step->kind == STEP_CHECK || strcmp(next->ref, step->ref) == 0
                                : next->kind == STEP_ATTEMPT && step->kind == STEP_CHECK);
    cJSON *part = view_item(path);
    view_text(part, "kind", kinds[step->kind]);
    view_text(part, "name", step->title);
    view_text(part, "about", about);
    view_text(part, "href", mine ? step_href(rq->arena, p->course, step) : "");
    view_bool(part, "is_done", done);
    view_bool(part, "is_next", is_next);
    view_text(part, "state_words",
              done                       ? "Done"
              : is_next && *note         ? arena_printf(rq->arena, "Next · %s", note)
              : is_next                  ? "Next"
              : !mine || mine->completed ? ""
              : *note                    ? note
                                         : "Not yet");
}

/* `reading`: whose lessons these are; `mine`, or the reading of what is new after finishing. */
static void put_lessons(cJSON *path, struct request *rq, const struct progress *reading,
                        const struct publication *p)
{
    for (int i = 0; i < p->lesson_count; i++) {
        const struct lesson *l = &p->lessons[i];
        bool fresh = reading && reading->lesson_to_read && reading->lesson_to_read[i];
        bool reopened = reading && reading->lesson_reopened[i];
        put_part(path, rq, p, &(struct step){STEP_LESSON, l->id, l->title, l->minutes},
                 arena_printf(rq->arena, "Lesson, %d min", l->minutes), reading,
                 reading && reading->lesson_done[i],
                 fresh      ? "New or changed"
                 : reopened ? "Corrected since you read it"
                            : "");
    }
}

static void put_path(cJSON *view, struct request *rq, const struct publication *p,
                     const struct progress *mine, const struct progress *reading)
{
    struct arena *a = rq->arena;
    cJSON *path = view_list(view, "path");
    put_lessons(path, rq, reading, reading ? reading->enrolment.publication : p);
    for (int i = 0; i < p->case_count; i++)
        put_part(path, rq, p, &(struct step){STEP_CASE, p->cases[i].id, p->cases[i].title, 0},
                 "Case", mine, mine && mine->case_done[i], "");
    if (p->check_draw > 0)
        put_part(path, rq, p, &(struct step){STEP_CHECK, "", "Learning check", 0},
                 arena_printf(a, "%s questions", words_capital(a, words_number(a, p->check_draw))),
                 mine, mine && mine->check_passed, "");
}

/* The completion rule in words, one line after the other; NULL after the last. */
static const char **criteria_lines(struct arena *a, const struct publication *p)
{
    enum { LINES_MAX = 32 };
    const char **lines = arena_array(a, LINES_MAX + 1, sizeof *lines);
    struct buf text;
    int n = 0;
    buf_init(&text, (size_t)64 * 1024);
    publication_criteria(p, &text);
    char *line = arena_strndup(a, text.data ? text.data : "", text.length);
    buf_free(&text);
    while (*line && n < LINES_MAX) {
        size_t length = strcspn(line, "\n");
        bool more = line[length] != 0;
        line[length] = 0;
        if (length)
            lines[n++] = line;
        line += length + more;
    }
    return lines;
}

/* Before beginning: the rule. After: the same parts in the same order, with what each rests on. */
static void put_finishing(cJSON *view, struct request *rq, const struct publication *p,
                          const struct progress *mine)
{
    cJSON *list = view_list(view, "finishing");
    if (mine)
        finishing_own(list, rq, mine);
    else
        finishing_rule(list, criteria_lines(rq->arena, p));
}

/* The one button: a link, or for beginning a form. */
/* The one button. Who has finished comes for the certificate, or to renew it. */
static void put_action(cJSON *view, struct request *rq, const struct publication *p,
                       const struct progress *mine)
{
    struct arena *a = rq->arena;
    const char *label = "Begin", *href = arena_printf(a, "/courses/%s/begin", p->course);
    if (mine) {
        label = step_label(a, &mine->next);
        href = step_href(a, p->course, &mine->next);
    }
    if (mine && may_renew(mine, rq->now)) {
        label = "Renew your certificate";
        href = arena_printf(a, "/courses/%s/check", p->course);
    } else if (mine && mine->completed && mine->certificate_uuid) {
        label = "See your certificate";
        href = arena_printf(a, "/certificates/%s", mine->certificate_uuid);
    }
    cJSON *action = view_object(view, "action");
    view_text(action, "method", mine ? "get" : "post");
    view_bool(action, "is_post", !mine);
    view_text(action, "label", label);
    view_text(action, "href", href);
    bool beside = mine && mine->next.kind == STEP_CERTIFICATE &&
                  (mine->certificate_uuid || may_renew(mine, rq->now));
    view_text(view, "completed_href",
              beside ? arena_printf(a, "/courses/%s/completed", p->course) : "");
}

/* The learning check without the lessons, unless it is the next thing anyway. */
static void put_test_out(cJSON *view, struct request *rq, const struct publication *p,
                         const struct progress *mine)
{
    bool offered = p->test_out;
    if (mine)
        offered = offered && !mine->completed && !mine->check_passed &&
                  mine->next.kind != STEP_CHECK && mine->next.kind != STEP_ATTEMPT;
    view_text(view, "test_out_href",
              offered ? arena_printf(rq->arena, "/courses/%s/check", p->course) : "");
    view_text(view, "test_out_label",
              !offered                     ? ""
              : mine && mine->open_attempt ? "Go on with the learning check you began"
                                           : "Know this already? Take the learning check first.");
}

static void put_about(cJSON *view, struct request *rq, const struct publication *p)
{
    view_text(view, "title", p->title);
    view_text(view, "id", p->course);
    view_text(view, "version", p->version);
    view_text(view, "summary", p->summary);
    view_int(view, "minutes", p->minutes);
    view_text(
        view, "minutes_words",
        arena_printf(rq->arena, "About %d minutes, in as many sittings as you like", p->minutes));
    view_text(view, "audience", p->audience);
    view_text(view, "owner", p->owner);
    view_bool(view, "is_pilot", p->pilot);
    view_text(view, "good_for", words_good_for(rq->arena, p));
    view_pass_mark(view, rq, p);
    cJSON *objectives = view_list(view, "objectives");
    for (int i = 0; i < p->objective_count; i++) {
        cJSON *objective = view_item(objectives);
        view_text(objective, "id", p->objectives[i].id);
        view_text(objective, "text", p->objectives[i].text);
    }
}

/* Before beginning there are none to speak of. */
static const char *active_words(struct request *rq, const struct progress *mine, struct error *e)
{
    struct conn *c = mine ? request_reader(rq, e) : NULL;
    if (!mine)
        return "";
    int64_t minutes = c ? activity_minutes(c, mine->enrolment.person,
                                           mine->enrolment.publication->course, rq->now, e)
                        : -1;
    return minutes < 0 ? NULL : words_active(rq->arena, minutes);
}

/* A place for a commitment, for who has begun; the form leads back to the page. */
static int put_commit(cJSON *view, struct request *rq, const struct publication *p, bool begun,
                      const char *page, struct error *e)
{
    view_private(view, rq);
    if (begun)
        return view_commit_box(view, rq, p,
                               arena_printf(rq->arena, "/courses/%s%s#commit", p->course, page), e);
    view_bool(view, "commit", false);
    return 0;
}

static int course_page(struct request *rq, struct error *e)
{
    struct enrolment en;
    int begun = study_enrolment(rq, &en, e);
    if (begun < 0)
        return -1;
    struct progress progress, *mine = begun ? &progress : NULL;
    struct update update = {0};
    struct conn *c = begun ? request_reader(rq, e) : NULL;
    if (begun && (!c || progress_load(c, rq->learning, &en, rq->arena, mine, e) ||
                  (progress.completed && update_load(c, rq->learning, &en, rq->arena, &update, e))))
        return -1;
    const struct publication *p = en.publication;
    cJSON *view = cJSON_CreateObject();
    put_about(view, rq, p);
    put_state(view, rq, mine);
    if (mine && !mine->by_assessment) /* which leaves parts undone for good */
        view_progress(view, rq, mine);
    else
        view_bool(view, "progress", false);
    view_text(view, "finished_words",
              mine && mine->completed ? arena_printf(rq->arena, "You finished on %s%s.",
                                                     words_date(rq, mine->completed_at),
                                                     mine->by_assessment ? ", by assessment" : "")
                                      : "");
    view_validity(view, rq, mine ? mine : &(struct progress){0});
    view_update(view, rq, p->course, &update);
    put_path(view, rq, p, mine, update.progress.enrolment.id ? &update.progress : mine);
    put_finishing(view, rq, p, mine);
    view_tools(view, rq, p, course_href(rq->arena, p->course));
    put_action(view, rq, p, mine);
    put_test_out(view, rq, p, mine);
    const char *excused = mine && mine->completed ? "" : words_excused(rq, p->course, e);
    const char *active = active_words(rq, mine, e);
    if (!excused || !active || view_moved(view, rq, mine, e) ||
        view_alternative(view, rq, p->course, e) || view_pretest_offer(view, rq, &en, e)) {
        cJSON_Delete(view);
        return -1;
    }
    view_text(view, "excused_words", excused);
    view_text(view, "active_words", active);
    if (put_commit(view, rq, p, mine != NULL, "", e)) {
        cJSON_Delete(view);
        return -1;
    }
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
    struct begin b = {
        rq->learning, request_param(rq, "course"), request_person_id(rq), rq->now, {0}};
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

/* What is not finished yet. */
static int put_next_courses(cJSON *view, struct request *rq, struct conn *c, struct error *e)
{
    struct progress *all;
    int n = progress_list(c, rq->learning, request_person_id(rq), rq->arena, &all, e);
    cJSON *list = view_list(view, "what_next");
    const struct publication *const *shelf;
    int count = shelf_list(rq->learning->shelf, &shelf), put = 0;
    for (int i = 0; i < count; i++) {
        const struct progress *mine = progress_of(all, n, shelf[i]->course);
        if (mine && mine->completed)
            continue;
        cJSON *course = view_item(list);
        view_text(course, "name", shelf[i]->title);
        view_text(course, "href", course_href(rq->arena, shelf[i]->course));
        put++;
    }
    view_bool(view, "has_next", put > 0);
    return n < 0 ? -1 : 0;
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
    view_validity(view, rq, &mine);
    if (put_next_courses(view, rq, c, e) || view_check_result(view, rq, &mine, e) ||
        put_commit(view, rq, p, true, "/completed", e)) {
        cJSON_Delete(view);
        return -1;
    }
    return response_page(rq, "completed", view);
}

/* ---- a frozen version ---- */

static int version_page(struct request *rq, struct error *e)
{
    if (request_resolve(rq, e))
        return -1;
    const struct publication *p = shelf_by_hash(rq->learning->shelf, request_param(rq, "course"),
                                                request_param(rq, "hash"), e);
    if (!p)
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", p->title);
    view_text(view, "id", p->course);
    view_text(view, "certificate_title", p->certificate_title);
    view_text(view, "good_for", words_good_for(rq->arena, p));
    view_text(view, "description", p->summary);
    view_text(view, "version", p->version);
    view_text(view, "hash", p->hash);
    view_bool(view, "is_pilot", p->pilot);
    cJSON *criteria = view_list(view, "criteria");
    for (const char **line = criteria_lines(rq->arena, p); *line; line++)
        view_text(view_item(criteria), "text", *line);
    if (version_put_date(view, rq, p, e)) {
        cJSON_Delete(view);
        return -1;
    }
    version_put_lessons(view, rq, p);
    response_cache(rq, "public, max-age=300");
    return response_page(rq, "course-version", view);
}

static int media_file(struct request *rq, struct error *e)
{
    const struct publication *p = shelf_by_hash(rq->learning->shelf, request_param(rq, "course"),
                                                request_param(rq, "hash"), e);
    if (!p)
        return -1;
    const struct media *m = publication_media(p, request_param(rq, "file"));
    if (!m)
        return error_set(e, ERROR_NOT_FOUND, "There is no such image in “%s”.", p->title);
    return response_frozen(rq, m->type, m->bytes, m->size);
}

const struct route courses_routes[] = {
    {METHOD_GET, "/courses", courses_page, .who = ACCESS_SIGNED_IN, .nav = "courses",
     .summary = "What can be studied"},
    {METHOD_GET, "/courses/{course}", course_page, .who = ACCESS_SIGNED_IN, .nav = "courses",
     .summary = "One course, the way through it and what finishing takes"},
    {METHOD_POST, "/courses/{course}/begin", course_begin, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = 1024,
     .summary = "Begin a course; beginning twice changes nothing"},
    {METHOD_GET, "/courses/{course}/completed", completed_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .summary = "A finished course and its certificate"},
    {METHOD_GET, "/courses/{course}/v{hash}", version_page, .who = ACCESS_PUBLIC,
     .summary = "A course as it was frozen when it was published: what a certificate refers to"},
    {METHOD_GET, "/courses/{course}/v{hash}/media/{file}", media_file, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .summary = "An image of a frozen course, as its lessons show it"},
    {0},
};
