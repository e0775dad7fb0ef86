#include "credential/print_text.h"
#include "base/json.h"
#include "base/text.h"
#include "credential/did.h"
#include <stdlib.h>
#include <string.h>

/* "2026-12-04" in words. */
static const char *day_words(instant at, const struct zone *zone, struct arena *a)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    char date[11];
    zone_date(zone, at, date);
    long month = strtol(date + 5, NULL, 10);
    if (month < 1 || month > 12)
        return arena_strdup(a, date);
    return arena_printf(a, "%ld %s %.4s", strtol(date + 8, NULL, 10), months[month - 1], date);
}

static const char *copy(struct arena *a, const cJSON *object, const char *name)
{
    return arena_strdup(a, json_string_or(object, name, ""));
}

static void read_times(struct print_text *t, const cJSON *root, const struct zone *zone,
                       struct arena *a)
{
    instant at;
    t->completed = t->issued = "";
    if (instant_parse(json_string_or(root, "awardedDate", ""), &at))
        t->completed = day_words(at, zone, a);
    if (instant_parse(json_string_or(root, "validFrom", ""), &t->issued_at))
        t->issued = day_words(t->issued_at, zone, a);
    if (instant_parse(json_string_or(root, "validUntil", ""), &at))
        t->until = day_words(at, zone, a);
}

static void read_achievement(struct print_text *t, const cJSON *achievement, struct arena *a)
{
    const char *version = json_string(achievement, "version");
    const char *name = json_string_or(achievement, "name", "");
    t->course = version ? arena_printf(a, "%s, version %s", name, version) : arena_strdup(a, name);
    t->publication = copy(a, achievement, "id");
    t->language = arena_strdup(a, json_string_or(achievement, "inLanguage", "en"));
    const char *narrative = copy(a, json_get(achievement, "criteria"), "narrative");
    const char *gap = strstr(narrative, "\n\n");
    t->criteria = gap ? arena_strndup(a, narrative, (size_t)(gap - narrative)) : narrative;
    t->remarks = gap ? gap + 2 : "";
}

static int read_key(struct print_text *t, const cJSON *root, struct arena *a)
{
    uint8_t key[KEY_BYTES];
    const char *method = json_string_or(json_get(root, "proof"), "verificationMethod", "");
    const char *fragment = strchr(method, '#');
    if (!fragment || !key_from_multibase(a, fragment + 1, key))
        return -1;
    t->key = arena_strdup(a, fragment + 1);
    t->fingerprint = key_fingerprint(a, key);
    return 0;
}

int print_text_read(struct print_text *t, const char *bytes, size_t length, const char *code,
                    const char *address, const struct zone *zone, struct arena *a, struct error *e)
{
    cJSON *root = json_parse(bytes, length, e);
    if (!root)
        return -1;
    const cJSON *subject = json_get(root, "credentialSubject");
    const cJSON *identity = cJSON_GetArrayItem(json_get(subject, "identifier"), 0);
    *t = (struct print_text){.bytes = bytes, .length = length};
    t->holder = copy(a, identity, "identityHash");
    t->title = copy(a, root, "name");
    t->issuer = copy(a, json_get(root, "issuer"), "name");
    t->demonstration = text_starts(t->title, "Demonstration: ");
    read_times(t, root, zone, a);
    read_achievement(t, json_get(subject, "achievement"), a);
    t->url = arena_printf(a, "%s/v/%s", address, code);
    t->verify_url = arena_printf(a, "%s/verify", address);
    t->code = arena_printf(a, "%.5s-%.5s-%.5s-%.5s-%.6s", code, code + 5, code + 10, code + 15,
                           code + 20);
    int result = read_key(t, root, a);
    cJSON_Delete(root);
    if (result || !*t->holder || !*t->title || !*t->issuer || !*t->completed || !*t->issued)
        return error_set(e, ERROR_INVALID, "This is no certificate that can be printed.");
    return 0;
}
