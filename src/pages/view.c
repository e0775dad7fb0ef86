#include "pages/view.h"
#include "base/memory.h"
#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* cJSON_AddItemToObjectCS looks for what can be wrong with its arguments; ours are a new value and
 * an object that a handler builds, and a page has many hundred of them. */
static cJSON *put(cJSON *object, const char *name, cJSON *made)
{
    if (!made)
        memory_exhausted();
    made->string = (char *)(uintptr_t)name;
    made->type |= cJSON_StringIsConst;
    if (!object->child) {
        object->child = made->prev = made;
        return made;
    }
    made->prev = object->child->prev;
    made->prev->next = made;
    object->child->prev = made;
    return made;
}

void view_text(cJSON *object, const char *name, const char *value)
{
    if (value)
        put(object, name, cJSON_CreateStringReference(value));
}

void view_int(cJSON *object, const char *name, int64_t value)
{
    put(object, name, cJSON_CreateNumber((double)value));
}

void view_bool(cJSON *object, const char *name, bool value)
{
    put(object, name, cJSON_CreateBool(value));
}

cJSON *view_object(cJSON *object, const char *name)
{
    return put(object, name, cJSON_CreateObject());
}

cJSON *view_list(cJSON *object, const char *name)
{
    return put(object, name, cJSON_CreateArray());
}

cJSON *view_item(cJSON *list)
{
    cJSON *made = cJSON_CreateObject();
    if (!made || !cJSON_AddItemToArray(list, made))
        memory_exhausted();
    return made;
}

void view_crumb(cJSON *view, const char *label, const char *href)
{
    cJSON *breadcrumb = cJSON_GetObjectItemCaseSensitive(view, "breadcrumb");
    cJSON *items = breadcrumb ? cJSON_GetObjectItemCaseSensitive(breadcrumb, "items")
                              : view_list(view_object(view, "breadcrumb"), "items");
    cJSON *item = view_item(items);
    view_text(item, "label", label);
    view_text(item, "href", href);
}

static const struct zone *zone_of(const struct request *rq)
{
    return ((const struct site *)rq->app)->zone;
}

const char *words_date(struct request *rq, instant at)
{
    char *out = arena_alloc(rq->arena, 24);
    zone_date_words(zone_of(rq), at, out);
    return out;
}

const char *words_saved(struct request *rq, instant at)
{
    char time[9];
    zone_time(zone_of(rq), at, time);
    return arena_printf(rq->arena, "Saved %s", time);
}

const char *words_number(struct arena *a, int n)
{
    static const char *const words[] = {
        "zero",     "one",     "two",     "three",     "four",     "five",     "six",
        "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    };
    if (n >= 0 && n < (int)(sizeof words / sizeof *words))
        return words[n];
    return arena_printf(a, "%d", n);
}

const char *words_minutes(struct arena *a, int minutes)
{
    return arena_printf(a, "%d min", minutes);
}

const char *words_active(struct arena *a, int64_t minutes)
{
    return minutes == 1 ? "1 active minute"
                        : arena_printf(a, "%lld active minutes", (long long)minutes);
}

const char *words_iso_date(struct request *rq, instant at)
{
    char *out = arena_alloc(rq->arena, 11);
    zone_date(zone_of(rq), at, out);
    return out;
}

const char *words_sentence(struct arena *a, const char *s)
{
    size_t n = strlen(s);
    return n && strchr(".!?", s[n - 1]) ? s : arena_printf(a, "%s.", s);
}

const char *words_capital(struct arena *a, const char *s)
{
    char *out = arena_strdup(a, s);
    if (*out)
        out[0] = (char)toupper((unsigned char)out[0]);
    return out;
}
