/*
 * "Ask for an alternative", as a learner meets it. The center reads it; a chair never does.
 *
 *   GET  /courses/{course}/alternative            the form, or what became of the last request
 *   POST /courses/{course}/alternative            asks
 *   POST /courses/{course}/alternative/withdraw   takes an open request back
 */
#include "http/response.h"
#include "pages/form.h"
#include "pages/letters.h"
#include "pages/study_view.h"

static int show(struct request *rq, int status, struct error *e)
{
    const struct publication *p =
        shelf_current(rq->learning->shelf, request_param(rq, "course"), e);
    if (!p)
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Ask for an alternative");
    view_course(view, rq, p);
    view_course_crumbs(view, rq, p);
    const char *excused = words_excused(rq, p->course, e);
    if (!excused || view_alternative(view, rq, p->course, e)) {
        cJSON_Delete(view);
        return -1;
    }
    view_text(view, "excused_words", excused);
    view_caution(view, rq);
    form_put_errors(rq, view);
    return response_page_status(rq, status, "alternative", view);
}

static int alternative_page(struct request *rq, struct error *e)
{
    struct alternative t;
    const char *course = request_param(rq, "course");
    struct conn *c = request_reader(rq, e);
    int found = c ? alternative_latest(c, request_person_id(rq), course, rq->arena, &t, e) : -1;
    if (found < 0 ||
        (found && letter_was_read(rq, alternative_place(rq->arena, course), t.answered_at, e)))
        return -1;
    return show(rq, 200, e);
}

struct asking {
    int64_t person;
    const char *course, *words; /* words NULL: takes it back */
    instant at;
};

static int write_asking(struct conn *c, void *arg, struct error *e)
{
    const struct asking *w = arg;
    char uuid[37];
    return w->words ? alternative_ask(c, w->person, w->course, w->words, w->at, uuid, e)
                    : alternative_withdraw(c, w->person, w->course, w->at, e);
}

static int send(struct request *rq, const char *words, struct error *e)
{
    const struct publication *p =
        shelf_current(rq->learning->shelf, request_param(rq, "course"), e);
    if (!p)
        return -1;
    struct asking w = {request_person_id(rq), p->course, words, rq->now};
    request_reader_release(rq);
    const char *href = alternative_href(rq->arena, p->course);
    if (words && letter_take(rq, e))
        return -1;
    if (db_write(rq->learning->db, write_asking, &w, e))
        return words ? -1 : form_gone(rq, "No request of yours is waiting here.", href, e);
    return response_redirect(rq, href);
}

static int alternative_post(struct request *rq, struct error *e)
{
    return request_has_errors(rq) ? show(rq, 422, e) : send(rq, request_field(rq, "words"), e);
}

static int withdraw_post(struct request *rq, struct error *e)
{
    return send(rq, NULL, e);
}

static const struct field fields[] = {
    {.name = "words",
     .type = FIELD_BLOCK,
     .max = LETTER_MAX,
     .required = true,
     .summary = "What would work better for you"},
};

const struct route alternative_routes[] = {
    {METHOD_GET, "/courses/{course}/alternative", alternative_page, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .summary = "Ask for another way through a course"},
    {METHOD_POST, "/courses/{course}/alternative", alternative_post, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = LETTER_BODY, .flags = ROUTE_TAKES_ERRORS, .fields = fields,
     .field_count = 1,
     .summary = "Send it to the center; no reason is asked for, and no chair is told"},
    {METHOD_POST, "/courses/{course}/alternative/withdraw", withdraw_post, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = 1024, .summary = "Take an open request back"},
    {0},
};
