/*
 * GET  /transcript                            everything completed, and credits added by hand
 * POST /transcript/credits                    add one
 * GET  /transcript/credits/{credit}           change one
 * POST /transcript/credits/{credit}           save it
 * POST /transcript/credits/{credit}/delete    take it off
 *
 * The owner's alone: another person's credit is not found, whoever asks.
 */
#include "learning/transcript.h"
#include "base/json.h"
#include "http/response.h"
#include "pages/form.h"
#include "pages/letters.h"
#include "pages/study_view.h"
#include <string.h>

static const char *hours_words(struct request *rq, int64_t hours)
{
    return arena_printf(rq->arena, "%s %s", credit_hours_words(rq->arena, hours),
                        hours == 100 ? "hour" : "hours");
}

static const char *credit_href(struct request *rq, const char *uuid)
{
    return arena_printf(rq->arena, "/transcript/credits/%s", uuid);
}

/* ---- the page ---- */

static void put_completed(cJSON *list, struct request *rq, const struct transcript_line *line)
{
    cJSON *item = view_item(list);
    const struct publication *p = line->publication;
    view_text(item, "title", p->title);
    view_text(item, "href", course_href(rq->arena, p->course));
    view_text(item, "version", p->version);
    view_text(item, "earned", words_date(rq, line->earned_at));
    view_text(item, "until_words",
              line->valid_until ? arena_printf(rq->arena, "%s until %s",
                                               rq->now < line->valid_until ? "Good" : "Was good",
                                               words_date(rq, line->valid_until))
                                : "");
    view_text(item, "how",
              line->by_assessment ? "By assessment"
                                  : arena_printf(rq->arena, "Designed for %d minutes", p->minutes));
    view_text(item, "active", words_active(rq->arena, line->active_minutes));
    view_text(item, "certificate_href",
              line->certificate_uuid
                  ? arena_printf(rq->arena, "/certificates/%s", line->certificate_uuid)
                  : "");
}

static int put_lines(cJSON *view, struct request *rq, struct conn *c, struct error *e)
{
    struct transcript_line *lines;
    int count = transcript_lines(c, rq->learning, request_person_id(rq), rq->arena, &lines, e);
    cJSON *list = view_list(view, "completed");
    for (int i = 0; i < count; i++)
        put_completed(list, rq, &lines[i]);
    view_bool(view, "has_completed", count > 0);
    return count < 0 ? -1 : 0;
}

static int put_credits(cJSON *view, struct request *rq, struct conn *c, struct error *e)
{
    struct external_credit *credits;
    int count = external_credits(c, request_person_id(rq), rq->arena, &credits, e);
    cJSON *list = view_list(view, "credits");
    for (int i = 0; i < count; i++) {
        cJSON *item = view_item(list);
        view_text(item, "title", credits[i].title);
        view_text(item, "provider", credits[i].provider);
        view_text(item, "earned", words_day(rq, credits[i].earned_on));
        view_text(item, "hours", hours_words(rq, credits[i].hours));
        view_text(item, "href", credit_href(rq, credits[i].uuid));
    }
    view_bool(view, "has_credits", count > 0);
    return count < 0 ? -1 : 0;
}

/* What stands in the form: what was typed, or the credit that is changed. */
static void put_form(cJSON *view, struct request *rq, const char *action,
                     const struct external_credit *credit)
{
    cJSON *form = view_object(view, "credit");
    view_text(form, "action", action);
    if (request_has_errors(rq))
        form_put_errors(rq, view);
    const cJSON *typed = json_get(view, "typed");
    view_text(form, "title", json_string_or(typed, "title", credit ? credit->title : ""));
    view_text(form, "provider", json_string_or(typed, "provider", credit ? credit->provider : ""));
    view_text(form, "earned_on",
              json_string_or(typed, "earned_on", credit ? credit->earned_on : ""));
    view_text(
        form, "hours",
        json_string_or(typed, "hours", credit ? credit_hours_words(rq->arena, credit->hours) : ""));
    view_text(form, "latest", words_iso_date(rq, rq->now));
}

static int show_transcript(struct request *rq, int status, struct error *e)
{
    cJSON *view = cJSON_CreateObject();
    struct conn *c = request_reader(rq, e);
    if (!c || put_lines(view, rq, c, e) || put_credits(view, rq, c, e)) {
        cJSON_Delete(view);
        return -1;
    }
    const struct person *p = request_person(rq);
    view_text(view, "title", "Your transcript");
    view_text(view, "holder", p->certificate_name ? p->certificate_name : p->name);
    view_text(view, "as_of", words_date(rq, rq->now));
    view_text(view, "saved_words", request_field(rq, "saved") ? "Saved." : "");
    put_form(view, rq, "/transcript/credits", NULL);
    return response_page_status(rq, status, "transcript", view);
}

static int transcript_page(struct request *rq, struct error *e)
{
    return show_transcript(rq, 200, e);
}

static int show_credit(struct request *rq, int status, struct error *e)
{
    struct external_credit credit;
    struct conn *c = request_reader(rq, e);
    if (!c || external_credit_get(c, request_person_id(rq), request_param(rq, "credit"), rq->arena,
                                  &credit, e))
        return -1;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Change a credit");
    view_crumb(view, "Your transcript", "/transcript");
    const char *href = credit_href(rq, credit.uuid);
    put_form(view, rq, href, &credit);
    view_text(view, "delete_action", arena_printf(rq->arena, "%s/delete", href));
    return response_page_status(rq, status, "transcript-credit", view);
}

static int credit_page(struct request *rq, struct error *e)
{
    return show_credit(rq, 200, e);
}

/* ---- writing ---- */

struct writing {
    int64_t person;
    struct external_credit credit;
    const char *today;
    instant at;
};

static int write_add(struct conn *c, void *arg, struct error *e)
{
    const struct writing *w = arg;
    return external_credit_add(c, w->person, &w->credit, w->today, w->at, e);
}

static int write_change(struct conn *c, void *arg, struct error *e)
{
    const struct writing *w = arg;
    return external_credit_change(c, w->person, &w->credit, w->today, e);
}

static int write_delete(struct conn *c, void *arg, struct error *e)
{
    const struct writing *w = arg;
    return external_credit_delete(c, w->person, w->credit.uuid, e);
}

static void read_form(struct request *rq, struct writing *w)
{
    struct error e = {0};
    *w = (struct writing){.person = request_person_id(rq),
                          .credit = {.uuid = request_param(rq, "credit"),
                                     .title = request_field(rq, "title"),
                                     .provider = request_field(rq, "provider"),
                                     .earned_on = request_field(rq, "earned_on")},
                          .today = words_iso_date(rq, rq->now),
                          .at = rq->now};
    const char *hours = request_field(rq, "hours");
    if (hours && !credit_hours_read(hours, &w->credit.hours)) {
        error_field(&e, "hours", "Hours: please give a number such as 1 or 1.5.");
        request_add_error(rq, &e);
    }
}

/* 0 written, 1 the form is to be shown again, -1 with e. */
static int write_form(struct request *rq, db_write_fn fn, struct error *e)
{
    struct writing w;
    struct error why = {0};
    read_form(rq, &w);
    if (request_has_errors(rq))
        return 1;
    request_reader_release(rq);
    if (db_write(rq->learning->db, fn, &w, &why) == 0)
        return 0;
    if (why.kind == ERROR_INVALID) {
        request_add_error(rq, &why);
        return 1;
    }
    *e = why;
    return -1;
}

static int credit_add(struct request *rq, struct error *e)
{
    int result = write_form(rq, write_add, e);
    return result < 0    ? -1
           : result == 1 ? show_transcript(rq, 422, e)
                         : response_redirect(rq, "/transcript?saved=1#credits");
}

static int credit_change(struct request *rq, struct error *e)
{
    int result = write_form(rq, write_change, e);
    return result < 0    ? -1
           : result == 1 ? show_credit(rq, 422, e)
                         : response_redirect(rq, "/transcript?saved=1#credits");
}

static int credit_delete(struct request *rq, struct error *e)
{
    struct writing w = {.person = request_person_id(rq),
                        .credit = {.uuid = request_param(rq, "credit")}};
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_delete, &w, e))
        return form_gone(rq, "Your transcript does not hold this credit any more.", "/transcript",
                         e);
    return response_redirect(rq, "/transcript#credits");
}

static const struct field transcript_fields[] = {
    {.name = "saved", .type = FIELD_ENUM, .choices = "1", .summary = "One was just saved"},
};
static const struct field credit_fields[] = {
    {.name = "title",
     .type = FIELD_LINE,
     .max = CREDIT_TEXT_MAX,
     .required = true,
     .summary = "Title"},
    {.name = "provider",
     .type = FIELD_LINE,
     .max = CREDIT_TEXT_MAX,
     .required = true,
     .summary = "Provider"},
    {.name = "earned_on", .type = FIELD_DATE, .required = true, .summary = "Date"},
    {.name = "hours", .type = FIELD_LINE, .max = 16, .required = true, .summary = "Hours"},
};

const struct route transcript_routes[] = {
    {METHOD_GET, "/transcript", transcript_page, .who = ACCESS_SIGNED_IN,
     .fields = transcript_fields, .field_count = 1,
     .summary = "Everything you completed, and credits you added yourself"},
    {METHOD_POST, "/transcript/credits", credit_add, .who = ACCESS_SIGNED_IN, .body_max = 8192,
     .fields = credit_fields, .field_count = 4, .flags = ROUTE_TAKES_ERRORS,
     .summary = "Add a credit from elsewhere; verified by nobody"},
    {METHOD_GET, "/transcript/credits/{credit}", credit_page, .who = ACCESS_SIGNED_IN,
     .summary = "A credit that you added"},
    {METHOD_POST, "/transcript/credits/{credit}", credit_change, .who = ACCESS_SIGNED_IN,
     .body_max = 8192, .fields = credit_fields, .field_count = 4, .flags = ROUTE_TAKES_ERRORS,
     .summary = "Change a credit that you added"},
    {METHOD_POST, "/transcript/credits/{credit}/delete", credit_delete, .who = ACCESS_SIGNED_IN,
     .body_max = 1024, .summary = "Take a credit that you added off your transcript"},
    {0},
};
