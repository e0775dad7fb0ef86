#include "base/error.h"
#include "base/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * Messages quote what was given, and go to pages, JSON and terminals: whatever is not UTF-8 becomes
 * '?', whatever is a control character becomes a space, and what was cut ends between characters.
 */
static void clean(char *s, bool cut)
{
    size_t n = strlen(s), i = 0;
    while ((i += text_utf8_prefix(s + i, n - i)) < n) {
        if (cut && n - i < 4)
            s[n = i] = '\0';
        else
            s[i++] = '?';
    }
    for (i = 0; i < n; i++) {
        bool c1 = (unsigned char)s[i] == 0xC2 && (unsigned char)s[i + 1] < 0xA0;
        if (c1)
            s[i++] = ' ';
        if (c1 || (unsigned char)s[i] < 0x20 || s[i] == 0x7F)
            s[i] = ' ';
    }
}

__attribute__((format(printf, 3, 0))) static void format_into(char *out, size_t size,
                                                              const char *format, va_list ap)
{
    int n = vsnprintf(out, size, format, ap);
    if (n < 0)
        out[0] = '\0';
    clean(out, n >= 0 && (size_t)n >= size);
}

__attribute__((format(printf, 2, 0))) static void say(struct error *e, const char *format,
                                                      va_list ap)
{
    char message[sizeof e->message]; /* apart, since an argument may point into *e */
    format_into(message, sizeof message, format, ap);
    memcpy(e->message, message, sizeof message);
}

int error_set(struct error *e, enum error_kind kind, const char *format, ...)
{
    if (!e)
        return -1;
    va_list ap;
    va_start(ap, format);
    say(e, format, ap);
    va_end(ap);
    e->kind = kind;
    e->field[0] = '\0';
    return -1;
}

int error_field(struct error *e, const char *field, const char *format, ...)
{
    if (!e)
        return -1;
    va_list ap;
    va_start(ap, format);
    say(e, format, ap);
    va_end(ap);
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
    clean(message, n > 0 && (size_t)n >= sizeof message - used);
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
