#include "pages/form.h"
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
