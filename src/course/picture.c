#include "course/picture.h"
#include <string.h>

#define HEAD_MAX 8192

/* What is left to read. */
struct span {
    const char *at, *end;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool starts(const struct span *s, const char *words)
{
    size_t n = strlen(words);
    return (size_t)(s->end - s->at) >= n && memcmp(s->at, words, n) == 0;
}

/* Behind the next `words`; false when there are none. */
static bool pass(struct span *s, const char *words)
{
    while (s->at < s->end && !starts(s, words))
        s->at++;
    if (s->at == s->end)
        return false;
    s->at += strlen(words);
    return true;
}

static void pass_space(struct span *s)
{
    while (s->at < s->end && (is_space(*s->at) || *s->at == ','))
        s->at++;
}

/* A length of 1 to PICTURE_SIDE_MAX, rounded; 0 for what is none. A coordinate passes as 0. */
static int number(struct span *s)
{
    double value = 0, part = 1;
    bool fraction = false, negative = false, digits = false;
    if (s->at < s->end && (*s->at == '-' || *s->at == '+'))
        negative = *s->at++ == '-';
    for (; s->at < s->end; s->at++) {
        char c = *s->at;
        if (c == '.' && !fraction) {
            fraction = true;
            continue;
        }
        if (c < '0' || c > '9')
            break;
        digits = true;
        part = fraction ? part / 10 : 1;
        value = fraction ? value + (c - '0') * part : value * 10 + (c - '0');
        if (value > 1e9)
            return 0;
    }
    return digits && !negative && value >= 0.5 && value <= PICTURE_SIDE_MAX ? (int)(value + 0.5)
                                                                            : 0;
}

/* "640" or "640px"; 0 for other units. */
static int length(struct span value)
{
    pass_space(&value);
    int n = number(&value);
    if (starts(&value, "px"))
        value.at += 2;
    pass_space(&value);
    return value.at == value.end ? n : 0;
}

struct root {
    int width, height, box_width, box_height;
};

static void take(struct root *r, const struct span *name, struct span value)
{
    size_t n = (size_t)(name->end - name->at);
    if (n == 5 && starts(name, "width")) {
        r->width = length(value);
    } else if (n == 6 && starts(name, "height")) {
        r->height = length(value);
    } else if (n == 7 && starts(name, "viewBox")) {
        int sides[4];
        for (int i = 0; i < 4; i++) {
            pass_space(&value);
            sides[i] = number(&value);
        }
        r->box_width = value.at == value.end ? sides[2] : 0;
        r->box_height = sides[3];
    }
}

/* The attributes of the root, from behind "<svg" to its '>'. */
static bool read_root(struct span *s, struct root *r)
{
    while (s->at < s->end) {
        pass_space(s);
        if (s->at == s->end || *s->at == '>' || *s->at == '/')
            return s->at < s->end;
        struct span name = {s->at, s->at};
        while (name.end < s->end && *name.end != '=' && *name.end != '>' && !is_space(*name.end))
            name.end++;
        s->at = name.end;
        pass_space(s);
        if (s->at == s->end || *s->at++ != '=')
            return false;
        pass_space(s);
        if (s->at == s->end || (*s->at != '"' && *s->at != '\''))
            return false;
        char quote = *s->at++;
        const char *close = memchr(s->at, quote, (size_t)(s->end - s->at));
        if (!close)
            return false;
        take(r, &name, (struct span){s->at, close});
        s->at = close + 1;
    }
    return false;
}

/* Behind "<svg", past what may stand before it. */
static bool find_root(struct span *s)
{
    if (starts(s, "\xEF\xBB\xBF"))
        s->at += 3;
    bool before = true;
    while (before) {
        pass_space(s);
        before = starts(s, "<?")          ? pass(s, "?>")
                 : starts(s, "<!--")      ? pass(s, "-->")
                 : starts(s, "<!DOCTYPE") ? pass(s, ">")
                                          : false;
    }
    return starts(s, "<svg") && pass(s, "<svg") && s->at < s->end &&
           (is_space(*s->at) || *s->at == '>');
}

static bool give(int across, int down, int *width, int *height)
{
    if (!across || !down)
        return false;
    *width = across;
    *height = down;
    return true;
}

static int big_endian(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    unsigned long n =
        (unsigned long)b[0] << 24 | (unsigned long)b[1] << 16 | (unsigned long)b[2] << 8 | b[3];
    return n <= PICTURE_SIDE_MAX ? (int)n : 0;
}

bool picture_size(const void *bytes, size_t n, const char *type, int *width, int *height)
{
    struct root r = {0};
    if (n == 0)
        return false;
    struct span s = {bytes, (const char *)bytes + (n < HEAD_MAX ? n : HEAD_MAX)};
    if (strcmp(type, "image/png") == 0)
        return n >= 24 && memcmp(s.at, "\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16) == 0 &&
               give(big_endian(s.at + 16), big_endian(s.at + 20), width, height);
    return strcmp(type, "image/svg+xml") == 0 && find_root(&s) && read_root(&s, &r) &&
           (give(r.width, r.height, width, height) ||
            give(r.box_width, r.box_height, width, height));
}
