#include "base/log.h"
#include "base/instant.h"
#include "base/text.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The one piece of state in this room that is not the caller's: set in main, before threads. */
static enum log_level lowest_level = LOG_INFO;

void log_set_level(enum log_level lowest)
{
    lowest_level = lowest;
}

/* Copies s, writing control characters (and, in text that is not UTF-8, every byte above ASCII) as
 * \xHH, so that nothing logged can end the line or steer a terminal. Returns the bytes written. */
static size_t escape(char *out, size_t size, const char *s)
{
    static const char digits[] = "0123456789abcdef";
    bool utf8 = text_is_utf8(s, strlen(s));
    size_t n = 0;
    for (const unsigned char *p = (const unsigned char *)s; *p && n + 4 <= size; p++) {
        bool c1 = *p == 0xC2 && p[1] < 0xA0;
        if (*p < 0x20 || *p == 0x7F || *p == '\\' || c1 || (*p >= 0x80 && !utf8)) {
            unsigned char c = c1 ? *++p : *p;
            out[n++] = '\\';
            if (c == '\\') {
                out[n++] = '\\';
                continue;
            }
            out[n++] = 'x';
            out[n++] = digits[c >> 4];
            out[n++] = digits[c & 15];
        } else {
            out[n++] = (char)*p;
        }
    }
    return n;
}

void log_line(enum log_level level, const char *format, ...)
{
    static const char *const names[] = {"debug", "info", "warning", "error"};
    if (level < lowest_level)
        return;
    char text[1536], line[3072]; /* a line stays below PIPE_BUF: written at once */
    va_list ap;
    va_start(ap, format);
    int formatted = vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    if (formatted < 0)
        text[0] = '\0';
    else if ((size_t)formatted >= sizeof text) /* not in the middle of a character */
        text[text_utf8_prefix(text, sizeof text - 1)] = '\0';
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char at[28];
    instant_rfc3339_us((instant)now.tv_sec * INSTANT_SECOND + now.tv_nsec / 1000, at);
    size_t n = (size_t)snprintf(line, sizeof line, "%s %s ", at, names[level]);
    n += escape(line + n, sizeof line - n - 1, text);
    line[n++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, n);
    (void)written; /* nowhere to complain to */
}
