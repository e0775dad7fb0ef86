#include "http/multipart.h"
#include "base/text.h"
#include "http/internal.h"
#include <string.h>
#include <strings.h>

#define BOUNDARY_MAX 70
#define PART_HEAD    2048
#define PART_NAME    128

static int malformed(struct refusal *r, const char *what)
{
    return refuse(r, 400, false, what);
}

static size_t blanks(const char *s, const char *end)
{
    size_t n = 0;
    while (s + n < end && (s[n] == ' ' || s[n] == '\t'))
        n++;
    return n;
}

/* ---- parameters: ; name=token or ; name="quoted" ---- */

static bool is_token_byte(char c)
{
    return c > ' ' && c < 0x7f && !strchr("()<>@,;:\\\"/[]?=", c);
}

/*
 * The value of a parameter, in the arena; NULL with *bad false when it is not there. In a quoted
 * value '\' escapes '"' and itself alone: browsers send paths of Windows with bare backslashes, and
 * a quote as %22.
 */
static char *parameter(struct arena *a, const char *s, const char *end, const char *name, bool *bad)
{
    char *found = NULL;
    *bad = false;
    s = memchr(s, ';', (size_t)(end - s));
    while (s && s < end) {
        s++;
        s += blanks(s, end);
        const char *key = s;
        while (s < end && is_token_byte(*s))
            s++;
        size_t n = (size_t)(s - key);
        if (n == 0 || s == end || *s != '=')
            break;
        char *value = arena_alloc(a, (size_t)(end - s) + 1), *w = value;
        if (++s < end && *s == '"') {
            for (s++; s < end && *s != '"'; s++) {
                if (*s == '\\' && s + 1 < end && (s[1] == '"' || s[1] == '\\'))
                    s++;
                *w++ = *s;
            }
            if (s++ == end)
                break;
        } else {
            while (s < end && is_token_byte(*s))
                *w++ = *s++;
        }
        if (n == strlen(name) && strncasecmp(key, name, n) == 0) {
            if (found)
                break; /* twice: whose is right? */
            found = value;
        }
        s += blanks(s, end);
        if (s == end)
            return found;
        if (*s != ';')
            break;
    }
    *bad = s != NULL;
    return s ? NULL : found;
}

static const char *boundary_of(struct arena *a, const char *content_type)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                               "'()+_,-./:=? ";
    bool bad;
    const char *b =
        parameter(a, content_type, content_type + strlen(content_type), "boundary", &bad);
    size_t n = b ? strlen(b) : 0;
    return !bad && n >= 1 && n <= BOUNDARY_MAX && strspn(b, good) == n && b[n - 1] != ' ' ? b
                                                                                          : NULL;
}

/* ---- the head of a part ---- */

static bool header_is(const char *line, const char *end, const char *name, const char **value)
{
    size_t n = strlen(name);
    if ((size_t)(end - line) <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
        return false;
    *value = line + n + 1;
    *value += blanks(*value, end);
    return true;
}

/* Browsers write the quote as %22 (HTML, multipart form data). */
static void unescape(char *s)
{
    char *w = s;
    for (; *s; s++) {
        bool quote = strncmp(s, "%22", 3) == 0;
        *w++ = quote ? '"' : *s;
        s += quote ? 2 : 0;
    }
    *w = 0;
}

static const char *without_folders(const char *name)
{
    const char *slash = strrchr(name, '/'), *other = strrchr(name, '\\');
    if (other > slash)
        slash = other;
    return slash ? slash + 1 : name;
}

static int read_disposition(struct part *p, struct arena *a, const char *value, const char *end,
                            struct refusal *r)
{
    static const char kind[] = "form-data";
    bool bad;
    size_t n = sizeof kind - 1;
    if (p->name)
        return malformed(r, "A part of the form has two names.");
    if ((size_t)(end - value) < n || strncasecmp(value, kind, n) != 0 ||
        (value + n < end && is_token_byte(value[n])))
        return malformed(r, "A part of the form is not form-data.");
    char *name = parameter(a, value, end, "name", &bad);
    if (!name || bad)
        return malformed(r, "A part of the form has no name.");
    char *file = parameter(a, value, end, "filename", &bad);
    if (bad)
        return malformed(r, "A part of the form has no proper file name.");
    unescape(name);
    n = strlen(name);
    if (n == 0 || n > PART_NAME || !text_is_line(name, n))
        return malformed(r, "A part of the form has no proper name.");
    p->name = name;
    if (!file)
        return 0;
    unescape(file);
    p->filename = without_folders(file);
    n = strlen(p->filename);
    return n <= 255 && text_is_line(p->filename, n)
               ? 0
               : malformed(r, "The file's name is too long, or it is not UTF-8 text.");
}

static int read_line(struct part *p, struct arena *a, const char *line, const char *end,
                     struct refusal *r)
{
    const char *value;
    if (memchr(line, 0, (size_t)(end - line)) || memchr(line, '\n', (size_t)(end - line)) ||
        line == end || *line == ' ' || *line == '\t')
        return malformed(r, "A part of the form has a head that cannot be read.");
    if (header_is(line, end, "Content-Disposition", &value))
        return read_disposition(p, a, value, end, r);
    if (header_is(line, end, "Content-Transfer-Encoding", &value)) {
        size_t n = (size_t)(end - value);
        if (!(n == 6 && strncasecmp(value, "binary", 6) == 0) &&
            !(n == 4 && strncasecmp(value, "8bit", 4) == 0) &&
            !(n == 4 && strncasecmp(value, "7bit", 4) == 0))
            return malformed(r, "A part of the form is packed in a way that forms do not use.");
    }
    return 0;
}

/* The lines up to the empty one; *at goes behind it. */
static int read_head(struct part *p, struct arena *a, const char **at, const char *end,
                     struct refusal *r)
{
    const char *limit = end - *at > PART_HEAD ? *at + PART_HEAD : end;
    for (;;) {
        const char *line = *at, *stop = memmem(line, (size_t)(limit - line), "\r\n", 2);
        if (!stop)
            return malformed(r, "A part of the form has a head that does not end.");
        *at = stop + 2;
        if (stop == line)
            return p->name ? 0 : malformed(r, "A part of the form has no name.");
        if (read_line(p, a, line, stop, r))
            return -1;
    }
}

/* ---- the body ---- */

/* The first delimiter from `at` (its CR LF included), or NULL. */
static const char *find_delimiter(const char *at, const char *end, const char *delimiter)
{
    return memmem(at, (size_t)(end - at), delimiter, strlen(delimiter));
}

/* Behind a delimiter: 1 a part follows (*at at its head), 0 the form ends, -1 neither. */
static int behind_delimiter(const char **at, const char *end)
{
    const char *s = *at;
    bool last = end - s >= 2 && s[0] == '-' && s[1] == '-';
    s += last ? 2 : 0;
    s += blanks(s, end);
    if (last)
        return s == end || (end - s >= 2 && s[0] == '\r' && s[1] == '\n') ? 0 : -1;
    if (end - s < 2 || s[0] != '\r' || s[1] != '\n')
        return -1;
    *at = s + 2;
    return 1;
}

int multipart_read(struct multipart *out, struct arena *a, const char *content_type,
                   const char *body, size_t n, struct refusal *r)
{
    const char *boundary = boundary_of(a, content_type), *end = body + n, *at;
    out->count = 0;
    if (!boundary)
        return malformed(r, "The form does not say where its parts begin.");
    const char *delimiter = arena_printf(a, "\r\n--%s", boundary);
    size_t length = strlen(delimiter);
    if (n >= length - 2 && memcmp(body, delimiter + 2, length - 2) == 0)
        at = body + length - 2;
    else if ((at = find_delimiter(body, end, delimiter)) != NULL)
        at += length;
    else
        return malformed(r, "The form has no parts.");
    for (int more; (more = behind_delimiter(&at, end)) != 0;) {
        if (more < 0)
            return malformed(r, "The form's parts are not told apart properly.");
        if (out->count == MULTIPART_PARTS)
            return malformed(r, "The form has more than 16 parts.");
        struct part *p = &out->parts[out->count];
        *p = (struct part){0};
        if (read_head(p, a, &at, end, r))
            return -1;
        /* An empty part's delimiter begins with the CR LF that ended its head. */
        const char *next = find_delimiter(at - 2, end, delimiter);
        if (!next)
            return malformed(r, "The form was cut off: not all of it arrived.");
        p->data = at;
        p->size = next > at ? (size_t)(next - at) : 0;
        at = next + length;
        out->count++;
    }
    return 0;
}
