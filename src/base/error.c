#include "base/error.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message that did not fit must not end inside a character. */
static void cut_at_character(char *s, size_t length)
{
    size_t at = length;
    while (at > 0 && ((unsigned char)s[at - 1] & 0xC0) == 0x80)
        at--;
    if (at == 0)
        return;
    unsigned char lead = (unsigned char)s[at - 1];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length - (at - 1) < need)
        s[at - 1] = '\0';
}

__attribute__((format(printf, 3, 0))) static void format_into(char *out, size_t size,
                                                              const char *format, va_list ap)
{
    int n = vsnprintf(out, size, format, ap);
    if (n < 0)
        out[0] = '\0';
    else if ((size_t)n >= size)
        cut_at_character(out, size - 1);
}

int error_set(struct error *e, enum error_kind kind, const char *format, ...)
{
    if (!e)
        return -1;
    char message[sizeof e->message]; /* apart, since an argument may point into *e */
    va_list ap;
    va_start(ap, format);
    format_into(message, sizeof message, format, ap);
    va_end(ap);
    memcpy(e->message, message, sizeof message);
    e->kind = kind;
    e->field[0] = '\0';
    return -1;
}

int error_field(struct error *e, const char *field, const char *format, ...)
{
    if (!e)
        return -1;
    char message[sizeof e->message];
    va_list ap;
    va_start(ap, format);
    format_into(message, sizeof message, format, ap);
    va_end(ap);
    memcpy(e->message, message, sizeof message);
    e->kind = ERROR_INVALID;
    if (field != e->field)
        snprintf(e->field, sizeof e->field, "%s", field);
    return -1;
}

int error_prefix(struct error *e, const char *format, ...)
{
    if (!e)
        return -1;
    char message[sizeof e->message];
    va_list ap;
    va_start(ap, format);
    format_into(message, sizeof message, format, ap);
    va_end(ap);
    size_t used = strlen(message);
    int n = snprintf(message + used, sizeof message - used, ": %s", e->message);
    if (n > 0 && (size_t)n >= sizeof message - used)
        cut_at_character(message, sizeof message - 1);
    memcpy(e->message, message, sizeof message);
    return -1;
}

const char *error_kind_name(enum error_kind kind)
{
    static const char *const names[] = {
        [ERROR_NONE] = "none",           [ERROR_USAGE] = "usage",
        [ERROR_INVALID] = "invalid",     [ERROR_UNAUTHENTICATED] = "unauthenticated",
        [ERROR_FORBIDDEN] = "forbidden", [ERROR_NOT_FOUND] = "not-found",
        [ERROR_CONFLICT] = "conflict",   [ERROR_TOO_LARGE] = "too-large",
        [ERROR_TOO_MANY] = "too-many",   [ERROR_FULL] = "full",
        [ERROR_BUSY] = "busy",           [ERROR_IO] = "io",
        [ERROR_INTERNAL] = "internal",
    };
    size_t i = (size_t)kind;
    return i < sizeof names / sizeof names[0] ? names[i] : "unknown";
}
