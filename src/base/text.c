#include "base/text.h"
#include <string.h>

/*
 * Length of the well-formed UTF-8 sequence at s (n > 0 bytes left), 0 when there is none. The
 * second byte's range depends on the first: Unicode 15, table 3-7.
 */
static size_t sequence(const unsigned char *s, size_t n)
{
    unsigned char c = s[0];
    if (c < 0x80)
        return 1;
    size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < 0xC2 || c > 0xF4 || length > n)
        return 0;
    unsigned char low = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
    unsigned char high = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
    if (s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

size_t text_utf8_prefix(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t i = 0;
    while (i < n) {
        uint64_t eight;
        while (n - i >= sizeof eight) { /* most text is ASCII: eight bytes at a time */
            memcpy(&eight, p + i, sizeof eight);
            if (eight & UINT64_C(0x8080808080808080))
                break;
            i += sizeof eight;
        }
        if (i == n)
            break;
        size_t length = sequence(p + i, n - i);
        if (length == 0)
            return i;
        i += length;
    }
    return n;
}

bool text_is_utf8(const char *s, size_t n)
{
    return text_utf8_prefix(s, n) == n;
}

static bool without_controls(const char *s, size_t n, bool lines)
{
    const unsigned char *p = (const unsigned char *)s;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == 0xC2 && i + 1 < n && p[i + 1] < 0xA0) /* U+0080 to U+009F */
            return false;
        if (p[i] >= 0x20 && p[i] != 0x7F)
            continue;
        bool line_end = p[i] == '\n' || (p[i] == '\r' && i + 1 < n && p[i + 1] == '\n');
        if (!lines || !(line_end || p[i] == '\t'))
            return false;
    }
    return text_is_utf8(s, n);
}

bool text_is_line(const char *s, size_t n)
{
    return without_controls(s, n, false);
}

bool text_is_block(const char *s, size_t n)
{
    return without_controls(s, n, true);
}

uint32_t text_next(const char **s)
{
    const unsigned char *p = (const unsigned char *)*s;
    if (p[0] == 0)
        return 0;
    size_t length = sequence(p, strnlen(*s, 4));
    if (length == 0) { /* the caller promised well-formed text; stay inside the string anyway */
        *s += 1;
        return 0xFFFD;
    }
    static const unsigned char lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t c = p[0] & lead_bits[length];
    for (size_t i = 1; i < length; i++)
        c = c << 6 | (p[i] & 0x3Fu);
    *s += length;
    return c;
}

void text_put_utf8(struct buf *out, uint32_t c)
{
    char bytes[4];
    size_t n;
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = 0xFFFD;
    if (c < 0x80) {
        bytes[0] = (char)c;
        n = 1;
    } else if (c < 0x800) {
        bytes[0] = (char)(0xC0 | c >> 6);
        n = 2;
    } else if (c < 0x10000) {
        bytes[0] = (char)(0xE0 | c >> 12);
        n = 3;
    } else {
        bytes[0] = (char)(0xF0 | c >> 18);
        n = 4;
    }
    for (size_t i = 1; i < n; i++)
        bytes[i] = (char)(0x80 | ((c >> (6 * (n - 1 - i))) & 0x3F));
    buf_append(out, bytes, n);
}

size_t text_code_points(const char *s)
{
    size_t count = 0;
    while (text_next(&s))
        count++;
    return count;
}

bool text_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool text_equal_ascii_case(const char *a, const char *b)
{
    for (; *a && lower(*a) == lower(*b); a++)
        b++;
    return lower(*a) == lower(*b);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

char *text_trim(struct arena *a, const char *s)
{
    while (is_space(*s))
        s++;
    size_t n = strlen(s);
    while (n > 0 && is_space(s[n - 1]))
        n--;
    return arena_strndup(a, s, n);
}

char *text_lower_ascii(struct arena *a, const char *s)
{
    char *out = arena_strdup(a, s);
    for (char *p = out; *p; p++)
        *p = lower(*p);
    return out;
}

bool text_to_int64(const char *s, int64_t min, int64_t max, int64_t *out)
{
    bool negative = *s == '-';
    const char *p = s + negative;
    if (*p == '0' && (p[1] || negative))
        return false;
    int64_t value = 0;
    if (!*p)
        return false;
    for (; *p; p++) {
        if (*p < '0' || *p > '9')
            return false;
        int64_t digit = *p - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, negative ? -digit : digit, &value))
            return false;
    }
    if (value < min || value > max)
        return false;
    *out = value;
    return true;
}

/* Bytes, so distance over bytes: names of settings and commands are ASCII. */
unsigned text_distance(const char *a, const char *b)
{
    enum { MOST = 64 };
    size_t n = strnlen(a, MOST), m = strnlen(b, MOST);
    unsigned row[MOST + 1];
    for (size_t j = 0; j <= m; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= n; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= m; j++) {
            unsigned replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            unsigned best = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            row[j] = replaced < best ? replaced : best;
        }
    }
    return row[m];
}
