#include "base/json.h"
#include "base/memory.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cJSON *parse_scanned(const char *s, size_t n)
{
    cJSON *value = cJSON_ParseWithLength(s, n);
    if (!value) /* it takes all that json_scan lets through (fuzz_json says so) */
        memory_exhausted();
    return value;
}

cJSON *json_parse_at(const char *s, size_t n, struct json_position *at, struct error *e)
{
    return json_scan(s, n, at, e) == 0 ? parse_scanned(s, n) : NULL;
}

cJSON *json_parse_few(const char *s, size_t n, size_t most, struct error *e)
{
    return json_scan_few(s, n, most, NULL, e) == 0 ? parse_scanned(s, n) : NULL;
}

cJSON *json_parse(const char *s, size_t n, struct error *e)
{
    return json_parse_at(s, n, NULL, e);
}

const cJSON *json_get(const cJSON *object, const char *name)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

const char *json_string(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(json_get(object, name));
}

const char *json_string_or(const cJSON *object, const char *name, const char *fallback)
{
    const char *s = json_string(object, name);
    return s ? s : fallback;
}

double json_number_or(const cJSON *object, const char *name, double fallback)
{
    const cJSON *value = json_get(object, name);
    return cJSON_IsNumber(value) ? value->valuedouble : fallback;
}

bool json_bool_or(const cJSON *object, const char *name, bool fallback)
{
    const cJSON *value = json_get(object, name);
    return cJSON_IsBool(value) ? cJSON_IsTrue(value) : fallback;
}

/* cJSON's Add functions return NULL only when memory ran out or the parent is no object. */
static cJSON *made(cJSON *value)
{
    if (!value)
        memory_exhausted();
    return value;
}

cJSON *json_object(cJSON *object, const char *name)
{
    return made(cJSON_AddObjectToObject(object, name));
}

cJSON *json_array(cJSON *object, const char *name)
{
    return made(cJSON_AddArrayToObject(object, name));
}

cJSON *json_item(cJSON *array)
{
    cJSON *item = made(cJSON_CreateObject());
    cJSON_AddItemToArray(array, item);
    return item;
}

void json_put(cJSON *object, const char *name, const char *value)
{
    if (value)
        made(cJSON_AddStringToObject(object, name, value));
}

void json_putf(cJSON *object, const char *name, const char *format, ...)
{
    char small[256];
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(small, sizeof small, format, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < sizeof small) {
        json_put(object, name, small);
        return;
    }
    if (n < 0)
        return;
    char *large = memory_alloc((size_t)n + 1);
    va_start(ap, format);
    vsnprintf(large, (size_t)n + 1, format, ap);
    va_end(ap);
    json_put(object, name, large);
    free(large);
}

void json_put_int(cJSON *object, const char *name, int64_t value)
{
    made(cJSON_AddNumberToObject(object, name, (double)value));
}

void json_put_bool(cJSON *object, const char *name, bool value)
{
    made(cJSON_AddBoolToObject(object, name, value));
}
