/*
 * The guard. civetweb's parser is lenient: it takes a length of "5abc", two lengths, a length
 * beside chunked coding, no Host, broken UTF-8, and it forgets headers after the 64th. Two readers
 * that disagree about where a request ends are how requests are smuggled, so everything doubtful is
 * refused here, and the connection closed, before any other code looks at it.
 */
#include "base/encode.h"
#include "base/text.h"
#include "http/internal.h"
#include <string.h>
#include <strings.h>

int refuse(struct refusal *r, int status, bool close, const char *message)
{
    r->status = status;
    r->close = close;
    size_t n = strlen(message);
    if (n >= sizeof r->message)
        n = sizeof r->message - 1;
    memcpy(r->message, message, n);
    r->message[n] = 0;
    return -1;
}

bool host_is_loopback(const char *host, int port)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i]);
        if (strncasecmp(host, names[i], n) != 0)
            continue;
        int64_t given;
        if (host[n] == 0)
            return port == 0 || port == 80;
        if (host[n] == ':' && text_to_int64(host + n + 1, 1, 65535, &given))
            return port == 0 || given == port;
    }
    return false;
}

/* Digits only, at most 18 of them: RFC 9110 §8.6. */
static bool read_length(const char *s, size_t *out)
{
    size_t n = strspn(s, "0123456789"), value = 0;
    if (n == 0 || n > 18 || s[n])
        return false;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (size_t)(s[i] - '0');
    *out = value;
    return true;
}

/* One byte of the path, unescaped, or -1 for a bad escape. `*escaped` tells that it was one. */
static int path_byte(const char **p, bool *escaped)
{
    const char *s = *p;
    *escaped = *s == '%';
    if (*s != '%') {
        *p = s + 1;
        return (unsigned char)*s;
    }
    int high = hex_value(s[1]), low = high < 0 ? -1 : hex_value(s[2]);
    if (low < 0)
        return -1;
    *p = s + 3;
    return high * 16 + low;
}

/*
 * A path that any reader must understand alike. Escapes of what separates (%2F, %5C), ends (%00) or
 * climbs (dot segments, raw or escaped) are refused; other escapes simply match no route.
 */
static int check_path(const char *path, struct refusal *r)
{
    char plain[PATH_BYTES_MAX + 1];
    size_t n = 0, segment = 0;
    bool escapes = false;
    if (strlen(path) > PATH_BYTES_MAX)
        return refuse(r, 414, true, "The address is longer than 1,024 characters.");
    for (const char *p = path; *p;) {
        bool escaped;
        int c = path_byte(&p, &escaped);
        if (c < 0)
            return refuse(r, 400, true, "The address has a '%' that is not an escape.");
        if (c < 0x20 || c == 0x7f || (!escaped && c >= 0x80))
            return refuse(r, 400, true, "The address holds a character that must be escaped.");
        if (c == '\\' || (escaped && c == '/'))
            return refuse(r, 400, true, "The address holds an escaped slash or a backslash.");
        escapes = escapes || escaped;
        plain[n++] = (char)c;
    }
    plain[n] = 0;
    if (escapes && !text_is_utf8(plain, n))
        return refuse(r, 400, true, "The address is not UTF-8.");
    for (size_t i = 0; i <= n; i++) {
        if (plain[i] != '/' && plain[i])
            continue;
        size_t length = i - segment;
        if ((length == 1 && plain[segment] == '.') ||
            (length == 2 && plain[segment] == '.' && plain[segment + 1] == '.'))
            return refuse(r, 400, true, "The address holds a '.' or '..' segment.");
        segment = i + 1;
    }
    return 0;
}

static int check_query(const char *query, struct refusal *r)
{
    if (!query)
        return 0;
    size_t n = strlen(query);
    if (n > QUERY_BYTES_MAX)
        return refuse(r, 414, true,
                      "The part of the address after '?' is longer than 4,096 characters.");
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)query[i];
        if (c <= 0x20 || c >= 0x7f)
            return refuse(r, 400, true, "The address holds a character that must be escaped.");
    }
    return 0;
}

static void read_method(const char *method, struct guard_result *out)
{
    out->head = strcmp(method, "HEAD") == 0;
    out->options = strcmp(method, "OPTIONS") == 0;
    out->known_method = out->head || out->options;
    out->method = METHOD_GET;
    for (int m = 0; m < METHOD__COUNT; m++)
        if (strcmp(method, method_names[m]) == 0) {
            out->method = (enum method)m;
            out->known_method = true;
        }
}

/* Where does this request's body end? */
static int check_framing(const struct headers *h, struct guard_result *out, struct refusal *r)
{
    if (h->transfer_encoding && h->content_length)
        return refuse(r, 400, true, "The request has both a length and a transfer coding.");
    if (h->transfer_encoding)
        return refuse(r, 411, true, "Chunked bodies are not taken: send a Content-Length.");
    if (h->content_length) {
        if (!read_length(h->content_length, &out->content_length))
            return refuse(r, 400, true, "Content-Length is not a plain number.");
        out->has_length = true;
    }
    bool safe = out->head || out->options || method_is_safe(out->method);
    if (safe && out->content_length)
        return refuse(r, 400, true, "A request that only reads has no body.");
    if (!safe && !out->has_length && out->method != METHOD_DELETE)
        return refuse(r, 411, true, "The request does not say how long its body is.");
    return 0;
}

static int check_host(const struct guard_policy *policy, const struct guard_input *in,
                      struct refusal *r)
{
    const char *host = in->headers->host;
    if (!host || !*host)
        return refuse(r, 400, true, "The request does not say which host it is for.");
    if (strcasecmp(host, policy->host) == 0)
        return 0;
    if (policy->trial && host_is_loopback(host, policy->port))
        return 0;
    if (in->probe && host_is_loopback(host, 0))
        return 0;
    return refuse(r, 421, true, "This site does not answer under that host name.");
}

int guard_check(const struct guard_policy *policy, const struct guard_input *in,
                struct guard_result *out, struct refusal *r)
{
    const struct headers *h = in->headers;
    memset(out, 0, sizeof *out);
    read_method(in->method ? in->method : "", out);
    if (h->count >= HEADERS_MAX)
        return refuse(r, 431, true, "The request has 64 or more headers.");
    if (h->malformed)
        return refuse(r, 400, true, "A header of the request cannot be read.");
    if (h->repeated)
        return refuse(r, 400, true, "A header that may come once came twice.");
    if (check_framing(h, out, r))
        return -1;
    if (!in->target || in->target[0] != '/')
        return refuse(r, 400, true, "The address does not begin with a slash.");
    if (check_path(in->target, r) || check_query(in->query, r) || check_host(policy, in, r))
        return -1;
    if (!in->version || (strcmp(in->version, "1.1") != 0 && strcmp(in->version, "1.0") != 0))
        return refuse(r, 505, true, "This server speaks HTTP/1.0 and HTTP/1.1.");
    return 0;
}
