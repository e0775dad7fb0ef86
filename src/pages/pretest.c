/*
 * POST /courses/{course}/pre-test       see what one knows first
 * POST /courses/{course}/pre-test/skip  not wanted, for good
 *
 * Its questions are answered on the pages of an attempt (attempt_page.c).
 */
#include "http/response.h"
#include "pages/attempt_view.h"
#include "pages/pretest_view.h"
#include "pages/question_view.h"
#include <string.h>

static const char *questions(struct arena *a, int n)
{
    return arena_printf(a, n == 1 ? "%s question" : "%s questions", words_number(a, n));
}

int view_pretest_offer(cJSON *view, struct request *rq, const struct enrolment *en, struct error *e)
{
    struct arena *a = rq->arena;
    struct pretest_state state;
    struct conn *c = request_reader(rq, e);
    if (!c || pretest_find(c, en, request_person_id(rq), &state, e))
        return -1;
    bool open = state.stage == PRETEST_OPEN;
    if (!open && state.stage != PRETEST_OFFERED) {
        view_bool(view, "pretest", false);
        return 0;
    }
    const char *course = en->publication->course;
    cJSON *pretest = view_object(view, "pretest");
    view_bool(pretest, "is_open", open);
    view_text(pretest, "title",
              arena_printf(a, "See what you know first: %s", questions(a, state.count)));
    view_text(pretest, "count_words", words_number(a, state.count));
    view_text(pretest, "action", arena_printf(a, "/courses/%s/pre-test", course));
    view_text(pretest, "skip_action", arena_printf(a, "/courses/%s/pre-test/skip", course));
    view_text(pretest, "open_href", open ? attempt_href(a, arena_strdup(a, state.uuid), "") : "");
    return 0;
}

/* ---- starting and skipping ---- */

struct starting {
    struct learning *learning;
    int64_t person;
    const char *course;
    instant at;
    char uuid[37];
};

static int write_start(struct conn *c, void *arg, struct error *e)
{
    struct starting *s = arg;
    struct rng rng;
    rng_seed_random(&rng);
    return pretest_start(c, s->learning, s->person, s->course, s->at, &rng, s->uuid, e);
}

static int start(struct request *rq, struct error *e)
{
    struct starting s = {rq->learning, request_person_id(rq), request_param(rq, "course"), rq->now,
                         ""};
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_start, &s, e)) {
        if (e->kind != ERROR_CONFLICT || rq->wants_json)
            return -1;
        return response_redirect(rq,
                                 course_href(rq->arena, s.course)); /* it offers what there is */
    }
    return response_redirect(rq, attempt_href(rq->arena, s.uuid, ""));
}

static int write_skip(struct conn *c, void *arg, struct error *e)
{
    const struct starting *s = arg;
    return pretest_skip(c, s->person, s->course, s->at, e);
}

static int skip(struct request *rq, struct error *e)
{
    struct enrolment en;
    if (study_enrolment(rq, &en, e) < 0) /* there is such a course */
        return -1;
    struct starting s = {rq->learning, request_person_id(rq), en.publication->course, rq->now, ""};
    request_reader_release(rq);
    if (db_write(rq->learning->db, write_skip, &s, e))
        return -1;
    return response_redirect(rq, course_href(rq->arena, s.course));
}

/* ---- after it ---- */

int pretest_thanks(struct request *rq, const struct attempt *t, struct error *e)
{
    struct progress mine;
    struct conn *c = request_reader(rq, e);
    if (!c || progress_load(c, rq->learning, &t->enrolment, rq->arena, &mine, e))
        return -1;
    bool done = t->submitted_at != 0;
    cJSON *view = cJSON_CreateObject();
    view_text(view, "title", done ? "Thank you" : "These questions are closed");
    view_course(view, rq, t->enrolment.publication);
    view_course_crumbs(view, rq, t->enrolment.publication);
    view_bool(view, "is_done", done);
    view_text(view, "come_back_words",
              arena_printf(rq->arena,
                           t->item_count == 1 ? "This %s comes back in your learning check."
                                              : "These %s come back in your learning check.",
                           t->item_count == 1 ? "one" : words_number(rq->arena, t->item_count)));
    cJSON *next = view_object(view, "next");
    view_text(next, "href", step_href(rq->arena, t->enrolment.publication->course, &mine.next));
    view_text(next, "label", step_label(rq->arena, &mine.next));
    return response_page(rq, "pretest-done", view);
}

static const char *outcome(const struct attempt_item *it)
{
    return !it->answered_at   ? "No answer"
           : it->mark >= 1000 ? "Right"
           : it->mark > 0     ? "Partly right"
                              : "Not right";
}

/* The same item, word for word, in the check; its place or -1. */
static int place_in(const struct attempt *t, const struct item *item)
{
    for (int i = 0; i < t->item_count; i++)
        if (strcmp(t->items[i].item->hash, item->hash) == 0)
            return i;
    return -1;
}

static void put_both(cJSON *both, struct request *rq, const struct attempt *before,
                     const struct attempt *now)
{
    struct arena *a = rq->arena;
    int64_t x = 0, y = 0;
    int n = 0;
    cJSON *items = view_list(both, "items");
    for (int i = 0; i < now->item_count; i++) { /* in the order of the page */
        const struct attempt_item *it = &now->items[i];
        int k = place_in(before, it->item);
        if (k < 0)
            continue;
        cJSON *row = view_item(items);
        view_int(row, "number", i + 1);
        view_text(row, "href", arena_printf(a, "#q%d", i + 1));
        view_text(row, "stem", it->item->stem_text);
        view_text(row, "before_words", outcome(&before->items[k]));
        view_text(row, "now_words", outcome(it));
        x += before->items[k].mark;
        y += it->mark;
        n++;
    }
    view_text(both, "words",
              arena_printf(a,
                           "Before the course you had %s of %d points on these; now you have %s.",
                           words_points(a, x), n, words_points(a, y)));
}

/* 1: what was answered before the check `t`, 0: nothing to compare it with, -1 with e. */
static int find_before(struct request *rq, const struct attempt *t, struct attempt *before,
                       struct error *e)
{
    int found = 0;
    if (t->passed) {
        struct conn *c = request_reader(rq, e);
        found = c ? pretest_handed_in(c, rq->learning, &t->enrolment, rq->arena, before, e) : -1;
    }
    for (int i = 0; found == 1 && i < before->item_count; i++)
        found = place_in(t, before->items[i].item) >= 0;
    return found;
}

int view_check_result(cJSON *view, struct request *rq, const struct progress *mine, struct error *e)
{
    const char *uuid = NULL;
    for (int i = 0; i < mine->line_count && !uuid; i++)
        uuid = mine->lines[i].attempt;
    const char *href = uuid ? arena_printf(rq->arena, "/attempts/%s/result", uuid) : "";
    int found = 0;
    if (uuid) {
        struct attempt t, before;
        struct conn *c = request_reader(rq, e);
        if (!c || attempt_load(c, rq->learning, uuid, request_person_id(rq), rq->arena, &t, e))
            return -1;
        found = find_before(rq, &t, &before, e);
    }
    view_text(view, "result_href", href);
    view_text(view, "before_now_href",
              found == 1 ? arena_printf(rq->arena, "%s#before-now", href) : "");
    return found < 0 ? -1 : 0;
}

int view_before_now(cJSON *view, struct request *rq, const struct attempt *t, struct error *e)
{
    struct attempt before;
    int found = find_before(rq, t, &before, e);
    if (found == 1)
        put_both(view_object(view, "before_now"), rq, &before, t);
    else
        view_bool(view, "before_now", false);
    return found < 0 ? -1 : 0;
}

const struct route pretest_routes[] = {
    {METHOD_POST, "/courses/{course}/pre-test", start, .who = ACCESS_SIGNED_IN, .nav = "courses",
     .body_max = 1024, .summary = "See what you know first, or go on with it"},
    {METHOD_POST, "/courses/{course}/pre-test/skip", skip, .who = ACCESS_SIGNED_IN,
     .nav = "courses", .body_max = 1024, .summary = "Leave the questions before a course out"},
    {0},
};
