#include "pages/waiting.h"
#include "learning/follow_up.h"
#include "pages/commitment_view.h"

const char *words_days(struct arena *a, const int *days, int count)
{
    const char *words = "";
    for (int i = 0; i < count; i++)
        words = arena_printf(a, "%s%s%d", words,
                             i == 0           ? ""
                             : i == count - 1 ? " and "
                                              : ", ",
                             days[i]);
    return arena_printf(a, "%s days", words);
}

/* What will appear and when, while nothing is asked. */
static const char *empty_words(struct request *rq, const struct follow_up_state *s,
                               const struct publication *likely)
{
    struct arena *a = rq->arena;
    switch (s->mode) {
    case FOLLOW_UP_WAITS:
        return arena_printf(a, "Two questions come back on %s.", words_date(rq, s->at));
    case FOLLOW_UP_STILL:
        return "Two rounds of questions went by, so no more come for now.";
    case FOLLOW_UP_OFF:
        return "Nothing comes back: you have switched it off.";
    case FOLLOW_UP_NONE:
        if (s->any)
            return "All the questions that were to come back have been here.";
        if (likely && likely->follow_up_count)
            return arena_printf(a, "Two questions come back here %s after you finish “%s”.",
                                words_days(a, likely->follow_up_days, likely->follow_up_count),
                                likely->title);
        return "After a course is finished, questions from it come back here, two at a time.";
    case FOLLOW_UP_OPEN:
        break;
    }
    return "";
}

static void put_questions(cJSON *view, struct request *rq, const struct follow_up_state *s,
                          const struct publication *likely)
{
    static const char *const modes[] = {
        [FOLLOW_UP_NONE] = "none",   [FOLLOW_UP_WAITS] = "waits", [FOLLOW_UP_OPEN] = "open",
        [FOLLOW_UP_STILL] = "still", [FOLLOW_UP_OFF] = "off",
    };
    struct arena *a = rq->arena;
    bool open = s->mode == FOLLOW_UP_OPEN;
    const char *many = s->left == 1 ? "One question" : "Two questions";
    cJSON *questions = view_object(view, "questions");
    view_text(questions, "mode", modes[s->mode]);
    view_text(questions, "words", empty_words(rq, s, likely));
    view_bool(questions, "is_open", open);
    view_bool(questions, "is_off", s->mode == FOLLOW_UP_OFF);
    view_text(questions, "name", open ? arena_printf(a, "%s, from memory", many) : "");
    view_text(questions, "about",
              open
                  ? arena_printf(a, "After “%s”. Here since %s.",
                                 s->publication ? s->publication->title : "", words_date(rq, s->at))
                  : "");
    view_text(questions, "label", open ? "Answer now" : "");
    view_text(questions, "href", open ? arena_printf(a, "/follow-ups/%s", s->uuid) : "");
    view_text(questions, "later_href",
              open ? arena_printf(a, "/follow-ups/%s/later", s->uuid) : "");
}

static const char *check_words(struct request *rq, const struct commitment_waiting *w)
{
    if (w->count || !w->any || w->off)
        return "";
    if (w->quiet)
        return "Two questions about your commitments went by, so no more come for now.";
    return w->next_at ? arena_printf(rq->arena, "You will be asked about a commitment on %s.",
                                     words_date(rq, w->next_at))
                      : "";
}

static int put_checks(cJSON *waiting, struct request *rq, bool *any, bool *quiet, struct error *e)
{
    struct commitment_waiting w;
    struct conn *c = request_reader(rq, e);
    if (!c || commitment_waiting(c, rq->learning, request_person_id(rq), rq->now, rq->arena, &w, e))
        return -1;
    cJSON *checks = view_list(waiting, "checks");
    bool listed = true;
    for (int i = 0; i < w.count; i++) {
        cJSON *check = view_item(checks);
        view_commitment(check, rq, &w.due[i]);
        view_text(check, "return_to", "/");
        listed = listed && w.due[i].offered;
    }
    if (!listed)
        commitment_listed(rq->learning, request_person_id(rq), rq->now);
    view_text(waiting, "checks_words", check_words(rq, &w));
    *any = w.count > 0;
    *quiet = w.quiet;
    return 0;
}

int view_waiting(cJSON *view, struct request *rq, const struct publication *likely, struct error *e)
{
    struct follow_up_state s;
    struct conn *c = request_reader(rq, e);
    if (!c || follow_up_state(c, rq->learning, request_person_id(rq), rq->now, &s, e))
        return -1;
    if (s.mode == FOLLOW_UP_OPEN && !s.offered)
        follow_up_listed(rq->learning, request_person_id(rq), rq->now);
    cJSON *waiting = view_object(view, "waiting");
    put_questions(waiting, rq, &s, likely);
    bool checks, quiet;
    if (put_checks(waiting, rq, &checks, &quiet, e))
        return -1;
    view_bool(waiting, "has_any", checks || s.mode == FOLLOW_UP_OPEN);
    view_bool(waiting, "is_quiet", quiet || s.mode == FOLLOW_UP_STILL);
    return 0;
}
