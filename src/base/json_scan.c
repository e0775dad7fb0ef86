/*
 * The gate: one pass over the bytes without recursion. What is open stands in a fixed array of
 * offsets; the names seen so far, of all objects, stand in one hash table keyed with random bytes,
 * so that a body made of a hundred thousand names cannot be chosen to be slow.
 */
#include "base/json.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include <math.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_NUMBER 63 /* what cJSON's number buffer holds */

struct name {
    uint64_t hash;
    size_t object;     /* offset of the object's '{' */
    size_t at, length; /* the name between its quotes, as written; at 0 is an empty place */
};

struct scan {
    const char *s;
    size_t n, at;
    size_t comma;                /* offset of the last comma */
    size_t open[JSON_MAX_DEPTH]; /* offsets of the brackets around us */
    size_t depth;
    size_t values, most; /* how many there were; how many there may be */
    struct name *names;
    size_t names_count, names_size; /* size: 0 or a power of two */
    uint8_t key[crypto_shorthash_KEYBYTES];
    struct buf unescaped, other;
    size_t refused_at;
    struct error *e;
};

__attribute__((format(printf, 3, 4))) static int refuse(struct scan *x, size_t at,
                                                        const char *format, ...)
{
    char message[256];
    va_list ap;
    va_start(ap, format);
    vsnprintf(message, sizeof message, format, ap);
    va_end(ap);
    x->refused_at = at;
    return error_set(x->e, ERROR_INVALID, "%s", message);
}

static struct json_position position(const char *s, size_t offset)
{
    struct json_position p = {1, 1};
    for (size_t i = 0; i < offset; i++) {
        p.column++;
        if (s[i] == '\n') {
            p.line++;
            p.column = 1;
        }
    }
    return p;
}

static bool in_object(const struct scan *x)
{
    return x->depth > 0 && x->s[x->open[x->depth - 1]] == '{';
}

/* Something else than `expected` stands here. */
static int unexpected(struct scan *x, const char *expected)
{
    if (x->at >= x->n) {
        if (x->depth == 0)
            return refuse(x, x->at, "the text ends too soon: expected %s", expected);
        struct json_position p = position(x->s, x->open[x->depth - 1]);
        return refuse(x, x->at,
                      "the text ends too soon: the %s opened at line %zu, column %zu "
                      "is not closed; expected %s",
                      in_object(x) ? "object" : "array", p.line, p.column, expected);
    }
    unsigned char c = (unsigned char)x->s[x->at];
    if (c == '/' || c == '#')
        return refuse(x, x->at, "JSON has no comments: remove it (expected %s)", expected);
    if (c == '\'')
        return refuse(x, x->at, "write \" instead of ' (expected %s)", expected);
    if (c > 0x20 && c < 0x7F)
        return refuse(x, x->at, "expected %s, not '%c'", expected, c);
    return refuse(x, x->at, "expected %s, not the byte 0x%02x", expected, c);
}

static int hex4(const char *p)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* A \uXXXX at offset i, or -1. */
static int escaped_unit(const struct scan *x, size_t i)
{
    if (x->n - i < 6 || x->s[i] != '\\' || x->s[i + 1] != 'u')
        return -1;
    return hex4(x->s + i + 2);
}

/* x->at is at a backslash; goes behind the escape. */
static int scan_escape(struct scan *x)
{
    size_t at = x->at;
    char c = x->n - at > 1 ? x->s[at + 1] : '\0';
    if (c && strchr("\"\\/bfnrt", c)) {
        x->at += 2;
        return 0;
    }
    if (c != 'u')
        return refuse(x, at,
                      "a backslash must be followed by one of \" \\ / b f n r t u; write "
                      "\\\\ for a backslash itself");
    int unit = escaped_unit(x, at);
    if (unit < 0)
        return refuse(x, at, "\\u must be followed by four hexadecimal digits");
    if (unit == 0)
        return refuse(x, at, "\\u0000 is not allowed in text: remove it");
    x->at += 6;
    if (unit < 0xD800 || unit > 0xDFFF)
        return 0;
    int low = unit < 0xDC00 ? escaped_unit(x, x->at) : -1;
    if (low < 0xDC00 || low > 0xDFFF)
        return refuse(x, at,
                      "\\u%04x is half of a surrogate pair: write both halves, or the "
                      "character itself",
                      (unsigned)unit);
    x->at += 6;
    return 0;
}

/* x->at is at the opening quote; goes behind the closing one. */
static int scan_string(struct scan *x, size_t *at, size_t *length)
{
    size_t quote = x->at++;
    while (x->at < x->n) {
        unsigned char c = (unsigned char)x->s[x->at];
        if (c == '"') {
            *at = quote + 1;
            *length = x->at - *at;
            x->at++;
            return 0;
        }
        if (c == '\\') {
            if (scan_escape(x) < 0)
                return -1;
        } else if (c < 0x20) {
            if (c == '\n' || c == '\r')
                return refuse(x, quote,
                              "the string is not closed on its line: add the closing "
                              "quote, or write a line end inside it as \\n");
            return refuse(x, x->at, "the control character 0x%02x must be written as \\u%04x", c,
                          c);
        } else {
            x->at++;
        }
    }
    return refuse(x, quote, "the string is not closed: add the closing quote");
}

static size_t put_escape(const char *p, struct buf *out)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    const char *plain = strchr(from, p[1]);
    if (plain) {
        buf_putc(out, to[plain - from]);
        return 2;
    }
    if (p[1] != 'u') {
        buf_putc(out, p[1]);
        return 2;
    }
    uint32_t unit = (uint32_t)hex4(p + 2);
    if (unit < 0xD800 || unit > 0xDFFF) {
        text_put_utf8(out, unit);
        return 6;
    }
    uint32_t low = (uint32_t)hex4(p + 8);
    text_put_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
    return 12;
}

/* The characters of a name that scan_string has passed: in place, or in `scratch`. */
static const char *plain_name(const struct scan *x, size_t at, size_t *length, struct buf *scratch)
{
    const char *p = x->s + at, *end = p + *length;
    if (!memchr(p, '\\', *length))
        return p;
    buf_clear(scratch);
    while (p < end) {
        if (*p == '\\')
            p += put_escape(p, scratch);
        else
            buf_putc(scratch, *p++);
    }
    *length = scratch->length;
    return scratch->data;
}

static void grow_names(struct scan *x)
{
    size_t size = x->names_size ? x->names_size * 2 : 32;
    struct name *names = memory_array(size, sizeof *names);
    for (size_t i = 0; i < x->names_size; i++) {
        if (!x->names[i].at)
            continue;
        size_t to = x->names[i].hash & (size - 1);
        while (names[to].at)
            to = (to + 1) & (size - 1);
        names[to] = x->names[i];
    }
    free(x->names);
    x->names = names;
    x->names_size = size;
}

/* Records a name of the innermost object; refuses one that stands there already. */
static int add_name(struct scan *x, size_t at, size_t length)
{
    if (!x->names_size)
        random_bytes(x->key, sizeof x->key);
    if (x->names_count >= x->names_size / 2)
        grow_names(x);
    size_t object = x->open[x->depth - 1], plain_length = length;
    const char *plain = plain_name(x, at, &plain_length, &x->unescaped);
    uint8_t key[sizeof x->key]; /* one table for all objects: the object is part of the key */
    uint64_t hash, word;
    memcpy(key, x->key, sizeof key);
    memcpy(&word, key, sizeof word);
    word ^= object;
    memcpy(key, &word, sizeof word);
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)plain, plain_length, key);
    size_t i = hash & (x->names_size - 1);
    for (; x->names[i].at; i = (i + 1) & (x->names_size - 1)) {
        const struct name *seen = &x->names[i];
        if (seen->hash != hash || seen->object != object)
            continue;
        size_t seen_length = seen->length;
        const char *other = plain_name(x, seen->at, &seen_length, &x->other);
        if (seen_length == plain_length && memcmp(other, plain, plain_length) == 0)
            return refuse(x, at - 1, "\"%.*s\" stands twice in the same object: remove one",
                          (int)text_utf8_prefix(x->s + at, length < 80 ? length : 80), x->s + at);
    }
    x->names[i] = (struct name){hash, object, at, length};
    x->names_count++;
    return 0;
}

static bool digit_at(const struct scan *x, size_t i)
{
    return i < x->n && x->s[i] >= '0' && x->s[i] <= '9';
}

static void skip_digits(struct scan *x)
{
    while (digit_at(x, x->at))
        x->at++;
}

static int scan_number(struct scan *x)
{
    size_t from = x->at;
    bool exponent = false;
    if (x->s[x->at] == '-')
        x->at++;
    if (!digit_at(x, x->at))
        return unexpected(x, "a digit");
    if (x->s[x->at] == '0' && digit_at(x, x->at + 1))
        return refuse(x, from, "a number does not begin with 0: remove the leading zeros");
    skip_digits(x);
    if (x->at < x->n && x->s[x->at] == '.') {
        x->at++;
        if (!digit_at(x, x->at))
            return unexpected(x, "a digit after the decimal point");
        skip_digits(x);
    }
    if (x->at < x->n && (x->s[x->at] == 'e' || x->s[x->at] == 'E')) {
        exponent = true;
        x->at++;
        if (x->at < x->n && (x->s[x->at] == '+' || x->s[x->at] == '-'))
            x->at++;
        if (!digit_at(x, x->at))
            return unexpected(x, "a digit in the exponent");
        skip_digits(x);
    }
    size_t length = x->at - from;
    if (length > LONGEST_NUMBER)
        return refuse(x, from, "a number has at most %d characters: write it as a string",
                      LONGEST_NUMBER);
    if (exponent) { /* 63 characters without one stay far below 1e308 */
        char copy[LONGEST_NUMBER + 1];
        memcpy(copy, x->s + from, length);
        copy[length] = '\0';
        if (!isfinite(strtod(copy, NULL))) /* nothing here ever calls setlocale */
            return refuse(x, from, "%s is too large for a number: write it as a string", copy);
    }
    return 0;
}

static int scan_word(struct scan *x)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < 3; i++) {
        size_t n = strlen(words[i]);
        if (x->n - x->at >= n && memcmp(x->s + x->at, words[i], n) == 0) {
            x->at += n;
            return 0;
        }
    }
    return unexpected(x, "a value (a string in double quotes, a number, an object, an array, "
                         "true, false or null)");
}

static int open_bracket(struct scan *x)
{
    if (x->depth == JSON_MAX_DEPTH)
        return refuse(x, x->at, "nested deeper than %d levels: flatten it", JSON_MAX_DEPTH);
    x->open[x->depth++] = x->at++;
    return 0;
}

static void skip_space(struct scan *x)
{
    while (x->at < x->n && (x->s[x->at] == ' ' || x->s[x->at] == '\n' || x->s[x->at] == '\r' ||
                            x->s[x->at] == '\t'))
        x->at++;
}

/* FIRST_… may also be the end of the object or array; NEXT_… follows a comma and may not. */
enum expect { VALUE, FIRST_VALUE, NEXT_VALUE, FIRST_NAME, NEXT_NAME, SEPARATOR };

static int scan_value(struct scan *x, enum expect *next)
{
    size_t at, length;
    *next = SEPARATOR;
    if (x->values++ == x->most)
        return refuse(x, x->at, "there are more than %zu values", x->most);
    char c = x->at < x->n ? x->s[x->at] : '\0';
    switch (c) {
    case '{':
        *next = FIRST_NAME;
        return open_bracket(x);
    case '[':
        *next = FIRST_VALUE;
        return open_bracket(x);
    case '"':
        return scan_string(x, &at, &length);
    case '+':
    case '.':
        return refuse(x, x->at, "a number begins with a digit or -: %s",
                      c == '+' ? "remove the +" : "put a 0 before the point");
    default:
        return c == '-' || (c >= '0' && c <= '9') ? scan_number(x) : scan_word(x);
    }
}

static int scan_name(struct scan *x)
{
    size_t at, length;
    if (x->at >= x->n || x->s[x->at] != '"')
        return unexpected(x, "a name in double quotes");
    if (scan_string(x, &at, &length) < 0 || add_name(x, at, length) < 0)
        return -1;
    skip_space(x);
    if (x->at >= x->n || x->s[x->at] != ':')
        return unexpected(x, "a colon after the name");
    x->at++;
    return 0;
}

/* After a value inside an object or array. */
static int scan_separator(struct scan *x, enum expect *next)
{
    bool object = in_object(x);
    char c = x->at < x->n ? x->s[x->at] : '\0';
    if (c == ',') {
        *next = object ? NEXT_NAME : NEXT_VALUE;
        x->comma = x->at++;
        return 0;
    }
    if (c == (object ? '}' : ']')) {
        *next = SEPARATOR;
        x->depth--;
        x->at++;
        return 0;
    }
    return unexpected(x, object ? "a comma or }" : "a comma or ]");
}

static int scan_all(struct scan *x)
{
    enum expect expect = VALUE;
    for (;;) {
        skip_space(x);
        if (expect == SEPARATOR && x->depth == 0)
            return x->at == x->n ? 0 : refuse(x, x->at, "something follows the value: remove it");
        char c = x->at < x->n ? x->s[x->at] : '\0';
        bool closes = x->depth > 0 && c == (in_object(x) ? '}' : ']');
        if (closes && (expect == NEXT_NAME || expect == NEXT_VALUE))
            return refuse(x, x->comma, "nothing follows this comma: remove it");
        int done;
        if (expect == SEPARATOR || (closes && (expect == FIRST_NAME || expect == FIRST_VALUE))) {
            done = scan_separator(x, &expect);
        } else if (expect == FIRST_NAME || expect == NEXT_NAME) {
            done = scan_name(x);
            expect = VALUE;
        } else {
            done = scan_value(x, &expect);
        }
        if (done < 0)
            return -1;
    }
}

static int scan_text(struct scan *x)
{
    size_t good = text_utf8_prefix(x->s, x->n);
    if (good < x->n)
        return refuse(x, good, "the byte 0x%02x is not UTF-8: save the text as UTF-8",
                      (unsigned char)x->s[good]);
    if (x->n >= 3 && memcmp(x->s, "\xEF\xBB\xBF", 3) == 0)
        return refuse(x, 0, "the text begins with a byte order mark: save it without one");
    return scan_all(x);
}

int json_scan(const char *s, size_t n, struct json_position *at, struct error *e)
{
    return json_scan_few(s, n, SIZE_MAX, at, e);
}

int json_scan_few(const char *s, size_t n, size_t most, struct json_position *at, struct error *e)
{
    struct scan x = {.s = s, .n = n, .most = most, .e = e};
    buf_init(&x.unescaped, n);
    buf_init(&x.other, n);
    int done = scan_text(&x);
    if (done < 0) {
        struct json_position p = position(s, x.refused_at);
        if (at)
            *at = p;
        else
            error_prefix(e, "line %zu, column %zu", p.line, p.column);
    }
    free(x.names);
    buf_free(&x.unescaped);
    buf_free(&x.other);
    return done;
}
