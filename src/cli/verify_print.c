/* A report on the terminal, for a person or for a program. */
#include "base/json.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/verify.h"
#include <stdio.h>

/* What a file says reaches a terminal: control and direction characters become '?',
 * newlines spaces. */
static void put_safe(const char *s)
{
    struct buf out;
    buf_init(&out, CREDENTIAL_MAX_BYTES);
    while (*s) {
        uint32_t c = text_next(&s);
        bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
        bool direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        text_put_utf8(&out, c == '\n' ? ' ' : control || direction ? '?' : c);
    }
    fwrite(out.length ? out.data : "", 1, out.length, stdout);
    buf_free(&out);
}

static void put_fact(const char *name, const char *value)
{
    if (!value)
        return;
    printf("  %-12s ", name);
    put_safe(value);
    putchar('\n');
}

void verify_print_text(const struct verify_report *r)
{
    put_safe(r->words);
    printf("\n\n");
    for (int i = 0; i < r->step_count; i++) {
        printf("  %-4s %-11s ",
               r->steps[i].ok     ? "ok"
               : r->steps[i].open ? "--"
                                  : "NO",
               r->steps[i].name);
        put_safe(r->steps[i].detail);
        putchar('\n');
    }
    if (!r->id)
        return;
    printf("\nWhat it says:\n");
    put_fact("holder", r->holder);
    put_fact("title", r->title);
    put_fact("course", r->course);
    put_fact("version", r->version);
    put_fact("criteria", r->criteria);
    put_fact("awarded", r->awarded);
    put_fact("valid from", r->valid_from);
    put_fact("valid until", r->valid_until);
    put_fact("issuer", r->issuer_name);
    put_fact("did", r->issuer);
    put_fact("key", r->key_id);
    put_fact("fingerprint", r->fingerprint);
    put_fact("id", r->id);
}

void verify_print_json(const struct verify_report *r, enum file_kind kind)
{
    cJSON *o = cJSON_CreateObject();
    json_put(o, "verdict", verdict_name(r->verdict));
    json_put_int(o, "exit", r->verdict);
    json_put(o, "words", r->words);
    json_put(o, "kind", file_kind_name(kind));
    cJSON *steps = json_array(o, "steps");
    for (int i = 0; i < r->step_count; i++) {
        cJSON *s = json_item(steps);
        json_put(s, "name", r->steps[i].name);
        json_put_bool(s, "ok", r->steps[i].ok);
        json_put_bool(s, "open", r->steps[i].open);
        json_put(s, "detail", r->steps[i].detail);
    }
    json_put(o, "id", r->id);
    json_put(o, "holder", r->holder);
    json_put(o, "title", r->title);
    json_put(o, "course", r->course);
    json_put(o, "version", r->version);
    json_put(o, "description", r->description);
    json_put(o, "criteria", r->criteria);
    json_put(o, "awarded", r->awarded);
    json_put(o, "valid_from", r->valid_from);
    json_put(o, "valid_until", r->valid_until);
    json_put(o, "issuer", r->issuer);
    json_put(o, "issuer_name", r->issuer_name);
    json_put(o, "key_id", r->key_id);
    json_put(o, "fingerprint", r->fingerprint);
    command_print_json(o);
    cJSON_Delete(o);
}
