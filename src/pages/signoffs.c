/*
 * Reviewers' sign-offs as a draft's authors see and answer them.
 *
 * POST /authoring/{draft}/signoffs          records one that was given on paper
 * POST /authoring/{draft}/signoffs/answer   confirms or declines one
 */
#include "base/text.h"
#include "http/response.h"
#include "pages/letters.h"
#include "pages/review_author.h"
#include "pages/review_view.h"
#include <string.h>

#define COMPARED 10 /* of the latest sign-offs, that are compared with the draft as it stands */

/* ---- on the draft's page ---- */

static const char *state_words(struct request *rq, const struct review_signoff *s)
{
    if (s->declined_at)
        return arena_printf(rq->arena, "Declined %s", words_date(rq, s->declined_at));
    if (s->confirmed_at)
        return arena_printf(rq->arena, "Confirmed %s by %s", words_date(rq, s->confirmed_at),
                            s->confirmed_by);
    return "Waits for your answer";
}

static const char *changed_words(struct request *rq, const struct review_signoff *s,
                                 const char *changed)
{
    if (!*changed || s->declined_at)
        return "";
    if (s->confirmed_at)
        return arena_printf(rq->arena, "The draft has changed since: %s.", changed);
    return arena_printf(
        rq->arena,
        "The draft has changed since (%s), so this sign-off cannot be confirmed: it "
        "holds for what was read. Send a link to the present version and ask for a "
        "new one.",
        changed);
}

static void put_signoff(cJSON *list, struct request *rq, const struct review_signoff *s,
                        const char *changed)
{
    bool waits = !s->confirmed_at && !s->declined_at;
    cJSON *row = view_item(list);
    view_int(row, "id", s->id);
    view_text(row, "name", s->name);
    view_text(row, "role", s->role);
    view_text(row, "signed_words", words_day(rq, s->signed_on));
    view_int(row, "version", s->version);
    view_bool(row, "is_on_paper", s->link == 0);
    view_bool(row, "is_waiting", waits);
    view_bool(row, "is_confirmed", s->confirmed_at != 0);
    view_bool(row, "may_confirm", waits && !*changed);
    view_text(row, "state_words", state_words(rq, s));
    view_text(row, "changed_words", changed_words(rq, s, changed));
}

static const char *pilot_words(bool pilot, bool confirmed)
{
    if (!pilot)
        return "It is no pilot any more: its course.json names who has reviewed it.";
    return confirmed ? "It is still a pilot: it cites references that nobody has checked yet. "
                       "Check them, give each its date in references.md, and ask for a new "
                       "sign-off."
                     : "It is a pilot, and its pages say so, until a reviewer's sign-off is "
                       "confirmed and every reference it cites is checked.";
}

int view_signoffs(cJSON *review, struct request *rq, const struct draft *d, bool pilot,
                  struct error *e)
{
    struct review_signoff *signoffs;
    struct conn *c = request_reader(rq, e);
    int n = c ? review_signoffs(c, d->id, rq->arena, &signoffs, e) : -1;
    if (n < 0)
        return -1;
    cJSON *list = view_list(review, "signoffs");
    bool confirmed = false;
    for (int i = 0; i < n; i++) {
        const char *changed =
            i < COMPARED ? review_signoff_differs(c, d, &signoffs[i], rq->arena, e) : "";
        if (!changed)
            return -1;
        put_signoff(list, rq, &signoffs[i], changed);
        confirmed = confirmed || signoffs[i].confirmed_at;
    }
    view_bool(review, "has_signoffs", n > 0);
    view_bool(review, "is_pilot", pilot);
    view_bool(review, "is_recording",
              request_has_errors(rq) && text_ends(rq->route->pattern, "/signoffs"));
    view_text(review, "pilot_words", pilot_words(pilot, confirmed));
    view_text(review, "signoffs_action", draft_href(rq->arena, d, "/signoffs"));
    view_text(review, "today", words_iso_date(rq, rq->now));
    view_int(review, "name_max", REVIEW_NAME_MAX);
    return 0;
}

/* ---- answering ---- */

static int back_to_draft(struct request *rq)
{
    return response_redirect(
        rq, arena_printf(rq->arena, "/authoring/%s#signoffs", request_param(rq, "draft")));
}

static int record_post(struct request *rq, struct error *e)
{
    if (request_has_errors(rq))
        return draft_show_again(rq, e);
    const char *name = request_field(rq, "name"), *role = request_field(rq, "role"),
               *day = request_field(rq, "signed_on");
    request_reader_release(rq);
    if (strcmp(day, words_iso_date(rq, rq->now)) > 0)
        error_field(e, "signed_on", "Signed on: please give a day that has been");
    else if (!review_signoff_record(rq->learning, request_param(rq, "draft"), request_person_id(rq),
                                    (int)request_integer_or(rq, "version", 0), name, role, day,
                                    rq->now, e))
        return back_to_draft(rq);
    return draft_show_again(rq, e);
}

static int answer_post(struct request *rq, struct error *e)
{
    bool still_pilot, confirm = strcmp(request_field_or(rq, "answer", ""), "confirm") == 0;
    const char *uuid = request_param(rq, "draft");
    int64_t id = request_integer_or(rq, "signoff", 0), me = request_person_id(rq);
    request_reader_release(rq);
    int result = confirm
                     ? review_signoff_confirm(rq->learning, uuid, id, me, rq->now, &still_pilot, e)
                     : review_signoff_decline(rq->learning, uuid, id, me, rq->now, e);
    return result ? draft_show_again(rq, e) : back_to_draft(rq);
}

/* ---- routes ---- */

static const struct field record_fields[] = {
    {.name = "name",
     .type = FIELD_LINE,
     .max = REVIEW_NAME_MAX,
     .required = true,
     .summary = "Reviewer's name"},
    {.name = "role",
     .type = FIELD_LINE,
     .max = REVIEW_NAME_MAX,
     .required = true,
     .summary = "Reviewer's role"},
    {.name = "signed_on", .type = FIELD_DATE, .required = true, .summary = "Signed on"},
    {.name = "version",
     .type = FIELD_INTEGER,
     .required = true,
     .low = 1,
     .high = 1000000,
     .summary = "Version that was signed"},
};
static const struct field answer_fields[] = {
    {.name = "signoff",
     .type = FIELD_INTEGER,
     .required = true,
     .low = 1,
     .high = INT64_MAX,
     .summary = "Sign-off"},
    {.name = "answer",
     .type = FIELD_ENUM,
     .required = true,
     .choices = "confirm|decline",
     .summary = "Answer"},
};

const struct route signoff_routes[] = {
    {METHOD_POST, "/authoring/{draft}/signoffs", record_post, .who = ACCESS_AUTHOR,
     .nav = "authoring", .body_max = 16384, .flags = ROUTE_TAKES_ERRORS, .fields = record_fields,
     .field_count = 4, .summary = "Record a reviewer's sign-off that was given on paper"},
    {METHOD_POST, "/authoring/{draft}/signoffs/answer", answer_post, .who = ACCESS_AUTHOR,
     .nav = "authoring", .body_max = 1024, .fields = answer_fields, .field_count = 2,
     .summary = "Confirm a reviewer's sign-off, which names the reviewer in the draft, or decline"},
    {0},
};
