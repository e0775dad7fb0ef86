#include "credential/pdf_read.h"
#include <string.h>
#include <zlib.h>

#define DEEPEST    64   /* brackets within brackets */
#define TAIL       2048 /* how far from the end "startxref" may stand */
#define ENTRY      20   /* bytes of one line of the table */
#define OBJECT_MAX 8388607
#define VALUE_MAX  ((size_t)1 << 20)

/* ---- letters ---- */

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\0';
}

static bool is_delimiter(char c)
{
    return c != '\0' && strchr("()<>[]{}/%", c) != NULL;
}

static bool is_regular(char c)
{
    return !is_space(c) && !is_delimiter(c);
}

static size_t skip_space(const struct pdf *p, size_t at)
{
    while (at < p->n && (is_space(p->bytes[at]) || p->bytes[at] == '%'))
        if (p->bytes[at++] == '%')
            while (at < p->n && p->bytes[at] != '\n' && p->bytes[at] != '\r')
                at++;
    return at;
}

/* A decimal number that ends before a space or a delimiter; *at moves behind it. */
static bool read_number(const struct pdf *p, size_t *at, uint64_t most, uint64_t *out)
{
    uint64_t value = 0;
    size_t from = *at, i = from;
    for (; i < p->n && p->bytes[i] >= '0' && p->bytes[i] <= '9' && i - from < 11; i++)
        value = value * 10 + (uint64_t)(p->bytes[i] - '0');
    if (i == from || value > most || (i < p->n && is_regular(p->bytes[i])))
        return false;
    *at = i;
    *out = value;
    return true;
}

/* The word at `at`, ended as such. */
static bool stands(const struct pdf *p, size_t at, const char *word)
{
    size_t length = strlen(word);
    return at <= p->n && p->n - at >= length && memcmp(p->bytes + at, word, length) == 0 &&
           (p->n - at == length || !is_regular(p->bytes[at + length]));
}

/* ---- values ---- */

static bool skip_string(const struct pdf *p, size_t *at)
{
    int depth = 0;
    for (size_t i = *at; i < p->n; i++) {
        if (p->bytes[i] == '\\') {
            i++;
        } else if (p->bytes[i] == '(') {
            depth++;
        } else if (p->bytes[i] == ')' && --depth == 0) {
            *at = i + 1;
            return true;
        }
    }
    return false;
}

static bool skip_hex(const struct pdf *p, size_t *at)
{
    const char *end = memchr(p->bytes + *at, '>', p->n - *at);
    *at = end ? (size_t)(end - p->bytes) + 1 : *at;
    return end != NULL;
}

/* One token; brackets come alone. *kind: '<' and '>' for those of a dictionary, '[' and ']',
 * '/' a name, 'v' anything else. */
static bool skip_token(const struct pdf *p, size_t *at, char *kind)
{
    size_t i = *at;
    if (i >= p->n)
        return false;
    char c = p->bytes[i], next = i + 1 < p->n ? p->bytes[i + 1] : '\0';
    *kind = 'v';
    if ((c == '<' || c == '>') && next == c) {
        *kind = c;
        *at = i + 2;
        return true;
    }
    if (c == '[' || c == ']') {
        *kind = c;
        *at = i + 1;
        return true;
    }
    if (c == '(')
        return skip_string(p, at);
    if (c == '<')
        return skip_hex(p, at);
    if (c == '/')
        *kind = c;
    else if (!is_regular(c))
        return false;
    for (i++; i < p->n && is_regular(p->bytes[i]);)
        i++;
    *at = i;
    return true;
}

/* "12 0 R" from `at` on: where it ends, or 0. */
static size_t reference_end(const struct pdf *p, size_t at, uint32_t *object, uint32_t *generation)
{
    uint64_t number, second;
    if (!read_number(p, &at, OBJECT_MAX, &number))
        return 0;
    at = skip_space(p, at);
    if (!read_number(p, &at, 65535, &second))
        return 0;
    at = skip_space(p, at);
    if (!stands(p, at, "R"))
        return 0;
    *object = (uint32_t)number;
    *generation = (uint32_t)second;
    return at + 1;
}

/* The value that begins at or behind `at`. */
static enum pdf_answer read_value(const struct pdf *p, size_t at, struct pdf_value *out)
{
    char open[DEEPEST], kind;
    size_t depth = 0;
    uint32_t object, generation;
    at = skip_space(p, at);
    out->from = at;
    out->to = reference_end(p, at, &object, &generation);
    if (out->to)
        return PDF_FOUND;
    do {
        at = skip_space(p, at);
        if (!skip_token(p, &at, &kind) || at - out->from > VALUE_MAX)
            return PDF_DAMAGED;
        if (kind == '<' || kind == '[') {
            if (depth == DEEPEST)
                return PDF_DAMAGED;
            open[depth++] = kind;
        } else if (kind == '>' || kind == ']') {
            if (depth == 0 || open[--depth] != (kind == '>' ? '<' : '['))
                return PDF_DAMAGED;
        }
    } while (depth > 0);
    out->to = at;
    return PDF_FOUND;
}

static int hex_digit(char c)
{
    const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

bool pdf_is_name(const struct pdf *p, struct pdf_value value, const char *name)
{
    if (value.from >= value.to || p->bytes[value.from] != '/')
        return false;
    for (size_t i = value.from + 1; i < value.to; i++, name++) {
        char c = p->bytes[i];
        if (c == '#' && value.to - i > 2 && hex_digit(p->bytes[i + 1]) >= 0 &&
            hex_digit(p->bytes[i + 2]) >= 0) {
            c = (char)(hex_digit(p->bytes[i + 1]) << 4 | hex_digit(p->bytes[i + 2]));
            i += 2;
        }
        if (!*name || *name != c)
            return false;
    }
    return !*name;
}

bool pdf_is_dictionary(const struct pdf *p, struct pdf_value value)
{
    return value.to - value.from >= 4 && memcmp(p->bytes + value.from, "<<", 2) == 0;
}

bool pdf_is_array(const struct pdf *p, struct pdf_value value)
{
    return value.to - value.from >= 2 && p->bytes[value.from] == '[';
}

/* As pdf_get, not followed. */
static enum pdf_answer find(const struct pdf *p, struct pdf_value dictionary, const char *key,
                            struct pdf_value *out)
{
    enum pdf_answer answer = PDF_ABSENT;
    if (!pdf_is_dictionary(p, dictionary))
        return PDF_DAMAGED;
    size_t at = skip_space(p, dictionary.from + 2), end = dictionary.to - 2;
    while (at < end) {
        struct pdf_value name, value;
        if (p->bytes[at] != '/' || read_value(p, at, &name) != PDF_FOUND ||
            read_value(p, name.to, &value) != PDF_FOUND || value.to > end)
            return PDF_DAMAGED;
        if (pdf_is_name(p, name, key)) {
            if (answer == PDF_FOUND)
                return PDF_DAMAGED;
            answer = PDF_FOUND;
            *out = value;
        }
        at = skip_space(p, value.to);
    }
    return answer;
}

enum pdf_answer pdf_next(const struct pdf *p, struct pdf_value array, size_t *at,
                         struct pdf_value *out)
{
    *at = skip_space(p, *at ? *at : array.from + 1);
    if (*at >= array.to - 1)
        return PDF_ABSENT;
    enum pdf_answer answer = read_value(p, *at, out);
    *at = out->to;
    return answer;
}

/* ---- objects ---- */

/* Where the object is said to begin, by the newest section that has it. */
static enum pdf_answer locate(const struct pdf *p, uint32_t object, uint32_t generation, size_t *at)
{
    for (size_t i = 0; i < p->section_count; i++) {
        const struct pdf_section *s = &p->sections[i];
        if (object < s->first || object - s->first >= s->count)
            continue;
        size_t entry = s->at + (size_t)(object - s->first) * ENTRY, number = entry + 11;
        uint64_t offset, second;
        bool good = read_number(p, &entry, p->n - 1, &offset) &&
                    read_number(p, &number, 65535, &second) && second == generation &&
                    p->bytes[number + 1] == 'n';
        *at = good ? (size_t)offset : 0;
        return good ? PDF_FOUND : PDF_DAMAGED;
    }
    return PDF_DAMAGED;
}

enum pdf_answer pdf_follow(const struct pdf *p, struct pdf_value value, struct pdf_value *out)
{
    uint32_t object, generation;
    uint64_t first, second;
    size_t at;
    *out = value;
    if (!reference_end(p, value.from, &object, &generation))
        return PDF_FOUND;
    if (locate(p, object, generation, &at) != PDF_FOUND ||
        !read_number(p, &at, OBJECT_MAX, &first) || first != object)
        return PDF_DAMAGED;
    at = skip_space(p, at);
    if (!read_number(p, &at, 65535, &second) || second != generation)
        return PDF_DAMAGED;
    at = skip_space(p, at);
    if (!stands(p, at, "obj") || read_value(p, at + 3, out) != PDF_FOUND)
        return PDF_DAMAGED;
    return reference_end(p, out->from, &object, &generation) ? PDF_DAMAGED : PDF_FOUND;
}

enum pdf_answer pdf_get(const struct pdf *p, struct pdf_value dictionary, const char *key,
                        struct pdf_value *out)
{
    enum pdf_answer answer = find(p, dictionary, key, out);
    return answer == PDF_FOUND ? pdf_follow(p, *out, out) : answer;
}

/* ---- streams ---- */

static enum pdf_answer unpack(const char *packed, size_t n, size_t max, struct arena *a,
                              const char **bytes, size_t *length)
{
    char *out = arena_alloc(a, max + 2);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)packed,
                  .avail_in = (uInt)n,
                  .next_out = (Bytef *)out,
                  .avail_out = (uInt)(max + 1)};
    if (inflateInit(&z) != Z_OK)
        return PDF_DAMAGED;
    int result = inflate(&z, Z_FINISH);
    *length = z.total_out;
    inflateEnd(&z);
    if (*length > max)
        return PDF_TOO_LARGE;
    out[*length] = '\0';
    *bytes = out;
    return result == Z_STREAM_END ? PDF_FOUND : PDF_DAMAGED;
}

/* *packed: with Flate alone, as a name or in an array of one. */
static enum pdf_answer read_filter(const struct pdf *p, struct pdf_value dictionary, bool *packed)
{
    struct pdf_value filter, list, second;
    size_t at = 0;
    enum pdf_answer answer = pdf_get(p, dictionary, "DecodeParms", &filter);
    *packed = false;
    if (answer != PDF_ABSENT)
        return answer == PDF_FOUND ? PDF_REWRITTEN : answer;
    answer = pdf_get(p, dictionary, "Filter", &filter);
    if (answer == PDF_ABSENT)
        return PDF_FOUND;
    if (answer == PDF_FOUND && pdf_is_array(p, filter)) {
        list = filter;
        answer = pdf_next(p, list, &at, &filter);
        if (answer == PDF_ABSENT)
            return PDF_FOUND;
        if (pdf_next(p, list, &at, &second) != PDF_ABSENT)
            return PDF_REWRITTEN;
    }
    *packed = answer == PDF_FOUND && pdf_is_name(p, filter, "FlateDecode");
    return answer != PDF_FOUND ? answer : *packed ? PDF_FOUND : PDF_REWRITTEN;
}

enum pdf_answer pdf_stream(const struct pdf *p, struct pdf_value dictionary, size_t max,
                           struct arena *a, const char **bytes, size_t *length)
{
    struct pdf_value value;
    uint64_t n;
    bool packed;
    if (pdf_get(p, dictionary, "Length", &value) != PDF_FOUND ||
        !read_number(p, &value.from, p->n, &n))
        return PDF_DAMAGED;
    enum pdf_answer answer = read_filter(p, dictionary, &packed);
    if (answer != PDF_FOUND)
        return answer;
    size_t at = skip_space(p, dictionary.to);
    if (!stands(p, at, "stream"))
        return PDF_DAMAGED;
    at += 6;
    if (at < p->n && p->bytes[at] == '\r')
        at++;
    if (at >= p->n || p->bytes[at++] != '\n' || n > p->n - at ||
        !stands(p, skip_space(p, at + n), "endstream"))
        return PDF_DAMAGED;
    if (packed)
        return unpack(p->bytes + at, n, max, a, bytes, length);
    if (n > max)
        return PDF_TOO_LARGE;
    *bytes = p->bytes + at;
    *length = n;
    return PDF_FOUND;
}

/* ---- the table ---- */

static enum pdf_answer add_section(struct pdf *p, uint64_t first, uint64_t count, size_t *at)
{
    if (p->section_count == PDF_MOST_SECTIONS || count > (p->n - *at) / ENTRY)
        return PDF_DAMAGED;
    for (size_t i = 0; i < count; i++) {
        const char *entry = p->bytes + *at + i * ENTRY;
        if (entry[10] != ' ' || entry[16] != ' ' || (entry[17] != 'n' && entry[17] != 'f') ||
            !is_space(entry[18]) || !is_space(entry[19]))
            return PDF_DAMAGED;
    }
    p->sections[p->section_count++] = (struct pdf_section){(uint32_t)first, (uint32_t)count, *at};
    *at += count * ENTRY;
    return PDF_FOUND;
}

/* One table and its trailer. */
static enum pdf_answer read_table(struct pdf *p, size_t at, struct pdf_value *trailer)
{
    uint64_t first, count;
    if (at < p->n && p->bytes[at] >= '0' && p->bytes[at] <= '9')
        return PDF_REWRITTEN;
    if (!stands(p, at, "xref"))
        return PDF_DAMAGED;
    for (at = skip_space(p, at + 4); !stands(p, at, "trailer"); at = skip_space(p, at)) {
        if (!read_number(p, &at, OBJECT_MAX, &first))
            return PDF_DAMAGED;
        at = skip_space(p, at);
        if (!read_number(p, &at, OBJECT_MAX, &count))
            return PDF_DAMAGED;
        at = skip_space(p, at);
        if (add_section(p, first, count, &at) != PDF_FOUND)
            return PDF_DAMAGED;
    }
    enum pdf_answer answer = read_value(p, at + 7, trailer);
    return answer == PDF_FOUND && !pdf_is_dictionary(p, *trailer) ? PDF_DAMAGED : answer;
}

/* The offset behind the last "startxref". */
static bool find_table(const struct pdf *p, size_t *at)
{
    static const char word[] = "startxref";
    size_t length = sizeof word - 1, lowest = p->n > TAIL ? p->n - TAIL : 0;
    uint64_t offset;
    for (size_t i = p->n; i-- > lowest;) {
        if (p->n - i < length || memcmp(p->bytes + i, word, length) != 0)
            continue;
        size_t number = skip_space(p, i + length);
        bool good = read_number(p, &number, p->n, &offset);
        *at = good ? (size_t)offset : 0;
        return good;
    }
    return false;
}

enum pdf_answer pdf_open(const char *bytes, size_t n, struct arena *a, struct pdf *out)
{
    struct pdf_value trailer, value;
    size_t at;
    *out = (struct pdf){.bytes = bytes, .n = n};
    out->sections = arena_array(a, PDF_MOST_SECTIONS, sizeof *out->sections);
    if (!find_table(out, &at))
        return PDF_DAMAGED;
    for (int updates = 0; updates < PDF_MOST_UPDATES; updates++) {
        uint64_t previous;
        enum pdf_answer answer = read_table(out, at, &trailer);
        if (answer != PDF_FOUND)
            return answer;
        if (updates == 0)
            out->trailer = trailer;
        if (find(out, trailer, "Encrypt", &value) == PDF_FOUND)
            return PDF_PROTECTED;
        if (find(out, trailer, "XRefStm", &value) == PDF_FOUND)
            return PDF_REWRITTEN;
        answer = find(out, trailer, "Prev", &value);
        if (answer == PDF_ABSENT)
            return PDF_FOUND;
        if (answer != PDF_FOUND || !read_number(out, &value.from, n, &previous))
            return PDF_DAMAGED;
        at = (size_t)previous;
    }
    return PDF_DAMAGED;
}
