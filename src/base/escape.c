/* The escaping half of text.h: percent-encoding, HTML, CSV. */
#include "base/encode.h"
#include "base/text.h"
#include <string.h>

char *text_percent_decode(struct arena *a, const char *s, size_t n, bool plus, size_t *out_n)
{
    char *out = arena_alloc(a, n + 1);
    size_t length = 0;
    for (size_t i = 0; i < n; i++) {
        char c = s[i];
        if (c == '%') {
            int high = n - i > 2 ? hex_value(s[i + 1]) : -1;
            int low = high >= 0 ? hex_value(s[i + 2]) : -1;
            if (low < 0)
                return NULL;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[length++] = c;
    }
    *out_n = length;
    return out;
}

static bool unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

char *text_percent_encode(struct arena *a, const char *s, bool keep_slash)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_array(a, strlen(s) + 1, 3), *p = out;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (unreserved(*s) || (*s == '/' && keep_slash)) {
            *p++ = *s;
        } else {
            *p++ = '%';
            *p++ = digits[c >> 4];
            *p++ = digits[c & 15];
        }
    }
    return out;
}

void text_escape_html(struct buf *out, const char *s, size_t n)
{
    static const char *const entity[256] = {
        ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;",
    };
    size_t from = 0;
    for (size_t i = 0; i < n; i++) {
        const char *e = entity[(unsigned char)s[i]];
        if (!e)
            continue;
        buf_append(out, s + from, i - from);
        buf_puts(out, e);
        from = i + 1;
    }
    buf_append(out, s + from, n - from);
}

void text_put_csv(struct buf *out, const char *s)
{
    if (!s[strcspn(s, ",\"\r\n")]) {
        buf_puts(out, s);
        return;
    }
    buf_putc(out, '"');
    for (; *s; s++) {
        if (*s == '"')
            buf_putc(out, '"');
        buf_putc(out, *s);
    }
    buf_putc(out, '"');
}
