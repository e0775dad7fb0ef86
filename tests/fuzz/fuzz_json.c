/*
 * The JSON gate and what comes after it. What passes is read by cJSON, printed and read again, and
 * has a canonical form that is its own canonical form.
 */
#include "base/json.h"
#include "fuzz.h"
#include <string.h>

static cJSON *read_back(const struct buf *text)
{
    cJSON *value = json_parse(text->data, text->length, NULL);
    require(value != NULL);
    return value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error e = {0};
    struct json_position at = {0};
    cJSON *value = json_parse_at((const char *)data, size, &at, &e);
    if (!value) {
        require(e.kind == ERROR_INVALID && e.message[0] && at.line >= 1 && at.column >= 1);
        return 0;
    }
    struct buf printed, canonical, again;
    buf_init(&printed, SIZE_MAX);
    buf_init(&canonical, SIZE_MAX);
    buf_init(&again, SIZE_MAX);
    json_print(value, &printed);
    require(!printed.overflow);
    require(json_canonical(value, &canonical, &e) == 0);
    cJSON *reread = read_back(&printed), *reformed = read_back(&canonical);
    require(json_canonical(reread, &again, &e) == 0);
    require(again.length == canonical.length && !memcmp(again.data, canonical.data, again.length));
    buf_clear(&again);
    require(json_canonical(reformed, &again, &e) == 0);
    require(again.length == canonical.length && !memcmp(again.data, canonical.data, again.length));
    cJSON_Delete(value);
    cJSON_Delete(reread);
    cJSON_Delete(reformed);
    buf_free(&printed);
    buf_free(&canonical);
    buf_free(&again);
    return 0;
}
