/*
 * GET /courses/{course}/plan  an action plan to print and write on; with ?mine=on it holds the
 *                             person's own words, which stand nowhere else unasked
 */
#include "http/response.h"
#include "pages/commitment_view.h"
#include "pages/private_view.h"
#include "pages/study_view.h"
#include "pages/tool_view.h"
#include <string.h>

#define BLANK_SHEETS 2

static void put_examples(cJSON *view, const struct publication *p)
{
    cJSON *examples = view_list(view, "examples");
    for (int i = 0; i < p->lesson_count; i++)
        for (int k = 0; k < p->lessons[i].piece_count; k++)
            if (p->lessons[i].pieces[k].kind == PIECE_COMMIT)
                view_text(view_item(examples), "commit_html", p->lessons[i].pieces[k].html);
    view_bool(view, "has_examples", cJSON_GetArraySize(examples) > 0);
}

static void put_sheet(cJSON *sheets, struct request *rq, const struct publication *p,
                      const struct commitment *m)
{
    cJSON *sheet = view_item(sheets);
    instant from = m ? m->made_at : rq->now;
    view_bool(sheet, "is_blank", !m || !m->cue);
    view_text(sheet, "cue", m && m->cue ? m->cue : "");
    view_text(sheet, "act", m && m->cue ? m->act : "");
    cJSON *checks = view_list(sheet, "checks");
    for (int i = 0; i < p->commitment_count; i++) {
        cJSON *check = view_item(checks);
        view_text(check, "after_words",
                  arena_printf(rq->arena, "After %d days", p->commitment_days[i]));
        view_text(check, "date_words", words_date(rq, from + p->commitment_days[i] * INSTANT_DAY));
    }
}

/* The person's own when asked for, and paper for more. The count of own ones, or -1. */
static int put_sheets(cJSON *view, struct request *rq, const struct publication *p, bool own,
                      struct error *e)
{
    struct commitment *list;
    int count = 0, mine = 0;
    struct conn *c = own ? request_reader(rq, e) : NULL;
    if (own)
        count = c ? commitment_list(c, rq->learning, request_person_id(rq), rq->now, rq->arena,
                                    &list, e)
                  : -1;
    cJSON *sheets = view_list(view, "sheets");
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].publication->course, p->course) == 0) {
            put_sheet(sheets, rq, list[i].publication, &list[i]);
            mine++;
        }
    for (int i = mine ? BLANK_SHEETS - 1 : 0; i < BLANK_SHEETS; i++)
        put_sheet(sheets, rq, p, NULL);
    return count < 0 ? -1 : mine;
}

static int plan_page(struct request *rq, struct error *e)
{
    struct enrolment en;
    int begun = study_enrolment(rq, &en, e);
    if (begun < 0)
        return -1;
    const struct publication *p = en.publication;
    bool own = begun && request_checked(rq, "mine");
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", "Action plan");
    view_course(view, rq, p);
    view_course_crumbs(view, rq, p);
    int mine = put_sheets(view, rq, p, own, e);
    if (mine < 0) {
        cJSON_Delete(view);
        return -1;
    }
    put_examples(view, p);
    view_tools(view, rq, p, course_href(rq->arena, p->course));
    view_bool(view, "is_mine", own);
    view_bool(view, "has_mine", mine > 0);
    view_text(view, "mine_words",
              own && !mine ? "You have written no commitment down in this course, so the sheets "
                             "are blank."
                           : "");
    view_text(
        view, "other_href",
        !begun ? ""
               : arena_printf(rq->arena, "/courses/%s/plan%s", p->course, own ? "" : "?mine=on"));
    view_text(view, "made_words", words_date(rq, rq->now));
    return response_page(rq, "plan", view);
}

static const struct field plan_fields[] = {
    {.name = "mine", .type = FIELD_CHECKBOX, .summary = "With your own words"},
};

const struct route plan_routes[] = {
    {METHOD_GET, "/courses/{course}/plan", plan_page, .who = ACCESS_SIGNED_IN, .nav = "courses",
     .fields = plan_fields, .field_count = 1, .summary = "An action plan to print and write on"},
    {0},
};
