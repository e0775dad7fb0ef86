/*
 * JSON out. RFC 8785 and the compact text differ in one thing only: the canonical form sorts the
 * names and refuses what it cannot represent.
 */
#include "base/json.h"
#include "base/memory.h"
#include "base/text.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST (2 * JSON_MAX_DEPTH) /* our own trees wrap what the gate let in */

struct writer {
    struct buf *out;
    struct error *e;
    bool sorted;
};

static int write_value(struct writer *w, const cJSON *value, unsigned depth);

/* By byte: the control characters, the quotation mark and the backslash; NUL ends the text. */
static const bool must_escape[256] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,         1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ['"'] = 1, ['\\'] = 1,
};

/* Must any byte of a word be escaped? A byte b is below k when b - k borrows from the high bit that
 * b itself has not (Warren, Hacker's Delight). */
static bool word_has_escapes(const char *s)
{
    const uint64_t ones = 0x0101010101010101, high = ones << 7;
    uint64_t w;
    memcpy(&w, s, sizeof w);
    uint64_t quote = w ^ ones * '"', backslash = w ^ ones * '\\';
    return ((((w - ones * ' ') & ~w) | ((quote - ones) & ~quote) |
             ((backslash - ones) & ~backslash)) &
            high) != 0;
}

/* How many of the n bytes stand before the first that must be escaped. Where the last piece is not
 * whole, the word that ends there is looked at: some bytes twice, none by itself. */
static size_t plain_length(const char *s, size_t n)
{
    size_t i = 0;
    while (i + 8 <= n && !word_has_escapes(s + i))
        i += 8;
    if (n >= 8 && n - i < 8 && !word_has_escapes(s + n - 8))
        return n;
    while (i < n && !must_escape[(unsigned char)s[i]])
        i++;
    return i;
}

/* §3.2.2.2: only what must be escaped is, in the shortest way. With what stands around a name. */
static void write_string(struct buf *out, bool comma, const char *s, bool colon)
{
    static const char from[] = "\b\t\n\f\r\"\\", to[] = "btnfr\"\\";
    size_t left = strlen(s), plain = plain_length(s, left);
    if (plain == left) {
        char *p = buf_extend(out, comma + left + 2 + colon);
        if (!p)
            return;
        if (comma)
            *p++ = ',';
        p[0] = p[left + 1] = '"';
        memcpy(p + 1, s, left);
        if (colon)
            p[left + 2] = ':';
        return;
    }
    buf_puts(out, comma ? ",\"" : "\"");
    for (;; plain = plain_length(s, left)) {
        buf_append(out, s, plain);
        if (plain == left)
            break;
        unsigned char c = (unsigned char)s[plain];
        const char *at = strchr(from, c);
        if (at) {
            buf_putc(out, '\\');
            buf_putc(out, to[at - from]);
        } else {
            buf_printf(out, "\\u%04x", c);
        }
        s += plain + 1;
        left -= plain + 1;
    }
    buf_puts(out, colon ? "\":" : "\"");
}

/* A positive finite number as decimal digits d1 d2 … dk and the n of 0.d1d2…dk × 10^n. */
struct decimal {
    char digits[24];
    int k, n;
};

static bool reads_back(const char *digits, int k, int n, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.*se%d", k, digits, n - k);
    return strtod(text, NULL) == value;
}

/* One more in the last place; false when that carries out of the first digit. */
static bool next_digits(char *digits, int k)
{
    for (int i = k - 1; i >= 0; i--) {
        if (digits[i] != '9') {
            digits[i]++;
            return true;
        }
        digits[i] = '0';
    }
    return false;
}

static bool try_digits(double value, int k, struct decimal *d)
{
    char text[40];
    snprintf(text, sizeof text, "%.*e", k - 1, value); /* d.ddde±xx, correctly rounded */
    char *exponent = strchr(text, 'e');
    d->digits[0] = text[0];
    if (k > 1)
        memcpy(d->digits + 1, text + 2, (size_t)k - 1);
    d->digits[k] = '\0';
    d->k = k;
    d->n = atoi(exponent + 1) + 1;
    if (reads_back(d->digits, k, d->n, value))
        return true;
    /* Below a power of two, doubles lie twice as dense as above it: there the nearest k digits may
     * read as the double below although the next k digits above would read back. */
    int unused;
    return frexp(value, &unused) == 0.5 && next_digits(d->digits, k) &&
           reads_back(d->digits, k, d->n, value);
}

/*
 * The fewest digits that read back as `value`, and of those the nearest (ECMA-262,
 * Number::toString, step 5). Up to 15 digits survive the way through a normal double, so that
 * trying 15 and dropping zeros finds every shorter form; subnormals have fewer and are tried all.
 */
static void shortest(double value, struct decimal *d)
{
    int k = isnormal(value) ? 15 : 1;
    while (k < 17 && !try_digits(value, k, d))
        k++;
    if (k == 17)
        try_digits(value, k, d);
    while (d->k > 1 && d->digits[d->k - 1] == '0')
        d->k--;
    d->digits[d->k] = '\0';
}

static void write_zeros(struct buf *out, int count)
{
    for (int i = 0; i < count; i++)
        buf_putc(out, '0');
}

/* ECMA-262, Number::toString, radix 10; RFC 8785 §3.2.2.3. */
static void write_number(struct buf *out, double value)
{
    if (fabs(value) < 0x1p53 && value == trunc(value)) {
        buf_int(out, (int64_t)value); /* -0 becomes 0, as it must */
        return;
    }
    struct decimal d;
    if (value < 0)
        buf_putc(out, '-');
    shortest(fabs(value), &d);
    if (d.n > 21 || d.n <= -6) {
        buf_putc(out, d.digits[0]);
        if (d.k > 1)
            buf_printf(out, ".%s", d.digits + 1);
        buf_printf(out, "e%+d", d.n - 1);
    } else if (d.n <= 0) {
        buf_puts(out, "0.");
        write_zeros(out, -d.n);
        buf_puts(out, d.digits);
    } else if (d.k <= d.n) {
        buf_puts(out, d.digits);
        write_zeros(out, d.n - d.k);
    } else {
        buf_append(out, d.digits, (size_t)d.n);
        buf_printf(out, ".%s", d.digits + d.n);
    }
}

/*
 * Order by UTF-16 code unit (§3.2.3) on UTF-8: bytes sort as code points, and the two orders differ
 * only between U+E000…U+FFFF (lead byte EE or EF) and what is above (F0…), written as surrogates.
 */
static int compare_names(const void *left, const void *right)
{
    const unsigned char *a = (const unsigned char *)(*(const cJSON *const *)left)->string;
    const unsigned char *b = (const unsigned char *)(*(const cJSON *const *)right)->string;
    while (*a && *a == *b) {
        a++;
        b++;
    }
    if (*a >= 0xF0 && *b >= 0xEE && *b < 0xF0)
        return -1;
    if (*b >= 0xF0 && *a >= 0xEE && *a < 0xF0)
        return 1;
    return (*a > *b) - (*a < *b);
}

static int check_text(struct writer *w, const char *s)
{
    if (!w->sorted || text_is_utf8(s, strlen(s)))
        return 0;
    return error_set(w->e, ERROR_INVALID, "a text that is not UTF-8 has no canonical form");
}

static int write_member(struct writer *w, const cJSON *member, bool first, unsigned depth)
{
    if (check_text(w, member->string) < 0)
        return -1;
    write_string(w->out, !first, member->string, true);
    return write_value(w, member, depth);
}

static int write_sorted(struct writer *w, const cJSON *object, unsigned depth)
{
    int done = -1;
    size_t count = 0, i = 0;
    const cJSON *member;
    cJSON_ArrayForEach(member, object) count++;
    const cJSON **members = memory_array(count, sizeof(const cJSON *));
    cJSON_ArrayForEach(member, object) members[i++] = member;
    qsort(members, count, sizeof(const cJSON *), compare_names);
    buf_putc(w->out, '{');
    for (i = 0; i < count; i++) {
        if (i > 0 && strcmp(members[i]->string, members[i - 1]->string) == 0) {
            error_set(w->e, ERROR_INVALID, "\"%s\" stands twice in the same object",
                      members[i]->string);
            goto out;
        }
        if (write_member(w, members[i], i == 0, depth) < 0)
            goto out;
    }
    buf_putc(w->out, '}');
    done = 0;
out:
    free(members);
    return done;
}

static int write_list(struct writer *w, const cJSON *value, unsigned depth)
{
    bool object = cJSON_IsObject(value);
    buf_putc(w->out, object ? '{' : '[');
    for (const cJSON *child = value->child; child; child = child->next) {
        bool first = child == value->child;
        if (!object && !first)
            buf_putc(w->out, ',');
        if ((object ? write_member(w, child, first, depth) : write_value(w, child, depth)) < 0)
            return -1;
    }
    buf_putc(w->out, object ? '}' : ']');
    return 0;
}

static int write_value(struct writer *w, const cJSON *value, unsigned depth)
{
    if (depth > DEEPEST)
        return error_set(w->e, ERROR_INVALID, "nested deeper than %d levels", DEEPEST);
    switch (value->type & 0xFF) {
    case cJSON_True:
        buf_append(w->out, "true", 4);
        return 0;
    case cJSON_False:
        buf_append(w->out, "false", 5);
        return 0;
    case cJSON_Number:
        if (isfinite(value->valuedouble))
            write_number(w->out, value->valuedouble);
        else if (w->sorted)
            return error_set(w->e, ERROR_INVALID, "infinity and NaN have no canonical form");
        else
            buf_puts(w->out, "null");
        return 0;
    case cJSON_String:
        if (check_text(w, value->valuestring) < 0)
            return -1;
        write_string(w->out, false, value->valuestring, false);
        return 0;
    case cJSON_Array:
        return write_list(w, value, depth + 1);
    case cJSON_Object:
        return w->sorted ? write_sorted(w, value, depth + 1) : write_list(w, value, depth + 1);
    default:
        buf_puts(w->out, "null");
        return 0;
    }
}

int json_canonical(const cJSON *value, struct buf *out, struct error *e)
{
    struct writer w = {.out = out, .e = e, .sorted = true};
    if (write_value(&w, value, 0) < 0)
        return -1;
    if (out->overflow)
        return error_set(e, ERROR_TOO_LARGE, "the canonical form is longer than %zu bytes",
                         out->max);
    return 0;
}

void json_print(const cJSON *value, struct buf *out)
{
    struct writer w = {.out = out};
    if (write_value(&w, value, 0) < 0)
        out->overflow = true; /* deeper than anything we build: must not pass for complete */
}
