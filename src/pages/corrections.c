/* GET /corrections — what was put right because somebody challenged it: by course, newest first. */
#include "http/response.h"
#include "pages/letters.h"
#include <string.h>

/* A question of the learning check is not told from its siblings here. */
static const char *where_words(struct arena *a, const struct challenge_part *part)
{
    if (part->lesson)
        return arena_printf(a, "In the lesson “%s”", part->lesson->title);
    return part->item->use == ITEM_FOR_LESSON ? "In a question inside a lesson"
                                              : "In a question of the learning check";
}

static int put_course(cJSON *courses, struct request *rq, const struct publication *p, int64_t page,
                      struct error *e)
{
    struct challenge *list;
    bool more = false;
    struct conn *c = request_reader(rq, e);
    int n = c ? corrections_of(c, rq->learning, p->course, page, rq->arena, &list, &more, e) : -1;
    if (n <= 0)
        return n;
    cJSON *course = view_item(courses), *items = view_list(course, "corrections");
    view_text(course, "id", p->course);
    view_text(course, "course_name", p->title);
    for (int i = 0; i < n; i++) {
        const struct challenge_answer *a = &list[i].answer;
        cJSON *item = view_item(items);
        view_text(item, "where_words", where_words(rq->arena, &list[i].part));
        view_text(item, "corrected_on", a->corrected_on);
        view_text(item, "corrected_words", words_day(rq, a->corrected_on));
        view_text(item, "said", a->said);
        view_text(item, "says", a->says);
    }
    view_text(course, "older_href",
              more ? arena_printf(rq->arena, "/corrections?course=%s&page=%lld", p->course,
                                  (long long)page + 1)
                   : "");
    return 0;
}

static int corrections_page(struct request *rq, struct error *e)
{
    const char *only = request_field(rq, "course");
    int64_t page = only ? request_integer_or(rq, "page", 1) : 1;
    cJSON *view = cJSON_CreateObject(), *courses = view_list(view, "courses");
    view_text(view, "title", "Corrections");
    const struct publication *const *shelf;
    int n = shelf_list(rq->learning->shelf, &shelf);
    for (int i = 0; i < n; i++) {
        if (only && strcmp(only, shelf[i]->course) != 0)
            continue;
        if (put_course(courses, rq, shelf[i], page, e)) {
            cJSON_Delete(view);
            return -1;
        }
    }
    view_bool(view, "has_courses", cJSON_GetArraySize(courses) > 0);
    view_text(view, "all_href", only ? "/corrections" : "");
    return response_page(rq, "corrections", view);
}

static const struct field fields[] = {
    {.name = "course", .type = FIELD_ID, .summary = "Of one course alone"},
    {.name = "page", .type = FIELD_INTEGER, .low = 1, .high = 1000, .summary = "Page"},
};

const struct route corrections_routes[] = {
    {METHOD_GET, "/corrections", corrections_page, .who = ACCESS_PUBLIC, .fields = fields,
     .field_count = 2, .summary = "What was corrected because somebody challenged it"},
    {0},
};
