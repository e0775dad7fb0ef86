#include "pages/study_view.h"
#include "base/text.h"
#include "learning/activity.h"
#include "learning/update.h"
#include <string.h>

int study_enrolment(struct request *rq, struct enrolment *out, struct error *e)
{
    const char *course = request_param(rq, "course");
    struct conn *c = request_reader(rq, e);
    if (!c)
        return -1;
    struct error why = {0};
    if (enrolment_find(c, rq->learning, request_person_id(rq), course, out, &why) == 0) {
        activity_note(rq->learning, out->id, rq->now);
        return 1;
    }
    if (why.kind != ERROR_NOT_FOUND) {
        *e = why;
        return -1;
    }
    *out = (struct enrolment){.publication = shelf_current(rq->learning->shelf, course, e)};
    return out->publication ? 0 : -1;
}

int study_reading(struct request *rq, struct enrolment *out, struct error *e)
{
    struct enrolment course;
    int begun = study_enrolment(rq, &course, e);
    *out = course;
    if (begun <= 0 || !course.update)
        return begun;
    struct conn *c = request_reader(rq, e);
    return c && enrolment_get(c, rq->learning, course.update, out, e) == 0 ? 1 : -1;
}

const char *course_href(struct arena *a, const char *course)
{
    return arena_printf(a, "/courses/%s", course);
}

const char *step_href(struct arena *a, const char *course, const struct step *step)
{
    switch (step->kind) {
    case STEP_LESSON:
        return arena_printf(a, "/courses/%s/%s", course, step->ref);
    case STEP_CASE:
        return arena_printf(a, "/courses/%s/case/%s", course, step->ref);
    case STEP_CHECK:
        return arena_printf(a, "/courses/%s/check", course);
    case STEP_ATTEMPT:
        return arena_printf(a, "/attempts/%s", step->ref);
    case STEP_CERTIFICATE:
        return arena_printf(a, "/courses/%s/completed", course);
    case STEP_NONE:
        break;
    }
    return course_href(a, course);
}

const char *step_label(struct arena *a, const struct step *step)
{
    if (step->kind == STEP_CERTIFICATE)
        return "See how you finished";
    if (step->kind == STEP_CHECK)
        return *step->ref ? "Try the learning check again" : "Start the learning check";
    if (step->kind == STEP_ATTEMPT)
        return "Continue the learning check";
    if (step->minutes > 0)
        return arena_printf(a, "Continue: %s, %d min", step->title, step->minutes);
    return arena_printf(a, "Continue: %s", step->title);
}

void view_course(cJSON *view, struct request *rq, const struct publication *p)
{
    cJSON *course = view_object(view, "course");
    view_text(course, "id", p->course);
    view_text(course, "title", p->title);
    view_text(course, "href", course_href(rq->arena, p->course));
}

void view_activity(cJSON *view, struct request *rq, const struct publication *p)
{
    view_text(view, "active_href", arena_printf(rq->arena, "/courses/%s/active", p->course));
}

void view_course_crumbs(cJSON *view, struct request *rq, const struct publication *p)
{
    view_crumb(view, "Courses", "/courses");
    view_crumb(view, p->title, course_href(rq->arena, p->course));
}

void view_progress(cJSON *view, struct request *rq, const struct progress *p)
{
    cJSON *progress = view_object(view, "progress");
    view_int(progress, "done", p->parts_done);
    view_int(progress, "of", p->parts);
    view_text(progress, "words", arena_printf(rq->arena, "%d of %d", p->parts_done, p->parts));
}

void view_certificate(cJSON *view, struct request *rq, const struct progress *p)
{
    if (p->certificate_token) {
        cJSON *certificate = view_object(view, "certificate");
        view_text(certificate, "href",
                  arena_printf(rq->arena, "/certificates/%s", p->certificate_uuid));
        view_text(certificate, "verify_href",
                  arena_printf(rq->arena, "/v/%s", p->certificate_token));
        view_text(certificate, "link",
                  arena_printf(rq->arena, "%s/v/%s", settings_address(rq->settings, rq->arena),
                               p->certificate_token));
    } else {
        view_bool(view, "certificate", false);
    }
    view_text(view, "certificate_waits", p->certificate_waits ? p->certificate_waits : "");
}

const char *words_good_for(struct arena *a, const struct publication *p)
{
    if (p->valid_months == 0)
        return "";
    return p->valid_months == 1 ? "one month" : arena_printf(a, "%d months", p->valid_months);
}

bool may_renew(const struct progress *p, instant now)
{
    return p->completed && p->valid_until &&
           now >= certificate_renews_from(p->enrolment.publication, p->valid_until);
}

void view_validity(cJSON *view, struct request *rq, const struct progress *p)
{
    struct arena *a = rq->arena;
    const char *words = "", *date = p->valid_until ? words_date(rq, p->valid_until) : "";
    bool renews = may_renew(p, rq->now);
    if (renews && rq->now >= p->valid_until)
        words = arena_printf(a,
                             "Your certificate was good until %s. To renew it, pass the learning "
                             "check again; the lessons don’t have to be read anew.",
                             date);
    else if (renews)
        words = arena_printf(a,
                             "Your certificate is good until %s. Passing the learning check again "
                             "renews it.",
                             date);
    else if (p->valid_until)
        words = arena_printf(a, "Your certificate is good until %s.", date);
    view_text(view, "validity_words", words);
    view_text(view, "renew_href",
              renews ? arena_printf(a, "/courses/%s/check", p->enrolment.publication->course) : "");
}

void view_pass_mark(cJSON *view, struct request *rq, const struct publication *p)
{
    view_text(view, "pass_words",
              arena_printf(rq->arena, "%d of %d", p->pass_marks, p->check_draw));
}

/* ---- answers ---- */

const char *answer_field(struct request *rq, const char *name)
{
    const char *all = "";
    for (size_t i = 0; i < request_field_count(rq, name); i++) {
        const char *one = request_field_at(rq, name, i);
        if (one && *one)
            all = *all ? arena_printf(rq->arena, "%s,%s", all, one) : one;
    }
    return all;
}
