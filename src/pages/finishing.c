#include "pages/finishing.h"

static const char *state_words(const struct progress *p, const struct completion_line *line)
{
    return line->done     ? "Done"
           : p->completed ? "Not needed" /* by assessment */
                          : "Not yet";
}

static cJSON *put(cJSON *list, const struct progress *p, const struct completion_line *line,
                  const char *text)
{
    cJSON *item = view_item(list);
    view_text(item, "text", text);
    view_bool(item, "is_done", line->done);
    view_text(item, "state_words", state_words(p, line));
    return item;
}

static void put_own(cJSON *item, const char *evidence, const char *result_href, const char *detail,
                    const char *href, const char *step_name)
{
    view_text(item, "evidence", evidence);
    view_text(item, "result_href", result_href);
    view_text(item, "detail", detail);
    view_text(item, "href", href);
    view_text(item, "step_name", step_name);
}

void finishing_rule(cJSON *list, const char **lines)
{
    for (; *lines; lines++) {
        cJSON *item = view_item(list);
        view_text(item, "text", *lines);
        view_bool(item, "is_done", false);
        view_text(item, "state_words", "");
        put_own(item, "", "", "", "", "");
    }
}

static const char *ordinal(struct arena *a, int n)
{
    bool teen = n % 100 >= 11 && n % 100 <= 13;
    return n == 1 ? "first"
                  : arena_printf(a, "%d%s", n,
                                 teen          ? "th"
                                 : n % 10 == 1 ? "st"
                                 : n % 10 == 2 ? "nd"
                                 : n % 10 == 3 ? "rd"
                                               : "th");
}

static const char *evidence_words(struct request *rq, const struct completion_line *line)
{
    struct arena *a = rq->arena;
    if (!line->done_at)
        return "";
    const char *day = words_date(rq, line->done_at);
    if (line->kind == STEP_CASE)
        return arena_printf(a, "An end was reached %s.", day);
    if (line->kind == STEP_CHECK)
        return arena_printf(a, "Passed on the %s try, %s.", ordinal(a, line->tries), day);
    return arena_printf(a, "The %s was answered %s.", line->done ? "last one" : "latest", day);
}

void finishing_own(cJSON *list, struct request *rq, const struct progress *mine)
{
    const char *course = mine->enrolment.publication->course;
    for (int i = 0; i < mine->line_count; i++) {
        const struct completion_line *line = &mine->lines[i];
        bool missing = !line->done && !mine->completed, check = line->kind == STEP_CHECK;
        cJSON *item = put(list, mine, line, line->text);
        put_own(item, evidence_words(rq, line),
                line->attempt ? arena_printf(rq->arena, "/attempts/%s/result", line->attempt) : "",
                missing ? line->detail : "",
                missing ? step_href(rq->arena, course, &line->step) : "",
                !missing ? ""
                : check  ? "the learning check"
                         : line->step.title);
    }
}

void finishing_for_staff(cJSON *list, struct request *rq, const struct progress *p)
{
    for (int i = 0; i < p->line_count; i++) {
        const struct completion_line *line = &p->lines[i];
        cJSON *item = put(list, p, line, line->part ? line->part : line->text);
        view_text(item, "evidence",
                  line->done && line->done_at ? words_date(rq, line->done_at) : "");
    }
}

int finishing_of(cJSON *list, struct request *rq, struct conn *c, int64_t person,
                 const char *course, struct error *e)
{
    struct enrolment en;
    struct progress p;
    struct error why = {0};
    if (enrolment_find(c, rq->learning, person, course, &en, &why)) {
        if (why.kind == ERROR_NOT_FOUND)
            return 0;
        *e = why;
        return -1;
    }
    if (progress_load(c, rq->learning, &en, rq->arena, &p, e))
        return -1;
    finishing_for_staff(list, rq, &p);
    return 0;
}
