#include "pages/form.h"
#include "base/arena.h"
#include "base/json.h"

void form_put_errors(struct request *rq, cJSON *view)
{
    request_put_errors(rq, view);
    cJSON *wrong = json_object(view, "wrong");
    const cJSON *item;
    cJSON_ArrayForEach(item, json_get(view, "errors"))
    {
        const char *field = json_string_or(item, "field", "");
        if (*field && !json_get(wrong, field))
            json_put(wrong, field, json_string_or(item, "message", ""));
    }
    json_put_bool(view, "has_errors", request_has_errors(rq));
}

bool form_take_error(struct request *rq, struct error *e)
{
    if (e->kind != ERROR_INVALID)
        return false;
    request_add_error(rq, e);
    *e = (struct error){0};
    return true;
}

int form_gone(struct request *rq, const char *words, const char *back, struct error *e)
{
    if (e->kind != ERROR_NOT_FOUND)
        return -1;
    struct error_words *gone = arena_alloc(rq->arena, sizeof *gone);
    *gone = (struct error_words){"That is gone already", "Everything else is as it was.",
                                 "There is nothing more to do.", back};
    rq->error_words = gone;
    return error_set(e, ERROR_NOT_FOUND, "%s", words);
}
