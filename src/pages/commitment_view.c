#include "pages/commitment_view.h"
#include "pages/private_view.h"
#include "pages/study_view.h"
#include "pages/waiting.h"
#include <string.h>

const char *outcome_words(enum outcome o)
{
    static const char *const words[] = {[OUTCOME_DONE] = "Done",
                                        [OUTCOME_PARTLY] = "Partly",
                                        [OUTCOME_NOT_YET] = "Not yet",
                                        [OUTCOME_NO_LONGER] = "No longer"};
    return words[o];
}

void view_commit_form(cJSON *object, struct request *rq, const struct commit_place *place,
                      const struct commitment *m)
{
    const char *closed = m && m->closed && !place->cue ? m->closed : "";
    if (!m && !place->cue && !rq->learning->secret)
        closed = "Writing here is closed for now: the key that keeps it private is not on the "
                 "server. Thinking it over, or printing this page, works as ever.";
    cJSON *writing = view_object(object, "writing");
    view_text(writing, "id", place->id);
    view_text(writing, "action", place->action);
    view_text(writing, "return_to", place->return_to);
    view_text(writing, "cue", place->cue ? place->cue : m && m->cue ? m->cue : "");
    view_text(writing, "act", place->act ? place->act : m && m->act ? m->act : "");
    view_text(writing, "base", arena_printf(rq->arena, "%lld", m ? (long long)m->saved_at : 0LL));
    view_text(writing, "label", m ? "Save the change" : "Save it");
    view_text(writing, "closed", closed);
}

static void put_history(cJSON *item, struct request *rq, const struct commitment *m)
{
    cJSON *history = view_list(item, "history");
    for (int i = m->answer_count - 1; i >= 0; i--)
        view_text(view_item(history), "words",
                  arena_printf(rq->arena, "%s: %s", words_date(rq, m->answers[i].at),
                               outcome_words(m->answers[i].outcome)));
    view_bool(item, "has_history", m->answer_count > 0);
}

static void put_words(cJSON *item, const struct commitment *m)
{
    view_text(item, "cue", m->cue ? m->cue : "");
    view_text(item, "act", m->act ? m->act : "");
    view_text(item, "closed", m->closed ? m->closed : "");
}

void view_commitment(cJSON *item, struct request *rq, const struct commitment *m)
{
    struct arena *a = rq->arena;
    const char *href = arena_printf(a, "/commitments/%.36s", m->uuid);
    put_words(item, m);
    view_text(item, "made_words", words_date(rq, m->made_at));
    view_text(item, "id", arena_printf(a, "commitment-%.36s", m->uuid));
    view_text(item, "course", m->publication->title);
    view_text(item, "course_href", course_href(a, m->publication->course));
    view_bool(item, "is_due", m->due_day != 0);
    view_text(item, "due_words", m->due_day ? words_date(rq, m->due_at) : "");
    view_text(item, "next_words",
              m->next_at && !m->due_day
                  ? arena_printf(a, "You will be asked on %s.", words_date(rq, m->next_at))
                  : "");
    view_text(item, "check_href", arena_printf(a, "%s/check", href));
    view_text(item, "later_href", arena_printf(a, "%s/later", href));
    view_text(item, "delete_href", arena_printf(a, "%s/delete", href));
    put_history(item, rq, m);
}

static void put_mine(cJSON *box, const struct publication *p, const struct commitment *list,
                     int count)
{
    cJSON *mine = view_list(box, "mine");
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].publication->course, p->course) == 0)
            put_words(view_item(mine), &list[i]);
    view_bool(box, "has_mine", cJSON_GetArraySize(mine) > 0);
}

int view_commit_box(cJSON *object, struct request *rq, const struct publication *p,
                    const char *return_to, struct error *e)
{
    struct arena *a = rq->arena;
    struct commitment *list;
    struct conn *c = request_reader(rq, e);
    int count =
        c ? commitment_list(c, rq->learning, request_person_id(rq), rq->now, a, &list, e) : -1;
    if (count < 0)
        return -1;
    cJSON *box = view_object(object, "commit");
    put_mine(box, p, list, count);
    view_text(box, "days_words",
              p->commitment_count ? words_days(a, p->commitment_days, p->commitment_count) : "");
    view_text(box, "plan_href", arena_printf(a, "/courses/%s/plan", p->course));
    struct commit_place place = {"commit", arena_printf(a, "/courses/%s/commit", p->course),
                                 return_to, NULL, NULL};
    view_commit_form(box, rq, &place, NULL);
    return 0;
}
