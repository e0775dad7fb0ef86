/* GET / — my learning; for somebody signed out, what this place is and the way in. */
#include "http/response.h"
#include "learning/draft_ready.h"
#include "pages/letters.h"
#include "pages/pretest_view.h"
#include "pages/updates.h"
#include "pages/waiting.h"
#include <string.h>

static void put_front(struct request *rq, cJSON *view)
{
    view_text(view, "title", "Short courses for people who teach and care");
    cJSON *front = view_object(view, "front");
    view_text(front, "sign_in_href", "/sign-in");
    cJSON *courses = view_list(front, "courses");
    const struct publication *const *list;
    int n = shelf_list(rq->learning->shelf, &list);
    for (int i = 0; i < n; i++) {
        cJSON *course = view_item(courses);
        view_text(course, "name", list[i]->title);
        view_text(course, "summary", list[i]->summary);
        view_text(course, "minutes_words", words_minutes(rq->arena, list[i]->minutes));
    }
    view_bool(front, "has_courses", n > 0);
}

static cJSON *put_course(cJSON *list, struct request *rq, const struct publication *p)
{
    cJSON *course = view_item(list);
    view_text(course, "id", p->course);
    view_text(course, "name", p->title);
    view_text(course, "href", course_href(rq->arena, p->course));
    return course;
}

static void put_button(cJSON *view, const char *label, const char *href, const char *course)
{
    cJSON *next = view_object(view, "next");
    view_text(next, "label", label);
    view_text(next, "href", href);
    view_text(next, "course_name", course);
}

/* What was asked before the course and is still open: going on with the lessons will close it. */
static int put_pretest(cJSON *course, struct request *rq, const struct progress *p, struct error *e)
{
    if (p->parts_done == 0)
        return view_pretest_offer(course, rq, &p->enrolment, e);
    view_bool(course, "pretest", false);
    return 0;
}

/* `is_next`: its button stands at the top of the page already. */
static int put_in_progress(cJSON *list, struct request *rq, const struct progress *p, bool is_next,
                           struct error *e)
{
    cJSON *course = put_course(list, rq, p->enrolment.publication);
    view_progress(course, rq, p);
    view_text(course, "began_words",
              arena_printf(rq->arena, "Begun %s", words_date(rq, p->enrolment.started_at)));
    put_button(course, step_label(rq->arena, &p->next),
               step_href(rq->arena, p->enrolment.publication->course, &p->next),
               p->enrolment.publication->title);
    view_bool(course, "is_next", is_next);
    return put_pretest(course, rq, p, e) || view_moved(course, rq, p, e) ? -1 : 0;
}

static int put_done(cJSON *list, struct request *rq, const struct progress *p, struct error *e)
{
    struct update update;
    struct conn *c = request_reader(rq, e);
    if (!c || update_load(c, rq->learning, &p->enrolment, rq->arena, &update, e))
        return -1;
    cJSON *course = put_course(list, rq, p->enrolment.publication);
    view_text(course, "finished_words",
              arena_printf(rq->arena, "Finished %s", words_date(rq, p->completed_at)));
    view_certificate(course, rq, p);
    view_validity(course, rq, p);
    view_update(course, rq, p->enrolment.publication->course, &update);
    return 0;
}

static bool has_begun(const struct progress *all, int n, const char *course)
{
    for (int i = 0; i < n; i++)
        if (strcmp(all[i].enrolment.publication->course, course) == 0)
            return true;
    return false;
}

/* What can be begun; returns the first, or NULL. */
static const struct publication *put_available(cJSON *learning, struct request *rq,
                                               const struct progress *all, int n)
{
    const struct publication *const *shelf, *first = NULL;
    int count = shelf_list(rq->learning->shelf, &shelf);
    cJSON *list = view_list(learning, "available");
    for (int i = 0; i < count; i++) {
        if (has_begun(all, n, shelf[i]->course))
            continue;
        cJSON *course = put_course(list, rq, shelf[i]);
        view_text(course, "minutes_words", words_minutes(rq->arena, shelf[i]->minutes));
        first = first ? first : shelf[i];
    }
    view_bool(learning, "has_available", first != NULL);
    return first;
}

static void put_task(cJSON *tasks, struct request *rq, int64_t n, const char *one,
                     const char *several, const char *href)
{
    if (n <= 0)
        return;
    cJSON *task = view_item(tasks);
    view_text(task, "words",
              n == 1 ? one : arena_printf(rq->arena, "%lld %s", (long long)n, several));
    view_text(task, "href", href);
}

/* What learners and authors wait for, to whom it is to decide. */
static int put_tasks(cJSON *learning, struct request *rq, struct conn *c, struct error *e)
{
    bool coe = request_may(rq, ACCESS_COE, NULL);
    int64_t challenges = coe ? challenges_open_count(c, e) : 0;
    int64_t alternatives = coe && challenges >= 0 ? alternatives_open_count(c, e) : challenges;
    int64_t drafts = alternatives >= 0 && request_may(rq, ACCESS_ADMINISTRATOR, NULL)
                         ? draft_ready_count(c, e)
                         : 0;
    if (alternatives < 0 || drafts < 0)
        return -1;
    cJSON *tasks = view_list(learning, "tasks");
    put_task(tasks, rq, alternatives, "One request for an alternative waits for an answer",
             "requests for an alternative wait for an answer", "/administration/alternatives");
    put_task(tasks, rq, challenges, "One challenge waits for an answer",
             "challenges wait for an answer", "/administration/challenges");
    put_task(tasks, rq, drafts, "One draft of a course waits to be published",
             "drafts of courses wait to be published", "/administration/courses");
    view_bool(learning, "has_tasks", cJSON_GetArraySize(tasks) > 0);
    return 0;
}

static int put_learning(struct request *rq, cJSON *view, struct error *e)
{
    struct arena *a = rq->arena;
    struct conn *c = request_reader(rq, e);
    struct progress *all;
    int n = c ? progress_list(c, rq->learning, request_person_id(rq), a, &all, e) : -1;
    if (n < 0)
        return -1;
    view_text(view, "title", "My learning");
    cJSON *learning = view_object(view, "learning");
    view_text(
        learning, "greeting",
        arena_printf(a, n > 0 ? "Welcome back, %s." : "Welcome, %s.", request_person_name(rq)));
    cJSON *under_way = view_list(learning, "in_progress"), *done = view_list(learning, "done");
    const struct progress *latest = NULL;
    for (int i = 0; i < n; i++) {
        if (all[i].completed) {
            if (put_done(done, rq, &all[i], e))
                return -1;
            continue;
        }
        if (put_in_progress(under_way, rq, &all[i], !latest, e))
            return -1;
        latest = latest ? latest : &all[i];
    }
    view_bool(learning, "has_in_progress", latest != NULL);
    view_bool(learning, "has_done", cJSON_GetArraySize(done) > 0);
    const struct publication *first = put_available(learning, rq, all, n);
    if (latest)
        put_button(learning, step_label(a, &latest->next),
                   step_href(a, latest->enrolment.publication->course, &latest->next),
                   latest->enrolment.publication->title);
    else if (first)
        put_button(learning, arena_printf(a, "Look at the course, %d min", first->minutes),
                   course_href(a, first->course), first->title);
    else
        view_bool(learning, "next", false);
    view_bool(learning, "all_done", n > 0 && !latest && !first);
    if (view_excused(under_way, rq, e) ||
        view_excused(cJSON_GetObjectItemCaseSensitive(learning, "available"), rq, e) ||
        view_answered(learning, rq, e) || put_tasks(learning, rq, c, e))
        return -1;
    return view_waiting(learning, rq, latest ? latest->enrolment.publication : first, e);
}

static int home_page(struct request *rq, struct error *e)
{
    if (request_resolve(rq, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    if (!request_person_id(rq)) {
        put_front(rq, view);
    } else if (put_learning(rq, view, e)) {
        cJSON_Delete(view);
        return -1;
    }
    return response_page(rq, "home", view);
}

const struct route home_routes[] = {
    {METHOD_GET, "/", home_page, .who = ACCESS_PUBLIC, .nav = "home",
     .summary = "My learning: the next thing, what is in progress, what is done"},
    {0},
};
