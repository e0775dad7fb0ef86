#include "pages/letters.h"
#include "base/json.h"
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
        allowance_take_address(site->letters_by_address, request_address(rq), rq->now))
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

/* 1 for an answer that the person has not read, however long ago it was; 0; or -1 with e. */
static int is_news(struct request *rq, const char *place, instant at, struct error *e)
{
    instant until;
    struct conn *c = request_reader(rq, e);
    if (!at)
        return 0;
    if (!c || answer_read_until(c, request_person_id(rq), place, &until, e))
        return -1;
    return at > until;
}

int letter_was_read(struct request *rq, const char *place, instant at, struct error *e)
{
    int news = is_news(rq, place, at, e);
    if (news > 0)
        answer_read_note(rq->learning, request_person_id(rq), place, at);
    return news < 0 ? -1 : 0;
}

const char *alternative_place(struct arena *a, const char *course)
{
    return arena_printf(a, "alternative:%s", course);
}

/* Its page shows the latest request for a course alone; the list begins with those. */
static bool is_latest(const struct alternative *list, int i)
{
    for (int k = 0; k < i; k++)
        if (strcmp(list[k].course, list[i].course) == 0)
            return false;
    return true;
}

static int put_alternatives(cJSON *answered, struct request *rq, struct error *e)
{
    struct alternative *list;
    struct conn *c = request_reader(rq, e);
    int n = c ? alternatives_of(c, request_person_id(rq), rq->arena, &list, e) : -1;
    for (int i = 0; i < n; i++) {
        struct error none = {0};
        const struct publication *p = shelf_current(rq->learning->shelf, list[i].course, &none);
        if (!p || !*list[i].answer_words || !is_latest(list, i))
            continue;
        int news = is_news(rq, alternative_place(rq->arena, p->course), list[i].answered_at, e);
        if (news < 0)
            return -1;
        if (!news)
            continue;
        cJSON *item = view_item(answered);
        view_text(item, "answered_words",
                  arena_printf(rq->arena, "Your request about “%s” was answered.", p->title));
        view_text(item, "href", alternative_href(rq->arena, p->course));
    }
    return n < 0 ? -1 : 0;
}

int view_answered(cJSON *view, struct request *rq, struct error *e)
{
    struct challenge *list;
    struct conn *c = request_reader(rq, e);
    int n = c ? challenges_of(c, rq->learning, request_person_id(rq), rq->arena, &list, e) : -1;
    if (n < 0)
        return -1;
    cJSON *answered = view_list(view, "answered");
    for (int i = 0; i < n; i++) {
        int news = is_news(rq, ANSWERS_TO_CHALLENGES, list[i].answer.at, e);
        if (news < 0)
            return -1;
        if (!news)
            continue;
        cJSON *item = view_item(answered);
        view_text(item, "answered_words",
                  arena_printf(rq->arena, "Your question about %s was answered.",
                               challenge_part_words(rq->arena, &list[i].part)));
        view_text(item, "href", arena_printf(rq->arena, "/account/questions#%s", list[i].uuid));
    }
    if (put_alternatives(answered, rq, e))
        return -1;
    view_bool(view, "has_answered", cJSON_GetArraySize(answered) > 0);
    return 0;
}

/* ---- another way ---- */

const char *alternative_href(struct arena *a, const char *course)
{
    return arena_printf(a, "/courses/%s/alternative", course);
}

const char *alternative_outcome_words(enum alternative_outcome o)
{
    static const char *const words[ALTERNATIVE__COUNT] = {
        [ALTERNATIVE_OPEN] = "Waiting for an answer", [ALTERNATIVE_EXCUSED] = "Excused",
        [ALTERNATIVE_ANOTHER] = "Another way",        [ALTERNATIVE_DECLINED] = "Declined",
        [ALTERNATIVE_WITHDRAWN] = "Taken back",
    };
    return words[o];
}

const char *words_excused(struct request *rq, const char *course, struct error *e)
{
    instant until;
    struct conn *c = request_reader(rq, e);
    int excused = c ? excused_at(c, request_person_id(rq), course, rq->now, &until, e) : -1;
    if (excused < 0)
        return NULL;
    if (!excused)
        return "";
    if (!until)
        return "You are excused. You may still take the course.";
    return arena_printf(rq->arena, "You are excused until %s. You may still take the course.",
                        words_date(rq, until - 1));
}

int view_excused(cJSON *list, struct request *rq, struct error *e)
{
    cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const char *words = words_excused(rq, json_string_or(item, "id", ""), e);
        if (!words)
            return -1;
        view_text(item, "excused_words", words);
    }
    return 0;
}

int view_alternative(cJSON *view, struct request *rq, const char *course, struct error *e)
{
    struct alternative t = {.words = "", .answer_words = ""};
    struct conn *c = request_reader(rq, e);
    int found = c ? alternative_latest(c, request_person_id(rq), course, rq->arena, &t, e) : -1;
    if (found < 0)
        return -1;
    bool open = found && !t.answer, answered = found && *t.answer_words;
    cJSON *alternative = view_object(view, "alternative");
    view_text(alternative, "href", alternative_href(rq->arena, course));
    view_text(alternative, "outcome", found ? alternative_outcome_key(t.outcome) : "none");
    view_bool(alternative, "is_open", open);
    view_bool(alternative, "has_answer", answered);
    view_bool(alternative, "may_ask", !open);
    view_text(alternative, "asked", open || answered ? t.words : "");
    view_text(alternative, "asked_words", open || answered ? words_date(rq, t.at) : "");
    view_text(alternative, "outcome_words", answered ? alternative_outcome_words(t.outcome) : "");
    view_text(alternative, "answered_words", answered ? words_date(rq, t.answered_at) : "");
    view_text(alternative, "answer_words", t.answer_words);
    return 0;
}
