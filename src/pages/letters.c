#include "pages/letters.h"
#include "base/text.h"
#include "pages/allowance.h"
#include <string.h>

void view_caution(cJSON *view, struct request *rq)
{
    cJSON *caution = view_object(view, "caution");
    view_text(caution, "report", shelf_site(rq->learning->shelf, "reporting_office"));
}

int letter_take(struct request *rq, struct error *e)
{
    struct site *site = rq->app;
    const char *person = arena_printf(rq->arena, "%lld", (long long)request_person_id(rq));
    if (allowance_take(site->letters, person, rq->now) &&
        allowance_take(site->letters_by_address, request_address(rq), rq->now))
        return 0;
    return error_set(e, ERROR_TOO_MANY, "Very much was written from here within an hour.");
}

const char *challenge_href(struct arena *a, const char *course, const char *kind, const char *id)
{
    return arena_printf(a, "/courses/%s/challenge?%s=%s", course, kind, id);
}

const char *words_cut(struct arena *a, const char *text, size_t n)
{
    const char *end = text;
    for (size_t i = 0; i < n && *end; i++)
        text_next(&end);
    char *out = *end ? arena_printf(a, "%.*s…", (int)(end - text), text) : arena_strdup(a, text);
    for (char *at = out; *at; at++)
        if (*at == '\n' || *at == '\t')
            *at = ' ';
    return out;
}

const char *challenge_part_words(struct arena *a, const struct challenge_part *part)
{
    if (part->lesson)
        return arena_printf(a, "the lesson “%s”", part->lesson->title);
    return arena_printf(a, "the question “%s”", words_cut(a, part->item->stem_text, 80));
}

const char *words_day(struct request *rq, const char *date)
{
    struct site *site = rq->app;
    instant start;
    return zone_day_start(site->zone, date, &start) ? words_date(rq, start) : date;
}

void view_challenge_answer(cJSON *item, struct request *rq, const struct challenge_answer *a)
{
    view_bool(item, "is_answered", a->id != 0);
    view_bool(item, "is_accepted", a->accepted);
    view_text(item, "answered_words", a->id ? words_date(rq, a->at) : "");
    view_text(item, "answer_words", a->id ? a->words : "");
    view_text(item, "said", a->accepted ? a->said : "");
    view_text(item, "says", a->accepted ? a->says : "");
    view_text(item, "corrected_words", a->accepted ? words_day(rq, a->corrected_on) : "");
}

#define NEWS (14 * INSTANT_DAY)

int view_answered(cJSON *view, struct request *rq, struct error *e)
{
    struct challenge *list;
    struct conn *c = request_reader(rq, e);
    int n = c ? challenges_of(c, rq->learning, request_person_id(rq), rq->arena, &list, e) : -1;
    if (n < 0)
        return -1;
    cJSON *answered = view_list(view, "answered");
    for (int i = 0; i < n; i++) {
        if (!list[i].answer.id || list[i].answer.at + NEWS <= rq->now)
            continue;
        cJSON *item = view_item(answered);
        view_text(item, "answered_words",
                  arena_printf(rq->arena, "Your question about %s was answered.",
                               challenge_part_words(rq->arena, &list[i].part)));
        view_text(item, "href", arena_printf(rq->arena, "/account/questions#%s", list[i].uuid));
    }
    view_bool(view, "has_answered", cJSON_GetArraySize(answered) > 0);
    return 0;
}
